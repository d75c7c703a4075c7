// One record of the journal as a sentence for people, in the words of the field: roles, resources, quorum, handshakes,
// with the ids that Windows' own event log would show (W 4.6). Who it is about and what happened stay apart, so that a
// report can fold "WRK1: ...", "WRK2: ..." into one line.
#pragma once

#include <string>

#include <vector>

#include "sim/scenario/scenario.hpp"
#include "sim/world/blueprint.hpp"
#include "sim/world/record.hpp"

namespace rehearse::sim {

struct Sentence {
  std::string who;   // "SQL2"; empty: about the rehearsal as a whole
  std::string what;  // "SQL1 is silent"
  std::string more;  // what a log shows and what mends it; empty for most. Needs telling once an account
};

/// Every kind of record has a sentence. Faults are named by the scenario's timeline, what the operator does by `acts`.
Sentence describe(const world::Record& record, const world::Blueprint& plan, const Scenario& scenario,
                  const std::vector<std::string>& acts);

/// "SQL2: SQL1 is silent", without `more`.
std::string to_text(const Sentence& sentence);

/// Whether the record belongs in an account for people. The others (leases, single executions, settings, calls that
/// lead nowhere) are for the machine-readable journal; an account gives their number.
bool is_story(world::RecordKind kind);
/// Whether it tells this record: those of the story, and calls that found a closed port or no name.
bool is_told(const world::Record& record);

/// What kind of detail the others are, in the plural: "leases", "settings and certificates".
std::string_view detail_of(world::RecordKind kind);

/// "node.power_loss on SQL1", "network.loss on SQL1 (share: 0.3)", "move_role (role: SQL Server (MSSQLSERVER), to:
/// SQL2)".
std::string name_of(const TimelineEntry& entry);

}  // namespace rehearse::sim
