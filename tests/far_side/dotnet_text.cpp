// Methods of texts, and texts of numbers.
#include <fmt/format.h>

#include <algorithm>

#include "tests/far_side/conversions.hpp"
#include "tests/far_side/dotnet.hpp"
#include "tests/far_side/text_units.hpp"

namespace far_side {
namespace {

/// One of StringComparison's values, by name or by number.
bool ignores_case(const Value& comparison) {
  return comparison.text().find("IgnoreCase") != std::string::npos;
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::string upper_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

/// The characters of Trim('x') and Split('x'): of all arguments.
std::u16string characters(const Array& arguments) {
  std::u16string all;
  for (const Value& argument : arguments) {
    for (const Value& item : argument.items()) all += to_utf16(item.text());
  }
  return all;
}

Value trimmed(const std::string& text, const Array& arguments, bool begin, bool end) {
  std::u16string which = characters(arguments);
  if (which.empty()) which = u" \t\r\n\v\f\u00A0\u0085\uFEFF";
  std::u16string units = to_utf16(text);
  if (begin) units.erase(0, std::min(units.find_first_not_of(which), units.size()));
  if (end) units.erase(units.find_last_not_of(which) + 1);
  return from_utf16(units);
}

Value split(const std::string& text, Array arguments) {
  const bool has_options = arguments.size() == 2 && arguments[1].text().find("Empty") != std::string::npos;
  const bool has_no_options = arguments.size() == 2 && same_text(arguments[1].text(), "None");
  if (arguments.size() > 1 && !has_options && !has_no_options) {
    throw std::logic_error("Split with these arguments is not known here");
  }
  if (arguments.size() == 2) arguments.pop_back();
  // In Windows PowerShell 5.1 Split takes a text for a list of characters.
  std::u16string which = characters(arguments);
  if (which.empty()) which = u" \t\r\n\v\f";
  const std::u16string units = to_utf16(text);
  Array pieces;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = units.find_first_of(which, begin);
    const std::u16string piece = units.substr(begin, end == units.npos ? units.npos : end - begin);
    if (!has_options || !piece.empty()) pieces.push_back(from_utf16(piece));
    if (end == units.npos) return pieces;
    begin = end + 1;
  }
}

std::int64_t index_of(const std::string& text, const Array& arguments, bool last) {
  std::u16string units = to_utf16(text);
  std::u16string wanted = to_utf16(arguments.at(0).text());
  std::size_t from = last ? units.npos : 0;
  if (arguments.size() == 2 && is_number(arguments[1])) from = static_cast<std::size_t>(arguments[1].whole());
  if (arguments.size() == 2 && ignores_case(arguments[1])) {
    units = to_utf16(lower_case(text));
    wanted = to_utf16(lower_case(arguments[0].text()));
  }
  const std::size_t at = last ? units.rfind(wanted, from) : units.find(wanted, from);
  return at == units.npos ? -1 : static_cast<std::int64_t>(at);
}

std::u16string part(const std::u16string& units, std::int64_t begin, std::int64_t length) {
  const auto size = static_cast<std::int64_t>(units.size());
  if (begin < 0 || begin > size) {
    throw dotnet_error("System.ArgumentOutOfRangeException",
                       "startIndex cannot be larger than length of string.\r\nParameter name: startIndex");
  }
  if (length < 0 || begin + length > size) {
    throw dotnet_error("System.ArgumentOutOfRangeException",
                       "Index and length must refer to a location within the string.\r\nParameter name: length");
  }
  return units.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(length));
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  if (from.empty()) throw dotnet_error("System.ArgumentException", "String cannot be of zero length.");
  for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

bool begins(const std::string& text, const Array& arguments) {
  const std::string wanted = arguments[0].text();
  const std::string head = text.substr(0, wanted.size());
  return arguments.size() == 2 && ignores_case(arguments[1]) ? same_text(head, wanted) : head == wanted;
}

bool ends(const std::string& text, const Array& arguments) {
  const std::string wanted = arguments[0].text();
  if (wanted.size() > text.size()) return false;
  const std::string tail = text.substr(text.size() - wanted.size());
  return arguments.size() == 2 && ignores_case(arguments[1]) ? same_text(tail, wanted) : tail == wanted;
}

}  // namespace

std::optional<Value> text_method(const std::string& text, const std::string& name, const Array& arguments) {
  const std::size_t count = arguments.size();
  const auto is = [&](const char* method) { return same_text(name, method); };
  if (is("ToString") && count <= 1) return text;
  if ((is("ToUpper") || is("ToUpperInvariant")) && count == 0) return upper_case(text);
  if ((is("ToLower") || is("ToLowerInvariant")) && count == 0) return lower_case(text);
  if (is("Trim")) return trimmed(text, arguments, true, true);
  if (is("TrimStart")) return trimmed(text, arguments, true, false);
  if (is("TrimEnd")) return trimmed(text, arguments, false, true);
  if (is("Split")) return split(text, arguments);
  if (is("Contains") && count == 1) return text.find(arguments[0].text()) != text.npos;
  if (is("StartsWith") && (count == 1 || count == 2)) return begins(text, arguments);
  if (is("EndsWith") && (count == 1 || count == 2)) return ends(text, arguments);
  if (is("Equals") && count == 1) return text == arguments[0].text();
  if (is("Equals") && count == 2) {
    return ignores_case(arguments[1]) ? same_text(text, arguments[0].text()) : text == arguments[0].text();
  }
  if (is("CompareTo") && count == 1) return text < arguments[0].text() ? -1 : text > arguments[0].text() ? 1 : 0;
  if (is("Replace") && count == 2) return replaced(text, arguments[0].text(), arguments[1].text());
  if (is("IndexOf") && (count == 1 || count == 2)) return index_of(text, arguments, false);
  if (is("LastIndexOf") && (count == 1 || count == 2)) return index_of(text, arguments, true);
  const std::u16string units = to_utf16(text);
  const auto size = static_cast<std::int64_t>(units.size());
  if (is("Substring") && count == 1) {
    return from_utf16(part(units, arguments[0].whole(), size - std::min(size, arguments[0].whole())));
  }
  if (is("Substring") && count == 2) return from_utf16(part(units, arguments[0].whole(), arguments[1].whole()));
  if (is("Insert") && count == 2) {
    const std::int64_t at = arguments[0].whole();
    return from_utf16(part(units, 0, at)) + arguments[1].text() + from_utf16(part(units, at, size - at));
  }
  if (is("Remove") && (count == 1 || count == 2)) {
    const std::int64_t at = arguments[0].whole();
    const std::int64_t rest = count == 1 ? size : at + arguments[1].whole();
    return from_utf16(part(units, 0, at)) + from_utf16(part(units, rest, size - rest));
  }
  if ((is("PadLeft") || is("PadRight")) && (count == 1 || count == 2)) {
    const std::int64_t missing = std::max<std::int64_t>(arguments[0].whole() - size, 0);
    std::string pad;
    for (std::int64_t i = 0; i < missing; ++i) pad += count == 2 ? arguments[1].text() : " ";
    return is("PadLeft") ? pad + text : text + pad;
  }
  if (is("ToCharArray") && count == 0) {
    Array each;
    for (const char16_t unit : units) each.push_back(from_utf16(std::u16string(1, unit)));
    return each;
  }
  if (is("GetEnumerator") && count == 0) return text_method(text, "ToCharArray", {});
  if (is("GetHashCode") && count == 0) return static_cast<std::int64_t>(std::hash<std::string>()(text) & 0x7FFFFFFF);
  return std::nullopt;
}

std::string number_as(const Value& number, const std::string& format) {
  const char kind = format.empty() ? 'G' : format[0];
  const bool has_digits = format.size() > 1;
  const std::int64_t digits = has_digits ? Value(format.substr(1)).whole() : -1;
  switch (kind) {
    case 'G':
    case 'g': return number.text();
    case 'D':
    case 'd': return fmt::format("{:0{}}", number.whole(), std::max<std::int64_t>(digits, 1));
    case 'X': return fmt::format("{:0{}X}", number.whole(), std::max<std::int64_t>(digits, 1));
    case 'x': return fmt::format("{:0{}x}", number.whole(), std::max<std::int64_t>(digits, 1));
    case 'F':
    case 'f': return fmt::format("{:.{}f}", real_number(number), has_digits ? digits : 2);
    case '0':
      if (format.find_first_not_of('0') == format.npos) return fmt::format("{:0{}}", number.whole(), format.size());
      break;
    default: break;
  }
  throw std::logic_error("the number format '" + format + "' is not known here");
}

}  // namespace far_side
