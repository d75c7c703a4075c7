// A small complete design that states every key of a design at least once, as a tree for tests to break.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "model/design_reader.hpp"

namespace rehearse::model {

nlohmann::json small();

/// The same farm with SSISDB in an availability group, stating every key that such a design has instead.
nlohmann::json small_with_group();

/// Reads it as the file "small.json".
DesignResult read(const nlohmann::json& design);

/// All diagnostics, one after the other.
std::string told(const DesignResult& result);

}  // namespace rehearse::model
