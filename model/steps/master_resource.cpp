#include "model/steps/master_resource.hpp"

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace rehearse::steps {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

MasterResource master_resource_of(const model::Design& design) {
  return {.service = design.master_service(), .resource = design.master_resource(), .role = design.master_role_name()};
}

Awaitable<bool> is_clustered(Platform platform, MasterResource master) {
  const std::vector<std::string> roles = co_await platform.cluster.roles();
  if (!contains(roles, master.role)) co_return false;
  const std::vector<std::string> resources = co_await platform.cluster.resources(master.role);
  co_return contains(resources, master.resource);
}

Awaitable<bool> runs_under_cluster(Platform platform, MasterResource master, std::string node) {
  const bool clustered = co_await is_clustered(platform, master);
  if (!clustered) co_return false;
  const ResourceState state = co_await platform.cluster.resource_state(master.resource);
  if (state == ResourceState::offline || state == ResourceState::failed) co_return false;
  const std::string owner = co_await platform.cluster.role_owner(master.role);
  co_return owner == node;
}

Awaitable<void> stop_master_on(Platform platform, MasterResource master, std::string node) {
  const ServiceState state = co_await platform.host.service_state(node, master.service);
  if (state != ServiceState::running) co_return;
  const bool clustered = co_await runs_under_cluster(platform, master, node);
  if (clustered) {
    co_await platform.cluster.offline_resource(master.resource, time_to_change_state);
  } else {
    co_await platform.host.stop_service(node, master.service);
  }
}

std::string password_of(const std::string& account) {
  return "password of " + account;
}

}  // namespace rehearse::steps
