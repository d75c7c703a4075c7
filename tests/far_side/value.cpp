#include "tests/far_side/value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace far_side {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// By bytes, letters of ASCII without regard to case. Everything has names: this is where the far side's time goes.
int order_of(const std::string& a, const std::string& b) {
  const char* left = a.data();
  const char* right = b.data();
  const std::size_t common = a.size() < b.size() ? a.size() : b.size();
  for (const char* end = left + common; left != end; ++left, ++right) {
    if (*left == *right) continue;
    const int difference = static_cast<unsigned char>(lower(*left)) - static_cast<unsigned char>(lower(*right));
    if (difference != 0) return difference;
  }
  return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

std::string text_of(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  std::string text = fmt::format("{:.15g}", number);
  const std::size_t exponent = text.find('e');
  if (exponent != text.npos) text[exponent] = 'E';
  return text;
}

[[noreturn]] void not_a_number(const std::string& text, const std::string& reason) {
  throw Error("Cannot convert value \"" + text + "\" to type \"System.Int32\". Error: \"" + reason + "\"",
              "InvalidArgument", "InvalidCastFromStringToInteger");
}

std::int64_t whole_of(double number) {
  const double rounded = std::nearbyint(number);  // PowerShell rounds half to even
  if (!(rounded >= -9.2233720368547758e18 && rounded < 9.2233720368547758e18)) {
    not_a_number(text_of(number), "Value was either too large or too small for an Int32.");
  }
  return static_cast<std::int64_t>(rounded);
}

std::int64_t whole_of(const std::string& text) {
  std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return 0;
  const std::size_t end = text.find_last_not_of(" \t\r\n") + 1;
  if (text.compare(begin, 2, "0x") == 0 || text.compare(begin, 2, "0X") == 0) {
    std::uint64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data() + begin + 2, text.data() + end, number, 16);
    if (error == std::errc() && stop == text.data() + end) return static_cast<std::int64_t>(number);
  } else {
    if (text[begin] == '+') ++begin;
    std::int64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data() + begin, text.data() + end, number);
    if (error == std::errc() && stop == text.data() + end) return number;
    double real = 0;
    const auto [real_stop, real_error] = std::from_chars(text.data() + begin, text.data() + end, real);
    if (real_error == std::errc() && real_stop == text.data() + end) return whole_of(real);
  }
  not_a_number(text, "Input string was not in a correct format.");
}

}  // namespace

bool same_text(const std::string& a, const std::string& b) {
  return a.size() == b.size() && order_of(a, b) == 0;
}

bool NoCase::operator()(const std::string& a, const std::string& b) const {
  return order_of(a, b) < 0;
}

Value::Value(Array value) : data(std::make_shared<Array>(std::move(value))) {}

Value Value::nothing() {
  return Value(std::shared_ptr<Object>());
}

bool Value::is_nothing() const {
  const auto* object = std::get_if<std::shared_ptr<Object>>(&data);
  return object != nullptr && *object == nullptr;
}

const Array* Value::collection() const {
  if (const auto* array = std::get_if<std::shared_ptr<Array>>(&data)) return array->get();
  const auto* object = std::get_if<std::shared_ptr<Object>>(&data);
  return object != nullptr && *object != nullptr ? (*object)->elements.get() : nullptr;
}

Object* Value::object() const {
  const auto* held = std::get_if<std::shared_ptr<Object>>(&data);
  return held == nullptr ? nullptr : held->get();
}

bool Value::truth() const {
  if (is_null()) return false;
  if (const Array* array = collection()) {
    return array->size() > 1 ||
           (array->size() == 1 &&
            (array->front().collection() != nullptr ? !array->front().collection()->empty() : array->front().truth()));
  }
  if (const auto* flag = std::get_if<bool>(&data)) return *flag;
  if (const auto* number = std::get_if<std::int64_t>(&data)) return *number != 0;
  if (const auto* real = std::get_if<double>(&data)) return *real != 0;
  if (const auto* text = std::get_if<std::string>(&data)) return !text->empty();
  if (const Object* it = object()) {
    const auto number = it->members.find("value__");
    if (number != it->members.end()) return number->second.truth();
  }
  return true;
}

std::string Value::text() const {
  if (is_null()) return "";
  if (const Array* array = collection()) {
    std::string joined;
    for (const Value& item : *array) joined += (&item == array->data() ? "" : " ") + item.text();
    return joined;
  }
  if (const auto* flag = std::get_if<bool>(&data)) return *flag ? "True" : "False";
  if (const auto* number = std::get_if<std::int64_t>(&data)) return std::to_string(*number);
  if (const auto* real = std::get_if<double>(&data)) return text_of(*real);
  if (const auto* text = std::get_if<std::string>(&data)) return *text;
  const Object* it = object();
  if (it == nullptr) throw std::logic_error("the text of a script block is not kept");
  if (it->shown) return *it->shown;
  if (it->type == "System.Management.Automation.PSCustomObject") {
    std::string members;
    for (const auto& [name, value] : it->members) members += (members.empty() ? "" : "; ") + name + "=" + value.text();
    return "@{" + members + "}";
  }
  return it->type;
}

std::int64_t Value::whole() const {
  if (is_null()) return 0;
  if (const auto* flag = std::get_if<bool>(&data)) return *flag ? 1 : 0;
  if (const auto* number = std::get_if<std::int64_t>(&data)) return *number;
  if (const auto* real = std::get_if<double>(&data)) return whole_of(*real);
  if (const auto* text = std::get_if<std::string>(&data)) return whole_of(*text);
  if (const Object* it = object()) {
    const auto number = it->members.find("value__");
    if (number != it->members.end()) return number->second.whole();
  }
  const std::string type = collection() != nullptr ? "System.Object[]"
                           : object() != nullptr   ? object()->type
                                                   : "System.Management.Automation.ScriptBlock";
  throw Error("Cannot convert the \"" + (object() != nullptr ? text() : type) + "\" value of type \"" + type +
                  "\" to type \"System.Int32\".",
              "InvalidArgument", "ConvertToFinalInvalidCastException");
}

Array Value::items() const {
  if (is_null()) return {};
  if (const Array* array = collection()) return *array;
  return {*this};
}

Value Value::member(const std::string& name) const {
  const bool counts = same_text(name, "Count") || same_text(name, "Length");
  if (is_null()) return counts ? Value(0) : Value();
  if (Object* it = object()) {
    if (it->live) {
      if (const std::optional<Value> value = it->live(name)) return *value;
    }
    const auto found = it->members.find(name);
    if (found != it->members.end()) return found->second;
    if (it->elements == nullptr) {
      // In Windows PowerShell 5.1 custom objects and CIM instances have no Count, other single objects have.
      if (same_text(name, "Count") && it->type == "System.Collections.Hashtable") {
        return static_cast<std::int64_t>(it->members.size());
      }
      const bool counted = it->type != "System.Management.Automation.PSCustomObject" &&
                           it->type.find("CimInstance") == std::string::npos;
      return counts && counted ? Value(1) : Value();
    }
  }
  if (const Array* array = collection()) {
    if (counts) return static_cast<std::int64_t>(array->size());
    Array found;
    for (const Value& item : *array) {
      const Value value = item.member(name);
      if (value.is_null()) continue;
      const Array values = value.items();
      found.insert(found.end(), values.begin(), values.end());
    }
    if (found.empty()) return {};
    return found.size() == 1 ? found.front() : Value(std::move(found));
  }
  if (std::holds_alternative<std::string>(data) && same_text(name, "Length")) {
    return static_cast<std::int64_t>(utf16_length(std::get<std::string>(data)));
  }
  return counts ? Value(1) : Value();
}

std::size_t utf16_length(const std::string& text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80) units += byte >= 0xF0 ? 2 : 1;
  }
  return units;
}

std::shared_ptr<Object> make_object(std::string type, std::map<std::string, Value, NoCase> members) {
  auto object = std::make_shared<Object>();
  object->type = std::move(type);
  object->members = std::move(members);
  return object;
}

Value enumeration(std::string type, std::string name, std::int64_t number) {
  auto object = make_object(std::move(type), {{"value__", Value(number)}});
  object->shown = std::move(name);
  return object;
}

const Value& Call::operator[](const std::string& name) const {
  static const Value not_given;
  const auto found = named.find(name);
  return found == named.end() ? not_given : found->second;
}

}  // namespace far_side
