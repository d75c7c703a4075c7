// The keys of a study file, as data: for its reader, and for the test of the JSON Schema beside the studies.
#pragma once

#include <vector>

#include "model/reading.hpp"

namespace rehearse::sim {

/// Paths as in design_shapes(). Addresses, and what they are given, are free names.
const std::vector<model::Shape>& study_shapes();
const model::Shape& study_shape(std::string_view path);

}  // namespace rehearse::sim
