// Bytes and texts: base64, and the encodings of .NET.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "tests/far_side/dotnet.hpp"
#include "tests/far_side/dotnet_values.hpp"
#include "tests/far_side/text_units.hpp"

namespace far_side {
namespace {

constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string encoded(const std::string& encoding, const std::string& text) {
  if (encoding == "UTF8") return valid_utf8(text);
  std::string bytes;
  for (const char16_t unit : to_utf16(text)) {
    if (encoding == "ASCII") {
      bytes += unit < 0x80 ? static_cast<char>(unit) : '?';
    } else {
      bytes += static_cast<char>(unit & 0xFF);
      bytes += static_cast<char>(unit >> 8);
    }
  }
  return bytes;
}

std::string decoded(const std::string& encoding, const std::string& bytes) {
  if (encoding == "UTF8") return valid_utf8(bytes);
  std::u16string units;
  if (encoding == "ASCII") {
    for (const char c : bytes) units += static_cast<std::uint8_t>(c) < 0x80 ? static_cast<char16_t>(c) : u'?';
  } else {
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
      units +=
          static_cast<char16_t>(static_cast<std::uint8_t>(bytes[at]) | (static_cast<std::uint8_t>(bytes[at + 1]) << 8));
    }
  }
  return from_utf16(units);
}

}  // namespace

std::string to_base64(const std::string& bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t left = bytes.size() - at;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = (bits << 8) | (i < left ? static_cast<std::uint8_t>(bytes[at + i]) : 0u);
    }
    for (std::size_t i = 0; i < 4; ++i) text += i <= left ? base64_digits[(bits >> (18 - 6 * i)) & 63] : '=';
  }
  return text;
}

std::string from_base64(const std::string& text) {
  std::string bytes;
  std::uint32_t bits = 0;
  std::size_t digits = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    const std::size_t digit = base64_digits.find(c);
    if (c == '=' && padding < 2) {
      ++padding;
    } else if (digit == base64_digits.npos || padding != 0) {
      digits = 1;
      break;
    }
    bits = (bits << 6) | (c == '=' ? 0u : static_cast<std::uint32_t>(digit));
    if (++digits % 4 == 0) {
      for (int shift = 16; shift >= 0; shift -= 8) bytes += static_cast<char>((bits >> shift) & 0xFF);
    }
  }
  if (digits % 4 != 0) {
    throw dotnet_error("System.FormatException",
                       "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two "
                       "padding characters, or an illegal character among the padding characters. ");
  }
  bytes.resize(bytes.size() - std::min(padding, bytes.size()));
  return bytes;
}

/// UTF8, Unicode or ASCII.
Value text_encoding(const std::string& name) {
  auto object = make_object("System.Text." + name + "Encoding", {{"WebName", name}});
  object->call = [name](const std::string& method, const Array& arguments) -> Value {
    if (same_text(method, "GetBytes") && arguments.size() == 1) return byte_array(encoded(name, arguments[0].text()));
    if (same_text(method, "GetString") && arguments.size() == 1) return decoded(name, raw_bytes(arguments[0]));
    if (same_text(method, "GetString") && arguments.size() == 3) {
      return decoded(name, raw_bytes(arguments[0])
                               .substr(static_cast<std::size_t>(arguments[1].whole()),
                                       static_cast<std::size_t>(arguments[2].whole())));
    }
    if (same_text(method, "GetByteCount") && arguments.size() == 1) {
      return static_cast<std::int64_t>(encoded(name, arguments[0].text()).size());
    }
    throw std::logic_error("Encoding." + method + " is not known here");
  };
  return object;
}

Value byte_array(const std::string& bytes) {
  Array array;
  array.reserve(bytes.size());
  for (const char c : bytes) array.emplace_back(static_cast<int>(static_cast<std::uint8_t>(c)));
  return array;
}

std::string raw_bytes(const Value& array) {
  std::string bytes;
  for (const Value& item : array.items()) {
    const std::int64_t byte = item.whole();
    if (byte < 0 || byte > 255) throw dotnet_error("System.OverflowException", "Value was too large for a byte.");
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

}  // namespace far_side
