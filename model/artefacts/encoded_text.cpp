#include "model/artefacts/encoded_text.hpp"

#include <algorithm>

namespace rehearse::model {
namespace {

std::optional<std::string> from_utf16(std::string_view bytes, std::size_t low_byte) {
  if (bytes.size() % 2 != 0) return std::nullopt;
  const auto unit = [&](std::size_t i) {
    const auto low = static_cast<unsigned char>(bytes[2 * i + low_byte]);
    const auto high = static_cast<unsigned char>(bytes[2 * i + 1 - low_byte]);
    return static_cast<std::uint32_t>(high << 8 | low);
  };
  std::string text;
  for (std::size_t i = 0; i < bytes.size() / 2; ++i) {
    std::uint32_t code = unit(i);
    if (is_surrogate(code)) {
      const std::uint32_t next = i + 1 < bytes.size() / 2 ? unit(i + 1) : 0;
      if (code >= 0xDC00 || next < 0xDC00 || next > 0xDFFF) return std::nullopt;
      code = 0x10000 + ((code - 0xD800) << 10) + (next - 0xDC00);
      ++i;
    }
    append_utf8(text, code);
  }
  return text;
}

/// The character at the beginning of well-formed UTF-8, which loses it.
std::uint32_t take_character(std::string_view& utf8) {
  const auto lead = static_cast<unsigned char>(utf8.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  std::uint32_t code = length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length && i < utf8.size(); ++i) {
    code = code << 6 | (static_cast<unsigned char>(utf8[i]) & 0x3F);
  }
  utf8.remove_prefix(std::min(length, utf8.size()));
  return code;
}

std::string to_utf16(std::string_view utf8, bool little) {
  std::string bytes;
  const auto add = [&](std::uint32_t unit) {
    const char high = static_cast<char>(unit >> 8), low = static_cast<char>(unit & 0xFF);
    bytes += little ? low : high;
    bytes += little ? high : low;
  };
  add(0xFEFF);
  while (!utf8.empty()) {
    const std::uint32_t code = take_character(utf8);
    if (code < 0x10000) {
      add(code);
    } else {
      add(0xD800 + ((code - 0x10000) >> 10));
      add(0xDC00 + ((code - 0x10000) & 0x3FF));
    }
  }
  return bytes;
}

}  // namespace

std::string encoded_like(std::string_view original, std::string_view utf8) {
  if (original.starts_with("\xEF\xBB\xBF")) return "\xEF\xBB\xBF" + std::string(utf8);
  if (original.starts_with("\xFF\xFE")) return to_utf16(utf8, true);
  if (original.starts_with("\xFE\xFF")) return to_utf16(utf8, false);
  return std::string(utf8);
}

void append_utf8(std::string& text, std::uint32_t code) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | code >> 12);
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xF0 | code >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

bool is_surrogate(std::uint32_t code) {
  return code >= 0xD800 && code <= 0xDFFF;
}

std::optional<std::string> utf8_of(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return std::string(bytes.substr(3));
  if (bytes.starts_with("\xFF\xFE")) return from_utf16(bytes.substr(2), 0);
  if (bytes.starts_with("\xFE\xFF")) return from_utf16(bytes.substr(2), 1);
  return std::string(bytes);
}

}  // namespace rehearse::model
