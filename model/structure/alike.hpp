// Many pairs told in few sentences: "any two of these", "one of these together with one of those".
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace rehearse::model::structure {

/// Pairs of one member each of two different groups; with two groups every pair of the one and the other.
struct AlikePairs {
  std::vector<std::vector<int>> groups;  // at least two, each ascending, no member in two of them
  std::uint64_t count = 0;               // pairs of this block that no block before it has
  std::array<int, 2> first{};            // the first of these
};

/// Blocks that together hold exactly the given pairs (each ascending, none twice). Deterministic.
std::vector<AlikePairs> told_together(std::span<const std::array<int, 2>> pairs);

}  // namespace rehearse::model::structure
