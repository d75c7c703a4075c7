// Which node has a role: choosing one, taking over, draining, failing back, and what happens to a role whose node goes
// (behaviour.md 3; W 4.2 to 4.4).
#include <algorithm>

#include "model/failback.hpp"
#include "model/local_time.hpp"
#include "sim/world/decisions.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/replicas.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"

namespace rehearse::world {

using model::MoveReason;
using model::Setting;

// ------------------------------------------------------------------------------------------------ choosing

HostIndex Roles::choose(GroupIndex group, MoveReason reason, std::uint64_t excluded) const {
  const model::PlacementRequest request = placement_request(group, reason, excluded, state_, plan_);
  const auto decision =
      model::choose_target(request, engine_.bits(group_id(group), "placement", state_.groups[group].moves));
  return decision.node == model::no_node ? none : static_cast<HostIndex>(decision.node);
}

/// The role may be brought online where it is: no move is under way and its node does not leave.
bool Roles::places(GroupIndex group) const {
  const GroupState& role = state_.groups[group];
  return role.target == none && role.owner != none && state_.hosts[role.owner].leaving == Leaving::stays;
}

// ------------------------------------------------------------------------------------------------ moving

bool Roles::move(GroupIndex group, HostIndex node, RecordId why, MoveCause cause) {
  const GroupState& role = state_.groups[group];
  if (!may_be_moved_to(group, node, state_, plan_)) return false;
  if (role.owner == node && role.target == none) return true;
  if (role.owner != none && (state_.cluster.members & bit(role.owner)) == 0) {
    take_from_lost_owner(group, node, cause, why);
    return true;
  }
  const RecordId started =
      engine_.emit(RecordKind::move_started, group_id(group), why, node, static_cast<std::int64_t>(cause));
  advance(group, started);
  return true;
}

/// Nobody could take the role when its node went: there is nothing to take offline first.
void Roles::take_from_lost_owner(GroupIndex group, HostIndex node, MoveCause cause, RecordId why) {
  drop_resources(group, why);
  take_over(group, node, cause, why);
}

void Roles::force(GroupIndex group, HostIndex node, RecordId why) {
  const GroupState& role = state_.groups[group];
  if (!role.wanted) why = engine_.emit(RecordKind::role_wanted, group_id(group), why, none, 1);
  for_each_resource(group, [&](ResourceIndex index) {
    if (state_.resources[index].given_up) forgive(index, why);
  });
  if (role.owner != none && (state_.cluster.members & bit(role.owner)) == 0) {
    return take_from_lost_owner(group, node, MoveCause::forced, why);
  }
  if (role.owner == node && role.target == none) return advance(group, why);
  advance(group, engine_.emit(RecordKind::move_started, group_id(group), why, node,
                              static_cast<std::int64_t>(MoveCause::forced)));
}

bool Roles::move_to_best(GroupIndex group, RecordId why) {
  const HostIndex node = choose(group, MoveReason::manual_best, 0);
  return node != none && move(group, node, why);
}

void Roles::take_over(GroupIndex group, HostIndex node, MoveCause cause, RecordId why) {
  const HostIndex from = state_.groups[group].owner;
  RecordId changed =
      engine_.emit(RecordKind::owner_changed, group_id(group), why, node, static_cast<std::int64_t>(cause));
  engine_.disarm(Event::group_wait, group);
  for_each_resource(group, [&](ResourceIndex index) {
    engine_.disarm(Event::restart, index);
    engine_.disarm(Event::retry, index);
  });
  const bool by_itself = cause == MoveCause::node_loss || cause == MoveCause::cold_start;
  if (by_itself && plan_.groups[group].policy.priority == 0 && state_.groups[group].wanted) {
    changed = engine_.emit(RecordKind::role_wanted, group_id(group), changed, none, 0);  // No Auto Start (W 4.2)
  }
  advance(group, changed);
  if (from != none && from != node && state_.hosts[from].drain == Drain::in_progress) drain_on(from, changed);
}

void Roles::give_to_somebody(GroupIndex group, MoveCause cause, std::uint64_t excluded, RecordId why) {
  const MoveReason reason = cause == MoveCause::cold_start ? MoveReason::cold_start : MoveReason::node_loss;
  const HostIndex target = choose(group, reason, excluded);
  if (target != none) take_over(group, target, cause, why);
}

/// The node that a role was to move to is gone: the role stays, and what failed while it was leaving gets its restart
/// here.
void Roles::stay(GroupIndex group, RecordId why) {
  const RecordId refused = engine_.emit(RecordKind::move_refused, group_id(group), why);
  for_each_resource(group, [&](ResourceIndex index) {
    const ResourceState& resource = state_.resources[index];
    if (resource.status != ResourceStatus::failed || resource.given_up || resource.restart_waiting) return;
    engine_.emit(RecordKind::resource_offline, resource_id(index), refused);
  });
  advance(group, refused);
}

// ------------------------------------------------------------------------------------------------ draining

void Roles::drain(HostIndex node, RecordId why) {
  const RecordId begun =
      engine_.emit(RecordKind::drain_changed, host_id(node), why, none, static_cast<std::int64_t>(Drain::in_progress));
  world_.membership().drain_core_group(node, begun);
  drain_on(node, begun);
}

/// The next roles leave the node: of those still there the ones of the highest priority, together; the others wait for
/// them (W 1.7, W 4.2; that they wait is assumed). What nobody can take stays, and is taken down where the node leaves.
void Roles::drain_on(HostIndex node, RecordId why) {
  const auto draining = [&] {
    return state_.hosts[node].drain == Drain::in_progress && is_active_member(node, state_);
  };
  if (!draining()) return;
  const bool leaving = state_.hosts[node].leaving != Leaving::stays;
  std::vector<GroupIndex> movable;
  bool under_way = false, remains = false;
  for (const GroupIndex group : plan_.drain_order) {
    const GroupState& role = state_.groups[group];
    if (!role.exists || role.owner != node) continue;
    if (role.target != none) {
      under_way = true;
    } else if (choose(group, MoveReason::drain, 0) != none) {
      movable.push_back(group);
    } else {
      remains = true;
      bool any = false, stopping = false;
      for_each_resource(group, [&](ResourceIndex index) {
        any = any || active(index);
        stopping = stopping || state_.resources[index].status == ResourceStatus::offline_pending;
      });
      if (!leaving || !any) continue;
      under_way = true;
      if (!stopping) advance(group, why);
    }
  }
  if (under_way || !draining()) return;
  if (movable.empty()) return world_.membership().drained(node, !remains, why);
  const int priority = plan_.groups[movable.front()].policy.priority;
  for (const GroupIndex group : movable) {
    const GroupState& role = state_.groups[group];
    if (plan_.groups[group].policy.priority != priority || role.owner != node || role.target != none) continue;
    const HostIndex target = choose(group, MoveReason::drain, 0);
    if (target == none) continue;
    advance(group, engine_.emit(RecordKind::move_started, group_id(group), why, target,
                                static_cast<std::int64_t>(MoveCause::drain)));
  }
}

void Roles::node_resumed(HostIndex node, Membership::Failback failback, RecordId why) {
  for (const GroupIndex group : plan_.start_order) {
    if (failback == Membership::Failback::immediate && state_.groups[group].drained_from == node) {
      move(group, node, why, MoveCause::failback);
    }
    if (failback == Membership::Failback::policy) consider_failback(group, why);
  }
  node_available(node, why);
}

// ------------------------------------------------------------------------------------------------ failing back

/// Where a preferred owner above the present one is up again, the role goes back, at once or in its window (W 4.4).
void Roles::consider_failback(GroupIndex group, RecordId why) {
  const GroupPolicy& policy = plan_.groups[group].policy;
  const GroupState& role = state_.groups[group];
  engine_.disarm(Event::failback, group);
  if (!policy.failback || !role.exists || !role.wanted || role.target != none || !owner_acts(group)) return;
  const auto time_zone = plan_.design().time_zone;
  const Date now = plan_.date_at(engine_.now());
  const auto decision = model::decide_failback({policy.failback, policy.failback_from, policy.failback_until},
                                               placement_request(group, MoveReason::failback, 0, state_, plan_),
                                               model::local_hour(time_zone, now));
  using Kind = model::FailbackDecision::Kind;
  if (decision.kind == Kind::now) move(group, static_cast<HostIndex>(decision.node), why, MoveCause::failback);
  if (decision.kind != Kind::at_hour) return;
  const auto windows =
      model::daily_occurrences(time_zone, std::chrono::hours(decision.hour), now, now + std::chrono::hours(26));
  if (windows.empty()) return;
  const Time due = plan_.time_at(windows.front());
  const RecordId planned =
      engine_.emit(RecordKind::failback_planned, group_id(group), why, none, due.time_since_epoch().count());
  engine_.arm(Event::failback, group, 0, due, planned);
}

void Roles::failback_due(GroupIndex group, RecordId why) {
  consider_failback(group, why);
}

// ------------------------------------------------------------------------------------------------ nodes come and go

void Roles::drop_resources(GroupIndex group, RecordId why) {
  const HostIndex owner = state_.groups[group].owner;
  // A node that runs on without the others' knowledge keeps its processes until something there ends them.
  const bool lives_on =
      owner != none && state_.hosts[owner].powered && state_.hosts[owner].service == ClusterService::up;
  for_each_resource(group, [&](ResourceIndex index) {
    if (!active(index)) return;
    if (lives_on)
      stop_timers(index);
    else
      going_down(index, EndReason::host_lost, why);
    engine_.emit(RecordKind::resource_lost, resource_id(index), why);
  });
}

void Roles::machine_lost(HostIndex node) {
  for (GroupIndex group = 0; group < plan_.groups.size(); ++group) {
    if (state_.groups[group].owner != node) continue;
    engine_.disarm(Event::failback, group);
    for_each_resource(group, [&](ResourceIndex index) {
      for (const Event event : {Event::pending, Event::deadlock, Event::restart, Event::retry}) {
        engine_.disarm(event, index);
      }
    });
  }
}

void Roles::machine_goes_on(HostIndex node, RecordId why) {
  if (!is_active_member(node, state_)) return;
  for (GroupIndex group = 0; group < plan_.groups.size(); ++group) {
    if (!state_.groups[group].exists || state_.groups[group].owner != node) continue;
    for_each_resource(group, [&](ResourceIndex index) {
      const ResourceState& resource = state_.resources[index];
      const bool coming = resource.status == ResourceStatus::online_pending;
      if ((coming || resource.status == ResourceStatus::offline_pending) && !engine_.armed(Event::pending, index)) {
        // What was pending takes its time once more (assumed).
        const Duration length = coming ? online_length(index) : offline_length(index);
        engine_.arm(Event::pending, index, 0, engine_.now() + length, why);
      }
      if (resource.restart_waiting && !engine_.armed(Event::restart, index)) restart_due(index, why);
      heed_health(index);
    });
    advance(group, why);
  }
  drain_on(node, why);
}

void Roles::resource_host_ended(HostIndex node, RecordId why) {
  for (GroupIndex group = 0; group < plan_.groups.size(); ++group) {
    if (state_.groups[group].exists && state_.groups[group].owner == node) drop_resources(group, why);
  }
  // What the others took over meanwhile in their database ends here only now.
  world_.sql().ended_with_node(node, why);
  const Process master = state_.hosts[node].master;
  const bool clustered = state_.resources[plan_.master_resource].status != ResourceStatus::absent;
  const bool lives_on = clustered && (master == Process::running || master == Process::hung);
  if (lives_on && !engine_.ask(model::Switch::process_survives_host_end, why)) {
    world_.masters().ended(node, EndReason::host_lost, why);
  }
}

void Roles::nodes_lost(std::uint64_t nodes, RecordId why) {
  for (const GroupIndex group : plan_.start_order) {
    const GroupState& role = state_.groups[group];
    if (!role.exists) continue;
    if (role.target != none && (nodes & bit(role.target)) != 0) stay(group, why);
    if (role.owner == none || (nodes & bit(role.owner)) == 0) continue;
    drop_resources(group, why);
    give_to_somebody(group, MoveCause::node_loss, nodes, why);
  }
  world_.replicas().review(why);  // the cluster database takes updates again
}

/// Its node is back before anybody could take the role: it starts where it was.
void Roles::start_again(GroupIndex group, RecordId why) {
  bool any = false;
  for_each_resource(group, [&](ResourceIndex index) { any = any || active(index); });
  const GroupState& role = state_.groups[group];
  if (any || !role.wanted || role.target != none) return;
  if (plan_.groups[group].policy.priority == 0) {
    why = engine_.emit(RecordKind::role_wanted, group_id(group), why, none, 0);  // No Auto Start (W 4.2)
  }
  advance(group, why);
}

/// A node can take roles whose owner is gone, or that prefer it.
void Roles::node_available(HostIndex node, RecordId why) {
  for (const GroupIndex group : plan_.start_order) {
    const GroupState& role = state_.groups[group];
    if (!role.exists || role.owner == none) continue;
    if (role.waits && node != none && plan_.groups[group].policy.preferred_owners.front() == static_cast<int>(node)) {
      wait_over(group, why);  // it came; what keeps roles from it, like a pause, counts as ever
      continue;
    }
    if (role.waits) continue;
    if (is_active_member(role.owner, state_)) {
      consider_failback(group, why);
      if (role.owner == node) start_again(group, why);
      continue;
    }
    drop_resources(group, why);
    give_to_somebody(group, MoveCause::node_loss, 0, why);
  }
}

/// The cluster forms anew: every role that is wanted goes to a member, whatever it was when the cluster ended. A role
/// whose most preferred node is not there yet waits for it (W 1.3: ClusterGroupWaitDelay).
void Roles::cold_start(RecordId why) {
  for (const GroupIndex group : plan_.start_order) {
    const GroupState& role = state_.groups[group];
    if (!role.exists) continue;
    drop_resources(group, why);
    const std::vector<int>& preferred = plan_.groups[group].policy.preferred_owners;
    const Duration delay = engine_.length(Setting::group_wait_delay);
    const bool absent = !preferred.empty() && !is_active_member(static_cast<HostIndex>(preferred.front()), state_);
    if (absent && delay > Duration::zero()) {
      const RecordId waits = engine_.emit(RecordKind::role_waits, group_id(group), why);
      engine_.arm(Event::group_wait, group, 0, engine_.now() + delay, waits);
      continue;
    }
    give_to_somebody(group, MoveCause::cold_start, 0, why);
  }
}

void Roles::wait_over(GroupIndex group, RecordId why) {
  if (state_.groups[group].waits) give_to_somebody(group, MoveCause::cold_start, 0, why);
}

}  // namespace rehearse::world
