#include "sim/world/certificates.hpp"

#include <algorithm>

#include "sim/world/workers.hpp"

namespace rehearse::world {

bool root_is_polluted(const State& state, HostIndex host) {
  const auto root = placed_in(host, Store::root, state);
  return state.hosts[host].root_polluted || std::any_of(root.begin(), root.end(), [&](const PlacedCertificate& placed) {
           return !state.certificates[placed.certificate].self_signed;
         });
}

Validity shown_validity(const State& state, HostIndex host, CertificateIndex certificate) {
  const CertificateState& issued = state.certificates[certificate];
  Validity validity{issued.not_before, issued.not_after};
  for (const ShownDates& dates : state.shown_dates) {
    if (dates.host != host || dates.certificate != certificate) continue;
    validity = {std::max(validity.not_before, dates.not_before), std::min(validity.not_after, dates.not_after)};
  }
  return validity;
}

void Certificates::set_valid_from(CertificateIndex certificate, HostIndex host, Time first, RecordId why) {
  world_.workers().review(
      engine_.emit(RecordKind::valid_from, certificate_id(certificate), why, host, first.time_since_epoch().count()));
}

void Certificates::set_valid_until(CertificateIndex certificate, HostIndex host, Time last, RecordId why) {
  world_.workers().review(
      engine_.emit(RecordKind::valid_until, certificate_id(certificate), why, host, last.time_since_epoch().count()));
}

void Certificates::remove_private_key(HostIndex host, CertificateIndex certificate, Store store, RecordId why) {
  world_.workers().review(
      engine_.emit(RecordKind::private_key_removed, host_id(host), why, certificate, static_cast<std::int64_t>(store)));
}

void Certificates::take_key_access(WorkerIndex worker, RecordId why) {
  world_.workers().review(engine_.emit(RecordKind::key_access_lost, worker_id(worker), why,
                                       state_.workers[worker].file.worker_certificate));
}

void Certificates::set_root_polluted(HostIndex host, bool polluted, RecordId why) {
  world_.workers().review(engine_.emit(RecordKind::root_polluted, host_id(host), why, none, polluted));
}

}  // namespace rehearse::world
