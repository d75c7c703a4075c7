// What it takes to be found by name: addresses, network names, DNS and the directory (W 6; behaviour 5).
#include <fmt/format.h>

#include <algorithm>

#include "model/endpoint.hpp"
#include "model/structure/requirement_builder.hpp"

namespace rehearse::model::structure {

std::optional<int> RequirementBuilder::network_of_address(const std::string& address) const {
  const auto number = parse_ipv4(address);
  for (std::size_t i = 0; number && i < design_.cluster.networks.size(); ++i) {
    std::string problem;
    const auto subnet = parse_subnet(design_.cluster.networks[i].subnet, problem);
    if (subnet && subnet->contains(*number)) return static_cast<int>(i);
  }
  return std::nullopt;
}

/// The node has a card on the network of the address.
bool RequirementBuilder::is_address_of(int number, const std::string& address) const {
  const auto network = network_of_address(address);
  const std::vector<int> cards = networks_of(number);
  return !network || std::find(cards.begin(), cards.end(), *network) != cards.end();
}

std::optional<int> RequirementBuilder::node_of_other_address(const AccessPoint& point) const {
  for (const int number : point.nodes) {
    const bool same = std::any_of(point.addresses.begin(), point.addresses.end(), [&](const std::string& address) {
      return is_address_of(number, address) && is_address_of(point.owner, address);
    });
    if (!same && point.addresses.size() > 1) return number;
  }
  return std::nullopt;
}

/// Names of roles, their addresses, and what registers them. A name that moves asks the directory and registers in DNS
/// (W 6.1); an address that somebody else took is found when it comes online (W 6.2).
void RequirementBuilder::add_names() {
  Component directory{ComponentKind::directory, "the directory", "", "", {}};
  directory.faults = {fault_line("name_service.directory_refuses")};
  directory.shows = Shows::when_name_comes_online;
  for (const AccessPoint& point : points_) {
    directory.provocations.push_back(fault_line("resource.failure", {{"resource", point.name_resource}}));
  }
  directory_ = leaf(std::move(directory));

  Component dns{ComponentKind::name_service, "DNS", "", "", {}};
  dns.faults = {fault_line("name_service.dns_down")};
  dns.shows = Shows::when_workers_connect;
  const auto away = std::find_if(of_master().nodes.begin(), of_master().nodes.end(),
                                 [&](int number) { return number != of_sql().owner; });
  // A master beside SQL Server knows its addresses without asking.
  const bool moves = separate() && of_master().owner == of_sql().owner && away != of_master().nodes.end();
  dns.provocations = {moves ? move_line(of_master().role, node(*away).name) : fault_line("master.crash")};
  const auto far = node_of_other_address(of_sql());
  if (far && !of_sql().register_all) dns.provocations.push_back(move_line(of_sql().role, node(*far).name));
  name_service_ = leaf(std::move(dns));

  for (const AccessPoint& point : points_) {
    std::vector<int>& addresses = addresses_.emplace_back();
    for (const std::string& resource : point.resources) {
      Component address{ComponentKind::address, resource, "", "", point.place};
      address.faults = {fault_line("network.duplicate_address", {{"resource", resource}})};
      address.shows = Shows::when_name_comes_online;
      // One that is not online is not tested: the role comes there first.
      if (is_address_of(point.owner, point.addresses[addresses.size()])) {
        address.provocations = {fault_line("resource.failure", {{"resource", resource}})};
      }
      addresses.push_back(leaf(std::move(address)));
    }
    Component name{ComponentKind::network_name, "the name " + point.host_name, "", "", point.place};
    name.faults = {fault_line("resource.failure", {{"resource", point.name_resource}})};
    name.restarts = restart_action(*point.settings, point.name_resource) != 0;
    std::vector<int>& names = names_.emplace_back(std::vector<int>{leaf(std::move(name)), directory_});
    const auto other = node_of_other_address(point);
    if (!other || point.register_all) continue;
    // With RegisterAllProvidersIP 0 clients must learn the new address (behaviour 5).
    Component stale{ComponentKind::name_replication, "replication of the name " + point.host_name, "", "", point.place};
    stale.faults = {fault_line("name_service.dns_stale", {{"role", point.role}})};
    stale.shows = Shows::when_role_moves;
    stale.provocations = {move_line(point.role, node(*other).name)};
    names.push_back(leaf(std::move(stale)));
    names.push_back(name_service_);
  }
}

/// One of the role's addresses is on a network that the node is on.
int RequirementBuilder::address_on(std::size_t point, int number) {
  std::vector<int> ways;
  for (std::size_t i = 0; i < points_[point].addresses.size(); ++i) {
    if (!is_address_of(number, points_[point].addresses[i])) continue;
    const auto network = network_of_address(points_[point].addresses[i]);
    const int card = network ? card_on(number, *network) : client_card_[static_cast<std::size_t>(number)];
    ways.push_back(all(fmt::format("{} can have {}", node(number).name, points_[point].addresses[i]),
                       {addresses_[point][i], card}));
  }
  if (points_[point].addresses.empty()) ways.push_back(client_card_[static_cast<std::size_t>(number)]);
  return any(fmt::format("{} can have an address of {}", node(number).name, points_[point].host_name), std::move(ways));
}

}  // namespace rehearse::model::structure
