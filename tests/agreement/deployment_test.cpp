// The whole way: steps, platform, scripts, interpreter, machines.
#include <gtest/gtest.h>

#include "model/steps/deployment.hpp"
#include "model/steps/operations.hpp"
#include "tests/agreement/farm.hpp"
#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/world_file.hpp"

namespace far_side {
namespace {

const std::string sql_role = "SQL Server (MSSQLSERVER)";
const std::string worker_service = "SSISScaleOutWorker150";

std::string operate(Farm& farm, const char* name, const rehearse::steps::OperationArguments& arguments = {}) {
  return farm.perform(rehearse::steps::operation_steps(farm.design, name, arguments));
}

std::string owner(Farm& farm, const std::string& role) {
  return farm.world.cluster->groups.at(role).owner;
}

class DeployedFarm : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override { farm.world = deployed_world(GetParam()); }

  Farm farm{GetParam()};
};

TEST_P(DeployedFarm, has_every_worker_heard_of_in_the_catalog) {
  const SsisCatalog& catalog = *farm.world.instances.at("SQLFCI").ssisdb;
  ASSERT_EQ(catalog.workers.size(), 2u);
  for (const auto& [id, worker] : catalog.workers) {
    EXPECT_TRUE(worker.enabled) << worker.machine;
    EXPECT_EQ(worker_trouble(farm.world, worker.machine, worker_service), "");
  }
  EXPECT_NE(catalog.properties.at("LAST_ONLINE_TIME"), "");
}

TEST_P(DeployedFarm, is_not_changed_by_the_same_deployment_again) {
  const FarWorld before = farm.world;
  EXPECT_EQ(farm.deploy(), "");
  // What goes on by itself: the clock, and what services say of themselves as it goes.
  FarWorld after = farm.world;
  const auto without_time = [](FarWorld world) {
    world.now = {};
    for (auto& [name, machine] : world.machines) {
      for (auto& [service_name, service] : machine.services) {
        service.next_beat.reset();
        service.due = {};
      }
    }
    SsisCatalog& catalog = *world.instances.at("SQLFCI").ssisdb;
    catalog.properties.erase("LAST_ONLINE_TIME");
    for (auto& [id, worker] : catalog.workers) worker.last_online = {};
    return to_json(world);
  };
  EXPECT_EQ(without_time(after), without_time(before));
}

TEST_P(DeployedFarm, moves_its_roles_and_is_verified_on_every_node) {
  EXPECT_EQ(operate(farm, "move_role", {{"role", sql_role}, {"to", "SQL2"}}), "");
  EXPECT_EQ(owner(farm, sql_role), "SQL2");
  EXPECT_EQ(operate(farm, "move_role", {{"role", sql_role}}), "");
  EXPECT_EQ(owner(farm, sql_role), "SQL1");
  EXPECT_EQ(operate(farm, "verify_deployment"), "");
}

TEST_P(DeployedFarm, drains_patches_and_restarts_its_nodes_one_after_the_other) {
  for (const char* node : {"SQL1", "SQL2"}) farm.world.machines.at(node).missing_updates = 2;
  const Instant booted = farm.world.machines.at("SQL1").booted;
  EXPECT_EQ(operate(farm, "patch_rolling"), "");
  for (const char* node : {"SQL1", "SQL2"}) {
    const Machine& machine = farm.world.machines.at(node);
    EXPECT_EQ(machine.missing_updates, 0);
    EXPECT_FALSE(machine.restart_pending);
    EXPECT_EQ(farm.world.cluster->nodes.at(node).state, "Up");
  }
  EXPECT_GT(farm.world.machines.at("SQL1").booted, booted);
}

TEST_P(DeployedFarm, takes_a_new_master_certificate_in_either_order) {
  for (const auto& [end, order] : std::map<std::string, std::string>{{"2031-11-22T00:00:00Z", "documented"},
                                                                     {"2032-11-22T00:00:00Z", "least_outage"}}) {
    EXPECT_EQ(operate(farm, "renew_master_certificate", {{"not_after", end}, {"order", order}}), "");
    pass(farm.world, 2min);
    for (const char* worker : {"WRK1", "WRK2"}) {
      EXPECT_EQ(worker_trouble(farm.world, worker, worker_service), "") << order;
    }
  }
}

TEST_P(DeployedFarm, survives_a_forced_quorum_and_takes_the_other_node_back) {
  EXPECT_EQ(operate(farm, "stop_node", {{"node", "SQL2"}}), "");
  EXPECT_EQ(operate(farm, "shut_down_node", {{"node", "SQL2"}}), "");
  EXPECT_EQ(operate(farm, "force_quorum", {{"node", "SQL1"}, {"even_if_alive", "yes"}}), "");
  EXPECT_EQ(owner(farm, sql_role), "SQL1");
  power_on(farm.world, "SQL2");
  pass(farm.world, 2min);
  EXPECT_EQ(operate(farm, "rejoin_node", {{"node", "SQL2"}}), "");
  EXPECT_EQ(farm.world.cluster->nodes.at("SQL2").state, "Up");
}

TEST_P(DeployedFarm, takes_roles_and_resources_offline_and_brings_them_back) {
  EXPECT_EQ(operate(farm, "offline_role", {{"role", sql_role}}), "");
  EXPECT_FALSE(is_running(farm.world.machines.at("SQL1"), "MSSQLSERVER"));
  EXPECT_EQ(operate(farm, "online_role", {{"role", sql_role}}), "");
  EXPECT_EQ(operate(farm, "fail_resource", {{"resource", "SQL Server"}}), "");
  pass(farm.world, 2min);
  EXPECT_EQ(farm.world.cluster->resources.at("SQL Server").state, "Online");
  EXPECT_EQ(owner(farm, sql_role), "SQL1");  // the first failure restarts it where it is (W 3.3)
}

TEST_P(DeployedFarm, is_the_same_after_it_was_kept_in_a_file) {
  const std::string text = to_json(farm.world);
  EXPECT_EQ(to_json(world_of_json(text)), text);
}

TEST_P(DeployedFarm, lets_a_quarantined_node_join_again) {
  EXPECT_EQ(operate(farm, "stop_node", {{"node", "SQL2"}}), "");
  farm.world.cluster->nodes.at("SQL2").quarantined = true;
  EXPECT_EQ(operate(farm, "clear_quarantine", {{"node", "SQL2"}}), "");
  EXPECT_EQ(farm.world.cluster->nodes.at("SQL2").state, "Up");
}

// ---- other surroundings

class AnyFarm : public testing::TestWithParam<bool> {
 protected:
  Farm farm{GetParam()};
};

TEST_P(AnyFarm, is_deployed_with_logons_that_can_be_delegated) {
  farm.site.second_hop = rehearse::real::SecondHop::delegated;
  farm.transport.logon = Logon::delegated;
  EXPECT_EQ(farm.deploy(), "");
}

TEST_P(AnyFarm, is_not_deployed_with_network_logons_that_were_said_to_be_delegated) {
  farm.site.second_hop = rehearse::real::SecondHop::delegated;
  EXPECT_NE(farm.deploy().find("Access is denied"), std::string::npos);
}

TEST_P(AnyFarm, is_deployed_where_windows_asks_for_no_restart) {
  farm.world.feature_wants_restart = false;
  EXPECT_EQ(farm.deploy(), "");
}

TEST_P(AnyFarm, is_deployed_where_setup_adds_telemetry_to_the_role) {
  farm.world.setup_adds_telemetry = true;
  EXPECT_EQ(farm.deploy(), "");
}

TEST_P(AnyFarm, is_deployed_over_two_subnets_and_answers_on_either) {
  FarWorld world = bare_farm();
  world.machines.at("SQL2").address = "10.0.1.2";
  Farm stretched(stretched_design(GetParam()), farm_site(), std::move(world));
  ASSERT_EQ(stretched.deploy(), "");
  EXPECT_EQ(stretched.world.domain.dns.at("SQLFCI"), Names{"10.0.0.50"});
  EXPECT_EQ(operate(stretched, "verify_deployment"), "");
  EXPECT_EQ(operate(stretched, "move_role", {{"role", sql_role}, {"to", "SQL2"}}), "");
  EXPECT_EQ(stretched.world.domain.dns.at("SQLFCI"), Names{"10.0.1.50"});
}

TEST_P(AnyFarm, says_whose_password_is_wrong) {
  farm.wrong_password_of = "CORP\\svc-ssis";
  EXPECT_NE(farm.deploy().find("ISMASTERSVCACCOUNT"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Either, AnyFarm, testing::Bool(),
                         [](const auto& test) { return test.param ? "joint" : "separate"; });
INSTANTIATE_TEST_SUITE_P(Either, DeployedFarm, testing::Bool(),
                         [](const auto& test) { return test.param ? "joint" : "separate"; });

}  // namespace
}  // namespace far_side
