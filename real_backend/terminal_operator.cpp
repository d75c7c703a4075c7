#include "real_backend/terminal_operator.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <system_error>
#include <utility>

#include "model/steps/failure.hpp"
#include "real_backend/transport/process.hpp"
#include "real_backend/utf8.hpp"

namespace rehearse::real {
namespace {

namespace asio = boost::asio;
using steps::Answer;
using steps::Awaitable;
using steps::Failure;
using steps::FailureCode;
using steps::Secret;

constexpr std::size_t longest_secret = 65536;
constexpr int most_tries = 3;

std::optional<std::string> variable_of_this_process(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

void remove_line_end(std::string& text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
}

[[noreturn]] void refuse(const std::string& why) {
  throw Failure(FailureCode::refused, why);
}

}  // namespace

std::string secret_variable(const std::string& secret) {
  std::string name = "REHEARSE_SECRET_";
  for (const char c : secret) {
    const auto byte = static_cast<unsigned char>(c);
    name += byte < 0x80 && std::isalnum(byte) ? static_cast<char>(std::toupper(byte)) : '_';
  }
  return name;
}

TerminalOperator::TerminalOperator(OperatorSurroundings around, Redaction& redaction)
    : around_(std::move(around)), redaction_(redaction) {
  if (!around_.environment) around_.environment = &variable_of_this_process;
  if (!around_.terminal) around_.terminal = &Terminal::open;
}

/// Ends the operator's turn however a call ends.
class TerminalOperator::Turn {
 public:
  explicit Turn(TerminalOperator& taken) : operator_(taken) {}
  ~Turn() { operator_.end_turn(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  TerminalOperator& operator_;
};

// Several steps may ask at once; a person can answer one at a time.
Awaitable<void> TerminalOperator::take_turn() {
  while (busy_) {
    const auto gate = std::make_shared<steps::Gate>();
    waiting_.push_back(gate);
    co_await gate->wait();
  }
  busy_ = true;
}

void TerminalOperator::end_turn() {
  busy_ = false;
  for (const auto& gate : std::exchange(waiting_, {})) gate->open();
}

Awaitable<Answer> TerminalOperator::call(steps::OperatorRequest request) {
  co_await take_turn();
  const Turn turn(*this);
  if (const auto* question = std::get_if<steps::ask::Confirm>(&request)) {
    const bool may = co_await confirm(question->text);
    co_return Answer(may);
  }
  Secret secret = co_await read_secret(std::get<steps::ask::ReadSecret>(request).secret);
  co_return Answer(std::move(secret));
}

Awaitable<bool> TerminalOperator::confirm(std::string question) {
  if (around_.yes) co_return true;
  std::optional<Terminal> terminal = around_.terminal();
  if (!terminal) refuse("nobody is at a terminal to be asked \"" + question + "\": give --yes to do it unasked");
  while (true) {
    std::string line = question + " [y/N] ";
    std::string answer = co_await terminal->ask(std::move(line));
    remove_line_end(answer);
    if (answer == "y" || answer == "Y" || answer == "yes") co_return true;
    if (answer.empty() || answer == "n" || answer == "N" || answer == "no") co_return false;
    terminal->say("Please answer y or n.\n");
  }
}

Awaitable<Secret> TerminalOperator::read_secret(std::string name) {
  const auto known = known_.find(name);
  if (known != known_.end()) co_return known->second;
  std::string text = co_await secret_text(name);
  if (!is_utf8(text) || text.find('\0') != text.npos) refuse("the secret '" + name + "' is no UTF-8 text");
  if (text.size() < Redaction::shortest) {
    refuse(fmt::format("the secret '{}' has fewer than {} characters: it could not be kept out of logs", name,
                       Redaction::shortest));
  }
  const Secret secret(name, std::move(text));
  redaction_.add(secret);
  known_.emplace(name, secret);
  co_return secret;
}

Awaitable<std::string> TerminalOperator::secret_text(std::string name) {
  std::string tried;
  const auto from_environment = [&](const std::string& variable) {
    std::optional<std::string> value = around_.environment(variable);
    if (value && value->empty()) value.reset();
    if (!value) tried += fmt::format(", set the environment variable {}", variable);
    return value;
  };
  const auto source = around_.secrets.find(name);
  if (source != around_.secrets.end()) {
    if (!source->second.environment.empty()) {
      if (auto value = from_environment(source->second.environment)) co_return std::move(*value);
    }
    if (!source->second.command.empty()) {
      std::vector<std::string> command = source->second.command;
      std::string printed = co_await printed_by(name, std::move(command));
      co_return printed;
    }
  }
  if (auto value = from_environment(secret_variable(name))) co_return std::move(*value);
  std::optional<Terminal> terminal = around_.terminal();
  if (!terminal) {
    throw Failure(FailureCode::not_found, fmt::format("nobody gives the secret '{}': run at a terminal{}, or name its "
                                                      "source in the site file",
                                                      name, tried));
  }
  std::string answer = co_await typed(name, std::move(*terminal));
  co_return answer;
}

Awaitable<std::string> TerminalOperator::printed_by(std::string name, std::vector<std::string> command) {
  const std::string subject = fmt::format("the program '{}' that prints the secret '{}'", command.front(), name);
  const auto executor = co_await asio::this_coro::executor;
  const ProcessCommand to_start(std::move(command), Reach::process_group);
  std::unique_ptr<Process> process;
  try {
    process = std::make_unique<Process>(executor, to_start, longest_secret + 1);
  } catch (const std::system_error& error) {
    refuse(subject + " cannot be started: " + error.code().message());
  }
  process->close_input();
  const auto deadline = std::chrono::steady_clock::now() + around_.command_limit;
  auto change = Process::Change::something;
  while (!process->ended() && process->output().size() <= longest_secret && change == Process::Change::something) {
    change = co_await process->changed(deadline);
  }
  if (change == Process::Change::cancelled) throw boost::system::system_error(asio::error::operation_aborted);
  if (process->output().size() > longest_secret) refuse(subject + " prints too much");
  if (!process->ended()) {
    throw Failure(FailureCode::timed_out, subject + " did not end in " + model::to_text(around_.command_limit));
  }
  if (process->exit_code() != 0) {
    const std::string how = process->exit_code() ? fmt::format("failed with exit code {}", *process->exit_code())
                                                 : std::string("was ended by a signal");
    const std::string errors = printable(process->errors());
    refuse(subject + " " + how + (errors.empty() ? "" : ": " + errors));
  }
  std::string text = process->output();
  remove_line_end(text);
  if (text.empty()) refuse(subject + " printed nothing");
  co_return text;
}

Awaitable<std::string> TerminalOperator::typed(std::string name, Terminal terminal) {
  for (int i = 0; i < most_tries; ++i) {
    std::string question = fmt::format("Secret '{}': ", name);
    std::string first = co_await terminal.ask_hidden(std::move(question));
    if (first.empty()) refuse(fmt::format("no secret was typed for '{}'", name));
    std::string again = "Once more, to be sure: ";
    const std::string second = co_await terminal.ask_hidden(std::move(again));
    if (first == second) co_return first;
    terminal.say("These are two different texts.\n");
  }
  refuse(fmt::format("the secret '{}' was not typed twice alike", name));
}

}  // namespace rehearse::real
