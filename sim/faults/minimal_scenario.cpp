#include "sim/faults/minimal_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "sim/faults/told_course.hpp"
#include "sim/report/describe.hpp"
#include "sim/scenario/checks/observation.hpp"
#include "sim/scenario/fault_kinds.hpp"
#include "sim/scenario/runner.hpp"

namespace rehearse::sim {
namespace {

using Action = TimelineEntry::Action;
using Timeline = std::vector<TimelineEntry>;

/// A repair needs its fault before it.
bool is_consistent(const Timeline& timeline) {
  for (std::size_t index = 0; index < timeline.size(); ++index) {
    if (timeline[index].action != Action::repair) continue;
    const bool begun = std::any_of(timeline.begin(), timeline.begin() + static_cast<std::ptrdiff_t>(index),
                                   [&](const TimelineEntry& entry) {
                                     return entry.action == Action::fault && same_target(entry, timeline[index]);
                                   });
    if (!begun) return false;
  }
  return true;
}

class Shrinking {
 public:
  Shrinking(const Stage& stage, const Trial& trial, Scenario scenario)
      : stage_(stage), trial_(trial), scenario_(std::move(scenario)) {}

  MinimalScenario shrink() {
    MinimalScenario minimal;
    minimal.entries = scenario_.timeline.size();
    if (!holds(scenario_)) throw std::logic_error("a course comes to another outcome as a scenario");
    for (bool smaller = true; smaller;) {
      const std::size_t before = scenario_.timeline.size();
      const std::optional<OneBatch> work = scenario_.one_batch;
      shrink_timeline();
      shrink_work();
      smaller = scenario_.timeline.size() < before || scenario_.one_batch != work;
    }
    minimal.scenario = std::move(scenario_);
    minimal.tries = tries_;
    return minimal;
  }

 private:
  /// Whether it comes to the trial's outcome; of an unknown one, whether the same switches decide it.
  bool holds(const Scenario& scenario) {
    if (!is_consistent(scenario.timeline)) return false;
    ++tries_;
    const Prepared prepared = prepare(scenario, world::Tempo::when_it_matters);
    const auto outcome_under = [&](std::uint32_t flipped) {
      return outcome_of(farm_figures(rehearse(scenario, prepared, {{scenario.seed, 0}, stage_.pace, flipped})));
    };
    if (outcome_under(0) != trial_.outcome) return false;
    for (unsigned number = 0; number < model::switch_count; ++number) {
      const std::uint32_t flipped = 1U << number;
      if ((trial_.deciding & flipped) != 0 && outcome_under(flipped) == trial_.outcome) return false;
    }
    return true;
  }

  bool take_if_it_holds(Scenario smaller) {
    if (!holds(smaller)) return false;
    scenario_ = std::move(smaller);
    return true;
  }

  bool without(std::size_t from, std::size_t count) {
    Scenario smaller = scenario_;
    const auto first = smaller.timeline.begin() + static_cast<std::ptrdiff_t>(from);
    smaller.timeline.erase(first, first + static_cast<std::ptrdiff_t>(count));
    return take_if_it_holds(std::move(smaller));
  }

  /// A fault together with its repairs: neither can go before the other.
  bool without_fault(std::size_t index) {
    const TimelineEntry fault = scenario_.timeline[index];
    if (fault.action != Action::fault) return false;
    Scenario smaller = scenario_;
    std::erase_if(smaller.timeline, [&](const TimelineEntry& entry) {
      return entry.action != Action::step && same_target(entry, fault);
    });
    return take_if_it_holds(std::move(smaller));
  }

  /// ddmin: ever smaller chunks, until none of one entry can go.
  void shrink_timeline() {
    for (std::size_t chunk = std::max<std::size_t>(1, scenario_.timeline.size() / 2);; chunk /= 2) {
      for (bool smaller = true; smaller;) {
        smaller = false;
        for (std::size_t from = scenario_.timeline.size(); from-- > 0;) {
          if (from + chunk <= scenario_.timeline.size()) smaller = without(from, chunk) || smaller;
        }
        for (std::size_t from = scenario_.timeline.size(); chunk == 1 && from-- > 0;) {
          if (from < scenario_.timeline.size()) smaller = without_fault(from) || smaller;
        }
      }
      if (chunk <= 1) return;
    }
  }

  /// The design's own work, else half of the executions as long as that is enough.
  void shrink_work() {
    if (!scenario_.one_batch) return;
    Scenario own = scenario_;
    own.one_batch.reset();
    own.design = stage_.design;
    if (take_if_it_holds(std::move(own))) return;
    while (scenario_.one_batch->executions > 1) {
      Scenario half = scenario_;
      half.one_batch->executions /= 2;
      half.design = stage_.design;
      put_one_batch(half.design, half.start, *half.one_batch);
      if (!take_if_it_holds(std::move(half))) return;
    }
  }

  const Stage& stage_;
  const Trial& trial_;
  Scenario scenario_;
  std::uint64_t tries_ = 0;
};

/// What the run shows beside the outcome is expected too: operations that fail, and findings about safety.
void expect_what_is_seen(Scenario& scenario, const Trial& trial, world::Pace pace) {
  const Prepared prepared = prepare(scenario, world::Tempo::when_it_matters);
  const RunResult run = rehearse(scenario, prepared, {{scenario.seed, 0}, pace, 0});
  auto note = run.operations.begin();
  for (TimelineEntry& entry : scenario.timeline) {
    if (entry.action != Action::step) continue;
    note = std::find_if(note, run.operations.end(), [&](const OperationNote& one) { return one.name == entry.step; });
    if (note == run.operations.end()) break;
    entry.fails = note->outcome == "failed";
    ++note;
  }
  const auto expect = [&](std::string_view key, std::string_view word) {
    Expectation expectation;
    expectation.kind = key == "outcome" ? Expectation::Kind::farm_outcome : Expectation::Kind::finding;
    (key == "outcome" ? expectation.outcome : expectation.condition) = word;
    expectation.text = fmt::format(R"({{ "{}": "{}" }})", key, word);
    scenario.expectations.push_back(std::move(expectation));
  };
  expect("outcome", to_text(trial.outcome));
  for (const Finding& finding : observe(run)) {
    const bool included = finding.name == "overlapped runs" && trial.outcome >= FarmOutcome::recovered_with_loss;
    if (!included) expect("finding", finding.name);
  }
}

}  // namespace

MinimalScenario minimal_scenario(const Stage& stage, const FaultCatalogue& catalogue, const Exploration& exploration,
                                 const Trial& trial) {
  Scenario whole = scenario_of(stage, events_of(trial, exploration, catalogue), trial.mended);
  MinimalScenario minimal = Shrinking(stage, trial, std::move(whole)).shrink();
  Scenario& scenario = minimal.scenario;
  scenario.name.clear();
  for (const TimelineEntry& entry : scenario.timeline) {
    if (entry.action == Action::repair) continue;
    scenario.name += (scenario.name.empty() ? "" : ", ") + name_of(entry);
  }
  scenario.name += (scenario.name.empty() ? "" : ": ") + std::string(to_text(trial.outcome));
  scenario.description = fmt::format("The smallest scenario with this outcome, found by rehearse faults{}.",
                                     trial.unknown() ? "; an unknown switch decides it" : "");
  expect_what_is_seen(scenario, trial, stage.pace);
  return minimal;
}

}  // namespace rehearse::sim
