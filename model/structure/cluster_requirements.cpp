// The floor of the requirements: places, networks and cards, nodes, and the votes that make them a cluster (W 1, 2).
#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "model/quorum.hpp"
#include "model/structure/requirement_builder.hpp"

namespace rehearse::model::structure {
namespace {

std::pair<std::string, std::string> in_order(const std::string& a, const std::string& b) {
  return a < b ? std::pair(a, b) : std::pair(b, a);
}

bool has_machine_witness(const Witness& witness) {
  return witness.kind == Witness::Kind::file_share || witness.kind == Witness::Kind::cloud;
}

}  // namespace

/// All that stands in one place has that place in common: its power, its cooling, its fire.
void RequirementBuilder::add_sites() {
  std::vector<std::string> names = design_.sites();
  for (const WorkerPool& pool : design_.scale_out.workers) {
    if (std::find(names.begin(), names.end(), site_of(pool)) == names.end()) names.push_back(site_of(pool));
  }
  for (const std::string& site : names) {
    Component component{ComponentKind::site, site.empty() ? "the place of all machines" : "site " + site, "", "", {}};
    if (site.empty() && names.size() > 1) component.name = "the place of what has no site";
    for (const Node& one : design_.cluster.nodes) {
      if (one.site != site) continue;
      if (component.place.line == 0) component.place = one.place;
      component.faults.push_back(fault_line("node.power_loss", {{"node", one.name}}));
    }
    for (const WorkerPool& pool : design_.scale_out.workers) {
      if (site_of(pool) != site) continue;
      for (const std::string& worker : pool.worker_names()) {
        component.faults.push_back(fault_line("worker.crash_host", {{"worker", worker}}));
      }
    }
    const Witness& witness = design_.cluster.witness;
    if (witness.kind != Witness::Kind::none && !witness.site.empty() && witness.site == site) {
      component.faults.push_back(fault_line("witness.down"));
    }
    sites_[site] = leaf(std::move(component));
  }
  add_links();
}

void RequirementBuilder::add_links() {
  for (const auto& [a, of_a] : sites_) {
    for (const auto& [b, of_b] : sites_) {
      if (a.empty() || !(a < b)) continue;
      Component component{ComponentKind::site_link, fmt::format("link between the sites {} and {}", a, b), "", "", {}};
      component.place = design_.cluster.place;
      component.faults = {fault_line("network.link_down", {{"sites", std::vector<std::string>{a, b}}})};
      links_[{a, b}] = leaf(std::move(component));
    }
  }
}

/// Nothing when both stand in one place, or where one of them has none that a link leads to.
std::optional<int> RequirementBuilder::link_between(const std::string& a, const std::string& b) const {
  const auto found = links_.find(in_order(a, b));
  return a == b || found == links_.end() ? std::nullopt : std::optional(found->second);
}

/// The networks on which the node has a card, by number.
std::vector<int> RequirementBuilder::networks_of(int number) const {
  std::vector<int> found;
  const Node& one = node(number);
  for (std::size_t i = 0; i < design_.cluster.networks.size(); ++i) {
    const Network& network = design_.cluster.networks[i];
    const bool stated = std::find(one.networks.begin(), one.networks.end(), network.name) != one.networks.end();
    const bool usual = one.networks.empty() && (network.site.empty() || network.site == one.site);
    if (stated || usual) found.push_back(static_cast<int>(i));
  }
  return found;
}

void RequirementBuilder::add_networks() {
  for (std::size_t i = 0; i < design_.cluster.networks.size(); ++i) {
    const Network& network = design_.cluster.networks[i];
    Component component{ComponentKind::network, network.name, "", "", network.place};
    for (int number = 0; number < node_count(); ++number) {
      const std::vector<int> cards = networks_of(number);
      if (std::find(cards.begin(), cards.end(), static_cast<int>(i)) == cards.end()) continue;
      const Keys keys = {{"host", node(number).name}, {"network", network.name}};
      component.faults.push_back(fault_line("network.nic_down", keys));
    }
    networks_.push_back(leaf(std::move(component)));
  }
}

void RequirementBuilder::add_nodes() {
  for (int number = 0; number < node_count(); ++number) {
    const Node& one = node(number);
    Component machine{ComponentKind::node, one.name, one.name, "node", one.place};
    machine.faults = {fault_line("node.power_loss", {{"node", one.name}})};
    runs_.push_back(all(one.name + " runs", {leaf(std::move(machine)), sites_.at(one.site)}));
    std::vector<int> for_clients;
    for (const int network : networks_of(number)) {
      const Network& on = design_.cluster.networks[static_cast<std::size_t>(network)];
      Component card{ComponentKind::network_card, fmt::format("card of {} on {}", one.name, on.name), one.name,
                     "card on " + on.name, one.place};
      card.faults = {fault_line("network.nic_down", {{"host", one.name}, {"network", on.name}})};
      const int up = all(fmt::format("{} is on {}", one.name, on.name),
                         {leaf(std::move(card)), networks_[static_cast<std::size_t>(network)]});
      cards_[{number, network}] = up;
      if (on.role != NetworkRole::cluster) for_clients.push_back(up);
    }
    client_card_.push_back(any(one.name + " has a card for clients", std::move(for_clients)));
  }
}

/// Heartbeats go from card to card on each common network; nodes without a common one have a route for each rank of
/// their other cards, or for every pair of them with PlumbAllCrossSubnetRoutes (W 1.1, 1.2). Any route will do.
int RequirementBuilder::heartbeat_route(int a, int b) {
  if (a > b) std::swap(a, b);
  if (const auto known = routes_.find({a, b}); known != routes_.end()) return known->second;
  const auto beating = [&](int number) {
    std::vector<int> networks = networks_of(number);
    std::erase_if(networks, [&](int network) {
      return design_.cluster.networks[static_cast<std::size_t>(network)].role == NetworkRole::client;
    });
    return networks;
  };
  std::vector<int> rest_a = beating(a), rest_b = beating(b), common, routes;
  std::set_intersection(rest_a.begin(), rest_a.end(), rest_b.begin(), rest_b.end(), std::back_inserter(common));
  const auto route = [&](int on_a, int on_b) {
    routes.push_back(all(fmt::format("{} and {} hear each other over {}", node(a).name, node(b).name,
                                     design_.cluster.networks[static_cast<std::size_t>(on_a)].name),
                         {card_on(a, on_a), card_on(b, on_b)}));
  };
  for (const int network : common) {
    route(network, network);
    std::erase(rest_a, network);
    std::erase(rest_b, network);
  }
  const bool every_pair = design_.parameters[Setting::plumb_all_cross_subnet_routes] != 0;
  for (std::size_t i = 0; i < rest_a.size(); ++i) {
    for (std::size_t j = 0; j < rest_b.size(); ++j) {
      if (every_pair || i == j) route(rest_a[i], rest_b[j]);
    }
  }
  std::vector<int> parts = {
      any(fmt::format("a heartbeat route between {} and {}", node(a).name, node(b).name), routes)};
  if (const auto link = link_between(node(a).site, node(b).site)) parts.push_back(*link);
  return routes_[{a, b}] = all(fmt::format("{} and {} hear each other", node(a).name, node(b).name), std::move(parts));
}

/// A share or a storage account is reached over the network for clients, a disk over its own paths.
std::optional<int> RequirementBuilder::witness_from(int number) {
  if (!witness_) return std::nullopt;
  const Witness& witness = design_.cluster.witness;
  std::vector<int> parts = {*witness_};
  if (has_machine_witness(witness)) parts.push_back(client_card_[static_cast<std::size_t>(number)]);
  if (!witness.site.empty()) {
    parts.push_back(sites_.at(witness.site));
    if (const auto link = link_between(node(number).site, witness.site)) parts.push_back(*link);
  }
  return all(node(number).name + " reaches the witness", std::move(parts));
}

/// More than half of the votes that count while all is well (W 2.1). So this is the loss of several at one instant:
/// dynamic quorum lets nodes leave one after another (W 2.2).
void RequirementBuilder::add_votes() {
  const Witness& witness = design_.cluster.witness;
  VoteState votes;
  votes.members = first_nodes(node_count());
  for (int number = 0; number < node_count(); ++number) {
    if (node(number).weight != 0) votes.node_weight |= node_bit(number);
    const std::string& preferred = design_.cluster.preferred_site;
    if (!preferred.empty() && node(number).site == preferred) votes.preferred_site |= node_bit(number);
  }
  votes.dynamic_weight = votes.node_weight;
  votes.has_witness = votes.witness_vote = witness.kind != Witness::Kind::none;
  votes.dynamic_quorum = design_.parameters[Setting::dynamic_quorum] != 0;
  votes.lower_priority_node = static_cast<int>(design_.parameters[Setting::lower_quorum_priority_node]) - 1;
  votes = reweigh(votes, votes.members, votes.has_witness);
  const int total = votes_total(votes), needed = total / 2 + 1;

  if (votes.has_witness) {
    Component component{ComponentKind::witness, "the witness", "", "", witness.place};
    if (!witness.path.empty()) component.name += " " + witness.path;
    component.faults = {fault_line("witness.down")};
    witness_ = leaf(std::move(component));
  }
  for (int number = 0; number < node_count(); ++number) {
    std::vector<int> present;
    for (int other = 0; other < node_count(); ++other) {
      if (!contains(votes.dynamic_weight & votes.node_weight, other)) continue;
      const int runs = runs_[static_cast<std::size_t>(other)];
      if (other == number) {
        present.push_back(runs);
      } else {
        present.push_back(all(fmt::format("the vote of {} reaches {}", node(other).name, node(number).name),
                              {runs, heartbeat_route(number, other)}));
      }
    }
    if (votes.witness_vote) present.push_back(witness_from(number).value());
    const std::string name = fmt::format("{} sees {} of {} votes", node(number).name, needed, total);
    const int quorum = made_.graph.add_some(name, needed, std::move(present));
    in_cluster_.push_back(
        all(node(number).name + " is in the cluster", {runs_[static_cast<std::size_t>(number)], quorum}));
  }
  if (votes.witness_vote) add_contest();
}

/// Where two sides that do not hear each other both have a quorum with the witness, the owner of the Cluster Group wins
/// it (W 2.3): the first node, where an installation leaves the group. Its side may be the one that cannot serve. Of
/// two nodes each is a side; of more only sites are looked at, because one node alone has too few votes.
void RequirementBuilder::add_contest() {
  if (!witness_ || node_count() < 2) return;
  std::vector<int> claims;
  for (int number = 0; number < node_count(); ++number) {
    const bool same_place = node_count() > 2 && node(number).site == node(0).site;
    if (number == 0 || same_place) claims.push_back(in_cluster_[static_cast<std::size_t>(number)]);
    if (number == 0 || same_place) continue;
    const auto link = link_between(node(0).site, node(number).site);
    if (node_count() == 2) {
      on_first_side_[number] = heartbeat_route(0, number);
    } else if (link) {
      on_first_side_[number] = *link;
    }
  }
  const int claimed = any("the side of " + node(0).name + " has a quorum", std::move(claims));
  nobody_else_wins_ = made_.graph.add_none("the side of " + node(0).name + " has none", {claimed});
}

}  // namespace rehearse::model::structure
