#include "tests/far_side/clockwork.hpp"

#include <algorithm>

namespace far_side {
namespace {

bool is_pending(const std::string& state) {
  return state.ends_with("Pending");
}

bool machine_is_busy(const Machine& machine) {
  if (machine.goes_down || machine.comes_up) return true;
  const auto pending = [](const auto& entry) { return is_pending(entry.second.state); };
  const auto queued = [](const auto& entry) { return entry.second.state == "Queued"; };
  return std::any_of(machine.services.begin(), machine.services.end(), pending) ||
         std::any_of(machine.tasks.begin(), machine.tasks.end(), queued);
}

bool cluster_is_busy(const Cluster& cluster) {
  for (const auto& [name, node] : cluster.nodes) {
    if (node.state == "Joining" || node.drain == "InProgress" || node.stopping) return true;
  }
  for (const auto& [name, group] : cluster.groups) {
    if (!group.moving_to.empty()) return true;
  }
  for (const auto& [name, resource] : cluster.resources) {
    if (is_pending(resource.state) || (resource.wanted && resource.state == "Offline") || resource.retry) return true;
  }
  return false;
}

/// How long nothing of note can happen.
Span quiet_time(const FarWorld& world) {
  const bool busy = std::any_of(world.machines.begin(), world.machines.end(),
                                [](const auto& entry) { return machine_is_busy(entry.second); }) ||
                    (world.cluster && cluster_is_busy(*world.cluster));
  return busy ? Span(500) : Span(10'000);
}

void settle(FarWorld& world) {
  settle_machines(world);
  if (world.cluster) settle_cluster(world);
  settle_scale_out(world);
  run_due_tasks(world);
}

}  // namespace

void pass(FarWorld& world, Span time) {
  const Instant end = world.now + time;
  settle(world);
  while (world.now < end) {
    world.now = std::min(end, world.now + quiet_time(world));
    settle(world);
  }
}

}  // namespace far_side
