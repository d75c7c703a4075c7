// Faults of certificates, settings, accounts, clocks and names: each puts other values in place of the world's own
// (imposed_values.hpp).
#include <algorithm>
#include <stdexcept>

#include "sim/scenario/fault_injection.hpp"
#include "sim/scenario/settings_change.hpp"
#include "sim/world/certificates.hpp"
#include "sim/world/configuration.hpp"
#include "sim/world/installation.hpp"

namespace rehearse::sim {
namespace {

using world::CertificateIndex;
using world::HostIndex;
using world::none;
using world::RecordId;
using world::State;
using world::Store;
using Kind = Slot::Kind;

constexpr Duration until_valid = std::chrono::hours(24);  // of certificate.not_yet_valid
constexpr std::int64_t without_key = 1, with_key = 2;

/// Those that were issued under the design's name for it: the one that it states, and renewals.
std::vector<CertificateIndex> issued_as(const world::World& world, const std::string& key) {
  std::vector<CertificateIndex> issued;
  const CertificateIndex like = world.plan().find_certificate(key);
  for (CertificateIndex index = 0; index < world.state().certificates.size(); ++index) {
    if (world.state().certificates[index].like == like) issued.push_back(index);
  }
  return issued;
}

bool lies_on(const State& state, HostIndex host, CertificateIndex certificate) {
  return std::any_of(state.placed.begin(), state.placed.end(), [&](const world::PlacedCertificate& copy) {
    return copy.certificate == certificate && (host == none || copy.host == host);
  });
}

std::vector<Store> stores_of(const TimelineEntry& fault) {
  if (fault.store == "My") return {Store::my};
  if (fault.store == "Root") return {Store::root};
  return {Store::my, Store::root};
}

Slot copy_slot(HostIndex host, CertificateIndex certificate, Store store) {
  return {Kind::copy, host, certificate, static_cast<std::uint32_t>(store)};
}

Slot node_slot(Kind kind, HostIndex node) {
  return {kind, node, none, 0};
}

}  // namespace

bool Faults::impose_validity(const TimelineEntry& fault, RecordId why) {
  const HostIndex host = fault.hosts.empty() ? none : host_of(fault);
  const bool expires = fault.fault == FaultKind::certificate_expire;
  const Slot::Kind kind = expires ? Kind::valid_until : Kind::valid_from;
  const core::Time date = expires ? world_.now() : world_.now() + until_valid;
  bool changed = false;
  for (const CertificateIndex certificate : issued_as(world_, fault.certificate)) {
    if (!lies_on(state(), host, certificate)) continue;
    const world::CertificateState& issued = state().certificates[certificate];
    const world::Validity shown = host == none ? world::Validity{issued.not_before, issued.not_after}
                                               : world::shown_validity(state(), host, certificate);
    // It has ended earlier, or begins later, already.
    if (expires ? shown.not_after <= date : shown.not_before >= date) continue;
    changed = imposed_.impose(fault, {kind, host, certificate, 0}, date.time_since_epoch().count(), why) || changed;
  }
  return changed;
}

/// The node shows another certificate of the same names, and its settings file names it. No worker knows it.
bool Faults::impose_other_certificate(const TimelineEntry& fault, Store store, RecordId why) {
  const HostIndex node = host_of(fault);
  const CertificateIndex old = state().hosts[node].binding;
  const Slot binding = node_slot(Kind::binding_certificate, node);
  if (old >= state().certificates.size() || imposed_.is_imposed(binding)) return false;
  const world::CertificateState& like = state().certificates[old];
  const CertificateIndex made = world::Installation(world_).create_certificate(like.like, like.not_after, why);
  imposed_.impose(fault, copy_slot(node, made, store), with_key, why);
  imposed_.impose(fault, binding, made, why);
  if (fault.fault == FaultKind::certificate_replace_on_one_node) {
    const auto field = static_cast<std::uint32_t>(world::MasterField::certificate);
    imposed_.impose(fault, {Kind::master_setting, node, field, 0}, made, why);
  }
  return true;
}

bool Faults::impose_binding(const TimelineEntry& fault, RecordId why) {
  const HostIndex node = host_of(fault);
  const world::HostState& host = state().hosts[node];
  if (host.binding == none) return false;
  if (fault.kind == "missing") return imposed_.impose(fault, node_slot(Kind::binding_certificate, node), none, why);
  if (fault.kind == "other_port") {
    const Slot port = node_slot(Kind::binding_port, node);
    return !imposed_.is_imposed(port) && imposed_.impose(fault, port, host.binding_port + 1, why);
  }
  return impose_other_certificate(fault, Store::my, why);
}

/// Copies that go, or lose their private key.
bool Faults::impose_on_copies(const TimelineEntry& fault, RecordId why) {
  const bool removed = fault.fault == FaultKind::certificate_remove_from_store;
  bool changed = false;
  for (const CertificateIndex certificate : issued_as(world_, fault.certificate)) {
    for (const Store store : stores_of(fault)) {
      const Slot slot = copy_slot(host_of(fault), certificate, store);
      if (!removed && value_in(world_, slot) == 0) continue;
      changed = imposed_.impose(fault, slot, removed ? 0 : without_key, why) || changed;
    }
  }
  return changed;
}

bool Faults::change_certificate(const TimelineEntry& fault, Turn turn, RecordId why) {
  if (turn == Turn::ends) return imposed_.withdraw(fault, why);
  switch (fault.fault) {
    case FaultKind::certificate_expire:
    case FaultKind::certificate_not_yet_valid: return impose_validity(fault, why);
    case FaultKind::certificate_replace_on_one_node: return impose_other_certificate(fault, Store::root, why);
    case FaultKind::certificate_remove_from_store:
    case FaultKind::certificate_key_lost: return impose_on_copies(fault, why);
    case FaultKind::certificate_key_access_lost:
      return imposed_.impose(fault, {Kind::key_access, plan().find_worker(fault.hosts.at(0)), none, 0}, 0, why);
    case FaultKind::certificate_wrong_binding: return impose_binding(fault, why);
    case FaultKind::certificate_root_polluted:
      return imposed_.impose(fault, node_slot(Kind::root_polluted, host_of(fault)), 1, why);
    default: throw std::logic_error("no such fault of a certificate");
  }
}

bool Faults::change_configuration(const TimelineEntry& fault, Turn turn, RecordId why) {
  if (fault.fault == FaultKind::clock_skew) return set_clock(host_of(fault), why);
  if (turn == Turn::ends) return imposed_.withdraw(fault, why);
  switch (fault.fault) {
    case FaultKind::configuration_settings_changed_on_one_node: {
      const SlotValue change = slot_of(world_, fault);
      return imposed_.impose(fault, change.slot, change.value, why);
    }
    case FaultKind::configuration_account_password_expired: {
      const world::Account account = fault.account == "master" ? world::Account::master : world::Account::worker;
      return imposed_.impose(fault, {Kind::password_expired, static_cast<std::uint32_t>(account), none, 0}, 1, why);
    }
    case FaultKind::configuration_service_start_type_automatic: {
      const HostIndex node = host_of(fault);
      const bool installed = state().hosts[node].master != world::Process::absent;
      return installed && imposed_.impose(fault, node_slot(Kind::start_type, node), 1, why);
    }
    case FaultKind::master_cannot_log_in: {
      const world::TextIndex account = plan().find_text(plan().design().scale_out.master.account);
      return imposed_.impose(fault, {Kind::admin, account, none, 0}, 0, why);
    }
    case FaultKind::name_service_dns_stale:
      return imposed_.impose(fault, {Kind::replication_stopped, plan().find_group(fault.role), none, 0}, 1, why);
    default: throw std::logic_error("no such fault of the configuration");
  }
}

/// A clock is wrong by all that the standing faults put on it.
bool Faults::set_clock(HostIndex host, RecordId why) {
  Duration ahead{};
  for (const Standing& one : standing_) {
    if (one.fault->fault == FaultKind::clock_skew && host_of(*one.fault) == host) ahead += one.fault->length;
  }
  if (state().hosts[host].clock_offset == ahead) return false;
  world_.configuration().set_clock(host, ahead, why);
  return true;
}

}  // namespace rehearse::sim
