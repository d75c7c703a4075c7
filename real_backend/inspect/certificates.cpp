#include "real_backend/inspect/certificates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/artefacts/x509.hpp"
#include "real_backend/inspect/parts.hpp"

namespace rehearse::real {

Certificates::Certificates(Survey& survey) : survey_(&survey) {
  for (const ExportedMachine& machine : survey.exported.machines) {
    int of_authorities = 0;
    for (const ExportedCertificate& certificate : machine.certificates) {
      const model::X509Result read = model::read_x509(certificate.der, model::HostNames::optional);
      if (!read.facts) {
        survey.remarks.not_understood(certificate.spot, fmt::format("a certificate in {} of {}: {}", certificate.store,
                                                                    machine.name, read.problem));
        continue;
      }
      if (certificate.store == "Root" && !read.facts->self_signed) ++of_authorities;
      Known& known = by_thumbprint_[read.facts->thumbprint];
      known.der = certificate.der;
      known.copies.push_back({machine.name, certificate.store, certificate.has_private_key});
    }
    // S 3: they make the master refuse every worker.
    if (of_authorities > 0 && survey.node(machine.name) != nullptr) {
      survey.remarks.not_understood(
          machine.spot,
          fmt::format("LocalMachine\\Root of {} holds {} that somebody else issued", machine.name,
                      of_authorities == 1 ? "a certificate" : fmt::format("{} certificates", of_authorities)),
          "a design cannot say it; rehearse it with the fault certificate.root_polluted");
    }
  }
}

std::string Certificates::use(const std::string& thumbprint, const std::string& wanted_key, const std::string& whose,
                              const Spot& spot) {
  const auto found = by_thumbprint_.find(thumbprint);
  if (found == by_thumbprint_.end()) {
    survey_->remarks.missing(
        spot, fmt::format("the certificate {} of {}: it is in no store that was exported", thumbprint, whose),
        "export the machine that has it");
    return {};
  }
  Known& known = found->second;
  if (!known.key.empty()) return known.key;
  const model::X509Result read = model::read_x509(known.der);
  if (!read.facts) {
    survey_->remarks.not_understood(spot, fmt::format("the certificate {} of {}: {}", thumbprint, whose, read.problem),
                                    read.remedy);
    return {};
  }
  known.key = wanted_key;
  used_.push_back(thumbprint);
  return known.key;
}

void Certificates::say(nlohmann::ordered_json& design, Artefacts& artefacts) const {
  design["certificates"] = nlohmann::ordered_json::object();
  std::vector<std::string> hosts = survey_->nodes;
  hosts.insert(hosts.end(), survey_->workers.begin(), survey_->workers.end());
  for (const std::string& thumbprint : used_) {
    const Known& known = by_thumbprint_.at(thumbprint);
    nlohmann::ordered_json said;
    said["file"] = artefacts.add(known.key + ".cer", known.der);
    nlohmann::ordered_json installed = nlohmann::ordered_json::object();
    for (const std::string& host : hosts) {
      for (const Copy& copy : known.copies) {
        if (!model::same_name(copy.machine, host)) continue;
        // A copy without its key among one's own certificates serves nobody.
        if (copy.store == "My" && !copy.with_key) continue;
        installed[host].push_back(copy.store + (copy.with_key ? "+key" : ""));
      }
    }
    if (installed.empty()) {
      survey_->remarks.missing(
          fmt::format("where the certificate '{}' is installed", known.key),
          "export the machines that have it: it counts as installed where it belongs without a word");
    } else {
      said["installed"] = std::move(installed);
    }
    design["certificates"][known.key] = std::move(said);
  }
}

}  // namespace rehearse::real
