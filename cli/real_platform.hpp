// What commands that touch real machines have in common: how those are reached, who answers for what is done, and the
// transcript of it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "model/design.hpp"
#include "model/steps/awaitable.hpp"
#include "model/steps/failure.hpp"
#include "model/steps/platform.hpp"
#include "real_backend/redaction.hpp"

namespace CLI {
class App;
}

namespace rehearse::cli {

struct RealPlatformOptions {
  std::string site;               // file; empty: nothing is known beside the design
  std::string transport = "ssh";  // or "powershell"
  std::string ssh_config, user;   // of ssh
  std::string shell = "powershell.exe";
  std::string this_machine;  // of powershell: this machine's name; empty: ask the system
  std::string record;        // transcript to write; empty: none
  std::string replay;        // transcript to answer from instead of real machines; empty: none
  bool yes = false;
};

/// Adds the options to a command.
void add_real_platform_options(CLI::App& command, RealPlatformOptions& options);

/// Repeats the options that were given, so that the command reaches the same machines in the same way. Not --record: a
/// transcript is of one run, and its file is taken.
void repeat(const RealPlatformOptions& options, CommandLine& command);

/// The machines of a design, as the options say to reach them. While something runs, Ctrl-C does not end the process
/// but cancels what runs; where that had better come to an end by itself, only the second one does.
class RealPlatform {
 public:
  /// What is wrong was told; null then.
  static std::unique_ptr<RealPlatform> open(const RealPlatformOptions& options, const model::Design& design);
  ~RealPlatform();
  RealPlatform(const RealPlatform&) = delete;
  RealPlatform& operator=(const RealPlatform&) = delete;

  steps::Platform platform();
  const real::Redaction& redaction() const;
  /// Runs the coroutine to its end; throws what it throws, and Failure(cancelled) when it ended because of Ctrl-C.
  void run(steps::Awaitable<void> operation);

  /// True from the first Ctrl-C on.
  const bool& stop_asked() const;
  /// Asked when the first Ctrl-C comes: will what runs see stop_asked() and end by itself? Empty: it will not. Must not
  /// throw.
  std::function<bool()> ends_by_itself;

 private:
  struct Parts;
  explicit RealPlatform(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace rehearse::cli
