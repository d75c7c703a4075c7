#include "real_backend/transport/local_transport.hpp"

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <string_view>
#include <utility>

#include "real_backend/powershell/quoting.hpp"
#include "real_backend/transport/bootstrap.hpp"

namespace rehearse::real {
namespace {

/// Windows compares names of machines so; a design's names are ASCII (NetBIOS, DNS).
bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char left, char right) { return lower(left) == lower(right); });
}

// Fixed, but for the literals between the parts. A hashtable is one argument to -ArgumentList, and arrives as one.
// Whatever fails in Invoke-Command is the connection, for the script catches its own errors and answers with them.
// Stopping this pipeline stops the remote one.
constexpr std::string_view preparation = R"ps(param($Secrets)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$Code = 'unreachable'
$Session = $null
$Text = )ps";

constexpr std::string_view connecting = R"ps(
try {
  $Target = @{ 'ComputerName' = )ps";

constexpr std::string_view performing = R"ps( }
  $Session = New-PSSession @Target
  $Block = [System.Management.Automation.ScriptBlock]::Create($Text)
  $Code = 'indeterminate'
  Invoke-Command -Session $Session -ScriptBlock $Block -ArgumentList $Secrets
} catch {
  $Failure = @{
    'ok' = $false
    'code' = $Code
    'message' = $_.Exception.Message
    'category' = [string]$_.CategoryInfo.Category
    'id' = $_.FullyQualifiedErrorId
    'hresult' = $_.Exception.HResult
    'cmdlet' = ''
  }
  ConvertTo-Json -InputObject $Failure -Compress
} finally {
  if ($null -ne $Session) {
    Remove-PSSession -Session $Session -ErrorAction 'SilentlyContinue'
  }
}
)ps";

std::string credential(const DelegatedLogon& logon) {
  return "[System.Management.Automation.PSCredential]::new(" + single_quoted(logon.account) +
         ", (ConvertTo-SecureString -String $Secrets[" + single_quoted(logon.password.name()) +
         "] -AsPlainText -Force))";
}

}  // namespace

RemoteScript through_remoting(RemoteScript script, const std::optional<DelegatedLogon>& logon) {
  std::string text(preparation);
  text += single_quoted(script.text);
  text += connecting;
  text += single_quoted(script.host);
  if (logon) {
    text += "; 'Authentication' = 'Credssp'; 'Credential' = " + credential(*logon);
    const auto& known = script.secrets;
    if (std::find(known.begin(), known.end(), logon->password) == known.end())
      script.secrets.push_back(logon->password);
  }
  text += performing;
  script.text = std::move(text);
  return script;
}

steps::Awaitable<std::string> LocalTransport::run(RemoteScript script) {
  std::string how = options_.shell;
  if (!same_name(script.host, options_.this_machine)) {
    how += " with remoting to " + script.host;
    script = through_remoting(std::move(script), options_.delegated);
  }
  std::vector<std::string> words = bootstrap_arguments();
  words.insert(words.begin(), options_.shell);
  ProcessCommand command(std::move(words), Reach::process_group);
  Patience patience = options_.patience;
  co_return co_await converse(std::move(command), std::move(how), std::move(script), patience);
}

}  // namespace rehearse::real
