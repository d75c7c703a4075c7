#include "sim/faults/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace rehearse::sim {
namespace {

/// Faults with the operation that they come in: what a course is apart from its moments.
using Sequence = std::vector<std::uint16_t>;

Sequence sequence_of(const Trial& trial) {
  Sequence sequence{trial.operation};
  sequence.insert(sequence.end(), trial.faults.begin(), trial.faults.begin() + trial.count);
  return sequence;
}

/// Graver is greater. What an unknown switch decides is as grave as its outcome with the design's own switches.
auto gravity(const Trial& trial) {
  const FarmFigures& figures = trial.figures;
  return std::tuple(trial.outcome, -static_cast<int>(trial.count), figures.longest_out(), figures.lost,
                    figures.doubled);
}

/// The gravest outcome of each sequence.
std::map<Sequence, FarmOutcome> gravest_of(const Exploration& exploration) {
  std::map<Sequence, FarmOutcome> gravest;
  for (const Trial& trial : exploration.trials) {
    if (trial.idle) continue;
    const auto [known, fresh] = gravest.try_emplace(sequence_of(trial), trial.outcome);
    if (!fresh) known->second = std::max(known->second, trial.outcome);
  }
  return gravest;
}

/// Graver than each of the courses that it contains.
bool is_news(const Trial& trial, const Exploration& exploration, const std::map<Sequence, FarmOutcome>& gravest) {
  const Sequence whole = sequence_of(trial);
  std::vector<Sequence> parts;
  if (trial.count > 1) parts.push_back(Sequence(whole.begin(), whole.end() - 1));
  if (trial.count > 1 || trial.operation != 0) parts.push_back({0, whole.back()});
  const auto as_grave = [&](const Sequence& part) {
    const auto known = gravest.find(part);
    return known != gravest.end() && known->second >= trial.outcome;
  };
  if (std::any_of(parts.begin(), parts.end(), as_grave)) return false;
  return trial.operation == 0 || exploration.operations.at(trial.operation - 1U).alone < trial.outcome;
}

}  // namespace

void OutcomeCounts::add(const Trial& trial) {
  if (trial.idle) {
    idle += trial.multiplicity;
  } else if (trial.unknown()) {
    unknown += trial.multiplicity;
  } else {
    by_outcome.at(static_cast<std::size_t>(trial.outcome)) += trial.multiplicity;
  }
}

std::uint64_t OutcomeCounts::all() const {
  std::uint64_t sum = unknown + idle;
  for (const std::uint64_t count : by_outcome) sum += count;
  return sum;
}

const std::vector<std::string>& matrix_columns() {
  static const std::vector<std::string> columns = [] {
    std::vector<std::string> names = farm_outcome_names();
    names.emplace_back("unknown");
    names.emplace_back("nothing to act on");
    return names;
  }();
  return columns;
}

std::vector<std::uint64_t> matrix_cells(const OutcomeCounts& counts) {
  std::vector<std::uint64_t> cells(counts.by_outcome.begin(), counts.by_outcome.end());
  cells.push_back(counts.unknown);
  cells.push_back(counts.idle);
  return cells;
}

std::vector<MatrixRow> matrix_of(const Exploration& exploration, const FaultCatalogue& catalogue) {
  std::map<std::tuple<std::uint8_t, std::uint8_t, std::uint16_t>, MatrixRow> rows;
  for (const Trial& trial : exploration.trials) {
    const bool operation = trial.operation != 0;
    MatrixRow& row = rows[{trial.count, trial.operation, operation ? std::uint16_t{0} : trial.faults[0]}];
    row.faults = trial.count;
    row.operation = trial.operation;
    row.name = operation ? "during " + exploration.operations.at(trial.operation - 1U).name
                         : catalogue.faults.at(trial.faults[0]).name;
    row.counts.add(trial);
  }
  std::vector<MatrixRow> matrix;
  for (auto& [key, row] : rows) matrix.push_back(std::move(row));
  return matrix;
}

std::vector<std::size_t> worst_trials(const Exploration& exploration, std::size_t most) {
  const std::map<Sequence, FarmOutcome> gravest = gravest_of(exploration);
  std::map<Sequence, std::size_t> worst;  // of each sequence, the first of equally grave ones
  for (std::size_t index = 0; index < exploration.trials.size(); ++index) {
    const Trial& trial = exploration.trials[index];
    if (trial.idle || trial.outcome == FarmOutcome::masked || !is_news(trial, exploration, gravest)) continue;
    const auto [known, fresh] = worst.try_emplace(sequence_of(trial), index);
    if (!fresh && gravity(trial) > gravity(exploration.trials[known->second])) known->second = index;
  }
  std::vector<std::size_t> found;
  for (const auto& [sequence, index] : worst) found.push_back(index);
  std::sort(found.begin(), found.end(), [&](std::size_t a, std::size_t b) {
    const auto first = gravity(exploration.trials[a]), second = gravity(exploration.trials[b]);
    return first != second ? first > second : a < b;
  });
  std::vector<std::size_t> told;
  for (const std::size_t index : found) {
    const Trial& trial = exploration.trials[index];
    const bool alike = std::any_of(told.begin(), told.end(), [&](std::size_t other) {
      const Trial& before = exploration.trials[other];
      return before.operation == trial.operation && before.count == trial.count && before.figures == trial.figures;
    });
    if (!alike && told.size() < most) told.push_back(index);
  }
  return told;
}

std::optional<std::size_t> first_of(const Exploration& exploration, const std::string& outcome) {
  std::optional<std::size_t> found;
  const auto better = [&](const Trial& trial, const Trial& than) {
    return trial.count != than.count ? trial.count < than.count : gravity(trial) > gravity(than);
  };
  for (std::size_t index = 0; index < exploration.trials.size(); ++index) {
    const Trial& trial = exploration.trials[index];
    if (trial.idle || word_of(trial) != outcome) continue;
    if (!found || better(trial, exploration.trials[*found])) found = index;
  }
  return found;
}

std::string word_of(const Trial& trial) {
  return trial.unknown() ? "unknown" : std::string(to_text(trial.outcome));
}

std::string name_of(const Trial& trial, const Exploration& exploration, const FaultCatalogue& catalogue) {
  std::string text;
  core::Time before(first_fault);
  if (trial.operation != 0) text = exploration.operations.at(trial.operation - 1U).name;
  for (std::size_t place = 0; place < trial.count; ++place) {
    const std::string& fault = catalogue.faults.at(trial.faults[place]).name;
    if (text.empty()) {
      text = fault;
    } else {
      text += fmt::format(", then {} later ({}) {}", model::to_text(trial.at[place] - before),
                          exploration.words.at(trial.when[place]), fault);
    }
    before = trial.at[place];
  }
  return text;
}

}  // namespace rehearse::sim
