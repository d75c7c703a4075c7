#include "cases.hpp"

namespace rehearse::judge {
namespace {

using Kind = Happening::Kind;

Happening lost(std::string node) {
  return {Kind::node_lost, std::move(node)};
}
Happening back(std::string node) {
  return {Kind::node_back, std::move(node)};
}
Happening drained(std::string node) {
  return {Kind::node_drained, std::move(node)};
}
Happening resumed(std::string node) {
  return {Kind::node_resumed, std::move(node)};
}
Happening fails(std::string resource) {
  return {Kind::resource_fails, std::move(resource)};
}
Happening offline(std::string resource) {
  return {Kind::resource_stopped, std::move(resource)};
}
Happening online(std::string resource) {
  return {Kind::resource_started, std::move(resource)};
}
Happening role_offline(std::string role) {
  return {Kind::role_stopped, std::move(role)};
}
Happening role_online(std::string role) {
  return {Kind::role_started, std::move(role)};
}
Happening moved(std::string role, std::string node) {
  return {Kind::role_moved, std::move(role), std::move(node)};
}

const Happening ten_minutes{Kind::ten_minutes_pass};

/// Like a database instance: two independent roots, a name on an address, the server on disk and name, an agent on top.
Role database(std::string owner, std::vector<std::string> preferred = {}) {
  Role role;
  role.name = "Db";
  role.resources = {{"DbDisk", {}},
                    {"DbIp", {}},
                    {"DbName", {{"DbIp"}}},
                    {"DbServer", {{"DbDisk"}, {"DbName"}}},
                    {"DbAgent", {{"DbServer"}}}};
  role.owner = std::move(owner);
  role.preferred_owners = std::move(preferred);
  return role;
}

/// Like the master's own role: a service with a client access point.
Role application(std::string owner, std::vector<std::string> preferred = {}) {
  Role role;
  role.name = "App";
  role.resources = {{"AppIp", {}}, {"AppName", {{"AppIp"}}}, {"AppService", {{"AppName"}}}};
  role.owner = std::move(owner);
  role.preferred_owners = std::move(preferred);
  return role;
}

Role with_possible_owners(Role role, std::vector<std::string> nodes) {
  role.possible_owners = std::move(nodes);
  return role;
}

Role with_failback(Role role) {
  role.failback = true;
  return role;
}

Role avoiding(Role role, std::string class_name) {
  role.avoids = std::move(class_name);
  return role;
}

Role with_threshold(Role role, int restarts) {
  for (Resource& resource : role.resources) resource.restart_threshold = restarts;
  return role;
}

Role never_restarting(Role role, std::string_view name) {
  for (Resource& resource : role.resources) {
    if (resource.name == name) resource.restarts = false;
  }
  return role;
}

/// The name may live on either of two addresses, as over two subnets.
Role with_two_addresses(Role role) {
  role.resources.push_back({"AppIp2", {}});
  role.resources[1].needs = {{"AppIp", "AppIp2"}};
  return role;
}

const std::vector<std::string> two{"N1", "N2"};
const std::vector<std::string> three{"N1", "N2", "N3"};
const std::vector<std::string> four{"N1", "N2", "N3", "N4"};

}  // namespace

std::vector<Agreed> agreed_cases() {
  std::vector<Agreed> cases;
  const auto add = [&cases](std::string name, std::vector<std::string> nodes, std::vector<Role> roles,
                            std::vector<Happening> happenings, std::vector<std::string> accounts) {
    cases.push_back(
        {{std::move(name), std::move(nodes), std::move(roles), std::move(happenings)}, std::move(accounts)});
  };

  // ---- a node is lost
  add("node_loss_leaves_one_survivor", two, {database("N1")}, {lost("N1")}, {"Db on N2"});
  add("node_loss_follows_the_preferred_owners", three, {database("N1", {"N1", "N3", "N2"})}, {lost("N1")},
      {"Db on N3"});
  add("after_the_preferred_owners_come_the_others_by_id", four, {database("N3", {"N3", "N4"})},
      {lost("N3"), lost("N4")}, {"Db on N4", "Db on N1"});
  add("a_preferred_owner_that_is_no_possible_owner_is_passed_over", three,
      {with_possible_owners(database("N1", {"N1", "N2", "N3"}), {"N1", "N3"})}, {lost("N1")}, {"Db on N3"});
  add("losing_another_node_moves_nothing", three, {database("N2", {"N1", "N2", "N3"})}, {lost("N3")}, {"Db on N2"});
  add("two_roles_of_a_lost_node_go_their_own_ways", three,
      {database("N1", {"N1", "N2", "N3"}), application("N1", {"N1", "N3", "N2"})}, {lost("N1")},
      {"Db on N2, App on N3"});
  add("node_after_node_the_roles_gather_on_the_last", three,
      {database("N1", {"N1", "N2", "N3"}), application("N2", {"N2", "N1", "N3"})}, {lost("N1"), lost("N2")},
      {"Db on N2, App on N2", "Db on N3, App on N3"});

  // ---- a node comes back
  add("without_failback_a_role_stays_where_it_went", two, {database("N1", {"N1", "N2"})}, {lost("N1"), back("N1")},
      {"Db on N2", "Db on N2"});
  add("with_failback_a_role_goes_home", two, {with_failback(database("N1", {"N1", "N2"}))}, {lost("N1"), back("N1")},
      {"Db on N2", "Db on N1"});
  add("only_the_role_with_failback_goes_home", two,
      {database("N1", {"N1", "N2"}), with_failback(application("N1", {"N1", "N2"}))}, {lost("N1"), back("N1")},
      {"Db on N2, App on N2", "Db on N2, App on N1"});

  // ---- maintenance
  add("a_drained_node_hands_its_role_over", two, {database("N1")}, {drained("N1")}, {"Db on N2"});
  add("a_drain_follows_the_preferred_owners", three, {application("N1", {"N1", "N3", "N2"})}, {drained("N1")},
      {"App on N3"});
  add("a_resumed_node_gets_nothing_back_by_itself", two, {database("N1")}, {drained("N1"), resumed("N1")},
      {"Db on N2", "Db on N2"});
  add("a_node_loss_passes_over_a_drained_node", three, {database("N1", {"N1", "N2", "N3"})},
      {drained("N2"), lost("N1")}, {"Db on N1", "Db on N3"});

  // ---- operators
  add("an_operator_moves_a_role_and_it_stays", three, {database("N1", {"N1", "N2", "N3"}), application("N1")},
      {moved("Db", "N3"), lost("N2")}, {"Db on N3, App on N1", "Db on N3, App on N1"});
  add("a_role_goes_offline_and_comes_back_on_its_owner", three, {database("N2", {"N1", "N2", "N3"})},
      {role_offline("Db"), role_online("Db")}, {"Db on N2 without DbDisk DbIp DbName DbServer DbAgent", "Db on N2"});
  add("one_resource_goes_offline_with_all_that_need_it", two, {database("N1")}, {offline("DbName"), online("DbName")},
      {"Db on N1 without DbName DbServer DbAgent", "Db on N1"});
  add("what_an_operator_took_offline_stays_so_through_a_failover", two, {database("N1")},
      {offline("DbServer"), lost("N1")}, {"Db on N1 without DbServer DbAgent", "Db on N2 without DbServer DbAgent"});
  add("an_offline_role_changes_its_owner_and_starts_nothing", two, {application("N1")},
      {role_offline("App"), lost("N1"), role_online("App")},
      {"App on N1 without AppIp AppName AppService", "App on N2 without AppIp AppName AppService", "App on N2"});

  // ---- a resource fails
  add("a_first_failure_restarts_in_place_with_all_that_need_it", two, {database("N1")}, {fails("DbName")},
      {"Db on N1"});
  add("a_second_failure_takes_the_role_along", two, {database("N1")}, {fails("DbServer"), fails("DbServer")},
      {"Db on N1", "Db on N2"});
  add("a_threshold_of_two_allows_two_restarts", two, {with_threshold(database("N1"), 2)},
      {fails("DbIp"), fails("DbIp"), fails("DbIp")}, {"Db on N1", "Db on N1", "Db on N2"});
  add("failures_are_counted_by_resource", two, {database("N1")}, {fails("DbServer"), fails("DbAgent"), fails("DbIp")},
      {"Db on N1", "Db on N1", "Db on N1"});
  add("a_failure_is_forgotten_after_its_period", two, {database("N1")},
      {fails("DbServer"), ten_minutes, ten_minutes, fails("DbServer"), fails("DbServer")},
      {"Db on N1", "Db on N1", "Db on N1", "Db on N1", "Db on N2"});
  add("a_failure_is_remembered_within_its_period", two, {database("N1")},
      {fails("DbServer"), ten_minutes, fails("DbServer")}, {"Db on N1", "Db on N1", "Db on N2"});
  add("one_failing_role_leaves_the_other_in_peace", two, {database("N1"), application("N1")},
      {fails("AppService"), fails("AppService")}, {"Db on N1, App on N1", "Db on N1, App on N2"});
  add("beyond_the_limits_only_the_failed_and_its_dependents_stay_down", two, {with_threshold(database("N1"), 0)},
      {fails("DbServer"), fails("DbServer")}, {"Db on N2", "Db on N2 without DbServer DbAgent"});
  add("a_resource_that_must_not_restart_stays_down", two, {never_restarting(database("N1"), "DbServer")},
      {fails("DbServer")}, {"Db on N1 without DbServer DbAgent"});
  add("a_name_lives_on_while_one_of_its_addresses_does", two,
      {never_restarting(with_two_addresses(application("N1")), "AppIp2")}, {fails("AppIp2")},
      {"App on N1 without AppIp2"});

  add("a_name_falls_with_its_last_address", two,
      {never_restarting(never_restarting(with_two_addresses(application("N1")), "AppIp"), "AppIp2")},
      {fails("AppIp"), fails("AppIp2")},
      {"App on N1 without AppIp", "App on N1 without AppIp AppName AppService AppIp2"});
  add("an_operator_may_take_one_of_two_addresses", two, {with_two_addresses(application("N1"))},
      {offline("AppIp2"), moved("App", "N2"), online("AppIp2")},
      {"App on N1 without AppIp2", "App on N2 without AppIp2", "App on N2"});

  // ---- roles that avoid each other
  add("roles_that_avoid_each_other_stay_apart", three,
      {avoiding(database("N1", {"N1", "N2", "N3"}), "heavy"), avoiding(application("N2", {"N2", "N1", "N3"}), "heavy")},
      {lost("N1")}, {"Db on N3, App on N2"});
  add("avoidance_gives_way_to_having_a_node_at_all", two,
      {avoiding(database("N1", {"N1", "N2"}), "heavy"), avoiding(application("N2", {"N2", "N1"}), "heavy")},
      {lost("N1")}, {"Db on N2, App on N2"});
  return cases;
}

std::vector<Difference> differences() {
  std::vector<Difference> cases;
  const auto add = [&cases](std::string name, std::vector<std::string> nodes, std::vector<Role> roles,
                            std::vector<Happening> happenings, std::vector<std::string> windows,
                            std::vector<std::string> pacemaker) {
    cases.push_back({{std::move(name), std::move(nodes), std::move(roles), std::move(happenings)},
                     std::move(windows),
                     std::move(pacemaker)});
  };
  add("after_a_resource_failure_windows_goes_down_the_list", three,
      {with_threshold(database("N2", {"N1", "N2", "N3"}), 0)}, {fails("DbServer")}, {"Db on N3"}, {"Db on N1"});
  add("restarts_are_remembered_through_a_move", three, {database("N1", {"N1", "N2", "N3"})},
      {fails("DbServer"), fails("DbServer"), fails("DbServer")}, {"Db on N1", "Db on N2", "Db on N3"},
      {"Db on N1", "Db on N2", "Db on N2"});
  add("each_failure_ages_on_its_own", two, {with_threshold(database("N1"), 2)},
      {fails("DbServer"), ten_minutes, fails("DbServer"), ten_minutes, fails("DbServer")},
      {"Db on N1", "Db on N1", "Db on N1", "Db on N1", "Db on N1"},
      {"Db on N1", "Db on N1", "Db on N1", "Db on N1", "Db on N2"});
  add("a_drain_with_nowhere_to_go_stops_nothing", two, {with_possible_owners(database("N1"), {"N1"})}, {drained("N1")},
      {"Db on N1"}, {"Db nowhere"});
  add("no_node_is_banned_for_its_failures", three, {with_threshold(database("N1", {"N1", "N2"}), 0)},
      {fails("DbServer"), drained("N2")}, {"Db on N2", "Db on N1"}, {"Db on N2", "Db on N3"});
  add("bringing_one_resource_online_brings_what_it_needs", two, {database("N1")},
      {offline("DbName"), online("DbAgent")}, {"Db on N1 without DbName DbServer DbAgent", "Db on N1"},
      {"Db on N1 without DbName DbServer DbAgent", "Db on N1 without DbName DbServer DbAgent"});
  add("a_failed_resource_is_tried_again_on_another_node", two, {never_restarting(database("N1"), "DbServer")},
      {fails("DbServer"), lost("N1")}, {"Db on N1 without DbServer DbAgent", "Db on N2"},
      {"Db on N1 without DbServer DbAgent", "Db on N2 without DbServer DbAgent"});
  add("failback_waits_for_a_node_to_come", two, {with_failback(database("N1", {"N1", "N2"})), application("N1")},
      {moved("Db", "N2"), role_offline("App")},
      {"Db on N2, App on N1", "Db on N2, App on N1 without AppIp AppName AppService"},
      {"Db on N2, App on N1", "Db on N1, App on N1 without AppIp AppName AppService"});
  add("enforced_avoidance_keeps_the_newcomer_down", two,
      {avoiding(database("N1", {"N1", "N2"}), "heavy"), avoiding(application("N2", {"N2", "N1"}), "heavy")},
      {lost("N1")}, {"Db nowhere, App on N2"}, {"Db on N2, App nowhere"});
  cases.back().cluster.hard_anti_affinity = true;
  return cases;
}

}  // namespace rehearse::judge
