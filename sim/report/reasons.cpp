#include "sim/report/reasons.hpp"

namespace rehearse::sim {

using world::CallFailure;
using world::ConnectFailure;
using world::EndReason;
using world::KillReason;
using world::MoveCause;

std::string_view reason_of(MoveCause cause) {
  switch (cause) {
    case MoveCause::planned: return "planned move";
    case MoveCause::resource_failure: return "a resource failed";
    case MoveCause::node_loss: return "its node is lost";
    case MoveCause::cold_start: return "the cluster starts";
    case MoveCause::drain: return "its node is drained";
    case MoveCause::failback: return "failback";
    case MoveCause::node_stops: return "its node leaves";
    case MoveCause::forced: return "forced, with loss of data";
  }
  return "unknown cause";
}

std::string_view reason_of(ConnectFailure failure) {
  switch (failure) {
    case ConnectFailure::connects: return "nothing stands in the way";
    case ConnectFailure::name_wrong: return "SqlServerName leads nowhere";
    case ConnectFailure::sql_away: return "SQL Server does not answer";
    case ConnectFailure::ssisdb_closed: return "SSISDB is not open";
    case ConnectFailure::scale_out_disabled: return "SSISDB is not enabled for Scale Out";
    case ConnectFailure::login_refused: return "its account is refused";
    case ConnectFailure::master_key_closed:
      return "the master key of SSISDB cannot be opened on this replica, error 15581";
  }
  return "unknown reason";
}

std::string_view reason_of(EndReason reason) {
  switch (reason) {
    case EndReason::stopped: return "stopped";
    case EndReason::crashed: return "crashed";
    case EndReason::host_lost: return "ended abruptly";
    case EndReason::terminated: return "terminated by the cluster";
    case EndReason::gave_up: return "exited: no SSISDB";
  }
  return "ended";
}

std::string_view reason_of(CallFailure failure) {
  switch (failure) {
    case CallFailure::timed_out: return "timed out";
    case CallFailure::reset: return "reset by the address's new owner";
    case CallFailure::refused: return "refused";
    case CallFailure::name_unknown: return "the master's name does not resolve";
    case CallFailure::peer_gone: return "the peer is gone";
  }
  return "unknown reason";
}

std::string_view reason_of(KillReason reason) {
  switch (reason) {
    case KillReason::tolerance_exceeded: return "no heartbeat got through for HeartbeatErrorTollerance";
    case KillReason::service_ended: return "the worker's service ended";
    case KillReason::host_lost: return "the worker's machine is lost";
    case KillReason::cancelled: return "its execution was stopped";
  }
  return "unknown reason";
}

}  // namespace rehearse::sim
