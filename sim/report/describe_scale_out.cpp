// SQL Server and SSISDB, the Scale Out Master, workers, and what they work on.
#include <fmt/format.h>

#include "model/availability_group.hpp"
#include "model/handshake.hpp"
#include "model/task_lease.hpp"
#include "sim/report/reading.hpp"
#include "sim/report/reasons.hpp"

namespace rehearse::sim {
namespace {

using fmt::format;
using world::RecordKind;

std::string_view component_of(std::uint32_t component) {
  switch (static_cast<world::Component>(component)) {
    case world::Component::system: return "system";
    case world::Component::resource: return "resource";
    case world::Component::query_processing: return "query_processing";
  }
  return "a component";
}

std::string_view status_of(const Reading& r) {
  const bool known = r.record.value >= static_cast<std::int64_t>(model::TaskStatus::ready) &&
                     r.record.value <= static_cast<std::int64_t>(model::TaskStatus::cancelled);
  return known ? model::to_text(static_cast<model::TaskStatus>(r.record.value)) : "an end";
}

std::string_view outcome_of(const Reading& r) {
  const bool known = r.record.value >= 0 && r.record.value < static_cast<std::int64_t>(model::HandshakeOutcome::count_);
  return known ? model::to_text(static_cast<model::HandshakeOutcome>(r.record.value)) : "refused";
}

std::string lurking(const Reading& r) {
  if (r.record.value == static_cast<std::int64_t>(model::HandshakeOutcome::accepted)) {
    return format("connections to {} would open again", r.node());
  }
  return format("the connection to {} stands, but none opens any more: {}", r.node(), outcome_of(r));
}

std::string_view end_of_line(const Reading& r) {
  switch (static_cast<world::LineEnd>(r.record.value)) {
    case world::LineEnd::closed_by_peer: return "connection to the master closed by the peer";
    case world::LineEnd::peer_vanished: return "connection to the master broke: the peer vanished";
    case world::LineEnd::idle: return "connection to the master closed: it was idle";
  }
  return "connection to the master ended";
}

std::string_view role_of_replica(const Reading& r) {
  const bool known = r.record.value >= 0 && r.record.value <= static_cast<std::int64_t>(model::ReplicaRole::primary);
  return known ? model::to_text(static_cast<model::ReplicaRole>(r.record.value)) : "in another state";
}

std::string forced_failover(const Reading& r) {
  if (r.record.object == 1) return "its replica, SYNCHRONIZED, is forced to become the primary";
  const world::HostIndex node = r.record.subject.index();
  const bool follows_late = node < r.plan.node_count && (r.plan.synchronous & world::bit(node)) == 0;
  const std::string lack = follows_late ? "of asynchronous commit" : "behind the primary since " + r.when();
  return format("its replica, {}, is forced to become the primary: what it lacks is lost", lack);
}

std::string say_replica(const Reading& r) {
  switch (r.record.kind) {
    case RecordKind::replica_starting: return "its SQL Server is being started";
    case RecordKind::replica_started: return "its SQL Server runs";
    case RecordKind::replica_role_changed: return format("its replica is {}", role_of_replica(r));
    case RecordKind::replica_session:
      switch (static_cast<world::SessionChange>(r.record.value)) {
        case world::SessionChange::begun: return "its replica has a session with the primary";
        case world::SessionChange::closed: return "its replica has closed its session with the primary";
        case world::SessionChange::timed_out: break;
      }
      return "its replica has not answered the primary for SESSION_TIMEOUT (error 35206)";
    case RecordKind::replica_synchronized:
      return r.on() ? "its replica is SYNCHRONIZED" : "its replica is NOT SYNCHRONIZED";
    case RecordKind::data_movement_resumed: return "data movement of its replica resumed by an operator";
    case RecordKind::primary_lease_unrenewed: return format("lease no longer renewed, last at {}", r.when());
    case RecordKind::primary_lease_renewed: return "lease renewed again";
    case RecordKind::primary_lease_expired:
      return "lease expired: the primary takes no more writes (errors 19407 and 19419)";
    case RecordKind::failover_forced: return forced_failover(r);
    case RecordKind::failover_monitor_ran:
      return "SSIS Failover Monitor Job: this replica is the primary now, catalog.startup runs";
    case RecordKind::log_login_set:
      return r.on() ? "log login as SSISDB knows it" : "log login missing, or of another SID or password";
    case RecordKind::master_key_set:
      return r.on() ? "master key of SSISDB can be opened" : "master key of SSISDB cannot be opened (error 15581)";
    default: return {};
  }
}

}  // namespace

std::string say_instance(const Reading& r) {
  switch (r.record.kind) {
    case RecordKind::sql_crashed: return "SQL Server process ended on " + r.node();
    case RecordKind::sql_hung:
      return format("SQL Server hangs on {}, last sp_server_diagnostics result at {}", r.node(), r.when());
    case RecordKind::sql_recovered_from_hang: return "SQL Server answers again on " + r.node();
    case RecordKind::component_error:
      return r.on() ? format("sp_server_diagnostics reports an error of {}", component_of(r.record.object))
                    : format("sp_server_diagnostics reports {} clean again", component_of(r.record.object));
    case RecordKind::recovery_slowed:
      if (r.record.value == 100) return "recovery takes as long as usual";
      return format("recovery takes {:g} times as long", static_cast<double>(r.record.value) / 100);
    case RecordKind::ssisdb_suspect: return r.on() ? "SSISDB cannot be recovered: suspect" : "SSISDB repaired";
    case RecordKind::authentication_off:
      return r.on() ? "SQL logins refused: Windows authentication only" : "SQL logins accepted again";
    case RecordKind::ssisdb_open: return "SSISDB open";
    case RecordKind::ssisdb_closed: return "SSISDB closed";
    case RecordKind::log_login_orphaned:
      return r.on() ? "the workers' log login no longer belongs to the user in SSISDB"
                    : "the workers' log login mended";
    case RecordKind::jobs_archived:
      return format("{} finished execution(s) moved to the history tables", r.record.value);
    case RecordKind::commits_wait:
      return r.on() ? "its commits wait for a synchronous replica that does not answer" : "its commits no longer wait";
    default: return say_replica(r);
  }
}

std::string say_scale_out(const Reading& r) {
  switch (r.record.kind) {
    case RecordKind::master_started: return format("Scale Out Master started (process {})", r.record.value);
    case RecordKind::master_ended:
      return format("Scale Out Master {}", reason_of(static_cast<world::EndReason>(r.record.value)));
    case RecordKind::master_hung: return "Scale Out Master hangs; the service control manager calls it running";
    case RecordKind::master_connected: return "Scale Out Master connected to SSISDB";
    case RecordKind::master_cannot_connect:
      return format("Scale Out Master cannot connect to SSISDB: {}",
                    reason_of(static_cast<world::ConnectFailure>(r.record.value)));
    case RecordKind::master_disconnected: return "Scale Out Master lost SSISDB";
    case RecordKind::master_last_online: return "LAST_ONLINE_TIME stands at " + r.when();
    case RecordKind::worker_service_started: return "Scale Out Worker started";
    case RecordKind::worker_service_ended:
      return format("Scale Out Worker {}", reason_of(static_cast<world::EndReason>(r.record.value)));
    case RecordKind::worker_cut_off: return std::string(end_of_line(r));
    case RecordKind::name_resolved: return "the master's name resolved, asked again at " + r.when();
    case RecordKind::worker_connecting: return "connects to the master";
    case RecordKind::worker_call_failed:
      if (const auto outcome = met_by(r.record)) {
        return format("call to the master failed ({}): {}", model::to_text(*outcome),
                      reason_of(static_cast<world::CallFailure>(r.record.value)));
      }
      return format("call to the master failed: {}", reason_of(static_cast<world::CallFailure>(r.record.value)));
    case RecordKind::handshake_refused: return format("handshake with {} refused: {}", r.node(), outcome_of(r));
    case RecordKind::worker_connected:
      return format("connected to the master on {} (process {})", r.node(), r.record.value);
    case RecordKind::worker_registered: return "registered in SSISDB";
    case RecordKind::worker_learned_enabled: return "learned that it is enabled";
    case RecordKind::worker_disabled: return "disabled in SSISDB: whatever it reports is refused (27252)";
    case RecordKind::worker_learned_disabled: return "learned that it is disabled";
    case RecordKind::worker_deleted: return "deleted from SSISDB: whatever it reports is refused (27243)";
    case RecordKind::worker_hung: return "Scale Out Worker hangs; its packages go on";
    case RecordKind::worker_answers: return "Scale Out Worker goes on";
    case RecordKind::disk_full: return r.on() ? "disk full: no package can start" : "disk has room again";
    case RecordKind::defect_lurks: return lurking(r);
    case RecordKind::second_connection_refused:
      return format("two calls overlapped, and the second connection to {} was refused: {}", r.node(), outcome_of(r));
    case RecordKind::messages_sent: return format("messages of {} execution(s) sent to SSISDB", r.record.value);
    case RecordKind::worker_call_hangs: return "a call hangs on a connection whose peer vanished";
    case RecordKind::worker_reporting: return "its heartbeats reach SSISDB";
    case RecordKind::worker_silent:
      return "its heartbeats no longer reach SSISDB, LastOnlineTime stands at " + r.when();
    default: return {};
  }
}

std::string say_work(const Reading& r) {
  switch (r.record.kind) {
    case RecordKind::batch_begun: return "begins to submit";
    case RecordKind::batch_skipped: return format("skipped: {} executions never submitted", r.record.value);
    case RecordKind::batch_abandoned:
      return format("the submitting job died: {} executions never submitted", r.record.value);
    case RecordKind::submit_failed: return "submission failed, tried again later";
    case RecordKind::submit_refused: return format("submission refused (error {})", r.record.value);
    case RecordKind::call_timed_out:
      return format("create_execution waited in vain for its lock (error 27195){}",
                    r.on() ? "" : ", tried again later");
    case RecordKind::execution_stopped: return "stop asked for";
    case RecordKind::package_cannot_start: return "package cannot start on " + r.slot_owner() + ": disk full";
    case RecordKind::messages_kept: return "messages stay on " + r.slot_owner() + ": SSISDB does not take them";
    case RecordKind::execution_created: return "created by batch " + r.part(world::batch_id(r.record.object));
    case RecordKind::task_pulled: return "picked up by " + r.worker();
    case RecordKind::lease_frozen:
      return format("lease no longer renewed by {}, last heartbeat at {}", r.slot_owner(), r.when());
    case RecordKind::lease_renewed: return "lease renewed by " + r.slot_owner();
    case RecordKind::task_swept: return "swept: its lease ran out";
    case RecordKind::package_ended:
      return format("package {} on {}", r.record.value == 1 ? "succeeded" : "failed", r.slot_owner());
    case RecordKind::package_killed:
      return format("package killed on {}: {}", r.slot_owner(),
                    reason_of(static_cast<world::KillReason>(r.record.value)));
    case RecordKind::task_reported: return format("{} reported by {}", status_of(r), r.slot_owner());
    case RecordKind::report_refused: return format("report of {} refused (error {})", r.slot_owner(), r.record.value);
    case RecordKind::renewal_refused:
      return format("heartbeat of {} refused (error {})", r.slot_owner(), r.record.value);
    case RecordKind::execution_stamped: return "stamped \"ended unexpectedly\" by catalog.startup";
    default: return {};
  }
}

}  // namespace rehearse::sim
