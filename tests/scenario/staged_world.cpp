#include "staged_world.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "sim/async/deploy.hpp"
#include "sim/scenario/runner.hpp"
#include "sim/scenario/settings_change.hpp"

namespace rehearse::sim {
namespace {

constexpr Duration horizon = std::chrono::hours(2);

world::World deployed(const Scenario& scenario) {
  const auto plan = std::make_shared<const world::Blueprint>(scenario.design, scenario.start, horizon,
                                                             texts_of_settings(scenario.timeline));
  world::World world(plan, core::Time(-std::chrono::hours(2)));
  deploy_installed(world);
  world.run_until(core::at_start);
  world.begin({1, 0});
  return world;
}

}  // namespace

Scenario staged_scenario(const std::string& timeline, const std::string& design) {
  const ScenarioResult result = read_scenario(
      R"({ "name": "staged", "design": ")" + design +
          R"(", "start": "2027-03-01T12:00:00Z", "duration": "2h", "deploy": "installed", "timeline": [)" + timeline +
          R"(], "expect": [] })",
      "test.json", std::string(REHEARSE_SOURCE_DIR) + "/tests/negative/scenarios");
  for (const model::Diagnostic& diagnostic : result.diagnostics) ADD_FAILURE() << model::to_text(diagnostic);
  return result.scenario.value();
}

RunResult played(const Scenario& scenario) {
  return rehearse(scenario, prepare(scenario, world::Tempo::when_it_matters), Variant{{1, 0}, world::Pace::median, 0});
}

Stage::Stage(const std::string& timeline, const std::string& design)
    : scenario_(staged_scenario(timeline, design)), world_(deployed(scenario_)), faults_(world_) {}

bool Stage::act(std::size_t entry) {
  const TimelineEntry& what = scenario_.timeline.at(entry);
  const bool fault = what.action == TimelineEntry::Action::fault;
  const world::RecordId why =
      world_.engine().emit(fault ? world::RecordKind::fault_injected : world::RecordKind::fault_repaired,
                           world::cluster_id, 0, static_cast<std::uint32_t>(entry));
  const bool done = fault ? faults_.inject(what, why) : faults_.repair(what, why);
  world_.settle();
  return done;
}

}  // namespace rehearse::sim
