// Two designs compared, for people and for programs. The same designs give the same bytes.
//
// JSON: {
//   "format": "rehearse-diff", "version": 1, "a", "b": files, "start", "seed", "at": "median" | "p95", "k",
//   "values": [ { "pointer", "a", "b": as written, or null } ],
//   "rules", "structure": { "only_a": [...], "only_b": [...] },
//       a finding: { "rule", "severity", "file", "pointer", "line", "what" }; a weakness: { "text", "lost", "way" }
//   "faults": { "compared", "complete", "without_a_fault": { "a", "b" }, "only_a", "only_b": [ { "fault", "operation",
//               "courses", "worst" } ], "differing": [ { "course", "change", "outcome_differs", "a", "b": { "outcome",
//               "with_own_switches", "gravest", "out": seconds, "lost", "doubled", "unfinished" }, "why": [ outage ] }
//               ] }                                               why: of the first `courses_explained` only
//   "scenarios": [ { "scenario": file, "name", "change", "problems": { "a", "b": [ { "file", "line", "pointer", "what",
//                  "remedy" } ] }, and where it was compared: "outcome": { "a", "b" }, "verdicts_compared", "verdicts":
//                  [ { "expectation", "occurrence": from 1, "change", "a", "b": { "outcome", "reason", "settle" } or
//                  null } ], "only_a", "only_b": [ safety observation ], "median", "p95": { "outages": [ outage ],
//                  "executions": { "a", "b": { "lost", "doubled", "unfinished" } } }, "distributions": [ { "service",
//                  "a", "b": { "p50", "p95", "max": seconds, "with_outage": share of replications, "unended": count },
//                  "difference": { "mean", "low", "high": seconds } } ] } ]
//   "replications": of each scenario, 0: none; "confidence": of "low" to "high", Student's of the paired differences
//   "worse", "unknown", "differs": true | false
// }
// outage: { "service", "a", "b": seconds, "phases": [ { "phase", "a", "b" } ] }
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "model/design_differences.hpp"
#include "sim/diff/course_differences.hpp"
#include "sim/diff/outage_differences.hpp"
#include "sim/diff/paper_differences.hpp"
#include "sim/diff/scenario_differences.hpp"
#include "sim/faults/stage.hpp"

namespace rehearse::sim {

/// Courses whose outages are told by phase: each is run once more in both designs.
inline constexpr std::size_t courses_explained = 10;

/// One of the two designs, with what its faults came to.
struct DiffSide {
  std::string file;
  const Stage& stage;
  Explored explored;
};

struct DesignDiff {
  DiffSide a, b;
  unsigned faults = 1;  // k
  std::vector<model::DesignDifference> values;
  RuleDifferences rules;
  StructureDifferences structure;
  CourseDifferences courses;
  std::vector<ScenarioDifference> scenarios;
  std::uint64_t replications = 0;  // of each scenario; 0: no distributions

  /// Something got worse: a course, a scenario, or what happens without any fault, or there is a finding that is an
  /// error.
  bool worse() const;
  /// An unknown switch decides whether it did, or not every course was run, or a scenario does not suit both designs.
  bool unknown() const;
  bool empty() const;
};

/// Why the courses differ, in time: of the first `courses_explained` that differ in how long something was out.
std::vector<std::vector<OutageDifference>> explained_courses(const DesignDiff& diff);

void write_diff_text(std::ostream& out, const DesignDiff& diff);
void write_diff_json(std::ostream& out, const DesignDiff& diff);

}  // namespace rehearse::sim
