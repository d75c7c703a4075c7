// Shipped scenarios, rehearsed.
#pragma once

#include <string>

#include "sim/scenario/run_result.hpp"

namespace rehearse::tests {

/// The scenario of that name under scenarios/, without its ending, named as a user at the project's root would name it.
sim::RunResult shipped_run(const std::string& name);

/// What `rehearse run --save` writes of it, by a program of version 1.2.3.
std::string saved_text(const sim::RunResult& run);

}  // namespace rehearse::tests
