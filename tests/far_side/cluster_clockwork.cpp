// Nodes and roles: who is a member, who owns what, drains and moves.
#include <algorithm>

#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/cluster_state.hpp"

namespace far_side {
namespace {

bool anybody_is_member(const FarWorld& world) {
  return std::any_of(world.cluster->nodes.begin(), world.cluster->nodes.end(),
                     [&](const auto& entry) { return is_member(world, entry.first); });
}

void joined(FarWorld& world, const std::string& name) {
  ClusterNode& node = world.cluster->nodes.at(name);
  node.state = node.paused ? "Paused" : "Up";
  node.dynamic_weight = 1;
  node.only_joins = false;
  // Forced quorum ends when enough votes have joined (W 2.4).
  if (world.cluster->forced) {
    world.cluster->forced = false;
    if (!has_quorum(world)) world.cluster->forced = true;
  }
}

void settle_joining(FarWorld& world) {
  for (auto& [name, node] : world.cluster->nodes) {
    if (node.state != "Joining" || node.due > world.now) continue;
    // Whoever starts looks for members first, and forms the cluster only when nobody answers (W 1.6).
    if (anybody_is_member(world) || (!node.only_joins && has_quorum(world))) joined(world, name);
  }
}

void lose_quorum(FarWorld& world) {
  for (auto& [name, node] : world.cluster->nodes) {
    if (node.state == "Down") continue;
    node.state = "Joining";  // the service ends and is started again (W 2.4)
    node.due = world.now + 60s;
  }
  for (auto& [name, resource] : world.cluster->resources) resource.state = "Offline";
}

void stop_what_runs(FarWorld& world, const std::string& group) {
  Cluster& cluster = *world.cluster;
  for (const std::string& name : resources_of(cluster, group)) {
    ClusterResource& resource = cluster.resources.at(name);
    resource.state = "Offline";
    resource.retry.reset();
  }
}

void settle_move(FarWorld& world, const std::string& name, ClusterGroup& group) {
  Cluster& cluster = *world.cluster;
  const Names resources = resources_of(cluster, name);
  const bool stopped = std::all_of(resources.begin(), resources.end(), [&](const std::string& one) {
    const std::string& state = cluster.resources.at(one).state;
    return state == "Offline" || state == "Failed";
  });
  if (!stopped) return;
  for (const std::string& one : resources) {
    ClusterResource& resource = cluster.resources.at(one);
    if (resource.state == "Failed") resource.state = "Offline";
    resource.retry.reset();
  }
  if (is_member(world, group.moving_to)) group.owner = group.moving_to;
  group.moving_to.clear();
}

/// Drains end when nothing moves any more; what is left and runs makes a failure of them. A node that stops does so
/// whatever is left.
void settle_leaving(FarWorld& world) {
  Cluster& cluster = *world.cluster;
  for (auto& [name, node] : cluster.nodes) {
    if (node.drain != "InProgress" && !node.stopping) continue;
    bool moving = false, stuck = false;
    for (const auto& [group_name, group] : cluster.groups) {
      if (!same_text(group.owner, name)) continue;
      if (!group.moving_to.empty()) moving = true;
      if (state_of_group(cluster, group_name) != "Offline") stuck = true;
    }
    if (moving) continue;
    if (node.drain == "InProgress") node.drain = stuck ? "Failed" : "Completed";
    if (node.stopping) stop_service(world, name, "ClusSvc");
  }
}

}  // namespace

void node_lost(FarWorld& world, const std::string& name) {
  if (!world.cluster || world.cluster->nodes.count(name) == 0) return;
  Cluster& cluster = *world.cluster;
  ClusterNode& node = cluster.nodes.at(name);
  const bool was_member = node.state == "Up" || node.state == "Paused";
  node.state = "Down";
  // Whoever stops in order hands its vote over before it goes: a planned stop is always survived (W 2.2).
  if (node.stopping) node.dynamic_weight = 0;
  node.stopping = false;
  if (node.drain == "InProgress") node.drain = "Failed";
  for (auto& [group_name, group] : cluster.groups) {
    if (same_text(group.owner, name)) stop_what_runs(world, group_name);
    if (same_text(group.moving_to, name)) group.moving_to.clear();
  }
  if (!was_member) return;
  if (!has_quorum(world)) return lose_quorum(world);
  // Dynamic quorum: who is gone has no vote any more once the others have survived it (W 2.1).
  if (anybody_is_member(world)) node.dynamic_weight = 0;
}

void begin_move(FarWorld& world, const std::string& group, const std::string& node) {
  ClusterGroup& role = world.cluster->groups.at(group);
  if (!same_text(role.owner, node)) role.moving_to = world.cluster->nodes.find(node)->first;
}

void settle_cluster(FarWorld& world) {
  Cluster& cluster = *world.cluster;
  for (auto& [name, node] : cluster.nodes) {
    const Machine& machine = machine_of(world, name);
    if (node.state != "Down" && !(machine.on && machine.services.at("ClusSvc").state == "Running")) {
      node_lost(world, name);
    }
  }
  settle_joining(world);
  if (!anybody_is_member(world)) return;
  for (auto& [name, group] : cluster.groups) {
    if (!is_member(world, group.owner)) {
      const Names targets = candidates_for(world, name, "");
      if (targets.empty()) continue;
      stop_what_runs(world, name);
      group.owner = targets.front();
      group.moving_to.clear();
    }
    if (!group.moving_to.empty()) settle_move(world, name, group);
  }
  settle_resources(world);
  settle_leaving(world);
}

}  // namespace far_side
