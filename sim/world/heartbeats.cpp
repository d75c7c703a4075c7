// Heartbeats: how a node learns that a peer is gone (W 1.1, 1.2; A4). A peer is silent when its last good beat is
// Threshold x Delay ago, at the node's own next check. No beat is an event while nothing changes: which of the beats
// since the last change arrived is a question with a fixed answer, one draw a beat where some are lost.
#include <algorithm>

#include "sim/world/membership.hpp"
#include "sim/world/network.hpp"

namespace rehearse::world {

using model::Setting;

namespace {

/// How far ahead the beats of a lossy route are looked at; then the check looks again.
constexpr int beats_ahead = 512;

}  // namespace

Duration Membership::silence_limit(HostIndex node, HostIndex peer) const {
  switch (world_.network().distance(node, peer)) {
    case Network::Distance::same_subnet:
      return engine_.count(Setting::same_subnet_threshold) * engine_.length(Setting::same_subnet_delay);
    case Network::Distance::cross_subnet:
      return engine_.count(Setting::cross_subnet_threshold) * engine_.length(Setting::cross_subnet_delay);
    case Network::Distance::cross_site:
      return engine_.count(Setting::cross_site_threshold) * engine_.length(Setting::cross_site_delay);
  }
  return {};
}

bool Membership::beat_arrives(HostIndex node, HostIndex peer, Time beat) const {
  const double loss = world_.hearing(node, peer).loss;
  if (loss <= 0 || loss >= 1) return loss <= 0;
  const Rhythm& rhythm = engine_.rhythm(Event::heartbeat, node, peer);
  const std::uint64_t starts = state_.hosts[node].service_starts + state_.hosts[peer].service_starts;
  const auto number = static_cast<std::uint64_t>((beat - rhythm.anchor) / rhythm.period);
  const core::Stream stream = plan_.stream(host_id(node), "loss of heartbeats from " + plan_.hosts[peer].name);
  return engine_.unit(stream, starts << 40 | number) >= loss;
}

/// The last beat of the peer that arrived, up to now.
Time Membership::last_good_beat(HostIndex node, HostIndex peer) const {
  const World::Hearing& hearing = world_.hearing(node, peer);
  const Rhythm& rhythm = engine_.rhythm(Event::heartbeat, node, peer);
  const Time known = std::max(hearing.heard, rhythm.anchor);
  if (hearing.loss >= 1) return known;
  const Time from = std::max(hearing.since, rhythm.anchor + Duration(1));
  for (Time beat = engine_.last_beat(Event::heartbeat, node, peer); beat != core::never && beat >= from;
       beat -= rhythm.period) {
    if (beat_arrives(node, peer, beat)) return beat;
  }
  return known;
}

RecordId Membership::silence_matters(HostIndex node, HostIndex peer) const {
  const HostState& host = state_.hosts[node];
  if (host.service != ClusterService::up || host.frozen || (host.silent & bit(peer)) != 0) return 0;
  const World::Hearing& hearing = world_.hearing(node, peer);
  const Duration limit = silence_limit(node, peer);
  if (hearing.loss <= 0) {
    // The usual case: the last beat arrived.
    const Time beat = engine_.last_beat(Event::heartbeat, node, peer);
    if (beat != core::never && beat >= hearing.since && beat + limit > engine_.now()) return 0;
  }
  if (last_good_beat(node, peer) + limit > engine_.now()) return 0;
  const RecordId changed = std::max(state_.hosts[peer].cut_by, host.cut_by);
  return std::max<RecordId>({1, changed, state_.cluster.network_changed_by, state_.hosts[peer].left_by});
}

/// The first instant, from now on, from which a check might find the peer silent, or from which beats must be looked at
/// again.
Time Membership::silence_alarm(HostIndex node, HostIndex peer) const {
  const HostState& host = state_.hosts[node];
  if (host.service != ClusterService::up || host.frozen || (host.silent & bit(peer)) != 0) return core::never;
  const Rhythm& rhythm = engine_.rhythm(Event::heartbeat, node, peer);
  if (!rhythm.beats()) return core::never;
  const Duration limit = silence_limit(node, peer);
  const double loss = world_.hearing(node, peer).loss;
  Time good = last_good_beat(node, peer);
  const auto ahead = [&](Time due) { return std::max(due, engine_.now()); };
  if (loss >= 1) return ahead(good + limit);
  // The first beat from now on; one of this instant has come already or comes before the check.
  const Duration since_anchor = engine_.now() - rhythm.anchor;
  const std::int64_t passed = (since_anchor + rhythm.period - Duration(1)) / rhythm.period;
  Time beat = rhythm.anchor + std::max<std::int64_t>(passed, 1) * rhythm.period;
  if (loss <= 0) return beat > good + limit ? ahead(good + limit) : core::never;
  for (int number = 0; number < beats_ahead; ++number, beat += rhythm.period) {
    if (beat > good + limit) return ahead(good + limit);
    if (beat_arrives(node, peer, beat)) good = beat;
  }
  return beat;
}

void Membership::heed_silence(HostIndex node, HostIndex peer) {
  if (const Time alarm = silence_alarm(node, peer); alarm != core::never) {
    engine_.heed(Event::silence, node, peer, alarm);
  }
}

void Membership::silence(HostIndex node, HostIndex peer, RecordId why) {
  peer_is_silent(node, peer, why);
}

/// Its own card is down: every peer that it now has no route to is silent at once (behaviour.md 2).
void Membership::link_noticed(HostIndex node, RecordId why) {
  const Network network = world_.network();
  for (HostIndex peer = 0; peer < plan_.node_count; ++peer) {
    const bool watched = peer != node && engine_.rhythm(Event::heartbeat, node, peer).beats();
    if (watched && !network.hears(node, peer)) peer_is_silent(node, peer, why);
  }
}

void Membership::peer_is_silent(HostIndex node, HostIndex peer, RecordId why) {
  const HostState& host = state_.hosts[node];
  if ((host.silent & bit(peer)) != 0 || host.service != ClusterService::up || host.frozen) return;
  const RecordId silent = engine_.emit(RecordKind::peer_silent, host_id(node), why, peer);
  begin_regroup(node, silent);
}

void Membership::watch(HostIndex listener, HostIndex peer) {
  const auto distance = world_.network().distance(listener, peer);
  const Setting setting = distance == Network::Distance::same_subnet    ? Setting::same_subnet_delay
                          : distance == Network::Distance::cross_subnet ? Setting::cross_subnet_delay
                                                                        : Setting::cross_site_delay;
  const Duration delay = engine_.length(setting);
  const std::uint64_t ordinal = state_.hosts[listener].service_starts + state_.hosts[peer].service_starts;
  const auto phase = [&](std::string_view purpose) {
    const double u = engine_.unit(host_id(listener), std::string(purpose) + plan_.hosts[peer].name, ordinal);
    return Duration(static_cast<std::int64_t>(u * static_cast<double>(delay.count())));
  };
  engine_.start_rhythm(Event::heartbeat, listener, peer, engine_.now() - phase("heartbeat from "), delay);
  engine_.start_rhythm(Event::silence, listener, peer, engine_.now() - phase("check of "), delay);
  world_.hearing(listener, peer) = {engine_.now(), engine_.now(), world_.network().heartbeat_loss(listener, peer)};
  heed_silence(listener, peer);
}

void Membership::stop_watching(HostIndex listener, HostIndex peer) {
  engine_.stop_rhythm(Event::heartbeat, listener, peer);
  engine_.stop_rhythm(Event::silence, listener, peer);
  world_.hearing(listener, peer) = {};
}

}  // namespace rehearse::world
