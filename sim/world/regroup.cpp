// Regroup and quorum: which nodes still are one partition, and whether it may go on as the cluster (behaviour.md 2;
// W 1.3, W 2). Each connected component decides by itself; nobody sees the other side.
#include <bit>

#include "sim/world/membership.hpp"
#include "sim/world/network.hpp"
#include "sim/world/roles.hpp"

namespace rehearse::world {

using model::Setting;
using model::Timing;

void Membership::begin_regroup(HostIndex node, RecordId why) {
  if (engine_.armed(Event::regroup, node) || engine_.armed(Event::arbitration, node)) return;
  const Duration length = engine_.take(Timing::regroup, host_id(node), state_.hosts[node].regroups);
  engine_.arm(Event::regroup, node, 0, engine_.now() + length, why);
}

/// The nodes among which the node counts votes: its partition's as far as it knows. Nodes that the members removed
/// without their knowledge still count on each other.
std::uint64_t Membership::view_of(HostIndex node) const {
  if ((state_.cluster.rival & bit(node)) != 0) return state_.cluster.rival;
  if (is_member(node)) return state_.cluster.members;
  return model::first_nodes(static_cast<int>(plan_.node_count)) & ~state_.cluster.members & ~state_.cluster.rival;
}

/// The nodes that can be one partition with this one: up, and each hears each. Where that is not so, the node that
/// hears the fewest goes first, of equals the highest id, and never the one that asks (pruning: W 1.3; the order is
/// assumed).
std::uint64_t Membership::component_of(HostIndex node) const {
  const Network network = world_.network();
  const auto hear_each_other = [&](HostIndex a, HostIndex b) {
    return network.hears(a, b) && (state_.hosts[a].silent & bit(b)) == 0 && (state_.hosts[b].silent & bit(a)) == 0;
  };
  std::uint64_t component = bit(node);
  for_each_bit(view_of(node) & ~bit(node), [&](HostIndex peer) {
    const HostState& host = state_.hosts[peer];
    const bool up = host.service == ClusterService::up && host.powered && !host.frozen;
    if (up && hear_each_other(node, peer)) component |= bit(peer);
  });
  for (;;) {
    HostIndex worst = none;
    int most_missing = 0;
    for_each_bit(component & ~bit(node), [&](HostIndex peer) {
      int missing = 0;
      for_each_bit(component & ~bit(peer), [&](HostIndex other) { missing += !hear_each_other(peer, other); });
      if (missing > 0 && missing >= most_missing) {
        worst = peer;
        most_missing = missing;
      }
    });
    if (worst == none) return component;
    component &= ~bit(worst);
  }
}

void Membership::regroup(HostIndex node, RecordId why) {
  if (state_.hosts[node].service != ClusterService::up || state_.hosts[node].frozen) return;
  // A peer that is heard again by now takes part: a regroup is there to find out who is.
  for_each_bit(state_.hosts[node].silent & view_of(node), [&](HostIndex peer) {
    const bool up = state_.hosts[peer].service == ClusterService::up;
    if (!up || !world_.network().hears(node, peer)) return;
    engine_.emit(RecordKind::peer_heard, host_id(node), why, peer);
    World::Hearing& hearing = world_.hearing(node, peer);  // its answer to the regroup is as good as a beat
    hearing.heard = hearing.since = engine_.now();
    heed_silence(node, peer);
  });
  const std::uint64_t component = component_of(node);
  const RecordId done =
      engine_.emit(RecordKind::regroup_done, host_id(node), why, none, static_cast<std::int64_t>(component));
  for_each_bit(component & ~bit(node), [&](HostIndex peer) { engine_.disarm(Event::regroup, peer); });
  if ((state_.cluster.rival & bit(node)) != 0) {
    // Its side counts by itself: it goes on with more than half of those that went on (assumed).
    if (2 * std::popcount(component & state_.cluster.rival) <= std::popcount(state_.cluster.rival)) {
      lose_quorum(component, done);
    }
    return;
  }
  if (!is_member(node)) return lose_quorum(component, done);  // the other side has already decided without this one
  if (state_.cluster.members == component) return;
  if (state_.cluster.forced) return survive(component, node, false, done);
  const model::QuorumVerdict verdict = model::judge(state_.cluster.votes, {component, false});
  if (verdict.quorate) return survive(component, node, false, done);
  if (!verdict.witness_needed) return lose_quorum(component, done);
  // The owner of the witness arbitrates at once; everybody else leaves it a head start (W 2.3: ArbitrationDelay 6 s of
  // a file share). A disk is challenged: its owner renews its reservation meanwhile (W 6.3).
  const bool owner = state_.cluster.witness_owner != none && (component & bit(state_.cluster.witness_owner)) != 0;
  const std::uint64_t ordinal = state_.hosts[node].regroups;
  Duration wait = engine_.take(Timing::witness_owner_arbitration, host_id(node), ordinal);
  if (!owner && plan_.witness == model::Witness::Kind::disk) {
    wait = engine_.take(Timing::disk_witness_challenge, host_id(node), ordinal);
  } else if (!owner) {
    wait = engine_.length(Setting::witness_arbitration_delay) +
           engine_.take(Timing::witness_challenger_arbitration, host_id(node), ordinal);
  }
  if (plan_.witness == model::Witness::Kind::cloud) {
    wait += engine_.take(Timing::cloud_round_trips, host_id(node), ordinal);
  }
  // Opening, locking and writing a remote witness: three round trips (assumed).
  constexpr int ways = 6;
  if (plan_.witness_host != none) {
    wait += ways * (state_.hosts[node].latency + state_.hosts[plan_.witness_host].latency);
  }
  engine_.arm(Event::arbitration, node, 0, engine_.now() + wait, done);
}

/// Some node of the side reaches the witness: the Cluster Group moves to one that does.
bool Membership::witness_reachable(std::uint64_t nodes) const {
  const Network network = world_.network();
  bool reached = false;
  for_each_bit(nodes, [&](HostIndex node) { reached = reached || network.reaches_witness(node); });
  return reached;
}

void Membership::arbitrate(HostIndex node, RecordId why) {
  if (state_.hosts[node].service != ClusterService::up || state_.hosts[node].frozen) return;
  const std::uint64_t component = component_of(node);
  if (component == state_.cluster.members) return;  // everybody is heard again: there is nothing to arbitrate
  const auto lose = [&] { lose_quorum(component, engine_.emit(RecordKind::arbitration_lost, host_id(node), why)); };
  // The first side to lock and advance the tag wins; the other finds it advanced and gets 5925 (behaviour.md 2).
  if (!is_member(node) || !witness_reachable(component)) return lose();
  // Peers may have gone while it waited for its turn: the witness alone does not make up for them.
  const bool enough = state_.cluster.forced || model::judge(state_.cluster.votes, {component, true}).quorate;
  if (!enough) return lose();
  // A disk's owner on the other side renews its reservation as long as its cluster service runs (W 6.3).
  const HostIndex holder = state_.cluster.witness_owner;
  const bool defended = plan_.witness == model::Witness::Kind::disk && holder != none &&
                        (component & bit(holder)) == 0 && is_active(holder) && world_.network().reaches_witness(holder);
  if (defended) return lose();
  survive(component, node, true, engine_.emit(RecordKind::arbitration_won, host_id(node), why));
}

void Membership::survive(std::uint64_t component, HostIndex speaker, bool with_witness, RecordId why) {
  const std::uint64_t lost = state_.cluster.members & ~component;
  RecordId removed = why;
  for_each_bit(lost, [&](HostIndex node) {
    removed = engine_.emit(RecordKind::node_removed, host_id(node), why, speaker);
    for_each_bit(component, [&](HostIndex peer) { stop_watching(peer, node); });
    note_departure(node, removed);
  });
  if (with_witness) engine_.emit(RecordKind::witness_taken, cluster_id, removed, speaker);
  if ((component & bit(state_.cluster.core_owner)) == 0) {
    engine_.emit(RecordKind::core_group_moved, cluster_id, removed, speaker, with_witness);
    // The group brings the witness online on its new node.
    if (!with_witness && state_.cluster.votes.has_witness && witness_reachable(component)) {
      engine_.emit(RecordKind::witness_taken, cluster_id, removed, speaker);
    }
  }
  reweigh(component, removed);
  world_.roles().nodes_lost(lost, removed);
  world_.wake(Event::witness_poll, 0);
  // One that came back while the others were deciding about it hears so at once (W 1.2). Where packets are lost on the
  // way, it is its own regroup that finds out.
  bool lossy = false;
  for_each_bit(lost | component, [&](HostIndex node) { lossy = lossy || state_.hosts[node].loss > 0; });
  if (!lossy) tell_removed(removed);
}

/// Dynamic quorum and dynamic witness act once membership is stable (W 2.1); the membership's epoch advances.
void Membership::reweigh(std::uint64_t present, RecordId why) {
  model::VoteState votes = state_.cluster.votes;
  votes.members = state_.cluster.configured;
  votes.node_weight = state_.cluster.configured & plan_.voters;
  votes.preferred_site = plan_.preferred_site;
  votes.dynamic_quorum = engine_.count(Setting::dynamic_quorum) != 0;
  // Windows counts nodes from 1, and 0 stands for none.
  votes.lower_priority_node = static_cast<int>(engine_.count(Setting::lower_quorum_priority_node)) - 1;
  votes = model::reweigh(votes, present, present != 0 && !state_.cluster.witness_failed && witness_reachable(present));
  engine_.emit(RecordKind::votes_changed, cluster_id, why, votes.witness_vote ? 1 : 0,
               static_cast<std::int64_t>(votes.dynamic_weight));
}

void Membership::lose_quorum(std::uint64_t component, RecordId why) {
  for_each_bit(component, [&](HostIndex node) {
    const RecordId lost = engine_.emit(RecordKind::quorum_lost, host_id(node), why);
    end_service(node, ServiceEnd::quorum_lost, lost);
  });
}

/// The cluster service of a node ends: its resources end abruptly (W 11, 33), and Windows starts it again after a
/// while, unless it was stopped in order.
void Membership::end_service(HostIndex node, ServiceEnd end, RecordId why) {
  const RecordId ended =
      engine_.emit(RecordKind::node_service_ended, host_id(node), why, none, static_cast<std::int64_t>(end));
  for (const Event event : {Event::regroup, Event::arbitration, Event::link_noticed, Event::join, Event::service_start,
                            Event::service_stop, Event::leave_limit, Event::hang_found}) {
    engine_.disarm(event, node);
  }
  for (HostIndex peer = 0; peer < plan_.node_count; ++peer) {
    if (peer != node) stop_watching(node, peer);
  }
  if (end == ServiceEnd::host_lost) {
    world_.roles().machine_lost(node);
    return;  // the peers still count on it until its beats are missed
  }
  world_.roles().resource_host_ended(node, ended);
  const Leaving leaving = state_.hosts[node].leaving;
  if (end != ServiceEnd::stopped && (leaving == Leaving::shutdown || leaving == Leaving::reboot)) {
    // Windows goes on shutting down.
    arm_power_off(node, ended);
  } else if (end != ServiceEnd::stopped) {
    const Duration delay =
        engine_.take(Timing::cluster_service_restart, host_id(node), state_.hosts[node].service_starts);
    engine_.arm(Event::service_start, node, 0, engine_.now() + delay, ended);
  }
  routes_changed(ended);
}

bool Membership::crash_cluster_service(HostIndex node, RecordId why) {
  if (state_.hosts[node].service != ClusterService::up || state_.hosts[node].frozen) return false;
  const std::uint64_t peers = view_of(node) & ~bit(node);
  end_service(node, ServiceEnd::crashed, why);
  // Its connections close, so the peers regroup at once (behaviour.md 2).
  const RecordId ended = state_.hosts[node].left_by;
  for_each_bit(peers, [&](HostIndex peer) {
    if (state_.hosts[peer].service == ClusterService::up && world_.network().hears(peer, node)) {
      peer_is_silent(peer, node, ended);
    }
  });
  return true;
}

}  // namespace rehearse::world
