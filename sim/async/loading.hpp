// Brings a simulated world to where a real deployment stands, from an observation of it: for plans and dry runs, which
// perform their steps there instead of in reality.
#pragma once

#include <string>
#include <vector>

#include "sim/async/aliases.hpp"
#include "sim/async/driver.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

/// Strings of the observation that a Blueprint must know beside the design's own.
std::vector<std::string> texts_of(const steps::Observation& observation);

/// Puts what was observed into a world in which nothing is installed, as far as it can hold it, and lets it settle for
/// up to an hour: roles online, workers connected. What it cannot hold shows in `answered_otherwise`.
Aliases load(world::World& world, const steps::Observation& observation);

/// Whether Windows updates were asked for.
steps::AskForPatches asks_for_patches(const steps::Observation& observation);

/// steps::observe() on a platform of the driver's world, which answers questions without letting time pass.
steps::Observation observe_at_once(Driver& driver, steps::Platform platform, const model::Design& design,
                                   steps::AskForPatches patches);

/// The facts of the observation, in the world's names, that the world answers in another way.
std::vector<steps::Fact> answered_otherwise(world::World& world, const steps::Observation& observation,
                                            const Aliases& aliases);

}  // namespace rehearse::sim
