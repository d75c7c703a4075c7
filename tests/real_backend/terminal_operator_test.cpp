// Questions and secrets, at a terminal that a test types into and without one.
#include "real_backend/terminal_operator.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <deque>
#include <functional>
#include <thread>
#include <utility>

#include "model/steps/failure.hpp"
#include "tests/real_backend/asking.hpp"

namespace rehearse::real {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using steps::Answer;
using steps::Failure;
using steps::FailureCode;
using testing::HasSubstr;
using testing::Not;

const std::string password = "planted-password";
const std::string master_key = "SSISDB master key";

steps::OperatorRequest secret_called(const std::string& name) {
  return steps::ask::ReadSecret(name);
}

struct Result {
  std::optional<Answer> answer;
  std::optional<Failure> failure;
  bool aborted = false;

  std::string secret() const { return answer ? answer->secret().reveal() : failure ? failure->what() : "aborted"; }
  std::string why() const { return failure ? failure->what() : "no failure"; }
};

/// Asks all of it at once; `then` is called when the first has begun to wait, with what cancels it.
std::vector<Result> ask_all(TerminalOperator& person, const std::vector<steps::OperatorRequest>& requests,
                            const std::function<void(asio::io_context&, asio::cancellation_signal&)>& then = {}) {
  asio::io_context context;
  std::deque<asio::cancellation_signal> cancels(requests.size());  // a slot serves one coroutine
  std::vector<Result> results(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto ended = [&results, i](std::exception_ptr thrown, Answer answer) {
      try {
        if (thrown) std::rethrow_exception(thrown);
        results[i].answer = std::move(answer);
      } catch (const Failure& failure) {
        results[i].failure = failure;
      } catch (const boost::system::system_error& error) {
        results[i].aborted = error.code() == asio::error::operation_aborted;
      }
    };
    steps::OperatorRequest request = requests[i];
    asio::co_spawn(context, person.call(std::move(request)), asio::bind_cancellation_slot(cancels[i].slot(), ended));
  }
  if (then) asio::post(context, [&] { then(context, cancels.front()); });
  context.run_for(60s);
  EXPECT_TRUE(context.stopped()) << "the operator waits for ever";
  return results;
}

Result ask(TerminalOperator& person, const steps::OperatorRequest& request) {
  return ask_all(person, {request}).front();
}

OperatorSurroundings nothing_around() {
  OperatorSurroundings around;
  around.environment = [](const std::string&) { return std::nullopt; };
  around.terminal = [] { return std::nullopt; };
  return around;
}

OperatorSurroundings with_command(std::vector<std::string> command) {
  OperatorSurroundings around = nothing_around();
  around.secrets[master_key].command = std::move(command);
  return around;
}

// ---- without a terminal

TEST(TerminalOperator, names_the_variable_of_a_secret) {
  EXPECT_EQ(secret_variable(master_key), "REHEARSE_SECRET_SSISDB_MASTER_KEY");
  EXPECT_EQ(secret_variable("password of CORP\\svc-ssis"), "REHEARSE_SECRET_PASSWORD_OF_CORP_SVC_SSIS");
}

TEST(TerminalOperator, takes_a_secret_from_the_variable_of_the_site_before_its_own) {
  OperatorSurroundings around = nothing_around();
  around.secrets[master_key].environment = "KEY";
  std::map<std::string, std::string> variables = {{"KEY", "from the site's"}, {secret_variable(master_key), "usual"}};
  around.environment = [&](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  Redaction redaction;
  TerminalOperator first(around, redaction);
  EXPECT_EQ(ask(first, secret_called(master_key)).secret(), "from the site's");
  variables["KEY"] = "";
  TerminalOperator second(around, redaction);
  EXPECT_EQ(ask(second, secret_called(master_key)).secret(), "usual");
  EXPECT_EQ(redaction.clean("usual and from the site's"),
            "<secret '" + master_key + "'> and <secret '" + master_key + "'>");
}

TEST(TerminalOperator, takes_what_a_program_prints_without_its_line_end) {
  const auto printed = [](const std::string& text) {
    Redaction redaction;
    TerminalOperator person(with_command({"printf", "%b", text}), redaction);
    return ask(person, secret_called(master_key)).secret();
  };
  EXPECT_EQ(printed(password), password);
  EXPECT_EQ(printed(password + "\\n"), password);
  EXPECT_EQ(printed(password + "\\r\\n"), password);
  EXPECT_EQ(printed(password + " \\n\\n"), password + " \n");
  EXPECT_EQ(printed("$HOME;`id`"), "$HOME;`id`") << "a shell had its hands in";
}

TEST(TerminalOperator, a_program_that_fails_is_told_with_its_words) {
  const auto why = [](std::vector<std::string> command, Duration limit = 30s) {
    Redaction redaction;
    OperatorSurroundings around = with_command(std::move(command));
    around.command_limit = limit;
    TerminalOperator person(around, redaction);
    return ask(person, secret_called(master_key)).why();
  };
  EXPECT_THAT(why({"sh", "-c", "echo no such entry >&2; exit 3"}), HasSubstr("failed with exit code 3: no such entry"));
  EXPECT_THAT(why({"true"}), HasSubstr("printed nothing"));
  EXPECT_THAT(why({"/there/is/no/such/program"}), HasSubstr("cannot be started: No such file or directory"));
  EXPECT_THAT(why({"sh", "-c", "kill -9 $$"}), HasSubstr("was ended by a signal"));
  EXPECT_THAT(why({"sh", "-c", "yes"}), HasSubstr("prints too much"));
  EXPECT_THAT(why({"sleep", "600"}, 50ms), HasSubstr("timed out: the program 'sleep'"));
  EXPECT_THAT(why({"printf", "\\377\\376\\375\\374"}), HasSubstr("is no UTF-8 text"));
  EXPECT_THAT(why({"printf", "abc"}), HasSubstr("fewer than 4 characters"));
  EXPECT_TRUE(children_of_this_process().empty());
}

TEST(TerminalOperator, a_program_ends_with_its_cancelled_caller) {
  Redaction redaction;
  TerminalOperator person(with_command({"sleep", "600"}), redaction);
  const auto results = ask_all(person, {secret_called(master_key)}, [](auto& context, auto& cancel) {
    asio::post(context, [&] { cancel.emit(asio::cancellation_type::terminal); });
  });
  EXPECT_TRUE(results[0].aborted) << results[0].why();
  EXPECT_TRUE(children_of_this_process().empty());
}

TEST(TerminalOperator, a_secret_that_comes_from_nowhere_is_told_with_all_its_ways) {
  OperatorSurroundings around = nothing_around();
  around.secrets[master_key].environment = "KEY";
  Redaction redaction;
  TerminalOperator person(around, redaction);
  const Result result = ask(person, secret_called(master_key));
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->code(), FailureCode::not_found);
  EXPECT_THAT(result.why(),
              HasSubstr("run at a terminal, set the environment variable KEY, set the environment variable "
                        "REHEARSE_SECRET_SSISDB_MASTER_KEY, or name its source in the site file"));
}

TEST(TerminalOperator, does_nothing_unasked_unless_it_was_told_yes) {
  Redaction redaction;
  OperatorSurroundings around = nothing_around();
  TerminalOperator careful(around, redaction);
  const Result refused = ask(careful, steps::ask::Confirm("Restart SQL1?"));
  ASSERT_TRUE(refused.failure);
  EXPECT_EQ(refused.failure->code(), FailureCode::refused);
  EXPECT_THAT(refused.why(), HasSubstr("nobody is at a terminal to be asked \"Restart SQL1?\": give --yes"));
  around.yes = true;
  TerminalOperator told(around, redaction);
  EXPECT_EQ(ask(told, steps::ask::Confirm("Restart SQL1?")).answer, Answer(true));
}

// ---- at a terminal

/// A terminal and the person at it: who waits for each text to appear and then types.
class Desk {
 public:
  Desk() {
    if (::openpty(&keyboard_, &line_, nullptr, nullptr, nullptr) != 0) throw std::runtime_error("no pty");
    ::tcgetattr(line_, &before_);
  }
  ~Desk() {
    if (person_.joinable()) person_.join();
    ::close(keyboard_);
    ::close(line_);
  }

  void will_type(std::vector<std::pair<std::string, std::string>> prompts) {
    person_ = std::thread([this, prompts = std::move(prompts)] {
      for (const auto& [prompt, keys] : prompts) {
        if (!wait_for(prompt)) return;
        echo_was_on_.push_back(echoes());
        if (::write(keyboard_, keys.data(), keys.size()) < 0) return;
      }
    });
  }

  /// Until the text has appeared after what was waited for before; false after 20 s.
  bool wait_for(const std::string& text) {
    for (int i = 0; i < 200; ++i) {
      const std::size_t found = shown_.find(text, seen_);
      if (found != shown_.npos) {
        seen_ = found + text.size();
        return true;
      }
      look(100);
    }
    return false;
  }

  /// All that the screen has shown; the person must have finished.
  const std::string& screen() {
    if (person_.joinable()) person_.join();
    while (look(0)) {
    }
    return shown_;
  }

  bool echoes() const {
    struct termios now = {};
    ::tcgetattr(line_, &now);
    return (now.c_lflag & ECHO) != 0;
  }
  bool is_as_before() const {
    struct termios now = {};
    ::tcgetattr(line_, &now);
    return now.c_lflag == before_.c_lflag && now.c_iflag == before_.c_iflag && now.c_oflag == before_.c_oflag;
  }
  const std::vector<bool>& echo_was_on() const { return echo_was_on_; }

  OperatorSurroundings around() const {
    OperatorSurroundings around = nothing_around();
    around.terminal = [this] { return std::optional<Terminal>(Terminal(::dup(line_))); };
    return around;
  }

 private:
  bool look(int milliseconds) {
    struct pollfd poll = {keyboard_, POLLIN, 0};
    if (::poll(&poll, 1, milliseconds) != 1) return false;
    char buffer[1024];
    const ssize_t count = ::read(keyboard_, buffer, sizeof buffer);
    if (count > 0) shown_.append(buffer, static_cast<std::size_t>(count));
    return count > 0;
  }

  int keyboard_ = -1, line_ = -1;
  struct termios before_ = {};
  std::thread person_;
  std::string shown_;
  std::size_t seen_ = 0;
  std::vector<bool> echo_was_on_;
};

TEST(TerminalOperator, asks_for_a_secret_twice_without_showing_it) {
  Desk desk;
  Redaction redaction;
  TerminalOperator person(desk.around(), redaction);
  desk.will_type({{"Secret 'SSISDB master key': ", password + "\n"}, {"Once more", password + "\r"}});
  EXPECT_EQ(ask(person, secret_called(master_key)).secret(), password);
  EXPECT_THAT(desk.screen(), Not(HasSubstr(password)));
  EXPECT_EQ(desk.echo_was_on(), (std::vector<bool>{false, false}));
  EXPECT_TRUE(desk.is_as_before());
  EXPECT_EQ(redaction.clean(password), "<secret 'SSISDB master key'>");
}

TEST(TerminalOperator, asks_for_a_secret_once_a_run_whoever_wants_it) {
  Desk desk;
  Redaction redaction;
  TerminalOperator person(desk.around(), redaction);
  desk.will_type({{"master key", password + "\n"}, {"Once more", password + "\n"}});
  for (const Result& result : ask_all(person, {secret_called(master_key), secret_called(master_key)})) {
    EXPECT_EQ(result.secret(), password);
  }
  EXPECT_EQ(ask(person, secret_called(master_key)).secret(), password);
}

TEST(TerminalOperator, understands_the_keys_that_mend_a_line) {
  Desk desk;
  Redaction redaction;
  TerminalOperator person(desk.around(), redaction);
  desk.will_type({{"master key",
                   "wrong\x15p\xC3\xA4\x7F\x08"
                   "pass\x1A\tword\n"},
                  {"Once more", "password\n"}});
  EXPECT_EQ(ask(person, secret_called(master_key)).secret(), "password");
}

TEST(TerminalOperator, two_different_texts_are_no_secret) {
  Desk desk;
  Redaction redaction;
  TerminalOperator person(desk.around(), redaction);
  desk.will_type({{"master key", "one-secret\n"},
                  {"Once more", "two-secret\n"},
                  {"two different texts", ""},
                  {"master key", password + "\n"},
                  {"Once more", password + "\n"}});
  EXPECT_EQ(ask(person, secret_called(master_key)).secret(), password);
}

volatile sig_atomic_t interrupts = 0;

TEST(TerminalOperator, ctrl_c_restores_the_terminal_and_reaches_the_program) {
  Desk desk;
  Redaction redaction;
  TerminalOperator person(desk.around(), redaction);
  interrupts = 0;
  const auto before = ::signal(SIGINT, [](int) { interrupts = interrupts + 1; });
  desk.will_type({{"master key", "half\x03"}});
  const Result result = ask(person, secret_called(master_key));
  ::signal(SIGINT, before);
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->code(), FailureCode::cancelled);
  EXPECT_EQ(interrupts, 1);
  desk.screen();
  EXPECT_TRUE(desk.is_as_before());
}

TEST(TerminalOperator, a_cancelled_caller_leaves_the_terminal_as_it_was) {
  Desk desk;
  Redaction redaction;
  TerminalOperator person(desk.around(), redaction);
  const auto results = ask_all(person, {secret_called(master_key)}, [&](auto&, auto& cancel) {
    EXPECT_TRUE(desk.wait_for("master key"));
    EXPECT_FALSE(desk.echoes());
    cancel.emit(asio::cancellation_type::terminal);
  });
  EXPECT_TRUE(results[0].aborted);
  EXPECT_TRUE(desk.is_as_before());
}

TEST(TerminalOperator, the_end_of_input_is_no_secret) {
  Desk desk;
  Redaction redaction;
  TerminalOperator person(desk.around(), redaction);
  desk.will_type({{"master key", "\x04"}});
  EXPECT_THAT(ask(person, secret_called(master_key)).why(), HasSubstr("cancelled"));
  desk.screen();
  EXPECT_TRUE(desk.is_as_before());
}

TEST(TerminalOperator, questions_are_answered_with_yes_or_no) {
  const auto answered = [](std::vector<std::pair<std::string, std::string>> prompts) {
    Desk desk;
    Redaction redaction;
    TerminalOperator person(desk.around(), redaction);
    desk.will_type(std::move(prompts));
    const Result result = ask(person, steps::ask::Confirm("Restart SQL1?"));
    desk.screen();
    EXPECT_TRUE(desk.is_as_before());
    return result.answer ? (result.answer->flag() ? "yes" : "no") : result.why();
  };
  EXPECT_EQ(answered({{"Restart SQL1? [y/N]", "y\n"}}), "yes");
  EXPECT_EQ(answered({{"[y/N]", "yes\n"}}), "yes");
  EXPECT_EQ(answered({{"[y/N]", "n\n"}}), "no");
  EXPECT_EQ(answered({{"[y/N]", "\n"}}), "no");
  EXPECT_EQ(answered({{"[y/N]", "perhaps\n"}, {"answer y or n", ""}, {"[y/N]", "y\n"}}), "yes");
  EXPECT_THAT(answered({{"[y/N]", "\x04"}}), HasSubstr("input ended"));
}

TEST(Terminal, what_was_typed_before_a_question_is_no_answer_to_it) {
  Desk desk;
  Redaction redaction;
  TerminalOperator person(desk.around(), redaction);
  desk.will_type({{"", "y\n"}});
  desk.screen();
  desk.will_type({{"[y/N]", "n\n"}});
  EXPECT_EQ(ask(person, steps::ask::Confirm("Restart SQL1?")).answer, Answer(false));
}

}  // namespace
}  // namespace rehearse::real
