#include "tests/agreement/stories.hpp"

#include "sim/world/membership.hpp"
#include "tests/far_side/clockwork.hpp"

namespace rehearse::agreement {
namespace {

const std::string sql_role = "SQL Server (MSSQLSERVER)";
const std::string master_resource = "SQL Server Integration Services Scale Out Master 15.0";

Act perform(std::string operation, steps::OperationArguments arguments = {}) {
  return {std::move(operation), std::move(arguments), {}, false};
}

/// Move-ClusterGroup without a node: away from where the role is, each time.
Act move_away(std::string role) {
  return {"move_role", {{"role", std::move(role)}}, {}, true};
}

Act power_on(std::string node) {
  return {"power on " + node, {}, [node](BothFarms& farms) {
            far_side::power_on(farms.far.world, node);
            world::World& world = farms.simulated.world();
            world.membership().boot(world.plan().find_host(node), 0);
          }};
}

Act updates_appear() {
  return {"updates appear", {}, [](BothFarms& farms) {
            for (const char* node : {"SQL1", "SQL2"}) farms.far.world.machines.at(node).missing_updates = 2;
          }};
}

}  // namespace

std::vector<Story> stories() {
  return {
      {"a_role_moves", {perform("move_role", {{"role", sql_role}, {"to", "SQL2"}}), move_away(sql_role)}},
      {"a_node_is_drained_and_resumed",
       {perform("drain_node", {{"node", "SQL1"}}),
        perform("resume_node", {{"node", "SQL1"}, {"failback", "immediate"}})}},
      {"a_node_is_paused", {perform("pause_node", {{"node", "SQL2"}}), perform("resume_node", {{"node", "SQL2"}})}},
      {"the_cluster_service_of_a_node_stops",
       {perform("stop_node", {{"node", "SQL1"}}), perform("start_node", {{"node", "SQL1"}})}},
      {"a_node_restarts", {perform("restart_node", {{"node", "SQL1"}})}},
      {"a_node_is_shut_down",
       {perform("shut_down_node", {{"node", "SQL2"}}), power_on("SQL2"), perform("rejoin_node", {{"node", "SQL2"}})}},
      {"a_role_goes_offline",
       {perform("offline_role", {{"role", sql_role}}), perform("online_role", {{"role", sql_role}})}},
      {"a_resource_goes_offline",
       {perform("offline_resource", {{"resource", master_resource}}),
        perform("online_resource", {{"resource", master_resource}})}},
      {"a_resource_fails", {perform("fail_resource", {{"resource", "SQL Server"}})}},
      {"workers_restart", {perform("restart_workers")}},
      {"the_deployment_is_verified", {perform("verify_deployment")}},
      {"a_master_certificate_is_renewed_as_documented",
       {perform("renew_master_certificate", {{"not_after", "2031-11-22T00:00:00Z"}})}},
      {"a_master_certificate_is_renewed_with_the_least_outage",
       {perform("renew_master_certificate", {{"not_after", "2031-11-22T00:00:00Z"}, {"order", "least_outage"}})}},
      {"a_node_is_patched", {updates_appear(), perform("patch_node", {{"node", "SQL2"}})}},
      {"all_nodes_are_patched", {updates_appear(), perform("patch_rolling")}},
      {"a_quorum_is_forced",
       {perform("stop_node", {{"node", "SQL2"}}), perform("shut_down_node", {{"node", "SQL2"}}),
        perform("force_quorum", {{"node", "SQL1"}, {"even_if_alive", "yes"}}), power_on("SQL2"),
        perform("rejoin_node", {{"node", "SQL2"}})}},
      {"a_quarantine_is_cleared", {perform("clear_quarantine", {{"node", "SQL2"}})}},
  };
}

}  // namespace rehearse::agreement
