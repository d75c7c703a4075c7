// Resources: making and removing them, online and offline (W 3, 5, 8).
#include <algorithm>

#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/cluster_objects.hpp"
#include "tests/far_side/cluster_state.hpp"

namespace far_side {
namespace {

const char* const known_types[] = {"Generic Service", "IP Address",          "Network Name",  "Physical Disk",
                                   "SQL Server",      "SQL Server Agent",    "Cloud Witness", "File Share Witness",
                                   "Generic Script",  "Generic Application", "IPv6 Address"};

Array get_resource(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  Names names = subjects(call, "Name", resource_type);
  for (const std::string& group : subjects(call, "", group_type)) {
    for (const std::string& name : resources_of(cluster, group)) names.push_back(name);
  }
  const bool piped = !call.input.empty() || call.has("InputObject");
  if (names.empty() && !piped) {
    for (const auto& [name, resource] : cluster.resources) names.push_back(name);
  }
  Array objects;
  for (const std::string& name : names) {
    find_resource(cluster, call, name);
    objects.push_back(resource_object(at, name));
  }
  return objects;
}

Array add(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  const std::string name = call["Name"].text(), type = call["ResourceType"].text();
  std::string group = call["Group"].text();
  const Names piped = subjects(call, "", group_type);
  if (group.empty() && !piped.empty()) group = piped.front();
  const std::string failed = "An error occurred while adding resource '" + name + "'.";
  find_group(cluster, call, group);
  if (cluster.resources.count(name) != 0) throw cluster_error(call, failed, 5010, "ResourceExists");
  const bool known = std::any_of(std::begin(known_types), std::end(known_types),
                                 [&](const char* one) { return same_text(one, type); });
  if (!known) throw cluster_error(call, failed, 5078);
  ClusterResource& resource = add_resource(cluster, name,
                                           *std::find_if(std::begin(known_types), std::end(known_types),
                                                         [&](const char* one) { return same_text(one, type); }),
                                           group);
  if (call["SeparateMonitor"].truth()) resource.common["SeparateMonitor"] = 1;
  return {resource_object(at, name)};
}

Array remove(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  for (const std::string& name : subjects(call, "Name", resource_type)) {
    const ClusterResource& resource = find_resource(cluster, call, name);
    const std::string failed = "An error occurred while removing resource '" + name + "'.";
    if (!dependents_of(cluster, name).empty() && !call["Force"].truth()) throw cluster_error(call, failed, 5001);
    if (resource.state != "Offline" && resource.state != "Failed") throw cluster_error(call, failed, 5019);
    if (!call["Force"].truth()) throw prompts("Remove-ClusterResource");
    cluster.resources.erase(name);
    for (auto& [other_name, other] : cluster.resources) {
      for (Names& any : other.needs) std::erase_if(any, [&](const std::string& need) { return same_text(need, name); });
      std::erase_if(other.needs, [](const Names& any) { return any.empty(); });
    }
  }
  return {};
}

Array start(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  Array objects;
  for (const std::string& name : subjects(call, "Name", resource_type)) {
    ClusterResource& resource = find_resource(cluster, call, name);
    want_online(cluster, name);
    if (!call.has("Wait") || call["Wait"].whole() != 0) {
      at.wait(Span(500));
      at.wait_until([&] { return resource.state == "Online" || (resource.state == "Failed" && !resource.retry); },
                    call.has("Wait") ? time_to_wait(call) : Span(10min));
      if (resource.state == "Failed") {
        throw cluster_error(call, "An error occurred while attempting to bring the resource '" + name + "' online.",
                            5038);
      }
    }
    objects.push_back(resource_object(at, name));
  }
  return objects;
}

Array stop(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  Array objects;
  for (const std::string& name : subjects(call, "Name", resource_type)) {
    const ClusterResource& resource = find_resource(cluster, call, name);
    want_offline(cluster, name);
    at.wait_until([&] { return resource.state == "Offline"; }, time_to_wait(call));
    objects.push_back(resource_object(at, name));
  }
  return objects;
}

Array fail(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  Array objects;
  for (const std::string& name : subjects(call, "Name", resource_type)) {
    const ClusterResource& resource = find_resource(cluster, call, name);
    if (resource.state != "Online") {
      throw cluster_error(call, "An error occurred while attempting to fail the resource '" + name + "'.", 5004);
    }
    fail_resource(at.world, name);
    objects.push_back(resource_object(at, name));
  }
  return objects;
}

Array update_name(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  Array objects;
  for (const std::string& name : subjects(call, "Name", resource_type)) {
    find_resource(cluster, call, name);
    objects.push_back(resource_object(at, name));
  }
  return objects;
}

}  // namespace

void add_resource_cmdlets(Cmdlets& cmdlets) {
  cmdlets["Get-ClusterResource"] = get_resource;
  cmdlets["Add-ClusterResource"] = add;
  cmdlets["Remove-ClusterResource"] = remove;
  cmdlets["Start-ClusterResource"] = start;
  cmdlets["Stop-ClusterResource"] = stop;
  cmdlets["Test-ClusterResourceFailure"] = fail;
  cmdlets["Update-ClusterNetworkNameResource"] = update_name;
}

}  // namespace far_side
