// Worlds for tests of studies: shipped designs, put there installed, without a workload where none is asked for.
#pragma once

#include <string>

#include "model/design.hpp"
#include "sim/scenario/runner.hpp"

namespace rehearse::sim {

inline constexpr Duration year = std::chrono::hours(24 * 365);

/// A design file below scenarios/, without ".json": "designs/reference".
model::Design shipped_design(const std::string& name);

/// The design without batches and other sources of executions.
model::Design without_workload(model::Design design);

/// At the start of the rehearsal, with every duration drawn.
Prepared studied_world(const model::Design& design, Duration horizon = year);

}  // namespace rehearse::sim
