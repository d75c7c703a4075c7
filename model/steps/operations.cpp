#include "model/steps/operations.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "model/steps/certificate_renewal.hpp"
#include "model/steps/failure.hpp"
#include "model/steps/node_operations.hpp"
#include "model/steps/operation_arguments.hpp"
#include "model/steps/patch_operations.hpp"
#include "model/steps/role_operations.hpp"
#include "model/steps/small_step.hpp"
#include "model/steps/verify_steps.hpp"
#include "model/steps/waiting.hpp"
#include "model/units.hpp"

namespace rehearse::steps {
namespace {

using Names = std::vector<std::string>;

StepPtr step_on_role(const model::Design& design, std::string_view name, const OperationArguments& arguments) {
  std::string role = named(design.role_names(), arguments, "role");
  if (name == "offline_role") return offline_role(std::move(role));
  if (name == "online_role") return online_role(std::move(role));
  if (!arguments.contains("to")) return move_role_to_best(std::move(role));
  return move_role(std::move(role), named(node_names(design), arguments, "to"));
}

StepPtr step_on_resource(const model::Design& design, std::string_view name, const OperationArguments& arguments) {
  std::string resource = named(resource_names(design), arguments, "resource");
  if (name == "offline_resource") return offline_resource(std::move(resource));
  if (name == "online_resource") return online_resource(std::move(resource));
  return fail_resource(std::move(resource));
}

StepPtr step_on_node(const model::Design& design, std::string_view name, const OperationArguments& arguments) {
  std::string node = named(node_names(design), arguments, "node");
  const auto failback = static_cast<Failback>(word_given(arguments, "failback"));
  if (name == "pause_node") return pause_node(std::move(node));
  if (name == "drain_node") return drain_node(std::move(node));
  if (name == "resume_node") return resume_node(std::move(node), failback);
  if (name == "stop_node") return stop_node(std::move(node));
  if (name == "start_node") return start_node(std::move(node));
  if (name == "rejoin_node") return rejoin_node(std::move(node));
  if (name == "clear_quarantine") return clear_quarantine(std::move(node));
  if (name == "restart_node") return restart_node(std::move(node));
  if (name == "shut_down_node") return shut_down_node(std::move(node));
  if (name == "patch_node") return patch_node(std::move(node), failback);
  if (name == "resume_data_movement") return resume_data_movement(design.fci.role_name(), std::move(node));
  if (name != "force_quorum") throw std::logic_error(fmt::format("an operation on a node without a step: {}", name));
  Names others = node_names(design);
  std::erase(others, node);
  return force_quorum(std::move(node), std::move(others), static_cast<IfAlive>(word_given(arguments, "even_if_alive")));
}

struct ServiceOnHosts {
  std::vector<std::string> hosts;
  std::string service;
};

}  // namespace

std::vector<StepPtr> operation_steps(const model::Design& design, std::string_view name,
                                     const OperationArguments& arguments) {
  if (std::string problem = problem_of_operation(design, name, arguments); !problem.empty()) {
    throw std::logic_error("operation_steps: " + problem);
  }
  if (name == "verify_deployment") return verification_steps(design);
  if (name == "renew_master_certificate") {
    return renew_master_certificate(
        design, *model::parse_date(arguments.at("not_after")),
        word_given(arguments, "order") == 1 ? RenewalOrder::least_outage : RenewalOrder::documented);
  }
  std::vector<StepPtr> steps;
  if (name == "force_failover") {
    steps.push_back(force_failover(design.fci.role_name(), named(node_names(design), arguments, "to")));
  } else if (arguments.contains("role")) {
    steps.push_back(step_on_role(design, name, arguments));
  } else if (arguments.contains("resource")) {
    steps.push_back(step_on_resource(design, name, arguments));
  } else if (arguments.contains("node")) {
    steps.push_back(step_on_node(design, name, arguments));
  } else if (name == "patch_rolling") {
    const auto failback = static_cast<Failback>(word_given(arguments, "failback"));
    steps.push_back(patch_rolling(node_names(design), design.fci.role_name(), failback));
  } else if (name == "restart_workers") {
    steps.push_back(restart_workers(design));
  }
  if (steps.empty()) throw std::logic_error(fmt::format("an operation without a step: {}", name));
  return steps;
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
