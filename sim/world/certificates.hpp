// The certificates of both sides: which copy lies in which store of which machine, the dates that a machine shows, and
// what goes wrong with them (S 3). Whoever puts them there is in installation.hpp; who judges them, in
// model/handshake.hpp.
#pragma once

#include "sim/world/world.hpp"

namespace rehearse::world {

/// A certificate that is not self-signed lies in the machine's Root: then http.sys refuses workers (S 3).
bool root_is_polluted(const State& state, HostIndex host);

/// When the certificate that this host shows is valid.
struct Validity {
  Time not_before{}, not_after{};
};
Validity shown_validity(const State& state, HostIndex host, CertificateIndex certificate);

class Certificates : public Subject {
 public:
  using Subject::Subject;

  /// The first or last instant of its validity, of what that host shows or (`none`) of all. Of a host, Time::min() and
  /// Time::max() mean: as it was issued.
  void set_valid_from(CertificateIndex certificate, HostIndex host, Time first, RecordId why);
  void set_valid_until(CertificateIndex certificate, HostIndex host, Time last, RecordId why);

  /// The copy stays, its private key goes.
  void remove_private_key(HostIndex host, CertificateIndex certificate, Store store, RecordId why);
  /// The worker's account may no longer read the key, as after a change of the service account (S 3).
  void take_key_access(WorkerIndex worker, RecordId why);
  void set_root_polluted(HostIndex host, bool polluted, RecordId why);
};

}  // namespace rehearse::world
