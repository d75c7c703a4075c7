// The catalogue and the outcome of an exploration, for people and for programs. The same exploration gives the same
// bytes.
//
// JSON: {
//   "format": "rehearse-faults", "version": 1,
//   "design", "design_file", "start", "seed", "at": "median" | "p95", "executions": of the batch,
//   "faults": [ { "name", "repaired": "by a person" | "at once" | "by itself", "alike": workers it stands for } ],
//   "not_covered": [ { "fault", "why" } ],
//   "operations": [ { "name", "alone": outcome } ],
//   "coverage": { "k", "courses": [of one fault, of two, ...], "during_operations", "idle", "runs", "events",
//                 "prefixes": [...], "prefixes_run": [...], "complete" },
//   "matrix": [ { "faults": how many, "first": name, "masked", "recovered", "recovered with loss", "needs a person",
//                 "lost", "unknown", "nothing to act on": courses, with those that are alike } ],
//   "worst": [ course ], "singles": [ course ]               the latter: each fault alone
// }
// course: { "faults": [ { "name", "at": seconds, "when" } ], "operation": name or null, "outcome", "with_own_switches":
//           outcome, "switches": [names], "mended", "multiplicity", "out": seconds, "lost", "doubled", "unfinished",
//           "story": [ { "at", "text" } ] }                  story: of the worst only
#pragma once

#include <iosfwd>

#include "sim/faults/summary.hpp"

namespace rehearse::sim {

struct FaultsReport {
  const Stage& stage;
  const FaultCatalogue& catalogue;
  const Exploration& exploration;
  unsigned faults = 1;
};

inline constexpr std::size_t worst_told = 10;

/// Every fault with how it is repaired and how many it stands for, and what is not covered.
void write_catalogue(std::ostream& out, const FaultCatalogue& catalogue);

/// `stories`: with what happened in each of the worst.
void write_faults_text(std::ostream& out, const FaultsReport& report, bool stories);
void write_faults_json(std::ostream& out, const FaultsReport& report);

}  // namespace rehearse::sim
