#include "sim/report/html/chain.hpp"

#include <set>

#include "sim/report/describe.hpp"
#include "sim/report/html/words.hpp"

namespace rehearse::sim::html {
namespace {

using world::Record;
using world::RecordId;

std::string told(const Record& record, const RunResult& run) {
  return to_text(describe(record, *run.plan, run.scenario, run.acts));
}

}  // namespace

std::vector<ChainLink> chain_of(const Outage& outage, const RunResult& run) {
  std::set<RecordId> ids;
  for (const PhaseSpan& span : outage.phases) {
    ids.insert(span.begins);
    ids.insert(span.ends);
  }
  // From the end back to what came from outside, but not to what lay long before the outage.
  RecordId id = outage.phases.empty() ? 0 : outage.phases.back().ends;
  for (const Record* record = run.journal.find(id); record != nullptr; record = run.journal.find(id)) {
    if (record->at < outage.from && record->cause != 0) break;
    ids.insert(id);
    id = record->cause;
  }
  std::vector<ChainLink> chain;
  std::size_t next = 0;  // of the phases
  const auto begin_phases_until = [&](core::Time at) {
    while (next < outage.phases.size() && outage.phases[next].from <= at) {
      const PhaseSpan& span = outage.phases[next++];
      if (chain.empty() || !chain.back().phase.empty()) chain.push_back({span.from, "", "", {}});
      chain.back().phase = words_of(span.phase);
      chain.back().length = span.to - span.from;
    }
  };
  for (const RecordId one : ids) {
    const Record* record = run.journal.find(one);
    if (record == nullptr) continue;
    // A phase begins with the last record of its instant.
    if (next < outage.phases.size() && outage.phases[next].from < record->at)
      begin_phases_until(outage.phases[next].from);
    std::string text = told(*record, run);
    if (!chain.empty() && chain.back().text == text && chain.back().phase.empty()) continue;
    chain.push_back({record->at, std::move(text), "", {}});
  }
  begin_phases_until(core::never);
  return chain;
}

std::string because(RecordId id, const RunResult& run, std::size_t most) {
  std::string text;
  const Record* record = run.journal.find(id);
  for (std::size_t step = 0; record != nullptr && step <= most; ++step) {
    text += (step == 0 ? "" : "; because: ") + told(*record, run);
    record = run.journal.find(record->cause);
  }
  if (record == nullptr) return text;
  while (const Record* cause = run.journal.find(record->cause)) record = cause;
  return text + "; in the end because: " + told(*record, run);
}

}  // namespace rehearse::sim::html
