#include "sim/scenario/work_figures.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "sim/scenario/farm_load.hpp"
#include "sim/scenario/task_counts.hpp"

namespace rehearse::sim {
namespace {

using core::Time;
using model::OperationStatus;
using world::Part;
using world::Record;
using world::RecordKind;
using world::TaskIndex;
using world::TaskState;
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
  Reading(const world::Blueprint& plan, const world::State& first) : load_(plan, first) {
    for (TaskIndex task = 0; task < first.tasks.size(); ++task) {
      overlaps_.turn(task, false, first.tasks[task].alive > 1, core::at_start);
      stamps_.turn(task, false, is_stamped(first.tasks[task]), core::at_start);
    }
    note_queue(core::at_start);
  }

  void step(const Record& record) {
    if (!FarmLoad::follows(record)) return;
    advance_to(record.at);
    figures_.timed_out += record.kind == RecordKind::call_timed_out;
    figures_.refused += record.kind == RecordKind::submit_refused;
    if (record.subject.part() == Part::task) return step_task(record);
    load_.apply(record);
  }

  WorkFigures figures(Time end) {
    advance_to(end);
    const double length = std::chrono::duration<double>(end - core::at_start).count();
    figures_.queue.mean = length > 0 ? queued_ / length : 0;
    figures_.queue.at_end = load_.queued();
    if (capacity_time_ > 0) figures_.utilisation = busy_time_ / capacity_time_;
    figures_.overlap = overlaps_.until(end);
    figures_.stamped = stamps_.until(end);
    return figures_;
  }

 private:
  static bool is_stamped(const TaskState& task) { return task.shown == OperationStatus::ended_unexpectedly; }

  void step_task(const Record& record) {
    const TaskIndex task = record.subject.index();
    const std::vector<TaskState>& tasks = load_.state().tasks;
    const bool there = task < tasks.size();
    const bool overlapped = there && tasks[task].alive > 1, stamped = there && is_stamped(tasks[task]);
    load_.apply(record);
    overlaps_.turn(task, overlapped, tasks[task].alive > 1, record.at);
    stamps_.turn(task, stamped, is_stamped(tasks[task]), record.at);
    note_queue(record.at);
  }

  void note_queue(Time now) {
    if (load_.queued() <= figures_.queue.longest) return;
    figures_.queue.longest = load_.queued();
    figures_.queue.longest_at = now;
  }

  void advance_to(Time now) {
    if (now <= now_) return;
    const double passed = std::chrono::duration<double>(now - now_).count();
    queued_ += passed * load_.queued();
    if (load_.queued() > 0 || load_.held() > 0) {
      busy_time_ += passed * static_cast<double>(load_.busy());
      capacity_time_ += passed * static_cast<double>(load_.capacity());
    }
    now_ = now;
  }

  FarmLoad load_;
  WorkFigures figures_;
  Spells overlaps_, stamps_;
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
