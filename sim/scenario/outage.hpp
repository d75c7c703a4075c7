// How long was each service away, and why (behaviour.md 10). A service is out while a reference client's request, begun
// now on a new connection from the workers' network, would not succeed; a worker's connectivity is out while its own
// connection to the master does not stand.
//
// The phases of an outage come from the chain of causes: the record that ended it names its cause, that one names its
// own, and so on back to the fault; each link is one phase. Links are contiguous by construction, so the phases add up
// to the outage exactly. Where a chain begins with an act from outside (an operator who repaired something after an
// hour), what lay before is the time that the blocker of that hour took.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/service.hpp"
#include "sim/world/blueprint.hpp"
#include "sim/world/record.hpp"
#include "sim/world/state.hpp"

namespace rehearse::sim {

enum class Phase : std::uint8_t {
  detect,
  regroup,
  arbitrate,
  no_quorum,
  restart_attempts,
  wait_retry,
  pending_timeout,
  stop,
  storage,
  address_and_name,
  sql_start,
  recovery,
  master_start,
  name_resolution,
  reconnect,
  handshake_refused,
  lease_and_sweep,
  boot_and_join,
  operator_,
  count_
};
std::string_view to_text(Phase phase);

struct PhaseSpan {
  Phase phase = Phase::detect;
  core::Time from{}, to{};
  world::RecordId begins = 0, ends = 0;  // the records at its two ends; 0: the end of the rehearsal
};

struct Outage {
  Service service;
  core::Time from{}, to{};
  bool censored = false;          // still out at the end of the rehearsal: `to` is that end
  std::vector<PhaseSpan> phases;  // contiguous, from `from` to `to`, neighbours of one phase merged
  Duration length() const { return to - from; }
};

/// All outages between the start and `end`. `first` is the state before the journal's first record. A service that is
/// out from the start has an outage from there.
std::vector<Outage> find_outages(const world::Blueprint& plan, const world::State& first, const world::Journal& journal,
                                 core::Time end);

}  // namespace rehearse::sim
