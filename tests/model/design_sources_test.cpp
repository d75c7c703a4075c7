// The workload of a design, read from JSON: batches, rates, histories and the shift of a history.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "model/workload.hpp"
#include "small_design.hpp"

namespace rehearse::model {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

Date at(const char* text) {
  return parse_date(text).value();
}

TEST(DesignSources, a_batch_states_its_days_callers_workers_and_priority) {
  const Batch batch = read(small()).design.value().batches.at(0);
  EXPECT_EQ(batch.name, "nightly");
  EXPECT_EQ(batch.at, 23h + 30min);
  EXPECT_THAT(batch.days, ElementsAre(std::chrono::Friday, std::chrono::Monday));
  EXPECT_EQ(batch.executions, 10);
  EXPECT_EQ(batch.callers, 4);
  EXPECT_EQ(batch.duration, Distribution::constant(90s));
  EXPECT_EQ(batch.retry_count, 2);
  EXPECT_EQ(batch.deadline, std::chrono::seconds(4h));
  EXPECT_EQ(batch.priority, 5);
  EXPECT_THAT(batch.workers, ElementsAre("W2", "EXTRA"));  // as the design spells them
  EXPECT_EQ(batch.submitter, Submitter::external);
  EXPECT_EQ(batch.uses_instance, 0.5);
}

TEST(DesignSources, a_rate_states_its_profile_in_the_order_of_the_day) {
  const Rate rate = read(small()).design.value().rates.at(0);
  EXPECT_EQ(rate.name, "hourly");
  EXPECT_EQ(rate.per_hour, 120);
  EXPECT_THAT(rate.profile, ElementsAre(ProfileStep{0h, 0.2}, ProfileStep{8h, 3}, ProfileStep{18h, 0.5}));
  EXPECT_EQ(rate.duration, Distribution::constant(30s));
  EXPECT_EQ(rate.retry_count, 1);
  EXPECT_THAT(rate.workers, ElementsAre("W1"));
  EXPECT_EQ(rate.submitter, Submitter::sql_agent);
  EXPECT_EQ(rate.uses_instance, 0.25);
  EXPECT_EQ(rate.deadline_after, Duration(30min));
}

TEST(DesignSources, a_history_brings_the_executions_of_its_file) {
  const Design design = read(small()).design.value();
  const History& history = design.histories.at(0);
  EXPECT_EQ(history.name, "october");
  EXPECT_EQ(history.file, "tests/negative/designs/artefacts/executions.csv");
  EXPECT_EQ(history.starts, at("2026-10-04T22:00:00Z"));
  EXPECT_EQ(history.deadline_after, Duration(2h));
  EXPECT_EQ(history.submitter, Submitter::sql_agent);
  ASSERT_EQ(history.rows.size(), 2u);
  for (const HistoryRow& row : history.rows) EXPECT_EQ(row.retry_count, 3);  // stated, so the file's does not count
}

TEST(DesignSources, what_is_not_stated_has_its_default) {
  json design = small();
  design["workload"] = json::parse(R"json({
    "batches": [{ "name": "b", "at": "01:00", "executions": 1 }],
    "rates": [{ "name": "r", "per_hour": 0.5 }],
    "histories": [{ "name": "h", "file": "tests/negative/designs/artefacts/executions.csv" }] })json");
  const Design read_design = read(design).design.value();
  const Batch& batch = read_design.batches.at(0);
  EXPECT_EQ(batch.submitter, Submitter::sql_agent);
  EXPECT_EQ(batch.callers, 1);
  EXPECT_THAT(batch.days, IsEmpty());
  EXPECT_THAT(batch.workers, IsEmpty());
  EXPECT_FALSE(batch.priority || batch.deadline || batch.duration || batch.uses_instance);
  const Rate& rate = read_design.rates.at(0);
  EXPECT_EQ(rate.submitter, Submitter::external);
  EXPECT_THAT(rate.profile, IsEmpty());
  EXPECT_FALSE(rate.duration || rate.deadline_after);
  const History& history = read_design.histories.at(0);
  EXPECT_EQ(history.submitter, Submitter::external);
  EXPECT_FALSE(history.starts || history.deadline_after);
  EXPECT_EQ(history.rows.front().retry_count, 1);  // MaxExecutedCount 2 in the file
  EXPECT_EQ(history.rows.back().retry_count, 0);
}

TEST(DesignSources, a_workload_may_be_empty) {
  json design = small();
  design["workload"] = json::object();
  const DesignResult result = read(design);
  EXPECT_EQ(told(result), "");
  EXPECT_TRUE(result.design && result.design->batches.empty() && result.design->rates.empty());
}

TEST(DesignSources, workers_that_could_not_be_read_are_no_reason_to_refuse_named_ones) {
  json design = small();
  design["scale_out"]["workers"][0]["name"] = 5;
  const std::string text = told(read(design));
  EXPECT_THAT(text, HasSubstr("/scale_out/workers/0/name"));
  EXPECT_THAT(text, testing::Not(HasSubstr("there is no worker")));
}

History history_of(const char* first_row) {
  History history;
  history.rows.push_back({at(first_row), 1min, 0, 1, std::nullopt});
  return history;
}

TEST(ShiftOfAHistory, puts_the_stated_instant_on_the_start) {
  History history = history_of("2026-10-05T01:00:00Z");
  history.starts = at("2026-10-05T00:30:00Z");
  EXPECT_EQ(history.rows[0].created + shift_of(history, "Europe/Paris", at("2027-03-01T20:00:00Z")),
            at("2027-03-01T20:30:00Z"));
}

TEST(ShiftOfAHistory, matches_local_days_across_summer_time) {
  const History history = history_of("2026-10-04T23:00:05Z");  // 01:00:05 in Paris, in summer
  EXPECT_EQ(history.rows[0].created + shift_of(history, "Europe/Paris", at("2027-01-10T20:00:00Z")),
            at("2027-01-10T00:00:05Z"));  // 01:00:05 in winter, on the day on which the rehearsal begins
}

TEST(ShiftOfAHistory, of_nothing_is_nothing) {
  EXPECT_EQ(shift_of(History(), "Europe/Paris", at("2027-01-10T20:00:00Z")), Duration::zero());
}

}  // namespace
}  // namespace rehearse::model
