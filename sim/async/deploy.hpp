// Two ways to a deployed world: by the article's steps, as the user will do it, or put there at once. Both end in the
// same deployment; the first says how long it takes and whether it works.
#pragma once

#include <string>
#include <vector>

#include "model/design.hpp"
#include "sim/async/procedure.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

struct DeploymentRun {
  std::vector<StepNote> notes;  // up to and with the first step that failed
  bool succeeded = false;

  const steps::Failure* failure() const;  // null: none
};

/// Performs the deployment's steps from the world's present time. The world must be built for this design.
DeploymentRun deploy_by_steps(world::World& world, const model::Design& design);

/// Any steps, to their end.
DeploymentRun run_steps(world::World& world, std::vector<steps::StepPtr> steps);

/// Puts the design's end state there and lets the world run until nothing is due within the next hour: roles online,
/// workers connected.
void deploy_installed(world::World& world);

}  // namespace rehearse::sim
