// Replays a scenario: deploys the design, lets happen what the timeline says, and judges what was expected.
//
// One run is not enough for a verdict. Figures are judged with every duration at its median and again at its 95th
// percentile, and under both values of every unknown switch that a decision of the run rested on; a verdict that
// differs is `unknown` and says what would settle it. An expectation that states a probability is judged over
// replications with drawn durations instead. The account that people read is the run at medians with the design's own
// switches.
#pragma once

#include <exception>
#include <functional>
#include <vector>

#include "sim/scenario/run_result.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

struct RunOptions {
  std::uint64_t replications = 200;  // for expectations with a probability, and for that of a verdict that is unknown
  world::Tempo tempo = world::Tempo::when_it_matters;
  std::function<bool()> interrupted;  // asked between runs; absent: never
};

/// The caller asked to stop: there is no result.
class Interrupted : public std::exception {
 public:
  const char* what() const noexcept override { return "interrupted"; }
};

/// The account with its verdicts. A deployment whose steps fail ends the run there: every expectation is unknown, and a
/// verdict of its own says which step failed. Throws Interrupted when the options say so, and std::logic_error for a
/// broken invariant.
RunResult run(const Scenario& scenario, const RunOptions& options);

/// How one run is done.
struct Variant {
  core::Key key{1, 0};
  world::Pace pace = world::Pace::median;
  std::uint32_t flipped = 0;  // unknown switches that have the other value, as a mask
};

/// A deployed world, at the scenario's start, in which nothing has happened yet.
struct Prepared {
  std::shared_ptr<const world::Blueprint> plan;
  world::World world;
  std::vector<OperationNote> deployment;
  bool deployed = false;
};
Prepared prepare(const Scenario& scenario, world::Tempo tempo);

/// One run of the timeline in a copy of the prepared world; without verdicts.
RunResult rehearse(const Scenario& scenario, const Prepared& prepared, const Variant& variant);

}  // namespace rehearse::sim
