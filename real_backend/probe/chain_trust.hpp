// Whether the certificate that a master shows leads to a certificate that a worker trusts. The worker's
// LocalMachine\Root is stood for by the certificates that the operator names; this machine's own store has no say.
#pragma once

#include <string>
#include <vector>

#include "model/units.hpp"

namespace rehearse::real {

struct ChainTrust {
  bool trusted = false;
  /// Why not, and what else is wrong with issuers, in words. The dates of the shown certificate itself are no part of
  /// this: the handshake's rules judge them.
  std::vector<std::string> problems;
  /// What Windows may object to and no rule of the handshake speaks of: purposes, constraints, a certificate in Root
  /// that is not self-signed.
  std::vector<std::string> doubts;
};

/// `shown` is what the master sent, its own certificate first; `roots` are the trusted ones; all DER. Every defect is
/// recorded, none ends the look. Throws std::logic_error for bytes that are no certificate: readers were there before.
ChainTrust check_chain(const std::vector<std::string>& shown, const std::vector<std::string>& roots, Date at);

/// Whether the certificate may be shown by a client, by its key usage and extended key usage.
bool fit_for_a_client(const std::string& der);

}  // namespace rehearse::real
