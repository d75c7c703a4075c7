// The cluster as a whole, and forming it (W 8).
#include <algorithm>

#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/cluster_objects.hpp"
#include "tests/far_side/cluster_state.hpp"

namespace far_side {
namespace {

Array get_cluster(FarMachine& at, const Call& call) {
  Call asked = call;
  if (call.has("Name")) asked.named["Cluster"] = call["Name"];
  connected(at, asked);
  return {cluster_object(at)};
}

void add_core_role(FarMachine& at, const Call& call, const std::string& owner) {
  Cluster& cluster = *at.world.cluster;
  ClusterGroup core;
  core.type = "Cluster";
  core.owner = owner;
  core.core = true;
  cluster.groups["Cluster Group"] = core;
  Names addresses = texts_of(call["StaticAddress"]);
  if (addresses.empty()) addresses = {""};  // by DHCP
  Names made;
  for (const std::string& one : addresses) {
    made.push_back(made.empty() ? "Cluster IP Address" : "Cluster IP Address " + one);
    ClusterResource& address = add_resource(cluster, made.back(), "IP Address", "Cluster Group");
    address.core = true;
    address.parameters["Address"] = registry_text(one);
    address.parameters["EnableDhcp"] = registry_number(one.empty() ? 1 : 0);
  }
  ClusterResource& name = add_resource(cluster, "Cluster Name", "Network Name", "Cluster Group");
  name.core = true;
  name.parameters["Name"] = registry_text(cluster.name);
  name.parameters["DnsName"] = registry_text(cluster.name);
  name.needs = {made};
  want_online(cluster, "Cluster Name");
}

/// Every shared disk becomes a resource; of an even number of nodes the smallest disk becomes the witness.
void add_storage(FarMachine& at) {
  Cluster& cluster = *at.world.cluster;
  ClusterGroup storage;
  storage.type = "AvailableStorage";
  storage.owner = cluster.groups.at("Cluster Group").owner;
  storage.core = true;
  cluster.groups["Available Storage"] = storage;
  std::string smallest;
  int size = 0, number = 0;
  for (const auto& [disk, gigabytes] : at.world.domain.disks) {
    const std::string name = "Cluster Disk " + std::to_string(++number);
    add_resource(cluster, name, "Physical Disk", "Available Storage").wanted = true;
    if (smallest.empty() || gigabytes < size) {
      smallest = name;
      size = gigabytes;
    }
  }
  at.world.domain.disks.clear();
  if (!smallest.empty() && cluster.nodes.size() % 2 == 0) {
    cluster.resources.at(smallest).group = "Cluster Group";
    cluster.witness = smallest;
  }
}

void add_networks(FarMachine& at) {
  Cluster& cluster = *at.world.cluster;
  for (const auto& [name, node] : cluster.nodes) {
    const Machine& machine = machine_of(at.world, name);
    const ClusterNetwork network{subnet_of(machine.address, machine.prefix), mask_of(machine.prefix)};
    const bool known = std::any_of(cluster.networks.begin(), cluster.networks.end(),
                                   [&](const auto& entry) { return entry.second.address == network.address; });
    if (!known) cluster.networks["Cluster Network " + std::to_string(cluster.networks.size() + 1)] = network;
  }
}

Array new_cluster(FarMachine& at, const Call& call) {
  const std::string name = call["Name"].text();
  const Names nodes = reachable_nodes(at, call, texts_of(call["Node"]));
  if (at.logon == Logon::network) require_second_hop(at, call);
  for (const std::string& node : nodes) {
    if (at.world.cluster && at.world.cluster->nodes.count(node) != 0) {
      throw cluster_error(call, "There was an error adding node '" + node + "' to the cluster", 5065);
    }
  }
  if (at.world.domain.computers.count(name) != 0) {
    throw cluster_error(
        call,
        "An error occurred while creating the cluster '" + name + "'.\n    The computer object exists and is enabled.",
        5010, "ResourceExists");
  }
  for (const std::string& address : texts_of(call["StaticAddress"])) {
    const bool fits = std::any_of(nodes.begin(), nodes.end(), [&](const std::string& node) {
      const Machine& machine = machine_of(at.world, node);
      return subnet_of(address, machine.prefix) == subnet_of(machine.address, machine.prefix);
    });
    if (fits) continue;
    throw cluster_error(call, "Static address '" + address + "' was not found on any cluster network.", 87,
                        "InvalidArgument");
  }
  Cluster cluster;
  cluster.name = name;
  cluster.id = new_guid(at.world);
  int id = 0;
  for (const std::string& node : nodes) {
    ClusterNode member;
    member.id = ++id;
    member.state = "Joining";
    member.due = at.world.now + 5s;
    cluster.nodes[node] = member;
    Service& service = machine_of(at.world, node).services.at("ClusSvc");
    service.start_type = "Automatic";
    service.state = "Running";
  }
  at.world.cluster = cluster;
  add_networks(at);
  add_core_role(at, call, nodes.front());
  if (!call["NoStorage"].truth()) add_storage(at);
  at.wait_until([&] { return at.world.cluster->resources.at("Cluster Name").state == "Online"; }, 5min);
  return {cluster_object(at)};
}

}  // namespace

void add_cluster_cmdlets(Cmdlets& cmdlets) {
  cmdlets["Get-Cluster"] = get_cluster;
  cmdlets["New-Cluster"] = new_cluster;
}

}  // namespace far_side
