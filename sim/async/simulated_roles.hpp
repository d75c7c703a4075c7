// The roles and resources of the simulated cluster: the part of its port that deals with them.
#pragma once

#include "sim/async/calls.hpp"

namespace rehearse::sim {

struct OfRoles {
  explicit OfRoles(Turn the_turn)
      : turn(the_turn), world(the_turn.world), state(world.state()), plan(world.plan()), design(plan.design()) {}

  Turn turn;
  world::World& world;
  const world::State& state;
  const world::Blueprint& plan;
  const model::Design& design;

  Progress operator()(const steps::cluster::Roles& request) const;
  Progress operator()(const steps::cluster::QueryRole& request) const;
  Progress operator()(const steps::cluster::RoleOwner& request) const;
  Progress operator()(const steps::cluster::Resources& request) const;
  Progress operator()(const steps::cluster::QueryResource& request) const;
  Progress operator()(const steps::cluster::Dependencies& request) const;
  Progress operator()(const steps::cluster::SetDependencies& request) const;
  Progress operator()(const steps::cluster::AddGenericService& request) const;
  Progress operator()(const steps::cluster::CreateRole& request) const;
  Progress operator()(const steps::cluster::QueryProperty& request) const;
  Progress operator()(const steps::cluster::SetResourceProperty& request) const;
  Progress operator()(const steps::cluster::OnlineRole& request) const;
  Progress operator()(const steps::cluster::OnlineResource& request) const;
  Progress operator()(const steps::cluster::OfflineResource& request) const;
  Progress operator()(const steps::cluster::OfflineRole& request) const;
  Progress operator()(const steps::cluster::FailResource& request) const;
  Progress operator()(const steps::cluster::MoveRole& request) const;
  Progress operator()(const steps::cluster::MoveRoleToBest& request) const;
  Progress operator()(const steps::cluster::ForceFailover& request) const;
  Progress operator()(const steps::cluster::DataMoves& request) const;
  Progress operator()(const steps::cluster::ResumeDataMovement& request) const;

  /// Failure not_found without a cluster, unreachable when none of its nodes is in it.
  void require_cluster() const;
  /// The first active member that the operator reaches; none: nobody answers for the cluster.
  world::HostIndex first_active_node() const;

 private:
  world::GroupIndex role(const std::string& name) const;
  world::ResourceIndex resource(const std::string& name) const;
  /// The node of a replica of the availability group whose role is named.
  world::HostIndex replica(const std::string& name, const std::string& node) const;
  std::int64_t property(world::ResourceIndex resource, steps::ResourceProperty which) const;
};

}  // namespace rehearse::sim
