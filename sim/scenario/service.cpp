// Whether a service is there for its clients, read off a State alone (behaviour.md 10): the client is a new connection
// from the workers' network.
#include <map>
#include <stdexcept>

#include "model/endpoint.hpp"
#include "sim/scenario/outage.hpp"

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

/// On which side of a partition clients stand: where most of the workers' machines are, of equals the lowest number.
std::uint8_t side_of_clients(const State& state, const Blueprint& plan) {
  std::map<std::uint8_t, std::size_t> machines;
  for (const world::WorkerPlan& worker : plan.workers) ++machines[state.hosts[worker.host].side];
  std::uint8_t side = 0;
  std::size_t most = 0;
  for (const auto& [candidate, count] : machines) {
    if (count > most) side = candidate;
    most = std::max(most, count);
  }
  return side;
}

bool reachable(HostIndex host, const State& state, const Blueprint& plan) {
  if (host == none) return false;
  const world::HostState& machine = state.hosts[host];
  return machine.powered && machine.linked && machine.side == side_of_clients(state, plan);
}

bool reach(HostIndex a, HostIndex b, const State& state) {
  const world::HostState& from = state.hosts[a];
  const world::HostState& to = state.hosts[b];
  if (!from.powered || !to.powered) return false;
  return a == b || (from.linked && to.linked && from.side == to.side);
}

bool online(ResourceIndex resource, const State& state) {
  return resource != none && state.resources[resource].status == ResourceStatus::online;
}

bool sql_server_up(const State& state, const Blueprint& plan) {
  const world::GroupPlan& role = plan.groups[plan.sql_group];
  const bool resources =
      online(plan.sql_resource, state) && online(role.address, state) && online(role.name_resource, state);
  return resources && state.instance.sql == Process::running &&
         reachable(state.groups[plan.sql_group].owner, state, plan);
}

bool ssisdb_up(const State& state, const Blueprint& plan) {
  return sql_server_up(state, plan) && state.instance.ssisdb_open;
}

/// What the workers are told to connect to: the endpoint of the first worker that has one, else what the design
/// intends.
model::Endpoint endpoint_of_workers(const State& state, const Blueprint& plan) {
  for (const world::WorkerState& worker : state.workers) {
    if (worker.endpoint == none) continue;
    return model::parse_endpoint(plan.text(worker.endpoint)).value_or(model::Endpoint{});
  }
  return {plan.design().master_host_name(), plan.design().scale_out.master.settings.port};
}

/// The machine that answers to the name now; none: nobody does.
HostIndex holder_of(const std::string& name, const State& state, const Blueprint& plan) {
  for (GroupIndex group = 0; group < plan.groups.size(); ++group) {
    if (!state.groups[group].exists || !model::same_name(plan.groups[group].host_name, name)) continue;
    return online(plan.groups[group].address, state) ? state.groups[group].owner : none;
  }
  return plan.find_host(name);
}

bool serving(const world::HostState& host) {
  return host.master == Process::running && host.master_connected;
}

bool master_up(const State& state, const Blueprint& plan) {
  const model::Endpoint endpoint = endpoint_of_workers(state, plan);
  const HostIndex node = holder_of(endpoint.host, state, plan);
  if (!reachable(node, state, plan)) return false;
  const world::HostState& host = state.hosts[node];
  return serving(host) && host.firewall_master && host.master_settings.port == endpoint.port;
}

bool worker_up(WorkerIndex index, const State& state, const Blueprint& plan) {
  const world::WorkerState& worker = state.workers[index];
  if (worker.service != Process::running || worker.line != world::Line::open) return false;
  const world::HostState& peer = state.hosts[worker.peer];
  return peer.master == Process::running && peer.master_starts == worker.peer_process &&
         reach(plan.workers[index].host, worker.peer, state);
}

bool packages_up(const State& state, const Blueprint& plan) {
  if (!ssisdb_up(state, plan)) return false;
  for (WorkerIndex index = 0; index < state.workers.size(); ++index) {
    const world::WorkerState& worker = state.workers[index];
    if (!worker.enabled || !worker.knows_enabled || !worker_up(index, state, plan)) continue;
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
