// One machine: Windows features and setup programs, services, firewall. Power and updates: simulated_machine.cpp,
// settings files: simulated_settings.cpp.
#include "model/endpoint.hpp"
#include "model/steps/node_operations.hpp"
#include "sim/async/simulated_call.hpp"
#include "sim/async/simulated_machine.hpp"
#include "sim/async/simulated_settings.hpp"
#include "sim/world/configuration.hpp"
#include "sim/world/installation.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::sim {
namespace {

namespace host = steps::host;
using model::Timing;
using steps::Answer;
using steps::FailureCode;
using steps::ServiceState;
using steps::StartType;
using world::host_id;
using world::HostIndex;
using world::Installation;
using world::none;
using world::Process;
using world::WorkerIndex;

constexpr Duration time_for_role = std::chrono::hours(1);  // Setup waits as long as the role takes to come online
constexpr int sql_server_port = 1433;

struct OfHost : OfMachine {
  using OfMachine::OfMachine;
  using OfMachine::operator();

  Progress pause(Timing timing, HostIndex on) const { return pause_for(turn, timing, host_id(on)); }
  Installation install() const { return Installation(world); }

  // ---- features and SQL Server
  Progress operator()(const host::FeatureInstalled& r) const {
    return Answer(r.feature == "Failover-Clustering" && state.hosts[find_host(world, r.host)].feature);
  }
  Progress operator()(const host::InstallFeature& r) const {
    const HostIndex node = find_node(world, r.host);
    if (r.feature != "Failover-Clustering") refuse_unknown("the feature " + r.feature);
    if (turn.stage == 0) return pause(Timing::install_feature, node);
    if (!state.hosts[node].feature) install().install_feature(node, turn.cause);
    return Answer();
  }
  Progress operator()(const host::FciInstalled& r) const {
    return Answer(state.hosts[find_host(world, r.host)].sql_installed && is_instance(r.instance));
  }
  Progress operator()(const host::InstallFci& r) const {
    const HostIndex node = cluster_member(r.host);
    const model::FailoverClusterInstance& fci = design.fci;
    const bool designed = is_instance(r.instance) && r.network_name == fci.network_name && r.role == fci.role_name() &&
                          r.addresses == fci.addresses && r.disks == fci.disks;
    if (!designed) refuse_unknown("an instance " + r.instance + " as " + r.network_name + " in " + r.role);
    const world::GroupState& role = state.groups[plan.sql_group];
    if (turn.stage < 2)
      require(!role.exists, FailureCode::conflict, "The cluster group '" + r.role + "' exists already");
    if (turn.stage == 0) return pause(Timing::install_sql, node);
    if (turn.stage == 1) {
      install().install_first_sql_node(node, turn.cause);
      return pause_until(turn, world::Condition::Kind::role_settled, plan.sql_group, time_for_role);
    }
    require(world.roles().fully_online(plan.sql_group), FailureCode::refused,
            "Setup could not bring the role " + r.role + " online");
    return Answer();
  }
  Progress operator()(const host::AddFciNode& r) const {
    const HostIndex node = cluster_member(r.host);
    require(is_instance(r.instance) && state.groups[plan.sql_group].exists, FailureCode::refused,
            "The cluster has no failover cluster instance " + r.instance);
    require(!state.hosts[node].sql_installed, FailureCode::conflict, r.host + " is a node of the instance already");
    if (turn.stage == 0) return pause(Timing::add_sql_node, node);
    install().add_sql_node(node, turn.cause);
    return Answer();
  }

  // ---- Scale Out
  Progress operator()(const host::ServiceInstalled& r) const {
    return Answer(process(find_host(world, r.host), r.service) != Process::absent);
  }
  Progress operator()(const host::InstallMaster& r) const {
    const HostIndex node = find_node(world, r.host);
    if (r.service != design.master_service()) refuse_unknown("the service " + r.service);
    require(state.hosts[node].master == Process::absent, FailureCode::conflict, r.service + " is installed already");
    const world::TextIndex account = known_text(world, r.account);
    const world::CertificateIndex stated = r.thumbprint.empty() ? none : known_certificate(world, r.thumbprint);
    require(stated == none || has_copy(world, node, stated, world::Store::root, true), FailureCode::refused,
            "The certificate " + r.thumbprint + " is not in the Root store with its private key");
    if (turn.stage == 0) return pause(Timing::install_integration_services, node);
    const world::CertificateIndex shown =
        stated != none ? stated : make_certificate(turn, r.common_names, validity_of_setup_certificates(turn));
    install().install_master(node, account, shown, r.port, turn.cause);
    return Answer();
  }
  Progress operator()(const host::InstallWorker& r) const {
    const HostIndex machine = find_host(world, r.host);
    const WorkerIndex worker = worker_at(machine, r.service);
    require(state.workers[worker].service == Process::absent, FailureCode::conflict,
            r.service + " is installed already");
    const model::WorkerPool& pool = design.scale_out.workers[plan.workers[worker].pool];
    if (plan.find_certificate(pool.certificate) == none) refuse_unknown("a certificate of the worker " + r.host);
    // An account that the design leaves open is the virtual one that Setup proposes.
    const bool proposed = pool.account.empty() && r.account == "NT Service\\" + r.service;
    const world::TextIndex account = known_text(world, proposed ? pool.account : r.account);
    const world::TextIndex endpoint = known_text(world, r.endpoint);
    if (turn.stage == 0) return pause(Timing::install_integration_services, machine);
    install().install_worker(worker, account, endpoint, certificate_of_worker_setup(turn, pool.certificate),
                             turn.cause);
    return Answer();
  }

  // ---- settings files
  Progress operator()(const host::ReadMasterSettings& r) const {
    return Answer(read_master_settings(world, master_at(find_host(world, r.host), r.service)));
  }
  Progress operator()(const host::WriteMasterSettings& r) const {
    const HostIndex node = master_at(find_host(world, r.host), r.service);
    const world::MasterSettingsState settings = master_settings_state(world, r.settings);
    if (turn.stage == 0) return pause(Timing::write_settings, node);
    install().write_master_settings(node, settings, turn.cause);
    return Answer();
  }
  Progress operator()(const host::ReadWorkerSettings& r) const {
    return Answer(read_worker_settings(world, installed_worker(find_host(world, r.host), r.service)));
  }
  Progress operator()(const host::WriteWorkerSettings& r) const {
    const HostIndex machine = find_host(world, r.host);
    const WorkerIndex worker = installed_worker(machine, r.service);
    const world::WorkerSettingsState settings = worker_settings_state(world, worker, r.settings);
    if (turn.stage == 0) return pause(Timing::write_settings, machine);
    install().write_worker_settings(worker, settings, turn.cause);
    return Answer();
  }

  // ---- services
  Progress operator()(const host::QueryService& r) const {
    switch (process(find_host(world, r.host), r.service)) {
      case Process::absent: return Answer(to_text(ServiceState::absent));
      case Process::stopped: return Answer(to_text(ServiceState::stopped));
      case Process::running:
      case Process::hung: return Answer(to_text(ServiceState::running));  // the service control manager sees a process
    }
    throw std::logic_error("a process in no state");
  }
  Progress operator()(const host::StartService& r) const { return change_service(r.host, r.service, false, true); }
  Progress operator()(const host::StopService& r) const { return change_service(r.host, r.service, true, false); }
  Progress operator()(const host::RestartService& r) const { return change_service(r.host, r.service, true, true); }
  Progress operator()(const host::QueryStartType& r) const {
    const HostIndex machine = find_host(world, r.host);
    require_service(machine, r.service);
    const bool automatic = r.service != design.master_service() || state.hosts[machine].master_automatic;
    return Answer(to_text(automatic ? StartType::automatic : StartType::manual));
  }
  Progress operator()(const host::SetStartType& r) const {
    const HostIndex machine = find_host(world, r.host);
    require_service(machine, r.service);
    const bool of_master = r.service == design.master_service();
    if (r.type == StartType::disabled || (!of_master && r.type != StartType::automatic)) {
      refuse_unknown("the start type " + std::string(to_text(r.type)) + " for " + r.service);
    }
    if (turn.stage == 0) return pause(Timing::small_change, machine);
    if (of_master) world.masters().set_start_type(machine, r.type == StartType::automatic, turn.cause);
    return Answer();
  }

  // ---- firewall
  Progress operator()(const host::FirewallOpen& r) const {
    const world::HostState& machine = state.hosts[find_host(world, r.host)];
    if (r.port == sql_server_port) return Answer(machine.firewall_sql);
    return Answer(is_master_port(r.port) && machine.firewall_master);
  }
  Progress operator()(const host::OpenFirewall& r) const {
    const HostIndex machine = find_host(world, r.host);
    if (r.port != sql_server_port && !is_master_port(r.port)) refuse_unknown("TCP port " + std::to_string(r.port));
    if (turn.stage == 0) return pause(Timing::small_change, machine);
    install().open_firewall(machine, r.port, turn.cause);
    return Answer();
  }

 private:
  bool is_instance(const std::string& instance) const { return model::same_name(instance, design.fci.instance); }

  bool is_master_port(int port) const {
    for (const model::Node& node : design.cluster.nodes) {
      if (design.master_settings(node.name).port == port) return true;
    }
    return design.scale_out.master.settings.port == port;
  }

  HostIndex cluster_member(const std::string& name) const {
    const HostIndex node = find_node(world, name);
    require(world.membership().is_active(node), FailureCode::refused,
            "The cluster service is not running on " + name + ", or it is not a node of the cluster");
    return node;
  }

  /// It runs from its start on, also while it looks for a cluster to join.
  Process cluster_service_on(HostIndex node) const {
    switch (state.hosts[node].service) {
      case world::ClusterService::absent: return Process::absent;
      case world::ClusterService::stopped: return Process::stopped;
      case world::ClusterService::starting:
      case world::ClusterService::up: return Process::running;
    }
    throw std::logic_error("a cluster service in no state");
  }

  Process process(HostIndex machine, const std::string& service) const {
    if (service == steps::cluster_service && machine < plan.node_count) return cluster_service_on(machine);
    if (service == design.master_service()) return state.hosts[machine].master;
    const WorkerIndex worker = worker_on(world, machine);
    if (service != design.worker_service() || worker == none) return Process::absent;
    return state.workers[worker].service;
  }
  void require_service(HostIndex machine, const std::string& service) const {
    require(process(machine, service) != Process::absent, FailureCode::not_found,
            "Cannot find any service with service name '" + service + "'");
  }
  HostIndex master_at(HostIndex machine, const std::string& service) const {
    require_service(machine, service);
    if (service != design.master_service()) refuse_unknown("master settings of " + service);
    return machine;
  }
  WorkerIndex worker_at(HostIndex machine, const std::string& service) const {
    const WorkerIndex worker = worker_on(world, machine);
    if (worker == none || service != design.worker_service()) {
      refuse_unknown("the service " + service + " on " + plan.hosts[machine].name);
    }
    return worker;
  }
  WorkerIndex installed_worker(HostIndex machine, const std::string& service) const {
    require_service(machine, service);
    return worker_at(machine, service);
  }

  // A restart stops at once and starts when its time is over: that is the outage which it makes.
  Progress change_service(const std::string& name, const std::string& service, bool stop, bool start) const {
    const HostIndex machine = find_host(world, name);
    require_service(machine, service);
    const bool of_master = service == design.master_service();
    const WorkerIndex worker = of_master ? none : worker_at(machine, service);
    const bool restart = stop && start;
    if (stop && turn.stage == (restart ? 0 : 1)) {
      if (of_master)
        world.masters().stop(machine, turn.cause);
      else
        world.workers().stop_service(worker, turn.cause);
    }
    if (turn.stage == 0) {
      return pause(restart ? Timing::restart_service : start ? Timing::service_start : Timing::service_stop, machine);
    }
    const world::Configuration configuration = world.configuration();
    const bool logs_on = of_master ? configuration.master_logs_on() : configuration.worker_logs_on(worker);
    require(!start || logs_on, FailureCode::refused, "The service did not start due to a logon failure (error 1069)");
    if (start && of_master) world.masters().started(machine, turn.cause);
    if (start && !of_master) world.workers().start_service(worker, turn.cause);
    return Answer();
  }
};

}  // namespace

Progress take_turn(const steps::HostRequest& request, Turn turn) {
  return std::visit(OfHost(turn), request);
}

}  // namespace rehearse::sim
