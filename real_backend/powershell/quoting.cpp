#include "real_backend/powershell/quoting.hpp"

#include <cstddef>
#include <stdexcept>

#include "real_backend/utf8.hpp"

namespace rehearse::real {
namespace {

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
