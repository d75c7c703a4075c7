// Finished runs as a trace in the Trace Event Format, which Perfetto (ui.perfetto.dev), chrome://tracing and Speedscope
// open. The same runs give the same bytes.
//
// Time 0 is the start of the scenario, one microsecond of the trace one of the rehearsal. A process is a kind of
// component and a thread one component; of several runs each has processes of its own, named after the scenario. What
// was before the start (a deployment by steps) has no place in it.
//
//   X (complete)  a state of a component from the record that began it to the next; a service's outage with its phases
//                 nested in it; a batch from its due time to its end; a fault from its injection to its repair
//   i (instant)   faults, repairs and steps, through the whole trace; what an account tells, on its component
//   s, f (flow)   from the component where a cause lies to the one where it took effect
//   C (counter)   executions ready for dispatch, and those held by workers
#pragma once

#include <iosfwd>
#include <string_view>
#include <vector>

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

/// `version` is the program's.
void write_trace(std::ostream& out, const std::vector<RunResult>& results, std::string_view version);

}  // namespace rehearse::sim
