// Which records an account for people tells, and what it calls the rest.
#include "sim/report/describe.hpp"

namespace rehearse::sim {

using world::RecordKind;

std::string_view detail_of(RecordKind kind) {
  switch (kind) {
    case RecordKind::feature_installed:
    case RecordKind::sql_installed:
    case RecordKind::master_installed:
    case RecordKind::worker_installed:
    case RecordKind::certificate_placed:
    case RecordKind::certificate_removed:
    case RecordKind::key_access_granted:
    case RecordKind::master_setting:
    case RecordKind::worker_setting:
    case RecordKind::start_type_set:
    case RecordKind::admin_removed:
    case RecordKind::private_key_removed:
    case RecordKind::key_access_lost:
    case RecordKind::firewall_opened:
    case RecordKind::catalog_created:
    case RecordKind::scale_out_enabled:
    case RecordKind::log_login_enabled:
    case RecordKind::startup_procedure_set:
    case RecordKind::admin_added:
    case RecordKind::master_address_updated:
    case RecordKind::worker_enabled:
    case RecordKind::cluster_validated:
    case RecordKind::role_created:
    case RecordKind::resource_created:
    case RecordKind::dependencies_set:
    case RecordKind::choice_set:
    case RecordKind::log_login_set:
    case RecordKind::master_key_set:
    case RecordKind::restart_action_set: return "settings and certificates";
    case RecordKind::peer_heard:
    case RecordKind::votes_changed:
    case RecordKind::witness_taken:
    case RecordKind::witness_released:
    case RecordKind::disk_reserved:
    case RecordKind::role_wanted:
    case RecordKind::resource_wanted:
    case RecordKind::resource_online_pending:
    case RecordKind::resource_offline_pending:
    case RecordKind::replica_starting:
    case RecordKind::resource_lost: return "steps of roles and membership";
    case RecordKind::master_last_online:
    case RecordKind::worker_connecting:
    case RecordKind::name_resolved:
    case RecordKind::worker_call_failed:
    case RecordKind::worker_registered:
    case RecordKind::worker_learned_enabled:
    case RecordKind::worker_learned_disabled:
    case RecordKind::worker_call_hangs:
    case RecordKind::worker_reporting:
    case RecordKind::worker_silent: return "calls and heartbeats";
    case RecordKind::lease_frozen:
    case RecordKind::lease_renewed: return "leases";
    case RecordKind::submit_failed:
    case RecordKind::execution_stopped:
    case RecordKind::jobs_archived:
    case RecordKind::messages_kept:
    case RecordKind::messages_sent:
    case RecordKind::execution_created:
    case RecordKind::task_pulled:
    case RecordKind::package_ended:
    case RecordKind::task_reported: return "executions";
    case RecordKind::switch_consulted: return "switches";
    default: return {};
  }
}

bool is_story(RecordKind kind) {
  return detail_of(kind).empty();
}

bool is_told(const world::Record& record) {
  if (is_story(record.kind)) return true;
  if (record.kind != RecordKind::worker_call_failed) return false;
  // An address that does not answer is what every failover shows; the others are somebody's mistake, or look like one.
  const auto met = world::met_by(record);
  return met && *met != model::HandshakeOutcome::address_unreachable;
}

}  // namespace rehearse::sim
