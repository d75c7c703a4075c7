// + - * / % and -f.
#include <cmath>
#include <cstdint>
#include <optional>

#include "tests/far_side/conversions.hpp"
#include "tests/far_side/date_time.hpp"
#include "tests/far_side/dotnet.hpp"
#include "tests/far_side/operators.hpp"

namespace far_side {
namespace {

Value number_result(double real) {
  return real;
}

Value sum_of_numbers(const Value& left, const std::string& operation, const Value& right) {
  const Value a = left.is_null() ? Value(0) : *converted(is_number(left) ? "System.Object" : "System.Double", left);
  const bool whole = !std::holds_alternative<double>(left.data) &&
                     (std::holds_alternative<std::int64_t>(right.data) || std::holds_alternative<bool>(right.data) ||
                      right.is_null() || is_enumeration(right) || std::holds_alternative<std::string>(right.data));
  const double x = real_number(left);
  const double y = real_number(right);
  const bool exact = whole && std::nearbyint(y) == y && std::nearbyint(x) == x;
  if ((operation == "/" || operation == "%") && y == 0) {
    Error error("Attempted to divide by zero.", "NotSpecified", "RuntimeException");
    error.ends_statement = true;
    throw error;
  }
  if (!exact) {
    if (operation == "+") return number_result(x + y);
    if (operation == "-") return number_result(x - y);
    if (operation == "*") return number_result(x * y);
    if (operation == "/") return number_result(x / y);
    return number_result(std::fmod(x, y));
  }
  const std::int64_t m = left.whole();
  const std::int64_t n = right.whole();
  std::int64_t result = 0;
  if (operation == "+") return __builtin_add_overflow(m, n, &result) ? number_result(x + y) : Value(result);
  if (operation == "-") return __builtin_sub_overflow(m, n, &result) ? number_result(x - y) : Value(result);
  if (operation == "*") return __builtin_mul_overflow(m, n, &result) ? number_result(x * y) : Value(result);
  if (operation == "/") return m % n == 0 ? Value(m / n) : number_result(x / y);
  return m % n;
}

std::optional<Value> date_sum(const Value& left, const std::string& operation, const Value& right) {
  if (is_date_time(left) && operation == "-" && is_date_time(right)) return date_time_method(left, "Subtract", {right});
  if ((is_date_time(left) || is_time_span(left)) && is_time_span(right)) {
    if (operation == "+") return date_time_method(left, "Add", {right});
    if (operation == "-") return date_time_method(left, "Subtract", {right});
  }
  return std::nullopt;
}

[[noreturn]] void no_operation(const Value& left, const std::string& operation) {
  const std::map<std::string, std::string> names = {
      {"+", "op_Addition"}, {"-", "op_Subtraction"}, {"*", "op_Multiply"}, {"/", "op_Division"}, {"%", "op_Modulus"}};
  throw Error("Method invocation failed because [" + type_name(left) + "] does not contain a method named '" +
                  names.at(operation) + "'.",
              "InvalidOperation", "MethodNotFound");
}

}  // namespace

Value calculated(const Value& left, const std::string& operation, const Value& right) {
  if (const std::optional<Value> dates = date_sum(left, operation, right)) return *dates;
  if (operation == "+") {
    if (left.is_null()) return right;
    if (left.collection() != nullptr) {
      Array sum = *left.collection();
      for (const Value& item : items_with_null(right)) sum.push_back(item);
      return sum;
    }
    if (std::holds_alternative<std::string>(left.data)) return left.text() + right.text();
    if (type_name(left) == "System.Collections.Hashtable" && type_name(right) == type_name(left)) {
      auto sum = make_object(left.object()->type, left.object()->members);
      for (const auto& [name, value] : right.object()->members) {
        if (!sum->members.emplace(name, value).second) {
          throw Error("Item has already been added. Key in dictionary: '" + name + "'  Key being added: '" + name + "'",
                      "NotSpecified", "System.ArgumentException");
        }
      }
      return sum;
    }
  }
  if (operation == "*" && (std::holds_alternative<std::string>(left.data) || left.collection() != nullptr)) {
    const std::int64_t times = right.whole();
    if (left.collection() == nullptr) {
      std::string text;
      for (std::int64_t i = 0; i < times; ++i) text += left.text();
      return text;
    }
    Array product;
    for (std::int64_t i = 0; i < times; ++i) {
      product.insert(product.end(), left.collection()->begin(), left.collection()->end());
    }
    return product;
  }
  const bool numeric = left.is_null() || is_number(left) || std::holds_alternative<bool>(left.data) ||
                       std::holds_alternative<std::string>(left.data) || is_enumeration(left);
  if (!numeric) no_operation(left, operation);
  return sum_of_numbers(left, operation, right);
}

std::string composed(const std::string& format, const Array& values) {
  std::string text;
  for (std::size_t at = 0; at < format.size(); ++at) {
    const char c = format[at];
    if ((c == '{' || c == '}') && at + 1 < format.size() && format[at + 1] == c) {
      text += c;
      ++at;
      continue;
    }
    if (c != '{') {
      text += c;
      continue;
    }
    const std::size_t end = format.find('}', at);
    const std::string inside = format.substr(at + 1, end == format.npos ? format.npos : end - at - 1);
    const std::size_t colon = inside.find(':');
    const std::size_t index = static_cast<std::size_t>(Value(inside.substr(0, colon)).whole());
    if (end == format.npos || index >= values.size()) {
      throw Error(
          "Error formatting a string: Index (zero based) must be greater than or equal to zero and less than "
          "the size of the argument list..",
          "InvalidOperation", "FormatError");
    }
    const std::string how = colon == inside.npos ? "" : inside.substr(colon + 1);
    const Value& value = values[index];
    if (how.empty()) {
      text += value.text();
    } else if (is_date_time(value)) {
      text += date_time_method(value, "ToString", {Value(how)})->text();
    } else {
      text += number_as(value, how);
    }
    at = end;
  }
  return text;
}

}  // namespace far_side
