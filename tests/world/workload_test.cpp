// Stories about who submits: a SQL Server Agent job that dies with its instance, and an external scheduler that does
// not.
#include "sim/world/workload.hpp"

#include <gtest/gtest.h>

#include "rehearsal.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"

namespace rehearse::world {
namespace {

model::Design nightly(model::Submitter submitter) {
  model::Design design = shipped_design("reference");  // 01:00 in Paris is 30 minutes after the start
  design.batches.resize(1);
  design.batches.front().submitter = submitter;
  design.batches.front().executions = 400;
  design.batches.front().duration = model::Distribution::constant(1min);
  design.batches.front().uses_instance = 0.0;
  return design;
}

void crash_sql(Rehearsal& rehearsal, Duration when) {
  rehearsal->run_until(at(when) - Duration(1));
  rehearsal->engine().advance_to(at(when));
  ASSERT_TRUE(rehearsal->sql().crash(0));
}

TEST(Workload, an_agent_batch_whose_hour_falls_into_the_outage_is_skipped) {
  // The schedule lives in the instance that is down at 01:00; nobody catches up (behaviour.md 8).
  Rehearsal rehearsal(nightly(model::Submitter::sql_agent));
  crash_sql(rehearsal, 30min - 1s);
  rehearsal->run_until(at(2h));
  const Record* skipped = rehearsal.find(RecordKind::batch_skipped);
  ASSERT_NE(skipped, nullptr);
  EXPECT_EQ(skipped->at, at(30min));
  EXPECT_EQ(rehearsal->state().batches[0].never_submitted, 400U);
  EXPECT_EQ(rehearsal->state().batches[0].created, 0U);
  EXPECT_TRUE(rehearsal->sql().open()) << "a minute later everything would have worked";
}

TEST(Workload, an_agent_batch_needs_ssisdb_and_not_only_the_agent) {
  // SQL Server and its Agent are online again, SSISDB still recovers: the job starts and its first statement fails
  // (behaviour.md 4, 8).
  model::Design design = nightly(model::Submitter::sql_agent);
  design.fci.ssisdb_recovery = model::Distribution::constant(10min);
  Rehearsal rehearsal(design);
  crash_sql(rehearsal, 28min);
  rehearsal->run_until(at(30min));
  EXPECT_EQ(rehearsal->state().resources[rehearsal.plan().agent_resource].status, ResourceStatus::online);
  EXPECT_EQ(rehearsal.count(RecordKind::batch_skipped), 1U);
}

TEST(Workload, an_agent_batch_is_abandoned_when_the_instance_dies_in_the_middle_of_its_loop) {
  Rehearsal rehearsal(nightly(model::Submitter::sql_agent));
  crash_sql(rehearsal, 30min + 10s);
  rehearsal->run_until(at(2h));
  const BatchState& batch = rehearsal->state().batches[0];
  const Record* abandoned = rehearsal.find(RecordKind::batch_abandoned);
  ASSERT_NE(abandoned, nullptr);
  EXPECT_EQ(abandoned->at, at(30min + 10s));
  EXPECT_GT(batch.created, 0U);
  EXPECT_GT(batch.never_submitted, 0U);
  EXPECT_EQ(batch.created + batch.never_submitted, 400U) << "each execution is one or the other";
  EXPECT_EQ(rehearsal->state().tasks.size(), batch.created);
  EXPECT_FALSE(batch.submitting);
}

class ExternalSubmitter : public testing::TestWithParam<Duration> {};

TEST_P(ExternalSubmitter, tries_again_until_everything_is_submitted) {
  // The crash comes before the batch, and in its middle; submission needs only SSISDB, and 30 s after each failure the
  // scheduler tries again (S 1.4; submit_retry).
  Rehearsal rehearsal(nightly(model::Submitter::external));
  crash_sql(rehearsal, GetParam());
  rehearsal->run_until(at(2h));
  const Record* failed = rehearsal.find(RecordKind::submit_failed);
  const Record* open = rehearsal.find(RecordKind::ssisdb_open, at(GetParam()));
  ASSERT_TRUE(failed && open);
  const Record* next = rehearsal.find(RecordKind::execution_created, failed->at);
  ASSERT_NE(next, nullptr);
  EXPECT_LT((next->at - failed->at) % 30s, 5s) << "beyond the pauses it waits for the lock only";
  EXPECT_GE(next->at, open->at);
  EXPECT_LT(next->at, open->at + 35s);
  EXPECT_EQ(rehearsal->state().batches[0].created, 400U);
  EXPECT_EQ(rehearsal->state().batches[0].never_submitted, 0U);
}

INSTANTIATE_TEST_SUITE_P(Workload, ExternalSubmitter, testing::Values(30min - 1s, 30min + 10s));

TEST(Workload, submits_one_execution_after_the_other) {
  // create_execution holds an exclusive application lock (S 6): no two at the same instant, each a lock hold later.
  Rehearsal rehearsal(nightly(model::Submitter::sql_agent));
  rehearsal->run_until(at(1h));
  Time last = at(30min);
  for (const Record& record : rehearsal.journal().records) {
    if (record.kind != RecordKind::execution_created) continue;
    EXPECT_GT(record.at, last);
    last = record.at;
  }
  EXPECT_EQ(rehearsal.count(RecordKind::execution_created), 400U);
}

TEST(Workload, queues_while_the_master_is_down) {
  // Pure T-SQL: the work waits as pending and is dispatched when the master is back (S 1.4).
  model::Design design = shipped_design("separate");
  design.batches.front().executions = 20;
  Rehearsal rehearsal(design);
  rehearsal->run_until(at(29min));
  rehearsal->roles().want(1, false, 0);
  rehearsal->run_until(at(40min));
  EXPECT_EQ(rehearsal->state().ready_count, 20U);
  EXPECT_EQ(rehearsal.count(RecordKind::task_pulled), 0U);
  rehearsal->roles().want(1, true, 0);
  rehearsal->run_until(at(42min));
  EXPECT_EQ(rehearsal->state().ready_count, 0U);
  EXPECT_EQ(rehearsal.count(RecordKind::task_pulled), 20U);
}

TEST(Workload, runs_again_the_next_night) {
  Rehearsal rehearsal(nightly(model::Submitter::sql_agent), {.horizon = 48h});
  rehearsal->run_until(at(26h));
  EXPECT_EQ(rehearsal.count(RecordKind::batch_begun), 2U);
  EXPECT_EQ(rehearsal.find(RecordKind::batch_begun, at(1h))->at, at(24h + 30min));
  EXPECT_EQ(rehearsal->state().batches[0].created, 800U);
}

}  // namespace
}  // namespace rehearse::world
