// Small clusters that want a role placed, and every answer that chance can give.
#pragma once

#include <cstdint>
#include <set>

#include "model/placement.hpp"

namespace rehearse::model {

inline PlacementRequest all_up(int nodes, MoveReason reason, int owner) {
  PlacementRequest request;
  request.reason = reason;
  request.current_owner = owner;
  request.members = request.up = first_nodes(nodes);
  return request;
}

inline Exclusion excluded(const PlacementDecision& decision, int node) {
  return decision.excluded[static_cast<std::size_t>(node)];
}

/// Those that move a role away from its owner.
inline constexpr MoveReason every_reason[] = {MoveReason::resource_failure, MoveReason::node_loss,
                                              MoveReason::manual_best, MoveReason::drain};

inline constexpr std::uint64_t some_draws[] = {0, std::uint64_t{1} << 62, std::uint64_t{1} << 63, ~std::uint64_t{0}};

/// Every node that some draw leads to.
inline std::set<int> targets(const PlacementRequest& request) {
  std::set<int> found;
  for (std::uint64_t i = 0; i < 64; ++i) found.insert(choose_target(request, i << 58).node);
  return found;
}

}  // namespace rehearse::model
