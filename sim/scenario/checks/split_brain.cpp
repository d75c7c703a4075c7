// Two partitions both take themselves for the cluster: after a forced quorum, while nodes of the former one still run
// (W 2.4). It lasts until they meet the forced side and give way, or end.
#include <fmt/format.h>

#include "sim/scenario/checks/observation.hpp"
#include "sim/scenario/replay.hpp"

namespace rehearse::sim {

std::optional<std::string> observe_split_brain(const RunResult& run) {
  Stretch split;
  std::uint64_t nodes = 0;
  for_each_cluster_state(run, [&](const world::State& state, core::Time from, core::Time to) {
    if (state.cluster.rival == 0) return;
    split.add(from, to);
    nodes |= state.cluster.rival;
  });
  if (!split.seen()) return std::nullopt;
  std::string names;
  world::for_each_bit(
      nodes, [&](world::HostIndex node) { names += (names.empty() ? "" : ", ") + run.plan->hosts[node].name; });
  return fmt::format("split brain after a forced quorum: {} went on beside the forced side, {}", names, split.text());
}

}  // namespace rehearse::sim
