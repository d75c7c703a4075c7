// Setup of a failover cluster instance and its further nodes (W 7.3, 7.5).
#include <algorithm>
#include <sstream>

#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/cluster_objects.hpp"
#include "tests/far_side/cluster_state.hpp"
#include "tests/far_side/setup_program.hpp"

namespace far_side {
namespace {

constexpr std::int64_t rule_failed = -2067919933;
constexpr std::int64_t wrong_value = -2067529716;

struct Address {
  std::string address, network, mask;
};

/// "IPv4;10.0.0.50;Cluster Network 1;255.255.255.0".
std::vector<Address> addresses_of(const Cluster& cluster, const SetupOrder& order) {
  std::vector<Address> addresses;
  for (const std::string& value : order.list("FAILOVERCLUSTERIPADDRESSES")) {
    std::istringstream words(value);
    std::string kind;
    Address one;
    std::getline(words, kind, ';');
    std::getline(words, one.address, ';');
    std::getline(words, one.network, ';');
    std::getline(words, one.mask, ';');
    const auto network = cluster.networks.find(one.network);
    if (!same_text(kind, "IPv4") || network == cluster.networks.end() || network->second.mask != one.mask) {
      throw SetupFailure{wrong_value, "The value '" + value + "' for FAILOVERCLUSTERIPADDRESSES is not valid: the " +
                                          "cluster has no such network"};
    }
    addresses.push_back(one);
  }
  return addresses;
}

bool is_on_network(const Machine& machine, const Address& address, const Cluster& cluster) {
  return cluster.networks.at(address.network).address == subnet_of(machine.address, machine.prefix) &&
         subnet_of(address.address, machine.prefix) == subnet_of(machine.address, machine.prefix);
}

Cluster& cluster_of(FarMachine& at) {
  if (!is_member(at.world, at.name)) {
    throw SetupFailure{rule_failed,
                       "Rule \"Cluster_IsLocalNodeGroup\" failed: the cluster service is not running on "
                       "this machine"};
  }
  return *at.world.cluster;
}

std::string sql_service(const std::string& instance) {
  return same_text(instance, "MSSQLSERVER") ? "MSSQLSERVER" : "MSSQL$" + instance;
}
std::string agent_service(const std::string& instance) {
  return same_text(instance, "MSSQLSERVER") ? "SQLSERVERAGENT" : "SQLAgent$" + instance;
}
std::string resource_name(const std::string& what, const std::string& instance) {
  return same_text(instance, "MSSQLSERVER") ? what : what + " (" + instance + ")";
}

/// Services and registry of the instance on this machine.
void install_on_machine(FarMachine& at, const SetupOrder& order, const SqlInstance& instance) {
  Service engine;
  engine.display = "SQL Server (" + instance.instance + ")";
  engine.account = order.text("SQLSVCACCOUNT");
  engine.start_type = "Manual";
  at.here().services[instance.service] = engine;
  Service agent;
  agent.display = "SQL Server Agent (" + instance.instance + ")";
  agent.account = order.text("AGTSVCACCOUNT");
  agent.start_type = "Manual";
  at.here().services[instance.agent_service] = agent;
  const std::string id = "MSSQL" + std::to_string(instance.version) + "." + instance.instance;
  const std::string root = sql_registry;
  at.here().registry[root + "\\Instance Names\\SQL"][instance.instance] = registry_text(id);
  at.here().registry[root + "\\" + id + "\\Cluster"] = {{"ClusterName", registry_text(instance.server)}};
  at.here().registry[root + "\\" + id + "\\ConfigurationState"] = {{"SQL_Engine_Core_Inst", registry_number(1)}};
  at.here().registry[root + "\\" + id + "\\MSSQLServer"] = {
      {"LoginMode", registry_number(instance.mixed_mode_wanted ? 2 : 1)}};
}

void check_disks(FarMachine& at, const Cluster& cluster, const Names& disks) {
  for (const std::string& disk : disks) {
    const auto found = cluster.resources.find(disk);
    if (found == cluster.resources.end() || found->second.type != "Physical Disk" ||
        !same_text(found->second.group, "Available Storage") ||
        !same_text(cluster.groups.at("Available Storage").owner, at.name)) {
      throw SetupFailure{rule_failed, "Rule \"Cluster_SharedDiskFacet\" failed: the cluster disk '" + disk +
                                          "' is not available on this machine"};
    }
  }
}

std::string add_address(Cluster& cluster, const SqlInstance& instance, const Address& address) {
  int number = 1;
  const auto name = [&] { return "SQL IP Address " + std::to_string(number) + " (" + instance.server + ")"; };
  while (cluster.resources.count(name()) != 0) ++number;
  ClusterResource& resource = add_resource(cluster, name(), "IP Address", instance.group);
  resource.parameters["Address"] = registry_text(address.address);
  resource.parameters["SubnetMask"] = registry_text(address.mask);
  resource.parameters["Network"] = registry_text(address.network);
  return name();
}

/// The dependencies as setup makes them (W 7.3).
void add_resources(FarMachine& at, const SqlInstance& instance, const std::vector<Address>& addresses,
                   const Names& disks) {
  Cluster& cluster = *at.world.cluster;
  Names made;
  for (const Address& address : addresses) made.push_back(add_address(cluster, instance, address));
  const std::string name = "SQL Network Name (" + instance.server + ")";
  ClusterResource& network_name = add_resource(cluster, name, "Network Name", instance.group);
  network_name.parameters["Name"] = registry_text(instance.server);
  network_name.parameters["DnsName"] = registry_text(instance.server);
  network_name.needs = {made};
  ClusterResource& engine = add_resource(cluster, instance.resource, "SQL Server", instance.group);
  engine.parameters["InstanceName"] = registry_text(instance.instance);
  engine.parameters["VirtualServerName"] = registry_text(instance.server);
  engine.needs = {{name}};
  for (const std::string& disk : disks) {
    cluster.resources.at(disk).group = instance.group;
    engine.needs.push_back({disk});
  }
  const std::string agent_name = resource_name("SQL Server Agent", instance.instance);
  ClusterResource& agent = add_resource(cluster, agent_name, "SQL Server Agent", instance.group);
  agent.parameters["InstanceName"] = registry_text(instance.instance);
  agent.parameters["VirtualServerName"] = registry_text(instance.server);
  agent.needs = {{instance.resource}};
  agent.common["RestartAction"] = 1;  // the agent does not take the role along
  if (at.world.setup_adds_telemetry) {
    const std::string telemetry = "SQL Server CEIP (" + instance.instance + ")";
    ClusterResource& resource = add_resource(cluster, telemetry, "Generic Service", instance.group);
    resource.parameters["ServiceName"] = registry_text("SQLTELEMETRY");
    resource.needs = {{instance.resource}};
    resource.common["RestartAction"] = 1;
  }
  for (const std::string& one : resources_of(cluster, instance.group)) {
    ClusterResource& resource = cluster.resources.at(one);
    if (resource.type != "Physical Disk") resource.possible_owners = instance.nodes;
    if (resource.type != "Generic Service") want_online(cluster, one);
  }
}

}  // namespace

void install_instance(FarMachine& at, const SetupOrder& order) {
  Cluster& cluster = cluster_of(at);
  SqlInstance instance;
  instance.instance = order.required("INSTANCENAME");
  instance.server = order.required("FAILOVERCLUSTERNETWORKNAME");
  instance.group = order.text("FAILOVERCLUSTERGROUP", "SQL Server (" + instance.instance + ")");
  instance.resource = resource_name("SQL Server", instance.instance);
  instance.service = sql_service(instance.instance);
  instance.agent_service = agent_service(instance.instance);
  instance.version = at.world.sql_version;
  instance.nodes = {at.name};
  instance.mixed_mode_wanted = same_text(order.text("SECURITYMODE"), "SQL");
  const std::vector<Address> addresses = addresses_of(cluster, order);
  const Names disks = order.list("FAILOVERCLUSTERDISKS");
  check_account(at, order, "SQLSVCACCOUNT", "SQLSVCPASSWORD");
  check_account(at, order, "AGTSVCACCOUNT", "AGTSVCPASSWORD");
  order.required("INSTALLSQLDATADIR");
  const Names administrators = order.list("SQLSYSADMINACCOUNTS");
  if (addresses.empty() || administrators.empty()) {
    throw SetupFailure{wrong_value, "FAILOVERCLUSTERIPADDRESSES and SQLSYSADMINACCOUNTS are required"};
  }
  for (const Address& address : addresses) {
    if (!is_on_network(at.here(), address, cluster)) {
      throw SetupFailure{wrong_value, "The IP address " + address.address + " is not on a network of this machine"};
    }
  }
  check_disks(at, cluster, disks);
  if (cluster.groups.count(instance.group) != 0 || at.world.domain.computers.count(instance.server) != 0) {
    throw SetupFailure{wrong_value, "The network name '" + instance.server + "' or the cluster group '" +
                                        instance.group + "' exists already"};
  }
  at.wait(25min);
  for (const std::string& account : administrators) instance.logins[account] = {"WINDOWS_LOGIN", "", true};
  instance.logins["NT AUTHORITY\\SYSTEM"] = {"WINDOWS_LOGIN", "", false};
  ClusterGroup group;
  group.owner = at.name;
  cluster.groups[instance.group] = group;
  for (const Address& address : addresses) instance.addresses.push_back(address.address);
  install_on_machine(at, order, instance);
  const std::string key =
      same_text(instance.instance, "MSSQLSERVER") ? instance.server : instance.server + "\\" + instance.instance;
  at.world.instances[key] = instance;
  add_resources(at, instance, addresses, disks);
  if (!at.wait_until([&] { return cluster.resources.at(instance.resource).state == "Online"; }, 10min)) {
    throw SetupFailure{-2061893565, "The cluster resource '" + instance.resource + "' could not be brought online."};
  }
}

void add_instance_node(FarMachine& at, const SetupOrder& order) {
  Cluster& cluster = cluster_of(at);
  const std::string name = order.required("INSTANCENAME");
  SqlInstance* instance = nullptr;
  for (auto& [key, one] : at.world.instances) {
    if (same_text(one.instance, name) && !one.group.empty()) instance = &one;
  }
  if (instance == nullptr || std::count(instance->nodes.begin(), instance->nodes.end(), at.name) != 0) {
    throw SetupFailure{wrong_value,
                       "The cluster has no failover cluster instance '" + name + "' that this machine could join"};
  }
  check_account(at, order, "SQLSVCACCOUNT", "SQLSVCPASSWORD");
  check_account(at, order, "AGTSVCACCOUNT", "AGTSVCPASSWORD");
  const std::vector<Address> fresh = addresses_of(cluster, order);
  const std::string here = subnet_of(at.here().address, at.here().prefix);
  bool served = std::any_of(instance->addresses.begin(), instance->addresses.end(),
                            [&](const std::string& address) { return subnet_of(address, at.here().prefix) == here; });
  for (const Address& address : fresh) served = served || is_on_network(at.here(), address, cluster);
  if (!served) {
    throw SetupFailure{wrong_value,
                       "None of the instance's IP addresses is on a network of this machine: "
                       "FAILOVERCLUSTERIPADDRESSES is required"};
  }
  if (!fresh.empty() && order.text("CONFIRMIPDEPENDENCYCHANGE") != "1") {
    throw SetupFailure{wrong_value,
                       "CONFIRMIPDEPENDENCYCHANGE is required: the dependency of the network name changes "
                       "from AND to OR"};
  }
  at.wait(15min);
  install_on_machine(at, order, *instance);
  instance->nodes.push_back(at.name);
  const std::string network_name = "SQL Network Name (" + instance->server + ")";
  for (const Address& address : fresh) {
    const std::string added = add_address(cluster, *instance, address);
    instance->addresses.push_back(address.address);
    cluster.resources.at(network_name).needs.front().push_back(added);
    want_online(cluster, added);
  }
  for (const std::string& one : resources_of(cluster, instance->group)) {
    ClusterResource& resource = cluster.resources.at(one);
    if (!resource.possible_owners.empty() || resource.type == "IP Address") resource.possible_owners = instance->nodes;
  }
}

}  // namespace far_side
