// Finished runs for programs. The same runs give the same bytes. All times are seconds since the start of the
// rehearsal, as numbers (negative: before it, in the deployment); dates are ISO 8601 in UTC; what there is none of is
// null.
//
// {
//   "format": "rehearse-runs", "version": 2, "program": "0.1.0",
//   "outcome": "passed" | "failed" | "unknown",              the worst of all runs
//   "runs": [ {
//     "scenario", "description", "file", "design", "design_file",  texts
//     "placement": "joint" | "separate",
//     "seed": 1, "start": date, "duration": seconds, "events": count,
//     "fingerprint": "16 hex digits",
//     "outcome": as above,
//     "verdicts": [ { "outcome", "expectation", "reason", "settle": [text], "line", "column", "pointer" } ],
//     "observations": [text],
//     "outages": [ { "service", "from", "to", "length", "censored",
//                    "phases": [ { "phase", "from", "to", "length", "begins", "ends",
//                                  "rests_on": [ as "parameters" ] } ] } ],
//                                                            begins, ends: ids of records; null: no record; rests_on:
//                                                            what made the phase as long as it was
//     "workers": [ { "from", "to", "first_back", "half_back", "last_back", "workers" } ],
//                                                            outages of workers that overlap; null: not by the end
//     "roles": [ { "name", "owner", "state", "moves" } ],     at the end; moves: changes of owner during the rehearsal
//     "executions": { "planned", "submitted", "never_submitted", "succeeded", "ended_without_success", "unfinished",
//                     "overlapped", "repeated", "refused_success", "stamped", "lost", "doubled" },
//     "work": { "wait": { "of", "still_waiting", "mean", "p50", "p95", "longest" },
//               "queue": { "mean", "longest", "longest_at", "at_end" }, "utilisation": share of slots or null,
//               "overlap", "stamped_for": { "longest", "total", "going_on" },
//               "late", "messages_kept", "timed_out", "refused" },
//     "batches": [ { "batch", "due", "done", "deadline", "makespan", "executions", "succeeded" } ],
//     "deployment", "operations": [ { "name", "section", "outcome", "failure", "from", "to" } ],
//     "switches": [ { "name", "value", "settle" } ],          those that a decision of this run rested on
//     "parameters": [ { "name", "value", "origin", "source" } ],
//     "parts": [ { "kind": "cluster" | "node" | "replica" | "role" | "resource" | "instance" | "master" | "worker" |
//                          "machine", "name", "role": of a resource, else null,
//                  "states": [ { "from", "to", "state", "meaning", "begun_by" } ] } ],
//                                                            every stretch of time in which the part's state did not
//                                                            change; begun_by: id of a record; null: so from the start;
//                                                            meaning: "in service", "changing", "limited", "out",
//                                                            "not wanted"
//     "decisions": [ { "kind", "at", "record", "about", "answer", "options": [ { "node", "excluded" } ], "facts":
//     [text],
//                      "rule", "source" } ],                  only where asked for; record: id of the record that it
//                      led
//                                                            to; excluded: null for a candidate
//     "timeline": [ { "id", "at", "cause", "kind", "who", "subject", "object", "value", "text" } ]
//                                                            every record; cause, object: null for none; who: the
//                                                            part's name; subject: the kind of part; event: ids of
//                                                            Windows' System log, [1042, 1069]; event, more: only
//                                                            where there are any
//   } ]
// }
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string_view>
#include <vector>

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

inline constexpr std::string_view runs_format = "rehearse-runs";
inline constexpr std::int64_t runs_version = 2;

struct JsonOptions {
  bool explain = false;      // with "decisions"
  std::string_view program;  // this program's version
};

/// Throws std::logic_error where a decision that is to be explained is not what the rules lead to.
void write_json(std::ostream& out, const std::vector<RunResult>& results, JsonOptions options = {});

}  // namespace rehearse::sim
