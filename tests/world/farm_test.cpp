// Stories about workers and their rows in the catalog: disabled, deleted, cloned, hung, out of disk; executions that
// are stopped or wait for named workers; connections whose certificate went bad under them.
#include "farm.hpp"

#include <gtest/gtest.h>

#include "sim/world/catalog.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::world {
namespace {

using model::CatalogError;
using model::HandshakeOutcome;
using model::OperationStatus;
using model::TaskStatus;

constexpr BatchIndex only = 0;

void go_to(Rehearsal& rehearsal, Duration when) {
  rehearsal->run_until(at(when) - Duration(1));
  rehearsal->engine().advance_to(at(when));
}

model::Design working_farm(int workers, int slots, int executions, Duration length, int retries = 0) {
  model::Design design = farm(workers, slots);
  design.batches = {batch_of(executions, length)};
  design.batches.front().retry_count = retries;
  return design;
}

const TaskState& task(const Rehearsal& rehearsal, TaskIndex index) {
  return rehearsal->state().tasks.at(index);
}

// ------------------------------------------------------------------------------------------------ rows

TEST(WorkerRow, disabling_is_no_drain) {
  // Its running tasks are refused with 27252, swept, and killed after the tolerance (S 1.7; S 5, 30).
  Rehearsal rehearsal(working_farm(2, 1, 1, 1h, 1));
  go_to(rehearsal, 35min);
  const WorkerIndex holder = rehearsal.find(RecordKind::task_pulled)->object;
  ASSERT_TRUE(rehearsal->workers().disable(holder, 0));
  EXPECT_FALSE(rehearsal->workers().disable(holder, 0)) << "it is disabled already";
  rehearsal->run_until(at(50min));
  const Record* refused = rehearsal.find(RecordKind::renewal_refused, at(35min));
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(refused->value, static_cast<std::int64_t>(CatalogError::worker_disabled));
  EXPECT_LE(refused->at, at(35min + 10s));
  EXPECT_EQ(rehearsal.count(RecordKind::renewal_refused), 1U) << "the rest of the answers say nothing new";
  const Record* swept = rehearsal.find(RecordKind::task_swept, at(35min));
  ASSERT_NE(swept, nullptr);
  EXPECT_LE(swept->at, at(35min + 360s));
  const Record* again = rehearsal.find(RecordKind::task_pulled, swept->at);
  ASSERT_NE(again, nullptr);
  EXPECT_NE(again->object, holder);
  const Record* killed = rehearsal.find(RecordKind::package_killed, at(35min));
  ASSERT_NE(killed, nullptr);
  EXPECT_EQ(static_cast<KillReason>(killed->value), KillReason::tolerance_exceeded);
  EXPECT_GE(killed->at, at(45min - 10s));
  EXPECT_TRUE(task(rehearsal, 0).overlapped);
}

TEST(WorkerRow, a_worker_enabled_again_in_time_keeps_its_tasks) {
  Rehearsal rehearsal(working_farm(1, 1, 1, 1h));
  go_to(rehearsal, 35min);
  ASSERT_TRUE(rehearsal->workers().disable(0, 0));
  go_to(rehearsal, 35min + 30s);
  ASSERT_TRUE(rehearsal->workers().enable(0, 0));
  rehearsal->run_until(at(2h));
  EXPECT_NE(rehearsal.find(RecordKind::lease_renewed), nullptr);
  EXPECT_EQ(task(rehearsal, 0).row.status, TaskStatus::succeeded);
}

TEST(WorkerRow, a_disabled_worker_takes_no_work_and_learns_of_it_with_its_heartbeat) {
  Rehearsal rehearsal(working_farm(1, 1, 1, 1min));
  go_to(rehearsal, 29min);
  ASSERT_TRUE(rehearsal->workers().disable(0, 0));
  rehearsal->run_until(at(40min));
  const Record* learned = rehearsal.find(RecordKind::worker_learned_disabled);
  ASSERT_NE(learned, nullptr);
  EXPECT_LE(learned->at, at(30min));
  EXPECT_EQ(rehearsal.count(RecordKind::task_pulled), 0U);
  EXPECT_EQ(task(rehearsal, 0).row.status, TaskStatus::ready) << "no queue timeout exists: it waits (S 1.4)";
}

TEST(WorkerRow, a_deleted_worker_registers_anew_and_is_not_enabled) {
  Rehearsal rehearsal(working_farm(1, 1, 1, 1h));
  go_to(rehearsal, 35min);
  ASSERT_TRUE(rehearsal->workers().remove(0, 0));
  rehearsal->run_until(at(37min));
  EXPECT_NE(rehearsal.find(RecordKind::worker_registered, at(35min)), nullptr);
  EXPECT_TRUE(rehearsal->workers().registered(0));
  EXPECT_FALSE(rehearsal->workers().enabled(0));
  EXPECT_NE(rehearsal.find(RecordKind::renewal_refused), nullptr);
}

TEST(WorkerRow, clones_share_a_row_and_whatever_holds_for_one_holds_for_both) {
  model::Design design = working_farm(2, 1, 2, 1h);
  design.scale_out.workers.front().settings.agent_id = "8A6CD1B5-0000-0000-0000-000000000001";
  Rehearsal rehearsal(design);
  go_to(rehearsal, 35min);
  EXPECT_EQ(task(rehearsal, 0).row.worker, task(rehearsal, 1).row.worker) << "the catalog cannot tell them apart";
  ASSERT_TRUE(rehearsal->workers().disable(1, 0));
  EXPECT_FALSE(rehearsal->workers().enabled(0));
  rehearsal->run_until(at(36min));
  EXPECT_EQ(rehearsal.count(RecordKind::renewal_refused), 2U);
}

TEST(WorkerRow, a_clone_keeps_a_dead_worker_online_for_whoever_looks_at_the_row) {
  model::Design design = working_farm(2, 1, 1, 1h);
  design.scale_out.workers.front().settings.agent_id = "8A6CD1B5-0000-0000-0000-000000000001";
  Rehearsal rehearsal(design);
  go_to(rehearsal, 20min);
  ASSERT_TRUE(rehearsal->workers().crash_service(0, 0));
  go_to(rehearsal, 30min);
  EXPECT_GE(rehearsal->workers().last_online(1), at(29min));
  EXPECT_GE(rehearsal->workers().last_online(0), at(29min)) << "one row, one LastOnlineTime";
}

// ------------------------------------------------------------------------------------------------ packages

TEST(Execution, stopped_before_it_was_picked_up_is_cancelled_at_once) {
  Rehearsal rehearsal(working_farm(1, 1, 2, 1h));
  go_to(rehearsal, 35min);
  ASSERT_TRUE(rehearsal->catalog().stop_executions(only, 0));
  EXPECT_EQ(task(rehearsal, 1).row.status, TaskStatus::cancelled);
  EXPECT_EQ(task(rehearsal, 0).row.status, TaskStatus::dispatched);
  EXPECT_EQ(task(rehearsal, 0).shown, OperationStatus::stopping);
  EXPECT_FALSE(rehearsal->catalog().stop_executions(only, 0)) << "everything is stopping already";
}

TEST(Execution, stopped_while_it_runs_ends_with_the_workers_next_heartbeat) {
  Rehearsal rehearsal(working_farm(1, 1, 1, 1h, 3));
  go_to(rehearsal, 35min);
  ASSERT_TRUE(rehearsal->catalog().stop_executions(only, 0));
  rehearsal->run_until(at(35min + 10s));
  EXPECT_EQ(task(rehearsal, 0).row.status, TaskStatus::cancelled) << "attempts that are left do not matter (S 1.5)";
  EXPECT_EQ(task(rehearsal, 0).shown, OperationStatus::canceled);
  EXPECT_EQ(rehearsal->state().workers[0].held, 0);
}

TEST(Execution, stopped_on_a_dead_worker_ends_only_with_the_sweep) {
  Rehearsal rehearsal(working_farm(1, 1, 1, 1h, 3));
  go_to(rehearsal, 35min);
  ASSERT_TRUE(rehearsal->workers().crash_service(0, 0));
  ASSERT_TRUE(rehearsal->catalog().stop_executions(only, 0));
  rehearsal->run_until(at(35min + 49s));
  EXPECT_EQ(task(rehearsal, 0).row.status, TaskStatus::dispatched);
  rehearsal->run_until(at(35min + 360s));
  EXPECT_EQ(task(rehearsal, 0).row.status, TaskStatus::cancelled);
}

TEST(Execution, for_named_workers_waits_until_one_of_them_is_free) {
  model::Design design = working_farm(3, 1, 2, 5min);
  design.batches.front().workers = {"WRK3"};
  Rehearsal rehearsal(design);
  rehearsal->run_until(at(50min));
  for (const Record& record : rehearsal.journal().records) {
    if (record.kind == RecordKind::task_pulled) {
      EXPECT_EQ(record.object, 2U);
    }
  }
  EXPECT_EQ(rehearsal.count(RecordKind::task_pulled), 2U);
  EXPECT_GE(task(rehearsal, 1).picked_up_at, task(rehearsal, 0).picked_up_at + 5min);
}

TEST(Execution, for_a_worker_without_a_row_is_refused_when_it_is_submitted) {
  model::Design design = working_farm(1, 1, 3, 5min);
  design.batches.front().workers = {"WRK1"};
  Rehearsal rehearsal(design);
  go_to(rehearsal, 30min - 1ms);
  ASSERT_TRUE(rehearsal->workers().crash_service(0, 0));
  ASSERT_TRUE(rehearsal->workers().remove(0, 0));
  rehearsal->run_until(at(40min));
  EXPECT_EQ(rehearsal.count(RecordKind::submit_refused), 3U);
  EXPECT_EQ(rehearsal.find(RecordKind::submit_refused)->value, 27243);
  EXPECT_EQ(rehearsal->state().batches[only].never_submitted, 3U);
  EXPECT_FALSE(rehearsal->state().batches[only].submitting);
}

TEST(Queue, is_first_in_first_out_over_all_its_workers) {
  // Named and unnamed executions side by side: whoever is first and allowed goes first (S 1.5).
  model::Design design = working_farm(2, 1, 6, 1min);
  design.batches.push_back(design.batches.front());
  design.batches.back().name = "named";
  design.batches.back().workers = {"WRK2"};
  Rehearsal rehearsal(design);
  rehearsal->run_until(at(1h));
  for (const WorkerIndex worker : {0U, 1U}) {
    Time last{};
    for (const Record& record : rehearsal.journal().records) {
      if (record.kind != RecordKind::task_pulled || record.object != worker) continue;
      EXPECT_GE(task(rehearsal, record.subject.index()).created_at, last);
      last = task(rehearsal, record.subject.index()).created_at;
    }
  }
  EXPECT_EQ(rehearsal->state().ready_count, 0U);
}

TEST(Disk, a_worker_without_room_eats_the_queue) {
  // It takes one task after the other, and each fails within seconds: faster than its neighbour works.
  Rehearsal rehearsal(working_farm(2, 1, 40, 10min));
  go_to(rehearsal, 29min);
  rehearsal->workers().set_disk_full(0, true, 0);
  rehearsal->run_until(at(45min));
  std::size_t failed = 0;
  for (const TaskState& one : rehearsal->state().tasks) failed += one.row.status == TaskStatus::failed;
  EXPECT_GE(failed, 35U);
}

TEST(Hang, packages_of_a_hung_service_end_and_nobody_hears_of_it) {
  Rehearsal rehearsal(working_farm(1, 1, 1, 5min));
  go_to(rehearsal, 32min);
  ASSERT_TRUE(rehearsal->workers().hang_service(0, 0));
  EXPECT_FALSE(rehearsal->workers().hang_service(0, 0));
  rehearsal->run_until(at(37min));
  EXPECT_NE(rehearsal.find(RecordKind::package_ended), nullptr);
  EXPECT_EQ(rehearsal.count(RecordKind::task_reported), 0U);
  rehearsal->run_until(at(45min));
  EXPECT_EQ(task(rehearsal, 0).shown, OperationStatus::ended_unexpectedly) << "the sweep has taken it";
  go_to(rehearsal, 46min);
  ASSERT_TRUE(rehearsal->workers().end_hang(0, 0));
  rehearsal->run_until(at(48min));
  ASSERT_EQ(rehearsal.count(RecordKind::report_refused), 1U);
  EXPECT_TRUE(task(rehearsal, 0).refused_success);
}

TEST(Load, lengthens_packages_when_the_ledger_says_so) {
  model::Design design = working_farm(1, 2, 2, 10min);
  design.parameters.set(model::Setting::slow_down_percent, 50, model::Origin::given, "test");
  Rehearsal rehearsal(design);
  rehearsal->run_until(at(1h));
  EXPECT_EQ(task(rehearsal, 0).finished_at - task(rehearsal, 0).picked_up_at, 10min);
  EXPECT_EQ(task(rehearsal, 1).finished_at - task(rehearsal, 1).picked_up_at, 15min);
}

TEST(Messages, wait_on_the_worker_until_ssisdb_takes_them) {
  Rehearsal rehearsal(working_farm(1, 4, 4, 5min));
  go_to(rehearsal, 31min);
  rehearsal->sql().set_log_login_orphaned(true, 0);
  rehearsal->run_until(at(40min));
  EXPECT_EQ(rehearsal.count(RecordKind::messages_kept), 4U);
  EXPECT_EQ(rehearsal->state().workers[0].unsent, 4U);
  EXPECT_EQ(task(rehearsal, 0).row.status, TaskStatus::succeeded) << "packages succeed all the same (S 5, 8)";
  go_to(rehearsal, 41min);
  rehearsal->sql().set_log_login_orphaned(false, 0);
  EXPECT_EQ(rehearsal.find(RecordKind::messages_sent)->value, 4);
  EXPECT_EQ(rehearsal->state().workers[0].unsent, 0U);
}

// ------------------------------------------------------------------------------------------------ submission

TEST(Lock, callers_beyond_ten_seconds_of_waiting_give_up) {
  // All at once, each holding the lock for a second: those whose turn would come after ten seconds get 27195 (S 1.4).
  model::Design design = working_farm(1, 10, 30, 1min);
  design.batches.front().callers = 30;
  design.parameters.set(model::Timing::create_execution_lock, model::Distribution::constant(1s), model::Origin::given,
                        "test");
  Rehearsal rehearsal(design);
  rehearsal->run_until(at(1h));
  EXPECT_EQ(rehearsal->state().tasks.size(), 11U) << "at 0, 1, ... 10 s";
  EXPECT_EQ(rehearsal.count(RecordKind::call_timed_out), 19U);
  EXPECT_EQ(rehearsal->state().batches[only].never_submitted, 19U);
  EXPECT_FALSE(rehearsal->state().batches[only].submitting);
}

TEST(Lock, an_application_that_gave_up_tries_again) {
  model::Design design = working_farm(1, 10, 30, 1min);
  design.batches.front().callers = 30;
  design.batches.front().submitter = model::Submitter::external;
  design.parameters.set(model::Timing::create_execution_lock, model::Distribution::constant(1s), model::Origin::given,
                        "test");
  Rehearsal rehearsal(design);
  rehearsal->run_until(at(1h));
  EXPECT_EQ(rehearsal->state().tasks.size(), 30U);
  EXPECT_EQ(rehearsal->state().batches[only].never_submitted, 0U);
}

TEST(Cleanup, moves_finished_jobs_after_an_hour_to_the_history_tables) {
  model::Design design = working_farm(1, 10, 5, 1min);
  for (auto& [node, settings] : design.scale_out.master.settings_by_node) settings.cleanup_interval = 30min;
  Rehearsal::Options options;
  options.horizon = 6h;
  Rehearsal rehearsal(design, options);
  rehearsal->run_until(at(6h));
  const Record* archived = rehearsal.find(RecordKind::jobs_archived);
  ASSERT_NE(archived, nullptr);
  EXPECT_EQ(archived->value, 5);
  EXPECT_GE(archived->at, task(rehearsal, 0).finished_at + 1h);
  EXPECT_LE(archived->at, task(rehearsal, 4).finished_at + 1h + 30min);
  EXPECT_TRUE(task(rehearsal, 0).archived);
  EXPECT_EQ(rehearsal->state().finished, 0U);
}

// ------------------------------------------------------------------------------------------------ what lurks

/// The reference night with a master certificate that expires at 02:00 UTC, two and a half hours after the start.
model::Design expiring(int executions) {
  model::Design design = shipped_design("expiring");
  design.batches = {batch_of(executions, 5min)};
  return design;
}

TEST(Lurking, an_expired_certificate_shows_in_a_busy_farm_when_two_calls_overlap) {
  Rehearsal rehearsal(expiring(1200));
  rehearsal->run_until(at(4h));
  const Record* lurks = rehearsal.find(RecordKind::defect_lurks);
  const Record* refused = rehearsal.find(RecordKind::second_connection_refused);
  ASSERT_TRUE(lurks && refused);
  EXPECT_EQ(static_cast<HandshakeOutcome>(lurks->value), HandshakeOutcome::master_expired);
  EXPECT_LE(refused->at, lurks->at + 10min) << "within minutes";
  EXPECT_EQ(rehearsal.count(RecordKind::worker_cut_off), 0U) << "the connections that stand go on";
}

TEST(Lurking, in_a_quiet_farm_nothing_shows) {
  Rehearsal rehearsal(expiring(0));
  rehearsal->run_until(at(4h));
  EXPECT_EQ(rehearsal.count(RecordKind::defect_lurks), rehearsal.plan().workers.size());
  EXPECT_EQ(rehearsal.count(RecordKind::worker_cut_off), 0U);
}

TEST(Lurking, a_connection_that_is_idle_between_heartbeats_does_not_come_back) {
  model::Design design = expiring(0);
  for (model::WorkerPool& pool : design.scale_out.workers) pool.settings.agent_heartbeat_interval = 3min;
  design.parameters.set(model::Setting::task_poll, Duration(10min).count(), model::Origin::given, "test");
  Rehearsal rehearsal(design);
  rehearsal->run_until(at(4h));
  const Record* closed = rehearsal.find(RecordKind::worker_cut_off);
  ASSERT_NE(closed, nullptr);
  EXPECT_EQ(static_cast<LineEnd>(closed->value), LineEnd::idle);
  EXPECT_NE(rehearsal.find(RecordKind::handshake_refused, closed->at), nullptr);
}

}  // namespace
}  // namespace rehearse::world
