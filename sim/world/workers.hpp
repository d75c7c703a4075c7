// Scale Out Workers: service, connection to the master, heartbeats, pulling and running packages, reporting
// (behaviour.md 5 and 7; S 1). A worker always calls the master, never the other way round; it learns what happened at
// its next call.
#pragma once

#include "model/handshake.hpp"
#include "sim/world/network.hpp"
#include "sim/world/world.hpp"

namespace rehearse::world {

class Workers : public Subject {
 public:
  using Subject::Subject;

  // ---- faults and operations; false: the service does not run
  bool crash_service(WorkerIndex worker, RecordId why);
  bool stop_service(WorkerIndex worker, RecordId why);
  bool start_service(WorkerIndex worker, RecordId why);  // false: it runs already, or the machine is off
  void enable(WorkerIndex worker, RecordId why);

  // ---- what other subjects tell
  void host_gone(HostIndex host, RecordId why);
  void host_booted(HostIndex host, RecordId why);
  /// Something on the way to the catalog changed: looks at every worker's connection and heartbeats again.
  void review(RecordId why);
  void work_ready(RecordId why);
  /// A machine that stood still goes on: so do the packages and calls on it.
  void machine_goes_on(HostIndex host, RecordId why);
  void instance_lost(RecordId why);

  // ---- events
  RecordId agent_matters(WorkerIndex worker) const;
  void agent_beat(WorkerIndex worker, RecordId why);
  RecordId poll_matters(WorkerIndex worker) const;
  void poll(WorkerIndex worker, RecordId why);
  RecordId task_beat_matters(WorkerIndex worker, std::uint32_t slot) const;
  void task_beat(WorkerIndex worker, std::uint32_t slot, RecordId why);
  /// Instants at which calls may come to matter by the passing of time alone; never: there is none ahead.
  Time validity_alarm(WorkerIndex worker) const;
  Time kill_alarm(WorkerIndex worker, std::uint32_t slot) const;
  void line_event(WorkerIndex worker, RecordId why);
  void pull_again(WorkerIndex worker, RecordId why);
  void package_over(WorkerIndex worker, std::uint32_t slot, RecordId why);

  // ---- questions
  /// The worker's connection to the master stands and its peer is the process that it was opened to.
  bool connected(WorkerIndex worker) const;
  /// connected, and the master answers from SSISDB.
  bool reaches_catalog(WorkerIndex worker) const;
  /// worker_agents.LastOnlineTime; never: it has not registered.
  Time last_online(WorkerIndex worker) const;
  model::HandshakeOutcome handshake(WorkerIndex worker, HostIndex node) const;

 private:
  enum class Outlook : std::uint8_t { no_name, silent, refused, handshake_fails, opens };
  Outlook outlook(WorkerIndex worker) const;
  RecordId way_changed_by(WorkerIndex worker, HostIndex node) const;
  /// Of the slot among all workers' slots, as records about runs name it.
  std::uint32_t slot_number(WorkerIndex worker, std::uint32_t slot) const {
    return worker * plan_.slots_per_worker + slot;
  }
  const RunState& run(WorkerIndex worker, std::uint32_t slot) const { return state_.runs[slot_number(worker, slot)]; }

  void end_service(WorkerIndex worker, EndReason reason, RecordId why);
  /// Its machine runs and its processes with it.
  bool acts(WorkerIndex worker) const;
  bool may_renew(WorkerIndex worker, std::uint32_t slot) const;
  bool line_heals(WorkerIndex worker) const;
  bool tries_live_address(WorkerIndex worker, std::int64_t turn) const;
  bool line_is_reset(WorkerIndex worker) const;
  bool wants_to_call(WorkerIndex worker) const;
  void call(WorkerIndex worker, RecordId why);
  void try_connect(WorkerIndex worker, RecordId why);
  void heed_calls(WorkerIndex worker, Time not_before = Time::min());
  void pull(WorkerIndex worker, RecordId why);
  void report(WorkerIndex worker, std::uint32_t slot, RecordId why);
  void freeze_leases(WorkerIndex worker, RecordId why);
  bool error_answers(WorkerIndex worker) const;
  Time kill_time(WorkerIndex worker, std::uint32_t slot) const;
};

}  // namespace rehearse::world
