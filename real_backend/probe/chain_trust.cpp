#include "real_backend/probe/chain_trust.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <stdexcept>

#include "model/artefacts/held.hpp"
#include "model/artefacts/openssl_der.hpp"

namespace rehearse::real {
namespace {

using model::certificate_of;
using model::CertificateHandle;
using model::CertificatesHandle;
using Store = Held<X509_STORE, &X509_STORE_free>;
using Look = Held<X509_STORE_CTX, &X509_STORE_CTX_free>;
CertificateHandle known_certificate(const std::string& der) {
  CertificateHandle certificate = certificate_of(der);
  if (!certificate) throw std::logic_error("a certificate that was read cannot be read again");
  return certificate;
}

std::string subject_of(X509* certificate) {
  const Held<BIO, &BIO_free_all> bio(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate), 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

/// What the library objects to although the chain as such leads to a root.
bool is_a_doubt(int error) {
  switch (error) {
    case X509_V_ERR_INVALID_PURPOSE:
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
    case X509_V_ERR_INVALID_EXTENSION:
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
    case X509_V_ERR_SUBTREE_MINMAX:
    case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK: return true;
    default: return false;
  }
}

bool is_about_dates(int error) {
  return error == X509_V_ERR_CERT_NOT_YET_VALID || error == X509_V_ERR_CERT_HAS_EXPIRED;
}

void add_once(std::vector<std::string>& list, std::string text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(std::move(text));
}

/// Writes down what the library objects to and lets it go on.
int record(int fine, X509_STORE_CTX* look) {
  if (fine == 1) return 1;
  auto& trust = *static_cast<ChainTrust*>(X509_STORE_CTX_get_app_data(look));
  const int error = X509_STORE_CTX_get_error(look);
  const int depth = X509_STORE_CTX_get_error_depth(look);
  X509_STORE_CTX_set_error(look, X509_V_OK);
  if (depth == 0 && is_about_dates(error)) return 1;
  X509* const certificate = X509_STORE_CTX_get_current_cert(look);
  std::string text = fmt::format("{}: {}", certificate == nullptr ? "the chain" : subject_of(certificate),
                                 X509_verify_cert_error_string(error));
  add_once(is_a_doubt(error) ? trust.doubts : trust.problems, std::move(text));
  return 1;
}

bool is_self_signed(X509* certificate) {
  return X509_self_signed(certificate, 0) == 1;
}

}  // namespace

ChainTrust check_chain(const std::vector<std::string>& shown, const std::vector<std::string>& roots, Date at) {
  if (shown.empty()) throw std::logic_error("a chain without certificates");
  const CertificateHandle own = known_certificate(shown.front());
  const CertificatesHandle others(sk_X509_new_null());
  for (std::size_t i = 1; i < shown.size(); ++i) sk_X509_push(others.get(), known_certificate(shown[i]).release());
  const Store store(X509_STORE_new());
  for (const std::string& root : roots) X509_STORE_add_cert(store.get(), known_certificate(root).get());

  const Look look(X509_STORE_CTX_new());
  if (X509_STORE_CTX_init(look.get(), store.get(), own.get(), others.get()) != 1) {
    throw std::logic_error("OpenSSL cannot look at a chain");
  }
  ChainTrust trust;
  X509_STORE_CTX_set_app_data(look.get(), &trust);
  X509_STORE_CTX_set_verify_cb(look.get(), &record);
  X509_VERIFY_PARAM* const wanted = X509_STORE_CTX_get0_param(look.get());
  // What lies in Root itself is trusted, whoever issued it, and how strong signatures must be is for Windows to say.
  X509_VERIFY_PARAM_set_flags(wanted, X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_auth_level(wanted, 0);
  X509_VERIFY_PARAM_set_purpose(wanted, X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM_set_time(wanted, std::chrono::system_clock::to_time_t(
                                         std::chrono::time_point_cast<std::chrono::system_clock::duration>(at)));
  const int looked = X509_verify_cert(look.get());
  ERR_clear_error();
  if (looked < 0) trust.problems.push_back("OpenSSL could not look at the chain");
  trust.trusted = trust.problems.empty();

  const STACK_OF(X509)* const built = X509_STORE_CTX_get0_chain(look.get());
  if (trust.trusted && built != nullptr && sk_X509_num(built) > 0) {
    X509* const anchor = sk_X509_value(built, sk_X509_num(built) - 1);
    if (!is_self_signed(anchor)) {
      trust.doubts.push_back(fmt::format(
          "{} is trusted as given but not self-signed: whether Windows trusts it from Root without its issuer "
          "is not published",
          subject_of(anchor)));
    }
  }
  return trust;
}

bool fit_for_a_client(const std::string& der) {
  return X509_check_purpose(known_certificate(der).get(), X509_PURPOSE_SSL_CLIENT, 0) == 1;
}

}  // namespace rehearse::real
