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

model::FailoverKind failover_kind(MoveCause cause) {
  switch (cause) {
    case MoveCause::planned:
    case MoveCause::drain:
    case MoveCause::failback:
    case MoveCause::node_stops: return model::FailoverKind::planned;
    case MoveCause::resource_failure:
    case MoveCause::node_loss:
    case MoveCause::cold_start: return model::FailoverKind::automatic;
    case MoveCause::forced: return model::FailoverKind::forced;
  }
  return model::FailoverKind::automatic;
}

model::FailoverKind failover_kind(model::MoveReason reason) {
  switch (reason) {
    case model::MoveReason::manual_best:
    case model::MoveReason::drain:
    case model::MoveReason::failback: return model::FailoverKind::planned;
    case model::MoveReason::resource_failure:
    case model::MoveReason::node_loss:
    case model::MoveReason::cold_start: break;
  }
  return model::FailoverKind::automatic;
}

namespace {

model::ReplicaFacts facts_of(HostIndex node, const State& state, const Blueprint& plan) {
  const auto in = [&](std::uint64_t nodes) { return (nodes & bit(node)) != 0; };
  return {in(plan.synchronous) ? model::CommitMode::synchronous : model::CommitMode::asynchronous,
          in(plan.automatic) ? model::FailoverMode::automatic : model::FailoverMode::manual, in(plan.on_fci), true,
          in(state.availability.synchronized)};
}

}  // namespace

model::FailoverObstacle failover_obstacle(HostIndex node, model::FailoverKind kind, const State& state,
                                          const Blueprint& plan) {
  const AvailabilityState& group = state.availability;
  const bool first = plan.replicas == 0 || group.primary == none;
  // The last primary has all that was ever acknowledged; what an operator forces is not asked for.
  if (first || node == group.primary || node == group.forced) return model::FailoverObstacle::none;
  return model::may_take_over(kind, facts_of(node, state, plan), facts_of(group.primary, state, plan));
}

bool may_be_moved_to(GroupIndex group, HostIndex node, const State& state, const Blueprint& plan) {
  const bool can = is_active_member(node, state) && (state.cluster.paused & bit(node)) == 0 &&
                   state.hosts[node].leaving == Leaving::stays &&
                   (possible_owners(group, state, plan) & bit(node)) != 0;
  const bool ready = group != plan.sql_group || failover_obstacle(node, model::FailoverKind::planned, state, plan) ==
                                                    model::FailoverObstacle::none;
  return can && ready;
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
  for (HostIndex node = 0; group == plan.sql_group && node < plan.node_count; ++node) {
    const auto obstacle = failover_obstacle(node, failover_kind(reason), state, plan);
    if (obstacle != model::FailoverObstacle::none) request.ready &= ~bit(node);
  }
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
