// What the simulated platform answers, refuses, and how long it takes: one call at a time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>

#include <variant>

#include "asking.hpp"
#include "deployed_worlds.hpp"
#include "model/steps/deployment.hpp"
#include "model/steps/operations.hpp"
#include "sim/world/configuration.hpp"
#include "sim/world/installation.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::sim {
namespace {

namespace host = steps::host;
namespace store = steps::certificate_store;
namespace cluster = steps::cluster;
namespace catalog = steps::catalog;
using namespace std::chrono_literals;
using steps::Answer;
using steps::AnyRequest;
using steps::Failure;
using steps::FailureCode;
using testing::ElementsAre;
using testing::HasSubstr;
using world::World;

const std::string sql_role = "SQL Server (MSSQLSERVER)";
const std::string master_service = "SSISScaleOutMaster150";
const std::string worker_service = "SSISScaleOutWorker150";

class Platform : public testing::Test {
 protected:
  const model::Design design = shipped_design("reference");
  World world = deployed_world(design);
  const std::string master = design.master_resource();
};

// ---- answers

TEST_F(Platform, questions_take_no_time_and_change_nothing) {
  const World before = world;
  EXPECT_EQ(ask(world, steps::ClusterRequest(cluster::Exists("SSISCLU"))).flag(), true);
  EXPECT_EQ(ask(world, steps::ClusterRequest(cluster::Nodes())).list(), (std::vector<std::string>{"SQL1", "SQL2"}));
  EXPECT_EQ(ask(world, steps::ClusterRequest(cluster::QueryNode("SQL2"))).text(), "up");
  EXPECT_EQ(ask(world, steps::ClusterRequest(cluster::QueryRole(sql_role))).text(), "online");
  EXPECT_EQ(ask(world, steps::ClusterRequest(cluster::RoleOwner(sql_role))).text(), "SQL1");
  EXPECT_EQ(ask(world, steps::ClusterRequest(cluster::QueryResource(master))).text(), "online");
  EXPECT_THAT(ask(world, steps::ClusterRequest(cluster::Dependencies(master))).list(),
              ElementsAre("SQL Network Name (SQLFCI)", "SQL Server"));
  EXPECT_THAT(ask(world, steps::ClusterRequest(cluster::Quorum())).list(),
              ElementsAre("file share", "\\\\FS1\\witness"));
  EXPECT_EQ(ask(world, steps::ClusterRequest(cluster::Property("SameSubnetThreshold"))).number(), 20);
  EXPECT_EQ(ask(world, steps::ClusterRequest(cluster::Property("SameSubnetDelay"))).number(), 1000);
  EXPECT_EQ(ask(world, steps::HostRequest(host::QueryService("SQL1", master_service))).text(), "running");
  EXPECT_EQ(ask(world, steps::HostRequest(host::QueryService("SQL2", master_service))).text(), "stopped");
  EXPECT_EQ(ask(world, steps::HostRequest(host::QueryService("WRK1", master_service))).text(), "absent");
  EXPECT_EQ(ask(world, steps::HostRequest(host::QueryStartType("SQL1", master_service))).text(), "manual");
  EXPECT_EQ(ask(world, steps::HostRequest(host::FirewallOpen("SQL1", 8391))).flag(), true);
  EXPECT_EQ(ask(world, steps::HostRequest(host::FirewallOpen("SQL1", 3389))).flag(), false);
  EXPECT_EQ(ask(world, steps::HostRequest(host::ReadMasterSettings("SQL2", master_service))).master_settings(),
            design.master_settings("SQL2"));
  EXPECT_THAT(ask(world, steps::CertificateRequest(store::Binding("SQL2", 8391))).list(),
              ElementsAre(design.find_certificate("master")->thumbprint, "Root"));
  EXPECT_EQ(world, before);
}

TEST_F(Platform, the_same_name_in_other_letters_is_the_same_machine) {
  EXPECT_EQ(ask(world, steps::HostRequest(host::QueryService("sql1", master_service))).text(), "running");
}

TEST_F(Platform, every_copy_of_a_certificate_is_listed_with_its_store_and_key) {
  const auto copies = ask(world, steps::CertificateRequest(store::List("WRK2"))).certificates();
  std::vector<std::string> found;
  for (const steps::CertificateInfo& copy : copies) {
    const bool of_master = copy.thumbprint == design.find_certificate("master")->thumbprint;
    found.push_back((of_master ? "master " : "worker ") + copy.store + (copy.has_private_key ? "+key" : ""));
  }
  EXPECT_THAT(found, testing::UnorderedElementsAre("master Root", "worker My+key", "worker Root"));
}

TEST_F(Platform, last_online_times_are_dates_and_move_on) {
  const Date first = ask(world, steps::CatalogRequest(catalog::WorkerLastOnline("WRK1"))).date();
  const Date stamp = ask(world, steps::CatalogRequest(catalog::MasterLastOnline())).date();
  world.run_until(world.now() + 5min);
  EXPECT_GE(ask(world, steps::CatalogRequest(catalog::WorkerLastOnline("WRK1"))).date(), first + 4min);
  EXPECT_GE(ask(world, steps::CatalogRequest(catalog::MasterLastOnline())).date(), stamp + 4min);
  EXPECT_EQ(ask(world, steps::CatalogRequest(catalog::WorkerLastOnline("WRK9"))).date(), Date());
}

TEST_F(Platform, a_service_whose_account_cannot_log_on_does_not_start) {
  ask(world, steps::HostRequest(host::StopService("WRK1", worker_service)));
  world.configuration().set_password_expired(world::Account::worker, true, 0);
  const Failure failure = refusal(world, steps::HostRequest(host::StartService("WRK1", worker_service)));
  EXPECT_EQ(failure.code(), FailureCode::refused);
  EXPECT_THAT(failure.what(), HasSubstr("logon failure"));
  world.configuration().set_password_expired(world::Account::worker, false, 0);
  ask(world, steps::HostRequest(host::StartService("WRK1", worker_service)));
  EXPECT_EQ(world.state().workers[0].service, world::Process::running);
}

TEST_F(Platform, a_settings_file_is_answered_as_it_is_written_not_as_it_was_read) {
  world.configuration().write(world::HostIndex{0}, world::MasterField::port, 8400, 0);
  EXPECT_EQ(ask(world, steps::HostRequest(host::ReadMasterSettings("SQL1", master_service))).master_settings().port,
            8400);
  EXPECT_EQ(world.state().hosts[0].master_settings.port, 8391);
}

// ---- failures

TEST_F(Platform, what_does_not_exist_is_not_found) {
  EXPECT_EQ(refusal(world, steps::HostRequest(host::FeatureInstalled("SQL9", "Failover-Clustering"))).code(),
            FailureCode::not_found);
  EXPECT_EQ(refusal(world, steps::ClusterRequest(cluster::RoleOwner("Print"))).code(), FailureCode::not_found);
  EXPECT_EQ(refusal(world, steps::ClusterRequest(cluster::QueryResource("Print Spooler"))).code(),
            FailureCode::not_found);
  EXPECT_EQ(refusal(world, steps::ClusterRequest(cluster::QueryNode("WRK1"))).code(), FailureCode::not_found);
  EXPECT_EQ(refusal(world, steps::HostRequest(host::StopService("WRK1", master_service))).code(),
            FailureCode::not_found);
  EXPECT_EQ(refusal(world, steps::CertificateRequest(store::Remove("SQL1", "00", "Root"))).code(),
            FailureCode::not_found);
  const std::string workers = design.find_certificate("worker")->thumbprint;
  EXPECT_EQ(refusal(world, steps::CertificateRequest(store::Copy("SQL1", "SQL2", workers, "Root", true))).code(),
            FailureCode::not_found)
      << "the worker's certificate lies on the node without its key";
  World empty = empty_world(design);
  EXPECT_EQ(refusal(empty, steps::ClusterRequest(cluster::Roles())).code(), FailureCode::not_found);
  EXPECT_EQ(refusal(empty, steps::HostRequest(host::ReadMasterSettings("SQL1", master_service))).code(),
            FailureCode::not_found);
}

TEST_F(Platform, a_worker_that_never_registered_cannot_be_enabled) {
  const Failure failure = refusal(world, steps::CatalogRequest(catalog::EnableWorker("WRK9")));
  EXPECT_EQ(failure.code(), FailureCode::not_found);
  EXPECT_THAT(failure.message(), HasSubstr("27243"));
}

TEST_F(Platform, scale_out_needs_a_master_on_the_node_that_owns_the_instance) {
  World bare = empty_world(design);
  std::vector<steps::StepPtr> all = steps::deployment_steps(design);
  std::erase_if(all, [](const steps::StepPtr& step) {
    const bool before_master = step->info().section == "1" || step->info().section == "2";
    return !before_master && step->name() != "create_catalog" && step->name() != "enable_scale_out";
  });
  const DeploymentRun run = run_steps(bare, std::move(all));
  ASSERT_FALSE(run.succeeded) << to_text(run.notes);
  EXPECT_EQ(run.failure()->code(), FailureCode::refused);
  EXPECT_THAT(run.failure()->message(), HasSubstr("27261"));
}

TEST_F(Platform, a_machine_that_is_off_or_cut_off_is_unreachable) {
  world.membership().lose_power(world.plan().find_host("WRK1"), 0);
  world.membership().set_link(world.plan().find_host("WRK2"), false, 0);
  for (const char* machine : {"WRK1", "WRK2"}) {
    EXPECT_EQ(refusal(world, steps::HostRequest(host::QueryService(machine, worker_service))).code(),
              FailureCode::unreachable);
    EXPECT_EQ(refusal(world, steps::CertificateRequest(store::List(machine))).code(), FailureCode::unreachable);
  }
}

TEST_F(Platform, a_machine_that_goes_off_under_way_has_done_nothing) {
  Outcome outcome;
  Driver driver(world);
  const AnyRequest request(steps::HostRequest(host::StopService("WRK1", worker_service)));
  driver.start([&] { return ask_and_keep(driver.platform(), request, outcome); });
  world.membership().lose_power(world.plan().find_host("WRK1"), 0);
  driver.run_until_idle();
  ASSERT_TRUE(std::holds_alternative<Failure>(outcome));
  EXPECT_EQ(std::get<Failure>(outcome).code(), FailureCode::unreachable);
}

TEST_F(Platform, nobody_answers_for_the_catalog_while_sql_server_is_away) {
  world.sql().crash(0);
  EXPECT_EQ(refusal(world, steps::CatalogRequest(catalog::Exists())).code(), FailureCode::unreachable);
  EXPECT_EQ(refusal(world, steps::CatalogRequest(catalog::WorkerEnabled("WRK1"))).code(), FailureCode::unreachable);
  world.run_until(world.now() + 10min);
  EXPECT_TRUE(ask(world, steps::CatalogRequest(catalog::WorkerEnabled("WRK1"))).flag());
}

TEST_F(Platform, nobody_answers_for_the_cluster_when_no_node_is_up) {
  for (world::HostIndex node = 0; node < 2; ++node) world.membership().lose_power(node, 0);
  EXPECT_EQ(refusal(world, steps::ClusterRequest(cluster::Roles())).code(), FailureCode::unreachable);
  EXPECT_EQ(refusal(world, steps::ClusterRequest(cluster::MoveRole(sql_role, "SQL2", 1min))).code(),
            FailureCode::unreachable);
}

TEST_F(Platform, what_the_design_does_not_lead_to_is_refused_by_name) {
  const auto unknown = [&](auto request) {
    const Failure failure = refusal(world, request);
    EXPECT_EQ(failure.code(), FailureCode::refused) << failure.what();
    EXPECT_THAT(failure.message(), HasSubstr("the simulated world does not know")) << to_text(AnyRequest(request));
  };
  unknown(steps::CatalogRequest(catalog::AddAdmin("CORP\\stranger")));
  unknown(steps::CatalogRequest(catalog::UpdateMasterAddress("https://elsewhere:1")));
  unknown(steps::ClusterRequest(cluster::SetProperty("SameSubnetThreshold", 5)));
  unknown(steps::ClusterRequest(cluster::SetQuorum(model::Witness::Kind::cloud, "account")));
  unknown(steps::ClusterRequest(
      cluster::SetResourceProperty("SQL Server", steps::ResourceProperty::health_check_timeout, 1)));
  unknown(steps::HostRequest(host::OpenFirewall("SQL1", 3389)));
  unknown(steps::HostRequest(host::InstallFeature("SQL1", "Hyper-V")));
  unknown(steps::CertificateRequest(store::Create("SQL1", {"stranger"}, Date(), Date())));
  model::MasterSettings settings = design.master_settings("SQL1");
  settings.sql_server_name = "ELSEWHERE";
  unknown(steps::HostRequest(host::WriteMasterSettings("SQL1", master_service, settings)));
}

TEST_F(Platform, what_is_there_already_conflicts) {
  EXPECT_EQ(refusal(world, steps::CatalogRequest(catalog::Create(steps::Secret()))).code(), FailureCode::conflict);
  EXPECT_EQ(refusal(world, steps::ClusterRequest(cluster::Create("SSISCLU", {"SQL1", "SQL2"}))).code(),
            FailureCode::conflict);
  EXPECT_EQ(refusal(world, steps::HostRequest(host::AddFciNode("SQL2", "MSSQLSERVER", steps::Secret()))).code(),
            FailureCode::conflict);
}

TEST_F(Platform, a_role_that_does_not_arrive_in_time_times_out) {
  const Outcome outcome = outcome_of(world, AnyRequest(steps::ClusterRequest(cluster::MoveRole(sql_role, "SQL2", 1s))));
  ASSERT_TRUE(std::holds_alternative<Failure>(outcome));
  EXPECT_EQ(std::get<Failure>(outcome).code(), FailureCode::timed_out);
  world.run_until(world.now() + 5min);
  EXPECT_EQ(world.state().groups[0].owner, 1U) << "what was begun goes on";
}

TEST_F(Platform, a_binding_needs_the_certificate_with_its_key) {
  const std::string workers = design.find_certificate("worker")->thumbprint;
  const Failure failure = refusal(world, steps::CertificateRequest(store::Bind("SQL1", 8391, workers, "Root")));
  EXPECT_EQ(failure.code(), FailureCode::refused);
  EXPECT_THAT(failure.message(), HasSubstr("1312"));
}

// ---- changes

TEST_F(Platform, a_resource_taken_offline_stays_so_while_the_rest_of_the_role_goes_on_and_moves) {
  ask(world, steps::ClusterRequest(cluster::OfflineResource(master, 5min)));
  EXPECT_EQ(ask(world, steps::ClusterRequest(cluster::QueryResource("SQL Server"))).text(), "online");
  EXPECT_EQ(ask(world, steps::ClusterRequest(cluster::QueryRole(sql_role))).text(), "partially online");
  ask(world, steps::ClusterRequest(cluster::MoveRole(sql_role, "SQL2", 5min)));
  EXPECT_EQ(ask(world, steps::ClusterRequest(cluster::QueryResource(master))).text(), "offline");
  EXPECT_EQ(world.state().hosts[1].master, world::Process::stopped);
  ask(world, steps::ClusterRequest(cluster::OnlineResource(master, 5min)));
  EXPECT_EQ(ask(world, steps::ClusterRequest(cluster::QueryRole(sql_role))).text(), "online");
}

TEST_F(Platform, what_needs_a_resource_goes_down_and_comes_back_with_it) {
  ask(world, steps::ClusterRequest(cluster::OfflineResource("SQL Server", 5min)));
  EXPECT_EQ(ask(world, steps::ClusterRequest(cluster::QueryResource(master))).text(), "offline");
  EXPECT_EQ(ask(world, steps::ClusterRequest(cluster::QueryResource("SQL Server Agent"))).text(), "offline");
  EXPECT_EQ(ask(world, steps::ClusterRequest(cluster::QueryResource("SQL Network Name (SQLFCI)"))).text(), "online");
  ask(world, steps::ClusterRequest(cluster::OnlineResource("SQL Server", 5min)));
  EXPECT_EQ(ask(world, steps::ClusterRequest(cluster::QueryRole(sql_role))).text(), "online");
}

TEST_F(Platform, a_resource_that_cannot_start_is_not_reported_as_online) {
  World bare = empty_world(design);
  std::vector<steps::StepPtr> all = steps::deployment_steps(design);
  std::erase_if(
      all, [](const steps::StepPtr& step) { return step->info().section > "2" && step->info().section != "catalog"; });
  std::erase_if(all, [](const steps::StepPtr& step) { return step->name() == "enable_scale_out"; });
  ASSERT_TRUE(run_steps(bare, std::move(all)).succeeded);
  ask(bare, steps::ClusterRequest(cluster::AddGenericService(master, sql_role, master_service)));
  EXPECT_EQ(ask(bare, steps::ClusterRequest(cluster::QueryResource(master))).text(), "offline");
  const Outcome outcome = outcome_of(bare, AnyRequest(steps::ClusterRequest(cluster::OnlineResource(master, 30min))));
  ASSERT_TRUE(std::holds_alternative<Failure>(outcome)) << "no node has the service";
  EXPECT_EQ(std::get<Failure>(outcome).code(), FailureCode::refused) << std::get<Failure>(outcome).what();
}

TEST_F(Platform, a_restart_is_an_outage_as_long_as_it_takes) {
  Outcome outcome;
  Driver driver(world);
  const world::Time begin = world.now();
  const AnyRequest request(steps::HostRequest(host::RestartService("WRK1", worker_service)));
  driver.start([&] { return ask_and_keep(driver.platform(), request, outcome); });
  EXPECT_EQ(world.state().workers[0].service, world::Process::stopped);
  driver.run_until_idle();
  EXPECT_EQ(world.state().workers[0].service, world::Process::running);
  EXPECT_GE(world.now() - begin, 5s);
  world.run_until(world.now() + 5min);
  EXPECT_TRUE(world.workers().reaches_catalog(0));
}

TEST_F(Platform, a_master_stopped_behind_the_clusters_back_is_found_and_restarted) {
  ask(world, steps::HostRequest(host::StopService("SQL1", master_service)));
  EXPECT_EQ(ask(world, steps::HostRequest(host::QueryService("SQL1", master_service))).text(), "stopped");
  world.run_until(world.now() + 1min);
  EXPECT_EQ(ask(world, steps::HostRequest(host::QueryService("SQL1", master_service))).text(), "running");
}

TEST_F(Platform, mixed_mode_restarts_sql_server_and_ends_when_ssisdb_answers_again) {
  World bare = empty_world(design);
  std::vector<steps::StepPtr> all = steps::deployment_steps(design);
  std::erase_if(
      all, [](const steps::StepPtr& step) { return step->info().section > "4" && step->info().section != "catalog"; });
  world::Journal journal;
  bare.engine().write_to(&journal);
  const DeploymentRun run = run_steps(bare, std::move(all));
  ASSERT_TRUE(run.succeeded) << to_text(run.notes);
  std::size_t starts = 0;
  for (const world::Record& record : journal.records) {
    starts += record.kind == world::RecordKind::resource_online &&
              record.subject == world::resource_id(bare.plan().sql_resource);
  }
  EXPECT_EQ(starts, 2U) << "one by Setup, one for mixed mode";
  EXPECT_TRUE(bare.sql().open());
}

// ---- certificates that steps or Setup make

model::Design with_stated_certificates(model::Design design, bool master_by_setup) {
  for (model::Certificate& certificate : design.certificates) {
    certificate.thumbprint.clear();
    certificate.not_before = Date();
    certificate.not_after = *model::parse_date("2035-01-01T00:00:00Z");
    if (master_by_setup && certificate.key == "master") certificate.not_after = Date();
  }
  design.scale_out.master.settings.certificate_thumbprint.clear();
  for (auto& [node, settings] : design.scale_out.master.settings_by_node) settings.certificate_thumbprint.clear();
  for (model::WorkerPool& pool : design.scale_out.workers) {
    pool.settings.master_certificate_thumbprint.clear();
    pool.settings.worker_certificate_thumbprint.clear();
  }
  return design;
}

TEST(Certificates, stated_by_names_and_dates_are_made_once_and_used_everywhere) {
  for (const bool master_by_setup : {false, true}) {
    const model::Design design = with_stated_certificates(shipped_design("reference"), master_by_setup);
    World world = empty_world(design);
    const DeploymentRun run = deploy_by_steps(world, design);
    ASSERT_TRUE(run.succeeded) << to_text(run.notes);
    EXPECT_EQ(world.state().hosts[0].binding, world.state().hosts[1].binding);
    const DeploymentRun verified = run_steps(world, steps::operation_steps(design, "verify_deployment", {}));
    EXPECT_TRUE(verified.succeeded) << to_text(verified.notes);
    const DeploymentRun again = deploy_by_steps(world, design);
    EXPECT_EQ(count(again.notes, steps::StepOutcome::Kind::already_satisfied), again.notes.size())
        << to_text(again.notes);
  }
}

TEST(Certificates, stated_ones_end_as_installing_at_once_ends) {
  const model::Design design = with_stated_certificates(shipped_design("reference"), false);
  World by_steps = empty_world(design);
  ASSERT_TRUE(deploy_by_steps(by_steps, design).succeeded);
  by_steps.run_until(by_steps.now() + 1h);
  // New-SelfSignedCertificate writes to My and nowhere else (S 3), so that copy stays behind.
  const world::CertificateIndex made = by_steps.plan().find_certificate("master");
  world::Installation(by_steps).remove_certificate(0, made, world::Store::my, 0);
  World at_once = deployed_world(design);
  EXPECT_EQ(deployment_of(by_steps), deployment_of(at_once));
}

}  // namespace
}  // namespace rehearse::sim
