// What a scenario expects to go wrong is no failure of it; what it expects in vain is one.
#include "sim/scenario/runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/scenario_reader.hpp"

namespace rehearse::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

RunResult run_of(const std::string& duration, const std::string& timeline, const std::string& expect) {
  const ScenarioResult read = read_scenario(
      R"({ "name": "n", "design": "designs/reference.json", "start": "2027-03-01T00:55:00+01:00", "deploy": "installed",
           "duration": ")" +
          duration + R"(", "timeline": [)" + timeline + R"(], "expect": [)" + expect + "] }",
      "here/test.json", std::string(REHEARSE_SOURCE_DIR) + "/scenarios");
  for (const model::Diagnostic& one : read.diagnostics) ADD_FAILURE() << model::to_text(one);
  return run(read.scenario.value(), {});
}

constexpr const char* move_to_a_dead_node =
    R"j({ "at": "1m", "fault": "node.power_loss", "node": "SQL2" },
        { "at": "3m", "step": "move_role", "role": "SQL Server (MSSQLSERVER)", "to": "SQL2")j";

TEST(Runner, an_operation_that_fails_fails_the_run) {
  const RunResult result = run_of("4m", std::string(move_to_a_dead_node) + " }", "");
  ASSERT_EQ(result.verdicts.size(), 1U);
  EXPECT_EQ(result.verdicts[0].expectation, "operation move_role succeeds");
  EXPECT_EQ(result.verdicts[0].outcome, Outcome::failed);
}

TEST(Runner, an_operation_that_is_expected_to_fail_passes_by_failing) {
  const RunResult result = run_of("4m", std::string(move_to_a_dead_node) + R"(, "fails": true })", "");
  ASSERT_EQ(result.verdicts.size(), 1U);
  EXPECT_EQ(result.verdicts[0].expectation, "operation move_role fails");
  EXPECT_EQ(result.verdicts[0].outcome, Outcome::passed);
  EXPECT_FALSE(result.verdicts[0].reason.empty());
}

TEST(Runner, an_operation_that_succeeds_though_it_is_expected_to_fail_fails_the_run) {
  const RunResult result = run_of("20m", R"({ "at": "1m", "step": "restart_workers", "fails": true })", "");
  ASSERT_EQ(result.verdicts.size(), 1U);
  EXPECT_EQ(result.verdicts[0].outcome, Outcome::failed);
  EXPECT_EQ(result.verdicts[0].reason, "it succeeded");
}

TEST(Runner, a_finding_that_is_expected_is_not_held_against_the_run) {
  const std::string off = R"({ "at": "1m", "fault": "sql.authentication_off" })";
  const RunResult unexpected = run_of("20m", off, "");
  EXPECT_THAT(unexpected.observations, ElementsAre(HasSubstr("SSISDB did not take the messages")));
  EXPECT_EQ(unexpected.outcome(), Outcome::failed);
  const RunResult expected = run_of("20m", off, R"({ "finding": "lost messages" })");
  EXPECT_THAT(expected.observations, IsEmpty());
  EXPECT_EQ(expected.outcome(), Outcome::passed);
  EXPECT_THAT(expected.verdicts.front().reason, HasSubstr("SSISDB did not take the messages"));
}

TEST(Runner, a_finding_that_is_expected_in_vain_fails_the_run) {
  const RunResult result = run_of("20m", "", R"({ "finding": "lost messages" })");
  EXPECT_EQ(result.outcome(), Outcome::failed);
}

TEST(Runner, a_rate_shows_at_the_end_what_it_still_means_to_submit) {
  const ScenarioResult read = read_scenario(
      R"({ "name": "n", "design": "designs/reference.json", "start": "2027-03-01T02:00:00+01:00", "deploy": "installed",
           "duration": "20m", "timeline": [{ "at": "5m", "fault": "sql.ssisdb_suspect" },
                                           { "at": "5m1s", "fault": "sql.crash" }], "expect": [] })",
      "here/test.json", std::string(REHEARSE_SOURCE_DIR) + "/scenarios");
  ASSERT_TRUE(read.scenario);
  Scenario scenario = *read.scenario;
  model::Rate rate;
  rate.name = "orders";
  rate.per_hour = 600;
  scenario.design.rates.push_back(rate);
  const RunResult result = run(scenario, {});
  EXPECT_EQ(result.tasks.planned, 0U) << "the batch is not due";
  EXPECT_GT(result.tasks.submitted, 20U);
  EXPECT_GT(result.tasks.coming, 50U) << "an application calls again and again while SSISDB is away";
}

}  // namespace
}  // namespace rehearse::sim
