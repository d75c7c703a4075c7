#include "sim/scenario/task_counts.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace rehearse::sim {
namespace {

using model::TaskStatus;
using world::BatchIndex;
using world::TaskState;
using Kind = world::BatchPlan::Kind;

struct DayTally {
  std::uint64_t submitted = 0, finished = 0, succeeded = 0;
  core::Time last_finish{};
};

/// Executions that the source plans until the end. Of a rate there is no such number.
std::uint64_t planned_by(const world::BatchPlan& source, core::Time end) {
  if (source.kind == Kind::history) {
    return static_cast<std::uint64_t>(std::count_if(source.arrivals.begin(), source.arrivals.end(),
                                                    [&](const world::Arrival& arrival) { return arrival.at <= end; }));
  }
  const auto due = std::count_if(source.starts.begin(), source.starts.end(),
                                 [&](core::Time start) { return start >= core::at_start && start <= end; });
  return static_cast<std::uint64_t>(due) * source.executions;
}

}  // namespace

TaskCounts count_tasks(const world::Blueprint& plan, const world::State& last, core::Time end,
                       std::span<const std::uint32_t> calls) {
  TaskCounts counts;
  for (BatchIndex index = 0; index < plan.batches.size(); ++index) {
    const world::BatchPlan& source = plan.batches[index];
    const world::BatchState& state = last.batches[index];
    counts.never_submitted += state.never_submitted;
    if (source.kind == Kind::rate) {
      counts.coming += index < calls.size() ? calls[index] : 0;
      continue;
    }
    const std::uint64_t planned = planned_by(source, end);
    const std::uint64_t told = std::uint64_t{state.created} + state.never_submitted;
    counts.planned += planned;
    counts.coming += planned > told ? planned - told : 0;
  }
  counts.submitted = last.tasks.size();
  for (const TaskState& task : last.tasks) {
    if (task.row.status == TaskStatus::succeeded)
      ++counts.succeeded;
    else if (model::is_terminal(task.row.status))
      ++counts.ended_without_success;
    else
      ++counts.unfinished;
    counts.stopped += task.row.status == TaskStatus::cancelled;
    counts.overlapped += task.overlapped;
    counts.repeated += task.repeated;
    counts.refused_success += task.refused_success;
    counts.stamped += task.stamped;
  }
  return counts;
}

std::vector<BatchDay> batch_days(const world::Blueprint& plan, const world::State& last, core::Time end) {
  std::map<std::pair<BatchIndex, std::uint32_t>, DayTally> tallies;
  for (const TaskState& task : last.tasks) {
    if (plan.batches[task.batch].kind != Kind::batch) continue;
    DayTally& tally = tallies[{task.batch, task.day}];
    ++tally.submitted;
    if (!model::is_terminal(task.row.status)) continue;
    tally.last_finish = tally.finished == 0 ? task.finished_at : std::max(tally.last_finish, task.finished_at);
    ++tally.finished;
    tally.succeeded += task.row.status == TaskStatus::succeeded;
  }
  std::vector<BatchDay> days;
  for (BatchIndex index = 0; index < plan.batches.size(); ++index) {
    const world::BatchPlan& batch = plan.batches[index];
    for (std::uint32_t number = 0; number < batch.starts.size(); ++number) {
      if (batch.starts[number] < core::at_start || batch.starts[number] > end) continue;
      const auto tally = tallies[{index, number}];
      BatchDay day{batch.name,       batch.starts[number], core::never, batch.deadlines[number],
                   batch.executions, tally.succeeded};
      if (tally.submitted == batch.executions && tally.finished == tally.submitted && tally.finished > 0) {
        day.done = tally.last_finish;
      }
      days.push_back(std::move(day));
    }
  }
  return days;
}

core::Time deadline_of(const TaskState& task, const world::Blueprint& plan) {
  const world::BatchPlan& source = plan.batches[task.batch];
  if (source.kind == Kind::batch) return task.day < source.deadlines.size() ? source.deadlines[task.day] : core::never;
  if (source.deadline_after == Duration::max()) return core::never;
  const core::Time arrived = source.kind == Kind::history ? source.arrivals[task.number].at : task.created_at;
  return arrived + source.deadline_after;
}

}  // namespace rehearse::sim
