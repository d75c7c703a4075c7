// A deployment on the real platform, whose scripts are interpreted on the far side, from bare machines on.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/steps/observation.hpp"
#include "model/steps/perform.hpp"
#include "tests/agreement/designs.hpp"
#include "tests/agreement/farm.hpp"
#include "tests/agreement/listening.hpp"

namespace rehearse::agreement {

class FarFarm : public far_side::Farm {
 public:
  explicit FarFarm(const Deployable& deployable);
  FarFarm(const Deployable& deployable, far_side::FarWorld the_world);

  /// In order, up to the first failure.
  steps::Performance perform_all(const std::vector<steps::StepPtr>& steps);
  /// Lets everything come to rest.
  void rest();
  /// What the steps see of it.
  steps::Observation observe(steps::AskForPatches patches = steps::AskForPatches::no);

  std::set<std::string> asked;  // names of the requests so far

 private:
  Listening heard_{platform, asked};
};

}  // namespace rehearse::agreement
