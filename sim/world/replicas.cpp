#include "sim/world/replicas.hpp"

#include <algorithm>

#include "sim/world/catalog.hpp"
#include "sim/world/decisions.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/network.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"
#include "sim/world/workload.hpp"

namespace rehearse::world {

using model::ReplicaEvent;
using model::ReplicaRole;
using model::Setting;
using model::Timing;

// ------------------------------------------------------------------------------------------------ operations

bool Replicas::force_failover(HostIndex node, RecordId why) {
  if ((plan_.replicas & bit(node)) == 0 || !is_active_member(node, state_)) return false;
  const ReplicaState& replica = state_.replicas[node];
  if (replica.sql != Process::running || replica.role == ReplicaRole::primary) return false;
  if ((state_.cluster.paused & bit(node)) != 0) return false;
  const bool lacks_nothing = replica.behind_since == core::never;
  const Time since = lacks_nothing ? engine_.now() : replica.behind_since;
  const RecordId forced = engine_.emit(RecordKind::failover_forced, host_id(node), why, lacks_nothing ? 1 : 0,
                                       since.time_since_epoch().count());
  world_.roles().force(plan_.sql_group, node, forced);
  return true;
}

bool Replicas::resume_data_movement(HostIndex node, RecordId why) {
  if ((plan_.replicas & bit(node)) == 0 || (state_.availability.suspended & bit(node)) == 0) return false;
  if (state_.replicas[node].sql != Process::running) return false;
  review(engine_.emit(RecordKind::data_movement_resumed, host_id(node), why));
  return true;
}

void Replicas::set_log_login(HostIndex node, bool right, RecordId why) {
  world_.workers().review(engine_.emit(RecordKind::log_login_set, host_id(node), why, none, right));
}

void Replicas::set_master_key(HostIndex node, bool opens, RecordId why) {
  world_.masters().review(engine_.emit(RecordKind::master_key_set, host_id(node), why, none, opens));
}

// ------------------------------------------------------------------------------------------------ instances

void Replicas::started(HostIndex node, RecordId why) {
  const RecordId up = engine_.emit(RecordKind::replica_started, host_id(node), why);
  if (plan_.design().fci.availability_group->failover_monitor_job) {
    const Duration period = engine_.length(Setting::failover_monitor_interval);
    const double phase = engine_.unit(host_id(node), "failover monitor", state_.replicas[node].starts);
    const Duration before(static_cast<std::int64_t>(phase * static_cast<double>(period.count())));
    engine_.start_rhythm(Event::failover_monitor, node, 0, engine_.now() - before, period);
  }
  world_.roles().instance_answers(node, up);
  review(up);
}

void Replicas::start_due(HostIndex node, RecordId why) {
  const ReplicaState& replica = state_.replicas[node];
  const HostState& host = state_.hosts[node];
  if (replica.sql != Process::stopped || !host.powered || host.frozen || host.tempdb_missing) return;
  if (replica.starting) return started(node, why);
  const RecordId starting = engine_.emit(RecordKind::replica_starting, host_id(node), why);
  engine_.arm(Event::replica_start, node, 0,
              engine_.now() + engine_.take(Timing::sql_start_after_crash, host_id(node), replica.starts), starting);
}

void Replicas::process_ended(HostIndex node, RecordId why) {
  engine_.stop_rhythm(Event::failover_monitor, node);
  if (state_.availability.primary == node) primary_lost(why);
  if (!state_.hosts[node].powered) return;
  engine_.arm(Event::replica_start, node, 0,
              engine_.now() + engine_.take(Timing::instance_restart, host_id(node), state_.replicas[node].starts), why);
}

void Replicas::host_gone(HostIndex node, RecordId) {
  if ((plan_.replicas & bit(node)) == 0) return;
  engine_.disarm(Event::replica_start, node);
  engine_.stop_rhythm(Event::failover_monitor, node);
}

/// Its SQL Server has start type Automatic, as a stand-alone instance has: the cluster does not start it.
void Replicas::host_booted(HostIndex node, RecordId why) {
  if ((plan_.replicas & bit(node)) != 0 && !engine_.armed(Event::replica_start, node)) start_due(node, why);
}

void Replicas::machine_stands_still(HostIndex node, RecordId why) {
  if ((plan_.replicas & bit(node)) == 0) return;
  engine_.disarm(Event::replica_start, node);
  if (state_.replicas[node].role == ReplicaRole::primary) stop_lease(node, why);
}

void Replicas::machine_goes_on(HostIndex node, RecordId why) {
  if ((plan_.replicas & bit(node)) == 0 || state_.hosts[node].frozen || state_.hosts[node].hung) return;
  const ReplicaState& replica = state_.replicas[node];
  if (replica.sql == Process::stopped && !engine_.armed(Event::replica_start, node)) {
    // What was under way takes its time once more (assumed).
    engine_.arm(Event::replica_start, node, 0,
                engine_.now() + engine_.take(Timing::sql_start_after_crash, host_id(node), replica.starts), why);
  }
  engine_.heed(Event::failover_monitor, node);
  if (replica.lease_renewed == core::never) return;
  const Time end = replica.lease_renewed + engine_.length(Setting::lease_timeout);
  if (engine_.now() >= end) return expire_lease(node, why);
  if (replica.sql == Process::running) process_answers(node, why);
}

void Replicas::cluster_service_ended(HostIndex node, RecordId why) {
  if ((plan_.replicas & bit(node)) == 0) return;
  const ReplicaState& replica = state_.replicas[node];
  if (replica.role != ReplicaRole::secondary || replica.sql != Process::running) return;
  set_role(node, ReplicaEvent::ends, why);
}

// ------------------------------------------------------------------------------------------------ the primary

void Replicas::set_role(HostIndex node, ReplicaEvent event, RecordId why) {
  const auto role = model::after(state_.replicas[node].role, event);
  if (!role) return;
  engine_.emit(RecordKind::replica_role_changed, host_id(node), why, none, static_cast<std::int64_t>(*role));
}

void Replicas::going_online(HostIndex node, RecordId why) {
  if (state_.replicas[node].sql != Process::running) return;
  if (state_.replicas[node].role == ReplicaRole::secondary) set_role(node, ReplicaEvent::ends, why);
  set_role(node, ReplicaEvent::goes_online, why);
}

void Replicas::came_online(HostIndex node, RecordId why) {
  going_online(node, why);  // where its instance has come up only now
  for_each_bit(plan_.replicas, [&](HostIndex other) {
    engine_.disarm(Event::session, other);
    engine_.disarm(Event::replica_sync, other);
  });
  set_role(node, ReplicaEvent::online, why);
  engine_.disarm(Event::lease, 0);
  const Duration renewal = model::lease_renewal(engine_.length(Setting::lease_timeout));
  engine_.start_rhythm(Event::lease_renewal, 0, 0, engine_.now(), renewal);
  review(why);
}

void Replicas::ended(HostIndex node, RecordId why) {
  const ReplicaRole role = state_.replicas[node].role;
  if (role != ReplicaRole::primary && role != ReplicaRole::primary_pending) return;
  set_role(node, ReplicaEvent::ends, why);
  if (role == ReplicaRole::primary && state_.availability.primary == node) primary_lost(why);
}

/// The secondaries resolve, and their sessions are over; what the cluster database says of them stays.
void Replicas::primary_lost(RecordId why) {
  engine_.disarm(Event::lease, 0);
  engine_.stop_rhythm(Event::lease_renewal, 0);
  for_each_bit(plan_.replicas, [&](HostIndex node) {
    engine_.disarm(Event::session, node);
    engine_.disarm(Event::replica_sync, node);
    const HostState& host = state_.hosts[node];
    const bool hears = state_.replicas[node].sql == Process::running && host.powered && !host.frozen && !host.hung;
    if (hears && state_.replicas[node].role == ReplicaRole::secondary) set_role(node, ReplicaEvent::ends, why);
  });
}

// ------------------------------------------------------------------------------------------------ the lease

void Replicas::stop_lease(HostIndex node, RecordId why) {
  if (state_.availability.primary != node) return;
  if (state_.replicas[node].lease_renewed != core::never || !engine_.rhythm(Event::lease_renewal, 0).beats()) return;
  Time renewed = engine_.last_beat(Event::lease_renewal, 0);
  if (renewed == core::never) renewed = engine_.rhythm(Event::lease_renewal, 0).anchor;
  const RecordId stopped =
      engine_.emit(RecordKind::primary_lease_unrenewed, host_id(node), why, none, renewed.time_since_epoch().count());
  engine_.arm(Event::lease, 0, 0, renewed + engine_.length(Setting::lease_timeout), stopped);
}

void Replicas::process_hangs(HostIndex node, RecordId why) {
  stop_lease(node, why);
  review(why);
}

void Replicas::process_answers(HostIndex node, RecordId why) {
  const ReplicaState& replica = state_.replicas[node];
  if (replica.lease_renewed != core::never && replica.role == ReplicaRole::primary) {
    engine_.disarm(Event::lease, 0);
    const RecordId renewed = engine_.emit(RecordKind::primary_lease_renewed, host_id(node), why);
    const Duration renewal = model::lease_renewal(engine_.length(Setting::lease_timeout));
    engine_.start_rhythm(Event::lease_renewal, 0, 0, engine_.now(), renewal);
    return review(renewed);
  }
  world_.roles().instance_answers(node, why);
  review(why);
}

void Replicas::lease_over(RecordId why) {
  const HostIndex primary = state_.availability.primary;
  const HostState& host = state_.hosts[primary];
  if (host.frozen || host.hung) return;  // both ends of the lease find out when they go on
  expire_lease(primary, why);
}

/// The primary takes no more writes from this instant, and the group's DLL fails the resource at once (W 10).
void Replicas::expire_lease(HostIndex node, RecordId why) {
  const RecordId expired = engine_.emit(RecordKind::primary_lease_expired, host_id(node), why);
  world_.sql().stops_being_primary(node, expired);
  if (state_.groups[plan_.sql_group].owner != node) return;
  world_.roles().report_failure(plan_.sql_resource, FailureReason::lease_expired, expired);
}

// ------------------------------------------------------------------------------------------------ sessions

/// A primary that takes writes and sends them on.
bool Replicas::serves(HostIndex primary) const {
  if (primary == none) return false;
  const ReplicaState& replica = state_.replicas[primary];
  const HostState& host = state_.hosts[primary];
  return replica.role == ReplicaRole::primary && replica.sql == Process::running && !host.frozen && !host.hung;
}

bool Replicas::in_contact(HostIndex primary, HostIndex node) const {
  const bool runs = state_.replicas[node].sql == Process::running && !state_.hosts[node].hung &&
                    state_.hosts[node].service == ClusterService::up;
  return runs && machines_meet(primary, node, state_, plan_);
}

bool Replicas::database_takes_updates(HostIndex primary) const {
  if (!is_active_member(primary, state_)) return false;
  const Network network = world_.network();
  bool all = true;
  for_each_bit(state_.cluster.members & ~bit(primary), [&](HostIndex member) {
    all = all && state_.hosts[member].service == ClusterService::up && network.hears(primary, member);
  });
  return all;
}

void Replicas::review(RecordId why) {
  if (plan_.replicas == 0) return;
  const HostIndex primary = state_.availability.primary;
  if (!serves(primary)) return;
  for_each_bit(plan_.replicas & ~bit(primary), [&](HostIndex node) {
    if (in_contact(primary, node))
      meet(primary, node, why);
    else
      miss(primary, node, why);
  });
  strike_out(primary, why);
  weigh_commits(primary, why);
}

RecordId Replicas::tell_session(HostIndex node, SessionChange change, RecordId why) {
  return engine_.emit(RecordKind::replica_session, host_id(node), why, none, static_cast<std::int64_t>(change));
}

void Replicas::meet(HostIndex primary, HostIndex node, RecordId why) {
  engine_.disarm(Event::session, node);
  const ReplicaState& replica = state_.replicas[node];
  // A former primary that has not learnt of its end yet does not listen.
  if (replica.role == ReplicaRole::primary || replica.role == ReplicaRole::primary_pending) return;
  RecordId begun = why;
  if (!replica.session) begun = tell_session(node, SessionChange::begun, why);
  set_role(node, ReplicaEvent::meets_primary, begun);
  const std::uint64_t both = bit(primary) | bit(node);
  const bool behind = (state_.availability.synchronized & bit(node)) == 0;
  const bool follows = (plan_.synchronous & both) == both && (state_.availability.suspended & bit(node)) == 0;
  if (!behind || !follows || engine_.armed(Event::replica_sync, node)) return;
  // It catches up in no more time than it was away (assumed).
  const Duration away = engine_.now() - replica.behind_since;
  const Duration length = engine_.take(Timing::replica_connecting, host_id(node), replica.sessions) +
                          std::min(away, engine_.take(Timing::replica_synchronizing, host_id(node), replica.sessions));
  engine_.arm(Event::replica_sync, node, 0, engine_.now() + length, begun);
}

/// A machine that is there closes its connections when the process behind them ends; one that is silent is waited for
/// SESSION_TIMEOUT long.
void Replicas::miss(HostIndex primary, HostIndex node, RecordId why) {
  engine_.disarm(Event::replica_sync, node);
  const ReplicaState& replica = state_.replicas[node];
  if (!replica.session) return;
  const bool stands_still = replica.sql == Process::hung || state_.hosts[node].hung;
  if (!stands_still && machines_meet(primary, node, state_, plan_)) {
    engine_.disarm(Event::session, node);
    tell_session(node, SessionChange::closed, why);
  } else if (!engine_.armed(Event::session, node)) {
    engine_.arm(Event::session, node, 0, engine_.now() + engine_.length(Setting::session_timeout), why);
  }
}

void Replicas::session_over(HostIndex node, RecordId why) {
  const HostIndex primary = state_.availability.primary;
  if (!serves(primary) || in_contact(primary, node) || !state_.replicas[node].session) return;
  const RecordId over = tell_session(node, SessionChange::timed_out, why);
  strike_out(primary, over);
  weigh_commits(primary, over);
}

/// Replicas without a session are no longer failover ready, as soon as the cluster database can take that.
void Replicas::strike_out(HostIndex primary, RecordId why) {
  for_each_bit(state_.availability.synchronized & ~bit(primary), [&](HostIndex node) {
    if (state_.replicas[node].session || !database_takes_updates(primary)) return;
    engine_.emit(RecordKind::replica_synchronized, host_id(node), why, none, 0);
  });
}

void Replicas::weigh_commits(HostIndex primary, RecordId why) {
  bool waits = false;
  for_each_bit(state_.availability.synchronized & ~bit(primary),
               [&](HostIndex node) { waits = waits || !in_contact(primary, node); });
  if (waits == state_.availability.commits_wait) return;
  const RecordId changed = engine_.emit(RecordKind::commits_wait, instance_id, why, none, waits);
  if (!waits) world_.workload().commits_go_on(changed);
}

void Replicas::caught_up(HostIndex node, RecordId why) {
  const HostIndex primary = state_.availability.primary;
  if (!serves(primary) || !in_contact(primary, node)) return;
  engine_.emit(RecordKind::replica_synchronized, host_id(node), why, none, 1);
}

// ------------------------------------------------------------------------------------------------ after a failover

RecordId Replicas::monitor_matters(HostIndex node) const {
  const bool fresh = state_.availability.primary == node && state_.availability.startup_on != node;
  return fresh && serves(node) && state_.instance.ssisdb_open ? state_.instance.changed_by : 0;
}

void Replicas::monitor(HostIndex node, RecordId why) {
  const RecordId ran = engine_.emit(RecordKind::failover_monitor_ran, host_id(node), why);
  if (world_.catalog().has_unfinished() && engine_.ask(model::Switch::startup_stamping, ran)) {
    world_.catalog().stamp_unfinished(ran);
  }
}

// ------------------------------------------------------------------------------------------------ questions

bool Replicas::connecting(HostIndex node) const {
  const ReplicaState& replica = state_.replicas[node];
  return replica.sql == Process::hung || (replica.sql == Process::stopped && replica.starting);
}

model::FailoverObstacle Replicas::obstacle(HostIndex node, MoveCause cause) const {
  if (state_.replicas[node].sql != Process::running) return model::FailoverObstacle::instance_down;
  return failover_obstacle(node, failover_kind(cause), state_, plan_);
}

}  // namespace rehearse::world
