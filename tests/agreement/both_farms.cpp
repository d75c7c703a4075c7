#include "tests/agreement/both_farms.hpp"

#include <algorithm>
#include <iterator>

#include "tests/agreement/normal_form.hpp"

namespace rehearse::agreement {

std::string BothFarms::perform(const MakeSteps& make_steps) {
  std::string account;
  const auto perform_on = [&](auto& farm, const char* name) {
    const steps::Performance performance = farm.perform_all(make_steps());
    if (!performance.succeeded()) account += name + to_text(performance, make_steps());
  };
  perform_on(simulated, "simulated: ");
  perform_on(far, "far: ");
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
