#include "model/artefacts/pkcs12.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

#include <stdexcept>

#include "model/artefacts/held.hpp"
#include "model/artefacts/openssl_der.hpp"
#include "model/artefacts/password_work.hpp"

namespace rehearse::model {
namespace {

constexpr std::size_t largest_file = 1024 * 1024;

using Pkcs12 = Held<PKCS12, &PKCS12_free>;
using Key = Held<EVP_PKEY, &EVP_PKEY_free>;

/// A library context of its own, so that ciphers of the past can be read here and stay unusable everywhere else.
class ReadingContext {
 public:
  ReadingContext() : context_(OSSL_LIB_CTX_new()) {
    if (!context_) throw std::logic_error("OpenSSL gives no library context");
    default_.reset(OSSL_PROVIDER_load(context_.get(), "default"));
    legacy_.reset(OSSL_PROVIDER_load(context_.get(), "legacy"));
  }
  OSSL_LIB_CTX* get() const { return context_.get(); }
  bool has_legacy() const { return legacy_ != nullptr; }

 private:
  Held<OSSL_LIB_CTX, &OSSL_LIB_CTX_free> context_;
  Held<OSSL_PROVIDER, &OSSL_PROVIDER_unload> default_, legacy_;
};

CertificateWithKeyResult refuse(std::string problem, std::string remedy) {
  return {std::nullopt, std::move(problem), std::move(remedy)};
}

Pkcs12 parse(std::string_view bytes, std::size_t& used, OSSL_LIB_CTX* context) {
  PKCS12* file = PKCS12_init_ex(NID_pkcs7_data, context, nullptr);
  const auto* begin = reinterpret_cast<const unsigned char*>(bytes.data());
  const unsigned char* end = begin;
  PKCS12* const parsed = d2i_PKCS12(&file, &end, static_cast<long>(bytes.size()));
  used = static_cast<std::size_t>(end - begin);
  return Pkcs12(parsed);  // d2i frees what it was given when it fails
}

/// Why the library could not open it, from the errors that it left behind, the innermost first.
CertificateWithKeyResult refuse_for_library(bool has_legacy) {
  bool unsupported = false, wrong_password = false;
  while (const unsigned long error = ERR_get_error()) {
    const int reason = ERR_GET_REASON(error);
    if (ERR_GET_LIB(error) == ERR_LIB_PKCS12 && reason == PKCS12_R_MAC_VERIFY_FAILURE) wrong_password = true;
    if (reason == ERR_R_UNSUPPORTED || (ERR_GET_LIB(error) == ERR_LIB_EVP && reason == EVP_R_UNSUPPORTED_ALGORITHM)) {
      unsupported = true;
    }
  }
  if (wrong_password) {
    return refuse("its password is another one, or it is damaged", "give the password that was chosen at the export");
  }
  if (unsupported) {
    return refuse(has_legacy ? "it is encrypted in a way that OpenSSL does not know"
                             : "it is encrypted in a way that OpenSSL reads only with its legacy provider, which is "
                               "not installed here",
                  "export it again with AES256-SHA256, or install OpenSSL's legacy provider");
  }
  return refuse("it is damaged", "export it again");
}

}  // namespace

bool looks_like_pkcs12(std::string_view bytes) {
  if (bytes.empty() || bytes.size() > largest_file) return false;
  std::size_t used = 0;
  const Pkcs12 file = parse(bytes, used, nullptr);
  ERR_clear_error();
  return file != nullptr;
}

CertificateWithKeyResult read_pkcs12(std::string_view bytes, const std::string& password) {
  if (bytes.size() > largest_file) return refuse("the file is too large for a certificate", "export one certificate");
  ERR_clear_error();
  const ReadingContext context;
  std::size_t used = 0;
  const Pkcs12 file = parse(bytes, used, context.get());
  ERR_clear_error();
  if (!file) return refuse("it is no PKCS#12 file, or it is damaged", "export it again as a .pfx file");
  if (used != bytes.size()) {
    return refuse(std::to_string(bytes.size() - used) + " bytes follow the PKCS#12 data", "export it again");
  }
  if (!is_affordable(file.get(), password)) return refuse("its iteration count is out of reason", "export it again");
  EVP_PKEY* key_found = nullptr;
  X509* certificate_found = nullptr;
  STACK_OF(X509)* others_found = nullptr;
  const int opened = PKCS12_parse(file.get(), password.c_str(), &key_found, &certificate_found, &others_found);
  const Key key(key_found);
  CertificateHandle certificate(certificate_found);
  const CertificatesHandle others(others_found);
  if (opened != 1) return refuse_for_library(context.has_legacy());
  ERR_clear_error();

  const int count = others ? sk_X509_num(others.get()) : 0;
  if (key && !certificate) {
    return refuse(count == 0 ? "it holds a private key and no certificate"
                             : "none of its certificates belongs to its private key",
                  "export the certificate together with its private key");
  }
  if (!certificate && count == 1) certificate.reset(sk_X509_pop(others.get()));
  if (!certificate) {
    return refuse("it holds " + std::to_string(count) + " certificates and no private key",
                  "export the one certificate that is meant, with its private key");
  }
  X509Result facts = read_x509(der_of(certificate.get()), HostNames::optional);
  if (!facts.facts) return refuse(std::move(facts.problem), std::move(facts.remedy));
  CertificateWithKey contents{std::move(*facts.facts), {}, {}};
  if (key) contents.key = pkcs8_of(key.get());
  contents.certificate.private_key_beside = !contents.key.empty();
  for (int i = 0; others && i < sk_X509_num(others.get()); ++i) {
    contents.issuers.push_back(der_of(sk_X509_value(others.get(), i)));
  }
  return {std::move(contents), {}, {}};
}

}  // namespace rehearse::model
