#include "tests/real_backend/loopback_sshd.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tests/real_backend/free_port.hpp"

namespace rehearse::real {
namespace {

namespace fs = std::filesystem;

/// Its output is appended to the log.
pid_t start(std::vector<std::string> words, const std::string& log) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid < 0) throw std::runtime_error("no process could be started");
  if (pid > 0) return pid;
  const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(file, STDOUT_FILENO);
  ::dup2(file, STDERR_FILENO);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

void run(const std::vector<std::string>& words, const std::string& log) {
  int status = 0;
  ::waitpid(start(words, log), &status, 0);
  if (status != 0) throw std::runtime_error(words.front() + " failed: " + text_of_file(log));
}

void make_key(const std::string& file, const std::string& log) {
  run({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", file}, log);
}

std::string user_name() {
  const passwd* entry = ::getpwuid(::getuid());
  if (entry == nullptr) throw std::runtime_error("this user has no name");
  return entry->pw_name;
}

std::string after_blanks(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += " " + word;
  return text;
}

}  // namespace

LoopbackSshd::LoopbackSshd(const std::vector<std::string>& names, const std::vector<std::string>& environment) {
  const std::string log = folder_.path("log");
  for (const char* key : {"host_key", "other_host_key", "user_key"}) make_key(folder_.path(key), log);
  fs::copy_file(folder_.path("user_key.pub"), folder_.path("authorized_keys"));
  // Where root is, sshd insists on the folder that Debian's start script makes.
  if (::getuid() == 0) fs::create_directories("/run/sshd");

  // Another process may take the free port before the server does.
  for (int attempt = 0; attempt < 5 && pid_ < 0; ++attempt) {
    port_ = free_port();
    std::ofstream(folder_.path("server")) << "Port " << port_ << "\n"
                                          << "ListenAddress 127.0.0.1\n"
                                          << "HostKey " << folder_.path("host_key") << "\n"
                                          << "AuthorizedKeysFile " << folder_.path("authorized_keys") << "\n"
                                          << "AuthenticationMethods publickey\n"
                                          << "PermitRootLogin prohibit-password\n"
                                          << "StrictModes no\n"
                                          << "UsePAM no\n"
                                          << "PidFile none\n"
                                          << "PrintMotd no\n"
                                          << (environment.empty() ? "" : "SetEnv" + after_blanks(environment) + "\n");
    pid_ = start({"/usr/sbin/sshd", "-D", "-e", "-f", folder_.path("server")}, log);
    const std::string listening = "Server listening on 127.0.0.1 port " + std::to_string(port_);
    const bool up = eventually([&] {
      if (this->log().find(listening) != std::string::npos) return true;
      if (::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
      return pid_ < 0;
    });
    if (!up) stop();
  }
  if (pid_ < 0) throw std::runtime_error("sshd does not start: " + this->log());

  std::ofstream(folder_.path("client")) << "Host" << after_blanks(names) << "\n"
                                        << "  HostName 127.0.0.1\n"
                                        << "  Port " << port_ << "\n"
                                        << "  User " << user_name() << "\n"
                                        << "  IdentityFile " << folder_.path("user_key") << "\n"
                                        << "  IdentitiesOnly yes\n"
                                        << "  UserKnownHostsFile " << folder_.path("known_hosts") << "\n"
                                        << "  GlobalKnownHostsFile /dev/null\n";
  expect_host_key("host_key.pub");
}

LoopbackSshd::~LoopbackSshd() {
  stop();
}

void LoopbackSshd::expect_host_key(const std::string& key_file) {
  std::ofstream(folder_.path("known_hosts")) << "[127.0.0.1]:" << port_ << " " << text_of_file(folder_.path(key_file));
}

void LoopbackSshd::change_expected_host_key() {
  expect_host_key("other_host_key.pub");
}

void LoopbackSshd::forget_host_key() {
  fs::remove(folder_.path("known_hosts"));
}

void LoopbackSshd::stop() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGTERM);
  if (!eventually([&] { return ::waitpid(pid_, nullptr, WNOHANG) == pid_; })) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  pid_ = -1;
}

int LoopbackSshd::logons() const {
  const std::string text = log();
  int count = 0;
  for (std::size_t at = text.find("Accepted "); at != text.npos; at = text.find("Accepted ", at + 1)) ++count;
  return count;
}

}  // namespace rehearse::real
