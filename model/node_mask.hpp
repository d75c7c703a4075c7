// A set of cluster nodes as a bit mask: bit i is node i, 0 to 63. Quorum and placement decide on sets of nodes inside
// the innermost loop of a study, where neither names nor allocations have a place. Node ids grow in the design's order,
// as Windows numbers nodes in the order in which they joined; Windows' own ids begin at 1.
#pragma once

#include <bit>
#include <cstdint>

namespace rehearse::model {

using NodeMask = std::uint64_t;

inline constexpr int max_nodes = 64;
inline constexpr int no_node = -1;

constexpr NodeMask node_bit(int node) {
  return NodeMask{1} << node;
}
constexpr bool contains(NodeMask mask, int node) {
  return node >= 0 && (mask >> node & 1) != 0;
}
constexpr int count(NodeMask mask) {
  return std::popcount(mask);
}

/// Nodes 0 to count - 1.
constexpr NodeMask first_nodes(int count) {
  return count >= max_nodes ? ~NodeMask{0} : node_bit(count) - 1;
}

/// The highest id in the set; no_node for the empty set.
constexpr int highest_node(NodeMask mask) {
  return mask == 0 ? no_node : max_nodes - 1 - std::countl_zero(mask);
}

}  // namespace rehearse::model
