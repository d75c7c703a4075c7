// The random inputs of node_loss_simpy.py: what the C++ world draws in its replications of the same case.
#pragma once

#include <cstdint>
#include <string>

#include "sim/scenario/runner.hpp"

namespace rehearse::sim {

/// A line of JSON with what all replications share, and one for each of the replications 0 to count - 1 of the seed.
/// Durations in nanoseconds; a rhythm is its anchor and its period. `prepared` is the world of node_loss_study().
/// Throws std::runtime_error where a resource would not come online in time: the SimPy program knows no restarts.
std::string node_loss_inputs(const Prepared& prepared, const Scenario& scenario, std::uint64_t seed,
                             std::uint64_t count);

}  // namespace rehearse::sim
