// Shipped designs on stage for tests of faults, whole or with one thing wrong.
#pragma once

#include <functional>
#include <string>

#include "model/design.hpp"
#include "sim/faults/exploration.hpp"

namespace rehearse::sim {

/// A design file below scenarios/, without ".json": "designs/reference".
model::Design design_file(const std::string& name);

/// On the stage at the date that the command takes where none is given.
Stage staged(const model::Design& design, world::Pace pace = world::Pace::median);

/// The place of the fault in the catalogue; throws std::out_of_range where there is none of that name.
std::size_t place_of(const FaultCatalogue& catalogue, const std::string& name);

/// The outcome of these faults, each `after` the one before it, the first while work is under way.
FarmOutcome outcome_of_faults(const model::Design& design, const std::vector<std::string>& faults,
                              Duration after = std::chrono::minutes(10));

}  // namespace rehearse::sim
