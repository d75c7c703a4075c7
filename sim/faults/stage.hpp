// The world in which faults are tried: the design, deployed, with one batch under way that stands for its work.
#pragma once

#include "sim/faults/catalogue.hpp"
#include "sim/faults/course.hpp"

namespace rehearse::sim {

inline constexpr int most_executions = 50;
inline constexpr Duration batch_at = std::chrono::minutes(1);

struct StageOptions {
  Date start{};
  std::uint64_t seed = 1;
  world::Pace pace = world::Pace::median;
  int executions = most_executions;  // at most as many as the design's main source has
};

/// The design as `rehearse faults` rehearses it; the world can be built from it (Blueprint::unsupported).
Stage stage_of(const model::Design& design, const std::string& design_file, const StageOptions& options);

}  // namespace rehearse::sim
