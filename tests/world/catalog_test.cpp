// Stories about SSISDB's task rows: leases, the sweep, and what startup does to the executions' own rows.
#include "sim/world/catalog.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "rehearsal.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::world {
namespace {

using model::OperationStatus;
using model::TaskStatus;

constexpr HostIndex sql1 = 0;

model::Design batch_of(int executions, Duration length, int retries) {
  model::Design design = shipped_design("reference");
  design.batches.resize(1);
  model::Batch& batch = design.batches.front();
  batch.executions = executions;
  batch.duration = model::Distribution::constant(length);
  batch.retry_count = retries;
  batch.uses_instance = 0.0;
  batch.deadline.reset();
  return design;
}

void go_to(Rehearsal& rehearsal, Duration when) {
  rehearsal->run_until(at(when) - Duration(1));
  rehearsal->engine().advance_to(at(when));
}

const Record* find(const Journal& journal, RecordKind kind, Time from) {
  const auto found = std::find_if(journal.records.begin(), journal.records.end(),
                                  [&](const Record& record) { return record.kind == kind && record.at >= from; });
  return found == journal.records.end() ? nullptr : &*found;
}

/// From the death of the worker that holds the only task until the sweep takes it, over replications with phases of
/// their own; `death(u)`: how long after the pick-up, for u uniform in [0, 1).
template <class Death>
std::vector<Duration> times_until_swept(int replications, Death&& death) {
  Rehearsal base(batch_of(1, 2h, 1));
  std::vector<Duration> lengths;
  for (int replication = 0; replication < replications; ++replication) {
    World world = *base;
    Journal journal;
    world.engine().write_to(&journal);
    world.begin({5, static_cast<std::uint64_t>(replication)});
    while (find(journal, RecordKind::task_pulled, at(30min)) == nullptr) {
      if (!world.step(at(1h))) throw std::logic_error("nobody took the task");
    }
    const Record pulled = *find(journal, RecordKind::task_pulled, at(30min));
    const double u = world.engine().unit(cluster_id, "death of the worker", 0);
    const Time dead = pulled.at + death(u);
    world.run_until(dead - Duration(1));
    world.engine().advance_to(dead);
    if (!world.workers().crash_service(pulled.object, 0)) throw std::logic_error("the worker did not run");
    world.run_until(dead + 11min);
    const Record* swept = find(journal, RecordKind::task_swept, dead);
    if (swept == nullptr) throw std::logic_error("never swept");
    lengths.push_back(swept->at - dead);
  }
  std::sort(lengths.begin(), lengths.end());
  return lengths;
}

Duration mean(const std::vector<Duration>& lengths) {
  Duration sum{};
  for (const Duration length : lengths) sum += length;
  return sum / static_cast<std::int64_t>(lengths.size());
}

#ifdef NDEBUG
constexpr int deaths = 10'000;
#else
constexpr int deaths = 1'000;
#endif

TEST(Catalog, the_sweep_takes_a_dead_workers_task_after_50_to_360_seconds) {
  // Past its first heartbeat: 50 to 60 s of lease are left, the next sweep comes 0 to 300 s later; mean 205 s (S 1.7).
  // The standard deviation of one is 86.7 s: with 10,000 of them 3 s are 3.5 standard errors.
  const auto lengths =
      times_until_swept(deaths, [](double u) { return 5min + Duration(static_cast<std::int64_t>(u * 1e10)); });
  EXPECT_GE(lengths.front(), 50s);
  EXPECT_LE(lengths.back(), 360s);
  EXPECT_LE(lengths.front(), 60s);
  EXPECT_GE(lengths.back(), 350s);
  EXPECT_LE(std::chrono::abs(mean(lengths) - Duration(205s)), deaths == 10'000 ? 3s : 10s);
}

TEST(Catalog, the_sweep_takes_a_task_whose_worker_died_before_its_first_heartbeat_after_290_to_600_seconds) {
  // pull_task's own lease is five minutes whatever the worker's settings say (S 1.2, 1.7).
  const auto lengths =
      times_until_swept(deaths, [](double u) { return Duration(static_cast<std::int64_t>(u * 9.99e9)); });
  EXPECT_GE(lengths.front(), 290s);
  EXPECT_LE(lengths.back(), 600s);
  EXPECT_LE(lengths.front(), 300s);
  EXPECT_GE(lengths.back(), 590s);
}

TEST(Catalog, a_swept_task_without_attempts_left_ends_unexpectedly) {
  Rehearsal rehearsal(batch_of(1, 1h, 0));
  go_to(rehearsal, 35min);
  ASSERT_TRUE(rehearsal->workers().crash_service(rehearsal.find(RecordKind::task_pulled)->object, 0));
  rehearsal->run_until(at(45min));
  EXPECT_EQ(rehearsal->state().tasks[0].row.status, TaskStatus::failed);
  EXPECT_EQ(rehearsal->state().tasks[0].shown, OperationStatus::ended_unexpectedly);
}

TEST(Catalog, a_swept_task_goes_to_the_back_of_the_queue_and_shows_running_meanwhile) {
  // ReadyForDispatchTime = now, the execution's row untouched (S 1.5). 30 slots; the tasks of the dead worker come
  // after all that waited.
  Rehearsal rehearsal(batch_of(60, 10min, 1));
  go_to(rehearsal, 33min);
  ASSERT_TRUE(rehearsal->workers().crash_service(0, 0));
  const Record* swept = nullptr;
  while (swept == nullptr && rehearsal->step(at(40min))) swept = rehearsal.find(RecordKind::task_swept);
  ASSERT_NE(swept, nullptr);
  const TaskState& task = rehearsal->state().tasks[swept->subject.index()];
  EXPECT_EQ(task.row.status, TaskStatus::ready);
  EXPECT_EQ(task.shown, OperationStatus::running);
  const State& state = rehearsal->state();
  bool second_attempts = false;
  const ReadyQueue& queue = state.ready[0];
  for (std::size_t place = queue.head; place < queue.entries.size(); ++place) {
    const bool second = state.tasks[queue.entries[place].task].row.executed_count == 1;
    EXPECT_TRUE(second || !second_attempts) << "a first attempt stands behind a second one";
    second_attempts = second_attempts || second;
  }
  EXPECT_TRUE(second_attempts);
  EXPECT_EQ(state.tasks[queue.front().task].row.executed_count, 0);
}

TEST(Catalog, nobody_sweeps_while_the_master_hangs) {
  Rehearsal rehearsal(batch_of(1, 1h, 1));
  go_to(rehearsal, 34min);
  ASSERT_TRUE(rehearsal->masters().hang(sql1, 0));
  go_to(rehearsal, 35min);
  ASSERT_TRUE(rehearsal->workers().crash_service(rehearsal.find(RecordKind::task_pulled)->object, 0));
  rehearsal->run_until(at(3h));
  EXPECT_EQ(rehearsal.count(RecordKind::task_swept), 0U);
}

TEST(Catalog, startup_stamps_what_runs_and_waits_and_the_rows_flip_back) {
  // catalog.startup sets 2 and 5 without a process id to 6, which is every Scale Out execution; the workers go on, and
  // each row turns to 2 with the next report and to 7 in the end (S 1.7).
  Rehearsal rehearsal(batch_of(40, 20min, 1));
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->sql().crash(0));
  while (rehearsal.find(RecordKind::execution_stamped) == nullptr) ASSERT_TRUE(rehearsal->step(at(1h)));
  const Time open = rehearsal->now();
  EXPECT_EQ(open, rehearsal.find(RecordKind::ssisdb_open, at(40min))->at);
  for (const TaskState& task : rehearsal->state().tasks) {
    EXPECT_EQ(task.shown, OperationStatus::ended_unexpectedly);
    EXPECT_FALSE(model::is_terminal(task.row.status)) << "the task rows know better";
  }
  rehearsal->run_until(open + 2min);
  for (const TaskState& task : rehearsal->state().tasks) {
    // Ten wait for a slot and keep the stamp until they are dispatched.
    const bool waits = task.row.status == TaskStatus::ready;
    EXPECT_EQ(task.shown, waits ? OperationStatus::ended_unexpectedly : OperationStatus::running);
  }
  rehearsal->run_until(at(2h));
  for (const TaskState& task : rehearsal->state().tasks) {
    EXPECT_EQ(task.shown, OperationStatus::succeeded);
    EXPECT_TRUE(task.stamped);
    EXPECT_EQ(task.stamped_at, open);
    EXPECT_GT(task.stamped_for_end, open);
    EXPECT_EQ(task.row.executed_count, 1) << "nothing ran twice";
  }
}

TEST(Catalog, startup_leaves_the_rows_alone_where_stamping_is_switched_off) {
  model::Design design = batch_of(40, 20min, 1);
  design.parameters.set(model::Switch::startup_stamping, false, model::Origin::given, "test");
  Rehearsal rehearsal(design);
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->sql().crash(0));
  rehearsal->run_until(at(2h));
  EXPECT_EQ(rehearsal.count(RecordKind::execution_stamped), 0U);
}

TEST(Catalog, packages_that_work_on_the_instance_fail_with_it_and_use_up_an_attempt) {
  // behaviour.md 7, uses_instance: the first attempt failed, the second finds the instance back.
  model::Design design = batch_of(1, 10min, 1);
  design.batches.front().uses_instance = 1.0;
  Rehearsal rehearsal(design);
  go_to(rehearsal, 35min);
  ASSERT_TRUE(rehearsal->sql().crash(0));
  rehearsal->run_until(at(1h));
  const TaskState& task = rehearsal->state().tasks[0];
  EXPECT_EQ(task.row.status, TaskStatus::succeeded);
  EXPECT_EQ(task.row.executed_count, 2);
  EXPECT_FALSE(task.overlapped);
  EXPECT_TRUE(task.repeated);
}

TEST(Catalog, hands_out_tasks_in_the_order_in_which_they_became_ready) {
  // Global FIFO; Priority is ignored (S 1.5).
  Rehearsal rehearsal(batch_of(60, 10min, 0));
  rehearsal->run_until(at(2h));
  TaskIndex next = 0;
  for (const Record& record : rehearsal.journal().records) {
    if (record.kind != RecordKind::task_pulled) continue;
    EXPECT_EQ(record.subject.index(), next++);
  }
  EXPECT_EQ(next, 60U);
}

TEST(Catalog, no_worker_holds_more_than_max_task_count) {
  // 3 workers x 10 (S 1.2); a full worker asks again when a task is done.
  Rehearsal rehearsal(batch_of(100, 10min, 0));
  rehearsal->run_until(at(35min));
  for (WorkerIndex worker = 0; worker < 3; ++worker) EXPECT_EQ(rehearsal->state().workers[worker].held, 10);
  EXPECT_EQ(rehearsal->state().ready_count, 70U);
}

}  // namespace
}  // namespace rehearse::world
