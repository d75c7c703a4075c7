// The states of a run, one after the other: the journal applied to the first state, shown after the last record of each
// instant.
#pragma once

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

/// Calls visit(state, from, to) for every stretch of time in which the state did not change; stretches are contiguous,
/// from the start to the run's end. Instants between whose records no time passes are never seen apart.
template <class Visit>
void for_each_state(const RunResult& run, Visit&& visit) {
  world::State state = run.first;
  core::Time from = core::at_start;
  for (const world::Record& record : run.journal.records) {
    if (record.at > from) {
      visit(static_cast<const world::State&>(state), from, record.at);
      from = record.at;
    }
    world::apply(state, record, *run.plan);
  }
  visit(static_cast<const world::State&>(state), from, std::max(run.end, from));
}

}  // namespace rehearse::sim
