#include "tests/agreement/far_farm.hpp"

#include <boost/asio/awaitable.hpp>

#include <utility>

#include "tests/far_side/clockwork.hpp"

namespace rehearse::agreement {

FarFarm::FarFarm(const Deployable& deployable) : FarFarm(deployable, bare_machines(deployable)) {}

FarFarm::FarFarm(const Deployable& deployable, far_side::FarWorld the_world)
    : Farm(deployable.design, deployable.site, std::move(the_world)) {}

void FarFarm::rest() {
  far_side::pass(world, std::chrono::duration_cast<far_side::Span>(time_to_rest));
}

steps::Observation FarFarm::observe() {
  return far_side::run_on(clock, steps::observe(platform, design, steps::AskForPatches::no));
}

}  // namespace rehearse::agreement
