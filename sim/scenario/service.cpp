// Whether a service is there for its clients, read off a State alone (behaviour.md 10): the client is a new connection
// from the workers' network.
#include <fmt/core.h>

#include <map>
#include <stdexcept>

#include "sim/scenario/service.hpp"
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

bool reachable(HostIndex host, HostIndex client, const State& state, const Blueprint& plan) {
  if (host == none) return false;
  if (client != none) return world::machines_meet(client, host, state, plan) && !state.hosts[host].hung;
  const world::HostState& machine = state.hosts[host];
  return machine.powered && !machine.frozen && !machine.hung && machine.side == 0;
}

/// Among the addresses that DNS gives at the clients' site is the one that answers.
bool found_by_name(GroupIndex group, HostIndex client, const State& state, const Blueprint& plan) {
  if (client == none || plan.groups[group].addresses.size() < 2) return true;
  const auto live = world::live_address(group, client, state, plan);
  return live && (world::addresses_near(client, group, state, plan) & world::bit(*live)) != 0;
}

bool online(ResourceIndex resource, const State& state) {
  return resource != none && state.resources[resource].status == ResourceStatus::online;
}

bool sql_server_up(HostIndex client, const State& state, const Blueprint& plan) {
  const world::GroupPlan& role = plan.groups[plan.sql_group];
  const bool resources = online(plan.sql_resource, state) && online(role.name_resource, state);
  const HostIndex owner = state.groups[plan.sql_group].owner;
  if (!resources || state.instance.sql != Process::running || state.instance.node != owner) return false;
  return world::address_holder(plan.sql_group, state, plan) == owner && reachable(owner, client, state, plan) &&
         !world::port_is_blocked(owner, world::Port::sql_server, state) &&
         found_by_name(plan.sql_group, client, state, plan);
}

bool ssisdb_up(HostIndex client, const State& state, const Blueprint& plan) {
  return sql_server_up(client, state, plan) && state.instance.ssisdb_open;
}

/// What the workers connect to: the endpoint that the design gives them as soon as one has it, else the first that one
/// has; a single worker may have been told something else.
const world::EndpointPlan& endpoint_of_workers(const State& state, const Blueprint& plan) {
  const world::TextIndex designed = plan.designed_endpoint;
  world::TextIndex used = none;
  for (const world::WorkerState& worker : state.workers) {
    if (used == none || worker.endpoint == designed) used = worker.endpoint;
    if (used == designed && used != none) break;
  }
  return plan.endpoint(used != none ? used : plan.master_endpoint);
}

/// The machine that answers to the name now; none: nobody does.
HostIndex holder_of(const world::EndpointPlan& endpoint, HostIndex client, const State& state, const Blueprint& plan) {
  if (endpoint.role == none || !state.groups[endpoint.role].exists) return endpoint.machine;
  const bool found = found_by_name(endpoint.role, client, state, plan);
  return found ? world::address_holder(endpoint.role, state, plan) : none;
}

bool serving(const world::HostState& host) {
  return host.master == Process::running && host.master_connected && !host.hung && !host.frozen;
}

bool master_up(HostIndex client, const State& state, const Blueprint& plan) {
  const world::EndpointPlan& endpoint = endpoint_of_workers(state, plan);
  const HostIndex node = holder_of(endpoint, client, state, plan);
  if (!reachable(node, client, state, plan)) return false;
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

bool packages_up(HostIndex client, const State& state, const Blueprint& plan) {
  if (!ssisdb_up(client, state, plan)) return false;
  for (WorkerIndex index = 0; index < state.workers.size(); ++index) {
    if (takes_packages(index, state, plan)) return true;
  }
  return false;
}

}  // namespace

bool takes_packages(WorkerIndex index, const State& state, const Blueprint& plan) {
  const world::WorkerState& worker = state.workers[index];
  if (!state.workers[plan.workers[index].row].enabled || !worker.knows_enabled) return false;
  return worker_up(index, state, plan) && serving(state.hosts[worker.peer]);
}

std::optional<ClientPlace> client_place(WorkerIndex worker, const State& state, const Blueprint& plan) {
  const HostIndex machine = plan.workers[worker].host;
  const world::HostState& host = state.hosts[machine];
  if (!host.powered || host.frozen || host.cards_down != 0) return std::nullopt;
  return ClientPlace{host.side, plan.hosts[machine].site};
}

HostIndex client_machine(const State& state, const Blueprint& plan) {
  std::map<ClientPlace, std::pair<std::size_t, HostIndex>> places;
  for (WorkerIndex worker = 0; worker < plan.workers.size(); ++worker) {
    const std::optional<ClientPlace> place = client_place(worker, state, plan);
    if (!place) continue;
    auto& [count, machine] = places[*place];
    if (count++ == 0) machine = plan.workers[worker].host;
  }
  HostIndex client = none;
  std::size_t most = 0;
  for (const auto& [place, machines] : places) {
    if (machines.first > most) client = machines.second;
    most = std::max(most, machines.first);
  }
  return client;
}

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
  return is_up(service, client_machine(state, plan), state, plan);
}

bool is_up(const Service& service, HostIndex client, const State& state, const Blueprint& plan) {
  switch (service.kind) {
    case Service::Kind::sql_server: return sql_server_up(client, state, plan);
    case Service::Kind::ssisdb: return ssisdb_up(client, state, plan);
    case Service::Kind::scale_out_master: return master_up(client, state, plan);
    case Service::Kind::worker: return worker_up(service.worker, state, plan);
    case Service::Kind::package_execution: return packages_up(client, state, plan);
  }
  throw std::logic_error("no such service");
}

}  // namespace rehearse::sim
