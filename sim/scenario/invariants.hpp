// What no scenario may bring about (behaviour.md 11). A broken invariant is a bug in Rehearse, never a finding about
// the design: the run stops, and its message leads to exit code 70 with the seed.
#pragma once

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

/// Replays the run and throws std::logic_error, naming the record, where
///  - time goes back, or a record names a cause that is not before it;
///  - a resource comes online without all its providers (W 3.4), or of a role that is not wanted online;
///  - a role gets an owner that is no active member of the quorate partition;
///  - tasks are not conserved: created = ready + held + finished, and runs in slots = what workers hold;
///  - more restarts in place happen within RestartPeriod than RestartThreshold allows;
///  - the journal does not lead to the run's last state.
void check_invariants(const RunResult& run);

}  // namespace rehearse::sim
