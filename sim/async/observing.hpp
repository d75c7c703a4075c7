// A simulated world, asked what steps ask of real machines: to see where it stands, and whether that is where a real
// deployment stands.
#pragma once

#include <vector>

#include "model/steps/observation.hpp"
#include "sim/async/aliases.hpp"
#include "sim/async/driver.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

/// Whether Windows updates were asked for.
steps::AskForPatches asks_for_patches(const steps::Observation& observation);

/// steps::observe() on a platform of the driver's world, which answers questions without letting time pass.
steps::Observation observe_at_once(Driver& driver, steps::Platform platform, const model::Design& design,
                                   steps::AskForPatches patches);

/// The facts of the observation, in the world's names, that the world answers in another way.
std::vector<steps::Fact> answered_otherwise(world::World& world, const steps::Observation& observation,
                                            const Aliases& aliases);

}  // namespace rehearse::sim
