#include "model/steps/platform.hpp"

#include <boost/asio/awaitable.hpp>

#include <utility>

#include "model/steps/failure.hpp"

namespace rehearse::steps {
namespace {

// Answer -> what the helper promises. A text that is no state, or a list of the wrong length, makes no sense.
template <class T>
T convert(const Answer& answer) {
  if (const auto state = parse_state<T>(answer.text())) return *state;
  throw Failure(FailureCode::indeterminate, "the answer is no state that we know: '" + answer.text() + "'");
}
template <>
void convert<void>(const Answer& answer) {
  answer.nothing();
}
template <>
bool convert<bool>(const Answer& answer) {
  return answer.flag();
}
template <>
std::int64_t convert<std::int64_t>(const Answer& answer) {
  return answer.number();
}
template <>
std::string convert<std::string>(const Answer& answer) {
  return answer.text();
}
template <>
std::vector<std::string> convert<std::vector<std::string>>(const Answer& answer) {
  return answer.list();
}
template <>
Date convert<Date>(const Answer& answer) {
  return answer.date();
}
template <>
Secret convert<Secret>(const Answer& answer) {
  return answer.secret();
}
template <>
model::MasterSettings convert<model::MasterSettings>(const Answer& answer) {
  return answer.master_settings();
}
template <>
model::WorkerSettings convert<model::WorkerSettings>(const Answer& answer) {
  return answer.worker_settings();
}
template <>
std::vector<CertificateInfo> convert<std::vector<CertificateInfo>>(const Answer& answer) {
  return answer.certificates();
}
template <>
HttpBinding convert<HttpBinding>(const Answer& answer) {
  const std::vector<std::string>& parts = answer.list();
  if (parts.empty()) return HttpBinding({}, {});
  if (parts.size() == 2) return HttpBinding(parts[0], parts[1]);
  throw Failure(FailureCode::indeterminate, "a binding is [thumbprint, store], the answer is " + to_text(answer));
}
template <>
cluster::QuorumSetting convert<cluster::QuorumSetting>(const Answer& answer) {
  const std::vector<std::string>& parts = answer.list();
  if (parts.size() == 2) {
    if (const auto kind = parse_state<model::Witness::Kind>(parts[0])) return cluster::QuorumSetting(*kind, parts[1]);
  }
  throw Failure(FailureCode::indeterminate, "a quorum setting is [kind, path], the answer is " + to_text(answer));
}

// One call: what fails learns which primitive failed and where.
template <class Result, class Port, class Request>
Awaitable<Result> ask_port(Port& port, Request request) {
  const AnyRequest any(request);
  try {
    const Answer answer = co_await port.call(std::move(request));
    co_return convert<Result>(answer);
  } catch (Failure& failure) {
    failure.attach_place(name_of(any), node_of(any));
    throw;
  }
}

}  // namespace

Awaitable<Date> Clock::now() {
  return ask_port<Date>(*this, ClockRequest(clock::Now()));
}
Awaitable<void> Clock::sleep(Duration length) {
  return ask_port<void>(*this, ClockRequest(clock::Sleep(length)));
}

Awaitable<bool> Host::feature_installed(std::string host, std::string feature) {
  return ask_port<bool>(*this, HostRequest(host::FeatureInstalled(std::move(host), std::move(feature))));
}
Awaitable<void> Host::install_feature(std::string host, std::string feature) {
  return ask_port<void>(*this, HostRequest(host::InstallFeature(std::move(host), std::move(feature))));
}
Awaitable<bool> Host::fci_installed(std::string host, std::string instance) {
  return ask_port<bool>(*this, HostRequest(host::FciInstalled(std::move(host), std::move(instance))));
}
Awaitable<void> Host::install_fci(host::InstallFci setup) {
  return ask_port<void>(*this, HostRequest(std::move(setup)));
}
Awaitable<void> Host::add_fci_node(std::string host, std::string instance, Secret service_logon) {
  return ask_port<void>(*this,
                        HostRequest(host::AddFciNode(std::move(host), std::move(instance), std::move(service_logon))));
}
Awaitable<bool> Host::service_installed(std::string host, std::string service) {
  return ask_port<bool>(*this, HostRequest(host::ServiceInstalled(std::move(host), std::move(service))));
}
Awaitable<void> Host::install_master(host::InstallMaster setup) {
  return ask_port<void>(*this, HostRequest(std::move(setup)));
}
Awaitable<void> Host::install_worker(host::InstallWorker setup) {
  return ask_port<void>(*this, HostRequest(std::move(setup)));
}
Awaitable<model::MasterSettings> Host::master_settings(std::string host, std::string service) {
  return ask_port<model::MasterSettings>(*this,
                                         HostRequest(host::ReadMasterSettings(std::move(host), std::move(service))));
}
Awaitable<void> Host::write_master_settings(std::string host, std::string service, model::MasterSettings settings) {
  return ask_port<void>(
      *this, HostRequest(host::WriteMasterSettings(std::move(host), std::move(service), std::move(settings))));
}
Awaitable<model::WorkerSettings> Host::worker_settings(std::string host, std::string service) {
  return ask_port<model::WorkerSettings>(*this,
                                         HostRequest(host::ReadWorkerSettings(std::move(host), std::move(service))));
}
Awaitable<void> Host::write_worker_settings(std::string host, std::string service, model::WorkerSettings settings) {
  return ask_port<void>(
      *this, HostRequest(host::WriteWorkerSettings(std::move(host), std::move(service), std::move(settings))));
}
Awaitable<ServiceState> Host::service_state(std::string host, std::string service) {
  return ask_port<ServiceState>(*this, HostRequest(host::QueryService(std::move(host), std::move(service))));
}
Awaitable<void> Host::start_service(std::string host, std::string service) {
  return ask_port<void>(*this, HostRequest(host::StartService(std::move(host), std::move(service))));
}
Awaitable<void> Host::stop_service(std::string host, std::string service) {
  return ask_port<void>(*this, HostRequest(host::StopService(std::move(host), std::move(service))));
}
Awaitable<void> Host::restart_service(std::string host, std::string service) {
  return ask_port<void>(*this, HostRequest(host::RestartService(std::move(host), std::move(service))));
}
Awaitable<StartType> Host::start_type(std::string host, std::string service) {
  return ask_port<StartType>(*this, HostRequest(host::QueryStartType(std::move(host), std::move(service))));
}
Awaitable<void> Host::set_start_type(std::string host, std::string service, StartType type) {
  return ask_port<void>(*this, HostRequest(host::SetStartType(std::move(host), std::move(service), type)));
}
Awaitable<bool> Host::firewall_open(std::string host, int port) {
  return ask_port<bool>(*this, HostRequest(host::FirewallOpen(std::move(host), port)));
}
Awaitable<void> Host::open_firewall(std::string host, int port) {
  return ask_port<void>(*this, HostRequest(host::OpenFirewall(std::move(host), port)));
}

Awaitable<std::vector<CertificateInfo>> CertificateStore::list(std::string host) {
  return ask_port<std::vector<CertificateInfo>>(*this, CertificateRequest(certificate_store::List(std::move(host))));
}
Awaitable<std::string> CertificateStore::create(std::string host, std::vector<std::string> names, Date not_before,
                                                Date not_after) {
  return ask_port<std::string>(
      *this, CertificateRequest(certificate_store::Create(std::move(host), std::move(names), not_before, not_after)));
}
Awaitable<void> CertificateStore::import(std::string host, std::string certificate, CertificateInfo info) {
  return ask_port<void>(
      *this, CertificateRequest(certificate_store::Import(std::move(host), std::move(certificate), std::move(info))));
}
Awaitable<void> CertificateStore::copy(std::string from, std::string host, std::string thumbprint, std::string store,
                                       bool with_private_key) {
  return ask_port<void>(
      *this, CertificateRequest(certificate_store::Copy(std::move(from), std::move(host), std::move(thumbprint),
                                                        std::move(store), with_private_key)));
}
Awaitable<void> CertificateStore::remove(std::string host, std::string thumbprint, std::string store) {
  return ask_port<void>(
      *this, CertificateRequest(certificate_store::Remove(std::move(host), std::move(thumbprint), std::move(store))));
}
Awaitable<HttpBinding> CertificateStore::binding(std::string host, int port) {
  return ask_port<HttpBinding>(*this, CertificateRequest(certificate_store::Binding(std::move(host), port)));
}
Awaitable<void> CertificateStore::bind(std::string host, int port, std::string thumbprint, std::string store) {
  return ask_port<void>(*this, CertificateRequest(certificate_store::Bind(std::move(host), port, std::move(thumbprint),
                                                                          std::move(store))));
}
Awaitable<bool> CertificateStore::key_access(std::string host, std::string thumbprint, std::string account) {
  return ask_port<bool>(*this, CertificateRequest(certificate_store::KeyAccess(std::move(host), std::move(thumbprint),
                                                                               std::move(account))));
}
Awaitable<void> CertificateStore::grant_key_access(std::string host, std::string thumbprint, std::string account) {
  return ask_port<void>(*this, CertificateRequest(certificate_store::GrantKeyAccess(
                                   std::move(host), std::move(thumbprint), std::move(account))));
}

Awaitable<bool> Cluster::exists(std::string cluster) {
  return ask_port<bool>(*this, ClusterRequest(cluster::Exists(std::move(cluster))));
}
Awaitable<bool> Cluster::validated(std::vector<std::string> nodes) {
  return ask_port<bool>(*this, ClusterRequest(cluster::Validated(std::move(nodes))));
}
Awaitable<void> Cluster::validate(std::vector<std::string> nodes) {
  return ask_port<void>(*this, ClusterRequest(cluster::Validate(std::move(nodes))));
}
Awaitable<void> Cluster::create(std::string cluster, std::vector<std::string> nodes) {
  return ask_port<void>(*this, ClusterRequest(cluster::Create(std::move(cluster), std::move(nodes))));
}
Awaitable<void> Cluster::add_node(std::string node) {
  return ask_port<void>(*this, ClusterRequest(cluster::AddNode(std::move(node))));
}
Awaitable<std::vector<std::string>> Cluster::nodes() {
  return ask_port<std::vector<std::string>>(*this, ClusterRequest(cluster::Nodes()));
}
Awaitable<NodeState> Cluster::node_state(std::string node) {
  return ask_port<NodeState>(*this, ClusterRequest(cluster::QueryNode(std::move(node))));
}
Awaitable<cluster::QuorumSetting> Cluster::quorum() {
  return ask_port<cluster::QuorumSetting>(*this, ClusterRequest(cluster::Quorum()));
}
Awaitable<void> Cluster::set_quorum(model::Witness::Kind kind, std::string path) {
  return ask_port<void>(*this, ClusterRequest(cluster::SetQuorum(kind, std::move(path))));
}
Awaitable<std::int64_t> Cluster::property(std::string property_name) {
  return ask_port<std::int64_t>(*this, ClusterRequest(cluster::Property(std::move(property_name))));
}
Awaitable<void> Cluster::set_property(std::string property_name, std::int64_t value) {
  return ask_port<void>(*this, ClusterRequest(cluster::SetProperty(std::move(property_name), value)));
}
Awaitable<std::vector<std::string>> Cluster::roles() {
  return ask_port<std::vector<std::string>>(*this, ClusterRequest(cluster::Roles()));
}
Awaitable<RoleState> Cluster::role_state(std::string role) {
  return ask_port<RoleState>(*this, ClusterRequest(cluster::QueryRole(std::move(role))));
}
Awaitable<std::string> Cluster::role_owner(std::string role) {
  return ask_port<std::string>(*this, ClusterRequest(cluster::RoleOwner(std::move(role))));
}
Awaitable<std::vector<std::string>> Cluster::resources(std::string role) {
  return ask_port<std::vector<std::string>>(*this, ClusterRequest(cluster::Resources(std::move(role))));
}
Awaitable<ResourceState> Cluster::resource_state(std::string resource) {
  return ask_port<ResourceState>(*this, ClusterRequest(cluster::QueryResource(std::move(resource))));
}
Awaitable<std::vector<std::string>> Cluster::dependencies(std::string resource) {
  return ask_port<std::vector<std::string>>(*this, ClusterRequest(cluster::Dependencies(std::move(resource))));
}
Awaitable<void> Cluster::set_dependencies(std::string resource, std::vector<std::string> providers) {
  return ask_port<void>(*this, ClusterRequest(cluster::SetDependencies(std::move(resource), std::move(providers))));
}
Awaitable<void> Cluster::add_generic_service(std::string resource, std::string role, std::string service) {
  return ask_port<void>(
      *this, ClusterRequest(cluster::AddGenericService(std::move(resource), std::move(role), std::move(service))));
}
Awaitable<void> Cluster::create_role(std::string role, std::string dns_host_name, std::string address,
                                     std::string resource, std::string service) {
  return ask_port<void>(
      *this, ClusterRequest(cluster::CreateRole(std::move(role), std::move(dns_host_name), std::move(address),
                                                std::move(resource), std::move(service))));
}
Awaitable<std::int64_t> Cluster::resource_property(std::string resource, ResourceProperty which) {
  return ask_port<std::int64_t>(*this, ClusterRequest(cluster::QueryProperty(std::move(resource), which)));
}
Awaitable<void> Cluster::set_resource_property(std::string resource, ResourceProperty which, std::int64_t value) {
  return ask_port<void>(*this, ClusterRequest(cluster::SetResourceProperty(std::move(resource), which, value)));
}
Awaitable<void> Cluster::online_role(std::string role, Duration within) {
  return ask_port<void>(*this, ClusterRequest(cluster::OnlineRole(std::move(role), within)));
}
Awaitable<void> Cluster::online_resource(std::string resource, Duration within) {
  return ask_port<void>(*this, ClusterRequest(cluster::OnlineResource(std::move(resource), within)));
}
Awaitable<void> Cluster::offline_resource(std::string resource, Duration within) {
  return ask_port<void>(*this, ClusterRequest(cluster::OfflineResource(std::move(resource), within)));
}
Awaitable<void> Cluster::move_role(std::string role, std::string node, Duration within) {
  return ask_port<void>(*this, ClusterRequest(cluster::MoveRole(std::move(role), std::move(node), within)));
}
Awaitable<void> Cluster::drain_node(std::string node, Duration within) {
  return ask_port<void>(*this, ClusterRequest(cluster::DrainNode(std::move(node), within)));
}
Awaitable<void> Cluster::resume_node(std::string node) {
  return ask_port<void>(*this, ClusterRequest(cluster::ResumeNode(std::move(node))));
}

Awaitable<bool> Catalog::exists() {
  return ask_port<bool>(*this, CatalogRequest(catalog::Exists()));
}
Awaitable<void> Catalog::create(Secret password) {
  return ask_port<void>(*this, CatalogRequest(catalog::Create(std::move(password))));
}
Awaitable<bool> Catalog::scale_out_enabled() {
  return ask_port<bool>(*this, CatalogRequest(catalog::ScaleOutEnabled()));
}
Awaitable<void> Catalog::enable_scale_out() {
  return ask_port<void>(*this, CatalogRequest(catalog::EnableScaleOut()));
}
Awaitable<bool> Catalog::log_login_enabled() {
  return ask_port<bool>(*this, CatalogRequest(catalog::LogLoginEnabled()));
}
Awaitable<void> Catalog::enable_log_login() {
  return ask_port<void>(*this, CatalogRequest(catalog::EnableLogLogin()));
}
Awaitable<bool> Catalog::startup_procedure_set() {
  return ask_port<bool>(*this, CatalogRequest(catalog::StartupProcedureSet()));
}
Awaitable<void> Catalog::set_startup_procedure() {
  return ask_port<void>(*this, CatalogRequest(catalog::SetStartupProcedure()));
}
Awaitable<bool> Catalog::is_admin(std::string account) {
  return ask_port<bool>(*this, CatalogRequest(catalog::IsAdmin(std::move(account))));
}
Awaitable<void> Catalog::add_admin(std::string account) {
  return ask_port<void>(*this, CatalogRequest(catalog::AddAdmin(std::move(account))));
}
Awaitable<std::string> Catalog::master_address() {
  return ask_port<std::string>(*this, CatalogRequest(catalog::MasterAddress()));
}
Awaitable<void> Catalog::update_master_address(std::string url) {
  return ask_port<void>(*this, CatalogRequest(catalog::UpdateMasterAddress(std::move(url))));
}
Awaitable<Date> Catalog::master_last_online() {
  return ask_port<Date>(*this, CatalogRequest(catalog::MasterLastOnline()));
}
Awaitable<bool> Catalog::worker_enabled(std::string worker) {
  return ask_port<bool>(*this, CatalogRequest(catalog::WorkerEnabled(std::move(worker))));
}
Awaitable<void> Catalog::enable_worker(std::string worker) {
  return ask_port<void>(*this, CatalogRequest(catalog::EnableWorker(std::move(worker))));
}
Awaitable<Date> Catalog::worker_last_online(std::string worker) {
  return ask_port<Date>(*this, CatalogRequest(catalog::WorkerLastOnline(std::move(worker))));
}

Awaitable<bool> Operator::confirm(std::string text) {
  return ask_port<bool>(*this, OperatorRequest(ask::Confirm(std::move(text))));
}
Awaitable<Secret> Operator::secret(std::string secret_name) {
  return ask_port<Secret>(*this, OperatorRequest(ask::ReadSecret(std::move(secret_name))));
}

}  // namespace rehearse::steps
