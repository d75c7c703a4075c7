// Variables and what can stand left of an assignment.
#include <algorithm>
#include <set>

#include "tests/far_side/conversions.hpp"
#include "tests/far_side/dotnet.hpp"
#include "tests/far_side/interpreter.hpp"

namespace far_side {
namespace {

/// $script:name -> {"script", "name"}.
std::pair<std::string, std::string> qualified(const std::string& name) {
  const std::size_t colon = name.find(':');
  if (colon == name.npos) return {"", name};
  return {name.substr(0, colon), name.substr(colon + 1)};
}

bool is_one_of(const std::string& name, const std::set<std::string, NoCase>& names) {
  return names.count(name) != 0;
}

/// "-", "+" of "-=", "+=".
std::string operation_of(const std::string& assignment) {
  return assignment.substr(0, assignment.size() - 1);
}

/// The expression without the levels of the grammar around it.
Node innermost(Node node) {
  std::vector<Node> parts = node.parts();
  while (parts.size() == 1 && (node.kind().ends_with("_expression") || node.is("expression_with_unary_operator") ||
                               node.is("expression_with_unary_operator"))) {
    node = parts.front();
    parts = node.parts();
  }
  return node;
}

Error cannot_assign(const std::string& name) {
  Error error(
      "The property '" + name + "' cannot be found on this object. Verify that the property exists and can be set.",
      "InvalidOperation", "PropertyNotFound");
  error.ends_statement = true;
  return error;
}

}  // namespace

Value* Interpreter::find_variable(const std::string& name) {
  for (Scope* scope = scope_; scope != nullptr; scope = scope->parent) {
    const auto found = scope->variables.find(name);
    if (found != scope->variables.end()) return &found->second;
  }
  return nullptr;
}

Value Interpreter::read_variable(const std::string& name) {
  const auto [where, plain] = qualified(name);
  if (same_text(where, "env")) return invoke_static("System.Environment", "GetEnvironmentVariable", {Value(plain)});
  if (same_text(where, "script") || same_text(where, "global")) {
    const auto found = global_.variables.find(plain);
    return found == global_.variables.end() ? Value() : found->second;
  }
  if (!where.empty() && !same_text(where, "local"))
    throw std::logic_error("the scope of $" + name + " is not known here");
  if (same_text(plain, "PSItem")) return read_variable("_");
  if (plain == "?") return succeeded_;
  if (Value* found = find_variable(plain)) return *found;
  static const std::set<std::string, NoCase> automatic = {
      "args",    "ExecutionContext", "HOME",    "Host",         "MyInvocation",     "PID",
      "PROFILE", "PSCmdlet",         "PSHOME",  "PSScriptRoot", "PSCommandPath",    "PSVersionTable",
      "PWD",     "StackTrace",       "foreach", "switch",       "PSBoundParameters"};
  if (is_one_of(plain, automatic)) throw std::logic_error("the automatic variable $" + plain + " is not known here");
  return {};  // without strict mode a variable that was never set is $null
}

void Interpreter::set_variable(const std::string& name, const Value& value) {
  const auto [where, plain] = qualified(name);
  if (same_text(plain, "null")) return;
  static const std::set<std::string, NoCase> constant = {
      "true",   "false",   "Error",          "ExecutionContext", "HOME",      "Host",        "PID",
      "PSHOME", "ShellId", "PSVersionTable", "PSEdition",        "PSCulture", "PSUICulture", "?"};
  if (is_one_of(plain, constant)) {
    throw Thrown(Error("Cannot overwrite variable " + plain + " because it is read-only or constant.", "WriteError",
                       "VariableNotWritable"));
  }
  static const std::set<std::string, NoCase> automatic = {
      "_",       "args",   "input",  "Matches",  "MyInvocation",      "this",        "sender", "event",
      "foreach", "switch", "PSItem", "PSCmdlet", "PSBoundParameters", "LASTEXITCODE"};
  if (is_one_of(plain, automatic)) throw std::logic_error("the script assigns the automatic variable $" + plain);
  Scope* scope = scope_;
  if (same_text(where, "script") || same_text(where, "global")) {
    scope = &global_;
  } else if (!where.empty() && !same_text(where, "local")) {
    throw std::logic_error("the scope of $" + name + " is not known here");
  }
  const auto type = scope->types.find(plain);
  if (type == scope->types.end()) {
    scope->variables[plain] = value;
    return;
  }
  std::optional<Value> result = converted(type->second, value);
  if (!result && !value.is_null()) throw std::logic_error("a variable of type " + type->second + " is not known here");
  scope->variables[plain] = result ? *result : Value();
}

std::string Interpreter::preference(const std::string& name) {
  const Value* found = find_variable(name);
  return found == nullptr ? "" : found->text();
}

Value Interpreter::assign(const Node& assignment) {
  const Node target = innermost(assignment.child("left_assignment_expression").children().at(0));
  const std::string operation = assignment.child("assignement_operator").text();
  Value value = value_of_statement(assignment.field("value").at(0));
  if (operation != "=") value = calculated(evaluate(target), operation_of(operation), value);
  assign_to(target, value);
  return value;
}

void Interpreter::assign_to(const Node& target, const Value& value) {
  if (target.is("variable")) {
    const std::string text = target.folded();
    const std::string name = text.starts_with("${") ? text.substr(2, text.size() - 3) : text.substr(1);
    return set_variable(name, value);
  }
  if (target.is("member_access")) return set_member(target, value);
  if (target.is("element_access")) return set_element(target, value);
  if (target.is("cast_expression")) {
    const Node variable = innermost(target.children().at(1));
    if (variable.is("variable")) {
      const std::string type = type_of(target.children().at(0));
      scope_->types.erase(variable.folded().substr(1));
      set_variable(variable.folded().substr(1), cast(target, type, value));
      scope_->types[variable.folded().substr(1)] = type;
      return;
    }
  }
  not_known(target, "an assignment to a " + std::string(target.kind()));
}

void Interpreter::set_member(const Node& access, const Value& value) {
  const std::vector<Node> parts = access.parts();
  const std::string name = member_name(access);
  if (parts[1].is("::")) not_known(access, "an assignment to a static member");
  const Value target = evaluate(parts[0]);
  const Value kept = value.is_null() ? Value() : value;
  Object* object = target.object();
  if (object == nullptr) throw cannot_assign(name);
  if (object->assign) {
    try {
      return object->assign(name, kept);
    } catch (const Error& error) {
      if (error.type == "System.Management.Automation.SetValueInvocationException") throw;
      Error outer("Exception setting \"" + name + "\": \"" + error.what() + "\"", "NotSpecified",
                  "ExceptionWhenSetting");
      outer.type = "System.Management.Automation.SetValueInvocationException";
      outer.inner = wrapped(error, name, 1).inner;
      outer.ends_statement = true;
      throw outer;
    }
  }
  const bool open = object->type == "System.Collections.Hashtable";
  if (!open && object->members.count(name) == 0) throw cannot_assign(name);
  object->members[name] = kept;
}

void Interpreter::set_element(const Node& access, const Value& value) {
  const std::vector<Node> parts = access.children();
  const Value target = evaluate(parts.at(0));
  const Value index = evaluate(parts.at(1));
  const Value kept = value.is_null() ? Value() : value;
  if (target.is_null()) throw Error("Cannot index into a null array.", "InvalidOperation", "NullArray");
  if (index.is_null()) {
    throw Error("Index operation failed; the array index evaluated to null.", "InvalidOperation", "NullArrayIndex");
  }
  if (Object* object = target.object()) {
    if (object->type == "System.Collections.Hashtable") {
      object->members[index.text()] = kept;
      return;
    }
    if (object->call) {
      object->call("set_Item", {index, kept});
      return;
    }
  }
  if (const auto* array = std::get_if<std::shared_ptr<Array>>(&target.data)) {
    const std::int64_t at = index.whole();
    const auto size = static_cast<std::int64_t>((*array)->size());
    if (at < -size || at >= size) {
      throw Error("Index was outside the bounds of the array.", "OperationStopped", "System.IndexOutOfRangeException");
    }
    (**array)[static_cast<std::size_t>(at < 0 ? at + size : at)] = kept;
    return;
  }
  throw Error("Unable to index into an object of type " + type_name(target) + ".", "InvalidOperation", "CannotIndex");
}

Value Interpreter::increment(const Node& expression) {
  const std::vector<Node> parts = expression.parts();
  const bool before = expression.kind().starts_with("pre_");
  const Node target = innermost(before ? parts.at(1) : parts.at(0));
  const Value old = evaluate(target);
  const Value changed =
      calculated(old, expression.kind().find("increment") != std::string_view::npos ? "+" : "-", Value(1));
  assign_to(target, changed);
  return before ? changed : old.is_null() ? Value(0) : old;
}

}  // namespace far_side
