// A finished run as an account for a terminal: what was rehearsed, what happened, how long each service was away and
// why, what became of the work, and the verdicts last, because a terminal shows its end. At most 100 columns where
// names allow.
#pragma once

#include <iosfwd>

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

struct TextOptions {
  bool colour = false;         // ANSI colour codes
  bool quiet = false;          // the headline, and of the verdicts those that did not pass
  bool full_timeline = false;  // every record, one a line
  bool explain = false;        // after the timeline, why each decision came out as it did
};

/// Throws std::logic_error where a decision that is to be explained is not what the rules lead to.
void write_text(std::ostream& out, const RunResult& result, TextOptions options);

/// The command that repeats the run: "rehearse run node_loss.json --seed 7".
std::string reproduce_command(const RunResult& result);

}  // namespace rehearse::sim
