// The cmdlets of the module PKI (W 8, S 3).
#include <algorithm>

#include "tests/far_side/certificates.hpp"
#include "tests/far_side/date_time.hpp"
#include "tests/far_side/files.hpp"

namespace far_side {
namespace {

/// "CN=a, CN=b": the names in the order of the text.
Names common_names_of(const std::string& subject) {
  Names names;
  std::size_t begin = 0;
  while (begin < subject.size()) {
    const std::size_t end = std::min(subject.find(',', begin), subject.size());
    std::string part = subject.substr(begin, end - begin);
    part.erase(0, part.find_first_not_of(' '));
    if (same_text(part.substr(0, 3), "CN=")) {
      names.push_back(part.substr(3));
    } else if (part.find('=') == std::string::npos && names.empty()) {
      names.push_back(part);  // the cmdlet takes a subject without "CN=" for a common name
    } else {
      gap("the subject " + subject);
    }
    begin = end + 1;
  }
  return names;
}

/// "2.5.29.17={text}DNS=a&DNS=b": the subject's alternative names.
Names alternatives_in(const Names& extensions) {
  const std::string prefix = "2.5.29.17={text}";
  Names names;
  for (const std::string& extension : extensions) {
    if (extension.rfind(prefix, 0) != 0) gap("the extension " + extension);
    std::size_t begin = prefix.size();
    while (begin < extension.size()) {
      const std::size_t end = std::min(extension.find('&', begin), extension.size());
      const std::string part = extension.substr(begin, end - begin);
      if (same_text(part.substr(0, 4), "DNS=")) {
        names.push_back(part.substr(4));
      } else if (!same_text(part.substr(0, 10), "IPAddress=")) {
        gap("the alternative name " + part);
      }
      begin = end + 1;
    }
  }
  return names;
}

Array new_certificate(FarMachine& at, const Call& call) {
  const std::string location = call.has("CertStoreLocation") ? call["CertStoreLocation"].text() : "";
  // "A new certificate can only be installed into MY store" (S 3).
  if (location.empty() || drive_of(location) != Drive::certificates ||
      !same_text(certificate_path(location).store, "My")) {
    throw Error("CertEnroll::CX509Enrollment::_CreateRequest: A new certificate can only be installed into MY store.",
                "NotSpecified",
                "System.Exception,Microsoft.CertificateServices.Commands.NewSelfSignedCertificateCommand", -2147024809);
  }
  CertificateOrder order;
  order.dns_names = texts_of(call["DnsName"]);
  if (call.has("Subject")) {
    order.common_names = common_names_of(call["Subject"].text());
  } else if (!order.dns_names.empty()) {
    order.common_names = {order.dns_names.front()};
  } else {
    throw Error("A subject or a DNS name is needed.", "InvalidArgument", "MissingArgument,New-SelfSignedCertificate");
  }
  // Windows encodes a subject from the end of its text.
  std::reverse(order.common_names.begin(), order.common_names.end());
  for (const std::string& name : alternatives_in(texts_of(call["TextExtension"]))) order.dns_names.push_back(name);
  // Without a date it is valid from ten minutes ago, for a year (S 3).
  order.not_before = call.has("NotBefore") ? instant_of(call["NotBefore"]) : at.world.now - 10min;
  order.not_after = call.has("NotAfter") ? instant_of(call["NotAfter"]) : order.not_before + 24h * 365;
  std::string serial = new_guid(at.world);
  std::erase(serial, '-');
  order.serial_hex = "1" + serial.substr(0, 31);
  order.hash = call.has("HashAlgorithm") ? call["HashAlgorithm"].text() : "SHA256";
  const CertificateAndKey made = make_certificate(order);
  // Without -Provider it is the software key storage provider, whose keys are of the newer kind.
  const bool of_older_kind = call["Provider"].text().find("Cryptographic Provider") != std::string::npos;
  HeldCertificate held{made.der, made.key, keep_key(at, made.key, !of_older_kind), true};
  const Names policies = texts_of(call["KeyExportPolicy"]);
  held.exportable = policies.empty() || !same_text(policies.front(), "NonExportable");
  add_to_store(at, "My", held);
  return {certificate_object(at, "My", stored(held))};
}

HeldCertificate given_certificate(FarMachine& at, const Call& call) {
  const Value given = call.has("Cert") ? call["Cert"] : call.input.empty() ? Value() : call.input.front();
  if (given.object() != nullptr) return held_in(given);
  const StoredCertificate* found = find_certificate(at, certificate_path(given.text()));
  if (found == nullptr) {
    throw Error("Cannot find the certificate " + given.text(), "ObjectNotFound", "PathNotFound," + call.cmdlet);
  }
  return held_of(at.here(), *found);
}

Array export_pfx(FarMachine& at, const Call& call) {
  const HeldCertificate held = given_certificate(at, call);
  if (held.key.empty() || !held.exportable) {
    throw Error("Cannot export non-exportable private key.", "NotSpecified",
                "System.ComponentModel.Win32Exception,Microsoft.CertificateServices.Commands.ExportPfxCertificate",
                -2146893813);
  }
  if (!call.has("Password")) gap("Export-PfxCertificate without -Password");
  write_file(at, call["FilePath"].text(), to_pkcs12({held.der, held.key}, secure_text(call["Password"])));
  return {file_object(at, call["FilePath"].text())};
}

Array import_pfx(FarMachine& at, const Call& call) {
  const std::string password = call.has("Password") ? secure_text(call["Password"]) : "";
  const auto content = read_pkcs12(read_file(at, call["FilePath"].text()), password);
  if (!content) {
    throw Error(
        "The PFX file you are trying to import requires either a different password or membership in an Active "
        "Directory principal to which it is protected.",
        "NotSpecified",
        "System.ComponentModel.Win32Exception,Microsoft.CertificateServices.Commands.ImportPfxCertificate",
        -2147024810);
  }
  const std::string store = certificate_path(call["CertStoreLocation"].text()).store;
  HeldCertificate held{content->der, content->key, "", call["Exportable"].truth()};
  if (!held.key.empty()) held.key_file = keep_key(at, held.key, false);
  add_to_store(at, store, held);
  return {certificate_object(at, store, stored(held))};
}

Array export_certificate(FarMachine& at, const Call& call) {
  write_file(at, call["FilePath"].text(), given_certificate(at, call).der);
  return {file_object(at, call["FilePath"].text())};
}

Array import_certificate(FarMachine& at, const Call& call) {
  const auto der = read_certificate(read_file(at, call["FilePath"].text()));
  if (!der) {
    throw Error("Cannot find the requested object.", "NotSpecified",
                "System.Security.Cryptography.CryptographicException,ImportCertificateCommand", -2146885623);
  }
  const std::string store = certificate_path(call["CertStoreLocation"].text()).store;
  const HeldCertificate held{*der, "", "", false};
  add_to_store(at, store, held);
  return {certificate_object(at, store, stored(held))};
}

}  // namespace

void add_certificate_cmdlets(Cmdlets& cmdlets) {
  cmdlets["New-SelfSignedCertificate"] = new_certificate;
  cmdlets["Export-PfxCertificate"] = export_pfx;
  cmdlets["Import-PfxCertificate"] = import_pfx;
  cmdlets["Export-Certificate"] = export_certificate;
  cmdlets["Import-Certificate"] = import_certificate;
}

}  // namespace far_side
