#include "model/steps/node_operations.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>

#include <utility>

#include "model/steps/failure.hpp"
#include "model/steps/master_resource.hpp"
#include "model/steps/small_step.hpp"
#include "model/steps/waiting.hpp"

namespace rehearse::steps {
namespace {

constexpr Duration asking_interval = std::chrono::seconds(10);

Awaitable<bool> no_role_is_on_its_way(Platform platform) {
  const std::vector<std::string> roles = co_await platform.cluster.roles();
  for (const std::string& role : roles) {
    const RoleState state = co_await platform.cluster.role_state(role);
    if (state == RoleState::pending) co_return false;
  }
  co_return true;
}

Awaitable<bool> node_is_in_cluster(Platform& platform, const std::string& node) {
  co_return co_await is_in_cluster(platform, node);
}

// Its cluster service runs, and the cluster knows nothing of it: a partition that was left behind.
Awaitable<bool> runs_elsewhere(Platform platform, std::string node) {
  const ServiceState service = co_await platform.host.service_state(node, cluster_service);
  if (service != ServiceState::running) co_return false;
  const bool answers = co_await platform.cluster.answers();
  if (!answers) co_return false;
  const NodeState state = co_await platform.cluster.node_state(node);
  co_return state == NodeState::down;
}

// The machine answers, its cluster service does not run, and the cluster, which does, would let it in.
Awaitable<bool> lies_idle(Platform platform, std::string node) {
  const bool answers = co_await platform.host.answers(node);
  if (!answers) co_return false;
  const NodeState state = co_await platform.cluster.node_state(node);
  if (state == NodeState::quarantined) co_return false;
  const ServiceState service = co_await platform.host.service_state(node, cluster_service);
  co_return service == ServiceState::stopped;
}

struct ResumedNode {
  std::string node;
  Failback failback;
};

struct ForcedNode {
  std::string node;
  std::vector<std::string> others;
  IfAlive if_alive;
};

Awaitable<void> start_with_prevent_quorum(Platform platform, std::string node) {
  const NodeState state = co_await platform.cluster.node_state(node);
  bool may_start = co_await lies_idle(platform, node);
  if (state == NodeState::joining) may_start = co_await platform.host.answers(node);
  if (!may_start) co_return;
  co_await platform.cluster.start_node(node, NodeStart::prevent_quorum, Duration::zero());
}

}  // namespace

Awaitable<bool> is_in_cluster(Platform platform, std::string node) {
  const bool answers = co_await platform.cluster.answers();
  if (!answers) co_return false;
  const NodeState state = co_await platform.cluster.node_state(std::move(node));
  co_return state == NodeState::up || state == NodeState::paused;
}

Awaitable<void> resume(Platform platform, std::string node, Failback failback) {
  co_await platform.cluster.resume_node(node, failback);
  if (failback == Failback::none) co_return;
  Condition settled = [platform] { return no_role_is_on_its_way(platform); };
  std::string what = fmt::format("the roles that come back to {}", node);
  co_await wait_until(platform.clock, asking_interval, time_to_drain, std::move(what), std::move(settled));
}

StepPtr pause_node(std::string node) {
  StepInfo info{.name = "pause_node",
                .section = "operation",
                .hosts = {node},
                .needs = "the node in the cluster",
                .changes = fmt::format("{} is paused: it takes no roles and keeps those it has", node),
                .deadline = std::chrono::minutes(15)};
  return make_step(
      std::move(info), std::move(node),
      [](Platform& platform, const std::string& wanted) -> Awaitable<bool> {
        const NodeState state = co_await platform.cluster.node_state(wanted);
        co_return state == NodeState::paused;
      },
      [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
        co_await platform.cluster.pause_node(wanted);
      });
}

StepPtr drain_node(std::string node) {
  StepInfo info{.name = "drain_node",
                .section = "operation",
                .hosts = {node},
                .needs = "another node that can own the roles",
                .changes = fmt::format("{} is paused and owns no role", node),
                .deadline = std::chrono::hours(1)};
  return make_step(
      std::move(info), std::move(node),
      [](Platform& platform, const std::string& wanted) -> Awaitable<bool> {
        const NodeState state = co_await platform.cluster.node_state(wanted);
        if (state != NodeState::paused) co_return false;
        const std::vector<std::string> roles = co_await platform.cluster.roles();
        for (const std::string& role : roles) {
          const std::string owner = co_await platform.cluster.role_owner(role);
          if (owner == wanted) co_return false;
        }
        co_return true;
      },
      [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
        co_await platform.cluster.drain_node(wanted, time_to_drain);
      });
}

StepPtr resume_node(std::string node, Failback failback) {
  StepInfo info{.name = "resume_node",
                .section = "operation",
                .hosts = {node},
                .needs = "the node in the cluster",
                .changes = fmt::format("{} is up and may own roles; failback: {}", node, to_text(failback)),
                .deadline = std::chrono::hours(1)};
  return make_step(
      std::move(info), ResumedNode{std::move(node), failback},
      [](Platform& platform, const ResumedNode& wanted) -> Awaitable<bool> {
        const NodeState state = co_await platform.cluster.node_state(wanted.node);
        co_return state == NodeState::up;
      },
      [](Platform& platform, const ResumedNode& wanted) -> Awaitable<void> {
        co_await resume(platform, wanted.node, wanted.failback);
      });
}

StepPtr stop_node(std::string node) {
  StepInfo info{.name = "stop_node",
                .section = "operation",
                .hosts = {node},
                .needs = "the machine answers; its roles go where they can",
                .changes = fmt::format("the cluster service on {} is stopped", node),
                .deadline = std::chrono::hours(1)};
  return make_step(
      std::move(info), std::move(node),
      [](Platform& platform, const std::string& wanted) -> Awaitable<bool> {
        const ServiceState state = co_await platform.host.service_state(wanted, cluster_service);
        co_return state == ServiceState::stopped;
      },
      [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
        co_await platform.cluster.stop_node(wanted, time_to_drain);
      });
}

StepPtr start_node(std::string node) {
  StepInfo info{.name = "start_node",
                .section = "operation",
                .hosts = {node},
                .needs = "the machine answers, and there is a cluster to join or enough votes to form one",
                .changes = fmt::format("{} is in the cluster", node),
                .deadline = std::chrono::minutes(30)};
  return make_step(std::move(info), std::move(node), &node_is_in_cluster,
                   [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
                     co_await platform.cluster.start_node(wanted, NodeStart::usual, time_to_join);
                   });
}

StepPtr force_quorum(std::string node, std::vector<std::string> others, IfAlive if_alive) {
  StepInfo info{.name = "force_quorum",
                .section = "operation",
                .hosts = {node},
                .needs = "nobody answers for the cluster, and this node's copy of its database is the one to keep",
                .changes = fmt::format("the cluster runs with {}; nodes whose machines answer may join it", node),
                .deadline = std::chrono::hours(1)};
  return make_step(
      std::move(info), ForcedNode{std::move(node), std::move(others), if_alive},
      [](Platform& platform, const ForcedNode& wanted) -> Awaitable<bool> {
        const bool runs = co_await is_in_cluster(platform, wanted.node);
        if (!runs) co_return false;
        for (const std::string& other : wanted.others) {
          const bool idle = co_await lies_idle(platform, other);
          if (idle) co_return false;
        }
        co_return true;
      },
      [](Platform& platform, const ForcedNode& wanted) -> Awaitable<void> {
        const bool runs = co_await is_in_cluster(platform, wanted.node);
        if (!runs) {
          const bool alive = co_await platform.cluster.answers();
          if (alive && wanted.if_alive == IfAlive::refuse) {
            throw Failure(FailureCode::refused,
                          fmt::format("the cluster answers, so it has quorum: forcing it on {} would split it; let the "
                                      "node rejoin, or state even_if_alive",
                                      wanted.node),
                          "force_quorum", wanted.node);
          }
          co_await platform.cluster.start_node(wanted.node, NodeStart::force_quorum, time_to_join);
        }
        for (const std::string& other : wanted.others) co_await start_with_prevent_quorum(platform, other);
      });
}

StepPtr rejoin_node(std::string node) {
  StepInfo info{.name = "rejoin_node",
                .section = "operation",
                .hosts = {node},
                .needs = "a cluster to join",
                .changes = fmt::format("{} is in the cluster", node),
                .deadline = std::chrono::hours(1)};
  return make_step(std::move(info), std::move(node), &node_is_in_cluster,
                   [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
                     const bool stale = co_await runs_elsewhere(platform, wanted);
                     if (stale) co_await platform.cluster.stop_node(wanted, time_to_drain);
                     co_await platform.cluster.start_node(wanted, NodeStart::prevent_quorum, time_to_join);
                   });
}

StepPtr clear_quarantine(std::string node) {
  StepInfo info{.name = "clear_quarantine",
                .section = "operation",
                .hosts = {node},
                .needs = "a cluster to join",
                .changes = fmt::format("{} is out of quarantine and in the cluster", node),
                .deadline = std::chrono::minutes(30)};
  return make_step(std::move(info), std::move(node), &node_is_in_cluster,
                   [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
                     co_await platform.cluster.clear_quarantine(wanted, time_to_join);
                   });
}

StepPtr restart_node(std::string node) {
  StepInfo info{.name = "restart_node",
                .section = "operation",
                .hosts = {node},
                .needs = "the machine answers; its roles go where they can",
                .changes = fmt::format("{} has booted and is in the cluster", node),
                .deadline = std::chrono::hours(2)};
  return make_step(
      std::move(info), std::move(node), [](Platform&, const std::string&) -> Awaitable<bool> { co_return false; },
      [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
        co_await platform.host.restart_machine(wanted, time_to_restart);
      },
      [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
        Condition joined = [&platform, &wanted] { return is_in_cluster(platform, wanted); };
        co_await wait_until(platform.clock, asking_interval, time_to_join, wanted + " in the cluster again",
                            std::move(joined));
      });
}

StepPtr shut_down_node(std::string node) {
  StepInfo info{.name = "shut_down_node",
                .section = "operation",
                .hosts = {node},
                .needs = "the machine answers; its roles go where they can",
                .changes = fmt::format("{} is off", node),
                .deadline = std::chrono::hours(2)};
  return make_step(
      std::move(info), std::move(node),
      [](Platform& platform, const std::string& wanted) -> Awaitable<bool> {
        const bool answers = co_await platform.host.answers(wanted);
        co_return !answers;
      },
      [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
        co_await platform.host.shut_down_machine(wanted, time_to_restart);
      });
}

}  // namespace rehearse::steps
