#include "sim/world/workers.hpp"

#include <algorithm>

#include "sim/world/catalog.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/sql_server.hpp"

namespace rehearse::world {

using model::Setting;
using model::Switch;
using model::TaskStatus;
using model::Timing;

// ------------------------------------------------------------------------------------------------ service

bool Workers::start_service(WorkerIndex worker, RecordId why) {
  const WorkerState& state = state_.workers[worker];
  if (state.service != Process::stopped || !acts(worker)) return false;
  engine_.emit(RecordKind::worker_service_started, worker_id(worker), why);
  // Its first calls come one period after the start; its connection opens with the first of them.
  engine_.start_rhythm(Event::agent_beat, worker, 0, engine_.now(), state.agent_heartbeat);
  engine_.start_rhythm(Event::poll, worker, 0, engine_.now(), engine_.length(Setting::task_poll));
  heed_calls(worker);
  return true;
}

bool Workers::crash_service(WorkerIndex worker, RecordId why) {
  if (state_.workers[worker].service != Process::running) return false;
  end_service(worker, EndReason::crashed, why);
  return true;
}

bool Workers::stop_service(WorkerIndex worker, RecordId why) {
  if (state_.workers[worker].service != Process::running) return false;
  end_service(worker, EndReason::stopped, why);
  return true;
}

/// The service's children die with it (behaviour.md 7, assumed); the catalog learns nothing until a sweep.
void Workers::end_service(WorkerIndex worker, EndReason reason, RecordId why) {
  freeze_leases(worker, why);
  const RecordId ended =
      engine_.emit(RecordKind::worker_service_ended, worker_id(worker), why, none, static_cast<std::int64_t>(reason));
  for (std::uint32_t slot = 0; slot < plan_.slots_per_worker; ++slot) {
    engine_.disarm(Event::package_end, worker, slot);
    engine_.stop_rhythm(Event::task_beat, worker, slot);
    if (run(worker, slot).phase == RunState::Phase::empty) continue;
    const KillReason how = reason == EndReason::host_lost ? KillReason::host_lost : KillReason::service_ended;
    engine_.emit(RecordKind::package_killed, task_id(run(worker, slot).task), ended, slot_number(worker, slot),
                 static_cast<std::int64_t>(how));
  }
  engine_.stop_rhythm(Event::agent_beat, worker);
  engine_.stop_rhythm(Event::poll, worker);
  engine_.disarm(Event::line, worker);
  engine_.disarm(Event::pull_again, worker);
}

void Workers::enable(WorkerIndex worker, RecordId why) {
  engine_.emit(RecordKind::worker_enabled, worker_id(worker), why);
  engine_.heed(Event::agent_beat, worker);
}

void Workers::host_gone(HostIndex host, RecordId why) {
  for (WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) {
    if (plan_.workers[worker].host == host && state_.workers[worker].service == Process::running) {
      end_service(worker, EndReason::host_lost, why);
    }
  }
}

void Workers::host_booted(HostIndex host, RecordId why) {
  for (WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) {
    if (plan_.workers[worker].host == host) start_service(worker, why);  // start type Automatic
  }
}

// ------------------------------------------------------------------------------------------------ the way to the
// catalog

bool Workers::acts(WorkerIndex worker) const {
  const HostState& host = state_.hosts[plan_.workers[worker].host];
  return host.powered && !host.frozen && !host.hung;
}

/// Packages whose end came meanwhile end now, and calls are tried again (assumed: their clocks ran on).
void Workers::machine_goes_on(HostIndex host, RecordId why) {
  for (WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) {
    if (plan_.workers[worker].host != host || !acts(worker)) continue;
    for (std::uint32_t slot = 0; slot < plan_.slots_per_worker; ++slot) {
      const bool runs = run(worker, slot).phase == RunState::Phase::running;
      if (runs && !engine_.armed(Event::package_end, worker, slot)) {
        engine_.arm(Event::package_end, worker, slot, engine_.now(), why);
      }
    }
    const Line line = state_.workers[worker].line;
    const bool calls = line == Line::hanging || line == Line::connecting;
    if (calls && !engine_.armed(Event::line, worker)) engine_.arm(Event::line, worker, 0, engine_.now(), why);
    heed_calls(worker);
  }
}

bool Workers::reaches_catalog(WorkerIndex worker) const {
  return acts(worker) && connected(worker) && world_.masters().serving(state_.workers[worker].peer) &&
         world_.sql().open();
}

Time Workers::last_online(WorkerIndex worker) const {
  const WorkerState& state = state_.workers[worker];
  if (!state.registered) return core::never;
  if (!state.reporting) return state.last_online;
  const Time beat = engine_.last_beat(Event::agent_beat, worker);
  // The newest of its beats and of the moment when it began to report again.
  return beat != core::never && (state.last_online == core::never || beat > state.last_online) ? beat
                                                                                               : state.last_online;
}

void Workers::review(RecordId why) {
  const Network network = world_.network();
  for (WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) {
    const WorkerState& state = state_.workers[worker];
    if (state.service != Process::running) continue;
    if (state.line == Line::open && !connected(worker)) {
      const HostState& peer = state_.hosts[state.peer];
      const bool hangs = peer.master == Process::hung && peer.master_starts == state.peer_process;
      const bool vanished =
          network.endpoint_of(worker).host != state.peer || hangs || !network.master_port_open(state.peer);
      freeze_leases(worker, why);
      engine_.emit(RecordKind::worker_cut_off, worker_id(worker), why, none, vanished ? 1 : 0);
    } else if ((state.line == Line::broken || state.line == Line::hanging) && line_heals(worker)) {
      // What was sent meanwhile arrives with the next retransmission: the connection survives.
      engine_.disarm(Event::line, worker);
      engine_.emit(RecordKind::worker_connected, worker_id(worker), why, state.peer, state.peer_process);
    } else if (state.line == Line::hanging && line_is_reset(worker)) {
      engine_.arm(Event::line, worker, 0, engine_.now(), why);
    }
    const bool reaches = reaches_catalog(worker);
    if (state.reporting && !reaches) freeze_leases(worker, why);
    if (!state.reporting && reaches && state.registered && state.enabled) {
      const RecordId since =
          std::max({state.changed_by, state_.hosts[state.peer].master_changed_by, state_.instance.changed_by});
      engine_.emit(RecordKind::worker_reporting, worker_id(worker), since);
    }
    heed_calls(worker);
  }
}

/// From here on no heartbeat of the worker arrives: what the catalog believes about it becomes dates.
void Workers::freeze_leases(WorkerIndex worker, RecordId why) {
  if (!state_.workers[worker].reporting) return;
  const Time online = last_online(worker);
  const RecordId silent =
      engine_.emit(RecordKind::worker_silent, worker_id(worker), why, none, online.time_since_epoch().count());
  for (std::uint32_t slot = 0; slot < plan_.slots_per_worker; ++slot) {
    const RunState& state = run(worker, slot);
    if (state.phase == RunState::Phase::empty || state.lease_frozen) continue;
    const Time beat = engine_.last_beat(Event::task_beat, worker, slot);
    const Time good = beat == core::never ? state.picked_up : std::max(beat, state.picked_up);
    engine_.emit(RecordKind::lease_frozen, task_id(state.task), silent, slot_number(worker, slot),
                 good.time_since_epoch().count());
    engine_.heed(Event::task_beat, worker, slot);
  }
  world_.masters().heed_sweep(world_.catalog().next_expiry());
}

Time Workers::kill_time(WorkerIndex worker, std::uint32_t slot) const {
  return run(worker, slot).last_good + state_.workers[worker].tolerance;
}

Time Workers::kill_alarm(WorkerIndex worker, std::uint32_t slot) const {
  const RunState& state = run(worker, slot);
  if (state.phase != RunState::Phase::running || !state.lease_frozen) return core::never;
  return kill_time(worker, slot) > engine_.now() ? kill_time(worker, slot) : core::never;
}

// ------------------------------------------------------------------------------------------------ scheduled calls

RecordId Workers::agent_matters(WorkerIndex worker) const {
  const WorkerState& state = state_.workers[worker];
  if (wants_to_call(worker)) return std::max<RecordId>(state.changed_by, 1);
  if (!reaches_catalog(worker)) return 0;
  const bool news = !state.registered || (state.enabled && !state.knows_enabled) || (state.enabled && !state.reporting);
  return news ? state_.records : 0;
}

void Workers::agent_beat(WorkerIndex worker, RecordId why) {
  if (wants_to_call(worker)) return call(worker, why);
  const WorkerState& state = state_.workers[worker];
  if (!state.registered) engine_.emit(RecordKind::worker_registered, worker_id(worker), state.changed_by);
  if (state.enabled && !state.reporting)
    engine_.emit(RecordKind::worker_reporting, worker_id(worker), state.changed_by);
  if (state.enabled && !state.knows_enabled) {
    engine_.emit(RecordKind::worker_learned_enabled, worker_id(worker), state.changed_by);
    engine_.heed(Event::poll, worker);
  }
}

RecordId Workers::poll_matters(WorkerIndex worker) const {
  const WorkerState& state = state_.workers[worker];
  if (state.service != Process::running || !state.knows_enabled || state.held >= state.max_tasks) return 0;
  if (wants_to_call(worker)) return std::max<RecordId>(state.changed_by, 1);
  if (!reaches_catalog(worker) || !world_.catalog().has_ready()) return 0;
  return state_.tasks[world_.catalog().first_ready()].changed_by;
}

void Workers::poll(WorkerIndex worker, RecordId why) {
  if (wants_to_call(worker)) return call(worker, why);
  pull(worker, why);
}

void Workers::work_ready(RecordId) {
  for (WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) engine_.heed(Event::poll, worker);
}

/// One task per call, the first in the queue (S 1.5). After a successful pull the worker asks again at once.
void Workers::pull(WorkerIndex worker, RecordId why) {
  const WorkerState& state = state_.workers[worker];
  const TaskIndex task = world_.catalog().first_ready();
  std::uint32_t slot = 0;
  while (run(worker, slot).phase != RunState::Phase::empty) ++slot;
  const RecordId pulled = engine_.emit(RecordKind::task_pulled, task_id(task), why, worker, slot);
  const TaskState& taken = state_.tasks[task];
  const std::uint64_t ordinal =
      (std::uint64_t{taken.number} << 8) + static_cast<std::uint64_t>(taken.row.executed_count);
  const Duration length = engine_.draw(plan_.batches[taken.batch].duration, batch_id(taken.batch), "package", ordinal);
  engine_.arm(Event::package_end, worker, slot, engine_.now() + length, pulled);
  const Duration first = engine_.length(Setting::first_task_heartbeat);
  engine_.start_rhythm(Event::task_beat, worker, slot, engine_.now() + first - state.task_heartbeat,
                       state.task_heartbeat);
  // If the worker pulled back its own swept task, an older run of it here can renew again.
  for (std::uint32_t other = 0; other < plan_.slots_per_worker; ++other) engine_.heed(Event::task_beat, worker, other);
  if (state.held < state.max_tasks && world_.catalog().has_ready()) {
    const Duration call = engine_.draw(plan_.sampler(Timing::request), worker_id(worker), "pull", state.pulls);
    engine_.arm(Event::pull_again, worker, 0, engine_.now() + call, pulled);
  }
}

void Workers::pull_again(WorkerIndex worker, RecordId why) {
  const RecordId matters = poll_matters(worker);
  if (matters != 0 && !wants_to_call(worker)) pull(worker, std::max(matters, why));
}

// ------------------------------------------------------------------------------------------------ packages

void Workers::package_over(WorkerIndex worker, std::uint32_t slot, RecordId why) {
  if (!acts(worker)) return;
  engine_.emit(RecordKind::package_ended, task_id(run(worker, slot).task), why, slot_number(worker, slot), 1);
  if (reaches_catalog(worker))
    report(worker, slot, state_.records);
  else
    engine_.heed(Event::task_beat, worker, slot);
}

/// The worker's final word on a task.
void Workers::report(WorkerIndex worker, std::uint32_t slot, RecordId why) {
  const RunState& state = run(worker, slot);
  const TaskIndex task = state.task;
  const TaskStatus status = state.succeeded ? TaskStatus::succeeded : TaskStatus::failed;
  const model::WorkerStanding standing{state_.workers[worker].registered, state_.workers[worker].enabled};
  const auto result = model::report(state_.tasks[task].row, catalog_id(worker), standing, status, Duration{},
                                    engine_.now().time_since_epoch());
  engine_.stop_rhythm(Event::task_beat, worker, slot);
  RecordId said = 0;
  if (result.error != model::CatalogError::none) {
    said = engine_.emit(RecordKind::report_refused, task_id(task), why, slot_number(worker, slot),
                        static_cast<std::int64_t>(result.error));
  } else {
    said = engine_.emit(RecordKind::task_reported, task_id(task), why, slot_number(worker, slot),
                        static_cast<std::int64_t>(status));
    if (state_.tasks[task].row.status == TaskStatus::ready) work_ready(said);
  }
  if (!world_.catalog().has_ready()) return;
  engine_.heed(Event::poll, worker);  // its slot is free: a poll of this very instant may be the first to use it
  if (!engine_.armed(Event::pull_again, worker)) engine_.arm(Event::pull_again, worker, 0, engine_.now(), said);
}

/// The answers are errors: the master is there and has no SSISDB, or, if the switch says so, nothing answers at all.
bool Workers::error_answers(WorkerIndex worker) const {
  if (connected(worker)) return true;
  return engine_.ask(Switch::unreachable_is_error, state_.workers[worker].changed_by);
}

/// A heartbeat of this run would get through, and its answer is not known beforehand: the row is the worker's again, or
/// it has not yet been told that it is not.
bool Workers::may_renew(WorkerIndex worker, std::uint32_t slot) const {
  const RunState& state = run(worker, slot);
  const model::TaskRow& row = state_.tasks[state.task].row;
  const bool own = model::is_held(row.status) && row.worker == catalog_id(worker);
  return reaches_catalog(worker) && (own || !state.renewal_refused);
}

RecordId Workers::task_beat_matters(WorkerIndex worker, std::uint32_t slot) const {
  const RunState& state = run(worker, slot);
  if (state.phase == RunState::Phase::empty || !acts(worker)) return 0;
  if (wants_to_call(worker)) return std::max<RecordId>(state_.workers[worker].changed_by, 1);
  if (reaches_catalog(worker) && state.phase == RunState::Phase::finished) return state.changed_by;
  if (!state.lease_frozen || state.phase != RunState::Phase::running) return 0;
  if (may_renew(worker, slot)) return state_.workers[worker].changed_by;
  if (engine_.now() < kill_time(worker, slot)) return 0;
  return reaches_catalog(worker) || error_answers(worker) ? state.changed_by : 0;
}

void Workers::task_beat(WorkerIndex worker, std::uint32_t slot, RecordId why) {
  if (wants_to_call(worker)) return call(worker, why);
  const RunState& state = run(worker, slot);
  if (state.phase == RunState::Phase::finished) return report(worker, slot, why);
  if (may_renew(worker, slot)) {
    // A late heartbeat renews as long as the sweep has not taken the task (S 1.5).
    const model::WorkerStanding standing{state_.workers[worker].registered, state_.workers[worker].enabled};
    const auto result = model::report(state_.tasks[state.task].row, catalog_id(worker), standing, TaskStatus::running,
                                      Duration{}, engine_.now().time_since_epoch());
    if (result.error == model::CatalogError::none) {
      engine_.emit(RecordKind::lease_renewed, task_id(state.task), why, slot_number(worker, slot));
    } else {
      engine_.emit(RecordKind::renewal_refused, task_id(state.task), why, slot_number(worker, slot),
                   static_cast<std::int64_t>(result.error));
    }
    return;
  }
  // HeartbeatErrorTollerance since the last good heartbeat, and an error answer: the package is terminated (S 1.2).
  engine_.disarm(Event::package_end, worker, slot);
  const RecordId killed = engine_.emit(RecordKind::package_killed, task_id(state.task), why, slot_number(worker, slot),
                                       static_cast<std::int64_t>(KillReason::tolerance_exceeded));
  if (reaches_catalog(worker)) report(worker, slot, killed);
}

void Workers::instance_lost(RecordId why) {
  for (WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) {
    for (std::uint32_t slot = 0; slot < plan_.slots_per_worker; ++slot) {
      const RunState& state = run(worker, slot);
      if (state.phase != RunState::Phase::running) continue;
      const TaskState& task = state_.tasks[state.task];
      const std::uint64_t ordinal = (std::uint64_t{task.number} << 8) + static_cast<std::uint64_t>(state.attempt);
      if (engine_.unit(batch_id(task.batch), "uses instance", ordinal) >= plan_.batches[task.batch].uses_instance)
        continue;
      engine_.disarm(Event::package_end, worker, slot);
      engine_.emit(RecordKind::package_ended, task_id(state.task), why, slot_number(worker, slot), 0);
      engine_.heed(Event::task_beat, worker, slot);
    }
  }
}

}  // namespace rehearse::world
