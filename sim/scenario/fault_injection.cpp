#include "sim/scenario/fault_injection.hpp"

#include <stdexcept>

#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::sim {
namespace {

using world::HostIndex;
using world::HostState;
using world::Process;
using world::World;

HostIndex host_of(const World& world, const std::string& name) {
  const HostIndex host = world.plan().find_host(name);
  if (host == world::none) throw std::logic_error("no host " + name + ": the reader let it pass");
  return host;
}

HostIndex machine_of_worker(const World& world, const std::string& name) {
  return world.plan().workers.at(world.plan().find_worker(name)).host;
}

/// The node whose master process runs; none: none does.
HostIndex master_node(const World& world) {
  for (HostIndex node = 0; node < world.plan().node_count; ++node) {
    const Process process = world.state().hosts[node].master;
    if (process == Process::running || process == Process::hung) return node;
  }
  return world::none;
}

bool lose_power(World& world, HostIndex host, world::RecordId why) {
  const HostState& state = world.state().hosts[host];
  if (!state.powered && !state.booting) return false;
  world.membership().lose_power(host, why);
  return true;
}

bool boot(World& world, HostIndex host, world::RecordId why) {
  if (world.state().hosts[host].powered || world.state().hosts[host].booting) return false;
  world.membership().boot(host, why);
  return true;
}

bool set_links(World& world, const TimelineEntry& fault, bool up, world::RecordId why) {
  bool changed = false;
  for (const std::string& name : fault.hosts) {
    const HostIndex host = host_of(world, name);
    changed = changed || world.state().hosts[host].linked != up;
    world.membership().set_link(host, up, why);
  }
  return changed;
}

bool set_sides(World& world, const TimelineEntry& fault, bool apart, world::RecordId why) {
  const std::uint64_t partition = std::uint64_t{1} << fault.partition;
  bool changed = false;
  for (const std::string& name : fault.hosts) {
    const HostIndex host = host_of(world, name);
    const std::uint64_t before = world.state().hosts[host].side;
    const std::uint64_t after = apart ? before | partition : before & ~partition;
    changed = changed || before != after;
    world.membership().set_side(host, after, why);
  }
  return changed;
}

}  // namespace

bool inject(World& world, const TimelineEntry& fault, world::RecordId why) {
  switch (fault.fault) {
    case FaultKind::node_power_loss: return lose_power(world, host_of(world, fault.hosts.front()), why);
    case FaultKind::node_bugcheck: {
      const HostIndex host = host_of(world, fault.hosts.front());
      if (!world.state().hosts[host].powered) return false;
      world.membership().bugcheck(host, why);
      return true;
    }
    case FaultKind::node_cluster_service_crash: {
      const HostIndex host = host_of(world, fault.hosts.front());
      if (world.state().hosts[host].service != world::ClusterService::up) return false;
      world.membership().crash_cluster_service(host, why);
      return true;
    }
    case FaultKind::network_nic_down: return set_links(world, fault, false, why);
    case FaultKind::network_partition: return set_sides(world, fault, true, why);
    case FaultKind::witness_down:
      return world.plan().witness_host != world::none && lose_power(world, world.plan().witness_host, why);
    case FaultKind::sql_crash: return world.sql().crash(why);
    case FaultKind::sql_hang: return world.sql().hang(why);
    case FaultKind::master_crash: {
      const HostIndex node = master_node(world);
      return node != world::none && world.masters().crash(node, why);
    }
    case FaultKind::master_hang: {
      const HostIndex node = master_node(world);
      return node != world::none && world.masters().hang(node, why);
    }
    case FaultKind::worker_crash_service:
      return world.workers().crash_service(world.plan().find_worker(fault.hosts.front()), why);
    case FaultKind::worker_crash_host: return lose_power(world, machine_of_worker(world, fault.hosts.front()), why);
  }
  throw std::logic_error("no such fault");
}

bool repair(World& world, const TimelineEntry& fault, world::RecordId why) {
  switch (fault.fault) {
    case FaultKind::node_power_loss: return boot(world, host_of(world, fault.hosts.front()), why);
    case FaultKind::network_nic_down: return set_links(world, fault, true, why);
    case FaultKind::network_partition: return set_sides(world, fault, false, why);
    case FaultKind::witness_down:
      return world.plan().witness_host != world::none && boot(world, world.plan().witness_host, why);
    case FaultKind::sql_hang: return world.sql().recover_from_hang(why);
    case FaultKind::master_hang: {
      // A person ends the process; the cluster finds the service stopped and restarts it.
      const HostIndex node = master_node(world);
      return node != world::none && world.state().hosts[node].master == Process::hung &&
             world.masters().crash(node, why);
    }
    case FaultKind::worker_crash_service:
      return world.workers().start_service(world.plan().find_worker(fault.hosts.front()), why);
    case FaultKind::worker_crash_host: return boot(world, machine_of_worker(world, fault.hosts.front()), why);
    case FaultKind::node_bugcheck:
    case FaultKind::node_cluster_service_crash:
    case FaultKind::sql_crash:
    case FaultKind::master_crash: break;
  }
  throw std::logic_error("this fault is not repaired by hand: the reader let it pass");
}

}  // namespace rehearse::sim
