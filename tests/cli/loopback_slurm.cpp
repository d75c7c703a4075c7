#include "tests/cli/loopback_slurm.hpp"

#include <poll.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "tests/real_backend/free_port.hpp"

namespace rehearse::cli {
namespace {

namespace fs = std::filesystem;
using real::loopback::Process;
using std::chrono::seconds;

/// Daemons lie where not everybody's PATH looks.
std::string daemon(const std::string& name) {
  const std::string there = "/usr/sbin/" + name;
  return fs::exists(there) ? there : name;
}

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  const std::string full = name.data();
  return full.substr(0, full.find('.'));
}

}  // namespace

bool comes_true(seconds limit, const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    ::poll(nullptr, 0, 50);
  }
  return true;
}

bool LoopbackSlurm::is_there() {
  return std::system("PATH=$PATH:/usr/sbin; command -v munged slurmctld slurmd sbatch >/dev/null") == 0;
}

LoopbackSlurm::LoopbackSlurm() {
  const std::string key = folder_.path("munge.key");
  std::ofstream(key) << std::string(64, 'k') << host_name() << ::getpid();
  ::chmod(key.c_str(), 0400);
  ::chmod(folder_.path().c_str(), 0755);
  for (const char* name : {"state", "spool"}) fs::create_directory(folder_.path(name));
  std::ofstream(folder_.path("slurm.conf")) << configuration();

  munged_ = std::make_unique<Process>(
      std::vector<std::string>{daemon("munged"), "--foreground", "--force", "--socket=" + folder_.path("munge.socket"),
                               "--key-file=" + key, "--pid-file=" + folder_.path("munged.pid"),
                               "--log-file=" + folder_.path("munged.log"),
                               "--seed-file=" + folder_.path("munged.seed")},
      folder_.path("munged.out"));
  if (!comes_true(seconds(30), [&] { return fs::exists(folder_.path("munge.socket")); })) {
    throw std::runtime_error("munged does not come up: " + tests::content_of(folder_.path("munged.out")));
  }
  const std::string configuration = folder_.path("slurm.conf");
  controller_ = std::make_unique<Process>(
      std::vector<std::string>{daemon("slurmctld"), "-D", "-f", configuration, "-L", folder_.path("controller.log")},
      folder_.path("controller.out"));
  node_ = std::make_unique<Process>(std::vector<std::string>{daemon("slurmd"), "-D", "-f", configuration, "-N",
                                                             host_name(), "-L", folder_.path("node.log")},
                                    folder_.path("node.out"));
  const auto up = [&] {
    try {
      return run("sinfo -h -o %t").starts_with("idle");
    } catch (const std::runtime_error&) {
      return false;
    }
  };
  if (!comes_true(seconds(60), up)) {
    throw std::runtime_error("Slurm does not come up: " + tests::content_of(folder_.path("controller.out")) +
                             tests::content_of(folder_.path("node.out")));
  }
}

LoopbackSlurm::~LoopbackSlurm() {
  try {
    if (idle()) return;
    run("scancel --full --signal=KILL $(squeue -h -o %A); scancel $(squeue -h -o %A)");
    comes_true(seconds(20), [&] { return idle(); });
  } catch (const std::exception&) {
    // It never came up, or is gone.
  }
}

std::string LoopbackSlurm::configuration() const {
  const passwd* const user = ::getpwuid(::geteuid());
  const std::string name = user != nullptr ? user->pw_name : "root", here = folder_.path("");
  return "ClusterName=rehearse\nSlurmctldHost=" + host_name() + "(127.0.0.1)\nSlurmUser=" + name +
         "\nSlurmdUser=" + name + "\nAuthType=auth/munge\nCredType=cred/munge\nAuthInfo=socket=" + here +
         "munge.socket\nSlurmctldPort=" + std::to_string(real::free_port()) +
         "\nSlurmdPort=" + std::to_string(real::free_port()) + "\nStateSaveLocation=" + here +
         "state\nSlurmdSpoolDir=" + here + "spool\nSlurmctldPidFile=" + here + "controller.pid\nSlurmdPidFile=" + here +
         "node.pid\n"
         "ProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\nSwitchType=switch/none\nMpiDefault=none\n"
         "CommunicationParameters=NoInAddrAny,NoCtldInAddrAny\nReturnToService=2\nJobRequeue=1\nKillWait=5\n"
         "SchedulerParameters=sched_interval=1,bf_interval=1\n"
         "SelectType=select/cons_tres\nSelectTypeParameters=CR_CPU\n"
         "NodeName=" +
         host_name() +
         " NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN\n"
         "PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP\n";
}

std::string LoopbackSlurm::run(const std::string& command) const {
  const std::string whole =
      "SLURM_CONF='" + folder_.path("slurm.conf") + "'; export SLURM_CONF; { " + command + "; } 2>&1";
  FILE* const pipe = ::popen(whole.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no shell");
  std::string text;
  std::array<char, 4096> buffer{};
  for (std::size_t size = 0; (size = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    text.append(buffer.data(), size);
  }
  if (::pclose(pipe) != 0) throw std::runtime_error(command + ": " + text);
  return text;
}

}  // namespace rehearse::cli
