// Entries of faults of the network.
#include <algorithm>
#include <bit>
#include <stdexcept>
#include <utility>

#include "sim/faults/catalogue_entry_maker.hpp"
#include "sim/scenario/fault_injection.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using world::HostIndex;
using world::HostKind;
using world::ResourceKind;

constexpr Duration burst_length = 12s;     // p95 of behaviour.md 14
constexpr Duration added_latency = 500ms;  // each way
constexpr double lost_share = 0.5;         // of the packets
constexpr Duration flap_every = 1min, flap_down = 30s;

}  // namespace

void CatalogueEntryMaker::add_of_network() {
  const std::vector<std::string> nodes = names_of(HostKind::cluster_node);
  switch (kind_) {
    case FaultKind::network_nic_down: return add_nics();
    case FaultKind::network_partition: return add_partitions();
    case FaultKind::network_link_down:
      for (std::size_t a = 0; a < plan_.sites.size(); ++a) {
        for (std::size_t b = a + 1; b < plan_.sites.size(); ++b) {
          if (plan_.sites[a].empty() || plan_.sites[b].empty()) continue;
          add([&](TimelineEntry& entry) {
            entry.sites = {plan_.sites[a], plan_.sites[b]};
            std::sort(entry.sites.begin(), entry.sites.end());
          });
        }
      }
      if (found_.empty()) leave_out("the design has one site");
      return;
    case FaultKind::network_latency: {
      const auto slow = [](TimelineEntry& entry) { entry.length = added_latency; };
      on_each_node(slow);
      on_each(HostKind::witness_server, slow);
      return on_each(HostKind::cloud_witness, slow);
    }
    case FaultKind::network_loss:
    case FaultKind::network_burst: {
      const auto losing = [&](TimelineEntry& entry) {
        if (kind_ == FaultKind::network_burst) {
          entry.lasts = burst_length;
        } else {
          entry.amount = lost_share;
        }
      };
      on_each_machine(losing);
      if (nodes.size() > 1) add_on(nodes, losing);  // a switch between them
      return;
    }
    case FaultKind::network_flap:
      return on_each_machine([](TimelineEntry& entry) {
        entry.every = flap_every;
        entry.down = flap_down;
      });
    case FaultKind::network_port_blocked:
      for (HostIndex host = 0; host < plan_.hosts.size(); ++host) {
        for (const int port : ports_of(plan_, host)) {
          add_on({plan_.hosts[host].name}, [&](TimelineEntry& entry) { entry.port = port; });
        }
      }
      return;
    case FaultKind::network_duplicate_address: return on_each_resource(ResourceKind::address);
    default: throw std::logic_error("a fault of the network that no catalogue knows");
  }
}

/// A machine with all of its cards, and each card of a node that has several.
void CatalogueEntryMaker::add_nics() {
  on_each_machine();
  for (const world::HostPlan& host : plan_.hosts) {
    if (host.kind != HostKind::cluster_node || std::popcount(host.cards) < 2) continue;
    world::for_each_bit(host.cards, [&](world::NetworkIndex network) {
      add_on({host.name}, [&](TimelineEntry& entry) { entry.network = plan_.networks[network].name; });
    });
  }
}

/// Each machine alone, the machines of each site together, and the workers together.
void CatalogueEntryMaker::add_partitions() {
  std::vector<std::vector<std::string>> sets;
  const auto add_set = [&](std::vector<std::string> hosts) {
    std::sort(hosts.begin(), hosts.end());
    const bool some = !hosts.empty() && hosts.size() < plan_.hosts.size();
    if (some && std::find(sets.begin(), sets.end(), hosts) == sets.end()) sets.push_back(std::move(hosts));
  };
  for (const world::HostPlan& host : plan_.hosts) add_set({host.name});
  for (std::size_t site = 0; plan_.sites.size() > 1 && site < plan_.sites.size(); ++site) {
    std::vector<std::string> hosts;
    for (const world::HostPlan& host : plan_.hosts) {
      if (host.site == site) hosts.push_back(host.name);
    }
    add_set(std::move(hosts));
  }
  add_set(names_of(HostKind::worker_machine));
  for (std::vector<std::string>& hosts : sets) add_on(std::move(hosts));
}

}  // namespace rehearse::sim
