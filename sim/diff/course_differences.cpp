#include "sim/diff/course_differences.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "sim/faults/summary.hpp"

namespace rehearse::sim {
namespace {

std::string operation_of(const Trial& trial, const Exploration& exploration) {
  return trial.operation == 0 ? "" : exploration.operations.at(trial.operation - 1U).name;
}

/// What a course is in any design: its operation, its faults and when they come, and how many before it are the same.
using Identity = std::pair<std::vector<std::string>, std::size_t>;

class Identities {
 public:
  explicit Identities(const Explored& explored) : explored_(explored) {}

  Identity next(const Trial& trial) {
    std::vector<std::string> words{operation_of(trial, explored_.exploration)};
    for (std::size_t place = 0; place < trial.count; ++place) {
      words.push_back(explored_.catalogue.faults.at(trial.faults[place]).name);
      // The first fault of a course without an operation comes at one moment only.
      const bool has_phase = place > 0 || trial.operation != 0;
      words.push_back(has_phase ? explored_.exploration.words.at(trial.when[place]) : "");
    }
    const std::size_t before = seen_[words]++;
    return {std::move(words), before};
  }

 private:
  const Explored& explored_;
  std::map<std::vector<std::string>, std::size_t> seen_;
};

std::string word(const Trial& trial) {
  return trial.idle ? "nothing to act on" : word_of(trial);
}

/// A fault that finds nothing to act on is as good as one that is masked.
FarmOutcome outcome_in(const Trial& trial) {
  return trial.idle ? FarmOutcome::masked : trial.outcome;
}
FarmOutcome gravest_in(const Trial& trial) {
  return trial.idle ? FarmOutcome::masked : std::max(trial.gravest, trial.outcome);
}

FarmFigures figures_in(const Trial& trial) {
  return trial.idle ? FarmFigures{} : trial.figures;
}

Change change_of_figures(const FarmFigures& a, const FarmFigures& b) {
  const Duration longer = b.longest_out() - a.longest_out();
  const auto harm = [](const FarmFigures& figures) {
    return std::tuple(figures.lost, figures.doubled, figures.unfinished);
  };
  if (longer >= shortest_difference) return Change::worse;
  if (longer <= -shortest_difference) return Change::better;
  if (harm(a) == harm(b)) return Change::same;
  return harm(a) < harm(b) ? Change::worse : Change::better;
}

/// Whether the outcome is another one, and which way that or, where it is the same, the figures went.
std::pair<bool, Change> compare(const Trial& a, const Trial& b) {
  const bool a_unknown = !a.idle && a.unknown(), b_unknown = !b.idle && b.unknown();
  if (!b_unknown && outcome_in(b) > gravest_in(a)) return {true, Change::worse};
  if (!a_unknown && outcome_in(a) > gravest_in(b)) return {true, Change::better};
  if (a_unknown != b_unknown || outcome_in(a) != outcome_in(b) || gravest_in(a) != gravest_in(b) ||
      (a_unknown && a.deciding != b.deciding)) {
    return {true, Change::unclear};
  }
  return {false, change_of_figures(figures_in(a), figures_in(b))};
}

/// Greater comes first.
auto weight(const CourseDifference& one, const Trial& a, const Trial& b) {
  const int graver = static_cast<int>(outcome_in(b)) - static_cast<int>(outcome_in(a));
  const Duration longer = figures_in(b).longest_out() - figures_in(a).longest_out();
  const bool better = one.change == Change::better;
  return std::tuple(one.change, one.outcome, better ? -graver : graver, better ? -longer : longer);
}

/// Trials of one design that the other does not have, as rows.
std::vector<OwnCourses> own(const Explored& explored, const std::vector<std::size_t>& trials) {
  std::map<std::pair<std::uint8_t, std::uint16_t>, std::pair<OwnCourses, FarmOutcome>> rows;
  for (const std::size_t index : trials) {
    const Trial& trial = explored.exploration.trials[index];
    const auto [row, fresh] = rows.try_emplace({trial.operation, trial.faults[0]});
    auto& [told, gravest] = row->second;
    told.fault = explored.catalogue.faults.at(trial.faults[0]).name;
    told.operation = operation_of(trial, explored.exploration);
    told.courses += trial.multiplicity;
    gravest = fresh ? gravest_in(trial) : std::max(gravest, gravest_in(trial));
  }
  std::vector<OwnCourses> list;
  for (auto& [key, row] : rows) {
    row.first.worst = to_text(row.second);
    list.push_back(std::move(row.first));
  }
  return list;
}

}  // namespace

std::string_view to_text(Change change) {
  switch (change) {
    case Change::same: return "same";
    case Change::better: return "better";
    case Change::unclear: return "unclear";
    case Change::worse: return "worse";
  }
  return "";
}

bool CourseDifferences::empty() const {
  return differing.empty() && only_a.empty() && only_b.empty() && healthy_a == healthy_b;
}

bool CourseDifferences::any(Change change) const {
  return std::any_of(differing.begin(), differing.end(), [&](const auto& one) { return one.change == change; });
}

CourseDifferences course_differences(const Explored& a, const Explored& b) {
  CourseDifferences result;
  result.healthy_a = outcome_of(a.exploration.healthy.figures);
  result.healthy_b = outcome_of(b.exploration.healthy.figures);
  result.complete = a.exploration.complete() && b.exploration.complete();

  std::map<Identity, std::size_t> in_b;
  Identities of_b(b), of_a(a);
  for (std::size_t index = 0; index < b.exploration.trials.size(); ++index) {
    in_b.emplace(of_b.next(b.exploration.trials[index]), index);
  }
  std::vector<std::size_t> only_a, only_b;
  for (std::size_t index = 0; index < a.exploration.trials.size(); ++index) {
    const Trial& trial = a.exploration.trials[index];
    const auto same = in_b.find(of_a.next(trial));
    if (same == in_b.end()) {
      only_a.push_back(index);
      continue;
    }
    ++result.compared;
    const Trial& other = b.exploration.trials[same->second];
    const auto [outcome, change] = compare(trial, other);
    if (outcome || change != Change::same || word(trial) != word(other)) {
      result.differing.push_back({name_of(trial, a.exploration, a.catalogue), index, same->second, outcome, change});
    }
    in_b.erase(same);
  }
  for (const auto& [identity, index] : in_b) only_b.push_back(index);
  result.only_a = own(a, only_a);
  result.only_b = own(b, only_b);
  std::stable_sort(result.differing.begin(), result.differing.end(), [&](const auto& one, const auto& other) {
    const auto weight_of = [&](const CourseDifference& difference) {
      return weight(difference, a.exploration.trials[difference.a], b.exploration.trials[difference.b]);
    };
    return weight_of(one) > weight_of(other);
  });
  return result;
}

}  // namespace rehearse::sim
