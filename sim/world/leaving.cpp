// Leaving in order: pause, drain, stop, shut down; and quarantine of nodes that leave too often (W 1.2, 1.4, 1.5, 1.7).
#include <algorithm>
#include <bit>

#include "sim/world/membership.hpp"
#include "sim/world/network.hpp"
#include "sim/world/roles.hpp"

namespace rehearse::world {

using model::Setting;
using model::Timing;

bool Membership::pause(HostIndex node, bool drain, RecordId why) {
  if (!is_active(node)) return false;
  RecordId paused = why;
  if ((state_.cluster.paused & bit(node)) == 0) paused = engine_.emit(RecordKind::node_paused, host_id(node), why);
  if (drain) world_.roles().drain(node, paused);
  return true;
}

bool Membership::resume(HostIndex node, Failback failback, RecordId why) {
  if (!is_active(node)) return false;
  if ((state_.cluster.paused & bit(node)) == 0) return true;
  const RecordId resumed = engine_.emit(RecordKind::node_resumed, host_id(node), why);
  if (state_.hosts[node].drain != Drain::not_initiated) {
    engine_.emit(RecordKind::drain_changed, host_id(node), resumed, none,
                 static_cast<std::int64_t>(Drain::not_initiated));
  }
  world_.roles().node_resumed(node, failback, resumed);
  return true;
}

bool Membership::stop_service(HostIndex node, RecordId why) {
  if (state_.hosts[node].service == ClusterService::stopped) {
    engine_.disarm(Event::service_start, node);  // a failed service that Windows would start again stays down
    return true;
  }
  if (state_.hosts[node].service == ClusterService::starting) {
    engine_.disarm(Event::join, node);
    engine_.emit(RecordKind::node_service_ended, host_id(node), why, none,
                 static_cast<std::int64_t>(ServiceEnd::stopped));
    return true;
  }
  const HostState& host = state_.hosts[node];
  if (host.service != ClusterService::up || host.hung || host.frozen) return false;
  if (host.leaving != Leaving::stays) return true;
  const RecordId stopping = engine_.emit(RecordKind::node_stopping, host_id(node), why);
  // A stop takes its roles elsewhere first, as long as the shutdown timeout allows (W 1.3).
  engine_.arm(Event::leave_limit, node, 0, engine_.now() + engine_.length(Setting::shutdown_timeout), stopping);
  world_.roles().drain(node, stopping);
  return true;
}

bool Membership::shut_down(HostIndex host, bool again, RecordId why) {
  const HostState& machine = state_.hosts[host];
  if (!machine.powered || machine.frozen || machine.hung || engine_.armed(Event::power_off, host)) return false;
  if (machine.leaving == Leaving::shutdown || machine.leaving == Leaving::reboot) return false;  // it is at it already
  const RecordId begun = engine_.emit(RecordKind::host_shutting_down, host_id(host), why, none, again);
  const bool member = host < plan_.node_count && is_active(host);
  if (!member) {
    arm_power_off(host, begun);
    return true;
  }
  engine_.arm(Event::leave_limit, host, 0, engine_.now() + engine_.length(Setting::shutdown_timeout), begun);
  if (engine_.count(Setting::drain_on_shutdown) != 0) {
    world_.roles().drain(host, begun);
  } else {
    leave_limit(host, begun);  // 2012 and before: the service just stops (W 1.3)
  }
  return true;
}

void Membership::drain_core_group(HostIndex node, RecordId why) {
  if (state_.cluster.core_owner != node) return;
  const Network network = world_.network();
  const bool witness = state_.cluster.votes.has_witness && !state_.cluster.witness_failed;
  HostIndex next = none;
  bool with_witness = false;
  for_each_bit(active() & ~bit(node) & ~state_.cluster.paused, [&](HostIndex other) {
    const bool reaches = witness && network.reaches_witness(other);
    if (state_.hosts[other].leaving != Leaving::stays || (next != none && (with_witness || !reaches))) return;
    next = other;
    with_witness = reaches;
  });
  // Where only the present owner reaches the witness the group stays until the node leaves (assumed).
  if (next == none || (witness && !with_witness)) return;
  const RecordId moved = engine_.emit(RecordKind::core_group_moved, cluster_id, why, next, with_witness);
  if (with_witness) engine_.emit(RecordKind::witness_taken, cluster_id, moved, next);
}

void Membership::drained(HostIndex node, bool completely, RecordId why) {
  const auto status = completely ? Drain::completed : Drain::failed;
  const RecordId done =
      engine_.emit(RecordKind::drain_changed, host_id(node), why, none, static_cast<std::int64_t>(status));
  if (state_.hosts[node].leaving != Leaving::stays) leave_limit(node, done);
}

/// Its roles are gone, or there is no more time for them: the cluster service stops.
void Membership::leave_limit(HostIndex node, RecordId why) {
  engine_.disarm(Event::leave_limit, node);
  const HostState& host = state_.hosts[node];
  if (host.service != ClusterService::up || host.frozen || engine_.armed(Event::service_stop, node)) return;
  const Duration length = engine_.take(Timing::cluster_service_stop, host_id(node), state_.hosts[node].service_starts);
  engine_.arm(Event::service_stop, node, 0, engine_.now() + length, why);
}

/// It tells the others, who need not miss any beat, and its vote goes over to them first: a planned stop is survived
/// where any node is left (W 2.2).
void Membership::leave(HostIndex node, RecordId why) {
  if (state_.hosts[node].service != ClusterService::up) return;
  const Leaving leaving = state_.hosts[node].leaving;
  RecordId left = why;
  if (is_member(node)) {
    const std::uint64_t rest = active() & ~bit(node);
    if (rest != 0) reweigh(rest, why);
    left = engine_.emit(RecordKind::node_left, host_id(node), why);
    for_each_bit(rest, [&](HostIndex peer) {
      stop_watching(peer, node);
      engine_.disarm(Event::regroup, peer);  // who waited for its answer has it now
    });
    note_departure(node, left);
    if (rest != 0 && (rest & bit(state_.cluster.core_owner)) == 0) {
      const auto next = static_cast<HostIndex>(std::countr_zero(rest));
      const bool witness = state_.cluster.votes.has_witness && witness_reachable(rest);
      engine_.emit(RecordKind::core_group_moved, cluster_id, left, next, witness);
      if (witness) engine_.emit(RecordKind::witness_taken, cluster_id, left, next);
    }
    world_.roles().nodes_lost(bit(node), left);
    const auto verdict = model::judge(state_.cluster.votes, {rest, witness_reachable(rest)});
    if (rest != 0 && !verdict.quorate && !state_.cluster.forced) lose_quorum(rest, left);
  }
  end_service(node, ServiceEnd::stopped, left);
  if (leaving == Leaving::shutdown || leaving == Leaving::reboot) {
    arm_power_off(node, left);
  }
}

/// Three departures within an hour, whatever their reason, put a node into quarantine, as long as no more than a
/// quarter of the nodes is, or one (W 1.5).
void Membership::note_departure(HostIndex node, RecordId why) {
  const int limit = static_cast<int>(
      std::min<std::int64_t>(engine_.count(Setting::quarantine_threshold), model::SlidingWindow::capacity + 1));
  const int departures = state_.hosts[node].departures.count_within(engine_.now().time_since_epoch(),
                                                                    engine_.length(Setting::quarantine_window));
  if (limit <= 0 || departures < limit) return;
  int quarantined = 0;
  for (HostIndex other = 0; other < plan_.node_count; ++other) quarantined += is_quarantined(other);
  const int most = std::max(1, std::popcount(state_.cluster.configured) / 4);
  if (quarantined >= most || is_quarantined(node)) return;
  const Time until = engine_.now() + engine_.length(Setting::quarantine_duration);
  engine_.emit(RecordKind::node_quarantined, host_id(node), why, none, until.time_since_epoch().count());
}

bool Membership::clear_quarantine(HostIndex node, RecordId why) {
  if (!is_quarantined(node)) return false;
  const RecordId cleared = engine_.emit(RecordKind::quarantine_ended, host_id(node), why);
  if (state_.hosts[node].service == ClusterService::starting) {
    const Duration length = engine_.take(Timing::cluster_join, host_id(node), state_.hosts[node].service_starts);
    engine_.arm(Event::join, node, 0, engine_.now() + length, cleared);
  }
  return true;
}

}  // namespace rehearse::world
