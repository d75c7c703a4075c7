// What the export script would write about a deployment that is just as a design says: a generator in the grammar of
// export_shapes.hpp. With it every design is a test of the inspection: out comes what went in.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "model/design.hpp"

namespace rehearse::real::testing {

/// Certificates by their key in the design, as DER.
using CertificateBytes = std::map<std::string, std::string>;

/// One file with everything. A certificate that the design only describes has its thumbprint from `certificates`, and
/// so have the settings files that pin it.
nlohmann::ordered_json exported(const model::Design& design, const CertificateBytes& certificates);

/// Real certificates with the names and dates that the design states for each of its own.
CertificateBytes certificates_for(const model::Design& design);

/// The settings of a service as the file on its machine holds them.
std::string settings_text(const model::MasterSettings& settings, const std::string& thumbprint);
std::string settings_text(const model::WorkerSettings& settings, const std::string& master, const std::string& worker);

}  // namespace rehearse::real::testing
