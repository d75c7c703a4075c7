#include "model/artefacts/encoded_text.hpp"

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

}  // namespace

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
