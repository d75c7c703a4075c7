// What an exploration of faults came to, as an HTML report: the matrix as a heat map, and behind each of its cells the
// story of a course that came to it.
#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>

#include "sim/faults/faults_report.hpp"

namespace rehearse::sim::html {

/// The matrix as a Vega-Lite specification: a cell says with `target` which story it leads to, empty: none.
nlohmann::ordered_json matrix_chart(const FaultsReport& report);

/// Throws std::logic_error where missing_libraries() is not empty, or for a broken invariant of a run that is told.
void write_faults_page(std::ostream& out, const FaultsReport& report);

}  // namespace rehearse::sim::html
