// The text of files that Windows tools write: UTF-8 with or without a byte order mark, or UTF-16 with one (Windows
// PowerShell, sqlcmd -u).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rehearse::model {

/// UTF-8 without a byte order mark. Bytes without any mark are passed on as they are; nullopt: broken UTF-16.
std::optional<std::string> utf8_of(std::string_view bytes);

/// The text in the encoding that `original` is in, with its byte order mark if it has one: what utf8_of reads back.
std::string encoded_like(std::string_view original, std::string_view utf8);

/// `code` must be at most 0x10FFFF and no surrogate.
void append_utf8(std::string& text, std::uint32_t code);

/// Whether the number is half of a UTF-16 pair and no character by itself.
bool is_surrogate(std::uint32_t code);

}  // namespace rehearse::model
