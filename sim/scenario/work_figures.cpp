#include "sim/scenario/work_figures.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "sim/scenario/replay.hpp"
#include "sim/scenario/task_counts.hpp"

namespace rehearse::sim {
namespace {

using core::Time;
using model::OperationStatus;
using world::none;
using world::Part;
using world::Record;
using world::RecordKind;
using world::TaskIndex;
using world::TaskState;
using world::WorkerIndex;
using world::WorkerState;

/// Spells of single executions: each execution has one at a time.
class Spells {
 public:
  void turn(TaskIndex task, bool before, bool after, Time now) {
    if (before == after) return;
    if (after) {
      since_.emplace(task, now);
      return;
    }
    const auto begun = since_.find(task);
    if (begun == since_.end()) return;
    add(now - begun->second);
    since_.erase(begun);
  }

  WorkFigures::Spell until(Time end) {
    spell_.going_on = !since_.empty();
    for (const auto& [task, since] : since_) add(end - since);
    return spell_;
  }

 private:
  void add(Duration length) {
    spell_.longest = std::max(spell_.longest, length);
    spell_.total += length;
  }

  WorkFigures::Spell spell_;
  std::map<TaskIndex, Time> since_;  // of those that go on
};

/// Follows the records about executions and workers; others change nothing that is read here.
class Reading {
 public:
  Reading(const world::Blueprint& plan, const world::State& first)
      : plan_(plan), state_(first), sharers_(plan.workers.size()) {
    for (WorkerIndex worker = 0; worker < plan.workers.size(); ++worker) {
      sharers_[plan.workers[worker].row].push_back(worker);
      held_ += state_.workers[worker].held;
      count(worker, 1);
    }
    for (TaskIndex task = 0; task < state_.tasks.size(); ++task) {
      overlaps_.turn(task, false, state_.tasks[task].alive > 1, core::at_start);
      stamps_.turn(task, false, is_stamped(state_.tasks[task]), core::at_start);
    }
    note_queue(core::at_start);
  }

  void step(const Record& record) {
    const Part part = record.subject.part();
    if (part != Part::task && part != Part::worker && part != Part::batch) return;
    advance_to(record.at);
    figures_.timed_out += record.kind == RecordKind::call_timed_out;
    figures_.refused += record.kind == RecordKind::submit_refused;
    if (part == Part::task) return step_task(record);
    if (part == Part::batch) return world::apply(state_, record, plan_);
    // One row of worker_agents may stand for several workers.
    const WorkerIndex subject = record.subject.index();
    const bool shares = plan_.workers[subject].row != subject;
    for (const WorkerIndex worker : sharers_[subject]) count(worker, -1);
    if (shares) count(subject, -1);
    world::apply(state_, record, plan_);
    for (const WorkerIndex worker : sharers_[subject]) count(worker, 1);
    if (shares) count(subject, 1);
  }

  WorkFigures figures(Time end) {
    advance_to(end);
    const double length = std::chrono::duration<double>(end - core::at_start).count();
    figures_.queue.mean = length > 0 ? queued_ / length : 0;
    figures_.queue.at_end = state_.ready_count;
    if (capacity_time_ > 0) figures_.utilisation = busy_time_ / capacity_time_;
    figures_.overlap = overlaps_.until(end);
    figures_.stamped = stamps_.until(end);
    return figures_;
  }

 private:
  static bool is_stamped(const TaskState& task) { return task.shown == OperationStatus::ended_unexpectedly; }
  bool is_enabled(WorkerIndex worker) const { return state_.workers[plan_.workers[worker].row].enabled; }

  /// Adds the worker's slots to the farm's, or takes them away.
  void count(WorkerIndex worker, int times) {
    if (!is_enabled(worker)) return;
    busy_ += times * state_.workers[worker].held;
    capacity_ += times * state_.workers[worker].max_tasks;
  }

  void step_task(const Record& record) {
    const TaskIndex task = record.subject.index();
    const WorkerIndex worker = worker_of(record, plan_);
    const std::int64_t held = worker == none ? 0 : state_.workers[worker].held;
    const bool there = task < state_.tasks.size();
    const bool overlapped = there && state_.tasks[task].alive > 1, stamped = there && is_stamped(state_.tasks[task]);
    world::apply(state_, record, plan_);
    if (worker != none) {
      const std::int64_t more = state_.workers[worker].held - held;
      held_ += more;
      if (is_enabled(worker)) busy_ += more;
    }
    overlaps_.turn(task, overlapped, state_.tasks[task].alive > 1, record.at);
    stamps_.turn(task, stamped, is_stamped(state_.tasks[task]), record.at);
    note_queue(record.at);
  }

  void note_queue(Time now) {
    if (state_.ready_count <= figures_.queue.longest) return;
    figures_.queue.longest = state_.ready_count;
    figures_.queue.longest_at = now;
  }

  void advance_to(Time now) {
    if (now <= now_) return;
    const double passed = std::chrono::duration<double>(now - now_).count();
    queued_ += passed * state_.ready_count;
    if (state_.ready_count > 0 || held_ > 0) {
      busy_time_ += passed * static_cast<double>(busy_);
      capacity_time_ += passed * static_cast<double>(capacity_);
    }
    now_ = now;
  }

  const world::Blueprint& plan_;
  world::State state_;
  std::vector<std::vector<WorkerIndex>> sharers_;  // by row: the workers that it stands for
  WorkFigures figures_;
  Spells overlaps_, stamps_;
  std::int64_t held_ = 0;                                  // slots in use, of all workers
  std::int64_t busy_ = 0, capacity_ = 0;                   // of enabled workers: slots in use, and all of them
  double queued_ = 0, busy_time_ = 0, capacity_time_ = 0;  // in seconds
  Time now_ = core::at_start;
};

/// The smallest of the values that this share of them does not exceed. They are not in order afterwards.
Duration quantile(std::vector<Duration>& values, std::size_t percent) {
  const std::size_t rank = (values.size() * percent + 99) / 100;
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

}  // namespace

WorkFigures::Wait waiting_times(const world::State& last, Time from, Time end) {
  WorkFigures::Wait wait;
  std::vector<Duration> lengths;
  lengths.reserve(last.tasks.size());
  double seconds = 0;
  for (const TaskState& task : last.tasks) {
    const bool waits = task.picked_up_at == core::never;
    if (task.created_at < from || (waits && model::is_terminal(task.row.status))) continue;
    wait.still_waiting += waits;
    const Duration length = (waits ? end : task.picked_up_at) - task.created_at;
    seconds += std::chrono::duration<double>(length).count();
    lengths.push_back(length);
  }
  wait.of = lengths.size();
  if (lengths.empty()) return wait;
  const std::chrono::duration<double> mean(seconds / static_cast<double>(lengths.size()));
  wait.mean = std::chrono::round<std::chrono::microseconds>(mean);
  wait.p50 = quantile(lengths, 50);
  wait.p95 = quantile(lengths, 95);
  wait.longest = *std::max_element(lengths.begin(), lengths.end());
  return wait;
}

std::uint64_t late_executions(const world::State& last, const world::Blueprint& plan, Time end) {
  return static_cast<std::uint64_t>(std::count_if(last.tasks.begin(), last.tasks.end(), [&](const TaskState& task) {
    return (model::is_terminal(task.row.status) ? task.finished_at : end) > deadline_of(task, plan);
  }));
}

WorkFigures work_figures(const world::Blueprint& plan, const world::State& first, const world::Journal& journal,
                         const world::State& last, Time end) {
  Reading reading(plan, first);
  for (const Record& record : journal.records) reading.step(record);
  WorkFigures figures = reading.figures(end);
  figures.wait = waiting_times(last, Time::min(), end);
  figures.late = late_executions(last, plan, end);
  for (const WorkerState& worker : last.workers) figures.messages_kept += worker.unsent;
  return figures;
}

}  // namespace rehearse::sim
