// The intervals against values that are printed in textbooks and tables, and against what they promise: the share of
// experiments, drawn with the simulator's own random numbers, in which the interval holds the truth. An experiment's
// share of N has standard deviation s = sqrt(c (1 - c) / N); it is allowed 4.5 s, which a right interval leaves with
// probability 7e-6. Seeds are fixed, so a test that passes once always does.
#include "sim/study/statistics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "sim/core/math.hpp"
#include "sim/core/random.hpp"

namespace rehearse::sim::statistics {
namespace {

/// Uniform numbers in (0, 1) of one experiment.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t experiment) : key_{seed, experiment} {}
  double unit() { return core::unit(core::draw(key_, stream_, ordinal_++)); }
  double normal() { return core::inverse_normal(unit()); }
  double exponential() { return -core::log(unit()); }

 private:
  core::Key key_;
  core::Stream stream_ = core::stream("experiment", "test");
  std::uint64_t ordinal_ = 0;
};

constexpr std::uint64_t seed = 20260101;
constexpr int experiments = 4000;

double covered(const std::function<bool(Draws&)>& experiment) {
  int hits = 0;
  for (int i = 0; i < experiments; ++i) {
    Draws draws(seed, static_cast<std::uint64_t>(i));
    if (experiment(draws)) ++hits;
  }
  return static_cast<double>(hits) / experiments;
}

double allowance(double confidence) {
  return 4.5 * std::sqrt(confidence * (1 - confidence) / experiments);
}

TEST(Statistics, sums_of_large_whole_numbers_lose_nothing) {
  // A million outages near 30 s in nanoseconds, 1 ns apart at most: doubles would see no spread at all.
  constexpr std::int64_t base = 30'000'000'000;
  Wide sum = 0, squares = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const std::int64_t value = base + i % 2;
    sum += value;
    squares += Wide{value} * value;
  }
  const Moments moments = moments_of(1'000'000, sum, squares);
  EXPECT_DOUBLE_EQ(moments.deviations, 250'000);
  EXPECT_DOUBLE_EQ(moments.mean, 30'000'000'000.5);
  EXPECT_DOUBLE_EQ(moments_of(1'000'000, sum, squares, 1e9).mean, 30.0000000005);
  EXPECT_DOUBLE_EQ(moments_of(3, -6, 14).deviations, 2);  // -1, -2, -3
  EXPECT_THROW(moments_of(2, 10, 1), std::logic_error);
}

TEST(Statistics, the_mean_s_interval_is_student_s) {
  // Ten observations with mean 10 and variance 4: the tables have t(9) = 2.262157 at 95 %.
  const auto estimate = mean_interval({10, 10.0, 36.0}, 0.95);
  ASSERT_TRUE(estimate);
  EXPECT_NEAR(estimate->interval.half_width(), 2.262157 * 2 / std::sqrt(10), 1e-6);
  EXPECT_NEAR(*estimate->relative_half_width(), 0.1430714, 1e-6);
  EXPECT_FALSE(mean_interval({1, 10.0, 0.0}, 0.95));
  EXPECT_THROW(mean_interval({10, 10.0, 36.0}, 1.0), std::logic_error);
  EXPECT_FALSE((Estimate{0, {-1, 1}}.relative_half_width()));
}

TEST(Statistics, the_mean_s_interval_covers_what_it_says) {
  const double share = covered([](Draws& draws) {
    std::vector<double> values(6);
    for (double& value : values) value = 3 + 2 * draws.normal();
    return mean_interval(moments_of(values), 0.9)->interval.holds(3);
  });
  EXPECT_NEAR(share, 0.9, allowance(0.9));
}

TEST(Statistics, quantile_ranks_are_those_of_the_tables) {
  // Median of 20 observations: X(6) to X(15) at 95.86 %; of 10: X(2) to X(9) at 97.85 %; of 5: none at 95 %.
  const QuantileRanks twenty = quantile_ranks(20, 0.5, 0.95);
  EXPECT_EQ(twenty.low, 6U);
  EXPECT_EQ(twenty.high, 15U);
  EXPECT_NEAR(twenty.coverage, 0.9586, 1e-4);
  const QuantileRanks ten = quantile_ranks(10, 0.5, 0.95);
  EXPECT_EQ(ten.low, 2U);
  EXPECT_EQ(ten.high, 9U);
  EXPECT_NEAR(ten.coverage, 0.9785, 1e-4);
  EXPECT_FALSE(quantile_ranks(5, 0.5, 0.95).low);
  EXPECT_FALSE(quantile_ranks(5, 0.5, 0.95).high);
  // The 99.9 % quantile has an upper bound from 3,688 observations on: 0.999^3687 > 0.025 >= 0.999^3688.
  EXPECT_FALSE(quantile_ranks(3687, 0.999, 0.95).high);
  EXPECT_EQ(quantile_ranks(3688, 0.999, 0.95).high, 3688U);
  EXPECT_EQ(quantile_rank(20, 0.95), 19U);
  EXPECT_EQ(quantile_rank(1000, 0.999), 999U);
  EXPECT_EQ(quantile_rank(7, 0.5), 4U);
  EXPECT_EQ(quantile_rank(3, 0.001), 1U);
}

TEST(Statistics, quantile_ranks_cover_exactly_what_they_tell) {
  constexpr std::uint64_t count = 80;
  const QuantileRanks ranks = quantile_ranks(count, 0.9, 0.95);
  ASSERT_TRUE(ranks.low && ranks.high);
  EXPECT_GE(ranks.coverage, 0.95);
  const double truth = -core::log(1 - 0.9);
  const double share = covered([&](Draws& draws) {
    std::vector<double> values(count);
    for (double& value : values) value = draws.exponential();
    std::sort(values.begin(), values.end());
    return values[*ranks.low - 1] <= truth && truth < values[*ranks.high - 1];
  });
  EXPECT_NEAR(share, ranks.coverage, allowance(ranks.coverage));
}

TEST(Statistics, quantile_ranks_of_a_billion_replications_are_found) {
  const QuantileRanks ranks = quantile_ranks(1'000'000'000, 0.999, 0.95);
  ASSERT_TRUE(ranks.low && ranks.high);
  // Normal approximation: 1.959964 standard deviations of 999.5 around the rank.
  EXPECT_NEAR(static_cast<double>(*ranks.low), 999'000'000 - 1959, 2);
  EXPECT_NEAR(static_cast<double>(*ranks.high), 999'000'000 + 1959, 2);
}

TEST(Statistics, proportions_are_those_of_the_tables) {
  const Estimate five = proportion_interval(5, 10, 0.95), none = proportion_interval(0, 10, 0.95);
  EXPECT_NEAR(five.interval.low, 0.1871, 1e-4);
  EXPECT_NEAR(five.interval.high, 0.8129, 1e-4);
  EXPECT_EQ(none.interval.low, 0);
  EXPECT_NEAR(none.interval.high, 0.3085, 1e-4);
  EXPECT_NEAR(proportion_interval(10, 10, 0.95).interval.low, 0.6915, 1e-4);
  EXPECT_EQ(proportion_interval(10, 10, 0.95).interval.high, 1);
  const Estimate wilson = wilson_interval(5, 10, 0.95);
  EXPECT_NEAR(wilson.interval.low, 0.2366, 1e-4);
  EXPECT_NEAR(wilson.interval.high, 0.7634, 1e-4);
  EXPECT_EQ(wilson_interval(0, 10, 0.95).interval.low, 0);
  EXPECT_NEAR(wilson_interval(0, 10, 0.95).interval.high, 0.2775, 1e-4);
  EXPECT_NEAR(bound_when_none(1000, 0.95), 3.0 / 1000, 1e-5);
  EXPECT_THROW(proportion_interval(3, 2, 0.95), std::logic_error);
}

TEST(Statistics, clopper_and_pearson_never_cover_less_than_they_say) {
  for (const double truth : {0.02, 0.1, 0.5}) {
    const double share = covered([&](Draws& draws) {
      std::uint64_t hits = 0;
      for (int i = 0; i < 60; ++i) hits += draws.unit() < truth ? 1 : 0;
      return proportion_interval(hits, 60, 0.95).interval.holds(truth);
    });
    EXPECT_GE(share, 0.95 - allowance(0.95)) << truth;
  }
}

TEST(Statistics, rates_are_garwood_s) {
  const Estimate five = rate_interval(5, 1, 0.95), none = rate_interval(0, 2, 0.95);
  EXPECT_NEAR(five.interval.low, 1.6235, 1e-4);
  EXPECT_NEAR(five.interval.high, 11.6683, 1e-4);
  EXPECT_EQ(none.interval.low, 0);
  EXPECT_NEAR(none.interval.high, 3.6889 / 2, 1e-4);
  EXPECT_EQ(rate_interval(10, 4, 0.95).value, 2.5);
}

TEST(Statistics, batch_means_show_when_batches_are_too_short) {
  Draws draws(seed, 1);
  std::vector<double> independent(400), dragging(400);
  double last = 0;
  for (std::size_t i = 0; i < independent.size(); ++i) {
    independent[i] = draws.normal();
    last = dragging[i] = 0.8 * last + draws.normal();
  }
  const auto good = batch_means_interval(independent, 0.95), bad = batch_means_interval(dragging, 0.95);
  ASSERT_TRUE(good && bad);
  EXPECT_LT(std::abs(good->correlation), good->bound);
  EXPECT_GT(bad->correlation, bad->bound);
  EXPECT_NEAR(bad->correlation, 0.8, 0.15);
  EXPECT_EQ(good->mean, *mean_interval(moments_of(independent), 0.95));
  EXPECT_FALSE(batch_means_interval(std::vector<double>{1.0}, 0.95));
}

TEST(Statistics, availability_from_cycles_covers_the_closed_form) {
  // Up for an exponential 100, down for an exponential 5: availability 100 / 105. 200 cycles are near the limit
  // theorem; what is lacking is allowed half a percent.
  constexpr double truth = 100.0 / 105.0;
  const double share = covered([](Draws& draws) {
    PairSums sums;
    for (int i = 0; i < 200; ++i) {
      const auto up = static_cast<std::int64_t>(100e6 * draws.exponential());
      const auto down = static_cast<std::int64_t>(5e6 * draws.exponential());
      const Wide length = up + down;
      ++sums.count;
      sums.x += down;
      sums.y += length;
      sums.xx += Wide{down} * down;
      sums.xy += down * length;
      sums.yy += length * length;
    }
    return availability_interval(moments_of(sums, 1e6), 0.95)->interval.holds(truth);
  });
  EXPECT_NEAR(share, 0.95, allowance(0.95) + 0.005);
}

TEST(Statistics, cycles_of_one_length_make_the_ratio_a_mean) {
  PairSums sums{3, 1 + 2 + 6, 30, 1 + 4 + 36, 90, 300};
  const auto ratio = ratio_interval(moments_of(sums), 0.95);
  const auto mean = mean_interval(moments_of(std::vector<double>{0.1, 0.2, 0.6}), 0.95);
  ASSERT_TRUE(ratio && mean);
  EXPECT_NEAR(ratio->value, mean->value, 1e-12);
  EXPECT_NEAR(ratio->interval.high, mean->interval.high, 1e-12);
  EXPECT_FALSE(ratio_interval(moments_of(PairSums{1, 1, 1, 1, 1, 1}), 0.95));
}

TEST(Statistics, a_pair_that_shares_its_draws_is_told_apart_sooner) {
  // Two settings, 2 % apart, under the same random numbers: the differences have a sign, the two means' intervals meet.
  Draws draws(seed, 2);
  std::vector<double> first, second, difference;
  for (int i = 0; i < 200; ++i) {
    const double luck = draws.exponential();
    first.push_back(30 * luck);
    second.push_back(30.6 * luck);
    difference.push_back(second.back() - first.back());
  }
  const auto apart = mean_interval(moments_of(difference), 0.95);
  ASSERT_TRUE(apart);
  EXPECT_EQ(side_of(apart->interval, 0), Side::above);
  EXPECT_LT(mean_interval(moments_of(second), 0.95)->interval.low,
            mean_interval(moments_of(first), 0.95)->interval.high);
}

TEST(Statistics, many_looks_at_growing_data_are_together_wrong_as_seldom_as_promised) {
  // A probability of exactly the bound may never be put on a side: looks after 64, 128, ... 4096 trials at 90 %.
  const double wrong = 1 - covered([](Draws& draws) {
                         std::uint64_t hits = 0, trials = 0;
                         for (unsigned look = 1; look <= 7; ++look) {
                           for (; trials < (32U << look); ++trials) hits += draws.unit() < 0.3 ? 1 : 0;
                           const Estimate share = proportion_interval(hits, trials, confidence_of_look(0.9, look));
                           if (side_of(share.interval, 0.3) != Side::undecided) return false;
                         }
                         return true;
                       });
  EXPECT_LE(wrong, 0.1 + allowance(0.9));
  EXPECT_GT(wrong, 0) << "looks that are never wrong are of no use either";
  EXPECT_DOUBLE_EQ(confidence_of_look(0.9, 3), 1 - 0.1 / 8);
  EXPECT_DOUBLE_EQ(confidence_of_each(0.9, 4), 1 - 0.1 / 4);
}

}  // namespace
}  // namespace rehearse::sim::statistics
