// Tasks are conserved: every one that was created is in exactly one place, and workers hold what their slots show
// (behaviour.md 11). Counts are kept from records; all tasks are counted anew only at the begin and now and then.
#include <fmt/format.h>

#include "sim/scenario/checks/check.hpp"

namespace rehearse::sim {
namespace {

using world::Part;
using world::Record;
using world::RunState;
using world::State;

class Tasks : public Check {
 public:
  using Check::Check;

  void before(const Record& record, world::RecordId id, const State& state) override {
    if (first_ == 0) first_ = id;
    changed_ = changed_ || id == first_ || record.subject.part() == Part::task || record.subject.part() == Part::worker;
    if (record.subject.part() == Part::task) workers_.push_back(worker_of(record, state));
  }

  void instant_over(core::Time, const State& state) override {
    if (!changed_) return;
    changed_ = false;
    std::uint32_t created = 0;
    for (const world::BatchState& batch : state.batches) created += batch.created;
    if (created != state.tasks.size()) broken("tasks were lost or made up");
    // The queue and the slots are counted whole every so often: a task that slips out does not come back.
    if (--patience_ <= 0) {
      patience_ = static_cast<int>(state.tasks.size() / 16);
      count_all(state);
    }
    for (const std::uint32_t worker : workers_) {
      if (worker < state.workers.size()) count_slots(worker, state);
    }
    workers_.clear();
  }

  void run_over(const State& state) override { count_all(state); }

 private:
  std::uint32_t worker_of(const Record& record, const State&) const {
    switch (record.kind) {
      case world::RecordKind::task_pulled: return record.object;
      case world::RecordKind::execution_created:
      case world::RecordKind::task_swept:
      case world::RecordKind::execution_stamped: return world::none;
      default: return plan_.slots_per_worker == 0 ? world::none : record.object / plan_.slots_per_worker;
    }
  }

  void count_slots(std::uint32_t worker, const State& state) const {
    std::int32_t held = 0;
    for (std::uint32_t slot = 0; slot < plan_.slots_per_worker; ++slot) {
      held += state.runs[worker * plan_.slots_per_worker + slot].phase != RunState::Phase::empty;
    }
    if (held != state.workers[worker].held) {
      broken(plan_.workers[worker].name + " holds another number of tasks than its slots show");
    }
  }

  void count_all(const State& state) const {
    std::size_t ready = 0;
    for (const world::TaskState& task : state.tasks) ready += task.row.status == model::TaskStatus::ready;
    if (ready != state.ready_count) {
      broken(fmt::format("{} tasks are ready, the queue counts {}", ready, state.ready_count));
    }
    for (std::uint32_t worker = 0; worker < state.workers.size(); ++worker) count_slots(worker, state);
  }

  world::RecordId first_ = 0;
  bool changed_ = false;
  int patience_ = 0;
  std::vector<std::uint32_t> workers_;  // touched at this instant
};

}  // namespace

std::unique_ptr<Check> check_tasks(const world::Blueprint& plan) {
  return std::make_unique<Tasks>(plan);
}

}  // namespace rehearse::sim
