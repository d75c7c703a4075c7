#include "sim/world/decisions.hpp"

namespace rehearse::world {

using model::Setting;

std::uint64_t active_members(const State& state) {
  std::uint64_t mask = 0;
  for_each_bit(state.cluster.members, [&](HostIndex node) {
    if (is_active_member(node, state)) mask |= bit(node);
  });
  return mask;
}

std::uint64_t possible_owners(GroupIndex group, const State& state, const Blueprint& plan) {
  std::uint64_t possible = plan.groups[group].policy.possible_owners;
  for (HostIndex node = 0; group == plan.sql_group && node < plan.node_count; ++node) {
    if (!state.hosts[node].sql_installed) possible &= ~bit(node);
  }
  return possible;
}

model::PlacementRequest placement_request(GroupIndex group, model::MoveReason reason, std::uint64_t excluded,
                                          const State& state, const Blueprint& plan) {
  const GroupPolicy& policy = plan.groups[group].policy;
  model::PlacementRequest request;
  request.reason = reason;
  const HostIndex owner = state.groups[group].owner;
  request.current_owner = owner == none ? model::no_node : static_cast<int>(owner);
  request.members = state.cluster.configured;
  request.up = active_members(state) & ~excluded;
  request.paused = state.cluster.paused;
  request.possible_owners = possible_owners(group, state, plan);
  request.preferred_owners = policy.preferred_owners;
  request.anti_affinity_enforced = plan.parameters()[Setting::enforced_anti_affinity] != 0;
  for (HostIndex node = 0; node < plan.node_count; ++node) {
    if (state.hosts[node].quarantined_until != core::never) request.quarantined |= bit(node);
    if (state.hosts[node].leaving != Leaving::stays) request.paused |= bit(node);
  }
  for (const GroupIndex other : policy.avoids) {
    const GroupState& role = state.groups[other];
    const HostIndex there = role.target != none ? role.target : role.owner;
    if (role.exists && role.wanted && there != none) request.avoided |= bit(there);
  }
  if (plan.design().windows != model::WindowsVersion::v2012r2) {
    request.same_site = owner == none || plan.sites.size() < 2 ? 0 : plan.nodes_at(plan.hosts[owner].site);
    request.preferred_site = policy.preferred_site;
  }
  return request;
}

model::RestartSettings restart_settings(ResourceIndex resource, const State& state, const Blueprint& plan) {
  const ResourcePolicy& policy = plan.resources[resource].policy;
  return {policy.restart_threshold, policy.restart_period, policy.restart_delay,
          static_cast<model::RestartAction>(state.resources[resource].restart_action)};
}

}  // namespace rehearse::world
