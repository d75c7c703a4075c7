#include "sim/scenario/farm_load.hpp"

#include "sim/scenario/replay.hpp"

namespace rehearse::sim {

using world::none;
using world::Part;
using world::WorkerIndex;

FarmLoad::FarmLoad(const world::Blueprint& plan, const world::State& first)
    : plan_(plan), state_(first), sharers_(plan.workers.size()) {
  for (WorkerIndex worker = 0; worker < plan.workers.size(); ++worker) {
    sharers_[plan.workers[worker].row].push_back(worker);
    held_ += state_.workers[worker].held;
    count(worker, 1);
  }
}

bool FarmLoad::follows(const world::Record& record) {
  const Part part = record.subject.part();
  return part == Part::task || part == Part::worker || part == Part::batch;
}

void FarmLoad::apply(const world::Record& record) {
  if (record.subject.part() == Part::worker) return apply_to_worker(record);
  const WorkerIndex worker = record.subject.part() == Part::task ? worker_of(record, plan_) : none;
  const std::int64_t held = worker == none ? 0 : state_.workers[worker].held;
  world::apply(state_, record, plan_);
  if (worker == none) return;
  const std::int64_t more = state_.workers[worker].held - held;
  held_ += more;
  if (is_enabled(worker)) busy_ += more;
}

/// One row of worker_agents may stand for several workers.
void FarmLoad::apply_to_worker(const world::Record& record) {
  const WorkerIndex subject = record.subject.index();
  const bool shares = plan_.workers[subject].row != subject;
  for (const WorkerIndex worker : sharers_[subject]) count(worker, -1);
  if (shares) count(subject, -1);
  world::apply(state_, record, plan_);
  for (const WorkerIndex worker : sharers_[subject]) count(worker, 1);
  if (shares) count(subject, 1);
}

/// Adds the worker's slots to the farm's, or takes them away.
void FarmLoad::count(WorkerIndex worker, int times) {
  if (!is_enabled(worker)) return;
  busy_ += times * state_.workers[worker].held;
  capacity_ += times * state_.workers[worker].max_tasks;
}

}  // namespace rehearse::sim
