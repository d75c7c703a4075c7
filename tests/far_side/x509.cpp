#include "tests/far_side/x509.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace far_side {
namespace {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};
using CertificatePtr = std::unique_ptr<X509, Release<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using BioPtr = std::unique_ptr<BIO, Release<BIO_free_all>>;
using Pkcs12Ptr = std::unique_ptr<PKCS12, Release<PKCS12_free>>;

void require(bool good, const char* what) {
  if (!good) throw std::logic_error(std::string("OpenSSL: ") + what);
}

CertificatePtr parse_der(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  return CertificatePtr(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

std::string to_der(X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  require(size > 0, "a certificate without bytes");
  std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

std::string all_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

Instant instant_of(const ASN1_TIME* time) {
  std::tm parts{};
  require(ASN1_TIME_to_tm(time, &parts) == 1, "a date that is none");
  return Instant(std::chrono::seconds(timegm(&parts)));
}

std::string text_of(const ASN1_STRING* string) {
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, string);
  if (size < 0) return "";
  std::string text(reinterpret_cast<char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return text;
}

/// "CN=last, CN=first": Windows shows the names of a subject from its end.
std::string shown(const X509_NAME* name) {
  std::string text;
  for (int i = X509_NAME_entry_count(name) - 1; i >= 0; --i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
    const int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
    if (!text.empty()) text += ", ";
    text += std::string(OBJ_nid2sn(nid)) + "=" + text_of(X509_NAME_ENTRY_get_data(entry));
  }
  return text;
}

void add_extension(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  require(extension != nullptr, "an extension");
  require(X509_add_ext(certificate, extension.get(), -1) == 1, "adding an extension");
}

KeyPtr read_key(const std::string& pem) {
  BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return KeyPtr(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

std::string to_pem(EVP_PKEY* key) {
  BioPtr bio(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1, "writing a key");
  return all_of(bio.get());
}

bool matches_host(const std::string& pattern, const std::string& host) {
  if (pattern.rfind("*.", 0) == 0) {
    const std::size_t dot = host.find('.');
    return dot != std::string::npos && same_text(pattern.substr(1), host.substr(dot));
  }
  return same_text(pattern, host);
}

}  // namespace

std::string hex_of(const std::string& bytes) {
  static const char* digits = "0123456789ABCDEF";
  std::string text;
  for (const char c : bytes) {
    text += digits[static_cast<unsigned char>(c) >> 4];
    text += digits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

std::string sha256_of(const std::string& bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  return {reinterpret_cast<char*>(digest), sizeof digest};
}

std::optional<CertificateFacts> facts_of(const std::string& der) {
  const CertificatePtr certificate = parse_der(der);
  if (!certificate) return std::nullopt;
  CertificateFacts facts;
  unsigned char digest[SHA_DIGEST_LENGTH];
  SHA1(reinterpret_cast<const unsigned char*>(der.data()), der.size(), digest);
  facts.thumbprint = hex_of({reinterpret_cast<char*>(digest), sizeof digest});
  facts.subject = shown(X509_get_subject_name(certificate.get()));
  facts.issuer = shown(X509_get_issuer_name(certificate.get()));
  std::unique_ptr<BIGNUM, Release<BN_free>> number(
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate.get()), nullptr));
  char* serial = BN_bn2hex(number.get());
  facts.serial = serial;
  OPENSSL_free(serial);
  const X509_NAME* subject = X509_get_subject_name(certificate.get());
  for (int i = X509_NAME_get_index_by_NID(subject, NID_commonName, -1); i >= 0;
       i = X509_NAME_get_index_by_NID(subject, NID_commonName, i)) {
    facts.common_names.push_back(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, i))));
  }
  std::unique_ptr<GENERAL_NAMES, Release<GENERAL_NAMES_free>> alternatives(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; alternatives && i < sk_GENERAL_NAME_num(alternatives.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(alternatives.get(), i);
    if (name->type == GEN_DNS) facts.dns_names.push_back(text_of(name->d.dNSName));
  }
  facts.not_before = instant_of(X509_get0_notBefore(certificate.get()));
  facts.not_after = instant_of(X509_get0_notAfter(certificate.get()));
  return facts;
}

bool names_host(const CertificateFacts& facts, const std::string& host) {
  for (const std::string& name : facts.dns_names.empty() ? facts.common_names : facts.dns_names) {
    if (matches_host(name, host)) return true;
  }
  return false;
}

CertificateAndKey make_certificate(const CertificateOrder& order) {
  const KeyPtr key(EVP_RSA_gen(1024));
  require(key != nullptr, "making a key");
  const CertificatePtr certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  BIGNUM* serial = nullptr;
  require(BN_hex2bn(&serial, order.serial_hex.c_str()) > 0, "a serial number");
  BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate.get()));
  BN_free(serial);
  const auto seconds = [](Instant at) {
    return static_cast<std::time_t>(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
  };
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), seconds(order.not_before));
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), seconds(order.not_after));
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  for (const std::string& name : order.common_names) {
    X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  }
  X509_set_issuer_name(certificate.get(), subject);
  X509_set_pubkey(certificate.get(), key.get());
  std::string alternatives;
  for (const std::string& name : order.dns_names) alternatives += (alternatives.empty() ? "DNS:" : ",DNS:") + name;
  if (!alternatives.empty()) add_extension(certificate.get(), NID_subject_alt_name, alternatives);
  add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature,keyEncipherment");
  const EVP_MD* hash = same_text(order.hash, "SHA1") ? EVP_sha1() : EVP_sha256();
  require(X509_sign(certificate.get(), key.get(), hash) > 0, "signing");
  return {to_der(certificate.get()), to_pem(key.get())};
}

std::string to_pkcs12(const CertificateAndKey& content, const std::string& password) {
  const CertificatePtr certificate = parse_der(content.der);
  const KeyPtr key = content.key.empty() ? KeyPtr() : read_key(content.key);
  const Pkcs12Ptr bundle(
      PKCS12_create(password.c_str(), nullptr, key.get(), certificate.get(), nullptr, 0, 0, 0, 0, 0));
  require(bundle != nullptr, "making PKCS#12");
  const BioPtr bio(BIO_new(BIO_s_mem()));
  require(i2d_PKCS12_bio(bio.get(), bundle.get()) == 1, "writing PKCS#12");
  return all_of(bio.get());
}

std::optional<CertificateAndKey> read_pkcs12(const std::string& bytes, const std::string& password) {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  const Pkcs12Ptr bundle(d2i_PKCS12(nullptr, &at, static_cast<long>(bytes.size())));
  if (!bundle) return std::nullopt;
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  if (PKCS12_parse(bundle.get(), password.c_str(), &key, &certificate, nullptr) != 1) return std::nullopt;
  const KeyPtr key_owner(key);
  const CertificatePtr certificate_owner(certificate);
  if (certificate == nullptr) return std::nullopt;
  return CertificateAndKey{to_der(certificate), key == nullptr ? "" : to_pem(key)};
}

std::optional<std::string> read_certificate(const std::string& bytes) {
  if (const CertificatePtr certificate = parse_der(bytes)) return to_der(certificate.get());
  const BioPtr bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  const CertificatePtr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (!certificate) return std::nullopt;
  return to_der(certificate.get());
}

}  // namespace far_side
