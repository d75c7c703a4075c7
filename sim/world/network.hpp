// Who can talk to whom, and which machine stands behind a name just now. Pure questions to the state (behaviour.md 1,
// 5). Two machines reach each other when both run, both have a card up on a network for that kind of traffic, no
// partition separates them and, across sites, the link is up.
#pragma once

#include "sim/world/target.hpp"
#include "sim/world/world.hpp"

namespace rehearse::world {

/// The reasons of Network, for whoever holds a state but no world.
bool machines_meet(HostIndex a, HostIndex b, const State& state, const Blueprint& plan);

/// A firewall on the way drops what is sent to that port of the host.
bool port_is_blocked(HostIndex host, Port port, const State& state);

/// Which node answers at the role's addresses, and at which of them (a place in GroupPlan::addresses). `from`: as a
/// machine finds it that reaches only some of the nodes; none: as the cluster sees it.
struct AddressAnswer {
  HostIndex node = none;  // none: nobody answers
  std::uint32_t place = none;
};
AddressAnswer who_answers(GroupIndex group, HostIndex from, const State& state, const Blueprint& plan);

/// The node whose card carries one of the role's addresses, and whose card is up; none: nobody.
HostIndex address_holder(GroupIndex group, const State& state, const Blueprint& plan);

class Network {
 public:
  explicit Network(const World& world) : Network(world.state(), world.plan()) {}
  Network(const State& state, const Blueprint& plan) : state_(state), plan_(plan) {}

  /// For clients: a connection can be opened from a to b.
  bool reach(HostIndex a, HostIndex b) const { return machines_meet(a, b, state_, plan_); }

  /// The share of heartbeats between two nodes that is lost, 0 to 1; 1: no route is up. Each pair of cards on one
  /// network is a route; nodes of other subnets have one route for each rank of their cards, or all of them with
  /// PlumbAllCrossSubnetRoutes (W 1.1, 1.2).
  double heartbeat_loss(HostIndex a, HostIndex b) const;
  bool hears(HostIndex a, HostIndex b) const { return heartbeat_loss(a, b) < 1; }

  /// Which pair of heartbeat settings holds between two nodes (W 1.1).
  enum class Distance : std::uint8_t { same_subnet, cross_subnet, cross_site };
  Distance distance(HostIndex a, HostIndex b) const;

  /// The node can lock the witness: a share or cloud over the network, a disk over its own paths.
  bool reaches_witness(HostIndex node) const;

  HostIndex address_holder(GroupIndex group) const { return world::address_holder(group, state_, plan_); }

  /// What the worker's endpoint leads to at this instant. Workers::target() gives the same, and faster.
  Target endpoint_of(WorkerIndex worker) const;

  /// Whether a TCP connection to the host's port gets an answer: a master process has opened its URL there.
  bool listening(HostIndex host, int port) const;

  /// The master's port of the host is open in its own firewall and in those on the way.
  bool master_port_open(HostIndex host) const;

  /// Whether SqlServerName, as this host's settings give it, leads to the instance from there (S 2, behaviour.md 6).
  enum class SqlPath : std::uint8_t { open, name_wrong, away };
  SqlPath sql_path(HostIndex from, TextIndex sql_server_name) const;

 private:
  const State& state_;
  const Blueprint& plan_;
};

}  // namespace rehearse::world
