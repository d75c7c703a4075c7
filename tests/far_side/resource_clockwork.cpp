// Resources: coming online and going offline in the order of their needs, failing, and what the policies then do
// (W 3.2 to 3.4, 5, 6, 7.3).
#include <algorithm>

#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/cluster_state.hpp"

namespace far_side {
namespace {

const std::string& owner_of(const Cluster& cluster, const ClusterResource& resource) {
  return cluster.groups.at(resource.group).owner;
}

std::string text_parameter(const ClusterResource& resource, const std::string& name) {
  const auto found = resource.parameters.find(name);
  return found == resource.parameters.end() ? "" : found->second.text;
}

/// The Windows service behind a resource; empty for types that have none.
std::string service_behind(const FarWorld& world, const std::string& name, const ClusterResource& resource) {
  if (resource.type == "Generic Service") return text_parameter(resource, "ServiceName");
  for (const auto& [server, instance] : world.instances) {
    if (same_text(instance.resource, name)) return instance.service;
    if (same_text(instance.group, resource.group) && resource.type == "SQL Server Agent") return instance.agent_service;
  }
  return "";
}

Span online_time(const std::string& type) {
  if (type == "SQL Server") return 6s;
  if (type == "Network Name" || type == "SQL Server Agent") return 2s;
  return 1s;
}

bool address_fits(const FarWorld& world, const ClusterResource& resource) {
  const Machine& machine = machine_of(world, owner_of(*world.cluster, resource));
  const auto dhcp = resource.parameters.find("EnableDhcp");
  if (dhcp != resource.parameters.end() && dhcp->second.number == 1) return true;
  const std::string address = text_parameter(resource, "Address");
  if (address.empty() || subnet_of(address, machine.prefix) != subnet_of(machine.address, machine.prefix)) return false;
  // Duplicate detection (W 6.2, event 1049).
  return std::none_of(world.machines.begin(), world.machines.end(),
                      [&](const auto& other) { return other.second.on && other.second.address == address; });
}

/// A name comes online with the addresses that are online, and stands in the DNS with them (W 6.1).
bool register_name(FarWorld& world, const ClusterResource& resource) {
  Names addresses;
  for (const Names& any : resource.needs) {
    for (const std::string& need : any) {
      const ClusterResource& provider = world.cluster->resources.at(need);
      if (provider.type == "IP Address" && provider.state == "Online") {
        addresses.push_back(text_parameter(provider, "Address"));
      }
    }
  }
  const std::string name = text_parameter(resource, "DnsName").empty() ? text_parameter(resource, "Name")
                                                                       : text_parameter(resource, "DnsName");
  if (addresses.empty() || name.empty()) return false;
  world.domain.dns[name] = addresses;
  world.domain.computers.insert(name);
  return true;
}

void begin_online(FarWorld& world, const std::string& name, ClusterResource& resource) {
  resource.state = "OnlinePending";
  resource.due = world.now + online_time(resource.type);
  const std::string service = service_behind(world, name, resource);
  if (service.empty()) return;
  const std::string& owner = owner_of(*world.cluster, resource);
  Named<Service>& services = machine_of(world, owner).services;
  const auto found = services.find(service);
  if (found == services.end()) return;
  // The generic service's DLL ends a copy that runs already and starts its own (W 5).
  if (found->second.state == "Running") found->second.state = "Stopped";
  if (found->second.start_type != "Disabled") start_service(world, owner, service);
}

enum class Outcome { good, bad, wait };

Outcome outcome_of_online(FarWorld& world, const std::string& name, const ClusterResource& resource) {
  const Machine& owner = machine_of(world, owner_of(*world.cluster, resource));
  if (resource.type == "IP Address") return address_fits(world, resource) ? Outcome::good : Outcome::bad;
  if (resource.type == "Network Name") return register_name(world, resource) ? Outcome::good : Outcome::bad;
  if (resource.type == "File Share Witness") {
    return world.domain.shares.count(text_parameter(resource, "SharePath")) != 0 ? Outcome::good : Outcome::bad;
  }
  const std::string service = service_behind(world, name, resource);
  if (service.empty()) return resource.type == "Generic Service" ? Outcome::bad : Outcome::good;
  const auto found = owner.services.find(service);
  if (found == owner.services.end()) return Outcome::bad;
  if (found->second.state == "StartPending") return Outcome::wait;
  if (found->second.state != "Running") return Outcome::bad;
  for (auto& [server, instance] : world.instances) {
    if (same_text(instance.resource, name)) instance.mixed_mode = instance.mixed_mode_wanted;
  }
  return Outcome::good;
}

void begin_offline(FarWorld& world, const std::string& name, ClusterResource& resource) {
  resource.state = "OfflinePending";
  resource.due = world.now + 1s;
  const std::string service = service_behind(world, name, resource);
  const std::string& owner = owner_of(*world.cluster, resource);
  if (!service.empty() && is_running(machine_of(world, owner), service)) stop_service(world, owner, service);
}

bool service_still_stops(const FarWorld& world, const std::string& name, const ClusterResource& resource) {
  const Machine& machine = machine_of(world, owner_of(*world.cluster, resource));
  const auto found = machine.services.find(service_behind(world, name, resource));
  return found != machine.services.end() && found->second.state == "StopPending";
}

bool dependents_are_down(const Cluster& cluster, const std::string& name) {
  const Names dependents = dependents_of(cluster, name);
  return std::all_of(dependents.begin(), dependents.end(), [&](const std::string& one) {
    const ClusterResource& other = cluster.resources.at(one);
    if (other.state == "Offline" || other.state == "Failed") return true;
    // Another provider of an "or" may keep the dependent alive.
    return std::none_of(other.needs.begin(), other.needs.end(), [&](const Names& any) {
      const auto is_this = [&](const std::string& need) { return same_text(need, name); };
      const auto is_online = [&](const std::string& need) {
        return !is_this(need) && cluster.resources.at(need).state == "Online";
      };
      return std::any_of(any.begin(), any.end(), is_this) && std::none_of(any.begin(), any.end(), is_online);
    });
  });
}

/// An address of a subnet that the owner is not in stays offline while another one can serve the name (W 6.2).
bool belongs_elsewhere(const FarWorld& world, const std::string& name, const ClusterResource& resource) {
  if (resource.type != "IP Address" || text_parameter(resource, "Address").empty()) return false;
  const Machine& machine = machine_of(world, owner_of(*world.cluster, resource));
  const std::string here = subnet_of(machine.address, machine.prefix);
  if (subnet_of(text_parameter(resource, "Address"), machine.prefix) == here) return false;
  for (const std::string& dependent : dependents_of(*world.cluster, name)) {
    for (const Names& any : world.cluster->resources.at(dependent).needs) {
      const bool holds = std::any_of(any.begin(), any.end(), [&](const auto& one) { return same_text(one, name); });
      if (holds && any.size() > 1) return true;
    }
  }
  return false;
}

/// Whether it shall run now: wanted, its role not on the way, and everything that it needs wanted as well.
bool shall_run(const Cluster& cluster, const ClusterResource& resource) {
  if (!resource.wanted || !cluster.groups.at(resource.group).moving_to.empty()) return false;
  return std::all_of(resource.needs.begin(), resource.needs.end(), [&](const Names& any) {
    return std::any_of(any.begin(), any.end(), [&](const std::string& need) {
      const auto found = cluster.resources.find(need);
      return found != cluster.resources.end() && found->second.wanted;
    });
  });
}

bool health_is_lost(const FarWorld& world, const std::string& name, const ClusterResource& resource) {
  const std::string service = service_behind(world, name, resource);
  return !service.empty() && !is_running(machine_of(world, owner_of(*world.cluster, resource)), service);
}

void settle_resource(FarWorld& world, const std::string& name, ClusterResource& resource) {
  Cluster& cluster = *world.cluster;
  if (!is_member(world, owner_of(cluster, resource))) return;
  const bool due = resource.due <= world.now;
  if (resource.state == "Offline" && shall_run(cluster, resource) && needs_met(cluster, resource)) {
    if (!belongs_elsewhere(world, name, resource)) begin_online(world, name, resource);
  } else if (resource.state == "OnlinePending" && !shall_run(cluster, resource)) {
    begin_offline(world, name, resource);
  } else if (resource.state == "OnlinePending" && due) {
    const Outcome outcome = outcome_of_online(world, name, resource);
    if (outcome == Outcome::good) resource.state = "Online";
    if (outcome == Outcome::bad) fail_resource(world, name);
  } else if (resource.state == "Online" && health_is_lost(world, name, resource)) {
    fail_resource(world, name);
  } else if (resource.state == "Online" && (!shall_run(cluster, resource) || !needs_met(cluster, resource))) {
    if (dependents_are_down(cluster, name)) begin_offline(world, name, resource);
  } else if (resource.state == "OfflinePending" && due && !service_still_stops(world, name, resource)) {
    resource.state = "Offline";
  } else if (resource.state == "Failed" && !cluster.groups.at(resource.group).moving_to.empty()) {
    resource.state = "Offline";
  } else if (resource.state == "Failed" && resource.retry && *resource.retry <= world.now) {
    resource.retry.reset();
    resource.state = "Offline";
  }
}

}  // namespace

void settle_resources(FarWorld& world) {
  for (auto& [name, resource] : world.cluster->resources) settle_resource(world, name, resource);
}

void fail_resource(FarWorld& world, const std::string& name) {
  Cluster& cluster = *world.cluster;
  ClusterResource& resource = cluster.resources.at(name);
  ClusterGroup& group = cluster.groups.at(resource.group);
  const auto setting = [&](const char* property) {
    return *common_property(resource_properties(), resource.common, property);
  };
  resource.state = "Failed";
  const std::string service = service_behind(world, name, resource);
  if (!service.empty() && is_running(machine_of(world, group.owner), service)) {
    stop_service(world, group.owner, service);
  }
  resource.failures.push_back(world.now);
  std::erase_if(resource.failures, [&](Instant at) { return world.now - at > Span(setting("RestartPeriod")); });
  const std::int64_t action = setting("RestartAction");
  if (action == 0) return;
  if (static_cast<std::int64_t>(resource.failures.size()) <= setting("RestartThreshold")) {
    resource.retry = world.now + Span(setting("RestartDelay"));
    return;
  }
  if (action == 2) {
    const std::int64_t hours = *common_property(group_properties(), group.common, "FailoverPeriod");
    std::erase_if(group.failovers, [&](Instant at) { return world.now - at > std::chrono::hours(hours); });
    std::int64_t threshold = *common_property(group_properties(), group.common, "FailoverThreshold");
    if (threshold == 4294967295) threshold = static_cast<std::int64_t>(cluster.nodes.size()) - 1;  // W 4.2
    const Names targets = candidates_for(world, resource.group, group.owner);
    if (!targets.empty() && static_cast<std::int64_t>(group.failovers.size()) < threshold) {
      group.failovers.push_back(world.now);
      begin_move(world, resource.group, targets.front());
      return;
    }
  }
  resource.retry = world.now + Span(setting("RetryPeriodOnFailure"));
}

}  // namespace far_side
