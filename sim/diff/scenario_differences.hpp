// One scenario rehearsed with each of two designs in place of its own: what was expected and holds in only one of them,
// how long services are out, and what that costs the work.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/diff/course_differences.hpp"
#include "sim/diff/outage_differences.hpp"
#include "sim/diff/outage_distributions.hpp"
#include "sim/diff/scenario_file.hpp"

namespace rehearse::sim {

/// A verdict that is another one. The same in both is the one of the same text; of several, the first goes with the
/// first. Operations have a verdict only where they do not do what is expected of them.
struct VerdictDifference {
  std::string expectation;
  std::size_t before = 0;       // verdicts of the same text before it
  std::optional<Verdict> a, b;  // nullopt: an operation that did what was expected
  Change change = Change::unclear;
};

/// Executions at the end of a run.
struct Executions {
  std::uint64_t lost = 0, doubled = 0, unfinished = 0;
  friend auto operator<=>(const Executions&, const Executions&) = default;
};

/// Both designs with all durations at one pace.
struct PaceDifference {
  std::vector<OutageDifference> outages;
  Executions a, b;
  bool empty() const { return outages.empty() && a == b; }
};

struct ScenarioDifference {
  std::string file, name;                                 // the name is empty where neither design suits the scenario
  std::vector<model::Diagnostic> problems_a, problems_b;  // errors: why it cannot be rehearsed with that design
  Outcome outcome_a = Outcome::unknown, outcome_b = Outcome::unknown;  // as `run` judges it
  std::size_t verdicts_compared = 0;
  std::vector<VerdictDifference> verdicts;
  std::vector<std::string> seen_only_a, seen_only_b;  // safety observations by name: "two masters"
  PaceDifference median, p95;
  std::vector<DistributionDifference> distributions;  // empty, too, where no replications were asked for

  /// It was rehearsed with both. If not, nothing but its problems is told.
  bool compared() const { return problems_a.empty() && problems_b.empty(); }
  /// Compared, and the same.
  bool same() const;
  /// The gravest of its changes. One that cannot be rehearsed with a design is unclear.
  Change change() const;
};

struct ScenarioDiffOptions {
  std::uint64_t replications = 0;  // 0: no distributions; else 2 or more
  unsigned threads = 1;
  std::function<bool()> interrupted;
  std::function<void(std::uint64_t done, std::uint64_t of)> progress;  // scenarios; from any thread, one at a time
};

/// In the order of the files, on any number of threads. `design_a`, `design_b`: their files, which the reader of
/// designs has accepted. Throws Interrupted, and std::logic_error for a broken invariant.
std::vector<ScenarioDifference> scenario_differences(const std::vector<ScenarioFile>& files,
                                                     const std::string& design_a, const std::string& design_b,
                                                     const ScenarioDiffOptions& options);

}  // namespace rehearse::sim
