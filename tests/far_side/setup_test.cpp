// SQL Server's setup, certificates and bindings, the catalog, and what it takes for a worker to reach its master.
#include <gtest/gtest.h>

#include "tests/far_side/access.hpp"
#include "tests/far_side/bare_farm.hpp"
#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/x509.hpp"

namespace far_side {
namespace {

const std::string summary = "C:\\Program Files\\Microsoft SQL Server\\150\\Setup Bootstrap\\Log\\Summary.txt";

/// Runs setup with these settings; the exit code and the line that its summary has of a failure.
std::string setup(FarWorld& world, const std::string& machine, const std::map<std::string, std::string>& settings,
                  Logon logon = Logon::delegated) {
  std::string file = "[OPTIONS]\r\nQUIET=\"True\"\r\nIACCEPTSQLSERVERLICENSETERMS=\"True\"\r\n";
  for (const auto& [key, value] : settings) file += key + "=" + value + "\r\n";
  world.machines.at(machine).files["C:\\Windows\\Temp\\setup.ini"].bytes = file;
  return look(world, machine,
              "$null = & 'D:\\setup.exe' '/ConfigurationFile=C:\\Windows\\Temp\\setup.ini'; $code = $LASTEXITCODE; "
              "$said = @(Get-Content -LiteralPath '" +
                  summary +
                  "' | Where-Object { $_ -like '*Exit message*' }); "
                  "[string]$code + [string]$said",
              logon);
}

FarWorld with_media_at_hand() {
  FarWorld world = bare_farm();
  for (auto& [name, machine] : world.machines) {
    machine.files["D:"].folder = true;
    machine.files["D:\\setup.exe"].bytes = "MZ";
  }
  return world;
}

const std::map<std::string, std::string> worker_settings = {{"ACTION", "\"Install\""},
                                                            {"FEATURES", "IS,IS_Worker"},
                                                            {"ISWORKERSVCACCOUNT", "\"CORP\\svc-worker\""},
                                                            {"ISWORKERSVCPASSWORD", "\"worker's word\""},
                                                            {"ISWORKERSVCMASTER", "\"https://SQL1:8391\""}};

TEST(Setup, leaves_a_worker_with_its_service_settings_and_certificate) {
  FarWorld world = with_media_at_hand();
  EXPECT_EQ(setup(world, "WRK1", worker_settings), "0");
  const Machine& machine = world.machines.at("WRK1");
  EXPECT_TRUE(is_running(machine, "SSISScaleOutWorker150"));
  ASSERT_EQ(machine.stores.at("My").size(), 1u);
  const StoredCertificate& own = machine.stores.at("My").front();
  EXPECT_EQ(machine.stores.at("Root").front().thumbprint, own.thumbprint);
  EXPECT_EQ(machine.services.at("SSISScaleOutWorker150").settings.at("WorkerHttpsCertThumbprint"), own.thumbprint);
  EXPECT_EQ(look(world, "WRK1",
                 "@((Get-Acl -LiteralPath '" + own.key_file +
                     "').Access | Where-Object { "
                     "[string]$_.IdentityReference -eq 'CORP\\svc-worker' }).Count"),
            "1");
}

TEST(Setup, says_why_it_ends_before_its_time) {
  FarWorld world = with_media_at_hand();
  auto settings = worker_settings;
  settings["ISWORKERSVCPASSWORD"] = "\"wrong\"";
  EXPECT_EQ(setup(world, "WRK1", settings).substr(0, 11), "-2061893563");
  settings = worker_settings;
  settings["IACCEPTSQLSERVERLICENSETERMS"] = "\"False\"";
  EXPECT_EQ(setup(world, "WRK1", settings).substr(0, 11), "-2067529717");
  settings = worker_settings;
  settings["FEATURES"] = "IS_Wroker";
  EXPECT_NE(setup(world, "WRK1", settings).find("IS_Wroker"), std::string::npos);
  ask_for_restart(world, "WRK1");
  EXPECT_EQ(setup(world, "WRK1", worker_settings).substr(0, 11), "-2067919934");
  EXPECT_EQ(world.machines.at("WRK1").services.count("SSISScaleOutWorker150"), 0u);
}

TEST(Setup, does_not_run_in_a_network_logon) {
  FarWorld world = with_media_at_hand();
  EXPECT_EQ(setup(world, "WRK1", worker_settings, Logon::network).substr(0, 11), "-2068774911");
}

TEST(Setup, of_a_master_wants_the_stated_certificate_in_root_with_its_key) {
  FarWorld world = with_media_at_hand();
  std::map<std::string, std::string> settings = {{"ACTION", "\"Install\""},
                                                 {"FEATURES", "IS,IS_Master"},
                                                 {"ISMASTERSVCACCOUNT", "\"CORP\\svc-ssis\""},
                                                 {"ISMASTERSVCPASSWORD", "\"master's word\""},
                                                 {"ISMASTERSVCTHUMBPRINT", "\"" + std::string(40, 'A') + "\""}};
  EXPECT_NE(setup(world, "SQL1", settings).find("not in the Trusted Root store"), std::string::npos);
  settings.erase("ISMASTERSVCTHUMBPRINT");
  settings["ISMasterSVCSSLCertCN"] = "\"CN=SQLFCI;CN=SQL1\"";
  EXPECT_EQ(setup(world, "SQL1", settings), "0");
  const StoredCertificate& made = world.machines.at("SQL1").stores.at("Root").front();
  EXPECT_EQ(facts_of(made.der)->subject, "CN=SQLFCI, CN=SQL1");
  EXPECT_EQ(binding_of(world.machines.at("SQL1"), "0.0.0.0:8391")->thumbprint, made.thumbprint);
}

TEST(Setup, of_an_instance_wants_a_cluster) {
  FarWorld world = with_media_at_hand();
  EXPECT_NE(
      setup(world, "SQL1",
            {{"ACTION", "\"InstallFailoverCluster\""}, {"FEATURES", "SQLENGINE"}, {"INSTANCENAME", "\"MSSQLSERVER\""}})
          .find("the cluster service is not running"),
      std::string::npos);
}

// ---- certificates

class Certificates : public testing::Test {
 protected:
  std::string run(const std::string& script) { return look(world, "SQL1", script); }
  std::string error_of(const std::string& script) {
    return run("try { $null = & { " + script + " }; 'no error' } catch { $_.Exception.Message }");
  }
  std::string made() {
    return run(
        "(New-SelfSignedCertificate -CertStoreLocation 'Cert:\\LocalMachine\\My' -DnsName @('SQLFCI', 'SQL1') "
        "-NotAfter ([datetime]'2030-01-01T00:00:00Z')).Thumbprint");
  }

  FarWorld world = bare_farm();
};

TEST_F(Certificates, are_made_in_my_and_nowhere_else) {
  EXPECT_NE(error_of("New-SelfSignedCertificate -CertStoreLocation 'Cert:\\LocalMachine\\Root' -DnsName 'a'")
                .find("can only be installed into MY store"),
            std::string::npos);
}

TEST_F(Certificates, are_real_ones) {
  const std::string thumbprint = made();
  const StoredCertificate& stored = world.machines.at("SQL1").stores.at("My").front();
  const CertificateFacts facts = *facts_of(stored.der);
  EXPECT_EQ(facts.thumbprint, thumbprint);
  EXPECT_EQ(facts.common_names, Names{"SQLFCI"});
  EXPECT_EQ(facts.dns_names, (Names{"SQLFCI", "SQL1"}));
  EXPECT_EQ(facts.not_after, Instant(std::chrono::sys_days(std::chrono::year(2030) / 1 / 1)));
  EXPECT_TRUE(names_host(facts, "sql1"));
  EXPECT_FALSE(names_host(facts, "SQL2"));
}

TEST_F(Certificates, are_valid_for_a_year_when_nobody_says_how_long) {
  run("$null = New-SelfSignedCertificate -CertStoreLocation 'Cert:\\LocalMachine\\My' -DnsName 'a'");
  const CertificateFacts facts = *facts_of(world.machines.at("SQL1").stores.at("My").front().der);
  EXPECT_EQ(facts.not_after - facts.not_before, std::chrono::hours(24 * 365));
}

TEST_F(Certificates, leave_a_machine_as_pkcs12_that_opens_with_its_password_only) {
  const std::string thumbprint = made();
  run("$p = ConvertTo-SecureString -String 'a word' -AsPlainText -Force; $null = Export-PfxCertificate -Cert "
      "'Cert:\\LocalMachine\\My\\" +
      thumbprint + "' -FilePath 'C:\\Windows\\Temp\\c.pfx' -Password $p");
  const std::string bytes = world.machines.at("SQL1").files.at("C:\\Windows\\Temp\\c.pfx").bytes;
  EXPECT_EQ(read_pkcs12(bytes, "another word"), std::nullopt);
  const auto content = read_pkcs12(bytes, "a word");
  ASSERT_TRUE(content);
  EXPECT_EQ(facts_of(content->der)->thumbprint, thumbprint);
  EXPECT_NE(content->key.find("PRIVATE KEY"), std::string::npos);
}

TEST_F(Certificates, are_bound_only_with_their_key_and_to_a_free_port) {
  const std::string thumbprint = made();
  const std::string add = "$null = & 'netsh.exe' 'http' 'add' 'sslcert' 'ipport=0.0.0.0:8391' 'certhash=" + thumbprint +
                          "' 'appid={a1f96506-93e0-4c91-9171-05a2f6739e13}' 'certstorename=";
  EXPECT_EQ(run(add + "Root'; $LASTEXITCODE"), "1");
  EXPECT_EQ(run(add + "My'; $LASTEXITCODE"), "0");
  EXPECT_EQ(run(add + "My'; $LASTEXITCODE"), "1");
  EXPECT_EQ(binding_of(world.machines.at("SQL1"), "0.0.0.0:8391")->thumbprint, thumbprint);
  EXPECT_EQ(run("$null = & 'netsh.exe' 'http' 'delete' 'sslcert' 'ipport=0.0.0.0:8391'; $LASTEXITCODE; "
                "$null = & 'netsh.exe' 'http' 'delete' 'sslcert' 'ipport=0.0.0.0:8391'; $LASTEXITCODE"),
            "0|1");
}

TEST_F(Certificates, keep_the_key_of_a_pkcs12_only_where_it_shall_persist) {
  const std::string thumbprint = made();
  const std::string export_it =
      "$c = Get-Item -LiteralPath 'Cert:\\LocalMachine\\My\\" + thumbprint + "'; $b = $c.Export('Pfx', 'w'); ";
  const std::size_t files = world.machines.at("SQL1").files.size();
  EXPECT_EQ(run(export_it + "[System.Security.Cryptography.X509Certificates.X509Certificate2]::new([byte[]]$b, 'w')"
                            ".HasPrivateKey"),
            "True");
  EXPECT_EQ(world.machines.at("SQL1").files.size(), files);
  run(export_it +
      "$null = [System.Security.Cryptography.X509Certificates.X509Certificate2]::new([byte[]]$b, 'w', "
      "'MachineKeySet, PersistKeySet, Exportable')");
  EXPECT_EQ(world.machines.at("SQL1").files.size(), files + 1);
}

}  // namespace
}  // namespace far_side
