// The smallest scenario that still comes to the outcome of a course: delta debugging (ddmin, then one by one) over the
// entries of its timeline and over the work. Whatever of it is taken away, the outcome is another.
#pragma once

#include <cstdint>

#include "sim/faults/exploration.hpp"

namespace rehearse::sim {

struct MinimalScenario {
  Scenario scenario;        // with the outcome, and what was observed about safety, as its expectations
  std::size_t entries = 0;  // of the whole course's timeline
  std::uint64_t tries = 0;  // scenarios that were played to find it
};

/// Of a trial that found something to act on. Throws std::logic_error where the course as a scenario comes to another
/// outcome than the trial.
MinimalScenario minimal_scenario(const Stage& stage, const FaultCatalogue& catalogue, const Exploration& exploration,
                                 const Trial& trial);

}  // namespace rehearse::sim
