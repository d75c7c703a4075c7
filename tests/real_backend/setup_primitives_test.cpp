// SQL Server's setup: what stands in its configuration file, and what is refused before it is written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "machine_requests.hpp"
#include "model/design_reader.hpp"
#include "model/steps/failure.hpp"
#include "real_backend/powershell/primitives.hpp"
#include "real_backend/powershell/setup_file.hpp"

namespace rehearse::real {
namespace {

namespace host = steps::host;
using steps::Failure;
using steps::FailureCode;
using steps::Secret;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Secret sql_logon("logon of the SQL Server services", "pl4nted");

host::InstallFci install_fci(const model::Design& design, const std::string& node) {
  const model::FailoverClusterInstance& fci = design.fci;
  return host::InstallFci(node, fci.instance, fci.network_name, fci.addresses, fci.disks, fci.role_name(), sql_logon);
}

host::InstallMaster install_master(const std::string& account, const Secret& password, const std::string& thumbprint) {
  return host::InstallMaster("SQL1", master_service, account, password, 8391, {"SQLFCI", "SQL1", "10.0.0.50"},
                             thumbprint);
}

std::string script_of(const steps::HostRequest& request, const Site& site = usual_site(),
                      const model::Design& design = reference_design()) {
  return to_text(primitive_of(request, Surroundings{design, site}).script);
}

Failure refusal_of(const steps::HostRequest& request, const Site& site = usual_site(),
                   const model::Design& design = reference_design()) {
  try {
    script_of(request, site, design);
  } catch (const Failure& failure) {
    return failure;
  }
  return Failure(FailureCode::cancelled, "not refused");
}

model::Design design_of(const std::string& file) {
  return *model::read_design_file(std::string(REHEARSE_SOURCE_DIR) + "/scenarios/" + file).design;
}

TEST(Setup, of_the_first_node_states_what_the_design_and_the_site_say) {
  EXPECT_THAT(script_of(install_fci(reference_design(), "SQL1")),
              AllOf(HasSubstr("'[OPTIONS]', 'ACTION=\"InstallFailoverCluster\"', 'QUIET=\"True\"'"),
                    HasSubstr("'IACCEPTSQLSERVERLICENSETERMS=\"True\"'"), HasSubstr("'FEATURES=SQLENGINE'"),
                    HasSubstr("'INSTANCENAME=\"MSSQLSERVER\"'"),
                    HasSubstr("'FAILOVERCLUSTERGROUP=\"SQL Server (MSSQLSERVER)\"'"),
                    HasSubstr("'FAILOVERCLUSTERNETWORKNAME=\"SQLFCI\"'"),
                    HasSubstr("'FAILOVERCLUSTERDISKS=\"Cluster Disk 1\"'"),
                    HasSubstr("'SQLSYSADMINACCOUNTS=\"CORP\\DBAs\" \"CORP\\installer\"'"),
                    HasSubstr("\\Microsoft SQL Server\\150\\Setup Bootstrap\\Log\\Summary.txt")));
}

TEST(Setup, asks_the_cluster_for_the_name_of_the_address_s_network) {
  const std::string script = script_of(install_fci(reference_design(), "SQL1"));
  EXPECT_THAT(script, HasSubstr("($_.Address -eq '10.0.0.0') -and ($_.AddressMask -eq '255.255.255.0')"));
  EXPECT_THAT(script, HasSubstr("'IPv4;10.0.0.50;' + $Network"));
  EXPECT_THAT(script, Not(HasSubstr("Cluster Network 1")));
}

TEST(Setup, in_several_subnets_takes_each_address_with_the_first_node_that_can_hold_it) {
  const model::Design design = design_of("cluster/designs/two_subnets_all_registered.json");
  ASSERT_EQ(design.fci.addresses.size(), 2u);
  const std::string first = script_of(install_fci(design, design.cluster.nodes[0].name), usual_site(), design);
  EXPECT_THAT(first,
              AllOf(HasSubstr("'IPv4;" + design.fci.addresses[0]), Not(HasSubstr("'IPv4;" + design.fci.addresses[1])),
                    Not(HasSubstr("CONFIRMIPDEPENDENCYCHANGE"))));
  const host::AddFciNode second(design.cluster.nodes[1].name, design.fci.instance, sql_logon);
  EXPECT_THAT(script_of(second, usual_site(), design),
              AllOf(HasSubstr("'IPv4;" + design.fci.addresses[1]), Not(HasSubstr("'IPv4;" + design.fci.addresses[0])),
                    HasSubstr("'CONFIRMIPDEPENDENCYCHANGE=\"1\"'")));
}

TEST(Setup, of_a_further_node_in_the_same_subnet_says_nothing_of_addresses) {
  EXPECT_THAT(script_of(host::AddFciNode("SQL2", "MSSQLSERVER", sql_logon)),
              AllOf(HasSubstr("'ACTION=\"AddNode\"'"), Not(HasSubstr("FAILOVERCLUSTERIPADDRESSES")),
                    Not(HasSubstr("CONFIRMIPDEPENDENCYCHANGE"))));
}

TEST(Setup, without_a_network_for_an_address_is_refused_with_that_address) {
  model::Design design = reference_design();
  design.cluster.networks.clear();
  EXPECT_THAT(refusal_of(install_fci(design, "SQL1"), usual_site(), design).message(), HasSubstr("10.0.0.50"));
  EXPECT_EQ(refusal_of(install_fci(design, "SQL1"), usual_site(), design).code(), FailureCode::refused);
}

TEST(Setup, is_refused_while_the_site_does_not_say_what_it_needs) {
  const auto without = [](auto Site::*part) {
    Site site = usual_site();
    (site.*part).clear();
    return refusal_of(install_fci(reference_design(), "SQL1"), site).message();
  };
  EXPECT_THAT(without(&Site::media), HasSubstr("'media'"));
  EXPECT_THAT(without(&Site::sql_account), HasSubstr("'sql_account'"));
  EXPECT_THAT(without(&Site::sql_data_folder), HasSubstr("'sql_data_folder'"));
  EXPECT_THAT(without(&Site::sql_administrators), HasSubstr("'sql_administrators'"));
}

TEST(Setup, hands_passwords_over_beside_the_script) {
  const std::string script = script_of(install_fci(reference_design(), "SQL1"));
  EXPECT_THAT(script, HasSubstr("(('SQLSVCPASSWORD=' + '\"') + $Secrets['logon of the SQL Server services']) + '\"'"));
  EXPECT_THAT(script, HasSubstr("(('AGTSVCPASSWORD=' + '\"') + $Secrets['logon of the SQL Server services']) + '\"'"));
  EXPECT_THAT(script, Not(HasSubstr("pl4nted")));
}

TEST(Setup, asks_for_the_password_of_an_agent_with_an_account_of_its_own) {
  Site site = usual_site();
  site.agent_account = "CORP\\svc-agent";
  const Primitive primitive =
      primitive_of(install_fci(reference_design(), "SQL1"), Surroundings{reference_design(), site});
  EXPECT_THAT(primitive.asks, ElementsAre("password of CORP\\svc-agent"));
  EXPECT_THAT(to_text(primitive.script),
              HasSubstr("if ($Secrets['password of CORP\\svc-agent'] -match '[\"\\x00-\\x1f\\x7f]')"));
  site.agent_account = "CORP\\gmsa-agent$";
  EXPECT_THAT(primitive_of(install_fci(reference_design(), "SQL1"), Surroundings{reference_design(), site}).asks,
              IsEmpty());
}

TEST(Setup, refuses_passwords_that_its_file_cannot_hold_without_telling_them) {
  for (const std::string password : {"pl4nt\"ed", "pl4nted\n", "pl4nted\r\nSAPWD=x", "\tpl4nted"}) {
    const Failure failure = refusal_of(install_master("CORP\\svc-ssis", Secret("password of svc-ssis", password), ""));
    EXPECT_EQ(failure.code(), FailureCode::refused);
    EXPECT_THAT(failure.message(), AllOf(HasSubstr("password of svc-ssis"), Not(HasSubstr("pl4nt"))));
  }
}

TEST(Setup, writes_no_password_for_accounts_that_have_none) {
  for (const char* account : {"NT Service\\SSISScaleOutMaster150", "CORP\\gmsa$"}) {
    EXPECT_THAT(script_of(install_master(account, Secret(), "")),
                AllOf(HasSubstr("ISMASTERSVCACCOUNT"), Not(HasSubstr("ISMASTERSVCPASSWORD"))));
  }
}

TEST(Setup, of_the_master_makes_a_certificate_or_takes_the_one_that_is_there) {
  const Secret password("password of svc-ssis", "pl4nted");
  EXPECT_THAT(script_of(install_master("CORP\\svc-ssis", password, "")),
              AllOf(HasSubstr("'FEATURES=IS,IS_Master'"), HasSubstr("'ISMASTERSVCPORT=\"8391\"'"),
                    HasSubstr("'ISMasterSVCSSLCertCN=\"CN=SQLFCI;CN=SQL1;CN=10.0.0.50\"'"),
                    Not(HasSubstr("ISMASTERSVCTHUMBPRINT"))));
  EXPECT_THAT(script_of(install_master("CORP\\svc-ssis", password, a_thumbprint)),
              AllOf(HasSubstr("'ISMASTERSVCTHUMBPRINT=\"" + a_thumbprint + "\"'"), Not(HasSubstr("SSLCertCN"))));
}

TEST(Setup, refuses_names_that_would_become_several) {
  const host::InstallMaster setup("SQL1", master_service, "", Secret(), 8391, {"SQLFCI;CN=evil"}, "");
  EXPECT_EQ(refusal_of(setup).code(), FailureCode::refused);
}

TEST(Setup, refuses_a_service_that_names_no_version) {
  for (const char* service : {"SSISScaleOutMaster", "SSISScaleOutMaster15", "SSISScaleOutMaster150S"}) {
    const host::InstallMaster setup("SQL1", service, "", Secret(), 8391, {"SQLFCI"}, "");
    EXPECT_EQ(refusal_of(setup).code(), FailureCode::refused) << service;
  }
}

TEST(Setup, leaves_no_file_behind_and_lets_nobody_else_read_it) {
  const std::string script = script_of(install_fci(reference_design(), "SQL1"));
  const std::size_t restricted = script.find("'/inheritance:r'"), written = script.find("WriteAllText");
  const std::size_t run = script.find("setup.exe' ("), removed = script.rfind("Remove-Item -LiteralPath $Folder");
  EXPECT_LT(restricted, written);
  EXPECT_LT(written, run);
  EXPECT_LT(run, removed);
  EXPECT_LT(script.rfind("} finally {", removed), removed);
}

}  // namespace
}  // namespace rehearse::real
