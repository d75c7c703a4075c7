#include "real_backend/powershell/phrases.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <utility>

#include "model/endpoint.hpp"
#include "model/steps/failure.hpp"

namespace rehearse::real {
namespace {

using steps::FailureCode;

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

void refuse(std::string message) {
  throw steps::Failure(steps::FailureCode::refused, std::move(message));
}

void require_service_name(const std::string& service) {
  constexpr std::size_t longest = 256;
  const bool formed =
      !service.empty() && service.size() <= longest && std::all_of(service.begin(), service.end(), [](char c) {
        return is_alphanumeric(c) || std::string_view("$_-.").find(c) != std::string_view::npos;
      });
  if (!formed) refuse("'" + service + "' is no name of a Windows service");
}

void require_thumbprint(const std::string& thumbprint) {
  constexpr std::size_t sha1_digits = 40;
  const bool formed = thumbprint.size() == sha1_digits && std::all_of(thumbprint.begin(), thumbprint.end(), [](char c) {
                        return std::isxdigit(static_cast<unsigned char>(c)) != 0;
                      });
  if (!formed) refuse("'" + thumbprint + "' is no thumbprint of a certificate: 40 hexadecimal digits");
}

void require_store(const std::string& store) {
  if (store != "Root" && store != "My")
    refuse("'" + store + "' is no certificate store of Scale Out: Root or My (S 3)");
}

void require_certificate_name(const std::string& name) {
  if (model::parse_ipv4(name)) return;
  if (const std::string problem = model::problem_of_host_name(name); !problem.empty()) {
    refuse("a certificate cannot be made for the name '" + name + "': " + problem);
  }
}

std::string version_digits(const std::string& service) {
  const auto last = std::find_if_not(service.rbegin(), service.rend(), [](char c) { return c >= '0' && c <= '9'; });
  std::string digits(last.base(), service.end());
  constexpr std::size_t usual = 3;
  if (digits.size() != usual) {
    refuse("the name of the service '" + service +
           "' does not end with a version of SQL Server, as in SSISScaleOutMaster150");
  }
  return digits;
}

std::string errors_in(const std::vector<model::Diagnostic>& diagnostics) {
  std::string problems;
  for (const model::Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity != model::Severity::error) continue;
    problems += (problems.empty() ? "" : "; ") + model::to_text(diagnostic);
  }
  return problems;
}

Primitive on_machine(const std::string& host, ps::Block script, Duration limit) {
  Primitive primitive;
  primitive.script = std::move(script);
  primitive.host = host;
  primitive.limit = limit;
  return primitive;
}

namespace ps {

Expression equals(const Expression& left, std::string_view right) {
  return binary(left, Operator::equal, literal(right));
}

Expression registry_value(const Expression& key, std::string_view name) {
  return type_method("Microsoft.Win32.Registry", "GetValue", {key, literal(name), null()});
}

Expression service_named(const std::string& service) {
  require_service_name(service);
  return value_of(Command("Get-CimInstance")
                      .with("ClassName", literal("Win32_Service"))
                      .with("Filter", literal("Name='" + service + "'")));
}

Block restrict_to_administrators(const Expression& folder) {
  Block block;
  block.let("Restricted",
            native(literal("icacls.exe"), {folder, literal("/inheritance:r"), literal("/grant:r"),
                                           literal("*S-1-5-32-544:(OI)(CI)F"), literal("*S-1-5-18:(OI)(CI)F")}));
  return block.when(
      binary(exit_code(), Operator::not_equal, number(0)),
      Block().fail(FailureCode::refused, binary(literal("A folder for Administrators alone could not be made: "),
                                                Operator::plus, joined(variable("Restricted")))));
}

Block sweep_private_folder(const std::string& name) {
  const Expression folder = variable("Folder");
  Block block;
  block.let("Folder", binary(type_method("System.Environment", "GetFolderPath", {literal("Windows")}), Operator::plus,
                             literal("\\" + name)));
  return block.when(value_of(Command("Test-Path").with("LiteralPath", folder)),
                    Block().run(Command("Remove-Item").with("LiteralPath", folder).flag("Recurse").flag("Force")));
}

Block with_private_folder(const Block& body) {
  const Expression folder = variable("Folder");
  Block inside = restrict_to_administrators(folder);
  inside.append(body);

  Block block;
  block.run(Command("New-Item").with("ItemType", literal("Directory")).with("Path", folder));
  block.and_finally(inside,
                    Block().run(Command("Remove-Item").with("LiteralPath", folder).flag("Recurse").flag("Force")));
  return block;
}

Expression joined(const Expression& lines) {
  return binary(lines, Operator::joined, literal(" "));
}

Expression all_of(const std::vector<Expression>& conditions) {
  Expression all = conditions.at(0);
  for (std::size_t i = 1; i < conditions.size(); ++i) all = binary(all, Operator::both, conditions[i]);
  return all;
}

Expression any_of(const std::vector<Expression>& conditions) {
  Expression any = conditions.at(0);
  for (std::size_t i = 1; i < conditions.size(); ++i) any = binary(any, Operator::either, conditions[i]);
  return any;
}

}  // namespace ps
}  // namespace rehearse::real
