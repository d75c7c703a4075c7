// Nodes of the cluster (W 1.4, 1.5, 1.7, 2.4, 8).
#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/cluster_objects.hpp"
#include "tests/far_side/cluster_state.hpp"

namespace far_side {
namespace {

Array objects_of(FarMachine& at, const Names& names) {
  Array objects;
  for (const std::string& name : names) objects.push_back(node_object(at, name));
  return objects;
}

Names nodes_of(FarMachine& at, const Call& call) {
  Names names = subjects(call, "Name", node_type);
  if (names.empty()) names = {at.name};
  return names;
}

Array get_node(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  Names names = subjects(call, "Name", node_type);
  if (names.empty()) {
    for (const auto& [name, node] : cluster.nodes) names.push_back(name);
  }
  for (const std::string& name : names) find_node(cluster, call, name);
  return objects_of(at, names);
}

void drain(FarMachine& at, const std::string& name) {
  Cluster& cluster = *at.world.cluster;
  ClusterNode& node = cluster.nodes.at(name);
  node.drain = "InProgress";
  node.failback.clear();
  for (const auto& [group_name, group] : cluster.groups) {
    if (!same_text(group.owner, name)) continue;
    const Names targets = candidates_for(at.world, group_name, name);
    if (targets.empty()) continue;
    if (state_of_group(cluster, group_name) != "Offline") node.failback[group_name] = name;
    begin_move(at.world, group_name, targets.front());
  }
}

Array suspend_node(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  const Names names = nodes_of(at, call);
  for (const std::string& name : names) {
    ClusterNode& node = find_node(cluster, call, name);
    if (node.state == "Down") throw cluster_error(call, "Failed to pause node '" + name + "'.", 5050);
    node.paused = true;
    if (node.state == "Up") node.state = "Paused";
    if (call["Drain"].truth()) drain(at, name);
    if (call["Wait"].truth()) {
      at.wait_until([&] { return node.drain != "InProgress"; }, 1h);
      if (node.drain == "Failed") {
        throw cluster_error(call, "An error occurred while draining node '" + name + "'.", 5016);
      }
    }
  }
  return objects_of(at, names);
}

Array resume_node(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  const Names names = nodes_of(at, call);
  const std::string failback = call.has("Failback") ? call["Failback"].text() : "NoFailback";
  for (const char* known : {"NoFailback", "Immediate", "Policy"}) {
    if (same_text(failback, known)) break;
    if (std::string(known) != "Policy") continue;
    throw Error("Cannot bind parameter 'Failback'. Cannot convert value \"" + failback +
                    "\" to type \"Microsoft.FailoverClusters.PowerShell.ResumeClusterNodeFailbackType\".",
                "InvalidArgument", "CannotConvertArgumentNoMessage");
  }
  for (const std::string& name : names) {
    ClusterNode& node = find_node(cluster, call, name);
    node.paused = false;
    node.drain = "NotInitiated";
    if (node.state == "Paused") node.state = "Up";
    for (const auto& [group_name, home] : node.failback) {
      const auto group = cluster.groups.find(group_name);
      if (group == cluster.groups.end()) continue;
      const bool allowed = *common_property(group_properties(), group->second.common, "AutoFailbackType") == 1;
      if (same_text(failback, "Immediate") || (same_text(failback, "Policy") && allowed)) {
        begin_move(at.world, group_name, name);
      }
    }
    node.failback.clear();
  }
  return objects_of(at, names);
}

Array stop_node(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  const Names names = nodes_of(at, call);
  for (const std::string& name : names) {
    ClusterNode& node = find_node(cluster, call, name);
    node.stopping = true;
    // The roles leave first, as far as they can go (W 1.7).
    for (const auto& [group_name, group] : cluster.groups) {
      if (!same_text(group.owner, name)) continue;
      const Names targets = candidates_for(at.world, group_name, name);
      if (!targets.empty()) begin_move(at.world, group_name, targets.front());
    }
    const Service& service = machine_of(at.world, name).services.at("ClusSvc");
    at.wait_until([&] { return service.state == "Stopped"; }, time_to_wait(call));
  }
  return objects_of(at, names);
}

Array start_node(FarMachine& at, const Call& call) {
  require_second_hop(at, call);
  const Names names = nodes_of(at, call);
  if (!at.world.cluster) {
    throw cluster_error(call,
                        "The cluster service is not running.  Make sure that the service is running on all "
                        "nodes in the cluster.",
                        1753, "ConnectionError");
  }
  Cluster& cluster = *at.world.cluster;
  for (const std::string& name : names) {
    ClusterNode& node = find_node(cluster, call, name);
    if (call["ClearQuarantine"].truth()) node.quarantined = false;
    node.only_joins = call["PreventQuorum"].truth();
    if (call["ForceQuorum"].truth()) cluster.forced = true;
    Service& service = machine_of(at.world, name).services.at("ClusSvc");
    if (service.state == "Running" && node.state == "Down" && !node.quarantined) {
      node.state = "Joining";
      node.due = at.world.now + 8s;
    }
    start_service(at.world, name, "ClusSvc");
    at.wait_until([&] { return is_member(at.world, name) || node.quarantined; }, time_to_wait(call));
  }
  return objects_of(at, names);
}

Array add_node(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  require_second_hop(at, call);
  Names added;
  for (const std::string& given : texts_of(call["Name"])) {
    const std::string name = machine_named(at.world, given);
    if (name.empty() || !machine_of(at.world, name).on) {
      throw cluster_error(call,
                          "The node '" + given +
                              "' cannot be contacted. Ensure that the node is powered on and "
                              "is connected to the network.",
                          1753, "ConnectionError");
    }
    Machine& machine = machine_of(at.world, name);
    if (machine.services.count("ClusSvc") == 0) {
      throw Error("The Failover Clustering feature is not installed on '" + name + "'.", "NotSpecified",
                  "Add-ClusterNode,Microsoft.FailoverClusters.PowerShell.AddClusterNodeCommand");
    }
    if (cluster.nodes.count(name) != 0) throw cluster_error(call, "The node '" + name + "' is in the cluster.", 5065);
    ClusterNode node;
    for (const auto& [other_name, other] : cluster.nodes) node.id = std::max(node.id, other.id);
    ++node.id;
    node.state = "Down";
    cluster.nodes[name] = node;
    machine.services["ClusSvc"].start_type = "Automatic";
    machine.services["ClusSvc"].state = "Stopped";
    start_service(at.world, name, "ClusSvc");
    at.wait_until([&] { return is_up(at.world, name); }, 10min);
    added.push_back(name);
  }
  return objects_of(at, added);
}

Array remove_node(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  require_second_hop(at, call);
  for (const std::string& name : subjects(call, "Name", node_type)) {
    find_node(cluster, call, name);
    for (const auto& [group_name, group] : cluster.groups) {
      if (same_text(group.owner, name)) throw cluster_error(call, "The node '" + name + "' owns roles.", 5016);
    }
    Service& service = machine_of(at.world, name).services.at("ClusSvc");
    service.state = "Stopped";
    service.start_type = "Disabled";
    cluster.nodes.erase(name);
  }
  return {};
}

}  // namespace

void add_node_cmdlets(Cmdlets& cmdlets) {
  cmdlets["Get-ClusterNode"] = get_node;
  cmdlets["Suspend-ClusterNode"] = suspend_node;
  cmdlets["Resume-ClusterNode"] = resume_node;
  cmdlets["Stop-ClusterNode"] = stop_node;
  cmdlets["Start-ClusterNode"] = start_node;
  cmdlets["Add-ClusterNode"] = add_node;
  cmdlets["Remove-ClusterNode"] = remove_node;
}

}  // namespace far_side
