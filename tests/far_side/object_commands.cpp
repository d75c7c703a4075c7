// Those of the language's cmdlets that make objects, texts of them, and output.
#include "tests/far_side/conversions.hpp"
#include "tests/far_side/json_text.hpp"
#include "tests/far_side/language_commands.hpp"

namespace far_side {

void check_parameters(const Call& call, const ParameterNames& known, const ParameterNames& existing) {
  for (const auto& [name, value] : call.named) {
    if (known.count(name) != 0) continue;
    if (existing.count(name) != 0) throw std::logic_error(call.cmdlet + " -" + name + " is not known here");
    Error error("A parameter cannot be found that matches parameter name '" + name + "'.", "InvalidArgument",
                "NamedParameterNotFound,Microsoft.PowerShell.Commands." + call.cmdlet);
    error.type = "System.Management.Automation.ParameterBindingException";
    error.ends_statement = true;
    throw error;
  }
}

Value parameter(const Call& call, const std::string& name, std::size_t place) {
  if (call.has(name)) return call[name];
  return place < call.positional.size() ? call.positional[place] : Value();
}

void check_positions(const Call& call, std::size_t most) {
  if (call.positional.size() <= most) return;
  Error error("A positional parameter cannot be found that accepts argument '" + call.positional[most].text() + "'.",
              "InvalidArgument", "PositionalParameterNotFound,Microsoft.PowerShell.Commands." + call.cmdlet);
  error.type = "System.Management.Automation.ParameterBindingException";
  error.ends_statement = true;
  throw error;
}

Array input_of(const Call& call) {
  return call.has("InputObject") ? Array{call["InputObject"]} : call.input;
}

Array LanguageCommand::convert_to_json(const Call& call, bool piped) {
  check_parameters(call, {"InputObject", "Depth", "Compress"});
  check_positions(call, 1);
  const std::int64_t depth = call.has("Depth") ? call["Depth"].whole() : 2;
  Value value = parameter(call, "InputObject", 0);
  // Several objects of a pipeline become an array, a single one does not.
  if (piped && !call.has("InputObject")) value = call.input.size() == 1 ? call.input.front() : Value(call.input);
  return {to_json(value, depth, call["Compress"].truth())};
}

Array LanguageCommand::convert_from_json(const Call& call) {
  check_parameters(call, {"InputObject"});
  check_positions(call, 1);
  std::string text;
  const Value given = parameter(call, "InputObject", 0);
  for (const Value& line : given.is_null() ? call.input : given.items())
    text += (text.empty() ? "" : "\n") + line.text();
  // An array stays one object here: only the next pipeline takes it apart.
  return {from_json(text)};
}

Array LanguageCommand::new_object(const Call& call) {
  check_parameters(call, {"TypeName", "ArgumentList", "Property", "ComObject"}, {"Strict"});
  check_positions(call, 2);
  const Value given = parameter(call, "ArgumentList", 1);
  Array arguments;
  for (const Value& argument : given.items()) arguments.push_back(argument);
  if (call.has("ComObject")) return {interpreter_.machine_.new_object("ComObject", {call["ComObject"]})};
  const std::string type = full_type_name(parameter(call, "TypeName", 0).text());
  Value made;
  try {
    made = interpreter_.invoke_static(type, "new", arguments);
  } catch (const Error& error) {
    Error outer = error;
    outer.category = "InvalidOperation";
    outer.id = "ConstructorInvokedThrowException,Microsoft.PowerShell.Commands.NewObjectCommand";
    throw outer;
  }
  if (call.has("Property")) {
    const Object* properties = call["Property"].object();
    if (properties == nullptr || made.object() == nullptr) throw std::logic_error("New-Object -Property of no table");
    for (const auto& [name, value] : properties->members) {
      if (made.object()->assign) {
        made.object()->assign(name, value);
      } else {
        made.object()->members[name] = value;
      }
    }
  }
  return {made};
}

Array LanguageCommand::add_member(const Call& call) {
  check_parameters(
      call,
      {"InputObject", "MemberType", "Name", "Value", "NotePropertyName", "NotePropertyValue", "PassThru", "Force"},
      {"SecondValue", "TypeName", "NotePropertyMembers"});
  if (call.has("MemberType") && !same_text(call["MemberType"].text(), "NoteProperty")) {
    throw std::logic_error("Add-Member of another kind than NoteProperty is not known here");
  }
  const std::string name = call.has("Name") ? call["Name"].text() : call["NotePropertyName"].text();
  const Value value = call.has("Value") ? call["Value"] : call["NotePropertyValue"];
  for (const Value& item : input_of(call)) {
    if (item.object() == nullptr) throw std::logic_error("Add-Member to a value that is no object is not known here");
    item.object()->members[name] = value;
  }
  return call["PassThru"].truth() ? input_of(call) : Array{};
}

Array LanguageCommand::write_output(const Call& call) {
  check_parameters(call, {"InputObject", "NoEnumerate"});
  Array out;
  if (call["NoEnumerate"].truth()) throw std::logic_error("Write-Output -NoEnumerate is not known here");
  if (call.has("InputObject")) emit(call["InputObject"], out);
  for (const Value& value : call.positional) emit(value, out);
  out.insert(out.end(), call.input.begin(), call.input.end());
  return out;
}

Array LanguageCommand::write_error(const Call& call) {
  check_parameters(call, {"Message", "Category", "ErrorId"}, {"Exception", "ErrorRecord", "TargetObject"});
  const std::string id =
      call.has("ErrorId") ? call["ErrorId"].text() : "Microsoft.PowerShell.Commands.WriteErrorException";
  Error error(parameter(call, "Message", 0).text(), call.has("Category") ? call["Category"].text() : "NotSpecified",
              id);
  error.type = "Microsoft.PowerShell.Commands.WriteErrorException";
  throw error;
}

Array LanguageCommand::invoke_here(const Call& call) {
  check_parameters(call, {"ScriptBlock", "ArgumentList", "NoNewScope"}, {"InputObject", "FilePath", "AsJob"});
  const Value block = parameter(call, "ScriptBlock", 0);
  std::vector<Interpreter::Argument> arguments;
  for (const Value& value : call["ArgumentList"].items()) arguments.push_back({std::nullopt, value});
  return interpreter_.call_block(interpreter_.node_of(block), arguments, call.input);
}

}  // namespace far_side
