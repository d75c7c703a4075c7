// Texts as .NET counts them: in UTF-16 units.
#pragma once

#include <string>

namespace far_side {

/// Bytes that are no UTF-8 become U+FFFD, as Encoding.UTF8.GetString does it.
std::u16string to_utf16(const std::string& utf8);
/// Lone surrogates become U+FFFD.
std::string from_utf16(const std::u16string& units);
/// The same text with U+FFFD where it was no UTF-8.
std::string valid_utf8(const std::string& bytes);

}  // namespace far_side
