// The charts of a run, as Vega-Lite specifications with their data.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "sim/report/html/lanes.hpp"
#include "sim/scenario/run_result.hpp"

namespace rehearse::sim::html {

/// Swimlanes: what state each part was in, with the marks over them. A section's name stands over its lanes.
nlohmann::ordered_json timeline_chart(const RunResult& run, const Lanes& lanes);

/// An outage of a service, or the worker that was cut off longest of those that lost their master together.
struct ToldOutage {
  std::string name;  // "SSISDB", "3 workers, until the last is back"
  const Outage* outage = nullptr;
};
std::vector<ToldOutage> told_outages(const RunResult& run);

/// A bar for each outage, cut into its phases.
nlohmann::ordered_json outage_chart(const std::vector<ToldOutage>& outages);

}  // namespace rehearse::sim::html
