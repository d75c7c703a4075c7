#include "sim/async/loading.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

#include "sim/async/loaded_certificates.hpp"
#include "sim/async/seen.hpp"
#include "sim/async/simulated_settings.hpp"
#include "sim/world/installation.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::sim {
namespace {

namespace catalog = steps::catalog;
namespace cluster = steps::cluster;
namespace host = steps::host;
namespace store = steps::certificate_store;
using steps::Answer;
using steps::Observation;
using world::CertificateIndex;
using world::HostIndex;
using world::Installation;
using world::none;
using world::ResourceIndex;
using world::WorkerIndex;

constexpr Duration settling = std::chrono::hours(1);
constexpr world::RecordId no_cause = 0;
constexpr int sql_server_port = 1433;

class Loader {
 public:
  Loader(world::World& world, const Observation& observation)
      : world_(world), plan_(world.plan()), design_(plan_.design()), seen_(observation, design_), install_(world) {}

  Aliases load() {
    certificates_.load();
    load_machines();
    load_validation();
    if (seen_.says(cluster::Exists(design_.cluster.name)) && seen_.says(cluster::Answers())) load_cluster();
    load_masters();
    load_workers();
    load_nodes();
    settle();
    load_silence();
    settle();
    return std::move(aliases_);
  }

 private:
  void settle() {
    const world::Time limit = world_.now() + settling;
    while (world_.engine().next_time() <= limit) world_.step(limit);
  }

  // ---- machines
  void load_machines() {
    for (HostIndex node = 0; node < plan_.node_count; ++node) {
      const std::string& name = plan_.hosts[node].name;
      if (seen_.says(host::FeatureInstalled(name, "Failover-Clustering"))) install_.install_feature(node, no_cause);
      for (const int port : {design_.master_settings(name).port, sql_server_port}) {
        if (seen_.says(host::FirewallOpen(name, port))) install_.open_firewall(node, port, no_cause);
      }
      const Answer* patches = seen_.find(host::QueryPatches(name));
      if (patches != nullptr && patches->text() != to_text(steps::PatchState::missing)) {
        world_.engine().emit(world::RecordKind::patches_installed, world::host_id(node), no_cause);
      }
    }
  }

  // ---- the cluster, the instance and the catalog
  void load_validation() {
    std::vector<std::string> nodes;
    for (const model::Node& node : design_.cluster.nodes) nodes.push_back(node.name);
    if (seen_.says(cluster::Validated(nodes))) validated(model::first_nodes(static_cast<int>(plan_.node_count)));
  }
  void validated(std::uint64_t nodes) {
    world_.engine().emit(world::RecordKind::cluster_validated, world::cluster_id, no_cause, none,
                         static_cast<std::int64_t>(nodes));
  }

  void load_cluster() {
    std::uint64_t members = 0;
    const std::vector<std::string> names = seen_.list(cluster::Nodes());
    for (const std::string& name : names) {
      const HostIndex node = plan_.find_host(name);
      if (node < plan_.node_count) members |= world::bit(node);
    }
    if (members == 0) return;
    world::Membership membership = world_.membership();
    membership.create_cluster(static_cast<HostIndex>(std::countr_zero(members)), members, no_cause);
    validated(members);
    const std::vector<std::string> quorum = seen_.list(cluster::Quorum());
    const model::Witness& witness = design_.cluster.witness;
    const bool as_designed =
        quorum.size() == 2 && quorum[0] == steps::to_text(witness.kind) && quorum[1] == witness.path;
    if (as_designed && witness.kind != model::Witness::Kind::none) membership.configure_witness(no_cause);
    if (has_role(design_.fci.role_name())) load_instance();
  }

  bool has_role(const std::string& role) const {
    const std::vector<std::string> roles = seen_.list(cluster::Roles());
    return std::find(roles.begin(), roles.end(), role) != roles.end();
  }

  HostIndex owner_of(const std::string& role) const {
    const HostIndex owner = plan_.find_host(seen_.text(cluster::RoleOwner(role)));
    return owner < plan_.node_count ? owner : 0;
  }

  void load_instance() {
    const HostIndex owner = owner_of(design_.fci.role_name());
    install_.install_first_sql_node(owner, no_cause);
    for (HostIndex node = 0; node < plan_.node_count; ++node) {
      const bool installed = seen_.says(host::FciInstalled(plan_.hosts[node].name, design_.fci.instance));
      if (installed && node != owner) install_.add_sql_node(node, no_cause);
    }
    if (seen_.says(catalog::Exists())) world_.sql().create_catalog(no_cause);
    if (seen_.says(catalog::ScaleOutEnabled())) install_.enable_scale_out(no_cause);
    // Only of an instance that is stopped in mixed mode is "no" said without asking it.
    const bool stopped =
        seen_.text(cluster::QueryResource(design_.fci.sql_resource())) == to_text(steps::ResourceState::offline);
    const bool answers = seen_.find(catalog::LogLoginEnabled()) != nullptr;
    if (seen_.says(catalog::LogLoginEnabled()) || (stopped && answers)) install_.enable_log_login(no_cause);
    if (seen_.says(catalog::StartupProcedureSet())) install_.set_startup_procedure(no_cause);
    const std::string& account = design_.scale_out.master.account;
    if (seen_.says(catalog::IsAdmin(account))) install_.add_admin(plan_.find_text(account), no_cause);
    const world::TextIndex address = plan_.find_text(seen_.text(catalog::MasterAddress()));
    if (address != none && !plan_.text(address).empty()) install_.update_master_address(address, no_cause);
  }

  // ---- the Scale Out Master
  void load_masters() {
    for (HostIndex node = 0; node < plan_.node_count; ++node) {
      const std::string& name = plan_.hosts[node].name;
      const std::vector<std::string> bound = seen_.list(store::Binding(name, design_.master_settings(name).port));
      const CertificateIndex certificate = bound.empty() ? none : certificates_.find(bound.front());
      if (certificate != none) {
        install_.bind_certificate(node, certificate, design_.master_settings(name).port, no_cause);
      }
      if (!seen_.says(host::ServiceInstalled(name, design_.master_service()))) continue;
      install_.put_master(node, plan_.find_text(design_.scale_out.master.account), no_cause);
      write_master_settings(node, seen_.master_settings(name));
      const bool automatic = seen_.text(host::QueryStartType(name, design_.master_service())) ==
                             steps::to_text(steps::StartType::automatic);
      world_.masters().set_start_type(node, automatic, no_cause);
    }
    load_master_resource();
    for (HostIndex node = 0; node < plan_.node_count; ++node) {
      const std::string& name = plan_.hosts[node].name;
      const bool runs = seen_.text(host::QueryService(name, design_.master_service())) ==
                        steps::to_text(steps::ServiceState::running);
      if (runs && !runs_under_cluster(node)) world_.masters().started(node, no_cause);
    }
  }

  void write_master_settings(HostIndex node, const std::optional<model::MasterSettings>& settings) {
    if (!settings) return;
    model::MasterSettings known = *settings;
    known.certificate_thumbprint.clear();
    world::MasterSettingsState state = world::settings_of(plan_, known);
    state.certificate = certificates_.find(settings->certificate_thumbprint);
    state.sql_server_name = plan_.find_text(settings->sql_server_name);
    install_.write_master_settings(node, state, no_cause);
  }

  bool has_master_resource() const {
    const std::string role = design_.master_role_name();
    if (!has_role(role)) return false;
    const std::vector<std::string> resources = seen_.list(cluster::Resources(role));
    return std::find(resources.begin(), resources.end(), design_.master_resource()) != resources.end();
  }

  bool runs_under_cluster(HostIndex node) const {
    const std::string state = seen_.text(cluster::QueryResource(design_.master_resource()));
    const bool active =
        state == to_text(steps::ResourceState::online) || state == to_text(steps::ResourceState::online_pending);
    return has_master_resource() && active && owner_of(design_.master_role_name()) == node;
  }

  void load_master_resource() {
    world::Roles roles = world_.roles();
    if (has_master_resource()) {
      if (design_.scale_out.placement == model::Placement::joint) {
        install_.add_master_resource(no_cause);
      } else {
        install_.create_master_role(owner_of(design_.master_role_name()), no_cause);
      }
      set_dependencies();
      const Answer* action =
          seen_.find(cluster::QueryProperty(design_.master_resource(), steps::ResourceProperty::restart_action));
      if (action != nullptr && action->number() >= 0 && action->number() <= 2) {
        roles.set_restart_action(plan_.master_resource, static_cast<int>(action->number()), no_cause);
      }
    }
    for (const std::string& role : {design_.fci.role_name(), design_.master_role_name()}) bring_to_state(role);
  }

  void set_dependencies() {
    world::Needs needs;
    const std::vector<std::string> providers = seen_.list(cluster::Dependencies(design_.master_resource()));
    for (const std::string& name : providers) {
      const ResourceIndex provider = plan_.find_resource(name);
      if (provider != none) needs.all |= plan_.place(provider);
    }
    world_.roles().set_dependencies(plan_.master_resource, needs, no_cause);
  }

  /// The wish for the role as a whole, then for single resources that somebody took offline.
  void bring_to_state(const std::string& role) {
    const world::GroupIndex group = plan_.find_group(role);
    if (group == none || !has_role(role)) return;
    const bool wanted = seen_.text(cluster::QueryRole(role)) != to_text(steps::RoleState::offline);
    world_.roles().want(group, wanted, no_cause);
    if (!wanted) return;
    const std::vector<std::string> resources = seen_.list(cluster::Resources(role));
    for (const std::string& resource : resources) {
      const ResourceIndex index = plan_.find_resource(resource);
      const bool is_off = seen_.text(cluster::QueryResource(resource)) == to_text(steps::ResourceState::offline);
      if (index != none && is_off) world_.roles().want_resource(index, false, no_cause);
    }
  }

  // ---- workers
  void load_workers() {
    for (WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker) {
      const std::string& name = plan_.workers[worker].name;
      const std::string service = design_.worker_service();
      if (!seen_.says(host::ServiceInstalled(name, service))) continue;
      const model::WorkerPool& pool = design_.scale_out.workers[plan_.workers[worker].pool];
      install_.put_worker(worker, plan_.find_text(pool.account), no_cause);
      write_worker_settings(worker, seen_.worker_settings(name));
      if (seen_.says(catalog::WorkerLastOnline(name))) install_.register_worker(worker, no_cause);
      if (seen_.says(catalog::WorkerEnabled(name))) world_.workers().enable(worker, no_cause);
      const bool runs = seen_.text(host::QueryService(name, service)) == to_text(steps::ServiceState::running);
      if (runs) world_.workers().start_service(worker, no_cause);
    }
  }

  void write_worker_settings(WorkerIndex worker, const std::optional<model::WorkerSettings>& settings) {
    if (!settings) return;
    world::WorkerSettingsState state;
    state.endpoint = plan_.find_text(settings->endpoint);
    state.master_certificate = certificates_.find(settings->master_certificate_thumbprint);
    state.worker_certificate = certificates_.find(settings->worker_certificate_thumbprint);
    state.agent_heartbeat = settings->agent_heartbeat_interval;
    state.task_heartbeat = settings->task_heartbeat_interval;
    state.tolerance = settings->heartbeat_error_tolerance;
    state.lease = settings->lease_interval;
    state.max_tasks =
        std::min<std::int32_t>(settings->max_task_count, static_cast<std::int32_t>(plan_.slots_per_worker));
    install_.write_worker_settings(worker, state, no_cause);
    const std::string in_world = read_worker_settings(world_, worker).agent_id;
    const bool fresh = !aliases_.knows_real(settings->agent_id) && !aliases_.knows_in_world(in_world);
    if (!settings->agent_id.empty() && fresh) aliases_.add(settings->agent_id, in_world);
    if (state.worker_certificate == none) return;
    const std::string service_account = "NT Service\\" + design_.worker_service();
    const model::WorkerPool& pool = design_.scale_out.workers[plan_.workers[worker].pool];
    const std::string& account = pool.account.empty() ? service_account : pool.account;
    if (seen_.says(store::KeyAccess(plan_.workers[worker].name, settings->worker_certificate_thumbprint, account))) {
      install_.grant_key_access(worker, state.worker_certificate, no_cause);
    }
  }

  // ---- nodes that are paused or whose cluster service is stopped
  void load_nodes() {
    world::Membership membership = world_.membership();
    for (HostIndex node = 0; node < plan_.node_count; ++node) {
      const std::string state = seen_.text(cluster::QueryNode(plan_.hosts[node].name));
      if (state == to_text(steps::NodeState::paused)) membership.pause(node, false, no_cause);
      if (state == to_text(steps::NodeState::down)) membership.stop_service(node, no_cause);
    }
  }

  // ---- machines that do not answer: in the world they are off. The cluster has got over that, so nodes leave it in
  // good order before.
  void load_silence() {
    const std::vector<std::string> silent = steps::silent_machines(seen_.observation());
    for (const std::string& name : silent) {
      const HostIndex machine = plan_.find_host(name);
      if (machine != none) world_.membership().lose_power(machine, no_cause);
    }
  }

  world::World& world_;
  const world::Blueprint& plan_;
  const model::Design& design_;
  Seen seen_;
  Installation install_;
  Aliases aliases_;
  LoadedCertificates certificates_{world_, seen_, aliases_};
};

}  // namespace

std::vector<std::string> texts_of(const Observation& observation) {
  std::vector<std::string> texts;
  for (const steps::Fact& fact : observation.facts) {
    if (fact.answer() == nullptr) continue;
    const Answer::Value& value = fact.answer()->value();
    if (const auto* master = std::get_if<model::MasterSettings>(&value)) texts.push_back(master->sql_server_name);
    if (const auto* worker = std::get_if<model::WorkerSettings>(&value)) texts.push_back(worker->endpoint);
    if (name_of(fact.question) == "Catalog.MasterAddress") texts.push_back(fact.answer()->text());
  }
  return texts;
}

Aliases load(world::World& world, const Observation& observation) {
  return Loader(world, observation).load();
}

}  // namespace rehearse::sim
