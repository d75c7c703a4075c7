// Between OpenSSL's certificates and keys and bytes that need no OpenSSL. The types are OpenSSL's X509, STACK_OF(X509)
// and EVP_PKEY by their tags, so that this header needs none of its own.
#pragma once

#include <memory>
#include <string>

#include "model/artefacts/certificate_with_key.hpp"

struct x509_st;
struct stack_st_X509;
struct evp_pkey_st;

namespace rehearse::model {

struct FreeCertificate {
  void operator()(x509_st* certificate) const;
  void operator()(stack_st_X509* certificates) const;  // with what it holds
};
using CertificateHandle = std::unique_ptr<x509_st, FreeCertificate>;
using CertificatesHandle = std::unique_ptr<stack_st_X509, FreeCertificate>;

std::string der_of(x509_st* certificate);
CertificateHandle certificate_of(const std::string& der);  // null: it is none

PrivateKey pkcs8_of(evp_pkey_st* key);

}  // namespace rehearse::model
