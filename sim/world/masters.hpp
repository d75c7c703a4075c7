// The Scale Out Master service on each node: its process, its connection to SSISDB, LAST_ONLINE_TIME and the sweep of
// expired tasks (behaviour.md 6; S 1, S 4). The cluster sees only whether the process runs; a master without SSISDB
// stays RUNNING and answers errors.
#pragma once

#include "sim/world/world.hpp"

namespace rehearse::world {

class Masters : public Subject {
 public:
  using Subject::Subject;

  // ---- faults and operations
  bool crash(HostIndex node, RecordId why);  // false: no process runs there
  bool hang(HostIndex node, RecordId why);
  bool stop(HostIndex node, RecordId why);  // by the service control manager: to the cluster a failure like any other
  void set_start_type(HostIndex node, bool automatic, RecordId why);

  // ---- what other subjects tell
  void started(HostIndex node, RecordId why);
  /// By its cluster resource, which first ends a process that runs outside the cluster (W 5).
  void restarted(HostIndex node, RecordId why);
  void ended(HostIndex node, EndReason reason, RecordId why);
  void host_booted(HostIndex node, RecordId why);
  /// A machine that stood still goes on: leases that ran out meanwhile wait for its next sweep.
  void machine_goes_on(HostIndex node);
  /// SSISDB, a path to it, or a login changed: masters may lose it now or find it at their next try.
  void review(RecordId why);
  /// A lease no longer renewed will run out then.
  void heed_sweep(Time expires);
  /// Tasks have ended: a cleanup will move them to the history tables.
  void heed_cleanup();

  // ---- events
  RecordId retry_matters(HostIndex node) const;
  Time retry_alarm(HostIndex node) const;
  void retry(HostIndex node, RecordId why);
  RecordId sweep_matters(HostIndex node) const;
  Time sweep_alarm(HostIndex node) const;
  void sweep(HostIndex node, RecordId why);
  RecordId cleanup_matters(HostIndex node) const;
  Time cleanup_alarm(HostIndex node) const;
  void cleanup(HostIndex node, RecordId why);

  // ---- questions
  /// The process runs, does not hang, and holds a connection to SSISDB: requests get answers.
  bool serving(HostIndex node) const;
  ConnectFailure connect_failure(HostIndex node) const;
  /// master_properties LAST_ONLINE_TIME: the last stamp of any master; never: there has been none.
  Time last_online() const;

 private:
  void connect(HostIndex node, RecordId why);
  Time last_stamp(HostIndex node) const;
  void stop_rhythms(HostIndex node);
  void try_again(HostIndex node);
};

}  // namespace rehearse::world
