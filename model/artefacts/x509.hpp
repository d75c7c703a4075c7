// What a certificate file says: the names, the dates and the thumbprint on which every handshake of a Scale Out farm
// hangs (S 3). The files are the ones setup leaves behind (SSISScaleOutMaster.cer) or an export of a certificate store.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/units.hpp"

namespace rehearse::model {

struct X509Facts {
  std::vector<std::string> common_names;  // subject CNs in their order, then alternative names (DNS, IP) not yet named
  Date not_before{}, not_after{};         // clamped to what a Date can say
  std::string thumbprint;                 // SHA-1 of the DER form, 40 upper-case hexadecimal digits
  bool self_signed = false;
  bool private_key_beside = false;  // the file holds a private key, too
  std::string der;                  // the certificate itself
};

struct X509Result {
  std::optional<X509Facts> facts;
  std::string problem, remedy;  // set exactly when there are no facts
};

/// A certificate that names no host is of no use to a farm, but an authority's, or one that a server really shows, may
/// be of that kind.
enum class HostNames : unsigned char { required, optional };

/// Reads one certificate, DER or PEM. Never throws for bad bytes.
X509Result read_x509(std::string_view bytes, HostNames names = HostNames::required);

}  // namespace rehearse::model
