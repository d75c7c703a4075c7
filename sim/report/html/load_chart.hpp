// The queue and the workers' slots over time, as charts that stand below the timeline and are zoomed with it.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim::html {

/// What was so from `at` until the next point; where many changes fall into one point, the most of each in its stretch.
struct LoadPoint {
  core::Time at{};
  std::uint32_t queued = 0;
  std::int64_t busy = 0, capacity = 0;  // slots of enabled workers
};

/// At most about `most` points over the whole rehearsal.
std::vector<LoadPoint> load_of(const RunResult& run, std::size_t most = 1500);

nlohmann::ordered_json queue_chart(const RunResult& run, const std::vector<LoadPoint>& load);
nlohmann::ordered_json slots_chart(const RunResult& run, const std::vector<LoadPoint>& load);

}  // namespace rehearse::sim::html
