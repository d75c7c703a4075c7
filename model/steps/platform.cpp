#include "model/steps/platform.hpp"

#include <utility>

#include <boost/asio/awaitable.hpp>

#include "model/steps/ask_port.hpp"

namespace rehearse::steps {

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

Awaitable<bool> Host::answers(std::string host) {
  return ask_port<bool>(*this, HostRequest(host::Answers(std::move(host))));
}
Awaitable<void> Host::restart_machine(std::string host, Duration within) {
  return ask_port<void>(*this, HostRequest(host::RestartMachine(std::move(host), within)));
}
Awaitable<void> Host::shut_down_machine(std::string host, Duration within) {
  return ask_port<void>(*this, HostRequest(host::ShutDownMachine(std::move(host), within)));
}
Awaitable<PatchState> Host::patch_state(std::string host) {
  return ask_port<PatchState>(*this, HostRequest(host::QueryPatches(std::move(host))));
}
Awaitable<void> Host::install_patches(std::string host) {
  return ask_port<void>(*this, HostRequest(host::InstallPatches(std::move(host))));
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
