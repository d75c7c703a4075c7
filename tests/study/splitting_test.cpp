// Splitting and plain Monte Carlo against closed forms. Intervals are at 99.99 %: a right program fails a comparison
// with probability 1e-4. Seeds are fixed and printed, so a test that passes once always does.
#include "sim/study/splitting.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <iostream>

#include "repairable_machines.hpp"

namespace rehearse::sim {
namespace {

using core::Time;

constexpr double confidence = 0.9999;
constexpr double hours_of_year = 8760;
constexpr Time horizon{std::chrono::hours(8760)};

struct Both {
  std::vector<SplittingCount> batches;
  SplittingCount all;
  std::uint64_t plain_hits = 0, plain = 0;
};

Both estimate(const Machines& system, const SplittingFactors& factors, std::uint64_t seed, std::uint64_t batches,
              std::uint64_t roots, std::uint64_t plain) {
  Both both;
  Splitting<MachinesProcess> splitting(factors);
  for (std::uint64_t batch = 0; batch < batches; ++batch) {
    SplittingCount count;
    for (std::uint64_t i = 0; i < roots; ++i) {
      MachinesProcess root(system, {seed, batch * roots + i}, horizon);
      count.add(splitting.root(root));
    }
    both.batches.push_back(count);
    both.all.add(count);
  }
  both.plain = plain;
  for (std::uint64_t i = 0; i < plain; ++i) {
    MachinesProcess path(system, {seed + 1, i}, horizon);
    while (!path.hit() && path.advance()) {
    }
    both.plain_hits += path.hit() ? 1 : 0;
  }
  return both;
}

void expect_all_agree(const Machines& system, const SplittingFactors& factors, std::uint64_t seed,
                      std::uint64_t batches, std::uint64_t roots, std::uint64_t plain) {
  const double exact = probability_of_loss(system, hours_of_year);
  const Both both = estimate(system, factors, seed, batches, roots, plain);
  const RareFigure split = splitting_figure(shares_of(both.batches, factors.whole()), confidence);
  const RareFigure direct = plain_figure(both.plain_hits, both.plain, confidence);
  ASSERT_TRUE(split.interval);
  std::cout << "seed " << seed << ": exact " << exact << ", splitting " << split.probability << " ["
            << split.interval->low << ", " << split.interval->high << "] of " << both.all.hit_roots
            << " roots hit, plain " << direct.probability << " [" << direct.interval->low << ", "
            << direct.interval->high << "] of " << both.plain_hits << " hits\n";
  EXPECT_TRUE(split.interval->holds(exact));
  EXPECT_TRUE(direct.interval->holds(exact));
  EXPECT_NE(agreement_of(shares_of(both.batches, factors.whole()), both.plain_hits, both.plain, confidence),
            Agreement::differ);
  // An interval that holds everything would agree with everything.
  EXPECT_LT(split.interval->half_width(), 0.5 * exact);
}

TEST(Splitting, one_out_of_two_with_one_crew_agrees_with_its_closed_form) {
  for (const std::uint64_t seed : {101U, 202U, 303U}) {
    expect_all_agree({2, 1, 2, 2000, 2}, SplittingFactors({30}), seed, 40, 250, 20000);
  }
}

TEST(Splitting, two_out_of_three_agrees_with_its_closed_form) {
  for (const std::uint64_t seed : {11U, 22U, 33U}) {
    expect_all_agree({3, 3, 2, 4000, 1}, SplittingFactors({30}), seed, 40, 250, 20000);
  }
}

TEST(Splitting, several_levels_agree_with_the_closed_form_also_where_plain_sees_nothing) {
  // All four down at a time within a year: about 5e-7.
  const Machines system{4, 1, 4, 3000, 10};
  const double exact = probability_of_loss(system, hours_of_year);
  EXPECT_LT(exact, 1e-5);
  const SplittingFactors factors({10, 20, 40});
  const Both both = estimate(system, factors, 77, 40, 400, 2000);
  const RareFigure split = splitting_figure(shares_of(both.batches, factors.whole()), confidence);
  ASSERT_TRUE(split.interval);
  std::cout << "seed 77: exact " << exact << ", splitting " << split.probability << " [" << split.interval->low << ", "
            << split.interval->high << "] of " << both.all.hit_roots << " roots hit\n";
  EXPECT_TRUE(split.interval->holds(exact));
  EXPECT_LT(split.interval->half_width(), exact);
  EXPECT_EQ(both.plain_hits, 0U);
  EXPECT_EQ(agreement_of(shares_of(both.batches, factors.whole()), 0, both.plain, confidence), Agreement::undecided);
}

TEST(Splitting, factors_of_one_are_plain_monte_carlo) {
  const Machines system{2, 1, 2, 300, 20};
  Splitting<MachinesProcess> splitting(SplittingFactors({1, 1}));
  for (std::uint64_t i = 0; i < 200; ++i) {
    MachinesProcess root(system, {5, i}, horizon), path = root;
    while (!path.hit() && path.advance()) {
    }
    const SplittingCount count = splitting.root(root);
    EXPECT_EQ(count.units, path.hit() ? 1U : 0U);
    EXPECT_EQ(count.paths, 1U);
  }
}

TEST(Splitting, the_factors_change_the_effort_and_not_the_expectation) {
  const Machines system{3, 1, 3, 1000, 20};
  const double exact = probability_of_loss(system, hours_of_year);
  for (const auto& factors : {std::vector<std::uint32_t>{2, 2}, {8, 3}, {3, 12}, {20}, {1, 20}}) {
    const SplittingFactors each(factors);
    const Both both = estimate(system, each, 4242, 40, 100, 1);
    const RareFigure split = splitting_figure(shares_of(both.batches, each.whole()), confidence);
    ASSERT_TRUE(split.interval);
    EXPECT_TRUE(split.interval->holds(exact)) << split.probability << " against " << exact;
  }
}

TEST(Splitting, roots_repeat_and_do_not_depend_on_each_other) {
  const Machines system{2, 1, 2, 500, 10};
  Splitting<MachinesProcess> splitting(SplittingFactors({20})), other(SplittingFactors({20}));
  for (std::uint64_t i = 0; i < 50; ++i) {
    MachinesProcess a(system, {1, i}, horizon), b(system, {1, i}, horizon);
    if (i % 2 == 1) {
      MachinesProcess between(system, {2, i}, horizon);
      other.root(between);
    }
    EXPECT_EQ(splitting.root(a), other.root(b)) << i;
  }
}

TEST(Splitting, two_state_availability_is_the_closed_form) {
  // One machine: up 100 h, down 1 h in the mean; its cycles begin whenever it is up again.
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Machines system{1, 1, 1, 100, 1};
    statistics::PairSums sums;
    MachinesProcess machine(system, {seed, 0}, Time::max() - Duration(1));
    Time begun{};
    for (int cycle = 0; cycle < 5000; ++cycle) {
      machine.advance();
      const Time failed = machine.now();
      machine.advance();
      const Wide out = (machine.now() - failed).count(), length = (machine.now() - begun).count();
      begun = machine.now();
      ++sums.count;
      sums.x += out;
      sums.y += length;
      sums.xx += out * out;
      sums.xy += out * length;
      sums.yy += length * length;
    }
    const auto figure = statistics::availability_interval(statistics::moments_of(sums, 3.6e12), confidence);
    std::cout << "seed " << seed << ": availability " << figure->value << ", exact " << availability(system) << "\n";
    EXPECT_TRUE(figure->interval.holds(availability(system)));
  }
}

TEST(Splitting, one_out_of_two_availability_is_the_closed_form) {
  // Regenerative cycles: both up again. 2 l^2 / (m^2 + 2 l m + 2 l^2) of the time both are down, with one crew.
  const Machines system{2, 1, 2, 50, 10};
  const double l = 1.0 / 50, m = 1.0 / 10;
  EXPECT_NEAR(availability(system), 1 - 2 * l * l / (m * m + 2 * l * m + 2 * l * l), 1e-12);
  for (const std::uint64_t seed : {4U, 5U, 6U}) {
    std::vector<double> shares;
    for (std::uint64_t i = 0; i < 400; ++i) {
      MachinesProcess machines(system, {seed, i}, Time(std::chrono::hours(50000)));
      Duration out{};
      Time before{};
      bool lost = false;
      while (machines.advance()) {
        if (lost) out += machines.now() - before;
        before = machines.now();
        lost = machines.hit();
      }
      shares.push_back(1 - out / std::chrono::duration<double, std::ratio<3600>>(50000));
    }
    const auto figure = statistics::mean_interval(statistics::moments_of(shares), confidence);
    std::cout << "seed " << seed << ": availability " << figure->value << ", exact " << availability(system) << "\n";
    // All up at the start favours the share by at most a cycle in 50,000 hours.
    EXPECT_GE(figure->interval.high, availability(system));
    EXPECT_LE(figure->interval.low, availability(system) + 5e-4);
  }
}

TEST(Splitting, factors_and_batches_out_of_range_are_refused) {
  EXPECT_THROW(SplittingFactors({2, 0}), std::logic_error);
  EXPECT_THROW(SplittingFactors({65536, 65537}), std::logic_error);
  EXPECT_EQ(SplittingFactors({4, 8}).whole(), 32U);
  EXPECT_EQ(SplittingFactors({4, 8}).weight(1), 8U);
  EXPECT_EQ(SplittingFactors({4, 8}).weight(2), 1U);
  EXPECT_THROW(shares_of(std::vector<SplittingCount>(2), 1), std::logic_error);
  EXPECT_THROW(splitting_figure(shares_of(std::vector<SplittingCount>(1, SplittingCount{10}), 1), 0.95),
               std::logic_error);
  EXPECT_FALSE(splitting_figure(shares_of(std::vector<SplittingCount>(3, SplittingCount{10}), 1), 0.95).interval);
}

}  // namespace
}  // namespace rehearse::sim
