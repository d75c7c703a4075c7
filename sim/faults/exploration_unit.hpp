// One unit of an exploration's work: the courses that have a prefix in common and end with one more fault each. What
// they have in common is run once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/faults/exploration.hpp"
#include "sim/faults/instants.hpp"

namespace rehearse::sim {

/// A prefix of courses: what happens before the last fault, and when that comes.
struct Unit {
  std::vector<PlannedEvent> events;
  Trial before;                   // count, operation, faults, at and when of the events
  std::vector<Instant> instants;  // empty: read off the prefix's own run
};

/// What came of a unit, with its own words.
struct UnitResult {
  std::vector<std::string> words;
  std::vector<Trial> trials;
  std::uint64_t counted = 0;  // courses that were only counted
  std::uint64_t runs = 0, events = 0;
};

/// Tries every fault of the catalogue at every instant of the unit. `world`: memory that the caller keeps for the next
/// unit; what it holds makes no difference. Throws std::logic_error for a broken invariant.
UnitResult run_unit(const Stage& stage, const FaultCatalogue& catalogue, const Unit& unit, bool only_count,
                    std::optional<world::World>& world);

}  // namespace rehearse::sim
