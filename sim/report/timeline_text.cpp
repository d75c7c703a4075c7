#include "sim/report/timeline_text.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "sim/report/describe.hpp"
#include "sim/report/time_text.hpp"

namespace rehearse::sim {
namespace {

constexpr Duration workers_window = std::chrono::seconds(10);
constexpr std::size_t most_names = 8, most_repetitions = 3;

bool is_from_outside(world::RecordKind kind) {
  return kind == world::RecordKind::fault_injected || kind == world::RecordKind::fault_repaired ||
         kind == world::RecordKind::operator_acts;
}

/// A line that may still grow: other parts of which the same is said.
struct Fold {
  TimelineLine line;
  std::vector<std::string> who;
  std::string what;

  bool takes(const world::Record& record, const Sentence& sentence) const {
    const world::Part part = record.subject.part();
    const bool one_of_many = part == world::Part::worker || part == world::Part::task;
    const Duration window = one_of_many ? workers_window : Duration::zero();
    if (who.empty() || sentence.who.empty() || record.kind != line.kind || sentence.what != what) return false;
    return record.at - line.at <= window && std::find(who.begin(), who.end(), sentence.who) == who.end();
  }
};

std::string join(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size() && i < most_names; ++i) text += (i == 0 ? "" : ", ") + parts[i];
  if (parts.size() > most_names) text += " and " + std::to_string(parts.size() - most_names) + " more";
  return text;
}

}  // namespace

Timeline timeline_of(const RunResult& result, bool full) {
  Timeline timeline;
  std::set<std::string> told;
  std::map<std::string, std::size_t> times;  // each sentence since the last act from outside
  std::map<std::string_view, std::size_t> left_out;
  Fold open;
  const auto close = [&] {
    if (open.line.records == 0) return;
    open.line.text = to_text(Sentence{join(open.who), open.what, {}});
    if (open.line.until != open.line.at) open.line.text += ", the last at " + offset_text(open.line.until);
    timeline.lines.push_back(std::move(open.line));
    open = {};
  };
  for (const world::Record& record : result.journal.records) {
    if (!full && !is_told(record)) {
      ++left_out[detail_of(record.kind)];
      continue;
    }
    if (is_from_outside(record.kind)) times.clear();
    Sentence sentence = describe(record, *result.plan, result.scenario, result.acts);
    if (!full && ++times[to_text(sentence)] > most_repetitions) {
      ++left_out["what was told before"];
      continue;
    }
    if (!full && open.takes(record, sentence)) {
      open.who.push_back(std::move(sentence.who));
      open.line.until = record.at;
      ++open.line.records;
      continue;
    }
    close();
    open.line = {record.at, record.at, {}, {}, 1, record.kind};
    if (!sentence.more.empty() && told.insert(sentence.more).second) open.line.more = std::move(sentence.more);
    if (!sentence.who.empty()) open.who.push_back(std::move(sentence.who));
    open.what = std::move(sentence.what);
  }
  close();
  for (const auto& [what, count] : left_out) {
    timeline.left_out +=
        (timeline.left_out.empty() ? "" : ", ") + std::to_string(count) + " about " + std::string(what);
  }
  return timeline;
}

}  // namespace rehearse::sim
