// Decisions that explain themselves: for everything that the cluster decided in a run - which node takes a role, which
// side stays the cluster, whether a failed resource is tried again - what there was to choose from, what excluded the
// rest, and the rule with its source. Somebody who knows Windows can check each against it; a change of behaviour shows
// as a changed reason.
//
// Nothing is noted while the world runs. Each decision is worked out anew from the state before its record, by the same
// pure functions of model/, and must come out as it did in the run: a difference is a bug in Rehearse.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

/// A node that was looked at.
struct Option {
  std::string node;
  std::string excluded;  // why it could not be chosen; empty: it could
};

struct Decision {
  enum class Kind : std::uint8_t {
    placement,
    failback,
    quorum,
    arbitration,
    forming,
    restart,
    stays_failed,
    quarantine
  };
  Kind kind = Kind::placement;
  core::Time at{};
  world::RecordId record = 0;      // that carries it out; of a decision that nothing followed: the last before it
  std::string about;               // "placement of SQL Server (MSSQLSERVER) after node loss"
  std::string answer;              // "SQL2", "restart after 500ms"
  std::vector<Option> options;     // the cluster's nodes, in their order; empty: it was not about nodes
  std::vector<std::string> facts;  // what else was looked at: "2 of 3 votes, 2 needed"
  std::string rule, source;        // "the only node available", "W 4.3"
};
std::string_view to_text(Decision::Kind kind);  // "stays_failed"

/// The run's decisions, in order. Throws std::logic_error, naming the record and the seed, where one does not come out
/// as it did in the run; where chance chose among nodes, the one it chose must have been among them.
std::vector<Decision> explain(const RunResult& run);

}  // namespace rehearse::sim
