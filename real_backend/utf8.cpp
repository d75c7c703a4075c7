#include "real_backend/utf8.hpp"

#include <cstdint>

namespace rehearse::real {

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

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string printable(std::string_view text) {
  std::string line;
  bool line_ended = false;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const std::string_view character = text.substr(0, length == 0 ? 1 : length);
    text.remove_prefix(character.size());
    const char first = character.front();
    if (first == '\n' || first == '\r') {
      line_ended = true;
      continue;
    }
    if (first == ' ' && (line.empty() || line_ended)) continue;
    if (line_ended && !line.empty()) line += " / ";
    line_ended = false;
    const bool second_control_block = character.size() == 2 && first == '\xC2' && character[1] < '\xA0';  // U+0080..9F
    const bool control = (first >= 0 && first < ' ') || first == '\x7F' || second_control_block;
    if (length == 0 || control) {
      line += '?';
    } else {
      line += character;
    }
  }
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

}  // namespace rehearse::real
