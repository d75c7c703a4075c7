// Real certificates with real dates, made at the time of the test.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "model/artefacts/certificate_with_key.hpp"

namespace rehearse::real::loopback {

struct CertificateWish {
  std::vector<std::string> common_names;
  std::chrono::seconds begins = -std::chrono::hours(24);  // from now
  std::chrono::seconds ends = std::chrono::hours(24 * 365);
  bool authority = false;  // may issue others
  bool for_servers_only = false;
};

struct TestCertificate {
  std::string certificate_pem, key_pem;

  model::CertificateWithKey with_key() const;
  model::X509Facts facts() const;
};

TestCertificate self_signed(const CertificateWish& wish);
TestCertificate issued(const CertificateWish& wish, const TestCertificate& issuer);

}  // namespace rehearse::real::loopback
