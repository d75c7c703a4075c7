#include "model/design.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "model/endpoint.hpp"

namespace rehearse::model {
namespace {

bool is_default_instance(std::string_view instance) {
  return same_name(instance, "MSSQLSERVER");
}

/// The number that SQL Server puts into names of services and folders, and the version in their display names.
std::string_view service_number(SqlVersion version) {
  switch (version) {
    case SqlVersion::v2017: return "140";
    case SqlVersion::v2019: return "150";
    case SqlVersion::v2022: return "160";
  }
  throw std::logic_error("unknown SQL Server version");
}

const MasterRole& role_of(const ScaleOut& scale_out) {
  if (!scale_out.role) throw std::logic_error("a separate Scale Out Master without a role of its own");
  return *scale_out.role;
}

}  // namespace

std::string_view to_text(WindowsVersion version) {
  switch (version) {
    case WindowsVersion::v2012r2: return "2012R2";
    case WindowsVersion::v2016: return "2016";
    case WindowsVersion::v2019: return "2019";
    case WindowsVersion::v2022: return "2022";
  }
  throw std::logic_error("unknown Windows version");
}

std::string_view to_text(SqlVersion version) {
  switch (version) {
    case SqlVersion::v2017: return "2017";
    case SqlVersion::v2019: return "2019";
    case SqlVersion::v2022: return "2022";
  }
  throw std::logic_error("unknown SQL Server version");
}

std::string_view to_text(Edition edition) {
  switch (edition) {
    case Edition::standard: return "standard";
    case Edition::enterprise: return "enterprise";
    case Edition::developer: return "developer";
  }
  throw std::logic_error("unknown edition");
}

std::string_view to_text(ResourceType type) {
  switch (type) {
    case ResourceType::disk: return "Physical Disk";
    case ResourceType::address: return "IP Address";
    case ResourceType::name: return "Network Name";
    case ResourceType::generic_service: return "Generic Service";
  }
  throw std::logic_error("unknown type of a resource");
}

std::string_view to_text(Placement placement) {
  return placement == Placement::joint ? "joint" : "separate";
}

// SQL Server names the resources of a group by the group and what they are.
std::string FailoverClusterInstance::role_name() const {
  if (availability_group) return availability_group->name;
  return fmt::format("SQL Server ({})", instance);
}

// Setup leaves the instance out of the names of the default instance's resources.
std::string FailoverClusterInstance::sql_resource() const {
  if (availability_group) return availability_group->name;
  return is_default_instance(instance) ? "SQL Server" : fmt::format("SQL Server ({})", instance);
}

std::string FailoverClusterInstance::agent_resource() const {
  if (availability_group) return {};
  return is_default_instance(instance) ? "SQL Server Agent" : fmt::format("SQL Server Agent ({})", instance);
}

std::string FailoverClusterInstance::name_resource() const {
  if (availability_group) return fmt::format("{}_{}", availability_group->name, network_name);
  return fmt::format("SQL Network Name ({})", network_name);
}

std::string FailoverClusterInstance::server_name() const {
  constexpr int usual_port = 1433;
  if (availability_group && availability_group->port != usual_port) {
    return fmt::format("{},{}", network_name, availability_group->port);
  }
  if (availability_group) return network_name;
  return is_default_instance(instance) ? network_name : fmt::format("{}\\{}", network_name, instance);
}

std::vector<std::string> FailoverClusterInstance::address_resources() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    names.push_back(availability_group ? fmt::format("{}_{}", availability_group->name, addresses[i])
                                       : fmt::format("SQL IP Address {} ({})", i + 1, network_name));
  }
  return names;
}

std::vector<std::string> MasterRole::address_resources() const {
  std::vector<std::string> names;
  for (const std::string& address : addresses) names.push_back("IP Address " + address);
  return names;
}

bool is_domain_account(std::string_view account) {
  constexpr std::string_view virtual_accounts = "NT Service\\";
  return !account.empty() && !same_name(account.substr(0, virtual_accounts.size()), virtual_accounts);
}

std::vector<std::string> WorkerPool::worker_names() const {
  if (!numbered && count == 1) return {name};
  std::vector<std::string> names;
  for (int number = 1; number <= count; ++number) names.push_back(name + std::to_string(number));
  return names;
}

const Certificate* Design::find_certificate(std::string_view key) const {
  const auto found = std::find_if(certificates.begin(), certificates.end(),
                                  [&](const Certificate& certificate) { return certificate.key == key; });
  return found == certificates.end() ? nullptr : &*found;
}

const Node* Design::find_node(std::string_view wanted) const {
  const auto found = std::find_if(cluster.nodes.begin(), cluster.nodes.end(),
                                  [&](const Node& node) { return same_name(node.name, wanted); });
  return found == cluster.nodes.end() ? nullptr : &*found;
}

std::vector<std::string> Design::worker_names() const {
  std::vector<std::string> names;
  for (const WorkerPool& pool : scale_out.workers) {
    for (std::string& worker : pool.worker_names()) names.push_back(std::move(worker));
  }
  return names;
}

const MasterSettings& Design::master_settings(const std::string& node) const {
  for (const auto& [stated_for, settings] : scale_out.master.settings_by_node) {
    if (same_name(stated_for, node)) return settings;
  }
  return scale_out.master.settings;
}

std::string Design::master_service() const {
  return fmt::format("SSISScaleOutMaster{}", service_number(sql));
}

std::string Design::worker_service() const {
  return fmt::format("SSISScaleOutWorker{}", service_number(sql));
}

// The cluster manager names a Generic Service resource by the service's display name (S 2).
std::vector<std::string> Design::master_dependencies() const {
  if (!scale_out.master.depends_on.empty() || scale_out.placement == Placement::separate)
    return scale_out.master.depends_on;
  return {fci.sql_resource(), fci.name_resource()};
}

std::string Design::master_resource() const {
  const std::string_view number = service_number(sql);
  return fmt::format("SQL Server Integration Services Scale Out Master {}.{}", number.substr(0, 2), number.substr(2));
}

std::string Design::master_role_name() const {
  return scale_out.placement == Placement::joint ? fci.role_name() : role_of(scale_out).name;
}

std::string Design::master_host_name() const {
  return scale_out.placement == Placement::joint ? fci.network_name : role_of(scale_out).dns_host_name;
}

std::vector<std::string> Design::sites() const {
  std::vector<std::string> sites;
  for (const Node& node : cluster.nodes) {
    if (std::find(sites.begin(), sites.end(), node.site) == sites.end()) sites.push_back(node.site);
  }
  const std::string& third = cluster.witness.site;
  if (!third.empty() && std::find(sites.begin(), sites.end(), third) == sites.end()) sites.push_back(third);
  return sites;
}

std::vector<std::string> Design::role_names() const {
  std::vector<std::string> names = {fci.role_name()};
  if (scale_out.placement == Placement::separate) names.push_back(master_role_name());
  for (const Role& role : cluster.roles) names.push_back(role.name);
  return names;
}

std::vector<std::string> Design::instance_resources() const {
  std::vector<std::string> names = fci.disks;
  for (std::string& address : fci.address_resources()) names.push_back(std::move(address));
  for (std::string made : {fci.name_resource(), fci.sql_resource(), fci.agent_resource()}) {
    if (!made.empty()) names.push_back(std::move(made));
  }
  if (scale_out.placement == Placement::joint) names.push_back(master_resource());
  return names;
}

std::vector<std::string> Design::master_role_resources() const {
  if (scale_out.placement == Placement::joint) return {};
  const MasterRole& role = role_of(scale_out);
  std::vector<std::string> names = role.address_resources();
  names.push_back(role.name_resource());
  names.push_back(master_resource());
  return names;
}

}  // namespace rehearse::model
