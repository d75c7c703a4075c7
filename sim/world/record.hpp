// The journal: what happened, one record after the other, each naming the record that caused it. The only way to change
// the State is to apply a record, so a journal replayed over the first state gives the last one. From the causes come
// the timeline, the answer to "why", and the phases of an outage.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "model/handshake.hpp"
#include "sim/world/ids.hpp"

namespace rehearse::world {

// name, and what object and value mean
#define REHEARSE_RECORD_KINDS(X)                                                                                      \
  X(begun, "the rehearsal begins")                                                                                    \
  X(fault_injected, "object: number of the timeline entry")                                                           \
  X(fault_repaired, "object: number of the timeline entry")                                                           \
  X(operator_acts, "object: number of the step or timeline entry; value: 1 ends")                                     \
  /* machines and networks */                                                                                         \
  X(host_power_lost, "")                                                                                              \
  X(host_bugchecked, "")                                                                                              \
  X(host_shutting_down, "Windows ends its services; value: 1 it starts again afterwards")                             \
  X(host_shut_down, "")                                                                                               \
  X(host_frozen, "nothing on it runs: a virtual machine is moved or saved")                                           \
  X(host_thawed, "")                                                                                                  \
  X(host_hung, "its user-mode processes stand still, its kernel sends heartbeats")                                    \
  X(host_answers, "the hang is over")                                                                                 \
  X(host_booting, "")                                                                                                 \
  X(host_booted, "")                                                                                                  \
  X(patches_installed, "Windows updates; the next start puts them in place")                                          \
  X(link_down, "object: network of the card; none: every card")                                                       \
  X(link_up, "object: network of the card; none: every card")                                                         \
  X(site_link_down, "object: the other site")                                                                         \
  X(site_link_up, "object: the other site")                                                                           \
  X(loss_set, "value: packets lost on its way, per million")                                                          \
  X(latency_set, "value: added to each way, ns")                                                                      \
  X(directory_refuses, "the domain refuses the computer objects' changes; value: 1 from now on, 0 no longer")         \
  X(dns_stopped, "value: 1 no answers from now on, 0 it answers again")                                               \
  X(port_blocked, "a firewall on the way drops it; object: Port; value: 1 from now on, 0 no longer")                  \
  X(partition_changed, "value: mask of the partitions that cut it off; 0: none")                                      \
  /* what set-up leaves on machines */                                                                                \
  X(feature_installed, "")                                                                                            \
  X(sql_installed, "")                                                                                                \
  X(master_installed, "object: text of the service account")                                                          \
  X(worker_installed, "object: text of the service account")                                                          \
  X(certificate_created, "object: what it is a copy of, or none; value: the end of its validity, ns since start")     \
  X(certificate_placed, "object: certificate; value: Store and key")                                                  \
  X(certificate_removed, "object: certificate; value: Store")                                                         \
  X(private_key_removed, "object: certificate; value: Store")                                                         \
  X(valid_from, "object: host that shows it so, none: every host; value: ns since start, the least: as issued")       \
  X(valid_until, "object: host that shows it so, none: every host; value: ns since start, the most: as issued")       \
  X(root_polluted, "a certificate that is not self-signed lies in its Root; value: 1 from now on, 0 no longer")       \
  X(key_access_granted, "object: certificate")                                                                        \
  X(key_access_lost, "object: certificate")                                                                           \
  X(binding_set, "object: certificate, none: there is no binding; value: port")                                       \
  X(master_setting, "in the file; object: MasterField; value")                                                        \
  X(worker_setting, "in the file; object: WorkerField; value")                                                        \
  X(clock_set, "value: ahead of the true time, ns")                                                                   \
  X(password_expired, "object: Account; value: 1 from now on, 0 it is renewed")                                       \
  X(logon_refused, "a service does not start: its account cannot log on")                                             \
  X(start_type_set, "value: 1 automatic, 0 manual")                                                                   \
  X(firewall_opened, "value: port")                                                                                   \
  /* the catalog's own set-up */                                                                                      \
  X(catalog_created, "")                                                                                              \
  X(scale_out_enabled, "")                                                                                            \
  X(log_login_enabled, "")                                                                                            \
  X(startup_procedure_set, "")                                                                                        \
  X(admin_added, "object: text of the account")                                                                       \
  X(admin_removed, "object: text of the account")                                                                     \
  X(master_address_updated, "object: text of the address")                                                            \
  X(worker_enabled, "")                                                                                               \
  /* membership */                                                                                                    \
  X(cluster_validated, "value: mask of the nodes in the report")                                                      \
  X(cluster_created, "object: node")                                                                                  \
  X(witness_configured, "")                                                                                           \
  X(node_starting, "the cluster service starts; value: StartMode")                                                    \
  X(node_joined, "")                                                                                                  \
  X(cluster_formed, "value: 1 by force")                                                                              \
  X(form_refused, "event 1561: it has not the newest copy of the cluster database")                                   \
  X(forced_quorum_ended, "enough votes have joined")                                                                  \
  X(second_partition, "by force, while others still run; value: mask of their nodes")                                 \
  X(peer_silent, "object: the peer")                                                                                  \
  X(peer_heard, "object: the peer")                                                                                   \
  X(regroup_done, "value: mask of the nodes still reached")                                                           \
  X(arbitration_won, "")                                                                                              \
  X(arbitration_lost, "")                                                                                             \
  X(node_removed, "event 1135; object: the node that saw it")                                                         \
  X(node_stopping, "its cluster service stops in order")                                                              \
  X(node_left, "in order: the others need not wait")                                                                  \
  X(node_paused, "")                                                                                                  \
  X(node_resumed, "")                                                                                                 \
  X(drain_changed, "value: Drain")                                                                                    \
  X(node_quarantined, "event 1672; value: its end, ns since start")                                                   \
  X(quarantine_ended, "")                                                                                             \
  X(hang_found, "the cluster service stands still for ClusSvcHangTimeout; value: HangRecoveryAction")                 \
  X(witness_failed, "its resource fails, events 1069 and 1564; its vote no longer counts")                            \
  X(witness_back, "")                                                                                                 \
  X(votes_changed, "value: mask of nodes with a vote; object: 1 when the witness votes")                              \
  X(quorum_lost, "event 1177, status 5925")                                                                           \
  X(node_service_ended, "value: 0 stopped, 1 with quorum lost, 2 crashed, 3 with its machine")                        \
  X(core_group_moved, "object: node; value: 1 when the witness came along")                                           \
  X(witness_taken, "object: node whose side locked the witness")                                                      \
  X(witness_released, "")                                                                                             \
  X(witness_down, "value: 1 from now on, 0 it is there again")                                                        \
  X(witness_path_cut, "object: node, none: every node; value: 1 cut, 0 back")                                         \
  /* roles and resources */                                                                                           \
  X(role_created, "")                                                                                                 \
  X(resource_created, "")                                                                                             \
  X(dependencies_set, "value: mask of providers that are all needed, by their places in the role")                    \
  X(choice_set, "one of several providers; object: number of the choice; value: mask, by places")                     \
  X(restart_action_set, "value")                                                                                      \
  X(role_wanted, "value: 1 online, 0 offline")                                                                        \
  X(resource_wanted, "value: 1 online, 0 held offline by an operator")                                                \
  X(move_started, "object: target node; value: MoveCause")                                                            \
  X(owner_changed, "object: node; value: MoveCause")                                                                  \
  X(name_registered, "in DNS; value: mask of the addresses, by their places")                                         \
  X(name_replicated, "object: site whose name servers have it now; value: mask of the addresses")                     \
  X(replication_stopped, "name servers keep what they have; value: 1 from now on, 0 no longer")                       \
  X(registration_failed, "event 1196: DNS does not answer")                                                           \
  X(role_waits, "ClusterGroupWaitDelay, for its preferred node")                                                      \
  X(failback_planned, "value: when, ns since start")                                                                  \
  X(move_refused, "its target went away; the role stays")                                                             \
  X(resource_online_pending, "value: 1 when the last end was unclean")                                                \
  X(resource_online, "")                                                                                              \
  X(resource_offline_pending, "")                                                                                     \
  X(resource_offline, "")                                                                                             \
  X(resource_terminated, "value: 0 its provider failed, else ended_late, _pending")                                   \
  X(resource_lost, "its node went away")                                                                              \
  X(resource_failed, "event 1069; value: FailureReason")                                                              \
  X(restart_scheduled, "value: RestartDelay in ns")                                                                   \
  X(stays_failed, "event 1205; until RetryPeriodOnFailure or an operator")                                            \
  X(resource_retried, "RetryPeriodOnFailure is over")                                                                 \
  X(resource_stuck, "an entry point of its DLL does not return")                                                      \
  X(resource_host_ended, "events 1146 and, by a deadlock, 1230; object: the culprit or none")                         \
  /* storage and addresses */                                                                                         \
  X(disk_reserved, "object: node")                                                                                    \
  X(disk_defended, "the challenger goes on; object: node that still holds it")                                        \
  X(path_cut, "object: node, none: every node; value: 1 cut, 0 back")                                                 \
  X(disk_slowed, "value: times as long, in percent; 100: as usual")                                                   \
  X(pool_arbitrates, "value: 1 from now on, 0 no longer")                                                             \
  X(address_taken, "another machine uses the address; value: 1 from now on, 0 no longer")                             \
  /* SQL Server and SSISDB */                                                                                         \
  X(sql_crashed, "object: node")                                                                                      \
  X(sql_hung, "object: node; value: last result of sp_server_diagnostics, ns since start")                            \
  X(sql_recovered_from_hang, "object: node")                                                                          \
  X(component_error, "of sp_server_diagnostics; object: Component; value: 1 error, 0 clean again")                    \
  X(recovery_slowed, "value: times as long, in percent; 100: as usual")                                               \
  X(ssisdb_suspect, "value: 1 its recovery fails, 0 repaired")                                                        \
  X(log_login_orphaned, "its SID is another than the database user's; value: 1 from now on, 0 no longer")             \
  X(authentication_off, "SQL authentication; value: 1 off, 0 on again")                                               \
  X(tempdb_missing, "the path of tempdb on this node; value: 1 missing, 0 there again")                               \
  X(ssisdb_open, "")                                                                                                  \
  X(ssisdb_closed, "")                                                                                                \
  /* Scale Out Master */                                                                                              \
  X(master_started, "value: number of the process")                                                                   \
  X(master_ended, "value: EndReason")                                                                                 \
  X(master_hung, "")                                                                                                  \
  X(master_connected, "to SSISDB")                                                                                    \
  X(master_cannot_connect, "value: why")                                                                              \
  X(master_disconnected, "from SSISDB; value: ConnectFailure")                                                        \
  X(master_last_online, "value: LAST_ONLINE_TIME, ns since start")                                                    \
  /* workers */                                                                                                       \
  X(worker_service_started, "")                                                                                       \
  X(worker_service_ended, "value: EndReason")                                                                         \
  X(worker_cut_off, "its connection to the master broke; value: LineEnd")                                             \
  X(name_resolved, "by the worker; object: mask of the addresses; value: when it asks again, ns since start")         \
  X(worker_connecting, "")                                                                                            \
  X(worker_call_failed, "object: HandshakeOutcome of the connection that did not open, or none; value: CallFailure")  \
  X(handshake_refused, "object: node; value: HandshakeOutcome")                                                       \
  X(worker_connected, "object: node; value: number of the master process")                                            \
  X(worker_registered, "")                                                                                            \
  X(worker_learned_enabled, "")                                                                                       \
  X(worker_disabled, "IsEnabled of its row is 0")                                                                     \
  X(worker_learned_disabled, "")                                                                                      \
  X(worker_deleted, "its row is gone from worker_agents")                                                             \
  X(worker_hung, "its service does not call any more; packages are processes of their own and go on")                 \
  X(worker_answers, "the hang is over")                                                                               \
  X(disk_full, "no package can start there; value: 1 from now on, 0 no longer")                                       \
  X(defect_lurks, "a connection opened now would meet it; object: node; value: HandshakeOutcome")                     \
  X(second_connection_refused, "two calls overlapped; object: node; value: HandshakeOutcome")                         \
  X(messages_sent, "what lay on its disk has reached SSISDB; value: of how many executions")                          \
  X(worker_call_hangs, "a call on a connection whose peer vanished")                                                  \
  X(worker_reporting, "its heartbeats reach the catalog")                                                             \
  X(worker_silent, "its heartbeats no longer reach the catalog; value: LastOnlineTime, ns since start")               \
  /* workload and tasks */                                                                                            \
  X(batch_begun, "object: which of its days")                                                                         \
  X(batch_skipped, "object: which of its days; value: executions never submitted")                                    \
  X(batch_abandoned, "the submitting job died; value: executions never submitted")                                    \
  X(submit_failed, "an external submitter tries again")                                                               \
  X(submit_refused, "for good; object: which of its days or arrivals; value: the catalog's error")                    \
  X(call_timed_out, "27195: the application lock was not free in time; value: 1 it is not tried again")               \
  X(execution_created, "object: batch; value: which of its days or arrivals")                                         \
  X(execution_stopped, "catalog.stop_operation")                                                                      \
  X(task_pulled, "object: worker; value: slot")                                                                       \
  X(lease_frozen, "object: slot; value: last heartbeat that arrived, else the pick-up, ns since start")               \
  X(lease_renewed, "object: slot")                                                                                    \
  X(task_swept, "value: TaskStatus after")                                                                            \
  X(package_cannot_start, "object: slot; the disk of its worker is full")                                             \
  X(package_ended, "object: slot; value: 1 succeeded, 0 failed")                                                      \
  X(messages_kept, "object: slot; its messages cannot reach SSISDB and stay on the worker's disk")                    \
  X(package_killed, "object: slot; value: KillReason")                                                                \
  X(task_reported, "object: slot; value: TaskStatus after")                                                           \
  X(report_refused, "object: slot; value: catalog error")                                                             \
  X(renewal_refused, "object: slot; value: catalog error")                                                            \
  X(jobs_archived, "moved to the history tables by the master's cleanup; value: how many")                            \
  X(execution_stamped, "ended unexpectedly, by catalog.startup")                                                      \
  X(switch_consulted, "value: Switch")                                                                                \
  /* the replicas of an availability group; the subject is the node unless told otherwise */                          \
  X(replica_starting, "its SQL Server is being started")                                                              \
  X(replica_started, "its SQL Server runs")                                                                           \
  X(replica_role_changed, "value: model::ReplicaRole")                                                                \
  X(replica_session, "with the primary; value: SessionChange")                                                        \
  X(replica_synchronized, "value: 1 SYNCHRONIZED, 0 no longer")                                                       \
  X(data_movement_resumed, "by an operator, after a forced failover")                                                 \
  X(commits_wait, "subject: the instance; for a synchronous replica; value: 1 from now on, 0 no longer")              \
  X(primary_lease_unrenewed, "value: when it was last renewed, ns since start")                                       \
  X(primary_lease_renewed, "again")                                                                                   \
  X(primary_lease_expired, "errors 19407 and 19419")                                                                  \
  X(failover_forced, "object: 1 it was SYNCHRONIZED, 0 data is lost; value: since when it is behind, ns since start") \
  X(failover_monitor_ran, "SSIS Failover Monitor Job: the local replica is the primary now")                          \
  X(log_login_set, "the workers' log login there; value: 1 with the SID and password that SSISDB knows")              \
  X(master_key_set, "value: 1 the master key of SSISDB can be opened there")

enum class RecordKind : std::uint16_t {
#define X(name, meaning) name,
  REHEARSE_RECORD_KINDS(X)
#undef X
      count_
};
std::string_view to_text(RecordKind kind);

/// Records of machines, settings, membership, roles and addresses may change which machine reaches which and where an
/// endpoint leads, and so does a worker that reads its settings. Those of SQL Server, masters, workers, their work and
/// the replicas change none of that.
constexpr bool may_move_ways(RecordKind kind) {
  return kind < RecordKind::sql_crashed || kind == RecordKind::worker_service_started;
}

struct Record {
  Time at{};
  RecordId cause = 0;  // 0: from outside (a fault, an operator, the calendar)
  RecordKind kind{};
  std::uint16_t reserved = 0;
  PartId subject{};
  std::uint32_t object = none;
  std::int64_t value = 0;
  friend bool operator==(const Record&, const Record&) = default;
};
static_assert(sizeof(Record) == 40 || sizeof(Record) == 32);

/// What a connection or an attempt at one met, of the records that tell it; nullopt: of all others.
std::optional<model::HandshakeOutcome> met_by(const Record& record);

/// Where records go. Record numbers count from 1 over the whole life of a world; `first` is the number of records[0].
struct Journal {
  RecordId first = 1;
  std::vector<Record> records;

  const Record* find(RecordId id) const {
    return id >= first && id - first < records.size() ? &records[id - first] : nullptr;
  }
  friend bool operator==(const Journal&, const Journal&) = default;
};

enum class MoveCause : std::int64_t {
  planned,
  resource_failure,
  node_loss,
  cold_start,
  drain,
  failback,
  node_stops,
  forced  // an operator forces an availability group to fail over, with loss of data
};
enum class FailureReason : std::int64_t {
  looks_alive,
  is_alive,
  start_failed,
  pending_timeout,
  no_path,             // event 1038: an online disk; one without a path that comes online: start_failed, event 1034
  address_in_use,      // event 1049
  directory_refused,   // events 1193, 1194, 1207
  resource_host_died,  // event 1146
  tested,              // Test-ClusterResourceFailure
  logon_refused,       // event 1041: the account of a generic service cannot log on
  process_gone,        // an availability group's DLL hears at once that SQL Server's process is gone (W 3.2, 4; W 10)
  lease_expired,       // errors 19407, 19419
  replica_not_ready    // its replica may not become the primary (W 10)
};
enum class StartMode : std::int64_t { usual, force_quorum, prevent_quorum };
/// What a host listens on and a firewall may close: the master's own port, 1433 of SQL Server, 3343 of the cluster's
/// heartbeats, and that of the witness, 445 of a share or 443 of a cloud.
enum class Port : std::uint32_t { master, sql_server, heartbeats, witness };
/// What follows when a node's cluster service has stopped in order.
enum class Leaving : std::int64_t { stays, service_only, shutdown, reboot };
/// NodeDrainStatus (W 1.4).
enum class Drain : std::int64_t { not_initiated, in_progress, completed, failed };
/// Of sp_server_diagnostics, those that can make the instance fail (W 7.1).
enum class Component : std::uint32_t { system, resource, query_processing };
/// Whose service account.
enum class Account : std::uint32_t { master, worker };
enum class EndReason : std::int64_t { stopped, crashed, host_lost, terminated, gave_up };
/// Why a master cannot connect to SSISDB.
enum class ConnectFailure : std::int64_t {
  connects,
  name_wrong,
  sql_away,
  ssisdb_closed,
  scale_out_disabled,
  login_refused,
  master_key_closed  // error 15581
};
enum class CallFailure : std::int64_t { timed_out, reset, refused, name_unknown, peer_gone };
enum class KillReason : std::int64_t { tolerance_exceeded, service_ended, host_lost, cancelled };
enum class LineEnd : std::int64_t { closed_by_peer, peer_vanished, idle };
/// Of a replica's session with the primary: error 35206 is that of one that timed out.
enum class SessionChange : std::int64_t { timed_out, begun, closed };
enum class Store : std::uint8_t { my = 1, root = 2 };
inline constexpr std::int64_t ended_late = 1;     // of resource_terminated: it did not stop in time
inline constexpr std::int64_t ended_pending = 2;  // of resource_terminated: its role goes down before it came up
inline constexpr std::int64_t with_key = 16;      // added to a Store in certificate_placed
enum class MasterField : std::uint32_t { port, certificate, sql_server_name, cleanup, sweep, heartbeat, sql_timeout };
enum class WorkerField : std::uint32_t {
  endpoint,
  master_certificate,
  worker_certificate,
  agent_heartbeat,
  task_heartbeat,
  tolerance,
  lease,
  max_tasks
};

}  // namespace rehearse::world
