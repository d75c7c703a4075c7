// Two Scale Out Master processes at once: both sweep, both hand out tasks.
#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/checks/observation.hpp"
#include "sim/scenario/replay.hpp"

namespace rehearse::sim {

bool two_masters(const world::State& state, const world::Blueprint& plan) {
  return std::count_if(state.hosts.begin(), state.hosts.begin() + plan.node_count, [](const world::HostState& host) {
           return host.powered && (host.master == world::Process::running || host.master == world::Process::hung);
         }) > 1;
}

std::optional<std::string> observe_two_masters(const RunResult& run) {
  Stretch two;
  for_each_cluster_state(run, [&](const world::State& state, core::Time from, core::Time to) {
    if (two_masters(state, *run.plan)) two.add(from, to);
  });
  if (!two.seen()) return std::nullopt;
  return fmt::format("two Scale Out Master processes ran at once, {}", two.text());
}

}  // namespace rehearse::sim
