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
  bool hang_service(WorkerIndex worker, RecordId why);
  bool end_hang(WorkerIndex worker, RecordId why);
  /// Its row in worker_agents, with every worker that shares its AgentId. False: nothing changes.
  bool enable(WorkerIndex worker, RecordId why);
  bool disable(WorkerIndex worker, RecordId why);  // no drain: it cannot even report success any more (S 1.7)
  bool remove(WorkerIndex worker, RecordId why);   // its next heartbeat registers it anew, not enabled
  void set_disk_full(WorkerIndex worker, bool full, RecordId why);

  // ---- what other subjects tell
  void host_gone(HostIndex host, RecordId why);
  void host_booted(HostIndex host, RecordId why);
  /// Something on the way to the catalog changed: looks at every worker's connection and heartbeats again.
  void review(RecordId why);
  /// The phases of all rhythms were drawn anew.
  void phases_drawn();
  /// A task became ready for these workers.
  void work_ready(WorkerSet set);
  /// A machine that stood still goes on: so do the packages and calls on it.
  void machine_goes_on(HostIndex host, RecordId why);
  void instance_lost(RecordId why);
  void executions_stopped();
  /// A worker that holds tasks renews them later than they run out: its clock is behind that of SQL Server, or its
  /// settings say so. A sweep between two heartbeats takes healthy tasks (S 1.5, S 9).
  bool any_outruns_lease() const;
  /// The leases of such workers that have run out now become dates.
  void freeze_outrun_leases(RecordId why);

  // ---- events
  RecordId agent_matters(WorkerIndex worker) const;
  void agent_beat(WorkerIndex worker, RecordId why);
  RecordId poll_matters(WorkerIndex worker) const;
  void poll(WorkerIndex worker, RecordId why);
  /// After a beat of the poll, whether it did anything or not: if work is left, the next worker's poll will matter.
  void poll_over(WorkerIndex worker);
  RecordId task_beat_matters(WorkerIndex worker, std::uint32_t slot) const;
  void task_beat(WorkerIndex worker, std::uint32_t slot, RecordId why);
  /// Instants at which calls may come to matter by the passing of time alone; never: there is none ahead.
  Time validity_alarm(WorkerIndex worker) const;
  Time lurking_alarm(WorkerIndex worker) const;
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
  bool registered(WorkerIndex worker) const { return row(worker).registered; }
  bool enabled(WorkerIndex worker) const { return row(worker).enabled; }
  model::HandshakeOutcome handshake(WorkerIndex worker, HostIndex node) const;

 private:
  /// Network::endpoint_of, remembered as long as no way moves.
  const Target& target(WorkerIndex worker) const;
  enum class Outlook : std::uint8_t { no_name, silent, refused, handshake_fails, opens };
  Outlook outlook(WorkerIndex worker) const;
  RecordId way_changed_by(WorkerIndex worker, HostIndex node) const;
  /// Of the slot among all workers' slots, as records about runs name it.
  std::uint32_t slot_number(WorkerIndex worker, std::uint32_t slot) const {
    return worker * plan_.slots_per_worker + slot;
  }
  const RunState& run(WorkerIndex worker, std::uint32_t slot) const { return state_.runs[slot_number(worker, slot)]; }

  void review_one(WorkerIndex worker, RecordId why);
  bool takes_work(WorkerIndex worker) const;
  void count_in(WorkerIndex worker);
  void offer(WorkerSet set);
  void offer_its_sets(WorkerIndex worker);
  Time last_heartbeat(WorkerIndex worker) const;
  const WorkerState& row(WorkerIndex worker) const { return state_.workers[plan_.workers[worker].row]; }
  model::WorkerStanding standing(WorkerIndex worker) const { return {registered(worker), enabled(worker)}; }
  bool counts(WorkerIndex worker) const;
  bool owns(WorkerIndex worker, const model::TaskRow& row) const;
  void row_changed(WorkerIndex worker, RecordId why);
  void go_on(WorkerIndex worker, RecordId why);
  void call_failed(WorkerIndex worker, CallFailure failure, RecordId why);
  void tell_status(WorkerIndex worker);
  bool outruns_lease(WorkerIndex worker) const;
  void freeze_lease(WorkerIndex worker, std::uint32_t slot, Time last_good, RecordId why);
  Time last_renewal(WorkerIndex worker, std::uint32_t slot) const;
  bool is_told_to_stop(WorkerIndex worker, std::uint32_t slot) const;
  void kill(WorkerIndex worker, std::uint32_t slot, KillReason reason, RecordId why);
  Duration package_length(WorkerIndex worker, const TaskState& task) const;
  bool messages_arrive(WorkerIndex worker) const;
  bool looks_at_calls(WorkerIndex worker) const;
  bool beats_may_overlap(WorkerIndex worker) const;
  bool is_idle_between_beats(WorkerIndex worker) const;
  void note_call(WorkerIndex worker, std::string_view purpose, std::uint64_t number, RecordId why);
  void note_beat(Event event, WorkerIndex worker, std::uint32_t slot, RecordId why);
  Time next_validity_change(WorkerIndex worker, HostIndex node) const;
  void end_service(WorkerIndex worker, EndReason reason, RecordId why);
  /// Its machine runs and the processes on it.
  bool machine_acts(WorkerIndex worker) const;
  /// And its service does not hang.
  bool acts(WorkerIndex worker) const;
  bool may_renew(WorkerIndex worker, std::uint32_t slot) const;
  bool line_heals(WorkerIndex worker) const;
  bool tries_live_address(WorkerIndex worker, std::int64_t turn) const;
  bool line_is_reset(WorkerIndex worker) const;
  bool wants_to_call(WorkerIndex worker) const;
  void call(WorkerIndex worker, RecordId why);
  void try_connect(WorkerIndex worker, RecordId why);
  struct Attempt {
    Time begun, given_up;  // at the address that it tries now
    bool is_over = false;  // no address is left
    Outlook outlook = Outlook::silent;
  };
  Attempt attempt(WorkerIndex worker) const;
  Time next_packet(WorkerIndex worker, const Attempt& attempt) const;
  bool waits_in_vain(WorkerIndex worker, const Attempt& attempt) const;
  void heed_attempt(WorkerIndex worker);
  void heed_calls(WorkerIndex worker);
  void pull(WorkerIndex worker, RecordId why);
  void report(WorkerIndex worker, std::uint32_t slot, RecordId why);
  void freeze_leases(WorkerIndex worker, RecordId why);
  bool error_answers(WorkerIndex worker) const;
  Time kill_time(WorkerIndex worker, std::uint32_t slot) const;
};

}  // namespace rehearse::world
