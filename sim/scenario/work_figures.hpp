// How the work went: waiting times, the queue, the use of the slots, what ran twice and what was shown as ended while
// it ran (behaviour.md 8), read off the journal and the last state of a run.
#pragma once

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

/// `first` is the state before the journal's first record, `last` the one that it leads to.
WorkFigures work_figures(const world::Blueprint& plan, const world::State& first, const world::Journal& journal,
                         const world::State& last, core::Time end);

}  // namespace rehearse::sim
