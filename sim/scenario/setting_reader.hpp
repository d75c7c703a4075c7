// The key and the value of a line that a fault changes in a settings file: checked by the readers of the files
// themselves, and against what a rehearsal depends on.
#pragma once

#include "sim/scenario/scenario_reading.hpp"

namespace rehearse::sim {

/// The host of the entry says which of the two files it is. False: something was told.
bool read_setting_key(const model::Value& value, TimelineEntry& entry, const ScenarioReading& reading);

/// After the key.
bool read_setting_value(const model::Value& value, TimelineEntry& entry, const ScenarioReading& reading);

}  // namespace rehearse::sim
