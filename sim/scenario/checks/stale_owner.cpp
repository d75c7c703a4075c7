// A node that the cluster has given up still serves clients beside the new owner: both carry an address of the role.
// SQL Server alone is no such case: its disks are the new owner's, and it stops at its next write (behaviour.md 2).
#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "sim/scenario/checks/observation.hpp"
#include "sim/scenario/replay.hpp"

namespace rehearse::sim {
namespace {

/// In a partition each side learns of the other by its own clock: the losing side may end up to a regroup (4.3 s) and
/// an arbitration (6.6 s) after the winning one has taken over. That much is how clusters work, not a finding.
constexpr Duration usual = std::chrono::seconds(15);

/// Machines that run and carry the address on a card that is up.
std::uint64_t carriers(world::ResourceIndex address, const world::State& state, const world::Blueprint& plan) {
  std::uint64_t found = 0;
  world::for_each_bit(state.resources[address].at, [&](world::HostIndex node) {
    const world::HostState& host = state.hosts[node];
    const world::NetworkIndex network = plan.resources[address].network;
    const std::uint64_t cards = network == world::none ? plan.hosts[node].cards : world::bit(network);
    if (host.powered && !host.frozen && (cards & ~host.cards_down) != 0) found |= world::bit(node);
  });
  return found;
}

}  // namespace

std::optional<std::string> observe_stale_owner(const RunResult& run) {
  const world::Blueprint& plan = *run.plan;
  struct Doubled {
    world::ResourceIndex address = 0;
    Stretch stretch;
    std::uint64_t stale = 0;
  };
  std::vector<Doubled> doubles;
  for (const world::GroupPlan& role : plan.groups) {
    for (const world::ResourceIndex address : role.addresses) doubles.push_back({address, {}, 0});
  }
  for_each_cluster_state(run, [&](const world::State& state, core::Time from, core::Time to) {
    if (to == from) return;
    for (Doubled& doubled : doubles) {
      if (std::popcount(state.resources[doubled.address].at) < 2) continue;
      const std::uint64_t nodes = carriers(doubled.address, state, plan);
      if (std::popcount(nodes) < 2) continue;
      doubled.stretch.add(from, to);
      const world::HostIndex owner = state.groups[plan.resources[doubled.address].group].owner;
      doubled.stale |= nodes & ~(owner == world::none ? 0 : world::bit(owner));
    }
  });
  const auto worst = std::max_element(doubles.begin(), doubles.end(), [](const Doubled& a, const Doubled& b) {
    return a.stretch.longest() < b.stretch.longest();
  });
  if (worst == doubles.end() || worst->stretch.longest() <= usual) return std::nullopt;
  std::string names;
  world::for_each_bit(worst->stale,
                      [&](world::HostIndex node) { names += (names.empty() ? "" : ", ") + plan.hosts[node].name; });
  return fmt::format("a stale owner: {} still carried '{}' of '{}' beside the new owner, {}", names,
                     plan.resources[worst->address].name, plan.groups[plan.resources[worst->address].group].name,
                     worst->stretch.text());
}

}  // namespace rehearse::sim
