// SSISDB in an availability group: the replicas' own instances of SQL Server, the sessions between them, who is
// SYNCHRONIZED, the lease between the primary and the cluster, and what follows a failover (W 10; S 1.7, 4.2). The
// group's role and its resource are Roles' business; the primary's SSISDB is SqlServer's. Without an availability group
// nothing here does anything.
//
// The cluster database says which replicas are failover ready, and only the primary writes it. It takes no update while
// a member of the cluster does not answer, so a primary that is cut off cannot strike out the replica that is about to
// take over; until it can, its commits wait (assumed; W 10 gives SESSION_TIMEOUT alone).
#pragma once

#include "sim/world/world.hpp"

namespace rehearse::world {

class Replicas : public Subject {
 public:
  using Subject::Subject;

  // ---- operations; false: the replica is in no state for that
  /// FORCE_FAILOVER_ALLOW_DATA_LOSS on the replica of this node. The data movement of the others stands afterwards.
  bool force_failover(HostIndex node, RecordId why);
  /// ALTER DATABASE SSISDB SET HADR RESUME on a replica whose data movement stands.
  bool resume_data_movement(HostIndex node, RecordId why);
  void set_log_login(HostIndex node, bool right, RecordId why);
  void set_master_key(HostIndex node, bool opens, RecordId why);

  // ---- what other subjects tell
  /// SQL Server runs on the node from now on.
  void started(HostIndex node, RecordId why);
  /// The process on the node is gone while Windows runs on: its Agent starts it again (assumed).
  void process_ended(HostIndex node, RecordId why);
  void host_gone(HostIndex node, RecordId why);
  void host_booted(HostIndex node, RecordId why);
  /// The machine is frozen or its processes stand still; and goes on.
  void machine_stands_still(HostIndex node, RecordId why);
  void machine_goes_on(HostIndex node, RecordId why);
  /// The cluster service of the node has ended: without it a replica resolves (assumed: at once).
  void cluster_service_ended(HostIndex node, RecordId why);
  /// The group's resource is brought online on the node, is online there, and is so no longer.
  void going_online(HostIndex node, RecordId why);
  void came_online(HostIndex node, RecordId why);
  void ended(HostIndex node, RecordId why);
  /// The primary's process hangs or answers again: the lease stops or is renewed.
  void process_hangs(HostIndex node, RecordId why);
  void process_answers(HostIndex node, RecordId why);
  /// Machines, networks, processes or the membership changed: sessions may begin and end.
  void review(RecordId why);

  // ---- events
  void start_due(HostIndex node, RecordId why);
  void session_over(HostIndex node, RecordId why);
  void caught_up(HostIndex node, RecordId why);
  void lease_over(RecordId why);
  /// The SSIS Failover Monitor Job runs on every replica; it has something to do where the primary is new (S 1.7).
  RecordId monitor_matters(HostIndex node) const;
  void monitor(HostIndex node, RecordId why);

  // ---- questions
  /// The group's DLL goes on trying to log in: the instance is being started, or hangs.
  bool connecting(HostIndex node) const;
  /// Whether the replica of the node may become the primary now, its role having come there for that reason.
  model::FailoverObstacle obstacle(HostIndex node, MoveCause cause) const;

 private:
  bool serves(HostIndex primary) const;
  bool in_contact(HostIndex primary, HostIndex node) const;
  bool database_takes_updates(HostIndex primary) const;
  void set_role(HostIndex node, model::ReplicaEvent event, RecordId why);
  RecordId tell_session(HostIndex node, SessionChange change, RecordId why);
  void meet(HostIndex primary, HostIndex node, RecordId why);
  void miss(HostIndex primary, HostIndex node, RecordId why);
  void strike_out(HostIndex primary, RecordId why);
  void weigh_commits(HostIndex primary, RecordId why);
  void primary_lost(RecordId why);
  void expire_lease(HostIndex node, RecordId why);
  void stop_lease(HostIndex node, RecordId why);
};

}  // namespace rehearse::world
