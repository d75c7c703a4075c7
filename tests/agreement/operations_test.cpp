// What is done to a deployment after it is built, on both platforms: every operation ends alike on both, and performing
// it again finds it done, or does the same again.
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <tuple>
#include <vector>

#include "model/steps/operations.hpp"
#include "tests/agreement/deployed.hpp"
#include "tests/agreement/masked.hpp"
#include "tests/agreement/stories.hpp"

namespace rehearse::agreement {
namespace {

std::string outcomes(const steps::Performance& performance) {
  std::vector<std::string> texts;
  for (const auto& entry : performance.entries) {
    texts.push_back(entry.outcome.failure ? entry.outcome.failure->what() : std::string(to_text(entry.outcome.kind)));
  }
  return fmt::format("{}", fmt::join(texts, "; "));
}

class Operations : public testing::TestWithParam<std::tuple<std::string, std::size_t>> {};

TEST_P(Operations, end_alike_on_both_platforms_and_may_be_performed_twice) {
  const Deployed& start = deployed(std::get<0>(GetParam()));
  const Story story = stories().at(std::get<1>(GetParam()));
  BothFarms farms(start.deployable, start.simulated, start.far);
  const auto expect_agreement = [&] {
    for (const std::string& difference : farms.disagreements()) ADD_FAILURE() << difference;
  };
  for (const Act& act : story.acts) {
    SCOPED_TRACE(act.operation);
    if (act.happens) {
      act.happens(farms);
      expect_agreement();
      continue;
    }
    const model::Design& design = start.deployable.design;
    ASSERT_EQ(steps::problem_of_operation(design, act.operation, act.arguments), "");
    const auto make = [&] { return steps::operation_steps(design, act.operation, act.arguments); };
    EXPECT_EQ(outcomes(farms.simulated.perform_all(make())), outcomes(farms.far.perform_all(make())));
    expect_agreement();
    if (HasFailure()) return;
    if (act.does_it_again) continue;

    SCOPED_TRACE("again");
    const std::vector<std::string> before = far_side::masked(farms.far.world);
    const std::string again = outcomes(farms.far.perform_all(make()));
    EXPECT_EQ(outcomes(farms.simulated.perform_all(make())), again);
    EXPECT_EQ(far_side::difference(before, far_side::masked(farms.far.world)), "");
    expect_agreement();
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Of, Operations,
                         testing::Combine(testing::Values("stated joint", "stated separate"),
                                          testing::Range(std::size_t{0}, stories().size())),
                         [](const auto& parameter) {
                           const bool joint = std::get<0>(parameter.param) == "stated joint";
                           return stories().at(std::get<1>(parameter.param)).name + (joint ? "_joint" : "_separate");
                         });

}  // namespace
}  // namespace rehearse::agreement
