// The figures of the work as sentences for the account.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

/// What became of the executions and how they went, a paragraph each; none where there was no work.
std::vector<std::string> work_paragraphs(const RunResult& result);

}  // namespace rehearse::sim
