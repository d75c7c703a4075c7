#include "model/distribution.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace rehearse::model {
namespace {

using namespace std::chrono_literals;

TEST(Distribution, every_kind_says_what_it_is) {
  EXPECT_EQ(to_text(Distribution::constant(30s)), "constant(30s)");
  EXPECT_EQ(to_text(Distribution::uniform(0s, 500ms)), "uniform(0s to 500ms)");
  EXPECT_EQ(to_text(Distribution::triangular(5s, 10s, 30s)), "triangular(minimum 5s, mode 10s, maximum 30s)");
  EXPECT_EQ(to_text(Distribution::exponential(90s)), "exponential(mean 1m30s)");
  EXPECT_EQ(to_text(Distribution::lognormal(10s, 40s)), "lognormal(median 10s, p95 40s)");
  EXPECT_EQ(to_text(Distribution::weibull(60s, 1.5)), "weibull(scale 1m, shape 1.5)");
  EXPECT_EQ(to_text(Distribution::erlang(60s, 3)), "erlang(mean 1m, stages 3)");
  EXPECT_EQ(to_text(Distribution::empirical({9s, 1s})), "empirical(2 samples, 1s to 9s)");
  EXPECT_EQ(to_text(Distribution::empirical({})), "empirical(no samples)");
}

TEST(Distribution, empirical_samples_are_sorted) {
  EXPECT_EQ(Distribution::empirical({3s, 1s, 2s}), Distribution::empirical({1s, 2s, 3s}));
}

TEST(Distribution, the_limits_of_every_kind_are_allowed) {
  for (const Distribution& distribution :
       {Distribution{}, Distribution::constant(0s), Distribution::uniform(0s, 0s), Distribution::uniform(2s, 2s),
        Distribution::triangular(0s, 0s, 0s), Distribution::exponential(1ns), Distribution::lognormal(1ns, 1ns),
        Distribution::weibull(1ns, 0.05), Distribution::erlang(1ns, 1), Distribution::erlang(1s, 10'000),
        Distribution::empirical({0s})}) {
    EXPECT_EQ(problem_of(distribution), "") << to_text(distribution);
  }
}

TEST(Distribution, every_impossible_parameter_is_named) {
  EXPECT_EQ(problem_of(Distribution::constant(-1ns)), "the value is negative");
  EXPECT_EQ(problem_of(Distribution::uniform(-1ns, 1s)), "the lower bound is negative");
  EXPECT_EQ(problem_of(Distribution::uniform(2s, 1s)), "the upper bound is below the lower bound");
  EXPECT_EQ(problem_of(Distribution::triangular(-1ns, 1s, 2s)), "the minimum is negative");
  EXPECT_EQ(problem_of(Distribution::triangular(2s, 1s, 3s)), "the mode is below the minimum");
  EXPECT_EQ(problem_of(Distribution::triangular(1s, 3s, 2s)), "the maximum is below the mode");
  EXPECT_EQ(problem_of(Distribution::exponential(0s)), "the mean is not positive");
  EXPECT_EQ(problem_of(Distribution::lognormal(0s, 1s)), "the median is not positive");
  EXPECT_EQ(problem_of(Distribution::lognormal(40s, 10s)), "the 95th percentile is below the median");
  EXPECT_EQ(problem_of(Distribution::weibull(0s, 1.0)), "the scale is not positive");
  for (const double shape :
       {0.0, 0.049, -1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(problem_of(Distribution::weibull(1s, shape)), "the shape is not a number of at least 0.05");
  }
  EXPECT_EQ(problem_of(Distribution::erlang(0s, 2)), "the mean is not positive");
  for (const int stages : {0, -1, 10'001}) {
    EXPECT_EQ(problem_of(Distribution::erlang(1s, stages)),
              "the number of stages is not a whole number from 1 to 10000");
  }
  Distribution halves = Distribution::erlang(1s, 2);
  halves.shape = 2.5;
  EXPECT_EQ(problem_of(halves), "the number of stages is not a whole number from 1 to 10000");
  EXPECT_EQ(problem_of(Distribution::empirical({})), "there are no samples");
  EXPECT_EQ(problem_of(Distribution::empirical({-1ns, 1s})), "a sample is negative");
  Distribution unsorted = Distribution::empirical({1s, 2s});
  std::swap(unsorted.samples[0], unsorted.samples[1]);
  EXPECT_EQ(problem_of(unsorted), "the samples are not sorted");
}

}  // namespace
}  // namespace rehearse::model
