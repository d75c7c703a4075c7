#include "tests/far_side/cluster_objects.hpp"

#include <algorithm>
#include <functional>

#include "tests/far_side/cluster_state.hpp"

namespace far_side {
namespace {

const std::string space = "Microsoft.FailoverClusters.PowerShell.";

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

}  // namespace far_side
