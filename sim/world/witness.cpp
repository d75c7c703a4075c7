// The witness in a healthy cluster: a resource of the Cluster Group that may fail, take its vote with it, and come back
// (W 2.1, 2.3).
#include <bit>

#include "sim/world/membership.hpp"
#include "sim/world/network.hpp"

namespace rehearse::world {

using model::Setting;

void Membership::configure_witness(RecordId why) {
  const RecordId configured = engine_.emit(RecordKind::witness_configured, cluster_id, why);
  engine_.emit(RecordKind::witness_taken, cluster_id, configured, state_.cluster.core_owner);
  reweigh(state_.cluster.members, configured);
  watch_witness();
}

void Membership::watch_witness() {
  if (!state_.cluster.votes.has_witness) return;
  // Its LooksAlive finds a witness that is gone, like that of any other resource.
  engine_.start_rhythm(Event::witness_poll, 0, 0, engine_.now(), engine_.length(Setting::looks_alive_interval));
  world_.wake(Event::witness_poll, 0);
}

void Membership::set_witness_down(bool down, RecordId why) {
  if (state_.witness.down == down || plan_.witness == model::Witness::Kind::none) return;
  routes_changed(engine_.emit(RecordKind::witness_down, cluster_id, why, none, down));
}

void Membership::cut_witness_path(HostIndex node, bool cut, RecordId why) {
  routes_changed(engine_.emit(RecordKind::witness_path_cut, cluster_id, why, node, cut));
}

/// The record that took the witness from its owner; 0: it is fine, has failed already, or nobody polls.
RecordId Membership::witness_fails() const {
  const HostIndex owner = state_.cluster.core_owner;
  const bool polled = state_.cluster.votes.has_witness && !state_.cluster.witness_failed && is_active(owner) &&
                      !state_.hosts[owner].hung;
  if (!polled || world_.network().reaches_witness(owner)) return 0;
  // What follows is an update that every member must take; while one is out of reach, the regroup comes first.
  bool all_reached = true;
  for_each_bit(world_.membership().active() & ~bit(owner),
               [&](HostIndex node) { all_reached = all_reached && world_.network().hears(owner, node); });
  if (!all_reached) return 0;
  return std::max<RecordId>({1, state_.witness.changed_by, state_.hosts[owner].cut_by,
                             plan_.witness_host == none ? 0 : state_.hosts[plan_.witness_host].cut_by,
                             state_.cluster.network_changed_by});
}

/// The Cluster Group moves to a member that reaches the witness; where none does its vote is switched off (W 2.1).
void Membership::witness_failed(RecordId why) {
  const std::uint64_t candidates = active();
  HostIndex next = none;
  for_each_bit(candidates, [&](HostIndex node) {
    if (next == none && world_.network().reaches_witness(node)) next = node;
  });
  if (next != none) {
    const RecordId moved = engine_.emit(RecordKind::core_group_moved, cluster_id, why, next, 1);
    engine_.emit(RecordKind::witness_taken, cluster_id, moved, next);
    return;
  }
  const RecordId failed = engine_.emit(RecordKind::witness_failed, cluster_id, why);
  reweigh(candidates, failed);
  engine_.arm(Event::witness_retry, 0, 0, engine_.now() + engine_.length(Setting::witness_restart_interval), failed);
}

void Membership::witness_retry(RecordId why) {
  if (!state_.cluster.witness_failed) return;
  const std::uint64_t candidates = active();
  if (candidates == 0 || !witness_reachable(candidates)) {
    return engine_.arm(Event::witness_retry, 0, 0, engine_.now() + engine_.length(Setting::witness_restart_interval),
                       why);
  }
  const RecordId back = engine_.emit(RecordKind::witness_back, cluster_id, why);
  engine_.emit(RecordKind::witness_taken, cluster_id, back, state_.cluster.core_owner);
  reweigh(candidates, back);
  world_.wake(Event::witness_poll, 0);
}

}  // namespace rehearse::world
