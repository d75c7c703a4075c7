// ConvertTo-Json and ConvertFrom-Json as Windows PowerShell 5.1 has them.
#pragma once

#include <cstdint>
#include <string>

#include "tests/far_side/value.hpp"

namespace far_side {

/// What lies deeper than `depth` becomes its text, without a warning. ' < > & are written as escapes, dates as
/// "\/Date(milliseconds)\/", enumerations as their numbers.
std::string to_json(const Value& value, std::int64_t depth, bool compressed);

/// Throws Error for what is no JSON.
Value from_json(const std::string& text);

}  // namespace far_side
