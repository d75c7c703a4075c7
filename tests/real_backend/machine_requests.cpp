#include "machine_requests.hpp"

#include <gtest/gtest.h>

#include "model/design_reader.hpp"

namespace rehearse::real {

namespace host = steps::host;
namespace store = steps::certificate_store;
using std::chrono::minutes;

std::vector<steps::HostRequest> host_requests(const std::string& text) {
  const bool plain = text.empty();
  const std::string machine = "SQL1";
  const std::string service = plain ? master_service : text;
  const std::string worker = plain ? worker_service : text;
  const std::string feature = plain ? "Failover-Clustering" : text;
  const std::string instance = plain ? "MSSQLSERVER" : text;
  const std::string account = plain ? "CORP\\svc-ssis" : text;
  const std::string endpoint = plain ? "https://SQLFCI:8391" : text;
  model::MasterSettings master_settings;
  master_settings.sql_server_name = "SQLFCI";
  model::WorkerSettings worker_settings;
  worker_settings.endpoint = "https://SQLFCI:8391";
  const steps::Secret password("password of svc-ssis", "pl4nted");
  return {host::FeatureInstalled(machine, feature),
          host::InstallFeature(machine, feature),
          host::FciInstalled(machine, instance),
          host::InstallFci(machine, instance, plain ? "SQLFCI" : text, {"10.0.0.50"}, {plain ? "Cluster Disk 1" : text},
                           plain ? "SQL Server (MSSQLSERVER)" : text, password),
          host::AddFciNode("SQL2", instance, password),
          host::ServiceInstalled(machine, service),
          host::InstallMaster(machine, master_service, account, password, 8391, {"SQLFCI", "10.0.0.50"}, ""),
          host::InstallWorker("WRK1", worker_service, account, password, endpoint),
          host::ReadMasterSettings(machine, service),
          host::WriteMasterSettings(machine, service, master_settings),
          host::ReadWorkerSettings("WRK1", worker),
          host::WriteWorkerSettings("WRK1", worker, worker_settings),
          host::QueryService(machine, service),
          host::StartService(machine, service),
          host::StopService(machine, service),
          host::RestartService(machine, service),
          host::QueryStartType(machine, service),
          host::SetStartType(machine, service, steps::StartType::manual),
          host::FirewallOpen(machine, 8391),
          host::OpenFirewall(machine, 8391),
          host::Answers(machine),
          host::RestartMachine(machine, minutes(30)),
          host::ShutDownMachine(machine, minutes(30)),
          host::QueryPatches(machine),
          host::InstallPatches(machine)};
}

std::vector<steps::CertificateRequest> certificate_requests(const std::string& text) {
  const bool plain = text.empty();
  const std::string thumbprint = plain ? a_thumbprint : text;
  const std::string name = plain ? "SQLFCI" : text;
  const std::string root = plain ? "Root" : text;
  const Date begin = *model::parse_date("2027-01-01T00:00:00Z"), end = *model::parse_date("2029-01-01T00:00:00Z");
  const steps::CertificateInfo info(a_thumbprint, {"WRK1"}, begin, end, "Root", false);
  return {store::List("SQL1"),
          store::Create("SQL1", {name, "10.0.0.50"}, begin, end),
          store::Import("SQL1", plain ? "worker" : text, info),
          store::Copy("SQL1", "SQL2", thumbprint, root, true),
          store::Remove("SQL1", thumbprint, root),
          store::Binding("SQL1", 8391),
          store::Bind("SQL1", 8391, thumbprint, root),
          store::KeyAccess("WRK1", a_thumbprint, plain ? "CORP\\svc-ssis" : text),
          store::GrantKeyAccess("WRK1", a_thumbprint, plain ? "CORP\\svc-ssis" : text)};
}

const model::Design& reference_design() {
  static const model::DesignResult result =
      model::read_design_file(std::string(REHEARSE_SOURCE_DIR) + "/scenarios/designs/reference.json");
  if (!result.design) throw std::logic_error("the reference design cannot be read");
  return *result.design;
}

Site usual_site() {
  Site site;
  site.media = "\\\\FS1\\media\\sql2019";
  site.sql_data_folder = "E:\\MSSQL";
  site.sql_account = "CORP\\svc-sql";
  site.sql_administrators = {"CORP\\DBAs", "CORP\\installer"};
  site.installation_account = "CORP\\installer";
  site.certificate_files["worker"] =
      std::string(REHEARSE_SOURCE_DIR) + "/scenarios/designs/artefacts/SSISScaleOutWorker.cer";
  return site;
}

}  // namespace rehearse::real
