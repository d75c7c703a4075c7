#include "sim/world/membership.hpp"

#include <bit>

#include "sim/world/masters.hpp"
#include "sim/world/network.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::world {
namespace {

using model::Setting;
using model::Timing;

template <class Action>
void for_each_node(std::uint64_t mask, Action&& action) {
  for (HostIndex node = 0; mask != 0; ++node, mask >>= 1) {
    if (mask & 1) action(node);
  }
}

}  // namespace

// ------------------------------------------------------------------------------------------------ faults, operations

void Membership::create_cluster(HostIndex first, std::uint64_t nodes, RecordId why) {
  const RecordId created = engine_.emit(RecordKind::cluster_created, cluster_id, why, first);
  engine_.emit(RecordKind::cluster_formed, host_id(first), created);
  for_each_node(nodes, [&](HostIndex node) { come_up(node, created); });
}

void Membership::configure_witness(RecordId why) {
  const RecordId configured = engine_.emit(RecordKind::witness_configured, cluster_id, why);
  engine_.emit(RecordKind::witness_taken, cluster_id, configured, state_.cluster.core_owner);
  reweigh(state_.cluster.members, configured);
}

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

/// Power loss, bugcheck: everything on the host stops at once (behaviour.md 1).
void Membership::host_gone(HostIndex host, RecordId why) {
  engine_.disarm(Event::boot, host);
  if (host < plan_.node_count) {
    if (state_.hosts[host].service == ClusterService::up || state_.hosts[host].service == ClusterService::starting) {
      end_service(host, ServiceEnd::host_lost, why);
    }
    world_.masters().ended(host, EndReason::host_lost, why);
    world_.sql().node_gone(host, why);
    engine_.disarm(Event::service_start, host);
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
  }
  world_.workers().host_booted(host, up);
}

void Membership::set_link(HostIndex host, bool up, RecordId why) {
  if (state_.hosts[host].linked == up) return;
  const RecordId changed = engine_.emit(up ? RecordKind::link_up : RecordKind::link_down, host_id(host), why);
  // A machine sees its own card go; the others must miss beats (behaviour.md 2).
  if (!up && host < plan_.node_count && state_.hosts[host].service == ClusterService::up) {
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

void Membership::crash_cluster_service(HostIndex node, RecordId why) {
  if (state_.hosts[node].service != ClusterService::up) return;
  end_service(node, ServiceEnd::crashed, why);
  // Its connections close, so the peers regroup at once (behaviour.md 2).
  const RecordId ended = state_.records;
  const Network network = world_.network();
  for (HostIndex peer = 0; peer < plan_.node_count; ++peer) {
    if (peer != node && is_member(peer) && network.reach(peer, node)) peer_is_silent(peer, node, ended);
  }
}

// ------------------------------------------------------------------------------------------------ heartbeats

/// Looks at every pair of peers again. A route that just went down remembers what was heard last over it; the check of
/// the node that listens finds the silence at last good beat + Threshold x Delay, at its own next check (W 1.1, A4).
void Membership::routes_changed(RecordId why) {
  const Network network = world_.network();
  for (HostIndex node = 0; node < plan_.node_count; ++node) {
    if (state_.hosts[node].service != ClusterService::up) continue;
    for (HostIndex peer = 0; peer < plan_.node_count; ++peer) {
      if (peer == node || !engine_.rhythm(Event::heartbeat, node, peer).beats()) continue;
      const bool alive = network.reach(node, peer) && state_.hosts[peer].service == ClusterService::up;
      Time& heard = world_.last_heard(node, peer);
      if (alive) {
        heard = core::never;
      } else if (heard == core::never) {
        heard = engine_.last_beat(Event::heartbeat, node, peer);
        if (heard == core::never) heard = engine_.rhythm(Event::heartbeat, node, peer).anchor;
        engine_.heed(Event::silence, node, peer, silence_due(node, peer));
      }
    }
  }
  world_.roles().health_changed(why);
  world_.masters().review(why);
  world_.workers().review(why);
  // A node that the others removed while it was away learns so from the first of them that it meets (W 1.2).
  for (HostIndex node = 0; node < plan_.node_count; ++node) {
    if (state_.hosts[node].service != ClusterService::up || is_member(node)) continue;
    for (HostIndex peer = 0; peer < plan_.node_count; ++peer) {
      if (!is_active(peer) || !network.reach(node, peer)) continue;
      lose_quorum(bit(node), why);
      break;
    }
  }
}

/// When the peer has been silent for long enough; never: it is heard, or given up already.
Time Membership::silence_due(HostIndex node, HostIndex peer) const {
  if (state_.hosts[node].service != ClusterService::up || (state_.hosts[node].silent & bit(peer)) != 0)
    return core::never;
  const Time heard = world_.last_heard(node, peer);
  if (heard == core::never) return core::never;
  return heard + engine_.count(Setting::same_subnet_threshold) * engine_.length(Setting::same_subnet_delay);
}

RecordId Membership::silence_matters(HostIndex node, HostIndex peer) const {
  if (silence_due(node, peer) > engine_.now()) return 0;
  return std::max<RecordId>(1, std::max(state_.hosts[peer].cut_by, state_.hosts[node].cut_by));
}

Time Membership::silence_alarm(HostIndex node, HostIndex peer) const {
  const Time due = silence_due(node, peer);
  return due > engine_.now() ? due : core::never;
}

void Membership::silence(HostIndex node, HostIndex peer, RecordId why) {
  peer_is_silent(node, peer, why);
}

void Membership::link_noticed(HostIndex node, RecordId why) {
  for (HostIndex peer = 0; peer < plan_.node_count; ++peer) {
    if (peer != node && engine_.rhythm(Event::heartbeat, node, peer).beats()) peer_is_silent(node, peer, why);
  }
}

void Membership::peer_is_silent(HostIndex node, HostIndex peer, RecordId why) {
  if ((state_.hosts[node].silent & bit(peer)) != 0) return;
  const RecordId silent = engine_.emit(RecordKind::peer_silent, host_id(node), why, peer);
  begin_regroup(node, silent);
}

// ------------------------------------------------------------------------------------------------ regroup and quorum

void Membership::begin_regroup(HostIndex node, RecordId why) {
  if (engine_.armed(Event::regroup, node) || engine_.armed(Event::arbitration, node)) return;
  const Duration length = engine_.take(Timing::regroup, host_id(node), state_.hosts[node].regroups);
  engine_.arm(Event::regroup, node, 0, engine_.now() + length, why);
}

/// The nodes that can be one partition with this one: up, in reach, and not given up by it.
std::uint64_t Membership::component_of(HostIndex node) const {
  const Network network = world_.network();
  std::uint64_t component = 0;
  for (HostIndex peer = 0; peer < plan_.node_count; ++peer) {
    const bool up = state_.hosts[peer].service == ClusterService::up;
    if (up && network.reach(node, peer) && (state_.hosts[node].silent & bit(peer)) == 0) component |= bit(peer);
  }
  return component;
}

bool Membership::witness_reachable(HostIndex node) const {
  return plan_.witness_host != none && state_.cluster.votes.has_witness &&
         world_.network().reach(node, plan_.witness_host);
}

void Membership::regroup(HostIndex node, RecordId why) {
  if (state_.hosts[node].service != ClusterService::up) return;
  // A peer that is heard again by now takes part: a regroup is there to find out who is.
  for (HostIndex peer = 0; peer < plan_.node_count; ++peer) {
    const bool back =
        is_active(peer) && world_.network().reach(node, peer) && (state_.hosts[node].silent & bit(peer)) != 0;
    if (back) engine_.emit(RecordKind::peer_heard, host_id(node), why, peer);
  }
  const std::uint64_t component = component_of(node);
  const RecordId done =
      engine_.emit(RecordKind::regroup_done, host_id(node), why, none, static_cast<std::int64_t>(component));
  for_each_node(component & ~bit(node), [&](HostIndex peer) { engine_.disarm(Event::regroup, peer); });
  if (!is_member(node)) return lose_quorum(component, done);  // the other side has already decided without this one
  if (state_.cluster.members == component) return;
  const model::QuorumVerdict verdict = model::judge(state_.cluster.votes, {component, false});
  if (verdict.quorate) return survive(component, node, false, done);
  if (!verdict.witness_needed) return lose_quorum(component, done);
  // The owner of the Cluster Group holds the witness and arbitrates at once; everybody else leaves it a head start
  // (W 2.3: FSW ArbitrationDelay 6 s).
  const bool owner = (component & bit(state_.cluster.core_owner)) != 0;
  const std::uint64_t ordinal = state_.hosts[node].regroups;
  const Duration wait = owner ? engine_.take(Timing::witness_owner_arbitration, host_id(node), ordinal)
                              : engine_.length(Setting::witness_arbitration_delay) +
                                    engine_.take(Timing::witness_challenger_arbitration, host_id(node), ordinal);
  engine_.arm(Event::arbitration, node, 0, engine_.now() + wait, done);
}

void Membership::arbitrate(HostIndex node, RecordId why) {
  if (state_.hosts[node].service != ClusterService::up) return;
  const std::uint64_t component = component_of(node);
  // The first side to lock and advance the tag wins; the other finds it advanced and gets 5925 (behaviour.md 2).
  if (!is_member(node) || !witness_reachable(node)) {
    return lose_quorum(component, engine_.emit(RecordKind::arbitration_lost, host_id(node), why));
  }
  const RecordId won = engine_.emit(RecordKind::arbitration_won, host_id(node), why);
  survive(component, node, true, won);
}

void Membership::survive(std::uint64_t component, HostIndex speaker, bool with_witness, RecordId why) {
  const std::uint64_t lost = state_.cluster.members & ~component;
  RecordId removed = why;
  for_each_node(lost, [&](HostIndex node) {
    removed = engine_.emit(RecordKind::node_removed, host_id(node), why, speaker);
    for_each_node(component, [&](HostIndex peer) {
      engine_.stop_rhythm(Event::heartbeat, peer, node);
      engine_.stop_rhythm(Event::silence, peer, node);
      world_.last_heard(peer, node) = core::never;
    });
  });
  if (with_witness) engine_.emit(RecordKind::witness_taken, cluster_id, removed, speaker);
  if ((component & bit(state_.cluster.core_owner)) == 0) {
    engine_.emit(RecordKind::core_group_moved, cluster_id, removed, speaker, with_witness);
  }
  reweigh(component, removed);
  world_.roles().nodes_lost(lost, removed);
}

/// Dynamic quorum and dynamic witness act once membership is stable (W 2.1); the membership's epoch advances.
void Membership::reweigh(std::uint64_t present, RecordId why) {
  model::VoteState votes = state_.cluster.votes;
  votes.members = votes.node_weight = state_.cluster.configured;
  const auto speaker = static_cast<HostIndex>(std::countr_zero(present));
  votes = model::reweigh(votes, present, present != 0 && witness_reachable(speaker));
  engine_.emit(RecordKind::votes_changed, cluster_id, why, votes.witness_vote ? 1 : 0,
               static_cast<std::int64_t>(votes.dynamic_weight));
}

void Membership::lose_quorum(std::uint64_t component, RecordId why) {
  for_each_node(component, [&](HostIndex node) {
    const RecordId lost = engine_.emit(RecordKind::quorum_lost, host_id(node), why);
    end_service(node, ServiceEnd::quorum_lost, lost);
  });
}

/// The cluster service of a node ends: its resources end abruptly (W 11, 33), and Windows starts it again after a
/// while.
void Membership::end_service(HostIndex node, ServiceEnd end, RecordId why) {
  const RecordId ended =
      engine_.emit(RecordKind::node_service_ended, host_id(node), why, none, static_cast<std::int64_t>(end));
  for (const Event event :
       {Event::regroup, Event::arbitration, Event::link_noticed, Event::join, Event::service_start}) {
    engine_.disarm(event, node);
  }
  for (HostIndex peer = 0; peer < plan_.node_count; ++peer) {
    engine_.stop_rhythm(Event::heartbeat, node, peer);
    engine_.stop_rhythm(Event::silence, node, peer);
    world_.last_heard(node, peer) = core::never;
  }
  if (end == ServiceEnd::host_lost) {
    world_.roles().machine_lost(node);
    return;  // the peers still count on it until its beats are missed
  }
  world_.roles().resource_host_ended(node, ended);
  const Duration delay =
      engine_.take(Timing::cluster_service_restart, host_id(node), state_.hosts[node].service_starts);
  engine_.arm(Event::service_start, node, 0, engine_.now() + delay, ended);
  routes_changed(ended);
}

// ------------------------------------------------------------------------------------------------ joining and forming

void Membership::service_start(HostIndex node, RecordId why) {
  const RecordId starting = engine_.emit(RecordKind::node_starting, host_id(node), why);
  const Duration length = engine_.take(Timing::cluster_join, host_id(node), state_.hosts[node].service_starts);
  engine_.arm(Event::join, node, 0, engine_.now() + length, starting);
}

void Membership::join(HostIndex node, RecordId why) {
  const Network network = world_.network();
  bool sponsor = false;
  for (HostIndex peer = 0; peer < plan_.node_count; ++peer) {
    sponsor = sponsor || (peer != node && is_member(peer) && state_.hosts[peer].service == ClusterService::up &&
                          network.reach(node, peer));
  }
  if (sponsor) {
    if (is_member(node)) {
      // It came back before the others gave it up: they drop the old self first and take the new one in its place.
      for_each_node(state_.cluster.members & ~bit(node), [&](HostIndex peer) { peer_is_silent(peer, node, why); });
      engine_.arm(Event::join, node, 0,
                  engine_.now() + engine_.take(Timing::cluster_join, host_id(node), state_.hosts[node].service_starts),
                  why);
      return;
    }
    come_up(node, why);
    reweigh(state_.cluster.members, state_.records);
    world_.roles().node_available(node, state_.records);
    routes_changed(state_.records);
    return;
  }
  if (form(node, why)) return;
  // Nobody to join and no quorum to form: it looks again as often as the service would be restarted.
  const Duration again =
      engine_.take(Timing::cluster_service_restart, host_id(node), state_.hosts[node].service_starts);
  engine_.arm(Event::join, node, 0, engine_.now() + again, why);
}

/// A node that finds no active member may form the cluster when the nodes that are starting with it have quorum and
/// know the newest epoch; with less it would bring back a past that the others have left ("partition in time", 1561).
bool Membership::form(HostIndex node, RecordId why) {
  if (!state_.cluster.created) return false;
  const Network network = world_.network();
  std::uint64_t present = 0;
  std::uint64_t newest = 0;
  for (HostIndex peer = 0; peer < plan_.node_count; ++peer) {
    if (state_.hosts[peer].service != ClusterService::starting || !network.reach(node, peer)) continue;
    present |= bit(peer);
    newest = std::max(newest, state_.hosts[peer].epoch);
  }
  if (newest != state_.cluster.epoch) return false;
  model::QuorumVerdict verdict = model::judge(state_.cluster.votes, {present, false});
  const bool with_witness = !verdict.quorate && verdict.witness_needed && witness_reachable(node);
  if (!verdict.quorate && !with_witness) return false;
  const RecordId formed = engine_.emit(RecordKind::cluster_formed, host_id(node), why);
  if (with_witness) engine_.emit(RecordKind::witness_taken, cluster_id, formed, node);
  engine_.emit(RecordKind::core_group_moved, cluster_id, formed, node, with_witness);
  come_up(node, formed);
  reweigh(bit(node), state_.records);
  world_.roles().cold_start(state_.records);
  routes_changed(state_.records);
  return true;
}

void Membership::come_up(HostIndex node, RecordId why) {
  engine_.emit(RecordKind::node_joined, host_id(node), why);
  const Duration delay = engine_.length(Setting::same_subnet_delay);
  const auto watch = [&](HostIndex listener, HostIndex peer) {
    const std::uint64_t ordinal = state_.hosts[listener].service_starts + state_.hosts[peer].service_starts;
    const auto phase = [&](std::string_view purpose) {
      const double u = engine_.unit(host_id(listener), std::string(purpose) + plan_.hosts[peer].name, ordinal);
      return Duration(static_cast<std::int64_t>(u * static_cast<double>(delay.count())));
    };
    engine_.start_rhythm(Event::heartbeat, listener, peer, engine_.now() - phase("heartbeat from "), delay);
    engine_.start_rhythm(Event::silence, listener, peer, engine_.now() - phase("check of "), delay);
    world_.last_heard(listener, peer) = core::never;
    if ((state_.hosts[listener].silent & bit(peer)) != 0) {
      engine_.emit(RecordKind::peer_heard, host_id(listener), why, peer);
    }
  };
  for_each_node(state_.cluster.members & ~bit(node), [&](HostIndex peer) {
    if (state_.hosts[peer].service != ClusterService::up) return;
    watch(node, peer);
    watch(peer, node);
  });
}

}  // namespace rehearse::world
