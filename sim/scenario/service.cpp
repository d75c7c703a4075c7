// Whether a service is there for its clients, read off a State alone (behaviour.md 10): the client is a new connection
// from the workers' network.
#include <map>
#include <stdexcept>

#include "model/endpoint.hpp"
#include "sim/scenario/outage.hpp"
#include "sim/world/names.hpp"

namespace rehearse::sim {
namespace {

using world::Blueprint;
using world::GroupIndex;
using world::HostIndex;
using world::none;
using world::Process;
using world::ResourceIndex;
using world::ResourceStatus;
using world::State;
using world::WorkerIndex;

/// Where clients stand: a worker's machine that runs and has its card up, on the side of a partition and at the site
/// where most of these are; none: no worker's machine runs.
HostIndex client_machine(const State& state, const Blueprint& plan) {
  std::map<std::pair<std::uint64_t, world::SiteIndex>, std::pair<std::size_t, HostIndex>> places;
  for (const world::WorkerPlan& worker : plan.workers) {
    const world::HostState& host = state.hosts[worker.host];
    if (!host.powered || host.frozen || host.cards_down != 0) continue;
    auto& [count, machine] = places[{host.side, plan.hosts[worker.host].site}];
    if (count++ == 0) machine = worker.host;
  }
  HostIndex client = none;
  std::size_t most = 0;
  for (const auto& [place, machines] : places) {
    if (machines.first > most) client = machines.second;
    most = std::max(most, machines.first);
  }
  return client;
}

bool reachable(HostIndex host, const State& state, const Blueprint& plan) {
  if (host == none) return false;
  const HostIndex client = client_machine(state, plan);
  if (client != none) return world::machines_meet(client, host, state, plan) && !state.hosts[host].hung;
  const world::HostState& machine = state.hosts[host];
  return machine.powered && !machine.frozen && !machine.hung && machine.side == 0;
}

/// Among the addresses that DNS gives at the clients' site is the one that answers.
bool found_by_name(GroupIndex group, const State& state, const Blueprint& plan) {
  const HostIndex client = client_machine(state, plan);
  if (client == none || plan.groups[group].addresses.size() < 2) return true;
  const auto live = world::live_address(group, client, state, plan);
  return live && (world::addresses_near(client, group, state, plan) & world::bit(*live)) != 0;
}

bool online(ResourceIndex resource, const State& state) {
  return resource != none && state.resources[resource].status == ResourceStatus::online;
}

bool sql_server_up(const State& state, const Blueprint& plan) {
  const world::GroupPlan& role = plan.groups[plan.sql_group];
  const bool resources = online(plan.sql_resource, state) && online(role.name_resource, state);
  const HostIndex owner = state.groups[plan.sql_group].owner;
  if (!resources || state.instance.sql != Process::running || state.instance.node != owner) return false;
  return world::address_holder(plan.sql_group, state, plan) == owner && reachable(owner, state, plan) &&
         !world::port_is_blocked(owner, world::Port::sql_server, state) && found_by_name(plan.sql_group, state, plan);
}

bool ssisdb_up(const State& state, const Blueprint& plan) {
  return sql_server_up(state, plan) && state.instance.ssisdb_open;
}

/// What the workers connect to: the endpoint that the design gives them as soon as one has it, else the first that one
/// has; a single worker may have been told something else.
model::Endpoint endpoint_of_workers(const State& state, const Blueprint& plan) {
  const auto& pools = plan.design().scale_out.workers;
  const world::TextIndex designed = pools.empty() ? none : plan.find_text(pools.front().settings.endpoint);
  world::TextIndex used = none;
  for (const world::WorkerState& worker : state.workers) {
    if (used == none || worker.endpoint == designed) used = worker.endpoint;
    if (used == designed && used != none) break;
  }
  if (used != none) return {plan.endpoint(used).host, plan.endpoint(used).port};
  return {plan.design().master_host_name(), plan.design().scale_out.master.settings.port};
}

/// The machine that answers to the name now; none: nobody does.
HostIndex holder_of(const std::string& name, const State& state, const Blueprint& plan) {
  for (GroupIndex group = 0; group < plan.groups.size(); ++group) {
    if (!state.groups[group].exists || !model::same_name(plan.groups[group].host_name, name)) continue;
    return found_by_name(group, state, plan) ? world::address_holder(group, state, plan) : none;
  }
  return plan.find_host(name);
}

bool serving(const world::HostState& host) {
  return host.master == Process::running && host.master_connected && !host.hung && !host.frozen;
}

bool master_up(const State& state, const Blueprint& plan) {
  const model::Endpoint endpoint = endpoint_of_workers(state, plan);
  const HostIndex node = holder_of(endpoint.host, state, plan);
  if (!reachable(node, state, plan)) return false;
  const world::HostState& host = state.hosts[node];
  const bool open = host.firewall_master && !world::port_is_blocked(node, world::Port::master, state);
  return serving(host) && open && host.master_settings.port == endpoint.port;
}

bool worker_up(WorkerIndex index, const State& state, const Blueprint& plan) {
  const world::WorkerState& worker = state.workers[index];
  if (worker.service != Process::running || worker.line != world::Line::open) return false;
  const world::HostState& peer = state.hosts[worker.peer];
  return peer.master == Process::running && peer.master_starts == worker.peer_process && !peer.hung &&
         !world::port_is_blocked(worker.peer, world::Port::master, state) &&
         world::machines_meet(plan.workers[index].host, worker.peer, state, plan);
}

bool packages_up(const State& state, const Blueprint& plan) {
  if (!ssisdb_up(state, plan)) return false;
  for (WorkerIndex index = 0; index < state.workers.size(); ++index) {
    const world::WorkerState& worker = state.workers[index];
    if (!state.workers[plan.workers[index].row].enabled || !worker.knows_enabled || !worker_up(index, state, plan))
      continue;
    if (serving(state.hosts[worker.peer])) return true;
  }
  return false;
}

}  // namespace

std::string name_of(const Service& service, const Blueprint& plan) {
  switch (service.kind) {
    case Service::Kind::sql_server: return "sql_server";
    case Service::Kind::ssisdb: return "ssisdb";
    case Service::Kind::scale_out_master: return "scale_out_master";
    case Service::Kind::worker: return "worker " + plan.workers.at(service.worker).name;
    case Service::Kind::package_execution: return "package_execution";
  }
  throw std::logic_error("no such service");
}

std::vector<Service> services_of(const Blueprint& plan) {
  std::vector<Service> services{
      {Service::Kind::sql_server, none}, {Service::Kind::ssisdb, none}, {Service::Kind::scale_out_master, none}};
  for (WorkerIndex worker = 0; worker < plan.workers.size(); ++worker) {
    services.push_back({Service::Kind::worker, worker});
  }
  services.push_back({Service::Kind::package_execution, none});
  return services;
}

bool is_up(const Service& service, const State& state, const Blueprint& plan) {
  switch (service.kind) {
    case Service::Kind::sql_server: return sql_server_up(state, plan);
    case Service::Kind::ssisdb: return ssisdb_up(state, plan);
    case Service::Kind::scale_out_master: return master_up(state, plan);
    case Service::Kind::worker: return worker_up(service.worker, state, plan);
    case Service::Kind::package_execution: return packages_up(state, plan);
  }
  throw std::logic_error("no such service");
}

}  // namespace rehearse::sim
