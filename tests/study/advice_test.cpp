// Setting advice: false failovers from episodes, and the front.
#include "sim/study/advice.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <iostream>

#include "sim/core/sampler.hpp"
#include "studied_worlds.hpp"

namespace rehearse::sim {
namespace {

using model::Setting;

FalseFailovers with_threshold(std::int64_t beats, std::uint64_t years) {
  Scenario scenario;
  scenario.design = shipped_design("cluster/designs/two_nodes");
  scenario.start = model::parse_date("2027-03-01T10:00:00Z").value();
  scenario.design.parameters.set(Setting::same_subnet_threshold, beats, model::Origin::given, "test");
  return count_false_failovers(prepare_for_false_failovers(scenario), 17, 0, years);
}

TEST(Advice, false_failovers_are_the_episodes_that_outlast_the_threshold) {
  // A node is silent from its last beat, up to a second before the episode, until it goes on: an episode that lasts
  // longer than the threshold is found, one that is a beat shorter is not.
  constexpr std::uint64_t years = 400;
  const FalseFailovers count = with_threshold(5, years);
  const auto share_beyond = [](const model::Distribution& length, double seconds) {
    const core::Sampler sampler(length);
    double low = 0, high = 1;
    for (int i = 0; i < 60; ++i) {
      const double middle = (low + high) / 2;
      (std::chrono::duration<double>(sampler.at(middle)).count() < seconds ? low : high) = middle;
    }
    return 1 - low;
  };
  const model::Parameters parameters;
  const auto expected = [&](double seconds) {
    return 2 * (12 * share_beyond(parameters[model::Timing::node_pause], seconds) +
                6 * share_beyond(parameters[model::Timing::network_burst], seconds));
  };
  const statistics::Estimate rate = rate_of(count, 0.9999);
  std::cout << "seed 17: " << rate.value << " a year, between " << expected(5.5) << " and " << expected(4) << "\n";
  EXPECT_LE(rate.interval.low, expected(4));
  EXPECT_GT(rate.value, 0.25 * expected(5.5)) << "an owner's episodes at least end in a failover";
  EXPECT_NEAR(static_cast<double>(count.episodes) / years, 36, 2);
}

TEST(Advice, a_more_patient_cluster_has_fewer_false_failovers) {
  const FalseFailovers hasty = with_threshold(5, 60), patient = with_threshold(20, 60);
  EXPECT_GT(hasty.failovers, 3 * patient.failovers);
  EXPECT_NEAR(static_cast<double>(hasty.episodes), static_cast<double>(patient.episodes), 60)
      << "both meet the same episodes, but for those that find a node away";
}

TEST(Advice, counts_of_parts_add_up) {
  Scenario scenario;
  scenario.design = shipped_design("cluster/designs/two_nodes_threshold_5");
  scenario.start = model::parse_date("2027-03-01T10:00:00Z").value();
  const Prepared prepared = prepare_for_false_failovers(scenario);
  FalseFailovers parts = count_false_failovers(prepared, 1, 0, 3);
  parts.add(count_false_failovers(prepared, 1, 3, 10));
  EXPECT_EQ(parts, count_false_failovers(prepared, 1, 0, 10));
}

SettingOption option(const std::string& name, double outage, double failovers, double half = 0) {
  return {name, {outage, {outage - half, outage + half}}, {failovers, {failovers - half, failovers + half}}};
}

TEST(Advice, the_front_holds_what_nothing_beats_in_both) {
  const std::vector<SettingOption> options = {option("slow", 60, 1), option("fast", 20, 9), option("worse", 65, 2),
                                              option("between", 40, 3), option("twin", 40, 3)};
  EXPECT_EQ(front_of(options), (std::vector<std::size_t>{1, 3, 4, 0}));
  const std::vector<OptionStanding> standings = pareto(options);
  EXPECT_EQ(standings[2].standing, Standing::dominated);
  EXPECT_EQ(standings[2].by, 0U);
}

TEST(Advice, what_the_intervals_do_not_settle_is_unclear) {
  const std::vector<SettingOption> options = {option("a", 40, 3, 2), option("b", 41, 4, 2), option("c", 60, 9, 2),
                                              option("d", 40, 8, 2)};
  const std::vector<OptionStanding> standings = pareto(options);
  EXPECT_EQ(standings[0].standing, Standing::on_front);
  EXPECT_EQ(standings[1].standing, Standing::unclear);
  EXPECT_EQ(standings[2].standing, Standing::dominated);
  EXPECT_EQ(standings[2].by, 0U);
  EXPECT_EQ(standings[3].standing, Standing::dominated) << "equal outages are settled, the failovers are apart";
}

}  // namespace
}  // namespace rehearse::sim
