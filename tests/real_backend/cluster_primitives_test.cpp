#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cluster_requests.hpp"
#include "model/steps/failure.hpp"
#include "real_backend/powershell/primitives.hpp"
#include "real_backend/powershell/second_hop.hpp"
#include "script_reading.hpp"

namespace rehearse::real {
namespace {

namespace catalog = steps::catalog;
namespace cluster = steps::cluster;
using steps::Failure;
using steps::FailureCode;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using Kind = model::Witness::Kind;
using std::chrono::minutes;

// A name that would end the literal, run a command, expand, comment the rest out.
const std::string nasty = "x'; Remove-Cluster -Force; \u2019 $(Remove-Cluster) `\" # \n é";
const std::string address = "10.0.0.60";

class ClusterPrimitives : public testing::Test {
 protected:
  Primitive make(const steps::ClusterRequest& request) const { return primitive_of(request, {design, site}); }
  Primitive make(const steps::CatalogRequest& request) const { return primitive_of(request, {design, site}); }

  template <class Request>
  std::string script(const Request& request) const {
    return ps::to_text(make(request).script);
  }

  /// The failure with which the request is refused before any machine is asked.
  template <class Request>
  Failure refusal(const Request& request) const {
    try {
      make(request);
    } catch (const Failure& failure) {
      return failure;
    }
    ADD_FAILURE() << "it is not refused";
    return Failure(FailureCode::indeterminate, "");
  }

  std::vector<std::string> all_scripts(const std::string& name) const {
    std::vector<std::string> scripts;
    for (const steps::ClusterRequest& request : cluster_requests(name, address)) {
      if (!std::holds_alternative<cluster::SetDependencies>(request)) scripts.push_back(script(request));
    }
    for (const steps::CatalogRequest& request : catalog_requests(name)) scripts.push_back(script(request));
    return scripts;
  }

  model::Design design = design_named("separate");
  Site site;
};

// ---- what every script keeps to

TEST_F(ClusterPrimitives, nasty_names_are_data_in_every_script) {
  for (const std::string& text : all_scripts(nasty)) {
    EXPECT_THAT(without_literals(text), Not(HasSubstr("Remove-Cluster"))) << text;
    EXPECT_THAT(without_literals(text), Not(HasSubstr("é"))) << text;
  }
  EXPECT_THAT(literals_of(script(cluster::QueryNode(nasty))), Contains(nasty));
  EXPECT_THAT(literals_of(script(catalog::AddAdmin(nasty))), Contains(nasty));
}

TEST_F(ClusterPrimitives, statements_for_sql_server_never_hold_a_name) {
  for (const steps::CatalogRequest& request : catalog_requests("planted name")) {
    for (const std::string& literal : literals_of(script(request))) {
      const bool is_statement = literal.starts_with("SELECT ") || literal.starts_with("EXEC ") ||
                                literal.starts_with("CREATE ") || literal.starts_with("ALTER ");
      if (is_statement) {
        EXPECT_THAT(literal, Not(HasSubstr("planted name")));
      }
    }
  }
}

TEST_F(ClusterPrimitives, scripts_for_any_node_begin_by_asking_whether_this_one_answers) {
  for (const steps::ClusterRequest& request : cluster_requests("SQL1", address)) {
    const Primitive primitive = make(request);
    const std::string text = ps::to_text(primitive.script);
    const bool asks = text.find("The cluster service does not run on ") != std::string::npos;
    if (primitive.where == Where::on_cluster) {
      EXPECT_TRUE(asks) << steps::to_text(request);
    }
  }
}

TEST_F(ClusterPrimitives, scripts_for_the_catalog_send_the_platform_to_the_owner) {
  for (const steps::CatalogRequest& request : catalog_requests("SSISWK1")) {
    const Primitive primitive = make(request);
    EXPECT_EQ(primitive.where, Where::on_sql_owner);
    EXPECT_THAT(literals_of(ps::to_text(primitive.script)), Contains("elsewhere")) << steps::to_text(request);
  }
}

TEST_F(ClusterPrimitives, the_catalogs_password_is_handed_over_beside_the_script) {
  const Primitive primitive = make(catalog::Create(steps::Secret("SSISDB master key", "planted")));
  EXPECT_THAT(ps::to_text(primitive.script), Not(HasSubstr("planted")));
  ASSERT_EQ(primitive.script.secrets().size(), 1U);
  EXPECT_EQ(primitive.script.secrets()[0].reveal(), "planted");
}

// ---- where

TEST_F(ClusterPrimitives, what_one_machine_does_for_itself_is_asked_of_that_machine) {
  const std::vector<steps::ClusterRequest> requests = {
      cluster::StopNode("SQL2", minutes(1)),        cluster::StartNode("SQL2", steps::NodeStart::usual, minutes(1)),
      cluster::ClearQuarantine("SQL2", minutes(1)), cluster::ForceFailover("SSISAG", "SQL2", minutes(1)),
      cluster::DataMoves("SSISAG", "SQL2"),         cluster::ResumeDataMovement("SSISAG", "SQL2"),
  };
  for (const steps::ClusterRequest& request : requests) {
    const Primitive primitive = make(request);
    EXPECT_EQ(primitive.where, Where::on_host) << steps::to_text(request);
    EXPECT_EQ(primitive.host, "SQL2") << steps::to_text(request);
  }
}

TEST_F(ClusterPrimitives, what_comes_before_the_cluster_is_asked_of_the_first_node) {
  for (const steps::ClusterRequest& request : std::vector<steps::ClusterRequest>{
           cluster::Exists("SSISCLU"), cluster::Validated({"SQL1"}), cluster::Validate({"SQL1"}),
           cluster::Create("SSISCLU", std::vector<std::string>{"SQL1"})}) {
    EXPECT_EQ(make(request).where, Where::on_first_node) << steps::to_text(request);
  }
}

// ---- waiting

TEST_F(ClusterPrimitives, whoever_waits_tells_the_cmdlet_not_to_and_has_time_to_say_so) {
  const std::map<std::string, steps::ClusterRequest> waiting = {
      {"Start-ClusterGroup", cluster::OnlineRole("R", minutes(7))},
      {"Stop-ClusterGroup", cluster::OfflineRole("R", minutes(7))},
      {"Start-ClusterResource", cluster::OnlineResource("R", minutes(7))},
      {"Stop-ClusterResource", cluster::OfflineResource("R", minutes(7))},
      {"Move-ClusterGroup", cluster::MoveRole("R", "SQL2", minutes(7))},
      {"Stop-ClusterNode", cluster::StopNode("SQL2", minutes(7))},
      {"Start-ClusterNode", cluster::ClearQuarantine("SQL2", minutes(7))},
  };
  for (const auto& [cmdlet, request] : waiting) {
    const Primitive primitive = make(request);
    const std::vector<std::string>& lines = primitive.script.lines();
    EXPECT_THAT(lines, Contains(testing::AllOf(HasSubstr(cmdlet), HasSubstr("-Wait 0")))) << cmdlet;
    EXPECT_THAT(lines, Contains(HasSubstr("-ge 420000"))) << cmdlet << " waits for seven minutes";
    EXPECT_THAT(lines, Contains(HasSubstr("'timed out'"))) << cmdlet;
    EXPECT_GT(primitive.limit, minutes(7)) << cmdlet;
  }
}

TEST_F(ClusterPrimitives, a_node_that_nobody_waits_for_is_started_and_left) {
  const std::vector<std::string> lines =
      make(cluster::StartNode("SQL2", steps::NodeStart::prevent_quorum, Duration::zero())).script.lines();
  EXPECT_THAT(lines, Contains(HasSubstr("$service.Start(@('/PQ'))")));
  EXPECT_THAT(lines, Not(Contains(HasSubstr("while ("))));
}

TEST_F(ClusterPrimitives, a_drain_under_way_is_not_begun_again) {
  EXPECT_THAT(make(cluster::DrainNode("SQL2", minutes(7))).script.lines(),
              Contains(testing::AllOf(HasSubstr("'Paused'"), HasSubstr("'InProgress', 'Completed'"))));
}

// ---- what is made

TEST_F(ClusterPrimitives, a_resource_gets_its_name_when_everything_else_of_it_is_done) {
  const std::vector<steps::ClusterRequest> making = {
      cluster::AddGenericService("Master", "SQL Server (MSSQLSERVER)", "SSISScaleOutMaster150"),
      cluster::CreateRole("Scale Out", "ssismaster", std::vector<std::string>{address}, "Master",
                          "SSISScaleOutMaster150")};
  for (const steps::ClusterRequest& request : making) {
    const std::vector<std::string> lines = make(request).script.lines();
    EXPECT_EQ(lines.back(), "$made.Name = 'Master'");
    EXPECT_THAT(lines, Contains(HasSubstr("Add-ClusterResource -Name 'Master (being made)'")));
    const auto names_it = [](const std::string& line) { return line.find("-Name 'Master'") != std::string::npos; };
    EXPECT_EQ(std::count_if(lines.begin(), lines.end(), names_it), 0);
  }
}

TEST_F(ClusterPrimitives, a_role_of_its_own_has_its_name_on_any_of_its_addresses_and_its_service_on_the_name) {
  model::Network second;
  second.name = "Second";
  second.subnet = "10.1.0.0/16";
  design.cluster.networks.push_back(second);
  const std::vector<std::string> addresses = {address, "10.1.0.60"};
  const std::vector<std::string> lines =
      make(cluster::CreateRole("Scale Out", "ssismaster", addresses, "Master", "SSISScaleOutMaster150")).script.lines();
  EXPECT_THAT(lines, Contains(HasSubstr("-Dependency '[IP Address 10.0.0.60] or [IP Address 10.1.0.60]'")));
  EXPECT_THAT(lines, Contains(HasSubstr("-Dependency '[ssismaster]'")));
  EXPECT_THAT(lines, Contains(testing::AllOf(HasSubstr("'10.1.0.0'"), HasSubstr("'255.255.0.0'"))));
  EXPECT_THAT(lines, Not(Contains(HasSubstr("Start-Cluster")))) << "it is offline afterwards";
}

TEST_F(ClusterPrimitives, a_name_longer_than_netbios_allows_is_cut_for_netbios_alone) {
  const std::vector<std::string> lines =
      make(cluster::CreateRole("Scale Out", "ssis-scale-out-master", std::vector<std::string>{address}, "Master",
                               "SSISScaleOutMaster150"))
          .script.lines();
  EXPECT_THAT(lines, Contains(HasSubstr("'Name' = 'SSIS-SCALE-OUT-'; 'DnsName' = 'ssis-scale-out-master'")));
}

TEST_F(ClusterPrimitives, the_cluster_gets_the_address_of_the_site_or_takes_one_by_dhcp) {
  const cluster::Create create("SSISCLU", std::vector<std::string>{"SQL1", "SQL2"});
  EXPECT_THAT(script(create), Not(HasSubstr("-StaticAddress")));
  site.cluster_address = "10.0.0.40";
  EXPECT_THAT(script(create), HasSubstr("-StaticAddress @('10.0.0.40')"));
}

TEST_F(ClusterPrimitives, the_mark_of_a_validation_is_that_of_the_set_of_nodes) {
  const auto mark_of = [&](std::vector<std::string> nodes) {
    const std::vector<std::string> lines = make(cluster::Validated(std::move(nodes))).script.lines();
    return lines.front();
  };
  EXPECT_EQ(mark_of({"SQL1", "SQL2"}), mark_of({"sql2", "SQL1"}));
  EXPECT_NE(mark_of({"SQL1", "SQL2"}), mark_of({"SQL1", "SQL2", "SQL3"}));
  EXPECT_NE(mark_of({"SQL1", "SQL2"}), mark_of({"SQL1SQL2"}));
}

// ---- properties

TEST_F(ClusterPrimitives, common_properties_are_members_and_private_ones_parameters) {
  using steps::ResourceProperty;
  EXPECT_THAT(script(cluster::SetResourceProperty("R", ResourceProperty::restart_action, 1)),
              HasSubstr("$resource.RestartAction = 1"));
  EXPECT_THAT(script(cluster::SetResourceProperty("R", ResourceProperty::health_check_timeout, 60000)),
              HasSubstr("Set-ClusterParameter -InputObject $resource -Name 'HealthCheckTimeout' -Value 60000"));
}

TEST_F(ClusterPrimitives, a_property_is_a_word) {
  EXPECT_EQ(refusal(cluster::Property("SameSubnetDelay; Remove-Cluster")).code(), FailureCode::refused);
  EXPECT_EQ(refusal(cluster::SetProperty("", 1)).code(), FailureCode::refused);
}

// ---- refusals that need no machine

TEST_F(ClusterPrimitives, a_cloud_witness_is_left_to_whoever_has_its_key) {
  const Failure failure = refusal(cluster::SetQuorum(Kind::cloud, "account"));
  EXPECT_EQ(failure.code(), FailureCode::refused);
  EXPECT_THAT(failure.message(), HasSubstr("Set-ClusterQuorum -CloudWitness -AccountName 'account'"));
}

TEST_F(ClusterPrimitives, a_name_that_no_dependency_can_hold_is_refused) {
  for (const std::string name : {"a]b", "[a", "a\"b"}) {
    EXPECT_EQ(refusal(cluster::SetDependencies("R", std::vector<std::string>{name})).code(), FailureCode::refused);
  }
  EXPECT_THAT(script(cluster::SetDependencies("R", std::vector<std::string>{"a", "b"})), HasSubstr("'[a] and [b]'"));
  EXPECT_THAT(script(cluster::SetDependencies("R", std::vector<std::string>{})), HasSubstr("-Dependency ''"));
}

TEST_F(ClusterPrimitives, an_address_needs_a_network_of_the_design) {
  const Failure failure =
      refusal(cluster::CreateRole("Scale Out", "ssismaster", std::vector<std::string>{"192.168.9.9"}, "Master", "S"));
  EXPECT_THAT(failure.message(), HasSubstr("192.168.9.9"));
}

// ---- availability groups

TEST_F(ClusterPrimitives, an_availability_group_is_moved_by_sql_server_on_the_replica_that_takes_over) {
  design = with_availability_group(design);
  const Primitive move = make(cluster::MoveRole("SSISAG", "SQL2", minutes(7)));
  EXPECT_EQ(move.host, "SQL2");
  EXPECT_THAT(ps::to_text(move.script), HasSubstr("' FAILOVER'"));
  EXPECT_THAT(ps::to_text(move.script), Not(HasSubstr("Move-ClusterGroup")));
  EXPECT_EQ(refusal(cluster::MoveRoleToBest("SSISAG", minutes(7))).code(), FailureCode::refused);
  EXPECT_THAT(script(cluster::MoveRole("Other", "SQL2", minutes(7))), HasSubstr("Move-ClusterGroup"));
}

TEST_F(ClusterPrimitives, the_catalog_in_a_group_is_asked_on_the_instance_of_the_primarys_own_machine) {
  EXPECT_THAT(script(catalog::Exists()), HasSubstr("Data Source=\"SQLFCI\""));
  design = with_availability_group(design);
  EXPECT_THAT(script(catalog::Exists()), HasSubstr("Data Source=\".\""));
  design.fci.instance = "INST1";
  EXPECT_THAT(script(catalog::Exists()), HasSubstr("Data Source=\".\\INST1\""));
  EXPECT_EQ(refusal(catalog::EnableLogLogin()).code(), FailureCode::refused);
}

// ---- the restart for mixed mode

TEST_F(ClusterPrimitives, what_was_stopped_for_mixed_mode_is_started_whatever_happens) {
  const std::vector<std::string> lines = make(catalog::EnableLogLogin()).script.lines();
  const auto first = [&](const std::string& part, std::size_t from = 0) {
    for (std::size_t i = from; i < lines.size(); ++i) {
      if (lines[i].find(part) != std::string::npos) return i;
    }
    return lines.size();
  };
  const std::size_t stop = first("Stop-ClusterResource");
  const std::size_t last_resort = first("} finally {", stop);
  ASSERT_LT(last_resort, lines.size());
  EXPECT_LT(first("xp_instance_regwrite"), stop) << "a value written while it is offline is overwritten";
  EXPECT_LT(first("Start-ClusterResource", last_resort), first("}", last_resort + 2));
}

}  // namespace
}  // namespace rehearse::real
