// What records do to workers, batches and tasks.
#include <algorithm>
#include <stdexcept>

#include "sim/world/apply.hpp"

namespace rehearse::world {
namespace {

using model::OperationStatus;
using model::TaskStatus;

void set_worker_field(WorkerSettingsState& worker, WorkerField field, std::int64_t value) {
  switch (field) {
    case WorkerField::endpoint: worker.endpoint = static_cast<TextIndex>(value); return;
    case WorkerField::master_certificate: worker.master_certificate = static_cast<CertificateIndex>(value); return;
    case WorkerField::worker_certificate: worker.worker_certificate = static_cast<CertificateIndex>(value); return;
    case WorkerField::agent_heartbeat: worker.agent_heartbeat = Duration(value); return;
    case WorkerField::task_heartbeat: worker.task_heartbeat = Duration(value); return;
    case WorkerField::tolerance: worker.tolerance = Duration(value); return;
    case WorkerField::lease: worker.lease = Duration(value); return;
    case WorkerField::max_tasks: worker.max_tasks = static_cast<std::int32_t>(value); return;
  }
  throw std::logic_error("record: no such worker setting");
}

/// Records about a run name its slot among all workers' slots: one worker may hold two runs of one task.
RunState& run_of(State& state, const Record& record) {
  RunState& run = state.runs.at(record.object);
  if (run.phase == RunState::Phase::empty || run.task != record.subject.index()) {
    throw std::logic_error("record: no such run");
  }
  return run;
}

WorkerIndex worker_of(const Record& record, const Blueprint& blueprint) {
  return record.object / slots_per_worker(blueprint);
}

void make_ready(State& state, TaskIndex task, const Blueprint& blueprint) {
  const WorkerSet set = blueprint.batches[state.tasks[task].batch].workers;
  state.ready[set].entries.push_back({task, state.readied++});
  ++state.ready_count;
}

/// A task of this set has just stopped being ready.
void leave_ready(State& state, WorkerSet set) {
  --state.ready_count;
  ReadyQueue& queue = state.ready[set];
  while (!queue.empty() && state.tasks[queue.front().task].row.status != TaskStatus::ready) ++queue.head;
}

void await_expiry(State& state, TaskIndex task) {
  state.expiring.push_back({state.tasks[task].row.expired_time, task});
  std::push_heap(state.expiring.begin(), state.expiring.end(), by_expiry);
}

/// The front of the heap is a lease that runs out if nothing renews it; what became of others shows in their rows.
void drop_stale_expiries(State& state) {
  const auto stale = [&](const Expiry& expiry) {
    const model::TaskRow& row = state.tasks[expiry.task].row;
    return !model::is_held(row.status) || row.expired_time != expiry.at;
  };
  while (!state.expiring.empty() && stale(state.expiring.front())) {
    std::pop_heap(state.expiring.begin(), state.expiring.end(), by_expiry);
    state.expiring.pop_back();
  }
}

void show(TaskState& task, OperationStatus status, Time now) {
  if (task.stamped && task.stamped_for_end == core::never && status != OperationStatus::ended_unexpectedly) {
    task.stamped_for_end = now;
  }
  task.shown = status;
}

/// A run leaves its worker's slot.
void empty_slot(State& state, RunState& run, WorkerIndex worker) {
  run = RunState{};
  --state.workers[worker].held;
}

/// One more of the day's executions needs no call any more.
void count_submitted(BatchState& batch, const BatchPlan& plan) {
  if (++batch.submitted == plan.executions) batch.submitting = false;
}

/// It has ended, whichever way.
void finish(State& state, TaskState& task, Time now) {
  task.finished_at = now;
  ++state.finished;
}

void create_execution(State& state, const Record& record, RecordId id, const Blueprint& blueprint) {
  BatchState& batch = state.batches[record.object];
  TaskState task;
  task.batch = record.object;
  task.day = static_cast<std::uint32_t>(record.value);
  const BatchPlan& plan = blueprint.batches[record.object];
  const bool of_history = plan.kind == BatchPlan::Kind::history;
  task.number = plan.kind == BatchPlan::Kind::batch ? batch.created : task.day;
  task.row.max_executed_count = (of_history ? plan.arrivals[task.number].retry_count : plan.retry_count) + 1;
  task.row.ready_time = since_epoch(record.at);
  task.created_at = record.at;
  task.shown = OperationStatus::pending;
  task.changed_by = id;
  state.tasks.push_back(task);
  make_ready(state, record.subject.index(), blueprint);
  ++batch.created;
  count_submitted(batch, plan);
}

void pull_task(State& state, const Record& record, RecordId id, const Blueprint& blueprint) {
  TaskState& task = state.tasks[record.subject.index()];
  WorkerState& worker = state.workers[record.object];
  task.row = model::pull(task.row, catalog_id(record.object, blueprint), {}, since_epoch(record.at),
                         blueprint.parameters().length(model::Setting::first_lease))
                 .row;
  task.row.expired_time = always_renewed;
  show(task, OperationStatus::running, record.at);
  task.repeated = task.repeated || task.row.executed_count > 1;
  task.overlapped = task.overlapped || task.alive > 0;
  ++task.alive;
  task.picked_up_at = std::min(task.picked_up_at, record.at);
  task.changed_by = id;
  RunState& run = state.runs[record.object * slots_per_worker(blueprint) + static_cast<std::uint32_t>(record.value)];
  run = RunState{};
  run.phase = RunState::Phase::running;
  run.task = record.subject.index();
  run.attempt = task.row.executed_count;
  run.picked_up = record.at;
  run.sql_ahead = sql_clock(state, record.at) - since_epoch(record.at);
  run.changed_by = id;
  ++worker.held;
  ++worker.pulls;
  leave_ready(state, blueprint.batches[task.batch].workers);
}

}  // namespace

void apply_to_worker(State& state, const Record& record, RecordId id) {
  WorkerState& worker = state.workers[record.subject.index()];
  switch (record.kind) {
    case RecordKind::worker_installed:
      worker.service = Process::stopped;
      worker.account = record.object;
      worker.key_access = true;  // setup grants the account that it installs (S 3)
      break;
    case RecordKind::worker_setting:
      set_worker_field(worker.file, static_cast<WorkerField>(record.object), record.value);
      break;
    case RecordKind::key_access_granted:
    case RecordKind::key_access_lost:
      worker.key_access = record.kind == RecordKind::key_access_granted;
      worker.changed_by = id;
      break;
    case RecordKind::worker_service_started:
      worker.service = Process::running;
      worker.line = Line::closed;
      worker.knows_enabled = false;
      ++worker.service_starts;
      static_cast<WorkerSettingsState&>(worker) = worker.file;
      worker.changed_by = id;
      break;
    case RecordKind::worker_service_ended:
      worker.service = Process::stopped;
      worker.line = Line::closed;
      worker.changed_by = id;
      break;
    case RecordKind::worker_cut_off:
      worker.line = static_cast<LineEnd>(record.value) == LineEnd::peer_vanished ? Line::broken : Line::closed;
      worker.refusal = worker.lurking = model::HandshakeOutcome::accepted;
      worker.second_refused = false;
      worker.changed_by = id;
      break;
    case RecordKind::worker_call_hangs:
      worker.line = Line::hanging;
      worker.attempt_since = record.at;
      break;
    case RecordKind::name_resolved:
      worker.resolved = record.object;
      worker.resolved_until = Time(Duration(record.value));
      break;
    case RecordKind::worker_connecting:
      worker.line = Line::connecting;
      worker.attempt_since = record.at;
      ++worker.attempts;
      break;
    case RecordKind::worker_call_failed: worker.line = Line::closed; break;
    case RecordKind::handshake_refused:
      worker.line = Line::closed;
      worker.refusal = static_cast<model::HandshakeOutcome>(record.value);
      worker.changed_by = id;
      break;
    case RecordKind::worker_connected:
      worker.line = Line::open;
      worker.peer = record.object;
      worker.peer_process = static_cast<std::uint32_t>(record.value);
      worker.refusal = worker.lurking = model::HandshakeOutcome::accepted;
      worker.second_refused = false;
      worker.changed_by = id;
      break;
    case RecordKind::worker_registered:
      worker.registered = true;
      if (worker.last_online == core::never) worker.last_online = record.at;
      break;
    case RecordKind::worker_enabled: worker.enabled = true; break;
    case RecordKind::worker_learned_enabled: worker.knows_enabled = true; break;
    case RecordKind::worker_learned_disabled: worker.knows_enabled = false; break;
    case RecordKind::worker_disabled:
      worker.enabled = false;
      worker.changed_by = id;
      break;
    case RecordKind::worker_deleted:
      worker.registered = worker.enabled = false;
      worker.changed_by = id;
      break;
    case RecordKind::worker_hung:
      worker.service = Process::hung;
      worker.changed_by = id;
      break;
    case RecordKind::worker_answers:
      worker.service = Process::running;
      worker.changed_by = id;
      break;
    case RecordKind::disk_full: worker.disk_full = record.value == 1; break;
    case RecordKind::defect_lurks:
      worker.lurking = static_cast<model::HandshakeOutcome>(record.value);
      worker.second_refused = false;
      break;
    case RecordKind::second_connection_refused: worker.second_refused = true; break;
    case RecordKind::messages_sent: worker.unsent = 0; break;
    case RecordKind::worker_reporting: worker.reporting = true; break;
    case RecordKind::worker_silent:
      worker.reporting = false;
      worker.last_online = Time(Duration(record.value));
      break;
    default: break;
  }
}

void apply_to_batch(State& state, const Record& record, RecordId id, const Blueprint& blueprint) {
  BatchState& batch = state.batches[record.subject.index()];
  batch.changed_by = id;
  switch (record.kind) {
    case RecordKind::batch_begun:
      batch.submitting = true;
      batch.day = record.object;
      batch.submitted = 0;
      break;
    case RecordKind::batch_skipped: batch.never_submitted += static_cast<std::uint32_t>(record.value); break;
    case RecordKind::batch_abandoned:
      batch.never_submitted += static_cast<std::uint32_t>(record.value);
      batch.submitting = false;
      break;
    case RecordKind::submit_refused:
      ++batch.never_submitted;
      if (batch.submitting) count_submitted(batch, blueprint.batches[record.subject.index()]);
      break;
    case RecordKind::call_timed_out:
      if (record.value == 0) break;
      ++batch.never_submitted;
      if (batch.submitting) count_submitted(batch, blueprint.batches[record.subject.index()]);
      break;
    default: break;
  }
}

namespace {

void change_task(State& state, const Record& record, RecordId id, const Blueprint& blueprint) {
  TaskState& task = state.tasks[record.subject.index()];
  switch (record.kind) {
    case RecordKind::lease_frozen: {
      RunState& run = run_of(state, record);
      run.lease_frozen = true;
      run.renewal_refused = false;
      run.changed_by = id;
      // A run whose task has gone to somebody else freezes nothing in the row.
      run.last_good = Time(Duration(record.value));
      // The worker's own clock writes ExpiredTime (assumed; S 9, 4), that of SQL Server the first one.
      const WorkerIndex worker = worker_of(record, blueprint);
      const bool first = run.last_good == run.picked_up;
      const Duration lease =
          first ? blueprint.parameters().length(model::Setting::first_lease) + run.sql_ahead
                : state.workers[worker].lease + state.hosts[blueprint.workers[worker].host].clock_offset;
      if (model::is_held(task.row.status) && task.row.worker == catalog_id(worker, blueprint)) {
        task.row.expired_time = since_epoch(run.last_good) + lease;
        task.changed_by = id;
        await_expiry(state, record.subject.index());
      }
      break;
    }
    case RecordKind::lease_renewed: {
      RunState& run = run_of(state, record);
      run.lease_frozen = false;
      run.changed_by = id;
      task.row = model::report(task.row, catalog_id(worker_of(record, blueprint), blueprint), {}, TaskStatus::running,
                               always_renewed, since_epoch(record.at))
                     .row;
      show(task, OperationStatus::running, record.at);
      break;
    }
    case RecordKind::task_swept: {
      const model::SweepResult result = model::sweep(task.row, sql_clock(state, record.at));
      task.row = result.row;
      task.changed_by = id;
      if (result.stamped) show(task, *result.stamped, record.at);
      if (task.row.status == TaskStatus::ready)
        make_ready(state, record.subject.index(), blueprint);
      else
        finish(state, task, record.at);
      break;
    }
    case RecordKind::execution_stopped: {
      const bool waited = task.row.status == TaskStatus::ready;
      task.row = model::cancel(task.row);
      task.changed_by = id;
      if (!waited) {
        show(task, OperationStatus::stopping, record.at);
        break;
      }
      // What takes a task that was never dispatched out of "stopping" nobody has published (S 1.5): at once (assumed).
      show(task, OperationStatus::canceled, record.at);
      leave_ready(state, blueprint.batches[task.batch].workers);
      finish(state, task, record.at);
      break;
    }
    case RecordKind::package_cannot_start: run_of(state, record).doomed = true; break;
    case RecordKind::messages_kept: ++state.workers[worker_of(record, blueprint)].unsent; break;
    case RecordKind::package_ended:
    case RecordKind::package_killed: {
      RunState& run = run_of(state, record);
      if (run.phase == RunState::Phase::running) --task.alive;
      run.phase = RunState::Phase::finished;
      run.succeeded = record.kind == RecordKind::package_ended && record.value == 1;
      run.killed = record.kind == RecordKind::package_killed;
      run.changed_by = id;
      const auto reason = static_cast<KillReason>(record.value);
      const bool reports = reason == KillReason::tolerance_exceeded || reason == KillReason::cancelled;
      if (run.killed && !reports) empty_slot(state, run, worker_of(record, blueprint));
      break;
    }
    case RecordKind::task_reported: {
      const auto reported = static_cast<TaskStatus>(record.value);
      task.row = model::report(task.row, catalog_id(worker_of(record, blueprint), blueprint), {}, reported, Duration{},
                               since_epoch(record.at))
                     .row;
      if (task.row.status == TaskStatus::ready) {
        make_ready(state, record.subject.index(), blueprint);
      } else {
        finish(state, task, record.at);
      }
      show(task,
           reported == TaskStatus::succeeded   ? OperationStatus::succeeded
           : reported == TaskStatus::cancelled ? OperationStatus::canceled
                                               : OperationStatus::failed,
           record.at);
      task.changed_by = id;
      empty_slot(state, run_of(state, record), worker_of(record, blueprint));
      break;
    }
    case RecordKind::renewal_refused: {
      RunState& run = run_of(state, record);
      run.renewal_refused = true;
      run.changed_by = id;
      break;
    }
    case RecordKind::report_refused: {
      RunState& run = run_of(state, record);
      task.refused_success = task.refused_success || run.succeeded;
      if (run.phase == RunState::Phase::running) --task.alive;
      empty_slot(state, run, worker_of(record, blueprint));
      break;
    }
    case RecordKind::execution_stamped:
      task.shown = OperationStatus::ended_unexpectedly;
      if (!task.stamped) task.stamped_at = record.at;
      task.stamped = true;
      task.stamped_for_end = core::never;
      break;
    default: break;
  }
}

}  // namespace

void apply_to_task(State& state, const Record& record, RecordId id, const Blueprint& blueprint) {
  if (record.kind == RecordKind::execution_created) return create_execution(state, record, id, blueprint);
  if (record.kind == RecordKind::task_pulled) return pull_task(state, record, id, blueprint);
  change_task(state, record, id, blueprint);
  drop_stale_expiries(state);
}

void archive_jobs(State& state, const Record& record, const Blueprint& blueprint) {
  const Time ended_by = record.at - blueprint.parameters().length(model::Setting::archive_age);
  for (TaskState& task : state.tasks) {
    task.archived = task.archived || (model::is_terminal(task.row.status) && task.finished_at <= ended_by);
  }
  state.finished -= static_cast<std::uint32_t>(record.value);
}

}  // namespace rehearse::world
