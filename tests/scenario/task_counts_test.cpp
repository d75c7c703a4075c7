#include "sim/scenario/task_counts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hand_made_run.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using testing::SizeIs;
using world::batch_id;
using world::none;
using world::RecordKind;
using world::task_id;

constexpr std::int64_t failed = 4, succeeded = 5;

void create(HandMade& run, Duration at, std::uint32_t task, std::uint32_t day = 0) {
  run.tell(at, RecordKind::execution_created, task_id(task), 0, 0, day);
}

/// Picked up by the worker into its first slot, and reported five minutes later.
void perform(HandMade& run, Duration at, std::uint32_t task, world::WorkerIndex worker, std::int64_t status) {
  run.tell(at, RecordKind::task_pulled, task_id(task), 0, worker, 0);
  run.tell(at + 5min, RecordKind::package_ended, task_id(task), 0, worker * run.plan().slots_per_worker,
           status == succeeded);
  run.tell(at + 5min, RecordKind::task_reported, task_id(task), 0, worker * run.plan().slots_per_worker, status);
}

TaskCounts counts(const HandMade& run, Duration end) {
  return count_tasks(run.plan(), run.last(), core::Time(end));
}

TEST(TaskCounts, only_batches_due_within_the_rehearsal_are_planned) {
  const HandMade run;
  EXPECT_EQ(counts(run, 30min - 1ns).planned, 0U);
  EXPECT_EQ(counts(run, 30min).planned, 3U);
  EXPECT_EQ(counts(run, 23h).planned, 3U);
}

TEST(TaskCounts, every_execution_is_succeeded_ended_or_unfinished) {
  HandMade run;
  for (std::uint32_t task = 0; task < 3; ++task) create(run, 30min, task);
  perform(run, 31min, 0, wrk1, succeeded);
  perform(run, 37min, 1, wrk1, failed);
  run.tell(45min, RecordKind::task_pulled, task_id(2), 0, wrk2, 1);
  const TaskCounts all = counts(run, 1h);
  EXPECT_EQ(all.submitted, 3U);
  EXPECT_EQ(all.succeeded, 1U);
  EXPECT_EQ(all.ended_without_success, 1U);
  EXPECT_EQ(all.unfinished, 1U);
  EXPECT_EQ(all.lost(), 1U);
  EXPECT_EQ(all.doubled(), 0U);
}

TEST(TaskCounts, what_a_dead_job_never_submitted_is_lost) {
  HandMade run;
  run.tell(30min, RecordKind::batch_begun, batch_id(0), 0, 0);
  create(run, 30min, 0);
  run.tell(31min, RecordKind::batch_abandoned, batch_id(0), 0, none, 2);
  const TaskCounts all = counts(run, 1h);
  EXPECT_EQ(all.submitted, 1U);
  EXPECT_EQ(all.never_submitted, 2U);
  EXPECT_EQ(all.lost(), 2U);
}

TEST(TaskCounts, marks_of_executions_are_counted_once_each) {
  HandMade run;
  create(run, 30min, 0);
  create(run, 30min, 1);
  run.tell(31min, RecordKind::task_pulled, task_id(0), 0, wrk1, 0);
  run.tell(32min, RecordKind::execution_stamped, task_id(0), 0);
  run.tell(32min, RecordKind::execution_stamped, task_id(1), 0);
  world::State last = run.last();
  last.tasks[0].overlapped = last.tasks[0].repeated = last.tasks[0].refused_success = true;
  const TaskCounts all = count_tasks(run.plan(), last, core::Time(1h));
  EXPECT_EQ(all.stamped, 2U);
  EXPECT_EQ(all.overlapped, 1U);
  EXPECT_EQ(all.repeated, 1U);
  EXPECT_EQ(all.refused_success, 1U);
  EXPECT_EQ(all.doubled(), 1U);
}

TEST(BatchDays, a_day_is_done_when_its_last_execution_finished) {
  HandMade run;
  for (std::uint32_t task = 0; task < 3; ++task) create(run, 30min, task);
  perform(run, 31min, 0, wrk1, succeeded);
  perform(run, 31min + 5min, 1, wrk1, failed);
  const auto before = batch_days(run.plan(), run.last(), core::Time(1h));
  ASSERT_THAT(before, SizeIs(1));
  EXPECT_EQ(before[0].done, core::never);
  perform(run, 50min, 2, wrk2, succeeded);
  const auto after = batch_days(run.plan(), run.last(), core::Time(1h));
  ASSERT_THAT(after, SizeIs(1));
  EXPECT_EQ(after[0].name, "nightly");
  EXPECT_EQ(after[0].due, core::Time(30min));
  EXPECT_EQ(after[0].deadline, core::Time(90min));
  EXPECT_EQ(after[0].done, core::Time(55min));
  EXPECT_EQ(after[0].executions, 3U);
  EXPECT_EQ(after[0].succeeded, 2U);
}

TEST(BatchDays, a_day_that_was_never_submitted_in_full_is_never_done) {
  HandMade run;
  create(run, 30min, 0);
  perform(run, 31min, 0, wrk1, succeeded);
  const auto days = batch_days(run.plan(), run.last(), core::Time(1h));
  ASSERT_THAT(days, SizeIs(1));
  EXPECT_EQ(days[0].done, core::never);
  EXPECT_EQ(days[0].succeeded, 1U);
}

TEST(BatchDays, executions_of_another_day_do_not_count) {
  HandMade run;
  for (std::uint32_t task = 0; task < 3; ++task) create(run, 30min, task, 1);
  const auto days = batch_days(run.plan(), run.last(), core::Time(1h));
  ASSERT_THAT(days, SizeIs(1));
  EXPECT_EQ(days[0].succeeded, 0U);
  EXPECT_EQ(days[0].done, core::never);
}

TEST(RunOutcome, the_worst_of_verdicts_and_observations_counts) {
  RunResult result;
  const auto add = [&](Outcome outcome) { result.verdicts.push_back({outcome, "", "", {}, {}}); };
  EXPECT_EQ(result.outcome(), Outcome::passed);
  add(Outcome::passed);
  EXPECT_EQ(result.outcome(), Outcome::passed);
  add(Outcome::unknown);
  EXPECT_EQ(result.outcome(), Outcome::unknown);
  result.observations.push_back("two masters");
  EXPECT_EQ(result.outcome(), Outcome::failed);
  result.observations.clear();
  add(Outcome::failed);
  add(Outcome::passed);
  EXPECT_EQ(result.outcome(), Outcome::failed);
}

}  // namespace
}  // namespace rehearse::sim
