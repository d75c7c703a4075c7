// One machine of the simulated world as a whole: the part of its port that deals with power and Windows updates.
#pragma once

#include "sim/async/calls.hpp"

namespace rehearse::sim {

struct OfMachine {
  explicit OfMachine(Turn the_turn)
      : turn(the_turn), world(the_turn.world), state(world.state()), plan(world.plan()), design(plan.design()) {}

  Turn turn;
  world::World& world;
  const world::State& state;
  const world::Blueprint& plan;
  const model::Design& design;

  Progress operator()(const steps::host::Answers& request) const;
  Progress operator()(const steps::host::RestartMachine& request) const;
  Progress operator()(const steps::host::ShutDownMachine& request) const;
  Progress operator()(const steps::host::QueryPatches& request) const;
  Progress operator()(const steps::host::InstallPatches& request) const;
};

}  // namespace rehearse::sim
