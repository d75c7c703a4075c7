#include "sim/world/catalog.hpp"

#include <algorithm>

#include "sim/world/masters.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::world {

using model::OperationStatus;
using model::TaskStatus;

void Catalog::create_execution(BatchIndex batch, std::uint32_t day, RecordId why) {
  const auto task = static_cast<TaskIndex>(state_.tasks.size());
  const RecordId created = engine_.emit(RecordKind::execution_created, task_id(task), why, batch, day);
  world_.workers().work_ready(created);
}

Time Catalog::next_expiry() const {
  Duration earliest = Duration::max();
  for (const TaskState& task : state_.tasks) {
    if (model::is_held(task.row.status)) earliest = std::min(earliest, task.row.expired_time);
  }
  return earliest == always_renewed ? core::never : Time(earliest);
}

void Catalog::sweep(RecordId) {
  bool ready = false;
  for (TaskIndex task = 0; task < state_.tasks.size(); ++task) {
    const TaskState& state = state_.tasks[task];
    if (!model::is_held(state.row.status) || Time(state.row.expired_time) > engine_.now()) continue;
    // Caused by what froze the lease, not by the poll that happened to find it.
    const model::SweepResult result = model::sweep(state.row, engine_.now().time_since_epoch());
    engine_.emit(RecordKind::task_swept, task_id(task), state.changed_by, none,
                 static_cast<std::int64_t>(result.row.status));
    ready = ready || state.row.status == TaskStatus::ready;
  }
  if (ready) world_.workers().work_ready(state_.records);
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
