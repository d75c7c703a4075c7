// Static members of .NET types that only compute.
#include <fmt/format.h>

#include <cmath>
#include <cstdint>

#include "tests/far_side/conversions.hpp"
#include "tests/far_side/date_time.hpp"
#include "tests/far_side/dotnet.hpp"
#include "tests/far_side/dotnet_values.hpp"
#include "tests/far_side/operators.hpp"
#include "tests/far_side/regular_expressions.hpp"

namespace far_side {
namespace {

using Result = std::optional<Value>;

Result convert_method(const std::string& name, const Array& given) {
  const auto is = [&](const char* method, std::size_t count) {
    return same_text(name, method) && given.size() == count;
  };
  if (is("ToBase64String", 1)) return to_base64(raw_bytes(given[0]));
  if (is("FromBase64String", 1)) return byte_array(from_base64(given[0].text()));
  static const std::map<std::string, std::string, NoCase> targets = {
      {"ToInt32", "System.Int32"}, {"ToInt64", "System.Int64"},   {"ToUInt32", "System.UInt32"},
      {"ToByte", "System.Byte"},   {"ToDouble", "System.Double"}, {"ToUInt16", "System.UInt16"}};
  const auto target = targets.find(name);
  if (target != targets.end() && given.size() == 1) {
    try {
      return converted(target->second, given[0]);
    } catch (const Error&) {
      throw dotnet_error("System.FormatException", "Input string was not in a correct format.");
    }
  }
  if (target != targets.end() && given.size() == 2) {
    return static_cast<std::int64_t>(std::stoull(given[0].text(), nullptr, static_cast<int>(given[1].whole())));
  }
  if (is("ToString", 1)) return given[0].text();
  if (is("ToString", 2) && given[1].whole() == 16) return fmt::format("{:x}", given[0].whole());
  if (is("ToBoolean", 1)) return given[0].truth();
  if (is("IsDBNull", 1)) return type_name(given[0]) == "System.DBNull";
  return std::nullopt;
}

Result string_method(const std::string& name, const Array& given) {
  const auto is = [&](const char* method, std::size_t count) {
    return same_text(name, method) && given.size() == count;
  };
  if (is("IsNullOrEmpty", 1)) return given[0].text().empty();
  if (is("IsNullOrWhiteSpace", 1)) return given[0].text().find_first_not_of(" \t\r\n\v\f") == std::string::npos;
  if (is("Join", 2)) {
    Matches none;
    return compared(given[1], "-join", given[0], none);
  }
  if (same_text(name, "Format") && !given.empty()) {
    const Array rest(given.begin() + 1, given.end());
    return composed(given[0].text(), rest.size() == 1 ? rest[0].items() : rest);
  }
  if (same_text(name, "Concat")) {
    std::string text;
    for (const Value& value : given) text += value.text();
    return text;
  }
  if (same_text(name, "Equals") && given.size() >= 2) {
    const Array rest(given.begin() + 1, given.end());
    return text_method(given[0].text(), "Equals", rest);
  }
  if (is("CompareOrdinal", 2)) {
    return given[0].text() < given[1].text() ? -1 : given[0].text() > given[1].text() ? 1 : 0;
  }
  if (same_text(name, "Compare") && given.size() >= 2) {
    const bool blind = given.size() == 3 && (given[2].text().find("IgnoreCase") != std::string::npos ||
                                             (std::holds_alternative<bool>(given[2].data) && given[2].truth()));
    return compare(given[0].text(), given[1].text(), !blind);
  }
  return std::nullopt;
}

Result math_method(const std::string& name, const Array& given) {
  const auto is = [&](const char* method, std::size_t count) {
    return same_text(name, method) && given.size() == count;
  };
  if (is("Min", 2)) return compare(given[0], given[1]) <= 0 ? given[0] : given[1];
  if (is("Max", 2)) return compare(given[0], given[1]) >= 0 ? given[0] : given[1];
  if (is("Abs", 1)) return compare(given[0], Value(0)) < 0 ? calculated(Value(0), "-", given[0]) : given[0];
  if (is("Floor", 1)) return std::floor(real_number(given[0]));
  if (is("Ceiling", 1)) return std::ceil(real_number(given[0]));
  if (is("Truncate", 1)) return std::trunc(real_number(given[0]));
  if (is("Round", 1)) return std::nearbyint(real_number(given[0]));
  return std::nullopt;
}

Value match_object(const Found& found, bool success) {
  Array groups;
  for (const std::string& group : found.groups) {
    groups.push_back(make_object("System.Text.RegularExpressions.Group", {{"Value", group}}));
  }
  return make_object("System.Text.RegularExpressions.Match", {{"Value", found.text},
                                                              {"Success", success},
                                                              {"Index", static_cast<std::int64_t>(found.index)},
                                                              {"Groups", groups}});
}

Result regex_method(const std::string& name, const Array& given) {
  const bool blind = given.size() == 3 && given[2].text().find("IgnoreCase") != std::string::npos;
  if (same_text(name, "Escape") && given.size() == 1) return escaped_pattern(given[0].text());
  if (given.size() < 2) return std::nullopt;
  const std::string text = given[0].text();
  const std::string pattern = given[1].text();
  if (same_text(name, "IsMatch")) return match_text(text, pattern, !blind, nullptr);
  if (same_text(name, "Replace") && given.size() == 3) return replace_text(text, pattern, given[2].text(), true);
  if (same_text(name, "Split") && given.size() == 2) {
    Array pieces;
    for (std::string& piece : split_text(text, pattern, 0, true)) pieces.emplace_back(std::move(piece));
    return pieces;
  }
  const std::vector<Found> found = all_matches(text, pattern, !blind);
  if (same_text(name, "Match")) return match_object(found.empty() ? Found{0, "", {}} : found.front(), !found.empty());
  if (same_text(name, "Matches")) {
    Array all;
    for (const Found& each : found) all.push_back(match_object(each, true));
    return all;
  }
  return std::nullopt;
}

Result bits_method(const std::string& name, const Array& given) {
  if (same_text(name, "ToString") && given.size() == 1) {
    std::string text;
    for (const char c : raw_bytes(given[0])) {
      text += fmt::format("{}{:02X}", text.empty() ? "" : "-", static_cast<std::uint8_t>(c));
    }
    return text;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Value> dotnet_member(const std::string& type, const std::string& name) {
  if (std::optional<Value> date = date_time_static(type, name, nullptr)) return date;
  const auto is = [&](const char* member) { return same_text(name, member); };
  if (type == "System.Text.Encoding") {
    if (is("UTF8")) return text_encoding("UTF8");
    if (is("Unicode")) return text_encoding("Unicode");
    if (is("ASCII")) return text_encoding("ASCII");
  }
  if (type == "System.String" && is("Empty")) return Value("");
  if (type == "System.DBNull" && is("Value")) return database_null();
  if (type == "System.Management.Automation.Language.NullString" && is("Value")) return make_object(type, {});
  if (type == "System.Environment" && is("NewLine")) return Value("\r\n");
  if (type == "System.Guid" && is("Empty")) return guid_value(std::string(32, '0'));
  if (type == "System.Int32" && is("MaxValue")) return Value(std::int64_t{2147483647});
  if (type == "System.Int64" && is("MaxValue")) return Value(std::int64_t{9223372036854775807});
  static const std::map<std::string, std::map<std::string, std::int64_t, NoCase>> enumerations = {
      {"System.DateTimeKind", {{"Unspecified", 0}, {"Utc", 1}, {"Local", 2}}},
      {"System.StringSplitOptions", {{"None", 0}, {"RemoveEmptyEntries", 1}}},
      {"System.StringComparison",
       {{"CurrentCulture", 0},
        {"CurrentCultureIgnoreCase", 1},
        {"InvariantCulture", 2},
        {"InvariantCultureIgnoreCase", 3},
        {"Ordinal", 4},
        {"OrdinalIgnoreCase", 5}}},
      {"System.Text.RegularExpressions.RegexOptions", {{"None", 0}, {"IgnoreCase", 1}}}};
  const auto found = enumerations.find(type);
  if (found != enumerations.end()) {
    const auto value = found->second.find(name);
    if (value != found->second.end()) return enumeration(type, value->first, value->second);
  }
  if (type == "System.Globalization.CultureInfo" && is("InvariantCulture")) return make_object(type, {{"Name", ""}});
  return std::nullopt;
}

std::optional<Value> dotnet_method(const std::string& type, const std::string& name, const Array& arguments) {
  const auto is = [&](const char* method) { return same_text(name, method); };
  if (Result date = date_time_static(type, name, &arguments)) return date;
  if (type == "System.Convert") return convert_method(name, arguments);
  if (type == "System.String") return string_method(name, arguments);
  if (type == "System.Math") return math_method(name, arguments);
  if (type == "System.BitConverter") return bits_method(name, arguments);
  if (type == "System.Text.RegularExpressions.Regex") return regex_method(name, arguments);
  if (type == "System.Text.UTF8Encoding" && is("new")) return text_encoding("UTF8");
  if (type == "System.Text.UnicodeEncoding" && is("new")) return text_encoding("Unicode");
  if (type == "System.Text.Encoding" && is("GetEncoding") && arguments.size() == 1) {
    if (same_text(arguments[0].text(), "utf-8")) return text_encoding("UTF8");
    if (same_text(arguments[0].text(), "utf-16")) return text_encoding("Unicode");
  }
  if (type == "System.Text.StringBuilder" && is("new")) {
    return string_builder(arguments.size() == 1 && !is_number(arguments[0]) ? arguments[0].text() : "");
  }
  if ((type == "System.Collections.ArrayList" || type == "System.Collections.Generic.List" ||
       type == "System.Collections.Specialized.StringCollection") &&
      is("new")) {
    return new_list(type, arguments.size() == 1 && !is_number(arguments[0]) ? arguments[0].items() : Array{});
  }
  if ((type == "System.Collections.Hashtable" || type == "System.Collections.Generic.Dictionary") && is("new")) {
    return make_object("System.Collections.Hashtable", {});
  }
  if (type == "System.Version" && (is("new") || is("Parse")) && !arguments.empty()) {
    std::string text;
    for (const Value& part : arguments) text += (text.empty() ? "" : ".") + part.text();
    return version_value(text);
  }
  if (type == "System.Guid" && (is("new") || is("Parse")) && arguments.size() == 1) {
    return std::holds_alternative<std::string>(arguments[0].data) ? guid_value(arguments[0].text())
                                                                  : guid_of_bytes(raw_bytes(arguments[0]));
  }
  if ((type == "System.Management.Automation.PSObject" || type == "System.Object") && is("new") && arguments.empty()) {
    return make_object("System.Management.Automation.PSCustomObject", {});
  }
  if (type == "System.Type" && is("GetType") && arguments.size() == 1) return type_value(arguments[0].text());
  if (type == "System.Int32" && is("Parse") && arguments.size() == 1) return convert_method("ToInt32", arguments);
  if (type == "System.Int64" && is("Parse") && arguments.size() == 1) return convert_method("ToInt64", arguments);
  return std::nullopt;
}

std::optional<Value> dotnet_cast(const std::string& type, const Value& value) {
  if (type_name(value) == type) return value;
  if (type != "System.Version" && type != "System.Guid") return std::nullopt;
  try {
    return type == "System.Version"                          ? version_value(value.text())
           : std::holds_alternative<std::string>(value.data) ? guid_value(value.text())
                                                             : guid_of_bytes(raw_bytes(value));
  } catch (const Error& error) {
    throw Error(
        "Cannot convert value \"" + value.text() + "\" to type \"" + type + "\". Error: \"" + error.what() + "\"",
        "InvalidArgument", "InvalidCastParseTargetInvocation");
  }
}

}  // namespace far_side
