#include "model/task_lease.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace rehearse::model {
namespace {

using namespace std::chrono_literals;
using S = TaskStatus;
using E = CatalogError;

constexpr WorkerId alice{1}, bob{2};
constexpr Duration now = 1000s, lease = 300s;
constexpr S every_status[] = {S::ready, S::dispatched, S::running, S::failed, S::succeeded, S::cancelled};

TaskRow row_in(S status, int executed = 1, int max = 2) {
  TaskRow row;
  row.status = status;
  row.executed_count = status == S::ready ? 0 : executed;
  row.max_executed_count = max;
  if (status != S::ready) row.worker = alice;
  if (is_held(status)) row.expired_time = now;
  return row;
}

TEST(TaskLease, only_a_ready_task_can_be_pulled) {
  for (S status : every_status) {
    const TaskRow before = row_in(status);
    const PullResult result = pull(before, bob, {}, now, lease);
    EXPECT_EQ(result.error, E::none);
    EXPECT_EQ(result.taken, status == S::ready);
    if (status != S::ready) {
      EXPECT_EQ(result.row, before);
      continue;
    }
    EXPECT_EQ(result.row.status, S::dispatched);
    EXPECT_EQ(result.row.worker, bob);
    EXPECT_EQ(result.row.executed_count, 1);  // the attempt counts at pick-up
    EXPECT_EQ(result.row.expired_time, now + lease);
  }
}

TEST(TaskLease, a_worker_that_is_unknown_or_disabled_can_do_nothing_in_any_state) {
  for (S status : every_status) {
    const TaskRow before = row_in(status);
    for (auto [standing, error] : {std::pair{WorkerStanding{false, true}, E::unknown_worker},
                                   std::pair{WorkerStanding{false, false}, E::unknown_worker},
                                   std::pair{WorkerStanding{true, false}, E::worker_disabled}}) {
      const PullResult pulled = pull(before, alice, standing, now, lease);
      EXPECT_EQ(pulled.error, error);
      EXPECT_FALSE(pulled.taken);
      EXPECT_EQ(pulled.row, before);
      for (S reported : every_status) {
        const ReportResult result = report(before, alice, standing, reported, now + 60s, now);
        EXPECT_EQ(result.error, error);
        EXPECT_EQ(result.row, before);
      }
    }
  }
}

struct ReportCase {
  S before, reported;
  E error;
  S after;
};

// S 1.5, with one attempt left: a report that is no success sends the task to the back of the queue.
TEST(TaskLease, reports_follow_the_table_for_every_state_and_word) {
  const std::vector<ReportCase> held = {
      {S::dispatched, S::ready, E::update_refused, S::dispatched},
      {S::dispatched, S::dispatched, E::none, S::dispatched},
      {S::dispatched, S::running, E::none, S::running},
      {S::dispatched, S::failed, E::none, S::ready},
      {S::dispatched, S::succeeded, E::none, S::succeeded},
      {S::dispatched, S::cancelled, E::none, S::ready},
      {S::running, S::ready, E::update_refused, S::running},
      {S::running, S::dispatched, E::update_refused, S::running},
      {S::running, S::running, E::none, S::running},
      {S::running, S::failed, E::none, S::ready},
      {S::running, S::succeeded, E::none, S::succeeded},
      {S::running, S::cancelled, E::none, S::ready},
  };
  for (const ReportCase& one : held) {
    SCOPED_TRACE(testing::Message() << to_text(one.before) << " told " << to_text(one.reported));
    const TaskRow before = row_in(one.before);
    const ReportResult result = report(before, alice, {}, one.reported, now + 60s, now);
    EXPECT_EQ(result.error, one.error);
    EXPECT_EQ(result.row.status, one.after);
    EXPECT_FALSE(result.reply_cancelled);
    if (one.error != E::none) {
      EXPECT_EQ(result.row, before);
    } else if (is_held(one.after)) {
      EXPECT_EQ(result.row.expired_time, now + 60s);
    }
    if (one.after == S::ready) {
      EXPECT_EQ(result.row.ready_time, now);
      EXPECT_EQ(result.row.worker, WorkerId::none);
      EXPECT_EQ(result.row.executed_count, before.executed_count);
    }
  }
  for (S status : {S::ready, S::failed, S::succeeded, S::cancelled}) {
    for (S reported : every_status) {
      const TaskRow before = row_in(status);
      const ReportResult result = report(before, alice, {}, reported, now + 60s, now);
      EXPECT_EQ(result.error, E::update_refused);
      EXPECT_EQ(result.row, before);
    }
  }
}

TEST(TaskLease, only_the_worker_that_holds_a_task_can_report_it) {
  for (S status : every_status) {
    for (S reported : every_status) {
      const TaskRow before = row_in(status);
      const ReportResult result = report(before, bob, {}, reported, now + 60s, now);
      EXPECT_EQ(result.error, E::update_refused);
      EXPECT_EQ(result.row, before);
    }
  }
}

TEST(TaskLease, the_last_attempt_ends_as_it_was_reported) {
  for (S reported : {S::failed, S::succeeded, S::cancelled}) {
    EXPECT_EQ(report(row_in(S::running, 2, 2), alice, {}, reported, {}, now).row.status, reported);
  }
}

TEST(TaskLease, a_late_heartbeat_renews_a_lease_that_has_run_out) {
  TaskRow row = row_in(S::running);
  row.expired_time = now - 100s;
  const ReportResult result = report(row, alice, {}, S::running, now + 60s, now);
  EXPECT_EQ(result.error, E::none);
  EXPECT_FALSE(sweep(result.row, now).swept);
}

TEST(TaskLease, the_sweep_takes_held_tasks_at_the_instant_their_lease_ends) {
  for (S status : every_status) {
    TaskRow row = row_in(status);
    row.expired_time = now;
    EXPECT_EQ(sweep(row, now).swept, is_held(status));
    EXPECT_EQ(sweep(row, now - 1ns).swept, false);
    EXPECT_EQ(sweep(row, now - 1ns).row, row);
  }
}

TEST(TaskLease, the_sweep_retries_fails_or_cancels) {
  for (S status : {S::dispatched, S::running}) {
    const SweepResult retried = sweep(row_in(status, 1, 2), now);
    EXPECT_EQ(retried.row.status, S::ready);
    EXPECT_EQ(retried.row.worker, WorkerId::none);
    EXPECT_EQ(retried.row.ready_time, now);
    EXPECT_EQ(retried.stamped, std::nullopt);

    const SweepResult exhausted = sweep(row_in(status, 2, 2), now);
    EXPECT_EQ(exhausted.row.status, S::failed);
    EXPECT_EQ(exhausted.stamped, OperationStatus::ended_unexpectedly);

    for (int executed : {1, 2}) {
      const SweepResult cancelled = sweep(cancel(row_in(status, executed, 2)), now);
      EXPECT_EQ(cancelled.row.status, S::cancelled);
      EXPECT_EQ(cancelled.stamped, OperationStatus::canceled);
    }
  }
}

TEST(TaskLease, cancel_ends_a_ready_task_tells_a_held_one_and_leaves_a_finished_one) {
  for (S status : every_status) {
    const TaskRow before = row_in(status);
    const TaskRow after = cancel(before);
    if (status == S::ready) {
      EXPECT_EQ(after.status, S::cancelled);
    } else if (is_held(status)) {
      EXPECT_EQ(after.status, status);
      EXPECT_TRUE(after.cancelled);
    } else {
      EXPECT_EQ(after, before);
    }
  }
}

TEST(TaskLease, a_cancelled_task_is_told_at_its_next_heartbeat_and_not_tried_again) {
  for (S status : {S::dispatched, S::running}) {
    const TaskRow row = cancel(row_in(status, 1, 5));
    const ReportResult beat = report(row, alice, {}, S::running, now + 60s, now);
    EXPECT_TRUE(beat.reply_cancelled);
    EXPECT_EQ(beat.row.status, S::running);
    for (S reported : {S::failed, S::succeeded, S::cancelled}) {
      EXPECT_EQ(report(row, alice, {}, reported, {}, now).row.status, reported);
    }
  }
}

// The story of an overlapped run (S 1.7): the same worker loses its task, pulls it back, and the first final word wins.
TEST(TaskLease, a_swept_task_can_come_back_to_the_same_worker) {
  TaskRow row = pull(row_in(S::ready), alice, {}, now, lease).row;
  row = sweep(row, now + lease).row;
  EXPECT_EQ(report(row, alice, {}, S::succeeded, {}, now + lease).error, E::update_refused);
  row = pull(row, alice, {}, now + lease, lease).row;
  EXPECT_EQ(row.executed_count, 2);
  const ReportResult first = report(row, alice, {}, S::succeeded, {}, now + lease + 1s);
  EXPECT_EQ(first.row.status, S::succeeded);
  EXPECT_EQ(report(first.row, alice, {}, S::succeeded, {}, now + lease + 2s).error, E::update_refused);
}

TEST(TaskLease, catalog_numbers_are_the_documented_ones) {
  EXPECT_EQ(static_cast<int>(S::cancelled), 6);
  EXPECT_EQ(static_cast<int>(OperationStatus::completed), 9);
  EXPECT_EQ(static_cast<int>(OperationStatus::ended_unexpectedly), 6);
  EXPECT_EQ(to_text(OperationStatus::ended_unexpectedly), "ended unexpectedly");
  EXPECT_EQ(to_text(E::worker_disabled).substr(0, 5), "27252");
}

}  // namespace
}  // namespace rehearse::model
