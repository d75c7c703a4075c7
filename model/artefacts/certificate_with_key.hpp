// A certificate together with its private key, as a worker needs it to show itself: a PKCS#12 file (.pfx, what Windows
// exports) or a PEM file with both. The key is here to be used in a handshake, never to be shown or written.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/artefacts/x509.hpp"

namespace rehearse::model {

/// Bytes that are wiped when they are let go.
class PrivateKey {
 public:
  PrivateKey() = default;  // none
  explicit PrivateKey(std::string pkcs8_der) : bytes_(std::move(pkcs8_der)) {}
  ~PrivateKey();
  PrivateKey(const PrivateKey&) = default;
  PrivateKey(PrivateKey&& other) noexcept;
  PrivateKey& operator=(PrivateKey other) noexcept;

  bool empty() const { return bytes_.empty(); }
  const std::string& reveal() const { return bytes_; }  // PKCS#8, DER, not encrypted

 private:
  std::string bytes_;
};

struct CertificateWithKey {
  X509Facts certificate;  // private_key_beside: whether the key was there
  PrivateKey key;
  std::vector<std::string> issuers;  // the file's other certificates, DER
};

struct CertificateWithKeyResult {
  std::optional<CertificateWithKey> contents;
  std::string problem, remedy;  // set exactly when there are no contents; never hold the password
};

/// PKCS#12, PEM or, without a key, DER. A file without a key is read, too: that a worker has none is a finding. A key
/// that belongs to another certificate is refused. `password` opens the file or its key; empty where there is none.
/// Never throws for bad bytes.
CertificateWithKeyResult read_certificate_with_key(std::string_view bytes, const std::string& password);

}  // namespace rehearse::model
