// Which courses of an exploration are told in full: of each cell of the matrix whose outcome cost something, the one
// with the fewest faults that was out longest.
#pragma once

#include <string>
#include <vector>

#include "sim/faults/faults_report.hpp"

namespace rehearse::sim::html {

/// More stories than these would make the report a book; the gravest are told.
inline constexpr std::size_t most_stories = 60;

struct ToldCell {
  std::size_t row = 0;     // of matrix_of
  std::string outcome;     // a word of matrix_columns()
  std::size_t trial = 0;   // of the exploration
  std::string id() const;  // of the element with its story
};

/// In the order of the matrix.
std::vector<ToldCell> told_cells(const FaultsReport& report);

/// "One fault", "Two faults", "During renew_master_certificate": what the rows are told under.
std::string section_of(const MatrixRow& row);

}  // namespace rehearse::sim::html
