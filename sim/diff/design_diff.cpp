#include <algorithm>

#include "sim/diff/diff_report.hpp"
#include "sim/faults/told_course.hpp"

namespace rehearse::sim {

bool DesignDiff::worse() const {
  const bool error = std::any_of(rules.only_b.begin(), rules.only_b.end(),
                                 [](const auto& told) { return told.level == model::rules::Level::error; });
  return error || courses.any(Change::worse) || courses.healthy_b > courses.healthy_a;
}

bool DesignDiff::unknown() const {
  return courses.any(Change::unclear) || !courses.complete;
}

bool DesignDiff::empty() const {
  return values.empty() && rules.empty() && structure.empty() && courses.empty();
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
