// What a study found as tables of SQLite, for those who ask questions of their own.
#pragma once

#include <string>

#include "sim/study/study_report.hpp"

namespace rehearse::sim {

/// Writes the tables to a file that does not exist yet, or is empty. Throws steps::Failure as Database does.
///
///   study      one row: what was asked, and how many replications there are
///   points     one row a point; settings: what it sets
///   figures    one row a point and measure, with intervals; quantiles, phases: several
///   buckets    the histograms: how many values lie from `least` to `greatest`; those that had not ended apart
///   variations, switches, one_setting_changed, settings_of_the_grid: as in the JSON report
///
/// Lengths are in seconds, shares between 0 and 1; NULL where there is nothing to tell.
void write_study_sqlite(const std::string& path, const StudyReport& report);

}  // namespace rehearse::sim
