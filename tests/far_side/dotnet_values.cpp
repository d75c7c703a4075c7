#include "tests/far_side/dotnet_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

#include "tests/far_side/conversions.hpp"
#include "tests/far_side/dotnet.hpp"
#include "tests/far_side/operators.hpp"

namespace far_side {

Value version_value(const std::string& text) {
  std::array<std::int64_t, 4> parts = {-1, -1, -1, -1};
  std::size_t begin = 0;
  std::size_t count = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find('.', begin), text.size());
    const std::string part = text.substr(begin, end - begin);
    if (count == 4 || part.empty() || part.find_first_not_of("0123456789") != part.npos) {
      throw dotnet_error("System.ArgumentException", "Version string portion was too short or too long.");
    }
    parts[count++] = Value(part).whole();
    begin = end + 1;
  }
  if (count < 2) {
    throw dotnet_error("System.ArgumentException", "Version string portion was too short or too long.");
  }
  auto object = make_object("System.Version",
                            {{"Major", parts[0]}, {"Minor", parts[1]}, {"Build", parts[2]}, {"Revision", parts[3]}});
  object->shown = text;
  return object;
}

Value guid_value(const std::string& text) {
  std::string digits;
  for (const char c : text) {
    if (std::isxdigit(static_cast<unsigned char>(c)) != 0) digits += static_cast<char>(std::tolower(c));
  }
  const bool framed = text.size() == 38 && (text[0] == '{' || text[0] == '(');
  if (digits.size() != 32 || (text.size() != 36 && text.size() != 32 && !framed)) {
    throw dotnet_error("System.FormatException",
                       "Guid should contain 32 digits with 4 dashes "
                       "(xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).");
  }
  const std::string plain = fmt::format("{}-{}-{}-{}-{}", digits.substr(0, 8), digits.substr(8, 4),
                                        digits.substr(12, 4), digits.substr(16, 4), digits.substr(20));
  auto object = make_object("System.Guid", {{"Guid", plain}});
  object->shown = plain;
  object->call = [plain, digits](const std::string& method, const Array& arguments) -> Value {
    if (same_text(method, "ToString") && arguments.size() <= 1) {
      const std::string format = arguments.empty() ? "D" : arguments[0].text();
      if (same_text(format, "D")) return plain;
      if (same_text(format, "B")) return "{" + plain + "}";
      if (same_text(format, "N")) return digits;
      if (same_text(format, "P")) return "(" + plain + ")";
    }
    if (same_text(method, "ToByteArray") && arguments.empty()) {
      static constexpr std::array<std::size_t, 16> order = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
      Array bytes;
      for (const std::size_t at : order) bytes.push_back(std::stoi(digits.substr(2 * at, 2), nullptr, 16));
      return bytes;
    }
    throw std::logic_error("Guid." + method + " is not known here");
  };
  return object;
}

Value guid_of_bytes(const std::string& bytes) {
  if (bytes.size() != 16) {
    throw dotnet_error("System.ArgumentException", "Byte array for GUID must be exactly 16 bytes long.");
  }
  static constexpr std::array<std::size_t, 16> order = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
  std::string digits;
  for (const std::size_t at : order) digits += fmt::format("{:02x}", static_cast<std::uint8_t>(bytes[at]));
  return guid_value(digits);
}

Value string_builder(std::string begin) {
  auto object = make_object("System.Text.StringBuilder", {});
  auto text = std::make_shared<std::string>(std::move(begin));
  const std::weak_ptr<Object> self = object;
  object->live = [text](const std::string& member) -> std::optional<Value> {
    if (same_text(member, "Length")) return static_cast<std::int64_t>(utf16_length(*text));
    return std::nullopt;
  };
  object->call = [text, self](const std::string& method, const Array& arguments) -> Value {
    if (same_text(method, "ToString") && arguments.empty()) return *text;
    if ((same_text(method, "Append") && arguments.size() == 1) ||
        (same_text(method, "AppendLine") && arguments.size() <= 1)) {
      if (!arguments.empty()) *text += arguments[0].text();
      if (same_text(method, "AppendLine")) *text += "\r\n";
      return self.lock();
    }
    throw std::logic_error("StringBuilder." + method + " is not known here");
  };
  return object;
}

Value database_null() {
  auto null = make_object("System.DBNull", {});
  null->shown = "";
  return null;
}

std::optional<int> dotnet_order(const Value& left, const Value& right) {
  if (type_name(left) == "System.Guid") {
    return compare(left.text(), dotnet_cast("System.Guid", right)->text());
  }
  if (type_name(left) != "System.Version") return std::nullopt;
  const Value other = *dotnet_cast("System.Version", right);
  for (const char* part : {"Major", "Minor", "Build", "Revision"}) {
    const int order = compare(left.member(part), other.member(part));
    if (order != 0) return order;
  }
  return 0;
}

}  // namespace far_side
