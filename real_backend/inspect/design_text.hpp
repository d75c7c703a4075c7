// A design as people write it: short lists and objects on one line, long ones over several.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace rehearse::real {

/// Ends with a line end. Texts must be UTF-8.
std::string design_text(const nlohmann::ordered_json& design);

}  // namespace rehearse::real
