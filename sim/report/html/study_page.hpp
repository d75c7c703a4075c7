// What a study found, as an HTML report: of each measure how its values are distributed, how points differ, what the
// time out went into, and which setting or variation matters how much.
#pragma once

#include <iosfwd>

#include "sim/study/study_report.hpp"

namespace rehearse::sim::html {

/// Throws std::logic_error where missing_libraries() is not empty.
void write_study_page(std::ostream& out, const StudyReport& report);

}  // namespace rehearse::sim::html
