#include "sim/async/deploy.hpp"

#include <utility>

#include "model/steps/deployment.hpp"
#include "sim/world/installation.hpp"

namespace rehearse::sim {

const steps::Failure* DeploymentRun::failure() const {
  if (notes.empty() || !notes.back().outcome.failure) return nullptr;
  return &*notes.back().outcome.failure;
}

DeploymentRun deploy_by_steps(world::World& world, const model::Design& design) {
  return run_steps(world, steps::deployment_steps(design));
}

DeploymentRun run_steps(world::World& world, std::vector<steps::StepPtr> steps) {
  StepProcedure procedure(std::move(steps));
  Driver driver(world);
  procedure.start(driver);
  driver.run_until_idle();
  return {procedure.notes(), procedure.succeeded()};
}

void deploy_installed(world::World& world) {
  world::Installation(world).finish();
  constexpr Duration settling = std::chrono::hours(1);
  const world::Time limit = world.now() + settling;
  while (world.engine().next_time() <= limit) world.step(limit);
}

}  // namespace rehearse::sim
