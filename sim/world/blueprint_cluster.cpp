// The cluster's part of the Blueprint: machines, networks, roles and their resources, numbered.
#include <algorithm>
#include <stdexcept>

#include "model/endpoint.hpp"
#include "model/placement.hpp"
#include "sim/world/blueprint.hpp"

namespace rehearse::world {
namespace {

using model::ResourceType;
using model::Setting;

/// "\\FS1\witness" -> "FS1"
std::string server_of_share(const std::string& path) {
  const std::size_t begin = path.find_first_not_of("\\/");
  if (begin == std::string::npos) return "witness server";
  return path.substr(begin, path.find_first_of("\\/", begin) - begin);
}

ResourceKind kind_of(ResourceType type) {
  switch (type) {
    case ResourceType::disk: return ResourceKind::disk;
    case ResourceType::address: return ResourceKind::address;
    case ResourceType::name: return ResourceKind::name;
    case ResourceType::generic_service: return ResourceKind::generic_service;
  }
  throw std::logic_error("no such type of resource");
}

/// A resource's own properties over the ledger's (W 3.3).
ResourcePolicy policy_of(const model::ResourceSettings& own, const model::Parameters& ledger, int usual_action) {
  const auto length = [&](const std::optional<Duration>& stated, Setting setting) {
    return stated.value_or(ledger.length(setting));
  };
  ResourcePolicy policy;
  policy.restart_action = own.restart_action.value_or(usual_action);
  policy.restart_threshold = own.restart_threshold.value_or(static_cast<int>(ledger[Setting::restart_threshold]));
  policy.restart_period = length(own.restart_period, Setting::restart_period);
  policy.restart_delay = length(own.restart_delay, Setting::restart_delay);
  policy.retry_period = length(own.retry_period_on_failure, Setting::retry_period_on_failure);
  policy.pending_timeout = length(own.pending_timeout, Setting::pending_timeout);
  policy.deadlock_timeout = length(own.deadlock_timeout, Setting::deadlock_timeout);
  policy.looks_alive = length(own.looks_alive_interval, Setting::looks_alive_interval);
  policy.is_alive = length(own.is_alive_interval, Setting::is_alive_interval);
  policy.separate_monitor = own.separate_monitor;
  return policy;
}

std::uint64_t any_of(const Blueprint& plan, const std::vector<ResourceIndex>& resources) {
  std::uint64_t mask = 0;
  for (const ResourceIndex resource : resources) mask |= plan.place(resource);
  return mask;
}

bool share_a_class(const model::RoleSettings& a, const model::RoleSettings& b) {
  return std::any_of(a.anti_affinity.begin(), a.anti_affinity.end(), [&](const std::string& name) {
    return std::any_of(b.anti_affinity.begin(), b.anti_affinity.end(),
                       [&](const std::string& other) { return model::same_name(name, other); });
  });
}

}  // namespace

std::string_view to_text(ResourceKind kind) {
  switch (kind) {
    case ResourceKind::disk: return "Physical Disk";
    case ResourceKind::address: return "IP Address";
    case ResourceKind::name: return "Network Name";
    case ResourceKind::sql_server: return "SQL Server";
    case ResourceKind::sql_agent: return "SQL Server Agent";
    case ResourceKind::generic_service: return "Generic Service";
    case ResourceKind::availability_group: return "SQL Server Availability Group";
  }
  return "";
}

void Blueprint::lay_out_networks() {
  sites = design_.sites();
  for (const model::Network& network : design_.cluster.networks) {
    networks.push_back({network.name, network.site.empty() ? none : find_site(network.site),
                        network.role != model::NetworkRole::client, network.role != model::NetworkRole::cluster});
  }
  for (const model::Node& node : design_.cluster.nodes) {
    HostPlan host{node.name, HostKind::cluster_node, node.physical, find_site(node.site), 0};
    for (const std::string& name : node.networks) host.cards |= bit(find_network(name));
    for (NetworkIndex network = 0; node.networks.empty() && network < networks.size(); ++network) {
      const SiteIndex site = networks[network].site;
      if (site == none || site == host.site) host.cards |= bit(network);
    }
    host.client_cards = host.heartbeat_cards = 0;
    for_each_bit(host.cards, [&](NetworkIndex network) {
      if (networks[network].clients) host.client_cards |= bit(network);
      if (networks[network].heartbeats) host.heartbeat_cards |= bit(network);
    });
    if (node.weight != 0) voters |= bit(static_cast<HostIndex>(hosts.size()));
    hosts.push_back(std::move(host));
    intern(node.name);
  }
  node_count = static_cast<std::uint32_t>(hosts.size());
  const std::string& preferred = design_.cluster.preferred_site;
  if (!preferred.empty()) preferred_site = nodes_at(find_site(preferred));
}

void Blueprint::lay_out_cluster() {
  lay_out_networks();
  const model::Witness& quorum = design_.cluster.witness;
  witness = quorum.kind;
  witness_site = quorum.site.empty() ? none : find_site(quorum.site);
  if (witness == model::Witness::Kind::file_share || witness == model::Witness::Kind::cloud) {
    const bool share = witness == model::Witness::Kind::file_share;
    witness_host = static_cast<HostIndex>(hosts.size());
    hosts.push_back({share ? server_of_share(quorum.path) : quorum.path,
                     share ? HostKind::witness_server : HostKind::cloud_witness, false, witness_site, 1});
  }

  lay_out_sql_role();
  lay_out_master_role();
  lay_out_other_roles();

  finish_role(sql_group, design_.fci.role);
  if (master_group != sql_group) finish_role(master_group, design_.scale_out.role->settings);
  const GroupIndex others = static_cast<GroupIndex>(groups.size() - design_.cluster.roles.size());
  for (GroupIndex group = others; group < groups.size(); ++group) {
    finish_role(group, design_.cluster.roles[group - others].settings);
  }

  std::vector<int> priorities;
  for (const GroupPlan& group : groups) priorities.push_back(group.policy.priority);
  const auto in_order = [&](model::RoleSequence sequence) {
    const std::vector<int> order = model::order_by_priority(priorities, sequence);
    return std::vector<GroupIndex>(order.begin(), order.end());
  };
  drain_order = in_order(model::RoleSequence::drain);
  start_order = in_order(model::RoleSequence::start);
  // A role of No Auto Start is not started, but it changes hands like any other (W 4.2).
  for (GroupIndex group = 0; group < groups.size(); ++group) {
    if (priorities[group] == 0) start_order.push_back(group);
  }
}

/// Disks and addresses, then the name, then SQL Server and its Agent (W 7.3); of an availability group the addresses,
/// the listener's name and the group (W 10).
void Blueprint::lay_out_sql_role() {
  const model::FailoverClusterInstance& fci = design_.fci;
  sql_group = 0;
  GroupPlan role;
  role.name = fci.role_name();
  role.host_name = fci.network_name;
  // Setup registers every address of a multi-subnet instance (W 6.1).
  role.register_all = fci.register_all_ips.value_or(fci.addresses.size() > 1);
  role.record_ttl = fci.record_ttl.value_or(parameters().length(Setting::record_ttl));
  groups.push_back(std::move(role));
  Needs sql;
  for (const std::string& disk : fci.disks) sql.all |= place(add_resource(disk, ResourceKind::disk, {}));
  std::vector<ResourceIndex> addresses;
  const std::vector<std::string> names = fci.address_resources();
  for (std::size_t number = 0; number < names.size(); ++number) {
    addresses.push_back(add_resource(names[number], ResourceKind::address, {}));
    resources.back().network = network_of(fci.addresses[number]);
  }
  // Several addresses make an OR: one is enough (W 6.2).
  const Needs name_needs{0, {any_of(*this, addresses), 0, 0}};
  groups[sql_group].name_resource = add_resource(fci.name_resource(), ResourceKind::name, name_needs);
  groups[sql_group].addresses = std::move(addresses);
  sql.all |= place(groups[sql_group].name_resource);
  if (!fci.availability_group) {
    sql_resource = add_resource(fci.sql_resource(), ResourceKind::sql_server, sql);
    agent_resource = add_resource(fci.agent_resource(), ResourceKind::sql_agent, {place(sql_resource), {}});
    return;
  }
  sql_resource = add_resource(fci.sql_resource(), ResourceKind::availability_group, sql);
  for (const model::AvailabilityGroup::Replica& replica : fci.availability_group->replicas) {
    const std::uint64_t node = bit(find_host(replica.node));
    replicas |= node;
    if (replica.commit == model::CommitMode::synchronous) synchronous |= node;
    if (replica.failover == model::FailoverMode::automatic) automatic |= node;
    if (replica.hosted_by_fci) on_fci |= node;
  }
}

void Blueprint::lay_out_master_role() {
  if (design_.scale_out.placement == model::Placement::joint) {
    master_group = sql_group;
    master_resource = add_resource(design_.master_resource(), ResourceKind::generic_service, {});
    return;
  }
  const model::MasterRole& own = design_.scale_out.role.value();
  master_group = static_cast<GroupIndex>(groups.size());
  GroupPlan role;
  role.name = own.name;
  role.first = static_cast<ResourceIndex>(resources.size());
  role.host_name = own.dns_host_name;
  role.register_all = own.register_all_ips.value_or(false);
  role.record_ttl = own.record_ttl.value_or(parameters().length(Setting::record_ttl));
  groups.push_back(std::move(role));
  std::vector<ResourceIndex> addresses;
  for (const std::string& address : own.addresses) {
    addresses.push_back(add_resource("IP Address " + address, ResourceKind::address, {}));
    resources.back().network = network_of(address);
  }
  const Needs name_needs{0, {any_of(*this, addresses), 0, 0}};
  groups[master_group].name_resource = add_resource(own.dns_host_name, ResourceKind::name, name_needs);
  groups[master_group].addresses = std::move(addresses);
  const Needs service{place(groups[master_group].name_resource), {}};
  master_resource = add_resource(design_.master_resource(), ResourceKind::generic_service, service);
}

void Blueprint::lay_out_other_roles() {
  for (const model::Role& other : design_.cluster.roles) {
    GroupPlan role;
    role.name = other.name;
    role.first = static_cast<ResourceIndex>(resources.size());
    role.record_ttl = parameters().length(Setting::record_ttl);
    groups.push_back(std::move(role));
    GroupPlan& group = groups.back();
    for (const model::RoleResource& resource : other.resources) {
      const ResourceIndex index = add_resource(resource.name, kind_of(resource.type), {});
      resources[index].policy = policy_of(resource.settings, parameters(), 2);
      if (resource.type == ResourceType::address) {
        group.addresses.push_back(index);
        resources[index].network = network_of(resource.address);
      }
      if (resource.type == ResourceType::name) {
        group.name_resource = index;
        group.host_name = resource.name;
      }
    }
    for (const model::RoleResource& resource : other.resources) {
      Needs& needs = resources[find_resource(resource.name)].setup_needs;
      std::size_t choice = 0;
      for (const auto& clause : resource.depends_on) {
        std::uint64_t mask = 0;
        for (const std::string& provider : clause) mask |= place(find_resource(provider));
        if (clause.size() == 1)
          needs.all |= mask;
        else
          needs.any.at(choice++) = mask;
      }
    }
  }
}

ResourceIndex Blueprint::add_resource(std::string name, ResourceKind kind, Needs needs) {
  ResourcePlan resource;
  resource.name = std::move(name);
  resource.kind = kind;
  resource.group = static_cast<GroupIndex>(groups.size() - 1);
  resource.setup_needs = needs;
  // Setup gives SQL Server Agent RestartAction 1, so that it does not take the role along (behaviour.md 4).
  resource.policy = policy_of({}, parameters(), kind == ResourceKind::sql_agent ? 1 : 2);
  resources.push_back(std::move(resource));
  ++groups.back().count;
  return static_cast<ResourceIndex>(resources.size() - 1);
}

void Blueprint::finish_role(GroupIndex group, const model::RoleSettings& settings) {
  GroupPlan& role = groups[group];
  GroupPolicy& policy = role.policy;
  policy.priority = settings.priority;
  for (const std::string& name : settings.preferred_owners) {
    policy.preferred_owners.push_back(static_cast<int>(find_host(name)));
  }
  if (!settings.possible_owners.empty()) policy.possible_owners = mask_of_nodes(settings.possible_owners);
  policy.preferred_site =
      settings.preferred_site.empty() ? preferred_site : nodes_at(find_site(settings.preferred_site));
  policy.failback = settings.failback;
  policy.failback_from = settings.failback_from;
  policy.failback_until = settings.failback_until;
  policy.failover_threshold = settings.failover_threshold != 0
                                  ? settings.failover_threshold
                                  : static_cast<int>(parameters()[Setting::failover_threshold]);
  policy.failover_period = settings.failover_period.value_or(parameters().length(Setting::failover_period));
  for (const auto& [name, own] : settings.resources) {
    const ResourceIndex resource = find_resource(name);
    if (resource == none) throw std::logic_error("the reader let properties of an unknown resource pass: " + name);
    resources[resource].policy = policy_of(own, parameters(), resources[resource].policy.restart_action);
  }
  const auto settings_of = [&](GroupIndex other) -> const model::RoleSettings& {
    if (other == sql_group) return design_.fci.role;
    if (other == master_group) return design_.scale_out.role->settings;
    return design_.cluster.roles[other - (groups.size() - design_.cluster.roles.size())].settings;
  };
  for (GroupIndex other = 0; other < groups.size(); ++other) {
    if (other != group && share_a_class(settings, settings_of(other))) policy.avoids.push_back(other);
  }
}

NetworkIndex Blueprint::network_of(const std::string& address) const {
  const auto number = model::parse_ipv4(address);
  for (NetworkIndex network = 0; number && network < networks.size(); ++network) {
    std::string problem;
    const auto subnet = model::parse_subnet(design_.cluster.networks[network].subnet, problem);
    if (subnet && subnet->contains(*number)) return network;
  }
  return none;
}

SiteIndex Blueprint::find_site(std::string_view name) const {
  const auto found = std::find(sites.begin(), sites.end(), name);
  return found == sites.end() ? none : static_cast<SiteIndex>(found - sites.begin());
}

std::uint64_t Blueprint::nodes_at(SiteIndex site) const {
  std::uint64_t mask = 0;
  for (HostIndex node = 0; node < node_count; ++node) mask |= hosts[node].site == site ? bit(node) : 0;
  return mask;
}

std::uint64_t Blueprint::mask_of_nodes(const std::vector<std::string>& names) const {
  std::uint64_t mask = 0;
  for (const std::string& name : names) mask |= bit(find_host(name));
  return mask;
}

NetworkIndex Blueprint::find_network(std::string_view name) const {
  for (NetworkIndex network = 0; network < networks.size(); ++network) {
    if (model::same_name(networks[network].name, name)) return network;
  }
  return none;
}

}  // namespace rehearse::world
