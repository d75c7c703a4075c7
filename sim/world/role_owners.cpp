// Which node has a role: choosing one, taking over, and what happens to a role whose node goes (behaviour.md 3; W 4.3,
// W 4.4).
#include "model/placement.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/roles.hpp"

namespace rehearse::world {
HostIndex Roles::choose(GroupIndex group, MoveCause cause, std::uint64_t excluded) const {
  model::PlacementRequest request;
  request.reason =
      cause == MoveCause::resource_failure ? model::MoveReason::resource_failure : model::MoveReason::node_loss;
  const HostIndex owner = state_.groups[group].owner;
  request.current_owner = owner == none ? model::no_node : static_cast<int>(owner);
  request.members = state_.cluster.configured;
  for (HostIndex node = 0; node < plan_.node_count; ++node) {
    if (world_.membership().is_active(node) && (excluded & bit(node)) == 0) request.up |= bit(node);
  }
  const auto decision =
      model::choose_target(request, engine_.bits(group_id(group), "placement", state_.groups[group].moves));
  return decision.node == model::no_node ? none : static_cast<HostIndex>(decision.node);
}

void Roles::drop_resources(GroupIndex group, RecordId why) {
  const GroupPlan& plan = plan_.groups[group];
  for (ResourceIndex index = plan.first; index < plan.first + plan.count; ++index) {
    if (!active(index)) continue;
    going_down(index, EndReason::host_lost, why);
    engine_.emit(RecordKind::resource_lost, resource_id(index), why);
  }
}

void Roles::machine_lost(HostIndex node) {
  for (ResourceIndex index = 0; index < plan_.resources.size(); ++index) {
    if (state_.groups[plan_.resources[index].group].owner != node) continue;
    for (const Event event : {Event::pending, Event::restart, Event::retry}) engine_.disarm(event, index);
  }
}

void Roles::resource_host_ended(HostIndex node, RecordId why) {
  for (GroupIndex group = 0; group < plan_.groups.size(); ++group) {
    if (state_.groups[group].exists && state_.groups[group].owner == node) drop_resources(group, why);
  }
}

void Roles::nodes_lost(std::uint64_t nodes, RecordId why) {
  for (GroupIndex group = 0; group < plan_.groups.size(); ++group) {
    const GroupState& state = state_.groups[group];
    if (!state.exists) continue;
    if (state.target != none && (nodes & bit(state.target)) != 0) {
      stay(group, why);
    }
    if (state.owner == none || (nodes & bit(state.owner)) == 0) continue;
    drop_resources(group, why);
    const HostIndex target = choose(group, MoveCause::node_loss, nodes);
    if (target != none) take_over(group, target, MoveCause::node_loss, why);
  }
}

/// The node that a role was to move to is gone: the role stays, and what failed while it was leaving gets its restart
/// here.
void Roles::stay(GroupIndex group, RecordId why) {
  const RecordId refused = engine_.emit(RecordKind::move_refused, group_id(group), why);
  const GroupPlan& plan = plan_.groups[group];
  for (ResourceIndex index = plan.first; index < plan.first + plan.count; ++index) {
    const ResourceState& resource = state_.resources[index];
    if (resource.status != ResourceStatus::failed || resource.given_up || resource.restart_waiting) continue;
    engine_.emit(RecordKind::resource_offline, resource_id(index), refused);
  }
  advance(group, refused);
}

void Roles::take_over(GroupIndex group, HostIndex node, MoveCause cause, RecordId why) {
  const RecordId changed =
      engine_.emit(RecordKind::owner_changed, group_id(group), why, node, static_cast<std::int64_t>(cause));
  const GroupPlan& plan = plan_.groups[group];
  for (ResourceIndex index = plan.first; index < plan.first + plan.count; ++index) {
    engine_.disarm(Event::restart, index);
    engine_.disarm(Event::retry, index);
  }
  advance(group, changed);
}

/// A node can take roles whose owner is gone.
void Roles::node_available(HostIndex, RecordId why) {
  for (GroupIndex group = 0; group < plan_.groups.size(); ++group) {
    const GroupState& state = state_.groups[group];
    if (!state.exists || state.owner == none || world_.membership().is_active(state.owner)) continue;
    drop_resources(group, why);
    const HostIndex target = choose(group, MoveCause::node_loss, 0);
    if (target != none) take_over(group, target, MoveCause::node_loss, why);
  }
}

/// The cluster forms anew: every role that is wanted goes to a member, whatever it was when the cluster ended.
void Roles::cold_start(RecordId why) {
  for (GroupIndex group = 0; group < plan_.groups.size(); ++group) {
    const GroupState& state = state_.groups[group];
    if (!state.exists) continue;
    drop_resources(group, why);
    const bool home = world_.membership().is_active(state.owner);
    const HostIndex target = home ? state.owner : choose(group, MoveCause::node_loss, 0);
    if (target != none) take_over(group, target, MoveCause::cold_start, why);
  }
}

}  // namespace rehearse::world
