// Capacity: the smallest farm that gets a batch done, found with confidence. Verdicts at 99.9 %; seeds are fixed.
#include "sim/study/capacity.hpp"

#include <gtest/gtest.h>

#include <iostream>

#include "sim/scenario/runner.hpp"
#include "sim/study/drain.hpp"
#include "studied_worlds.hpp"

namespace rehearse::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// A batch of packages of one length that fills the slots of some workers in whole waves. It is due at 21:00.
Scenario wave(int executions, Duration package, std::chrono::seconds deadline, int workers = 3) {
  Scenario scenario;
  scenario.design = shipped_design("scale_out/designs/capacity_three_workers");
  model::Batch& batch = scenario.design.batches.front();
  batch.at = hours(21);
  batch.executions = executions;
  batch.callers = 20;  // the lock of create_execution is no subject here
  batch.duration = model::Distribution::constant(package);
  batch.deadline = deadline;
  scenario.start = model::parse_date("2027-03-01T20:00:00Z").value();
  scenario.duration = hours(8);
  scenario.deploy = Deploy::installed;
  return with_workers(scenario, static_cast<std::uint32_t>(workers), std::nullopt);
}

CapacityQuestion question() {
  CapacityQuestion question;
  question.batch = "nightly";
  question.most = 9;
  question.failover = false;
  question.confidence = 0.999;
  question.most_replications = 512;
  question.seed = 3;
  return question;
}

TEST(Capacity, the_fewest_workers_are_those_whose_slots_take_the_batch_in_time) {
  // 60 packages of 30 minutes within 75 minutes: two waves, so 30 slots, which is three workers of ten.
  const CapacityAnswer answer = find_capacity(question(), wave(60, minutes(30), hours(22) + minutes(15)));
  ASSERT_EQ(answer.rows.size(), 1U);
  EXPECT_EQ(answer.rows[0].enough, 3U);
  EXPECT_EQ(answer.rows[0].not_enough, 2U);
  EXPECT_TRUE(answer.rows[0].settled(question()));
  for (const CapacityVerdict& verdict : answer.tried) EXPECT_NE(verdict.sufficient, Sufficient::unknown);
}

TEST(Capacity, workers_that_are_down_are_made_up_for) {
  CapacityQuestion asked = question();
  asked.workers_down = 2;
  const CapacityAnswer answer = find_capacity(asked, wave(60, minutes(30), hours(22) + minutes(15)));
  EXPECT_EQ(answer.rows.at(0).enough, 5U);
}

TEST(Capacity, fewer_slots_a_worker_need_more_workers) {
  CapacityQuestion asked = question();
  asked.max_task_counts = {10, 5};
  const CapacityAnswer answer = find_capacity(asked, wave(60, minutes(30), hours(22) + minutes(15)));
  ASSERT_EQ(answer.rows.size(), 2U);
  EXPECT_EQ(answer.rows[0].enough, 3U);
  EXPECT_EQ(answer.rows[1].enough, 6U);
}

TEST(Capacity, a_failover_at_the_worst_moment_costs_what_it_delays) {
  // Two waves of twenty minutes within 41 leave room for what takes seconds, and none for a failover.
  CapacityQuestion asked = question();
  const Scenario scenario = wave(60, minutes(20), hours(21) + minutes(41));
  const CapacityAnswer calm = find_capacity(asked, scenario);
  asked.failover = true;
  const CapacityAnswer lost = find_capacity(asked, scenario);
  ASSERT_TRUE(calm.rows.at(0).enough);
  EXPECT_EQ(calm.rows[0].enough, 3U);
  // Only who needs one wave has time to spare.
  EXPECT_EQ(lost.rows.at(0).enough, 6U);
  EXPECT_EQ(lost.rows[0].not_enough, 5U);
  EXPECT_FALSE(calm.rows[0].drain);
  ASSERT_TRUE(lost.rows[0].drain);
  EXPECT_EQ(lost.rows[0].drain->count() + lost.rows[0].drain->none, 64U);
  for (const CapacityVerdict& verdict : lost.tried) {
    ASSERT_TRUE(verdict.failover_at);
    EXPECT_GT(*verdict.failover_at, hours(1));
    std::cout << verdict.workers << " workers: " << to_text(verdict.sufficient) << ", " << verdict.in_time << " of "
              << verdict.replications << " in time\n";
  }
}

TEST(Capacity, what_is_too_near_the_target_stays_unknown_and_says_what_it_would_take) {
  // The packages' length is drawn: the chance that all of 10 end within the time is 0.9 each to the tenth, 0.35.
  Scenario scenario = wave(10, minutes(30), hours(22), 1);
  scenario.design.batches.front().duration = model::Distribution::uniform(minutes(0), minutes(64));
  CapacityQuestion asked = question();
  asked.most = 1;
  asked.most_replications = 64;
  asked.target = 0.5;
  const CapacityAnswer first = find_capacity(asked, scenario);
  ASSERT_EQ(first.tried.size(), 1U);
  asked.target = static_cast<double>(first.tried[0].in_time) / static_cast<double>(first.tried[0].replications) + 0.01;
  const CapacityAnswer answer = find_capacity(asked, scenario);
  ASSERT_EQ(answer.tried.size(), 1U);
  EXPECT_EQ(answer.tried[0].sufficient, Sufficient::unknown);
  ASSERT_TRUE(answer.tried[0].would_need);
  EXPECT_GT(*answer.tried[0].would_need, 64);
  EXPECT_FALSE(answer.rows[0].enough);
  EXPECT_FALSE(answer.rows[0].settled(asked));
}

TEST(Capacity, threads_change_nothing) {
  CapacityQuestion asked = question();
  const Scenario scenario = wave(60, minutes(30), hours(22) + minutes(15));
  const CapacityAnswer one = find_capacity(asked, scenario);
  asked.threads = 3;
  const CapacityAnswer three = find_capacity(asked, scenario);
  ASSERT_EQ(one.tried.size(), three.tried.size());
  for (std::size_t i = 0; i < one.tried.size(); ++i) {
    EXPECT_EQ(one.tried[i].in_time, three.tried[i].in_time);
    EXPECT_EQ(one.tried[i].interval, three.tried[i].interval);
  }
}

TEST(Capacity, questions_that_cannot_be_asked_are_told_with_all_their_problems) {
  Scenario scenario = wave(60, minutes(30), hours(22));
  CapacityQuestion asked = question();
  EXPECT_TRUE(problems_of(asked, scenario).empty());
  asked.batch = "monthly";
  asked.fewest = 5;
  asked.most = 4;
  asked.target = 1;
  EXPECT_EQ(problems_of(asked, scenario).size(), 3U);
  scenario.design.batches.front().deadline.reset();
  EXPECT_EQ(problems_of(question(), scenario).size(), 1U);
  EXPECT_THROW(find_capacity(asked, scenario), std::logic_error);
}

TEST(Capacity, an_interrupted_search_stops) {
  CapacityQuestion asked = question();
  asked.interrupted = [] { return true; };
  EXPECT_THROW(find_capacity(asked, wave(60, minutes(30), hours(22))), Interrupted);
}

TEST(Capacity, what_waits_after_an_outage_drains_no_sooner_with_fewer_workers) {
  const auto drained = [](int workers) {
    Scenario scenario = wave(200, minutes(5), hours(23), workers);
    TimelineEntry crash;
    crash.fault = FaultKind::sql_crash;
    crash.at = hours(1) + minutes(10);
    scenario.timeline = {crash};
    return drain_times(scenario, 5, 0, 40);
  };
  const Distribution two = drained(2), six = drained(6);
  EXPECT_EQ(two.count() + two.none, 40U);
  ASSERT_GT(two.count(), 20U);
  EXPECT_EQ(two.at_least.count(), 0U);
  // 200 packages of five minutes in 20 slots take 50 minutes, of which 40 are left after ten.
  EXPECT_NEAR(two.moments.mean() / 60e9, 37, 8);
  EXPECT_LT(six.moments.mean(), two.moments.mean());
}

}  // namespace
}  // namespace rehearse::sim
