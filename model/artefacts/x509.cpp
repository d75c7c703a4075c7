#include "model/artefacts/x509.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <stdexcept>

#include "model/artefacts/held.hpp"
#include "model/artefacts/openssl_der.hpp"

namespace rehearse::model {
namespace {

using Certificate509 = Held<X509, &X509_free>;
using Bio = Held<BIO, &BIO_free_all>;

X509Result refuse(std::string problem, std::string remedy) {
  return {std::nullopt, std::move(problem), std::move(remedy)};
}

constexpr const char* export_it = "export the certificate, without its private key, as a .cer file (DER or Base-64)";

Bio memory_of(std::string_view bytes) {
  return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

/// The seconds of an ASN.1 time, clamped to what a Date can say.
std::optional<Date> to_date(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year(parts.tm_year + 1900),
                                        std::chrono::month(static_cast<unsigned>(parts.tm_mon + 1)),
                                        std::chrono::day(static_cast<unsigned>(parts.tm_mday))};
  const std::chrono::sys_seconds seconds = std::chrono::sys_days(day) + std::chrono::hours(parts.tm_hour) +
                                           std::chrono::minutes(parts.tm_min) + std::chrono::seconds(parts.tm_sec);
  const auto earliest = std::chrono::ceil<std::chrono::seconds>(Date::min());
  const auto latest = std::chrono::floor<std::chrono::seconds>(Date::max());
  return Date(std::clamp(seconds, earliest, latest));
}

void add_name(std::vector<std::string>& names, std::string name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
}

void add_subject_names(X509* certificate, std::vector<std::string>& names) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  for (int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1); at >= 0;
       at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) {
    unsigned char* utf8 = nullptr;
    const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (size < 0) continue;
    add_name(names, std::string(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size)));
    OPENSSL_free(utf8);
  }
}

std::string address_text(const ASN1_OCTET_STRING* address) {
  const unsigned char* bytes = ASN1_STRING_get0_data(address);
  if (ASN1_STRING_length(address) != 4) return {};
  std::string text;
  for (int i = 0; i < 4; ++i) text += (i == 0 ? "" : ".") + std::to_string(bytes[i]);
  return text;
}

void add_alternative_names(X509* certificate, std::vector<std::string>& names) {
  using Names = Held<GENERAL_NAMES, &GENERAL_NAMES_free>;
  const Names all(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  if (!all) return;
  for (int i = 0; i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type == GEN_DNS) {
      const auto* text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName));
      add_name(names, std::string(text, static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName))));
    } else if (name->type == GEN_IPADD) {
      if (std::string address = address_text(name->d.iPAddress); !address.empty()) add_name(names, std::move(address));
    }
  }
}

std::string thumbprint_of(X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (X509_digest(certificate, EVP_sha1(), digest.data(), &size) != 1) {
    throw std::logic_error("SHA-1 of a certificate cannot be computed");
  }
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 15];
  }
  return text;
}

/// Issuer and subject agree and the certificate's own key made its signature. Where that signature cannot be checked
/// (an algorithm that the library refuses), agreement of the names decides.
bool is_self_signed(X509* certificate) {
  const int verified = X509_self_signed(certificate, 1);
  return verified >= 0 ? verified == 1 : X509_self_signed(certificate, 0) == 1;
}

X509Result facts_of(X509* certificate, bool private_key_beside, HostNames names) {
  X509Facts facts;
  const auto begins = to_date(X509_get0_notBefore(certificate));
  const auto ends = to_date(X509_get0_notAfter(certificate));
  if (!begins || !ends) return refuse("its dates cannot be read", "make the certificate anew");
  facts.not_before = *begins;
  facts.not_after = *ends;
  add_subject_names(certificate, facts.common_names);
  add_alternative_names(certificate, facts.common_names);
  facts.thumbprint = thumbprint_of(certificate);
  facts.self_signed = is_self_signed(certificate);
  facts.private_key_beside = private_key_beside;
  facts.der = der_of(certificate);
  if (facts.common_names.empty() && names == HostNames::required) {
    return refuse("it names no host: no CN in its subject and no alternative name",
                  "make a certificate whose CNs hold the host name of the endpoint");
  }
  return {std::move(facts), {}, {}};
}

Certificate509 der_certificate(std::string_view bytes, std::size_t& used) {
  const auto* begin = reinterpret_cast<const unsigned char*>(bytes.data());
  const unsigned char* end = begin;
  Certificate509 certificate(d2i_X509(nullptr, &end, static_cast<long>(bytes.size())));
  used = static_cast<std::size_t>(end - begin);
  return certificate;
}

X509Result read_pem(std::string_view bytes, HostNames names) {
  const Bio bio = memory_of(bytes);
  Certificate509 certificate;
  int certificates = 0;
  bool key = false;
  std::string other;
  while (true) {
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;
    if (PEM_read_bio(bio.get(), &name, &header, &data, &size) != 1) break;
    const std::string_view kind = name;
    if (kind == PEM_STRING_X509 || kind == PEM_STRING_X509_OLD || kind == PEM_STRING_X509_TRUSTED) {
      ++certificates;
      std::size_t used = 0;
      certificate = der_certificate({reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)}, used);
    } else if (kind.ends_with("PRIVATE KEY")) {
      key = true;
    } else {
      other = std::string(kind);
    }
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, static_cast<std::size_t>(size));
  }
  const bool broken_block = ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE;
  if (certificates > 1)
    return refuse("it holds " + std::to_string(certificates) + " certificates", "keep the one that is meant");
  if (certificates == 1 && certificate) return facts_of(certificate.get(), key, names);
  if (certificates == 1) return refuse("its PEM block holds no certificate", "export it again");
  if (key) return refuse("it holds a private key and no certificate", export_it);
  if (!other.empty()) return refuse("it holds a PEM block '" + other + "' and no certificate", export_it);
  if (broken_block) return refuse("its PEM block is damaged", "export it again");
  return refuse("it holds no PEM block", export_it);
}

X509Result read_der(std::string_view bytes, HostNames names) {
  std::size_t used = 0;
  const Certificate509 certificate = der_certificate(bytes, used);
  if (certificate && used == bytes.size()) return facts_of(certificate.get(), false, names);
  if (certificate) {
    return refuse(std::to_string(bytes.size() - used) + " bytes follow the certificate", "export it again");
  }
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto size = static_cast<long>(bytes.size());
  using Pkcs12 = Held<PKCS12, &PKCS12_free>;
  if (const unsigned char* p = at; Pkcs12(d2i_PKCS12(nullptr, &p, size))) {
    return refuse("it is a PFX file, which holds a private key", export_it);
  }
  using PrivateKey = Held<EVP_PKEY, &EVP_PKEY_free>;
  if (const unsigned char* p = at; PrivateKey(d2i_AutoPrivateKey(nullptr, &p, size))) {
    return refuse("it holds a private key and no certificate", export_it);
  }
  const auto printable = [](unsigned char c) { return c >= 0x20 || c == '\t' || c == '\n' || c == '\r'; };
  if (std::all_of(bytes.begin(), bytes.end(), printable)) return refuse("it is text and no certificate", export_it);
  return refuse("it is neither a DER nor a PEM certificate, or it is damaged", export_it);
}

}  // namespace

X509Result read_x509(std::string_view bytes, HostNames names) {
  constexpr std::size_t largest = 1024 * 1024;
  if (bytes.empty()) return refuse("the file is empty", export_it);
  if (bytes.size() > largest) return refuse("the file is too large for a certificate", export_it);
  ERR_clear_error();
  const bool pem = bytes.find("-----BEGIN ") != std::string_view::npos;
  X509Result result = pem ? read_pem(bytes, names) : read_der(bytes, names);
  ERR_clear_error();
  return result;
}

}  // namespace rehearse::model
