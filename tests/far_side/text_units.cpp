#include "tests/far_side/text_units.hpp"

#include <cstddef>
#include <cstdint>

namespace far_side {
namespace {

constexpr char32_t replacement = 0xFFFD;

/// The character at `at`, which moves behind it.
char32_t next_character(const std::string& bytes, std::size_t& at) {
  const auto byte = [&](std::size_t index) -> std::uint32_t {
    return index < bytes.size() ? static_cast<std::uint8_t>(bytes[index]) : 0;
  };
  const std::uint32_t lead = byte(at);
  if (lead < 0x80) {
    ++at;
    return lead;
  }
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  static constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  char32_t character = lead & (0xFFu >> (length + 1));
  bool valid = lead >= 0xC2 && lead <= 0xF4;
  for (std::size_t index = 1; valid && index < length; ++index) {
    valid = (byte(at + index) & 0xC0) == 0x80;
    character = (character << 6) | (byte(at + index) & 0x3F);
  }
  if (!valid || character < least[length] || character > 0x10FFFF || (character >= 0xD800 && character < 0xE000)) {
    ++at;
    return replacement;
  }
  at += length;
  return character;
}

void append_utf8(char32_t character, std::string& text) {
  const auto add = [&](char32_t bits) { text += static_cast<char>(bits); };
  if (character < 0x80) {
    add(character);
  } else if (character < 0x800) {
    add(0xC0 | (character >> 6));
    add(0x80 | (character & 0x3F));
  } else if (character < 0x10000) {
    add(0xE0 | (character >> 12));
    add(0x80 | ((character >> 6) & 0x3F));
    add(0x80 | (character & 0x3F));
  } else {
    add(0xF0 | (character >> 18));
    add(0x80 | ((character >> 12) & 0x3F));
    add(0x80 | ((character >> 6) & 0x3F));
    add(0x80 | (character & 0x3F));
  }
}

}  // namespace

std::u16string to_utf16(const std::string& utf8) {
  std::u16string units;
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t character = next_character(utf8, at);
    if (character < 0x10000) {
      units += static_cast<char16_t>(character);
    } else {
      units += static_cast<char16_t>(0xD800 + ((character - 0x10000) >> 10));
      units += static_cast<char16_t>(0xDC00 + ((character - 0x10000) & 0x3FF));
    }
  }
  return units;
}

std::string from_utf16(const std::u16string& units) {
  std::string text;
  for (std::size_t at = 0; at < units.size(); ++at) {
    const char32_t unit = units[at];
    const bool pair =
        unit >= 0xD800 && unit < 0xDC00 && at + 1 < units.size() && units[at + 1] >= 0xDC00 && units[at + 1] < 0xE000;
    if (pair) {
      append_utf8(0x10000 + ((unit - 0xD800) << 10) + (units[at + 1] - 0xDC00), text);
      ++at;
    } else {
      append_utf8(unit >= 0xD800 && unit < 0xE000 ? replacement : unit, text);
    }
  }
  return text;
}

std::string valid_utf8(const std::string& bytes) {
  return from_utf16(to_utf16(bytes));
}

}  // namespace far_side
