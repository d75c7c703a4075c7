// What became of the work: counts of executions and the days of the batches, read off the last state of a run
// (behaviour.md 8). They are figures about the whole rehearsal; a batch that has not begun by its end is not counted.
#pragma once

#include <span>
#include <vector>

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

/// `calls`: of each source, calls of create_execution under way at the end. A rate shows only in them what it still
/// means to submit; empty: none.
TaskCounts count_tasks(const world::Blueprint& plan, const world::State& last, core::Time end,
                       std::span<const std::uint32_t> calls = {});

/// Every day on which a batch was due until the end, in the order of the batches, then of the days. A day is done when
/// all of its executions were submitted and each has finished, with success or without.
std::vector<BatchDay> batch_days(const world::Blueprint& plan, const world::State& last, core::Time end);

/// When the execution shall have ended: by the deadline of its batch's day, or so long after its arrival; never: there
/// is none. Of a rate the creation stands for the arrival, which only the source itself remembers.
core::Time deadline_of(const world::TaskState& task, const world::Blueprint& plan);

}  // namespace rehearse::sim
