// Who is in the cluster: heartbeats, regroup, quorum, arbitration for the witness, joining and forming (behaviour.md 2;
// W 1, W 2). Each node judges with its own clock and its own phases; nobody knows more than its routes tell.
#pragma once

#include "sim/world/world.hpp"

namespace rehearse::world {

class Membership : public Subject {
 public:
  using Subject::Subject;

  // ---- faults and operations
  void create_cluster(HostIndex first, std::uint64_t nodes, RecordId why);
  void configure_witness(RecordId why);
  void lose_power(HostIndex host, RecordId why);
  void bugcheck(HostIndex host, RecordId why);
  /// Power comes back: the machine boots and its services start.
  void boot(HostIndex host, RecordId why);
  void set_link(HostIndex host, bool up, RecordId why);
  /// `side`: a bit for each partition that cuts the host off; hosts with equal masks reach each other.
  void set_side(HostIndex host, std::uint64_t side, RecordId why);
  void crash_cluster_service(HostIndex node, RecordId why);

  /// In the quorate partition as its last regroup left it.
  bool is_member(HostIndex node) const { return node < 64 && (state_.cluster.members >> node & 1) != 0; }
  /// A member whose cluster service runs: it can own roles.
  bool is_active(HostIndex node) const {
    return is_member(node) && state_.hosts[node].service == ClusterService::up && state_.hosts[node].powered;
  }

  // ---- events
  void booted(HostIndex host, RecordId why);
  void link_noticed(HostIndex node, RecordId why);
  RecordId silence_matters(HostIndex node, HostIndex peer) const;
  Time silence_alarm(HostIndex node, HostIndex peer) const;
  void silence(HostIndex node, HostIndex peer, RecordId why);
  void regroup(HostIndex node, RecordId why);
  void arbitrate(HostIndex node, RecordId why);
  void service_start(HostIndex node, RecordId why);
  void join(HostIndex node, RecordId why);

 private:
  enum class ServiceEnd : std::int64_t { stopped, quorum_lost, crashed, host_lost };
  void host_gone(HostIndex host, RecordId why);
  void routes_changed(RecordId why);
  Time silence_due(HostIndex node, HostIndex peer) const;
  void peer_is_silent(HostIndex node, HostIndex peer, RecordId why);
  void begin_regroup(HostIndex node, RecordId why);
  void survive(std::uint64_t component, HostIndex speaker, bool with_witness, RecordId why);
  void lose_quorum(std::uint64_t component, RecordId why);
  void end_service(HostIndex node, ServiceEnd end, RecordId why);
  void come_up(HostIndex node, RecordId why);
  void reweigh(std::uint64_t present, RecordId why);
  bool form(HostIndex node, RecordId why);
  std::uint64_t component_of(HostIndex node) const;
  bool witness_reachable(HostIndex node) const;
};

}  // namespace rehearse::world
