#include "model/steps/role_operations.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>

#include <utility>

#include "model/steps/failure.hpp"
#include "model/steps/master_resource.hpp"
#include "model/steps/small_step.hpp"

namespace rehearse::steps {
namespace {

struct RoleOnNode {
  std::string role;
  std::string node;
};

StepInfo info_of(std::string name, std::string needs, std::string changes, std::vector<std::string> hosts = {}) {
  return {.name = std::move(name),
          .section = "operation",
          .hosts = std::move(hosts),
          .needs = std::move(needs),
          .changes = std::move(changes),
          .deadline = std::chrono::minutes(30)};
}

}  // namespace

StepPtr move_role(std::string role, std::string node) {
  StepInfo info =
      info_of("move_role", fmt::format("{} up and not paused", node), fmt::format("{} owns {}", node, role), {node});
  return make_step(
      std::move(info), RoleOnNode{std::move(role), std::move(node)},
      [](Platform& platform, const RoleOnNode& wanted) -> Awaitable<bool> {
        const std::string owner = co_await platform.cluster.role_owner(wanted.role);
        if (owner != wanted.node) co_return false;
        const RoleState state = co_await platform.cluster.role_state(wanted.role);
        co_return state != RoleState::pending;
      },
      [](Platform& platform, const RoleOnNode& wanted) -> Awaitable<void> {
        co_await platform.cluster.move_role(wanted.role, wanted.node, time_to_change_state);
      });
}

StepPtr move_role_to_best(std::string role) {
  StepInfo info = info_of("move_role", "another node that can own the role",
                          fmt::format("another node, the best possible one, owns {}", role));
  return make_step(
      std::move(info), std::move(role), [](Platform&, const std::string&) -> Awaitable<bool> { co_return false; },
      [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
        co_await platform.cluster.move_role_to_best(wanted, time_to_change_state);
      },
      [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
        const RoleState state = co_await platform.cluster.role_state(wanted);
        if (state == RoleState::failed || state == RoleState::pending) {
          throw Failure(FailureCode::conflict, fmt::format("{} is {} after its move", wanted, to_text(state)),
                        "verify");
        }
      });
}

StepPtr force_failover(std::string role, std::string node) {
  StepInfo info =
      info_of("force_failover", fmt::format("a quorum, and SQL Server running on {}", node),
              fmt::format("the replica on {} is the primary of {}; what it lacked is lost", node, role), {node});
  return make_step(
      std::move(info), RoleOnNode{std::move(role), std::move(node)},
      [](Platform& platform, const RoleOnNode& wanted) -> Awaitable<bool> {
        const std::string owner = co_await platform.cluster.role_owner(wanted.role);
        if (owner != wanted.node) co_return false;
        const RoleState state = co_await platform.cluster.role_state(wanted.role);
        co_return state == RoleState::online;
      },
      [](Platform& platform, const RoleOnNode& wanted) -> Awaitable<void> {
        co_await platform.cluster.force_failover(wanted.role, wanted.node, time_to_change_state);
      });
}

StepPtr resume_data_movement(std::string role, std::string node) {
  StepInfo info = info_of("resume_data_movement", fmt::format("SQL Server running on {}", node),
                          fmt::format("the replica on {} follows the primary of {}", node, role), {node});
  return make_step(
      std::move(info), RoleOnNode{std::move(role), std::move(node)},
      [](Platform& platform, const RoleOnNode& wanted) -> Awaitable<bool> {
        co_return co_await platform.cluster.data_moves(wanted.role, wanted.node);
      },
      [](Platform& platform, const RoleOnNode& wanted) -> Awaitable<void> {
        co_await platform.cluster.resume_data_movement(wanted.role, wanted.node);
      });
}

StepPtr offline_role(std::string role) {
  StepInfo info = info_of("offline_role", "the role", fmt::format("{} is offline", role));
  return make_step(
      std::move(info), std::move(role),
      [](Platform& platform, const std::string& wanted) -> Awaitable<bool> {
        const RoleState state = co_await platform.cluster.role_state(wanted);
        co_return state == RoleState::offline;
      },
      [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
        co_await platform.cluster.offline_role(wanted, time_to_change_state);
      });
}

StepPtr online_role(std::string role) {
  StepInfo info = info_of("online_role", "a node that can own the role", fmt::format("{} is online", role));
  return make_step(
      std::move(info), std::move(role),
      [](Platform& platform, const std::string& wanted) -> Awaitable<bool> {
        const RoleState state = co_await platform.cluster.role_state(wanted);
        co_return state == RoleState::online;
      },
      [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
        co_await platform.cluster.online_role(wanted, time_to_change_state);
      });
}

StepPtr offline_resource(std::string resource) {
  StepInfo info = info_of("offline_resource", "the resource", fmt::format("{} is offline", resource));
  return make_step(
      std::move(info), std::move(resource),
      [](Platform& platform, const std::string& wanted) -> Awaitable<bool> {
        const ResourceState state = co_await platform.cluster.resource_state(wanted);
        co_return state == ResourceState::offline;
      },
      [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
        co_await platform.cluster.offline_resource(wanted, time_to_change_state);
      });
}

StepPtr online_resource(std::string resource) {
  StepInfo info = info_of("online_resource", "what the resource needs", fmt::format("{} is online", resource));
  return make_step(
      std::move(info), std::move(resource),
      [](Platform& platform, const std::string& wanted) -> Awaitable<bool> {
        const ResourceState state = co_await platform.cluster.resource_state(wanted);
        co_return state == ResourceState::online;
      },
      [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
        co_await platform.cluster.online_resource(wanted, time_to_change_state);
      });
}

StepPtr fail_resource(std::string resource) {
  StepInfo info = info_of("fail_resource", "the resource, online",
                          fmt::format("{} has failed once more, and the policies have taken over", resource));
  return make_step(
      std::move(info), std::move(resource), [](Platform&, const std::string&) -> Awaitable<bool> { co_return false; },
      [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
        co_await platform.cluster.fail_resource(wanted);
      },
      [](Platform&, const std::string&) -> Awaitable<void> { co_return; });  // what follows is the policies' affair
}

}  // namespace rehearse::steps
