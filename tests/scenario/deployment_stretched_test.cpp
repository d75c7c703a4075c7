// Whole deployments by steps on four nodes in two sites and subnets, with every kind of witness.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>

#include "deployed_worlds.hpp"
#include "model/steps/adapters/faulty.hpp"
#include "model/steps/cluster_steps.hpp"
#include "model/steps/deployment.hpp"
#include "model/steps/operations.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::sim {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using Kind = steps::StepOutcome::Kind;
using model::Placement;
using model::Witness;
using world::World;

struct Shape {
  const char* name;
  Witness::Kind witness;
  Placement placement;
};

class StretchedDeployment : public testing::TestWithParam<Shape> {
 protected:
  const model::Design design = stretched_design(GetParam().witness, GetParam().placement);
};

TEST_P(StretchedDeployment, by_steps_ends_where_installing_at_once_ends) {
  World by_steps = empty_world(design);
  const DeploymentRun run = deploy_by_steps(by_steps, design);
  ASSERT_TRUE(run.succeeded) << to_text(run.notes);
  by_steps.run_until(by_steps.now() + 1h);
  World at_once = deployed_world(design);
  EXPECT_EQ(deployment_of(by_steps), deployment_of(at_once));
}

TEST_P(StretchedDeployment, by_steps_done_twice_finds_everything_done) {
  World world = empty_world(design);
  ASSERT_TRUE(deploy_by_steps(world, design).succeeded);
  world.run_until(world.now() + 1h);
  const DeploymentRun again = deploy_by_steps(world, design);
  EXPECT_EQ(count(again.notes, Kind::already_satisfied), again.notes.size()) << to_text(again.notes);
}

TEST_P(StretchedDeployment, every_node_of_both_sites_can_own_every_role_and_hears_every_worker) {
  World world = deployed_world(design);
  const DeploymentRun verified = run_steps(world, steps::operation_steps(design, "verify_deployment", {}));
  EXPECT_TRUE(verified.succeeded) << to_text(verified.notes);
  EXPECT_EQ(verified.notes.size(), GetParam().placement == Placement::joint ? 4U : 8U);
}

TEST_P(StretchedDeployment, every_vote_counts_that_should) {
  World world = deployed_world(design);
  const model::VoteState& votes = world.state().cluster.votes;
  EXPECT_EQ(votes.has_witness, GetParam().witness != Witness::Kind::none);
  EXPECT_EQ(votes.witness_vote, votes.has_witness) << "four nodes: an even number";
  EXPECT_EQ(model::count(votes.dynamic_weight), votes.has_witness ? 4 : 3) << "without a witness one gives its vote up";
}

TEST_P(StretchedDeployment, cut_off_after_any_fortieth_call_and_performed_again_ends_the_same) {
  World whole = empty_world(design);
  ASSERT_TRUE(deploy_by_steps(whole, design).succeeded);
  whole.run_until(whole.now() + 1h);
  const std::string end = deployment_of(whole);
  std::size_t failures = 0;
  bool cut = true;
  for (std::size_t at = 3; cut; at += 40) {
    World world = empty_world(design);
    {
      Driver driver(world);
      steps::Faulty faulty(driver.platform(), at, steps::FaultKind::answer_lost);
      StepProcedure procedure(steps::deployment_steps(design));
      procedure.start(driver, faulty.platform());
      driver.run_until_idle();
      failures += !procedure.succeeded();
      cut = faulty.calls() > at;
    }
    const DeploymentRun resumed = deploy_by_steps(world, design);
    ASSERT_TRUE(resumed.succeeded) << "cut at call " << at << "\n" << to_text(resumed.notes);
    world.run_until(world.now() + 1h);
    ASSERT_EQ(deployment_of(world), end) << "cut at call " << at;
  }
  EXPECT_GT(failures, 0U);
}

INSTANTIATE_TEST_SUITE_P(Witnesses, StretchedDeployment,
                         testing::Values(Shape{"share", Witness::Kind::file_share, Placement::joint},
                                         Shape{"disk", Witness::Kind::disk, Placement::joint},
                                         Shape{"cloud", Witness::Kind::cloud, Placement::separate},
                                         Shape{"no_witness", Witness::Kind::none, Placement::separate}),
                         [](const auto& parameter) { return std::string(parameter.param.name); });

TEST(PossibleOwners, get_the_instance_and_are_visited_and_nobody_else) {
  model::Design design = stretched_design(Witness::Kind::file_share, Placement::separate);
  design.fci.role.possible_owners = {"SQL1", "SQL3", "SQL4"};
  design.fci.role.preferred_owners = {"SQL3", "SQL1"};
  design.scale_out.role->settings.possible_owners = {"SQL2", "SQL4"};
  World by_steps = empty_world(design);
  const DeploymentRun run = deploy_by_steps(by_steps, design);
  ASSERT_TRUE(run.succeeded) << to_text(run.notes);
  by_steps.run_until(by_steps.now() + 1h);
  EXPECT_FALSE(by_steps.state().hosts[1].sql_installed);
  EXPECT_EQ(by_steps.state().groups[0].owner, 2U);
  World at_once = deployed_world(design);
  EXPECT_EQ(deployment_of(by_steps), deployment_of(at_once));
  const DeploymentRun verified = run_steps(by_steps, steps::operation_steps(design, "verify_deployment", {}));
  EXPECT_TRUE(verified.succeeded) << to_text(verified.notes);
  EXPECT_EQ(verified.notes.size(), 3U + 2U);
}

TEST(GrowingCluster, a_node_added_to_the_cluster_later_is_a_member_with_a_vote) {
  const model::Design design = stretched_design(Witness::Kind::file_share, Placement::joint);
  World world = empty_world(design);
  std::vector<steps::StepPtr> two;
  two.push_back(steps::install_failover_clustering({"SQL1", "SQL2", "SQL3", "SQL4"}));
  two.push_back(steps::validate_cluster("SSISCLU", {"SQL1", "SQL2"}));
  two.push_back(steps::create_cluster("SSISCLU", {"SQL1", "SQL2"}));
  ASSERT_TRUE(run_steps(world, std::move(two)).succeeded);
  EXPECT_EQ(world.state().cluster.members, 0b0011U);

  std::vector<steps::StepPtr> four;
  four.push_back(steps::create_cluster("SSISCLU", {"SQL1", "SQL2", "SQL3", "SQL4"}));
  four.push_back(steps::configure_quorum(design.cluster.witness));
  const DeploymentRun run = run_steps(world, std::move(four));
  ASSERT_TRUE(run.succeeded) << to_text(run.notes);
  EXPECT_EQ(world.state().cluster.configured, 0b1111U);
  EXPECT_EQ(world.state().cluster.members, 0b1111U);
  EXPECT_EQ(world.state().cluster.votes.node_weight, 0b1111U);
}

}  // namespace
}  // namespace rehearse::sim
