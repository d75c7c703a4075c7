#include "sim/world/workers.hpp"

#include <algorithm>

#include "sim/world/catalog.hpp"
#include "sim/world/configuration.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/sql_server.hpp"

namespace rehearse::world {
namespace {

/// The place of an instant within a period.
Duration phase_of(Time time, Duration period) {
  const Duration rest = time.time_since_epoch() % period;
  return rest < Duration::zero() ? rest + period : rest;
}

bool has_process(const WorkerState& worker) {
  return worker.service == Process::running || worker.service == Process::hung;
}

}  // namespace

using model::Setting;
using model::Switch;
using model::TaskStatus;
using model::Timing;

// ------------------------------------------------------------------------------------------------ service

bool Workers::start_service(WorkerIndex worker, RecordId why) {
  const WorkerState& state = state_.workers[worker];
  if (state.service != Process::stopped || !machine_acts(worker)) return false;
  if (!world_.configuration().worker_logs_on(worker)) {
    engine_.emit(RecordKind::logon_refused, worker_id(worker), why);
    return false;
  }
  engine_.emit(RecordKind::worker_service_started, worker_id(worker), why);
  // Its first agent heartbeat registers it and opens its connection (S 1.3), a second after the start (assumed); its
  // polls keep no step with it.
  constexpr Duration first_call = std::chrono::seconds(1);
  engine_.start_rhythm(Event::agent_beat, worker, 0, engine_.now() + first_call - state.agent_heartbeat,
                       state.agent_heartbeat);
  const Duration period = engine_.length(Setting::task_poll);
  if (period > Duration::zero()) {
    const double u = engine_.unit(worker_id(worker), "first poll", state.service_starts);
    const Duration into(static_cast<std::int64_t>(u * static_cast<double>(period.count())));
    engine_.start_rhythm(Event::poll, worker, 0, engine_.now() - into, period);
  }
  heed_calls(worker);
  return true;
}

bool Workers::crash_service(WorkerIndex worker, RecordId why) {
  if (!has_process(state_.workers[worker])) return false;
  end_service(worker, EndReason::crashed, why);
  return true;
}

bool Workers::stop_service(WorkerIndex worker, RecordId why) {
  if (!has_process(state_.workers[worker])) return false;
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
  count_in(worker);
  offer_its_sets(worker);
}

bool Workers::hang_service(WorkerIndex worker, RecordId why) {
  if (state_.workers[worker].service != Process::running) return false;
  freeze_leases(worker, engine_.emit(RecordKind::worker_hung, worker_id(worker), why));
  if (state_.workers[worker].line == Line::connecting) heed_attempt(worker);
  count_in(worker);
  offer_its_sets(worker);
  return true;
}

bool Workers::end_hang(WorkerIndex worker, RecordId why) {
  if (state_.workers[worker].service != Process::hung) return false;
  const RecordId back = engine_.emit(RecordKind::worker_answers, worker_id(worker), why);
  if (machine_acts(worker)) go_on(worker, back);
  review_one(worker, back);
  return true;
}

bool Workers::enable(WorkerIndex worker, RecordId why) {
  if (enabled(worker)) return false;
  row_changed(worker, engine_.emit(RecordKind::worker_enabled, worker_id(plan_.workers[worker].row), why));
  return true;
}

bool Workers::disable(WorkerIndex worker, RecordId why) {
  if (!enabled(worker)) return false;
  row_changed(worker, engine_.emit(RecordKind::worker_disabled, worker_id(plan_.workers[worker].row), why));
  return true;
}

bool Workers::remove(WorkerIndex worker, RecordId why) {
  if (!registered(worker)) return false;
  row_changed(worker, engine_.emit(RecordKind::worker_deleted, worker_id(plan_.workers[worker].row), why));
  return true;
}

/// Whoever shares the row learns of it with the next heartbeat; what the catalog accepts changes at once.
void Workers::row_changed(WorkerIndex worker, RecordId why) {
  const WorkerIndex row = plan_.workers[worker].row;
  for (WorkerIndex other = row; other < plan_.workers.size(); ++other) {
    if (plan_.workers[other].row == row && state_.workers[other].service == Process::running) review_one(other, why);
  }
}

void Workers::set_disk_full(WorkerIndex worker, bool full, RecordId why) {
  engine_.emit(RecordKind::disk_full, worker_id(worker), why, none, full);
}

void Workers::host_gone(HostIndex host, RecordId why) {
  for (WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) {
    if (plan_.workers[worker].host == host && has_process(state_.workers[worker])) {
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

bool Workers::machine_acts(WorkerIndex worker) const {
  const HostState& host = state_.hosts[plan_.workers[worker].host];
  return host.powered && !host.frozen && !host.hung;
}

bool Workers::acts(WorkerIndex worker) const {
  return machine_acts(worker) && state_.workers[worker].service != Process::hung;
}

void Workers::machine_goes_on(HostIndex host, RecordId why) {
  for (WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) {
    if (plan_.workers[worker].host == host && machine_acts(worker)) go_on(worker, why);
  }
}

/// Packages whose end came meanwhile end now, and calls are tried again (assumed: their clocks ran on).
void Workers::go_on(WorkerIndex worker, RecordId why) {
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

/// A heartbeat or a report of it would be accepted: it reaches the catalog, and its row is there and enabled (S 1.5).
bool Workers::counts(WorkerIndex worker) const {
  return reaches_catalog(worker) && registered(worker) && enabled(worker);
}

bool Workers::owns(WorkerIndex worker, const model::TaskRow& row) const {
  return model::is_held(row.status) && row.worker == catalog_id(worker, plan_);
}

bool Workers::reaches_catalog(WorkerIndex worker) const {
  return acts(worker) && connected(worker) && world_.masters().serving(state_.workers[worker].peer) &&
         world_.sql().open();
}

Time Workers::last_online(WorkerIndex worker) const {
  const WorkerIndex row = plan_.workers[worker].row;
  if (!registered(row)) return core::never;
  Time newest = core::never;
  for (WorkerIndex other = row; other < plan_.workers.size(); ++other) {
    const Time online = plan_.workers[other].row == row ? last_heartbeat(other) : core::never;
    if (online != core::never && (newest == core::never || online > newest)) newest = online;
  }
  return newest;
}

/// The last of its own heartbeats that reached the catalog.
Time Workers::last_heartbeat(WorkerIndex worker) const {
  const WorkerState& state = state_.workers[worker];
  if (!state.reporting) return state.last_online;
  const Time beat = engine_.last_beat(Event::agent_beat, worker);
  // The newest of its beats and of the moment when it began to report again.
  return beat != core::never && (state.last_online == core::never || beat > state.last_online) ? beat
                                                                                               : state.last_online;
}

void Workers::review(RecordId why) {
  for (WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) {
    if (state_.workers[worker].service == Process::running) review_one(worker, why);
  }
}

void Workers::review_one(WorkerIndex worker, RecordId why) {
  const Network network = world_.network();
  const WorkerState& state = state_.workers[worker];
  if (state.line == Line::open && !connected(worker)) {
    const HostState& peer = state_.hosts[state.peer];
    const bool hangs = peer.master == Process::hung && peer.master_starts == state.peer_process;
    const bool vanished = target(worker).host != state.peer || hangs || !network.master_port_open(state.peer);
    freeze_leases(worker, why);
    engine_.emit(RecordKind::worker_cut_off, worker_id(worker), why, none,
                 static_cast<std::int64_t>(vanished ? LineEnd::peer_vanished : LineEnd::closed_by_peer));
  } else if ((state.line == Line::broken || state.line == Line::hanging) && line_heals(worker)) {
    // What was sent meanwhile arrives with the next retransmission: the connection survives.
    engine_.disarm(Event::line, worker);
    engine_.emit(RecordKind::worker_connected, worker_id(worker), why, state.peer, state.peer_process);
  } else if (state.line == Line::hanging && line_is_reset(worker)) {
    engine_.arm(Event::line, worker, 0, engine_.now(), why);
  } else if (state.line == Line::connecting) {
    heed_attempt(worker);
  }
  const bool accepted = counts(worker);
  if (state.reporting && !accepted) freeze_leases(worker, why);
  if (!state.reporting && accepted) {
    const RecordId since = std::max({state.changed_by, row(worker).changed_by,
                                     state_.hosts[state.peer].master_changed_by, state_.instance.changed_by});
    engine_.emit(RecordKind::worker_reporting, worker_id(worker), since);
  }
  if (outruns_lease(worker)) world_.masters().heed_sweep(engine_.now());
  if (state.unsent > 0 && messages_arrive(worker)) {
    // What waited on its disk is loaded now (S 1.7).
    engine_.emit(RecordKind::messages_sent, worker_id(worker), why, none, state.unsent);
  }
  heed_calls(worker);
  count_in(worker);
}

/// From here on no heartbeat of the worker arrives: what the catalog believes about it becomes dates.
void Workers::freeze_leases(WorkerIndex worker, RecordId why) {
  if (!state_.workers[worker].reporting) return;
  const Time online = last_heartbeat(worker);
  const RecordId silent =
      engine_.emit(RecordKind::worker_silent, worker_id(worker), why, none, online.time_since_epoch().count());
  for (std::uint32_t slot = 0; slot < plan_.slots_per_worker; ++slot) {
    const RunState& state = run(worker, slot);
    if (state.phase == RunState::Phase::empty || state.lease_frozen) continue;
    freeze_lease(worker, slot, last_renewal(worker, slot), silent);
  }
  world_.masters().heed_sweep(world_.catalog().next_expiry());
}

Time Workers::last_renewal(WorkerIndex worker, std::uint32_t slot) const {
  const Time beat = engine_.last_beat(Event::task_beat, worker, slot);
  const Time picked_up = run(worker, slot).picked_up;
  return beat == core::never ? picked_up : std::max(beat, picked_up);
}

void Workers::freeze_lease(WorkerIndex worker, std::uint32_t slot, Time last_good, RecordId why) {
  engine_.emit(RecordKind::lease_frozen, task_id(run(worker, slot).task), why, slot_number(worker, slot),
               last_good.time_since_epoch().count());
  engine_.heed(Event::task_beat, worker, slot);
}

bool Workers::outruns_lease(WorkerIndex worker) const {
  const WorkerState& state = state_.workers[worker];
  if (!state.reporting || state.held == 0) return false;
  const Duration behind = sql_clock(state_, engine_.now()) - engine_.now().time_since_epoch() -
                          state_.hosts[plan_.workers[worker].host].clock_offset;
  return state.lease - behind < state.task_heartbeat;
}

bool Workers::any_outruns_lease() const {
  for (WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) {
    if (outruns_lease(worker)) return true;
  }
  return false;
}

void Workers::freeze_outrun_leases(RecordId why) {
  const Duration now = sql_clock(state_, engine_.now());
  for (WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) {
    if (!outruns_lease(worker)) continue;
    const WorkerState& state = state_.workers[worker];
    const Duration lease = state.lease + state_.hosts[plan_.workers[worker].host].clock_offset;
    for (std::uint32_t slot = 0; slot < plan_.slots_per_worker; ++slot) {
      const RunState& held = run(worker, slot);
      if (held.phase == RunState::Phase::empty || held.lease_frozen) continue;
      const Time renewed = last_renewal(worker, slot);
      if (renewed == held.picked_up || renewed.time_since_epoch() + lease > now) continue;
      freeze_lease(worker, slot, renewed, why);
    }
  }
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
  if (!acts(worker)) return 0;
  if (connected(worker)) {
    const bool lurks = state.lurking != model::HandshakeOutcome::accepted;
    if (handshake(worker, state.peer) != state.lurking) return way_changed_by(worker, state.peer);
    if (beats_may_overlap(worker) || (lurks && is_idle_between_beats(worker))) return state.changed_by;
  }
  if (!reaches_catalog(worker)) return 0;
  const bool news =
      !registered(worker) || enabled(worker) != state.knows_enabled || (enabled(worker) && !state.reporting);
  return news ? state_.records : 0;
}

void Workers::agent_beat(WorkerIndex worker, RecordId why) {
  if (wants_to_call(worker)) return call(worker, why);
  const WorkerState& state = state_.workers[worker];
  if (connected(worker)) {
    const model::HandshakeOutcome outcome = handshake(worker, state.peer);
    if (outcome != state.lurking) {
      engine_.emit(RecordKind::defect_lurks, worker_id(worker), why, state.peer, static_cast<std::int64_t>(outcome));
    }
    if (state.lurking != model::HandshakeOutcome::accepted && is_idle_between_beats(worker)) {
      const RecordId closed = engine_.emit(RecordKind::worker_cut_off, worker_id(worker), why, none,
                                           static_cast<std::int64_t>(LineEnd::idle));
      freeze_leases(worker, closed);
      return call(worker, closed);
    }
    note_beat(Event::agent_beat, worker, 0, why);
    if (beats_may_overlap(worker)) heed_calls(worker);
  }
  tell_status(worker);
}

/// worker_agents gets its heartbeat, and the answer tells it whether it is enabled (S 1.3).
void Workers::tell_status(WorkerIndex worker) {
  const WorkerState& state = state_.workers[worker];
  if (!reaches_catalog(worker)) return;
  if (!registered(worker)) {
    engine_.emit(RecordKind::worker_registered, worker_id(plan_.workers[worker].row), state.changed_by);
  }
  if (enabled(worker) && !state.reporting)
    engine_.emit(RecordKind::worker_reporting, worker_id(worker), state.changed_by);
  if (enabled(worker) && !state.knows_enabled) {
    engine_.emit(RecordKind::worker_learned_enabled, worker_id(worker), state.changed_by);
    engine_.heed(Event::poll, worker);
    count_in(worker);
  } else if (!enabled(worker) && state.knows_enabled) {
    engine_.emit(RecordKind::worker_learned_disabled, worker_id(worker), row(worker).changed_by);
    count_in(worker);
  }
}

/// It would take a task at its next poll, if there is one.
bool Workers::takes_work(WorkerIndex worker) const {
  const WorkerState& state = state_.workers[worker];
  return state.service == Process::running && state.knows_enabled && state.held < state.max_tasks && counts(worker);
}

RecordId Workers::poll_matters(WorkerIndex worker) const {
  const WorkerState& state = state_.workers[worker];
  if (state.service != Process::running || !state.knows_enabled || state.held >= state.max_tasks) return 0;
  if (wants_to_call(worker)) return std::max<RecordId>(state.changed_by, 1);
  // A worker that is disabled and has not heard of it yet is refused with 27252 (S 1.5).
  const TaskIndex task = world_.catalog().first_ready(worker);
  if (task == none || !counts(worker)) return beats_may_overlap(worker) ? state.changed_by : 0;
  return state_.tasks[task].changed_by;
}

void Workers::poll(WorkerIndex worker, RecordId why) {
  if (wants_to_call(worker)) return call(worker, why);
  note_beat(Event::poll, worker, 0, why);
  if (counts(worker) && world_.catalog().first_ready(worker) != none) pull(worker, why);
}

void Workers::poll_over(WorkerIndex worker) {
  const auto has_work = [&](WorkerSet set) { return !state_.ready[set].empty(); };
  const std::vector<WorkerSet>& sets = plan_.workers[worker].sets;
  if (std::none_of(sets.begin(), sets.end(), has_work)) return;
  count_in(worker);
  offer_its_sets(worker);
}

void Workers::work_ready(WorkerSet set) {
  offer(set);
}

void Workers::phases_drawn() {
  for (WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) count_in(worker);
  for (WorkerSet set = 0; set < plan_.worker_sets.size(); ++set) offer(set);
}

/// Keeps the index of who polls next: whatever changes the answer of takes_work leads here.
void Workers::count_in(WorkerIndex worker) {
  const std::vector<WorkerSet>& sets = plan_.workers[worker].sets;
  if (!takes_work(worker)) return world_.pollers().leave(worker, sets);
  const Rhythm& polls = engine_.rhythm(Event::poll, worker);
  world_.pollers().enter(worker, polls.beats() ? phase_of(polls.anchor, polls.period) : Duration::zero(), sets);
  if (world_.catalog().first_ready(worker) == none) return;
  if (polls.beats()) {
    engine_.heed(Event::poll, worker);
  } else {
    offer_its_sets(worker);
  }
}

void Workers::offer_its_sets(WorkerIndex worker) {
  for (const WorkerSet set : plan_.workers[worker].sets) offer(set);
}

/// While tasks of the set are ready, the next poll among its workers is an event.
void Workers::offer(WorkerSet set) {
  const Pollers::Ring& ring = world_.pollers().ring(set);
  if (state_.ready[set].empty() || ring.empty()) return;
  const Duration period = engine_.length(Setting::task_poll);
  if (period == Duration::zero()) {
    // They ask all the time: one who has not been woken yet takes the task at once.
    const auto free = std::find_if(ring.begin(), ring.end(),
                                   [&](const auto& entry) { return !engine_.armed(Event::pull_again, entry.second); });
    if (free != ring.end()) engine_.arm(Event::pull_again, free->second, 0, engine_.now(), 0);
    return;
  }
  const Duration phase = phase_of(engine_.now(), period);
  auto next = ring.lower_bound({phase, 0});
  // Of those that poll at this very instant some have had their turn already.
  const auto had_its_turn = [&](WorkerIndex worker) { return engine_.next_beat(Event::poll, worker) > engine_.now(); };
  while (next != ring.end() && next->first == phase && had_its_turn(next->second)) ++next;
  engine_.heed(Event::poll, next == ring.end() ? ring.begin()->second : next->second);
}

/// As the source says, and longer beside others if the ledger says so (S 6).
Duration Workers::package_length(WorkerIndex worker, const TaskState& task) const {
  const BatchPlan& source = plan_.batches[task.batch];
  const std::uint64_t ordinal = (std::uint64_t{task.number} << 8) + static_cast<std::uint64_t>(task.row.executed_count);
  const Duration alone = source.kind == BatchPlan::Kind::history
                             ? source.arrivals[task.number].run
                             : engine_.draw(source.duration, batch_id(task.batch), "package", ordinal);
  const std::int64_t others = state_.workers[worker].held - 1;
  return alone + alone * (engine_.count(Setting::slow_down_percent) * others) / 100;
}

/// One task per call, the first in the queue (S 1.5). After a successful pull the worker asks again at once.
void Workers::pull(WorkerIndex worker, RecordId why) {
  const WorkerState& state = state_.workers[worker];
  const TaskIndex task = world_.catalog().first_ready(worker);
  std::uint32_t slot = 0;
  while (run(worker, slot).phase != RunState::Phase::empty) ++slot;
  const RecordId pulled = engine_.emit(RecordKind::task_pulled, task_id(task), why, worker, slot);
  const TaskState& taken = state_.tasks[task];
  Duration length = package_length(worker, taken);
  if (state.disk_full) {
    engine_.emit(RecordKind::package_cannot_start, task_id(task), pulled, slot_number(worker, slot));
    length = engine_.length(Setting::disk_full_failure);
  }
  engine_.arm(Event::package_end, worker, slot, engine_.now() + length, pulled);
  const Duration first = engine_.length(Setting::first_task_heartbeat);
  engine_.start_rhythm(Event::task_beat, worker, slot, engine_.now() + first - state.task_heartbeat,
                       state.task_heartbeat);
  // If the worker pulled back its own swept task, an older run of it here can renew again.
  for (std::uint32_t other = 0; other < plan_.slots_per_worker; ++other) engine_.heed(Event::task_beat, worker, other);
  if (outruns_lease(worker)) world_.masters().heed_sweep(engine_.now());
  if (looks_at_calls(worker)) heed_calls(worker);  // its heartbeats may meet others
  count_in(worker);
  if (state.held < state.max_tasks && world_.catalog().first_ready(worker) != none) {
    const Duration call = engine_.draw(plan_.sampler(Timing::request), worker_id(worker), "pull", state.pulls);
    engine_.arm(Event::pull_again, worker, 0, engine_.now() + call, pulled);
  }
}

void Workers::pull_again(WorkerIndex worker, RecordId why) {
  const RecordId matters = poll_matters(worker);
  if (matters != 0 && !wants_to_call(worker)) {
    note_call(worker, "pull", state_.workers[worker].pulls, why);
    if (counts(worker) && world_.catalog().first_ready(worker) != none) pull(worker, std::max(matters, why));
  }
  if (engine_.length(Setting::task_poll) == Duration::zero()) offer_its_sets(worker);
}

// ------------------------------------------------------------------------------------------------ packages

void Workers::package_over(WorkerIndex worker, std::uint32_t slot, RecordId why) {
  if (!machine_acts(worker)) return;  // it stands still, and goes on with its machine
  const TaskIndex task = run(worker, slot).task;
  engine_.emit(RecordKind::package_ended, task_id(task), why, slot_number(worker, slot), !run(worker, slot).doomed);
  const RecordId ended = state_.records;
  if (!messages_arrive(worker)) {
    engine_.emit(RecordKind::messages_kept, task_id(task), ended, slot_number(worker, slot));
  }
  if (reaches_catalog(worker)) {
    note_call(worker, "report", std::uint64_t{task} << 8 | slot, ended);
    report(worker, slot, ended);
  } else {
    engine_.heed(Event::task_beat, worker, slot);
  }
}

/// Workers write messages straight to SSISDB, past the master (S 1.1).
bool Workers::messages_arrive(WorkerIndex worker) const {
  if (!world_.sql().takes_messages()) return false;
  const HostIndex here = plan_.workers[worker].host, there = state_.instance.node;
  return world_.network().reach(here, there) && !port_is_blocked(there, Port::sql_server, state_);
}

/// The worker's final word on a task.
void Workers::report(WorkerIndex worker, std::uint32_t slot, RecordId why) {
  const RunState& state = run(worker, slot);
  const TaskIndex task = state.task;
  const model::TaskRow& row = state_.tasks[task].row;
  const TaskStatus status = state.succeeded                 ? TaskStatus::succeeded
                            : state.killed && row.cancelled ? TaskStatus::cancelled
                                                            : TaskStatus::failed;
  const auto result = model::report(row, catalog_id(worker, plan_), standing(worker), status, Duration{},
                                    engine_.now().time_since_epoch());
  engine_.stop_rhythm(Event::task_beat, worker, slot);
  RecordId said = 0;
  if (result.error != model::CatalogError::none) {
    said = engine_.emit(RecordKind::report_refused, task_id(task), why, slot_number(worker, slot),
                        static_cast<std::int64_t>(result.error));
  } else {
    said = engine_.emit(RecordKind::task_reported, task_id(task), why, slot_number(worker, slot),
                        static_cast<std::int64_t>(status));
    if (row.status == TaskStatus::ready) work_ready(plan_.batches[state_.tasks[task].batch].workers);
    world_.masters().heed_cleanup();
  }
  count_in(worker);
  if (looks_at_calls(worker)) heed_calls(worker);  // its slot is free: it polls again
  if (world_.catalog().first_ready(worker) == none) return;
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
  const bool accepted = counts(worker) && owns(worker, state_.tasks[state.task].row);
  return reaches_catalog(worker) && (accepted || !state.renewal_refused);
}

/// The answer to its next heartbeat says "cancelled" (S 1.5).
bool Workers::is_told_to_stop(WorkerIndex worker, std::uint32_t slot) const {
  const RunState& state = run(worker, slot);
  const model::TaskRow& row = state_.tasks[state.task].row;
  return state.phase == RunState::Phase::running && row.cancelled && counts(worker) && owns(worker, row);
}

void Workers::executions_stopped() {
  for (WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) {
    for (std::uint32_t slot = 0; slot < plan_.slots_per_worker; ++slot) {
      if (run(worker, slot).phase != RunState::Phase::empty && is_told_to_stop(worker, slot)) {
        engine_.heed(Event::task_beat, worker, slot);
      }
    }
  }
}

RecordId Workers::task_beat_matters(WorkerIndex worker, std::uint32_t slot) const {
  const RunState& state = run(worker, slot);
  if (state.phase == RunState::Phase::empty || !acts(worker)) return 0;
  if (wants_to_call(worker)) return std::max<RecordId>(state_.workers[worker].changed_by, 1);
  if (reaches_catalog(worker) && state.phase == RunState::Phase::finished) return state.changed_by;
  if (looks_at_calls(worker)) return state_.workers[worker].changed_by;
  if (is_told_to_stop(worker, slot)) return state_.tasks[state.task].changed_by;
  if (!state.lease_frozen || state.phase != RunState::Phase::running) return 0;
  if (may_renew(worker, slot)) return state_.workers[worker].changed_by;
  if (engine_.now() < kill_time(worker, slot)) return 0;
  return reaches_catalog(worker) || error_answers(worker) ? state.changed_by : 0;
}

void Workers::task_beat(WorkerIndex worker, std::uint32_t slot, RecordId why) {
  if (wants_to_call(worker)) return call(worker, why);
  note_beat(Event::task_beat, worker, slot, why);
  const RunState& state = run(worker, slot);
  if (state.phase == RunState::Phase::finished) {
    if (reaches_catalog(worker)) report(worker, slot, why);
    return;
  }
  if (is_told_to_stop(worker, slot)) return kill(worker, slot, KillReason::cancelled, why);
  if (!state.lease_frozen) return;
  if (may_renew(worker, slot)) {
    // A late heartbeat renews as long as the sweep has not taken the task (S 1.5).
    const auto result = model::report(state_.tasks[state.task].row, catalog_id(worker, plan_), standing(worker),
                                      TaskStatus::running, Duration{}, engine_.now().time_since_epoch());
    if (result.error == model::CatalogError::none) {
      engine_.emit(RecordKind::lease_renewed, task_id(state.task), why, slot_number(worker, slot));
      return;
    }
    engine_.emit(RecordKind::renewal_refused, task_id(state.task), why, slot_number(worker, slot),
                 static_cast<std::int64_t>(result.error));
  }
  // HeartbeatErrorTollerance since the last good heartbeat, and an error answer: the package is terminated (S 1.2).
  const bool tolerated = engine_.now() < kill_time(worker, slot);
  if (!tolerated && (reaches_catalog(worker) || error_answers(worker))) {
    kill(worker, slot, KillReason::tolerance_exceeded, why);
  }
}

void Workers::kill(WorkerIndex worker, std::uint32_t slot, KillReason reason, RecordId why) {
  engine_.disarm(Event::package_end, worker, slot);
  const RecordId killed = engine_.emit(RecordKind::package_killed, task_id(run(worker, slot).task), why,
                                       slot_number(worker, slot), static_cast<std::int64_t>(reason));
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
