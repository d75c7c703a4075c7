// Machines: power, boot, shutdown, freezing and hanging, cards and links (behaviour.md 1; W 1.7).
#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/network.hpp"
#include "sim/world/replicas.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::world {

using model::Setting;
using model::Timing;

void Membership::lose_power(HostIndex host, RecordId why) {
  if (!state_.hosts[host].powered && !state_.hosts[host].booting) return;
  host_gone(host, engine_.emit(RecordKind::host_power_lost, host_id(host), why));
}

void Membership::bugcheck(HostIndex host, RecordId why) {
  if (!state_.hosts[host].powered) return;
  const RecordId crashed = engine_.emit(RecordKind::host_bugchecked, host_id(host), why);
  host_gone(host, crashed);
  boot(host, crashed);  // Windows restarts by itself after a stop error
}

/// Power loss, bugcheck, the end of a shutdown: everything that still runs on the host stops at once (behaviour.md 1).
void Membership::host_gone(HostIndex host, RecordId why) {
  engine_.disarm(Event::boot, host);
  engine_.disarm(Event::power_off, host);
  if (host < plan_.node_count) {
    if (state_.hosts[host].service == ClusterService::up || state_.hosts[host].service == ClusterService::starting) {
      end_service(host, ServiceEnd::host_lost, why);
    }
    world_.masters().ended(host, EndReason::host_lost, why);
    world_.sql().node_gone(host, why);
    world_.replicas().host_gone(host, why);
    for (const Event event : {Event::service_start, Event::service_stop, Event::leave_limit, Event::hang_found}) {
      engine_.disarm(event, host);
    }
  }
  world_.workers().host_gone(host, why);
  routes_changed(why);
}

void Membership::boot(HostIndex host, RecordId why) {
  if (state_.hosts[host].powered || state_.hosts[host].booting) return;
  const RecordId booting = engine_.emit(RecordKind::host_booting, host_id(host), why);
  const Timing timing = plan_.hosts[host].physical ? Timing::boot_physical : Timing::boot_virtual;
  engine_.arm(Event::boot, host, 0, engine_.now() + engine_.take(timing, host_id(host), state_.hosts[host].boots),
              booting);
}

void Membership::booted(HostIndex host, RecordId why) {
  const RecordId up = engine_.emit(RecordKind::host_booted, host_id(host), why);
  routes_changed(up);
  if (host < plan_.node_count) {
    if (state_.hosts[host].service == ClusterService::stopped) service_start(host, up);
    world_.masters().host_booted(host, up);
    world_.replicas().host_booted(host, up);
  }
  world_.workers().host_booted(host, up);
}

void Membership::arm_power_off(HostIndex host, RecordId why) {
  const Duration length = engine_.take(Timing::windows_shutdown, host_id(host), state_.hosts[host].boots);
  engine_.arm(Event::power_off, host, 0, engine_.now() + length, why);
}

void Membership::powered_off(HostIndex host, RecordId why) {
  const bool again = state_.hosts[host].leaving == Leaving::reboot;
  const RecordId off = engine_.emit(RecordKind::host_shut_down, host_id(host), why);
  host_gone(host, off);
  if (again) boot(host, off);
}

void Membership::freeze(HostIndex host, RecordId why) {
  if (!state_.hosts[host].powered || state_.hosts[host].frozen) return;
  const RecordId frozen = engine_.emit(RecordKind::host_frozen, host_id(host), why);
  engine_.disarm(Event::power_off, host);
  if (host < plan_.node_count) {
    for (const Event event : {Event::regroup, Event::arbitration, Event::link_noticed, Event::hang_found,
                              Event::service_stop, Event::leave_limit}) {
      engine_.disarm(event, host);
    }
    world_.replicas().machine_stands_still(host, frozen);
  }
  routes_changed(frozen);
}

/// The machine goes on where it was. Peers that removed it meanwhile tell it (W 1.7: evicted on resume).
void Membership::thaw(HostIndex host, RecordId why) {
  if (!state_.hosts[host].frozen) return;
  const RecordId thawed = engine_.emit(RecordKind::host_thawed, host_id(host), why);
  if (host < plan_.node_count) world_.replicas().machine_goes_on(host, thawed);
  routes_changed(thawed);
  if (host < plan_.node_count) world_.masters().machine_goes_on(host);
  world_.workers().machine_goes_on(host, thawed);
  const HostState& machine = state_.hosts[host];
  const bool up = host < plan_.node_count && machine.service == ClusterService::up;
  // What was under way takes its time once more (assumed).
  if (machine.leaving != Leaving::stays && !up) {
    arm_power_off(host, thawed);
  }
  if (!up) return;
  if (machine.leaving != Leaving::stays) {
    engine_.arm(Event::leave_limit, host, 0, engine_.now() + engine_.length(Setting::shutdown_timeout), thawed);
    if (machine.drain != Drain::in_progress) leave_limit(host, thawed);
  }
  if (machine.hung) {
    engine_.arm(Event::hang_found, host, 0, engine_.now() + engine_.length(Setting::hang_timeout), thawed);
  }
  if (machine.cards_down != 0) {
    engine_.arm(Event::link_noticed, host, 0,
                engine_.now() + engine_.take(Timing::link_down_noticed, host_id(host), thawed), thawed);
  }
  // It looks at its peers again: some came back, others went while it stood still.
  for (HostIndex peer = 0; peer < plan_.node_count; ++peer) {
    const bool silent = (machine.silent & bit(peer)) != 0 && state_.hosts[peer].service == ClusterService::up;
    if (silent && world_.network().hears(host, peer)) {
      engine_.emit(RecordKind::peer_heard, host_id(host), thawed, peer);
    }
    if (peer != host) heed_silence(host, peer);
  }
  // A regroup that was under way begins anew: the peers that it gave up still count, and nothing else looks at them.
  if ((machine.silent & view_of(host)) != 0) begin_regroup(host, thawed);
  world_.roles().machine_goes_on(host, thawed);
}

void Membership::hang(HostIndex host, RecordId why) {
  if (!state_.hosts[host].powered || state_.hosts[host].hung) return;
  const RecordId hung = engine_.emit(RecordKind::host_hung, host_id(host), why);
  const bool timed = host < plan_.node_count && !state_.hosts[host].frozen;
  if (timed && state_.hosts[host].service == ClusterService::up) {
    engine_.arm(Event::hang_found, host, 0, engine_.now() + engine_.length(Setting::hang_timeout), hung);
  }
  if (host < plan_.node_count) world_.replicas().machine_stands_still(host, hung);
  routes_changed(hung);
}

void Membership::end_hang(HostIndex host, RecordId why) {
  if (!state_.hosts[host].hung) return;
  const RecordId answers = engine_.emit(RecordKind::host_answers, host_id(host), why);
  if (host < plan_.node_count) {
    engine_.disarm(Event::hang_found, host);
    world_.replicas().machine_goes_on(host, answers);
    world_.roles().machine_goes_on(host, answers);
    world_.masters().machine_goes_on(host);
  }
  world_.workers().machine_goes_on(host, answers);
  routes_changed(answers);
}

/// NetFT in the kernel misses the cluster service's sign of life (W 1.3, HangRecoveryAction).
void Membership::hang_found(HostIndex node, RecordId why) {
  if (!state_.hosts[node].hung || state_.hosts[node].service != ClusterService::up) return;
  const std::int64_t action = engine_.count(Setting::hang_recovery_action);
  const RecordId found = engine_.emit(RecordKind::hang_found, host_id(node), why, none, action);
  constexpr std::int64_t disabled = 0, log_only = 1, stop_error = 3;
  if (action == disabled || action == log_only) return;
  if (action == stop_error) {
    bugcheck(node, found);
  } else {
    crash_cluster_service(node, found);
  }
}

void Membership::set_link(HostIndex host, bool up, RecordId why, NetworkIndex network) {
  const std::uint64_t cards = network == none ? plan_.hosts[host].cards : bit(network);
  const std::uint64_t down = state_.hosts[host].cards_down & cards;
  if (up ? down == 0 : down == cards) return;
  const RecordId changed = engine_.emit(up ? RecordKind::link_up : RecordKind::link_down, host_id(host), why, network);
  // A machine sees its own card go; the others must miss beats (behaviour.md 2).
  const bool notices = host < plan_.node_count && !state_.hosts[host].frozen;
  if (!up && notices && state_.hosts[host].service == ClusterService::up) {
    engine_.arm(Event::link_noticed, host, 0,
                engine_.now() + engine_.take(Timing::link_down_noticed, host_id(host), changed), changed);
  }
  if (up && host < plan_.node_count) engine_.disarm(Event::link_noticed, host);
  routes_changed(changed);
}

void Membership::set_side(HostIndex host, std::uint64_t side, RecordId why) {
  if (state_.hosts[host].side == side) return;
  routes_changed(
      engine_.emit(RecordKind::partition_changed, host_id(host), why, none, static_cast<std::int64_t>(side)));
}

void Membership::set_site_link(SiteIndex a, SiteIndex b, bool up, RecordId why) {
  if (((state_.cluster.cut_links & site_pair(a, b)) == 0) == up) return;
  routes_changed(engine_.emit(up ? RecordKind::site_link_up : RecordKind::site_link_down, site_id(a), why, b));
}

void Membership::set_loss(HostIndex host, std::uint32_t per_million, RecordId why) {
  if (state_.hosts[host].loss == per_million) return;
  routes_changed(engine_.emit(RecordKind::loss_set, host_id(host), why, none, per_million));
}

void Membership::set_latency(HostIndex host, Duration each_way, RecordId why) {
  if (state_.hosts[host].latency == each_way) return;
  routes_changed(engine_.emit(RecordKind::latency_set, host_id(host), why, none, each_way.count()));
}

void Membership::set_port_blocked(HostIndex host, Port port, bool blocked, RecordId why) {
  if (port_is_blocked(host, port, state_) == blocked) return;
  routes_changed(engine_.emit(RecordKind::port_blocked, host_id(host), why, static_cast<std::uint32_t>(port), blocked));
}

void Membership::set_directory_refuses(bool refuses, RecordId why) {
  if (state_.cluster.directory_refuses == refuses) return;
  routes_changed(engine_.emit(RecordKind::directory_refuses, cluster_id, why, none, refuses));
}

/// Looks at every pair of peers and at everything else that hangs on the network again.
void Membership::routes_changed(RecordId why) {
  const Network network = world_.network();
  for (HostIndex node = 0; node < plan_.node_count; ++node) {
    if (state_.hosts[node].service != ClusterService::up) continue;
    for (HostIndex peer = 0; peer < plan_.node_count; ++peer) {
      if (peer == node || !engine_.rhythm(Event::heartbeat, node, peer).beats()) continue;
      const bool sends = state_.hosts[peer].service == ClusterService::up;
      const double loss = sends ? network.heartbeat_loss(node, peer) : 1;
      World::Hearing& hearing = world_.hearing(node, peer);
      if (loss == hearing.loss) continue;
      hearing.heard = last_good_beat(node, peer);
      hearing.since = engine_.now();
      hearing.loss = loss;
      heed_silence(node, peer);
    }
  }
  world_.wake(Event::witness_poll, 0);
  world_.roles().health_changed(why);
  world_.replicas().review(why);
  world_.masters().review(why);
  world_.workers().review(why);
  tell_removed(why);
}

/// A node that the others removed while it was away learns so from the first of them that it meets (W 1.2).
void Membership::tell_removed(RecordId why) {
  const Network network = world_.network();
  for (HostIndex node = 0; node < plan_.node_count; ++node) {
    const HostState& host = state_.hosts[node];
    if (host.service != ClusterService::up || host.frozen || is_member(node)) continue;
    for (HostIndex peer = 0; peer < plan_.node_count; ++peer) {
      if (!is_active(peer) || !network.hears(node, peer)) continue;
      lose_quorum(bit(node), why);
      break;
    }
  }
}

}  // namespace rehearse::world
