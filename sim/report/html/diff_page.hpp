// Two designs compared, as an HTML report: both sides of every difference together.
#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "sim/diff/diff_report.hpp"

namespace rehearse::sim::html {

/// What one chart of outages compares: a service in a course or a scenario.
struct ComparedOutage {
  std::string where;  // "node.power_loss on SQL1", "node loss at the median"
  OutageDifference outage;
};

/// Bars of A and B below each other for each outage, cut into the phases that differ, as a Vega-Lite specification.
nlohmann::ordered_json compared_chart(const std::vector<ComparedOutage>& outages);

/// Throws std::logic_error where missing_libraries() is not empty.
void write_diff_page(std::ostream& out, const DesignDiff& diff);

}  // namespace rehearse::sim::html
