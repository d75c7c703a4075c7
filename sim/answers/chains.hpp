// The way back from a record of a saved run to what began it.
#pragma once

#include "sim/answers/answers.hpp"

namespace rehearse::sim {

/// The record and its causes, the first cause first; none later than `after` is left out (0: all the way). Empty: there
/// is no such record.
Chain chain_to(const SavedRun& run, SavedId id, SavedId after = 0);

}  // namespace rehearse::sim
