// The whole deployment on both platforms, step by step: after each step both answer every question alike.
#include <gtest/gtest.h>

#include <set>

#include "model/steps/deployment.hpp"
#include "tests/agreement/both_farms.hpp"

namespace rehearse::agreement {
namespace {

std::vector<steps::StepPtr> step_of_deployment(const model::Design& design, std::size_t index) {
  std::vector<steps::StepPtr> all = steps::deployment_steps(design);
  std::vector<steps::StepPtr> one;
  one.push_back(std::move(all[index]));
  return one;
}

class Deployment : public testing::TestWithParam<const char*> {
 protected:
  Designs designs;
};

TEST_P(Deployment, comes_to_the_same_state_on_both_platforms_after_every_step) {
  BothFarms farms(designs.by_name(GetParam()));
  std::set<std::string> told;
  const std::size_t count = steps::deployment_steps(farms.far.design).size();
  std::string title = "nothing";
  for (std::size_t i = 0; i <= count; ++i) {
    for (const std::string& difference : farms.disagreements()) {
      if (told.insert(difference).second) ADD_FAILURE() << "after " << title << ": " << difference;
    }
    if (i == count) break;
    const MakeSteps make_step = [&] { return step_of_deployment(farms.far.design, i); };
    title = title_of(*make_step().front());
    ASSERT_EQ(farms.perform(make_step), "") << title;
  }
}

INSTANTIATE_TEST_SUITE_P(Of, Deployment,
                         testing::Values("reference", "separate", "small", "stated joint", "stated separate"),
                         [](const auto& parameter) {
                           std::string name = parameter.param;
                           for (char& c : name) c = c == ' ' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace rehearse::agreement
