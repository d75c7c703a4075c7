#include "model/artefacts/openssl_der.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <stdexcept>

#include "model/artefacts/held.hpp"

namespace rehearse::model {
namespace {

std::string text_of(const unsigned char* bytes, int size) {
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

}  // namespace

void FreeCertificate::operator()(x509_st* certificate) const {
  X509_free(certificate);
}

void FreeCertificate::operator()(stack_st_X509* certificates) const {
  sk_X509_pop_free(certificates, X509_free);
}

std::string der_of(x509_st* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  if (size < 0) throw std::logic_error("a certificate that was read cannot be written");
  std::string der = text_of(bytes, size);
  OPENSSL_free(bytes);
  return der;
}

CertificateHandle certificate_of(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  return CertificateHandle(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

PrivateKey pkcs8_of(evp_pkey_st* key) {
  const Held<PKCS8_PRIV_KEY_INFO, &PKCS8_PRIV_KEY_INFO_free> info(EVP_PKEY2PKCS8(key));
  unsigned char* bytes = nullptr;
  const int size = info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), &bytes) : -1;
  if (size < 0) throw std::logic_error("a private key that was read cannot be written");
  PrivateKey result(text_of(bytes, size));
  OPENSSL_clear_free(bytes, static_cast<std::size_t>(size));
  return result;
}

}  // namespace rehearse::model
