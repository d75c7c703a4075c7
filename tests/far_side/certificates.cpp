#include "tests/far_side/certificates.hpp"

#include <algorithm>

#include "tests/far_side/files.hpp"

namespace far_side {
namespace {

const std::string crypto = "C:\\ProgramData\\Microsoft\\Crypto";
/// What is inside comes out by a method that scripts cannot call by accident.
const std::string reveal = "far_side:held";

bool has_password(const Array& arguments) {
  return arguments.size() > 1 && !arguments[1].is_null();
}

std::string password_of(const Value& value) {
  Object* object = value.object();
  return object != nullptr && object->type == "System.Security.SecureString" ? secure_text(value) : value.text();
}

Value export_of(const HeldCertificate& held, const Array& arguments) {
  const std::string kind = arguments.at(0).text();
  if (same_text(kind, "Cert")) return byte_array(held.der);
  if (!same_text(kind, "Pfx") && !same_text(kind, "Pkcs12")) gap("the certificate format " + kind);
  if (!held.key.empty() && !held.exportable) {
    throw net_error("System.Security.Cryptography.CryptographicException", "Key not valid for use in specified state.",
                    -2146893813);
  }
  return byte_array(to_pkcs12({held.der, held.key}, has_password(arguments) ? password_of(arguments[1]) : ""));
}

}  // namespace

Value held_object(FarMachine&, const HeldCertificate& held, const std::string& path) {
  const CertificateFacts facts = *facts_of(held.der);
  Array names;
  for (const std::string& name : facts.dns_names) {
    auto one = make_object("Microsoft.CertificateServices.Commands.DnsNameRepresentation",
                           {{"Unicode", name}, {"Punycode", name}});
    one->shown = name;
    names.push_back(one);
  }
  auto object = make_object("System.Security.Cryptography.X509Certificates.X509Certificate2",
                            {{"Thumbprint", facts.thumbprint},
                             {"Subject", facts.subject},
                             {"Issuer", facts.issuer},
                             {"SerialNumber", facts.serial},
                             {"NotBefore", local_date(facts.not_before)},
                             {"NotAfter", local_date(facts.not_after)},
                             {"HasPrivateKey", !held.key.empty()},
                             {"DnsNameList", names},
                             {"FriendlyName", ""},
                             {"RawData", byte_array(held.der)}});
  if (!path.empty()) object->members["PSPath"] = "Microsoft.PowerShell.Security\\Certificate::" + path;
  object->call = [held](const std::string& method, const Array& arguments) -> Value {
    if (method == reveal) {
      return make_object(
          "far_side:certificate",
          {{"der", held.der}, {"key", held.key}, {"key_file", held.key_file}, {"exportable", held.exportable}});
    }
    if (same_text(method, "Export")) return export_of(held, arguments);
    if (same_text(method, "GetRawCertData")) return byte_array(held.der);
    if (same_text(method, "Dispose") || same_text(method, "Reset")) return Value::nothing();
    gap("the method " + method + " of X509Certificate2");
  };
  return object;
}

HeldCertificate held_in(const Value& certificate) {
  Object* object = certificate.object();
  if (object == nullptr || !object->call || object->type.find("X509Certificate2") == std::string::npos) {
    throw std::logic_error("a certificate that is none: " + certificate.text());
  }
  const Value inside = object->call(reveal, {});
  return {inside.member("der").text(), inside.member("key").text(), inside.member("key_file").text(),
          inside.member("exportable").truth()};
}

std::string keep_key(FarMachine& at, const std::string& pem, bool of_newer_kind) {
  std::string name = new_guid(at.world) + new_guid(at.world);
  std::erase(name, '-');
  const std::string path = crypto + (of_newer_kind ? "\\Keys\\" : "\\RSA\\MachineKeys\\") + name.substr(0, 32) +
                           "_6f9a1f5e-5f0d-4c6e-9d7a-0c5c9ad1b0e5";
  write_file(at, path, pem);
  FileEntry& file = *find_file(at, path);
  file.access = {{"NT AUTHORITY\\SYSTEM", "FullControl"}, {"BUILTIN\\Administrators", "FullControl"}};
  file.protected_access = true;
  return path;
}

StoredCertificate stored(const HeldCertificate& held) {
  return {facts_of(held.der)->thumbprint, held.der, held.key_file, held.exportable};
}

HeldCertificate held_of(const Machine& machine, const StoredCertificate& certificate) {
  HeldCertificate held{certificate.der, "", certificate.key_file, certificate.exportable};
  const auto key = machine.files.find(certificate.key_file);
  if (key != machine.files.end()) held.key = key->second.bytes;
  return held;
}

void add_to_store(FarMachine& at, const std::string& store, const HeldCertificate& held) {
  std::vector<StoredCertificate>& content = *find_store(at, store);
  StoredCertificate added = stored(held);
  // A certificate that comes without its key leaves the one of a copy that is there.
  for (const StoredCertificate& present : content) {
    if (present.thumbprint != added.thumbprint || !added.key_file.empty()) continue;
    added.key_file = present.key_file;
    added.exportable = present.exportable;
  }
  std::erase_if(content, [&](const StoredCertificate& one) { return one.thumbprint == added.thumbprint; });
  content.push_back(added);
}

CertificatePath certificate_path(const std::string& path) {
  const std::string prefix = "Cert:\\LocalMachine\\";
  const std::string normal = normal_path(path);
  if (!same_text(normal.substr(0, prefix.size()), prefix)) gap("the certificate path " + path);
  const std::string rest = normal.substr(prefix.size());
  const std::size_t slash = rest.find('\\');
  if (slash == std::string::npos) return {rest, ""};
  return {rest.substr(0, slash), rest.substr(slash + 1)};
}

std::vector<StoredCertificate>* find_store(FarMachine& at, const std::string& store) {
  const auto found = at.here().stores.find(store);
  return found == at.here().stores.end() ? nullptr : &found->second;
}

StoredCertificate* find_certificate(FarMachine& at, const CertificatePath& path) {
  std::vector<StoredCertificate>* store = find_store(at, path.store);
  if (store == nullptr) return nullptr;
  const auto found = std::find_if(store->begin(), store->end(), [&](const StoredCertificate& one) {
    return same_text(one.thumbprint, path.thumbprint);
  });
  return found == store->end() ? nullptr : &*found;
}

Value certificate_object(FarMachine& at, const std::string& store, const StoredCertificate& certificate) {
  return held_object(at, held_of(at.here(), certificate), "LocalMachine\\" + store + "\\" + certificate.thumbprint);
}

void remove_certificate(FarMachine& at, const CertificatePath& path, bool key) {
  const StoredCertificate* certificate = find_certificate(at, path);
  if (certificate == nullptr) return;
  if (key && !certificate->key_file.empty()) remove_path(at, certificate->key_file);
  std::erase_if(*find_store(at, path.store),
                [&](const StoredCertificate& one) { return same_text(one.thumbprint, path.thumbprint); });
}

}  // namespace far_side
