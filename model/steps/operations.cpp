#include "model/steps/operations.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "model/steps/certificate_renewal.hpp"
#include "model/steps/failure.hpp"
#include "model/steps/master_resource.hpp"
#include "model/steps/small_step.hpp"
#include "model/steps/verify_steps.hpp"
#include "model/steps/waiting.hpp"
#include "model/units.hpp"

namespace rehearse::steps {
namespace {

const OperationInfo* find_operation(std::string_view name) {
  const auto& all = operations();
  const auto found = std::find_if(all.begin(), all.end(), [&](const OperationInfo& info) { return info.name == name; });
  return found == all.end() ? nullptr : &*found;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> roles_of(const model::Design& design) {
  std::vector<std::string> roles = {design.fci.role_name()};
  if (design.master_role_name() != roles.front()) roles.push_back(design.master_role_name());
  return roles;
}

std::string problem_of_arguments(const OperationInfo& operation, const OperationArguments& arguments) {
  for (const std::string& required : operation.required) {
    if (!arguments.contains(required)) return fmt::format("{} needs '{}'", operation.name, required);
  }
  for (const auto& [argument, value] : arguments) {
    if (!contains(operation.required, argument) && !contains(operation.optional, argument)) {
      return fmt::format("{} knows no '{}'", operation.name, argument);
    }
  }
  return {};
}

std::string problem_of_renewal(const model::Design& design, const OperationArguments& arguments) {
  const std::optional<Date> not_after = model::parse_date(arguments.at("not_after"));
  if (!not_after) return fmt::format("'{}' is no date; write \"2030-01-01T00:00:00Z\"", arguments.at("not_after"));
  const model::Certificate* present = design.find_certificate(design.scale_out.master.certificate);
  if (present && present->not_after == *not_after)
    return "the certificate in the design ends then already; state a later end";
  const auto order = arguments.find("order");
  if (order != arguments.end() && order->second != "documented" && order->second != "least_outage") {
    return fmt::format("'{}' is no order; it is \"documented\" or \"least_outage\"", order->second);
  }
  return {};
}

struct RoleOnNode {
  std::string role;
  std::string node;
};

struct ServiceOnHosts {
  std::vector<std::string> hosts;
  std::string service;
};

}  // namespace

const std::vector<OperationInfo>& operations() {
  static const std::vector<OperationInfo> all = {
      {"move_role", {"role", "to"}, {}, "move a role to a node, planned"},
      {"drain_node", {"node"}, {}, "pause a node and move its roles away"},
      {"resume_node", {"node"}, {}, "end the pause of a node; roles stay where they are"},
      {"restart_workers", {}, {}, "restart the service on every worker"},
      {"verify_deployment", {}, {}, "move every role to every node and hear every worker each time"},
      {"renew_master_certificate", {"not_after"}, {"order"}, "a new master certificate on every node and worker"},
  };
  return all;
}

std::string problem_of_operation(const model::Design& design, std::string_view name,
                                 const OperationArguments& arguments) {
  const OperationInfo* operation = find_operation(name);
  if (!operation) {
    std::vector<std::string> names;
    for (const OperationInfo& info : operations()) names.push_back(info.name);
    return fmt::format("there is no operation '{}'; there are {}", name, fmt::join(names, ", "));
  }
  if (std::string problem = problem_of_arguments(*operation, arguments); !problem.empty()) return problem;
  for (const char* argument : {"node", "to"}) {
    const auto node = arguments.find(argument);
    if (node != arguments.end() && !design.find_node(node->second)) {
      return fmt::format("the cluster has no node '{}'", node->second);
    }
  }
  if (name == "move_role" && !contains(roles_of(design), arguments.at("role"))) {
    return fmt::format("there is no role '{}'; there are {}", arguments.at("role"), fmt::join(roles_of(design), ", "));
  }
  return name == "renew_master_certificate" ? problem_of_renewal(design, arguments) : std::string();
}

std::vector<StepPtr> operation_steps(const model::Design& design, std::string_view name,
                                     const OperationArguments& arguments) {
  if (std::string problem = problem_of_operation(design, name, arguments); !problem.empty()) {
    throw std::logic_error("operation_steps: " + problem);
  }
  if (name == "verify_deployment") return verification_steps(design);
  if (name == "renew_master_certificate") {
    const auto order = arguments.find("order");
    const bool least_outage = order != arguments.end() && order->second == "least_outage";
    return renew_master_certificate(design, *model::parse_date(arguments.at("not_after")),
                                    least_outage ? RenewalOrder::least_outage : RenewalOrder::documented);
  }
  std::vector<StepPtr> steps;
  if (name == "move_role") steps.push_back(move_role(arguments.at("role"), design.find_node(arguments.at("to"))->name));
  if (name == "drain_node") steps.push_back(drain_node(design.find_node(arguments.at("node"))->name));
  if (name == "resume_node") steps.push_back(resume_node(design.find_node(arguments.at("node"))->name));
  if (name == "restart_workers") steps.push_back(restart_workers(design));
  return steps;
}

StepPtr move_role(std::string role, std::string node) {
  StepInfo info{.name = "move_role",
                .section = "operation",
                .hosts = {node},
                .needs = fmt::format("{} up and not paused", node),
                .changes = fmt::format("{} owns {}", node, role),
                .deadline = std::chrono::minutes(30)};
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
        co_await platform.cluster.drain_node(wanted, 2 * time_to_change_state);
      });
}

StepPtr resume_node(std::string node) {
  StepInfo info{.name = "resume_node",
                .section = "operation",
                .hosts = {node},
                .needs = "the node in the cluster",
                .changes = fmt::format("{} is up and may own roles", node),
                .deadline = std::chrono::minutes(15)};
  return make_step(
      std::move(info), std::move(node),
      [](Platform& platform, const std::string& wanted) -> Awaitable<bool> {
        const NodeState state = co_await platform.cluster.node_state(wanted);
        co_return state == NodeState::up;
      },
      [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
        co_await platform.cluster.resume_node(wanted);
      });
}

StepPtr restart_workers(const model::Design& design) {
  StepInfo info{.name = "restart_workers",
                .section = "operation",
                .hosts = design.worker_names(),
                .needs = "nothing; tasks that run on the workers end with the service",
                .changes = "the service on every worker has been started anew",
                .deadline = std::chrono::hours(1)};
  return make_step(
      std::move(info), ServiceOnHosts{design.worker_names(), design.worker_service()},
      [](Platform&, const ServiceOnHosts&) -> Awaitable<bool> { co_return false; },
      [](Platform& platform, const ServiceOnHosts& wanted) -> Awaitable<void> {
        HostAction restart = [&platform, &wanted](std::string host) {
          return platform.host.restart_service(std::move(host), wanted.service);
        };
        co_await for_all(wanted.hosts, std::move(restart));
      },
      [](Platform& platform, const ServiceOnHosts& wanted) -> Awaitable<void> {
        for (const std::string& host : wanted.hosts) {
          const ServiceState state = co_await platform.host.service_state(host, wanted.service);
          if (state != ServiceState::running) {
            throw Failure(FailureCode::conflict, wanted.service + " does not run after its restart", "verify", host);
          }
        }
      });
}

}  // namespace rehearse::steps
