#include "tests/agreement/both_farms.hpp"

#include <algorithm>
#include <iterator>

#include "tests/agreement/normal_form.hpp"

namespace rehearse::agreement {

std::string BothFarms::perform(const MakeSteps& make_steps) {
  std::string account;
  if (const std::string failed = simulated.perform(make_steps()); !failed.empty()) account += "simulated: " + failed;
  if (const std::string failed = far.perform(make_steps()); !failed.empty()) account += "far: " + failed;
  return account;
}

std::vector<std::string> BothFarms::disagreements() {
  simulated.rest();
  far.rest();
  const auto without_guesses = [&](steps::Observation observation) {
    std::erase_if(observation.facts, [&](const steps::Fact& fact) { return simulated.is_guess(fact.question); });
    return normal_form(observation, far.design);
  };
  return steps::differences(without_guesses(simulated.observe()), without_guesses(far.observe()));
}

std::set<std::string> BothFarms::asked_of_both() const {
  std::set<std::string> both;
  std::set_intersection(simulated.asked.begin(), simulated.asked.end(), far.asked.begin(), far.asked.end(),
                        std::inserter(both, both.end()));
  return both;
}

}  // namespace rehearse::agreement
