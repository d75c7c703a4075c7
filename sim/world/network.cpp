#include "sim/world/network.hpp"

#include <algorithm>
#include <bit>

namespace rehearse::world {

namespace {

bool runs(const HostState& host) {
  return host.powered && !host.frozen;
}

/// Not a single packet gets through.
bool loses_everything(const HostState& host) {
  constexpr std::uint32_t all = 1'000'000;
  return host.loss >= all;
}

/// No partition and no cut link between the places where they stand.
bool ways_open(HostIndex a, HostIndex b, const State& state, const Blueprint& plan) {
  if (state.hosts[a].side != state.hosts[b].side) return false;
  const SiteIndex here = plan.hosts[a].site, there = plan.hosts[b].site;
  return here == there || here == none || there == none || (state.cluster.cut_links & site_pair(here, there)) == 0;
}

/// How many routes between the two nodes are up.
int routes_up(HostIndex a, HostIndex b, const State& state, const Blueprint& plan) {
  const std::uint64_t all_a = plan.hosts[a].heartbeat_cards, all_b = plan.hosts[b].heartbeat_cards;
  const std::uint64_t up_a = all_a & ~state.hosts[a].cards_down, up_b = all_b & ~state.hosts[b].cards_down;
  int routes = std::popcount(up_a & up_b);
  std::uint64_t rest_a = all_a & ~all_b, rest_b = all_b & ~all_a;
  if (plan.parameters()[model::Setting::plumb_all_cross_subnet_routes] != 0) {
    return routes + std::popcount(up_a & rest_a) * std::popcount(up_b & rest_b);
  }
  for (; rest_a != 0 && rest_b != 0; rest_a &= rest_a - 1, rest_b &= rest_b - 1) {
    routes += (rest_a & -rest_a & up_a) != 0 && (rest_b & -rest_b & up_b) != 0;
  }
  return routes;
}

}  // namespace

bool machines_meet(HostIndex a, HostIndex b, const State& state, const Blueprint& plan) {
  if (!runs(state.hosts[a]) || !runs(state.hosts[b])) return false;
  if (a == b) return true;
  if (loses_everything(state.hosts[a]) || loses_everything(state.hosts[b])) return false;
  const auto talks = [&](HostIndex host) {
    return (plan.hosts[host].client_cards & ~state.hosts[host].cards_down) != 0;
  };
  return ways_open(a, b, state, plan) && talks(a) && talks(b);
}

bool port_is_blocked(HostIndex host, Port port, const State& state) {
  return (state.hosts[host].blocked >> static_cast<unsigned>(port) & 1U) != 0;
}

AddressAnswer who_answers(GroupIndex group, HostIndex from, const State& state, const Blueprint& plan) {
  const std::vector<ResourceIndex>& addresses = plan.groups[group].addresses;
  const auto has_card_down = [&](HostIndex node, ResourceIndex address) {
    const NetworkIndex network = plan.resources[address].network;
    return network != none && (state.hosts[node].cards_down & bit(network)) != 0;
  };
  if (addresses.size() == 1) {
    // The usual case, and asked all the time: one address, on one machine.
    const std::uint64_t at = state.resources[addresses.front()].at;
    if (at == 0) return {};
    const auto node = static_cast<HostIndex>(std::countr_zero(at));
    if ((at & (at - 1)) == 0) return has_card_down(node, addresses.front()) ? AddressAnswer{} : AddressAnswer{node, 0};
  }
  AddressAnswer best;
  int best_rank = -1;
  const auto rank_of = [&](HostIndex node) {
    // Each side of a partition finds its own; where two machines carry the address, the owner claimed it last.
    const bool reached = from == none || machines_meet(from, node, state, plan);
    return (reached ? 2 : 0) + (state.groups[group].owner == node ? 1 : 0);
  };
  for (std::uint32_t place = 0; place < addresses.size(); ++place) {
    for_each_bit(state.resources[addresses[place]].at, [&](HostIndex node) {
      if (has_card_down(node, addresses[place])) return;
      if (best.node == none) {
        best = {node, place};
        return;
      }
      if (best_rank < 0) best_rank = rank_of(best.node);  // usually nobody else is there to compare it with
      const int rank = rank_of(node);
      if (rank > best_rank) best = {node, place};
      best_rank = std::max(best_rank, rank);
    });
  }
  return best;
}

HostIndex address_holder(GroupIndex group, const State& state, const Blueprint& plan) {
  return who_answers(group, none, state, plan).node;
}

double Network::heartbeat_loss(HostIndex a, HostIndex b) const {
  const HostState& from = state_.hosts[a];
  const HostState& to = state_.hosts[b];
  if (!runs(from) || !runs(to) || !ways_open(a, b, state_, plan_)) return 1;
  if (port_is_blocked(a, Port::heartbeats, state_) || port_is_blocked(b, Port::heartbeats, state_)) return 1;
  const int routes = routes_up(a, b, state_, plan_);
  if (routes == 0) return 1;
  if (from.loss == 0 && to.loss == 0) return 0;
  constexpr double million = 1e6;
  const double arrives = (1 - from.loss / million) * (1 - to.loss / million);
  // A beat is a request and its reply, and it is heard when one of the routes brings it.
  double lost = 1;
  for (int route = 0; route < routes; ++route) lost *= 1 - arrives * arrives;
  return lost;
}

Network::Distance Network::distance(HostIndex a, HostIndex b) const {
  if (plan_.hosts[a].site != plan_.hosts[b].site && plan_.design().windows != model::WindowsVersion::v2012r2) {
    return Distance::cross_site;
  }
  const bool common = (plan_.hosts[a].heartbeat_cards & plan_.hosts[b].heartbeat_cards) != 0;
  return common ? Distance::same_subnet : Distance::cross_subnet;
}

bool Network::reaches_witness(HostIndex node) const {
  if (state_.cluster.votes.has_witness == false) return false;
  const WitnessState& witness = state_.witness;
  if (plan_.witness == model::Witness::Kind::disk) {
    // Its own paths, not the network: only a cut between sites takes storage of the other site away (assumed).
    const SiteIndex here = plan_.hosts[node].site;
    const bool apart = plan_.witness_site != none && plan_.witness_site != here &&
                       (state_.cluster.cut_links & site_pair(here, plan_.witness_site)) != 0;
    return runs(state_.hosts[node]) && !witness.down && (witness.cut & bit(node)) == 0 && !apart;
  }
  const bool there = plan_.witness_host != none && !witness.down;
  return there && !port_is_blocked(plan_.witness_host, Port::witness, state_) && reach(node, plan_.witness_host);
}

Target Network::endpoint_of(WorkerIndex worker) const {
  const TextIndex text = state_.workers[worker].endpoint;
  if (text == none) return {};
  const EndpointPlan& endpoint = plan_.endpoint(text);
  const HostIndex here = plan_.workers[worker].host;
  if (endpoint.role != none && state_.groups[endpoint.role].exists) {
    const AddressAnswer answer = who_answers(endpoint.role, here, state_, plan_);
    const bool reached = answer.node != none && reach(here, answer.node);
    return {true, reached ? answer.node : none, endpoint.port, endpoint.role, answer.place};
  }
  if (endpoint.machine == none) return {};
  return {true, reach(here, endpoint.machine) ? endpoint.machine : none, endpoint.port, none, none};
}

bool Network::listening(HostIndex host, int port) const {
  const HostState& state = state_.hosts[host];
  const bool process = state.master == Process::running || state.master == Process::hung;
  return runs(state) && process && state.master_settings.port == port;
}

bool Network::master_port_open(HostIndex host) const {
  return state_.hosts[host].firewall_master && !port_is_blocked(host, Port::master, state_);
}

Network::SqlPath Network::sql_path(HostIndex from, TextIndex sql_server_name) const {
  if (sql_server_name == none) return SqlPath::name_wrong;
  const SqlNamePlan& name = plan_.sql_name(sql_server_name);
  HostIndex target = none;
  switch (name.leads) {
    case SqlNamePlan::Leads::nowhere: return SqlPath::name_wrong;
    case SqlNamePlan::Leads::to_silence: return SqlPath::away;
    case SqlNamePlan::Leads::to_role: {
      // A node that the cluster has given up keeps its name with its address until its cluster service ends.
      target = who_answers(plan_.sql_group, from, state_, plan_).node;
      const ResourceIndex network_name = plan_.groups[plan_.sql_group].name_resource;
      const bool name_online = state_.resources[network_name].status == ResourceStatus::online;
      if (target == state_.groups[plan_.sql_group].owner && !name_online) target = none;
      break;
    }
    case SqlNamePlan::Leads::to_machine:
      // A node's own name leads to that node only, and so works while the instance happens to run there.
      target = state_.instance.node == name.machine ? name.machine : none;
  }
  const bool answers = target != none && state_.instance.node == target && !state_.hosts[target].hung &&
                       state_.instance.sql == Process::running;
  const bool open = target == from || target == none || !port_is_blocked(target, Port::sql_server, state_);
  const bool up = answers && open && reach(from, target);
  return up ? SqlPath::open : SqlPath::away;
}

}  // namespace rehearse::world
