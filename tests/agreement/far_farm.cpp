#include "tests/agreement/far_farm.hpp"

#include <boost/asio/awaitable.hpp>

#include <utility>

#include "tests/far_side/clockwork.hpp"

namespace rehearse::agreement {

FarFarm::FarFarm(const Deployable& deployable) : FarFarm(deployable, bare_machines(deployable)) {}

FarFarm::FarFarm(const Deployable& deployable, far_side::FarWorld the_world)
    : Farm(deployable.design, deployable.site, std::move(the_world)) {}

steps::Performance FarFarm::perform_all(const std::vector<steps::StepPtr>& steps) {
  return far_side::run_on(clock, steps::perform_all(steps, heard_.platform(), {}));
}

void FarFarm::rest() {
  far_side::pass(world, std::chrono::duration_cast<far_side::Span>(time_to_rest));
}

steps::Observation FarFarm::observe(steps::AskForPatches patches) {
  return far_side::run_on(clock, steps::observe(heard_.platform(), design, patches));
}

}  // namespace rehearse::agreement
