#include "sim/async/loaded_certificates.hpp"

#include <set>

#include "model/steps/certificates.hpp"

namespace rehearse::sim {

namespace store = steps::certificate_store;
using steps::Answer;
using steps::CertificateInfo;
using world::CertificateIndex;
using world::HostIndex;
using world::none;

namespace {

constexpr world::RecordId no_cause = 0;

}  // namespace

void LoadedCertificates::load() {
  std::map<std::string, CertificateInfo> found;
  for (const world::HostPlan& machine : plan_.hosts) {
    const Answer* copies = seen_.find(store::List(machine.name));
    if (copies == nullptr) continue;
    for (const CertificateInfo& copy : copies->certificates()) found.emplace(copy.thumbprint, copy);
  }
  std::set<CertificateIndex> taken;
  for (const auto& [thumbprint, info] : found) {
    CertificateIndex index = stated_by_design(info);
    if (index == none || !taken.insert(index).second) {
      const CertificateIndex like = index != none ? index : use_of(thumbprint);
      if (like == none) continue;  // nothing that the design knows resembles it: the world cannot hold it
      index = install_.create_certificate(like, plan_.time_at(info.not_after), no_cause);
    }
    aliases_.add_certificate(info, world::thumbprint_of(world_, index),
                             plan_.date_at(world_.state().certificates[index].not_before));
    certificates_.emplace(thumbprint, index);
  }
  for (HostIndex machine = 0; machine < plan_.hosts.size(); ++machine) place_copies(machine);
}

void LoadedCertificates::place_copies(HostIndex machine) {
  const Answer* copies = seen_.find(store::List(plan_.hosts[machine].name));
  if (copies == nullptr) return;
  for (const CertificateInfo& copy : copies->certificates()) {
    const auto known = certificates_.find(copy.thumbprint);
    if (known == certificates_.end()) continue;
    const world::Store where = copy.store == "My" ? world::Store::my : world::Store::root;
    install_.place_certificate(machine, known->second, where, copy.has_private_key, no_cause);
  }
}

CertificateIndex LoadedCertificates::stated_by_design(const CertificateInfo& info) const {
  for (CertificateIndex index = 0; index < design_.certificates.size(); ++index) {
    const model::Certificate& stated = design_.certificates[index];
    if (steps::source_of(stated) != steps::CertificateSource::setup && steps::is_same(stated, info)) return index;
  }
  return none;
}

CertificateIndex LoadedCertificates::use_of(const std::string& thumbprint) const {
  for (const model::Node& node : design_.cluster.nodes) {
    const auto settings = seen_.master_settings(node.name);
    const std::vector<std::string> bound =
        seen_.list(store::Binding(node.name, design_.master_settings(node.name).port));
    const bool of_master =
        (settings && settings->certificate_thumbprint == thumbprint) || (!bound.empty() && bound.front() == thumbprint);
    if (of_master) return plan_.find_certificate(design_.scale_out.master.certificate);
  }
  for (const world::WorkerPlan& worker : plan_.workers) {
    const auto settings = seen_.worker_settings(worker.name);
    if (settings && settings->worker_certificate_thumbprint == thumbprint) {
      return plan_.find_certificate(design_.scale_out.workers[worker.pool].certificate);
    }
  }
  return none;
}

CertificateIndex LoadedCertificates::find(const std::string& thumbprint) const {
  const auto known = certificates_.find(thumbprint);
  return known == certificates_.end() ? none : known->second;
}

}  // namespace rehearse::sim
