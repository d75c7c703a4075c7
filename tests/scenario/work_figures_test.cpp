#include "sim/scenario/work_figures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hand_made_run.hpp"
#include "sim/report/work_text.hpp"
#include "sim/scenario/task_counts.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using world::batch_id;
using world::none;
using world::RecordKind;
using world::task_id;
using world::worker_id;

constexpr std::int64_t failed = 4, succeeded = 5;
constexpr std::int64_t ready = 1;

/// The small farm: two workers of two slots each.
class Farm : public HandMade {
 public:
  explicit Farm(const model::Design& design = small_design()) : HandMade(design) {
    for (const world::WorkerIndex worker : {wrk1, wrk2}) {
      before(RecordKind::worker_setting, worker_id(worker), static_cast<std::uint32_t>(world::WorkerField::max_tasks),
             2);
      before(RecordKind::worker_service_started, worker_id(worker));  // settings files count from a start on
    }
  }

  void create(Duration at, std::uint32_t task, std::uint32_t source = 0, std::int64_t number = 0) {
    tell(at, RecordKind::execution_created, task_id(task), 0, source, number);
  }
  void pull(Duration at, std::uint32_t task, world::WorkerIndex worker, std::int64_t slot = 0) {
    tell(at, RecordKind::task_pulled, task_id(task), 0, worker, slot);
  }
  void report(Duration at, std::uint32_t task, world::WorkerIndex worker, std::uint32_t slot = 0,
              std::int64_t status = succeeded) {
    const std::uint32_t place = worker * plan().slots_per_worker + slot;
    tell(at, RecordKind::package_ended, task_id(task), 0, place, status == succeeded);
    tell(at, RecordKind::task_reported, task_id(task), 0, place, status);
  }
  WorkFigures figures(Duration end) const { return work_figures(plan(), first(), journal(), last(), core::Time(end)); }
};

TEST(WorkFigures, of_a_night_without_work_there_are_none) {
  const WorkFigures work = Farm().figures(1h);
  EXPECT_EQ(work.wait.of, 0U);
  EXPECT_EQ(work.queue.longest, 0U);
  EXPECT_EQ(work.queue.longest_at, core::never);
  EXPECT_EQ(work.utilisation, std::nullopt);
  EXPECT_FALSE(work.overlap.going_on);
}

TEST(WorkFigures, waiting_ends_with_the_first_pick_up) {
  Farm farm;
  for (std::uint32_t task = 0; task < 4; ++task) farm.create(10min, task);
  farm.pull(11min, 0, wrk1);
  farm.pull(12min, 1, wrk2);
  farm.pull(20min, 2, wrk2, 1);
  const WorkFigures::Wait wait = farm.figures(30min).wait;
  EXPECT_EQ(wait.of, 4U);
  EXPECT_EQ(wait.still_waiting, 1U);
  EXPECT_EQ(wait.mean, Duration(1min + 2min + 10min + 20min) / 4);
  EXPECT_EQ(wait.p50, 2min);
  EXPECT_EQ(wait.p95, 20min);
  EXPECT_EQ(wait.longest, 20min);
}

TEST(WorkFigures, a_second_pick_up_is_no_waiting_and_an_execution_stopped_in_the_queue_neither) {
  model::Design design = small_design();
  design.batches.front().retry_count = 1;
  Farm farm(design);
  farm.create(10min, 0);
  farm.create(10min, 1);
  farm.tell(11min, RecordKind::execution_stopped, task_id(1), 0);
  farm.pull(12min, 0, wrk1);
  farm.report(13min, 0, wrk1, 0, failed);
  farm.pull(20min, 0, wrk2);
  const WorkFigures::Wait wait = farm.figures(30min).wait;
  EXPECT_EQ(wait.of, 1U);
  EXPECT_EQ(wait.longest, 2min);
}

TEST(WorkFigures, the_queue_is_what_is_ready_over_time) {
  Farm farm;
  farm.create(10min, 0);
  farm.create(10min, 1);
  farm.create(20min, 2);
  farm.pull(20min, 0, wrk1);
  farm.pull(30min, 1, wrk1, 1);
  const WorkFigures::Queue queue = farm.figures(40min).queue;
  EXPECT_DOUBLE_EQ(queue.mean, (2.0 * 10 + 2.0 * 10 + 1.0 * 10) / 40);
  EXPECT_EQ(queue.longest, 3U);
  EXPECT_EQ(queue.longest_at, core::Time(20min));
  EXPECT_EQ(queue.at_end, 1U);
}

TEST(WorkFigures, utilisation_is_of_enabled_workers_while_there_is_work) {
  Farm farm;
  farm.create(10min, 0);  // two slots of four, after ten minutes of none
  farm.pull(20min, 0, wrk1);
  farm.tell(30min, RecordKind::worker_disabled, worker_id(wrk2), 0);  // one of two
  farm.report(40min, 0, wrk1);                                        // nothing to do any more
  const WorkFigures work = farm.figures(2h);
  ASSERT_TRUE(work.utilisation);
  EXPECT_DOUBLE_EQ(*work.utilisation, (0.0 * 10 + 1.0 * 10 + 1.0 * 10) / (4.0 * 10 + 4.0 * 10 + 2.0 * 10));
}

TEST(WorkFigures, a_disabled_worker_takes_what_it_holds_out_of_the_figure) {
  Farm farm;
  for (const world::WorkerIndex worker : {wrk1, wrk2}) {
    farm.create(10min, worker);
    farm.pull(10min, worker, worker);
  }
  farm.tell(20min, RecordKind::worker_disabled, worker_id(wrk1), 0);
  farm.report(30min, 0, wrk1);
  EXPECT_DOUBLE_EQ(*farm.figures(40min).utilisation, (2.0 * 10 + 1.0 * 10 + 1.0 * 10) / (4.0 * 10 + 2.0 * 20));
}

TEST(WorkFigures, two_packages_of_one_execution_overlap_until_one_ends) {
  model::Design design = small_design();
  design.batches.front().retry_count = 2;
  Farm farm(design);
  const std::uint32_t slot = wrk1 * farm.plan().slots_per_worker;
  farm.create(10min, 0);
  farm.create(10min, 1);
  farm.pull(10min, 0, wrk1);
  farm.pull(10min, 1, wrk1, 1);
  farm.tell(12min, RecordKind::lease_frozen, task_id(0), 0, slot, core::Time(11min).time_since_epoch().count());
  farm.tell(12min, RecordKind::lease_frozen, task_id(1), 0, slot + 1, core::Time(11min).time_since_epoch().count());
  farm.tell(20min, RecordKind::task_swept, task_id(0), 0, none, ready);
  farm.tell(20min, RecordKind::task_swept, task_id(1), 0, none, ready);
  farm.pull(21min, 0, wrk2);
  farm.pull(22min, 1, wrk2, 1);
  farm.tell(29min, RecordKind::package_killed, task_id(0), 0, slot, 0);
  WorkFigures work = farm.figures(30min);
  EXPECT_EQ(work.overlap.longest, 8min);
  EXPECT_EQ(work.overlap.total, 16min);
  EXPECT_TRUE(work.overlap.going_on);
  farm.tell(31min, RecordKind::package_killed, task_id(1), 0, slot + 1, 0);
  work = farm.figures(2h);
  EXPECT_EQ(work.overlap.longest, 9min);
  EXPECT_EQ(work.overlap.total, 17min);
  EXPECT_FALSE(work.overlap.going_on);
}

TEST(WorkFigures, a_stamp_lasts_until_the_execution_shows_something_else) {
  Farm farm;
  farm.create(10min, 0);
  farm.pull(11min, 0, wrk1);
  farm.tell(12min, RecordKind::execution_stamped, task_id(0), 0);
  EXPECT_TRUE(farm.figures(13min).stamped.going_on);
  farm.report(17min, 0, wrk1);
  const WorkFigures work = farm.figures(1h);
  EXPECT_EQ(work.stamped.longest, 5min);
  EXPECT_FALSE(work.stamped.going_on);
}

TEST(WorkFigures, late_is_what_ended_after_its_deadline_or_has_not_when_that_has_passed) {
  Farm farm;  // due at +90 min
  for (std::uint32_t task = 0; task < 3; ++task) {
    farm.create(30min, task);
    farm.pull(30min, task, task == 2 ? wrk2 : wrk1, task % 2);
  }
  farm.report(90min, 0, wrk1, 0);
  EXPECT_EQ(farm.figures(90min).late, 0U);
  farm.report(90min + 1s, 1, wrk1, 1);
  EXPECT_EQ(farm.figures(2h).late, 2U);
}

TEST(WorkFigures, calls_refusals_and_messages_are_counted) {
  Farm farm;
  farm.create(30min, 0);
  farm.pull(31min, 0, wrk1);
  farm.tell(31min, RecordKind::call_timed_out, batch_id(0), 0, none, 0);
  farm.tell(32min, RecordKind::call_timed_out, batch_id(0), 0, none, 1);
  farm.tell(33min, RecordKind::submit_refused, batch_id(0), 0, 0, 27243);
  farm.tell(34min, RecordKind::messages_kept, task_id(0), 0, wrk1 * farm.plan().slots_per_worker);
  const WorkFigures work = farm.figures(1h);
  EXPECT_EQ(work.timed_out, 2U);
  EXPECT_EQ(work.refused, 1U);
  EXPECT_EQ(work.messages_kept, 1U);
  farm.tell(1h, RecordKind::messages_sent, worker_id(wrk1), 0, none, 1);
  EXPECT_EQ(farm.figures(2h).messages_kept, 0U);
}

// ---- sources that are no batch

model::Design with_rate_and_history() {
  model::Design design = small_design();
  model::Rate rate;
  rate.name = "orders";
  rate.per_hour = 10;
  rate.deadline_after = 10min;
  design.rates.push_back(rate);
  model::History history;
  history.name = "last March";
  history.deadline_after = 20min;
  history.starts = Date(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1));
  for (const Duration after : {Duration(40min), Duration(50min), Duration(3h)}) {
    model::HistoryRow row;
    row.created = *history.starts + after;
    row.run = 1min;
    history.rows.push_back(row);
  }
  design.histories.push_back(history);
  return design;
}
constexpr std::uint32_t rate = 1, history = 2;

TEST(WorkFigures, each_kind_of_source_has_its_own_deadlines) {
  Farm farm(with_rate_and_history());
  farm.create(30min, 0, rate, 0);
  farm.create(45min, 1, history, 0);  // it arrived at +40 min
  farm.create(51min, 2, history, 1);
  const world::State last = farm.last();
  EXPECT_EQ(deadline_of(last.tasks[0], farm.plan()), core::Time(40min));
  EXPECT_EQ(deadline_of(last.tasks[1], farm.plan()), core::Time(60min));
  EXPECT_EQ(farm.figures(65min).late, 2U);
}

TEST(TaskCounts, a_rate_plans_no_number_and_a_history_its_arrivals) {
  Farm farm(with_rate_and_history());
  EXPECT_EQ(count_tasks(farm.plan(), farm.last(), core::Time(29min)).planned, 0U);
  EXPECT_EQ(count_tasks(farm.plan(), farm.last(), core::Time(1h)).planned, 3U + 2U);
  for (std::uint32_t task = 0; task < 5; ++task) farm.create(30min, task, rate, task);
  farm.create(40min, 5, history, 0);
  const TaskCounts counts = count_tasks(farm.plan(), farm.last(), core::Time(1h));
  EXPECT_EQ(counts.coming, 3U + 1U) << "what a rate has submitted makes up for nothing of the others";
  const std::vector<std::uint32_t> calls = {0, 2, 1};
  EXPECT_EQ(count_tasks(farm.plan(), farm.last(), core::Time(1h), calls).coming, 3U + 1U + 2U);
}

TEST(BatchDays, only_batches_have_days_and_their_makespan_begins_when_they_are_due) {
  Farm farm(with_rate_and_history());
  farm.create(30min, 0, rate, 0);
  for (std::uint32_t task = 1; task < 4; ++task) {
    farm.create(31min, task);
    farm.pull(32min, task, wrk1);
    farm.report(32min + task * 1min, task, wrk1);
    farm.tell(32min + task * 1min, RecordKind::worker_reporting, worker_id(wrk1), 0);
  }
  const auto days = batch_days(farm.plan(), farm.last(), core::Time(1h));
  ASSERT_THAT(days, testing::SizeIs(1));
  EXPECT_EQ(days[0].makespan(), std::optional<Duration>(5min));
}

// ---- in the account

TEST(WorkText, tells_waits_queue_and_slots_and_only_the_troubles_that_there_are) {
  Farm farm;
  for (std::uint32_t task = 0; task < 2; ++task) farm.create(30min, task);
  farm.pull(31min, 0, wrk1);
  farm.report(36min, 0, wrk1);
  EXPECT_THAT(work_paragraphs(farm.result(40min)),
              ElementsAre(HasSubstr("3 planned, 2 submitted"), HasSubstr("Lost 0"),
                          "Waited for pick-up: 5m30.000s on average, half of them 1m00.000s or less, 95 % 10m00.000s "
                          "or less, the longest 10m00.000s; 1 still wait, counted with their time so far. Queue: 0.3 "
                          "on average, at most 2 at +30m00.000s. Slots: 12 % busy while there was work."));
  farm.tell(41min, RecordKind::call_timed_out, batch_id(0), 0, none, 0);
  EXPECT_THAT(work_paragraphs(farm.result(2h)), testing::Contains("Late: 1; calls that timed out (27195): 1."));
}

TEST(WorkText, a_rate_has_no_plan_to_be_told) {
  model::Design design = with_rate_and_history();
  design.batches.clear();
  design.histories.clear();
  Farm farm(design);
  EXPECT_THAT(work_paragraphs(farm.result(1h)), testing::IsEmpty());
  farm.create(30min, 0);
  EXPECT_THAT(work_paragraphs(farm.result(1h)).front(), testing::StartsWith("1 submitted, 0 never submitted;"));
}

}  // namespace
}  // namespace rehearse::sim
