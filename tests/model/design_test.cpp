#include "model/design.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace rehearse::model {
namespace {

Node node(const char* name, const char* site) {
  Node made;
  made.name = name;
  made.site = site;
  return made;
}

MasterRole master_role() {
  MasterRole role;
  role.name = "SSIS Scale Out Master";
  role.dns_host_name = "SSISMASTER";
  role.addresses = {"10.0.0.60", "10.0.1.60"};
  return role;
}

Design joint() {
  Design design;
  design.fci.network_name = "SQLFCI";
  design.cluster.nodes = {node("SQL1", "A"), node("SQL2", "A")};
  return design;
}

TEST(Design, the_default_instance_does_not_show_in_resource_names) {
  const Design design = joint();
  EXPECT_EQ(design.fci.role_name(), "SQL Server (MSSQLSERVER)");
  EXPECT_EQ(design.fci.sql_resource(), "SQL Server");
  EXPECT_EQ(design.fci.agent_resource(), "SQL Server Agent");
  EXPECT_EQ(design.fci.name_resource(), "SQL Network Name (SQLFCI)");
  EXPECT_EQ(design.fci.server_name(), "SQLFCI");
}

TEST(Design, a_named_instance_does) {
  Design design = joint();
  design.fci.instance = "INST1";
  EXPECT_EQ(design.fci.role_name(), "SQL Server (INST1)");
  EXPECT_EQ(design.fci.sql_resource(), "SQL Server (INST1)");
  EXPECT_EQ(design.fci.agent_resource(), "SQL Server Agent (INST1)");
  EXPECT_EQ(design.fci.server_name(), "SQLFCI\\INST1");
}

TEST(Design, services_and_the_resource_carry_the_version) {
  Design design = joint();
  EXPECT_EQ(design.master_service(), "SSISScaleOutMaster150");
  EXPECT_EQ(design.worker_service(), "SSISScaleOutWorker150");
  EXPECT_EQ(design.master_resource(), "SQL Server Integration Services Scale Out Master 15.0");
  design.sql = SqlVersion::v2017;
  EXPECT_EQ(design.master_service(), "SSISScaleOutMaster140");
  design.sql = SqlVersion::v2022;
  EXPECT_EQ(design.worker_service(), "SSISScaleOutWorker160");
}

TEST(Design, placement_decides_role_and_host_name_of_the_master) {
  Design design = joint();
  EXPECT_EQ(design.master_role_name(), "SQL Server (MSSQLSERVER)");
  EXPECT_EQ(design.master_host_name(), "SQLFCI");
  design.scale_out.placement = Placement::separate;
  EXPECT_THROW(design.master_role_name(), std::logic_error);
  design.scale_out.role = master_role();
  EXPECT_EQ(design.master_role_name(), "SSIS Scale Out Master");
  EXPECT_EQ(design.master_host_name(), "SSISMASTER");
}

TEST(Design, only_service_accounts_are_virtual) {
  Master master;
  EXPECT_FALSE(master.uses_domain_account());  // Setup proposes the virtual one
  master.account = "NT SERVICE\\SSISScaleOutMaster150";
  EXPECT_FALSE(master.uses_domain_account());
  master.account = "CORP\\svc-ssis";
  EXPECT_TRUE(master.uses_domain_account());
  master.account = "NT Services\\x";
  EXPECT_TRUE(master.uses_domain_account());
}

TEST(Design, workers_are_numbered_when_they_were_counted) {
  WorkerPool alone, counted_one, three;
  alone.name = counted_one.name = three.name = "WRK";
  counted_one.numbered = true;
  three.count = 3;
  EXPECT_EQ(alone.worker_names(), (std::vector<std::string>{"WRK"}));
  EXPECT_EQ(counted_one.worker_names(), (std::vector<std::string>{"WRK1"}));
  EXPECT_EQ(three.worker_names(), (std::vector<std::string>{"WRK1", "WRK2", "WRK3"}));
  Design design;
  design.scale_out.workers = {three, alone};
  EXPECT_EQ(design.worker_names(), (std::vector<std::string>{"WRK1", "WRK2", "WRK3", "WRK"}));
}

TEST(Design, finds_nodes_and_certificates_by_name) {
  Design design = joint();
  EXPECT_EQ(design.find_node("sql2"), &design.cluster.nodes[1]);
  EXPECT_EQ(design.find_node("SQL3"), nullptr);
  EXPECT_EQ(design.find_node("SQL"), nullptr);
  design.certificates.resize(2);
  design.certificates[1].key = "worker";
  EXPECT_EQ(design.find_certificate("worker"), &design.certificates[1]);
  EXPECT_EQ(design.find_certificate("Worker"), nullptr);  // a key of the file, not a name of Windows
}

TEST(Design, settings_stated_for_a_node_replace_the_common_ones_there) {
  Design design = joint();
  design.scale_out.master.settings.port = 8400;
  design.scale_out.master.settings_by_node["SQL2"].port = 8500;
  EXPECT_EQ(design.master_settings("SQL1").port, 8400);
  EXPECT_EQ(design.master_settings("sql2").port, 8500);
}

TEST(Design, sites_come_in_the_order_of_the_nodes_that_name_them) {
  Design design;
  EXPECT_TRUE(design.sites().empty());
  design.cluster.nodes = {node("N1", "B"), node("N2", ""), node("N3", "A"), node("N4", "B"), node("N5", "")};
  EXPECT_EQ(design.sites(), (std::vector<std::string>{"B", "", "A"}));
}

TEST(Design, roles_are_that_of_the_instance_that_of_the_master_and_the_others) {
  Design design = joint();
  design.cluster.roles.resize(2);
  design.cluster.roles[0].name = "Files";
  design.cluster.roles[1].name = "Queue";
  EXPECT_EQ(design.role_names(), (std::vector<std::string>{"SQL Server (MSSQLSERVER)", "Files", "Queue"}));
  design.scale_out.placement = Placement::separate;
  design.scale_out.role = master_role();
  EXPECT_EQ(design.role_names(),
            (std::vector<std::string>{"SQL Server (MSSQLSERVER)", "SSIS Scale Out Master", "Files", "Queue"}));
}

TEST(Design, the_master_is_a_resource_of_one_role_or_of_the_other) {
  Design design = joint();
  design.fci.disks = {"Disk 1"};
  design.fci.addresses = {"10.0.0.50", "10.0.1.50"};
  const std::string master = design.master_resource();
  const std::vector<std::string> of_instance = {
      "Disk 1",     "SQL IP Address 1 (SQLFCI)", "SQL IP Address 2 (SQLFCI)", "SQL Network Name (SQLFCI)",
      "SQL Server", "SQL Server Agent"};
  std::vector<std::string> with_master = of_instance;
  with_master.push_back(master);
  EXPECT_EQ(design.instance_resources(), with_master);
  EXPECT_TRUE(design.master_role_resources().empty());
  design.scale_out.placement = Placement::separate;
  design.scale_out.role = master_role();
  EXPECT_EQ(design.instance_resources(), of_instance);
  EXPECT_EQ(design.master_role_resources(),
            (std::vector<std::string>{"IP Address 10.0.0.60", "IP Address 10.0.1.60", "SSISMASTER", master}));
}

TEST(Design, versions_and_kinds_have_texts) {
  EXPECT_EQ(to_text(WindowsVersion::v2012r2), "2012R2");
  EXPECT_EQ(to_text(SqlVersion::v2022), "2022");
  EXPECT_EQ(to_text(Edition::developer), "developer");
  EXPECT_EQ(to_text(Placement::separate), "separate");
  EXPECT_EQ(to_text(ResourceType::disk), "Physical Disk");
  EXPECT_EQ(to_text(ResourceType::address), "IP Address");
  EXPECT_EQ(to_text(ResourceType::name), "Network Name");
  EXPECT_EQ(to_text(ResourceType::generic_service), "Generic Service");
}

}  // namespace
}  // namespace rehearse::model
