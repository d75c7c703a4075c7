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
  void create_catalog(RecordId why);

  // ---- what other subjects tell
  void came_up(bool unclean, RecordId why);
  void going_down(RecordId why);
  void node_gone(HostIndex node, RecordId why);

  // ---- events
  void recovered(RecordId why);
  /// Of the resource: the record that makes this poll find it sick; 0: healthy in its eyes (W 7.1).
  RecordId sick(Event poll) const;
  Time health_alarm() const;

  /// SSISDB answers to a new connection.
  bool open() const { return state_.instance.sql == Process::running && state_.instance.ssisdb_open; }
  /// Record that last changed whether it does.
  RecordId changed_by() const { return state_.instance.changed_by; }

 private:
  void close(RecordId why);
};

}  // namespace rehearse::world
