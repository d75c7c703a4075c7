// How records change the state, by the part that they are about. Only state.cpp calls these.
#pragma once

#include "sim/world/state.hpp"

namespace rehearse::world {

void apply_to_host(State& state, const Record& record, RecordId id, const Blueprint& blueprint);
void apply_to_cluster(State& state, const Record& record, RecordId id, const Blueprint& blueprint);
void apply_to_group(State& state, const Record& record, RecordId id, const Blueprint& blueprint);
void apply_to_resource(State& state, const Record& record, RecordId id, const Blueprint& blueprint);
void apply_to_instance(State& state, const Record& record, RecordId id);
/// After apply_to_host and apply_to_instance, where there is an availability group.
void apply_to_replica(State& state, const Record& record, RecordId id);
void apply_to_worker(State& state, const Record& record, RecordId id);
void apply_to_batch(State& state, const Record& record, RecordId id, const Blueprint& blueprint);
void apply_to_task(State& state, const Record& record, RecordId id, const Blueprint& blueprint);
/// Marks the tasks that the master's cleanup moves.
void archive_jobs(State& state, const Record& record, const Blueprint& blueprint);

inline Duration since_epoch(Time time) {
  return time.time_since_epoch();
}

}  // namespace rehearse::world
