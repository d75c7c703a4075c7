// PowerShell on this machine: for scripts of this machine directly, for those of others through PowerShell remoting
// (WinRM), as from a Windows jump host. A remoting logon is a network logon: it reaches no third machine unless CredSSP
// hands the credentials on (W 8).
#pragma once

#include <optional>
#include <string>

#include "real_backend/transport/conversation.hpp"
#include "real_backend/transport/transport.hpp"

namespace rehearse::real {

/// A logon that remoting uses instead of the caller's own, handed on to the far machine (-Authentication Credssp).
class DelegatedLogon {
 public:
  DelegatedLogon(std::string the_account, steps::Secret the_password)
      : account(std::move(the_account)), password(std::move(the_password)) {}

  std::string account;  // CORP\installer
  steps::Secret password;
};

class LocalOptions {
 public:
  explicit LocalOptions(std::string the_machine) : this_machine(std::move(the_machine)) {}

  std::string this_machine;              // this machine's name as the design has it; compared without regard to case
  std::string shell = "powershell.exe";  // or pwsh, or a path
  std::optional<DelegatedLogon> delegated;
  Patience patience;
};

class LocalTransport : public Transport {
 public:
  explicit LocalTransport(LocalOptions options) : options_(std::move(options)) {}

  /// As Transport::run. That remoting does not reach the machine is an answer of ours like those of scripts, with the
  /// code `unreachable`; that it lost the machine during the script, one with `indeterminate`.
  steps::Awaitable<std::string> run(RemoteScript script) override;

 private:
  LocalOptions options_;
};

/// The same script to be run on this machine, which performs it on `script.host` by remoting. Throws
/// std::invalid_argument for texts that no literal can hold (single_quoted).
RemoteScript through_remoting(RemoteScript script, const std::optional<DelegatedLogon>& logon);

}  // namespace rehearse::real
