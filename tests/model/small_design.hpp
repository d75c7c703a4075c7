// A small complete design that states every key of a design at least once, as a tree for tests to break.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "model/design_reader.hpp"

namespace rehearse::model {

nlohmann::json small();

/// Reads it as the file "small.json".
DesignResult read(const nlohmann::json& design);

/// All diagnostics, one after the other.
std::string told(const DesignResult& result);

}  // namespace rehearse::model
