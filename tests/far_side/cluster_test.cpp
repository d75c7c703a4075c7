// The failover cluster: what has to be there before what, states on their way, policies, quorum.
#include <gtest/gtest.h>

#include "tests/far_side/bare_farm.hpp"
#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/cluster_state.hpp"

namespace far_side {
namespace {

class Clusters : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* node : {"SQL1", "SQL2"}) {
      look(world, node, "$null = Install-WindowsFeature -Name Failover-Clustering -IncludeManagementTools");
      begin_shutdown(world, node, true);
    }
    pass(world, 5min);
  }

  std::string on_first(const std::string& script, Logon logon = Logon::delegated) {
    return look(world, "SQL1", script, logon);
  }
  std::string error_of(const std::string& script, Logon logon = Logon::delegated) {
    return on_first("try { $null = & { " + script +
                        " }; 'no error' } catch { $_.FullyQualifiedErrorId + '|' + "
                        "$_.Exception.Message }",
                    logon);
  }
  void form() { on_first("$null = New-Cluster -Name 'CLU' -Node @('SQL1', 'SQL2') -StaticAddress '10.0.0.40' -Force"); }

  /// A role with a service that both nodes have.
  void add_role() {
    for (const char* node : {"SQL1", "SQL2"}) {
      Service service;
      service.display = "A service";
      world.machines.at(node).services["Svc"] = service;
    }
    on_first(
        "$null = Add-ClusterGroup -Name 'Role'; "
        "$null = Add-ClusterResource -Name 'Service' -Group 'Role' -ResourceType 'Generic Service'; "
        "Get-ClusterResource -Name 'Service' | Set-ClusterParameter -Name 'ServiceName' -Value 'Svc'");
  }

  const ClusterResource& resource(const std::string& name) { return world.cluster->resources.at(name); }
  const std::string& owner() { return world.cluster->groups.at("Role").owner; }

  FarWorld world = bare_farm();
};

// ---- forming it

TEST_F(Clusters, answer_nobody_before_they_are_formed) {
  EXPECT_EQ(error_of("Get-Cluster").substr(0, 84),
            "ClusterEndpointNotRegistered,Microsoft.FailoverClusters.PowerShell.GetClusterCommand");
}

TEST_F(Clusters, are_not_formed_from_a_network_logon) {
  const std::string form = "New-Cluster -Name 'CLU' -Node @('SQL1', 'SQL2') -StaticAddress '10.0.0.40' -Force";
  EXPECT_NE(error_of(form, Logon::network).find("Access is denied"), std::string::npos);
  EXPECT_FALSE(world.cluster);
}

TEST_F(Clusters, take_only_nodes_with_the_feature) {
  EXPECT_NE(
      error_of("New-Cluster -Name 'CLU' -Node @('SQL1', 'WRK1') -StaticAddress '10.0.0.40'").find("not installed"),
      std::string::npos);
}

TEST_F(Clusters, make_the_only_shared_disk_their_witness_until_another_one_takes_over) {
  form();
  EXPECT_EQ(on_first("(Get-ClusterQuorum).QuorumResource.Name"), "Cluster Disk 1");
  on_first("$null = Set-ClusterQuorum -FileShareWitness '\\\\FS1\\witness'");
  EXPECT_EQ(on_first("(Get-ClusterQuorum).QuorumResource.Name"), "File Share Witness");
  EXPECT_EQ(resource("Cluster Disk 1").group, "Available Storage");
}

TEST_F(Clusters, take_no_share_as_witness_from_a_network_logon) {
  form();
  EXPECT_NE(error_of("Set-ClusterQuorum -FileShareWitness '\\\\FS1\\witness'", Logon::network).find("Access is denied"),
            std::string::npos);
}

TEST_F(Clusters, give_their_properties_by_name_and_let_them_be_set) {
  form();
  EXPECT_EQ(on_first("$c = Get-Cluster; $c.SameSubnetThreshold; $c.SameSubnetThreshold = 40; "
                     "(Get-Cluster).SameSubnetThreshold"),
            "20|40");
  EXPECT_NE(error_of("(Get-Cluster).ClusSvcRegroupStageTimeout = 3").find("ReadOnly"), std::string::npos);
}

// ---- states

TEST_F(Clusters, say_of_what_is_not_there_that_it_could_not_be_found) {
  form();
  EXPECT_NE(error_of("Get-ClusterResource -Name 'none'").find("The cluster resource could not be found"),
            std::string::npos);
  EXPECT_EQ(on_first("(Get-ClusterGroup -Name 'none' -ErrorAction SilentlyContinue) -eq $null"), "True");
}

TEST_F(Clusters, show_states_as_words_that_are_numbers_too) {
  form();
  EXPECT_EQ(on_first("$n = Get-ClusterNode -Name 'SQL1'; [string]$n.State; [int]$n.State; $n.State -eq 'Up'"),
            "Up|0|True");
}

TEST_F(Clusters, bring_a_resource_online_over_a_while) {
  form();
  add_role();
  EXPECT_EQ(on_first("$null = Start-ClusterResource -Name 'Service' -Wait 0; Start-Sleep -Milliseconds 200; "
                     "[string](Get-ClusterResource -Name 'Service').State; Start-Sleep -Seconds 5; "
                     "[string](Get-ClusterResource -Name 'Service').State"),
            "OnlinePending|Online");
  EXPECT_TRUE(is_running(world.machines.at("SQL1"), "Svc"));
  EXPECT_FALSE(is_running(world.machines.at("SQL2"), "Svc"));
}

TEST_F(Clusters, start_and_stop_the_real_service_as_the_role_moves) {
  form();
  add_role();
  on_first("$null = Start-ClusterGroup -Name 'Role'; $null = Move-ClusterGroup -Name 'Role' -Node 'SQL2'");
  EXPECT_EQ(owner(), "SQL2");
  EXPECT_FALSE(is_running(world.machines.at("SQL1"), "Svc"));
  EXPECT_TRUE(is_running(world.machines.at("SQL2"), "Svc"));
}

TEST_F(Clusters, keep_an_offline_role_offline_when_it_moves) {
  form();
  add_role();
  on_first("$null = Move-ClusterGroup -Name 'Role' -Node 'SQL2'");
  EXPECT_EQ(owner(), "SQL2");
  EXPECT_EQ(resource("Service").state, "Offline");
}

TEST_F(Clusters, move_a_role_to_no_node_that_is_no_possible_owner) {
  form();
  add_role();
  on_first("Set-ClusterOwnerNode -Resource 'Service' -Owners @('SQL1')");
  EXPECT_NE(error_of("Move-ClusterGroup -Name 'Role' -Node 'SQL2'").find("not a possible owner of the group"),
            std::string::npos);
}

// ---- policies

TEST_F(Clusters, restart_what_fails_where_it_is_and_fail_it_over_the_second_time) {
  form();
  add_role();
  on_first("$null = Start-ClusterGroup -Name 'Role'");
  world.machines.at("SQL1").services.at("Svc").state = "Stopped";  // somebody ends it
  pass(world, 10s);
  EXPECT_EQ(resource("Service").state, "Online");
  EXPECT_EQ(owner(), "SQL1");
  world.machines.at("SQL1").services.at("Svc").state = "Stopped";
  pass(world, 20s);
  EXPECT_EQ(resource("Service").state, "Online");
  EXPECT_EQ(owner(), "SQL2");
}

TEST_F(Clusters, leave_a_failed_resource_alone_that_shall_not_be_restarted) {
  form();
  add_role();
  on_first(
      "(Get-ClusterResource -Name 'Service').RestartAction = 0; $null = Start-ClusterGroup -Name 'Role'; "
      "$null = Test-ClusterResourceFailure -Name 'Service'");
  pass(world, 1h);
  EXPECT_EQ(resource("Service").state, "Failed");
}

// ---- needs

TEST_F(Clusters, bring_providers_online_first_and_dependents_offline_first) {
  form();
  add_role();
  on_first(
      "$null = Add-ClusterResource -Name 'Address' -Group 'Role' -ResourceType 'IP Address'; "
      "Get-ClusterResource -Name 'Address' | Set-ClusterParameter -Multiple @{'Address'='10.0.0.60'; "
      "'SubnetMask'='255.255.255.0'; 'Network'='Cluster Network 1'}; "
      "$null = Set-ClusterResourceDependency -Resource 'Service' -Dependency '[Address]'; "
      "$null = Start-ClusterResource -Name 'Service' -Wait 0");
  pass(world, Span(500));
  EXPECT_EQ(resource("Address").state, "OnlinePending");
  EXPECT_EQ(resource("Service").state, "Offline");
  pass(world, 10s);
  EXPECT_EQ(resource("Service").state, "Online");
  EXPECT_EQ(on_first("(Get-ClusterResourceDependency -Resource 'Service').DependencyExpression"), "([Address])");
  on_first("$null = Stop-ClusterResource -Name 'Address'");
  EXPECT_EQ(resource("Service").state, "Offline");
  on_first("$null = Start-ClusterResource -Name 'Address'");
  EXPECT_EQ(resource("Service").state, "Offline");  // nobody asked for it
}

TEST_F(Clusters, take_no_dependency_that_goes_round) {
  form();
  add_role();
  on_first(
      "$null = Add-ClusterResource -Name 'B' -Group 'Role' -ResourceType 'Generic Service'; "
      "$null = Set-ClusterResourceDependency -Resource 'Service' -Dependency '[B]'");
  EXPECT_NE(error_of("Set-ClusterResourceDependency -Resource 'B' -Dependency '[Service]'").find("circular"),
            std::string::npos);
  EXPECT_NE(error_of("Set-ClusterResourceDependency -Resource 'B' -Dependency 'Service'").find("not valid"),
            std::string::npos);
}

TEST_F(Clusters, read_expressions_with_brackets_and_refuse_others) {
  EXPECT_EQ(read_dependency("[A] and ([B] or [C])"), (std::vector<Names>{{"A"}, {"B", "C"}}));
  EXPECT_EQ(read_dependency("([A]) and ([B])"), (std::vector<Names>{{"A"}, {"B"}}));
  EXPECT_EQ(read_dependency(""), std::vector<Names>{});
  for (const char* wrong : {"A", "[A", "[A] [B]", "[A] and", "([A]", "[A] or ([B] and [C])"}) {
    EXPECT_EQ(read_dependency(wrong), std::nullopt) << wrong;
  }
  EXPECT_EQ(dependency_text({{"A"}, {"B", "C"}}), "([A]) and ([B] or [C])");
}

TEST_F(Clusters, know_the_private_properties_of_each_type) {
  form();
  add_role();
  EXPECT_NE(error_of("Get-ClusterResource -Name 'Service' | Set-ClusterParameter -Name 'ServiceNmae' -Value 'x'")
                .find("Parameter 'ServiceNmae' does not exist on the cluster object 'Service'"),
            std::string::npos);
}

// ---- nodes

TEST_F(Clusters, drain_a_node_and_give_its_roles_back_when_told_so) {
  form();
  add_role();
  on_first("$null = Start-ClusterGroup -Name 'Role'; $null = Suspend-ClusterNode -Name 'SQL1' -Drain");
  EXPECT_EQ(on_first("[string](Get-ClusterNode -Name 'SQL1').DrainStatus"), "InProgress");
  pass(world, 1min);
  EXPECT_EQ(on_first("$n = Get-ClusterNode -Name 'SQL1'; [string]$n.State; [string]$n.DrainStatus"),
            "Paused|Completed");
  EXPECT_EQ(owner(), "SQL2");
  on_first("$null = Resume-ClusterNode -Name 'SQL1' -Failback Immediate");
  pass(world, 1min);
  EXPECT_EQ(owner(), "SQL1");
}

TEST_F(Clusters, fail_a_drain_that_has_nowhere_to_go) {
  form();
  add_role();
  on_first(
      "$null = Start-ClusterGroup -Name 'Role'; $null = Suspend-ClusterNode -Name 'SQL2'; "
      "$null = Suspend-ClusterNode -Name 'SQL1' -Drain");
  pass(world, 1min);
  EXPECT_EQ(on_first("[string](Get-ClusterNode -Name 'SQL1').DrainStatus"), "Failed");
}

TEST_F(Clusters, take_the_roles_of_a_node_without_power) {
  form();
  on_first("$null = Set-ClusterQuorum -FileShareWitness '\\\\FS1\\witness'");
  add_role();
  on_first("$null = Start-ClusterGroup -Name 'Role'");
  power_off(world, "SQL1");
  pass(world, 1min);
  EXPECT_EQ(owner(), "SQL2");
  EXPECT_EQ(resource("Service").state, "Online");
  power_on(world, "SQL1");
  pass(world, 1min);
  EXPECT_EQ(world.cluster->nodes.at("SQL1").state, "Up");
}

TEST_F(Clusters, lose_quorum_with_half_of_the_votes_and_no_witness) {
  form();
  on_first("$null = Set-ClusterQuorum -NoWitness");
  power_off(world, "SQL2");
  pass(world, 1min);
  EXPECT_NE(error_of("Get-Cluster").find("not ready"), std::string::npos);
  look(world, "SQL1",
       "(Get-Service -Name 'ClusSvc').Stop(); Start-Sleep -Seconds 5; $s = Get-Service -Name 'ClusSvc'; "
       "$s.Start(@('/FQ')); Start-Sleep -Seconds 30");
  EXPECT_EQ(on_first("(Get-Cluster).Name"), "CLU");
}

}  // namespace
}  // namespace far_side
