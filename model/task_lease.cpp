#include "model/task_lease.hpp"

#include <stdexcept>

namespace rehearse::model {
namespace {

/// The checks that every procedure makes first, whatever it was called for: a disabled worker cannot even say "done".
CatalogError standing_error(WorkerStanding standing) {
  if (!standing.known) return CatalogError::unknown_worker;
  if (!standing.enabled) return CatalogError::worker_disabled;
  return CatalogError::none;
}

TaskRow back_to_ready(TaskRow row, Duration now) {
  row.status = TaskStatus::ready;
  row.ready_time = now;  // the back of the queue
  row.worker = WorkerId::none;
  row.expired_time = {};
  return row;
}

}  // namespace

std::string_view to_text(TaskStatus status) {
  switch (status) {
    case TaskStatus::ready: return "ready";
    case TaskStatus::dispatched: return "dispatched";
    case TaskStatus::running: return "running";
    case TaskStatus::failed: return "failed";
    case TaskStatus::succeeded: return "succeeded";
    case TaskStatus::cancelled: return "cancelled";
  }
  throw std::logic_error("unknown task status");
}

std::string_view to_text(OperationStatus status) {
  switch (status) {
    case OperationStatus::created: return "created";
    case OperationStatus::running: return "running";
    case OperationStatus::canceled: return "canceled";
    case OperationStatus::failed: return "failed";
    case OperationStatus::pending: return "pending";
    case OperationStatus::ended_unexpectedly: return "ended unexpectedly";
    case OperationStatus::succeeded: return "succeeded";
    case OperationStatus::stopping: return "stopping";
    case OperationStatus::completed: return "completed";
  }
  throw std::logic_error("unknown operation status");
}

std::string_view to_text(CatalogError error) {
  switch (error) {
    case CatalogError::none: return "none";
    case CatalogError::unknown_worker: return "27243: the worker is not known";
    case CatalogError::update_refused: return "27246: the task is no longer this worker's";
    case CatalogError::worker_disabled: return "27252: the worker is disabled";
  }
  throw std::logic_error("unknown catalog error");
}

PullResult pull(TaskRow row, WorkerId worker, WorkerStanding standing, Duration now, Duration lease) {
  if (const CatalogError error = standing_error(standing); error != CatalogError::none) return {row, error, false};
  if (row.status != TaskStatus::ready) return {row, CatalogError::none, false};
  row.status = TaskStatus::dispatched;
  row.worker = worker;
  row.executed_count += 1;
  row.expired_time = now + lease;
  return {row, CatalogError::none, true};
}

ReportResult report(TaskRow row, WorkerId worker, WorkerStanding standing, TaskStatus status, Duration expired_time,
                    Duration now) {
  if (const CatalogError error = standing_error(standing); error != CatalogError::none) return {row, error, false};
  if (row.worker != worker || !is_held(row.status) || status < row.status) {
    return {row, CatalogError::update_refused, false};
  }
  if (is_held(status)) {
    row.status = status;
    row.expired_time = expired_time;
    return {row, CatalogError::none, row.cancelled};
  }
  // Any end but success is tried again while attempts are left: package failures as well as kills.
  if (status != TaskStatus::succeeded && has_attempts_left(row) && !row.cancelled) {
    return {back_to_ready(row, now), CatalogError::none, false};
  }
  row.status = status;
  return {row, CatalogError::none, false};
}

SweepResult sweep(TaskRow row, Duration now) {
  if (!is_held(row.status) || row.expired_time > now) return {row, false, std::nullopt};
  if (row.cancelled) {
    row.status = TaskStatus::cancelled;
    return {row, true, OperationStatus::canceled};
  }
  if (has_attempts_left(row)) return {back_to_ready(row, now), true, std::nullopt};
  row.status = TaskStatus::failed;
  return {row, true, OperationStatus::ended_unexpectedly};
}

TaskRow cancel(TaskRow row) {
  if (is_terminal(row.status)) return row;
  row.cancelled = true;
  if (row.status == TaskStatus::ready) row.status = TaskStatus::cancelled;
  return row;
}

}  // namespace rehearse::model
