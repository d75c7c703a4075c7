// What can be asked of one host's LocalMachine certificate stores and http.sys bindings (S 3).
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "model/steps/answer.hpp"
#include "model/steps/request.hpp"

namespace rehearse::steps::certificate_store {

struct OnHost {
  std::string host;
  explicit OnHost(std::string the_host) : host(std::move(the_host)) {}
  auto fields() const { return std::tie(host); }
  friend bool operator==(const OnHost&, const OnHost&) = default;
};

/// Every certificate in Root and My; answers certificates, one a copy.
struct List : Query<OnHost> {
  using Query::Query;
  static constexpr std::string_view name = "List";
};

struct NewCertificate {
  std::string host;
  std::vector<std::string> names;
  Date not_before;
  Date not_after;
  NewCertificate(std::string the_host, std::vector<std::string> the_names, Date the_not_before, Date the_not_after)
      : host(std::move(the_host)), names(std::move(the_names)), not_before(the_not_before), not_after(the_not_after) {}
  auto fields() const { return std::tie(host, names, not_before, not_after); }
  friend bool operator==(const NewCertificate&, const NewCertificate&) = default;
};

/// A self-signed certificate with an exportable key, in My: New-SelfSignedCertificate writes nowhere else (S 3).
/// Answers the thumbprint.
struct Create : Change<NewCertificate> {
  using Change::Change;
  static constexpr std::string_view name = "Create";
};

/// A certificate that exists as a file: `certificate` is its name in the design, `info` what it is and where it shall
/// lie.
struct CertificateFromFile {
  std::string host;
  std::string certificate;
  CertificateInfo info;
  CertificateFromFile(std::string the_host, std::string the_certificate, CertificateInfo the_info)
      : host(std::move(the_host)), certificate(std::move(the_certificate)), info(std::move(the_info)) {}
  auto fields() const { return std::tie(host, certificate, info); }
  friend bool operator==(const CertificateFromFile&, const CertificateFromFile&) = default;
};

/// From the file that the platform knows under that name, with the private key where `info` says so.
struct Import : Change<CertificateFromFile> {
  using Change::Change;
  static constexpr std::string_view name = "Import";
};

/// From whichever store of `from` holds it (with the key, when that is wanted) into `store` of `host`. Both may be the
/// same.
struct CopyOfCertificate {
  std::string from;
  std::string host;
  std::string thumbprint;
  std::string store;
  bool with_private_key;
  CopyOfCertificate(std::string the_from, std::string the_host, std::string the_thumbprint, std::string the_store,
                    bool the_with_private_key)
      : from(std::move(the_from)),
        host(std::move(the_host)),
        thumbprint(std::move(the_thumbprint)),
        store(std::move(the_store)),
        with_private_key(the_with_private_key) {}
  auto fields() const { return std::tie(from, host, thumbprint, store, with_private_key); }
  friend bool operator==(const CopyOfCertificate&, const CopyOfCertificate&) = default;
};

/// Export and import (S 3, 4.1); the exported file does not stay behind.
struct Copy : Change<CopyOfCertificate> {
  using Change::Change;
  static constexpr std::string_view name = "Copy";
};

struct CopyInStore {
  std::string host;
  std::string thumbprint;
  std::string store;
  CopyInStore(std::string the_host, std::string the_thumbprint, std::string the_store)
      : host(std::move(the_host)), thumbprint(std::move(the_thumbprint)), store(std::move(the_store)) {}
  auto fields() const { return std::tie(host, thumbprint, store); }
  friend bool operator==(const CopyInStore&, const CopyInStore&) = default;
};

/// Removes that copy, and its private key with it.
struct Remove : Change<CopyInStore> {
  using Change::Change;
  static constexpr std::string_view name = "Remove";
};

struct PortOnHost {
  std::string host;
  int port;
  PortOnHost(std::string the_host, int the_port) : host(std::move(the_host)), port(the_port) {}
  auto fields() const { return std::tie(host, port); }
  friend bool operator==(const PortOnHost&, const PortOnHost&) = default;
};

/// The http.sys binding of 0.0.0.0:port; answers the list [thumbprint, store], or an empty one.
struct Binding : Query<PortOnHost> {
  using Query::Query;
  static constexpr std::string_view name = "Binding";
};

struct BindingOfPort {
  std::string host;
  int port;
  std::string thumbprint;
  std::string store;
  BindingOfPort(std::string the_host, int the_port, std::string the_thumbprint, std::string the_store)
      : host(std::move(the_host)), port(the_port), thumbprint(std::move(the_thumbprint)), store(std::move(the_store)) {}
  auto fields() const { return std::tie(host, port, thumbprint, store); }
  friend bool operator==(const BindingOfPort&, const BindingOfPort&) = default;
};

/// Replaces the binding of 0.0.0.0:port and keeps its appid (S 3).
struct Bind : Change<BindingOfPort> {
  using Change::Change;
  static constexpr std::string_view name = "Bind";
};

struct AccountAndKey {
  std::string host;
  std::string thumbprint;
  std::string account;
  AccountAndKey(std::string the_host, std::string the_thumbprint, std::string the_account)
      : host(std::move(the_host)), thumbprint(std::move(the_thumbprint)), account(std::move(the_account)) {}
  auto fields() const { return std::tie(host, thumbprint, account); }
  friend bool operator==(const AccountAndKey&, const AccountAndKey&) = default;
};

/// May the account read the private key in My? Answers a flag.
struct KeyAccess : Query<AccountAndKey> {
  using Query::Query;
  static constexpr std::string_view name = "KeyAccess";
};

/// Lets the account read the private key in My (S 3).
struct GrantKeyAccess : Change<AccountAndKey> {
  using Change::Change;
  static constexpr std::string_view name = "GrantKeyAccess";
};

}  // namespace rehearse::steps::certificate_store
