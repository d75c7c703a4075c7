// The decisions of a run (explanations.hpp) as text: a block each, compact enough to be read beside the timeline.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/explanations.hpp"

namespace rehearse::sim {

/// "not SQL1: down; SQL3, SQL4: paused", and where several were left "candidates: SQL2, SQL5". Nodes that share a
/// reason stand together, so that a cluster of 64 nodes stays readable. Empty: the decision was not about nodes.
std::vector<std::string> options_text(const Decision& decision);

/// All decisions, a block each. A block that says the same as one before is told three times; the others are counted.
///   +40m28.450s  placement of SQL Server (MSSQLSERVER) after node loss: SQL2
///                not SQL1: down
///                rule: the only node available (W 4.3)
std::string decisions_text(const std::vector<Decision>& decisions);

}  // namespace rehearse::sim
