#include "tests/far_side/cluster_objects.hpp"

#include <algorithm>
#include <functional>

#include "tests/far_side/cluster_state.hpp"

namespace far_side {
namespace {

const std::string space = "Microsoft.FailoverClusters.PowerShell.";

/// Windows' own texts of these codes.
std::string windows_text(int code) {
  switch (code) {
    case 5: return "Access is denied";
    case 87: return "The parameter is incorrect";
    case 1753: return "There are no more endpoints available from the endpoint mapper";
    case 5001: return "The operation could not be completed because other resources are dependent on this resource";
    case 5002: return "The cluster resource dependency cannot be found";
    case 5004: return "The cluster resource is not online";
    case 5007: return "The cluster resource could not be found";
    case 5010: return "The object already exists";
    case 5013: return "The cluster group could not be found";
    case 5016:
      return "The operation failed because either the specified cluster node is not the owner of the group, or the "
             "node is not a possible owner of the group";
    case 5019: return "The operation could not be completed because the cluster resource is online";
    case 5038: return "The cluster resource could not be brought online by the resource monitor";
    case 5042: return "The cluster node could not be found";
    case 5050: return "The cluster node is down";
    case 5059: return "The dependency would create a circular relationship";
    case 5065: return "The cluster node is already a member of the cluster";
    case 5072: return "The cluster node is not ready to perform the requested operation";
    case 5078: return "The specified cluster resource type could not be found";
    case 5908: return "The group is unable to accept the request since it is moving to another node";
    default: throw std::logic_error("the far side has no text for Windows' code " + std::to_string(code));
  }
}

Value state_of(const std::string& type, const std::string& state, const std::map<std::string, int>& numbers) {
  return enumeration(space + type, state, numbers.at(state));
}

Value group_state(const std::string& state) {
  return state_of("ClusterGroupState", state,
                  {{"Online", 0}, {"Offline", 1}, {"Failed", 2}, {"PartialOnline", 3}, {"Pending", 4}});
}

Value resource_state(const std::string& state) {
  return state_of("ClusterResourceState", state,
                  {{"Online", 2}, {"Offline", 3}, {"Failed", 4}, {"OnlinePending", 129}, {"OfflinePending", 130}});
}

/// Where the common properties of an object are now; a renamed one is elsewhere than before.
using Properties = std::function<Named<std::int64_t>&()>;

/// Common properties are members that can be assigned; anything else has no setter.
void add_common(const std::shared_ptr<Object>& object, const std::vector<CommonProperty>& known,
                const Properties& present) {
  for (const CommonProperty& property : known) {
    object->members[property.name] = *common_property(known, present(), property.name);
  }
  const std::weak_ptr<Object> self = object;
  object->assign = [&known, present, self](const std::string& name, const Value& value) {
    const auto property =
        std::find_if(known.begin(), known.end(), [&](const CommonProperty& one) { return same_text(one.name, name); });
    if (property == known.end() || property->read_only) {
      Error error("'" + name + "' is a ReadOnly property.", "InvalidOperation", "PropertyAssignmentException");
      error.type = "System.Management.Automation.SetValueException";
      throw error;
    }
    const std::int64_t number = value.whole();
    if (number < 0 || number > 4294967295) {
      throw net_error("System.Management.Automation.SetValueInvocationException",
                      "Exception setting \"" + name + "\": \"Value was either too large or too small for a UInt32.\"");
    }
    present()[property->name] = number;
    if (const auto object_now = self.lock()) object_now->members[property->name] = number;
  };
}

/// A resource, or a role, takes another name (ClusterResource.Name and ClusterGroup.Name can be assigned).
template <class T>
void rename(Named<T>& all, const std::string& name, const std::string& other) {
  if (same_text(name, other) && name == other) return;
  if (!same_text(name, other) && all.count(other) != 0) {
    throw net_error("Microsoft.FailoverClusters.PowerShell.ClusterCmdletException",
                    "Unable to set the name of '" + name + "'.\n    The object already exists", 5010);
  }
  T content = std::move(all.at(name));
  all.erase(name);
  all[other] = std::move(content);
}

void rename_resource(Cluster& cluster, const std::string& name, const std::string& other) {
  rename(cluster.resources, name, other);
  if (same_text(cluster.witness, name)) cluster.witness = other;
  for (auto& [user, resource] : cluster.resources) {
    for (Names& any : resource.needs) {
      for (std::string& need : any) {
        if (same_text(need, name)) need = other;
      }
    }
  }
}

void rename_group(Cluster& cluster, const std::string& name, const std::string& other) {
  rename(cluster.groups, name, other);
  for (auto& [resource_name, resource] : cluster.resources) {
    if (same_text(resource.group, name)) resource.group = other;
  }
}

/// Assignments to the name go to `rename_it`, others to the common properties. `current` is the name that it has now.
void add_name(const std::shared_ptr<Object>& object, const std::shared_ptr<std::string>& current,
              const std::function<void(const std::string& name, const std::string& other)>& rename_it) {
  const auto set_other = object->assign;
  const std::weak_ptr<Object> self = object;
  object->assign = [set_other, current, rename_it, self](const std::string& member, const Value& value) {
    if (!same_text(member, "Name")) return set_other(member, value);
    rename_it(*current, value.text());
    *current = value.text();
    if (const auto held = self.lock()) held->members["Name"] = value;
  };
}

}  // namespace

Error cluster_error(const Call& call, const std::string& what, int windows_code, const std::string& category) {
  std::string type = call.cmdlet;
  std::erase(type, '-');
  Error error(what + "\n    " + windows_text(windows_code), category, call.cmdlet + "," + space + type + "Command",
              -2146233088);
  error.type = space + "ClusterCmdletException";
  error.inner = make_object("System.ComponentModel.Win32Exception", {{"Message", windows_text(windows_code)},
                                                                     {"NativeErrorCode", windows_code},
                                                                     {"HResult", std::int64_t{-2147467259}}});
  return error;
}

Cluster& connected(FarMachine& at, const Call& call) {
  const std::string& cluster = call["Cluster"].text();
  const bool local =
      cluster.empty() || cluster == "." || (at.world.cluster && same_text(cluster, at.world.cluster->name));
  if (!local || !at.world.cluster || at.world.cluster->nodes.count(at.name) == 0 ||
      at.here().services.at("ClusSvc").state != "Running") {
    Error error = cluster_error(call,
                                "The cluster service is not running.  Make sure that the service is running on all "
                                "nodes in the cluster.",
                                1753, "ConnectionError");
    error.id = "ClusterEndpointNotRegistered," + error.id.substr(error.id.find(',') + 1);
    throw error;
  }
  if (!is_member(at.world, at.name)) {
    throw cluster_error(call, "The cluster service of '" + at.name + "' has not joined a cluster.", 5072);
  }
  return *at.world.cluster;
}

void require_second_hop(FarMachine& at, const Call& call) {
  if (at.logon != Logon::network) return;
  Error error = cluster_error(
      call,
      "You do not have administrative privileges on the cluster. Contact your network administrator to request access.",
      5, "PermissionDenied");
  error.id = "ClusterAccessDenied," + error.id.substr(error.id.find(',') + 1);
  throw error;
}

ClusterNode& find_node(Cluster& cluster, const Call& call, const std::string& name) {
  const auto found = cluster.nodes.find(name);
  if (found == cluster.nodes.end()) {
    throw cluster_error(call, "An error occurred opening node '" + name + "'.", 5042, "ObjectNotFound");
  }
  return found->second;
}

ClusterGroup& find_group(Cluster& cluster, const Call& call, const std::string& name) {
  const auto found = cluster.groups.find(name);
  if (found == cluster.groups.end()) {
    throw cluster_error(call, "An error occurred opening group '" + name + "'.", 5013, "ObjectNotFound");
  }
  return found->second;
}

ClusterResource& find_resource(Cluster& cluster, const Call& call, const std::string& name) {
  const auto found = cluster.resources.find(name);
  if (found == cluster.resources.end()) {
    throw cluster_error(call, "An error occurred opening resource '" + name + "'.", 5007, "ObjectNotFound");
  }
  return found->second;
}

std::string name_of(const Value& value) {
  return value.object() != nullptr ? value.member("Name").text() : value.text();
}

Names subjects(const Call& call, const std::string& parameter, const std::string& type) {
  Names names;
  for (const Value& value : call[parameter].items()) names.push_back(name_of(value));
  const Array given = call.has("InputObject") ? call["InputObject"].items() : call.input;
  for (const Value& value : given) {
    if (value.object() != nullptr && value.object()->type == type) names.push_back(name_of(value));
  }
  return names;
}

std::string resource_subject(const Call& call, const std::string& parameter) {
  const Names names = subjects(call, parameter, resource_type);
  if (names.size() != 1) {
    throw Error("No resource was specified.", "InvalidArgument", "MissingArgument," + call.cmdlet);
  }
  return names.front();
}

Names reachable_nodes(FarMachine& at, const Call& call, const Names& given) {
  Names names;
  for (const std::string& one : given.empty() ? Names{at.name} : given) {
    const std::string name = machine_named(at.world, one);
    if (name.empty() || !machine_of(at.world, name).on) {
      throw cluster_error(call,
                          "There was an error adding node '" + one + "' to the cluster\n    The node cannot be " +
                              "contacted. Ensure that the node is powered on and is connected to the network.",
                          1753, "ConnectionError");
    }
    if (!same_text(name, at.name) && at.logon == Logon::network) {
      Error error = cluster_error(call,
                                  "There was an error adding node '" + name + "' to the cluster\n    You do not " +
                                      "have administrative privileges on the server '" + name + "'.",
                                  5, "PermissionDenied");
      error.hresult = -2147024891;
      throw error;
    }
    if (machine_of(at.world, name).services.count("ClusSvc") == 0) {
      throw cluster_error(call, "The Failover Clustering feature is not installed on '" + name + "'.", 5042);
    }
    names.push_back(name);
  }
  return names;
}

Value cluster_object(FarMachine& at) {
  Cluster& cluster = *at.world.cluster;
  auto object = make_object(
      space + "Cluster",
      {{"Name", cluster.name}, {"Id", cluster.id}, {"Domain", at.world.domain.dns_name}, {"Description", ""}});
  object->shown = cluster.name;
  add_common(object, cluster_properties(), [&cluster]() -> Named<std::int64_t>& { return cluster.common; });
  return object;
}

Value node_object(FarMachine& at, const std::string& name) {
  Cluster& cluster = *at.world.cluster;
  ClusterNode& node = cluster.nodes.at(name);
  auto object = make_object(
      node_type,
      {{"Name", cluster.nodes.find(name)->first},
       {"NodeName", cluster.nodes.find(name)->first},
       {"Cluster", cluster.name},
       {"Id", std::to_string(node.id)},
       {"State", state_of("ClusterNodeState", node.state, {{"Up", 0}, {"Down", 1}, {"Paused", 2}, {"Joining", 3}})},
       {"DrainStatus", state_of("ClusterNodeDrainStatus", node.drain,
                                {{"NotInitiated", 0}, {"InProgress", 1}, {"Completed", 2}, {"Failed", 3}})},
       {"DrainTarget", std::int64_t{4294967295}},
       {"StatusInformation", enumeration(space + "ClusterNodeStatusInformation",
                                         node.quarantined ? "Quarantined" : "Normal", node.quarantined ? 2 : 0)},
       {"NodeWeight", node.weight},
       {"DynamicWeight", node.dynamic_weight},
       {"BuildNumber", 17763},
       {"MajorVersion", 10},
       {"MinorVersion", 0}});
  object->shown = cluster.nodes.find(name)->first;
  object->assign = [&node](const std::string& member, const Value& value) {
    if (!same_text(member, "NodeWeight")) {
      throw Error("'" + member + "' is a ReadOnly property.", "InvalidOperation", "PropertyAssignmentException");
    }
    node.weight = static_cast<int>(value.whole());
  };
  return object;
}

Value group_object(FarMachine& at, const std::string& name) {
  Cluster& cluster = *at.world.cluster;
  const ClusterGroup& group = cluster.groups.at(name);
  const std::string spelled = cluster.groups.find(name)->first;
  auto object = make_object(group_type, {{"Name", spelled},
                                         {"Cluster", cluster.name},
                                         {"IsCoreGroup", group.core},
                                         {"OwnerNode", node_object(at, group.owner)},
                                         {"State", group_state(state_of_group(cluster, name))},
                                         {"GroupType", enumeration(space + "GroupType", group.type,
                                                                   group.type == "GenericService"     ? 108
                                                                   : group.type == "Cluster"          ? 1
                                                                   : group.type == "AvailableStorage" ? 2
                                                                                                      : 9999)}});
  object->shown = spelled;
  auto current = std::make_shared<std::string>(spelled);
  add_common(object, group_properties(),
             [&cluster, current]() -> Named<std::int64_t>& { return cluster.groups.at(*current).common; });
  add_name(object, current,
           [&cluster](const std::string& from, const std::string& to) { rename_group(cluster, from, to); });
  return object;
}

Value resource_object(FarMachine& at, const std::string& name) {
  Cluster& cluster = *at.world.cluster;
  const ClusterResource& resource = cluster.resources.at(name);
  const std::string spelled = cluster.resources.find(name)->first;
  const Value group = group_object(at, resource.group);
  auto type = make_object(space + "ClusterResourceType", {{"Name", resource.type}, {"DisplayName", resource.type}});
  type->shown = resource.type;
  auto object = make_object(resource_type, {{"Name", spelled},
                                            {"Cluster", cluster.name},
                                            {"IsCoreResource", resource.core},
                                            {"OwnerGroup", group},
                                            {"OwnerNode", group.member("OwnerNode")},
                                            {"ResourceType", type},
                                            {"State", resource_state(resource.state)},
                                            {"LastOperationStatusCode", 0},
                                            {"ResourceSpecificStatus", ""}});
  object->shown = spelled;
  auto current = std::make_shared<std::string>(spelled);
  add_common(object, resource_properties(),
             [&cluster, current]() -> Named<std::int64_t>& { return cluster.resources.at(*current).common; });
  object->members["PersistentState"] = resource.wanted ? 1 : 0;
  add_name(object, current,
           [&cluster](const std::string& from, const std::string& to) { rename_resource(cluster, from, to); });
  return object;
}

Span time_to_wait(const Call& call) {
  return call.has("Wait") ? Span(std::chrono::seconds(call["Wait"].whole())) : Span(std::chrono::hours(24));
}

}  // namespace far_side
