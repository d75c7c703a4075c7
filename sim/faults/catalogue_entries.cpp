#include "sim/faults/catalogue_entries.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <utility>

#include "model/design.hpp"
#include "sim/faults/catalogue.hpp"
#include "sim/scenario/fault_injection.hpp"
#include "sim/scenario/fault_kinds.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using world::Blueprint;
using world::HostIndex;
using world::HostKind;
using world::ResourceKind;
using world::State;
using world::Store;

// How much a fault is. Each is a value that the field calls bad, not the worst there can be.
constexpr Duration pause_length = 1min;    // longer than every threshold of W 1.1 tolerates
constexpr Duration burst_length = 12s;     // p95 of behaviour.md 14
constexpr Duration added_latency = 500ms;  // each way
constexpr double lost_share = 0.5;         // of the packets
constexpr double slowness = 10;            // times as slow: disks, recovery
constexpr Duration skew = 10min;           // ahead or behind: more than the leases, and than Kerberos allows
constexpr Duration flap_every = 1min, flap_down = 30s;
constexpr int other_port = 1;  // added to the right one

std::string endpoint_on(const std::string& host, const model::Design& design) {
  return "https://" + host + ":" + std::to_string(design.scale_out.master.settings.port);
}

class Entries {
 public:
  Entries(FaultKind kind, const world::World& deployed)
      : kind_(kind), plan_(deployed.plan()), design_(plan_.design()), state_(deployed.state()) {}

  CatalogueEntries take() {
    add_all();
    if (found_.empty() && why_none_.empty()) why_none_ = "the design has nothing that it acts on";
    return {std::move(found_), std::move(why_none_)};
  }

 private:
  using Change = std::function<void(TimelineEntry&)>;

  void add(const Change& change = [](TimelineEntry&) {}) {
    TimelineEntry entry;
    entry.fault = kind_;
    change(entry);
    found_.push_back(std::move(entry));
  }
  void add_on(
      std::vector<std::string> hosts, const Change& change = [](TimelineEntry&) {}) {
    std::sort(hosts.begin(), hosts.end());
    add([&](TimelineEntry& entry) {
      entry.hosts = std::move(hosts);
      change(entry);
    });
  }
  std::vector<std::string> names_of(HostKind kind) const {
    std::vector<std::string> names;
    for (const world::HostPlan& host : plan_.hosts) {
      if (host.kind == kind) names.push_back(host.name);
    }
    return names;
  }
  void on_each(
      HostKind kind, const Change& change = [](TimelineEntry&) {}) {
    for (const std::string& name : names_of(kind)) add_on({name}, change);
  }
  void on_each_node(const Change& change = [](TimelineEntry&) {}) { on_each(HostKind::cluster_node, change); }
  void on_each_worker(const Change& change = [](TimelineEntry&) {}) { on_each(HostKind::worker_machine, change); }
  void on_each_machine(const Change& change = [](TimelineEntry&) {}) {
    on_each_node(change);
    on_each_worker(change);
  }
  void on_each_resource(std::optional<ResourceKind> kind) {
    for (const world::ResourcePlan& resource : plan_.resources) {
      if (!kind || resource.kind == *kind) add([&](TimelineEntry& entry) { entry.resource = resource.name; });
    }
  }
  void leave_out(std::string why) { why_none_ = std::move(why); }

  // The sections of the table, each for its kinds.
  void add_all();
  void add_of_node();
  void add_of_network();
  void add_of_storage();
  void add_of_instance();
  void add_of_names();
  void add_of_certificates();
  void add_of_configuration();
  void add_of_operator();
  void add_partitions();
  void add_nics();
  void add_copies(bool removed);
  void add_settings();

  FaultKind kind_;
  const Blueprint& plan_;
  const model::Design& design_;
  const State& state_;
  std::vector<TimelineEntry> found_;
  std::string why_none_;
};

void Entries::add_all() {
  const std::string_view family = to_text(kind_).substr(0, to_text(kind_).find('.'));
  if (family == "node") return add_of_node();
  if (family == "network") return add_of_network();
  if (family == "witness" || family == "storage" || family == "resource") return add_of_storage();
  if (family == "sql" || family == "master") return add_of_instance();
  if (family == "worker") return on_each_worker();
  if (family == "name_service") return add_of_names();
  if (family == "certificate") return add_of_certificates();
  if (family == "configuration" || family == "clock") return add_of_configuration();
  if (family == "operator") return add_of_operator();
  throw std::logic_error("a family of faults that no catalogue knows");
}

void Entries::add_of_node() {
  if (kind_ == FaultKind::node_hang) {
    for (const auto& [name, kind] : hang_kinds()) {
      on_each_node([&, text = kind](TimelineEntry& entry) { entry.kind = text; });
    }
    return;
  }
  on_each_node([&](TimelineEntry& entry) {
    if (kind_ == FaultKind::node_pause) entry.lasts = pause_length;  // a move or a snapshot ends by itself
  });
}

void Entries::add_of_network() {
  const std::vector<std::string> nodes = names_of(HostKind::cluster_node);
  switch (kind_) {
    case FaultKind::network_nic_down: return add_nics();
    case FaultKind::network_partition: return add_partitions();
    case FaultKind::network_link_down:
      for (std::size_t a = 0; a < plan_.sites.size(); ++a) {
        for (std::size_t b = a + 1; b < plan_.sites.size(); ++b) {
          if (plan_.sites[a].empty() || plan_.sites[b].empty()) continue;
          add([&](TimelineEntry& entry) {
            entry.sites = {plan_.sites[a], plan_.sites[b]};
            std::sort(entry.sites.begin(), entry.sites.end());
          });
        }
      }
      if (found_.empty()) leave_out("the design has one site");
      return;
    case FaultKind::network_latency: {
      const auto slow = [](TimelineEntry& entry) { entry.length = added_latency; };
      on_each_node(slow);
      on_each(HostKind::witness_server, slow);
      return on_each(HostKind::cloud_witness, slow);
    }
    case FaultKind::network_loss:
    case FaultKind::network_burst: {
      const auto losing = [&](TimelineEntry& entry) {
        if (kind_ == FaultKind::network_burst) {
          entry.lasts = burst_length;
        } else {
          entry.amount = lost_share;
        }
      };
      on_each_machine(losing);
      if (nodes.size() > 1) add_on(nodes, losing);  // a switch between them
      return;
    }
    case FaultKind::network_flap:
      return on_each_machine([](TimelineEntry& entry) {
        entry.every = flap_every;
        entry.down = flap_down;
      });
    case FaultKind::network_port_blocked:
      for (HostIndex host = 0; host < plan_.hosts.size(); ++host) {
        for (const int port : ports_of(plan_, host)) {
          add_on({plan_.hosts[host].name}, [&](TimelineEntry& entry) { entry.port = port; });
        }
      }
      return;
    case FaultKind::network_duplicate_address: return on_each_resource(ResourceKind::address);
    default: throw std::logic_error("a fault of the network that no catalogue knows");
  }
}

/// A machine with all of its cards, and each card of a node that has several.
void Entries::add_nics() {
  on_each_machine();
  for (const world::HostPlan& host : plan_.hosts) {
    if (host.kind != HostKind::cluster_node || std::popcount(host.cards) < 2) continue;
    world::for_each_bit(host.cards, [&](world::NetworkIndex network) {
      add_on({host.name}, [&](TimelineEntry& entry) { entry.network = plan_.networks[network].name; });
    });
  }
}

/// Each machine alone, the machines of each site together, and the workers together.
void Entries::add_partitions() {
  std::vector<std::vector<std::string>> sets;
  const auto add_set = [&](std::vector<std::string> hosts) {
    std::sort(hosts.begin(), hosts.end());
    const bool some = !hosts.empty() && hosts.size() < plan_.hosts.size();
    if (some && std::find(sets.begin(), sets.end(), hosts) == sets.end()) sets.push_back(std::move(hosts));
  };
  for (const world::HostPlan& host : plan_.hosts) add_set({host.name});
  for (std::size_t site = 0; plan_.sites.size() > 1 && site < plan_.sites.size(); ++site) {
    std::vector<std::string> hosts;
    for (const world::HostPlan& host : plan_.hosts) {
      if (host.site == site) hosts.push_back(host.name);
    }
    add_set(std::move(hosts));
  }
  add_set(names_of(HostKind::worker_machine));
  for (std::vector<std::string>& hosts : sets) add_on(std::move(hosts));
}

void Entries::add_of_storage() {
  switch (kind_) {
    case FaultKind::witness_down:
      if (plan_.witness == model::Witness::Kind::none) return leave_out("the design has no witness");
      return add();
    case FaultKind::storage_path_lost: {
      on_each_resource(ResourceKind::disk);
      if (plan_.witness == model::Witness::Kind::disk) {
        add([&](TimelineEntry& entry) { entry.resource = design_.cluster.witness.path; });
      }
      const std::vector<TimelineEntry> disks = found_;
      for (const TimelineEntry& disk : disks) {
        on_each_node([&](TimelineEntry& entry) { entry.resource = disk.resource; });
      }
      return;
    }
    case FaultKind::storage_slow:
      on_each_resource(ResourceKind::disk);
      for (TimelineEntry& entry : found_) entry.amount = slowness;
      return;
    case FaultKind::storage_pool_arbitration:
      if (!design_.fci.storage_pool) return leave_out("no disk of the design comes from a storage pool");
      return on_each_resource(ResourceKind::disk);
    case FaultKind::resource_failure:
    case FaultKind::resource_deadlock: return on_each_resource(std::nullopt);
    default: throw std::logic_error("a fault of storage that no catalogue knows");
  }
}

void Entries::add_of_instance() {
  switch (kind_) {
    case FaultKind::sql_component_error:
      for (const auto& [name, component] : error_components()) {
        add([&, text = component](TimelineEntry& entry) { entry.kind = text; });
      }
      return;
    case FaultKind::sql_slow_recovery: return add([](TimelineEntry& entry) { entry.amount = slowness; });
    case FaultKind::sql_tempdb_missing: return on_each_node();
    case FaultKind::sql_authentication_off:
      if (!design_.fci.mixed_mode) return leave_out("SQL authentication is off in the design");
      return add();
    case FaultKind::master_cannot_log_in: {
      const world::TextIndex account = plan_.find_text(design_.scale_out.master.account);
      const auto& admins = state_.admins;
      if (std::find(admins.begin(), admins.end(), account) != admins.end()) return add();
      return leave_out("the master's account is no member of ssis_admin of its own that could be removed");
    }
    default: return add();
  }
}

void Entries::add_of_names() {
  if (kind_ != FaultKind::name_service_dns_stale) return add();
  for (const world::GroupPlan& role : plan_.groups) {
    if (!role.host_name.empty()) add([&](TimelineEntry& entry) { entry.role = role.name; });
  }
}

void Entries::add_of_certificates() {
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
void Entries::add_copies(bool removed) {
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
void Entries::add_settings() {
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

void Entries::add_of_configuration() {
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

void Entries::add_of_operator() {
  switch (kind_) {
    case FaultKind::operator_stop_service: return on_each_node();
    case FaultKind::operator_reboot_wrong_node: return leave_out("the same as node.reboot, which is there");
    case FaultKind::operator_stop_executions:
      for (const world::BatchPlan& source : plan_.batches) {
        add([&](TimelineEntry& entry) { entry.batch = source.name; });
      }
      return;
    case FaultKind::operator_late:
      return leave_out("it delays operations; the faults here are repaired at given times");
    default: throw std::logic_error("a fault of operators that no catalogue knows");
  }
}

}  // namespace

CatalogueEntries entries_of(FaultKind kind, const world::World& deployed) {
  return Entries(kind, deployed).take();
}

std::vector<std::string> texts_of_catalogue(const model::Design& design) {
  std::vector<std::string> texts;
  for (const model::Node& node : design.cluster.nodes) texts.push_back(node.name);
  if (!design.cluster.nodes.empty()) texts.push_back(endpoint_on(design.cluster.nodes.front().name, design));
  return texts;
}

}  // namespace rehearse::sim
