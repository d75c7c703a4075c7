// Health and failure: polls, restart in place, failover, giving up, deadlock and the death of a resource host
// (behaviour.md 3; W 3.2, 3.3, 4.5).
#include "sim/world/decisions.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::world {

void Roles::heed_health(ResourceIndex index) {
  world_.wake(Event::looks_alive, index);
  world_.wake(Event::is_alive, index);
}

void Roles::health_changed(RecordId) {
  for (const GroupPlan& group : plan_.groups) {
    for (const ResourceIndex address : group.addresses) {
      if (state_.resources[address].status == ResourceStatus::online) heed_health(address);
    }
  }
}

RecordId Roles::sick(ResourceIndex index, Event poll) const {
  const ResourceState& resource = state_.resources[index];
  const ResourcePlan& plan = plan_.resources[index];
  if (plan.kind == ResourceKind::name || plan.kind == ResourceKind::sql_agent) return 0;
  // A resource host that stands still, or waits in an entry point, polls nothing.
  if (resource.status != ResourceStatus::online || resource.stuck || !owner_acts(plan.group)) return 0;
  const HostIndex owner = state_.groups[plan.group].owner;
  const HostState& host = state_.hosts[owner];
  switch (plan.kind) {
    case ResourceKind::address: {
      // Its network interface is down (W 1.7).
      const std::uint64_t card = plan.network == none ? plan_.hosts[owner].cards : bit(plan.network);
      return (card & ~host.cards_down) == 0 ? host.cut_by : 0;
    }
    case ResourceKind::disk: return (resource.cut & bit(owner)) != 0 ? resource.changed_by : 0;  // event 1038
    case ResourceKind::generic_service:
      // The service control manager is asked, nothing else: a hung or disconnected master is never found (W 5).
      if (index != plan_.master_resource) return 0;
      return host.master == Process::stopped ? host.master_changed_by : 0;
    case ResourceKind::availability_group:
    case ResourceKind::sql_server: return world_.sql().sick(poll);
    case ResourceKind::name:
    case ResourceKind::sql_agent: return 0;
  }
  return 0;
}

void Roles::health_failed(ResourceIndex index, Event poll, RecordId why) {
  if (plan_.resources[index].kind == ResourceKind::disk) return fail(index, FailureReason::no_path, why);
  fail(index, poll == Event::looks_alive ? FailureReason::looks_alive : FailureReason::is_alive, why);
}

void Roles::report_failure(ResourceIndex index, FailureReason reason, RecordId why) {
  const bool online = state_.resources[index].status == ResourceStatus::online && !state_.resources[index].stuck;
  if (online && owner_acts(plan_.resources[index].group)) fail(index, reason, why);
}

bool Roles::test_failure(ResourceIndex index, RecordId why) {
  if (state_.resources[index].status != ResourceStatus::online || !owner_acts(plan_.resources[index].group)) {
    return false;
  }
  fail(index, FailureReason::tested, why);
  return true;
}

void Roles::fail(ResourceIndex index, FailureReason reason, RecordId why) {
  const ResourceState& resource = state_.resources[index];
  const RecordId failed =
      engine_.emit(RecordKind::resource_failed, resource_id(index), why, none, static_cast<std::int64_t>(reason));
  going_down(index, EndReason::terminated, failed);
  drop_dependents(index, failed);
  world_.workers().review(failed);
  const auto decision = model::after_resource_failure(resource.restarts, engine_.now().time_since_epoch(),
                                                      restart_settings(index, state_, plan_));
  using Kind = model::RestartDecision::Kind;
  const GroupIndex group = plan_.resources[index].group;
  if (!places(group)) return advance(group, failed);  // the role is leaving anyway
  if (!state_.groups[group].wanted || held_down(index)) {
    // An operator wants it offline, and now it is.
    return advance(group, engine_.emit(RecordKind::resource_offline, resource_id(index), failed));
  }
  if (decision.kind == Kind::restart_in_place) {
    const RecordId scheduled =
        engine_.emit(RecordKind::restart_scheduled, resource_id(index), failed, none, decision.delay.count());
    // A dump, where flags ask for one, is written before the process may start again (W 7.1).
    const bool dumps = index == plan_.sql_resource && reason != FailureReason::looks_alive;
    const Duration dump = dumps ? engine_.length(model::Setting::sql_dump) : Duration::zero();
    engine_.arm(Event::restart, index, 0, engine_.now() + decision.delay + dump, scheduled);
  } else if (decision.kind == Kind::fail_over_group) {
    fail_over(group, index, failed);
  } else {
    give_up(index, failed, decision.retried_later);
  }
}

void Roles::fail_over(GroupIndex group, ResourceIndex failed, RecordId why) {
  const GroupPolicy& policy = plan_.groups[group].policy;
  const auto decision = model::after_restart_exhausted(state_.groups[group].failovers, engine_.now().time_since_epoch(),
                                                       static_cast<int>(plan_.node_count), policy.failover_threshold,
                                                       policy.failover_period);
  const HostIndex target = choose(group, model::MoveReason::resource_failure, 0);
  if (decision.kind == model::GroupDecision::Kind::stay_failed || target == none) return give_up(failed, why);
  const RecordId started = engine_.emit(RecordKind::move_started, group_id(group), why, target,
                                        static_cast<std::int64_t>(MoveCause::resource_failure));
  advance(group, started);
}

/// Beyond the limits only the failed resource and its dependents stay down; the rest of the role stays Online.
void Roles::give_up(ResourceIndex index, RecordId why, bool retried_later) {
  const RecordId stays = engine_.emit(RecordKind::stays_failed, resource_id(index), why);
  const Duration period = plan_.resources[index].policy.retry_period;
  // Never with RestartAction 0 (W 3.2, 6) and with RetryPeriodOnFailure 0xFFFFFFFF (W 3.3).
  if (!retried_later || period == Duration::max()) return;
  engine_.arm(Event::retry, index, 0, engine_.now() + period, stays);
}

void Roles::restart_due(ResourceIndex index, RecordId why) {
  const GroupIndex group = plan_.resources[index].group;
  if (!state_.resources[index].restart_waiting || !owner_acts(group)) return;
  if (needs_met(index)) return begin_online(index, why);
  // Its provider failed meanwhile: it comes up with it.
  advance(group, engine_.emit(RecordKind::resource_offline, resource_id(index), why));
}

void Roles::retry_due(ResourceIndex index, RecordId why) {
  const ResourceState& resource = state_.resources[index];
  if (resource.status != ResourceStatus::failed || !resource.given_up) return;
  const GroupIndex group = plan_.resources[index].group;
  const GroupState& role = state_.groups[group];
  if (!role.wanted || resource.held || !places(group)) return;  // an operator's wish stands above the retry
  const RecordId retried = engine_.emit(RecordKind::resource_retried, resource_id(index), why);
  if (owner_acts(group) && needs_met(index))
    begin_online(index, retried);
  else
    give_up(index, retried);
}

// ------------------------------------------------------------------------------------------------ resource hosts

bool Roles::get_stuck(ResourceIndex index, RecordId why) {
  if (!active(index) || state_.resources[index].stuck) return false;
  const RecordId stuck = engine_.emit(RecordKind::resource_stuck, resource_id(index), why);
  engine_.disarm(Event::pending, index);
  engine_.arm(Event::deadlock, index, 0, engine_.now() + plan_.resources[index].policy.deadlock_timeout, stuck);
  return true;
}

void Roles::deadlocked(ResourceIndex index, RecordId why) {
  const GroupIndex group = plan_.resources[index].group;
  if (!state_.resources[index].stuck || !owner_acts(group)) return;
  resource_host_dies(state_.groups[group].owner, index, why);
}

/// One resource host a node serves the non-core resources, and a culprit gets one of its own afterwards (assumed).
void Roles::resource_host_dies(HostIndex node, ResourceIndex culprit, RecordId why) {
  const bool apart = culprit != none && state_.resources[culprit].separate_monitor;
  const RecordId ended = engine_.emit(RecordKind::resource_host_ended, host_id(node), why, culprit);
  if (culprit != none && active(culprit)) fail(culprit, FailureReason::resource_host_died, ended);
  for (GroupIndex group = 0; group < plan_.groups.size(); ++group) {
    if (!state_.groups[group].exists || state_.groups[group].owner != node) continue;
    for_each_resource(group, [&](ResourceIndex index) {
      const bool inside = apart ? index == culprit : !state_.resources[index].separate_monitor || index == culprit;
      if (!inside || !active(index)) return;
      if (state_.resources[index].status == ResourceStatus::offline_pending) {
        going_down(index, EndReason::host_lost, ended);
        advance(group, engine_.emit(RecordKind::resource_terminated, resource_id(index), ended, none, ended_late));
        return;
      }
      fail(index, FailureReason::resource_host_died, ended);
    });
  }
}

// ------------------------------------------------------------------------------------------------ storage, addresses

void Roles::cut_path(ResourceIndex disk, HostIndex node, bool cut, RecordId why) {
  engine_.emit(RecordKind::path_cut, resource_id(disk), why, node, cut);
  heed_health(disk);
}

void Roles::slow_disk(ResourceIndex disk, std::int32_t percent, RecordId why) {
  engine_.emit(RecordKind::disk_slowed, resource_id(disk), why, none, percent);
}

void Roles::set_pool_arbitration(ResourceIndex disk, bool on, RecordId why) {
  engine_.emit(RecordKind::pool_arbitrates, resource_id(disk), why, none, on);
}

void Roles::take_address(ResourceIndex address, bool taken, RecordId why) {
  engine_.emit(RecordKind::address_taken, resource_id(address), why, none, taken);
}

}  // namespace rehearse::world
