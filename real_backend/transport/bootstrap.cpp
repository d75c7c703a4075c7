#include "real_backend/transport/bootstrap.hpp"

#include "real_backend/base64.hpp"

namespace rehearse::real {
namespace {

// Members of .NET that an interpreter of this program has to know:
//   [System.Console]::OpenStandardInput(), OpenStandardOutput()
//   stream: Write(bytes, offset, count), Flush()
//   [System.Text.Encoding]::UTF8: GetBytes(string), GetString(bytes)
//   [System.Convert]::FromBase64String(string)
//   [System.IO.StreamReader]::new(stream, encoding): ReadLine() (null at the end), ReadLineAsync(): task: IsCompleted
//   [System.Collections.Hashtable]::new(): index, set by index (its keys differ by case, unlike those of @{})
//   string: Split(string); array: Length
//   [System.Management.Automation.PowerShell]::Create(): AddScript(string), AddParameter(string, object),
//     BeginInvoke(): IsCompleted, AsyncWaitHandle.WaitOne(milliseconds); EndInvoke(that): list: Count, index;
//     BeginStop(null, null): AsyncWaitHandle.WaitOne(milliseconds)
//   [System.Environment]::Exit(code)
//   error record: Exception.Message, Exception.HResult, CategoryInfo.Category, FullyQualifiedErrorId
// and of cmdlets: ConvertTo-Json -InputObject -Compress.
//
// Why it is as it is:
// - The whole input is in hand before anything is begun. ReadLine returns a last line also without its end, hence
// "run".
// - Values of secrets do not go through ConvertFrom-Json, which makes dates of texts that look like dates.
// - The script runs in a runspace of its own, so that this thread can watch the input. The reader is our own: the
//   ReadLineAsync of [System.Console]::In blocks.
// - A pipeline that does not stop within ten seconds ends with the process: Environment.Exit waits for no thread.
// - "unreachable" is true as a code as long as the script was not begun; afterwards only "indeterminate" is.
constexpr std::string_view text = R"ps($ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$Utf8 = [System.Text.Encoding]::UTF8
$In = [System.Console]::OpenStandardInput()
$Out = [System.Console]::OpenStandardOutput()
$Bytes = $Utf8.GetBytes('{"rehearse":1}' + [char]10)
$Out.Write($Bytes, 0, $Bytes.Length)
$Out.Flush()
$Code = 'unreachable'
try {
  $Reader = [System.IO.StreamReader]::new($In, $Utf8)
  $Source = $Reader.ReadLine()
  $Given = $Reader.ReadLine()
  if ($Reader.ReadLine() -cne 'run') {
    [System.Environment]::Exit(130)
  }
  $Words = $Given.Split(' ')
  $Secrets = [System.Collections.Hashtable]::new()
  $Index = 0
  while ($Index + 1 -lt $Words.Length) {
    $Name = $Utf8.GetString([System.Convert]::FromBase64String($Words[$Index]))
    $Secrets[$Name] = $Utf8.GetString([System.Convert]::FromBase64String($Words[$Index + 1]))
    $Index = $Index + 2
  }
  $Shell = [System.Management.Automation.PowerShell]::Create()
  $null = $Shell.AddScript($Utf8.GetString([System.Convert]::FromBase64String($Source)))
  $null = $Shell.AddParameter('Secrets', $Secrets)
  $Code = 'indeterminate'
  $Run = $Shell.BeginInvoke()
  $Watch = $Reader.ReadLineAsync()
  while (-not $Run.IsCompleted) {
    if ($Watch.IsCompleted) {
      $Stop = $Shell.BeginStop($null, $null)
      $null = $Stop.AsyncWaitHandle.WaitOne(10000)
      [System.Environment]::Exit(130)
    }
    $null = $Run.AsyncWaitHandle.WaitOne(100)
  }
  $Output = $Shell.EndInvoke($Run)
  if ($Output.Count -eq 0) {
    throw 'the script ended without an answer'
  }
  $Line = [string]$Output[$Output.Count - 1]
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
  $Line = ConvertTo-Json -InputObject $Failure -Compress
}
$Bytes = $Utf8.GetBytes($Line + [char]10)
$Out.Write($Bytes, 0, $Bytes.Length)
$Out.Flush()
[System.Environment]::Exit(0)
)ps";

std::string utf16le(std::string_view ascii) {
  std::string wide;
  wide.reserve(ascii.size() * 2);
  for (const char c : ascii) {
    wide += c;
    wide += '\0';
  }
  return wide;
}

}  // namespace

std::string_view bootstrap_text() {
  return text;
}

std::vector<std::string> bootstrap_arguments() {
  return {"-NoProfile", "-NonInteractive", "-InputFormat",          "None", "-OutputFormat",
          "Text",       "-EncodedCommand", to_base64(utf16le(text))};
}

std::string bootstrap_input(const RemoteScript& script) {
  std::string words;
  for (const steps::Secret& secret : script.secrets) {
    if (!words.empty()) words += ' ';
    words += to_base64(secret.name()) + ' ' + to_base64(secret.reveal());
  }
  return to_base64(script.text) + '\n' + words + "\nrun\n";
}

}  // namespace rehearse::real
