// The operator port of a real run. Secrets come, in this order, from where the site file says (an environment variable,
// then a program that prints it), from the variable REHEARSE_SECRET_..., from the person at the terminal. Questions are
// put on the terminal, or answered by --yes. A secret is asked for once a run, and from then on taken out of every text
// that goes through the redaction.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/steps/gate.hpp"
#include "model/steps/platform.hpp"
#include "real_backend/redaction.hpp"
#include "real_backend/site.hpp"
#include "real_backend/terminal.hpp"

namespace rehearse::real {

/// "REHEARSE_SECRET_SSISDB_MASTER_KEY" for "SSISDB master key": upper case, and '_' for all but letters and digits.
std::string secret_variable(const std::string& secret);

/// What the operator has around it; tests put something else in its place.
struct OperatorSurroundings {
  std::map<std::string, SecretSource> secrets;  // of the site
  bool yes = false;                             // --yes: whatever is asked, do it
  /// A variable of the environment; nullopt: not set. By default this process's.
  std::function<std::optional<std::string>(const std::string& name)> environment;
  /// By default Terminal::open.
  std::function<std::optional<Terminal>()> terminal;
  Duration command_limit = std::chrono::minutes(2);
};

class TerminalOperator final : public steps::Operator {
 public:
  /// Every secret is added to `redaction`, which outlives the operator, as the operator does its calls.
  TerminalOperator(OperatorSurroundings around, Redaction& redaction);

  /// Answers one request at a time. Failures, beside those of Terminal: `not_found` for a secret that comes from
  /// nowhere, with all the ways in which it could; `refused` for one that a program did not give, that is no UTF-8, or
  /// that is too short to be kept out of logs; `refused` for a question that nobody is there to answer.
  steps::Awaitable<steps::Answer> call(steps::OperatorRequest request) override;

 private:
  class Turn;

  steps::Awaitable<void> take_turn();
  steps::Awaitable<bool> confirm(std::string question);
  steps::Awaitable<steps::Secret> read_secret(std::string name);
  steps::Awaitable<std::string> secret_text(std::string name);
  steps::Awaitable<std::string> printed_by(std::string name, std::vector<std::string> command);
  steps::Awaitable<std::string> typed(std::string name, Terminal terminal);
  void end_turn();

  OperatorSurroundings around_;
  Redaction& redaction_;
  std::map<std::string, steps::Secret> known_;
  bool busy_ = false;
  std::vector<std::shared_ptr<steps::Gate>> waiting_;
};

}  // namespace rehearse::real
