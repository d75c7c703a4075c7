#include "sim/core/math.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>

#include "sim/core/random.hpp"

namespace rehearse::core {
namespace {

double between(double low, double high, std::uint64_t i) {
  return low + (high - low) * unit(draw({5, 0}, stream("math", "argument"), i));
}

double relative(double value, double expected) {
  return std::abs(value - expected) / std::abs(expected);
}

TEST(Math, log_agrees_with_the_library_to_a_few_units_in_the_last_place) {
  for (std::uint64_t i = 0; i < 200'000; ++i) {
    const double wide = std::exp(between(-740.0, 709.0, i));
    EXPECT_LE(relative(log(wide), std::log(wide)), 5e-16) << wide;
    const double near_one = between(0.9, 1.1, i);
    EXPECT_LE(relative(log(near_one), std::log(near_one)), 5e-16) << near_one;
  }
  EXPECT_EQ(log(1.0), 0.0);
  EXPECT_EQ(log(1.0 - 0x1p-53), std::log(1.0 - 0x1p-53));
  EXPECT_EQ(log(0x1p-1074), std::log(0x1p-1074));
}

TEST(Math, log_has_its_limits) {
  EXPECT_EQ(log(0.0), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(log(std::numeric_limits<double>::infinity()), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(log(-1.0)));
  EXPECT_TRUE(std::isnan(log(std::numeric_limits<double>::quiet_NaN())));
}

TEST(Math, exp_agrees_with_the_library_to_a_few_units_in_the_last_place) {
  for (std::uint64_t i = 0; i < 200'000; ++i) {
    const double wide = between(-708.0, 709.7, i);
    EXPECT_LE(relative(exp(wide), std::exp(wide)), 5e-16) << wide;
    const double near_zero = between(-1.0, 1.0, i);
    EXPECT_LE(relative(exp(near_zero), std::exp(near_zero)), 5e-16) << near_zero;
  }
  EXPECT_EQ(exp(0.0), 1.0);
}

TEST(Math, exp_has_its_limits) {
  EXPECT_EQ(exp(1000.0), std::numeric_limits<double>::infinity());
  EXPECT_EQ(exp(-1000.0), 0.0);
  EXPECT_EQ(exp(std::numeric_limits<double>::infinity()), std::numeric_limits<double>::infinity());
  EXPECT_EQ(exp(-std::numeric_limits<double>::infinity()), 0.0);
  EXPECT_TRUE(std::isnan(exp(std::numeric_limits<double>::quiet_NaN())));
  EXPECT_NEAR(exp(-740.0) / 0x1p-1074, std::exp(-740.0) / 0x1p-1074, 1.0) << "a subnormal number";
}

TEST(Math, inverse_normal_inverts_the_normal_distribution_in_the_middle_and_in_both_tails) {
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const double p = i % 2 == 0 ? between(0.0, 1.0, i) : std::exp(between(-600.0, 0.0, i));
    const double z = inverse_normal(p);
    // A relative error e of z shifts the probability by up to (1 + z^2) e.
    const double back = 0.5 * std::erfc(-z / std::sqrt(2.0));
    EXPECT_LE(relative(back, p), 1e-15 * (2.0 + z * z)) << p;
  }
  EXPECT_NEAR(inverse_normal(0.95), 1.6448536269514722, 1e-15);
  EXPECT_NEAR(inverse_normal(1e-20), -9.262340089798408, 1e-14);
  EXPECT_EQ(inverse_normal(0.5), 0.0);
}

TEST(Math, inverse_normal_is_antisymmetric_to_the_bit) {
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const std::uint64_t bits = draw({5, 1}, Stream{1}, i);
    EXPECT_EQ(inverse_normal(unit(bits)), -inverse_normal(unit(~bits)));
  }
}

TEST(Math, log_gamma_agrees_with_the_library) {
  for (std::uint64_t i = 0; i < 50'000; ++i) {
    const double x = between(0.01, 60.0, i);
    EXPECT_NEAR(log_gamma(x), std::lgamma(x), 3e-14 * std::max(1.0, std::abs(std::lgamma(x)))) << x;
  }
  EXPECT_NEAR(log_gamma(10'000.0), std::lgamma(10'000.0), 1e-10);
}

/// P(at least `stages` arrivals by x), summed from the smallest terms in extended precision.
double erlang_below(int stages, double x) {
  long double sum = 0.0L;
  for (int n = stages + 400 + static_cast<int>(2 * x); n >= stages; --n) {
    sum += std::exp(n * std::log(static_cast<long double>(x)) - x - std::lgamma(n + 1.0L));
  }
  return static_cast<double>(sum);
}

TEST(Math, inverse_erlang_inverts_the_erlang_distribution) {
  for (const int stages : {2, 3, 5, 20, 150}) {
    for (const double p : {1e-12, 1e-6, 0.001, 0.05, 0.3, 0.5, 0.7, 0.95, 0.999, 1.0 - 1e-6}) {
      EXPECT_LE(relative(erlang_below(stages, inverse_erlang(stages, p)), p), 1e-11) << stages << " stages, p " << p;
    }
  }
  EXPECT_NEAR(inverse_erlang(2, 0.5), 1.6783469900166612, 1e-14);
}

TEST(Math, inverse_erlang_copes_with_the_extremes_of_a_uniform_draw) {
  for (const int stages : {1, 2, 7, 100, 10'000}) {
    const double least = inverse_erlang(stages, 0x1p-53);
    const double most = inverse_erlang(stages, 1.0 - 0x1p-53);
    EXPECT_GT(least, 0.0);
    EXPECT_LT(least, stages);
    EXPECT_GT(most, stages);
    EXPECT_LT(most, 40.0 + 12.0 * stages);
  }
}

}  // namespace
}  // namespace rehearse::core
