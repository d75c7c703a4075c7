#include "tests/agreement/normal_form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "model/steps/certificates.hpp"
#include "sim/async/aliases.hpp"

namespace rehearse::agreement {
namespace {

using steps::Answer;
using steps::CertificateInfo;
using steps::Fact;

const std::vector<CertificateInfo>* certificates_in(const Fact& fact) {
  return fact.answer() == nullptr ? nullptr : std::get_if<std::vector<CertificateInfo>>(&fact.answer()->value());
}

const model::Certificate* stated(const model::Design& design, const CertificateInfo& found) {
  const auto same =
      std::find_if(design.certificates.begin(), design.certificates.end(), [&](const model::Certificate& certificate) {
        return steps::source_of(certificate) != steps::CertificateSource::setup && steps::is_same(certificate, found);
      });
  return same == design.certificates.end() ? nullptr : &*same;
}

struct Unstated {
  std::string host;  // the first with the key; without one, the first
  bool has_key = false;
  Date begins;
};

/// By thumbprint; without those that the design states by thumbprint.
std::map<std::string, Unstated> unstated_certificates(const steps::Observation& observation,
                                                      const model::Design& design) {
  std::map<std::string, Unstated> found;
  for (const Fact& fact : observation.facts) {
    const auto* certificates = certificates_in(fact);
    if (certificates == nullptr) continue;
    for (const CertificateInfo& copy : *certificates) {
      const model::Certificate* of_design = stated(design, copy);
      if (of_design != nullptr && !of_design->thumbprint.empty()) continue;
      const auto entry =
          found.try_emplace(copy.thumbprint, Unstated{node_of(fact.question), copy.has_private_key, copy.not_before});
      Unstated& certificate = entry.first->second;
      if (copy.has_private_key && !certificate.has_key) certificate.host = node_of(fact.question);
      certificate.has_key = certificate.has_key || copy.has_private_key;
    }
  }
  return found;
}

sim::Aliases aliases_of(const steps::Observation& observation, const model::Design& design) {
  std::map<std::string, std::vector<std::pair<Date, std::string>>> by_name;
  for (const auto& [thumbprint, certificate] : unstated_certificates(observation, design)) {
    by_name["made on " + certificate.host].emplace_back(certificate.begins, thumbprint);
  }
  sim::Aliases aliases;
  for (auto& [name, thumbprints] : by_name) {
    std::sort(thumbprints.begin(), thumbprints.end());
    for (std::size_t i = 0; i < thumbprints.size(); ++i) {
      aliases.add(thumbprints[i].second, i == 0 ? name : fmt::format("{}, number {}", name, i + 1));
    }
  }
  std::set<std::string> stated_agents;
  for (const model::WorkerPool& pool : design.scale_out.workers) stated_agents.insert(pool.settings.agent_id);
  for (const Fact& fact : observation.facts) {
    if (fact.answer() == nullptr) continue;
    const auto* settings = std::get_if<model::WorkerSettings>(&fact.answer()->value());
    if (settings == nullptr || settings->agent_id.empty() || stated_agents.contains(settings->agent_id)) continue;
    aliases.add(settings->agent_id, "agent of " + node_of(fact.question));
  }
  return aliases;
}

void keep_what_is_stated(Fact& fact, const model::Design& design) {
  const auto* certificates = certificates_in(fact);
  if (certificates == nullptr) return;
  std::vector<CertificateInfo> copies = *certificates;
  for (CertificateInfo& copy : copies) {
    const model::Certificate* of_design = stated(design, copy);
    copy.names = of_design == nullptr ? std::vector<std::string>() : of_design->common_names;
    copy.not_before = of_design == nullptr ? Date() : of_design->not_before;
    copy.not_after = of_design == nullptr ? Date() : of_design->not_after;
  }
  fact.outcome = Answer(std::move(copies));
}

const model::WorkerSettings* settings_before_configuration(const Fact& fact) {
  const auto* settings =
      fact.answer() == nullptr ? nullptr : std::get_if<model::WorkerSettings>(&fact.answer()->value());
  return settings != nullptr && settings->master_certificate_thumbprint.empty() ? settings : nullptr;
}

void leave_out_setups_choice(Fact& fact) {
  const model::WorkerSettings* of_setup = settings_before_configuration(fact);
  if (of_setup == nullptr) return;
  model::WorkerSettings settings;
  settings.endpoint = of_setup->endpoint;
  settings.worker_certificate_thumbprint = of_setup->worker_certificate_thumbprint;
  fact.outcome = Answer(std::move(settings));
}

std::set<std::string> workers_before_configuration(const steps::Observation& observation) {
  std::set<std::string> workers;
  for (const Fact& fact : observation.facts) {
    if (settings_before_configuration(fact) != nullptr) workers.insert(node_of(fact.question));
  }
  return workers;
}

bool asks_when_heard_of(const steps::AnyRequest& question, const std::set<std::string>& workers) {
  return std::any_of(workers.begin(), workers.end(), [&](const std::string& worker) {
    return question == steps::AnyRequest(steps::catalog::WorkerLastOnline(worker));
  });
}

}  // namespace

steps::Observation normal_form(const steps::Observation& observation, const model::Design& design) {
  const sim::Aliases aliases = aliases_of(observation, design);
  const std::set<std::string> unconfigured = workers_before_configuration(observation);
  steps::Observation result;
  for (Fact fact : observation.facts) {
    keep_what_is_stated(fact, design);
    if (asks_when_heard_of(fact.question, unconfigured)) continue;
    leave_out_setups_choice(fact);
    result.facts.push_back(aliases.to_world(fact));
  }
  return result;
}

}  // namespace rehearse::agreement
