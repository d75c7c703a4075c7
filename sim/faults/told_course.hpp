// A course with its whole journal: what `rehearse run` would show of it. For the stories, and for the phases in whose
// middle further faults come.
#pragma once

#include <vector>

#include "sim/faults/course.hpp"
#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

/// The scenario that is the course. `mended`: with what somebody does where repairing was not enough.
Scenario scenario_of(const Stage& stage, const std::vector<PlannedEvent>& events, bool mended);

/// It, played on the stage, with the design's own switches; without verdicts.
RunResult tell_course(const Stage& stage, const std::vector<PlannedEvent>& events, bool mended = false);
RunResult tell_scenario(const Stage& stage, const Scenario& scenario);

/// What is not repaired yet is, `repair_after` the last of the events.
void settle_repairs(std::vector<PlannedEvent>& events);

}  // namespace rehearse::sim
