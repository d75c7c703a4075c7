#include "real_backend/transport/ssh_transport.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "model/steps/failure.hpp"
#include "real_backend/transport/bootstrap.hpp"

namespace rehearse::real {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

constexpr auto time_to_close = std::chrono::seconds(5);

bool consists_of(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return alphanumeric || others.find(c) != others.npos;
  });
}

/// Without what OpenSSH of today refuses in names from the command line.
bool is_user(std::string_view text) {
  const bool plain = text.find_first_of("'`\"$;&<>|(){}") == text.npos &&
                     std::all_of(text.begin(), text.end(), [](char c) { return c < 0 || (c > ' ' && c != '\x7F'); });
  return plain && !text.starts_with('-') && !text.ends_with('\\');
}

bool is_shell(std::string_view text) {
  return !text.empty() && !text.starts_with('-') && consists_of(text, "._-~:/\\");
}

bool is_host(std::string_view text) {
  return !text.empty() && !text.starts_with('-') && consists_of(text, "._:-");
}

std::string make_private_folder() {
  // ssh puts a hash of 40 characters and, for a moment, 17 more behind it.
  constexpr std::size_t longest_base = 40;
  const char* runtime = ::getenv("XDG_RUNTIME_DIR");
  std::error_code error;
  const bool usable = runtime != nullptr && std::string_view(runtime).size() <= longest_base &&
                      consists_of(runtime, "/._-") && fs::is_directory(runtime, error);
  std::string name = std::string(usable ? runtime : "/tmp") + "/rehearse-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
  return name;
}

}  // namespace

SshTransport::SshTransport(SshOptions options) : options_(std::move(options)) {
  if (!is_user(options_.user)) throw std::invalid_argument("ssh takes no user named '" + options_.user + "'");
  if (!is_shell(options_.shell)) {
    throw std::invalid_argument("'" + options_.shell +
                                "' cannot be started through every shell: give a name that the far machine's PATH "
                                "finds, or a path without blanks (C:\\PROGRA~1\\PowerShell\\7\\pwsh.exe)");
  }
  folder_ = make_private_folder();
}

SshTransport::~SshTransport() {
  try {
    asio::io_context context;
    // A connection that cannot be closed closes by itself (ControlPersist).
    asio::co_spawn(context, close_connections(), [](const std::exception_ptr&) {});
    context.run_for(time_to_close);
  } catch (...) {
    // Nor is there anybody to tell that this machine has no descriptors left.
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::vector<std::string> SshTransport::client_words() const {
  std::vector<std::string> words = {"ssh", "-T"};
  if (!options_.config.empty()) words.insert(words.end(), {"-F", options_.config});
  if (!options_.user.empty()) words.insert(words.end(), {"-l", options_.user});
  const std::vector<std::string> settings = {
      "BatchMode=yes",
      "StrictHostKeyChecking=yes",
      "UpdateHostKeys=no",
      "ControlMaster=auto",
      "ControlPath=" + folder_ + "/%C",
      "ControlPersist=60",
      fmt::format("ConnectTimeout={}", options_.connect_timeout.count()),
      // A machine that is gone is noticed after a minute, also while a script runs for hours.
      "ServerAliveInterval=15",
      "ServerAliveCountMax=4",
      "LogLevel=INFO",
      // What a user's configuration may hold for logging on by hand.
      "RemoteCommand=none",
      "PermitLocalCommand=no",
      "ClearAllForwardings=yes",
  };
  for (const std::string& setting : settings) words.insert(words.end(), {"-o", setting});
  return words;
}

steps::Awaitable<std::string> SshTransport::run(RemoteScript script) {
  if (!is_host(script.host)) {
    throw steps::Failure(steps::FailureCode::refused, "ssh is not given the host name '" + script.host + "'");
  }
  std::vector<std::string> words = client_words();
  words.push_back(script.host);
  words.push_back(options_.shell);
  for (std::string& word : bootstrap_arguments()) words.push_back(std::move(word));
  ProcessCommand command(std::move(words), Reach::process);
  std::string how = "ssh to " + script.host;
  Patience patience = options_.patience;
  co_return co_await converse(std::move(command), std::move(how), std::move(script), patience);
}

steps::Awaitable<void> SshTransport::close_connections() {
  const auto executor = co_await asio::this_coro::executor;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
    // With a socket given, no host is looked at; ssh wants one all the same.
    std::vector<std::string> words = {"ssh", "-F", "none", "-S", entry.path().string(), "-O", "exit", "localhost"};
    const ProcessCommand command(std::move(words), Reach::process);
    Process process(executor, command, 4096);
    co_await process.end(time_to_close);
  }
}

}  // namespace rehearse::real
