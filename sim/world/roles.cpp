#include "sim/world/roles.hpp"

#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/network.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::world {
namespace {

using model::Setting;
using model::Timing;

bool is_active(ResourceStatus status) {
  return status == ResourceStatus::online || status == ResourceStatus::online_pending ||
         status == ResourceStatus::offline_pending;
}

}  // namespace

/// SQL Server's process hangs: it does not hear a request to stop.
bool Roles::hangs_behind(ResourceIndex resource) const {
  return resource == plan_.sql_resource && state_.instance.sql == Process::hung;
}

bool Roles::active(ResourceIndex resource) const {
  return is_active(state_.resources[resource].status);
}

// ------------------------------------------------------------------------------------------------ operations

void Roles::create_role(GroupIndex group, HostIndex owner, RecordId why) {
  const RecordId created = engine_.emit(RecordKind::role_created, group_id(group), why);
  engine_.emit(RecordKind::owner_changed, group_id(group), created, owner,
               static_cast<std::int64_t>(MoveCause::planned));
}

void Roles::create_resource(ResourceIndex resource, RecordId why) {
  const RecordId created = engine_.emit(RecordKind::resource_created, resource_id(resource), why);
  const ResourceKind kind = plan_.resources[resource].kind;
  // Setup gives SQL Server Agent RestartAction 1, so that it does not take the role along (behaviour.md 4).
  set_restart_action(resource, kind == ResourceKind::sql_agent ? 1 : 2, created);
  set_dependencies(resource, plan_.resources[resource].setup_providers, created);
}

void Roles::set_dependencies(ResourceIndex resource, std::uint64_t providers, RecordId why) {
  engine_.emit(RecordKind::dependencies_set, resource_id(resource), why, none, static_cast<std::int64_t>(providers));
}

void Roles::set_restart_action(ResourceIndex resource, int action, RecordId why) {
  engine_.emit(RecordKind::restart_action_set, resource_id(resource), why, none, action);
}

void Roles::want(GroupIndex group, bool online, RecordId why) {
  const GroupState& state = state_.groups[group];
  const RecordId wish = engine_.emit(RecordKind::role_wanted, group_id(group), why, none, online);
  for (ResourceIndex index = plan_.groups[group].first;
       online && index < plan_.groups[group].first + plan_.groups[group].count; ++index) {
    if (state_.resources[index].given_up) forgive(index, wish);
  }
  if (online && state.owner != none && !world_.membership().is_active(state.owner)) return node_available(none, wish);
  advance(group, wish);
}

void Roles::want_resource(ResourceIndex resource, bool online, RecordId why) {
  const GroupIndex group = plan_.resources[resource].group;
  RecordId wish = why;
  const auto wish_for = [&](const auto& self, ResourceIndex index) -> void {
    std::uint64_t providers = online ? state_.resources[index].providers : 0;
    for (ResourceIndex provider = 0; providers != 0; ++provider, providers >>= 1) {
      if ((providers & 1) != 0) self(self, provider);
    }
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

bool Roles::move(GroupIndex group, HostIndex node, RecordId why) {
  if (!world_.membership().is_active(node)) return false;
  if (state_.groups[group].owner == node && state_.groups[group].target == none) return true;
  const RecordId started =
      engine_.emit(RecordKind::move_started, group_id(group), why, node, static_cast<std::int64_t>(MoveCause::planned));
  advance(group, started);
  return true;
}

void Roles::retry(ResourceIndex resource, RecordId why) {
  retry_due(resource, why);
}

// ------------------------------------------------------------------------------------------------ the state machine

/// Takes every step that the role's wish and its dependencies allow now. Providers come up before dependents,
/// dependents go down before providers, independent branches in parallel (W 3.4, W 4.4).
void Roles::advance(GroupIndex group, RecordId why) {
  const GroupState& state = state_.groups[group];
  if (!state.exists || state.owner == none || !world_.membership().is_active(state.owner)) return;
  if (state.target != none || !state.wanted) {
    while (take_down_step(group, why)) {
    }
    if (state.target == none) return;
    const GroupPlan& plan = plan_.groups[group];
    for (ResourceIndex index = plan.first; index < plan.first + plan.count; ++index) {
      if (active(index)) return;
    }
    if (!world_.membership().is_active(state.target)) {
      return stay(group, why);
    }
    const MoveCause cause = state.move_cause;
    return take_over(group, state.target, cause, why);
  }
  while (take_down_held_step(group, why)) {
  }
  while (bring_up_step(group, why)) {
  }
}

/// By an operator's wish, its own or that of something it needs.
bool Roles::held_down(ResourceIndex resource) const {
  if (state_.resources[resource].held) return true;
  std::uint64_t providers = state_.resources[resource].providers;
  for (ResourceIndex index = 0; providers != 0; ++index, providers >>= 1) {
    if ((providers & 1) != 0 && held_down(index)) return true;
  }
  return false;
}

bool Roles::take_down_held_step(GroupIndex group, RecordId why) {
  const GroupPlan& plan = plan_.groups[group];
  for (ResourceIndex index = plan.first; index < plan.first + plan.count; ++index) {
    if (!held_down(index)) continue;
    const ResourceState& resource = state_.resources[index];
    if (resource.restart_waiting) {
      engine_.disarm(Event::restart, index);
      engine_.emit(RecordKind::resource_offline, resource_id(index), why);
      return true;
    }
    if (resource.status == ResourceStatus::online_pending) {
      going_down(index, EndReason::terminated, why);
      engine_.emit(RecordKind::resource_terminated, resource_id(index), why);
      return true;
    }
    if (resource.status == ResourceStatus::online && !has_active_dependent(index)) {
      begin_offline(index, why);
      return true;
    }
  }
  return false;
}

bool Roles::take_down_step(GroupIndex group, RecordId why) {
  const GroupPlan& plan = plan_.groups[group];
  for (ResourceIndex index = plan.first; index < plan.first + plan.count; ++index) {
    const ResourceState& resource = state_.resources[index];
    if (resource.restart_waiting) {
      engine_.disarm(Event::restart, index);
      engine_.emit(RecordKind::resource_offline, resource_id(index), why);
      return true;
    }
    if (resource.status == ResourceStatus::online_pending) {
      going_down(index, EndReason::terminated, why);
      engine_.emit(RecordKind::resource_terminated, resource_id(index), why);
      return true;
    }
    if (resource.status == ResourceStatus::online && !has_active_dependent(index)) {
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
    if (resource.status == ResourceStatus::offline && !resource.held && providers_online(index)) {
      begin_online(index, why);
      return true;
    }
  }
  return false;
}

bool Roles::providers_online(ResourceIndex resource) const {
  std::uint64_t providers = state_.resources[resource].providers;
  for (ResourceIndex index = 0; providers != 0; ++index, providers >>= 1) {
    if ((providers & 1) != 0 && state_.resources[index].status != ResourceStatus::online) return false;
  }
  return true;
}

bool Roles::has_active_dependent(ResourceIndex resource) const {
  const GroupPlan& plan = plan_.groups[plan_.resources[resource].group];
  for (ResourceIndex index = plan.first; index < plan.first + plan.count; ++index) {
    if ((state_.resources[index].providers & bit(resource)) != 0 && active(index)) return true;
  }
  return false;
}

Duration Roles::online_length(ResourceIndex index) const {
  const ResourceState& resource = state_.resources[index];
  const auto take = [&](Timing timing) { return engine_.take(timing, resource_id(index), resource.onlines); };
  switch (plan_.resources[index].kind) {
    case ResourceKind::disk:
      return take(resource.unclean ? Timing::disk_online_unplanned : Timing::disk_online_planned);
    case ResourceKind::address: return take(Timing::address_online);
    case ResourceKind::name: return take(Timing::name_online);
    case ResourceKind::sql_server:
      return take(resource.unclean ? Timing::sql_start_after_crash : Timing::sql_start_planned);
    case ResourceKind::sql_agent: return take(Timing::agent_start);
    case ResourceKind::generic_service: return take(Timing::service_start);
  }
  return {};
}

Duration Roles::offline_length(ResourceIndex index) const {
  const auto take = [&](Timing timing) {
    return engine_.take(timing, resource_id(index), state_.resources[index].onlines);
  };
  switch (plan_.resources[index].kind) {
    case ResourceKind::disk: return take(Timing::disk_offline);
    case ResourceKind::address: return take(Timing::address_offline);
    case ResourceKind::name: return take(Timing::name_offline);
    case ResourceKind::sql_server: return take(Timing::sql_stop);
    case ResourceKind::sql_agent: return take(Timing::agent_stop);
    case ResourceKind::generic_service: return take(Timing::service_stop);
  }
  return {};
}

void Roles::begin_online(ResourceIndex index, RecordId why) {
  const bool unclean = state_.resources[index].unclean;
  const RecordId pending = engine_.emit(RecordKind::resource_online_pending, resource_id(index), why, none, unclean);
  engine_.disarm(Event::retry, index);
  // SQL Server reports progress while it starts, which restarts the timer; the others get PendingTimeout (W 3.2, 2).
  Duration length = online_length(index);
  if (plan_.resources[index].kind != ResourceKind::sql_server)
    length = std::min(length, engine_.length(Setting::pending_timeout));
  engine_.arm(Event::pending, index, 0, engine_.now() + length, pending);
}

void Roles::begin_offline(ResourceIndex index, RecordId why) {
  const bool hangs = hangs_behind(index);
  const RecordId pending = engine_.emit(RecordKind::resource_offline_pending, resource_id(index), why);
  going_down(index, EndReason::stopped, pending);
  // A process that hangs does not stop: PendingTimeout runs out and it is terminated (W 3.2, 9).
  const Duration timeout = engine_.length(Setting::pending_timeout);
  const Duration length = hangs ? timeout : std::min(offline_length(index), timeout);
  engine_.arm(Event::pending, index, 0, engine_.now() + length, pending);
}

void Roles::pending_over(ResourceIndex index, RecordId why) {
  const ResourceState& resource = state_.resources[index];
  const GroupIndex group = plan_.resources[index].group;
  if (resource.status == ResourceStatus::offline_pending) {
    const bool in_time = !hangs_behind(index) && offline_length(index) <= engine_.length(Setting::pending_timeout);
    const RecordId down =
        in_time ? engine_.emit(RecordKind::resource_offline, resource_id(index), why)
                : engine_.emit(RecordKind::resource_terminated, resource_id(index), why, none, ended_late);
    world_.workers().review(down);
    return advance(group, down);
  }
  if (resource.status != ResourceStatus::online_pending) return;
  const ResourceKind kind = plan_.resources[index].kind;
  const HostIndex owner = state_.groups[group].owner;
  if (kind != ResourceKind::sql_server && online_length(index) > engine_.length(Setting::pending_timeout)) {
    return fail(index, FailureReason::pending_timeout, why);
  }
  if (kind == ResourceKind::generic_service && state_.hosts[owner].master == Process::absent) {
    return fail(index, FailureReason::start_failed, why);  // event 1040: no such service on this node
  }
  if (kind == ResourceKind::sql_server && !state_.hosts[owner].sql_installed) {
    return fail(index, FailureReason::start_failed, why);
  }
  const bool unclean = resource.unclean;
  const RecordId up = engine_.emit(RecordKind::resource_online, resource_id(index), why);
  came_up(index, unclean, up);
  advance(group, up);
}

void Roles::came_up(ResourceIndex index, bool unclean, RecordId why) {
  // The phase of the polls starts at Online (behaviour.md 3).
  engine_.start_rhythm(Event::looks_alive, index, 0, engine_.now(), engine_.length(Setting::looks_alive_interval));
  engine_.start_rhythm(Event::is_alive, index, 0, engine_.now(), engine_.length(Setting::is_alive_interval));
  const HostIndex owner = state_.groups[plan_.resources[index].group].owner;
  switch (plan_.resources[index].kind) {
    case ResourceKind::sql_server: world_.sql().came_up(unclean, why); break;
    case ResourceKind::generic_service: world_.masters().restarted(owner, why); break;
    case ResourceKind::address:
    case ResourceKind::name:
      world_.masters().review(why);
      world_.workers().review(why);
      break;
    default: break;
  }
  heed_health(index);  // it may come up sick: a cable was pulled meanwhile
}

/// Before the resource's status changes: what stands behind it stops serving.
void Roles::going_down(ResourceIndex index, EndReason reason, RecordId why) {
  engine_.stop_rhythm(Event::looks_alive, index);
  engine_.stop_rhythm(Event::is_alive, index);
  engine_.disarm(Event::pending, index);
  const HostIndex owner = state_.groups[plan_.resources[index].group].owner;
  switch (plan_.resources[index].kind) {
    case ResourceKind::sql_server: world_.sql().going_down(why); break;
    case ResourceKind::generic_service: {
      // Whether the service's process goes with an abruptly ended resource host nobody has published (behaviour.md 2).
      const bool alone = reason == EndReason::host_lost && state_.hosts[owner].powered;
      if (!alone || !engine_.ask(model::Switch::process_survives_host_end, why))
        world_.masters().ended(owner, reason, why);
      break;
    }
    default: break;
  }
}

void Roles::terminate_dependents(ResourceIndex provider, RecordId why) {
  const GroupPlan& plan = plan_.groups[plan_.resources[provider].group];
  for (ResourceIndex index = plan.first; index < plan.first + plan.count; ++index) {
    if ((state_.resources[index].providers & bit(provider)) == 0 || !active(index)) continue;
    terminate_dependents(index, why);
    going_down(index, EndReason::terminated, why);
    engine_.emit(RecordKind::resource_terminated, resource_id(index), why);
  }
}

// ------------------------------------------------------------------------------------------------ health and failure

void Roles::heed_health(ResourceIndex index, Time not_before) {
  engine_.heed(Event::looks_alive, index, 0, not_before);
  engine_.heed(Event::is_alive, index, 0, not_before);
}

void Roles::health_changed(RecordId) {
  for (ResourceIndex index = 0; index < plan_.resources.size(); ++index) {
    if (plan_.resources[index].kind == ResourceKind::address &&
        state_.resources[index].status == ResourceStatus::online) {
      heed_health(index);
    }
  }
}

RecordId Roles::sick(ResourceIndex index, Event poll) const {
  const ResourceState& resource = state_.resources[index];
  const HostIndex owner = state_.groups[plan_.resources[index].group].owner;
  if (resource.status != ResourceStatus::online || owner == none) return 0;
  const HostState& host = state_.hosts[owner];
  if (!host.powered || host.service != ClusterService::up) return 0;  // nobody polls there
  switch (plan_.resources[index].kind) {
    case ResourceKind::address: return host.linked ? 0 : host.cut_by;  // its network interface is down (W 1.7)
    case ResourceKind::generic_service:
      // The service control manager is asked, nothing else: a hung or disconnected master is never found (W 5).
      return host.master == Process::stopped ? host.master_changed_by : 0;
    case ResourceKind::sql_server: return world_.sql().sick(poll);
    default: return 0;
  }
}

void Roles::health_failed(ResourceIndex index, Event poll, RecordId why) {
  fail(index, poll == Event::looks_alive ? FailureReason::looks_alive : FailureReason::is_alive, why);
}

void Roles::fail(ResourceIndex index, FailureReason reason, RecordId why) {
  const ResourceState& resource = state_.resources[index];
  const RecordId failed =
      engine_.emit(RecordKind::resource_failed, resource_id(index), why, none, static_cast<std::int64_t>(reason));
  going_down(index, EndReason::terminated, failed);
  terminate_dependents(index, failed);
  world_.workers().review(failed);
  const model::RestartSettings settings{static_cast<int>(engine_.count(Setting::restart_threshold)),
                                        engine_.length(Setting::restart_period), engine_.length(Setting::restart_delay),
                                        static_cast<model::RestartAction>(resource.restart_action)};
  const auto decision = model::after_resource_failure(resource.restarts, engine_.now().time_since_epoch(), settings);
  using Kind = model::RestartDecision::Kind;
  const GroupIndex group = plan_.resources[index].group;
  if (state_.groups[group].target != none) return advance(group, failed);  // the role is leaving anyway
  if (decision.kind == Kind::restart_in_place) {
    const RecordId scheduled =
        engine_.emit(RecordKind::restart_scheduled, resource_id(index), failed, none, decision.delay.count());
    engine_.arm(Event::restart, index, 0, engine_.now() + decision.delay, scheduled);
  } else if (decision.kind == Kind::fail_over_group) {
    fail_over(group, index, failed);
  } else {
    give_up(index, failed);
  }
}

void Roles::fail_over(GroupIndex group, ResourceIndex failed, RecordId why) {
  const auto decision = model::after_restart_exhausted(
      state_.groups[group].failovers, engine_.now().time_since_epoch(), static_cast<int>(plan_.node_count),
      static_cast<int>(engine_.count(Setting::failover_threshold)), engine_.length(Setting::failover_period));
  const HostIndex target = choose(group, MoveCause::resource_failure, 0);
  if (decision.kind == model::GroupDecision::Kind::stay_failed || target == none) return give_up(failed, why);
  const RecordId started = engine_.emit(RecordKind::move_started, group_id(group), why, target,
                                        static_cast<std::int64_t>(MoveCause::resource_failure));
  advance(group, started);
}

/// Beyond the limits only the failed resource and its dependents stay down; the rest of the role stays Online.
void Roles::give_up(ResourceIndex index, RecordId why) {
  const RecordId stays = engine_.emit(RecordKind::stays_failed, resource_id(index), why);
  engine_.arm(Event::retry, index, 0, engine_.now() + engine_.length(Setting::retry_period_on_failure), stays);
}

void Roles::restart_due(ResourceIndex index, RecordId why) {
  if (!state_.resources[index].restart_waiting) return;
  if (providers_online(index)) return begin_online(index, why);
  // Its provider failed meanwhile: it comes up with it.
  advance(plan_.resources[index].group, engine_.emit(RecordKind::resource_offline, resource_id(index), why));
}

void Roles::retry_due(ResourceIndex index, RecordId why) {
  const ResourceState& resource = state_.resources[index];
  if (resource.status != ResourceStatus::failed || !resource.given_up) return;
  const GroupState& group = state_.groups[plan_.resources[index].group];
  if (!group.wanted || resource.held || group.target != none) return;  // an operator's wish stands above the retry
  const HostIndex owner = state_.groups[plan_.resources[index].group].owner;
  const RecordId retried = engine_.emit(RecordKind::resource_retried, resource_id(index), why);
  if (world_.membership().is_active(owner) && providers_online(index))
    begin_online(index, retried);
  else
    give_up(index, retried);
}

// ------------------------------------------------------------------------------------------------ questions

bool Roles::settled(GroupIndex group) const {
  if (state_.groups[group].target != none) return false;
  const GroupPlan& plan = plan_.groups[group];
  for (ResourceIndex index = plan.first; index < plan.first + plan.count; ++index) {
    const ResourceState& resource = state_.resources[index];
    if (resource.status == ResourceStatus::online_pending || resource.status == ResourceStatus::offline_pending)
      return false;
    if (resource.restart_waiting && resource.status == ResourceStatus::failed) return false;
  }
  return true;
}

bool Roles::fully_online(GroupIndex group) const {
  const GroupPlan& plan = plan_.groups[group];
  for (ResourceIndex index = plan.first; index < plan.first + plan.count; ++index) {
    const ResourceStatus status = state_.resources[index].status;
    if (status != ResourceStatus::online && status != ResourceStatus::absent) return false;
  }
  return state_.groups[group].exists && world_.membership().is_active(state_.groups[group].owner);
}

}  // namespace rehearse::world
