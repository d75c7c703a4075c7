#include "model/artefacts/certificate_with_key.hpp"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>

#include "model/artefacts/held.hpp"
#include "model/artefacts/openssl_der.hpp"
#include "model/artefacts/password_work.hpp"
#include "model/artefacts/pkcs12.hpp"

namespace rehearse::model {

namespace {

using Bio = Held<BIO, &BIO_free_all>;
using Key = Held<EVP_PKEY, &EVP_PKEY_free>;

CertificateWithKeyResult refuse(std::string problem, std::string remedy) {
  return {std::nullopt, std::move(problem), std::move(remedy)};
}

Bio memory_of(std::string_view bytes) {
  return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

/// Every certificate of the file, DER, in its order.
std::vector<std::string> certificates_in(std::string_view bytes) {
  std::vector<std::string> all;
  const Bio bio = memory_of(bytes);
  while (const CertificateHandle certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    all.push_back(der_of(certificate.get()));
  }
  return all;
}

/// Gives the library the password, or none; never asks at the terminal.
int give_password(char* into, int size, int /*writing*/, void* given) {
  const std::string& password = *static_cast<const std::string*>(given);
  if (password.empty() || password.size() > static_cast<std::size_t>(size)) return -1;
  std::copy(password.begin(), password.end(), into);
  return static_cast<int>(password.size());
}

bool belongs_to(const std::string& certificate_der, EVP_PKEY* key) {
  const CertificateHandle certificate = certificate_of(certificate_der);
  return certificate && X509_check_private_key(certificate.get(), key) == 1;
}

CertificateWithKeyResult read_pem(std::string_view bytes, const std::string& password) {
  std::vector<std::string> all = certificates_in(bytes);
  ERR_clear_error();
  if (all.empty()) {
    X509Result told = read_x509(bytes, HostNames::optional);  // it finds the words for what is there instead
    return refuse(std::move(told.problem), "write the certificate and its private key into one PEM file");
  }
  const Bio bio = memory_of(bytes);
  const bool holds_key = bytes.find("PRIVATE KEY-----") != std::string_view::npos;
  if (holds_key && !is_affordable_pem(bytes)) {
    return refuse("the iteration count of its private key is out of reason", "encrypt the key again");
  }
  const Key key(holds_key
                    ? PEM_read_bio_PrivateKey(bio.get(), nullptr, &give_password, const_cast<std::string*>(&password))
                    : nullptr);
  if (holds_key && !key) {
    const bool encrypted = bytes.find("ENCRYPTED") != std::string_view::npos;
    return refuse(encrypted ? "its private key is encrypted, and the password given does not open it"
                            : "its private key is damaged",
                  encrypted ? "give the key's password" : "write the key again");
  }
  std::size_t own = 0;  // without a key the first certificate is meant
  if (key) {
    while (own < all.size() && !belongs_to(all[own], key.get())) ++own;
    if (own == all.size()) {
      return refuse("its private key belongs to another certificate", "put the certificate and its own key together");
    }
  }
  X509Result facts = read_x509(all[own], HostNames::optional);
  if (!facts.facts) return refuse(std::move(facts.problem), std::move(facts.remedy));
  CertificateWithKey contents{std::move(*facts.facts), {}, {}};
  all.erase(all.begin() + static_cast<std::ptrdiff_t>(own));
  contents.issuers = std::move(all);
  if (key) contents.key = pkcs8_of(key.get());
  contents.certificate.private_key_beside = !contents.key.empty();
  return {std::move(contents), {}, {}};
}

}  // namespace

PrivateKey::~PrivateKey() {
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

PrivateKey::PrivateKey(PrivateKey&& other) noexcept {
  bytes_.swap(other.bytes_);
}

PrivateKey& PrivateKey::operator=(PrivateKey other) noexcept {
  bytes_.swap(other.bytes_);
  return *this;
}

CertificateWithKeyResult read_certificate_with_key(std::string_view bytes, const std::string& password) {
  constexpr std::size_t largest = 1024 * 1024;
  if (bytes.empty()) return refuse("the file is empty", "export the certificate with its private key");
  if (bytes.size() > largest) return refuse("the file is too large for a certificate", "export one certificate");
  ERR_clear_error();
  if (bytes.find("-----BEGIN ") != std::string_view::npos) {
    CertificateWithKeyResult result = read_pem(bytes, password);
    ERR_clear_error();
    return result;
  }
  if (looks_like_pkcs12(bytes)) return read_pkcs12(bytes, password);
  X509Result facts = read_x509(bytes, HostNames::optional);
  if (!facts.facts) return refuse(std::move(facts.problem), "export the certificate with its private key as .pfx");
  return {CertificateWithKey{std::move(*facts.facts), {}, {}}, {}, {}};
}

}  // namespace rehearse::model
