// A deployment on the real platform, whose scripts are interpreted on the far side, from bare machines on.
#pragma once

#include "model/steps/observation.hpp"
#include "tests/agreement/designs.hpp"
#include "tests/agreement/farm.hpp"

namespace rehearse::agreement {

class FarFarm : public far_side::Farm {
 public:
  explicit FarFarm(const Deployable& deployable);
  FarFarm(const Deployable& deployable, far_side::FarWorld the_world);

  /// Lets everything come to rest.
  void rest();
  /// What the steps see of it.
  steps::Observation observe();
};

}  // namespace rehearse::agreement
