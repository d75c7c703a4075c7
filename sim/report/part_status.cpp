#include "sim/report/part_status.hpp"

#include <fmt/format.h>

#include <bit>
#include <stdexcept>

#include "sim/report/reasons.hpp"
#include "sim/report/roles.hpp"
#include "sim/scenario/service.hpp"

namespace rehearse::sim {

using world::ClusterService;
using world::HostState;
using world::Line;
using world::none;
using world::Process;
using world::ResourceStatus;

namespace {

bool owner_is_gone(world::GroupIndex role, const world::State& state) {
  const world::HostIndex owner = state.groups[role].owner;
  return owner != none && !world::is_active_member(owner, state);
}

}  // namespace

std::string_view to_text(Tone tone) {
  switch (tone) {
    case Tone::good: return "in service";
    case Tone::changing: return "changing";
    case Tone::limited: return "limited";
    case Tone::bad: return "out";
    case Tone::idle: return "not wanted";
    case Tone::count_: break;
  }
  throw std::logic_error("no such tone");
}

Status cluster_status(const world::State& state, const world::Blueprint& plan) {
  const world::ClusterState& cluster = state.cluster;
  if (!cluster.created) return {};
  std::string members;
  std::size_t active = 0;
  world::for_each_bit(cluster.members, [&](world::HostIndex node) {
    if (!world::is_active_member(node, state)) return;
    ++active;
    members += (members.empty() ? "" : ", ") + plan.hosts[node].name;
  });
  if (active == 0) return {Tone::bad, "no node is active", "down"};
  const auto configured = static_cast<std::size_t>(std::popcount(cluster.configured));
  const std::string text = fmt::format("{} of {} nodes active: {}", active, configured, members);
  if (cluster.forced) return {Tone::limited, text + ", quorum forced", "quorum forced"};
  return {active == configured ? Tone::good : Tone::limited, text, active == configured ? "" : members};
}

Status machine_status(world::HostIndex host, const world::State& state) {
  const HostState& machine = state.hosts[host];
  if (!machine.powered) return {Tone::bad, "off", "off"};
  if (machine.booting) return {Tone::changing, "starting", "starting"};
  if (machine.frozen) return {Tone::bad, "frozen", "frozen"};
  if (machine.hung) return {Tone::bad, "hung", "hung"};
  return {Tone::good, "running", ""};
}

Status node_status(world::HostIndex node, const world::State& state, const world::Blueprint&) {
  const HostState& host = state.hosts[node];
  if (const Status machine = machine_status(node, state); machine.tone != Tone::good) return machine;
  const bool member = (state.cluster.members & world::bit(node)) != 0;
  const bool paused = (state.cluster.paused & world::bit(node)) != 0;
  if (host.service == ClusterService::up && member)
    return paused ? Status{Tone::limited, "paused", "paused"} : Status{Tone::good, "in the cluster", ""};
  if (host.quarantined_until != core::never) return {Tone::bad, "quarantined", "quarantined"};
  switch (host.service) {
    case ClusterService::up: return {Tone::bad, "cut off from the cluster", "cut off"};
    case ClusterService::starting: return {Tone::changing, "joining the cluster", "joining"};
    case ClusterService::stopped: return {Tone::bad, "cluster service stopped", "no cluster service"};
    case ClusterService::absent: break;
  }
  return {Tone::idle, "in no cluster", ""};
}

Status role_status(world::GroupIndex role, const world::State& state, const world::Blueprint& plan) {
  const world::GroupState& group = state.groups[role];
  if (!group.exists) return {};
  if (owner_is_gone(role, state))
    return {Tone::bad, "its owner " + plan.hosts[group.owner].name + " is not active", "owner gone"};
  const std::string text = state_of_role(role, state, plan);
  const std::string owner = group.owner == none ? "" : plan.hosts[group.owner].name;
  Status status{Tone::idle, owner.empty() ? text : text + " on " + owner, owner};
  if (text == "online") status.tone = Tone::good;
  if (text == "pending") status.tone = Tone::changing;
  if (text == "partially online") status.tone = Tone::limited;
  if (text == "failed" || (text == "offline" && group.wanted)) status.tone = Tone::bad;
  if (status.tone != Tone::good) status.label = text;
  return status;
}

Status resource_status(world::ResourceIndex resource, const world::State& state, const world::Blueprint& plan) {
  const world::ResourceState& one = state.resources[resource];
  const world::GroupIndex role = plan.resources[resource].group;
  const bool was_up = one.status == ResourceStatus::online || one.status == ResourceStatus::online_pending ||
                      one.status == ResourceStatus::offline_pending;
  if (was_up && owner_is_gone(role, state))
    return {Tone::bad, "gone with " + plan.hosts[state.groups[role].owner].name, "owner gone"};
  switch (one.status) {
    case ResourceStatus::absent: return {};
    case ResourceStatus::offline: return {Tone::idle, "offline", "offline"};
    case ResourceStatus::online_pending: return {Tone::changing, "online pending", "coming online"};
    case ResourceStatus::online: return {Tone::good, "online", ""};
    case ResourceStatus::offline_pending: return {Tone::changing, "offline pending", "going offline"};
    case ResourceStatus::failed:
      if (one.restart_waiting) return {Tone::bad, "failed, its restart waits", "failed"};
      return {Tone::bad, one.given_up ? "failed, and not tried again by itself" : "failed", "failed"};
  }
  return {};
}

Status replica_status(world::HostIndex node, const world::State& state) {
  const world::ReplicaState& replica = state.replicas[node];
  if (replica.sql == Process::absent) return {};
  if (replica.starting) return {Tone::changing, "SQL Server starts", "starting"};
  if (replica.sql == Process::hung) return {Tone::bad, "SQL Server hangs", "hangs"};
  if (replica.sql != Process::running) return {Tone::bad, "SQL Server stopped", "stopped"};
  const std::string role(model::to_text(replica.role));
  switch (replica.role) {
    case model::ReplicaRole::primary: return {Tone::good, role, "primary"};
    case model::ReplicaRole::primary_pending: return {Tone::changing, role, "becomes primary"};
    case model::ReplicaRole::secondary: {
      const bool current = (state.availability.synchronized & world::bit(node)) != 0;
      if (current) return {Tone::good, role + ", synchronized", "secondary"};
      return {Tone::limited, role + ", not synchronized", "not synchronized"};
    }
    case model::ReplicaRole::resolving: break;
  }
  return {Tone::bad, role, "resolving"};
}

Status instance_status(const world::State& state, const world::Blueprint& plan) {
  const world::InstanceState& instance = state.instance;
  if (instance.sql == Process::absent) return {};
  if (instance.sql == Process::stopped) return {Tone::bad, "SQL Server is not running", "not running"};
  const std::string on = instance.node < plan.hosts.size() ? " on " + plan.hosts[instance.node].name : "";
  if (instance.sql == Process::hung) return {Tone::bad, "SQL Server hangs" + on, "hangs"};
  if (!instance.ssisdb_exists) return {Tone::idle, "SQL Server runs" + on + ", without SSISDB", ""};
  if (!instance.ssisdb_open) return {Tone::changing, "SQL Server runs" + on + ", SSISDB is not open", "not open"};
  return {Tone::good, "SSISDB is open" + on, on.empty() ? "" : plan.hosts[instance.node].name};
}

Status master_on_status(world::HostIndex node, const world::State& state) {
  const HostState& host = state.hosts[node];
  switch (host.master) {
    case Process::absent: return {};
    case Process::stopped: return {Tone::idle, "not running", ""};
    case Process::hung: return {Tone::bad, "hung", "hung"};
    case Process::running: break;
  }
  if (host.hung || host.frozen) return {Tone::bad, "stands still with its machine", "stands still"};
  if (host.master_connected) return {Tone::good, "running, connected to SSISDB", "running"};
  return {Tone::limited, fmt::format("running, without SSISDB: {}", reason_of(host.master_refusal)), "no SSISDB"};
}

Status master_status(const world::State& state, const world::Blueprint& plan) {
  bool installed = false;
  for (world::HostIndex node = 0; node < plan.node_count; ++node) {
    const HostState& host = state.hosts[node];
    const std::string& name = plan.hosts[node].name;
    installed = installed || host.master != Process::absent;
    if (host.master == Process::hung) return {Tone::bad, "hung on " + name, "hung"};
    if (host.master != Process::running) continue;
    if (host.hung || host.frozen) return {Tone::bad, "stands still with " + name, name};
    if (host.master_connected) return {Tone::good, "running on " + name, name};
    return {Tone::limited, fmt::format("running on {}, without SSISDB: {}", name, reason_of(host.master_refusal)),
            "no SSISDB"};
  }
  return installed ? Status{Tone::bad, "not running", "not running"} : Status{};
}

Status worker_status(world::WorkerIndex worker, const world::State& state, const world::Blueprint& plan) {
  const world::WorkerState& one = state.workers[worker];
  if (one.service == Process::absent) return {};
  if (!state.hosts[plan.workers[worker].host].powered) return {Tone::bad, "its machine is off", "off"};
  if (one.service == Process::stopped) return {Tone::bad, "its service is stopped", "stopped"};
  if (one.service == Process::hung) return {Tone::bad, "its service hangs", "hangs"};
  switch (one.line) {
    case Line::open: {
      const std::string peer = one.peer < plan.hosts.size() ? " to " + plan.hosts[one.peer].name : "";
      if (takes_packages(worker, state, plan)) return {Tone::good, "connected" + peer, ""};
      return {Tone::limited, "connected" + peer + ", takes no packages", "takes no packages"};
    }
    case Line::connecting: return {Tone::changing, "connecting", "connecting"};
    case Line::hanging: return {Tone::bad, "its call hangs", "call hangs"};
    case Line::broken: return {Tone::bad, "its connection is broken", "cut off"};
    case Line::closed: break;
  }
  if (one.refusal == model::HandshakeOutcome::accepted) return {Tone::bad, "not connected", "not connected"};
  return {Tone::bad, fmt::format("not connected: {}", model::to_text(one.refusal)), "refused"};
}

Status workers_status(const std::vector<world::WorkerIndex>& workers, const world::State& state,
                      const world::Blueprint& plan) {
  std::size_t there = 0, installed = 0;
  for (const world::WorkerIndex worker : workers) {
    installed += state.workers[worker].service != Process::absent;
    there += takes_packages(worker, state, plan);
  }
  if (installed == 0) return {};
  const std::string text = fmt::format("{} of {} take packages", there, workers.size());
  if (there == workers.size()) return {Tone::good, "all take packages", ""};
  return {there == 0 ? Tone::bad : Tone::limited, text, fmt::format("{} of {}", there, workers.size())};
}

}  // namespace rehearse::sim
