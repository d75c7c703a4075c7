// What a plan takes as its own when it is taken up: all that steps that are half done may have left, and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/steps/plan.hpp"

namespace rehearse::steps {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string role = "SQL Server (MSSQLSERVER)", service = "SSISScaleOutMaster150";
constexpr Duration within = std::chrono::minutes(10);

Observation at_rest() {
  Observation seen;
  const auto is = [&](AnyRequest question, Answer answer) { seen.facts.push_back({std::move(question), answer}); };
  for (const char* node : {"SQL1", "SQL2"}) {
    is(HostRequest(host::Answers(node)), true);
    is(HostRequest(host::QueryService(node, service)), std::string("running"));
    is(HostRequest(host::QueryStartType(node, service)), std::string("manual"));
    is(HostRequest(host::QueryPatches(node)), std::string("missing"));
    is(ClusterRequest(cluster::QueryNode(node)), std::string("up"));
  }
  is(ClusterRequest(cluster::QueryRole(role)), std::string("online"));
  is(ClusterRequest(cluster::RoleOwner(role)), std::string("SQL1"));
  is(ClusterRequest(cluster::Quorum()), std::vector<std::string>{"none", ""});
  is(CatalogRequest(catalog::Exists()), true);
  is(CatalogRequest(catalog::MasterAddress()), std::string("https://SQLFCI:8391"));
  return seen;
}

class TakenUp : public testing::Test {
 protected:
  void step_with(std::vector<AnyRequest> calls) {
    PlannedStep step;
    step.title = "step " + std::to_string(plan.steps.size() + 1);
    step.calls = std::move(calls);
    plan.steps.push_back(std::move(step));
  }
  void now(const AnyRequest& question, std::variant<Answer, Failure> outcome) {
    for (Fact& fact : present.facts) {
      if (fact.question == question) fact.outcome = outcome;
    }
  }
  /// A machine that boots: nothing else is asked of it.
  void silent(const std::string& node) {
    std::erase_if(present.facts, [&](const Fact& fact) {
      return std::holds_alternative<HostRequest>(fact.question) && node_of(fact.question) == node;
    });
    present.facts.push_back({HostRequest(host::Answers(node)), Answer(false)});
  }
  std::vector<std::string> found(const std::vector<bool>& begun) const { return deviations(plan, {}, begun, present); }

  Observation present = at_rest();
  Plan plan = [] {
    Plan made;
    made.observed = at_rest();
    return made;
  }();
};

TEST_F(TakenUp, a_drain_may_have_left_the_node_paused_and_its_roles_anywhere) {
  step_with({ClusterRequest(cluster::DrainNode("SQL1", within))});
  now(ClusterRequest(cluster::QueryNode("SQL1")), Answer(std::string("paused")));
  now(ClusterRequest(cluster::QueryRole(role)), Answer(std::string("failed")));
  now(ClusterRequest(cluster::RoleOwner(role)), Answer(std::string("SQL2")));
  now(HostRequest(host::QueryService("SQL2", service)), Answer(std::string("stopped")));
  EXPECT_THAT(found({true}), IsEmpty());
  EXPECT_EQ(found({false}).size(), 4U) << "nobody has begun it";
}

TEST_F(TakenUp, a_move_changes_no_setting) {
  step_with({ClusterRequest(cluster::MoveRole(role, "SQL2", within))});
  now(ClusterRequest(cluster::Quorum()), Answer(std::vector<std::string>{"disk", "Cluster Disk 9"}));
  now(HostRequest(host::QueryStartType("SQL2", service)), Answer(std::string("automatic")));
  now(CatalogRequest(catalog::MasterAddress()), Answer(std::string("https://SQL1:8391")));
  EXPECT_THAT(found({true}), ElementsAre(HasSubstr("QueryStartType"), HasSubstr("Quorum"), HasSubstr("MasterAddress")));
}

TEST_F(TakenUp, while_a_role_moves_nobody_need_answer_for_the_instance) {
  step_with({ClusterRequest(cluster::MoveRole(role, "SQL2", within))});
  now(CatalogRequest(catalog::Exists()), Failure(FailureCode::unreachable, "login timeout expired"));
  std::erase_if(present.facts, [](const Fact& fact) { return name_of(fact.question) == "Catalog.MasterAddress"; });
  EXPECT_THAT(found({true}), IsEmpty());
  EXPECT_EQ(found({}).size(), 2U);
}

TEST_F(TakenUp, a_machine_that_restarts_need_not_answer_and_another_one_must) {
  step_with({HostRequest(host::RestartMachine("SQL1", within))});
  silent("SQL1");
  now(ClusterRequest(cluster::QueryNode("SQL1")), Answer(std::string("down")));
  now(ClusterRequest(cluster::RoleOwner(role)), Answer(std::string("SQL2")));
  EXPECT_THAT(found({true}), IsEmpty());
  silent("SQL2");
  EXPECT_EQ(found({true}).size(), 3U) << "it answers no more, and its start type and updates are not known";
}

TEST_F(TakenUp, any_step_may_be_half_done_not_only_the_first) {
  step_with({HostRequest(host::SetStartType("SQL1", service, StartType::automatic))});
  step_with({HostRequest(host::SetStartType("SQL2", service, StartType::automatic))});
  now(HostRequest(host::QueryStartType("SQL2", service)), Answer(std::string("automatic")));
  EXPECT_THAT(found({false, true}), IsEmpty());
  EXPECT_THAT(found({true, false}), ElementsAre(HasSubstr("'SQL2'")));
}

}  // namespace
}  // namespace rehearse::steps
