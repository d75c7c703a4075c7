// Single points of failure the way graph theory finds them: a requirement as a network of components from a source to a
// sink, where the service is there while some path of working components joins the two. "All of" becomes a series, "any
// of" becomes branches side by side. A component that every path goes through dominates the sink, and is an
// articulation point between the two ends.
//
// Such a network cannot say everything that the AND/OR graph says, and what it says is weaker, never wrong:
// - k of n (a quorum) has no series and no branches, and that something does not hold is no path at all: such a
//   requirement stands in the network as one stone without components;
// - a component that counts in several branches (the site that all nodes stand in) stands in each of them, and none of
//   these places alone is on every path.
// So its points are among the exact ones (cut_sets.hpp), and each one that it misses has one of these two reasons.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/structure/requirement_graph.hpp"

namespace rehearse::model::structure {

struct SuccessPaths {
  bool never_met = false;                // with every component at work there is no path
  std::vector<int> dominators;           // components on every path, ascending
  std::vector<int> articulation_points;  // likewise, found without the direction of paths
  std::vector<int> in_every_branch;      // components without which, in all their places, there is no path; ascending
  std::vector<std::string> stones;       // requirements that stand in it as one stone
};

/// What cannot be met whatever works is left out of branches.
SuccessPaths success_paths(const RequirementGraph& graph, int requirement, int component_count);

/// Why a single point of failure is not among the dominators.
enum class Missed : std::uint8_t { in_several_branches, in_a_stone };
std::string_view to_text(Missed reason);
struct MissedPoint {
  int component = 0;
  Missed reason = Missed::in_a_stone;
  friend bool operator==(const MissedPoint&, const MissedPoint&) = default;
};

/// The exact single points that the paths miss, ascending, each with its reason.
std::vector<MissedPoint> missed_points(const SuccessPaths& paths, const std::vector<int>& exact);

}  // namespace rehearse::model::structure
