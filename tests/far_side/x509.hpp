// Real certificates for the far side: X.509 and PKCS#12 by OpenSSL. Keys are short (RSA, 1024 bits), so that a test
// that deploys a hundred times need not wait for them; nothing else about them is small.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/far_side/world.hpp"

namespace far_side {

struct CertificateFacts {
  std::string thumbprint;       // SHA-1, upper-case hex
  std::string subject, issuer;  // as Windows shows them: "CN=SQLFCI, CN=SQL1"
  std::string serial;           // upper-case hex
  Names common_names, dns_names;
  Instant not_before, not_after;
};

/// nullopt for what is no certificate.
std::optional<CertificateFacts> facts_of(const std::string& der);
/// Whether a TLS client that connects to this host takes the certificate for the host's: by the alternative names, and
/// by the common names where there is none.
bool names_host(const CertificateFacts& facts, const std::string& host);

struct CertificateOrder {
  Names common_names, dns_names;
  Instant not_before, not_after;
  std::string serial_hex;  // of an identifier; at most 32 digits
  std::string hash = "SHA256";
};

struct CertificateAndKey {
  std::string der;
  std::string key;  // PEM; empty: none
};

/// Self-signed.
CertificateAndKey make_certificate(const CertificateOrder& order);
std::string to_pkcs12(const CertificateAndKey& content, const std::string& password);
/// nullopt: no PKCS#12, or another password.
std::optional<CertificateAndKey> read_pkcs12(const std::string& bytes, const std::string& password);
/// DER of a certificate given as DER or PEM; nullopt for anything else.
std::optional<std::string> read_certificate(const std::string& bytes);

std::string hex_of(const std::string& bytes);  // upper case
std::string sha256_of(const std::string& bytes);

}  // namespace far_side
