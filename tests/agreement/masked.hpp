// A far world as text that two runs can be compared by: what only one run can make (times, thumbprints, identifiers,
// keys) is masked, everything else stands as it is.
#pragma once

#include <string>
#include <vector>

#include "tests/far_side/world.hpp"

namespace far_side {

/// The pieces of the JSON of the world as it is an hour later, when what was on its way has arrived, sorted; equal for
/// worlds that differ in what is masked alone.
std::vector<std::string> masked(const FarWorld& world);

/// What one has and the other has not, for messages; empty: nothing.
std::string difference(const std::vector<std::string>& expected, const std::vector<std::string>& found);

}  // namespace far_side
