// A real Slurm on 127.0.0.1, of two processors, that lives as long as its object: munged, slurmctld and slurmd with
// files, sockets and ports of their own.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "tests/real_backend/loopback_servers.hpp"
#include "tests/support/files.hpp"

namespace rehearse::cli {

class LoopbackSlurm {
 public:
  /// Whether its programs are installed.
  static bool is_there();

  LoopbackSlurm();
  /// Cancels what still runs.
  ~LoopbackSlurm();
  LoopbackSlurm(const LoopbackSlurm&) = delete;
  LoopbackSlurm& operator=(const LoopbackSlurm&) = delete;

  /// What a command of Slurm prints, through a shell. Throws std::runtime_error with its words where it fails.
  std::string run(const std::string& command) const;

  /// Whether no job is waiting or running any more.
  bool idle() const { return run("squeue -h").empty(); }

 private:
  std::string configuration() const;

  tests::TemporaryFolder folder_;
  std::unique_ptr<real::loopback::Process> munged_, controller_, node_;
};

/// Asks until it holds, for so long at most. False: it never did.
bool comes_true(std::chrono::seconds limit, const std::function<bool()>& holds);

}  // namespace rehearse::cli
