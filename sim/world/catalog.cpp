#include "sim/world/catalog.hpp"

#include <algorithm>

#include "sim/world/masters.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::world {

using model::OperationStatus;
using model::TaskStatus;

void Catalog::create_execution(BatchIndex batch, std::uint32_t day, RecordId why) {
  const auto task = static_cast<TaskIndex>(state_.tasks.size());
  engine_.emit(RecordKind::execution_created, task_id(task), why, batch, day);
  world_.workers().work_ready(plan_.batches[batch].workers);
}

TaskIndex Catalog::first_ready(WorkerIndex worker) const {
  ReadyQueue::Entry first;
  for (const WorkerSet set : plan_.workers[worker].sets) {
    const ReadyQueue& queue = state_.ready[set];
    if (!queue.empty() && (first.task == none || queue.front().order < first.order)) first = queue.front();
  }
  return first.task;
}

Time Catalog::next_expiry() const {
  if (state_.expiring.empty()) return core::never;
  const Duration ahead = sql_clock(state_, engine_.now()) - engine_.now().time_since_epoch();
  return Time(state_.expiring.front().at - ahead);
}

void Catalog::sweep(RecordId why) {
  world_.workers().freeze_outrun_leases(why);
  const Duration now = sql_clock(state_, engine_.now());
  std::vector<TaskIndex> due;
  for (const Expiry& expiry : state_.expiring) {
    const model::TaskRow& row = state_.tasks[expiry.task].row;
    const bool stands = model::is_held(row.status) && row.expired_time == expiry.at;
    if (stands && expiry.at <= now) due.push_back(expiry.task);
  }
  std::sort(due.begin(), due.end());
  due.erase(std::unique(due.begin(), due.end()), due.end());
  std::vector<WorkerSet> ready;
  for (const TaskIndex task : due) {
    const TaskState& state = state_.tasks[task];
    // Caused by what froze the lease, not by the poll that happened to find it.
    const model::SweepResult result = model::sweep(state.row, now);
    engine_.emit(RecordKind::task_swept, task_id(task), state.changed_by, none,
                 static_cast<std::int64_t>(result.row.status));
    if (state.row.status == TaskStatus::ready) ready.push_back(plan_.batches[state.batch].workers);
  }
  std::sort(ready.begin(), ready.end());
  ready.erase(std::unique(ready.begin(), ready.end()), ready.end());
  for (const WorkerSet set : ready) world_.workers().work_ready(set);
  world_.masters().heed_cleanup();
}

std::int64_t Catalog::to_archive() const {
  const Time ended_by = engine_.now() - engine_.length(model::Setting::archive_age);
  return std::count_if(state_.tasks.begin(), state_.tasks.end(), [&](const TaskState& task) {
    return !task.archived && model::is_terminal(task.row.status) && task.finished_at <= ended_by;
  });
}

bool Catalog::stop_executions(BatchIndex source, RecordId why) {
  bool any = false;
  for (TaskIndex task = 0; task < state_.tasks.size(); ++task) {
    const TaskState& state = state_.tasks[task];
    if (state.batch != source || model::is_terminal(state.row.status) || state.row.cancelled) continue;
    engine_.emit(RecordKind::execution_stopped, task_id(task), why);
    any = true;
  }
  if (!any) return false;
  world_.masters().heed_cleanup();
  world_.workers().executions_stopped();
  return true;
}

bool Catalog::has_unfinished() const {
  return std::any_of(state_.tasks.begin(), state_.tasks.end(), [](const TaskState& task) {
    return task.shown == OperationStatus::pending || task.shown == OperationStatus::running;
  });
}

void Catalog::stamp_unfinished(RecordId why) {
  for (TaskIndex task = 0; task < state_.tasks.size(); ++task) {
    const OperationStatus shown = state_.tasks[task].shown;
    if (shown == OperationStatus::pending || shown == OperationStatus::running) {
      engine_.emit(RecordKind::execution_stamped, task_id(task), why);
    }
  }
}

void Catalog::instance_lost(RecordId why) {
  world_.workers().instance_lost(why);
}

}  // namespace rehearse::world
