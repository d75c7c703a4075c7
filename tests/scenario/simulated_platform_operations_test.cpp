// What operators do to the nodes and roles of a simulated cluster: answers, refusals, and what becomes of the roles.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "asking.hpp"
#include "deployed_worlds.hpp"
#include "model/steps/node_operations.hpp"
#include "model/steps/operations.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/roles.hpp"

namespace rehearse::sim {
namespace {

namespace cluster = steps::cluster;
namespace host = steps::host;
using namespace std::chrono_literals;
using model::Witness;
using steps::ClusterRequest;
using steps::Failure;
using steps::FailureCode;
using steps::HostRequest;
using testing::HasSubstr;
using world::World;
using Kind = steps::StepOutcome::Kind;

const std::string sql_role = "SQL Server (MSSQLSERVER)";

DeploymentRun perform(World& world, const char* name, const steps::OperationArguments& arguments) {
  return run_steps(world, steps::operation_steps(world.plan().design(), name, arguments));
}

/// Does it, which must succeed and take effect.
void do_it(World& world, const char* name, const steps::OperationArguments& arguments) {
  const DeploymentRun run = perform(world, name, arguments);
  ASSERT_TRUE(run.succeeded) << name << ": " << to_text(run.notes);
  for (const StepNote& note : run.notes) EXPECT_EQ(note.outcome.kind, Kind::done) << to_text(run.notes);
}

/// Does it, and finds it done when asked for again: at once, and without a record beside the step's own.
void do_twice(World& world, const char* name, const steps::OperationArguments& arguments) {
  do_it(world, name, arguments);
  const world::Time before = world.now();
  const DeploymentRun again = perform(world, name, arguments);
  ASSERT_TRUE(again.succeeded) << to_text(again.notes);
  for (const StepNote& note : again.notes) EXPECT_EQ(note.outcome.kind, Kind::already_satisfied) << name;
  EXPECT_EQ(world.now(), before) << name;
}

/// The failure of an operation that must fail.
Failure failure_of(World& world, const char* name, const steps::OperationArguments& arguments) {
  const DeploymentRun run = perform(world, name, arguments);
  if (run.failure()) return *run.failure();
  ADD_FAILURE() << name << " did not fail";
  return Failure(FailureCode::indeterminate, "");
}

std::string state_of_node(World& world, const char* node) {
  return ask(world, ClusterRequest(cluster::QueryNode(node))).text();
}
std::string state_of_role(World& world, const std::string& role) {
  return ask(world, ClusterRequest(cluster::QueryRole(role))).text();
}
std::string owner(World& world, const std::string& role = sql_role) {
  return ask(world, ClusterRequest(cluster::RoleOwner(role))).text();
}

class NodePort : public testing::Test {
 protected:
  const model::Design design = shipped_design("separate");
  World world = deployed_world(design);
  const std::string master_role = "SSIS Scale Out Master";

  void lose(const char* host) { world.membership().lose_power(world.plan().find_host(host), 0); }
};

// ---- pausing

TEST_F(NodePort, a_paused_node_keeps_its_roles_and_is_refused_others) {
  do_twice(world, "pause_node", {{"node", "SQL2"}});
  EXPECT_EQ(state_of_node(world, "SQL2"), "paused");
  EXPECT_EQ(refusal(world, ClusterRequest(cluster::MoveRole(sql_role, "SQL2", 10min))).code(), FailureCode::refused);
  do_twice(world, "pause_node", {{"node", "SQL1"}});
  EXPECT_EQ(owner(world), "SQL1");
  EXPECT_EQ(state_of_role(world, sql_role), "online");
  do_twice(world, "resume_node", {{"node", "SQL2"}});
  EXPECT_EQ(state_of_node(world, "SQL2"), "up");
}

TEST_F(NodePort, a_drain_takes_every_role_away_and_takes_its_time) {
  const world::Time begin = world.now();
  do_twice(world, "drain_node", {{"node", "SQL1"}});
  EXPECT_GT(world.now() - begin, 2s) << "SQL Server stops in order";
  EXPECT_LT(world.now() - begin, 5min);
  for (const std::string& role : {sql_role, master_role}) EXPECT_EQ(owner(world, role), "SQL2");
  EXPECT_EQ(state_of_role(world, sql_role), "pending") << "the node is empty before the roles are online elsewhere";
  world.run_until(world.now() + 2min);
  for (const std::string& role : {sql_role, master_role}) {
    EXPECT_EQ(state_of_role(world, role), "online");
  }
  EXPECT_EQ(state_of_node(world, "SQL1"), "paused");
}

TEST_F(NodePort, a_resume_brings_roles_back_only_where_that_is_asked_for) {
  for (const char* failback : {"none", "policy", "immediate"}) {
    World copy = world;
    do_it(copy, "drain_node", {{"node", "SQL1"}});
    copy.run_until(copy.now() + 5min);
    do_twice(copy, "resume_node", {{"node", "SQL1"}, {"failback", failback}});
    const bool back = std::string(failback) == "immediate";
    EXPECT_EQ(owner(copy), back ? "SQL1" : "SQL2") << failback;
    EXPECT_EQ(state_of_role(copy, sql_role), "online") << failback << ": it ends when the roles have arrived";
  }
}

TEST_F(NodePort, a_drain_that_leaves_a_role_behind_fails_with_its_name_and_the_node_stays_paused) {
  do_it(world, "pause_node", {{"node", "SQL2"}});
  const DeploymentRun run = perform(world, "drain_node", {{"node", "SQL1"}});
  ASSERT_FALSE(run.succeeded);
  EXPECT_EQ(run.failure()->code(), FailureCode::refused) << run.failure()->what();
  EXPECT_THAT(run.failure()->message(), HasSubstr(sql_role));
  EXPECT_EQ(state_of_node(world, "SQL1"), "paused");
  EXPECT_EQ(state_of_role(world, sql_role), "online");
}

TEST_F(NodePort, a_drain_with_too_little_time_times_out_and_goes_on) {
  const Outcome outcome = outcome_of(world, steps::AnyRequest(ClusterRequest(cluster::DrainNode("SQL1", 1s))));
  ASSERT_TRUE(std::holds_alternative<Failure>(outcome));
  EXPECT_EQ(std::get<Failure>(outcome).code(), FailureCode::timed_out);
  world.run_until(world.now() + 10min);
  EXPECT_EQ(owner(world), "SQL2");
}

TEST_F(NodePort, nobody_pauses_a_node_that_is_down) {
  do_it(world, "stop_node", {{"node", "SQL2"}});
  EXPECT_EQ(refusal(world, ClusterRequest(cluster::PauseNode("SQL2"))).code(), FailureCode::unreachable);
  EXPECT_EQ(refusal(world, ClusterRequest(cluster::DrainNode("SQL2", 1min))).code(), FailureCode::unreachable);
  EXPECT_EQ(refusal(world, ClusterRequest(cluster::ResumeNode("SQL2", steps::Failback::none))).code(),
            FailureCode::unreachable);
  EXPECT_EQ(refusal(world, ClusterRequest(cluster::PauseNode("WRK1"))).code(), FailureCode::not_found);
}

// ---- stopping and starting

TEST_F(NodePort, a_stopped_node_hands_its_roles_over_and_stays_stopped_until_it_is_started) {
  do_twice(world, "stop_node", {{"node", "SQL1"}});
  EXPECT_EQ(state_of_node(world, "SQL1"), "down");
  EXPECT_EQ(ask(world, HostRequest(host::QueryService("SQL1", steps::cluster_service))).text(), "stopped");
  EXPECT_EQ(owner(world), "SQL2");
  world.run_until(world.now() + 2h);
  EXPECT_EQ(state_of_node(world, "SQL1"), "down");
  do_twice(world, "start_node", {{"node", "SQL1"}});
  EXPECT_EQ(state_of_node(world, "SQL1"), "up");
}

TEST_F(NodePort, a_failed_service_that_is_stopped_before_windows_starts_it_again_stays_down) {
  world.membership().crash_cluster_service(1, 0);
  World left_alone = world;
  left_alone.run_until(left_alone.now() + 10min);
  EXPECT_EQ(state_of_node(left_alone, "SQL2"), "up");
  ask(world, ClusterRequest(cluster::StopNode("SQL2", 5min)));
  world.run_until(world.now() + 10min);
  EXPECT_EQ(state_of_node(world, "SQL2"), "down");
}

TEST_F(NodePort, a_cluster_without_any_node_says_so_and_starts_again) {
  do_it(world, "stop_node", {{"node", "SQL1"}});
  do_it(world, "stop_node", {{"node", "SQL2"}});
  EXPECT_FALSE(ask(world, ClusterRequest(cluster::Answers())).flag());
  EXPECT_EQ(refusal(world, ClusterRequest(cluster::QueryNode("SQL1"))).code(), FailureCode::unreachable);
  do_twice(world, "start_node", {{"node", "SQL2"}});
  EXPECT_TRUE(ask(world, ClusterRequest(cluster::Answers())).flag());
  world.run_until(world.now() + 10min);
  EXPECT_EQ(owner(world), "SQL2");
  EXPECT_EQ(state_of_role(world, sql_role), "online");
}

TEST_F(NodePort, a_restart_ends_with_the_node_in_the_cluster_and_takes_as_long_as_a_boot) {
  const world::Time begin = world.now();
  do_it(world, "restart_node", {{"node", "SQL1"}});
  EXPECT_GT(world.now() - begin, 1min);
  EXPECT_LT(world.now() - begin, 20min);
  EXPECT_EQ(state_of_node(world, "SQL1"), "up");
  EXPECT_EQ(owner(world), "SQL2") << "the shutdown drained it";
}

TEST_F(NodePort, a_machine_shut_down_is_off_and_answers_nobody) {
  do_twice(world, "shut_down_node", {{"node", "SQL1"}});
  EXPECT_FALSE(world.state().hosts[0].powered);
  EXPECT_FALSE(ask(world, HostRequest(host::Answers("SQL1"))).flag());
  EXPECT_EQ(owner(world), "SQL2");
  EXPECT_EQ(failure_of(world, "start_node", {{"node", "SQL1"}}).code(), FailureCode::unreachable);
}

// ---- quorum

/// The cluster after SQL2 and the witness have gone at once: SQL1 alone has no majority.
TEST_F(NodePort, forced_quorum_brings_back_what_lost_its_majority) {
  world.membership().set_witness_down(true, 0);
  lose("SQL2");
  world.run_until(world.now() + 10min);
  ASSERT_FALSE(ask(world, ClusterRequest(cluster::Answers())).flag());
  EXPECT_EQ(failure_of(world, "start_node", {{"node", "SQL1"}}).code(), FailureCode::timed_out) << "no quorum";
  do_twice(world, "force_quorum", {{"node", "SQL1"}});
  world.run_until(world.now() + 10min);
  EXPECT_EQ(state_of_role(world, sql_role), "online");
  EXPECT_EQ(owner(world), "SQL1");
}

TEST_F(NodePort, forced_quorum_is_refused_while_the_cluster_answers) {
  do_it(world, "stop_node", {{"node", "SQL2"}});
  const DeploymentRun run = perform(world, "force_quorum", {{"node", "SQL2"}});
  ASSERT_FALSE(run.succeeded);
  EXPECT_EQ(run.failure()->code(), FailureCode::refused);
  EXPECT_THAT(run.failure()->message(), HasSubstr("would split it"));
  EXPECT_EQ(state_of_node(world, "SQL2"), "down");
  EXPECT_EQ(state_of_node(world, "SQL1"), "up");
}

TEST_F(NodePort, a_node_rejoins_and_only_joins) {
  do_it(world, "stop_node", {{"node", "SQL2"}});
  do_twice(world, "rejoin_node", {{"node", "SQL2"}});
  EXPECT_EQ(state_of_node(world, "SQL2"), "up");
  do_it(world, "stop_node", {{"node", "SQL2"}});
  do_it(world, "stop_node", {{"node", "SQL1"}});
  const DeploymentRun alone = perform(world, "rejoin_node", {{"node", "SQL1"}});
  ASSERT_FALSE(alone.succeeded) << "nobody is there to join";
  EXPECT_EQ(alone.failure()->code(), FailureCode::timed_out);
}

TEST_F(NodePort, a_quarantined_node_says_so_and_joins_when_it_is_let_out) {
  for (int departure = 0; departure < 3; ++departure) {
    world.membership().crash_cluster_service(1, 0);
    world.run_until(world.now() + 5min);
  }
  ASSERT_EQ(state_of_node(world, "SQL2"), "quarantined");
  EXPECT_EQ(refusal(world, ClusterRequest(cluster::StartNode("SQL2", steps::NodeStart::usual, 5min))).code(),
            FailureCode::refused);
  do_twice(world, "clear_quarantine", {{"node", "SQL2"}});
  EXPECT_EQ(state_of_node(world, "SQL2"), "up");
}

// ---- roles and resources

TEST_F(NodePort, a_role_taken_offline_stays_offline_through_a_move) {
  do_twice(world, "offline_role", {{"role", sql_role}});
  EXPECT_EQ(state_of_role(world, sql_role), "offline");
  do_it(world, "move_role", {{"role", sql_role}});
  EXPECT_EQ(owner(world), "SQL2");
  EXPECT_EQ(state_of_role(world, sql_role), "offline");
  do_twice(world, "online_role", {{"role", sql_role}});
  EXPECT_EQ(state_of_role(world, sql_role), "online");
}

TEST_F(NodePort, a_role_that_has_given_up_is_taken_offline_and_brought_back) {
  const auto fail_resource = [&] {
    do_it(world, "fail_resource", {{"resource", design.master_resource()}});
    world.run_until(world.now() + 2min);
  };
  for (int failure = 0; failure < 4 && state_of_role(world, master_role) == "online"; ++failure) fail_resource();
  ASSERT_EQ(state_of_role(world, master_role), "partially online") << "the failover threshold is reached";
  do_twice(world, "offline_role", {{"role", master_role}});
  do_twice(world, "online_role", {{"role", master_role}});
}

TEST_F(NodePort, one_failure_is_a_restart_in_place_and_a_second_one_moves_the_role) {
  do_it(world, "fail_resource", {{"resource", "SQL Server"}});
  world.run_until(world.now() + 3min);
  EXPECT_EQ(owner(world), "SQL1");
  EXPECT_EQ(state_of_role(world, sql_role), "online");
  do_it(world, "fail_resource", {{"resource", "SQL Server"}});
  world.run_until(world.now() + 3min);
  EXPECT_EQ(owner(world), "SQL2");
}

TEST_F(NodePort, a_resource_that_is_offline_cannot_fail) {
  do_twice(world, "offline_resource", {{"resource", "SQL Server Agent"}});
  EXPECT_EQ(refusal(world, ClusterRequest(cluster::FailResource("SQL Server Agent"))).code(), FailureCode::refused);
  do_twice(world, "online_resource", {{"resource", "SQL Server Agent"}});
}

TEST_F(NodePort, the_best_possible_node_is_another_one_or_none) {
  do_it(world, "move_role", {{"role", sql_role}});
  EXPECT_EQ(owner(world), "SQL2");
  do_it(world, "pause_node", {{"node", "SQL1"}});
  EXPECT_EQ(refusal(world, ClusterRequest(cluster::MoveRoleToBest(sql_role, 5min))).code(), FailureCode::refused);
}

// ---- patching

TEST_F(NodePort, patching_a_node_installs_restarts_and_resumes) {
  EXPECT_EQ(ask(world, HostRequest(host::QueryPatches("SQL1"))).text(), "missing");
  const world::Time begin = world.now();
  do_twice(world, "patch_node", {{"node", "SQL1"}});
  EXPECT_GT(world.now() - begin, 15min);
  EXPECT_EQ(ask(world, HostRequest(host::QueryPatches("SQL1"))).text(), "in place");
  EXPECT_EQ(state_of_node(world, "SQL1"), "up");
  EXPECT_EQ(owner(world), "SQL2");
}

TEST_F(NodePort, rolling_patches_leave_every_node_up_and_every_role_online) {
  do_twice(world, "patch_rolling", {});
  for (const char* node : {"SQL1", "SQL2"}) {
    EXPECT_EQ(state_of_node(world, node), "up");
    EXPECT_EQ(ask(world, HostRequest(host::QueryPatches(node))).text(), "in place");
  }
  for (const std::string& role : {sql_role, master_role}) EXPECT_EQ(state_of_role(world, role), "online");
}

// ---- several subnets

TEST(Stretched, an_address_of_another_subnet_does_not_make_a_role_partially_online) {
  const model::Design design = stretched_design(Witness::Kind::file_share, model::Placement::joint);
  World world = deployed_world(design);
  EXPECT_EQ(state_of_role(world, sql_role), "online");
  EXPECT_EQ(ask(world, ClusterRequest(cluster::QueryResource("SQL IP Address 2 (SQLFCI)"))).text(), "offline");
  do_it(world, "move_role", {{"role", sql_role}, {"to", "SQL3"}});
  EXPECT_EQ(state_of_role(world, sql_role), "online");
  EXPECT_EQ(ask(world, ClusterRequest(cluster::QueryResource("SQL IP Address 1 (SQLFCI)"))).text(), "offline");
  do_it(world, "offline_resource", {{"resource", "SQL Server Agent"}});
  EXPECT_EQ(state_of_role(world, sql_role), "partially online");
}

TEST(Stretched, rolling_patches_go_through_four_nodes_and_move_sql_server_once) {
  const model::Design design = stretched_design(Witness::Kind::cloud, model::Placement::joint);
  World world = deployed_world(design);
  world::Journal journal;
  world.engine().write_to(&journal);
  do_it(world, "patch_rolling", {});
  std::size_t moves = 0, boots = 0;
  for (const world::Record& record : journal.records) {
    moves += record.kind == world::RecordKind::owner_changed && record.subject == world::group_id(0);
    boots += record.kind == world::RecordKind::host_booted;
  }
  EXPECT_EQ(moves, 1U);
  EXPECT_EQ(boots, 4U);
}

TEST(Stretched, quorum_forced_beside_a_living_side_splits_the_cluster_until_the_sides_meet) {
  const model::Design design = stretched_design(Witness::Kind::file_share, model::Placement::joint);
  World world = deployed_world(design);
  const world::SiteIndex a = world.plan().find_site("A"), b = world.plan().find_site("B");
  world.membership().set_site_link(a, b, false, 0);
  world.run_until(world.now() + 5min);
  ASSERT_EQ(world.membership().active(), 0b0011U) << "the side of the witness's owner goes on";
  EXPECT_EQ(failure_of(world, "force_quorum", {{"node", "SQL3"}}).code(), FailureCode::refused);
  do_twice(world, "force_quorum", {{"node", "SQL3"}, {"even_if_alive", "yes"}});
  world.run_until(world.now() + 5min);
  EXPECT_EQ(world.membership().active(), 0b1100U) << "SQL4 joins its site";
  EXPECT_EQ(world.state().cluster.rival, 0b0011U) << "the others know nothing of it";
  world.membership().set_site_link(a, b, true, 0);
  world.run_until(world.now() + 15min);
  EXPECT_EQ(world.membership().active(), 0b1111U);
  EXPECT_EQ(world.state().cluster.rival, 0U);
}

}  // namespace
}  // namespace rehearse::sim
