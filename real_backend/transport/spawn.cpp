#include "real_backend/transport/spawn.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

extern char** environ;

namespace rehearse::real {
namespace {

void check(int result, const char* what) {
  if (result != 0) throw std::system_error(result, std::generic_category(), what);
}

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

struct Channel {
  Descriptor ours, of_child;
};

Channel make_input() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) fail("socketpair");
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

Channel make_output() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail("pipe");
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

class FileActions {
 public:
  FileActions() { check(::posix_spawn_file_actions_init(&actions_), "posix_spawn"); }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  void copy(const Descriptor& from, int to) {
    check(::posix_spawn_file_actions_adddup2(&actions_, from.number(), to), "posix_spawn");
  }
  void close_all_above(int number) {
    check(::posix_spawn_file_actions_addclosefrom_np(&actions_, number + 1), "posix_spawn");
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

/// A process group of its own; no signal is blocked or ignored, whatever our own process does with them.
class Attributes {
 public:
  Attributes() {
    check(::posix_spawnattr_init(&attributes_), "posix_spawn");
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

pid_t spawn_with(const std::vector<std::string>& words, const Descriptor& in, const Descriptor& out,
                 const Descriptor& err) {
  FileActions actions;
  actions.copy(in, STDIN_FILENO);
  actions.copy(out, STDOUT_FILENO);
  actions.copy(err, STDERR_FILENO);
  actions.close_all_above(STDERR_FILENO);
  const Attributes attributes;
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t pid = 0;
  check(::posix_spawnp(&pid, words.at(0).c_str(), actions.get(), attributes.get(), arguments.data(), environ),
        words.at(0).c_str());
  return pid;
}

}  // namespace

Descriptor::Descriptor(int number) : number_(number) {
  if (number_ < 0) fail("descriptor");
  if (number_ > STDERR_FILENO) return;
  const int higher = ::fcntl(number_, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  ::close(number_);
  number_ = higher;
  if (number_ < 0) fail("descriptor");
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Spawned spawn(const std::vector<std::string>& words) {
  Channel input = make_input();
  Channel output = make_output();
  Channel errors = make_output();
  const pid_t pid = spawn_with(words, input.of_child, output.of_child, errors.of_child);
  return {pid, std::move(input.ours), std::move(output.ours), std::move(errors.ours)};
}

}  // namespace rehearse::real
