// The catalog and the services that speak to it, on farms that were deployed once: what is missing shows as on Windows.
#include <gtest/gtest.h>

#include "tests/agreement/farm.hpp"
#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/sql_state.hpp"

namespace far_side {
namespace {

class DeployedCatalog : public testing::Test {
 protected:
  /// What a statement answers, or the number of SQL Server's error.
  std::string sql(const std::string& statement, bool selects = true, const std::string& machine = "SQL1",
                  Logon logon = Logon::delegated) {
    return look(world, machine,
                "try { $c = [System.Data.SqlClient.SqlConnection]::new('Data Source=SQLFCI;Initial Catalog=SSISDB;"
                "Integrated Security=True'); $c.Open(); $q = $c.CreateCommand(); $q.CommandText = '" +
                    statement + "'; [string]$q." + (selects ? "ExecuteScalar" : "ExecuteNonQuery") +
                    "() } catch { 'error ' + $_.Exception.InnerException.Number }",
                logon);
  }
  std::string trouble() { return worker_trouble(world, "WRK1", "SSISScaleOutWorker150"); }
  Machine& machine(const std::string& name) { return world.machines.at(name); }

  FarWorld world = deployed_world(true);
};

// ---- statements

TEST_F(DeployedCatalog, answers_what_is_asked) {
  EXPECT_EQ(sql("SELECT COUNT(*) FROM catalog.worker_agents"), "2");
  EXPECT_EQ(sql("SELECT TOP (1) MachineName FROM catalog.worker_agents WHERE MachineName = N''wrk2''"), "WRK2");
  EXPECT_EQ(sql("SELECT QUOTENAME(N''a]b'')"), "[a]]b]");
  EXPECT_EQ(sql("SELECT name FROM sys.databases WHERE name = N''none''"), "");
}

TEST_F(DeployedCatalog, says_by_number_what_is_wrong) {
  EXPECT_EQ(sql("CREATE LOGIN [CORP\\nobody] FROM WINDOWS", false), "error 15401");
  EXPECT_EQ(sql("CREATE LOGIN [CORP\\svc-ssis] FROM WINDOWS", false), "error 15025");
  EXPECT_EQ(sql("EXEC catalog.enable_worker_agent @WorkerAgentId = N''none''", false), "error 27243");
  EXPECT_EQ(sql("SELECT no_such_column FROM catalog.worker_agents"), "error 207");
}

TEST_F(DeployedCatalog, is_not_understood_beyond_what_was_written_for_it) {
  EXPECT_THROW(sql("SELECT MAX(LastOnlineTime) FROM catalog.worker_agents"), std::logic_error);
  EXPECT_THROW(sql("DROP DATABASE SSISDB", false), std::logic_error);
}

TEST_F(DeployedCatalog, enables_scale_out_only_where_the_master_is_installed) {
  machine("SQL1").registry.erase(
      "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Microsoft SQL Server\\150\\DTS\\Setup\\SQL_IS_Master");
  EXPECT_EQ(sql("EXEC catalog.enable_scaleout", false), "error 27261");
  look(world, "SQL1", "$null = Move-ClusterGroup -Name 'SQL Server (MSSQLSERVER)' -Node 'SQL2'");
  EXPECT_EQ(sql("EXEC catalog.enable_scaleout", false, "SQL2"), "-1");
}

TEST_F(DeployedCatalog, is_reached_from_another_machine_only_with_credentials_to_show) {
  EXPECT_EQ(sql("SELECT COUNT(*) FROM catalog.worker_agents", true, "SQL1", Logon::network), "2");
  EXPECT_EQ(sql("SELECT COUNT(*) FROM catalog.worker_agents", true, "SQL2", Logon::network), "error 18456");
}

TEST_F(DeployedCatalog, does_not_answer_while_the_instance_is_offline) {
  look(world, "SQL1", "$null = Stop-ClusterResource -Name 'SQL Server'");
  EXPECT_EQ(sql("SELECT 1"), "error 53");
}

TEST_F(DeployedCatalog, takes_up_mixed_mode_when_the_instance_starts) {
  const auto ask = [&] { return sql("SELECT CONVERT(int, SERVERPROPERTY(''IsIntegratedSecurityOnly''))"); };
  SqlInstance& instance = world.instances.at("SQLFCI");
  instance.mixed_mode = instance.mixed_mode_wanted = false;
  sql("EXEC master.dbo.xp_instance_regwrite N''HKEY_LOCAL_MACHINE'', "
      "N''Software\\Microsoft\\MSSQLServer\\MSSQLServer'', N''LoginMode'', REG_DWORD, 2",
      false);
  EXPECT_EQ(ask(), "1");
  look(world, "SQL1",
       "$null = Stop-ClusterGroup -Name 'SQL Server (MSSQLSERVER)'; "
       "$null = Start-ClusterGroup -Name 'SQL Server (MSSQLSERVER)'");
  EXPECT_EQ(ask(), "0");
}

// ---- what a worker needs (S 3, S 5)

TEST_F(DeployedCatalog, hears_a_worker_that_has_all_it_needs) {
  EXPECT_EQ(trouble(), "");
  const Instant before = world.now;
  pass(world, 3min);
  for (const auto& [id, worker] : world.instances.at("SQLFCI").ssisdb->workers) EXPECT_GT(worker.last_online, before);
}

TEST_F(DeployedCatalog, hears_no_worker_through_a_closed_port) {
  machine("SQL1").rules.clear();
  EXPECT_NE(trouble().find("There was no endpoint listening"), std::string::npos);
}

TEST_F(DeployedCatalog, hears_no_worker_that_does_not_trust_the_master) {
  machine("WRK1").stores.at("Root").clear();
  EXPECT_NE(trouble().find("Could not establish trust relationship"), std::string::npos);
}

TEST_F(DeployedCatalog, hears_no_worker_under_a_name_that_the_certificate_has_not) {
  machine("WRK1").services.at("SSISScaleOutWorker150").settings["MasterEndpoint"] = "https://SSISCLU:8391";
  EXPECT_NE(trouble().find("it does not name SSISCLU"), std::string::npos);
}

TEST_F(DeployedCatalog, hears_no_worker_that_cannot_read_its_key) {
  Machine& worker = machine("WRK1");
  for (const StoredCertificate& one : worker.stores.at("My")) worker.files.at(one.key_file).access.clear();
  EXPECT_NE(trouble().find("Could not establish secure channel"), std::string::npos);
}

TEST_F(DeployedCatalog, hears_no_worker_that_the_owner_does_not_trust) {
  for (StoredCertificate& one : machine("WRK1").stores.at("My")) {
    std::erase_if(machine("SQL1").stores.at("Root"),
                  [&](const StoredCertificate& other) { return other.thumbprint == one.thumbprint; });
  }
  EXPECT_NE(trouble().find("forbidden with client authentication scheme 'Anonymous'"), std::string::npos);
  look(world, "SQL1", "$null = Move-ClusterGroup -Name 'SQL Server (MSSQLSERVER)' -Node 'SQL2'");
  EXPECT_EQ(trouble(), "");  // the other node trusts it: the trap of one certificate on one node (S 5, 11)
}

TEST_F(DeployedCatalog, hears_no_worker_once_the_certificate_has_expired) {
  world.now += std::chrono::hours(24 * 365 * 5);
  EXPECT_NE(trouble().find("Could not establish trust relationship"), std::string::npos);
}

TEST_F(DeployedCatalog, hears_no_master_whose_account_has_no_login) {
  world.instances.at("SQLFCI").logins.erase("CORP\\svc-ssis");
  EXPECT_NE(master_trouble(world, "SQL1", "SSISScaleOutMaster150").find("Login failed"), std::string::npos);
  EXPECT_NE(trouble().find("the master answers with an error"), std::string::npos);
}

TEST_F(DeployedCatalog, hears_settings_that_were_edited_only_after_a_restart_of_the_service) {
  const std::string path = settings_path_of("SSISScaleOutWorker150");
  std::string& text = machine("WRK1").files.at(path).bytes;
  text.replace(text.find(":8391"), 5, ":8392");
  EXPECT_EQ(trouble(), "");
  look(world, "WRK1", "Restart-Service -Name 'SSISScaleOutWorker150'");
  EXPECT_NE(trouble(), "");
}

}  // namespace
}  // namespace far_side
