#include "sim/scenario/task_counts.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace rehearse::sim {
namespace {

using model::TaskStatus;
using world::BatchIndex;
using world::TaskState;

struct DayTally {
  std::uint64_t submitted = 0, finished = 0, succeeded = 0;
  core::Time last_finish{};
};

}  // namespace

TaskCounts count_tasks(const world::Blueprint& plan, const world::State& last, core::Time end) {
  TaskCounts counts;
  for (const world::BatchPlan& batch : plan.batches) {
    const auto due = std::count_if(batch.starts.begin(), batch.starts.end(),
                                   [&](core::Time start) { return start >= core::at_start && start <= end; });
    counts.planned += static_cast<std::uint64_t>(due) * batch.executions;
  }
  for (const world::BatchState& batch : last.batches) counts.never_submitted += batch.never_submitted;
  counts.submitted = last.tasks.size();
  for (const TaskState& task : last.tasks) {
    if (task.row.status == TaskStatus::succeeded)
      ++counts.succeeded;
    else if (model::is_terminal(task.row.status))
      ++counts.ended_without_success;
    else
      ++counts.unfinished;
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

}  // namespace rehearse::sim
