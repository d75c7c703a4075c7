// What an exploration comes to: counts of outcomes, and the courses worth telling.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/faults/exploration.hpp"

namespace rehearse::sim {

/// Courses by outcome, each as often as it stands for others that are alike.
struct OutcomeCounts {
  std::array<std::uint64_t, farm_outcome_count> by_outcome{};
  std::uint64_t unknown = 0, idle = 0;

  void add(const Trial& trial);
  std::uint64_t all() const;
};

/// "masked", ..., "unknown", "nothing to act on": the columns of the matrix.
const std::vector<std::string>& matrix_columns();
std::vector<std::uint64_t> matrix_cells(const OutcomeCounts& counts);

/// A row: all courses of so many faults that begin with this one, or that come during this operation.
struct MatrixRow {
  std::string name;
  std::uint8_t faults = 0;     // in each course
  std::uint8_t operation = 0;  // as in Trial
  OutcomeCounts counts;
};
/// In the order of the number of faults, then of the catalogue; operations after the faults.
std::vector<MatrixRow> matrix_of(const Exploration& exploration, const FaultCatalogue& catalogue);

/// Trials, the worst first: the gravest outcome, then the fewest faults, then the longest outage. Of courses with the
/// same faults, and of those that come to the very same figures, one is named. A course of several faults is named only
/// where it comes to a graver outcome than each course that it contains (without its last fault, or its last fault
/// alone).
std::vector<std::size_t> worst_trials(const Exploration& exploration, std::size_t most);

/// The first course to export for this word ("lost", "unknown", ...): the worst with the outcome, of those with the
/// fewest faults. nullopt: there is none.
std::optional<std::size_t> first_of(const Exploration& exploration, const std::string& outcome);

/// "unknown", or the outcome's word.
std::string word_of(const Trial& trial);
/// "node.power_loss on SQL1, then 20s later (in regroup) witness.down".
std::string name_of(const Trial& trial, const Exploration& exploration, const FaultCatalogue& catalogue);

}  // namespace rehearse::sim
