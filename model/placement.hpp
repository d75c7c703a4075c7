// Which node takes a role (W 4.3). Windows decides differently by occasion: after a resource failure the next node down
// the list, after a node loss or for "best possible node" the top of the preferred owners, and without preferred owners
// at random. The random choice uses a draw that the caller brings, so that the decision itself is a pure function.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "model/node_mask.hpp"

namespace rehearse::model {

enum class MoveReason : std::uint8_t { resource_failure, node_loss, manual_best, drain };

/// Why a node was not a candidate; the first that applies, in this order.
enum class Exclusion : std::uint8_t {
  none,
  not_a_member,
  down,
  paused,
  quarantined,
  not_a_possible_owner,
  current_owner,
  anti_affinity
};
std::string_view to_text(Exclusion exclusion);

struct PlacementRequest {
  MoveReason reason = MoveReason::manual_best;
  int current_owner = no_node;  // the owner until now, also when it was lost
  NodeMask members = 0;
  NodeMask up = 0;
  NodeMask paused = 0;
  NodeMask quarantined = 0;
  NodeMask possible_owners = ~NodeMask{0};  // of every resource of the role: the conjunction
  NodeMask avoided = 0;                     // nodes that hold a role with a common anti-affinity class name
  bool anti_affinity_enforced = false;      // ClusterEnforcedAntiAffinity: avoid even when nothing else is left (W 4.2)
  std::span<const int> preferred_owners;    // in order; nodes not named follow by id
};

struct PlacementDecision {
  int node = no_node;
  std::array<Exclusion, max_nodes> excluded{};  // by node; `none` for candidates
  std::string_view rule;
};

/// `draw`: 64 random bits, looked at only where Windows chooses at random (node loss, best node and drain without
/// preferred owners, more than one candidate).
PlacementDecision choose_target(const PlacementRequest& request, std::uint64_t draw);

}  // namespace rehearse::model
