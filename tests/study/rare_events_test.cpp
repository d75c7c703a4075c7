// Rare events of the simulated world: against closed forms where its parameters make it a textbook system, and
// splitting against plain Monte Carlo at the default rates. Intervals are at 99.99 %: a right program fails a
// comparison with probability 1e-4. Seeds are fixed and printed.
#include "sim/study/rare_events.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <iostream>

#include "repairable_machines.hpp"
#include "sim/study/statistics.hpp"
#include "studied_worlds.hpp"

namespace rehearse::sim {
namespace {

using core::Time;
using model::Distribution;
using model::Timing;
using std::chrono::hours;
using world::RecordKind;

constexpr double confidence = 0.9999;

/// Machines that crash and boot with exponential times, in hours; nothing else happens.
model::Design textbook(const std::string& name, int per_crash, int per_boot) {
  model::Design design = without_workload(shipped_design(name));
  const auto set = [&](Timing timing, int mean) {
    design.parameters.set(timing, Distribution::exponential(hours(mean)), model::Origin::given, "test");
  };
  set(Timing::between_node_crashes, per_crash);
  set(Timing::boot_virtual, per_boot);
  set(Timing::boot_physical, per_boot);
  return design;
}

RareTally run(const RareSetup& setup, std::uint64_t batches) {
  RareWorker worker(setup);
  RareTally tally;
  for (std::uint64_t batch = 0; batch < batches; ++batch) tally.merge(worker.run(batch));
  return tally;
}

void tell(const RareResult& result, std::uint64_t seed, double exact) {
  std::cout << to_text(result.event) << ", seed " << seed << ": exact " << exact << ", splitting "
            << result.splitting.probability;
  if (result.splitting.interval) {
    std::cout << " [" << result.splitting.interval->low << ", " << result.splitting.interval->high << "]";
  }
  std::cout << " of " << result.tally.splitting.hit_roots << " roots hit, plain " << result.plain.probability << " ["
            << result.plain.interval->low << ", " << result.plain.interval->high << "] of " << result.tally.plain_hits
            << " hits\n";
}

TEST(RareEvents, both_nodes_down_agrees_with_one_out_of_two) {
  const Prepared prepared = studied_world(textbook("cluster/designs/two_nodes", 1000, 2), hours(2000));
  const double exact = probability_of_loss({2, 2, 2, 1000, 2}, 2000);
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    RareStudy study{RareEvent::all_nodes_down, RandomFaults().with(RandomFault::node_crash), hours(2000), {20}, seed};
    study.roots = 20;
    study.plain = 200;
    const RareSetup setup(prepared, study);
    const RareResult result = rare_result(study, run(setup, 40), confidence);
    tell(result, seed, exact);
    ASSERT_TRUE(result.splitting.interval);
    EXPECT_TRUE(result.splitting.interval->holds(exact));
    EXPECT_TRUE(result.plain.interval->holds(exact));
    EXPECT_NE(result.agreement, Agreement::differ);
    EXPECT_LT(result.splitting.interval->half_width(), exact);
  }
}

TEST(RareEvents, quorum_of_three_static_votes_agrees_with_two_out_of_three) {
  model::Design design = textbook("cluster/designs/three_nodes", 2000, 4);
  design.cluster.witness = {};
  design.parameters.set(model::Setting::dynamic_quorum, 0, model::Origin::given, "test");
  const Prepared prepared = studied_world(design, hours(2000));
  // The cluster needs some 30 s to see a node go and to take it in again, of 4 hours: less than a percent.
  const double exact = probability_of_loss({3, 3, 2, 2000, 4}, 2000);
  for (const std::uint64_t seed : {4U, 5U, 6U}) {
    RareStudy study{RareEvent::quorum_lost, RandomFaults().with(RandomFault::node_crash), hours(2000), {20}, seed};
    study.roots = 20;
    study.plain = 200;
    const RareSetup setup(prepared, study);
    const RareResult result = rare_result(study, run(setup, 40), confidence);
    tell(result, seed, exact);
    ASSERT_TRUE(result.splitting.interval);
    EXPECT_LE(result.splitting.interval->low, 1.01 * exact);
    EXPECT_GE(result.splitting.interval->high, 0.99 * exact);
    EXPECT_TRUE(result.plain.interval->holds(exact));
    EXPECT_NE(result.agreement, Agreement::differ);
    EXPECT_LT(result.splitting.interval->half_width(), exact);
  }
}

TEST(RareEvents, the_time_that_a_node_has_power_is_the_two_state_availability) {
  const Prepared prepared = studied_world(textbook("cluster/designs/two_nodes", 100, 5), hours(20000));
  const EpisodePlan plan(prepared.plan, RandomFaults().with(RandomFault::node_crash));
  Episodes episodes(plan);
  const double one = availability({1, 1, 1, 100, 5}), two = availability({2, 2, 2, 100, 5});
  for (const std::uint64_t seed : {7U, 8U, 9U}) {
    std::vector<double> powered, either;
    for (std::uint64_t replication = 0; replication < 40; ++replication) {
      world::World world = prepared.world;
      world::Journal journal;
      world.engine().write_to(&journal);
      world.begin({seed, replication});
      episodes.begin({seed, replication}, world.now());
      const Time end{hours(20000)};
      play(episodes, world, end);
      Duration out{}, both_out{};
      unsigned down = 0;
      Time before{};
      const auto pass = [&](Time now) {
        out += down * (now - before);
        if (down == 2) both_out += now - before;
        before = now;
      };
      for (const world::Record& record : journal.records) {
        const bool crash = record.kind == RecordKind::host_bugchecked;
        if (!crash && record.kind != RecordKind::host_booted) continue;
        pass(record.at);
        down += crash ? 1 : -1U;
      }
      pass(end);
      const double length = std::chrono::duration<double>(hours(20000)).count();
      powered.push_back(1 - std::chrono::duration<double>(out).count() / (2 * length));
      either.push_back(1 - std::chrono::duration<double>(both_out).count() / length);
    }
    const auto node = statistics::mean_interval(statistics::moments_of(powered), confidence);
    const auto pair = statistics::mean_interval(statistics::moments_of(either), confidence);
    std::cout << "seed " << seed << ": a node " << node->value << ", exact " << one << "; one of two " << pair->value
              << ", exact " << two << "\n";
    // All up at the start favours the shares by at most a repair in 20,000 hours.
    constexpr double start = 5.0 / 20000;
    EXPECT_GE(node->interval.high, one);
    EXPECT_LE(node->interval.low, one + start);
    EXPECT_GE(pair->interval.high, two);
    EXPECT_LE(pair->interval.low, two + start);
  }
}

TEST(RareEvents, splitting_agrees_with_plain_monte_carlo_at_the_default_rates) {
  const Prepared prepared = studied_world(without_workload(shipped_design("designs/reference")));
  RareStudy study{RareEvent::quorum_lost, RandomFaults::default_rates(), year, {}, 2027};
  study.roots = 6;
  study.plain = 150;
  const RareSetup setup(prepared, study);
  const RareResult result = rare_result(study, run(setup, 20), confidence);
  tell(result, study.seed, -1);
  EXPECT_NE(result.agreement, Agreement::differ);
}

TEST(RareEvents, a_batch_is_a_function_of_its_number) {
  const Prepared prepared = studied_world(textbook("cluster/designs/two_nodes", 300, 5), hours(2000));
  RareStudy study{RareEvent::all_nodes_down, RandomFaults().with(RandomFault::node_crash), hours(2000), {8}, 5};
  study.roots = 10;
  study.plain = 20;
  const RareSetup setup(prepared, study);
  RareWorker first(setup), second(setup);
  const RareTally zero = first.run(0), one = first.run(1);
  EXPECT_EQ(second.run(1), one);
  EXPECT_EQ(second.run(0), zero);
  EXPECT_NE(zero, one);
  RareTally there = zero, back = one;
  there.merge(one);
  back.merge(zero);
  EXPECT_EQ(there, back);
  EXPECT_EQ(RareTally::of(there.cells()), there);
  EXPECT_THROW(RareTally::of(Tally()), std::logic_error);
}

TEST(RareEvents, lost_work_is_what_the_counts_of_a_run_say) {
  model::Design design = shipped_design("scale_out/designs/short_batch");
  for (const Timing timing : {Timing::between_node_crashes, Timing::between_sql_crashes, Timing::between_master_crashes,
                              Timing::between_worker_host_crashes}) {
    design.parameters.set(timing, Distribution::exponential(hours(12)), model::Origin::given, "test");
  }
  const Prepared prepared = studied_world(design, hours(48));
  RareStudy study{RareEvent::work_lost, RandomFaults::default_rates(), hours(48), {3, 3}, 12};
  study.roots = 10;
  study.plain = 100;
  const RareSetup setup(prepared, study);
  const RareResult result = rare_result(study, run(setup, 20), confidence);
  tell(result, study.seed, -1);
  EXPECT_GT(result.tally.plain_hits, 0U);
  EXPECT_LT(result.tally.plain_hits, result.tally.plain);
  EXPECT_EQ(result.agreement, Agreement::agree);
}

TEST(RareEvents, what_cannot_be_studied_is_told) {
  model::Design design = shipped_design("designs/reference");
  EXPECT_EQ(RareSetup::problem_of(design, RareEvent::work_lost, RandomFaults::default_rates()), "");
  EXPECT_NE(RareSetup::problem_of(without_workload(design), RareEvent::work_lost, RandomFaults::default_rates()), "");
  design.parameters.set(Timing::between_node_crashes, Distribution::weibull(hours(100), 2), model::Origin::given, "t");
  const std::string problem = RareSetup::problem_of(design, RareEvent::quorum_lost, RandomFaults::default_rates());
  EXPECT_NE(problem.find("between_node_crashes"), std::string::npos) << problem;
  EXPECT_EQ(RareSetup::problem_of(design, RareEvent::quorum_lost, RandomFaults::harmless()), "");
  EXPECT_NEAR(RareResult::in_a_year(0.01, hours(24 * 73)), 1 - std::pow(0.99, 5), 1e-12);
  EXPECT_EQ(rare_event_from("quorum_lost"), RareEvent::quorum_lost);
  EXPECT_FALSE(rare_event_from("quorum"));
}

}  // namespace
}  // namespace rehearse::sim
