// What the cluster's decisions look at, read off a state: for the world, which decides, and for whoever explains or
// checks a decision afterwards from a replayed journal.
#pragma once

#include "model/placement.hpp"
#include "model/restart_policy.hpp"
#include "sim/world/state.hpp"

namespace rehearse::world {

/// Active members, as a mask.
std::uint64_t active_members(const State& state);

/// The nodes that may own the role: what the design says, and for the instance where Setup has installed it, which adds
/// the node to the possible owners (W 4.3, 7.5).
std::uint64_t possible_owners(GroupIndex group, const State& state, const Blueprint& plan);

/// How a role that comes to a node by such a move, or that is placed for such a reason, fails over there.
model::FailoverKind failover_kind(MoveCause cause);
model::FailoverKind failover_kind(model::MoveReason reason);

/// Why the replica of the node may not become the primary of the availability group; none: it may, or there is no
/// group. The cluster database decides, which does not know whether the instance there runs (W 10).
model::FailoverObstacle failover_obstacle(HostIndex node, model::FailoverKind kind, const State& state,
                                          const Blueprint& plan);

/// A node that an operator may move the role to: up, not paused, a possible owner, and of an availability group one
/// whose replica is ready (W 4.3, W 10).
bool may_be_moved_to(GroupIndex group, HostIndex node, const State& state, const Blueprint& plan);

/// A choice of a node for the role; `excluded` are nodes that are being given up. Valid as long as the plan.
model::PlacementRequest placement_request(GroupIndex group, model::MoveReason reason, std::uint64_t excluded,
                                          const State& state, const Blueprint& plan);

/// The properties by which a failure of the resource is judged (W 3.3).
model::RestartSettings restart_settings(ResourceIndex resource, const State& state, const Blueprint& plan);

}  // namespace rehearse::world
