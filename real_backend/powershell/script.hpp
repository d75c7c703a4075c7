// A PowerShell script as a value. It is built from expressions, commands and statements, never from text: the only
// way a text of the user gets in is literal(), which quotes it, and a command that Windows does not have, or a
// parameter that its cmdlet does not take, is refused while the script is built (command_table.hpp). What comes out is
// a plain script, to be read by people and by any parser.
//
// The vocabulary is small on purpose: assignments, commands, if, foreach, while, the usual operators. It is written so
// that Windows PowerShell 5.1 and PowerShell 7 understand the same by it. Whatever breaks a rule of this header throws
// std::logic_error while the script is built: such a script would be wrong on every machine.
//
// Traps of the language that a script still has to mind:
//   - A command answers nothing, one thing or many; list({value_of(command)}) is a list in every case.
//   - $null is an item: list({variable("x")}) has one item when x is $null.
//   - An operator whose left side is a list compares each item and answers those that match; put null() on the left.
//   - What a cmdlet returned carries more than its text when it becomes JSON: answer cast("string", ...) of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/steps/failure.hpp"
#include "model/steps/secret.hpp"

namespace rehearse::real::ps {

class Command;
class Block;

/// What a part of a script uses and does: so that the whole can be checked.
struct Uses {
  std::vector<steps::Secret> secrets;
  std::vector<std::string> variables;  // read
  std::vector<std::string> assigned;
  bool ends = false;   // holds an answer() or a fail()
  bool emits = false;  // holds an emit()

  void add(const Uses& more);
};

/// Something that has a value; cheap to copy.
class Expression {
 public:
  /// Valid wherever PowerShell takes a value: it carries its own brackets where it needs them.
  std::string text() const;

  // Names are letters, digits and _ only. .NET members of objects are not checked: scripts do not know their types.
  Expression member(std::string_view name) const;                                                 // .Name
  Expression method(std::string_view name, const std::vector<Expression>& arguments = {}) const;  // .Name(a, b)
  Expression at(const Expression& index) const;                                                   // [index]

 private:
  friend struct Writer;
  Expression() = default;
  // Where it needs brackets: nowhere; as the argument of a command; there and as part of a larger expression.
  enum class Shape : unsigned char { word, value, operation };

  std::string text_;  // without brackets around it
  Shape shape_ = Shape::word;
  std::string ending_;  // the end of the text it stands for, as far as it is known: the name of a program
  Uses uses_;
};

// ---- values
Expression literal(std::string_view text);  // single-quoted; throws std::invalid_argument as single_quoted does
Expression literal(const char* text);
Expression literal(const std::string& text);
Expression number(std::int64_t value);
Expression flag(bool value);  // $true, $false
Expression null();
Expression list(const std::vector<Expression>& items);  // @(a, b); list({a}) of an array a is that array
Expression list_of(const std::vector<std::string>& texts);
Expression table(const std::vector<std::pair<std::string, Expression>>& entries);  // @{ 'Key' = value; ... }
/// $name: letters, digits and _ only. The script has to assign it somewhere; of PowerShell's own variables only
/// $Matches, $Error, $PID and $PSVersionTable can be read.
Expression variable(std::string_view name);
Expression item();  // $_, in the blocks of Where-Object and ForEach-Object, and in the rescue of attempt()
/// What was handed over beside the script: its text never stands in the script. Evaluates to a [string]. Refuses the
/// empty secret.
Expression secret(const steps::Secret& secret);

// ---- .NET, by full type name ("System.IO.File"). Only what the command table has.
Expression type_member(std::string_view type, std::string_view name);  // [T]::Name
Expression type_method(std::string_view type, std::string_view name, const std::vector<Expression>& arguments);
Expression new_object(std::string_view type, const std::vector<Expression>& arguments = {});  // [T]::new(a)
Expression cast(std::string_view type, const Expression& value);  // [T]value; T as in the table, "byte[]" for lists

// ---- operators: comparisons of texts are blind to case; like takes * and ?, matches and split_by regular expressions.
enum class Operator : unsigned char {
  equal,
  not_equal,
  less,
  greater,
  at_least,
  at_most,
  like,
  matches,
  contains,
  in,
  plus,
  minus,
  both,
  either,
  joined,
  split_by
};
Expression binary(const Expression& left, Operator op, const Expression& right);
Expression negate(const Expression& value);  // -not

// ---- commands
/// One call of a cmdlet: `Command("Move-ClusterGroup").with("Name", literal(role)).flag("IgnoreLocked")`. Refuses a
/// cmdlet or a parameter that is not in the command table, a value given to a switch, a switch value where a value
/// belongs, and a parameter given twice. ForEach-Object takes nothing but Process.
class Command {
 public:
  explicit Command(std::string_view cmdlet);
  Command& with(std::string_view parameter, const Expression& value);
  /// A script block as value: Where-Object -FilterScript { ... }, Invoke-Command -ScriptBlock { ... }. It cannot end
  /// the script: no answer() and no fail() inside.
  Command& with(std::string_view parameter, const Block& block);
  Command& flag(std::string_view parameter);
  const std::string& text() const { return text_; }

 private:
  friend struct Writer;
  const std::string& begin(std::string_view parameter);

  std::string cmdlet_;
  std::string text_;
  std::vector<std::string> given_;
  Uses uses_;
};
/// The value of a command: (Get-Thing ...).
Expression value_of(const Command& command);
/// first | second | third, as a command line whose value can be taken.
Expression pipeline(const Expression& first, const std::vector<Command>& then);
Expression pipeline(const Command& first, const std::vector<Command>& then);
/// A program that is no cmdlet: & 'netsh.exe' 'http' 'show'; its value is what it wrote, to its error stream too, one
/// text a line. The last part of its path must be a known text and in the command table. Its exit code is in
/// `exit_code()` afterwards; nothing else tells of its failure. Programs see their arguments on a command line: an
/// argument with a secret is refused. Windows PowerShell passes arguments with a double quote, and empty ones, wrongly:
/// literals of that kind are refused too.
Expression native(const Expression& program, const std::vector<Expression>& arguments);
Expression exit_code();  // $LASTEXITCODE

// ---- statements
/// A sequence of statements.
class Block {
 public:
  /// $name = value. Not for PowerShell's own variables.
  Block& let(std::string_view name, const Expression& value);
  Block& set_member(const Expression& object, std::string_view name, const Expression& value);  // $o.Name = value
  Block& run(const Command& command);                                                           // output thrown away
  Block& run(const Expression& expression);                                                     // output thrown away
  /// The output of a script block, for ForEach-Object and the like; not of a whole script.
  Block& emit(const Expression& expression);
  Block& when(const Expression& condition, const Block& then);
  Block& when(const Expression& condition, const Block& then, const Block& otherwise);
  Block& for_each(std::string_view name, const Expression& list, const Block& body);
  Block& repeat_while(const Expression& condition, const Block& body);
  /// try { body } finally { last }: for what must not stay behind. `last` cannot end the script.
  Block& and_finally(const Block& body, const Block& last);
  /// try { body } catch { rescue }; in `rescue` item() is the error record. An answer in `body` ends the script and is
  /// no error. What stops the script from outside is not caught.
  Block& attempt(const Block& body, const Block& rescue);
  /// Ends the script with a failure of ours: a FailureCode's text, or `elsewhere` (primitives.hpp), and a message.
  Block& fail(std::string_view code, const Expression& message);
  Block& fail(steps::FailureCode code, const Expression& message);
  /// Ends the script; its answer is this value. Arrays stay arrays, also of one or no item.
  Block& answer(const Expression& value);
  /// Ends the script; its answer is that of another script, whose line this text is.
  Block& answer_line(const Expression& line);
  Block& append(const Block& more);

  bool empty() const { return lines_.empty(); }
  const std::vector<std::string>& lines() const { return lines_; }
  const std::vector<steps::Secret>& secrets() const { return uses_.secrets; }

 private:
  friend struct Writer;
  Block& line(std::string text, const Uses& uses);
  Block& inner(const Block& block);

  std::vector<std::string> lines_;
  Uses uses_;
};

/// The whole script: `param($Secrets)`, Windows' preferences, the block, and one line of JSON as output:
/// {"ok":true,"value":V}, or {"ok":false,"code":C,"message":M,"category":...,"id":...,"hresult":...,"win32":...,
/// "cmdlet":...,"number":...}, where C is the code of fail() (then there is only a message), and empty for errors of
/// Windows' own. The message of those has those of their inner exceptions added, `hresult` is the innermost one's,
/// `win32` its error number where it is one of Win32 (its HRESULT then says nothing), and `number` is SQL Server's.
/// After answer_line() it is the line given there. A block that comes to its end without an answer answers null, which
/// is "done". Refuses a block that emits, and one that reads a variable that it never assigns.
std::string to_text(const Block& block);

}  // namespace rehearse::real::ps
