// Plans: a world observed, loaded into another one, and planned from there.
#include "sim/scenario/planning.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deployed_worlds.hpp"
#include "model/steps/deployment.hpp"
#include "model/steps/plan_file.hpp"
#include "sim/async/loading.hpp"
#include "sim/async/observing.hpp"
#include "sim/world/membership.hpp"

namespace rehearse::sim {
namespace {

using steps::Observation;
using steps::PlannedStep;
using testing::IsEmpty;
using world::World;

/// A stand-in for reality: every machine makes certificates of its own.
World machines(const model::Design& design) {
  const Date start = Date(std::chrono::sys_days(std::chrono::year(2027) / 6 / 1));
  const auto plan = std::make_shared<world::Blueprint>(design, start, std::chrono::hours(24));
  plan->personal_certificates = true;
  return World(plan, world::Time(-std::chrono::hours(24 * 4)));
}

Observation observed(World& world) {
  Driver driver(world);
  return observe_at_once(driver, driver.platform(), world.plan().design(), steps::AskForPatches::no);
}

void perform(World& world, std::size_t from, std::size_t to) {
  std::vector<steps::StepPtr> all = steps::deployment_steps(world.plan().design());
  std::vector<steps::StepPtr> some;
  for (std::size_t i = from; i < std::min(to, all.size()); ++i) some.push_back(std::move(all[i]));
  const DeploymentRun run = run_steps(world, std::move(some));
  ASSERT_TRUE(run.succeeded) << to_text(run.notes);
}

steps::Plan plan_from(const World& world, const Observation& seen, const std::string& operation = {},
                      const steps::OperationArguments& arguments = {}) {
  steps::Plan plan;
  plan.design_file = "design.json";
  plan.design_name = world.plan().design().name;
  plan.design_fingerprint = steps::design_fingerprint(world.plan().design(), "{}");
  plan.made = world.plan().date_at(world.now());
  plan.observed = seen;
  plan.operation = operation;
  plan.arguments = arguments;
  plan_steps(plan, world.plan().design());
  return plan;
}

/// So many steps of a plan are done.
std::vector<bool> first(std::size_t steps) {
  return std::vector<bool>(steps, true);
}

std::string text_of(const steps::Plan& plan) {
  std::string text;
  for (const PlannedStep& step : plan.steps) {
    text += std::string(to_text(step.kind)) + ": " + step.title + " " + step.failure + "\n";
  }
  for (const std::string& caveat : plan.caveats) text += caveat + "\n";
  return text;
}

class Planning : public testing::TestWithParam<const char*> {
 protected:
  const model::Design design = shipped_design(GetParam());
  const std::size_t count = steps::deployment_steps(design).size();
};

// The strongest thing that can be said of loading: wherever a deployment stands, the loaded world answers every
// question as the observed one does.
TEST_P(Planning, a_world_loaded_from_any_stage_of_a_deployment_answers_as_the_observed_one) {
  World world = machines(design);
  for (std::size_t done = 0; done <= count; ++done) {
    if (done > 0) perform(world, done - 1, done);
    World settled = world;  // a worker that has just been started registers some minutes later
    settled.run_until(settled.now() + std::chrono::hours(1));
    const Observation seen = observed(settled);
    const auto plan = std::make_shared<world::Blueprint>(design, settled.plan().date_at(settled.now()),
                                                         std::chrono::hours(24), texts_of(seen));
    World loaded(plan, world::Time(-std::chrono::hours(48)));
    const Aliases aliases = load(loaded, seen);
    for (const steps::Fact& fact : answered_otherwise(loaded, seen, aliases)) {
      ADD_FAILURE() << "after " << done << " steps: " << to_text(fact.question) << " is " << to_text(fact.outcome);
    }
  }
}

TEST_P(Planning, a_plan_from_bare_machines_needs_every_step_and_takes_hours) {
  World world = machines(design);
  const steps::Plan plan = plan_from(world, observed(world));
  EXPECT_EQ(plan.steps.size(), count);
  EXPECT_TRUE(plan.complete()) << text_of(plan);
  EXPECT_THAT(plan.caveats, IsEmpty());
  for (const PlannedStep& step : plan.steps) {
    // The wizard and Windows leave these as the design wants them; a certificate from a file is the same on all
    // workers.
    const bool by_itself = step.name == "set_master_restart_action" || step.name == "set_master_dependencies" ||
                           step.name == "set_cluster_properties" || step.name == "trust_worker_certificate";
    EXPECT_TRUE(by_itself || step.kind == PlannedStep::Kind::needed) << step.title;
    EXPECT_EQ(step.calls.empty(), step.kind == PlannedStep::Kind::already) << step.title;
  }
  EXPECT_GT(plan.usual(), std::chrono::hours(1));
  EXPECT_GT(plan.at_p95(), plan.usual());
}

TEST_P(Planning, a_plan_from_the_middle_needs_what_is_left) {
  World world = machines(design);
  for (const std::size_t done : {std::size_t{3}, count / 2, count - 1}) {
    World there = machines(design);
    perform(there, 0, done);
    const steps::Plan plan = plan_from(there, observed(there));
    ASSERT_EQ(plan.steps.size(), count) << text_of(plan);
    for (std::size_t i = 0; i < done; ++i) {
      EXPECT_EQ(plan.steps[i].kind, PlannedStep::Kind::already) << done << ": " << plan.steps[i].title;
    }
    EXPECT_EQ(plan.steps.back().kind, PlannedStep::Kind::needed) << text_of(plan);
    EXPECT_TRUE(plan.complete());
  }
}

TEST_P(Planning, a_plan_foretells_every_observation_of_the_deployment_it_is_for) {
  World world = machines(design);
  const steps::Plan plan = plan_from(world, observed(world));
  for (std::size_t step = 0; step < count; ++step) {
    EXPECT_THAT(steps::deviations(plan, first(step), {}, observed(world)), IsEmpty())
        << "before " << plan.steps[step].title;
    perform(world, step, step + 1);
    EXPECT_THAT(steps::deviations(plan, first(step + 1), {}, observed(world)), IsEmpty())
        << "after " << plan.steps[step].title;
  }
}

TEST_P(Planning, a_plan_comes_back_from_its_file_as_it_was) {
  World world = machines(design);
  perform(world, 0, count - 9);
  const steps::Plan plan = plan_from(world, observed(world));
  const std::string text = steps::plan_text(plan);
  const steps::PlanResult read = steps::read_plan(text, "plan.json");
  ASSERT_TRUE(read.plan) << model::to_text(read.diagnostics.front());
  EXPECT_EQ(steps::plan_text(*read.plan), text);
  EXPECT_EQ(read.plan->observed, plan.observed);
  for (std::size_t step = 0; step <= count; ++step) {
    EXPECT_EQ(steps::expected_after(*read.plan, first(step)).known, steps::expected_after(plan, first(step)).known);
  }
}

INSTANTIATE_TEST_SUITE_P(Shipped, Planning, testing::Values("reference", "separate"),
                         [](const auto& parameter) { return std::string(parameter.param); });

TEST(Plans, an_edited_observation_is_noticed) {
  const model::Design design = shipped_design("reference");
  World world = machines(design);
  std::string text = steps::plan_text(plan_from(world, observed(world)));
  const std::size_t facts = text.find("\"observed\"");
  text.replace(text.find("false", facts), 5, "true");
  const steps::PlanResult read = steps::read_plan(text, "plan.json");
  EXPECT_FALSE(read.plan);
  ASSERT_FALSE(read.diagnostics.empty());
  EXPECT_THAT(model::to_text(read.diagnostics.back()), testing::HasSubstr("somebody edited them"));
}

TEST(Plans, what_changed_since_is_a_deviation) {
  const model::Design design = shipped_design("reference");
  World world = machines(design);
  perform(world, 0, 4);
  const Observation seen = observed(world);
  const steps::Plan plan = plan_from(world, seen);
  Observation present = seen;
  for (steps::Fact& fact : present.facts) {
    if (name_of(fact.question) == "Cluster.Quorum") {
      fact.outcome = steps::Answer(std::vector<std::string>{"none", ""});
    }
  }
  const std::vector<std::string> found = steps::deviations(plan, first(0), {}, present);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found.front(), testing::StartsWith("Cluster.Quorum(): the plan expects ['file share', "));
  EXPECT_THAT(found.front(), testing::EndsWith("but it is ['none', '']"));
}

TEST(Plans, what_the_world_cannot_hold_is_told_and_mended_by_the_step_that_is_about_it) {
  const model::Design design = shipped_design("reference");
  World world = machines(design);
  perform(world, 0, 1000);
  Observation seen = observed(world);
  for (steps::Fact& fact : seen.facts) {
    if (name_of(fact.question) == "Cluster.Quorum") {
      fact.outcome = steps::Answer(std::vector<std::string>{"disk", "Cluster Disk 9"});
    }
  }
  const steps::Plan plan = plan_from(world, seen);
  ASSERT_EQ(plan.caveats.size(), 1U) << text_of(plan);
  EXPECT_THAT(plan.caveats.front(), testing::HasSubstr("'Cluster Disk 9'"));
  for (const PlannedStep& step : plan.steps) {
    EXPECT_EQ(step.kind == PlannedStep::Kind::needed, step.name == "configure_quorum") << step.title;
  }
}

TEST(Plans, an_operation_is_planned_with_what_it_puts_out_of_service) {
  const model::Design design = shipped_design("reference");
  World world = machines(design);
  perform(world, 0, 1000);
  const steps::Plan plan =
      plan_from(world, observed(world), "move_role", {{"role", "SQL Server (MSSQLSERVER)"}, {"to", "SQL2"}});
  ASSERT_EQ(plan.steps.size(), 1U) << text_of(plan);
  EXPECT_EQ(plan.steps.front().kind, PlannedStep::Kind::needed) << text_of(plan);
  std::vector<std::string> services;
  for (const steps::OutOfService& outage : plan.steps.front().out_of_service) {
    services.push_back(outage.service);
    EXPECT_GT(outage.usual, Duration::zero()) << outage.service;
    EXPECT_GE(outage.at_p95, outage.usual) << outage.service;
    EXPECT_LT(outage.at_p95, std::chrono::minutes(30)) << outage.service;
  }
  EXPECT_THAT(services, testing::IsSupersetOf({"sql_server", "ssisdb", "scale_out_master"}));
}

TEST(Plans, a_machine_that_is_off_is_off_in_the_world_of_the_plan) {
  const model::Design design = shipped_design("reference");
  World world = machines(design);
  perform(world, 0, 1000);
  world.membership().lose_power(world.plan().find_host("SQL2"), 0);
  world.run_until(world.now() + std::chrono::hours(1));
  const Observation seen = observed(world);
  ASSERT_THAT(steps::silent_machines(seen), testing::ElementsAre("SQL2"));

  const steps::Plan pause = plan_from(world, seen, "pause_node", {{"node", "SQL1"}});
  EXPECT_TRUE(pause.complete()) << text_of(pause);
  const steps::Plan move = plan_from(world, seen, "move_role", {{"role", "SQL Server (MSSQLSERVER)"}, {"to", "SQL2"}});
  EXPECT_FALSE(move.complete()) << text_of(move);
  for (const std::string& caveat : pause.caveats) EXPECT_THAT(caveat, testing::Not(testing::HasSubstr("Answers")));
}

}  // namespace
}  // namespace rehearse::sim
