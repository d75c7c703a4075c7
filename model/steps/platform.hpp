// The seam: all that a step can see of the world. A platform is a handful of ports; each has one virtual function,
// `call`, over the closed list of its requests, so that an adapter (recording, replaying, faulty) overrides one
// function, and thin typed helpers on top of it, so that a step reads like the domain: co_await cluster.move_role(role,
// node, deadline).
//
// What each request means and answers stands beside its type in the *_requests.hpp headers. Every call either answers
// or throws Failure (failure.hpp); it throws boost::system::system_error(operation_aborted) only when its caller was
// cancelled. No step, rule or decision may ask where it runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/steps/answer.hpp"
#include "model/steps/awaitable.hpp"
#include "model/steps/requests.hpp"
#include "model/steps/states.hpp"

namespace rehearse::steps {

/// Virtual time in the simulated world, a steady timer in the real one.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Awaitable<Answer> call(ClockRequest request) = 0;

  Awaitable<Date> now();
  Awaitable<void> sleep(Duration length);
};

/// One machine at a time: features, setup, services, settings files, firewall, power, updates.
class Host {
 public:
  virtual ~Host() = default;
  virtual Awaitable<Answer> call(HostRequest request) = 0;

  Awaitable<bool> feature_installed(std::string host, std::string feature);
  Awaitable<void> install_feature(std::string host, std::string feature);
  Awaitable<bool> fci_installed(std::string host, std::string instance);
  Awaitable<void> install_fci(host::InstallFci setup);
  Awaitable<void> add_fci_node(std::string host, std::string instance, Secret service_logon);
  Awaitable<bool> service_installed(std::string host, std::string service);
  Awaitable<void> install_master(host::InstallMaster setup);
  Awaitable<void> install_worker(host::InstallWorker setup);
  Awaitable<model::MasterSettings> master_settings(std::string host, std::string service);
  Awaitable<void> write_master_settings(std::string host, std::string service, model::MasterSettings settings);
  Awaitable<model::WorkerSettings> worker_settings(std::string host, std::string service);
  Awaitable<void> write_worker_settings(std::string host, std::string service, model::WorkerSettings settings);
  Awaitable<ServiceState> service_state(std::string host, std::string service);
  Awaitable<void> start_service(std::string host, std::string service);
  Awaitable<void> stop_service(std::string host, std::string service);
  Awaitable<void> restart_service(std::string host, std::string service);
  Awaitable<StartType> start_type(std::string host, std::string service);
  Awaitable<void> set_start_type(std::string host, std::string service, StartType type);
  Awaitable<bool> firewall_open(std::string host, int port);
  Awaitable<void> open_firewall(std::string host, int port);
  Awaitable<bool> answers(std::string host);
  Awaitable<void> restart_machine(std::string host, Duration within);
  Awaitable<void> shut_down_machine(std::string host, Duration within);
  Awaitable<PatchState> patch_state(std::string host);
  Awaitable<void> install_patches(std::string host);
};

/// One host's LocalMachine stores and http.sys bindings.
class CertificateStore {
 public:
  virtual ~CertificateStore() = default;
  virtual Awaitable<Answer> call(CertificateRequest request) = 0;

  Awaitable<std::vector<CertificateInfo>> list(std::string host);
  Awaitable<std::string> create(std::string host, std::vector<std::string> names, Date not_before, Date not_after);
  Awaitable<void> import(std::string host, std::string certificate, CertificateInfo info);
  Awaitable<void> copy(std::string from, std::string host, std::string thumbprint, std::string store,
                       bool with_private_key);
  Awaitable<void> remove(std::string host, std::string thumbprint, std::string store);
  Awaitable<HttpBinding> binding(std::string host, int port);
  Awaitable<void> bind(std::string host, int port, std::string thumbprint, std::string store);
  Awaitable<bool> key_access(std::string host, std::string thumbprint, std::string account);
  Awaitable<void> grant_key_access(std::string host, std::string thumbprint, std::string account);
};

/// The failover cluster as a whole.
class Cluster {
 public:
  virtual ~Cluster() = default;
  virtual Awaitable<Answer> call(ClusterRequest request) = 0;

  Awaitable<bool> answers();
  Awaitable<bool> exists(std::string cluster);
  Awaitable<bool> validated(std::vector<std::string> nodes);
  Awaitable<void> validate(std::vector<std::string> nodes);
  Awaitable<void> create(std::string cluster, std::vector<std::string> nodes);
  Awaitable<void> add_node(std::string node);
  Awaitable<std::vector<std::string>> nodes();
  Awaitable<NodeState> node_state(std::string node);
  Awaitable<cluster::QuorumSetting> quorum();
  Awaitable<void> set_quorum(model::Witness::Kind kind, std::string path);
  Awaitable<std::int64_t> property(std::string property_name);
  Awaitable<void> set_property(std::string property_name, std::int64_t value);
  Awaitable<std::vector<std::string>> roles();
  Awaitable<RoleState> role_state(std::string role);
  Awaitable<std::string> role_owner(std::string role);
  Awaitable<std::vector<std::string>> resources(std::string role);
  Awaitable<ResourceState> resource_state(std::string resource);
  Awaitable<std::vector<std::string>> dependencies(std::string resource);
  Awaitable<void> set_dependencies(std::string resource, std::vector<std::string> providers);
  Awaitable<void> add_generic_service(std::string resource, std::string role, std::string service);
  Awaitable<void> create_role(std::string role, std::string dns_host_name, std::vector<std::string> addresses,
                              std::string resource, std::string service);
  Awaitable<std::int64_t> resource_property(std::string resource, ResourceProperty which);
  Awaitable<void> set_resource_property(std::string resource, ResourceProperty which, std::int64_t value);
  Awaitable<void> online_role(std::string role, Duration within);
  Awaitable<void> offline_role(std::string role, Duration within);
  Awaitable<void> online_resource(std::string resource, Duration within);
  Awaitable<void> offline_resource(std::string resource, Duration within);
  Awaitable<void> fail_resource(std::string resource);
  Awaitable<void> move_role(std::string role, std::string node, Duration within);
  Awaitable<void> move_role_to_best(std::string role, Duration within);
  Awaitable<void> force_failover(std::string role, std::string node, Duration within);
  Awaitable<bool> data_moves(std::string role, std::string node);
  Awaitable<void> resume_data_movement(std::string role, std::string node);
  Awaitable<void> pause_node(std::string node);
  Awaitable<void> drain_node(std::string node, Duration within);
  Awaitable<void> resume_node(std::string node, Failback failback);
  Awaitable<void> stop_node(std::string node, Duration within);
  Awaitable<void> start_node(std::string node, NodeStart start, Duration within);
  Awaitable<void> clear_quarantine(std::string node, Duration within);
};

/// SSISDB, on whichever node its instance runs.
class Catalog {
 public:
  virtual ~Catalog() = default;
  virtual Awaitable<Answer> call(CatalogRequest request) = 0;

  Awaitable<bool> exists();
  Awaitable<void> create(Secret password);
  Awaitable<bool> scale_out_enabled();
  Awaitable<void> enable_scale_out();
  Awaitable<bool> log_login_enabled();
  Awaitable<void> enable_log_login();
  Awaitable<bool> startup_procedure_set();
  Awaitable<void> set_startup_procedure();
  Awaitable<bool> is_admin(std::string account);
  Awaitable<void> add_admin(std::string account);
  Awaitable<std::string> master_address();
  Awaitable<void> update_master_address(std::string url);
  Awaitable<Date> master_last_online();
  Awaitable<bool> worker_enabled(std::string worker);
  Awaitable<void> enable_worker(std::string worker);
  Awaitable<Date> worker_last_online(std::string worker);
};

/// Whoever answers for what the steps do.
class Operator {
 public:
  virtual ~Operator() = default;
  virtual Awaitable<Answer> call(OperatorRequest request) = 0;

  Awaitable<bool> confirm(std::string text);
  Awaitable<Secret> secret(std::string secret_name);
};

/// References to the ports that steps are performed on; whoever owns the ports keeps them alive.
struct Platform {
  Clock& clock;
  Host& host;
  CertificateStore& certificates;
  Cluster& cluster;
  Catalog& catalog;
  Operator& person;
};

}  // namespace rehearse::steps
