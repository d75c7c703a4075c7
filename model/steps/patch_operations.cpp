#include "model/steps/patch_operations.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <utility>

#include "model/steps/node_operations.hpp"
#include "model/steps/small_step.hpp"
#include "model/steps/waiting.hpp"

namespace rehearse::steps {
namespace {

constexpr Duration asking_interval = std::chrono::seconds(10);

struct PatchedNodes {
  std::vector<std::string> nodes;
  std::string role;  // whose owner is patched last; empty: the nodes are in order
  Failback failback;
};

Awaitable<bool> is_patched(Platform platform, std::string node) {
  const PatchState patches = co_await platform.host.patch_state(node);
  if (patches != PatchState::in_place) co_return false;
  const NodeState state = co_await platform.cluster.node_state(node);
  co_return state == NodeState::up;
}

Awaitable<void> patch(Platform platform, std::string node, Failback failback) {
  const PatchState patches = co_await platform.host.patch_state(node);
  if (patches != PatchState::in_place) {
    co_await platform.cluster.drain_node(node, time_to_drain);
    if (patches == PatchState::missing) co_await platform.host.install_patches(node);
    co_await platform.host.restart_machine(node, time_to_restart);
  }
  Condition joined = [platform, &node] { return is_in_cluster(platform, node); };
  co_await wait_until(platform.clock, asking_interval, time_to_join, node + " in the cluster again", std::move(joined));
  co_await resume(platform, node, failback);
}

Awaitable<bool> are_patched(Platform& platform, const PatchedNodes& wanted) {
  for (const std::string& node : wanted.nodes) {
    const bool patched = co_await is_patched(platform, node);
    if (!patched) co_return false;
  }
  co_return true;
}

Awaitable<void> patch_all(Platform& platform, const PatchedNodes& wanted) {
  std::vector<std::string> nodes = wanted.nodes;
  if (!wanted.role.empty()) {
    const std::string owner = co_await platform.cluster.role_owner(wanted.role);
    std::stable_partition(nodes.begin(), nodes.end(), [&](const std::string& node) { return node != owner; });
  }
  for (const std::string& node : nodes) {
    const bool patched = co_await is_patched(platform, node);
    if (!patched) co_await patch(platform, node, wanted.failback);
  }
}

}  // namespace

StepPtr patch_node(std::string node, Failback failback) {
  StepInfo info{.name = "patch_node",
                .section = "operation",
                .hosts = {node},
                .needs = "another node that can own the roles",
                .changes = fmt::format("{} has every update and is up", node),
                .deadline = std::chrono::hours(5)};
  return make_step(std::move(info), PatchedNodes{{std::move(node)}, {}, failback}, &are_patched, &patch_all);
}

StepPtr patch_rolling(std::vector<std::string> nodes, std::string role, Failback failback) {
  StepInfo info{.name = "patch_rolling",
                .section = "operation",
                .hosts = nodes,
                .needs = "nodes that can own each other's roles",
                .changes = "every node has every update and is up",
                .deadline = std::chrono::hours(5) * static_cast<int>(nodes.size())};
  return make_step(std::move(info), PatchedNodes{std::move(nodes), std::move(role), failback}, &are_patched,
                   &patch_all);
}

}  // namespace rehearse::steps
