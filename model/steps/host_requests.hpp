// What can be asked of one machine: Windows features, setup, services, settings files, firewall. Each request names the
// host it is for; the service names carry the SQL Server version ("SSISScaleOutMaster150", S 2), and so tell the
// platform which installation, and which settings file, is meant.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "model/steps/answer.hpp"
#include "model/steps/request.hpp"
#include "model/steps/states.hpp"

namespace rehearse::steps::host {

struct FeatureOnHost {
  std::string host;
  std::string feature;
  FeatureOnHost(std::string the_host, std::string the_feature)
      : host(std::move(the_host)), feature(std::move(the_feature)) {}
  auto fields() const { return std::tie(host, feature); }
  friend bool operator==(const FeatureOnHost&, const FeatureOnHost&) = default;
};

struct InstanceOnHost {
  std::string host;
  std::string instance;
  InstanceOnHost(std::string the_host, std::string the_instance)
      : host(std::move(the_host)), instance(std::move(the_instance)) {}
  auto fields() const { return std::tie(host, instance); }
  friend bool operator==(const InstanceOnHost&, const InstanceOnHost&) = default;
};

struct ServiceOnHost {
  std::string host;
  std::string service;
  ServiceOnHost(std::string the_host, std::string the_service)
      : host(std::move(the_host)), service(std::move(the_service)) {}
  auto fields() const { return std::tie(host, service); }
  friend bool operator==(const ServiceOnHost&, const ServiceOnHost&) = default;
};

struct PortOnHost {
  std::string host;
  int port;
  PortOnHost(std::string the_host, int the_port) : host(std::move(the_host)), port(the_port) {}
  auto fields() const { return std::tie(host, port); }
  friend bool operator==(const PortOnHost&, const PortOnHost&) = default;
};

/// Is the Windows feature ("Failover-Clustering") there and usable? Answers a flag.
struct FeatureInstalled : Query<FeatureOnHost> {
  using Query::Query;
  static constexpr std::string_view name = "FeatureInstalled";
};

/// With its management tools, restarting the host where Windows asks for it (W 8).
struct InstallFeature : Change<FeatureOnHost> {
  using Change::Change;
  static constexpr std::string_view name = "InstallFeature";
};

/// Is this host a node of the failover cluster instance? Answers a flag.
struct FciInstalled : Query<InstanceOnHost> {
  using Query::Query;
  static constexpr std::string_view name = "FciInstalled";
};

/// Setup of the first node (W 7.5). The logon is the SQL Server services' own: a design does not state it.
struct FciSetup {
  std::string host;
  std::string instance;
  std::string network_name;
  std::vector<std::string> addresses;
  std::vector<std::string> disks;
  std::string role;
  Secret service_logon;
  FciSetup(std::string the_host, std::string the_instance, std::string the_network_name,
           std::vector<std::string> the_addresses, std::vector<std::string> the_disks, std::string the_role,
           Secret the_service_logon)
      : host(std::move(the_host)),
        instance(std::move(the_instance)),
        network_name(std::move(the_network_name)),
        addresses(std::move(the_addresses)),
        disks(std::move(the_disks)),
        role(std::move(the_role)),
        service_logon(std::move(the_service_logon)) {}
  auto fields() const { return std::tie(host, instance, network_name, addresses, disks, role, service_logon); }
  friend bool operator==(const FciSetup&, const FciSetup&) = default;
};

/// SQL Server Database Engine Services as a new failover cluster instance; the role is online afterwards.
struct InstallFci : Change<FciSetup> {
  using Change::Change;
  static constexpr std::string_view name = "InstallFci";
};

struct FciNodeSetup {
  std::string host;
  std::string instance;
  Secret service_logon;
  FciNodeSetup(std::string the_host, std::string the_instance, Secret the_service_logon)
      : host(std::move(the_host)), instance(std::move(the_instance)), service_logon(std::move(the_service_logon)) {}
  auto fields() const { return std::tie(host, instance, service_logon); }
  friend bool operator==(const FciNodeSetup&, const FciNodeSetup&) = default;
};

/// This host becomes a further node of the instance (W 7.5).
struct AddFciNode : Change<FciNodeSetup> {
  using Change::Change;
  static constexpr std::string_view name = "AddFciNode";
};

/// Is the service there (Scale Out Master or Worker, by its name)? Answers a flag.
struct ServiceInstalled : Query<ServiceOnHost> {
  using Query::Query;
  static constexpr std::string_view name = "ServiceInstalled";
};

/// Setup of Integration Services with the Scale Out Master (S 7). Either common names, and setup makes a certificate
/// with them, or the thumbprint of one that lies in Root with its key. An empty password: a virtual account.
struct MasterSetup {
  std::string host;
  std::string service;
  std::string account;
  Secret password;
  int port;
  std::vector<std::string> common_names;
  std::string thumbprint;
  MasterSetup(std::string the_host, std::string the_service, std::string the_account, Secret the_password, int the_port,
              std::vector<std::string> the_common_names, std::string the_thumbprint)
      : host(std::move(the_host)),
        service(std::move(the_service)),
        account(std::move(the_account)),
        password(std::move(the_password)),
        port(the_port),
        common_names(std::move(the_common_names)),
        thumbprint(std::move(the_thumbprint)) {}
  auto fields() const { return std::tie(host, service, account, password, port, common_names, thumbprint); }
  friend bool operator==(const MasterSetup&, const MasterSetup&) = default;
};

/// Setup writes MasterSettings.config, binds the certificate to the port and leaves the service running (S 2, 3).
struct InstallMaster : Change<MasterSetup> {
  using Change::Change;
  static constexpr std::string_view name = "InstallMaster";
};

/// Setup of Integration Services with the Scale Out Worker (S 7).
struct WorkerSetup {
  std::string host;
  std::string service;
  std::string account;
  Secret password;
  std::string endpoint;
  WorkerSetup(std::string the_host, std::string the_service, std::string the_account, Secret the_password,
              std::string the_endpoint)
      : host(std::move(the_host)),
        service(std::move(the_service)),
        account(std::move(the_account)),
        password(std::move(the_password)),
        endpoint(std::move(the_endpoint)) {}
  auto fields() const { return std::tie(host, service, account, password, endpoint); }
  friend bool operator==(const WorkerSetup&, const WorkerSetup&) = default;
};

/// Setup makes the worker's own certificate, in My with its key and in Root, grants the account access to the key,
/// writes WorkerSettings.config and leaves the service running (S 3).
struct InstallWorker : Change<WorkerSetup> {
  using Change::Change;
  static constexpr std::string_view name = "InstallWorker";
};

/// Answers MasterSettings; not_found without the file.
struct ReadMasterSettings : Query<ServiceOnHost> {
  using Query::Query;
  static constexpr std::string_view name = "ReadMasterSettings";
};

struct MasterFile {
  std::string host;
  std::string service;
  model::MasterSettings settings;
  MasterFile(std::string the_host, std::string the_service, model::MasterSettings the_settings)
      : host(std::move(the_host)), service(std::move(the_service)), settings(std::move(the_settings)) {}
  auto fields() const { return std::tie(host, service, settings); }
  friend bool operator==(const MasterFile&, const MasterFile&) = default;
};

/// Replaces the values in MasterSettings.config. The service reads them when it starts.
struct WriteMasterSettings : Change<MasterFile> {
  using Change::Change;
  static constexpr std::string_view name = "WriteMasterSettings";
};

/// Answers WorkerSettings; not_found without the file.
struct ReadWorkerSettings : Query<ServiceOnHost> {
  using Query::Query;
  static constexpr std::string_view name = "ReadWorkerSettings";
};

struct WorkerFile {
  std::string host;
  std::string service;
  model::WorkerSettings settings;
  WorkerFile(std::string the_host, std::string the_service, model::WorkerSettings the_settings)
      : host(std::move(the_host)), service(std::move(the_service)), settings(std::move(the_settings)) {}
  auto fields() const { return std::tie(host, service, settings); }
  friend bool operator==(const WorkerFile&, const WorkerFile&) = default;
};

/// Replaces the values in WorkerSettings.config. The service reads them when it starts.
struct WriteWorkerSettings : Change<WorkerFile> {
  using Change::Change;
  static constexpr std::string_view name = "WriteWorkerSettings";
};

/// Answers the text of a ServiceState.
struct QueryService : Query<ServiceOnHost> {
  using Query::Query;
  static constexpr std::string_view name = "QueryService";
};

/// Done when the service runs.
struct StartService : Change<ServiceOnHost> {
  using Change::Change;
  static constexpr std::string_view name = "StartService";
};

/// Done when the service is stopped.
struct StopService : Change<ServiceOnHost> {
  using Change::Change;
  static constexpr std::string_view name = "StopService";
};

/// Stop, then start; done when the service runs.
struct RestartService : Change<ServiceOnHost> {
  using Change::Change;
  static constexpr std::string_view name = "RestartService";
};

/// Answers the text of a StartType.
struct QueryStartType : Query<ServiceOnHost> {
  using Query::Query;
  static constexpr std::string_view name = "QueryStartType";
};

struct StartTypeOfService {
  std::string host;
  std::string service;
  StartType type;
  StartTypeOfService(std::string the_host, std::string the_service, StartType the_type)
      : host(std::move(the_host)), service(std::move(the_service)), type(the_type) {}
  auto fields() const { return std::tie(host, service, type); }
  friend bool operator==(const StartTypeOfService&, const StartTypeOfService&) = default;
};

/// Does not start or stop anything.
struct SetStartType : Change<StartTypeOfService> {
  using Change::Change;
  static constexpr std::string_view name = "SetStartType";
};

/// Is the TCP port open for incoming connections? Answers a flag.
struct FirewallOpen : Query<PortOnHost> {
  using Query::Query;
  static constexpr std::string_view name = "FirewallOpen";
};

/// One inbound rule for the TCP port (W 8).
struct OpenFirewall : Change<PortOnHost> {
  using Change::Change;
  static constexpr std::string_view name = "OpenFirewall";
};

}  // namespace rehearse::steps::host
