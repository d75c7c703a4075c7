#include "tests/far_side/sql_state.hpp"

#include <algorithm>

#include <date/date.h>

#include "tests/far_side/clockwork.hpp"

namespace far_side {

std::string owner_of(const FarWorld& world, const SqlInstance& instance) {
  if (instance.group.empty()) return instance.nodes.empty() ? "" : instance.nodes.front();
  if (!world.cluster) return "";
  const auto group = world.cluster->groups.find(instance.group);
  return group == world.cluster->groups.end() ? "" : group->second.owner;
}

bool is_online(const FarWorld& world, const SqlInstance& instance) {
  if (instance.group.empty()) return is_running(machine_of(world, instance.nodes.front()), instance.service);
  if (!world.cluster) return false;
  const auto resource = world.cluster->resources.find(instance.resource);
  return resource != world.cluster->resources.end() && resource->second.state == "Online";
}

const SqlInstance* find_instance(const FarWorld& world, const std::string& server) {
  std::string name = server;
  if (same_text(name.substr(0, 4), "tcp:")) name.erase(0, 4);
  name = name.substr(0, name.find(','));
  const std::size_t slash = name.find('\\');
  std::string host = name.substr(0, slash);
  const std::string instance = slash == std::string::npos ? "MSSQLSERVER" : name.substr(slash + 1);
  const std::string suffix = "." + world.domain.dns_name;
  if (host.size() > suffix.size() && same_text(host.substr(host.size() - suffix.size()), suffix)) {
    host.erase(host.size() - suffix.size());
  }
  for (const auto& [key, one] : world.instances) {
    if (same_text(one.server, host) && same_text(one.instance, instance)) return &one;
  }
  return nullptr;
}

SqlInstance* find_instance(FarWorld& world, const std::string& server) {
  return const_cast<SqlInstance*>(find_instance(std::as_const(world), server));
}

const SqlInstance* online_instance(const FarWorld& world, const std::string& server) {
  const SqlInstance* instance = find_instance(world, server);
  return instance != nullptr && is_online(world, *instance) ? instance : nullptr;
}

SqlInstance* online_instance(FarWorld& world, const std::string& server) {
  return const_cast<SqlInstance*>(online_instance(std::as_const(world), server));
}

bool is_scale_out_enabled(const SsisCatalog& catalog) {
  const auto found = catalog.properties.find("IS_SCALEOUT_ENABLED");
  return found != catalog.properties.end() && same_text(found->second, "TRUE");
}

bool is_catalog_admin(const SqlInstance& instance, const std::string& login) {
  const auto found = instance.logins.find(login);
  if (found == instance.logins.end() || !instance.ssisdb) return false;
  if (found->second.system_administrator) return true;
  const auto members = instance.ssisdb->roles.find("ssis_admin");
  if (members == instance.ssisdb->roles.end()) return false;
  return std::any_of(members->second.begin(), members->second.end(), [&](const std::string& user) {
    const auto known = instance.ssisdb->users.find(user);
    return known != instance.ssisdb->users.end() && same_text(known->second, login);
  });
}

std::string sql_date(Instant at) {
  return date::format("%F %T", at) + "0000 +00:00";
}

}  // namespace far_side
