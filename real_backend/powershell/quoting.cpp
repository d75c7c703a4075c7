#include "real_backend/powershell/quoting.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>

namespace rehearse::real {
namespace {

/// Bytes of the UTF-8 character at `text`, 0 if there is none: overlong forms, surrogates and numbers above U+10FFFF
/// are not UTF-8.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t index) { return static_cast<std::uint8_t>(text[index]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t index = 1; index < length; ++index) {
    if ((byte(index) & 0xC0) != 0x80) return 0;
  }
  if (lead == 0xE0 && byte(1) < 0xA0) return 0;
  if (lead == 0xED && byte(1) > 0x9F) return 0;
  if (lead == 0xF0 && byte(1) < 0x90) return 0;
  if (lead == 0xF4 && byte(1) > 0x8F) return 0;
  return length;
}

bool ends_literal(std::string_view character) {
  return character == "'" || character == "\u2018" || character == "\u2019" || character == "\u201A" ||
         character == "\u201B";
}

}  // namespace

std::string single_quoted(std::string_view text) {
  std::string literal = "'";
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) throw std::invalid_argument("a value for PowerShell is not UTF-8");
    const std::string_view character = text.substr(0, length);
    if (character[0] == '\0') throw std::invalid_argument("a value for PowerShell holds a NUL character");
    literal += character;
    if (ends_literal(character)) literal += character;
    text.remove_prefix(length);
  }
  return literal + "'";
}

}  // namespace rehearse::real
