#include "real_backend/probe/observation.hpp"

#include <algorithm>

namespace rehearse::real {

const model::CertificateWithKey* ProbeKit::identity_for(const std::string& thumbprint) const {
  const auto named = std::find_if(identities.begin(), identities.end(),
                                  [&](const auto& one) { return one.certificate.thumbprint == thumbprint; });
  if (named != identities.end()) return &*named;
  return identities.size() == 1 ? &identities.front() : nullptr;
}

}  // namespace rehearse::real
