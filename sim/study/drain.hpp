// After an outage the work that has piled up drains: how long that takes tells how much reserve a farm has.
#pragma once

#include <cstdint>

#include "sim/scenario/scenario.hpp"
#include "sim/study/tally.hpp"

namespace rehearse::sim {

/// How long it takes from when packages can run again until no execution is ready and waiting for a slot: the longest
/// in each replication, in nanoseconds; censored where it had not come at the end, none where packages could run all
/// the time or nothing waited. Replications `from` to `to` of the scenario as it is.
Distribution drain_times(const Scenario& scenario, std::uint64_t seed, std::uint64_t from, std::uint64_t to);

}  // namespace rehearse::sim
