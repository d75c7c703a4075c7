// The nodes of the simulated cluster: the part of its port that pauses, drains, stops and starts them.
#pragma once

#include <string>

#include "sim/async/simulated_roles.hpp"

namespace rehearse::sim {

struct OfNodes : OfRoles {
  using OfRoles::OfRoles;
  using OfRoles::operator();

  Progress operator()(const steps::cluster::Nodes& request) const;
  Progress operator()(const steps::cluster::QueryNode& request) const;
  Progress operator()(const steps::cluster::PauseNode& request) const;
  Progress operator()(const steps::cluster::DrainNode& request) const;
  Progress operator()(const steps::cluster::ResumeNode& request) const;
  Progress operator()(const steps::cluster::StopNode& request) const;
  Progress operator()(const steps::cluster::StartNode& request) const;
  Progress operator()(const steps::cluster::ClearQuarantine& request) const;

 private:
  /// Failure not_found for a node that is not configured.
  world::HostIndex configured_node(const std::string& name) const;
  /// Configured, and its machine answers.
  world::HostIndex answering_node(const std::string& name) const;
  /// Failure unreachable where the node's cluster service does not run in the cluster.
  world::HostIndex active_node(const std::string& name) const;
  void require_up(world::HostIndex node, const std::string& name) const;
};

}  // namespace rehearse::sim
