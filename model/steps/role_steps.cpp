#include "model/steps/role_steps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "model/steps/master_resource.hpp"
#include "model/steps/small_step.hpp"

namespace rehearse::steps {
namespace {

Awaitable<bool> master_is_clustered(Platform& platform, const MasterResource& master) {
  co_return co_await is_clustered(platform, master);
}

struct OwnRole {
  MasterResource master;
  model::MasterRole role;
};

struct Dependencies {
  std::string resource;
  std::vector<std::string> providers;  // sorted
};

struct RestartAction {
  std::string resource;
  int action;
};

std::vector<std::string> providers_of(const model::Design& design) {
  std::vector<std::string> providers = design.master_dependencies();
  std::sort(providers.begin(), providers.end());
  return providers;
}

}  // namespace

StepPtr add_master_to_sql_role(const model::Design& design) {
  StepInfo info{.name = "add_master_to_sql_role",
                .section = "6",
                .hosts = {},
                .needs = "the SQL Server role, and the service on every node",
                .changes = fmt::format("the role {} holds the Generic Service resource {}", design.master_role_name(),
                                       design.master_resource()),
                .deadline = std::chrono::minutes(30)};
  return make_step(std::move(info), master_resource_of(design), &master_is_clustered,
                   [](Platform& platform, const MasterResource& master) -> Awaitable<void> {
                     co_await platform.cluster.add_generic_service(master.resource, master.role, master.service);
                   });
}

StepPtr create_master_role(const model::Design& design) {
  if (!design.scale_out.role) throw std::logic_error("create_master_role needs a design with a master role");
  StepInfo info{
      .name = "create_master_role",
      .section = "6",
      .hosts = {},
      .needs = "the service on every node, free addresses, the right to create the name's computer object",
      .changes = fmt::format("the role {} with the client access point {} holds {}", design.scale_out.role->name,
                             design.scale_out.role->dns_host_name, design.master_resource()),
      .deadline = std::chrono::minutes(30)};
  return make_step(
      std::move(info), OwnRole{master_resource_of(design), *design.scale_out.role},
      [](Platform& platform, const OwnRole& wanted) -> Awaitable<bool> {
        co_return co_await is_clustered(platform, wanted.master);
      },
      [](Platform& platform, const OwnRole& wanted) -> Awaitable<void> {
        co_await platform.cluster.create_role(wanted.role.name, wanted.role.dns_host_name, wanted.role.addresses,
                                              wanted.master.resource, wanted.master.service);
      });
}

bool has_master_dependencies(const model::Design& design) {
  return !providers_of(design).empty();
}

StepPtr set_master_dependencies(const model::Design& design) {
  std::vector<std::string> providers = providers_of(design);
  StepInfo info{.name = "set_master_dependencies",
                .section = "6",
                .hosts = {},
                .needs = "the resource, offline",
                .changes = fmt::format("{} needs all of: {}", design.master_resource(), fmt::join(providers, ", ")),
                .deadline = std::chrono::minutes(15)};
  return make_step(
      std::move(info), Dependencies{design.master_resource(), std::move(providers)},
      [](Platform& platform, const Dependencies& wanted) -> Awaitable<bool> {
        std::vector<std::string> present = co_await platform.cluster.dependencies(wanted.resource);
        std::sort(present.begin(), present.end());
        co_return present == wanted.providers;
      },
      [](Platform& platform, const Dependencies& wanted) -> Awaitable<void> {
        co_await platform.cluster.set_dependencies(wanted.resource, wanted.providers);
      });
}

StepPtr set_master_restart_action(const model::Design& design) {
  const int action = design.scale_out.master.restart_action;
  StepInfo info{.name = "set_master_restart_action",
                .section = "6",
                .hosts = {},
                .needs = "the resource",
                .changes = fmt::format("{} has RestartAction {}", design.master_resource(), action),
                .deadline = std::chrono::minutes(15)};
  return make_step(
      std::move(info), RestartAction{design.master_resource(), action},
      [](Platform& platform, const RestartAction& wanted) -> Awaitable<bool> {
        const std::int64_t present =
            co_await platform.cluster.resource_property(wanted.resource, ResourceProperty::restart_action);
        co_return present == wanted.action;
      },
      [](Platform& platform, const RestartAction& wanted) -> Awaitable<void> {
        co_await platform.cluster.set_resource_property(wanted.resource, ResourceProperty::restart_action,
                                                        wanted.action);
      });
}

StepPtr update_master_address(const model::Design& design) {
  std::string url = fmt::format("https://{}:{}", design.master_host_name(), design.scale_out.master.settings.port);
  StepInfo info{.name = "update_master_address",
                .section = "6",
                .hosts = {},
                .needs = "the catalog, enabled for Scale Out",
                .changes = fmt::format("MASTER_ADDRESS is {}", url),
                .deadline = std::chrono::minutes(15)};
  return make_step(
      std::move(info), std::move(url),
      [](Platform& platform, const std::string& wanted) -> Awaitable<bool> {
        const std::string present = co_await platform.catalog.master_address();
        co_return present == wanted;
      },
      [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
        co_await platform.catalog.update_master_address(wanted);
      });
}

StepPtr bring_master_online(const model::Design& design) {
  StepInfo info{.name = "bring_master_online",
                .section = "6",
                .hosts = {},
                .needs = "the resource with its dependencies",
                .changes = fmt::format("{} is online", design.master_resource()),
                .deadline = std::chrono::minutes(30)};
  return make_step(
      std::move(info), design.master_resource(),
      [](Platform& platform, const std::string& resource) -> Awaitable<bool> {
        const ResourceState state = co_await platform.cluster.resource_state(resource);
        co_return state == ResourceState::online;
      },
      [](Platform& platform, const std::string& resource) -> Awaitable<void> {
        co_await platform.cluster.online_resource(resource, time_to_change_state);
      });
}

}  // namespace rehearse::steps
