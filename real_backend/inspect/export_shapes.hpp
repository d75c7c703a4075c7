// The objects of an export and the keys that may stand in each: the grammar that export.ps1 writes and the reader
// reads, as data. Every key is always written; what could not be read is null, and its reason is among the gaps.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/reading.hpp"

namespace rehearse::real {

/// The number under "rehearse_export". A change of the grammar changes it.
inline constexpr std::int64_t export_schema = 1;

const std::vector<model::Shape>& export_shapes();

/// Throws std::logic_error for a path that has no shape.
const model::Shape& export_shape(std::string_view path);

}  // namespace rehearse::real
