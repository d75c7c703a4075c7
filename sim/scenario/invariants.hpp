// What no scenario may bring about (behaviour.md 11). A broken invariant is a bug in Rehearse, never a finding about
// the design: the run stops, and its message leads to exit code 70 with the seed. The invariants are in checks/.
#pragma once

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

/// Replays the run under every check; throws std::logic_error, naming the record, the seed and the invariant.
void check_invariants(const RunResult& run);

}  // namespace rehearse::sim
