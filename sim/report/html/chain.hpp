// Why an outage was as long as it was, as a list that is read from top to bottom: every record on the way from the
// fault to the moment when the service was back, each the cause of the next, with the phase of the outage that begins
// there.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim::html {

struct ChainLink {
  core::Time at{};
  std::string text;   // "SQL2: SQL Server (MSSQLSERVER) is online"
  std::string phase;  // that begins here; empty: the phase before goes on
  Duration length{};  // of that phase
};

/// In the order of time. A service that is still out at the end has the chain of what happened to it so far.
std::vector<ChainLink> chain_of(const Outage& outage, const RunResult& run);

/// The record and what brought it about, as one text: "A, because B, because C". At most `most` causes, and the first
/// of all; empty: there is no such record.
std::string because(world::RecordId record, const RunResult& run, std::size_t most = 2);

}  // namespace rehearse::sim::html
