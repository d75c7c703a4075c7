// Roles: groups of resources (W 4, 8).
#include <algorithm>

#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/cluster_objects.hpp"
#include "tests/far_side/cluster_state.hpp"

namespace far_side {
namespace {

bool is_moving(const Cluster& cluster, const std::string& group) {
  return !cluster.groups.at(group).moving_to.empty();
}

bool is_pending(const Cluster& cluster, const std::string& group) {
  const Names names = resources_of(cluster, group);
  return is_moving(cluster, group) || std::any_of(names.begin(), names.end(), [&](const std::string& name) {
           const ClusterResource& resource = cluster.resources.at(name);
           return resource.state.ends_with("Pending") || resource.retry.has_value();
         });
}

Array get_group(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  Names names = subjects(call, "Name", group_type);
  for (const std::string& resource : subjects(call, "", resource_type)) {
    names.push_back(find_resource(cluster, call, resource).group);
  }
  const Names of_nodes = subjects(call, "", node_type);
  Array objects;
  if (names.empty()) {
    for (const auto& [name, group] : cluster.groups) {
      if (of_nodes.empty() || same_text(group.owner, of_nodes.front())) objects.push_back(group_object(at, name));
    }
    return objects;
  }
  for (const std::string& name : names) {
    find_group(cluster, call, name);
    objects.push_back(group_object(at, name));
  }
  return objects;
}

Array add_group(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  Array objects;
  for (const std::string& name : texts_of(call["Name"])) {
    if (cluster.groups.count(name) != 0) {
      throw cluster_error(call, "An error occurred while creating clustered role '" + name + "'.", 5010,
                          "ResourceExists");
    }
    ClusterGroup group;
    group.owner = at.name;
    if (call.has("GroupType")) group.type = call["GroupType"].text();
    cluster.groups[name] = group;
    objects.push_back(group_object(at, name));
  }
  return objects;
}

Array remove_group(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  for (const std::string& name : subjects(call, "Name", group_type)) {
    find_group(cluster, call, name);
    const Names resources = resources_of(cluster, name);
    if (!resources.empty() && !call["RemoveResources"].truth()) {
      throw cluster_error(call, "An error occurred while removing clustered role '" + name + "'.", 5001);
    }
    if (!call["Force"].truth()) throw prompts("Remove-ClusterGroup");
    for (const std::string& resource : resources) want_offline(cluster, resource);
    at.wait_until([&] { return !is_pending(cluster, name); }, 10min);
    for (const std::string& resource : resources) cluster.resources.erase(resource);
    cluster.groups.erase(name);
  }
  return {};
}

bool ends_online(const Cluster& cluster, const std::string& name) {
  const std::string state = state_of_group(cluster, name);
  return state == "Online" || state == "PartialOnline";
}

Array start_group(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  Array objects;
  for (const std::string& name : subjects(call, "Name", group_type)) {
    find_group(cluster, call, name);
    const Names resources = resources_of(cluster, name);
    for (const std::string& resource : resources) want_online(cluster, resource);
    if (call.has("Wait") && call["Wait"].whole() == 0) {
      objects.push_back(group_object(at, name));
      continue;
    }
    at.wait(Span(500));
    at.wait_until([&] { return !is_pending(cluster, name); }, time_to_wait(call));
    if (!resources.empty() && !is_pending(cluster, name) && !ends_online(cluster, name)) {
      throw cluster_error(call, "An error occurred while bringing the clustered role '" + name + "' online.", 5038);
    }
    objects.push_back(group_object(at, name));
  }
  return objects;
}

Array stop_group(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  Array objects;
  for (const std::string& name : subjects(call, "Name", group_type)) {
    find_group(cluster, call, name);
    for (const std::string& resource : resources_of(cluster, name)) want_offline(cluster, resource);
    at.wait_until([&] { return state_of_group(cluster, name) == "Offline"; }, time_to_wait(call));
    objects.push_back(group_object(at, name));
  }
  return objects;
}

Array move_group(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  Array objects;
  for (const std::string& name : subjects(call, "Name", group_type)) {
    ClusterGroup& group = find_group(cluster, call, name);
    const std::string failed = "An error occurred while moving the clustered role '" + name + "'.";
    std::string target = name_of(call["Node"]);
    if (target.empty()) {
      const Names candidates = candidates_for(at.world, name, group.owner);
      if (candidates.empty()) throw cluster_error(call, failed, 5016);
      target = candidates.front();
    }
    const ClusterNode& node = find_node(cluster, call, target);
    if (node.state == "Down" || node.state == "Joining") throw cluster_error(call, failed, 5050);
    if (is_moving(cluster, name)) throw cluster_error(call, failed, 5908);
    if (!may_own(cluster, name, target) || node.state == "Paused") throw cluster_error(call, failed, 5016);
    begin_move(at.world, name, target);
    if (!call.has("Wait") || call["Wait"].whole() != 0) {
      at.wait(Span(500));
      at.wait_until([&] { return !is_pending(cluster, name); }, time_to_wait(call));
    }
    objects.push_back(group_object(at, name));
  }
  return objects;
}

/// The role's own client access point (W 6.1): an address a subnet, and a name that needs any one of them.
void add_access_point(FarMachine& at, const Call& call, const std::string& role) {
  Cluster& cluster = *at.world.cluster;
  Names addresses = texts_of(call["StaticAddress"]);
  const bool by_dhcp = addresses.empty();
  if (by_dhcp) addresses = {""};
  Names made;
  for (const std::string& address : addresses) {
    const std::string name = by_dhcp ? "IP Address (" + role + ")" : "IP Address " + address;
    ClusterResource& resource = add_resource(cluster, name, "IP Address", role);
    for (const auto& [network_name, network] : cluster.networks) {
      const bool of_network = by_dhcp || subnet_of(address, at.here().prefix) == network.address;
      if (!of_network) continue;
      resource.parameters["Network"] = registry_text(network_name);
      resource.parameters["SubnetMask"] = registry_text(network.mask);
      break;
    }
    if (resource.parameters["Network"].text.empty()) {
      cluster.resources.erase(name);
      for (const std::string& other : made) cluster.resources.erase(other);
      cluster.groups.erase(role);
      throw cluster_error(call, "Static address '" + address + "' was not found on any appropriate cluster network.",
                          87, "InvalidArgument");
    }
    resource.parameters["Address"] = registry_text(address);
    resource.parameters["EnableDhcp"] = registry_number(by_dhcp ? 1 : 0);
    made.push_back(name);
  }
  ClusterResource& name = add_resource(cluster, role, "Network Name", role);
  name.parameters["Name"] = registry_text(role);
  name.parameters["DnsName"] = registry_text(role);
  name.needs = {made};
}

Array add_generic_service_role(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  require_second_hop(at, call);
  const std::string service = call["ServiceName"].text();
  const auto installed = at.here().services.find(service);
  if (installed == at.here().services.end()) {
    throw Error("The service '" + service + "' was not found on node '" + at.name + "'.", "ObjectNotFound",
                "Add-ClusterGenericServiceRole,Microsoft.FailoverClusters.PowerShell.AddGenericServiceRoleCommand");
  }
  const std::string role = call.has("Name") ? call["Name"].text() : service;
  if (cluster.groups.count(role) != 0 || at.world.domain.computers.count(role) != 0) {
    throw cluster_error(call, "An error occurred while creating clustered role '" + role + "'.", 5010,
                        "ResourceExists");
  }
  ClusterGroup group;
  group.type = "GenericService";
  group.owner = at.name;
  cluster.groups[role] = group;
  add_access_point(at, call, role);
  // The wizard's name of the resource is the service's display name.
  const std::string resource_name = installed->second.display;
  ClusterResource& resource = add_resource(cluster, resource_name, "Generic Service", role);
  resource.parameters["ServiceName"] = registry_text(service);
  resource.parameters["UseNetworkName"] = registry_number(1);
  resource.needs = {{role}};
  for (const std::string& disk : texts_of(call["Storage"])) {
    find_resource(cluster, call, disk).group = role;
    resource.needs.push_back({disk});
  }
  for (const std::string& name : resources_of(cluster, role)) want_online(cluster, name);
  at.wait(Span(500));
  at.wait_until([&] { return !is_pending(cluster, role); }, time_to_wait(call));
  return {group_object(at, role)};
}

}  // namespace

void add_role_cmdlets(Cmdlets& cmdlets) {
  cmdlets["Get-ClusterGroup"] = get_group;
  cmdlets["Add-ClusterGroup"] = add_group;
  cmdlets["Remove-ClusterGroup"] = remove_group;
  cmdlets["Start-ClusterGroup"] = start_group;
  cmdlets["Stop-ClusterGroup"] = stop_group;
  cmdlets["Move-ClusterGroup"] = move_group;
  cmdlets["Add-ClusterGenericServiceRole"] = add_generic_service_role;
}

}  // namespace far_side
