// Which parameters made a phase of an outage as long as it was: of every record on the way through the phase the
// timings and settings that the world waits out before it, as they were in force, with their origins. Properties of
// resources and lines of settings files, which the ledger does not know, have rows of the same kind.
#pragma once

#include <vector>

#include "model/parameters.hpp"
#include "sim/scenario/outage.hpp"
#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

class RestsOn {
 public:
  explicit RestsOn(const RunResult& run);

  /// The parameters behind the phase, each once, in the order in which they come up. Empty: none; only what came from
  /// outside, a repair or an operator for instance, ended it.
  std::vector<model::LedgerRow> phase(const PhaseSpan& span, const Service& service) const;

 private:
  const RunResult& run_;
  std::vector<model::LedgerRow> ledger_;
};

}  // namespace rehearse::sim
