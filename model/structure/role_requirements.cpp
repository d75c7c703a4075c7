// What the roles need on a node and everywhere: disks, SQL Server and SSISDB, and the Scale Out Master (W 3, 7; S 1,
// 4).
#include <fmt/format.h>

#include <algorithm>

#include "model/endpoint.hpp"
#include "model/structure/requirement_builder.hpp"

namespace rehearse::model::structure {
namespace {

constexpr int sql_server_port = 1433;

/// Setup begins on the first of the preferred owners, else on the first node that may have the role.
int usual_owner(const std::vector<int>& preferred, const std::vector<int>& possible) {
  return preferred.empty() ? possible.front() : preferred.front();
}

}  // namespace

/// 0: what fails stays failed; 1: it is restarted; 2: if that does not help its role is moved (W 3.3).
int restart_action(const RoleSettings& role, const std::string& resource) {
  const auto own = role.resources.find(resource);
  return own == role.resources.end() ? 2 : own->second.restart_action.value_or(2);
}

std::vector<int> RequirementBuilder::node_numbers(const std::vector<std::string>& names) const {
  std::vector<int> numbers;
  for (const std::string& name : names) {
    for (int number = 0; number < node_count(); ++number) {
      if (same_name(node(number).name, name)) numbers.push_back(number);
    }
  }
  return numbers;
}

/// With ClusterEnforcedAntiAffinity a node that has a role of a common class stays closed (W 4.2): the one where that
/// role usually is.
void RequirementBuilder::leave_to_others(AccessPoint& point) const {
  if (design_.parameters[Setting::enforced_anti_affinity] == 0) return;
  const auto leave = [&](const RoleSettings& other, int home) {
    const bool common =
        std::any_of(other.anti_affinity.begin(), other.anti_affinity.end(), [&](const std::string& name) {
          return std::any_of(point.settings->anti_affinity.begin(), point.settings->anti_affinity.end(),
                             [&](const std::string& own) { return same_name(own, name); });
        });
    if (common && home != point.owner) std::erase(point.nodes, home);
  };
  for (const AccessPoint& other : points_) {
    if (&other != &point) leave(*other.settings, other.owner);
  }
  for (const Role& other : design_.cluster.roles) {
    const std::vector<int> preferred = node_numbers(other.settings.preferred_owners);
    const std::vector<int> possible = node_numbers(other.settings.possible_owners);
    leave(other.settings, !preferred.empty() ? preferred.front() : possible.empty() ? 0 : possible.front());
  }
}

void RequirementBuilder::add_access_points() {
  std::vector<int> everywhere;
  for (int number = 0; number < node_count(); ++number) everywhere.push_back(number);
  const auto possible = [&](const RoleSettings& role) {
    std::vector<int> nodes = node_numbers(role.possible_owners);
    std::sort(nodes.begin(), nodes.end());
    return nodes.empty() ? everywhere : nodes;
  };
  const FailoverClusterInstance& fci = design_.fci;
  AccessPoint sql{fci.role_name(), fci.network_name, fci.name_resource(), fci.address_resources(), fci.addresses};
  // Setup registers every address of a multi-subnet instance (W 6.1).
  sql.register_all = fci.register_all_ips.value_or(fci.addresses.size() > 1);
  sql.place = fci.place;
  sql.settings = &fci.role;
  if (fci.availability_group) {
    sql.nodes = replicas_that_take_over();
    sql.owner = node_numbers({fci.availability_group->replicas.front().node}).front();
  } else {
    sql.nodes = possible(fci.role);
    sql.owner = usual_owner(node_numbers(fci.role.preferred_owners), sql.nodes);
  }
  points_.push_back(std::move(sql));
  if (design_.scale_out.placement == Placement::joint) return leave_to_others(points_.front());
  const MasterRole& own = design_.scale_out.role.value();
  AccessPoint master{own.name, own.dns_host_name, own.name_resource(), own.address_resources(), own.addresses};
  master.register_all = own.register_all_ips.value_or(false);
  master.place = own.place;
  master.settings = &own.settings;
  master.nodes = possible(own.settings);
  master.owner = usual_owner(node_numbers(own.settings.preferred_owners), master.nodes);
  points_.push_back(std::move(master));
  for (AccessPoint& point : points_) leave_to_others(point);
}

/// The first replica's node, where the group is made, and whoever may take over from it by itself (W 10).
std::vector<int> RequirementBuilder::replicas_that_take_over() const {
  const AvailabilityGroup& group = design_.fci.availability_group.value();
  const auto facts = [](const AvailabilityGroup::Replica& replica) {
    ReplicaFacts of_replica{replica.commit, replica.failover, replica.hosted_by_fci};
    of_replica.synchronized = true;
    return of_replica;
  };
  std::vector<std::string> names;
  for (const AvailabilityGroup::Replica& replica : group.replicas) {
    const bool first = &replica == &group.replicas.front();
    const auto obstacle = may_take_over(FailoverKind::automatic, facts(replica), facts(group.replicas.front()));
    if (first || obstacle == FailoverObstacle::none) names.push_back(replica.node);
  }
  std::vector<int> nodes = node_numbers(names);
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

/// A part of a node that the cluster does not look at. It counts while the role is there.
int RequirementBuilder::hidden_on(int number, Component component, Shows on_owner) {
  component.owner = node(number).name;
  const bool here = number == of_master().owner;
  component.shows = here ? on_owner : Shows::when_role_moves;
  if (!here) component.provocations = {move_line(of_master().role, node(number).name)};
  if (here && on_owner != Shows::at_once) component.provocations = {fault_line("master.crash")};
  return leaf(std::move(component));
}

Component RequirementBuilder::open_port(int number, int port, const AccessPoint& point) {
  const std::string& name = node(number).name;
  Component open{ComponentKind::port, fmt::format("port {} of {}", port, name), name, fmt::format("port {}", port),
                 node(number).place};
  open.faults = {fault_line("network.port_blocked", {{"host", name}, {"port", std::int64_t{port}}})};
  if (number != point.owner) {
    open.shows = Shows::when_role_moves;
    open.provocations = {move_line(point.role, name)};
  }
  return open;
}

void RequirementBuilder::add_instance() {
  const FailoverClusterInstance& fci = design_.fci;
  for (const std::string& disk : fci.disks) {
    Component whole{ComponentKind::disk, disk, "", "", fci.place};
    whole.faults = {fault_line("storage.path_lost", {{"disk", disk}})};
    sql_parts_.push_back(leaf(std::move(whole)));
  }
  Component process{ComponentKind::sql_server, "SQL Server", "", "", fci.place};
  process.faults = {fault_line("sql.crash")};
  process.restarts = restart_action(fci.role, fci.sql_resource()) != 0;
  sql_parts_.push_back(leaf(std::move(process)));
  sql_parts_.insert(sql_parts_.end(), names_.front().begin(), names_.front().end());

  sql_.nodes = of_sql().nodes;
  for (const int number : sql_.nodes) {
    const std::string& name = node(number).name;
    std::vector<int> parts = {in_cluster_[static_cast<std::size_t>(number)], address_on(0, number)};
    std::vector<int>& hidden = sql_.hidden[number];
    // With a RestartAction below 2 the role stays where the resource fails (W 3.3): as if nobody saw it.
    const auto add = [&](Component component, const std::string& resource) {
      const bool moves = restart_action(fci.role, resource) == 2;
      if (!moves && number != of_sql().owner) {
        component.shows = Shows::when_role_moves;
        component.provocations = {move_line(of_sql().role, name)};
      }
      (moves ? parts : hidden).push_back(leaf(std::move(component)));
    };
    for (const std::string& disk : fci.disks) {
      Component path{ComponentKind::disk_path, fmt::format("path from {} to {}", name, disk), name, "path to " + disk,
                     fci.place};
      path.faults = {fault_line("storage.path_lost", {{"disk", disk}, {"node", name}})};
      add(std::move(path), disk);
    }
    if (!fci.availability_group) {
      // On a local disk it is missed only at the next start there (W 7.3).
      Component tempdb{ComponentKind::tempdb, "tempdb folder of " + name, name, "tempdb folder", fci.place};
      tempdb.faults = {fault_line("sql.tempdb_missing", {{"node", name}})};
      tempdb.shows = Shows::when_sql_starts;
      if (number == of_sql().owner) tempdb.provocations = {fault_line("sql.crash")};
      add(std::move(tempdb), fci.sql_resource());
    }
    sql_.seen[number] = all("SQL Server can run on " + name, std::move(parts));
    Component open = open_port(number, sql_server_port, of_sql());
    // A master beside SQL Server does not go through the port.
    const auto away =
        std::find_if(of_master().nodes.begin(), of_master().nodes.end(), [&](int other) { return other != number; });
    if (separate() && of_master().owner == number && away != of_master().nodes.end()) {
      open.provocations.push_back(move_line(of_master().role, node(*away).name));
    }
    hidden.push_back(leaf(std::move(open)));  // the last one
  }
  Component database{ComponentKind::ssisdb, "SSISDB", "", "", fci.place};
  database.faults = {fault_line("sql.ssisdb_suspect")};
  ssisdb_ = leaf(std::move(database));
}

/// Whether a master without SSISDB ends, so that the cluster sees it, and takes its role to another node (behaviour 6).
bool RequirementBuilder::moves_without_ssisdb() const {
  const bool ends = design_.parameters[Switch::master_exits_without_ssisdb];
  return ends && design_.scale_out.master.restart_action == 2;
}

void RequirementBuilder::add_master() {
  const Master& master = design_.scale_out.master;
  Component service{ComponentKind::master_service, "the Scale Out Master's process", "", "", master.place};
  service.faults = {fault_line("master.hang")};  // one that crashes is restarted; one that hangs is never found (S 4.4)
  process_parts_.push_back(leaf(std::move(service)));
  Component resource{ComponentKind::master_resource, "the resource " + design_.master_resource(), "", "", master.place};
  resource.faults = {fault_line("resource.failure", {{"resource", design_.master_resource()}})};
  resource.restarts = master.restart_action != 0;
  process_parts_.push_back(leaf(std::move(resource)));
  if (master.uses_domain_account()) {
    Component account{ComponentKind::account, "the account " + master.account, "", "", master.place};
    account.faults = {fault_line("configuration.account_password_expired", {{"account", "master"}})};
    account.shows = Shows::when_master_starts;
    account.provocations = {fault_line("master.crash")};
    process_parts_.push_back(leaf(std::move(account)));
  }
  Component login{ComponentKind::login, "the master's login in ssis_admin", "", "", master.place};
  login.faults = {fault_line("master.cannot_log_in")};
  login.shows = Shows::when_master_starts;
  login.provocations = {fault_line("master.crash")};
  service_parts_.push_back(leaf(std::move(login)));

  master_.nodes = of_master().nodes;
  bool with_sql = false;
  if (separate()) {
    process_parts_.insert(process_parts_.end(), names_.back().begin(), names_.back().end());
    // On another node than SQL Server's; one that ends without SSISDB is moved until it finds it.
    if (!moves_without_ssisdb()) service_parts_.push_back(name_service_);
    for (const int number : master_.nodes) {
      const int on_node = all("the master can run on " + node(number).name,
                              {in_cluster_[static_cast<std::size_t>(number)], address_on(1, number)});
      master_.seen[number] = on_node;
    }
  } else {
    const std::vector<std::string> providers = design_.master_dependencies();
    const auto needs = [&](const std::string& name) {
      return std::find(providers.begin(), providers.end(), name) != providers.end();
    };
    with_sql = needs(design_.fci.sql_resource()) || needs(design_.fci.agent_resource());
    const std::vector<int>& parts = with_sql ? sql_parts_ : names_.front();
    process_parts_.insert(process_parts_.end(), parts.begin(), parts.end());
    master_.seen = sql_.seen;
  }
  for (const int number : master_.nodes) {
    const std::string& name = node(number).name;
    Component file{ComponentKind::settings_file, "MasterSettings.config of " + name, name, "MasterSettings.config",
                   master.place};
    file.faults = {fault_line("configuration.settings_changed_on_one_node",
                              {{"host", name}, {"key", "SqlServerName"}, {"value", "NOWHERE"}})};
    std::vector<int>& hidden = master_.hidden[number];
    hidden = {leaf(open_port(number, design_.master_settings(name).port, of_master()))};
    if (with_sql) hidden.insert(hidden.end(), sql_.hidden[number].begin(), sql_.hidden[number].end() - 1);
    const int readable = hidden_on(number, std::move(file), Shows::when_master_starts);
    if (moves_without_ssisdb()) {
      master_.seen[number] = all("the master runs on " + name, {master_.seen[number], readable});
    } else {
      master_file_[number] = readable;
    }
  }
}

}  // namespace rehearse::model::structure
