// What the time until a record was spent on.
#include <stdexcept>

#include "sim/scenario/outage_phases.hpp"

namespace rehearse::sim {
namespace {

using world::Blueprint;
using world::FailureReason;
using world::Record;
using world::RecordKind;
using world::ResourceKind;

Phase phase_of_failure(const Record& record) {
  switch (static_cast<FailureReason>(record.value)) {
    case FailureReason::pending_timeout: return Phase::pending_timeout;
    case FailureReason::start_failed:
    case FailureReason::logon_refused:
    case FailureReason::replica_not_ready: return Phase::restart_attempts;
    case FailureReason::address_in_use:
    case FailureReason::directory_refused: return Phase::address_and_name;
    case FailureReason::tested: return Phase::operator_;
    case FailureReason::looks_alive:
    case FailureReason::is_alive:
    case FailureReason::no_path:
    case FailureReason::process_gone:
    case FailureReason::lease_expired:
    case FailureReason::resource_host_died: break;
  }
  return Phase::detect;
}

/// A replica that is no longer the primary has lost it; one that is to be takes over.
Phase phase_of_role(const Record& record) {
  const auto role = static_cast<model::ReplicaRole>(record.value);
  const bool takes_over = role == model::ReplicaRole::primary || role == model::ReplicaRole::primary_pending;
  return takes_over ? Phase::sql_start : Phase::detect;
}

Phase phase_of_online_pending(const Record& record, const Record* cause, const Blueprint& plan) {
  if (cause != nullptr && cause->kind == RecordKind::restart_scheduled) return Phase::restart_attempts;
  if (cause != nullptr && cause->kind == RecordKind::resource_retried) return Phase::wait_retry;
  return start_of(record.subject.index(), plan);
}

}  // namespace

Phase start_of(world::ResourceIndex resource, const Blueprint& plan) {
  if (resource >= plan.resources.size()) return Phase::restart_attempts;
  switch (plan.resources[resource].kind) {
    case ResourceKind::disk: return Phase::storage;
    case ResourceKind::address:
    case ResourceKind::name: return Phase::address_and_name;
    case ResourceKind::sql_server:
    case ResourceKind::availability_group:
    case ResourceKind::sql_agent: return Phase::sql_start;
    case ResourceKind::generic_service: return Phase::master_start;
  }
  return Phase::restart_attempts;
}

std::string_view to_text(Phase phase) {
  switch (phase) {
    case Phase::detect: return "detect";
    case Phase::regroup: return "regroup";
    case Phase::arbitrate: return "arbitrate";
    case Phase::no_quorum: return "no_quorum";
    case Phase::restart_attempts: return "restart_attempts";
    case Phase::wait_retry: return "wait_retry";
    case Phase::pending_timeout: return "pending_timeout";
    case Phase::stop: return "stop";
    case Phase::storage: return "storage";
    case Phase::address_and_name: return "address_and_name";
    case Phase::sql_start: return "sql_start";
    case Phase::recovery: return "recovery";
    case Phase::master_start: return "master_start";
    case Phase::name_resolution: return "name_resolution";
    case Phase::reconnect: return "reconnect";
    case Phase::handshake_refused: return "handshake_refused";
    case Phase::lease_and_sweep: return "lease_and_sweep";
    case Phase::boot_and_join: return "boot_and_join";
    case Phase::operator_: return "operator";
    case Phase::count_: break;
  }
  throw std::logic_error("no such phase");
}

Phase phase_of(const Record& record, const Record* cause, const Blueprint& plan) {
  // Until the machinery takes over, the time is the operator's.
  if (cause != nullptr && cause->kind == RecordKind::operator_acts) return Phase::operator_;
  // And as long as every new connection is refused, the refusal is what keeps a worker away, not its next try.
  if (cause != nullptr && cause->kind == RecordKind::handshake_refused) return Phase::handshake_refused;
  switch (record.kind) {
    case RecordKind::peer_silent:
    case RecordKind::peer_heard:
    case RecordKind::worker_cut_off:
    case RecordKind::worker_silent:
    case RecordKind::sql_crashed:
    case RecordKind::sql_hung:
    case RecordKind::primary_lease_unrenewed:
    case RecordKind::primary_lease_renewed:
    case RecordKind::primary_lease_expired:
    case RecordKind::replica_session:
    case RecordKind::replica_synchronized:
    case RecordKind::commits_wait:
    case RecordKind::ssisdb_closed:
    case RecordKind::master_hung:
    case RecordKind::master_ended:
    case RecordKind::master_disconnected:
    case RecordKind::master_last_online:
    case RecordKind::host_power_lost:
    case RecordKind::host_bugchecked:
    case RecordKind::host_frozen:
    case RecordKind::host_hung:
    case RecordKind::hang_found:
    case RecordKind::link_down:
    case RecordKind::site_link_down:
    case RecordKind::loss_set:
    case RecordKind::latency_set:
    case RecordKind::port_blocked:
    case RecordKind::directory_refuses:
    case RecordKind::dns_stopped:
    case RecordKind::partition_changed:
    case RecordKind::witness_down:
    case RecordKind::witness_path_cut:
    case RecordKind::witness_failed:
    case RecordKind::path_cut:
    case RecordKind::disk_slowed:
    case RecordKind::address_taken:
    case RecordKind::component_error:
    case RecordKind::recovery_slowed:
    case RecordKind::ssisdb_suspect:
    case RecordKind::authentication_off:
    case RecordKind::log_login_orphaned:
    case RecordKind::worker_hung:
    case RecordKind::tempdb_missing:
    case RecordKind::resource_stuck:
    case RecordKind::resource_host_ended:
    case RecordKind::resource_lost:
    case RecordKind::switch_consulted: return Phase::detect;
    case RecordKind::resource_failed: return phase_of_failure(record);

    case RecordKind::regroup_done:
    case RecordKind::node_removed:
    case RecordKind::node_quarantined:
    case RecordKind::votes_changed:
    case RecordKind::core_group_moved: return Phase::regroup;
    case RecordKind::arbitration_won:
    case RecordKind::arbitration_lost:
    case RecordKind::witness_taken:
    case RecordKind::witness_released:
    case RecordKind::witness_back: return Phase::arbitrate;
    case RecordKind::quorum_lost:
    case RecordKind::form_refused:
    case RecordKind::second_partition:
    case RecordKind::forced_quorum_ended:
    case RecordKind::cluster_formed: return Phase::no_quorum;
    case RecordKind::replica_starting:
    case RecordKind::replica_started: return Phase::sql_start;
    case RecordKind::replica_role_changed: return phase_of_role(record);
    case RecordKind::host_booting:
    case RecordKind::host_booted:
    case RecordKind::node_starting:
    case RecordKind::node_joined:
    case RecordKind::quarantine_ended:
    case RecordKind::role_waits:
    case RecordKind::node_service_ended:
    case RecordKind::worker_service_started: return Phase::boot_and_join;

    case RecordKind::restart_scheduled:
    case RecordKind::stays_failed:
    case RecordKind::owner_changed:
    case RecordKind::move_started:
    case RecordKind::move_refused: return Phase::restart_attempts;
    case RecordKind::resource_retried: return Phase::wait_retry;
    case RecordKind::resource_online_pending: return phase_of_online_pending(record, cause, plan);
    case RecordKind::resource_online: return start_of(record.subject.index(), plan);
    case RecordKind::resource_offline_pending:
    case RecordKind::resource_offline:
    case RecordKind::resource_terminated:
    case RecordKind::host_shutting_down:
    case RecordKind::host_shut_down:
    case RecordKind::node_stopping:
    case RecordKind::node_left:
    case RecordKind::drain_changed:
    case RecordKind::worker_service_ended: return Phase::stop;
    case RecordKind::disk_reserved:
    case RecordKind::disk_defended: return Phase::storage;
    case RecordKind::name_registered: return Phase::address_and_name;
    case RecordKind::name_replicated:
    case RecordKind::registration_failed:
    case RecordKind::name_resolved: return Phase::name_resolution;
    case RecordKind::ssisdb_open: return Phase::recovery;
    case RecordKind::master_started:
    case RecordKind::master_connected:
    case RecordKind::master_cannot_connect: return Phase::master_start;

    case RecordKind::worker_call_failed:
      return static_cast<world::CallFailure>(record.value) == world::CallFailure::name_unknown ? Phase::name_resolution
                                                                                               : Phase::reconnect;
    case RecordKind::worker_connecting:
    case RecordKind::worker_connected:
    case RecordKind::worker_registered:
    case RecordKind::worker_learned_enabled:
    case RecordKind::worker_answers:
    case RecordKind::worker_call_hangs:
    case RecordKind::worker_reporting: return Phase::reconnect;
    case RecordKind::handshake_refused: return Phase::handshake_refused;

    case RecordKind::execution_created:
    case RecordKind::task_pulled:
    case RecordKind::lease_frozen:
    case RecordKind::lease_renewed:
    case RecordKind::task_swept:
    case RecordKind::execution_stopped:
    case RecordKind::package_cannot_start:
    case RecordKind::package_ended:
    case RecordKind::package_killed:
    case RecordKind::task_reported:
    case RecordKind::report_refused:
    case RecordKind::renewal_refused:
    case RecordKind::execution_stamped: return Phase::lease_and_sweep;
    default: return Phase::operator_;  // faults and repairs, set-up, batches: what people and calendars do
  }
}

}  // namespace rehearse::sim
