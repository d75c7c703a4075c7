// The SQL Server instance of the cluster and the SSISDB in it: start, recovery, crash, hang, and what its health check
// sees (behaviour.md 4; W 7). "SQL Server online" is not "SSISDB online": user databases recover later.
#pragma once

#include "sim/world/world.hpp"

namespace rehearse::world {

class SqlServer : public Subject {
 public:
  using Subject::Subject;

  // ---- faults and operations; false: there is no running process to do it to
  bool crash(RecordId why);
  bool hang(RecordId why);
  bool recover_from_hang(RecordId why);
  /// sp_server_diagnostics reports the component in error, or clean again (W 7.1).
  void set_component_error(Component component, bool error, RecordId why);
  /// Recovery takes this many percent of its usual time from now on.
  void slow_recovery(std::int32_t percent, RecordId why);
  /// SSISDB's recovery fails until it is repaired.
  void set_suspect(bool suspect, RecordId why);
  void set_authentication_off(bool off, RecordId why);
  /// The login that workers log with no longer belongs to the user in SSISDB (S 4.3): its messages are refused.
  void set_log_login_orphaned(bool orphaned, RecordId why);
  void set_tempdb_missing(HostIndex node, bool missing, RecordId why);
  void create_catalog(RecordId why);

  // ---- what other subjects tell
  void came_up(bool unclean, RecordId why);
  /// Its resource on the node goes down; what runs on another node is left alone.
  void going_down(HostIndex node, RecordId why);
  void node_gone(HostIndex node, RecordId why);
  /// Another node holds one of its disks now: a process elsewhere stops at its next write (behaviour.md 2).
  void storage_moved(ResourceIndex disk, RecordId why);
  /// The resource host above it is gone, whatever the cluster database says about the resource.
  void ended_with_node(HostIndex node, RecordId why);
  /// Of an availability group: the replica on the node is the primary no longer; its process lives on.
  void stops_being_primary(HostIndex node, RecordId why);
  /// SSISDB stops answering, whatever the reason.
  void close(RecordId why);

  // ---- events
  void recovered(RecordId why);
  /// Of the resource: the record that makes this poll find it sick; 0: healthy in its eyes (W 7.1).
  RecordId sick(Event poll) const;
  Time health_alarm() const;

  /// SSISDB answers to a new connection.
  bool open() const { return state_.instance.sql == Process::running && state_.instance.ssisdb_open; }
  /// It accepts the messages that workers write straight to SSISDB (S 1.1).
  bool takes_messages() const;
  /// The master key of SSISDB can be opened; else every use of the catalog ends in error 15581 (S 5, 22).
  bool master_key_opens() const;
  /// Of an availability group: the workers' log login of this replica is the one that SSISDB knows (S 4.2, 4.3).
  bool log_login_works() const;
  /// SQL Server Agent: a resource of the cluster beside a failover cluster instance, else a service of the instance.
  bool agent_runs() const;
  /// A write waits for a synchronous replica that does not answer (W 10).
  bool commits_wait() const { return state_.availability.commits_wait; }
  bool runs() const { return state_.instance.sql == Process::running || state_.instance.sql == Process::hung; }
  /// Of its slowest disk, in percent of the usual times.
  std::int32_t storage_slowness() const;
  /// Record that last changed whether it does.
  RecordId changed_by() const { return state_.instance.changed_by; }

 private:
  void begin_recovery(bool unclean, RecordId why);
  /// The last diagnostics were taken since the errors began.
  bool errors_shown() const;
  RecordId component_sick(std::int64_t level, Event poll) const;
};

}  // namespace rehearse::world
