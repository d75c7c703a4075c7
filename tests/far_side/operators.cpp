#include "tests/far_side/operators.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "tests/far_side/conversions.hpp"
#include "tests/far_side/date_time.hpp"
#include "tests/far_side/dotnet.hpp"
#include "tests/far_side/regular_expressions.hpp"

namespace far_side {
namespace {

int sign(auto a, auto b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

int compare_texts(const std::string& a, const std::string& b, bool minds_case) {
  if (minds_case) return sign(a, b);
  const NoCase less;
  return less(a, b) ? -1 : less(b, a) ? 1 : 0;
}

/// A number where the value is one or can be made one.
std::optional<double> as_number(const Value& value) {
  try {
    return real_number(value);
  } catch (const Error&) {
    return std::nullopt;
  }
}

[[noreturn]] void cannot_compare(const Value& left, const Value& right) {
  throw Error("Cannot compare \"" + left.text() + "\" to \"" + right.text() + "\" because the objects are not the " +
                  "same type or the object \"" + left.text() + "\" does not implement \"IComparable\".",
              "InvalidOperation", "NotIcomparable");
}

bool holds(const Value& left, const std::string& operation, const Value& right, bool minds_case) {
  if (operation == "eq") return equal(left, right, minds_case);
  if (operation == "ne") return !equal(left, right, minds_case);
  if (operation == "lt") return compare(left, right, minds_case) < 0;
  if (operation == "le") return compare(left, right, minds_case) <= 0;
  if (operation == "gt") return compare(left, right, minds_case) > 0;
  if (operation == "ge") return compare(left, right, minds_case) >= 0;
  if (operation == "like") return like(left.text(), right.text(), minds_case);
  if (operation == "notlike") return !like(left.text(), right.text(), minds_case);
  throw std::logic_error("the operator -" + operation + " is not known here");
}

bool among(const Array& items, const Value& wanted, bool minds_case) {
  return std::any_of(items.begin(), items.end(), [&](const Value& item) { return equal(item, wanted, minds_case); });
}

Value split(const Value& left, const Value& right, bool minds_case) {
  const Array options = right.items();
  if (options.size() > 2) throw std::logic_error("-split with options is not known here");
  const std::int64_t most = options.size() == 2 ? options[1].whole() : 0;
  Array found;
  for (const Value& item : items_with_null(left)) {
    for (std::string& piece : split_text(item.text(), options.empty() ? "" : options[0].text(), most, minds_case)) {
      found.emplace_back(std::move(piece));
    }
  }
  return found;
}

Value matched(const Value& left, const Value& right, bool minds_case, bool wanted, Matches& matches) {
  const std::string pattern = right.text();
  if (left.collection() == nullptr) return match_text(left.text(), pattern, minds_case, &matches) == wanted;
  Array found;
  for (const Value& item : *left.collection()) {
    if (match_text(item.text(), pattern, minds_case, nullptr) == wanted) found.push_back(item);
  }
  return found;
}

Value replaced(const Value& left, const Value& right, bool minds_case) {
  const Array given = right.items();
  const std::string pattern = given.empty() ? "" : given[0].text();
  const std::string by = given.size() < 2 ? "" : given[1].text();
  if (left.collection() == nullptr) return replace_text(left.text(), pattern, by, minds_case);
  Array found;
  for (const Value& item : *left.collection()) found.push_back(replace_text(item.text(), pattern, by, minds_case));
  return found;
}

Value joined(const Value& left, const std::string& between) {
  std::string text;
  bool first = true;
  for (const Value& item : items_with_null(left)) {
    text += (first ? "" : between) + item.text();
    first = false;
  }
  return text;
}

}  // namespace

bool equal(const Value& left, const Value& right, bool minds_case) {
  if (left.is_null() || right.is_null()) return left.is_null() && right.is_null();
  if (is_enumeration(left) || is_enumeration(right)) {
    const bool texts =
        std::holds_alternative<std::string>(left.data) || std::holds_alternative<std::string>(right.data);
    if (texts) return compare_texts(left.text(), right.text(), false) == 0;
    const std::optional<double> a = as_number(left);
    return a.has_value() && a == as_number(right);
  }
  if (is_date_time(left) || is_time_span(left)) {
    if (type_name(right) == type_name(left)) return ticks_of(left) == ticks_of(right);
    if (is_date_time(left) && std::holds_alternative<std::string>(right.data)) {
      return ticks_of(left) == ticks_of(parse_date_time(right.text()));
    }
    return false;
  }
  if (const auto* text = std::get_if<std::string>(&left.data)) {
    return compare_texts(*text, right.text(), minds_case) == 0;
  }
  if (std::holds_alternative<bool>(left.data)) return left.truth() == right.truth();
  if (is_number(left)) {
    const std::optional<double> number = right.collection() == nullptr ? as_number(right) : std::nullopt;
    if (!number) return false;
    if (std::holds_alternative<std::int64_t>(left.data) && std::holds_alternative<std::int64_t>(right.data)) {
      return left.whole() == right.whole();
    }
    return real_number(left) == *number;
  }
  if (left.object() != nullptr && right.object() != nullptr) {
    if (left.object() == right.object()) return true;
    const std::optional<int> order = dotnet_order(left, right);
    return order.has_value() && *order == 0;
  }
  if (left.object() != nullptr && left.object()->shown && std::holds_alternative<std::string>(right.data)) {
    return compare_texts(left.text(), right.text(), minds_case) == 0;
  }
  return left.data == right.data;
}

int compare(const Value& left, const Value& right, bool minds_case) {
  if (left.is_null() && right.is_null()) return 0;
  if (left.is_null()) return is_number(right) && real_number(right) < 0 ? 1 : -1;
  if (right.is_null()) return is_number(left) && real_number(left) < 0 ? -1 : 1;
  if (is_date_time(left) || is_time_span(left)) {
    const Value other = is_date_time(left) ? *converted(date_time_type, right) : right;
    if (type_name(other) != type_name(left)) cannot_compare(left, right);
    return sign(ticks_of(left), ticks_of(other));
  }
  if (is_enumeration(left)) return sign(left.whole(), right.whole());
  if (const auto* text = std::get_if<std::string>(&left.data)) return compare_texts(*text, right.text(), minds_case);
  if (std::holds_alternative<std::int64_t>(left.data) && std::holds_alternative<std::int64_t>(right.data)) {
    return sign(left.whole(), right.whole());
  }
  if (is_number(left) || std::holds_alternative<bool>(left.data)) return sign(real_number(left), real_number(right));
  if (const std::optional<int> order = dotnet_order(left, right)) return *order;
  cannot_compare(left, right);
}

Value compared(const Value& left, const std::string& operation, const Value& right, Matches& matches) {
  std::string name = operation.substr(1);
  static const std::map<std::string, bool> with_case = {
      {"ceq", true},        {"cne", true},          {"cgt", true},           {"cge", true},       {"clt", true},
      {"cle", true},        {"clike", true},        {"cnotlike", true},      {"cmatch", true},    {"cnotmatch", true},
      {"ccontains", true},  {"cnotcontains", true}, {"cin", true},           {"cnotin", true},    {"creplace", true},
      {"csplit", true},     {"ieq", false},         {"ine", false},          {"igt", false},      {"ige", false},
      {"ilt", false},       {"ile", false},         {"ilike", false},        {"inotlike", false}, {"imatch", false},
      {"inotmatch", false}, {"icontains", false},   {"inotcontains", false}, {"iin", false},      {"inotin", false},
      {"ireplace", false},  {"isplit", false}};
  bool minds_case = false;
  if (const auto found = with_case.find(name); found != with_case.end()) {
    minds_case = found->second;
    name = name.substr(1);
  }
  if (name == "contains") return among(left.items(), right, minds_case);
  if (name == "notcontains") return !among(left.items(), right, minds_case);
  if (name == "in" || name == "notin") {
    const Array items = right.items();
    const bool found =
        std::any_of(items.begin(), items.end(), [&](const Value& item) { return equal(left, item, minds_case); });
    return found == (name == "in");
  }
  if (name == "join") return joined(left, right.text());
  if (name == "split") return split(left, right, minds_case);
  if (name == "match" || name == "notmatch") return matched(left, right, minds_case, name == "match", matches);
  if (name == "replace") return replaced(left, right, minds_case);
  if (name == "shl") return Value(left.whole() << right.whole());
  if (name == "shr") return Value(left.whole() >> right.whole());
  if (left.collection() == nullptr) return holds(left, name, right, minds_case);
  Array found;
  for (const Value& item : *left.collection()) {
    if (holds(item, name, right, minds_case)) found.push_back(item);
  }
  return found;
}

bool like(const std::string& text, const std::string& wildcards, bool minds_case) {
  return match_text(text, pattern_of_wildcards(wildcards), minds_case, nullptr);
}

}  // namespace far_side
