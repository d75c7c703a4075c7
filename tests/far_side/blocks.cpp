// Script blocks, their scopes and their parameters.
#include <algorithm>

#include "tests/far_side/conversions.hpp"
#include "tests/far_side/flow.hpp"
#include "tests/far_side/interpreter.hpp"

namespace far_side {

Value Interpreter::make_block(const Node& expression) {
  auto block = std::make_shared<ScriptBlock>();
  block->source = std::make_shared<Node>(expression);
  block->run = [this, expression](const Value& item, const Array& arguments) {
    std::vector<Argument> given;
    for (const Value& argument : arguments) given.push_back({std::nullopt, argument});
    const CurrentItem current(scope_->variables, item);
    return call_block(expression, given, {});
  };
  return block;
}

Value Interpreter::block_of(const std::string& script) {
  return make_block(parsed(script).root());
}

Node Interpreter::node_of(const Value& block) const {
  const auto* held = std::get_if<std::shared_ptr<ScriptBlock>>(&block.data);
  if (held == nullptr || (*held)->source == nullptr) throw std::logic_error("this is no script block of the script");
  return *static_cast<const Node*>((*held)->source.get());
}

Array Interpreter::run_body(const Node& script_block) {
  Array out;
  try {
    if (script_block.is("program")) {
      if (script_block.has("statement_list")) run_statements(script_block.child("statement_list"), out);
      return out;
    }
    if (!script_block.has("script_block")) return out;
    const Node inside = script_block.child("script_block");
    if (!inside.has("script_block_body")) return out;
    const Node body = inside.child("script_block_body");
    if (!body.has("statement_list")) not_known(body, "a begin, process or end block");
    run_statements(body.child("statement_list"), out);
  } catch (const Returned&) {
  }
  return out;
}

Array Interpreter::call_block(const Node& script_block, const std::vector<Argument>& arguments, const Array& input) {
  Scope scope;
  scope.parent = scope_;
  const Restored<Scope*> inner(scope_, &scope);
  scope.variables["input"] = Value(Array(input));
  std::optional<Node> parameters;
  if (script_block.has("param_block")) parameters = script_block.child("param_block");
  if (script_block.has("script_block") && script_block.child("script_block").has("param_block")) {
    parameters = script_block.child("script_block").child("param_block");
  }
  if (script_block.has("function_parameter_declaration"))
    parameters = script_block.child("function_parameter_declaration");
  if (parameters) {
    bind_parameters(*parameters, arguments);
  } else {
    Array rest;
    for (const Argument& argument : arguments) {
      if (argument.parameter) rest.push_back("-" + *argument.parameter);
      if (argument.value) rest.push_back(*argument.value);
    }
    scope.variables["args"] = Value(std::move(rest));
  }
  return run_body(script_block);
}

Array Interpreter::run_inline(const Value& block, const Value& item) {
  const CurrentItem current(scope_->variables, item);
  return run_body(node_of(block));
}

void Interpreter::bind_parameters(const Node& param_block, const std::vector<Argument>& arguments) {
  std::vector<Argument> left = arguments;
  const std::vector<Node> parameters =
      param_block.has("parameter_list") ? param_block.child("parameter_list").children() : std::vector<Node>{};
  std::vector<std::optional<Value>> values(parameters.size());
  std::vector<std::string> types(parameters.size());
  const std::string flag = "System.Management.Automation.SwitchParameter";
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Node& parameter = parameters[i];
    if (parameter.has("attribute_list")) {
      for (const Node& attribute : parameter.child("attribute_list").children()) {
        if (!attribute.has("type_literal")) not_known(attribute, "an attribute of a parameter");
        types[i] = type_of(attribute.child("type_literal"));
      }
    }
    const std::string name = parameter.child("variable").folded().substr(1);
    const auto given = std::find_if(left.begin(), left.end(), [&](const Argument& argument) {
      return argument.parameter && same_text(*argument.parameter, name);
    });
    if (given == left.end()) continue;
    if (types[i] == flag && given->value && !given->with_colon) {
      values[i] = Value(true);  // what follows a switch is an argument of its own
      *given = {std::nullopt, given->value};
      continue;
    }
    values[i] = given->value ? *given->value : Value(true);
    left.erase(given);
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string name = parameters[i].child("variable").folded().substr(1);
    const auto next =
        std::find_if(left.begin(), left.end(), [](const Argument& argument) { return !argument.parameter; });
    if (!values[i] && types[i] != flag && next != left.end()) {
      values[i] = next->value;
      left.erase(next);
    }
    if (!values[i]) {
      values[i] = Value();
      if (parameters[i].has("script_parameter_default")) {
        values[i] = evaluate(parameters[i].child("script_parameter_default").children().front());
      }
    }
    if (!types[i].empty()) {
      scope_->types[name] = types[i];
      if (values[i]->is_null() && types[i] == "System.String") values[i] = Value("");
      if (!values[i]->is_null() || types[i] != "System.Object[]") values[i] = cast(parameters[i], types[i], *values[i]);
    }
    scope_->variables[name] = *values[i];
  }
  for (const Argument& argument : left) {
    if (!argument.parameter) continue;
    Error error("A parameter cannot be found that matches parameter name '" + *argument.parameter + "'.",
                "InvalidArgument", "NamedParameterNotFound");
    error.type = "System.Management.Automation.ParameterBindingException";
    error.ends_statement = true;
    throw error;
  }
}

}  // namespace far_side
