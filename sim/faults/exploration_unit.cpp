#include "sim/faults/exploration_unit.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "sim/faults/told_course.hpp"
#include "sim/scenario/invariants.hpp"
#include "sim/scenario/verdicts.hpp"

namespace rehearse::sim {
namespace {

using core::Time;

/// The courses that have one prefix in common.
class UnitRun {
 public:
  UnitRun(const Stage& stage, const FaultCatalogue& catalogue, const Unit& unit, bool only_count,
          std::optional<world::World>& world)
      : stage_(stage),
        catalogue_(catalogue),
        unit_(unit),
        only_count_(only_count),
        settled_(settled_switches(stage.plan->parameters())),
        world_(world) {}

  UnitResult run() {
    instants_ = unit_.instants;
    if (instants_.empty()) {
      const RunResult told = tell_course(stage_, unit_.events);
      check_invariants(told);
      const Time last = unit_.events.back().at;
      instants_ =
          unit_.before.operation == 0 ? instants_after(told, last) : std::vector{longest_phase_after(told, last)};
    }
    for (const Instant& instant : instants_) result_.words.push_back(instant.when);
    for (std::size_t instant = 0; instant < instants_.size(); ++instant) {
      for (std::size_t fault = 0; fault < catalogue_.faults.size(); ++fault) try_fault(instant, fault);
    }
    return std::move(result_);
  }

 private:
  /// The prefix with these switches flipped, paused at every instant.
  const std::vector<Course::Pause>& paused(std::uint32_t flipped) {
    std::vector<Course::Pause>& pauses = paused_[flipped];
    if (!pauses.empty()) return pauses;
    Course course(stage_, timeline_of(unit_.events), flipped);
    for (const Instant& instant : instants_) {
      course.play_before(instant.at);
      pauses.push_back(course.pause());
    }
    return pauses;
  }

  void try_fault(std::size_t instant, std::size_t fault) {
    Trial trial = unit_.before;
    trial.faults[trial.count] = static_cast<std::uint16_t>(fault);
    trial.at[trial.count] = instants_[instant].at;
    trial.when[trial.count] = static_cast<std::uint16_t>(instant);
    ++trial.count;
    std::vector<std::size_t> sequence(trial.faults.begin(), trial.faults.begin() + trial.count);
    if (!catalogue_.is_representative(sequence)) return;
    if (only_count_) {
      ++result_.counted;
      return;
    }
    trial.multiplicity = catalogue_.multiplicity(sequence);

    const std::vector<TimelineEntry> timeline = timeline_of(with(instant, fault));
    const CourseEnd end = finish(instant, timeline, 0);
    trial.idle = end.idle;
    if (!trial.idle) {
      trial.figures = end.figures;
      trial.mended = end.mended;
      trial.outcome = outcome_of(end.figures);
      trial.gravest = trial.outcome;
      flip_switches(trial, instant, timeline, end.consulted);
    }
    result_.trials.push_back(trial);
  }

  /// Each switch that a decision rested on, the other way round.
  void flip_switches(Trial& trial, std::size_t instant, const std::vector<TimelineEntry>& timeline,
                     std::uint32_t consulted) {
    for (unsigned number = 0; number < model::switch_count; ++number) {
      const std::uint32_t flipped = 1U << number;
      if ((consulted & ~settled_ & flipped) == 0) continue;
      const CourseEnd end = finish(instant, timeline, flipped);
      const FarmOutcome other = end.idle ? FarmOutcome::masked : outcome_of(end.figures);
      if (end.idle || other != trial.outcome) trial.deciding |= flipped;
      trial.gravest = std::max(trial.gravest, other);
    }
  }

  CourseEnd finish(std::size_t instant, const std::vector<TimelineEntry>& timeline, std::uint32_t flipped) {
    // A switch that nothing had looked at before this instant may as well be flipped now.
    const bool before = (paused(0)[instant].consulted() & flipped) != 0;
    const Course::Pause& pause = paused(before ? flipped : 0)[instant];
    const auto acted = static_cast<std::ptrdiff_t>(pause.acted());
    Course course(stage_, pause, {timeline.begin() + acted, timeline.end()}, before ? 0 : flipped, world_);
    const Time at = instants_[instant].at;
    course.play_before(at + Duration(1));
    ++result_.runs;
    CourseEnd end;
    end.idle = !course.acted(static_cast<std::size_t>(acted)).value();
    if (!end.idle) end = course.finish(at);
    result_.events += end.events;
    return end;
  }

  std::vector<PlannedEvent> with(std::size_t instant, std::size_t fault) const {
    std::vector<PlannedEvent> events = unit_.events;
    if (instants_[instant].repaired) settle_repairs(events);
    const CatalogueFault& chosen = catalogue_.faults[fault];
    events.push_back({chosen.entry, chosen.repair(), instants_[instant].at, std::nullopt});
    return events;
  }

  const Stage& stage_;
  const FaultCatalogue& catalogue_;
  const Unit& unit_;
  bool only_count_;
  std::uint32_t settled_;
  std::optional<world::World>& world_;
  std::vector<Instant> instants_;
  std::map<std::uint32_t, std::vector<Course::Pause>> paused_;  // by what is flipped
  UnitResult result_;
};

}  // namespace

UnitResult run_unit(const Stage& stage, const FaultCatalogue& catalogue, const Unit& unit, bool only_count,
                    std::optional<world::World>& world) {
  return UnitRun(stage, catalogue, unit, only_count, world).run();
}

}  // namespace rehearse::sim
