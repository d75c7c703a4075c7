// Values of the far side: what the scripts' variables hold in the stand-in for Windows that tests run against. It
// shares no line with the program: the scripts reach it as text, and it takes them apart with a parser of somebody
// else.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace far_side {

/// PowerShell compares names without regard to case.
struct NoCase {
  bool operator()(const std::string& a, const std::string& b) const;
};
bool same_text(const std::string& a, const std::string& b);

class Value;
using Array = std::vector<Value>;

/// Anything with members: hashtables, custom objects, what cmdlets return. `type` is the full .NET name, for messages
/// and casts.
/// An enumeration's value has `shown` (its name) and a member `value__` (its number, which ConvertTo-Json and [int]
/// give); it is equal to its name and to its number. System.DateTime and System.TimeSpan have a member `Ticks`, by
/// which they compare.
struct Object {
  std::string type;
  std::map<std::string, Value, NoCase> members;
  std::function<Value(const std::string& method, const Array& arguments)> call;  // empty: no methods
  std::function<void(const std::string& member, const Value& value)> assign;     // $o.Name = v; empty: into members
  std::optional<std::string> shown;                                              // [string] of it; empty: its type
  /// Members that are asked for whenever they are read (a cluster resource's State); nullopt: look into `members`.
  std::function<std::optional<Value>(const std::string& member)> live;
  std::shared_ptr<Array> elements;  // of a collection that is no array (ArrayList, rows): pipelines take it apart
};

/// A script block, run by whoever got it.
struct ScriptBlock {
  std::function<Array(const Value& item, const Array& arguments)> run;
  std::shared_ptr<const void> source;  // the interpreter's own
};

class Value {
 public:
  using Data = std::variant<std::monostate, bool, std::int64_t, double, std::string, std::shared_ptr<Array>,
                            std::shared_ptr<Object>, std::shared_ptr<ScriptBlock>>;
  Value() = default;
  Value(bool value) : data(value) {}
  Value(int value) : data(std::int64_t{value}) {}
  Value(std::int64_t value) : data(value) {}
  Value(double value) : data(value) {}
  Value(std::string value) : data(std::move(value)) {}
  Value(const char* value) : data(std::string(value)) {}
  Value(Array value);
  Value(std::shared_ptr<Object> value) : data(std::move(value)) {}
  Value(std::shared_ptr<ScriptBlock> value) : data(std::move(value)) {}

  /// Of a command without output: $null, but pipelines and @() find nothing in it. Machines never see it.
  static Value nothing();
  bool is_nothing() const;
  bool is_null() const { return std::holds_alternative<std::monostate>(data) || is_nothing(); }
  bool truth() const;                           // PowerShell's rules
  std::string text() const;                     // [string] of it
  std::int64_t whole() const;                   // throws Error for what is no number
  Array items() const;                          // of an array its items; null: none; else the value itself
  Value member(const std::string& name) const;  // null where there is none, as in PowerShell

  const Array* collection() const;  // of an array or another collection; else a null pointer
  Object* object() const;           // else a null pointer

  Data data;
};

/// What .NET counts as the length of a text.
std::size_t utf16_length(const std::string& text);

std::shared_ptr<Object> make_object(std::string type, std::map<std::string, Value, NoCase> members);
/// enumeration("System.ServiceProcess.ServiceControllerStatus", "Running", 4).
Value enumeration(std::string type, std::string name, std::int64_t number);

/// An error, as scripts catch it. What run() throws obeys -ErrorAction and $ErrorActionPreference, which the
/// interpreter minds, unless `ends_statement` is set: a cmdlet that does not exist, parameters that cannot be bound.
/// What type_member, type_method, new_object and methods of objects throw is the .NET exception itself (`type`
/// "System.IO.FileNotFoundException" and its own message): the interpreter wraps it into the
/// MethodInvocationException 'Exception calling "ReadAllBytes" with "1" argument(s): "..."' that scripts see.
struct Error : std::runtime_error {
  Error(std::string message, std::string the_category = "NotSpecified", std::string the_id = "",
        std::int64_t the_hresult = 0)
      : std::runtime_error(std::move(message)),
        category(std::move(the_category)),
        id(std::move(the_id)),
        hresult(the_hresult) {}
  std::string category;  // "ObjectNotFound", "InvalidOperation", "PermissionDenied", ...
  std::string id;        // FullyQualifiedErrorId
  std::int64_t hresult;
  std::string cmdlet;                                                  // filled in by the interpreter
  std::string type = "System.Management.Automation.RuntimeException";  // of $_.Exception, for typed catches
  bool ends_statement = false;
  Value target;  // $_.TargetObject
  Value inner;   // $_.Exception.InnerException: an object with Message, HResult and whatever its type has (Number, ...)
};

/// One call of a cmdlet, taken from the parse tree.
struct Call {
  std::string cmdlet;
  std::map<std::string, Value, NoCase> named;  // a switch without a value: true
  Array positional;
  Array input;  // from the pipeline
  bool has(const std::string& name) const { return named.count(name) != 0; }
  const Value& operator[](const std::string& name) const;  // null value where it was not given
};

/// What the interpreter asks of the machine that a script runs on. Types come by their full names, accelerators
/// ([datetime], [IO.File]) resolved. The language side knows by itself: what only computes (System.String, Convert,
/// Math, Array, Guid of a text, Text.Encoding, Text.StringBuilder, RegularExpressions.Regex, Version, TimeSpan,
/// DateTime but for the clock, Collections.ArrayList, Generic.List, Hashtable), and the cmdlets Where-Object,
/// ForEach-Object, Select-Object, Sort-Object, Measure-Object, Out-Null, Out-String, ConvertTo-Json, ConvertFrom-Json,
/// New-Object (asked of new_object), Add-Member, Write-Output, Write-Error, Write-Warning, Write-Verbose.
class MachineSide {
 public:
  virtual ~MachineSide() = default;
  /// A cmdlet. Common parameters (-ErrorAction, ...) are not handed on. A cmdlet in a pipeline that nothing came
  /// through is not run.
  virtual Array run(const Call& call) = 0;
  virtual Array run_program(const std::string& program, const Array& arguments, std::int64_t& exit_code) = 0;
  virtual Value type_member(const std::string& type, const std::string& name) = 0;
  /// A cast to a type that the language itself does not know is the method op_Explicit of that type.
  virtual Value type_method(const std::string& type, const std::string& name, const Array& arguments) = 0;
  virtual Value new_object(const std::string& type, const Array& arguments) = 0;
};

/// Runs a whole script: its output lines. `parameters`: what AddParameter handed over ($Secrets). Throws Error for an
/// error that the script did not catch, and std::logic_error for a construct that this stand-in does not know.
Array interpret(const std::string& script, const std::map<std::string, Value, NoCase>& parameters,
                MachineSide& machine);

}  // namespace far_side
