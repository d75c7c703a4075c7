// JSON that programs wrote and that may be larger than what people write by hand.
#pragma once

#include "model/json_tree.hpp"

namespace rehearse::model {

/// As parse_json, with a limit of the caller's instead of json_size_limit.
std::optional<JsonDocument> parse_large_json(std::string_view text, const std::string& file, std::size_t limit,
                                             std::vector<Diagnostic>& diagnostics);

}  // namespace rehearse::model
