// Tasks are conserved at every instant: created = ready + held + failed + succeeded + cancelled, workers hold what
// their slots show, and the queues hold what is ready (behaviour.md 11). The check keeps its own books from the records
// alone and compares what a record touches; everything is counted anew only at the begin and at the end.
#include <fmt/format.h>

#include <array>

#include "sim/scenario/checks/check.hpp"
#include "sim/scenario/replay.hpp"

namespace rehearse::sim {
namespace {

using model::TaskStatus;
using world::Part;
using world::Record;
using world::RecordKind;
using world::RunState;
using world::State;
using world::TaskIndex;
using world::WorkerIndex;
using world::WorkerSet;

enum class Place : std::uint8_t { ready, held, failed, succeeded, cancelled, count_ };

Place place_of(TaskStatus status) {
  switch (status) {
    case TaskStatus::ready: return Place::ready;
    case TaskStatus::dispatched:
    case TaskStatus::running: return Place::held;
    case TaskStatus::failed: return Place::failed;
    case TaskStatus::succeeded: return Place::succeeded;
    case TaskStatus::cancelled: return Place::cancelled;
  }
  return Place::count_;
}

std::string_view to_text(Place place) {
  static constexpr std::string_view names[] = {"ready", "held", "failed", "succeeded", "cancelled", "nowhere"};
  return names[static_cast<std::size_t>(place)];
}

class Tasks : public Check {
 public:
  using Check::Check;

  void before(const Record& record, world::RecordId, const State& state) override {
    if (!begun_) begin(state);
    if (record.kind == RecordKind::jobs_archived) archived_ += static_cast<std::uint64_t>(record.value);
    if (record.subject.part() != Part::task) return;
    const TaskIndex task = record.subject.index();
    touched_.push_back(task);
    if (const WorkerIndex worker = worker_of(record, plan_); worker < plan_.workers.size()) workers_.push_back(worker);
    if (record.kind == RecordKind::execution_created) return created(record);
    if (task >= tasks_.size()) broken("a task is spoken of that was never created");
    moved(record, tasks_[task]);
  }

  void instant_over(core::Time, const State& state) override {
    if (!begun_) begin(state);
    if (tasks_.size() != state.tasks.size()) broken("tasks were lost or made up");
    check_sums(state);
    for (const TaskIndex task : touched_) {
      check_task(task, state);
      check_queue(plan_.batches[tasks_[task].batch].workers, state);
    }
    for (const WorkerIndex worker : workers_) count_slots(worker, state);
    touched_.clear();
    workers_.clear();
  }

  void run_over(const State& state) override { count_all(state); }

 private:
  /// What the check knows of a task.
  struct Entry {
    Place place = Place::ready;
    bool stopping = false;  // it is to end as soon as somebody can tell its package
    std::int32_t pulls = 0, most_pulls = 1;
    world::BatchIndex batch = 0;
  };

  void begin(const State& state) {
    begun_ = true;
    waiting_.resize(plan_.worker_sets.size());
    for (const world::TaskState& task : state.tasks) {
      tasks_.push_back({place_of(task.row.status), task.row.cancelled, task.row.executed_count,
                        task.row.max_executed_count, task.batch});
      ++in(tasks_.back().place);
      if (tasks_.back().place == Place::ready) ++waiting_[plan_.batches[task.batch].workers];
      archived_ += task.archived;
    }
    for (const world::BatchState& batch : state.batches) created_ += batch.created;
    count_all(state);
  }

  std::uint64_t& in(Place place) { return counts_[static_cast<std::size_t>(place)]; }
  std::uint64_t in(Place place) const { return counts_[static_cast<std::size_t>(place)]; }

  void created(const Record& record) {
    if (record.subject.index() != tasks_.size()) broken("tasks were lost or made up");
    const world::BatchPlan& source = plan_.batches[record.object];
    const bool of_history = source.kind == world::BatchPlan::Kind::history;
    const std::int32_t retries =
        of_history ? source.arrivals[static_cast<std::size_t>(record.value)].retry_count : source.retry_count;
    tasks_.push_back({Place::ready, false, 0, retries + 1, record.object});
    ++created_;
    ++in(Place::ready);
    ++waiting_[source.workers];
  }

  /// S 1.5: who may take a task, and where it goes from there.
  void moved(const Record& record, Entry& entry) {
    switch (record.kind) {
      case RecordKind::task_pulled: ++entry.pulls; return move(record, entry, Place::ready, Place::held);
      case RecordKind::task_swept:
        return move(record, entry, Place::held,
                    entry.stopping        ? Place::cancelled
                    : has_attempts(entry) ? Place::ready
                                          : Place::failed);
      case RecordKind::task_reported: {
        // An attempt without success is made again, unless somebody has stopped the execution.
        const Place reported = place_of(static_cast<TaskStatus>(record.value));
        const bool again = reported != Place::succeeded && has_attempts(entry) && !entry.stopping;
        return move(record, entry, Place::held, again ? Place::ready : reported);
      }
      case RecordKind::execution_stopped:
        entry.stopping = true;
        if (entry.place == Place::ready) move(record, entry, Place::ready, Place::cancelled);
        return;
      default: return;
    }
  }

  static bool has_attempts(const Entry& entry) { return entry.pulls < entry.most_pulls; }

  void move(const Record& record, Entry& entry, Place from, Place to) {
    if (entry.place != from) {
      broken(fmt::format("{}: {}, though it is {}", name(record.subject), world::to_text(record.kind),
                         to_text(entry.place)));
    }
    const WorkerSet set = plan_.batches[entry.batch].workers;
    --in(from);
    ++in(to);
    if (from == Place::ready) --waiting_[set];
    if (to == Place::ready) ++waiting_[set];
    entry.place = to;
  }

  void check_sums(const State& state) const {
    if (created_ != tasks_.size()) broken("tasks were lost or made up");
    if (in(Place::ready) != state.ready_count) {
      broken(fmt::format("{} tasks are ready, the queue counts {}", in(Place::ready), state.ready_count));
    }
    const std::uint64_t ended = in(Place::failed) + in(Place::succeeded) + in(Place::cancelled);
    if (ended != archived_ + state.finished) broken("another number of tasks has ended than the catalog counts");
    if (in(Place::ready) + in(Place::held) + ended != created_) broken("tasks are in two places, or in none");
  }

  void check_task(TaskIndex task, const State& state) const {
    const Place shown = place_of(state.tasks[task].row.status);
    if (shown == tasks_[task].place) return;
    broken(fmt::format("{} is {}, its row says {}", name(world::task_id(task)), to_text(tasks_[task].place),
                       to_text(shown)));
  }

  /// What is stopped stays in its queue as an entry to be passed over, never as the first one.
  void check_queue(WorkerSet set, const State& state) const {
    const world::ReadyQueue& queue = state.ready[set];
    if (queue.head > queue.entries.size()) broken("a queue begins behind its end");
    const std::size_t entries = queue.entries.size() - queue.head;
    if (entries < waiting_[set] || (entries == 0) != (waiting_[set] == 0)) {
      broken(fmt::format("{} tasks are ready in a queue of {}", waiting_[set], entries));
    }
    if (entries > 0 && state.tasks[queue.front().task].row.status != TaskStatus::ready) {
      broken("the first task of a queue is not ready");
    }
  }

  void count_slots(WorkerIndex worker, const State& state) const {
    std::int32_t held = 0;
    for (std::uint32_t slot = 0; slot < plan_.slots_per_worker; ++slot) {
      held += state.runs[worker * plan_.slots_per_worker + slot].phase != RunState::Phase::empty;
    }
    if (held != state.workers[worker].held) {
      broken(plan_.workers[worker].name + " holds another number of tasks than its slots show");
    }
  }

  void count_all(const State& state) const {
    std::uint64_t created = 0;
    for (const world::BatchState& batch : state.batches) created += batch.created;
    if (created != state.tasks.size() || created != tasks_.size()) broken("tasks were lost or made up");
    check_sums(state);
    for (TaskIndex task = 0; task < state.tasks.size(); ++task) check_task(task, state);
    for (WorkerSet set = 0; set < state.ready.size(); ++set) check_queue(set, state);
    for (WorkerIndex worker = 0; worker < state.workers.size(); ++worker) count_slots(worker, state);
  }

  bool begun_ = false;
  std::vector<Entry> tasks_;
  std::array<std::uint64_t, static_cast<std::size_t>(Place::count_)> counts_{};
  std::uint64_t created_ = 0, archived_ = 0;
  std::vector<std::uint32_t> waiting_;  // ready tasks, by set of workers
  std::vector<TaskIndex> touched_;      // at this instant
  std::vector<WorkerIndex> workers_;    // that hold or held them
};

}  // namespace

std::unique_ptr<Check> check_tasks(const world::Blueprint& plan) {
  return std::make_unique<Tasks>(plan);
}

}  // namespace rehearse::sim
