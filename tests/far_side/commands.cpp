// Pipelines and the calls of commands in them.
#include <algorithm>
#include <cctype>
#include <set>

#include "tests/far_side/dotnet.hpp"
#include "tests/far_side/interpreter.hpp"
#include "tests/far_side/language_commands.hpp"

namespace far_side {
namespace {

bool is_increment(Node node) {
  std::vector<Node> parts = node.parts();
  while (parts.size() == 1) {
    node = parts.front();
    parts = node.parts();
  }
  return node.kind().find("crement_expression") != std::string_view::npos;
}

bool is_program(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  const std::string extension = dot == name.npos ? "" : name.substr(dot);
  return same_text(extension, ".exe") || same_text(extension, ".com") || same_text(extension, ".cmd") ||
         same_text(extension, ".bat") || name.find('\\') != name.npos || name.find('-') == name.npos;
}

/// What every cmdlet takes, and the interpreter minds.
bool is_common(const std::string& parameter) {
  static const std::set<std::string, NoCase> common = {
      "Verbose",           "Debug",         "ErrorAction",     "WarningAction",
      "InformationAction", "ErrorVariable", "WarningVariable", "InformationVariable",
      "OutVariable",       "OutBuffer",     "PipelineVariable"};
  return common.count(parameter) != 0;
}

std::string without_dash(const std::string& parameter) {
  return parameter.substr(1);
}

}  // namespace

void Interpreter::run_pipeline(const Node& pipeline, Array& out) {
  const std::vector<Node> stages = pipeline.children();
  Array flowing;
  bool first = true;
  for (const Node& stage : stages) {
    if (stage.is("assignment_expression")) {
      assign(stage);
      return;
    }
    if (stage.is("command")) {
      flowing = run_command(stage, flowing, !first);
    } else if (first && stage.kind().ends_with("_expression")) {
      const Value value = evaluate(stage);
      if (stages.size() > 1 || !is_increment(stage)) emit(value, flowing);
    } else {
      not_known(stage, "a " + std::string(stage.kind()) + " in a pipeline");
    }
    first = false;
  }
  out.insert(out.end(), flowing.begin(), flowing.end());
}

Value Interpreter::argument_value(const Node& element) {
  if (element.is("generic_token")) {
    const std::string text = element.folded();
    if (text.find_first_of("$`*?") != text.npos) not_known(element, "a bare word with special characters");
    return element.text();
  }
  const Value value = evaluate(element);
  return value.is_null() ? Value() : value;
}

std::vector<Interpreter::Argument> Interpreter::arguments_of(const Node& elements) {
  std::vector<Argument> arguments;
  bool waits = false;      // the last argument is a parameter that may take the next value
  bool separated = false;  // there was a blank or a colon before this element
  bool with_colon = false;
  for (const Node& element : elements.parts()) {
    if (element.is("command_argument_sep")) {
      separated = true;
      with_colon = with_colon || element.folded() == ":";
      continue;
    }
    if (element.is("command_parameter")) {
      if (element.folded() == "--") not_known(element, "the end of parameters");
      arguments.push_back({without_dash(element.folded()), std::nullopt});
      waits = true;
    } else if (element.is("redirection")) {
      if (element.folded() != "2>&1") not_known(element, "a redirection");
    } else if (element.is("argument_list") || element.is("stop_parsing")) {
      not_known(element, "an argument of this kind");
    } else {
      if (!separated && !element.is("parenthesized_expression"))
        not_known(element, "an argument without a blank before");
      const std::string text = element.folded();
      if (text.size() > 1 && text[0] == '@' && text[1] != '(' && text[1] != '{') {
        const Value splatted = read_variable(text.substr(1));
        if (splatted.object() != nullptr && splatted.object()->type == "System.Collections.Hashtable") {
          for (const auto& [name, value] : splatted.object()->members) arguments.push_back({name, value, true});
        } else {
          for (const Value& value : splatted.items()) arguments.push_back({std::nullopt, value});
        }
        waits = false;
      } else if (waits) {
        arguments.back().value = argument_value(element);
        arguments.back().with_colon = with_colon;
        waits = false;
      } else {
        arguments.push_back({std::nullopt, argument_value(element)});
      }
    }
    separated = false;
    with_colon = false;
  }
  return arguments;
}

Array Interpreter::run_command(const Node& command, const Array& input, bool piped) {
  if (command.has("foreach_command")) {
    Array out;
    for (const Node& block : command.child("foreach_command").children()) {
      if (!block.is("script_block_expression")) not_known(block, "an argument of ForEach-Object");
      if (command.child("foreach_command").children().size() > 1)
        not_known(command, "ForEach-Object with several blocks");
      const Value each = make_block(block);
      for (const Value& item : input) {
        const Array made = run_inline(each, item);
        out.insert(out.end(), made.begin(), made.end());
      }
    }
    return out;
  }
  std::vector<Argument> arguments;
  if (command.has("command_name")) {
    const std::string name = command.child("command_name").folded();
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
             c == '.' || c == '\\';
    });
    // The grammar takes "1..3" for a command; PowerShell does not.
    if (!plain || (name[0] >= '0' && name[0] <= '9')) not_known(command, "a command of this name");
    if (command.has("command_elements")) arguments = arguments_of(command.child("command_elements"));
    return run_named(command, name, arguments, input, piped);
  }
  if (!command.has("command_invokation_operator")) not_known(command, "a command of this kind");
  const Node called = command.child("command_name_expr");
  const bool dot_sourced = command.child("command_invokation_operator").folded() == ".";
  Node inner = called.parts().at(0);
  if (inner.is("path_command_name")) {
    if (inner.parts().size() != 1 || !inner.parts()[0].is("variable")) not_known(called, "a path as a command");
    inner = inner.parts()[0];
  }
  if (inner.is("command_name")) {
    if (command.has("command_elements")) arguments = arguments_of(command.child("command_elements"));
    return run_named(command, inner.folded(), arguments, input, piped);
  }
  const Value target = evaluate(inner);
  if (command.has("command_elements")) arguments = arguments_of(command.child("command_elements"));
  if (const auto* block = std::get_if<std::shared_ptr<ScriptBlock>>(&target.data)) {
    if ((*block)->source == nullptr) return (*block)->run(Value(), {});
    if (dot_sourced) {
      if (!arguments.empty()) not_known(command, "dot sourcing with arguments");
      return run_body(node_of(target));
    }
    return call_block(node_of(target), arguments, input);
  }
  if (target.is_null() || target.text().empty()) {
    Error error(
        "The expression after '&' in a pipeline element produced an object that was not valid. It must result "
        "in a command name, a script block, or a CommandInfo object.",
        "InvalidOperation", "BadExpression");
    error.ends_statement = true;
    throw error;
  }
  return run_named(command, target.text(), arguments, input, piped);
}

Array Interpreter::run_named(const Node& place, const std::string& name, const std::vector<Argument>& arguments,
                             const Array& input, bool piped) {
  for (Scope* scope = scope_; scope != nullptr; scope = scope->parent) {
    const auto function = scope->functions.find(name);
    if (function != scope->functions.end()) return call_block(node_of(function->second), arguments, input);
  }
  if (is_program(name)) return run_program(name, arguments);
  try {
    return run_cmdlet(call_of(name, arguments, input), piped);
  } catch (const std::logic_error& error) {
    if (std::isdigit(static_cast<unsigned char>(error.what()[0])) != 0) throw;  // it tells its place already
    throw std::logic_error(to_text(place.place()) + ": " + error.what());
  }
}

Call Interpreter::call_of(const std::string& name, const std::vector<Argument>& arguments, const Array& input) const {
  Call call;
  call.cmdlet = name;
  call.input = input;
  for (Value& item : call.input) {
    if (item.is_null()) item = Value();
  }
  for (const Argument& argument : arguments) {
    if (!argument.parameter) {
      call.positional.push_back(*argument.value);
    } else if (!call.named.emplace(*argument.parameter, argument.value ? *argument.value : Value(true)).second) {
      Error error("Cannot bind parameter because parameter '" + *argument.parameter +
                      "' is specified more than once. To provide multiple values to parameters that can accept "
                      "multiple values, use the array syntax. For example, \"-parameter value1,value2,value3\".",
                  "InvalidArgument", "ParameterAlreadyBound," + name);
      error.type = "System.Management.Automation.ParameterBindingException";
      error.ends_statement = true;
      throw error;
    }
  }
  return call;
}

Array Interpreter::run_cmdlet(Call call, bool piped) {
  std::string action = preference("ErrorActionPreference");
  bool stated = false;
  for (auto parameter = call.named.begin(); parameter != call.named.end();) {
    if (!is_common(parameter->first)) {
      ++parameter;
      continue;
    }
    if (same_text(parameter->first, "ErrorAction")) {
      action = parameter->second.text();
      stated = true;
    } else if (parameter->first.size() > 8 &&
               same_text(parameter->first.substr(parameter->first.size() - 8), "Variable")) {
      throw std::logic_error("-" + parameter->first + " is not known here");
    }
    parameter = call.named.erase(parameter);
  }
  LanguageCommand language(*this);
  try {
    if (std::optional<Array> out = language.run(call, piped)) return *out;
    if (piped && call.input.empty()) return {};
    return machine_.run(call);
  } catch (const Thrown&) {
    throw;
  } catch (const Error& error) {
    Error named = error;
    if (named.cmdlet.empty()) named.cmdlet = call.cmdlet;
    if (error.ends_statement || same_text(action, "Inquire")) throw named;
    if (same_text(action, "Stop")) {
      if (stated) throw Thrown(named);
      throw named;
    }
    if (!same_text(action, "Ignore")) tell(named);
    return {};
  }
}

Array Interpreter::run_program(const std::string& program, const std::vector<Argument>& arguments) {
  Array words;
  for (const Argument& argument : arguments) {
    if (argument.parameter) words.push_back("-" + *argument.parameter);
    if (!argument.value) continue;
    for (const Value& item : argument.value->items()) words.push_back(item.text());
  }
  std::int64_t exit_code = 0;
  const Array lines = machine_.run_program(program, words, exit_code);
  global_.variables["LASTEXITCODE"] = exit_code;
  return lines;
}

}  // namespace far_side
