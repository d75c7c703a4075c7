// Which settings of the two files the world lives by, and what a fault that changes one of them puts there.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/imposed_values.hpp"

namespace rehearse::sim {

/// The documented keys (S 2) that something in a rehearsal depends on, in their older spelling.
std::vector<std::string> simulated_master_keys();
std::vector<std::string> simulated_worker_keys();

/// A value of the world and what is to be put there.
struct SlotValue {
  Slot slot;
  std::int64_t value = 0;
};

/// Of a fault that changes a setting (TimelineEntry::setting).
SlotValue slot_of(const world::World& world, const TimelineEntry& fault);

/// Strings that the faults of a timeline put into settings files: the Blueprint has to know them.
std::vector<std::string> texts_of_settings(const std::vector<TimelineEntry>& timeline);

}  // namespace rehearse::sim
