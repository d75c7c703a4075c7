#include "sim/scenario/planning.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <list>
#include <memory>
#include <stdexcept>
#include <utility>

#include "sim/async/loading.hpp"
#include "sim/async/observed_platform.hpp"
#include "sim/async/observing.hpp"
#include "sim/async/procedure.hpp"
#include "sim/scenario/outage.hpp"

namespace rehearse::sim {
namespace {

using core::Time;
using steps::ExpectedFact;
using steps::Fact;
using steps::Observation;
using steps::PlannedStep;

constexpr Duration before_start = std::chrono::hours(48);
constexpr Duration horizon = std::chrono::hours(24 * 7);
/// So that an outage that begins with the first step is told from one that was there before.
constexpr Duration before_first_step = std::chrono::minutes(1);
/// What a step set going, like workers that reconnect, comes to its end after the last of them.
constexpr Duration afterwards = std::chrono::hours(1);

std::shared_ptr<const world::Blueprint> blueprint_of(const model::Design& design, const steps::Plan& plan) {
  auto blueprint = std::make_shared<world::Blueprint>(design, plan.made, horizon, texts_of(plan.observed));
  blueprint->personal_certificates = true;
  return blueprint;
}

/// The steps of a plan performed once, in a world loaded for it, at one pace.
class Rehearsal {
 public:
  Rehearsal(const steps::Plan& plan, const model::Design& design, world::Pace pace)
      : plan_(plan),
        design_(design),
        blueprint_(blueprint_of(design, plan)),
        world_(blueprint_, Time(-before_start)),
        aliases_(load(world_, plan.observed)),
        otherwise_(answered_otherwise(world_, plan.observed, aliases_)) {
    world_.run_until(core::at_start);
    world_.engine().set_pace(pace);
    first_ = world_.state();
    world_.engine().write_to(&journal_);
    world_.begin({1, 0});
  }
  ~Rehearsal() { world_.engine().write_to(nullptr); }
  Rehearsal(const Rehearsal&) = delete;
  Rehearsal& operator=(const Rehearsal&) = delete;

  std::vector<PlannedStep> perform();
  std::vector<std::string> caveats() const;

 private:
  PlannedStep perform(steps::StepPtr step, Driver& driver, ObservedPlatform& platform);
  Observation observe(Driver& driver, ObservedPlatform& platform);
  std::vector<ExpectedFact> changes(const Observation& before, const Observation& after,
                                    const ObservedPlatform& platform) const;
  void add_outages(std::vector<PlannedStep>& planned) const;

  const steps::Plan& plan_;
  const model::Design& design_;
  std::shared_ptr<const world::Blueprint> blueprint_;
  world::World world_;
  Aliases aliases_;
  std::vector<Fact> otherwise_;
  world::State first_;
  world::Journal journal_;
  std::list<StepProcedure> procedures_;  // outlive the driver
  struct Span {
    Time from{}, to{};
  };
  std::vector<Span> spans_;  // of the steps
};

Observation Rehearsal::observe(Driver& driver, ObservedPlatform& platform) {
  return observe_at_once(driver, platform.platform(), design_, asks_for_patches(plan_.observed));
}

std::vector<PlannedStep> Rehearsal::perform() {
  std::vector<PlannedStep> planned;
  Driver driver(world_);
  driver.run_until(core::at_start + before_first_step);
  ObservedPlatform platform(driver.platform(), design_, otherwise_);
  Observation before = observe(driver, platform);
  for (steps::StepPtr& step : steps::steps_of(design_, plan_.operation, plan_.arguments)) {
    planned.push_back(perform(std::move(step), driver, platform));
    if (planned.back().kind == PlannedStep::Kind::fails) break;
    Observation after = observe(driver, platform);
    planned.back().after = changes(before, after, platform);
    before = std::move(after);
  }
  driver.run_until(world_.now() + afterwards);
  add_outages(planned);
  return planned;
}

PlannedStep Rehearsal::perform(steps::StepPtr step, Driver& driver, ObservedPlatform& platform) {
  const steps::StepInfo& info = step->info();
  PlannedStep planned;
  planned.name = info.name;
  planned.title = title_of(*step);
  planned.section = info.section;
  planned.needs = info.needs;
  planned.changes = info.changes;
  planned.hosts = info.hosts;

  const std::size_t calls_before = driver.transcript().entries().size();
  std::vector<steps::StepPtr> alone;
  alone.push_back(std::move(step));
  StepProcedure& procedure = procedures_.emplace_back(std::move(alone));
  procedure.start(driver, platform.platform());
  driver.run_until_idle();

  const StepNote& note = procedure.notes().front();
  spans_.push_back({note.from, note.to});
  switch (note.outcome.kind) {
    case steps::StepOutcome::Kind::already_satisfied: planned.kind = PlannedStep::Kind::already; break;
    case steps::StepOutcome::Kind::done: planned.kind = PlannedStep::Kind::needed; break;
    case steps::StepOutcome::Kind::failed:
      planned.kind = PlannedStep::Kind::fails;
      planned.failure = note.outcome.failure->what();
  }
  planned.usual = note.to - note.from;
  const auto& calls = driver.transcript().entries();
  for (std::size_t i = calls_before; i < calls.size(); ++i) {
    if (effect_of(calls[i].request) == steps::Effect::change) planned.calls.push_back(calls[i].request);
  }
  return planned;
}

std::vector<ExpectedFact> Rehearsal::changes(const Observation& before, const Observation& after,
                                             const ObservedPlatform& platform) const {
  std::vector<ExpectedFact> changes;
  for (const Fact& fact : after.facts) {
    const Fact* was = before.fact(fact.question);
    if (was != nullptr && same_outcome(*was, fact)) continue;
    const Fact real = aliases_.to_real(fact);
    if (aliases_.names_unmade(fact) || platform.is_guess(fact.question)) {
      changes.push_back({real.question, ExpectedFact::Kind::known_after_apply, std::nullopt});
    } else {
      changes.push_back({real.question, ExpectedFact::Kind::known, real});
    }
  }
  for (const Fact& fact : before.facts) {
    if (after.fact(fact.question) != nullptr) continue;
    changes.push_back({aliases_.to_real(fact).question, ExpectedFact::Kind::gone, std::nullopt});
  }
  return changes;
}

/// Each outage belongs to the step during which, or after which, it began. What is out from the beginning is not there
/// yet, or broken already: no step makes it so.
void Rehearsal::add_outages(std::vector<PlannedStep>& planned) const {
  const std::vector<Outage> outages = find_outages(*blueprint_, first_, journal_, world_.now());
  for (const Outage& outage : outages) {
    if (outage.from <= core::at_start) continue;
    for (std::size_t i = planned.size(); i-- > 0;) {
      if (outage.from < spans_[i].from) continue;
      planned[i].out_of_service.push_back({name_of(outage.service, *blueprint_), outage.length(), outage.length()});
      break;
    }
  }
}

std::vector<std::string> Rehearsal::caveats() const {
  std::vector<std::string> caveats;
  for (const Fact& fact : otherwise_) {
    const Fact real = aliases_.to_real(fact);
    caveats.push_back(fmt::format("{} is {}: the simulated world cannot hold that, and rehearses without it",
                                  to_text(real.question), to_text(real.outcome)));
  }
  return caveats;
}

/// The 95th percentiles beside the medians, as far as both runs did the same.
void add_p95(std::vector<PlannedStep>& usual, const std::vector<PlannedStep>& slow) {
  for (std::size_t i = 0; i < usual.size(); ++i) {
    const bool same = i < slow.size() && slow[i].title == usual[i].title;
    usual[i].at_p95 = same ? std::max(usual[i].usual, slow[i].usual) : usual[i].usual;
    if (!same) continue;
    for (steps::OutOfService& outage : usual[i].out_of_service) {
      for (const steps::OutOfService& other : slow[i].out_of_service) {
        if (other.service == outage.service) outage.at_p95 = std::max(outage.at_p95, other.usual);
      }
    }
  }
}

}  // namespace

std::vector<model::Diagnostic> unplannable(const model::Design& design) {
  std::vector<model::Diagnostic> problems = world::Blueprint::unsupported(design);
  if (design.fci.availability_group) {
    problems.push_back(
        {model::Severity::error, design.file, design.fci.place,
         "SSISDB in an availability group is not built by the article's steps",
         "plan and apply work on designs with a failover cluster instance; rehearse run takes this one"});
  }
  return problems;
}

void plan_steps(steps::Plan& plan, const model::Design& design) {
  Rehearsal usual(plan, design, world::Pace::median);
  plan.steps = usual.perform();
  plan.caveats = usual.caveats();
  Rehearsal slow(plan, design, world::Pace::p95);
  const std::vector<PlannedStep> at_p95 = slow.perform();
  add_p95(plan.steps, at_p95);
}

}  // namespace rehearse::sim
