#include "sim/world/roles.hpp"

#include "sim/world/masters.hpp"
#include "sim/world/names.hpp"
#include "sim/world/network.hpp"
#include "sim/world/replicas.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::world {

bool Roles::active(ResourceIndex resource) const {
  const ResourceStatus status = state_.resources[resource].status;
  return status == ResourceStatus::online || status == ResourceStatus::online_pending ||
         status == ResourceStatus::offline_pending;
}

bool Roles::owner_acts(GroupIndex group) const {
  const HostIndex owner = state_.groups[group].owner;
  return owner != none && is_active_member(owner, state_) && !state_.hosts[owner].hung;
}

// ------------------------------------------------------------------------------------------------ operations

void Roles::create_role(GroupIndex group, HostIndex owner, RecordId why) {
  const RecordId created = engine_.emit(RecordKind::role_created, group_id(group), why);
  engine_.emit(RecordKind::owner_changed, group_id(group), created, owner,
               static_cast<std::int64_t>(MoveCause::planned));
}

void Roles::create_resource(ResourceIndex resource, RecordId why) {
  const RecordId created = engine_.emit(RecordKind::resource_created, resource_id(resource), why);
  set_restart_action(resource, plan_.resources[resource].policy.restart_action, created);
  set_dependencies(resource, plan_.resources[resource].setup_needs, created);
}

void Roles::set_dependencies(ResourceIndex resource, const Needs& needs, RecordId why) {
  engine_.emit(RecordKind::dependencies_set, resource_id(resource), why, none, static_cast<std::int64_t>(needs.all));
  for (std::uint32_t choice = 0; choice < Needs::most_choices; ++choice) {
    if (needs.any[choice] == 0) continue;
    engine_.emit(RecordKind::choice_set, resource_id(resource), why, choice,
                 static_cast<std::int64_t>(needs.any[choice]));
  }
}

void Roles::set_restart_action(ResourceIndex resource, int action, RecordId why) {
  engine_.emit(RecordKind::restart_action_set, resource_id(resource), why, none, action);
}

void Roles::want(GroupIndex group, bool online, RecordId why) {
  const GroupState& state = state_.groups[group];
  const RecordId wish = engine_.emit(RecordKind::role_wanted, group_id(group), why, none, online);
  for_each_resource(group, [&](ResourceIndex index) {
    if (state_.resources[index].given_up) forgive(index, wish);
  });
  if (online && state.owner != none && !is_active_member(state.owner, state_)) return node_available(none, wish);
  advance(group, wish);
}

/// What an operator's wish for the resource extends to: all that it cannot do without, and of a choice that nothing
/// online meets every member.
std::uint64_t Roles::brought_along(ResourceIndex resource) const {
  const std::uint64_t online = online_places(plan_.resources[resource].group, state_, plan_);
  const Needs& needs = state_.resources[resource].needs;
  std::uint64_t providers = needs.all;
  for (const std::uint64_t choice : needs.any) providers |= (choice & online) == 0 ? choice : 0;
  return providers;
}

void Roles::want_resource(ResourceIndex resource, bool online, RecordId why) {
  const GroupIndex group = plan_.resources[resource].group;
  const ResourceIndex first = plan_.groups[group].first;
  RecordId wish = why;
  const auto wish_for = [&](const auto& self, ResourceIndex index) -> void {
    const std::uint64_t providers = online ? brought_along(index) : 0;
    for_each_bit(providers, [&](std::uint32_t place) { self(self, first + place); });
    if (state_.resources[index].given_up) forgive(index, why);
    if (state_.resources[index].held == online || index == resource) {
      wish = engine_.emit(RecordKind::resource_wanted, resource_id(index), why, none, online);
    }
  };
  if (online && !state_.groups[group].wanted) return want(group, true, why);
  wish_for(wish_for, resource);
  if (!online && state_.resources[resource].status == ResourceStatus::failed) forgive(resource, wish);
  advance(group, wish);
}

/// What failed for good is offline again, and may be brought online.
void Roles::forgive(ResourceIndex resource, RecordId why) {
  const RecordId retried = engine_.emit(RecordKind::resource_retried, resource_id(resource), why);
  engine_.disarm(Event::retry, resource);
  engine_.disarm(Event::restart, resource);
  if (state_.resources[resource].status != ResourceStatus::failed) return;
  engine_.emit(RecordKind::resource_offline, resource_id(resource), retried);
}

void Roles::retry(ResourceIndex resource, RecordId why) {
  retry_due(resource, why);
}

// ------------------------------------------------------------------------------------------------ the state machine

/// Takes every step that the role's wish and its dependencies allow now. Providers come up before dependents,
/// dependents go down before providers, independent branches in parallel (W 3.4, W 4.4).
void Roles::advance(GroupIndex group, RecordId why) {
  const GroupState& state = state_.groups[group];
  if (!state.exists || !owner_acts(group)) return;
  const HostIndex owner = state.owner;
  const bool leaving = state_.hosts[owner].leaving != Leaving::stays;
  if (state.target != none || !state.wanted || leaving) {
    while (take_down_step(group, false, why)) {
    }
    bool down = true;
    for_each_resource(group, [&](ResourceIndex index) { down = down && !active(index); });
    if (!down) return;
    if (state.target == none) {
      if (leaving) drain_on(owner, why);
      return;
    }
    if (!is_active_member(state.target, state_)) return stay(group, why);
    return take_over(group, state.target, state.move_cause, why);
  }
  while (take_down_step(group, true, why)) {
  }
  while (bring_up_step(group, why)) {
  }
}

/// By an operator's wish, its own or that of something it cannot do without.
bool Roles::held_down(ResourceIndex resource) const {
  if (state_.resources[resource].held) return true;
  const ResourceIndex first = plan_.groups[plan_.resources[resource].group].first;
  const Needs& needs = state_.resources[resource].needs;
  bool held = false;
  for_each_bit(needs.all, [&](std::uint32_t place) { held = held || held_down(first + place); });
  for (const std::uint64_t choice : needs.any) {
    bool all = choice != 0;
    for_each_bit(choice, [&](std::uint32_t place) { all = all && held_down(first + place); });
    held = held || all;
  }
  return held;
}

/// These places and every active resource that cannot stay online without them: of an OR the last member must go before
/// the dependent goes (W 3.4).
std::uint64_t Roles::falls_with(GroupIndex group, std::uint64_t places) const {
  const std::uint64_t online = online_places(group, state_, plan_);
  for (std::uint64_t before = 0; before != places;) {
    before = places;
    for_each_resource(group, [&](ResourceIndex index) {
      const Needs& needs = state_.resources[index].needs;
      const bool falls = active(index) && (needs.mentioned() & places) != 0 && !needs.met_by(online & ~places);
      if (falls) places |= plan_.place(index);
    });
  }
  return places;
}

bool Roles::take_down_step(GroupIndex group, bool held_only, RecordId why) {
  const GroupPlan& plan = plan_.groups[group];
  // What goes down: all of the role, or what is held and what cannot stay without that. A dependent that lives on by
  // another of its choices is not waited for (W 3.4).
  std::uint64_t going = held_only ? 0 : ~std::uint64_t{0};
  if (held_only) {
    bool any = false;
    for_each_resource(group, [&](ResourceIndex index) { any = any || state_.resources[index].held; });
    if (!any) return false;
    for_each_resource(group, [&](ResourceIndex index) { going |= held_down(index) ? plan_.place(index) : 0; });
    going = falls_with(group, going);
  }
  for (ResourceIndex index = plan.first; index < plan.first + plan.count; ++index) {
    const ResourceState& resource = state_.resources[index];
    if (resource.status == ResourceStatus::absent || resource.stuck) continue;
    if ((going & plan_.place(index)) == 0) continue;
    if (resource.restart_waiting) {
      engine_.disarm(Event::restart, index);
      engine_.emit(RecordKind::resource_offline, resource_id(index), why);
      return true;
    }
    if (resource.status == ResourceStatus::online_pending) {
      going_down(index, EndReason::terminated, why);
      engine_.emit(RecordKind::resource_terminated, resource_id(index), why, none, ended_pending);
      return true;
    }
    if (resource.status == ResourceStatus::online && !has_active_dependent(index, going)) {
      begin_offline(index, why);
      return true;
    }
  }
  return false;
}

bool Roles::bring_up_step(GroupIndex group, RecordId why) {
  const GroupPlan& plan = plan_.groups[group];
  for (ResourceIndex index = plan.first; index < plan.first + plan.count; ++index) {
    const ResourceState& resource = state_.resources[index];
    const bool waits = resource.status == ResourceStatus::offline && !resource.held;
    if (waits && counts_here(index, state_, plan_) && needs_met(index)) {
      begin_online(index, why);
      return true;
    }
  }
  return false;
}

bool Roles::needs_met(ResourceIndex resource) const {
  return state_.resources[resource].needs.met_by(online_places(plan_.resources[resource].group, state_, plan_));
}

bool Roles::has_active_dependent(ResourceIndex resource, std::uint64_t among) const {
  const std::uint64_t place = plan_.place(resource);
  bool found = false;
  for_each_resource(plan_.resources[resource].group, [&](ResourceIndex index) {
    const bool counts = (among & plan_.place(index)) != 0;
    found = found || (counts && (state_.resources[index].needs.mentioned() & place) != 0 && active(index));
  });
  return found;
}

void Roles::begin_online(ResourceIndex index, RecordId why) {
  const bool unclean = state_.resources[index].unclean;
  const RecordId pending = engine_.emit(RecordKind::resource_online_pending, resource_id(index), why, none, unclean);
  engine_.disarm(Event::retry, index);
  Duration length = online_length(index);
  if (limited_by_pending_timeout(index)) length = std::min(length, plan_.resources[index].policy.pending_timeout);
  engine_.arm(Event::pending, index, 0, engine_.now() + length, pending);
  if (plan_.resources[index].kind != ResourceKind::availability_group) return;
  const GroupState& role = state_.groups[plan_.resources[index].group];
  if (world_.replicas().obstacle(role.owner, role.move_cause) == model::FailoverObstacle::none) {
    world_.replicas().going_online(role.owner, pending);
  }
}

void Roles::begin_offline(ResourceIndex index, RecordId why) {
  const bool hangs = hangs_behind(index);
  const RecordId pending = engine_.emit(RecordKind::resource_offline_pending, resource_id(index), why);
  going_down(index, EndReason::stopped, pending);
  // A process that hangs does not stop: PendingTimeout runs out and it is terminated (W 3.2, 9).
  const Duration timeout = plan_.resources[index].policy.pending_timeout;
  const Duration length = hangs ? timeout : std::min(offline_length(index), timeout);
  engine_.arm(Event::pending, index, 0, engine_.now() + length, pending);
}

void Roles::pending_over(ResourceIndex index, RecordId why) {
  const ResourceState& resource = state_.resources[index];
  const GroupIndex group = plan_.resources[index].group;
  if (!owner_acts(group)) return;  // its machine stands still: machine_goes_on takes it up again
  const Duration timeout = plan_.resources[index].policy.pending_timeout;
  if (resource.status == ResourceStatus::offline_pending) {
    const bool in_time = !hangs_behind(index) && offline_length(index) <= timeout;
    const RecordId down =
        in_time ? engine_.emit(RecordKind::resource_offline, resource_id(index), why)
                : engine_.emit(RecordKind::resource_terminated, resource_id(index), why, none, ended_late);
    world_.workers().review(down);
    return advance(group, down);
  }
  if (resource.status != ResourceStatus::online_pending) return;
  const bool late = limited_by_pending_timeout(index) && engine_.now() - resource.pending_since >= timeout;
  if (late) return fail(index, FailureReason::pending_timeout, why);
  if (still_connecting(index, why)) return;
  if (const auto reason = obstacle(index)) return fail(index, *reason, why);
  if (still_defended(index, why)) return;
  const bool unclean = resource.unclean;
  const RecordId up = engine_.emit(RecordKind::resource_online, resource_id(index), why);
  came_up(index, unclean, up);
  advance(group, up);
}

void Roles::came_up(ResourceIndex index, bool unclean, RecordId why) {
  const ResourcePlan& plan = plan_.resources[index];
  // The phase of the polls starts at Online (behaviour.md 3).
  engine_.start_rhythm(Event::looks_alive, index, 0, engine_.now(), plan.policy.looks_alive);
  engine_.start_rhythm(Event::is_alive, index, 0, engine_.now(), plan.policy.is_alive);
  const bool serves_clients = plan.group == plan_.sql_group || plan.group == plan_.master_group;
  switch (plan.kind) {
    case ResourceKind::availability_group:
      world_.sql().close(why);  // a former primary that has not learnt of its end serves no longer
      world_.replicas().came_online(state_.groups[plan.group].owner, why);
      world_.sql().came_up(unclean, why);
      break;
    case ResourceKind::sql_server: world_.sql().came_up(unclean, why); break;
    case ResourceKind::generic_service:
      if (index == plan_.master_resource) world_.masters().restarted(state_.groups[plan.group].owner, why);
      break;
    case ResourceKind::disk: world_.sql().storage_moved(index, why); break;
    case ResourceKind::address:
    case ResourceKind::name:
      if (plan.kind == ResourceKind::name) world_.names().came_online(plan.group, why);
      if (!serves_clients) break;
      world_.masters().review(why);
      world_.workers().review(why);
      break;
    case ResourceKind::sql_agent: break;
  }
  heed_health(index);  // it may come up sick: a cable was pulled meanwhile
}

/// Before the resource's status changes: what stands behind it stops serving.
void Roles::going_down(ResourceIndex index, EndReason reason, RecordId why) {
  stop_timers(index);
  const HostIndex owner = state_.groups[plan_.resources[index].group].owner;
  if (index == plan_.sql_resource) world_.sql().going_down(owner, why);
  if (index != plan_.master_resource) return;
  // Whether the service's process goes with an abruptly ended resource host nobody has published (behaviour.md 2).
  const bool alone = reason == EndReason::host_lost && state_.hosts[owner].powered;
  if (!alone || !engine_.ask(model::Switch::process_survives_host_end, why)) {
    world_.masters().ended(owner, reason, why);
  }
}

void Roles::stop_timers(ResourceIndex index) {
  engine_.stop_rhythm(Event::looks_alive, index);
  engine_.stop_rhythm(Event::is_alive, index);
  engine_.disarm(Event::pending, index);
  engine_.disarm(Event::deadlock, index);
}

/// What can no longer be online without the provider goes down with it, dependents first.
void Roles::drop_dependents(ResourceIndex provider, RecordId why) {
  const GroupIndex group = plan_.resources[provider].group;
  const std::uint64_t falls = falls_with(group, plan_.place(provider));
  const ResourceIndex first = plan_.groups[group].first;
  for (std::uint64_t left = falls & ~plan_.place(provider); left != 0;) {
    std::uint64_t needed = 0;
    for_each_bit(left, [&](std::uint32_t place) { needed |= state_.resources[first + place].needs.mentioned(); });
    const std::uint64_t now = (left & ~needed) != 0 ? left & ~needed : left;
    for_each_bit(now, [&](std::uint32_t place) {
      going_down(first + place, EndReason::terminated, why);
      engine_.emit(RecordKind::resource_terminated, resource_id(first + place), why);
    });
    left &= ~now;
  }
}

// ------------------------------------------------------------------------------------------------ questions

bool Roles::settled(GroupIndex group) const {
  if (state_.groups[group].target != none || state_.groups[group].waits) return false;
  bool calm = true;
  for_each_resource(group, [&](ResourceIndex index) {
    const ResourceState& resource = state_.resources[index];
    const bool pending =
        resource.status == ResourceStatus::online_pending || resource.status == ResourceStatus::offline_pending;
    calm = calm && !pending && !(resource.restart_waiting && resource.status == ResourceStatus::failed);
  });
  return calm;
}

bool Roles::fully_online(GroupIndex group) const {
  if (!state_.groups[group].exists || !is_active_member(state_.groups[group].owner, state_)) return false;
  bool online = true;
  for_each_resource(group, [&](ResourceIndex index) {
    online = online && (state_.resources[index].status == ResourceStatus::online || !counts_here(index, state_, plan_));
  });
  return online;
}

}  // namespace rehearse::world
