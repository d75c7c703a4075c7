// A deployment on the simulated platform, from bare machines on: as planning performs it, so that what the product
// decides by itself is not taken for the design's wish.
#pragma once

#include <list>
#include <string>
#include <vector>

#include "model/steps/observation.hpp"
#include "model/steps/step.hpp"
#include "sim/async/driver.hpp"
#include "sim/async/observed_platform.hpp"
#include "sim/async/procedure.hpp"
#include "sim/world/world.hpp"

namespace rehearse::agreement {

class SimulatedFarm {
 public:
  explicit SimulatedFarm(const model::Design& design);

  /// In order, up to the first failure; the account of it, empty: there is none.
  std::string perform(std::vector<steps::StepPtr> steps);
  /// Lets everything come to rest.
  void rest();
  /// What the steps see of it.
  steps::Observation observe();
  /// The simulated platform only knows that this is not what the design wants.
  bool is_guess(const steps::AnyRequest& question) const { return platform_.is_guess(question); }

 private:
  world::World world_;
  std::list<sim::StepProcedure> procedures_;  // outlive the driver
  sim::Driver driver_;
  sim::ObservedPlatform platform_;
};

}  // namespace rehearse::agreement
