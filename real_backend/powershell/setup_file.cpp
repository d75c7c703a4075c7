#include "real_backend/powershell/setup_file.hpp"

#include <algorithm>

#include "model/design.hpp"
#include "real_backend/powershell/phrases.hpp"

namespace rehearse::real {
namespace {

using ps::Expression;
using ps::Operator;

bool can_be_held(std::string_view value) {
  return std::none_of(value.begin(), value.end(),
                      [](char c) { return c == '"' || static_cast<unsigned char>(c) < ' ' || c == '\x7F'; });
}

std::string quoted(std::string_view key, const std::string& value) {
  if (!can_be_held(value)) {
    refuse("the configuration file of SQL Server Setup cannot hold the value of " + std::string(key) + ": '" + value +
           "' has a double quote or a control character");
  }
  return "\"" + value + "\"";
}

}  // namespace

SetupFile::SetupFile(std::string_view action) {
  lines_.push_back(ps::literal("[OPTIONS]"));
  with("ACTION", std::string(action));
  with("QUIET", std::string("True"));
  with("IACCEPTSQLSERVERLICENSETERMS", std::string("True"));
  with("UpdateEnabled", std::string("False"));
}

SetupFile& SetupFile::with_features(std::string_view features) {
  lines_.push_back(ps::literal("FEATURES=" + std::string(features)));
  return *this;
}

SetupFile& SetupFile::with(std::string_view key, const std::string& value) {
  lines_.push_back(ps::literal(std::string(key) + "=" + quoted(key, value)));
  return *this;
}

SetupFile& SetupFile::with(std::string_view key, const std::vector<std::string>& values) {
  std::string line = std::string(key) + "=";
  for (std::size_t i = 0; i < values.size(); ++i) line += (i == 0 ? "" : " ") + quoted(key, values[i]);
  lines_.push_back(ps::literal(line));
  return *this;
}

SetupFile& SetupFile::with(std::string_view key, const std::vector<Expression>& values) {
  Expression line = ps::literal(std::string(key) + "=");
  for (std::size_t i = 0; i < values.size(); ++i) {
    line = binary(line, Operator::plus, ps::literal(i == 0 ? "\"" : " \""));
    line = binary(binary(line, Operator::plus, values[i]), Operator::plus, ps::literal("\""));
  }
  lines_.push_back(line);
  return *this;
}

SetupFile& SetupFile::with_password(std::string_view key, const std::string& account, const steps::Secret& password) {
  const bool needs_none = account.empty() || !model::is_domain_account(account) || account.ends_with('$');
  if (needs_none || password.empty()) return *this;
  const std::string problem = "the configuration file of SQL Server Setup cannot hold " + to_text(password) +
                              ": it has a double quote or a control character; give the account another password";
  if (!can_be_held(password.reveal())) refuse(problem);
  if (password.reveal().empty()) {
    checks_.when(binary(ps::secret(password), Operator::matches, ps::literal("[\"\\x00-\\x1f\\x7f]")),
                 ps::Block().fail(steps::FailureCode::refused, ps::literal(problem)));
  }
  return with(key, std::vector<Expression>{ps::secret(password)});
}

Expression SetupFile::text() const {
  return binary(ps::list(lines_), Operator::joined, ps::type_member("System.Environment", "NewLine"));
}

}  // namespace rehearse::real
