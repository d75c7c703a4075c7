#include "model/steps/fci_steps.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "model/endpoint.hpp"
#include "model/steps/small_step.hpp"

namespace rehearse::steps {
namespace {

struct InstanceOnNode {
  std::string node;
  model::FailoverClusterInstance fci;
};

Awaitable<bool> is_node_of_instance(Platform& platform, const InstanceOnNode& wanted) {
  co_return co_await platform.host.fci_installed(wanted.node, wanted.fci.instance);
}

using WantedProperties = std::vector<std::pair<ResourceProperty, std::int64_t>>;

struct HealthDetection {
  std::string resource;
  WantedProperties properties;
};

}  // namespace

std::string sql_service_logon() {
  return "logon of the SQL Server services";
}

std::vector<std::string> owners_of(const model::Design& design, const model::RoleSettings& settings) {
  const std::vector<std::string>& possible = settings.possible_owners;
  std::vector<std::string> owners;
  for (const model::Node& node : design.cluster.nodes) {
    const bool may = possible.empty() || std::any_of(possible.begin(), possible.end(), [&](const std::string& name) {
                       return model::same_name(name, node.name);
                     });
    if (may) owners.push_back(node.name);
  }
  if (settings.preferred_owners.empty()) return owners;
  const std::string& first = settings.preferred_owners.front();
  std::stable_partition(owners.begin(), owners.end(),
                        [&](const std::string& name) { return model::same_name(name, first); });
  return owners;
}

StepPtr install_fci(std::string node, model::FailoverClusterInstance fci) {
  StepInfo info{.name = "install_fci",
                .section = "2",
                .hosts = {node},
                .needs = "the cluster with the shared disks, and SQL Server media",
                .changes = fmt::format("the instance {} runs as a role of the cluster under the network name {}",
                                       fci.instance, fci.network_name),
                .deadline = std::chrono::hours(3)};
  return make_step(std::move(info), InstanceOnNode{std::move(node), std::move(fci)}, &is_node_of_instance,
                   [](Platform& platform, const InstanceOnNode& wanted) -> Awaitable<void> {
                     const model::FailoverClusterInstance& instance = wanted.fci;
                     Secret logon = co_await platform.person.secret(sql_service_logon());
                     host::InstallFci setup(wanted.node, instance.instance, instance.network_name, instance.addresses,
                                            instance.disks, instance.role_name(), std::move(logon));
                     co_await platform.host.install_fci(std::move(setup));
                   });
}

StepPtr add_fci_node(std::string node, model::FailoverClusterInstance fci) {
  StepInfo info{.name = "add_fci_node",
                .section = "2",
                .hosts = {node},
                .needs = "the instance on its first node",
                .changes = fmt::format("{} can own the instance {}", node, fci.instance),
                .deadline = std::chrono::hours(3)};
  return make_step(std::move(info), InstanceOnNode{std::move(node), std::move(fci)}, &is_node_of_instance,
                   [](Platform& platform, const InstanceOnNode& wanted) -> Awaitable<void> {
                     Secret logon = co_await platform.person.secret(sql_service_logon());
                     co_await platform.host.add_fci_node(wanted.node, wanted.fci.instance, std::move(logon));
                   });
}

StepPtr set_health_detection(model::FailoverClusterInstance fci) {
  HealthDetection detection{fci.sql_resource(), {}};
  if (fci.health_check_timeout) {
    const auto timeout = std::chrono::duration_cast<std::chrono::milliseconds>(*fci.health_check_timeout);
    detection.properties.emplace_back(ResourceProperty::health_check_timeout, timeout.count());
  }
  if (fci.failure_condition_level) {
    detection.properties.emplace_back(ResourceProperty::failure_condition_level, *fci.failure_condition_level);
  }
  StepInfo info{.name = "set_health_detection",
                .section = "2",
                .hosts = {},
                .needs = "the instance",
                .changes = "HealthCheckTimeout and FailureConditionLevel are as designed",
                .deadline = std::chrono::minutes(15)};
  return make_step(
      std::move(info), std::move(detection),
      [](Platform& platform, const HealthDetection& wanted) -> Awaitable<bool> {
        for (const auto& [property, value] : wanted.properties) {
          const std::int64_t present = co_await platform.cluster.resource_property(wanted.resource, property);
          if (present != value) co_return false;
        }
        co_return true;
      },
      [](Platform& platform, const HealthDetection& wanted) -> Awaitable<void> {
        for (const auto& [property, value] : wanted.properties) {
          co_await platform.cluster.set_resource_property(wanted.resource, property, value);
        }
      });
}

}  // namespace rehearse::steps
