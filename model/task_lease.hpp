// The life of one task row in SSISDB: who may take it, renew it, finish it, and what the master's sweep does with it
// when its lease has run out (S 1.5, 1.7). These rules decide whether a package runs twice or gets lost, and several
// are surprising: a late heartbeat renews a lease that has expired, and a disabled worker cannot even report success.
//
// Pure functions from row to row. Times are lengths since any one epoch; all rows of a catalog share it. Which ready
// row a worker gets (global FIFO by ready time) and whether the job allows that worker is the catalog's choice, made
// before.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "model/units.hpp"

namespace rehearse::model {

/// internal.tasks.Status: the numbers are the catalog's, the names ours (S 1.5).
enum class TaskStatus : std::uint8_t { ready = 1, dispatched, running, failed, succeeded, cancelled };
std::string_view to_text(TaskStatus status);
constexpr bool is_terminal(TaskStatus status) {
  return status > TaskStatus::running;
}
constexpr bool is_held(TaskStatus status) {
  return status == TaskStatus::dispatched || status == TaskStatus::running;
}

/// catalog.executions.status (S 1.6).
enum class OperationStatus : std::uint8_t {
  created = 1,
  running,
  canceled,
  failed,
  pending,
  ended_unexpectedly,
  succeeded,
  stopping,
  completed
};
std::string_view to_text(OperationStatus status);

/// Errors that the catalog's task procedures raise (S 1.5, 1.8).
enum class CatalogError : std::uint16_t {
  none = 0,
  unknown_worker = 27243,
  update_refused = 27246,  // not this worker's task any more, or not in a state to be updated
  worker_disabled = 27252,
};
std::string_view to_text(CatalogError error);

enum class WorkerId : std::int32_t { none = -1 };

struct TaskRow {
  TaskStatus status = TaskStatus::ready;
  bool cancelled = false;      // IsCancelled: asked for, not yet done
  int executed_count = 0;      // attempts, counted at pick-up
  int max_executed_count = 1;  // retry_count + 1
  WorkerId worker = WorkerId::none;
  Duration ready_time{};    // ReadyForDispatchTime
  Duration expired_time{};  // ExpiredTime: meaningful while held
  friend bool operator==(const TaskRow&, const TaskRow&) = default;
};
static_assert(std::is_trivially_copyable_v<TaskRow>);

constexpr bool has_attempts_left(const TaskRow& row) {
  return row.executed_count < row.max_executed_count;
}

/// What the catalog knows of the worker that calls.
struct WorkerStanding {
  bool known = true;    // has a row in worker_agents
  bool enabled = true;  // IsEnabled
};

struct PullResult {
  TaskRow row;
  CatalogError error = CatalogError::none;
  bool taken = false;  // false without error: the row is not ready, the worker goes home empty-handed
};

/// A worker asks for work and the catalog considers this row. `lease` is the fixed one of the pick-up, five minutes
/// (Setting::first_lease), whatever the worker's settings say.
PullResult pull(TaskRow row, WorkerId worker, WorkerStanding standing, Duration now, Duration lease);

struct ReportResult {
  TaskRow row;
  CatalogError error = CatalogError::none;
  bool reply_cancelled = false;  // the answer tells the worker to stop: state 6, though the row still says 2 or 3
};

/// A worker's task heartbeat (status dispatched or running, with the lease it wants) or its final word. The present
/// lease is not looked at: only the sweep takes a task away.
ReportResult report(TaskRow row, WorkerId worker, WorkerStanding standing, TaskStatus status, Duration expired_time,
                    Duration now);

struct SweepResult {
  TaskRow row;
  bool swept = false;                      // the lease had run out
  std::optional<OperationStatus> stamped;  // what the execution's own row becomes; a retried one keeps what it shows
};

/// The master's sweep (DealWithExpiredTasksIntervalInMs) at this row.
SweepResult sweep(TaskRow row, Duration now);

/// catalog.stop_operation: a ready task is cancelled at once, a held one when its worker hears of it or the sweep takes
/// it, a finished one not at all.
TaskRow cancel(TaskRow row);

}  // namespace rehearse::model
