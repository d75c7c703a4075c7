// How much longer or shorter each service was out in another design, and in which phases: that is the reason, as far as
// time goes.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

/// All outages of one service taken together.
struct OutageDifference {
  struct OfPhase {
    Phase phase = Phase::detect;
    Duration a{}, b{};
  };
  std::string service;          // "sql_server", "worker WRK1"
  Duration a{}, b{};            // in all
  std::vector<OfPhase> phases;  // that differ; what made most of the difference first
};

/// Services that were out differently by `least` or more, in the order of the services; those that only one design has
/// are left out.
std::vector<OutageDifference> outage_differences(const RunResult& a, const RunResult& b, Duration least);

}  // namespace rehearse::sim
