// The states of a run, one after the other: the journal applied to the first state.
#pragma once

#include <algorithm>

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

/// The worker that a record about an execution is about: the one that takes it, or in whose slot it lies; none: of no
/// worker.
inline world::WorkerIndex worker_of(const world::Record& record, const world::Blueprint& plan) {
  using world::RecordKind;
  switch (record.kind) {
    case RecordKind::execution_created:
    case RecordKind::execution_stamped:
    case RecordKind::execution_stopped:
    case RecordKind::task_swept: return world::none;
    case RecordKind::task_pulled: return record.object;
    default: return record.object / plan.slots_per_worker;
  }
}

/// Records about workers and their executions, which are most of a journal, change nothing about the cluster.
inline bool concerns_cluster(const world::Record& record) {
  switch (record.subject.part()) {
    case world::Part::worker:
    case world::Part::batch:
    case world::Part::task: return false;
    default: return record.kind != world::RecordKind::jobs_archived;
  }
}

/// Calls before(record, state) for every record about machines, cluster, roles, instance or certificates, and returns
/// the last state. Of the states only those parts are meant: workers and executions stay as they were at first.
template <class Before>
world::State replay_cluster(const RunResult& run, Before&& before) {
  world::State state = run.first;
  for (const world::Record& record : run.journal.records) {
    if (concerns_cluster(record)) {
      before(record, static_cast<const world::State&>(state));
      world::apply(state, record, *run.plan);
    } else {
      ++state.records;  // records are numbered through
    }
  }
  return state;
}

/// Calls visit(state, from, to) for every stretch of time in which the cluster did not change, with states as
/// replay_cluster gives them; stretches are contiguous, from the start to the run's end. Instants between whose records
/// no time passes are never seen apart.
template <class Visit>
void for_each_cluster_state(const RunResult& run, Visit&& visit) {
  core::Time from = core::at_start;
  const world::State last = replay_cluster(run, [&](const world::Record& record, const world::State& state) {
    if (record.at <= from) return;
    visit(state, from, record.at);
    from = record.at;
  });
  visit(last, from, std::max(run.end, from));
}

}  // namespace rehearse::sim
