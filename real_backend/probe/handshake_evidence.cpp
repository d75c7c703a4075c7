#include "real_backend/probe/handshake_evidence.hpp"

#include <stdexcept>

namespace rehearse::real {

using model::HandshakeFacts;
using model::HandshakeOutcome;

namespace {

constexpr auto count = static_cast<unsigned>(HandshakeOutcome::count_);
constexpr Duration moment = std::chrono::seconds(1);

OutcomeSet defects_of(HandshakeFacts facts) {
  OutcomeSet found;
  for (HandshakeOutcome next = judge(facts); next != HandshakeOutcome::accepted; next = judge(facts)) {
    if (found.has(next)) throw std::logic_error("a defect of a handshake that cannot be mended");
    found.add(next);
    mend(facts, next);
  }
  return found;
}

}  // namespace

OutcomeSet::OutcomeSet(std::initializer_list<HandshakeOutcome> outcomes) {
  for (const HandshakeOutcome outcome : outcomes) add(outcome);
}

OutcomeSet OutcomeSet::every_defect() {
  OutcomeSet all;
  for (unsigned i = 0; i < count; ++i) all.add(static_cast<HandshakeOutcome>(i));
  all.remove(HandshakeOutcome::accepted);
  return all;
}

std::vector<HandshakeOutcome> OutcomeSet::list() const {
  std::vector<HandshakeOutcome> outcomes;
  for (unsigned i = 0; i < count; ++i) {
    const auto outcome = static_cast<HandshakeOutcome>(i);
    if (outcome != HandshakeOutcome::accepted && has(outcome)) outcomes.push_back(outcome);
  }
  if (has(HandshakeOutcome::accepted)) outcomes.push_back(HandshakeOutcome::accepted);
  return outcomes;
}

OutcomeSet HandshakeEvidence::defects() const {
  return defects_of(facts);
}

OutcomeSet HandshakeEvidence::possible() const {
  // The first defect met decides, and the cause needs one of its own, so two unknown defects at a time show all there
  // is; `accepted` stands for "no further one".
  OutcomeSet free = unknown, causes = unknown, found;
  free.add(HandshakeOutcome::accepted);
  causes.keep_only(cause);
  causes.add(HandshakeOutcome::accepted);
  for (const HandshakeOutcome first : free.list()) {
    for (const HandshakeOutcome second : causes.list()) {
      HandshakeFacts assumed = facts;
      bring_about(assumed, first);
      bring_about(assumed, second);
      if (cause.empty() || defects_of(assumed).meets(cause)) found.add(judge(assumed));
    }
  }
  return found;
}

void bring_about(HandshakeFacts& facts, HandshakeOutcome defect) {
  switch (defect) {
    case HandshakeOutcome::accepted: return;
    case HandshakeOutcome::name_not_resolved: facts.name_resolves = false; return;
    case HandshakeOutcome::address_unreachable: facts.address_reachable = false; return;
    case HandshakeOutcome::port_blocked: facts.port_open = false; return;
    case HandshakeOutcome::nothing_listening: facts.listening = false; return;
    case HandshakeOutcome::binding_missing: facts.binding_present = false; return;
    case HandshakeOutcome::binding_key_unusable: facts.binding_key_usable = false; return;
    case HandshakeOutcome::master_not_trusted: facts.master_chain_trusted = false; return;
    case HandshakeOutcome::master_not_yet_valid:
      facts.master_not_before = facts.worker_clock + moment;
      facts.master_not_after = Date::max();
      return;
    case HandshakeOutcome::master_expired:
      facts.master_not_before = Date::min();
      facts.master_not_after = facts.worker_clock - moment;
      return;
    case HandshakeOutcome::host_not_in_names: facts.host_in_master_names = false; return;
    case HandshakeOutcome::thumbprint_mismatch: facts.pinned_thumbprint_matches = false; return;
    case HandshakeOutcome::worker_key_missing: facts.worker_key_present = false; return;
    case HandshakeOutcome::worker_key_inaccessible: facts.worker_key_accessible = false; return;
    case HandshakeOutcome::worker_not_trusted: facts.worker_trusted_at_node = false; return;
    case HandshakeOutcome::worker_not_yet_valid:
      facts.worker_not_before = facts.node_clock + moment;
      facts.worker_not_after = Date::max();
      return;
    case HandshakeOutcome::worker_expired:
      facts.worker_not_before = Date::min();
      facts.worker_not_after = facts.node_clock - moment;
      return;
    case HandshakeOutcome::node_root_polluted: facts.node_root_polluted = true; return;
    case HandshakeOutcome::count_: break;
  }
  throw std::logic_error("unknown outcome of a handshake");
}

void mend(HandshakeFacts& facts, HandshakeOutcome defect) {
  switch (defect) {
    case HandshakeOutcome::accepted: return;
    case HandshakeOutcome::name_not_resolved: facts.name_resolves = true; return;
    case HandshakeOutcome::address_unreachable: facts.address_reachable = true; return;
    case HandshakeOutcome::port_blocked: facts.port_open = true; return;
    case HandshakeOutcome::nothing_listening: facts.listening = true; return;
    case HandshakeOutcome::binding_missing: facts.binding_present = true; return;
    case HandshakeOutcome::binding_key_unusable: facts.binding_key_usable = true; return;
    case HandshakeOutcome::master_not_trusted: facts.master_chain_trusted = true; return;
    case HandshakeOutcome::master_not_yet_valid: facts.master_not_before = Date::min(); return;
    case HandshakeOutcome::master_expired: facts.master_not_after = Date::max(); return;
    case HandshakeOutcome::host_not_in_names: facts.host_in_master_names = true; return;
    case HandshakeOutcome::thumbprint_mismatch: facts.pinned_thumbprint_matches = true; return;
    case HandshakeOutcome::worker_key_missing: facts.worker_key_present = true; return;
    case HandshakeOutcome::worker_key_inaccessible: facts.worker_key_accessible = true; return;
    case HandshakeOutcome::worker_not_trusted: facts.worker_trusted_at_node = true; return;
    case HandshakeOutcome::worker_not_yet_valid: facts.worker_not_before = Date::min(); return;
    case HandshakeOutcome::worker_expired: facts.worker_not_after = Date::max(); return;
    case HandshakeOutcome::node_root_polluted: facts.node_root_polluted = false; return;
    case HandshakeOutcome::count_: break;
  }
  throw std::logic_error("unknown outcome of a handshake");
}

}  // namespace rehearse::real
