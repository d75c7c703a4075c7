// Does one run of a scenario meet what is expected of it? Each expectation looks at the journal, the outages and the
// counts of that run and says yes, no, or that it cannot tell. What the verdict is over all the runs that count (median
// and p95 durations, both values of each unknown switch) is the runner's business.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

/// What one run shows about one expectation.
struct Sight {
  Outcome outcome = Outcome::unknown;  // unknown: never reached, or not measurable in this run
  std::string reason;                  // what was seen
};

/// One a expectation, in their order. Fills nothing into the run.
std::vector<Sight> look(const RunResult& run);

}  // namespace rehearse::sim
