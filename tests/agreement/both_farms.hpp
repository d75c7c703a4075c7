// The same deployment on both platforms, side by side.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/agreement/far_farm.hpp"
#include "tests/agreement/simulated_farm.hpp"

namespace rehearse::agreement {

using MakeSteps = std::function<std::vector<steps::StepPtr>()>;

class BothFarms {
 public:
  explicit BothFarms(const Deployable& deployable) : simulated(deployable.design), far(deployable) {}

  /// The account of what failed, on either; empty: nothing.
  std::string perform(const MakeSteps& make_steps);
  /// Where they answer differently once everything has come to rest, a sentence each.
  std::vector<std::string> disagreements();

  SimulatedFarm simulated;
  FarFarm far;
};

}  // namespace rehearse::agreement
