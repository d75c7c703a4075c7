#include "tests/agreement/simulated_farm.hpp"

#include <memory>
#include <utility>

#include "sim/async/observing.hpp"
#include "tests/agreement/designs.hpp"

namespace rehearse::agreement {
namespace {

/// As planning does it: every machine makes certificates of its own.
world::World bare_world(const model::Design& design) {
  constexpr Duration before_start = std::chrono::hours(24 * 30);
  const auto plan = std::make_shared<world::Blueprint>(design, beginning() + before_start, std::chrono::hours(24));
  plan->personal_certificates = true;
  return world::World(plan, world::Time(-before_start));
}

}  // namespace

SimulatedFarm::SimulatedFarm(const model::Design& design) : SimulatedFarm(bare_world(design)) {}

SimulatedFarm::SimulatedFarm(const world::World& world)
    : world_(world),
      driver_(world_),
      platform_(driver_.platform(), world_.plan().design(), {}),
      heard_(platform_.platform(), asked) {}

steps::Performance SimulatedFarm::perform_all(std::vector<steps::StepPtr> steps) {
  sim::StepProcedure& procedure = procedures_.emplace_back(std::move(steps));
  procedure.start(driver_, platform());
  driver_.run_until_idle();
  steps::Performance performance;
  for (const sim::StepNote& note : procedure.notes()) {
    performance.entries.push_back({performance.entries.size(), note.outcome});
  }
  return performance;
}

void SimulatedFarm::rest() {
  driver_.run_until(world_.now() + time_to_rest);
}

steps::Observation SimulatedFarm::observe() {
  return sim::observe_at_once(driver_, platform(), world_.plan().design(), steps::AskForPatches::no);
}

}  // namespace rehearse::agreement
