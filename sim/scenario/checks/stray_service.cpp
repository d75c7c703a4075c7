// The Scale Out Master's service runs outside the cluster: on a node that does not own its role and knows so. A start
// type left at Automatic does that (S 1.7), or a process that survives its resource host. A node that was given up and
// has not learnt of it yet is another matter: observe_stale_owner.
#include <fmt/format.h>

#include "sim/scenario/checks/observation.hpp"
#include "sim/scenario/replay.hpp"

namespace rehearse::sim {
namespace {

bool stray(world::HostIndex node, const world::State& state, const world::Blueprint& plan) {
  const world::HostState& host = state.hosts[node];
  const bool runs = host.powered && (host.master == world::Process::running || host.master == world::Process::hung);
  const world::GroupState& role = state.groups[plan.master_group];
  if (!runs || !role.exists) return false;
  const bool member = (state.cluster.members & world::bit(node)) != 0;
  const bool cluster_runs = host.service == world::ClusterService::up;
  if (cluster_runs && (!member || host.frozen)) return false;
  return !cluster_runs || role.owner != node;
}

}  // namespace

std::optional<std::string> observe_stray_service(const RunResult& run) {
  Stretch outside;
  std::uint64_t nodes = 0;
  for_each_cluster_state(run, [&](const world::State& state, core::Time from, core::Time to) {
    std::uint64_t now = 0;
    for (world::HostIndex node = 0; node < run.plan->node_count; ++node) {
      if (stray(node, state, *run.plan)) now |= world::bit(node);
    }
    if (now == 0 || to == from) return;
    outside.add(from, to);
    nodes |= now;
  });
  if (!outside.seen()) return std::nullopt;
  std::string names;
  world::for_each_bit(
      nodes, [&](world::HostIndex node) { names += (names.empty() ? "" : ", ") + run.plan->hosts[node].name; });
  return fmt::format("the Scale Out Master service ran outside the cluster on {}, {}", names, outside.text());
}

}  // namespace rehearse::sim
