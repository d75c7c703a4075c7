// The inside of catalogue.hpp: what one kind of fault can act on in a design, and how much of it is meant.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/scenario.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

struct CatalogueEntries {
  std::vector<TimelineEntry> entries;
  std::string why_none;  // where there are none
};

/// In the order of the design.
CatalogueEntries entries_of(FaultKind kind, const world::World& deployed);

}  // namespace rehearse::sim
