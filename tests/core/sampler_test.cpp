#include "sim/core/sampler.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "sim/core/random.hpp"

namespace rehearse::core {
namespace {

using model::Distribution;
using namespace std::chrono_literals;

std::vector<Distribution> one_of_each_kind() {
  return {Distribution::constant(30s),
          Distribution::uniform(1s, 3s),
          Distribution::triangular(500ms, 1s, 5s),
          Distribution::exponential(24h),
          Distribution::lognormal(10s, 40s),
          Distribution::weibull(60s, 1.5),
          Distribution::erlang(90s, 3),
          Distribution::empirical({5s, 1s, 3s, 9s})};
}

// What a seed means is a promise: these literals must never change, on no machine and in no build.
TEST(Sampler, the_first_samples_of_every_kind_keep_their_nanoseconds) {
  const std::vector<std::vector<std::int64_t>> expected = {
      {30000000000, 30000000000, 30000000000, 30000000000},
      {2683216314, 2715019259, 2576488320, 1424792736},
      {3311493803, 3398492378, 3047666749, 1234782161},
      {159207836739878, 168348746194022, 134120565995254, 20628891705192},
      {23250117956, 24623770657, 19631206790, 5103425971},
      {90181692754, 93601328522, 80440051579, 23091883230},
      {139211761666, 144015459662, 125656743940, 47506163244},
      {9000000000, 9000000000, 9000000000, 1000000000}};
  const auto distributions = one_of_each_kind();
  for (std::size_t kind = 0; kind < distributions.size(); ++kind) {
    const Sampler sampler(distributions[kind]);
    for (std::uint64_t i = 0; i < 4; ++i) {
      EXPECT_EQ(sampler.at(unit(draw({1, 0}, stream("node1", "crash"), i))).count(), expected[kind][i])
          << "kind " << kind << ", draw " << i;
    }
  }
}

TEST(Sampler, median_p95_and_mean_are_those_of_the_closed_forms) {
  struct Row {
    Distribution distribution;
    double median, p95, mean;  // seconds
  };
  const double ln2 = std::log(2.0);
  const double ln20 = std::log(20.0);
  const double sigma = std::log(4.0) / 1.6448536269514722;
  const std::vector<Row> rows = {
      {Distribution::constant(30s), 30, 30, 30},
      {Distribution::uniform(1s, 3s), 2, 2.9, 2},
      {Distribution::triangular(0s, 1s, 2s), 1, 2 - std::sqrt(0.1), 1},
      {Distribution::triangular(0s, 0s, 1s), 1 - std::sqrt(0.5), 1 - std::sqrt(0.05), 1.0 / 3},
      {Distribution::triangular(0s, 1s, 1s), std::sqrt(0.5), std::sqrt(0.95), 2.0 / 3},
      {Distribution::triangular(4s, 4s, 4s), 4, 4, 4},
      {Distribution::exponential(100s), 100 * ln2, 100 * ln20, 100},
      {Distribution::lognormal(10s, 40s), 10, 40, 10 * std::exp(0.5 * sigma * sigma)},
      {Distribution::lognormal(10s, 10s), 10, 10, 10},
      {Distribution::weibull(60s, 1.5), 60 * std::pow(ln2, 1 / 1.5), 60 * std::pow(ln20, 1 / 1.5),
       60 * std::tgamma(1 + 1 / 1.5)},
      {Distribution::weibull(60s, 0.5), 60 * ln2 * ln2, 60 * ln20 * ln20, 120},
      {Distribution::erlang(90s, 1), 90 * ln2, 90 * ln20, 90},
      {Distribution::erlang(2s, 2), 1.6783469900166612, 4.743864518390582, 2},
      {Distribution::empirical({5s, 1s, 3s, 10s}), 5, 10, 4.75},
  };
  for (const Row& row : rows) {
    const Sampler sampler(row.distribution);
    EXPECT_NEAR(static_cast<double>(sampler.median().count()), row.median * 1e9, 1.0) << to_text(row.distribution);
    EXPECT_NEAR(static_cast<double>(sampler.p95().count()), row.p95 * 1e9, 1.0) << to_text(row.distribution);
    EXPECT_NEAR(static_cast<double>(sampler.mean().count()), row.mean * 1e9, 1.0) << to_text(row.distribution);
  }
}

TEST(Sampler, a_larger_uniform_number_never_makes_a_shorter_duration) {
  for (const Distribution& distribution : one_of_each_kind()) {
    const Sampler sampler(distribution);
    Duration before = sampler.at(0x1p-53);
    EXPECT_GE(before, 0s);
    for (int i = 1; i < 20'000; ++i) {
      const Duration now = sampler.at(i / 20'000.0);
      EXPECT_LE(before, now) << to_text(distribution) << " at " << i / 20'000.0;
      before = now;
    }
    EXPECT_LE(before, sampler.at(1.0 - 0x1p-53));
  }
}

TEST(Sampler, the_average_over_evenly_spread_numbers_is_the_mean) {
  for (const Distribution& distribution : one_of_each_kind()) {
    const Sampler sampler(distribution);
    constexpr int count = 100'000;
    double sum = 0.0;
    for (int i = 0; i < count; ++i) sum += static_cast<double>(sampler.at((i + 0.5) / count).count());
    EXPECT_NEAR(sum / count / static_cast<double>(sampler.mean().count()), 1.0, 1e-4) << to_text(distribution);
  }
}

TEST(Sampler, each_empirical_sample_is_as_likely_as_any_other) {
  const Sampler sampler(Distribution::empirical({4s, 2s, 1s, 3s, 3s}));
  const std::vector<Duration> expected = {1s, 2s, 3s, 3s, 4s};
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(sampler.at(i / 5.0 + 0.001), expected[i]);
    EXPECT_EQ(sampler.at(i / 5.0 + 0.199), expected[i]);
  }
}

TEST(Sampler, no_sample_is_longer_than_the_longest) {
  EXPECT_EQ(Sampler(Distribution::weibull(1h, 0.05)).at(1.0 - 0x1p-53), longest_sample);
  EXPECT_EQ(Sampler(Distribution::exponential(Duration::max())).p95(), longest_sample);
  EXPECT_EQ(Sampler(Distribution::constant(Duration::max())).median(), longest_sample);
  EXPECT_EQ(Sampler(Distribution::empirical({Duration::max()})).median(), longest_sample);
  EXPECT_EQ(Sampler(Distribution::uniform(Duration::max() - 1s, Duration::max())).median(), longest_sample);
}

TEST(Sampler, a_distribution_with_a_problem_is_refused) {
  EXPECT_THROW(Sampler(Distribution::lognormal(40s, 10s)), std::logic_error);
}

}  // namespace
}  // namespace rehearse::core
