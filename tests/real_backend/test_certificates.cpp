#include "tests/real_backend/test_certificates.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdexcept>

#include "model/artefacts/held.hpp"

namespace rehearse::real::loopback {
namespace {

using Certificate509 = Held<X509, &X509_free>;
using Key = Held<EVP_PKEY, &EVP_PKEY_free>;
using Bio = Held<BIO, &BIO_free_all>;

std::string text_in(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

void add_extension(X509* certificate, int kind, const char* value) {
  const Held<X509_EXTENSION, &X509_EXTENSION_free> extension(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value));
  if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) throw std::runtime_error("no extension");
}

TestCertificate make(const CertificateWish& wish, X509* issuer, EVP_PKEY* issuer_key) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate509 certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  const Held<BIGNUM, &BN_free> serial(BN_new());
  BN_rand(serial.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY);
  BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate.get()));
  X509_NAME* const subject = X509_get_subject_name(certificate.get());
  for (const std::string& name : wish.common_names) {
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1,
                               -1, 0);
  }
  X509_set_issuer_name(certificate.get(), issuer == nullptr ? subject : X509_get_subject_name(issuer));
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), wish.begins.count());
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wish.ends.count());
  X509_set_pubkey(certificate.get(), key.get());
  if (wish.authority) add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  if (wish.for_servers_only) add_extension(certificate.get(), NID_ext_key_usage, "serverAuth");
  if (X509_sign(certificate.get(), issuer_key == nullptr ? key.get() : issuer_key, EVP_sha256()) == 0) {
    throw std::runtime_error("a test certificate cannot be signed");
  }
  const Bio certificate_text(BIO_new(BIO_s_mem())), key_text(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(certificate_text.get(), certificate.get());
  PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return {text_in(certificate_text.get()), text_in(key_text.get())};
}

Bio memory_of(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

}  // namespace

model::CertificateWithKey TestCertificate::with_key() const {
  return model::read_certificate_with_key(certificate_pem + key_pem, "").contents.value();
}

model::X509Facts TestCertificate::facts() const {
  return model::read_x509(certificate_pem, model::HostNames::optional).facts.value();
}

TestCertificate self_signed(const CertificateWish& wish) {
  return make(wish, nullptr, nullptr);
}

TestCertificate issued(const CertificateWish& wish, const TestCertificate& issuer) {
  const Bio certificate_text = memory_of(issuer.certificate_pem), key_text = memory_of(issuer.key_pem);
  const Certificate509 certificate(PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr));
  const Key key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
  return make(wish, certificate.get(), key.get());
}

}  // namespace rehearse::real::loopback
