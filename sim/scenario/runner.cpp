#include "sim/scenario/runner.hpp"

#include <algorithm>
#include <stdexcept>

#include "sim/async/deploy.hpp"
#include "sim/core/fingerprint.hpp"
#include "sim/scenario/checks/observation.hpp"
#include "sim/scenario/expectations.hpp"
#include "sim/scenario/farm_outcome.hpp"
#include "sim/scenario/invariants.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "sim/scenario/settings_change.hpp"
#include "sim/scenario/task_counts.hpp"
#include "sim/scenario/timeline_player.hpp"
#include "sim/scenario/verdicts.hpp"
#include "sim/scenario/work_figures.hpp"

namespace rehearse::sim {
namespace {

using core::Time;
using model::Switch;

/// A deployment by steps takes some hours; it begins long enough before the start to end quiescent.
constexpr Duration before_start = std::chrono::hours(48);

std::uint64_t fingerprint_of(const world::Journal& journal) {
  core::Fingerprint fingerprint;
  for (const world::Record& record : journal.records) {
    fingerprint.add(static_cast<std::uint64_t>(record.at.time_since_epoch().count()));
    fingerprint.add(static_cast<std::uint64_t>(record.kind));
    fingerprint.add(std::uint64_t{record.subject.value()} << 32 | record.object);
    fingerprint.add(static_cast<std::uint64_t>(record.value));
    // The causes count by their distance, so that a deployment done another way changes nothing.
    fingerprint.add(record.cause >= journal.first ? record.cause - journal.first + 1 : 0);
  }
  return fingerprint.value();
}

Duration horizon_of(const Scenario& scenario) {
  return scenario.duration.value_or(longest_until_quiescent);
}

/// Findings that the scenario itself expects, with a count or a condition of its own, are not held against it twice.
bool is_expected(const Scenario& scenario, std::string_view finding) {
  using Kind = Expectation::Kind;
  return std::any_of(scenario.expectations.begin(), scenario.expectations.end(), [&](const Expectation& expectation) {
    const std::string& condition = expectation.condition;
    if (expectation.kind == Kind::finding) return condition == finding;
    if (expectation.kind == Kind::farm_outcome) {
      // A graver word includes what is less grave: executions that were doubled are no further finding.
      const bool less =
          expectation.outcome == to_text(FarmOutcome::masked) || expectation.outcome == to_text(FarmOutcome::recovered);
      return !less && finding == "overlapped runs";
    }
    const auto counts = [&](const char* name) { return expectation.counts.contains(name); };
    if (finding == "overlapped runs") {
      return counts("doubled") || counts("overlapped") || expectation.lengths.contains("overlap");
    }
    if (finding == "lost messages") return counts("messages_kept");
    if (finding == "two masters" || finding == "stray service") {
      return condition == "two masters" || condition == "one master process";
    }
    if (finding == "stale owner") return condition == "one owner per role";
    return condition == finding;
  });
}

/// Operations that did not succeed, as verdicts: nobody has to expect them to work. One that is expected to fail has a
/// verdict either way.
std::vector<Verdict> verdicts_of(const std::vector<OperationNote>& notes, const std::string& what) {
  std::vector<Verdict> verdicts;
  for (const OperationNote& note : notes) {
    if (note.failure.empty() && !note.to_fail) continue;
    const bool failed = note.outcome == "failed", told = failed || note.failure.empty();
    Verdict verdict;
    verdict.outcome = !told ? Outcome::unknown : failed == note.to_fail ? Outcome::passed : Outcome::failed;
    verdict.expectation = what + " " + note.name + (note.to_fail ? " fails" : " succeeds");
    verdict.reason = note.failure.empty() ? "it succeeded" : note.failure;
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

}  // namespace

Prepared prepare(const Scenario& scenario, world::Tempo tempo) {
  const auto plan = std::make_shared<const world::Blueprint>(scenario.design, scenario.start, horizon_of(scenario),
                                                             texts_of_settings(scenario.timeline));
  Prepared prepared{plan, world::World(plan, Time(-before_start), world::Pace::median, tempo), {}, true};
  if (scenario.deploy == Deploy::steps) {
    const DeploymentRun deployment = deploy_by_steps(prepared.world, scenario.design);
    prepared.deployed = deployment.succeeded;
    for (const StepNote& step : deployment.notes) {
      prepared.deployment.push_back({step.title, step.section, std::string(to_text(step.outcome.kind)),
                                     step.outcome.failure ? step.outcome.failure->what() : "", step.from, step.to});
    }
  } else {
    deploy_installed(prepared.world);
  }
  if (!prepared.deployed) return prepared;
  if (prepared.world.now() > core::at_start) throw std::logic_error("the deployment did not end before the start");
  prepared.world.run_until(core::at_start);
  return prepared;
}

RunResult rehearse(const Scenario& scenario, const Prepared& prepared, const Variant& variant) {
  RunResult result;
  result.scenario = scenario;
  result.plan = prepared.plan;
  result.deployment = prepared.deployment;
  world::World world = prepared.world;
  world.engine().set_pace(variant.pace);
  for (unsigned number = 0; number < model::switch_count; ++number) {
    const auto which = static_cast<Switch>(number);
    if ((variant.flipped >> number & 1U) != 0) world.engine().set_switch(which, !world.engine().switch_value(which));
  }
  world.engine().forget_consulted();
  result.first = world.state();
  const std::uint64_t events_before = world.engine().events();
  world.engine().write_to(&result.journal);
  world.begin(variant.key);
  {
    TimelinePlayer player(scenario.design, scenario.timeline, world);
    result.end = player.play(Time(horizon_of(scenario)), !scenario.duration);
    result.operations = player.notes();
    result.acts = player.acts();
  }
  world.engine().write_to(nullptr);
  result.events = world.engine().events() - events_before;
  result.last = world.state();
  result.fingerprint = fingerprint_of(result.journal);
  result.outages = find_outages(*result.plan, result.first, result.journal, result.end);
  std::vector<std::uint32_t> calls;
  for (const auto& source : world.submissions().sources) calls.push_back(source.under_way);
  result.tasks = count_tasks(*result.plan, result.last, result.end, calls);
  result.work = work_figures(*result.plan, result.first, result.journal, result.last, result.end);
  result.batches = batch_days(*result.plan, result.last, result.end);
  return result;
}

RunResult run(const Scenario& scenario, const RunOptions& options) {
  const Prepared prepared = prepare(scenario, options.tempo);
  if (!prepared.deployed) {
    RunResult result;
    result.scenario = scenario;
    result.plan = prepared.plan;
    result.deployment = prepared.deployment;
    result.first = result.last = prepared.world.state();
    result.verdicts = verdicts_of(prepared.deployment, "deployment step");
    for (const Expectation& expectation : scenario.expectations) {
      result.verdicts.push_back(
          {Outcome::unknown, expectation.text, "the design could not be deployed", {}, expectation.place});
    }
    return result;
  }
  RunResult account = rehearse(scenario, prepared, {{scenario.seed, 0}, world::Pace::median, 0});
  check_invariants(account);
  for (Finding& finding : observe(account)) {
    if (!is_expected(scenario, finding.name)) account.observations.push_back(std::move(finding.text));
  }
  account.verdicts = verdicts_of(account.operations, "operation");
  const auto look_at = [&](const Variant& variant) {
    if (options.interrupted && options.interrupted()) throw Interrupted();
    const RunResult seen = rehearse(scenario, prepared, variant);
    if (variant.pace != world::Pace::drawn) check_invariants(seen);
    return Look{look(seen), seen.last.consulted};
  };
  for (Verdict& verdict : judge(scenario, settled_switches(prepared.plan->parameters()), options, look_at)) {
    account.verdicts.push_back(std::move(verdict));
  }
  return account;
}

}  // namespace rehearse::sim
