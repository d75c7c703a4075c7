#include "sim/faults/told_course.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sim/scenario/runner.hpp"

namespace rehearse::sim {

Scenario scenario_of(const Stage& stage, const std::vector<PlannedEvent>& events, bool mended) {
  Scenario scenario = stage.scenario;
  scenario.timeline = timeline_of(events);
  core::Time last{};
  for (const PlannedEvent& event : events) last = std::max(last, event.at);
  if (mended) {
    std::vector<TimelineEntry> further = mending(stage, scenario.timeline, last + repair_after + mend_after);
    std::ranges::move(further, std::back_inserter(scenario.timeline));
  }
  return scenario;
}

RunResult tell_scenario(const Stage& stage, const Scenario& scenario) {
  const Prepared prepared{stage.plan, *stage.deployed, {}, true};
  return rehearse(scenario, prepared, {{scenario.seed, 0}, stage.pace, 0});
}

RunResult tell_course(const Stage& stage, const std::vector<PlannedEvent>& events, bool mended) {
  return tell_scenario(stage, scenario_of(stage, events, mended));
}

void settle_repairs(std::vector<PlannedEvent>& events) {
  core::Time last{};
  for (const PlannedEvent& event : events) last = std::max(last, event.at);
  for (PlannedEvent& event : events) {
    if (event.repair && !event.repaired_at) event.repaired_at = last + repair_after;
  }
}

}  // namespace rehearse::sim
