// The one function through which every value enters a PowerShell script. Scripts are never put together from raw text:
// a node called `x'; Remove-Cluster; '` must stay a name.
#pragma once

#include <string>
#include <string_view>

namespace rehearse::real {

/// The text as one single-quoted PowerShell literal. PowerShell ends such a literal at any of five characters (' and
/// the typographic U+2018 to U+201B) unless it is doubled; nothing else is special inside, not even a line break.
/// Throws std::invalid_argument for NUL, which no literal can hold, and for bytes that are not UTF-8.
std::string single_quoted(std::string_view text);

}  // namespace rehearse::real
