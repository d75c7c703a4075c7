// How the work went: waiting times, the queue, the use of the slots, what ran twice and what was shown as ended while
// it ran (behaviour.md 8), read off the journal and the last state of a run.
#pragma once

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

/// `first` is the state before the journal's first record, `last` the one that it leads to.
WorkFigures work_figures(const world::Blueprint& plan, const world::State& first, const world::Journal& journal,
                         const world::State& last, core::Time end);

/// Of executions created at `from` or later. One that was stopped before anybody picked it up has not waited for that.
WorkFigures::Wait waiting_times(const world::State& last, core::Time from, core::Time end);

/// Executions that ended after their deadline, or had not ended when it had passed.
std::uint64_t late_executions(const world::State& last, const world::Blueprint& plan, core::Time end);

}  // namespace rehearse::sim
