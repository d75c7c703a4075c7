// Courses of two designs, told by hand: which go with each other, and which way they changed.
#include "sim/diff/course_differences.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rehearse::sim {
namespace {

using std::chrono::seconds;
using testing::IsEmpty;
using testing::SizeIs;

/// A design with what was explored in it.
struct Design {
  FaultCatalogue catalogue;
  Exploration exploration;

  explicit Design(const std::vector<std::string>& faults) {
    for (const std::string& name : faults) {
      CatalogueFault fault;
      fault.name = name;
      catalogue.faults.push_back(fault);
    }
    exploration.words = {"in detect", "in regroup"};
  }
  Trial& add(std::initializer_list<std::uint16_t> faults, FarmOutcome outcome, std::uint16_t when = 0) {
    Trial trial;
    for (const std::uint16_t fault : faults) {
      trial.when.at(trial.count) = trial.count == 0 ? std::uint16_t{0} : when;
      trial.faults.at(trial.count++) = fault;
    }
    trial.outcome = trial.gravest = outcome;
    exploration.trials.push_back(trial);
    return exploration.trials.back();
  }
  Explored explored() const { return {exploration, catalogue}; }
};

CourseDifferences between(const Design& a, const Design& b) {
  return course_differences(a.explored(), b.explored());
}

TEST(CourseDifferences, a_course_is_the_same_by_the_names_of_its_faults_wherever_these_stand) {
  Design a({"power_loss on SQL1", "witness.down"}), b({"witness.down", "power_loss on SQL1"});
  a.add({0}, FarmOutcome::recovered);
  a.add({1}, FarmOutcome::masked);
  b.add({0}, FarmOutcome::masked);
  b.add({1}, FarmOutcome::recovered);
  const CourseDifferences told = between(a, b);
  EXPECT_EQ(told.compared, 2U);
  EXPECT_TRUE(told.empty());
}

TEST(CourseDifferences, a_graver_outcome_is_worse_and_the_other_way_round_better) {
  Design a({"f"}), b({"f"});
  a.add({0}, FarmOutcome::recovered);
  b.add({0}, FarmOutcome::lost);
  ASSERT_THAT(between(a, b).differing, SizeIs(1));
  EXPECT_EQ(between(a, b).differing[0].change, Change::worse);
  EXPECT_TRUE(between(a, b).differing[0].outcome);
  EXPECT_EQ(between(b, a).differing[0].change, Change::better);
}

TEST(CourseDifferences, where_an_unknown_switch_decides_only_what_is_graver_than_all_it_may_come_to_is_worse) {
  Design a({"f"}), b({"f"});
  Trial& unknown = a.add({0}, FarmOutcome::recovered);
  unknown.deciding = 1;
  unknown.gravest = FarmOutcome::needs_person;
  b.add({0}, FarmOutcome::needs_person);
  EXPECT_EQ(between(a, b).differing.at(0).change, Change::unclear);
  b.exploration.trials[0].outcome = b.exploration.trials[0].gravest = FarmOutcome::lost;
  EXPECT_EQ(between(a, b).differing.at(0).change, Change::worse);
}

TEST(CourseDifferences, times_that_differ_by_less_than_a_second_are_the_same) {
  Design a({"f"}), b({"f"});
  a.add({0}, FarmOutcome::recovered).figures.out[0] = seconds(30);
  b.add({0}, FarmOutcome::recovered).figures.out[0] = seconds(31) - Duration(1);
  EXPECT_TRUE(between(a, b).empty());
  b.exploration.trials[0].figures.out[0] = seconds(31);
  EXPECT_EQ(between(a, b).differing.at(0).change, Change::worse);
  EXPECT_FALSE(between(a, b).differing.at(0).outcome);
}

TEST(CourseDifferences, where_the_times_are_the_same_executions_decide) {
  Design a({"f"}), b({"f"});
  a.add({0}, FarmOutcome::recovered_with_loss).figures.lost = 3;
  b.add({0}, FarmOutcome::recovered_with_loss).figures.lost = 2;
  EXPECT_EQ(between(a, b).differing.at(0).change, Change::better);
}

TEST(CourseDifferences, a_fault_with_nothing_to_act_on_is_as_good_as_a_masked_one) {
  Design a({"f"}), b({"f"});
  a.add({0}, FarmOutcome::masked);
  b.add({0}, FarmOutcome::lost).idle = true;
  const CourseDifferences told = between(a, b);
  ASSERT_THAT(told.differing, SizeIs(1)) << "it is told";
  EXPECT_EQ(told.differing[0].change, Change::same);
  EXPECT_FALSE(told.any(Change::worse));
}

TEST(CourseDifferences, the_phase_of_a_later_fault_tells_courses_apart) {
  Design a({"f", "g"}), b({"f", "g"});
  a.add({0, 1}, FarmOutcome::recovered, 0);
  b.add({0, 1}, FarmOutcome::recovered, 1);
  const CourseDifferences told = between(a, b);
  EXPECT_EQ(told.compared, 0U);
  EXPECT_THAT(told.only_a, SizeIs(1));
  EXPECT_THAT(told.only_b, SizeIs(1));
}

TEST(CourseDifferences, of_several_alike_the_first_goes_with_the_first) {
  Design a({"f", "g"}), b({"f", "g"});
  a.add({0, 1}, FarmOutcome::recovered);
  a.add({0, 1}, FarmOutcome::masked);
  b.add({0, 1}, FarmOutcome::recovered);
  b.add({0, 1}, FarmOutcome::masked);
  EXPECT_TRUE(between(a, b).empty());
}

TEST(CourseDifferences, what_only_one_design_has_is_told_by_fault_with_its_gravest_outcome) {
  Design a({"f"}), b({"f", "power_loss on SQL3", "g"});
  a.add({0}, FarmOutcome::masked);
  b.add({0}, FarmOutcome::masked);
  b.add({1}, FarmOutcome::recovered).multiplicity = 2;
  b.add({1, 2}, FarmOutcome::lost);
  const CourseDifferences told = between(a, b);
  EXPECT_THAT(told.only_a, IsEmpty());
  ASSERT_THAT(told.only_b, SizeIs(1));
  EXPECT_EQ(told.only_b[0].fault, "power_loss on SQL3");
  EXPECT_EQ(told.only_b[0].courses, 3U);
  EXPECT_EQ(told.only_b[0].worst, "lost");
}

TEST(CourseDifferences, the_worst_change_comes_first) {
  Design a({"f", "g", "h", "i"}), b({"f", "g", "h", "i"});
  a.add({0}, FarmOutcome::lost);
  a.add({1}, FarmOutcome::recovered).figures.out[0] = seconds(1);
  a.add({2}, FarmOutcome::masked);
  a.add({3}, FarmOutcome::masked);
  b.add({0}, FarmOutcome::masked);
  b.add({1}, FarmOutcome::recovered).figures.out[0] = seconds(100);
  b.add({2}, FarmOutcome::lost);
  b.add({3}, FarmOutcome::recovered);
  std::vector<std::string> names;
  for (const CourseDifference& one : between(a, b).differing) names.push_back(one.name);
  EXPECT_THAT(names, testing::ElementsAre("h", "i", "g", "f"));
}

}  // namespace
}  // namespace rehearse::sim
