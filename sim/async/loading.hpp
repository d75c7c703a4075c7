// Brings a simulated world to where a real deployment stands, from an observation of it: for plans and dry runs, which
// perform their steps there instead of in reality.
#pragma once

#include <string>
#include <vector>

#include "model/steps/observation.hpp"
#include "sim/async/aliases.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

/// Strings of the observation that a Blueprint must know beside the design's own.
std::vector<std::string> texts_of(const steps::Observation& observation);

/// Puts what was observed into a world in which nothing is installed, as far as it can hold it, and lets it settle for
/// up to an hour: roles online, workers connected. What it cannot hold shows in `answered_otherwise`
/// (observing.hpp).
Aliases load(world::World& world, const steps::Observation& observation);

}  // namespace rehearse::sim
