// The charts of a study, as Vega-Lite specifications. Measures and points are told by their places in the study.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "sim/study/study_report.hpp"

namespace rehearse::sim::html {

/// How the replications' values are distributed: a line for each point, and on it the quantiles with their intervals.
nlohmann::ordered_json distribution_chart(const StudyReport& report, std::size_t measure);

/// The mean at each point with its interval.
nlohmann::ordered_json means_chart(const StudyReport& report, std::size_t measure);

/// The points differ in exactly two settings, and every pair of values is there.
bool is_grid(const StudyReport& report);
/// The mean over both settings of a grid, as a heat map.
nlohmann::ordered_json grid_chart(const StudyReport& report, std::size_t measure);

/// What the time out of each point went into; only of measures that have phases.
nlohmann::ordered_json phases_chart(const StudyReport& report, std::size_t measure);

/// The tornado: how far each setting that was changed alone moves the mean, the widest on top.
nlohmann::ordered_json swings_chart(const StudyReport& report, std::size_t measure);

/// What share of the variance at the first point goes back to each variation alone.
nlohmann::ordered_json shares_chart(const StudyReport& report, std::size_t measure);

/// "SameSubnetThreshold = 20", and "1: as it is" where there are several.
std::string point_name(const Study& study, std::size_t point);
/// The setting in which the point differs from the first.
std::string changed_setting(const Study& study, std::size_t point);

}  // namespace rehearse::sim::html
