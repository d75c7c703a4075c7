// Faults of scenario files, done to a world and undone (behaviour.md 9).
#pragma once

#include "sim/scenario/scenario.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

/// Does it, as an effect of the record `why`. False: there was nothing to do it to (the process does not run, the
/// machine is off already).
bool inject(world::World& world, const TimelineEntry& fault, world::RecordId why);

/// Undoes it. False: there was nothing to undo.
bool repair(world::World& world, const TimelineEntry& fault, world::RecordId why);

}  // namespace rehearse::sim
