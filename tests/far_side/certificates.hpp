// Certificates of a machine's stores with their private keys, which lie in files of their own (CAPI and CNG).
#pragma once

#include <memory>
#include <string>

#include "tests/far_side/items.hpp"
#include "tests/far_side/x509.hpp"

namespace far_side {

/// A certificate in the hands of a script.
struct HeldCertificate {
  std::string der;
  std::string key;       // PEM; empty: no private key
  std::string key_file;  // where Windows keeps it; empty: in memory only
  bool exportable = false;
};

/// A System.Security.Cryptography.X509Certificates.X509Certificate2.
Value held_object(FarMachine& at, const HeldCertificate& held, const std::string& path = "");
/// What is inside such an object.
HeldCertificate held_in(const Value& certificate);

/// Puts a key into a file of the machine, readable for SYSTEM and administrators; the file's path.
std::string keep_key(FarMachine& at, const std::string& pem, bool of_newer_kind);
/// Adds to a store, in place of a copy that is there.
void add_to_store(FarMachine& at, const std::string& store, const HeldCertificate& held);
StoredCertificate stored(const HeldCertificate& held);
HeldCertificate held_of(const Machine& machine, const StoredCertificate& certificate);

}  // namespace far_side
