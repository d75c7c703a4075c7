// Which certificate a step means, and where copies of it belong. A design speaks of certificates by name; on real
// machines a certificate is its thumbprint, and that exists only once the certificate does. So steps look for it where
// it was made.
#pragma once

#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/steps/awaitable.hpp"
#include "model/steps/platform.hpp"

namespace rehearse::steps {

/// Where a copy lies: store "Root" or "My", with or without the private key.
struct WantedCopy {
  std::string store;
  bool with_private_key = false;
};

/// The copies that belong on `host`: what the design's `installed` says, or what the article says where it says
/// nothing. A design may leave out a copy on purpose, to see what happens.
std::vector<WantedCopy> wanted_copies(const model::Certificate& certificate, const std::string& host,
                                      std::vector<WantedCopy> by_article);

/// How a certificate comes into being.
enum class CertificateSource {
  file,    // its thumbprint is known: it is imported
  stated,  // its names and end are stated: steps create it
  setup,   // nothing is stated beyond names: Setup creates it
};
CertificateSource source_of(const model::Certificate& certificate);

/// Is `found` the certificate the design means? By thumbprint when that is known, else by names and dates (to the
/// second, which is what X.509 keeps).
bool is_same(const model::Certificate& certificate, const CertificateInfo& found);

/// The thumbprint of the design's certificate among the copies in `store` of `host`; empty: none lies there.
Awaitable<std::string> find_thumbprint(CertificateStore& certificates, std::string host, WantedCopy where,
                                       model::Certificate certificate);

/// Does this very copy lie there? A copy with the private key also serves where none is needed.
Awaitable<bool> has_copy(CertificateStore& certificates, std::string host, std::string thumbprint, WantedCopy where);

/// Copies what is missing of `wanted` from `from` to `to`.
Awaitable<void> copy_missing(CertificateStore& certificates, std::string from, std::string to, std::string thumbprint,
                             std::vector<WantedCopy> wanted);

/// Makes the certificate on `host` (in My, by New-SelfSignedCertificate, or from its file) unless it lies there
/// already, and copies it where it is wanted on that host. Source `file` or `stated` only. What an interruption left is
/// picked up.
Awaitable<void> make_certificate(Platform platform, std::string host, model::Certificate certificate,
                                 std::vector<WantedCopy> wanted);

/// The master certificate of a design, and the node where it was first made.
struct MasterCertificate {
  model::Certificate certificate;
  std::string node;
  std::string service;
};
MasterCertificate master_certificate_of(const model::Design& design);

/// Its thumbprint; not_found where it should lie and does not.
Awaitable<std::string> thumbprint_of(Platform platform, MasterCertificate master);

}  // namespace rehearse::steps
