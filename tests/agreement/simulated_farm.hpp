// A deployment on the simulated platform, from bare machines on: as planning performs it, so that what the product
// decides by itself is not taken for the design's wish.
#pragma once

#include <list>
#include <set>
#include <string>
#include <vector>

#include "model/steps/observation.hpp"
#include "model/steps/perform.hpp"
#include "sim/async/driver.hpp"
#include "sim/async/observed_platform.hpp"
#include "sim/async/procedure.hpp"
#include "sim/world/world.hpp"
#include "tests/agreement/listening.hpp"

namespace rehearse::agreement {

class SimulatedFarm {
 public:
  /// Bare machines.
  explicit SimulatedFarm(const model::Design& design);
  /// Goes on in a copy of a farm's world, in which everything is as the design wants it.
  explicit SimulatedFarm(const world::World& world);

  /// In order, up to the first failure.
  steps::Performance perform_all(std::vector<steps::StepPtr> steps);
  /// Lets everything come to rest.
  void rest();
  /// What the steps see of it.
  steps::Observation observe();
  /// The simulated platform only knows that this is not what the design wants.
  bool is_guess(const steps::AnyRequest& question) const { return platform_.is_guess(question); }

  steps::Platform platform() { return heard_.platform(); }
  sim::Driver& driver() { return driver_; }
  world::World& world() { return world_; }

  std::set<std::string> asked;  // names of the requests so far

 private:
  world::World world_;
  std::list<sim::StepProcedure> procedures_;  // outlive the driver
  sim::Driver driver_;
  sim::ObservedPlatform platform_;
  Listening heard_;
};

}  // namespace rehearse::agreement
