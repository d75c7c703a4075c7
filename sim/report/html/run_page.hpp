// Finished runs as an HTML report: verdicts first, then what happened as a timeline, how long each service was away and
// why, the work, the design that was rehearsed, and every parameter that the result rests on.
#pragma once

#include <iosfwd>
#include <vector>

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim::html {

struct RunPageOptions {
  bool explain = true;  // with the cluster's decisions
};

/// Several runs stand in one file below a table of their outcomes. Throws std::logic_error where missing_libraries() is
/// not empty, or where a decision that is to be explained is not what the rules lead to.
void write_run_page(std::ostream& out, const std::vector<RunResult>& results, RunPageOptions options = {});

}  // namespace rehearse::sim::html
