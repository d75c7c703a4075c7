#include "tests/far_side/sample_requests.hpp"

#include <chrono>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace far_side {
namespace {

namespace model = rehearse::model;
namespace steps = rehearse::steps;
namespace host = steps::host;
namespace store = steps::certificate_store;
namespace cluster = steps::cluster;
namespace catalog = steps::catalog;
namespace clock = steps::clock;
namespace ask = steps::ask;

using namespace std::chrono_literals;

constexpr const char* master_service = "SSISScaleOutMaster150";
constexpr const char* worker_service = "SSISScaleOutWorker150";
const std::string thumbprint = "0123456789ABCDEF0123456789ABCDEF01234567";
constexpr rehearse::Date begin = rehearse::Date(std::chrono::sys_days(std::chrono::year(2027) / 1 / 1));
constexpr rehearse::Date end = rehearse::Date(std::chrono::sys_days(std::chrono::year(2029) / 1 / 1));

steps::Secret password(const SampleNames& names) {
  return steps::Secret("password of " + names.account, names.password);
}

// Samples by shape. Overload resolution takes the function for the request itself where there is one, else the one for
// its shape: a request whose shape has no function does not compile.

std::vector<steps::NoDetails> samples(const steps::NoDetails*, const SampleNames&) {
  return {steps::NoDetails()};
}
std::vector<clock::Length> samples(const clock::Length*, const SampleNames&) {
  return {clock::Length(5s)};
}
std::vector<ask::Question> samples(const ask::Question*, const SampleNames&) {
  return {ask::Question("Restart SQL1 now?")};
}
std::vector<ask::NameOfSecret> samples(const ask::NameOfSecret*, const SampleNames& names) {
  return {ask::NameOfSecret(password(names).name())};
}

// ---- hosts
std::vector<host::FeatureOnHost> samples(const host::FeatureOnHost*, const SampleNames&) {
  return {{"SQL1", "Failover-Clustering"}};
}
std::vector<host::InstanceOnHost> samples(const host::InstanceOnHost*, const SampleNames&) {
  return {{"SQL1", "MSSQLSERVER"}, {"SQL2", "INST1"}};
}
std::vector<host::ServiceOnHost> samples(const host::ServiceOnHost*, const SampleNames&) {
  return {{"SQL1", master_service}, {"WRK1", worker_service}};
}
std::vector<host::ServiceOnHost> samples(const host::ReadMasterSettings*, const SampleNames&) {
  return {{"SQL1", master_service}};
}
std::vector<host::ServiceOnHost> samples(const host::ReadWorkerSettings*, const SampleNames&) {
  return {{"WRK1", worker_service}};
}
std::vector<host::PortOnHost> samples(const host::PortOnHost*, const SampleNames&) {
  return {{"SQL1", 8391}};
}
std::vector<host::FciSetup> samples(const host::FciSetup*, const SampleNames& names) {
  return {
      {"SQL1", "MSSQLSERVER", "SQLFCI", {"10.0.0.50"}, {"Cluster Disk 1"}, names.role, password(names)},
      {"SQL1", "INST1", "SQLFCI", {"10.0.0.50", "10.0.1.50"}, {"Cluster Disk 1", "Logs"}, names.role, password(names)}};
}
std::vector<host::FciNodeSetup> samples(const host::FciNodeSetup*, const SampleNames& names) {
  return {{"SQL2", "MSSQLSERVER", password(names)}};
}
std::vector<host::MasterSetup> samples(const host::MasterSetup*, const SampleNames& names) {
  return {{"SQL1", master_service, names.account, password(names), 8391, {"SQLFCI", "SQL1"}, ""},
          {"SQL2", master_service, "NT Service\\SSISScaleOutMaster150", steps::Secret(), 8391, {}, thumbprint}};
}
std::vector<host::WorkerSetup> samples(const host::WorkerSetup*, const SampleNames& names) {
  return {{"WRK1", worker_service, names.account, password(names), "https://SSISMASTER:8391"},
          {"WRK2", worker_service, "NT Service\\SSISScaleOutWorker150", steps::Secret(), "https://SSISMASTER:8391"}};
}
std::vector<host::MasterFile> samples(const host::MasterFile*, const SampleNames&) {
  model::MasterSettings settings;
  settings.certificate_thumbprint = thumbprint;
  settings.sql_server_name = "SQLFCI";
  return {{"SQL1", master_service, settings}};
}
std::vector<host::WorkerFile> samples(const host::WorkerFile*, const SampleNames&) {
  model::WorkerSettings settings;
  settings.endpoint = "https://SSISMASTER:8391";
  settings.master_certificate_thumbprint = thumbprint;
  settings.worker_certificate_thumbprint = thumbprint;
  return {{"WRK1", worker_service, settings}};
}
std::vector<host::StartTypeOfService> samples(const host::StartTypeOfService*, const SampleNames&) {
  return {{"SQL1", master_service, steps::StartType::manual},
          {"SQL1", master_service, steps::StartType::automatic},
          {"WRK1", worker_service, steps::StartType::disabled}};
}
std::vector<host::Machine> samples(const host::Machine*, const SampleNames&) {
  return {host::Machine("SQL1")};
}
std::vector<host::MachineWithin> samples(const host::MachineWithin*, const SampleNames&) {
  return {{"SQL1", 15min}};
}

// ---- certificates
std::vector<store::OnHost> samples(const store::OnHost*, const SampleNames&) {
  return {store::OnHost("SQL1")};
}
std::vector<store::NewCertificate> samples(const store::NewCertificate*, const SampleNames&) {
  return {{"SQL1", {"SSISMASTER", "SQL1"}, begin, end}};
}
std::vector<store::CertificateFromFile> samples(const store::CertificateFromFile*, const SampleNames&) {
  return {{"SQL1", "master", steps::CertificateInfo(thumbprint, {"SSISMASTER"}, begin, end, "My", true)},
          {"WRK1", "root", steps::CertificateInfo(thumbprint, {"SSISMASTER"}, begin, end, "Root", false)}};
}
std::vector<store::CopyOfCertificate> samples(const store::CopyOfCertificate*, const SampleNames&) {
  return {{"SQL1", "SQL1", thumbprint, "Root", true},
          {"SQL1", "SQL2", thumbprint, "My", true},
          {"SQL1", "WRK1", thumbprint, "Root", false}};
}
std::vector<store::CopyInStore> samples(const store::CopyInStore*, const SampleNames&) {
  return {{"SQL1", thumbprint, "My"}};
}
std::vector<store::PortOnHost> samples(const store::PortOnHost*, const SampleNames&) {
  return {{"SQL1", 8391}};
}
std::vector<store::BindingOfPort> samples(const store::BindingOfPort*, const SampleNames&) {
  return {{"SQL1", 8391, thumbprint, "My"}};
}
std::vector<store::AccountAndKey> samples(const store::AccountAndKey*, const SampleNames& names) {
  return {{"SQL1", thumbprint, names.account}};
}

// ---- the cluster
std::vector<cluster::Named> samples(const cluster::Named*, const SampleNames&) {
  return {cluster::Named("SSISCLU")};
}
std::vector<cluster::OfNode> samples(const cluster::OfNode*, const SampleNames&) {
  return {cluster::OfNode("SQL2")};
}
std::vector<cluster::OfNodes> samples(const cluster::OfNodes*, const SampleNames&) {
  return {cluster::OfNodes({"SQL1", "SQL2"})};
}
std::vector<cluster::NewCluster> samples(const cluster::NewCluster*, const SampleNames&) {
  return {{"SSISCLU", {"SQL1", "SQL2"}}};
}
std::vector<cluster::QuorumSetting> samples(const cluster::QuorumSetting*, const SampleNames& names) {
  return {{model::Witness::Kind::file_share, names.path},
          {model::Witness::Kind::disk, "Cluster Disk 2"},
          {model::Witness::Kind::none, ""}};
}
std::vector<cluster::OfProperty> samples(const cluster::OfProperty*, const SampleNames&) {
  return {cluster::OfProperty("SameSubnetThreshold")};
}
std::vector<cluster::PropertyValue> samples(const cluster::PropertyValue*, const SampleNames&) {
  return {{"SameSubnetThreshold", 20}};
}
std::vector<cluster::NodeWithin> samples(const cluster::NodeWithin*, const SampleNames&) {
  return {{"SQL2", 10min}};
}
std::vector<cluster::NodeAndFailback> samples(const cluster::NodeAndFailback*, const SampleNames&) {
  return {{"SQL2", steps::Failback::none}, {"SQL2", steps::Failback::immediate}, {"SQL2", steps::Failback::policy}};
}
std::vector<cluster::StartOfNode> samples(const cluster::StartOfNode*, const SampleNames&) {
  return {{"SQL2", steps::NodeStart::usual, 10min},
          {"SQL2", steps::NodeStart::force_quorum, 10min},
          {"SQL2", steps::NodeStart::prevent_quorum, 0s}};
}

// ---- roles
std::vector<cluster::OfRole> samples(const cluster::OfRole*, const SampleNames& names) {
  return {cluster::OfRole(names.role)};
}
std::vector<cluster::OfResource> samples(const cluster::OfResource*, const SampleNames& names) {
  return {cluster::OfResource(names.resource)};
}
std::vector<cluster::Providers> samples(const cluster::Providers*, const SampleNames& names) {
  return {{names.resource, {"SQL Network Name (SQLFCI)", "SQL Server"}}, {names.resource, {}}};
}
std::vector<cluster::NewGenericService> samples(const cluster::NewGenericService*, const SampleNames& names) {
  return {{names.resource, names.role, master_service}};
}
std::vector<cluster::NewRole> samples(const cluster::NewRole*, const SampleNames& names) {
  return {{names.role, "SSISMASTER", {"10.0.0.51"}, names.resource, master_service},
          {names.role, "SSISMASTER", {"10.0.0.51", "10.0.1.51"}, names.resource, master_service}};
}
std::vector<cluster::PropertyOfResource> samples(const cluster::PropertyOfResource*, const SampleNames& names) {
  return {{names.resource, steps::ResourceProperty::restart_action},
          {"SQL Server", steps::ResourceProperty::health_check_timeout},
          {"SQL Server", steps::ResourceProperty::failure_condition_level}};
}
std::vector<cluster::ResourcePropertyValue> samples(const cluster::ResourcePropertyValue*, const SampleNames& names) {
  return {{names.resource, steps::ResourceProperty::restart_action, 1},
          {"SQL Server", steps::ResourceProperty::health_check_timeout, 30000},
          {"SQL Server", steps::ResourceProperty::failure_condition_level, 3}};
}
std::vector<cluster::RoleWithin> samples(const cluster::RoleWithin*, const SampleNames& names) {
  return {{names.role, 10min}};
}
std::vector<cluster::ResourceWithin> samples(const cluster::ResourceWithin*, const SampleNames& names) {
  return {{names.resource, 10min}};
}
std::vector<cluster::RoleToNode> samples(const cluster::RoleToNode*, const SampleNames& names) {
  return {{names.role, "SQL2", 10min}};
}
std::vector<cluster::ReplicaOfRole> samples(const cluster::ReplicaOfRole*, const SampleNames& names) {
  return {{names.role, "SQL2"}};
}

// ---- the catalog
std::vector<catalog::OfAccount> samples(const catalog::OfAccount*, const SampleNames& names) {
  return {catalog::OfAccount(names.account)};
}
std::vector<catalog::OfWorker> samples(const catalog::OfWorker*, const SampleNames&) {
  return {catalog::OfWorker("WRK1")};
}
std::vector<catalog::NewCatalog> samples(const catalog::NewCatalog*, const SampleNames& names) {
  return {catalog::NewCatalog(password(names))};
}
std::vector<catalog::NewMasterAddress> samples(const catalog::NewMasterAddress*, const SampleNames&) {
  return {catalog::NewMasterAddress("https://SSISMASTER:8391/ClusterManagement/")};
}

template <class Port, class Request>
void add(std::vector<steps::AnyRequest>& all, const SampleNames& names) {
  for (const auto& shape : samples(static_cast<const Request*>(nullptr), names)) {
    const auto make = [](const auto&... field) { return Request(field...); };
    all.push_back(steps::AnyRequest(Port(std::apply(make, shape.fields()))));
  }
}

template <class... Requests>
void add_all(std::type_identity<std::variant<Requests...>>, std::vector<steps::AnyRequest>& all,
             const SampleNames& names) {
  (add<std::variant<Requests...>, Requests>(all, names), ...);
}

template <class... Ports>
void add_ports(std::type_identity<std::variant<Ports...>>, std::vector<steps::AnyRequest>& all,
               const SampleNames& names) {
  (add_all(std::type_identity<Ports>(), all, names), ...);
}

model::Certificate certificate(const std::string& key, std::vector<std::string> names) {
  model::Certificate result;
  result.key = key;
  result.common_names = std::move(names);
  result.not_before = begin;
  result.not_after = end;
  return result;
}

}  // namespace

model::Design sample_design() {
  model::Design design;
  design.name = "samples";
  design.cluster.name = "SSISCLU";
  for (const char* name : {"SQL1", "SQL2"}) {
    model::Node node;
    node.name = name;
    design.cluster.nodes.push_back(node);
  }
  for (const auto& [name, subnet] :
       {std::pair("Cluster Network 1", "10.0.0.0/24"), std::pair("Cluster Network 2", "10.0.1.0/24")}) {
    model::Network network;
    network.name = name;
    network.subnet = subnet;
    design.cluster.networks.push_back(network);
  }
  design.cluster.witness.kind = model::Witness::Kind::file_share;
  design.cluster.witness.path = "\\\\FS1\\witness";
  design.fci.network_name = "SQLFCI";
  design.fci.addresses = {"10.0.0.50", "10.0.1.50"};
  design.fci.disks = {"Cluster Disk 1"};
  design.scale_out.placement = model::Placement::separate;
  model::MasterRole role;
  role.name = "SSIS Scale Out Master";
  role.dns_host_name = "SSISMASTER";
  role.addresses = {"10.0.0.51", "10.0.1.51"};
  design.scale_out.role = role;
  design.scale_out.master.account = "CORP\\svc-ssis";
  design.scale_out.master.certificate = "master";
  model::WorkerPool pool;
  pool.name = "WRK";
  pool.count = 2;
  pool.numbered = true;
  pool.certificate = "worker";
  design.scale_out.workers.push_back(pool);
  design.certificates = {certificate("master", {"SSISMASTER"}), certificate("worker", {})};
  return design;
}

rehearse::real::Site sample_site() {
  rehearse::real::Site site;
  site.media = "D:\\sql";
  site.sql_data_folder = "F:\\Data";
  site.sql_account = "CORP\\svc-sql";
  site.agent_account = "CORP\\svc-agent";
  site.sql_administrators = {"CORP\\DBA", "CORP\\installer"};
  site.cluster_address = "10.0.0.40";
  site.installation_account = "CORP\\installer";
  return site;
}

std::vector<steps::AnyRequest> sample_requests(const SampleNames& names) {
  std::vector<steps::AnyRequest> all;
  add_ports(std::type_identity<steps::AnyRequest>(), all, names);
  return all;
}

}  // namespace far_side
