#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "model/endpoint.hpp"
#include "model/steps/failure.hpp"
#include "real_backend/powershell/primitives.hpp"
#include "real_backend/powershell/quoting.hpp"
#include "real_backend/powershell/script.hpp"
#include "real_backend/powershell/writer.hpp"

namespace rehearse::real::ps {
namespace {

using steps::FailureCode;

/// PowerShell's own, which cannot be assigned or mean something else afterwards, and those of the whole script.
constexpr std::string_view reserved_variables[] = {"args",
                                                   "confirmpreference",
                                                   "consolefilename",
                                                   "debugpreference",
                                                   "error",
                                                   "erroractionpreference",
                                                   "event",
                                                   "eventargs",
                                                   "eventsubscriber",
                                                   "executioncontext",
                                                   "false",
                                                   "foreach",
                                                   "home",
                                                   "host",
                                                   "input",
                                                   "iscoreclr",
                                                   "islinux",
                                                   "ismacos",
                                                   "iswindows",
                                                   "lastexitcode",
                                                   "matches",
                                                   "myinvocation",
                                                   "nestedpromptlevel",
                                                   "null",
                                                   "outputencoding",
                                                   "pid",
                                                   "profile",
                                                   "progresspreference",
                                                   "psboundparameters",
                                                   "pscmdlet",
                                                   "pscommandpath",
                                                   "psculture",
                                                   "psdebugcontext",
                                                   "psedition",
                                                   "pshome",
                                                   "psitem",
                                                   "psscriptroot",
                                                   "pssenderinfo",
                                                   "psuiculture",
                                                   "psversiontable",
                                                   "pwd",
                                                   "sender",
                                                   "shellid",
                                                   "stacktrace",
                                                   "switch",
                                                   "this",
                                                   "true",
                                                   "verbosepreference",
                                                   "warningpreference",
                                                   "body",
                                                   "cause",
                                                   "given",
                                                   "line",
                                                   "message",
                                                   "number",
                                                   "result",
                                                   "secrets"};

bool is_reserved(std::string_view name) {
  return std::any_of(std::begin(reserved_variables), std::end(reserved_variables),
                     [&](std::string_view known) { return model::same_name(known, name); });
}

std::string assignable(std::string_view name) {
  if (is_reserved(name)) throw std::logic_error("a script assigns PowerShell's own variable " + std::string(name));
  return checked_name(name);
}

bool is_failure_code(std::string_view code) {
  constexpr FailureCode all[] = {FailureCode::refused,      FailureCode::not_found, FailureCode::conflict,
                                 FailureCode::unreachable,  FailureCode::timed_out, FailureCode::cancelled,
                                 FailureCode::indeterminate};
  return std::any_of(std::begin(all), std::end(all), [&](FailureCode one) { return steps::to_text(one) == code; });
}

Uses uses_of(std::initializer_list<const Uses*> all) {
  Uses uses;
  for (const Uses* one : all) uses.add(*one);
  return uses;
}

Uses assigning(std::string_view name) {
  Uses uses;
  uses.assigned.emplace_back(name);
  return uses;
}

Uses ending(const Expression& value) {
  Uses uses = Writer::uses(value);
  uses.ends = true;
  return uses;
}

void check_whole(const Uses& uses) {
  if (uses.emits) throw std::logic_error("a script emits something beside its answer");
  std::vector<std::string> unknown;
  for (const std::string& read : uses.variables) {
    const bool known = std::any_of(uses.assigned.begin(), uses.assigned.end(),
                                   [&](const std::string& name) { return model::same_name(name, read); });
    if (!known) unknown.push_back(read);
  }
  if (unknown.empty()) return;
  throw std::logic_error(fmt::format("a script reads what it never assigns: {}", fmt::join(unknown, ", ")));
}

// Globally, because most cmdlets of today (firewall, tasks, storage) are functions of modules: they see the preferences
// of the session and not those of the script that calls them.
constexpr std::string_view before_the_block = R"(param($Secrets)
$global:ErrorActionPreference = 'Stop'
$global:ConfirmPreference = 'None'
$global:ProgressPreference = 'SilentlyContinue'
$global:WarningPreference = 'SilentlyContinue'
$Line = $null
$Body = {
)";

constexpr std::string_view after_the_block = R"(}
try {
  $Given = & $Body
  if ($null -eq $Given) {
    $Result = @{ 'ok' = $true; 'value' = $null }
  } elseif ($Given.ContainsKey('code')) {
    $Result = @{ 'ok' = $false; 'code' = $Given['code']; 'message' = $Given['message'] }
  } elseif ($Given.ContainsKey('line')) {
    $Line = $Given['line']
  } else {
    $Result = @{ 'ok' = $true; 'value' = $Given['value'] }
  }
} catch {
  $Cause = $_.Exception
  $Message = $Cause.Message
  $Number = $Cause.Number
  while ($null -ne $Cause.InnerException) {
    $Cause = $Cause.InnerException
    if (-not $Message.Contains($Cause.Message)) {
      $Message = $Message + ' ' + $Cause.Message
    }
    if ($null -eq $Number) {
      $Number = $Cause.Number
    }
  }
  $Result = @{ 'ok' = $false; 'code' = ''; 'message' = $Message; 'category' = [string]$_.CategoryInfo.Category; 'id' = $_.FullyQualifiedErrorId; 'hresult' = $Cause.HResult; 'win32' = $Cause.NativeErrorCode; 'cmdlet' = $_.InvocationInfo.MyCommand.Name; 'number' = $Number }
}
if ($null -eq $Line) {
  $Line = ConvertTo-Json -InputObject $Result -Depth 6 -Compress
}
$Line
)";

}  // namespace

Block& Block::line(std::string text, const Uses& uses) {
  lines_.push_back(std::move(text));
  uses_.add(uses);
  return *this;
}

Block& Block::inner(const Block& block) {
  for (const std::string& text : block.lines_) lines_.push_back("  " + text);
  uses_.add(block.uses_);
  return *this;
}

Block& Block::let(std::string_view name, const Expression& value) {
  const Uses assigned = assigning(name);
  return line("$" + assignable(name) + " = " + Writer::open(value), uses_of({&Writer::uses(value), &assigned}));
}

Block& Block::set_member(const Expression& object, std::string_view name, const Expression& value) {
  return line(Writer::open(object.member(name)) + " = " + Writer::open(value),
              uses_of({&Writer::uses(object), &Writer::uses(value)}));
}

Block& Block::run(const Command& command) {
  return line("$null = " + command.text(), Writer::uses(command));
}

Block& Block::run(const Expression& expression) {
  return line("$null = " + Writer::open(expression), Writer::uses(expression));
}

Block& Block::emit(const Expression& expression) {
  Uses uses = Writer::uses(expression);
  uses.emits = true;
  return line(Writer::open(expression), uses);
}

Block& Block::when(const Expression& condition, const Block& then) {
  return line("if (" + Writer::open(condition) + ") {", Writer::uses(condition)).inner(then).line("}", {});
}

Block& Block::when(const Expression& condition, const Block& then, const Block& otherwise) {
  line("if (" + Writer::open(condition) + ") {", Writer::uses(condition)).inner(then);
  return line("} else {", {}).inner(otherwise).line("}", {});
}

Block& Block::for_each(std::string_view name, const Expression& list, const Block& body) {
  const Uses assigned = assigning(name);
  line("foreach ($" + assignable(name) + " in " + Writer::open(list) + ") {",
       uses_of({&Writer::uses(list), &assigned}));
  return inner(body).line("}", {});
}

Block& Block::repeat_while(const Expression& condition, const Block& body) {
  return line("while (" + Writer::open(condition) + ") {", Writer::uses(condition)).inner(body).line("}", {});
}

Block& Block::and_finally(const Block& body, const Block& last) {
  if (last.uses_.ends) throw std::logic_error("a finally block cannot end the script");
  return line("try {", {}).inner(body).line("} finally {", {}).inner(last).line("}", {});
}

Block& Block::attempt(const Block& body, const Block& rescue) {
  return line("try {", {}).inner(body).line("} catch {", {}).inner(rescue).line("}", {});
}

Block& Block::fail(std::string_view code, const Expression& message) {
  if (code != elsewhere && !is_failure_code(code)) {
    throw std::logic_error("a script fails with a code outside the list: " + std::string(code));
  }
  return line("return @{ 'code' = " + single_quoted(code) + "; 'message' = [string]" + Writer::operand(message) + " }",
              ending(message));
}

Block& Block::fail(steps::FailureCode code, const Expression& message) {
  return fail(steps::to_text(code), message);
}

Block& Block::answer(const Expression& value) {
  return line("return @{ 'value' = " + Writer::operand(value) + " }", ending(value));
}

Block& Block::answer_line(const Expression& value) {
  return line("return @{ 'line' = [string]" + Writer::operand(value) + " }", ending(value));
}

Block& Block::append(const Block& more) {
  lines_.insert(lines_.end(), more.lines_.begin(), more.lines_.end());
  uses_.add(more.uses_);
  return *this;
}

std::string to_text(const Block& block) {
  check_whole(Writer::uses(block));
  std::string text(before_the_block);
  // A block of nothing would be read as an open table by tree-sitter-powershell.
  if (block.empty()) text += "  return\n";
  for (const std::string& line : block.lines()) text += "  " + line + "\n";
  return text + std::string(after_the_block);
}

}  // namespace rehearse::real::ps
