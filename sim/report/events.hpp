// What a record would be in Windows' System log (W 4.6): the event ids, so that an account and a JSON report can be
// laid beside the log of a real cluster.
#pragma once

#include <string>
#include <vector>

#include "sim/world/blueprint.hpp"
#include "sim/world/record.hpp"

namespace rehearse::sim {

/// Ascending; empty: the log says nothing of it, or nothing with an id of W 4.6. Events that depend on more than the
/// record (1130, a network that is down everywhere) are left out rather than guessed.
std::vector<int> event_ids(const world::Record& record, const world::Blueprint& plan);

/// " (event 1135)", " (events 1042 and 1069)", with the status where the cluster log names one; empty: no event.
std::string events_text(const world::Record& record, const world::Blueprint& plan);

}  // namespace rehearse::sim
