// When the next fault of a course comes: in the middle of each phase of what the faults before brought about, once the
// farm has recovered, while it is repaired and after it.
#pragma once

#include <string>
#include <vector>

#include "sim/faults/course.hpp"
#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

struct Instant {
  core::Time at{};
  std::string when;       // "in regroup", "once recovered", "after the repair"
  bool repaired = false;  // the events so far have been repaired before
};

/// At least as many for each course; where its journal has fewer phases, moments at fixed distances are added.
inline constexpr std::size_t least_instants = 6;

/// The instants after the last event of the run's timeline, ascending. `last`: that event's moment; its repairs come
/// `repair_after` it.
std::vector<Instant> instants_after(const RunResult& run, core::Time last);

/// Only the middle of the longest phase before the repair; where there is none, while the last event stands.
Instant longest_phase_after(const RunResult& run, core::Time last);

/// The instants of an operation that began at `begun`: in the middle of each kind of its steps, and after it.
std::vector<Instant> instants_of_operation(const RunResult& run, core::Time begun);

}  // namespace rehearse::sim
