// What a service needs, as a tree for people and as a graph for Graphviz. The same design gives the same bytes. Who
// wins the witness when a cluster falls apart is left out: it would tell everything twice.
#pragma once

#include <set>
#include <string>

#include "model/structure/requirements.hpp"

namespace rehearse::model::structure {

/// Indented text, a requirement a line: how many of its parts must be met, and at the leaves what kind of component it
/// is. What was told further up is not told again. A requirement of one part is told as that part.
std::string tree_text(const Requirements& requirements, Service service);

/// Graphviz text with arrows from a requirement to its parts: solid where all are needed, dashed where some are enough.
/// Components that are a single point of failure (by number) stand out.
std::string tree_dot(const Requirements& requirements, Service service, const std::set<int>& single_points);

}  // namespace rehearse::model::structure
