#include "sim/world/network.hpp"

#include "model/endpoint.hpp"

namespace rehearse::world {

using model::same_name;

bool Network::reach(HostIndex a, HostIndex b) const {
  const HostState& from = state_.hosts[a];
  const HostState& to = state_.hosts[b];
  if (!from.powered || !to.powered) return false;
  return a == b || (from.linked && to.linked && from.side == to.side);
}

HostIndex Network::address_holder(GroupIndex group) const {
  const ResourceIndex address = plan_.groups[group].address;
  if (address == none) return none;
  const ResourceStatus status = state_.resources[address].status;
  if (status != ResourceStatus::online) return none;
  return state_.groups[group].owner;
}

Network::Target Network::endpoint_of(WorkerIndex worker) const {
  const TextIndex text = state_.workers[worker].endpoint;
  if (text == none) return {};
  const auto endpoint = model::parse_endpoint(plan_.text(text));
  if (!endpoint) return {};
  const HostIndex here = plan_.workers[worker].host;
  for (GroupIndex group = 0; group < plan_.groups.size(); ++group) {
    if (!state_.groups[group].exists || !same_name(plan_.groups[group].host_name, endpoint->host)) continue;
    const HostIndex holder = address_holder(group);
    return {true, holder != none && reach(here, holder) ? holder : none, endpoint->port};
  }
  const HostIndex host = plan_.find_host(endpoint->host);
  if (host == none) return {};
  return {true, reach(here, host) ? host : none, endpoint->port};
}

bool Network::listening(HostIndex host, int port) const {
  const HostState& state = state_.hosts[host];
  const bool process = state.master == Process::running || state.master == Process::hung;
  return state.powered && process && state.master_settings.port == port;
}

Network::SqlPath Network::sql_path(HostIndex from, TextIndex sql_server_name) const {
  if (sql_server_name == none) return SqlPath::name_wrong;
  const std::string& name = plan_.text(sql_server_name);
  // The article's own "name//instance" reads but leads nowhere (W 11, 1; assumed).
  if (name.find("//") != std::string::npos) return SqlPath::name_wrong;
  const std::string host = name.substr(0, name.find_first_of("\\,"));
  const GroupPlan& role = plan_.groups[plan_.sql_group];
  HostIndex target = none;
  if (same_name(host, role.host_name)) {
    const bool name_online = state_.resources[role.name_resource].status == ResourceStatus::online;
    target = name_online ? address_holder(plan_.sql_group) : none;
  } else if (const HostIndex node = plan_.find_host(host); node != none) {
    // A node's own name leads to that node only, and so works while the instance happens to run there.
    target = state_.instance.node == node ? node : none;
  } else {
    return SqlPath::name_wrong;
  }
  const bool up = target != none && reach(from, target) && state_.instance.sql == Process::running;
  return up ? SqlPath::open : SqlPath::away;
}

}  // namespace rehearse::world
