#include "sim/diff/scenario_differences.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "sim/faults/parallel.hpp"
#include "sim/scenario/checks/observation.hpp"
#include "sim/scenario/invariants.hpp"

namespace rehearse::sim {
namespace {

std::vector<model::Diagnostic> errors_of(const ScenarioResult& read) {
  if (read.scenario) return {};
  std::vector<model::Diagnostic> errors = read.diagnostics;
  std::erase_if(errors, [](const auto& one) { return one.severity != model::Severity::error; });
  return errors;
}

Outcome outcome_in(const std::optional<Verdict>& verdict) {
  return verdict ? verdict->outcome : Outcome::passed;
}

Change change_between(Outcome a, Outcome b) {
  if (a == b) return Change::same;
  if (a == Outcome::unknown || b == Outcome::unknown) return Change::unclear;
  return b == Outcome::failed ? Change::worse : Change::better;
}

/// What makes a verdict the same in two runs: its text, and how many before it have the same.
using Identity = std::pair<std::string, std::size_t>;

std::vector<std::pair<Identity, const Verdict*>> identified(const std::vector<Verdict>& verdicts) {
  std::map<std::string, std::size_t> seen;
  std::vector<std::pair<Identity, const Verdict*>> list;
  for (const Verdict& verdict : verdicts) {
    list.emplace_back(Identity{verdict.expectation, seen[verdict.expectation]++}, &verdict);
  }
  return list;
}

void compare_verdicts(const RunResult& a, const RunResult& b, ScenarioDifference& told) {
  const auto of_a = identified(a.verdicts), of_b = identified(b.verdicts);
  std::map<Identity, const Verdict*> left(of_b.begin(), of_b.end());
  const auto compare = [&](const Identity& identity, const Verdict* in_a, const Verdict* in_b) {
    VerdictDifference one{identity.first, identity.second, {}, {}, Change::same};
    if (in_a != nullptr) one.a = *in_a;
    if (in_b != nullptr) one.b = *in_b;
    one.change = change_between(outcome_in(one.a), outcome_in(one.b));
    ++told.verdicts_compared;
    if (one.change != Change::same) told.verdicts.push_back(std::move(one));
  };
  for (const auto& [identity, verdict] : of_a) {
    const auto same = left.find(identity);
    compare(identity, verdict, same == left.end() ? nullptr : same->second);
    if (same != left.end()) left.erase(same);
  }
  for (const auto& [identity, verdict] : of_b) {
    if (left.contains(identity)) compare(identity, nullptr, verdict);
  }
}

std::vector<std::string> names_seen(const RunResult& run) {
  std::vector<std::string> names;
  for (const Finding& finding : observe(run)) names.emplace_back(finding.name);
  return names;
}

std::vector<std::string> without(std::vector<std::string> names, const std::vector<std::string>& others) {
  std::erase_if(names, [&](const auto& name) { return std::find(others.begin(), others.end(), name) != others.end(); });
  return names;
}

Executions executions_of(const RunResult& run) {
  return {run.tasks.lost(), run.tasks.doubled(), run.tasks.unfinished};
}

PaceDifference compare_runs(const RunResult& a, const RunResult& b) {
  return {outage_differences(a, b, shortest_difference), executions_of(a), executions_of(b)};
}

RunResult run_at_p95(const Scenario& scenario, const Prepared& prepared) {
  RunResult result = rehearse(scenario, prepared, {{scenario.seed, 0}, world::Pace::p95, 0});
  check_invariants(result);
  return result;
}

ScenarioDifference compare_with(const ScenarioFile& file, const std::string& design_a, const std::string& design_b,
                                const ScenarioDiffOptions& options) {
  const ScenarioResult read_a = file.with_design(design_a), read_b = file.with_design(design_b);
  ScenarioDifference told;
  told.file = file.path();
  told.problems_a = errors_of(read_a);
  told.problems_b = errors_of(read_b);
  for (const ScenarioResult* read : {&read_b, &read_a}) {
    if (read->scenario) told.name = read->scenario->name;
  }
  if (!told.compared()) return told;

  const Scenario &a = *read_a.scenario, &b = *read_b.scenario;
  RunOptions how;
  how.interrupted = options.interrupted;
  const RunResult run_a = run(a, how), run_b = run(b, how);
  told.outcome_a = run_a.outcome();
  told.outcome_b = run_b.outcome();
  compare_verdicts(run_a, run_b, told);
  const Prepared prepared_a = prepare(a, how.tempo), prepared_b = prepare(b, how.tempo);
  // Where the design cannot be deployed nothing was run, which is a verdict.
  if (!prepared_a.deployed || !prepared_b.deployed) return told;
  const std::vector<std::string> seen_a = names_seen(run_a), seen_b = names_seen(run_b);
  told.seen_only_a = without(seen_a, seen_b);
  told.seen_only_b = without(seen_b, seen_a);
  told.median = compare_runs(run_a, run_b);
  told.p95 = compare_runs(run_at_p95(a, prepared_a), run_at_p95(b, prepared_b));
  if (options.replications != 0) {
    told.distributions = distribution_differences(a, prepared_a, b, prepared_b, options.replications,
                                                  shortest_difference, options.interrupted);
  }
  return told;
}

Change change_of(const PaceDifference& difference) {
  Change change = difference.b > difference.a   ? Change::worse
                  : difference.b < difference.a ? Change::better
                                                : Change::same;
  for (const OutageDifference& outage : difference.outages) {
    change = std::max(change, outage.b > outage.a ? Change::worse : Change::better);
  }
  return change;
}

}  // namespace

bool ScenarioDifference::same() const {
  return compared() && verdicts.empty() && seen_only_a.empty() && seen_only_b.empty() && median.empty() &&
         p95.empty() && distributions.empty();
}

Change ScenarioDifference::change() const {
  if (!compared()) return Change::unclear;
  Change change = std::max(change_of(median), change_of(p95));
  if (!seen_only_a.empty()) change = std::max(change, Change::better);
  if (!seen_only_b.empty()) change = std::max(change, Change::worse);
  for (const VerdictDifference& verdict : verdicts) change = std::max(change, verdict.change);
  for (const DistributionDifference& one : distributions) {
    if (one.longer_in_b()) change = std::max(change, Change::worse);
    if (one.shorter_in_b()) change = std::max(change, Change::better);
  }
  return change;
}

std::vector<ScenarioDifference> scenario_differences(const std::vector<ScenarioFile>& files,
                                                     const std::string& design_a, const std::string& design_b,
                                                     const ScenarioDiffOptions& options) {
  struct Nothing {};
  std::vector<std::optional<ScenarioDifference>> told(files.size());
  const Parallel how{options.threads, options.interrupted, options.progress};
  in_parallel<Nothing>(files.size(), how, [&](std::size_t index, Nothing&) {
    told[index] = compare_with(files[index], design_a, design_b, options);
  });
  std::vector<ScenarioDifference> list;
  for (std::optional<ScenarioDifference>& one : told) {
    if (!one) throw Interrupted();
    list.push_back(std::move(*one));
  }
  return list;
}

}  // namespace rehearse::sim
