// A scenario as the text of a scenario file, in the words that the reader reads back.
#pragma once

#include <string>

#include "sim/scenario/scenario.hpp"

namespace rehearse::sim {

/// Entries of the timeline one a line. `design`: the path of the design relative to the file's folder. Of the
/// expectations their texts are written as they are.
std::string scenario_text(const Scenario& scenario, const std::string& design);

}  // namespace rehearse::sim
