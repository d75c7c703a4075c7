#include <algorithm>

#include "sim/diff/diff_report.hpp"
#include "sim/faults/told_course.hpp"

namespace rehearse::sim {

bool DesignDiff::worse() const {
  const bool error = std::any_of(rules.only_b.begin(), rules.only_b.end(),
                                 [](const auto& told) { return told.level == model::rules::Level::error; });
  const bool scenario =
      std::any_of(scenarios.begin(), scenarios.end(), [](const auto& one) { return one.change() == Change::worse; });
  return error || courses.any(Change::worse) || courses.healthy_b > courses.healthy_a || scenario;
}

bool DesignDiff::unknown() const {
  const bool scenario =
      std::any_of(scenarios.begin(), scenarios.end(), [](const auto& one) { return one.change() == Change::unclear; });
  return courses.any(Change::unclear) || !courses.complete || scenario;
}

bool DesignDiff::empty() const {
  return values.empty() && rules.empty() && structure.empty() && courses.empty() &&
         std::all_of(scenarios.begin(), scenarios.end(), [](const auto& one) { return one.same(); });
}

std::vector<std::vector<OutageDifference>> explained_courses(const DesignDiff& diff) {
  const auto told = [](const DiffSide& side, std::size_t index) {
    const Trial& trial = side.explored.exploration.trials[index];
    return tell_course(side.stage, events_of(trial, side.explored.exploration, side.explored.catalogue), trial.mended);
  };
  std::vector<std::vector<OutageDifference>> why;
  for (const CourseDifference& course : diff.courses.differing) {
    if (why.size() == courses_explained) break;
    const bool idle =
        diff.a.explored.exploration.trials[course.a].idle || diff.b.explored.exploration.trials[course.b].idle;
    if (idle) {
      why.emplace_back();
      continue;
    }
    why.push_back(outage_differences(told(diff.a, course.a), told(diff.b, course.b), shortest_difference));
  }
  return why;
}

}  // namespace rehearse::sim
