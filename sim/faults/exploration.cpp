#include "sim/faults/exploration.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "model/steps/operations.hpp"
#include "sim/faults/exploration_unit.hpp"
#include "sim/faults/instants.hpp"
#include "sim/faults/parallel.hpp"
#include "sim/faults/told_course.hpp"
#include "sim/scenario/invariants.hpp"

namespace rehearse::sim {
namespace {

using core::Time;

constexpr std::uint64_t usual_instants = 8;  // of a prefix: for the limit

class Explorer {
 public:
  Explorer(const Stage& stage, const FaultCatalogue& catalogue, const ExplorationOptions& options)
      : stage_(stage), catalogue_(catalogue), options_(options) {}

  Exploration explore() {
    {
      Course healthy(stage_, {}, 0);
      found_.healthy = healthy.finish(Time(first_fault));
      ++found_.runs;
      found_.events += found_.healthy.events;
    }
    std::vector<Unit> units = first_units();
    for (std::size_t before = 0; before < options_.faults && !found_.interrupted; ++before) {
      const std::size_t from = found_.trials.size();
      run_all(units, before);
      if (before + 1 < options_.faults) units = units_after(from);
    }
    return std::move(found_);
  }

 private:
  std::vector<Unit> first_units() {
    std::vector<Unit> units(1);
    units.front().instants = {{Time(first_fault), "while work is under way", false}};
    if (!options_.operations) return units;
    TimelineEntry rotation, patch;
    rotation.step = "renew_master_certificate";
    rotation.arguments["not_after"] = model::to_text(stage_.scenario.start + std::chrono::hours(24 * 365 * 2));
    patch.step = "patch_rolling";
    for (TimelineEntry* entry : {&rotation, &patch}) {
      entry->action = TimelineEntry::Action::step;
      const auto& design = stage_.scenario.design;
      if (!steps::problem_of_operation(design, entry->step, entry->arguments).empty()) continue;
      units.push_back(unit_of(*entry));
    }
    return units;
  }

  Unit unit_of(const TimelineEntry& operation) {
    Unit unit;
    unit.events.push_back({operation, std::nullopt, Time(first_fault), std::nullopt});
    const RunResult told = tell_course(stage_, unit.events);
    check_invariants(told);
    unit.instants = instants_of_operation(told, Time(first_fault));
    found_.operations.push_back({operation.step, operation, outcome_of(farm_figures(told))});
    unit.before.operation = static_cast<std::uint8_t>(found_.operations.size());
    critical_.push_back(critical_of(told, unit.instants));
    return unit;
  }

  /// Of an operation: the instant that lies nearest to the middle of its longest outage, else the middle one. Further
  /// faults come after one that came then.
  static Time critical_of(const RunResult& told, const std::vector<Instant>& instants) {
    Time wanted = instants[instants.size() / 2].at;
    Duration longest{};
    for (const Outage& outage : told.outages) {
      if (outage.service.kind == Service::Kind::worker || outage.length() <= longest) continue;
      longest = outage.length();
      wanted = outage.from + longest / 2;
    }
    const auto distance = [&](const Instant& one) { return one.at > wanted ? one.at - wanted : wanted - one.at; };
    return std::min_element(instants.begin(), instants.end(),
                            [&](const Instant& a, const Instant& b) { return distance(a) < distance(b); })
        ->at;
  }

  void run_all(const std::vector<Unit>& units, std::size_t before) {
    const std::vector<std::size_t> chosen = choose(units.size());
    std::vector<std::optional<UnitResult>> results(chosen.size());
    const bool only_count = options_.only_count && before + 1 == options_.faults;
    const Parallel how{options_.threads, options_.interrupted, options_.progress};
    in_parallel<std::optional<world::World>>(chosen.size(), how, [&](std::size_t index, auto& world) {
      results[index] = run_unit(stage_, catalogue_, units[chosen[index]], only_count, world);
    });
    found_.prefixes[before] = units.size();
    for (std::optional<UnitResult>& result : results) {
      if (!result) {
        found_.interrupted = true;
        continue;
      }
      ++found_.prefixes_run[before];
      if (units[chosen[&result - results.data()]].before.operation != 0) found_.during_operations += result->counted;
      found_.courses.at(before + 1) += result->counted;
      take(std::move(*result), before + 1);
    }
  }

  /// Those that fit into the limit, evenly spread.
  std::vector<std::size_t> choose(std::size_t units) const {
    const std::uint64_t each = std::max<std::uint64_t>(1, catalogue_.faults.size() * usual_instants);
    const std::uint64_t done = found_.trials.size();
    const std::uint64_t fit = options_.limit > done ? (options_.limit - done + each - 1) / each : 0;
    const std::size_t count = std::min<std::uint64_t>(units, fit);
    std::vector<std::size_t> chosen;
    for (std::size_t number = 0; number < count; ++number) chosen.push_back(number * units / count);
    return chosen;
  }

  void take(UnitResult result, std::size_t faults) {
    std::vector<std::uint16_t> word_of;
    for (const std::string& word : result.words) {
      const auto known = std::find(found_.words.begin(), found_.words.end(), word);
      word_of.push_back(static_cast<std::uint16_t>(known - found_.words.begin()));
      if (known == found_.words.end()) found_.words.push_back(word);
    }
    for (Trial& trial : result.trials) {
      std::uint16_t& when = trial.when[trial.count - 1U];
      when = word_of[when];
      ++found_.courses.at(faults);
      found_.during_operations += trial.operation != 0;
      found_.idle += trial.idle;
      found_.trials.push_back(trial);
    }
    found_.runs += result.runs;
    found_.events += result.events;
  }

  /// A prefix for each trial from this one on: a fault that found nothing to act on begins none.
  std::vector<Unit> units_after(std::size_t from) const {
    std::vector<Unit> units;
    for (std::size_t index = from; index < found_.trials.size(); ++index) {
      const Trial& trial = found_.trials[index];
      const bool critical = trial.operation == 0 || trial.at[0] == critical_[trial.operation - 1U];
      if (trial.idle || !critical) continue;
      Unit unit;
      unit.events = events_of(trial, found_, catalogue_);
      unit.before.count = trial.count;
      unit.before.operation = trial.operation;
      unit.before.faults = trial.faults;
      unit.before.at = trial.at;
      unit.before.when = trial.when;
      units.push_back(std::move(unit));
    }
    return units;
  }

  const Stage& stage_;
  const FaultCatalogue& catalogue_;
  const ExplorationOptions& options_;
  Exploration found_;
  std::vector<Time> critical_;  // by operation
};

}  // namespace

Exploration explore(const Stage& stage, const FaultCatalogue& catalogue, const ExplorationOptions& options) {
  return Explorer(stage, catalogue, options).explore();
}

std::vector<PlannedEvent> events_of(const Trial& trial, const Exploration& exploration,
                                    const FaultCatalogue& catalogue) {
  std::vector<PlannedEvent> events;
  if (trial.operation != 0) {
    events.push_back({exploration.operations.at(trial.operation - 1U).entry, std::nullopt, Time(first_fault), {}});
  }
  for (std::size_t place = 0; place < trial.count; ++place) {
    const CatalogueFault& fault = catalogue.faults.at(trial.faults[place]);
    // What was repaired before the next fault came.
    if (place > 0 && trial.at[place] > trial.at[place - 1] + repair_after) settle_repairs(events);
    events.push_back({fault.entry, fault.repair(), trial.at[place], std::nullopt});
  }
  return events;
}

}  // namespace rehearse::sim
