// PowerShell on another machine through the system's OpenSSH client: its configuration, agent, jump hosts and Kerberos
// logon all serve, and host keys are checked against the user's known_hosts; nothing is ever asked or accepted on the
// way. Calls to one machine share a connection, whose control sockets lie in a folder of our own.
//
// The words of the remote command go through a shell of the far machine that we do not know (cmd.exe, PowerShell), so
// they hold nothing that any of them interprets.
#pragma once

#include <string>
#include <vector>

#include "real_backend/transport/conversation.hpp"
#include "real_backend/transport/transport.hpp"

namespace rehearse::real {

class SshOptions {
 public:
  std::string config;  // ssh -F; empty: the user's own
  std::string user;    // empty: as the configuration says
  /// powershell.exe, pwsh.exe, or a path of letters, digits and ._-~:/\ : no quoting serves every shell.
  std::string shell = "powershell.exe";
  std::chrono::seconds connect_timeout{15};
  Patience patience;
};

class SshTransport : public Transport {
 public:
  /// Throws std::invalid_argument with a sentence for a user or a shell that cannot be given to ssh, and
  /// std::system_error when there is no place for the sockets.
  explicit SshTransport(SshOptions options);
  /// Closes the shared connections; waits for that five seconds at most. A connection that does not close then, or
  /// whose owner was killed, ends by itself after a minute without calls.
  ~SshTransport() override;
  SshTransport(const SshTransport&) = delete;
  SshTransport& operator=(const SshTransport&) = delete;

  /// As Transport::run; `refused` for a host name with other characters than letters, digits and ._:-, or that begins
  /// with '-'. `unreachable` quotes ssh: "Host key verification failed.", "Connection refused".
  steps::Awaitable<std::string> run(RemoteScript script) override;

 private:
  std::vector<std::string> client_words() const;
  steps::Awaitable<void> close_connections();

  SshOptions options_;
  std::string folder_;  // 0700; the path is short, for a socket's name ends at 107 bytes
};

}  // namespace rehearse::real
