// One child process on Asio: what it is given on standard input and what it writes, and its end. It is ended and
// reaped in every case, also when its owner is cancelled or destroyed: no zombie, no orphan, no descriptor stays.
//
// Made of posix_spawn and a pidfd (Linux 5.4) rather than of Boost.Process: that library (version 1, Boost 1.81) needs
// Boost.Filesystem to be linked, takes SIGCHLD for itself, and lets a child inherit what other threads open meanwhile.
// A build for Windows needs a second source file for this one header, with CreateProcess and a job object.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/steps/awaitable.hpp"
#include "model/units.hpp"

namespace rehearse::real {

/// Whom an end by force concerns.
enum class Reach : unsigned char {
  process,        // it alone: an ssh client's proxy processes serve the connection that others share
  process_group,  // all that it started, also where it ended by itself
};

class ProcessCommand {
 public:
  ProcessCommand(std::vector<std::string> the_words, Reach the_reach) : words(std::move(the_words)), reach(the_reach) {}

  std::vector<std::string> words;  // program and arguments, no shell; PATH is searched for a program without '/'
  Reach reach;
};

/// Every member is to be called on the executor, which runs one handler at a time.
class Process {
 public:
  /// Starts it, in a process group of its own, so that Ctrl-C on the terminal reaches us and not it. Throws
  /// std::system_error when it cannot be started. `output_limit`: bytes of standard output that wait to be taken;
  /// the process waits when they are reached. Of its errors the last 8 KiB are kept.
  Process(const boost::asio::any_io_executor& executor, const ProcessCommand& command, std::size_t output_limit);
  ~Process();  // kills and reaps it if it still runs
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Goes to standard input, after what was sent before. A process that does not read has ended or will be ended:
  /// that its input broke is not told.
  void send(std::string bytes);
  /// Standard input ends now; what was not taken yet is dropped.
  void close_input();

  const std::string& output() const;  // what it wrote on standard output and nobody took
  void take_output(std::size_t bytes);
  bool output_ended() const;
  const std::string& errors() const;
  bool ended() const;
  std::optional<int> exit_code() const;  // none: it runs, or a signal ended it

  enum class Change : unsigned char { something, deadline, cancelled };
  /// Until something of the above has changed, the deadline has come or the caller is cancelled; never throws.
  steps::Awaitable<Change> changed(std::chrono::steady_clock::time_point deadline);

  /// Closes its input and waits for its end, throwing away what it still writes; after `grace` it is asked to end
  /// (SIGTERM), two seconds later killed. Await it with throw_if_cancelled(false) where the caller may be cancelled.
  steps::Awaitable<void> end(Duration grace);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace rehearse::real
