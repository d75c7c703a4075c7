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

/// A choice of a node for the role; `excluded` are nodes that are being given up. Valid as long as the plan.
model::PlacementRequest placement_request(GroupIndex group, model::MoveReason reason, std::uint64_t excluded,
                                          const State& state, const Blueprint& plan);

/// The properties by which a failure of the resource is judged (W 3.3).
model::RestartSettings restart_settings(ResourceIndex resource, const State& state, const Blueprint& plan);

}  // namespace rehearse::world
