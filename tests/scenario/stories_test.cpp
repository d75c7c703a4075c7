// Short scenarios that once went wrong: told from their files' text to their verdicts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/runner.hpp"
#include "sim/scenario/scenario_reader.hpp"

namespace rehearse::sim {
namespace {

using testing::HasSubstr;

RunResult tell(const std::string& timeline, const std::string& expect, const std::string& duration = "2h") {
  const std::string text =
      R"json({ "name": "story", "design": "designs/reference.json", "start": "2027-03-01T03:30:00Z",
    "deploy": "installed", "duration": ")json" +
      duration + R"json(", "timeline": [)json" + timeline + R"json(], "expect": [)json" + expect + "] }";
  const ScenarioResult read = read_scenario(text, "story.json", std::string(REHEARSE_SOURCE_DIR) + "/scenarios");
  for (const model::Diagnostic& diagnostic : read.diagnostics) ADD_FAILURE() << model::to_text(diagnostic);
  RunOptions options;
  options.replications = 50;
  return run(read.scenario.value(), options);
}

const std::string online_on_sql1_at_the_end =
    R"json({ "role": "SQL Server (MSSQLSERVER)", "owner": "SQL1", "at": "2h" })json";

TEST(Stories, an_entry_that_waits_acts_before_later_entries_with_a_time) {
  const RunResult told = tell(R"json(
      { "at": "10m", "fault": "node.power_loss", "node": "SQL1" }, { "at": "20m", "repair": "node.power_loss", "node": "SQL1" },
      { "after": "SQL1 joined", "wait": "5m", "step": "move_role", "role": "SQL Server (MSSQLSERVER)", "to": "SQL1" },
      { "at": "1h", "fault": "worker.crash_service", "worker": "WRK1" })json",
                              online_on_sql1_at_the_end);
  EXPECT_EQ(told.outcome(), Outcome::passed);
  ASSERT_EQ(told.operations.size(), 1U);
  EXPECT_LT(told.operations[0].from, core::Time(std::chrono::hours(1)));
}

TEST(Stories, an_entry_may_wait_for_something_that_holds_from_the_start) {
  const RunResult told =
      tell(R"json({ "after": "SQL1 joined", "wait": "5m", "fault": "sql.crash" })json", online_on_sql1_at_the_end);
  EXPECT_EQ(std::count_if(told.journal.records.begin(), told.journal.records.end(),
                          [](const world::Record& record) { return record.kind == world::RecordKind::sql_crashed; }),
            1);
}

TEST(Stories, an_expectation_by_an_instant_is_not_met_by_what_was_so_before_the_fault_was_noticed) {
  const RunResult told = tell(R"json(
      { "at": "10m", "fault": "sql.crash" },
      { "at": "10m1s", "fault": "node.power_loss", "node": "SQL1" }, { "at": "10m1s", "fault": "node.power_loss", "node": "SQL2" })json",
                              R"json({ "role": "SQL Server (MSSQLSERVER)", "state": "online", "by": "11m" })json");
  EXPECT_EQ(told.verdicts.back().outcome, Outcome::failed);
}

TEST(Stories, a_machine_that_booted_without_a_cluster_hosts_nothing) {
  const RunResult told = tell(R"json(
      { "at": "10m", "fault": "node.power_loss", "node": "SQL1" }, { "at": "10m", "fault": "node.power_loss", "node": "SQL2" },
      { "at": "20m", "repair": "node.power_loss", "node": "SQL1" })json",
                              R"json({ "role": "SQL Server (MSSQLSERVER)", "state": "online", "at": "21m35s" })json");
  EXPECT_EQ(told.verdicts.back().outcome, Outcome::failed);
}

TEST(Stories, a_probability_over_runs_that_could_not_tell_is_unknown) {
  const RunResult told =
      tell(R"json({ "at": "10m", "fault": "node.power_loss", "node": "SQL1" })json",
           R"json({ "service": "sql_server", "outage": { "max": "2m", "with": 0.9 } })json", "10m5s");
  EXPECT_EQ(told.verdicts.back().outcome, Outcome::unknown);
}

TEST(Stories, a_network_that_is_away_for_two_seconds_costs_no_worker_its_connection_for_long) {
  const RunResult told = tell(R"json(
      { "at": "10m", "fault": "network.partition", "hosts": ["WRK1"] }, { "at": "10m2s", "repair": "network.partition", "hosts": ["WRK1"] })json",
                              R"json({ "service": "worker WRK1", "outage": { "max": "3s" } })json");
  EXPECT_EQ(told.outcome(), Outcome::passed) << told.verdicts.back().reason;
}

}  // namespace
}  // namespace rehearse::sim
