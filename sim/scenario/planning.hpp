// Makes plans: performs steps in a simulated world that begins with what was observed of reality, and writes down what
// each of them changes, how long it takes and what is out of service meanwhile.
#pragma once

#include <vector>

#include "model/diagnostic.hpp"
#include "model/steps/plan.hpp"

namespace rehearse::sim {

/// Why this design's deployments cannot be planned, each with a remedy; empty: they can.
std::vector<model::Diagnostic> unplannable(const model::Design& design);

/// Fills in `steps` and `caveats` of a plan whose other members are given. The design must be plannable, the operation
/// without problem, and every machine that its steps act on must have answered; the others are taken to be off.
void plan_steps(steps::Plan& plan, const model::Design& design);

}  // namespace rehearse::sim
