// The keys of a scenario file, object by object: what the reader accepts and what the JSON Schema must describe. Where
// objects of several kinds may stand in one place, the path ends in ':' and the kind: "/timeline/*:move_role".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/reading.hpp"
#include "sim/scenario/scenario.hpp"

namespace rehearse::sim {

/// What a fault acts on, and so which key says it.
enum class FaultScope : unsigned char {
  none,    // there is only one
  node,    // "node"
  worker,  // "worker"
  host,    // "host": a node or a worker's machine
  hosts,   // "hosts": several of them, the witness' server included
};
FaultScope scope_of(FaultKind kind);

/// "node", "worker", "host", "hosts"; empty for FaultScope::none.
std::string_view key_of(FaultScope scope);

/// Every object of a scenario, the root ("") first. The kinds of a timeline entry are "fault", "fault on node", ...,
/// "repair", ..., and the names of operations; those of an expectation are its first keys.
const std::vector<model::Shape>& scenario_shapes();

/// Throws std::logic_error for a path that is not in the table.
const model::Shape& scenario_shape(std::string_view path);

/// The shape of a timeline entry that begins, or with `verb` "repair" ends, a fault.
const model::Shape& fault_shape(std::string_view verb, FaultScope scope);

/// The key that says of what kind an expectation is, in the order of the documentation.
const std::vector<std::string>& expectation_heads();

}  // namespace rehearse::sim
