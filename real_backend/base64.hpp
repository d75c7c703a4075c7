// Bytes as base64 (RFC 4648, padded, no line breaks): how anything that is not plain text passes command lines, script
// literals, standard input and answers unharmed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rehearse::real {

std::string to_base64(std::string_view bytes);

/// nullopt: not base64. Padding is demanded; blanks and line ends are refused, and so are bits that no byte has.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace rehearse::real
