// PowerShell's drives beside the file system: the registry and the certificate stores. The item cmdlets are one for all
// drives (file_cmdlets.cpp) and ask here for theirs.
#pragma once

#include <optional>
#include <string>

#include "tests/far_side/machine.hpp"

namespace far_side {

enum class Drive { files, registry, certificates };
Drive drive_of(const std::string& path);

/// "HKEY_LOCAL_MACHINE\SOFTWARE\..." of "HKLM:\SOFTWARE\..." and its like.
std::string registry_key(const std::string& path);
bool has_key(FarMachine& at, const std::string& key);
Value key_object(FarMachine& at, const std::string& key);
Names subkeys_of(FarMachine& at, const std::string& key);
Value registry_data(const RegistryValue& value);

/// The store and thumbprint of "Cert:\LocalMachine\My\<thumbprint>"; an empty thumbprint for the store itself.
struct CertificatePath {
  std::string store, thumbprint;
};
CertificatePath certificate_path(const std::string& path);
std::vector<StoredCertificate>* find_store(FarMachine& at, const std::string& store);
StoredCertificate* find_certificate(FarMachine& at, const CertificatePath& path);
Value certificate_object(FarMachine& at, const std::string& store, const StoredCertificate& certificate);
/// With its private key, where that is asked for.
void remove_certificate(FarMachine& at, const CertificatePath& path, bool key);

}  // namespace far_side
