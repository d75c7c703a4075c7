// What is UTF-8 and what is not: overlong forms, surrogates and numbers above U+10FFFF are not.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rehearse::real {

/// Bytes of the first character of `text`, which is not empty; 0 if it does not begin with a whole one.
std::size_t character_length(std::string_view text);

bool is_utf8(std::string_view text);

/// What a program wrote for people, fit for a message of one line: line ends become " / ", other control characters
/// and bytes that are not UTF-8 become "?", blanks at both ends go.
std::string printable(std::string_view text);

}  // namespace rehearse::real
