// The keys of a scenario file, object by object: what the reader accepts and what the JSON Schema must describe. Where
// objects of several kinds may stand in one place, the path ends in ':' and the kind: "/timeline/*:move_role".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/reading.hpp"
#include "sim/scenario/scenario.hpp"

namespace rehearse::sim {

/// Every object of a scenario, the root ("") first. The kinds of a timeline entry are "fault", "fault with node, for?",
/// ..., "repair", ..., one for each set of keys, and the names of operations; those of an expectation are its first
/// keys.
const std::vector<model::Shape>& scenario_shapes();

/// Throws std::logic_error for a path that is not in the table.
const model::Shape& scenario_shape(std::string_view path);

/// The shape of a timeline entry that begins, or with `verb` "repair" ends, a fault of this kind.
const model::Shape& fault_shape(std::string_view verb, FaultKind kind);

/// The key that says of what kind an expectation is, in the order of the documentation.
const std::vector<std::string>& expectation_heads();

}  // namespace rehearse::sim
