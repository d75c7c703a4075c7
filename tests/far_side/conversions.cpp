#include "tests/far_side/conversions.hpp"

#include <charconv>
#include <limits>
#include <set>

#include "tests/far_side/date_time.hpp"
#include "tests/far_side/dotnet.hpp"
#include "tests/far_side/text_units.hpp"

namespace far_side {
namespace {

const std::map<std::string, std::string, NoCase>& accelerators() {
  static const std::map<std::string, std::string, NoCase> names = {
      {"int", "System.Int32"},
      {"long", "System.Int64"},
      {"short", "System.Int16"},
      {"uint16", "System.UInt16"},
      {"uint32", "System.UInt32"},
      {"uint64", "System.UInt64"},
      {"bool", "System.Boolean"},
      {"float", "System.Single"},
      {"hashtable", "System.Collections.Hashtable"},
      {"array", "System.Array"},
      {"regex", "System.Text.RegularExpressions.Regex"},
      {"xml", "System.Xml.XmlDocument"},
      {"pscustomobject", "System.Management.Automation.PSCustomObject"},
      {"psobject", "System.Management.Automation.PSObject"},
      {"pscredential", "System.Management.Automation.PSCredential"},
      {"powershell", "System.Management.Automation.PowerShell"},
      {"runspacefactory", "System.Management.Automation.Runspaces.RunspaceFactory"},
      {"scriptblock", "System.Management.Automation.ScriptBlock"},
      {"switch", "System.Management.Automation.SwitchParameter"},
      {"securestring", "System.Security.SecureString"},
      {"ipaddress", "System.Net.IPAddress"},
      {"x509certificate2", "System.Security.Cryptography.X509Certificates.X509Certificate2"},
      {"ref", "System.Management.Automation.PSReference"},
      {"wmi", "System.Management.ManagementObject"},
      {"cimsession", "Microsoft.Management.Infrastructure.CimSession"},
  };
  return names;
}

[[noreturn]] void cannot_convert(const Value& value, const std::string& type) {
  throw Error("Cannot convert the \"" + value.text() + "\" value of type \"" + type_name(value) + "\" to type \"" +
                  type + "\".",
              "InvalidArgument", "ConvertToFinalInvalidCastException");
}

struct Range {
  std::int64_t least;
  std::int64_t most;
};

std::optional<Range> range_of(const std::string& type) {
  static const std::map<std::string, Range> ranges = {
      {"System.Int32", {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()}},
      {"System.Int64", {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}},
      {"System.UInt64", {0, std::numeric_limits<std::int64_t>::max()}},
      {"System.UInt32", {0, std::numeric_limits<std::uint32_t>::max()}},
      {"System.Int16", {-32768, 32767}},
      {"System.UInt16", {0, 65535}},
      {"System.Byte", {0, 255}},
      {"System.SByte", {-128, 127}}};
  const auto found = ranges.find(type);
  return found == ranges.end() ? std::nullopt : std::optional(found->second);
}

Value whole_number(const std::string& type, const Range& range, const Value& value) {
  const std::int64_t number = value.whole();
  if (number >= range.least && number <= range.most) return number;
  throw Error("Cannot convert value \"" + value.text() + "\" to type \"" + type +
                  "\". Error: \"Value was either too large or too small for " + type.substr(7) + ".\"",
              "InvalidArgument", "InvalidCastIConvertible");
}

Value array_of(const std::string& element_type, const Value& value) {
  Array converted_items;
  for (const Value& item : value.is_null() ? Array{} : value.items()) {
    std::optional<Value> each = converted(element_type, item);
    if (!each) throw std::logic_error("no cast to an array of " + element_type);
    converted_items.push_back(std::move(*each));
  }
  return converted_items;
}

Value character(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.data)) {
    if (utf16_length(*text) != 1) cannot_convert(value, "System.Char");
    return value;
  }
  return from_utf16(std::u16string(1, static_cast<char16_t>(value.whole())));
}

Value custom_object(const Value& value) {
  const Object* source = value.object();
  if (source == nullptr || source->type != "System.Collections.Hashtable") return value;
  return make_object("System.Management.Automation.PSCustomObject", source->members);
}

}  // namespace

std::string full_type_name(const std::string& written) {
  const auto found = accelerators().find(written);
  if (found != accelerators().end()) return found->second;
  if (written.size() > 2 && written.ends_with("[]")) {
    return full_type_name(written.substr(0, written.size() - 2)) + "[]";
  }
  for (const std::string root : {"System.", "Microsoft.", "Windows."}) {
    if (written.size() > root.size() && same_text(written.substr(0, root.size()), root)) {
      return root + written.substr(root.size());
    }
  }
  static const std::set<std::string> plain = {"String", "Object",  "Char",     "Byte",     "Double",  "Int32",
                                              "Int64",  "Boolean", "DateTime", "TimeSpan", "Version", "Guid"};
  for (const std::string& name : plain) {
    if (same_text(name, written)) return "System." + name;
  }
  return "System." + written;
}

std::string type_name(const Value& value) {
  if (value.is_null()) return "System.Object";
  if (const Object* object = value.object()) return object->type;
  if (value.collection() != nullptr) return "System.Object[]";
  if (std::holds_alternative<bool>(value.data)) return "System.Boolean";
  if (const auto* number = std::get_if<std::int64_t>(&value.data)) {
    const Range small = *range_of("System.Int32");
    return *number >= small.least && *number <= small.most ? "System.Int32" : "System.Int64";
  }
  if (std::holds_alternative<double>(value.data)) return "System.Double";
  if (std::holds_alternative<std::string>(value.data)) return "System.String";
  return "System.Management.Automation.ScriptBlock";
}

Value type_value(const std::string& full_name) {
  const std::size_t dot = full_name.rfind('.');
  auto object =
      make_object("System.RuntimeType",
                  {{"FullName", full_name}, {"Name", dot == full_name.npos ? full_name : full_name.substr(dot + 1)}});
  object->shown = full_name;
  return object;
}

std::optional<Value> converted(const std::string& full_name, const Value& value) {
  if (full_name == "System.Object") return value;
  if (full_name == "System.Void") return Value::nothing();
  if (full_name == "System.String") return Value(value.text());
  if (full_name == "System.Boolean" || full_name == "System.Management.Automation.SwitchParameter") {
    return Value(value.truth());
  }
  if (const std::optional<Range> range = range_of(full_name)) {
    if (value.collection() != nullptr) cannot_convert(value, full_name);
    return whole_number(full_name, *range, value);
  }
  if (full_name == "System.Double" || full_name == "System.Single" || full_name == "System.Decimal") {
    return Value(real_number(value));
  }
  if (full_name == "System.Char") return character(value);
  if (full_name == "System.Array" || full_name == "System.Object[]") {
    return value.is_null() ? value : Value(value.items());
  }
  if (full_name.ends_with("[]")) {
    if (value.is_null()) return value;
    // A text becomes one item, but for [char[]].
    if (full_name == "System.Char[]" && std::holds_alternative<std::string>(value.data)) {
      return text_method(value.text(), "ToCharArray", {});
    }
    return array_of(full_name.substr(0, full_name.size() - 2), value);
  }
  if (full_name == "System.Management.Automation.PSCustomObject" ||
      full_name == "System.Management.Automation.PSObject") {
    return custom_object(value);
  }
  if (full_name == "System.Collections.Hashtable" || full_name == "System.Collections.Specialized.OrderedDictionary" ||
      full_name == "System.ordered") {
    if (value.is_null() || type_name(value) == "System.Collections.Hashtable") return value;
    cannot_convert(value, full_name);
  }
  if (full_name == date_time_type) {
    if (is_date_time(value)) return value;
    if (std::holds_alternative<std::string>(value.data)) return parse_date_time(value.text());
    if (is_number(value)) return date_time(value.whole(), Kind::unspecified);
    cannot_convert(value, full_name);
  }
  if (full_name == time_span_type && is_time_span(value)) return value;
  return dotnet_cast(full_name, value);
}

bool is_exception_of(const std::string& thrown, const std::string& caught) {
  static const std::map<std::string, std::string> bases = {
      {"System.IO.FileNotFoundException", "System.IO.IOException"},
      {"System.IO.DirectoryNotFoundException", "System.IO.IOException"},
      {"System.IO.PathTooLongException", "System.IO.IOException"},
      {"System.ArgumentNullException", "System.ArgumentException"},
      {"System.ArgumentOutOfRangeException", "System.ArgumentException"},
      {"System.Management.Automation.MethodInvocationException", "System.Management.Automation.MethodException"},
      {"System.Management.Automation.MethodException", "System.Management.Automation.ExtendedTypeSystemException"},
      {"System.Management.Automation.ExtendedTypeSystemException", "System.Management.Automation.RuntimeException"},
      {"System.Management.Automation.ItemNotFoundException", "System.Management.Automation.SessionStateException"},
      {"System.Management.Automation.SessionStateException", "System.Management.Automation.RuntimeException"},
      {"System.Management.Automation.ActionPreferenceStopException", "System.Management.Automation.RuntimeException"},
      {"System.Management.Automation.CommandNotFoundException", "System.Management.Automation.RuntimeException"},
      {"System.Management.Automation.ParameterBindingException", "System.Management.Automation.RuntimeException"}};
  if (caught == "System.Exception") return true;
  std::string type = thrown;
  while (!same_text(type, caught)) {
    const auto base = bases.find(type);
    if (base == bases.end()) return same_text(caught, "System.SystemException") && thrown.starts_with("System.");
    type = base->second;
  }
  return true;
}

bool is_enumeration(const Value& value) {
  return value.object() != nullptr && value.object()->members.count("value__") != 0;
}

Array items_with_null(const Value& value) {
  return value.is_null() && !value.is_nothing() ? Array{value} : value.items();
}

bool is_number(const Value& value) {
  return std::holds_alternative<std::int64_t>(value.data) || std::holds_alternative<double>(value.data);
}

double real_number(const Value& value) {
  if (const auto* real = std::get_if<double>(&value.data)) return *real;
  if (const auto* text = std::get_if<std::string>(&value.data)) {
    const std::size_t begin = text->find_first_not_of(" +");
    if (begin == text->npos) return 0;
    double number = 0;
    const auto [stop, error] = std::from_chars(text->data() + begin, text->data() + text->size(), number);
    if (error == std::errc() && stop == text->data() + text->size()) return number;
    throw Error("Cannot convert value \"" + *text +
                    "\" to type \"System.Double\". Error: \"Input string was not in a correct format.\"",
                "InvalidArgument", "InvalidCastFromStringToDoubleOrSingle");
  }
  return static_cast<double>(value.whole());
}

}  // namespace far_side
