// Setup of Integration Services with the Scale Out Master or Worker, stand-alone on one machine (S 2, 3, 7).
#include <algorithm>

#include "tests/far_side/certificates.hpp"
#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/files.hpp"
#include "tests/far_side/setup_program.hpp"

namespace far_side {
namespace {

std::string binn_folder(const FarWorld& world) {
  return "C:\\Program Files\\Microsoft SQL Server\\" + version_folder(world) + "\\DTS\\Binn";
}

void install_service(FarMachine& at, const std::string& name, const std::string& display, const std::string& account,
                     const std::string& start_type) {
  if (at.here().services.count(name) != 0) {
    throw SetupFailure{-2068578304, "The service '" + name + "' is installed already."};
  }
  Service service;
  service.display = display;
  service.account = account;
  service.start_type = start_type;
  at.here().services[name] = service;
}

/// Setup leaves the service running (S 2); one whose process ends again does not undo the installation.
void run_service(FarMachine& at, const std::string& name) {
  start_service(at.world, at.name, name);
  const Service& service = at.here().services.at(name);
  at.wait_until([&] { return service.state != "StartPending"; }, 1min);
}

/// "CN=a;CN=b".
Names names_in(const std::string& text) {
  Names names;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(';', begin), text.size());
    const std::string part = text.substr(begin, end - begin);
    if (!same_text(part.substr(0, 3), "CN=")) {
      throw SetupFailure{-2067529717, "The value '" + text + "' for ISMasterSVCSSLCertCN is not valid."};
    }
    names.push_back(part.substr(3));
    begin = end + 1;
  }
  return names;
}

/// How long setup makes its certificates valid is not documented (S 3): ten years here.
HeldCertificate new_certificate(FarMachine& at, const Names& names) {
  CertificateOrder order;
  order.common_names = names;
  std::reverse(order.common_names.begin(), order.common_names.end());
  order.not_before = at.world.now - 24h;
  order.not_after = at.world.now + 24h * 3650;
  std::string serial = new_guid(at.world);
  std::erase(serial, '-');
  order.serial_hex = "1" + serial.substr(0, 31);
  order.hash = "SHA1";
  const CertificateAndKey made = make_certificate(order);
  return {made.der, made.key, keep_key(at, made.key, false), true};
}

void let_read(FarMachine& at, const std::string& key_file, const std::string& account) {
  find_file(at, key_file)->access.push_back({known_account(at, account), "Read", true, false});
}

std::string json_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) escaped += c == '\\' || c == '"' ? std::string("\\") + c : std::string(1, c);
  return "\"" + escaped + "\"";
}

void bind_port(FarMachine& at, const std::string& port, const std::string& thumbprint) {
  std::int64_t code = 0;
  const std::string address = "ipport=0.0.0.0:" + port;
  at.run_program("netsh.exe", {"http", "delete", "sslcert", address}, code);
  at.run_program("netsh.exe",
                 {"http", "add", "sslcert", address, "certhash=" + thumbprint, "certstorename=Root",
                  "appid={" + new_guid(at.world) + "}"},
                 code);
  if (code != 0) throw SetupFailure{-2068578304, "The certificate could not be bound to port " + port};
}

}  // namespace

void install_integration_services(FarMachine& at, const SetupOrder&) {
  at.wait(5min);
  const std::string folder = binn_folder(at.world);
  make_folder(at, folder);
  write_file(at, folder + "\\SSISDBBackup.bak", "TAPE");
  write_file(at, folder + "\\Microsoft.SqlServer.Management.IntegrationServices.dll", "MZ");
  at.here().registry[std::string(sql_registry) + "\\" + version_folder(at.world) + "\\DTS\\Setup"] = {
      {"Version", registry_text(std::to_string(at.world.sql_version) + ".0.2000.5")}};
}

void install_master(FarMachine& at, const SetupOrder& order) {
  const std::string version = version_folder(at.world);
  const std::string service = "SSISScaleOutMaster" + version;
  const std::string account = order.text("ISMASTERSVCACCOUNT", "NT Service\\" + service);
  if (order.has("ISMASTERSVCACCOUNT")) check_account(at, order, "ISMASTERSVCACCOUNT", "ISMASTERSVCPASSWORD");
  const std::string port = order.text("ISMASTERSVCPORT", "8391");
  const std::string chosen = order.text("ISMASTERSVCTHUMBPRINT");
  HeldCertificate held;
  if (!chosen.empty()) {
    const StoredCertificate* found = find_certificate(at, {"Root", chosen});
    if (found == nullptr || found->key_file.empty()) {
      throw SetupFailure{-2067529716, "The certificate with the thumbprint '" + chosen +
                                          "' is not in the Trusted Root store with its private key."};
    }
    held = held_of(at.here(), *found);
  } else {
    const std::string names = order.text("ISMasterSVCSSLCertCN", "CN=" + at.name + ";CN=" + at.here().address);
    held = new_certificate(at, names_in(names));
  }
  install_service(at, service,
                  "SQL Server Integration Services Scale Out Master " + std::to_string(at.world.sql_version) + ".0",
                  account, order.text("ISMASTERSVCSTARTUPTYPE", "Automatic"));
  at.wait(3min);
  const std::string folder = binn_folder(at.world);
  make_folder(at, folder);
  if (chosen.empty()) add_to_store(at, "Root", held);
  let_read(at, held.key_file, account);
  write_file(at, folder + "\\SSISScaleOutMaster.cer", held.der);
  const std::string thumbprint = facts_of(held.der)->thumbprint;
  write_file(at, folder + "\\MasterSettings.config",
             "{\r\n  \"PortNumber\": " + port + ",\r\n  \"SSLCertThumbprint\": " + json_text(thumbprint) +
                 ",\r\n  \"SqlServerName\": " + json_text(at.name) +
                 ",\r\n  \"CleanupCompletedJobsIntervalInMs\": 43200000,"
                 "\r\n  \"DealWithExpiredTasksIntervalInMs\": 300000,\r\n  \"MasterHeartbeatIntervalInMs\": 30000,"
                 "\r\n  \"SqlConnectionTimeoutInSecs\": 15\r\n}\r\n");
  bind_port(at, port, thumbprint);
  // What catalog.enable_scaleout asks for on the host of SQL Server (S 4.3).
  at.here().registry[std::string(sql_registry) + "\\" + version + "\\DTS\\Setup\\SQL_IS_Master"] = {
      {"Version", registry_text(std::to_string(at.world.sql_version) + ".0.2000.5")}};
  run_service(at, service);
}

void install_worker(FarMachine& at, const SetupOrder& order) {
  const std::string service = "SSISScaleOutWorker" + version_folder(at.world);
  const std::string account = order.text("ISWORKERSVCACCOUNT", "NT Service\\" + service);
  if (order.has("ISWORKERSVCACCOUNT")) check_account(at, order, "ISWORKERSVCACCOUNT", "ISWORKERSVCPASSWORD");
  std::string of_master;
  if (const std::string file = order.text("ISWORKERSVCCERT"); !file.empty()) {
    const auto der = read_certificate(read_file(at, file));
    if (!der) throw SetupFailure{-2067529716, "The file '" + file + "' for ISWORKERSVCCERT holds no certificate."};
    add_to_store(at, "Root", {*der, "", "", false});
    of_master = facts_of(*der)->thumbprint;
  }
  install_service(at, service,
                  "SQL Server Integration Services Scale Out Worker " + std::to_string(at.world.sql_version) + ".0",
                  account, order.text("ISWORKERSVCSTARTUPTYPE", "Automatic"));
  at.wait(3min);
  const HeldCertificate held = new_certificate(at, {at.name, at.here().address});
  add_to_store(at, "My", held);
  add_to_store(at, "Root", {held.der, "", "", false});
  let_read(at, held.key_file, account);
  const std::string folder = binn_folder(at.world);
  make_folder(at, folder);
  write_file(at, folder + "\\SSISScaleOutWorker.cer", held.der);
  const auto text = [](const char* key, const std::string& value) {
    return "  \"" + std::string(key) + "\": " + json_text(value) + ",\r\n";
  };
  write_file(
      at, folder + "\\WorkerSettings.config",
      "{\r\n" + text("DisplayName", at.name) + text("Description", "") +
          text("MasterEndpoint", order.text("ISWORKERSVCMASTER", "https://" + at.name + ":8391")) +
          text("MasterHttpsCertThumbprint", of_master) +
          text("WorkerHttpsCertThumbprint", facts_of(held.der)->thumbprint) + text("StoreLocation", "LocalMachine") +
          text("StoreName", "My") + text("AgentHeartbeatInterval", "00:01:00") +
          text("TaskHeartbeatInterval", "00:00:10") + text("HeartbeatErrorTollerance", "00:10:00") +
          "  \"TaskRequestMaxCPU\": 70.0,\r\n  \"TaskRequestMinMemory\": 100.0,\r\n  \"MaxTaskCount\": 10,\r\n" +
          text("LeaseInternval", "00:01:00") + text("TasksRootFolder", "") + "  \"TaskLogLevel\": 126,\r\n" +
          text("TaskLogSegment", "00:00:00") + "  \"TaskLogEnabled\": true,\r\n" + text("ExecutionLogCacheFolder", "") +
          "  \"ExecutionLogMaxBufferLogCount\": 10000,\r\n  \"ExecutionLogMaxInMemoryBufferCount\": 10,\r\n"
          "  \"ExecutionLogRetryCount\": 3,\r\n" +
          text("ExecutionLogRetryTimeout", "7.00:00:00") + "  \"AgentId\": " + json_text(new_guid(at.world)) +
          "\r\n}\r\n");
  run_service(at, service);
}

}  // namespace far_side
