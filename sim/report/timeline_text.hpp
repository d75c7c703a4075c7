// The journal as an account: one line an event, and one line for what happened to several parts at the same moment.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

struct TimelineLine {
  core::Time at{};     // of the first record in it
  core::Time until{};  // of the last
  std::string more;    // what a log shows and what mends it, the first time it is told
  std::string text;    // "WRK1, WRK2, WRK3: connected to the master on SQL2 (process 3)"
  std::size_t records = 0;
  world::RecordKind kind{};
};

/// The records that make the story, in order. Neighbours that say the same about different parts are one line: of one
/// instant, and of workers, whose polls are seconds apart, also within ten seconds. What a part goes through for the
/// fourth time since the last fault or operation is left out. With `full`, every record is there, a line each.
struct Timeline {
  std::vector<TimelineLine> lines;
  std::string left_out;  // "1200 about executions, 90 about what was told before"; empty: nothing
};
Timeline timeline_of(const RunResult& result, bool full);

}  // namespace rehearse::sim
