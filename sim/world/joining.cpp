// Starting a node's cluster service: join the cluster that is there, else form it, by quorum or by force (W 1.6,
// W 2.4).
#include <algorithm>
#include <bit>

#include "sim/world/membership.hpp"
#include "sim/world/network.hpp"
#include "sim/world/roles.hpp"

namespace rehearse::world {

using model::Setting;
using model::Timing;

void Membership::create_cluster(HostIndex first, std::uint64_t nodes, RecordId why) {
  const RecordId created = engine_.emit(RecordKind::cluster_created, cluster_id, why, first);
  engine_.emit(RecordKind::cluster_formed, host_id(first), created);
  for_each_bit(nodes, [&](HostIndex node) { come_up(node, created); });
  reweigh(state_.cluster.members, created);
}

bool Membership::add_node(HostIndex node, RecordId why) {
  if (!state_.cluster.created || (state_.cluster.configured & bit(node)) != 0 || active() == 0) return false;
  if (!state_.hosts[node].powered || state_.hosts[node].service != ClusterService::absent) return false;
  come_up(node, why);
  reweigh(state_.cluster.members, state_.records);
  routes_changed(state_.records);
  return true;
}

bool Membership::start_service(HostIndex node, StartMode mode, RecordId why) {
  const HostState& host = state_.hosts[node];
  const bool can = host.powered && !host.frozen && (state_.cluster.configured & bit(node)) != 0;
  if (!can || host.service == ClusterService::up) return false;
  const RecordId starting =
      engine_.emit(RecordKind::node_starting, host_id(node), why, none, static_cast<std::int64_t>(mode));
  engine_.disarm(Event::service_start, node);
  const Duration length = engine_.take(Timing::cluster_join, host_id(node), host.service_starts);
  engine_.arm(Event::join, node, 0, engine_.now() + length, starting);
  return true;
}

void Membership::service_start(HostIndex node, RecordId why) {
  if (state_.hosts[node].hung || state_.hosts[node].frozen) {  // Windows gets to it once the machine goes on
    const Duration again =
        engine_.take(Timing::cluster_service_restart, host_id(node), state_.hosts[node].service_starts);
    return engine_.arm(Event::service_start, node, 0, engine_.now() + again, why);
  }
  start_service(node, StartMode::usual, why);
}

void Membership::join(HostIndex node, RecordId why) {
  const HostState& host = state_.hosts[node];
  if (host.frozen || host.hung) return look_again(node, why);
  if (is_quarantined(node)) {
    if (engine_.now() < host.quarantined_until) {
      // The others refuse it until its time is over or somebody clears the quarantine (W 1.5).
      return engine_.arm(Event::join, node, 0, host.quarantined_until, why);
    }
    engine_.emit(RecordKind::quarantine_ended, host_id(node), why);
  }
  if (host.start_mode == StartMode::force_quorum) return form_by_force(node, why);
  const Network network = world_.network();
  bool sponsor = false;
  for_each_bit(state_.cluster.members & ~bit(node),
               [&](HostIndex peer) { sponsor = sponsor || (is_active(peer) && network.hears(node, peer)); });
  if (sponsor && is_member(node)) {
    // It came back before the others gave it up: they drop the old self first and take the new one in its place.
    for_each_bit(state_.cluster.members & ~bit(node), [&](HostIndex peer) { peer_is_silent(peer, node, why); });
    return engine_.arm(Event::join, node, 0,
                       engine_.now() + engine_.take(Timing::cluster_join, host_id(node), host.service_starts), why);
  }
  if (sponsor) {
    come_up(node, why);
    reweigh(state_.cluster.members, state_.records);
    routes_changed(state_.records);
    world_.roles().node_available(node, state_.records);
    return;
  }
  if (host.start_mode != StartMode::prevent_quorum && form(node, why)) return;
  look_again(node, why);
}

/// Nobody to join and no quorum to form: it looks again as often as the service would be restarted.
void Membership::look_again(HostIndex node, RecordId why) {
  const Duration again =
      engine_.take(Timing::cluster_service_restart, host_id(node), state_.hosts[node].service_starts);
  engine_.arm(Event::join, node, 0, engine_.now() + again, why);
}

/// A node that finds no active member may form the cluster when the nodes that are starting with it have quorum and
/// know the newest epoch; with less it would bring back a past that the others have left ("partition in time", 1561).
/// A disk witness brings the database itself, a file share or cloud only its number (W 2.1).
bool Membership::form(HostIndex node, RecordId why) {
  if (!state_.cluster.created) return false;
  const Network network = world_.network();
  std::uint64_t present = 0;
  std::uint64_t newest = 0;
  for (HostIndex peer = 0; peer < plan_.node_count; ++peer) {
    if (state_.hosts[peer].service != ClusterService::starting || is_quarantined(peer)) continue;
    if (peer != node && !network.hears(node, peer)) continue;
    present |= bit(peer);
    newest = std::max(newest, state_.hosts[peer].epoch);
  }
  const model::QuorumVerdict verdict = model::judge(state_.cluster.votes, {present, false});
  // Where a side that still runs holds the witness, its lock or reservation stands (W 2.3, 6.3).
  const HostIndex holder = state_.cluster.witness_owner;
  const bool locked = holder != none && is_active(holder) && network.reaches_witness(holder);
  const bool with_witness = !verdict.quorate && verdict.witness_needed && !locked && network.reaches_witness(node);
  if (!verdict.quorate && !with_witness) return false;
  if (newest != state_.cluster.epoch && !(with_witness && plan_.witness == model::Witness::Kind::disk)) {
    engine_.emit(RecordKind::form_refused, host_id(node), why);
    return false;
  }
  const RecordId formed = engine_.emit(RecordKind::cluster_formed, host_id(node), why);
  const bool owns_witness = with_witness || network.reaches_witness(node);
  if (owns_witness) engine_.emit(RecordKind::witness_taken, cluster_id, formed, node);
  engine_.emit(RecordKind::core_group_moved, cluster_id, formed, node, owns_witness);
  come_up(node, formed);
  reweigh(bit(node), state_.records);
  watch_witness();
  routes_changed(state_.records);
  world_.roles().cold_start(state_.records);
  return true;
}

/// Start-ClusterNode -ForceQuorum: this node's copy of the database counts from now on, whatever others there are
/// (W 2.4). Where some still run, the cluster is split: they go on with what they have until they meet this side.
void Membership::form_by_force(HostIndex node, RecordId why) {
  const std::uint64_t others = active() & ~bit(node);
  RecordId formed = why;
  if (others != 0) {
    formed = engine_.emit(RecordKind::second_partition, cluster_id, why, none, static_cast<std::int64_t>(others));
  }
  formed = engine_.emit(RecordKind::cluster_formed, host_id(node), formed, none, 1);
  if (world_.network().reaches_witness(node)) engine_.emit(RecordKind::witness_taken, cluster_id, formed, node);
  engine_.emit(RecordKind::core_group_moved, cluster_id, formed, node);
  come_up(node, formed);
  reweigh(bit(node), state_.records);
  watch_witness();
  world_.roles().cold_start(state_.records);
  routes_changed(state_.records);  // whoever of the others hears this node gives way at once
}

void Membership::come_up(HostIndex node, RecordId why) {
  engine_.emit(RecordKind::node_joined, host_id(node), why);
  for_each_bit(state_.cluster.members & ~bit(node), [&](HostIndex peer) {
    if (state_.hosts[peer].service != ClusterService::up) return;
    if ((state_.hosts[peer].silent & bit(node)) != 0 && !state_.hosts[peer].frozen) {
      engine_.emit(RecordKind::peer_heard, host_id(peer), why, node);
    }
    watch(node, peer);
    watch(peer, node);
  });
  if (!state_.cluster.forced) return;
  // Forced mode ends when enough votes have joined (W 2.4): more than half of all that are configured.
  const std::uint64_t voters = state_.cluster.configured & plan_.voters;
  const int witness = state_.cluster.votes.has_witness ? 1 : 0;
  const int present = std::popcount(state_.cluster.members & voters) + (witness != 0 && witness_reachable(active()));
  if (2 * present > std::popcount(voters) + witness) engine_.emit(RecordKind::forced_quorum_ended, cluster_id, why);
}

}  // namespace rehearse::world
