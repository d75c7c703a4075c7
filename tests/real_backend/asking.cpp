#include "tests/real_backend/asking.hpp"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace rehearse::real {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto longest_call = 60s;

Outcome outcome_of(std::exception_ptr trouble, std::string answer) {
  Outcome outcome;
  outcome.answer = std::move(answer);
  if (!trouble) return outcome;
  try {
    std::rethrow_exception(trouble);
  } catch (const steps::Failure& failure) {
    outcome.failure = failure;
  } catch (const boost::system::system_error& error) {
    if (error.code() != asio::error::operation_aborted) throw;
    outcome.aborted = true;
  }
  return outcome;
}

/// Calls `act` once when `when` is true; looks every few milliseconds.
class Watch {
 public:
  Watch(asio::io_context& context, std::function<bool()> when, std::function<void()> act)
      : timer_(context), when_(std::move(when)), act_(std::move(act)) {
    wait();
  }

 private:
  void wait() {
    timer_.expires_after(5ms);
    timer_.async_wait([this](boost::system::error_code error) {
      if (error) return;
      if (when_()) {
        act_();
      } else {
        wait();
      }
    });
  }

  asio::steady_timer timer_;
  std::function<bool()> when_;
  std::function<void()> act_;
};

struct Running {
  int pid = 0, parent = 0;
  std::string command_line;
};

/// Of /proc/PID/stat what follows the program's name: state, parent, ...
std::string after_name(const std::string& stat) {
  return stat.substr(stat.rfind(')') + 2);
}

std::vector<Running> running_processes() {
  std::vector<Running> processes;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != name.npos) continue;
    const std::string stat = text_of_file(entry.path() / "stat");
    if (stat.empty()) continue;  // it has ended meanwhile
    Running process;
    process.pid = std::stoi(name);
    process.parent = std::stoi(after_name(stat).substr(2));
    process.command_line = text_of_file(entry.path() / "cmdline");
    processes.push_back(std::move(process));
  }
  return processes;
}

/// Runs the call to its end; cancels it when `when` is true.
template <class MakeCall>
Outcome outcome_with(std::function<bool()> when, MakeCall make_call) {
  std::optional<Outcome> outcome;
  asio::io_context context;
  asio::cancellation_signal cancel;
  asio::co_spawn(context, make_call(),
                 asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr trouble, std::string answer) {
                   outcome = outcome_of(trouble, std::move(answer));
                   context.stop();
                 }));
  std::optional<Watch> watch;
  if (when) watch.emplace(context, std::move(when), [&] { cancel.emit(asio::cancellation_type::terminal); });
  context.run_for(longest_call);
  if (!outcome) throw std::runtime_error("the call did not end");
  return *outcome;
}

steps::Awaitable<std::string> one_after_the_other(Transport& transport, RemoteScript first, RemoteScript second) {
  co_await asio::this_coro::throw_if_cancelled(false);
  bool aborted = false;
  try {
    co_await transport.run(std::move(first));
  } catch (const boost::system::system_error&) {
    aborted = true;
  }
  if (!aborted) throw std::runtime_error("the first call was not cancelled");
  co_return co_await transport.run(std::move(second));
}

}  // namespace

std::string Outcome::text() const {
  if (aborted) return "aborted";
  if (failure) return std::string(steps::to_text(failure->code())) + ": " + failure->message();
  return "answer: " + answer;
}

Outcome ask(Transport& transport, RemoteScript script) {
  return ask_and_cancel(transport, std::move(script), nullptr);
}

Outcome ask_and_cancel(Transport& transport, RemoteScript script, std::function<bool()> when) {
  return outcome_with(std::move(when), [&] { return transport.run(std::move(script)); });
}

Outcome ask_and_cancel_and_ask(Transport& transport, RemoteScript first, RemoteScript second,
                               std::function<bool()> when) {
  return outcome_with(std::move(when),
                      [&] { return one_after_the_other(transport, std::move(first), std::move(second)); });
}

std::vector<Outcome> ask_together(Transport& transport, const std::vector<RemoteScript>& scripts) {
  std::vector<Outcome> outcomes(scripts.size());
  std::size_t ended = 0;
  asio::io_context context;
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    asio::co_spawn(context, transport.run(scripts[i]), [&, i](std::exception_ptr trouble, std::string answer) {
      outcomes[i] = outcome_of(trouble, std::move(answer));
      ++ended;
    });
  }
  context.run_for(longest_call);
  if (ended != scripts.size()) throw std::runtime_error("not every call ended");
  return outcomes;
}

void ask_and_leave(Transport& transport, RemoteScript script, const std::function<bool()>& when) {
  asio::io_context context;
  bool ended = false;
  asio::co_spawn(context, transport.run(std::move(script)), [&](std::exception_ptr, std::string) { ended = true; });
  Watch watch(context, when, [&] { context.stop(); });
  context.run_for(longest_call);
  if (ended) throw std::runtime_error("the call ended by itself");
}

bool eventually(const std::function<bool()>& condition) {
  const auto limit = std::chrono::steady_clock::now() + 60s;
  while (std::chrono::steady_clock::now() < limit) {
    if (condition()) return true;
    std::this_thread::sleep_for(5ms);
  }
  return condition();
}

bool is_running(int pid) {
  const std::string stat = text_of_file("/proc/" + std::to_string(pid) + "/stat");
  return !stat.empty() && after_name(stat).front() != 'Z';
}

Signature signature_in(const std::string& file) {
  Signature signature;
  std::ifstream(file) >> signature.pid >> signature.parent;
  return signature;
}

std::vector<std::string> command_lines() {
  std::vector<std::string> lines;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != name.npos) continue;
    lines.push_back(text_of_file(entry.path() / "cmdline"));
  }
  return lines;
}

bool stands_in_a_command_line(const std::string& text) {
  const std::vector<std::string> lines = command_lines();
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) { return line.find(text) != line.npos; });
}

std::vector<int> children_of_this_process() {
  std::vector<int> children;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != name.npos) continue;
    const std::string stat = text_of_file(entry.path() / "stat");
    if (stat.empty()) continue;
    std::istringstream rest(stat.substr(stat.rfind(')') + 2));
    std::string state;
    int parent = 0;
    rest >> state >> parent;
    if (parent == ::getpid()) children.push_back(std::stoi(name));
  }
  return children;
}

std::size_t open_descriptors() {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

std::string text_of_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();  // ends quietly where a process of /proc does meanwhile
  return text.str();
}

TestFolder::~TestFolder() {
  // Peers that heed nothing, at the far side of an sshd, would stay until their own two minutes are over.
  for (const Running& process : running_processes()) {
    if (process.command_line.starts_with(path(""))) ::kill(process.pid, SIGKILL);
  }
}

std::string TestFolder::peer(const std::string& name) const {
  const std::string link = path(name);
  if (!fs::exists(fs::symlink_status(link))) fs::create_symlink(REHEARSE_PEER, link);
  return link;
}

}  // namespace rehearse::real
