// What resources need (W 3.4), and where they and their roles may run (W 4.3).
#include "tests/far_side/cluster_objects.hpp"
#include "tests/far_side/cluster_state.hpp"

namespace far_side {
namespace {

bool needs_indirectly(const Cluster& cluster, const std::string& resource, const std::string& wanted) {
  if (same_text(resource, wanted)) return true;
  for (const Names& any : cluster.resources.at(resource).needs) {
    for (const std::string& need : any) {
      if (needs_indirectly(cluster, need, wanted)) return true;
    }
  }
  return false;
}

void check_provider(const Cluster& cluster, const Call& call, const std::string& name, const std::string& provider) {
  const std::string failed = "An error occurred while updating the dependencies of resource '" + name + "'.";
  const auto found = cluster.resources.find(provider);
  if (found == cluster.resources.end()) throw cluster_error(call, failed, 5002);
  if (!same_text(found->second.group, cluster.resources.at(name).group)) throw cluster_error(call, failed, 5002);
  if (needs_indirectly(cluster, provider, name)) throw cluster_error(call, failed, 5059);
}

Value dependency_object(FarMachine& at, const std::string& name) {
  return make_object("Microsoft.FailoverClusters.PowerShell.ClusterResourceDependency",
                     {{"Resource", resource_object(at, name)},
                      {"DependencyExpression", dependency_text(at.world.cluster->resources.at(name).needs)}});
}

Array get_dependency(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  Array objects;
  for (const std::string& name : subjects(call, "Resource", resource_type)) {
    find_resource(cluster, call, name);
    objects.push_back(dependency_object(at, name));
  }
  return objects;
}

Array set_dependency(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  const std::string name = resource_subject(call, "Resource");
  ClusterResource& resource = find_resource(cluster, call, name);
  const auto needs = read_dependency(call["Dependency"].text());
  if (!needs) {
    throw cluster_error(call, "The dependency expression '" + call["Dependency"].text() + "' is not valid.", 87,
                        "InvalidArgument");
  }
  for (const Names& any : *needs) {
    for (const std::string& provider : any) check_provider(cluster, call, name, provider);
  }
  // A resource that runs cannot come to need one that does not.
  if (resource.state == "Online") {
    ClusterResource changed = resource;
    changed.needs = *needs;
    if (!needs_met(cluster, changed)) {
      throw cluster_error(call, "An error occurred while updating the dependencies of resource '" + name + "'.", 5004);
    }
  }
  resource.needs = *needs;
  for (Names& any : resource.needs) {
    for (std::string& provider : any) provider = cluster.resources.find(provider)->first;
  }
  return {resource_object(at, name)};
}

Array add_dependency(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  const std::string name = resource_subject(call, "Resource"), provider = call["Provider"].text();
  ClusterResource& resource = find_resource(cluster, call, name);
  check_provider(cluster, call, name, provider);
  resource.needs.push_back({cluster.resources.find(provider)->first});
  return {resource_object(at, name)};
}

Array remove_dependency(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  const std::string name = resource_subject(call, "Resource"), provider = call["Provider"].text();
  ClusterResource& resource = find_resource(cluster, call, name);
  for (Names& any : resource.needs) {
    std::erase_if(any, [&](const std::string& need) { return same_text(need, provider); });
  }
  std::erase_if(resource.needs, [](const Names& any) { return any.empty(); });
  return {resource_object(at, name)};
}

Array get_owners(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  const Names groups = subjects(call, "Group", group_type);
  if (!groups.empty()) {
    const ClusterGroup& group = find_group(cluster, call, groups.front());
    Array owners;
    for (const std::string& name : group.preferred_owners) owners.push_back(node_object(at, name));
    return {make_object("Microsoft.FailoverClusters.PowerShell.ClusterOwnerNodeList",
                        {{"ClusterObject", group_object(at, groups.front())}, {"OwnerNodes", owners}})};
  }
  const std::string name = resource_subject(call, "Resource");
  Names names = find_resource(cluster, call, name).possible_owners;
  if (names.empty()) {
    for (const auto& [node, state] : cluster.nodes) names.push_back(node);
  }
  Array owners;
  for (const std::string& node : names) owners.push_back(node_object(at, node));
  return {make_object("Microsoft.FailoverClusters.PowerShell.ClusterOwnerNodeList",
                      {{"ClusterObject", resource_object(at, name)}, {"OwnerNodes", owners}})};
}

Array set_owners(FarMachine& at, const Call& call) {
  Cluster& cluster = connected(at, call);
  Names owners;
  for (const std::string& name : texts_of(call["Owners"])) {
    find_node(cluster, call, name);
    owners.push_back(cluster.nodes.find(name)->first);
  }
  const Names groups = subjects(call, "Group", group_type);
  if (!groups.empty()) {
    find_group(cluster, call, groups.front()).preferred_owners = owners;
  } else {
    find_resource(cluster, call, resource_subject(call, "Resource")).possible_owners = owners;
  }
  return {};
}

}  // namespace

void add_dependency_cmdlets(Cmdlets& cmdlets) {
  cmdlets["Get-ClusterResourceDependency"] = get_dependency;
  cmdlets["Set-ClusterResourceDependency"] = set_dependency;
  cmdlets["Add-ClusterResourceDependency"] = add_dependency;
  cmdlets["Remove-ClusterResourceDependency"] = remove_dependency;
  cmdlets["Get-ClusterOwnerNode"] = get_owners;
  cmdlets["Set-ClusterOwnerNode"] = set_owners;
}

}  // namespace far_side
