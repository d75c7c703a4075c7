// A plan as people read it.
#pragma once

#include <iosfwd>
#include <string>

#include "model/steps/plan.hpp"

namespace rehearse::cli {

/// What is needed, step by step: what each changes, what it takes, how long, and what is out of service meanwhile.
void write_plan(std::ostream& out, const steps::Plan& plan);

/// "about 2m (10m at the 95th percentile)": a length, with its 95th percentile where that differs.
std::string lengths(Duration usual, Duration at_p95);

}  // namespace rehearse::cli
