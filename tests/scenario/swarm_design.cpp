#include "swarm_design.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "deployed_worlds.hpp"
#include "model/defaults.hpp"

namespace rehearse::sim {
namespace {

using model::Design;
using model::ResourceType;
using Kind = model::Witness::Kind;
using namespace std::chrono_literals;

constexpr std::uint32_t most_sites = 3;

/// Networks that clients use and that a role needs an address on: one of all sites, or one a site.
std::vector<std::string> lay_out_nodes(Design& design, Dice& dice, std::uint32_t nodes) {
  model::Cluster& cluster = design.cluster;
  cluster.nodes.clear();
  cluster.networks.clear();
  const std::uint32_t sites = std::min(nodes, dice.chance(50) ? 1 : dice.from_to(1, most_sites));
  const bool in_turn = dice.chance(50);
  for (std::uint32_t number = 0; number < nodes; ++number) {
    model::Node node;
    node.name = fmt::format("N{}", number + 1);
    node.site = fmt::format("S{}", 1 + (in_turn ? number % sites : number * sites / nodes));
    node.weight = number > 0 && dice.chance(15) ? 0 : 1;
    node.physical = dice.chance(20);
    cluster.nodes.push_back(node);
  }
  std::vector<std::string> prefixes;
  const bool stretched = sites == 1 || dice.chance(40);
  for (std::uint32_t site = 1; site <= (stretched ? 1 : sites); ++site) {
    prefixes.push_back(fmt::format("10.0.{}.", site));
    cluster.networks.push_back({fmt::format("Public {}", site),
                                prefixes.back() + "0/24",
                                stretched ? "" : fmt::format("S{}", site),
                                model::NetworkRole::both,
                                {}});
  }
  if (dice.chance(40)) {
    cluster.networks.push_back({"Private", "192.168.0.0/24", "", model::NetworkRole::cluster, {}});
  }
  if (sites > 1 && dice.chance(25)) cluster.preferred_site = fmt::format("S{}", dice.from_to(1, sites));
  return prefixes;
}

void choose_witness(Design& design, Dice& dice) {
  model::Witness& witness = design.cluster.witness;
  witness = {};
  witness.kind = dice.one_of(std::vector{Kind::none, Kind::disk, Kind::file_share, Kind::cloud});
  if (witness.kind == Kind::cloud && design.windows == model::WindowsVersion::v2012r2) witness.kind = Kind::file_share;
  if (witness.kind == Kind::file_share) witness.path = "\\\\FS1\\witness";
  if (witness.kind == Kind::disk) witness.path = "Quorum Disk";
  if (witness.kind == Kind::cloud) witness.path = "storageaccount";
  const bool at_a_site = witness.kind == Kind::file_share || witness.kind == Kind::disk;
  if (at_a_site && dice.chance(50)) witness.site = dice.chance(50) ? "S1" : "S9";
}

void set_property(Design& design, const char* name, std::int64_t value) {
  const model::ClusterProperty* property = model::find_cluster_property(name);
  if (property == nullptr || property->since > design.windows) return;
  design.cluster.properties[name] = value;
  model::apply(*property, value, design.parameters);
}

void choose_properties(Design& design, Dice& dice, std::uint32_t nodes) {
  if (dice.chance(25)) set_property(design, "DynamicQuorum", 0);
  if (dice.chance(25)) set_property(design, "LowerQuorumPriorityNodeID", dice.from_to(1, nodes));
  if (dice.chance(25)) set_property(design, "ClusterEnforcedAntiAffinity", 1);
  if (dice.chance(25)) set_property(design, "DrainOnShutdown", 0);
  if (dice.chance(25)) set_property(design, "QuarantineThreshold", dice.from_to(0, 3));
  if (dice.chance(25)) set_property(design, "ClusterGroupWaitDelay", dice.from_to(0, 120));
  if (dice.chance(25)) set_property(design, "HangRecoveryAction", dice.from_to(0, 3));
  if (dice.chance(25)) set_property(design, "SameSubnetThreshold", dice.from_to(3, 20));
  if (dice.chance(25)) set_property(design, "PlumbAllCrossSubnetRoutes", 1);
}

std::vector<std::string> some_nodes(const Design& design, Dice& dice) {
  std::vector<std::string> names;
  for (const model::Node& node : design.cluster.nodes) {
    if (dice.chance(50)) names.push_back(node.name);
  }
  return names;
}

model::RoleSettings role_settings(const Design& design, Dice& dice) {
  model::RoleSettings settings;
  settings.priority = dice.one_of(std::vector{3000, 2000, 2000, 2000, 1000, 0});
  if (dice.chance(30)) settings.possible_owners = some_nodes(design, dice);
  if (dice.chance(50)) {
    settings.preferred_owners = some_nodes(design, dice);
    if (dice.chance(50)) std::reverse(settings.preferred_owners.begin(), settings.preferred_owners.end());
    std::erase_if(settings.preferred_owners, [&](const std::string& name) {
      const auto& possible = settings.possible_owners;
      return !possible.empty() && std::find(possible.begin(), possible.end(), name) == possible.end();
    });
    settings.failback = dice.chance(50);
    if (settings.failback && dice.chance(30)) {
      settings.failback_from = static_cast<int>(dice.below(24));
      settings.failback_until = static_cast<int>(dice.below(24));
    }
  }
  if (dice.chance(30)) settings.failover_threshold = static_cast<int>(dice.from_to(1, 4));
  if (dice.chance(20)) settings.failover_period = std::chrono::minutes(dice.from_to(5, 60));
  if (dice.chance(30)) settings.anti_affinity.push_back(dice.chance(50) ? "blue" : "green");
  return settings;
}

model::ResourceSettings resource_settings(Dice& dice) {
  model::ResourceSettings settings;
  if (dice.chance(40)) settings.restart_action = static_cast<int>(dice.below(3));
  if (dice.chance(30)) settings.restart_threshold = static_cast<int>(dice.below(4));
  if (dice.chance(30)) settings.restart_period = std::chrono::minutes(dice.from_to(1, 20));
  if (dice.chance(20)) settings.retry_period_on_failure = std::chrono::minutes(dice.from_to(1, 30));
  if (dice.chance(20)) settings.pending_timeout = std::chrono::seconds(dice.from_to(1, 60));
  if (dice.chance(20)) settings.deadlock_timeout = std::chrono::seconds(dice.from_to(30, 300));
  settings.separate_monitor = dice.chance(20);
  return settings;
}

model::Role random_role(const Design& design, Dice& dice, std::uint32_t number) {
  model::Role role;
  role.name = fmt::format("Role {}", number);
  role.settings = role_settings(design, dice);
  const std::uint32_t resources = dice.from_to(1, 5);
  bool has_name = false;
  for (std::uint32_t index = 0; index < resources; ++index) {
    model::RoleResource resource;
    resource.name = fmt::format("R{}-{}", number, index);
    resource.type = dice.one_of(std::vector{ResourceType::disk, ResourceType::address, ResourceType::name,
                                            ResourceType::generic_service, ResourceType::generic_service});
    if (resource.type == ResourceType::name && std::exchange(has_name, true)) resource.type = ResourceType::disk;
    if (resource.type == ResourceType::address) {
      const std::string& subnet = dice.one_of(design.cluster.networks).subnet;
      resource.address = subnet.substr(0, subnet.rfind('.') + 1) + std::to_string(60 + number * 8 + index);
    }
    for (std::uint32_t clause = 0; index > 0 && clause < dice.below(3); ++clause) {
      std::vector<std::string> any;
      for (std::uint32_t provider = 0; provider < index; ++provider) {
        if (dice.chance(40)) any.push_back(fmt::format("R{}-{}", number, provider));
      }
      if (!any.empty()) resource.depends_on.push_back(any);
    }
    resource.settings = resource_settings(dice);
    role.resources.push_back(resource);
  }
  return role;
}

void lay_out_scale_out(Design& design, Dice& dice, const std::vector<std::string>& prefixes) {
  design.scale_out.master.settings = design.master_settings("SQL1");
  design.scale_out.master.settings_by_node.clear();
  for (model::Certificate& certificate : design.certificates) certificate.installed.clear();
  design.fci.addresses.clear();
  if (design.scale_out.role) design.scale_out.role->addresses.clear();
  for (const std::string& prefix : prefixes) {
    design.fci.addresses.push_back(prefix + "50");
    if (design.scale_out.role) design.scale_out.role->addresses.push_back(prefix + "51");
  }
  if (design.scale_out.role) design.scale_out.role->settings = role_settings(design, dice);
  if (design.scale_out.role) design.scale_out.role->settings.possible_owners.clear();
  design.fci.role = role_settings(design, dice);
  design.fci.storage_pool = dice.chance(20);
  if (dice.chance(30)) design.fci.disks.push_back("Cluster Disk 2");
  design.fci.failure_condition_level = static_cast<int>(dice.below(6));
}

/// Batches of one or several callers, a rate beside them, executions for certain workers, leases that are too short.
void choose_work(Design& design, Dice& dice) {
  model::Batch& batch = design.batches.front();
  batch.executions = static_cast<int>(dice.from_to(0, 40));
  batch.callers = static_cast<int>(dice.one_of(std::vector{1U, 1U, 2U, 8U}));
  batch.submitter = dice.chance(70) ? model::Submitter::sql_agent : model::Submitter::external;
  const std::vector<std::string> names = design.worker_names();
  if (dice.chance(20)) batch.workers = {dice.one_of(names)};
  if (dice.chance(20)) {
    model::Rate rate;
    rate.name = "rate";
    rate.per_hour = dice.from_to(1, 100);
    rate.retry_count = static_cast<int>(dice.below(3));
    rate.submitter = dice.chance(30) ? model::Submitter::sql_agent : model::Submitter::external;
    if (dice.chance(50)) rate.workers = {dice.one_of(names), dice.one_of(names)};
    design.rates.push_back(rate);
  }
  design.batches.resize(batch.executions == 0 ? 0 : 1);
  for (model::WorkerPool& pool : design.scale_out.workers) {
    if (dice.chance(10)) pool.settings.lease_interval = std::chrono::seconds(dice.from_to(2, 12));
    if (dice.chance(10)) pool.settings.agent_heartbeat_interval = std::chrono::minutes(dice.from_to(2, 5));
    if (dice.chance(10)) pool.settings.agent_id = "8A6CD1B5-0000-0000-0000-000000000001";
  }
  if (dice.chance(10)) design.parameters.set(model::Setting::task_poll, 0, model::Origin::given, "swarm");
}

/// SSISDB in an availability group with replicas of every kind on some of the nodes.
void put_into_group(Design& design, Dice& dice) {
  model::AvailabilityGroup group;
  group.name = "SSISAG";
  for (const model::Node& node : design.cluster.nodes) {
    if (!group.replicas.empty() && dice.chance(20)) continue;
    model::AvailabilityGroup::Replica replica;
    replica.node = node.name;
    if (dice.chance(20)) replica.commit = model::CommitMode::asynchronous;
    if (dice.chance(20)) replica.failover = model::FailoverMode::manual;
    replica.log_login = dice.chance(80);
    replica.master_key = dice.chance(80);
    group.replicas.push_back(replica);
  }
  group.failover_monitor_job = dice.chance(80);
  const auto given = [&](model::Setting setting, std::chrono::seconds length) {
    design.parameters.set(setting, Duration(length).count(), model::Origin::given, "swarm");
  };
  if (dice.chance(40)) given(model::Setting::lease_timeout, std::chrono::seconds(dice.from_to(2, 90)));
  if (dice.chance(40)) given(model::Setting::session_timeout, std::chrono::seconds(dice.from_to(5, 40)));
  model::FailoverClusterInstance& fci = design.fci;
  fci.network_name = "SSISLSN";
  fci.disks.clear();
  fci.storage_pool = false;
  fci.failure_condition_level = static_cast<int>(dice.from_to(1, 5));
  fci.role.possible_owners.clear();
  for (const auto& replica : group.replicas) fci.role.possible_owners.push_back(replica.node);
  std::erase_if(fci.role.preferred_owners, [&](const std::string& name) {
    const auto& possible = fci.role.possible_owners;
    return std::find(possible.begin(), possible.end(), name) == possible.end();
  });
  fci.role.failback = fci.role.failback && !fci.role.preferred_owners.empty();
  design.scale_out.master.settings.sql_server_name.clear();
  fci.availability_group = std::move(group);
}

}  // namespace

Design random_design(Dice& dice, std::uint32_t most_nodes) {
  Design design = shipped_design(dice.chance(50) ? "reference" : "separate");
  design.windows = dice.one_of(std::vector{model::WindowsVersion::v2012r2, model::WindowsVersion::v2016,
                                           model::WindowsVersion::v2019, model::WindowsVersion::v2022});
  design.edition = dice.chance(50) ? model::Edition::enterprise : model::Edition::standard;
  design.parameters = model::defaults_for(design.windows, design.sql, design.edition);
  design.cluster.properties.clear();
  const std::uint32_t nodes = dice.from_to(1, most_nodes);
  const std::vector<std::string> prefixes = lay_out_nodes(design, dice, nodes);
  choose_witness(design, dice);
  choose_properties(design, dice, nodes);
  lay_out_scale_out(design, dice, prefixes);
  choose_work(design, dice);
  design.cluster.roles.clear();
  const std::uint32_t roles = dice.chance(50) ? 0 : dice.from_to(1, 12);
  for (std::uint32_t number = 1; number <= roles; ++number) {
    design.cluster.roles.push_back(random_role(design, dice, number));
  }
  if (design.scale_out.role && dice.chance(50)) put_into_group(design, dice);
  return design;
}

std::string to_text(const Design& design) {
  const auto list = [](const std::vector<std::string>& names) { return fmt::format("{}", fmt::join(names, " ")); };
  std::string text = fmt::format("Windows {}, {}, witness {} at '{}', preferred site '{}'\n", to_text(design.windows),
                                 to_text(design.scale_out.placement), static_cast<int>(design.cluster.witness.kind),
                                 design.cluster.witness.site, design.cluster.preferred_site);
  for (const model::Node& node : design.cluster.nodes) {
    text += fmt::format("  node {} at {} weight {}\n", node.name, node.site, node.weight);
  }
  for (const model::Network& network : design.cluster.networks) {
    text += fmt::format("  network {} {} at '{}'\n", network.name, network.subnet, network.site);
  }
  for (const auto& [name, value] : design.cluster.properties) text += fmt::format("  {} {}\n", name, value);
  const auto role = [&](const std::string& name, const model::RoleSettings& settings) {
    text += fmt::format("  role {}: priority {}, possible [{}], preferred [{}]{}, threshold {}, affinity [{}]\n", name,
                        settings.priority, list(settings.possible_owners), list(settings.preferred_owners),
                        settings.failback ? " with failback" : "", settings.failover_threshold,
                        list(settings.anti_affinity));
  };
  role(design.fci.role_name(), design.fci.role);
  if (design.fci.availability_group) {
    for (const auto& replica : design.fci.availability_group->replicas) {
      text +=
          fmt::format("    replica on {} {} {}\n", replica.node, to_text(replica.commit), to_text(replica.failover));
    }
  }
  if (design.scale_out.role) role(design.scale_out.role->name, design.scale_out.role->settings);
  for (const model::Role& other : design.cluster.roles) {
    role(other.name, other.settings);
    for (const model::RoleResource& resource : other.resources) {
      text += fmt::format("    {} {} {}:", resource.name, to_text(resource.type), resource.address);
      for (const auto& clause : resource.depends_on) text += " (" + fmt::format("{}", fmt::join(clause, " or ")) + ")";
      text += fmt::format(" action {} threshold {}{}\n", resource.settings.restart_action.value_or(-1),
                          resource.settings.restart_threshold.value_or(-1),
                          resource.settings.separate_monitor ? " apart" : "");
    }
  }
  return text;
}

}  // namespace rehearse::sim
