#include "sim/async/simulated_nodes.hpp"

#include <vector>

#include "sim/async/simulated_call.hpp"
#include "sim/world/membership.hpp"

namespace rehearse::sim {

namespace cluster = steps::cluster;
using steps::Answer;
using steps::FailureCode;
using steps::NodeState;
using world::ClusterService;
using world::Condition;
using world::HostIndex;
using world::StartMode;

namespace {

world::Membership::Failback failback_of(steps::Failback failback) {
  switch (failback) {
    case steps::Failback::none: return world::Membership::Failback::stay;
    case steps::Failback::immediate: return world::Membership::Failback::immediate;
    case steps::Failback::policy: return world::Membership::Failback::policy;
  }
  throw std::logic_error("a failback outside the list");
}

StartMode mode_of(steps::NodeStart start) {
  switch (start) {
    case steps::NodeStart::usual: return StartMode::usual;
    case steps::NodeStart::force_quorum: return StartMode::force_quorum;
    case steps::NodeStart::prevent_quorum: return StartMode::prevent_quorum;
  }
  throw std::logic_error("a way to start outside the list");
}

}  // namespace

// ------------------------------------------------------------------------------------------------ finding

HostIndex OfNodes::configured_node(const std::string& name) const {
  const HostIndex node = plan.find_host(name);
  const bool configured = node < plan.node_count && (state.cluster.configured & world::bit(node)) != 0;
  require(configured, FailureCode::not_found, "The cluster node '" + name + "' was not found");
  return node;
}

HostIndex OfNodes::answering_node(const std::string& name) const {
  const HostIndex node = configured_node(name);
  require_answer_of(world, node);
  return node;
}

HostIndex OfNodes::active_node(const std::string& name) const {
  require_cluster();
  const HostIndex node = configured_node(name);
  require(world.membership().is_active(node), FailureCode::unreachable, "The cluster node '" + name + "' is down");
  return node;
}

void OfNodes::require_up(HostIndex node, const std::string& name) const {
  require(turn.met && world.membership().is_active(node), FailureCode::timed_out,
          "The cluster service on '" + name + "' has not joined the cluster");
}

// ------------------------------------------------------------------------------------------------ questions

Progress OfNodes::operator()(const cluster::Nodes&) const {
  require_cluster();
  std::vector<std::string> names;
  world::for_each_bit(state.cluster.configured, [&](HostIndex node) { names.push_back(plan.hosts[node].name); });
  return Answer(std::move(names));
}

Progress OfNodes::operator()(const cluster::QueryNode& r) const {
  require_cluster();
  const HostIndex node = configured_node(r.node);
  const bool paused = (state.cluster.paused & world::bit(node)) != 0;
  if (world.membership().is_active(node)) return Answer(to_text(paused ? NodeState::paused : NodeState::up));
  if (world.membership().is_quarantined(node)) return Answer(to_text(NodeState::quarantined));
  const bool joining = state.hosts[node].powered && state.hosts[node].service == ClusterService::starting;
  return Answer(to_text(joining ? NodeState::joining : NodeState::down));
}

// ------------------------------------------------------------------------------------------------ pausing

Progress OfNodes::operator()(const cluster::PauseNode& r) const {
  const HostIndex node = active_node(r.node);
  world.membership().pause(node, false, turn.cause);
  return Answer();
}

Progress OfNodes::operator()(const cluster::DrainNode& r) const {
  if (turn.stage == 0) {
    const HostIndex node = active_node(r.node);
    world.membership().pause(node, true, turn.cause);
    return pause_until(turn, Condition::Kind::drained, node, r.within);
  }
  const HostIndex node = active_node(r.node);
  require(turn.met, FailureCode::timed_out, "The drain of the cluster node '" + r.node + "' goes on");
  std::string left;
  for (world::GroupIndex group = 0; group < plan.groups.size(); ++group) {
    if (state.groups[group].exists && state.groups[group].owner == node) {
      left += (left.empty() ? "'" : ", '") + plan.groups[group].name + "'";
    }
  }
  require(left.empty(), FailureCode::refused,
          "The drain of the cluster node '" + r.node + "' failed: no other node can own " + left);
  return Answer();
}

Progress OfNodes::operator()(const cluster::ResumeNode& r) const {
  const HostIndex node = active_node(r.node);
  world.membership().resume(node, failback_of(r.failback), turn.cause);
  return Answer();
}

// ------------------------------------------------------------------------------------------------ stopping, starting

Progress OfNodes::operator()(const cluster::StopNode& r) const {
  const HostIndex node = answering_node(r.node);
  if (turn.stage == 0) {
    require(world.membership().stop_service(node, turn.cause), FailureCode::not_found,
            "There is no cluster service on '" + r.node + "'");
    return pause_until(turn, Condition::Kind::node_down, node, r.within);
  }
  require(turn.met, FailureCode::timed_out, "The cluster service on '" + r.node + "' has not stopped");
  return Answer();
}

Progress OfNodes::operator()(const cluster::StartNode& r) const {
  const HostIndex node = answering_node(r.node);
  if (turn.stage == 0) {
    if (world.membership().is_active(node)) return Answer();
    require(!world.membership().is_quarantined(node), FailureCode::refused,
            "The cluster node '" + r.node + "' is quarantined: it cannot join the cluster");
    require(world.membership().start_service(node, mode_of(r.start), turn.cause), FailureCode::refused,
            "The cluster service on '" + r.node + "' runs, in a partition that the cluster has left behind");
    if (r.within == Duration::zero()) return Answer();
    return pause_until(turn, Condition::Kind::node_up, node, r.within);
  }
  require_up(node, r.node);
  return Answer();
}

Progress OfNodes::operator()(const cluster::ClearQuarantine& r) const {
  const HostIndex node = answering_node(r.node);
  if (turn.stage == 0) {
    if (world.membership().is_active(node)) return Answer();
    world.membership().clear_quarantine(node, turn.cause);
    if (state.hosts[node].service != ClusterService::up) {
      world.membership().start_service(node, StartMode::usual, turn.cause);
    }
    return pause_until(turn, Condition::Kind::node_up, node, r.within);
  }
  require_up(node, r.node);
  return Answer();
}

}  // namespace rehearse::sim
