// The worker's connection: opening it, losing it, and the certificates on both sides (behaviour.md 5).
#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <stdexcept>
#include <string>

#include "sim/world/certificates.hpp"
#include "sim/world/configuration.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/names.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::world {
namespace {

using model::HandshakeOutcome;
using model::Setting;
using model::Timing;

/// Under sanitizers, in the tests.
#ifdef __SANITIZE_ADDRESS__
constexpr bool checks_itself = true;
#else
constexpr bool checks_itself = false;
#endif

}  // namespace

const Target& Workers::target(WorkerIndex worker) const {
  World::KnownTarget& known = world_.known_target(worker);
  if (known.ways_moved != engine_.ways_moved()) {
    known = {engine_.ways_moved(), world_.network().endpoint_of(worker)};
  } else if (checks_itself && known.target != world_.network().endpoint_of(worker)) {
    throw std::logic_error("workers: a way moved by a record of a kind that moves none");
  }
  return known.target;
}

bool Workers::connected(WorkerIndex worker) const {
  const WorkerState& state = state_.workers[worker];
  if (state.service != Process::running || state.line != Line::open) return false;
  const HostState& peer = state_.hosts[state.peer];
  const bool process = peer.master == Process::running && peer.master_starts == state.peer_process;
  // The address that the worker speaks to must still be on that machine.
  return process && target(worker).host == state.peer && world_.network().master_port_open(state.peer);
}

/// The machine at the other end answers again, and the same process holds the connection.
bool Workers::line_heals(WorkerIndex worker) const {
  const WorkerState& state = state_.workers[worker];
  const HostState& peer = state_.hosts[state.peer];
  return peer.master == Process::running && peer.master_starts == state.peer_process &&
         target(worker).host == state.peer && world_.network().master_port_open(state.peer);
}

/// Whoever has the address now knows nothing of the connection and resets it.
bool Workers::line_is_reset(WorkerIndex worker) const {
  const WorkerState& state = state_.workers[worker];
  const HostIndex host = target(worker).host;
  if (host == none || !world_.network().master_port_open(host)) return false;
  const HostState& peer = state_.hosts[host];
  const bool same = host == state.peer && peer.master == Process::hung && peer.master_starts == state.peer_process;
  return !same;
}

HandshakeOutcome Workers::handshake(WorkerIndex worker, HostIndex node) const {
  const WorkerState& state = state_.workers[worker];
  const HostState& host = state_.hosts[node];
  const HostIndex here = plan_.workers[worker].host;
  const Target& to = target(worker);
  model::HandshakeFacts facts;
  facts.name_resolves = to.name_known;
  facts.address_reachable = to.host == node;
  facts.port_open = world_.network().master_port_open(node);
  facts.listening = world_.network().listening(node, to.port);
  facts.worker_clock = world_.configuration().date_on(here);
  facts.node_clock = world_.configuration().date_on(node);

  const CertificateIndex shown = host.binding;
  facts.binding_present = shown != none && host.binding_port == to.port;
  if (facts.binding_present) {
    const PlacedCertificate* copy = find_placed(node, shown, Store::root, state_);
    if (copy == nullptr) copy = find_placed(node, shown, Store::my, state_);
    facts.binding_key_usable = copy != nullptr && copy->key;
    const CertificateState& certificate = state_.certificates[shown];
    const Validity dates = shown_validity(state_, node, shown);
    facts.master_chain_trusted = find_placed(here, shown, Store::root, state_) != nullptr;
    facts.master_not_before = plan_.date_at(dates.not_before);
    facts.master_not_after = plan_.date_at(dates.not_after);
    facts.host_in_master_names = plan_.certifies(certificate.like, state.endpoint);
    facts.pinned_thumbprint_matches = state.master_certificate == none || state.master_certificate == shown;
  }
  const CertificateIndex own = state.worker_certificate;
  const PlacedCertificate* own_copy = find_placed(here, own, Store::my, state_);
  facts.worker_key_present = own_copy != nullptr && own_copy->key;
  facts.worker_key_accessible = state.key_access;
  if (own_copy != nullptr) {
    const Validity dates = shown_validity(state_, here, own);
    facts.worker_trusted_at_node = find_placed(node, own, Store::root, state_) != nullptr;
    facts.worker_not_before = plan_.date_at(dates.not_before);
    facts.worker_not_after = plan_.date_at(dates.not_after);
  }
  facts.node_root_polluted = root_is_polluted(state_, node);
  return model::judge(facts);
}

Workers::Outlook Workers::outlook(WorkerIndex worker) const {
  const Target& to = target(worker);
  const std::uint64_t addresses = world_.names().addresses_for(worker);
  if (!to.name_known || addresses == 0) return Outlook::no_name;
  if (to.host == none) return Outlook::silent;
  if (to.role != none && (to.place == none || (addresses & bit(to.place)) == 0)) {
    return Outlook::silent;  // all that it knows is dead
  }
  // A port without listener is dropped on default Windows, like a dead host (behaviour.md 1).
  const bool stealth = engine_.count(Setting::stealth_mode) != 0;
  if (!world_.network().master_port_open(to.host)) return Outlook::silent;
  if (!world_.network().listening(to.host, to.port)) return stealth ? Outlook::silent : Outlook::refused;
  return handshake(worker, to.host) == HandshakeOutcome::accepted ? Outlook::opens : Outlook::handshake_fails;
}

/// Whether the worker's next call would do anything that the journal does not know yet.
bool Workers::wants_to_call(WorkerIndex worker) const {
  const WorkerState& state = state_.workers[worker];
  if (state.service != Process::running || !acts(worker)) return false;
  if (state.line == Line::broken) return true;
  if (state.line != Line::closed) return false;
  // Nothing is worth telling again but a refusal.
  if (state.refusal == HandshakeOutcome::accepted || outlook(worker) != Outlook::handshake_fails) return true;
  return handshake(worker, target(worker).host) != state.refusal;
}

void Workers::heed_calls(WorkerIndex worker) {
  // While a call waits, the others wait with it; packages on their own may find that they have waited too long.
  const WorkerState& state = state_.workers[worker];
  if (state.line != Line::hanging && state.line != Line::connecting) {
    world_.wake(Event::agent_beat, worker);
    world_.wake(Event::poll, worker);
  }
  if (state.held == 0) return;
  for (std::uint32_t slot = 0; slot < plan_.slots_per_worker; ++slot) {
    if (run(worker, slot).phase != RunState::Phase::empty) engine_.heed(Event::task_beat, worker, slot);
  }
}

/// A refusal may turn into another answer by itself where the validity of a certificate begins or ends by the clock of
/// the side that looks at it.
Time Workers::validity_alarm(WorkerIndex worker) const {
  const WorkerState& state = state_.workers[worker];
  if (state.line != Line::closed || state.refusal == HandshakeOutcome::accepted) return core::never;
  const Target& to = target(worker);
  const Time asks = state.resolved_until > engine_.now() ? state.resolved_until : core::never;
  return std::min(asks, next_validity_change(worker, to.host));
}

/// The first instant from now on at which the validity of a certificate on the way to this node begins or ends.
Time Workers::next_validity_change(WorkerIndex worker, HostIndex node) const {
  Time change = core::never;
  if (node == none) return change;
  const HostIndex here = plan_.workers[worker].host;
  const auto look = [&](HostIndex shown_by, CertificateIndex certificate, HostIndex seen_by) {
    if (certificate >= state_.certificates.size()) return;
    const Validity dates = shown_validity(state_, shown_by, certificate);
    // Valid up to and including not_after: the first different answer comes a nanosecond later.
    for (Time boundary : {dates.not_before, dates.not_after + Duration(1)}) {
      boundary -= state_.hosts[seen_by].clock_offset;
      if (boundary > engine_.now()) change = std::min(change, boundary);
    }
  };
  look(node, state_.hosts[node].binding, here);
  look(here, state_.workers[worker].worker_certificate, node);
  return change;
}

/// Handshakes happen only when a connection opens, so what a second one would meet is looked at with the heartbeats.
Time Workers::lurking_alarm(WorkerIndex worker) const {
  if (!acts(worker) || !connected(worker)) return core::never;
  const Time change = next_validity_change(worker, state_.workers[worker].peer);
  return change <= plan_.horizon() ? change : core::never;
}

/// A second connection would be refused, and none has been yet: whether two calls overlap matters. .NET opens a second
/// connection to a host when the first is taken, and no third (behaviour.md 5). That the second is closed when the
/// defect begins is assumed; its idle close makes that so within 100 s.
bool Workers::looks_at_calls(WorkerIndex worker) const {
  const WorkerState& state = state_.workers[worker];
  return state.lurking != HandshakeOutcome::accepted && !state.second_refused && connected(worker);
}

/// Of an idle worker only agent heartbeats and polls could meet, and their phases stand: most never do.
bool Workers::beats_may_overlap(WorkerIndex worker) const {
  const WorkerState& state = state_.workers[worker];
  if (!looks_at_calls(worker)) return false;
  const Rhythm& agent = engine_.rhythm(Event::agent_beat, worker);
  const Rhythm& polls = engine_.rhythm(Event::poll, worker);
  if (state.held > 0 || !agent.beats()) return true;
  if (!polls.beats() || !state.knows_enabled) return false;
  constexpr double nearly_all = 0.999999;
  const Duration longest = plan_.sampler(Timing::request).at(nearly_all);
  const std::int64_t step = std::gcd(agent.period.count(), polls.period.count());
  const std::int64_t apart = std::abs((agent.anchor - polls.anchor).count()) % step;
  return std::min(apart, step - apart) <= longest.count();
}

/// A call is made. The one that finds the connection taken fails, and is made again at its next turn (assumed).
void Workers::note_call(WorkerIndex worker, std::string_view purpose, std::uint64_t number, RecordId why) {
  if (!looks_at_calls(worker)) return;
  const WorkerState& state = state_.workers[worker];
  Time& busy = world_.line_busy(worker);
  if (engine_.now() < busy) {
    engine_.emit(RecordKind::second_connection_refused, worker_id(worker), why, state.peer,
                 static_cast<std::int64_t>(state.lurking));
    return;
  }
  busy = engine_.now() + engine_.draw(plan_.sampler(Timing::request), worker_id(worker), purpose, number);
}

void Workers::note_beat(Event event, WorkerIndex worker, std::uint32_t slot, RecordId why) {
  if (!looks_at_calls(worker)) return;
  const std::string purpose = event == Event::agent_beat ? "agent heartbeat"
                              : event == Event::poll     ? "poll"
                                                         : "task heartbeat " + std::to_string(slot);
  const Duration period = engine_.rhythm(event, worker, slot).period;
  note_call(worker, purpose, static_cast<std::uint64_t>(engine_.now().time_since_epoch() / period), why);
}

/// Nothing but its agent heartbeats keeps the connection, and they come too seldom for that: it closes in between.
bool Workers::is_idle_between_beats(WorkerIndex worker) const {
  const WorkerState& state = state_.workers[worker];
  const Duration idle = engine_.length(Setting::idle_close);
  const bool polls = state.knows_enabled && state.held < state.max_tasks && engine_.length(Setting::task_poll) < idle;
  const bool renews = state.held > 0 && state.task_heartbeat < idle;
  return state.agent_heartbeat >= idle && !polls && !renews;
}

/// A scheduled call finds no usable connection.
void Workers::call(WorkerIndex worker, RecordId why) {
  const WorkerState& state = state_.workers[worker];
  // Until it ends, other calls have nothing to do.
  engine_.let_sleep(Event::agent_beat, worker);
  engine_.let_sleep(Event::poll, worker);
  offer_its_sets(worker);
  if (state.line == Line::broken) {
    // The request is sent again and again until the address's new owner resets the connection or TCP gives up.
    const RecordId hangs = engine_.emit(RecordKind::worker_call_hangs, worker_id(worker), why);
    const bool reset = line_is_reset(worker);
    // A peer that hangs holds the connection open, and only the caller's own timeout ends the call (behaviour.md 1).
    const bool held = target(worker).host == state.peer && !reset;
    const Duration length =
        reset ? Duration::zero() : engine_.length(held ? Setting::wcf_send_timeout : Setting::tcp_connect_timeout);
    engine_.arm(Event::line, worker, 0, engine_.now() + length, hangs);
    return;
  }
  world_.names().resolve(worker, why);  // without an answer the attempt ends at once
  const RecordId connecting = engine_.emit(RecordKind::worker_connecting, worker_id(worker), why);
  // Three round trips: TCP, and TLS 1.2 with a client certificate (assumed).
  constexpr int ways = 6;
  const HostIndex there = target(worker).host;
  Duration way = state_.hosts[plan_.workers[worker].host].latency;
  if (there != none) way += state_.hosts[there].latency;
  const Duration handshake = engine_.take(Timing::tls_handshake, worker_id(worker), state.attempts) + ways * way;
  engine_.arm(Event::line, worker, 0, engine_.now() + handshake, connecting);
}

/// What last changed on the way to this node: the record that a success or refusal there is owed to.
RecordId Workers::way_changed_by(WorkerIndex worker, HostIndex node) const {
  RecordId newest = std::max(state_.workers[worker].changed_by, state_.hosts[node].master_changed_by);
  newest = std::max(newest, state_.hosts[node].certificates_changed_by);
  newest = std::max(newest, state_.hosts[plan_.workers[worker].host].certificates_changed_by);
  newest = std::max(newest, state_.hosts[node].cut_by);
  for (const GroupPlan& group : plan_.groups) {
    if (state_.groups[&group - plan_.groups.data()].owner != node) continue;
    for (const ResourceIndex address : group.addresses) {
      newest = std::max(newest, state_.resources[address].changed_by);
    }
  }
  return newest;
}

/// Of the addresses that it knows it is at the one that answers.
bool Workers::tries_live_address(WorkerIndex worker, std::int64_t turn) const {
  const Target& to = target(worker);
  const std::uint32_t place = to.role == none ? 0 : to.place;
  if (place == none) return false;
  const std::uint64_t addresses = world_.names().addresses_for(worker);
  return (addresses & bit(place)) != 0 && std::popcount(addresses & (bit(place) - 1)) == turn;
}

/// With what a handshake would say to it: the worker's log has the one message of S 3 for all of these.
void Workers::call_failed(WorkerIndex worker, CallFailure failure, RecordId why) {
  const Target& to = target(worker);
  const bool no_name = failure == CallFailure::name_unknown || !to.name_known;
  HandshakeOutcome outcome = HandshakeOutcome::address_unreachable;
  if (no_name) {
    outcome = HandshakeOutcome::name_not_resolved;
  } else if (to.host != none) {
    // A worker that knows dead addresses only does not even get to a port that would answer.
    const HandshakeOutcome there = handshake(worker, to.host);
    const bool closed = there == HandshakeOutcome::port_blocked || there == HandshakeOutcome::nothing_listening;
    if (closed) outcome = there;
  }
  engine_.emit(RecordKind::worker_call_failed, worker_id(worker), why, static_cast<std::uint32_t>(outcome),
               static_cast<std::int64_t>(failure));
}

/// How the present attempt to connect stands. The addresses that the name gave are tried one after the other, each
/// until TCP gives up (W 9, A8).
Workers::Attempt Workers::attempt(WorkerIndex worker) const {
  const Duration each = engine_.length(Setting::tcp_connect_timeout);
  const Time since = state_.workers[worker].attempt_since;
  const std::int64_t turn = engine_.now() - since < each ? 0 : (engine_.now() - since) / each;
  const std::uint64_t addresses = world_.names().addresses_for(worker);
  Attempt attempt;
  attempt.begun = since + turn * each;
  attempt.given_up = attempt.begun + each;
  attempt.is_over = addresses != 0 && turn >= std::popcount(addresses);
  if (addresses == 0) {
    attempt.outlook = Outlook::no_name;
  } else if (tries_live_address(worker, turn)) {
    attempt.outlook = outlook(worker);
  }
  return attempt;
}

/// SYN packets go out at once and at two doublings of the retransmission time; then TCP gives up (W 9, A8).
Time Workers::next_packet(WorkerIndex worker, const Attempt& attempt) const {
  for (const Setting packet : {Setting::syn_retry_first, Setting::syn_retry_second}) {
    const Time sent = attempt.begun + engine_.length(packet);
    if (!engine_.is_over(sent, Event::line, worker)) return sent;
  }
  return attempt.given_up;
}

/// Nothing but what heed_attempt() hears of can give one of the next packets an answer: none of them need be an event.
bool Workers::waits_in_vain(WorkerIndex worker, const Attempt& attempt) const {
  if (engine_.tempo() == Tempo::every_beat || attempt.outlook != Outlook::silent || !acts(worker)) return false;
  if (engine_.length(Setting::tcp_connect_timeout) <= engine_.length(Setting::syn_retry_second)) return false;
  // What name servers say may change with the end of what the worker remembers.
  const WorkerState& state = state_.workers[worker];
  return target(worker).role == none || state.resolved_until <= engine_.now() ||
         state.resolved_until >= attempt.given_up;
}

/// Something changed that one of its next packets may notice.
void Workers::heed_attempt(WorkerIndex worker) {
  const Attempt now = attempt(worker);
  if (engine_.due(Event::line, worker) != now.given_up || waits_in_vain(worker, now)) return;
  engine_.hasten(Event::line, worker, 0, std::min(next_packet(worker, now), now.given_up));
}

void Workers::try_connect(WorkerIndex worker, RecordId why) {
  const Attempt now = attempt(worker);
  if (now.is_over) {
    call_failed(worker, CallFailure::timed_out, why);
    return heed_calls(worker);
  }
  switch (now.outlook) {
    case Outlook::no_name: call_failed(worker, CallFailure::name_unknown, why); return heed_calls(worker);
    case Outlook::refused:
      // Refused connections are tried again for about a second before Windows gives up (behaviour.md 1).
      if (engine_.now() - now.begun < std::chrono::seconds(1)) {
        return engine_.arm(Event::line, worker, 0, now.begun + std::chrono::seconds(1), why);
      }
      call_failed(worker, CallFailure::refused, why);
      return heed_calls(worker);
    case Outlook::silent:
      return engine_.arm(Event::line, worker, 0, waits_in_vain(worker, now) ? now.given_up : next_packet(worker, now),
                         why);
    case Outlook::handshake_fails: {
      const HostIndex node = target(worker).host;
      engine_.emit(RecordKind::handshake_refused, worker_id(worker), why, node,
                   static_cast<std::int64_t>(handshake(worker, node)));
      heed_calls(worker);
      return;
    }
    case Outlook::opens: {
      const HostIndex node = target(worker).host;
      const RecordId open = engine_.emit(RecordKind::worker_connected, worker_id(worker), way_changed_by(worker, node),
                                         node, state_.hosts[node].master_starts);
      review_one(worker, open);
      // A worker that has just started opens it with its agent heartbeat, which now arrives.
      if (!state_.workers[worker].knows_enabled) tell_status(worker);
      return;
    }
  }
}

void Workers::line_event(WorkerIndex worker, RecordId why) {
  if (!acts(worker)) return;
  const WorkerState& state = state_.workers[worker];
  if (state.line == Line::hanging) {
    const bool reset = line_is_reset(worker);
    engine_.emit(RecordKind::worker_call_failed, worker_id(worker), why, none,
                 static_cast<std::int64_t>(reset ? CallFailure::reset : CallFailure::timed_out));
    return heed_calls(worker);
  }
  if (state.line == Line::connecting) try_connect(worker, why);
}

}  // namespace rehearse::world
