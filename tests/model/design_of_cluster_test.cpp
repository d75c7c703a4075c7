// What the reader makes of nodes, networks, roles and resources.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "small_design.hpp"

namespace rehearse::model {
namespace {

using nlohmann::json;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(DesignOfCluster, reads_nodes_networks_and_witness_in_full) {
  const Cluster cluster = read(small()).design.value().cluster;
  EXPECT_EQ(cluster.nodes[0].weight, 1);
  EXPECT_EQ(cluster.nodes[1].weight, 0);
  EXPECT_THAT(cluster.nodes[0].networks, ElementsAre("LAN", "Beats"));  // as the networks are called
  EXPECT_THAT(cluster.nodes[1].networks, IsEmpty());
  EXPECT_EQ(cluster.networks[0].role, NetworkRole::both);
  EXPECT_EQ(cluster.networks[1].role, NetworkRole::cluster);
  EXPECT_EQ(cluster.networks[2].role, NetworkRole::client);
  EXPECT_EQ(cluster.witness.site, "C");  // a third site, where no node is
  EXPECT_EQ(cluster.preferred_site, "A");
}

TEST(DesignOfCluster, reads_the_settings_of_a_role) {
  const Design design = read(small()).design.value();
  const RoleSettings& settings = design.cluster.roles.at(0).settings;
  EXPECT_EQ(settings.priority, 1000);
  EXPECT_THAT(settings.preferred_owners, ElementsAre("N2"));
  EXPECT_THAT(settings.possible_owners, ElementsAre("N1", "N2"));
  EXPECT_TRUE(settings.failback);
  EXPECT_EQ(settings.failback_from, 22);
  EXPECT_EQ(settings.failback_until, 4);
  EXPECT_EQ(settings.failover_threshold, 3);
  EXPECT_EQ(settings.failover_period, Duration(std::chrono::hours(12)));
  EXPECT_THAT(settings.anti_affinity, ElementsAre("busy"));
  EXPECT_EQ(settings.preferred_site, "B");
  EXPECT_EQ(settings.place.pointer, "/cluster/roles/0");

  EXPECT_EQ(design.fci.role.priority, 3000);
  EXPECT_EQ(design.fci.role.failback_from, -1);
  EXPECT_EQ(design.fci.role.place.pointer, "/fci/role");
  EXPECT_EQ(design.scale_out.role->settings.priority, 2000);
  EXPECT_EQ(design.scale_out.role->settings.failover_period, Duration(std::chrono::hours(1)));
}

TEST(DesignOfCluster, reads_the_resources_of_a_role_and_what_they_need) {
  const Role role = read(small()).design.value().cluster.roles.at(0);
  EXPECT_EQ(role.name, "Files");
  ASSERT_EQ(role.resources.size(), 5u);
  EXPECT_EQ(role.resources[0].type, ResourceType::name);
  EXPECT_THAT(role.resources[0].depends_on, ElementsAre(ElementsAre("IP a", "IP b")));
  EXPECT_EQ(role.resources[1].type, ResourceType::address);
  EXPECT_EQ(role.resources[1].address, "10.0.0.70");
  EXPECT_THAT(role.resources[1].depends_on, IsEmpty());
  EXPECT_EQ(role.resources[3].type, ResourceType::disk);
  EXPECT_EQ(role.resources[4].type, ResourceType::generic_service);
  EXPECT_EQ(role.resources[4].place.pointer, "/cluster/roles/0/resources/4");
  EXPECT_THAT(role.resources[4].depends_on, ElementsAre(ElementsAre("FS"), ElementsAre("Disk 9")));
}

TEST(DesignOfCluster, reads_the_settings_of_a_resource_in_the_units_of_windows) {
  using std::chrono::milliseconds;
  const Role role = read(small()).design.value().cluster.roles.at(0);
  EXPECT_EQ(role.resources[0].settings, ResourceSettings());
  const ResourceSettings& service = role.resources[4].settings;
  EXPECT_EQ(service.restart_action, 1);
  EXPECT_EQ(service.restart_threshold, 2);
  EXPECT_EQ(service.restart_period, Duration(std::chrono::minutes(10)));
  EXPECT_EQ(service.restart_delay, Duration::zero());
  EXPECT_EQ(service.retry_period_on_failure, Duration::max());
  EXPECT_EQ(service.pending_timeout, Duration(seconds(60)));
  EXPECT_EQ(service.deadlock_timeout, std::nullopt);
  EXPECT_EQ(service.looks_alive_interval, Duration(milliseconds(2000)));
  EXPECT_EQ(service.is_alive_interval, std::nullopt);  // as the resource type has it
  EXPECT_TRUE(service.separate_monitor);
  EXPECT_EQ(role.resources[3].settings.deadlock_timeout, Duration(seconds(60)));
}

TEST(DesignOfCluster, settings_of_made_resources_go_by_the_names_that_windows_shows) {
  const Design design = read(small()).design.value();
  EXPECT_EQ(design.fci.role.resources.size(), 2u);
  EXPECT_EQ(design.fci.role.resources.at("SQL Server (INST1)").restart_threshold, 4);
  EXPECT_TRUE(design.fci.role.resources.at("SQL IP Address 2 (SQLFCI)").separate_monitor);
  EXPECT_EQ(design.scale_out.role->settings.resources.at("SSISM").pending_timeout, Duration(seconds(1)));
}

TEST(DesignOfCluster, the_master_is_a_resource_of_the_role_that_its_placement_gives_it) {
  const std::string master = "SQL Server Integration Services Scale Out Master 14.0";
  json design = small();
  design["fci"]["role"]["resources"][master] = {{"PendingTimeout", 5000}};
  EXPECT_THAT(told(read(design)), HasSubstr("unknown resource '" + master + "'"));
  design["scale_out"]["failover"] = "joint";
  design["scale_out"].erase("role");
  design["scale_out"]["master"].erase("depends_on");
  const DesignResult joint = read(design);
  ASSERT_TRUE(joint.design) << told(joint);
  EXPECT_EQ(joint.design->fci.role.resources.at(master).pending_timeout, Duration(seconds(5)));
  design = small();
  design["scale_out"]["role"]["resources"][master] = {{"PendingTimeout", 5000}};
  EXPECT_EQ(told(read(design)), "");
}

TEST(DesignOfCluster, names_of_the_masters_own_role_are_taken_too) {
  json design = small();
  json& role = design["cluster"]["roles"][0];
  role["name"] = "MASTER";
  role["resources"][4]["name"] = "IP Address 10.0.0.60";
  const std::string told_of_it = told(read(design));
  EXPECT_THAT(told_of_it, HasSubstr("there is already a role 'MASTER'"));
  EXPECT_THAT(told_of_it, HasSubstr("there is already a resource 'IP Address 10.0.0.60'"));
}

TEST(DesignOfCluster, the_masters_access_point_shares_its_name_with_no_resource_of_the_instance) {
  json design = small();
  design["fci"]["disks"] = {"ssism"};
  EXPECT_THAT(told(read(design)), HasSubstr("'SSISM' is the name of another resource"));
}

TEST(DesignOfCluster, reads_the_rest_of_the_instance_and_of_the_access_points) {
  const Design design = read(small()).design.value();
  EXPECT_TRUE(design.fci.storage_pool);
  EXPECT_FALSE(design.fci.accelerated_recovery);
  EXPECT_EQ(design.fci.register_all_ips, false);
  EXPECT_EQ(design.fci.record_ttl, Duration(seconds(300)));
  EXPECT_THAT(design.fci.addresses, ElementsAre("10.0.0.50", "10.0.1.50"));
  EXPECT_THAT(design.scale_out.role->addresses, ElementsAre("10.0.0.60", "10.0.1.60"));
  EXPECT_EQ(design.scale_out.role->register_all_ips, true);
  EXPECT_EQ(design.scale_out.role->record_ttl, Duration(seconds(60)));
  EXPECT_EQ(design.scale_out.workers[0].site, "B");
  EXPECT_EQ(design.scale_out.workers[1].site, "");
}

TEST(DesignOfCluster, accelerated_recovery_ends_the_wait_for_undo) {
  json design = small();
  design["sql"] = "2019";
  design["edition"] = "standard";
  EXPECT_NE(read(design).design.value().parameters[Timing::ssisdb_undo], Distribution::constant(Duration::zero()));
  design["fci"]["ssisdb"]["accelerated_recovery"] = true;
  const Design accelerated = read(design).design.value();
  EXPECT_TRUE(accelerated.fci.accelerated_recovery);
  EXPECT_EQ(accelerated.parameters[Timing::ssisdb_undo], Distribution::constant(Duration::zero()));
  design["parameters"]["ssisdb_undo"] = "5s";
  EXPECT_THAT(told(read(design)), HasSubstr("'ssisdb_undo' is stated twice"));
}

TEST(DesignOfCluster, before_2016_sites_are_as_far_apart_as_subnets) {
  json design = small();
  design["windows"] = "2012R2";
  design["cluster"].erase("preferred_site");
  design["cluster"]["roles"][0].erase("PreferredSite");
  design["cluster"]["properties"] = {{"CrossSubnetThreshold", 12}};
  const Design old = read(design).design.value();
  EXPECT_EQ(old.parameters[Setting::cross_site_threshold], 12);
  EXPECT_EQ(old.parameters.length(Setting::cross_site_delay), Duration(seconds(1)));
  design["windows"] = "2016";
  EXPECT_EQ(read(design).design.value().parameters[Setting::cross_site_threshold], 20);
}

// A retry period is compared with the restart period that will hold, whoever states it.
TEST(DesignOfCluster, a_retry_comes_no_sooner_than_a_restart_is_forgotten) {
  json design = small();
  json& resource = design["fci"]["role"]["resources"]["SQL Server (INST1)"];
  resource["RetryPeriodOnFailure"] = 600000;
  EXPECT_THAT(told(read(design)), HasSubstr("RetryPeriodOnFailure (10m) is shorter than RestartPeriod (15m)"));
  resource["RestartPeriod"] = 600000;
  EXPECT_EQ(told(read(design)), "");
  resource.erase("RestartPeriod");
  design["parameters"]["restart_period"] = "10m";
  EXPECT_EQ(told(read(design)), "");
}

TEST(DesignOfCluster, a_failback_window_without_failback_is_worth_a_word) {
  json design = small();
  design["cluster"]["roles"][0]["AutoFailbackType"] = 0;
  const DesignResult result = read(design);
  EXPECT_TRUE(result.design);
  EXPECT_THAT(told(result), HasSubstr("warning: without failback its window means nothing"));
}

TEST(DesignOfCluster, the_largest_number_of_windows_stands_for_its_default_threshold) {
  json design = small();
  design["cluster"]["roles"][0]["FailoverThreshold"] = 4294967295;
  EXPECT_EQ(read(design).design.value().cluster.roles[0].settings.failover_threshold, 0);
}

}  // namespace
}  // namespace rehearse::model
