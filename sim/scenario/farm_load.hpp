// The farm's queue and slots while a journal is replayed, counted along: after a record about executions, workers or
// sources only what it touched is counted again. The rest of the state stays as it was at first.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/world/blueprint.hpp"
#include "sim/world/record.hpp"
#include "sim/world/state.hpp"

namespace rehearse::sim {

class FarmLoad {
 public:
  /// The plan must outlive it. `first`: the state before the journal's first record.
  FarmLoad(const world::Blueprint& plan, const world::State& first);

  /// The record is about something that is followed here.
  static bool follows(const world::Record& record);
  /// A record that `follows`.
  void apply(const world::Record& record);

  const world::State& state() const { return state_; }
  /// Executions that are ready for dispatch.
  std::uint32_t queued() const { return state_.ready_count; }
  /// Slots in use, of all workers.
  std::int64_t held() const { return held_; }
  /// Of enabled workers: slots in use, and all of them.
  std::int64_t busy() const { return busy_; }
  std::int64_t capacity() const { return capacity_; }

 private:
  bool is_enabled(world::WorkerIndex worker) const { return state_.workers[plan_.workers[worker].row].enabled; }
  void count(world::WorkerIndex worker, int times);
  void apply_to_worker(const world::Record& record);

  const world::Blueprint& plan_;
  world::State state_;
  std::vector<std::vector<world::WorkerIndex>> sharers_;  // by row of worker_agents: the workers that it stands for
  std::int64_t held_ = 0, busy_ = 0, capacity_ = 0;
};

}  // namespace rehearse::sim
