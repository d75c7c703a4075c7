// Small AND/OR graphs made at random, and what they mean by the plainest reading of them.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "model/structure/requirement_graph.hpp"

namespace rehearse::model::structure {

struct RandomRequirements {
  RequirementGraph graph;
  int components = 0;
  int top = 0;
};

/// `votes`: some requirements are k of n. The same generator gives the same graph everywhere.
RandomRequirements random_requirements(std::mt19937_64& random, bool votes);

/// Whether the requirement is met when exactly the components of this mask work: the definition, by recursion.
bool met_plainly(const RequirementGraph& graph, int requirement, std::uint64_t working);

/// Every minimal set of components whose loss costs the requirement, as masks, of any size, by trying all.
std::vector<std::uint64_t> all_minimal_cut_sets(const RandomRequirements& made);

}  // namespace rehearse::model::structure
