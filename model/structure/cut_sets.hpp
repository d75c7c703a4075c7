// Minimal cut sets: components whose loss together takes a requirement away, while the loss of any fewer of them does
// not. Those of one component are its single points of failure. Sizes 1 and 2 are found exactly, by trying all.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "model/structure/requirement_graph.hpp"

namespace rehearse::model::structure {

struct MinimalCutSets {
  bool never_met = false;                   // with every component at work; then there are no cut sets to speak of
  std::vector<int> single;                  // ascending
  std::vector<std::array<int, 2>> doubles;  // each ascending, in ascending order
  friend bool operator==(const MinimalCutSets&, const MinimalCutSets&) = default;
};

/// Of each of these requirements, in their order.
std::vector<MinimalCutSets> minimal_cut_sets(const RequirementGraph& graph, std::span<const int> requirements,
                                             int component_count);

/// Which of these requirements are not met when exactly these components have failed.
std::vector<bool> lost_with(const RequirementGraph& graph, std::span<const int> requirements,
                            std::span<const int> failed, int component_count);

}  // namespace rehearse::model::structure
