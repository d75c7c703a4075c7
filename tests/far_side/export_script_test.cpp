// The script that writes exports, read by the independent parser: it is PowerShell, and it calls nothing that the real
// machines of the tables do not have.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "model/endpoint.hpp"
#include "real_backend/inspect/export_script.hpp"
#include "real_backend/powershell/command_table.hpp"
#include "tests/far_side/syntax.hpp"

namespace far_side {
namespace {

namespace real = rehearse::real;
using rehearse::model::same_name;

void collect(const Node& node, std::string_view kind, std::vector<Node>& found) {
  if (node.is(kind)) found.push_back(node);
  for (const Node& child : node.children()) collect(child, kind, found);
}

std::vector<Node> all(const Syntax& syntax, std::string_view kind) {
  std::vector<Node> found;
  collect(syntax.root(), kind, found);
  return found;
}

/// The script's own functions.
std::set<std::string> functions(const Syntax& syntax) {
  std::set<std::string> names;
  for (const Node& name : all(syntax, "function_name")) names.insert(name.text());
  return names;
}

/// "Get-Nothing", or "Get-Item -Nothing": calls that real Windows would refuse.
std::vector<std::string> refused(const Syntax& syntax) {
  std::vector<std::string> result;
  const std::set<std::string> own = functions(syntax);
  const real::CommandTable& table = real::command_table();
  for (const Node& command : all(syntax, "command")) {
    const auto names = command.field("command_name");
    if (names.empty()) continue;  // & { } and the like
    const std::string name = names.front().text();
    if (name.starts_with('$') || own.contains(name)) continue;
    const real::Cmdlet* const cmdlet = table.cmdlet(name);
    if (cmdlet == nullptr) {
      result.push_back(name);
      continue;
    }
    for (const Node& elements : command.field("command_elements")) {
      for (const Node& element : elements.children()) {
        if (!element.is("command_parameter")) continue;
        std::string parameter = element.text().substr(1);
        if (parameter.ends_with(':')) parameter.pop_back();
        const bool known = table.parameter(*cmdlet, parameter) != nullptr;
        if (!known) result.push_back(name + " -" + parameter);
      }
    }
  }
  return result;
}

TEST(ExportScript, is_read_without_an_error_by_a_parser_of_somebody_else) {
  const Syntax syntax{std::string(real::export_script())};
  for (const SyntaxError& error : syntax.errors()) ADD_FAILURE() << to_text(error.place) << ": " << error.message;
  EXPECT_GT(all(syntax, "command").size(), 50u);
}

TEST(ExportScript, calls_cmdlets_with_parameters_that_real_machines_have) {
  const Syntax syntax{std::string(real::export_script())};
  EXPECT_EQ(refused(syntax), std::vector<std::string>());
  // A check that sees nothing would pass for ever.
  EXPECT_EQ(refused(Syntax("Get-Clusters -Name x; Get-Cluster -Nam x; Get-Cluster -Name x")),
            (std::vector<std::string>{"Get-Clusters", "Get-Cluster -Nam"}));
}

TEST(ExportScript, only_reads_but_for_its_own_folder) {
  const Syntax syntax{std::string(real::export_script())};
  for (const Node& command : all(syntax, "command")) {
    const auto names = command.field("command_name");
    if (names.empty()) continue;
    const std::string name = names.front().text();
    static constexpr std::array changing = {"Set-",    "Remove-",  "Add-Cluster", "Start-",    "Stop-",
                                            "Move-",   "Restart-", "Clear-",      "Enable-",   "Disable-",
                                            "Export-", "Import-",  "Install-",    "Invoke-Cim"};
    for (const char* verb : changing) EXPECT_FALSE(name.starts_with(verb)) << to_text(command.place()) << ": " << name;
    if (name == "New-Item") {
      EXPECT_EQ(command.text(), "New-Item -Path $Folder -ItemType Directory");
    }
  }
}

TEST(ExportScript, takes_no_private_key_and_no_password_anywhere) {
  const std::string script(real::export_script());
  for (const char* word : {"Export-Pfx", ".PrivateKey", "Password=", "CONNECTIONSTRING", "GetNetworkCredential",
                           "ConvertFrom-SecureString", "password_hash"}) {
    EXPECT_EQ(script.find(word), std::string::npos) << word;
  }
}

}  // namespace
}  // namespace far_side
