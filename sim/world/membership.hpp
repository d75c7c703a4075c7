// Who is in the cluster: machines, heartbeats, regroup, quorum, arbitration for the witness, joining, forming, leaving
// (behaviour.md 1, 2; W 1, W 2). Each node judges with its own clock and its own phases; nobody knows more than its
// routes tell. What belongs to one stretch of a node's life is in one file: machines.cpp, heartbeats.cpp, regroup.cpp,
// joining.cpp, leaving.cpp, witness.cpp.
#pragma once

#include "sim/world/decisions.hpp"
#include "sim/world/world.hpp"

namespace rehearse::world {

class Membership : public Subject {
 public:
  using Subject::Subject;

  // ---- machines and networks: faults and their repairs
  void lose_power(HostIndex host, RecordId why);
  void bugcheck(HostIndex host, RecordId why);
  /// Power comes back: the machine boots and its services start.
  void boot(HostIndex host, RecordId why);
  /// Nothing on the machine runs, as when a virtual machine is moved or saved (W 1.7; behaviour.md 2).
  void freeze(HostIndex host, RecordId why);
  void thaw(HostIndex host, RecordId why);
  /// User-mode processes stand still; heartbeats come from the kernel and go on (behaviour.md 2).
  void hang(HostIndex host, RecordId why);
  void end_hang(HostIndex host, RecordId why);
  /// `network`: of the card; none: every card of the machine.
  void set_link(HostIndex host, bool up, RecordId why, NetworkIndex network = none);
  /// `side`: a bit for each partition that cuts the host off; hosts with equal masks reach each other.
  void set_side(HostIndex host, std::uint64_t side, RecordId why);
  void set_site_link(SiteIndex a, SiteIndex b, bool up, RecordId why);
  void set_loss(HostIndex host, std::uint32_t per_million, RecordId why);
  void set_latency(HostIndex host, Duration each_way, RecordId why);
  void set_port_blocked(HostIndex host, Port port, bool blocked, RecordId why);
  void set_directory_refuses(bool refuses, RecordId why);

  // ---- the cluster service: faults and operations; false: it is in no state for that
  void create_cluster(HostIndex first, std::uint64_t nodes, RecordId why);
  bool add_node(HostIndex node, RecordId why);
  bool crash_cluster_service(HostIndex node, RecordId why);
  bool pause(HostIndex node, bool drain, RecordId why);
  enum class Failback : std::uint8_t { stay, immediate, policy };
  bool resume(HostIndex node, Failback failback, RecordId why);
  /// In order: its roles move away first, then its vote goes over, then it leaves (W 1.2, W 2.2).
  bool stop_service(HostIndex node, RecordId why);
  bool start_service(HostIndex node, StartMode mode, RecordId why);
  /// Windows is shut down: drain (DrainOnShutdown), stop, power off, and with `again` boot (W 1.7).
  bool shut_down(HostIndex host, bool again, RecordId why);
  bool clear_quarantine(HostIndex node, RecordId why);

  // ---- the witness
  void configure_witness(RecordId why);
  void set_witness_down(bool down, RecordId why);
  /// Of a disk witness; `node` none: for every node.
  void cut_witness_path(HostIndex node, bool cut, RecordId why);

  /// In the quorate partition as its last regroup left it.
  bool is_member(HostIndex node) const { return node < 64 && (state_.cluster.members >> node & 1) != 0; }
  /// A member whose cluster service runs: it can own roles.
  bool is_active(HostIndex node) const { return is_active_member(node, state_); }
  std::uint64_t active() const { return active_members(state_); }
  bool is_quarantined(HostIndex node) const { return state_.hosts[node].quarantined_until != core::never; }

  // ---- what other subjects tell
  /// The node is being drained: the Cluster Group leaves it like any other role, with the witness (W 1.7).
  void drain_core_group(HostIndex node, RecordId why);
  /// The node's drain may have come to its end: its roles are where they can be.
  void drained(HostIndex node, bool completely, RecordId why);

  // ---- events
  void powered_off(HostIndex host, RecordId why);
  void booted(HostIndex host, RecordId why);
  void link_noticed(HostIndex node, RecordId why);
  void hang_found(HostIndex node, RecordId why);
  RecordId silence_matters(HostIndex node, HostIndex peer) const;
  Time silence_alarm(HostIndex node, HostIndex peer) const;
  void silence(HostIndex node, HostIndex peer, RecordId why);
  void regroup(HostIndex node, RecordId why);
  void arbitrate(HostIndex node, RecordId why);
  void service_start(HostIndex node, RecordId why);
  void join(HostIndex node, RecordId why);
  void leave(HostIndex node, RecordId why);
  void leave_limit(HostIndex node, RecordId why);
  RecordId witness_fails() const;
  void witness_failed(RecordId why);
  void witness_retry(RecordId why);

 private:
  enum class ServiceEnd : std::int64_t { stopped, quorum_lost, crashed, host_lost };
  void host_gone(HostIndex host, RecordId why);
  void routes_changed(RecordId why);
  void tell_removed(RecordId why);
  /// The rest of a shutdown: Windows takes its time, then the machine is off.
  void arm_power_off(HostIndex host, RecordId why);

  Duration silence_limit(HostIndex node, HostIndex peer) const;
  bool beat_arrives(HostIndex node, HostIndex peer, Time beat) const;
  Time last_good_beat(HostIndex node, HostIndex peer) const;
  void heed_silence(HostIndex node, HostIndex peer);
  void watch(HostIndex listener, HostIndex peer);
  void stop_watching(HostIndex listener, HostIndex peer);
  void peer_is_silent(HostIndex node, HostIndex peer, RecordId why);

  void begin_regroup(HostIndex node, RecordId why);
  std::uint64_t component_of(HostIndex node) const;
  std::uint64_t view_of(HostIndex node) const;
  void survive(std::uint64_t component, HostIndex speaker, bool with_witness, RecordId why);
  void lose_quorum(std::uint64_t component, RecordId why);
  void reweigh(std::uint64_t present, RecordId why);
  bool witness_reachable(std::uint64_t nodes) const;
  void watch_witness();

  void end_service(HostIndex node, ServiceEnd end, RecordId why);
  void come_up(HostIndex node, RecordId why);
  bool form(HostIndex node, RecordId why);
  void form_by_force(HostIndex node, RecordId why);
  void look_again(HostIndex node, RecordId why);
  void note_departure(HostIndex node, RecordId why);
};

}  // namespace rehearse::world
