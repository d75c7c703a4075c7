// SHA-256 of a text, for the fingerprints of plans.
#pragma once

#include <string>
#include <string_view>

namespace rehearse::steps {

/// 64 lower-case hex digits.
std::string sha256_hex(std::string_view text);

}  // namespace rehearse::steps
