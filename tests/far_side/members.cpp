// Members, indexes, methods and casts of values.
#include "tests/far_side/conversions.hpp"
#include "tests/far_side/dotnet.hpp"
#include "tests/far_side/interpreter.hpp"
#include "tests/far_side/text_units.hpp"

namespace far_side {
namespace {

Error no_method(const Value& target, const std::string& name) {
  Error error(
      "Method invocation failed because [" + type_name(target) + "] does not contain a method named '" + name + "'.",
      "InvalidOperation", "MethodNotFound");
  error.ends_statement = true;
  return error;
}

/// Where .NET looks for an index: below 0 from the end.
std::optional<std::size_t> position(const Value& index, std::size_t size) {
  const std::int64_t at = index.whole();
  const std::int64_t real = at < 0 ? at + static_cast<std::int64_t>(size) : at;
  if (real < 0 || real >= static_cast<std::int64_t>(size)) return std::nullopt;
  return static_cast<std::size_t>(real);
}

/// A row, a reader, a collection by names: objects whose members can be taken by index.
bool has_named_items(const Object& object) {
  return object.type == "System.Collections.Hashtable" || object.type.find("Row") != std::string::npos ||
         object.type.find("Reader") != std::string::npos || object.type.find("Dictionary") != std::string::npos ||
         object.type.find("Collection") != std::string::npos;
}

}  // namespace

std::string Interpreter::member_name(const Node& access) {
  const Node name = access.child("member_name").parts().at(0);
  return name.is("simple_name") ? name.text() : evaluate(name).text();
}

Value Interpreter::evaluate_member(const Node& access) {
  const std::vector<Node> parts = access.parts();
  const std::string name = member_name(access);
  if (parts[1].is("::")) {
    if (!parts[0].is("type_literal")) not_known(access, "a static member of a value");
    return static_member(type_of(parts[0]), name);
  }
  const Value target = evaluate(parts[0]);
  if (const std::optional<Value> value = object_member(target, name)) return *value;
  return target.member(name);
}

Value Interpreter::evaluate_element(const Node& access) {
  const std::vector<Node> parts = access.children();
  const Value target = evaluate(parts.at(0));
  const Value index = evaluate(parts.at(1));
  if (target.is_null()) throw Error("Cannot index into a null array.", "InvalidOperation", "NullArray");
  Object* object = target.object();
  if (object != nullptr && object->elements == nullptr) {
    if (has_named_items(*object) && !is_number(index)) {
      if (index.is_null()) {
        throw Error("Index operation failed; the array index evaluated to null.", "InvalidOperation", "NullArrayIndex");
      }
      return target.member(index.text());
    }
    if (object->type == "System.Collections.Hashtable") return target.member(index.text());
    if (object->call) return object->call("get_Item", {index});
    if (is_number(index) && index.whole() == 0) return target;  // a single object is its own first item
    throw Error("Unable to index into an object of type " + type_name(target) + ".", "InvalidOperation", "CannotIndex");
  }
  if (object != nullptr && std::holds_alternative<std::string>(index.data)) {
    if (object->call) return object->call("get_Item", {index});
    return object->members.count(index.text()) != 0 ? object->members.at(index.text()) : Value();
  }
  if (const Array* items = target.collection()) {
    if (index.collection() != nullptr) {
      Array some;
      for (const Value& each : *index.collection()) {
        if (const auto at = position(each, items->size())) some.push_back((*items)[*at]);
      }
      return some;
    }
    const auto at = position(index, items->size());
    return at ? (*items)[*at] : Value();
  }
  if (const auto* text = std::get_if<std::string>(&target.data)) {
    const std::u16string units = to_utf16(*text);
    const auto at = position(index, units.size());
    return at ? Value(from_utf16(std::u16string(1, units[*at]))) : Value();
  }
  if (is_number(index) && index.whole() == 0) return target;
  throw Error("Unable to index into an object of type " + type_name(target) + ".", "InvalidOperation", "CannotIndex");
}

Value Interpreter::evaluate_invocation(const Node& invocation) {
  const std::vector<Node> parts = invocation.parts();
  if (!invocation.has("argument_list")) not_known(invocation, "an invocation without arguments");
  const std::string name = member_name(invocation);
  std::optional<Value> target;
  if (!parts[1].is("::")) target = evaluate(parts[0]);
  Array arguments;
  const Node list = invocation.child("argument_list");
  if (list.has("argument_expression_list")) {
    for (const Node& argument : list.child("argument_expression_list").children()) {
      const Value value = evaluate(argument);
      const bool null = value.is_null() || type_name(value) == "System.Management.Automation.Language.NullString";
      arguments.push_back(null ? Value() : value);
    }
  }
  if (target) return invoke(invocation, *target, name, arguments);
  if (!parts[0].is("type_literal")) not_known(invocation, "a static method of a value");
  return invoke_static(type_of(parts[0]), name, arguments);
}

Value Interpreter::invoke(const Node& place, const Value& target, const std::string& name, const Array& arguments) {
  if (target.is_null()) {
    throw Error("You cannot call a method on a null-valued expression.", "InvalidOperation", "InvokeMethodOnNull");
  }
  try {
    if (const auto* block = std::get_if<std::shared_ptr<ScriptBlock>>(&target.data)) {
      if (!same_text(name, "Invoke") && !same_text(name, "InvokeReturnAsIs")) throw no_method(target, name);
      return collapsed((*block)->run(Value(), arguments));
    }
    Object* object = target.object();
    const bool own_first = object != nullptr && object->call && object->elements != nullptr;
    if (own_first) return object->call(name, arguments);
    if (std::optional<Value> known = object_method(target, name, arguments)) return *known;
    if (object != nullptr && object->call) return object->call(name, arguments);
  } catch (const Error& error) {
    if (error.id == "MethodNotFound") throw;
    throw wrapped(error, name, arguments.size());
  }
  if (const Array* items = target.collection()) {
    Array out;
    for (const Value& item : *items) emit(invoke(place, item, name, arguments), out);
    return collapsed(std::move(out));
  }
  if (std::holds_alternative<std::string>(target.data)) {
    not_known(place, "the method " + name + " of a text with " + std::to_string(arguments.size()) + " arguments");
  }
  throw no_method(target, name);
}

Value Interpreter::static_member(const std::string& type, const std::string& name) {
  if (std::optional<Value> known = dotnet_member(type, name)) return *known;
  try {
    return machine_.type_member(type, name);
  } catch (const Error& error) {
    Error outer = wrapped(error, name, 0);
    throw outer;
  }
}

Value Interpreter::invoke_static(const std::string& type, const std::string& name, const Array& arguments) {
  const bool constructs = same_text(name, "new");
  if (type == "System.Management.Automation.ScriptBlock" && same_text(name, "Create") && arguments.size() == 1) {
    return block_of(arguments[0].text());
  }
  if (type == "System.Threading.Thread" && same_text(name, "Sleep") && arguments.size() == 1) {
    Call call;
    call.cmdlet = "Start-Sleep";
    call.named["Milliseconds"] = arguments[0];
    machine_.run(call);
    return Value::nothing();
  }
  try {
    if (std::optional<Value> known = dotnet_method(type, name, arguments)) return *known;
    return constructs ? machine_.new_object(type, arguments) : machine_.type_method(type, name, arguments);
  } catch (const Error& error) {
    throw wrapped(error, constructs ? ".ctor" : name, arguments.size());
  }
}

std::string Interpreter::type_of(const Node& type_literal) const {
  const Node spec = type_literal.child("type_spec");
  if (spec.has("array_type_name")) {
    return full_type_name(spec.child("array_type_name").child("type_name").text()) + "[]";
  }
  if (spec.has("generic_type_name")) return full_type_name(spec.child("generic_type_name").child("type_name").text());
  return full_type_name(spec.text());
}

Value Interpreter::cast(const Node& place, const std::string& type, const Value& value) {
  if (std::optional<Value> result = converted(type, value)) return *result;
  if (value.is_null()) return value;
  if (type == "System.Management.Automation.ScriptBlock") {
    if (std::holds_alternative<std::shared_ptr<ScriptBlock>>(value.data)) return value;
    return block_of(value.text());
  }
  if (type == "System.Xml.XmlDocument" || type.starts_with("System.Collections.Generic")) {
    not_known(place, "a cast to " + type);
  }
  return machine_.type_method(type, "op_Explicit", {value});
}

Value Interpreter::checked_type(const Node& comparison, const std::string& operation, const Value& left) {
  Node right = comparison.parts().at(2);
  while (right.parts().size() == 1) right = right.parts().front();
  if (!right.is("type_literal")) not_known(comparison, "-is and -as with a value");
  const std::string type = type_of(right);
  if (operation == "-as") {
    try {
      return cast(comparison, type, left);
    } catch (const Error&) {
      return {};
    }
  }
  const bool is = !left.is_null() && (type == "System.Object" || same_text(type_name(left), type) ||
                                      (type == "System.Array" && type_name(left) == "System.Object[]") ||
                                      (type == "System.Management.Automation.PSObject" && left.object() != nullptr));
  return is == (operation == "-is");
}

}  // namespace far_side
