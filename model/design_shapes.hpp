// The keys of a design file, object by object: what the reader accepts and what the JSON Schema must describe.
#pragma once

#include <string_view>
#include <vector>

#include "model/design.hpp"
#include "model/reading.hpp"

namespace rehearse::model {

/// Every object of known shape in a design, the root ("") first. Objects whose keys are names from elsewhere are not
/// here: /certificates, /certificates/*/installed, settings files by host, /cluster/properties, /parameters, settings,
/// profiles of rates.
const std::vector<Shape>& design_shapes();

/// Throws std::logic_error for a path that is not in the table.
const Shape& design_shape(std::string_view path);

/// The words for versions and editions.
const Choices<WindowsVersion>& windows_versions();
const Choices<SqlVersion>& sql_versions();
const Choices<Edition>& editions();

}  // namespace rehearse::model
