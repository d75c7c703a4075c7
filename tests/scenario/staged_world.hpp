// A small deployed world with a part for every fault to act on, and a timeline read for it from text: tests do to the
// world what the entries say, when they like.
#pragma once

#include <string>

#include "sim/scenario/fault_injection.hpp"
#include "sim/scenario/run_result.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

/// The scenario of two hours on a design of tests/negative/scenarios, put there at once, with these entries (without
/// brackets). Whatever the reader tells fails the test.
Scenario staged_scenario(const std::string& timeline, const std::string& design = "designs/stretched.json");

/// The whole scenario played from its start, without verdicts.
RunResult played(const Scenario& scenario);

class Stage {
 public:
  explicit Stage(const std::string& timeline, const std::string& design = "designs/stretched.json");

  /// Number `entry` of the timeline, now; false: it found nothing to act on.
  bool act(std::size_t entry);
  void wait(Duration length) { world_.run_until(world_.now() + length); }

  const world::State& state() const { return world_.state(); }
  const world::Blueprint& plan() const { return world_.plan(); }
  const world::HostState& host(const std::string& name) const { return state().hosts[plan().find_host(name)]; }
  const world::ResourceState& resource(const std::string& name) const {
    return state().resources[plan().find_resource(name)];
  }
  world::World& world() { return world_; }
  Faults& faults() { return faults_; }
  const Scenario& scenario() const { return scenario_; }

 private:
  Scenario scenario_;
  world::World world_;
  Faults faults_;
};

}  // namespace rehearse::sim
