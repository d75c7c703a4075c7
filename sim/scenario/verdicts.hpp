// From what single runs show to verdicts. A run shows an expectation met or not; the verdict has to hold whatever the
// durations and whatever the facts that nobody has published (interface.md, Scenario).
#pragma once

#include <functional>
#include <vector>

#include "model/parameters.hpp"
#include "sim/scenario/expectations.hpp"
#include "sim/scenario/runner.hpp"

namespace rehearse::sim {

/// Switches whose value the design gives, as a mask: its author knows them, and they are not varied.
std::uint32_t settled_switches(const model::Parameters& parameters);

/// What one run showed.
struct Look {
  std::vector<Sight> sights;
  std::uint32_t consulted = 0;  // unknown switches that a decision of the run rested on, as a mask
};
/// Does one run in this way and looks at it.
using RunLooker = std::function<Look(const Variant&)>;

/// One verdict an expectation. `settled`: switches that are not varied.
std::vector<Verdict> judge(const Scenario& scenario, std::uint32_t settled, const RunOptions& options,
                           const RunLooker& observe);

}  // namespace rehearse::sim
