// Which node takes a role (W 4.3). Windows decides differently by occasion: after a resource failure the next node down
// the list, after a node loss or for "best possible node" the top of the preferred owners, and without preferred owners
// at random. The random choice uses a draw that the caller brings, so that the decision itself is a pure function.
//
// From 2016 on sites come in: what fails or is drained tries the site it is in first, then the preferred site, then the
// others; a cold start and "best possible node" try the preferred site first (the order of the two is assumed). A list
// of preferred owners stands above sites (assumed): they order only the nodes that it does not name.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "model/node_mask.hpp"

namespace rehearse::model {

/// `cold_start`: the cluster forms anew and the owner until now is a candidate like any other, before its equals as
/// DefaultOwner suggests (W 4.2). `failback`: only preferred owners above the owner until now are candidates (W 4.4).
enum class MoveReason : std::uint8_t { resource_failure, node_loss, manual_best, drain, cold_start, failback };

/// Why a node was not a candidate; the first that applies, in this order.
enum class Exclusion : std::uint8_t {
  none,
  not_a_member,
  down,
  paused,
  quarantined,
  not_a_possible_owner,
  not_ready,
  current_owner,
  not_preferred,
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
  NodeMask ready = ~NodeMask{0};            // of an availability group: replicas that may become the primary (W 10)
  NodeMask avoided = 0;                     // nodes that hold a role with a common anti-affinity class name
  bool anti_affinity_enforced = false;      // ClusterEnforcedAntiAffinity: avoid even when nothing else is left (W 4.2)
  std::span<const int> preferred_owners;    // in order; nodes not named follow by id
  NodeMask same_site = 0;                   // nodes of the owner's site; 0: sites play no part, as in 2012 R2
  NodeMask preferred_site = 0;              // nodes of the role's PreferredSite, else of the cluster's; 0: none
};

struct PlacementDecision {
  int node = no_node;
  std::array<Exclusion, max_nodes> excluded{};  // by node; `none` for candidates
  std::string_view rule;
  std::string_view site_rule;  // how sites narrowed the choice; empty: they did not
  std::string_view source;
};

/// `draw`: 64 random bits, looked at only where Windows chooses at random (node loss, best node, drain and cold start
/// without preferred owners, more than one candidate of the best site).
PlacementDecision choose_target(const PlacementRequest& request, std::uint64_t draw);

enum class RoleSequence : std::uint8_t { start, drain };

/// The order in which a cluster starts roles or moves them off a node, as positions in `priorities`: high priority
/// first, equal ones by role number (W 4.2, 1.7). A priority of 0 is never started automatically; if an operator
/// started such a role, a drain moves it last (assumed).
std::vector<int> order_by_priority(std::span<const int> priorities, RoleSequence sequence);

}  // namespace rehearse::model
