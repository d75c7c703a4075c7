// Whole deployments by steps, on worlds of the shipped designs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>

#include "deployed_worlds.hpp"
#include "model/steps/adapters/faulty.hpp"
#include "model/steps/deployment.hpp"
#include "model/steps/operations.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::sim {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using steps::FailureCode;
using Kind = steps::StepOutcome::Kind;
using world::World;

class Deployment : public testing::TestWithParam<const char*> {
 protected:
  const model::Design design = shipped_design(GetParam());
};

TEST_P(Deployment, by_steps_brings_an_empty_world_to_a_deployment_that_every_node_can_own) {
  World world = empty_world(design);
  const DeploymentRun run = deploy_by_steps(world, design);
  ASSERT_TRUE(run.succeeded) << to_text(run.notes);
  EXPECT_EQ(run.notes.size(), steps::deployment_steps(design).size());
  // What needs no doing: the properties that the world is built with, what Setup or an earlier worker's step did.
  for (const StepNote& note : run.notes) {
    if (note.outcome.kind == Kind::done) continue;
    EXPECT_THAT(note.name,
                testing::AnyOf("set_cluster_properties", "set_health_detection", "create_worker_certificate",
                               "trust_worker_certificate", "set_master_dependencies", "set_master_restart_action"));
  }
  EXPECT_GT(count(run.notes, Kind::done), 35U) << to_text(run.notes);

  const DeploymentRun verified = run_steps(world, steps::operation_steps(design, "verify_deployment", {}));
  EXPECT_TRUE(verified.succeeded) << to_text(verified.notes);
  EXPECT_EQ(verified.notes.size(), design.scale_out.placement == model::Placement::joint ? 2U : 4U);
}

TEST_P(Deployment, by_steps_takes_hours_and_every_step_that_installs_takes_time) {
  World world = empty_world(design);
  const world::Time begin = world.now();
  const DeploymentRun run = deploy_by_steps(world, design);
  ASSERT_TRUE(run.succeeded) << to_text(run.notes);
  EXPECT_GT(world.now() - begin, 1h);
  EXPECT_LT(world.now() - begin, 4h);
  for (const StepNote& note : run.notes) {
    if (!note.name.starts_with("install_")) continue;
    EXPECT_GT(note.to - note.from, 1min) << note.title;
  }
}

TEST_P(Deployment, by_steps_done_twice_finds_everything_done_and_changes_nothing) {
  World world = empty_world(design);
  ASSERT_TRUE(deploy_by_steps(world, design).succeeded);
  world.run_until(world.now() + 1h);
  world::Journal journal;
  world.engine().write_to(&journal);
  const world::Time before = world.now();
  const DeploymentRun again = deploy_by_steps(world, design);
  EXPECT_TRUE(again.succeeded) << to_text(again.notes);
  EXPECT_EQ(count(again.notes, Kind::already_satisfied), again.notes.size()) << to_text(again.notes);
  EXPECT_EQ(world.now(), before);
  EXPECT_EQ(journal.records.size(), 2 * again.notes.size());
  for (const world::Record& record : journal.records) {
    EXPECT_EQ(record.kind, world::RecordKind::operator_acts) << world::to_text(record.kind);
  }
}

TEST_P(Deployment, by_steps_ends_where_installing_at_once_ends) {
  World by_steps = empty_world(design);
  ASSERT_TRUE(deploy_by_steps(by_steps, design).succeeded);
  by_steps.run_until(by_steps.now() + 1h);
  World at_once = deployed_world(design);
  EXPECT_EQ(deployment_of(by_steps), deployment_of(at_once));
}

TEST_P(Deployment, by_steps_works_at_every_pace) {
  for (const world::Pace pace : {world::Pace::p95, world::Pace::drawn}) {
    World world = empty_world(design, pace);
    const DeploymentRun run = deploy_by_steps(world, design);
    EXPECT_TRUE(run.succeeded) << to_text(run.notes);
  }
}

TEST_P(Deployment, by_steps_fails_where_a_host_is_off_and_names_step_and_host) {
  for (const char* host : {"SQL2", "WRK3"}) {
    World world = empty_world(design);
    world.membership().lose_power(world.plan().find_host(host), 0);
    const DeploymentRun run = deploy_by_steps(world, design);
    ASSERT_FALSE(run.succeeded);
    ASSERT_NE(run.failure(), nullptr);
    EXPECT_EQ(run.failure()->code(), FailureCode::unreachable) << run.failure()->what();
    EXPECT_EQ(run.failure()->node(), host) << run.failure()->what();
    EXPECT_EQ(run.failure()->step(), run.notes.back().title) << run.failure()->what();
  }
}

TEST_P(Deployment, cut_off_after_any_tenth_call_and_performed_again_ends_the_same) {
  World whole = empty_world(design);
  std::size_t calls = 0;
  {
    Driver driver(whole);
    steps::Faulty counting(driver.platform(), static_cast<std::size_t>(-1), steps::FaultKind::before);
    StepProcedure procedure(steps::deployment_steps(design));
    procedure.start(driver, counting.platform());
    driver.run_until_idle();
    ASSERT_TRUE(procedure.succeeded()) << to_text(procedure.notes());
    calls = counting.calls();
  }
  whole.run_until(whole.now() + 1h);
  const std::string end = deployment_of(whole);
  ASSERT_GT(calls, 100U);

  std::size_t failures = 0;
  for (std::size_t at = 0; at < calls; at += 10) {
    for (const steps::FaultKind kind : {steps::FaultKind::before, steps::FaultKind::answer_lost}) {
      World world = empty_world(design);
      {
        Driver driver(world);
        steps::Faulty faulty(driver.platform(), at, kind);
        StepProcedure procedure(steps::deployment_steps(design));
        procedure.start(driver, faulty.platform());
        driver.run_until_idle();
        failures += !procedure.succeeded();
      }
      const DeploymentRun resumed = deploy_by_steps(world, design);
      ASSERT_TRUE(resumed.succeeded) << "cut at call " << at << "\n" << to_text(resumed.notes);
      world.run_until(world.now() + 1h);
      ASSERT_EQ(deployment_of(world), end) << "cut at call " << at;
    }
  }
  EXPECT_GT(failures, calls / 20) << "the cuts had no effect";
}

INSTANTIATE_TEST_SUITE_P(Shipped, Deployment, testing::Values("reference", "separate"),
                         [](const auto& parameter) { return std::string(parameter.param); });

// ---- operations on deployed worlds

TEST(Operation, a_renewal_gives_every_node_a_certificate_that_every_worker_accepts) {
  for (const char* name : {"reference", "separate"}) {
    for (const char* order : {"documented", "least_outage"}) {
      const model::Design design = shipped_design(name);
      World world = deployed_world(design);
      const world::CertificateIndex old = world.state().hosts[0].binding;
      const DeploymentRun run =
          run_steps(world, steps::operation_steps(design, "renew_master_certificate",
                                                  {{"not_after", "2031-01-01T00:00:00Z"}, {"order", order}}));
      ASSERT_TRUE(run.succeeded) << to_text(run.notes);
      world.run_until(world.now() + 1h);
      for (world::HostIndex node = 0; node < world.plan().node_count; ++node) {
        EXPECT_NE(world.state().hosts[node].binding, old);
        EXPECT_EQ(world.state().hosts[node].binding, world.state().hosts[0].binding);
      }
      for (world::WorkerIndex worker = 0; worker < world.plan().workers.size(); ++worker) {
        EXPECT_TRUE(world.workers().reaches_catalog(worker)) << name << " " << order;
      }
      const DeploymentRun verified = run_steps(world, steps::operation_steps(design, "verify_deployment", {}));
      EXPECT_TRUE(verified.succeeded) << to_text(verified.notes);
    }
  }
}

TEST(Operation, a_move_ends_with_the_role_online_on_the_other_node) {
  const model::Design design = shipped_design("reference");
  World world = deployed_world(design);
  const world::Time begin = world.now();
  const DeploymentRun run = run_steps(
      world, steps::operation_steps(design, "move_role", {{"role", "SQL Server (MSSQLSERVER)"}, {"to", "SQL2"}}));
  ASSERT_TRUE(run.succeeded) << to_text(run.notes);
  EXPECT_EQ(world.state().groups[0].owner, 1U);
  EXPECT_TRUE(world.roles().fully_online(0));
  EXPECT_GT(world.now() - begin, std::chrono::seconds(5));
  EXPECT_LT(world.now() - begin, 1min);
}

TEST(Operation, a_move_to_a_node_that_is_off_is_refused) {
  const model::Design design = shipped_design("reference");
  World world = deployed_world(design);
  world.membership().lose_power(1, 0);
  const DeploymentRun run = run_steps(
      world, steps::operation_steps(design, "move_role", {{"role", "SQL Server (MSSQLSERVER)"}, {"to", "SQL2"}}));
  ASSERT_FALSE(run.succeeded);
  EXPECT_EQ(run.failure()->code(), FailureCode::refused) << run.failure()->what();
}

}  // namespace
}  // namespace rehearse::sim
