// Faults of the network, done to a world and undone: what a host suffers follows from all that stand.
#include <algorithm>
#include <array>
#include <utility>

#include "sim/scenario/fault_injection.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/roles.hpp"

namespace rehearse::sim {
namespace {

using world::HostIndex;
using world::HostKind;
using world::none;
using world::Port;
using world::RecordId;

constexpr int sql_server_port = 1433, heartbeat_port = 3343, share_port = 445, cloud_port = 443;

std::vector<std::pair<int, Port>> listeners(const world::Blueprint& plan, HostIndex host) {
  switch (plan.hosts[host].kind) {
    case HostKind::cluster_node:
      return {{plan.design().master_settings(plan.hosts[host].name).port, Port::master},
              {sql_server_port, Port::sql_server},
              {heartbeat_port, Port::heartbeats}};
    case HostKind::witness_server: return {{share_port, Port::witness}};
    case HostKind::cloud_witness: return {{cloud_port, Port::witness}};
    case HostKind::worker_machine: return {};  // a worker calls, nobody calls it
  }
  return {};
}

bool names(const TimelineEntry& fault, const std::string& host) {
  return std::find(fault.hosts.begin(), fault.hosts.end(), host) != fault.hosts.end();
}

}  // namespace

std::optional<Port> port_behind(const world::Blueprint& plan, HostIndex host, int port) {
  for (const auto& [number, listener] : listeners(plan, host)) {
    if (number == port) return listener;
  }
  return std::nullopt;
}

std::vector<int> ports_of(const world::Blueprint& plan, HostIndex host) {
  std::vector<int> ports;
  for (const auto& [number, listener] : listeners(plan, host)) ports.push_back(number);
  return ports;
}

bool Faults::change_network(const TimelineEntry& fault, Turn turn, RecordId why) {
  const bool begins = turn == Turn::begins;
  if (fault.fault == FaultKind::network_link_down) {
    const world::SiteIndex a = plan().find_site(fault.sites.at(0)), b = plan().find_site(fault.sites.at(1));
    if (((state().cluster.cut_links & world::site_pair(a, b)) != 0) == begins) return false;
    world_.membership().set_site_link(a, b, !begins, why);
    return true;
  }
  if (fault.fault == FaultKind::network_duplicate_address) {
    const world::ResourceIndex address = plan().find_resource(fault.resource);
    if (state().resources.at(address).taken == begins) return false;
    world_.roles().take_address(address, begins, why);
    return true;
  }
  if (fault.fault == FaultKind::network_port_blocked) {
    const HostIndex host = host_of(fault);
    const Port port = port_behind(plan(), host, fault.port).value();
    if (((state().hosts[host].blocked >> static_cast<unsigned>(port) & 1U) != 0) == begins) return false;
    world_.membership().set_port_blocked(host, port, begins, why);
    return true;
  }
  // A card that flaps is held down by a second fault, whether or not it is up just now; it flaps on when that is over.
  const bool flaps = std::any_of(standing_.begin(), standing_.end(), [&](const Standing& one) {
    return one.fault->fault == FaultKind::network_flap && one.fault != &fault && one.fault->hosts == fault.hosts;
  });
  bool changed = begins && ((fault.fault == FaultKind::network_nic_down && flaps) ||
                            (fault.fault == FaultKind::network_flap && !flaps));
  for (const std::string& name : fault.hosts) {
    const HostIndex host = plan().find_host(name);
    switch (fault.fault) {
      case FaultKind::network_partition: changed = set_side(host, fault.partition, turn, why) || changed; break;
      case FaultKind::network_latency: changed = set_latency(host, why) || changed; break;
      case FaultKind::network_loss: changed = set_loss(host, why) || changed; break;
      case FaultKind::network_burst:
        set_loss(host, why);
        changed = true;  // one that comes during another makes it longer
        break;
      default: changed = set_cards(host, why) || changed; break;
    }
  }
  return changed;
}

bool Faults::set_side(HostIndex host, int partition, Turn turn, RecordId why) {
  const std::uint64_t bit = std::uint64_t{1} << partition;
  const std::uint64_t before = state().hosts[host].side;
  const std::uint64_t after = turn == Turn::begins ? before | bit : before & ~bit;
  world_.membership().set_side(host, after, why);
  return before != after;
}

/// A card is down while any standing fault holds it down.
bool Faults::set_cards(HostIndex host, RecordId why) {
  const std::uint64_t all = plan().hosts[host].cards;
  std::uint64_t wanted = 0;
  for (const Standing& one : standing_) {
    const bool holds = one.fault->fault == FaultKind::network_nic_down ||
                       (one.fault->fault == FaultKind::network_flap && !one.card_up);
    if (!holds || !names(*one.fault, plan().hosts[host].name)) continue;
    wanted |= one.fault->network.empty() ? all : world::bit(plan().find_network(one.fault->network));
  }
  const std::uint64_t present = state().hosts[host].cards_down;
  const auto set = [&](std::uint64_t cards, bool up) {
    if (cards == all) return world_.membership().set_link(host, up, why);
    world::for_each_bit(cards, [&](world::NetworkIndex card) { world_.membership().set_link(host, up, why, card); });
  };
  if (wanted == present) return false;
  set(present & ~wanted, true);
  set(wanted & ~present, false);
  return true;
}

/// A packet must survive every one of the standing faults.
bool Faults::set_loss(HostIndex host, RecordId why) {
  double arrives = 1;
  for (const Standing& one : standing_) {
    if (!names(*one.fault, plan().hosts[host].name)) continue;
    if (one.fault->fault == FaultKind::network_burst) arrives = 0;
    if (one.fault->fault == FaultKind::network_loss) arrives *= 1 - one.fault->amount;
  }
  constexpr double million = 1e6, half = 0.5;
  const auto lost = static_cast<std::uint32_t>((1 - arrives) * million + half);
  if (state().hosts[host].loss == lost) return false;
  world_.membership().set_loss(host, lost, why);
  return true;
}

bool Faults::set_latency(HostIndex host, RecordId why) {
  Duration added{};
  for (const Standing& one : standing_) {
    const bool counts = one.fault->fault == FaultKind::network_latency;
    if (counts && names(*one.fault, plan().hosts[host].name)) added += one.fault->length;
  }
  if (state().hosts[host].latency == added) return false;
  world_.membership().set_latency(host, added, why);
  return true;
}

}  // namespace rehearse::sim
