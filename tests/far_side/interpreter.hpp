// The interpreter behind interpret(): it walks the tree of tree-sitter-powershell and does what Windows PowerShell 5.1
// does for each construct that it knows. Any other construct is a std::logic_error that names it with line and column:
// a guess would make a test of the scripts worthless. Its parts: statements.cpp, expressions.cpp, assignments.cpp,
// commands.cpp, language_commands.cpp, error_records.cpp.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/far_side/operators.hpp"
#include "tests/far_side/syntax.hpp"
#include "tests/far_side/value.hpp"

namespace far_side {

using Variables = std::map<std::string, Value, NoCase>;

/// PowerShell looks variables up along the chain of callers and assigns them in the innermost scope.
struct Scope {
  Variables variables;
  std::map<std::string, std::string, NoCase> types;  // [int]$x = ...: every later value is converted
  std::map<std::string, Value, NoCase> functions;
  Scope* parent = nullptr;
};

/// What `exit`, or a stop from outside, does to a script.
struct Exited {
  std::int64_t code;
};
struct Stopped {};

/// An error that ends the whole script unless it is caught: throw, and errors that -ErrorAction Stop makes so.
struct Thrown : Error {
  explicit Thrown(const Error& error) : Error(error) {}
};

class Interpreter {
 public:
  /// `stop`, set by another thread, ends the script before its next statement; finally blocks still run.
  explicit Interpreter(MachineSide& machine, const std::atomic<bool>* stop = nullptr);

  /// Throws Error for what the script does not catch, std::invalid_argument for a script that cannot be parsed, Exited
  /// and Stopped.
  Array run(const std::string& script, const Variables& parameters);
  /// Errors that did not end the script.
  const std::vector<Error>& told() const { return told_; }

 private:
  friend class LanguageCommand;

  struct Argument {
    std::optional<std::string> parameter;
    std::optional<Value> value;
    bool with_colon = false;
  };

  // statements.cpp
  void run_statements(const Node& list, Array& out);
  void run_statement(const Node& statement, Array& out);
  void act(const Node& statement, Array& out);
  void run_block_statement(const Node& statement_block, Array& out);
  void run_if(const Node& statement, Array& out);
  void run_foreach(const Node& statement, Array& out);
  void run_while(const Node& statement, Array& out);
  void run_do(const Node& statement, Array& out);
  bool run_loop_body(const Node& body, Array& out);
  void run_try(const Node& statement, Array& out);
  bool run_catch(const Node& clauses, const Error& error, Array& out);
  void run_flow(const Node& statement, Array& out);
  void define_function(const Node& statement);
  void mind_stop() const;

  // Script blocks. `call_block` gives it a scope of its own, `run_inline` does not (ForEach-Object, Where-Object).
  Value make_block(const Node& expression);
  Value block_of(const std::string& script);  // [scriptblock]::Create
  Array call_block(const Node& script_block, const std::vector<Argument>& arguments, const Array& input);
  Array run_inline(const Value& block, const Value& item);
  Array run_body(const Node& script_block);
  void bind_parameters(const Node& param_block, const std::vector<Argument>& arguments);
  Node node_of(const Value& block) const;
  const Syntax& parsed(const std::string& script);

  // expressions.cpp
  Value value_of_statement(const Node& statement);
  Value evaluate(const Node& expression);
  Value evaluate_binary(const Node& expression);
  Value evaluate_unary(const Node& expression);
  Value evaluate_literal(const Node& literal);
  Value evaluate_expandable(const Node& literal);
  Value evaluate_hashtable(const Node& literal);
  Value evaluate_variable(const Node& variable);
  Value evaluate_member(const Node& access);
  Value evaluate_element(const Node& access);
  Value evaluate_invocation(const Node& invocation);
  Value invoke(const Node& place, const Value& target, const std::string& name, const Array& arguments);
  Value invoke_static(const std::string& type, const std::string& name, const Array& arguments);
  Value static_member(const std::string& type, const std::string& name);
  std::string member_name(const Node& access);
  std::string type_of(const Node& type_literal) const;
  Value cast(const Node& place, const std::string& type, const Value& value);
  Value checked_type(const Node& comparison, const std::string& operation, const Value& left);

  // assignments.cpp
  Value assign(const Node& assignment);
  void assign_to(const Node& target, const Value& value);
  void set_member(const Node& access, const Value& value);
  void set_element(const Node& access, const Value& value);
  Value increment(const Node& expression);

  // Variables
  Value* find_variable(const std::string& name);
  Value read_variable(const std::string& name);
  void set_variable(const std::string& name, const Value& value);
  std::string preference(const std::string& name);

  // commands.cpp
  void run_pipeline(const Node& pipeline, Array& out);
  Array run_command(const Node& command, const Array& input, bool piped);
  std::vector<Argument> arguments_of(const Node& elements);
  Value argument_value(const Node& element);
  Array run_named(const Node& place, const std::string& name, const std::vector<Argument>& arguments,
                  const Array& input, bool piped);
  Array run_cmdlet(Call call, bool piped);
  Array run_program(const std::string& program, const std::vector<Argument>& arguments);
  Call call_of(const std::string& name, const std::vector<Argument>& arguments, const Array& input) const;

  // error_records.cpp
  void tell(const Error& error);

  MachineSide& machine_;
  const std::atomic<bool>* stop_;
  std::vector<std::shared_ptr<const Syntax>> scripts_;
  Scope global_;
  Scope* scope_ = &global_;
  int tries_ = 0;  // try blocks around what runs
  bool succeeded_ = true;
  std::vector<Error> told_;
};

/// std::logic_error "3:17: ... is not known here".
[[noreturn]] void not_known(const Node& node, const std::string& what);

/// What a pipeline makes of a value: arrays and collections taken apart, nothing of nothing.
void emit(const Value& value, Array& out);
/// What an assignment makes of a pipeline's output.
Value collapsed(Array output);

/// $_ in a catch block, and back.
Value error_record(const Error& error);
Error error_of(const Value& thrown);
/// The exception that scripts see when a method of .NET throws.
Error wrapped(const Error& error, const std::string& method, std::size_t arguments);

}  // namespace far_side
