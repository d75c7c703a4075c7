#include "sim/scenario/farm_outcome.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

namespace rehearse::sim {
namespace {

using core::Time;
using Kind = Service::Kind;

/// Its place in FarmFigures::out; nullopt: a worker.
std::optional<std::size_t> place_of(Kind kind) {
  switch (kind) {
    case Kind::sql_server: return 0;
    case Kind::ssisdb: return 1;
    case Kind::scale_out_master: return 2;
    case Kind::package_execution: return 3;
    case Kind::worker: return std::nullopt;
  }
  throw std::logic_error("no such service");
}

/// Moments at which somebody acts.
struct Acts {
  std::vector<Time> repairs, operations;
};

Acts acts_of(const RunResult& run) {
  Acts acts;
  Time last_fault = core::at_start;
  for (const world::Record& record : run.journal.records) {
    if (record.kind == world::RecordKind::fault_injected) last_fault = std::max(last_fault, record.at);
    // A random fault's record names no entry: the value says whether a person came or it was over by itself.
    const bool by_somebody = record.kind == world::RecordKind::fault_repaired &&
                             (record.object == world::none
                                  ? record.value != 0
                                  : run.scenario.timeline.at(record.object).action == TimelineEntry::Action::repair);
    if (by_somebody) acts.repairs.push_back(record.at);
  }
  for (const TimelineEntry& entry : run.scenario.timeline) {
    const bool operation = entry.action == TimelineEntry::Action::step && entry.at;
    if (operation && Time(*entry.at) > last_fault) acts.operations.push_back(Time(*entry.at));
  }
  return acts;
}

}  // namespace

std::string_view to_text(FarmOutcome outcome) {
  return farm_outcome_names().at(static_cast<std::size_t>(outcome));
}

const std::vector<std::string>& farm_outcome_names() {
  static const std::vector<std::string> names = {"masked", "recovered", "recovered with loss", "needs a person",
                                                 "lost"};
  return names;
}

Duration FarmFigures::longest_out() const {
  return *std::max_element(out.begin(), out.end());
}

FarmOutcome outcome_of(const FarmFigures& figures) {
  if (figures.out_at_end) return FarmOutcome::lost;
  if (figures.out_when_repaired) return FarmOutcome::needs_person;
  if (figures.lost + figures.doubled + figures.unfinished > 0) return FarmOutcome::recovered_with_loss;
  return figures.longest_outage > Duration::zero() ? FarmOutcome::recovered : FarmOutcome::masked;
}

FarmFigures farm_figures(const RunResult& run) {
  const Acts acts = acts_of(run);
  FarmFigures figures;
  for (const Outage& outage : run.outages) {
    const auto place = place_of(outage.service.kind);
    const auto open = [&](Time at) { return outage.from < at && (outage.censored || outage.to >= at); };
    const bool repaired = place && std::any_of(acts.repairs.begin(), acts.repairs.end(), open);
    const bool mended = std::any_of(acts.operations.begin(), acts.operations.end(), open);
    figures.out_when_repaired = figures.out_when_repaired || repaired || mended;
    figures.out_at_end = figures.out_at_end || outage.censored;
    if (!place) continue;
    figures.out.at(*place) += outage.length();
    figures.longest_outage = std::max(figures.longest_outage, outage.length());
  }
  figures.lost = run.tasks.lost();
  figures.doubled = run.tasks.doubled();
  figures.unfinished = run.tasks.unfinished + run.tasks.coming;
  return figures;
}

FarmWatch::FarmWatch(const world::State& state, const world::Blueprint& plan) : watch_(state, plan) {
  seen_.spells.resize(watch_.services().size());
  for (std::size_t service = 0; service < seen_.spells.size(); ++service) {
    seen_.spells[service].out = !watch_.up(service);
  }
}

FarmWatch::FarmWatch(const world::State& copy, const world::Blueprint& plan, Memory memory)
    : watch_(copy, plan), seen_(std::move(memory)) {}

bool FarmWatch::is_worker(std::size_t service) const {
  return watch_.services()[service].kind == Kind::worker;
}

void FarmWatch::records(const std::vector<world::Record>& records) {
  for (const world::Record& record : records) {
    if (record.at > seen_.now) {
      close_instant();
      seen_.now = record.at;
    }
    watch_.note(record);
  }
  watch_.look();
  seen_.touched.insert(seen_.touched.end(), watch_.turned().begin(), watch_.turned().end());
}

/// All records of the instant are in: what counts is how they leave the services.
void FarmWatch::close_instant() {
  for (const std::size_t service : seen_.touched) {
    Spell& spell = seen_.spells[service];
    if (spell.out != watch_.up(service)) continue;  // as it was
    if (spell.out) {
      spell.total += seen_.now - spell.since;
      spell.longest = std::max(spell.longest, seen_.now - spell.since);
      spell.out = false;
    } else {
      spell.out = true;
      spell.since = seen_.now;
    }
  }
  seen_.touched.clear();
}

void FarmWatch::somebody_acts(Time now, Act act) {
  if (now > seen_.now) close_instant();
  for (std::size_t service = 0; service < seen_.spells.size(); ++service) {
    const bool counts = act == Act::operation || !is_worker(service);
    const Spell& spell = seen_.spells[service];
    seen_.out_when_repaired = seen_.out_when_repaired || (counts && spell.out && spell.since < now);
  }
}

bool FarmWatch::any_out() const {
  for (std::size_t service = 0; service < seen_.spells.size(); ++service) {
    if (!watch_.up(service)) return true;
  }
  return false;
}

FarmFigures FarmWatch::figures(Time end) {
  close_instant();
  FarmFigures figures;
  figures.out_when_repaired = seen_.out_when_repaired;
  for (std::size_t service = 0; service < seen_.spells.size(); ++service) {
    const Spell& spell = seen_.spells[service];
    const bool open = spell.out && spell.since < end;
    const Duration last = open ? end - spell.since : Duration::zero();
    figures.out_at_end = figures.out_at_end || open;
    const auto place = place_of(watch_.services()[service].kind);
    if (!place) continue;
    figures.out.at(*place) = spell.total + last;
    figures.longest_outage = std::max({figures.longest_outage, spell.longest, last});
  }
  return figures;
}

}  // namespace rehearse::sim
