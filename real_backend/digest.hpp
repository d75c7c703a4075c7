// Short names for long things: a script, a set of nodes.
#pragma once

#include <string>
#include <string_view>

namespace rehearse::real {

/// The first 16 hex digits of the SHA-256 of the text. Two texts have the same one by accident only.
std::string short_digest(std::string_view text);

}  // namespace rehearse::real
