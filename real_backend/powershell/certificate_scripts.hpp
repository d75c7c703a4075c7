// The scripts of the certificate store's port that have files of their own, and what they share with the others.
// primitive_of() in certificate_primitives.cpp finds the one for a request.
#pragma once

#include <string>
#include <vector>

#include "real_backend/powershell/primitives.hpp"
#include "real_backend/powershell/script.hpp"

namespace rehearse::real {

// ---- http.sys' bindings: binding_primitives.cpp
Primitive script_for(const steps::certificate_store::Binding& request, const Surroundings& around);
Primitive script_for(const steps::certificate_store::Bind& request, const Surroundings& around);

// ---- who may read private keys: key_access_primitives.cpp
Primitive script_for(const steps::certificate_store::KeyAccess& request, const Surroundings& around);
Primitive script_for(const steps::certificate_store::GrantKeyAccess& request, const Surroundings& around);

// ---- phrases: certificate_phrases.cpp
/// `use` with $Store open, for reading or for writing.
ps::Block read_store(const ps::Expression& name, const ps::Block& use);
ps::Block write_store(const std::string& name, const ps::Block& use);
/// The copies in $Store of the certificate with that thumbprint; with their key only, where that is wanted.
ps::Expression copies_in_store(const std::string& thumbprint, bool with_key);
/// Whether the list of that name has elements.
ps::Expression there_are(const char* list);
/// $Certificate: the certificate from whichever of the stores holds it; not_found without it.
ps::Block find_certificate(const std::vector<std::string>& stores, const std::string& machine,
                           const std::string& thumbprint, bool with_key);
/// Fails with what a program printed, which $Output has.
ps::Block fail_with_output(const char* what);
/// As Windows writes thumbprints.
std::string upper_case(std::string text);

}  // namespace rehearse::real
