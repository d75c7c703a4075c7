// The same deployment on both platforms, side by side.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tests/agreement/far_farm.hpp"
#include "tests/agreement/simulated_farm.hpp"

namespace rehearse::agreement {

using MakeSteps = std::function<std::vector<steps::StepPtr>()>;

class BothFarms {
 public:
  /// Bare machines.
  explicit BothFarms(const Deployable& deployable) : simulated(deployable.design), far(deployable) {}
  /// Where two others have come to.
  BothFarms(const Deployable& deployable, const world::World& of_simulated, const far_side::FarWorld& of_far)
      : simulated(of_simulated), far(deployable, of_far) {}

  /// The account of what failed, on either; empty: nothing.
  std::string perform(const MakeSteps& make_steps);
  /// Where they answer differently once everything has come to rest, a sentence each.
  std::vector<std::string> disagreements();

  /// Names of the requests that either was asked.
  std::set<std::string> asked_of_both() const;

  SimulatedFarm simulated;
  FarFarm far;
};

}  // namespace rehearse::agreement
