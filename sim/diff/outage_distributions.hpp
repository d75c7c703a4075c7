// How long services are out in two designs when durations are drawn, over many replications of one scenario. The two
// meet the same draws: replication i has the key {seed, i} in both, and draws are taken by name, so that replications
// go in pairs and what is the same in both designs takes no part in the difference.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/runner.hpp"
#include "sim/study/statistics.hpp"

namespace rehearse::sim {

/// Of the times that one service is out in one replication, all its outages taken together.
struct OutageDistribution {
  Duration p50{}, p95{}, longest{};  // the smallest that at least half, 95 % and all of the replications do not exceed
  std::uint64_t with_outage = 0;     // replications
  std::uint64_t unended = 0;         // of these: still out at the end, and counted with the time until then
  friend bool operator==(const OutageDistribution&, const OutageDistribution&) = default;
};

struct DistributionDifference {
  std::string service;  // "sql_server", "worker WRK1"
  OutageDistribution a, b;
  /// Mean of B minus A in seconds, with Student's interval of the paired differences at `distribution_confidence`.
  statistics::Estimate mean;

  /// The interval lies on one side of 0, and the mean is at least `shortest_difference` away from it.
  bool longer_in_b() const;
  bool shorter_in_b() const;
};

inline constexpr double distribution_confidence = 0.95;

/// The services of both designs that some pair of replications finds out differently by `least` or more, in the order
/// of the services. `replications` is at least 2; their keys begin with {seed of the scenario, 1}, as those of `run`
/// do. Throws Interrupted.
std::vector<DistributionDifference> distribution_differences(const Scenario& a, const Prepared& prepared_a,
                                                             const Scenario& b, const Prepared& prepared_b,
                                                             std::uint64_t replications, Duration least,
                                                             const std::function<bool()>& interrupted);

}  // namespace rehearse::sim
