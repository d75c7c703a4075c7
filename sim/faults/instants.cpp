#include "sim/faults/instants.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using core::Time;

constexpr Duration soon = 10s;            // after everything is back, while packages still run
constexpr Duration after_repair = 30min;  // when nothing of a repair is under way any more
constexpr Duration fillers[] = {1s, 10s, 1min, 5min, 15min, 30min, 60min};

/// Instants with the first words that were said of each.
class Instants {
 public:
  Instants(Time from, Time to) : from_(from), to_(to) {}

  void add(Time at, std::string when, bool repaired) {
    const Time second = std::chrono::floor<std::chrono::milliseconds>(at);  // as scenario files write it
    if (second <= from_ || second >= to_) return;
    found_.try_emplace(second, Instant{second, std::move(when), repaired});
  }
  std::size_t size() const { return found_.size(); }
  std::vector<Instant> take() {
    std::vector<Instant> instants;
    for (auto& [at, instant] : found_) instants.push_back(std::move(instant));
    return instants;
  }

 private:
  Time from_, to_;
  std::map<Time, Instant> found_;
};

Time middle(Time from, Time to) {
  return from + (to - from) / 2;
}

/// Of each kind of phase between the two instants the longest.
std::map<Phase, PhaseSpan> phases_between(const RunResult& run, Time from, Time to) {
  std::map<Phase, PhaseSpan> longest;
  for (const Outage& outage : run.outages) {
    for (const PhaseSpan& span : outage.phases) {
      if (span.from < from || span.to > to || span.to <= span.from) continue;
      const auto [known, fresh] = longest.try_emplace(span.phase, span);
      const bool longer = span.to - span.from > known->second.to - known->second.from;
      if (!fresh && longer) known->second = span;
    }
  }
  return longest;
}

void add_phases(Instants& instants, const RunResult& run, Time from, Time to, bool repaired) {
  for (const auto& [phase, span] : phases_between(run, from, to)) {
    instants.add(middle(span.from, span.to), "in " + std::string(to_text(phase)) + (repaired ? " of the repair" : ""),
                 repaired);
  }
}

/// When the last of the outages that began between the two instants was over; `from` where there was none.
Time recovered_at(const RunResult& run, Time from, Time to) {
  Time recovered = from;
  for (const Outage& outage : run.outages) {
    if (outage.from >= from && outage.to < to && !outage.censored) recovered = std::max(recovered, outage.to);
  }
  return recovered;
}

}  // namespace

std::vector<Instant> instants_after(const RunResult& run, Time last) {
  const Time repair = last + repair_after, end = std::min(run.end, repair + mend_after);
  Instants instants(last, end);
  add_phases(instants, run, last, repair, false);
  const Time recovered = recovered_at(run, last, repair);
  if (recovered > last) instants.add(recovered + soon, "just recovered", false);
  instants.add(middle(recovered, repair), recovered > last ? "once recovered" : "while it stands", false);
  add_phases(instants, run, repair, end, true);
  instants.add(repair + soon, "as it is repaired", true);
  instants.add(std::max(repair, recovered_at(run, repair, end)) + after_repair, "after the repair", true);
  for (const Duration filler : fillers) {
    if (instants.size() < least_instants) instants.add(last + filler, model::to_text(filler) + " later", false);
  }
  return instants.take();
}

Instant longest_phase_after(const RunResult& run, Time last) {
  const Time repair = last + repair_after;
  Instants instants(last, repair);
  Duration longest{};
  Time at = middle(last, repair);
  std::string when = "while it stands";
  for (const auto& [phase, span] : phases_between(run, last, repair)) {
    if (span.to - span.from <= longest) continue;
    longest = span.to - span.from;
    at = middle(span.from, span.to);
    when = "in " + std::string(to_text(phase));
  }
  instants.add(at, std::move(when), false);
  instants.add(last + 1s, "1s later", false);  // where that one is no instant of its own
  return instants.take().back();
}

std::vector<Instant> instants_of_operation(const RunResult& run, Time begun) {
  Instants instants(begun, run.end);
  std::map<std::uint32_t, Time> open;
  std::set<std::string> told;
  Time ended = begun;
  for (const world::Record& record : run.journal.records) {
    if (record.kind != world::RecordKind::operator_acts) continue;
    if (record.value != 1) {
      open[record.object] = record.at;
      continue;
    }
    const Time from = open[record.object];
    ended = std::max(ended, record.at);
    const std::string title = run.acts.at(record.object);
    const std::string kind = title.substr(0, title.find(" on "));
    if (record.at <= from || !told.insert(kind).second) continue;
    instants.add(middle(from, record.at), "in " + kind, false);
  }
  instants.add(ended + soon, "just done", false);
  for (const Duration filler : fillers) {
    if (instants.size() < least_instants) instants.add(begun + filler, model::to_text(filler) + " later", false);
  }
  return instants.take();
}

}  // namespace rehearse::sim
