// What records do to the replicas of an availability group.
#include "sim/world/apply.hpp"

namespace rehearse::world {
namespace {

using model::ReplicaRole;

void become_primary(State& state, HostIndex node, Time now, RecordId id) {
  AvailabilityState& group = state.availability;
  group.suspended = group.forced == node ? ~bit(node) : group.suspended & ~bit(node);
  group.forced = none;
  group.primary = node;
  group.synchronized = bit(node);
  group.commits_wait = false;
  for (HostIndex other = 0; other < state.replicas.size(); ++other) {
    ReplicaState& replica = state.replicas[other];
    replica.session = false;
    if (other == node)
      replica.behind_since = core::never;
    else if (replica.behind_since == core::never)
      replica.behind_since = now;
  }
  InstanceState& instance = state.instance;
  // Every replica is an instance of its own, with its own copy of SSISDB.
  if (instance.node != node) {
    instance.suspect = instance.authentication_off = instance.log_login_orphaned = false;
  }
  instance.node = node;
  instance.sql = Process::running;
  instance.errors = 0;  // they were the former primary's (assumed)
  instance.last_result = core::never;
  instance.changed_by = id;
}

/// The replica is the primary no longer, as far as it knows itself.
void leave_primary(State& state, HostIndex node) {
  state.replicas[node].lease_renewed = core::never;
  if (state.availability.primary != node) return;
  state.availability.commits_wait = false;
  for (ReplicaState& replica : state.replicas) replica.session = false;
}

void set_role(State& state, HostIndex node, ReplicaRole role, Time now, RecordId id) {
  ReplicaState& replica = state.replicas[node];
  const bool was_primary = replica.role == ReplicaRole::primary;
  replica.role = role;
  replica.changed_by = id;
  if (role == ReplicaRole::primary) return become_primary(state, node, now, id);
  if (!was_primary) return;
  leave_primary(state, node);
  if (state.instance.node != node) return;
  state.instance.sql = Process::stopped;
  state.instance.changed_by = id;
}

/// The process behind the replica is gone. What that means to the instance is told by sql_crashed.
void end_process(State& state, HostIndex node, RecordId id) {
  ReplicaState& replica = state.replicas[node];
  if (replica.sql == Process::absent) return;
  if (replica.role == ReplicaRole::primary) leave_primary(state, node);
  replica.role = ReplicaRole::resolving;
  replica.sql = Process::stopped;
  replica.starting = false;
  replica.changed_by = id;
}

void apply_to_primary(State& state, const Record& record, RecordId id) {
  switch (record.kind) {
    case RecordKind::sql_crashed: end_process(state, record.object, id); break;
    case RecordKind::sql_hung: state.replicas[record.object].sql = Process::hung; break;
    case RecordKind::sql_recovered_from_hang: state.replicas[record.object].sql = Process::running; break;
    case RecordKind::commits_wait: state.availability.commits_wait = record.value != 0; break;
    case RecordKind::scale_out_enabled:
      // The login is dropped and made anew: it is another one than the copies on the other replicas (S 4.3).
      for (HostIndex node = 0; node < state.replicas.size(); ++node) {
        state.replicas[node].log_login = node == state.instance.node;
      }
      break;
    default: break;
  }
}

}  // namespace

void apply_to_replica(State& state, const Record& record, RecordId id) {
  if (state.replicas.empty()) return;
  if (record.subject.part() == Part::instance) return apply_to_primary(state, record, id);
  const HostIndex node = record.subject.index();
  if (node >= state.replicas.size()) return;
  ReplicaState& replica = state.replicas[node];
  AvailabilityState& group = state.availability;
  switch (record.kind) {
    case RecordKind::sql_installed: replica.sql = Process::stopped; break;
    case RecordKind::host_power_lost:
    case RecordKind::host_bugchecked:
    case RecordKind::host_shut_down: end_process(state, node, id); break;
    case RecordKind::replica_starting: replica.starting = true; break;
    case RecordKind::replica_started:
      replica.sql = Process::running;
      replica.starting = false;
      ++replica.starts;
      replica.changed_by = id;
      break;
    case RecordKind::sql_recovered_from_hang: replica.sql = Process::running; break;
    case RecordKind::replica_role_changed:
      set_role(state, node, static_cast<ReplicaRole>(record.value), record.at, id);
      break;
    case RecordKind::replica_session:
      replica.session = static_cast<SessionChange>(record.value) == SessionChange::begun;
      if (replica.session) ++replica.sessions;
      replica.changed_by = id;
      break;
    case RecordKind::replica_synchronized:
      group.synchronized = record.value != 0 ? group.synchronized | bit(node) : group.synchronized & ~bit(node);
      replica.behind_since = record.value != 0 ? core::never : record.at;
      replica.changed_by = id;
      break;
    case RecordKind::data_movement_resumed: group.suspended &= ~bit(node); break;
    case RecordKind::primary_lease_unrenewed: replica.lease_renewed = Time(Duration(record.value)); break;
    case RecordKind::primary_lease_renewed:
    case RecordKind::primary_lease_expired: replica.lease_renewed = core::never; break;
    case RecordKind::failover_forced: group.forced = node; break;
    case RecordKind::failover_monitor_ran: group.startup_on = node; break;
    case RecordKind::log_login_set: replica.log_login = record.value != 0; break;
    case RecordKind::master_key_set: replica.master_key = record.value != 0; break;
    default: break;
  }
}

}  // namespace rehearse::world
