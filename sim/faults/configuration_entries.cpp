// Entries of faults of certificates, of settings files, accounts, start types and clocks.
#include <algorithm>
#include <stdexcept>
#include <utility>

#include "sim/faults/catalogue.hpp"
#include "sim/faults/catalogue_entry_maker.hpp"
#include "sim/scenario/fault_kinds.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using world::HostIndex;
using world::HostKind;
using world::Store;

constexpr Duration skew = 10min;  // ahead or behind: more than the leases, and than Kerberos allows
constexpr int other_port = 1;     // added to the right one

std::string endpoint_on(const std::string& host, const model::Design& design) {
  return "https://" + host + ":" + std::to_string(design.scale_out.master.settings.port);
}

}  // namespace

void CatalogueEntryMaker::add_of_certificates() {
  switch (kind_) {
    case FaultKind::certificate_expire:
    case FaultKind::certificate_not_yet_valid:
      for (const world::CertificatePlan& certificate : plan_.certificates) {
        const auto of = [&](TimelineEntry& entry) { entry.certificate = certificate.design_key; };
        add(of);
        const auto& pools = design_.scale_out.workers;
        const bool of_workers = std::any_of(pools.begin(), pools.end(), [&](const model::WorkerPool& pool) {
          return pool.certificate == certificate.design_key;
        });
        // Each worker has a certificate of its own under that name.
        if (!of_workers) continue;
        for (const world::WorkerPlan& worker : plan_.workers) {
          if (pools[worker.pool].certificate == certificate.design_key) add_on({worker.name}, of);
        }
      }
      return;
    case FaultKind::certificate_remove_from_store: return add_copies(true);
    case FaultKind::certificate_key_lost: return add_copies(false);
    case FaultKind::certificate_key_access_lost: return on_each_worker();
    case FaultKind::certificate_wrong_binding:
      for (const auto& [name, kind] : binding_kinds()) {
        on_each_node([&, text = kind](TimelineEntry& entry) { entry.kind = text; });
      }
      return;
    default: return on_each_node();
  }
}

/// Every copy that lies in a store; or, each once, those with their private key.
void CatalogueEntryMaker::add_copies(bool removed) {
  for (HostIndex host = 0; host < plan_.hosts.size(); ++host) {
    for (const world::CertificatePlan& certificate : plan_.certificates) {
      bool key = false;
      for (const auto& [name, store] : {std::pair("Root", Store::root), std::pair("My", Store::my)}) {
        const auto copies = world::placed_in(host, store, state_);
        const auto of_this_name = [&](const world::PlacedCertificate& copy) {
          const world::CertificateIndex like = state_.certificates[copy.certificate].like;
          return plan_.find_certificate(certificate.design_key) == like;
        };
        const bool there = std::any_of(copies.begin(), copies.end(), of_this_name);
        key = key || std::any_of(copies.begin(), copies.end(),
                                 [&](const world::PlacedCertificate& copy) { return copy.key && of_this_name(copy); });
        if (!removed || !there) continue;
        add_on({plan_.hosts[host].name}, [&](TimelineEntry& entry) {
          entry.certificate = certificate.design_key;
          entry.store = name;
        });
      }
      if (removed || !key) continue;
      add_on({plan_.hosts[host].name}, [&](TimelineEntry& entry) { entry.certificate = certificate.design_key; });
    }
  }
}

/// The keys that a hand that edits one file gets wrong most: the port and the server's name of a master, the endpoint
/// of a worker. They count from the next start of the service.
void CatalogueEntryMaker::add_settings() {
  for (const std::string& node : names_of(HostKind::cluster_node)) {
    TimelineEntry::Setting port{"PortNumber", "", design_.master_settings(node), {}};
    port.master.port += other_port;
    port.value = std::to_string(port.master.port);
    TimelineEntry::Setting server{"SqlServerName", node, design_.master_settings(node), {}};
    server.master.sql_server_name = node;
    for (TimelineEntry::Setting* setting : {&port, &server}) {
      add_on({node}, [&](TimelineEntry& entry) { entry.setting = std::move(*setting); });
    }
  }
  for (const world::WorkerPlan& worker : plan_.workers) {
    const std::string endpoint = endpoint_on(plan_.hosts.front().name, design_);
    TimelineEntry::Setting setting{"MasterEndpoint", endpoint, {}, {}};
    setting.worker.endpoint = endpoint;
    add_on({worker.name}, [&](TimelineEntry& entry) { entry.setting = std::move(setting); });
  }
}

void CatalogueEntryMaker::add_of_configuration() {
  switch (kind_) {
    case FaultKind::configuration_settings_changed_on_one_node: return add_settings();
    case FaultKind::configuration_account_password_expired: {
      const auto& pools = design_.scale_out.workers;
      const auto domain = [](const model::WorkerPool& pool) { return model::is_domain_account(pool.account); };
      if (design_.scale_out.master.uses_domain_account()) add([](TimelineEntry& entry) { entry.account = "master"; });
      if (std::any_of(pools.begin(), pools.end(), domain)) add([](TimelineEntry& entry) { entry.account = "worker"; });
      if (found_.empty()) leave_out("no service of the design uses a domain account");
      return;
    }
    case FaultKind::configuration_service_start_type_automatic: return on_each_node();
    case FaultKind::clock_skew:
      for (const Duration wrong : {skew, -skew}) {
        on_each_machine([&](TimelineEntry& entry) { entry.length = wrong; });
      }
      return;
    default: throw std::logic_error("a fault of the configuration that no catalogue knows");
  }
}

std::vector<std::string> texts_of_catalogue(const model::Design& design) {
  std::vector<std::string> texts;
  for (const model::Node& node : design.cluster.nodes) texts.push_back(node.name);
  if (!design.cluster.nodes.empty()) texts.push_back(endpoint_on(design.cluster.nodes.front().name, design));
  return texts;
}

}  // namespace rehearse::sim
