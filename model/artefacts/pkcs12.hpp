// PKCS#12 files (.pfx): certificates and keys under a password, as Windows exports them.
#pragma once

#include <string>
#include <string_view>

#include "model/artefacts/certificate_with_key.hpp"

namespace rehearse::model {

/// Whether the bytes are a PKCS#12 file, right password or not.
bool looks_like_pkcs12(std::string_view bytes);

/// All three encryptions that Windows has used: AES under PBES2 (since Server 2019), 3DES, and RC2 with 40 bits for the
/// certificates, which older exports have and OpenSSL reads with its legacy provider only. Without a key in the file it
/// must hold exactly one certificate.
CertificateWithKeyResult read_pkcs12(std::string_view bytes, const std::string& password);

}  // namespace rehearse::model
