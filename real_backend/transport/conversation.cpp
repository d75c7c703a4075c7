#include "real_backend/transport/conversation.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <cstddef>
#include <exception>
#include <optional>
#include <system_error>

#include "model/steps/failure.hpp"
#include "real_backend/redaction.hpp"
#include "real_backend/transport/bootstrap.hpp"
#include "real_backend/utf8.hpp"

namespace rehearse::real {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using steps::Awaitable;
using steps::Failure;
using steps::FailureCode;
using Change = Process::Change;

constexpr std::size_t longest_noise = std::size_t{64} << 10;  // before the greeting
constexpr std::size_t longest_answer = std::size_t{8} << 20;
constexpr std::size_t output_limit = longest_answer + longest_noise;

steady_clock::time_point from_now(Duration length) {
  const auto now = steady_clock::now();
  return length < steady_clock::time_point::max() - now ? now + length : steady_clock::time_point::max();
}

class Conversation {
 public:
  Conversation(const asio::any_io_executor& executor, const ProcessCommand& command, std::string how,
               RemoteScript script, Patience patience)
      : process_(executor, command, output_limit),
        how_(std::move(how)),
        script_(std::move(script)),
        patience_(patience) {
    for (const steps::Secret& secret : script_.secrets) redaction_.add(secret);
  }

  Awaitable<std::string> hold();

 private:
  Awaitable<void> hear_greeting();
  Awaitable<std::string> hear_answer();
  Awaitable<void> hear_no_more();

  std::optional<std::string> take_line();
  Failure failure(FailureCode code, const std::string& sentence) const;
  std::string end_of_process() const;

  Process process_;
  std::string how_;
  RemoteScript script_;
  Patience patience_;
  Redaction redaction_;  // the far end may quote what it was given
  bool handed_over_ = false;
};

[[noreturn]] void abort_operation() {
  throw boost::system::system_error(asio::error::operation_aborted);
}

/// The first whole line, without its end.
std::optional<std::string> Conversation::take_line() {
  const std::size_t end = process_.output().find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string line = process_.output().substr(0, end);
  process_.take_output(end + 1);
  return line;
}

Failure Conversation::failure(FailureCode code, const std::string& sentence) const {
  const std::string words = printable(redaction_.clean(process_.errors()));
  return Failure(code, words.empty() ? sentence : sentence + ": " + words, {}, script_.host);
}

std::string Conversation::end_of_process() const {
  if (!process_.ended()) return "closed its output";
  const std::optional<int> code = process_.exit_code();
  return code ? fmt::format("ended with exit code {}", *code) : "was ended by a signal";
}

// Logon scripts may write before PowerShell does; that is skipped.
Awaitable<void> Conversation::hear_greeting() {
  const auto deadline = from_now(patience_.start);
  std::size_t noise = 0;
  while (true) {
    while (std::optional<std::string> line = take_line()) {
      if (line->ends_with('\r')) line->pop_back();
      if (*line == greeting) co_return;
      noise += line->size() + 1;
    }
    if (noise + process_.output().size() > longest_noise) {
      throw failure(FailureCode::unreachable, how_ + " is answered by something that is not PowerShell");
    }
    if (process_.output_ended() || process_.ended()) {
      // Its reasons stand in its errors, which may be read only after its end.
      const auto reading_deadline = from_now(patience_.stop);
      Change change = Change::something;
      while (!process_.ended() && change == Change::something) change = co_await process_.changed(reading_deadline);
      if (change == Change::cancelled) abort_operation();
      throw failure(FailureCode::unreachable, how_ + " " + end_of_process() + " before PowerShell answered");
    }
    const Change change = co_await process_.changed(deadline);
    if (change == Change::cancelled) abort_operation();
    if (change == Change::deadline) {
      throw failure(FailureCode::unreachable,
                    fmt::format("{}: PowerShell did not answer within {}", how_, model::to_text(patience_.start)));
    }
  }
}

Awaitable<std::string> Conversation::hear_answer() {
  const auto deadline = from_now(script_.limit);
  std::string input = bootstrap_input(script_);
  process_.send(std::move(input));
  handed_over_ = true;
  while (true) {
    std::optional<std::string> line = take_line();
    if (line && line->size() <= longest_answer) {
      if (!is_utf8(*line)) throw failure(FailureCode::indeterminate, how_ + ": the answer is not UTF-8");
      co_return std::move(*line);
    }
    if (line || process_.output().size() > longest_answer) {
      throw failure(FailureCode::indeterminate, how_ + ": the answer is longer than 8 MiB");
    }
    if (process_.output_ended() || process_.ended()) {
      const bool began = !process_.output().empty();
      throw failure(FailureCode::indeterminate,
                    how_ + " " + end_of_process() + (began ? " in the middle of its answer" : " without an answer"));
    }
    const Change change = co_await process_.changed(deadline);
    if (change == Change::cancelled) abort_operation();
    if (change == Change::deadline) {
      throw failure(FailureCode::timed_out,
                    fmt::format("{}: no answer within {}", how_, model::to_text(script_.limit)));
    }
  }
}

// A far end that stays after its answer is ended by whoever called us; the answer is whole.
Awaitable<void> Conversation::hear_no_more() {
  process_.close_input();
  const auto deadline = from_now(patience_.stop);
  Change change = Change::something;
  while (process_.output().empty() && !process_.output_ended() && !process_.ended() && change == Change::something) {
    change = co_await process_.changed(deadline);
  }
  if (!process_.output().empty()) {
    throw failure(FailureCode::indeterminate, how_ + ": more than one line came as answer");
  }
}

Awaitable<std::string> Conversation::hold() {
  // A cancelled coroutine would throw at the next co_await; ending the process has to await.
  const bool threw_if_cancelled = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  std::string answer;
  std::exception_ptr trouble;
  std::optional<Failure> too_late;
  try {
    co_await hear_greeting();
    answer = co_await hear_answer();
    co_await hear_no_more();
  } catch (const Failure& failure) {
    trouble = std::current_exception();
    if (failure.code() == FailureCode::timed_out) too_late = failure;
  } catch (...) {
    trouble = std::current_exception();
  }
  const Duration grace = handed_over_ ? patience_.stop : Duration::zero();  // nothing was begun: nothing to stop
  co_await process_.end(grace);
  co_await asio::this_coro::throw_if_cancelled(threw_if_cancelled);
  if (too_late) {
    const bool stopped = process_.exit_code() == stopped_exit_code;
    throw Failure(
        too_late->code(),
        too_late->message() + (stopped ? "; the script was stopped" : "; whether the script has stopped is not known"),
        {}, too_late->node());
  }
  if (trouble) std::rethrow_exception(trouble);
  co_return answer;
}

}  // namespace

Awaitable<std::string> converse(ProcessCommand command, std::string how, RemoteScript script, Patience patience) {
  const auto executor = co_await asio::this_coro::executor;
  std::optional<Conversation> conversation;
  try {
    conversation.emplace(executor, command, how, script, patience);
  } catch (const std::system_error& error) {
    throw Failure(FailureCode::unreachable,
                  fmt::format("cannot start '{}': {}", command.words.front(), error.code().message()), {}, script.host);
  }
  co_return co_await conversation->hold();
}

}  // namespace rehearse::real
