// What became of the work: counts of executions and the days of the batches, read off the last state of a run
// (behaviour.md 8). They are figures about the whole rehearsal; a batch that has not begun by its end is not counted.
#pragma once

#include <vector>

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

TaskCounts count_tasks(const world::Blueprint& plan, const world::State& last, core::Time end);

/// Every day on which a batch was due until the end, in the order of the batches, then of the days. A day is done when
/// all of its executions were submitted and each has finished, with success or without.
std::vector<BatchDay> batch_days(const world::Blueprint& plan, const world::State& last, core::Time end);

}  // namespace rehearse::sim
