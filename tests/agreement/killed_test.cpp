// A real deployment whose process is killed after every single write of its journal. What is left on the disk and on
// the machines is enough: performing the plan again goes on there and comes to where it comes to undisturbed.
#include <gtest/gtest.h>

#include <iostream>
#include <string>
#include <vector>

#include "tests/agreement/lives.hpp"
#include "tests/agreement/masked.hpp"
#include "tests/agreement/share.hpp"

namespace rehearse::agreement {
namespace {

using far_side::difference;
using far_side::masked;

class Killed : public testing::TestWithParam<const char*> {
 protected:
  Designs designs;
  Deployable deployable = designs.by_name(GetParam());
  Lives lives{deployable, bare_machines(deployable)};
  const steps::Plan& plan = lives.plan;
};

TEST_P(Killed, after_any_write_of_the_journal_the_plan_is_taken_up_and_comes_to_the_same_end) {
  ASSERT_TRUE(plan.complete());
  std::vector<Left> stages = {{bare_machines(deployable), ""}};  // what is left after each write
  Left whole = stages.front();
  const real::Applied undisturbed = lives.apply(whole, Lives::all, {[&](const Left& left) { stages.push_back(left); }});
  ASSERT_EQ(undisturbed.kind, real::Applied::Kind::done) << account_of(undisturbed);
  ASSERT_EQ(stages.size(), 2 * plan.steps.size() + 1);

  // Every write, from the stage before its step: the processes that came before are as good as killed, too.
  std::size_t kills = 0;
  for (std::size_t step = 0; step < plan.steps.size(); step += far_side::one_in(3, 7)) {
    const std::vector<std::string> expected = masked(stages[2 * step + 2].world);
    for (const std::size_t writes : {std::size_t{1}, std::size_t{2}}) {
      SCOPED_TRACE((writes == 1 ? "killed when it had begun " : "killed when it had ended ") + plan.steps[step].title);
      Left left = lives.apply_and_kill(stages[2 * step], writes);
      ++kills;
      const real::Applied resumed = lives.apply(left, step, {});
      const bool at_the_end = step + 1 == plan.steps.size();
      EXPECT_EQ(resumed.kind, at_the_end ? real::Applied::Kind::done : real::Applied::Kind::stopped)
          << account_of(resumed);
      EXPECT_EQ(resumed.next, step + 1);
      EXPECT_EQ(difference(expected, masked(left.world)), "");
      if (HasFailure()) return;
    }
  }
  std::cout << kills << " kills\n";
}

TEST_P(Killed, again_and_again_the_deployment_comes_to_its_end) {
  const std::size_t steps_a_life = 4;
  Left left = {bare_machines(deployable), ""};
  std::size_t done = 0;
  while (done + steps_a_life < plan.steps.size()) {
    left = lives.apply_and_kill(std::move(left), 2 * steps_a_life - 1);  // in the middle of a step
    done += steps_a_life - 1;
  }
  const real::Applied last = lives.apply(left, Lives::all, {});
  ASSERT_EQ(last.kind, real::Applied::Kind::done) << account_of(last);
  Left whole = {bare_machines(deployable), ""};
  lives.apply(whole, Lives::all, {});
  EXPECT_EQ(difference(masked(whole.world), masked(left.world)), "");

  const real::Applied nothing = lives.apply(left, Lives::all, {});
  EXPECT_EQ(nothing.kind, real::Applied::Kind::done) << account_of(nothing);
  EXPECT_EQ(nothing.skipped, plan.steps.size());
}

INSTANTIATE_TEST_SUITE_P(Of, Killed, testing::Values("small", "separate"));

}  // namespace
}  // namespace rehearse::agreement
