#include "sim/report/html/told_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace rehearse::sim::html {
namespace {

/// The row of the matrix that counts the trial; nullopt: none does.
std::size_t row_of(const Trial& trial, const std::vector<MatrixRow>& rows, const FaultsReport& report) {
  const std::string& fault = report.catalogue.faults[trial.faults[0]].name;
  for (std::size_t index = 0; index < rows.size(); ++index) {
    const MatrixRow& row = rows[index];
    if (row.faults != trial.count || row.operation != trial.operation) continue;
    if (trial.operation != 0 || row.name == fault) return index;
  }
  return rows.size();
}

/// A greater one is told first.
std::array<std::int64_t, 3> gravity_of(const Trial& trial) {
  return {static_cast<std::int64_t>(trial.gravest), -static_cast<std::int64_t>(trial.count),
          trial.figures.longest_out().count()};
}

}  // namespace

std::string ToldCell::id() const {
  std::string word = outcome;
  std::replace(word.begin(), word.end(), ' ', '-');
  return fmt::format("story-{}-{}", row, word);
}

std::vector<ToldCell> told_cells(const FaultsReport& report) {
  const std::vector<MatrixRow> rows = matrix_of(report.exploration, report.catalogue);
  const std::vector<Trial>& trials = report.exploration.trials;
  std::map<std::pair<std::size_t, std::string>, std::size_t> best;
  for (std::size_t index = 0; index < trials.size(); ++index) {
    const Trial& trial = trials[index];
    if (trial.idle || (!trial.unknown() && trial.outcome <= FarmOutcome::recovered)) continue;
    const std::size_t row = row_of(trial, rows, report);
    if (row == rows.size()) continue;
    const auto [cell, added] = best.try_emplace({row, word_of(trial)}, index);
    if (!added && gravity_of(trials[cell->second]) < gravity_of(trial)) cell->second = index;
  }
  std::vector<ToldCell> cells;
  for (const auto& [key, trial] : best) cells.push_back({key.first, key.second, trial});
  if (cells.size() > most_stories) {
    std::stable_sort(cells.begin(), cells.end(), [&](const ToldCell& a, const ToldCell& b) {
      return gravity_of(trials[b.trial]) < gravity_of(trials[a.trial]);
    });
    cells.resize(most_stories);
    std::sort(cells.begin(), cells.end(), [](const ToldCell& a, const ToldCell& b) {
      return std::pair(a.row, a.outcome) < std::pair(b.row, b.outcome);
    });
  }
  return cells;
}

std::string section_of(const MatrixRow& row) {
  if (row.operation != 0) return "During operations";
  constexpr std::array<const char*, 4> names = {"No fault", "One fault", "Two faults, beginning with",
                                                "Three faults, beginning with"};
  return names.at(row.faults);
}

}  // namespace rehearse::sim::html
