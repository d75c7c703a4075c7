// From what runs show to verdicts: what agrees everywhere is a verdict, what differs is unknown and says what would
// settle it. The runs here are made up, so that each rule is seen alone.
#include "sim/scenario/verdicts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace rehearse::sim {
namespace {

using model::Switch;
using testing::HasSubstr;
using world::Pace;

constexpr std::uint32_t mask(Switch which) {
  return 1U << static_cast<unsigned>(which);
}
constexpr Switch exits = Switch::master_exits_without_ssisdb, stamps = Switch::startup_stamping;

Scenario one_expectation(std::optional<double> with = std::nullopt) {
  Scenario scenario;
  Expectation expectation;
  expectation.text = "{ \"service\": \"ssisdb\" }";
  expectation.with = with;
  scenario.expectations.push_back(expectation);
  return scenario;
}

Look shows(Outcome outcome, std::uint32_t consulted = 0) {
  return {{{outcome, "seen"}}, consulted};
}

Verdict verdict(const Scenario& scenario, const RunLooker& look, std::uint32_t settled = 0) {
  RunOptions options;
  options.replications = 100;
  return judge(scenario, settled, options, look).front();
}

TEST(Verdicts, what_every_run_shows_is_the_verdict) {
  for (const Outcome outcome : {Outcome::passed, Outcome::failed, Outcome::unknown}) {
    EXPECT_EQ(verdict(one_expectation(), [&](const Variant&) { return shows(outcome); }).outcome, outcome);
  }
}

TEST(Verdicts, a_difference_between_median_and_p95_is_unknown_and_gives_the_probability) {
  const Verdict found = verdict(one_expectation(), [](const Variant& variant) {
    if (variant.pace == Pace::drawn) return shows(variant.key.replication % 4 == 0 ? Outcome::failed : Outcome::passed);
    return shows(variant.pace == Pace::median ? Outcome::passed : Outcome::failed);
  });
  EXPECT_EQ(found.outcome, Outcome::unknown);
  EXPECT_THAT(found.reason, HasSubstr("met in 75 % of 100 replications"));
}

TEST(Verdicts, a_switch_that_changes_the_outcome_makes_it_unknown_and_is_named_with_its_lab_test) {
  const Verdict found = verdict(one_expectation(), [](const Variant& variant) {
    return shows((variant.flipped & mask(exits)) != 0 ? Outcome::failed : Outcome::passed, mask(exits) | mask(stamps));
  });
  EXPECT_EQ(found.outcome, Outcome::unknown);
  EXPECT_THAT(found.reason, HasSubstr("master_exits_without_ssisdb the other way"));
  ASSERT_EQ(found.settle.size(), 1U) << "the other switch changes nothing";
  EXPECT_THAT(found.settle[0], HasSubstr(std::string(model::lab_test_of(exits))));
}

TEST(Verdicts, a_switch_that_no_decision_rested_on_is_not_varied) {
  const auto look = [](const Variant& variant) {
    EXPECT_EQ(variant.flipped, 0U);
    return shows(Outcome::passed);
  };
  EXPECT_EQ(verdict(one_expectation(), look).outcome, Outcome::passed);
}

TEST(Verdicts, a_switch_that_the_design_gives_is_not_varied) {
  const auto look = [](const Variant& variant) {
    return shows((variant.flipped & mask(exits)) != 0 ? Outcome::failed : Outcome::passed, mask(exits));
  };
  EXPECT_EQ(verdict(one_expectation(), look, mask(exits)).outcome, Outcome::passed);
}

TEST(Verdicts, a_switch_that_matters_only_under_another_value_of_a_first_one_is_found) {
  const Verdict found = verdict(one_expectation(), [](const Variant& variant) {
    const bool first = (variant.flipped & mask(exits)) != 0, second = (variant.flipped & mask(stamps)) != 0;
    return shows(first && second ? Outcome::failed : Outcome::passed, mask(exits) | (first ? mask(stamps) : 0));
  });
  EXPECT_EQ(found.outcome, Outcome::unknown);
}

TEST(Verdicts, a_stated_probability_is_judged_over_replications_with_confidence) {
  const auto share = [](std::uint64_t failing_of_100) {
    return [failing_of_100](const Variant& variant) {
      const bool fails = variant.pace == Pace::drawn && variant.key.replication % 100 < failing_of_100;
      return shows(fails ? Outcome::failed : Outcome::passed);
    };
  };
  EXPECT_EQ(verdict(one_expectation(0.9), share(0)).outcome, Outcome::passed);
  EXPECT_EQ(verdict(one_expectation(0.9), share(40)).outcome, Outcome::failed);
  const Verdict close = verdict(one_expectation(0.9), share(9));
  EXPECT_EQ(close.outcome, Outcome::unknown) << "91 of 100 does not show 90 % with 95 % confidence";
  EXPECT_THAT(close.settle.front(), HasSubstr("more replications"));
}

TEST(Verdicts, no_replication_is_looked_at_twice_as_the_same) {
  std::set<std::uint64_t> seen;
  verdict(one_expectation(0.5), [&](const Variant& variant) {
    if (variant.pace == Pace::drawn) {
      EXPECT_TRUE(seen.insert(variant.key.replication).second);
    }
    return shows(Outcome::passed);
  });
  EXPECT_EQ(seen.size(), 100U);
  EXPECT_FALSE(seen.contains(0)) << "number 0 is the account";
}

}  // namespace
}  // namespace rehearse::sim
