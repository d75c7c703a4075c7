// Stories about settings files, accounts and start types: what a change does at once, and what it does when a service
// starts the next time (S 2, S 4.3, S 5; behaviour.md 6).
#include "sim/world/configuration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "cluster_designs.hpp"
#include "rehearsal.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/names.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::world {
namespace {

constexpr HostIndex sql1 = 0, sql2 = 1;
constexpr WorkerIndex wrk1 = 0, wrk2 = 1;

model::Design quiet(const std::string& name = "reference") {
  model::Design design = shipped_design(name);
  design.batches.clear();
  return design;
}

void go_to(Rehearsal& rehearsal, Duration when) {
  rehearsal->run_until(at(when) - Duration(1));
  rehearsal->engine().advance_to(at(when));
}

const ResourceState& master_resource(Rehearsal& rehearsal) {
  return rehearsal->state().resources[rehearsal.plan().master_resource];
}

TEST(Settings, of_a_worker_count_from_its_next_start) {
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 10min);
  rehearsal->configuration().write(wrk1, WorkerField::agent_heartbeat, Duration(5min).count(), 0);
  rehearsal->configuration().write(wrk1, WorkerField::master_certificate, unknown_certificate, 0);
  go_to(rehearsal, 30min);
  EXPECT_TRUE(rehearsal->workers().reaches_catalog(wrk1));
  EXPECT_EQ(rehearsal->engine().rhythm(Event::agent_beat, wrk1).period, 1min);
  ASSERT_TRUE(rehearsal->workers().stop_service(wrk1, 0));
  ASSERT_TRUE(rehearsal->workers().start_service(wrk1, 0));
  EXPECT_EQ(rehearsal->engine().rhythm(Event::agent_beat, wrk1).period, 5min);
  go_to(rehearsal, 40min);
  EXPECT_EQ(rehearsal->state().workers[wrk1].refusal, model::HandshakeOutcome::thumbprint_mismatch);
}

TEST(Settings, of_the_passive_node_show_when_the_role_moves) {
  // Both nodes need the same file (S 2): one that differs is healthy until the failover (S 5 no. 32).
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 10min);
  rehearsal->configuration().write(sql2, MasterField::port, 8400, 0);
  go_to(rehearsal, 40min);
  EXPECT_TRUE(rehearsal->workers().reaches_catalog(wrk1));
  ASSERT_TRUE(rehearsal->roles().move(0, sql2, 0));
  go_to(rehearsal, 60min);
  EXPECT_TRUE(rehearsal->masters().serving(sql2)) << "it serves, on another port";
  EXPECT_TRUE(rehearsal->network().listening(sql2, 8400));
  for (WorkerIndex worker = 0; worker < 3; ++worker) EXPECT_FALSE(rehearsal->workers().connected(worker));
}

TEST(Settings, of_a_running_master_wait_for_its_restart) {
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 10min);
  rehearsal->configuration().write(sql1, MasterField::heartbeat, Duration(90s).count(), 0);
  rehearsal->configuration().write(sql1, MasterField::port, 8400, 0);
  go_to(rehearsal, 20min);
  EXPECT_TRUE(rehearsal->network().listening(sql1, 8391));
  EXPECT_EQ(rehearsal->engine().rhythm(Event::master_heartbeat, sql1).period, 30s);
  ASSERT_TRUE(rehearsal->masters().crash(sql1, 0));
  go_to(rehearsal, 22min);
  EXPECT_TRUE(rehearsal->network().listening(sql1, 8400));
  EXPECT_EQ(rehearsal->engine().rhythm(Event::master_heartbeat, sql1).period, 90s);
}

TEST(Passwords, that_expire_stop_no_master_until_it_starts_again) {
  // The separate placement: SQL Server has nothing to do with the master's role.
  Rehearsal rehearsal(quiet("separate"));
  const ResourceIndex master = rehearsal.plan().master_resource;
  go_to(rehearsal, 10min);
  rehearsal->configuration().set_password_expired(Account::master, true, 0);
  go_to(rehearsal, 30min);
  const HostIndex owner = rehearsal->state().groups[rehearsal.plan().master_group].owner;
  EXPECT_TRUE(rehearsal->masters().serving(owner));
  ASSERT_TRUE(rehearsal->masters().crash(owner, 0));
  go_to(rehearsal, 50min);
  // It starts on no node: the limits are reached, and the resource stays Failed (W 4.1).
  EXPECT_EQ(master_resource(rehearsal).status, ResourceStatus::failed);
  // The first failure is the crash; each further one is a start that was refused.
  std::vector<FailureReason> reasons;
  for (const Record& record : rehearsal.journal().records) {
    const bool failure = record.kind == RecordKind::resource_failed && record.subject == resource_id(master);
    if (failure) reasons.push_back(static_cast<FailureReason>(record.value));
  }
  ASSERT_GE(reasons.size(), 2U);
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), FailureReason::logon_refused),
            static_cast<std::ptrdiff_t>(reasons.size() - 1));
  EXPECT_NE(rehearsal.find(RecordKind::stays_failed, at(30min), resource_id(master)), nullptr);
  rehearsal->configuration().set_password_expired(Account::master, false, 0);
  rehearsal->roles().want(rehearsal.plan().master_group, true, 0);
  go_to(rehearsal, 52min);
  EXPECT_EQ(master_resource(rehearsal).status, ResourceStatus::online);
}

TEST(Passwords, that_expire_keep_a_running_master_from_its_next_login) {
  Rehearsal rehearsal(quiet("separate"));
  go_to(rehearsal, 10min);
  rehearsal->configuration().set_password_expired(Account::master, true, 0);
  ASSERT_TRUE(rehearsal->sql().crash(0));
  go_to(rehearsal, 20min);
  const HostIndex owner = rehearsal->state().groups[rehearsal.plan().master_group].owner;
  EXPECT_EQ(rehearsal->masters().connect_failure(owner), ConnectFailure::login_refused);
  EXPECT_FALSE(rehearsal->masters().serving(owner));
  EXPECT_EQ(master_resource(rehearsal).status, ResourceStatus::online) << "the cluster sees a service that runs";
  rehearsal->configuration().set_password_expired(Account::master, false, 0);
  go_to(rehearsal, 20min + 31s);
  EXPECT_TRUE(rehearsal->masters().serving(owner));
}

TEST(Passwords, of_workers_keep_them_down_after_a_reboot_until_somebody_starts_them) {
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 10min);
  rehearsal->configuration().set_password_expired(Account::worker, true, 0);
  rehearsal->membership().lose_power(rehearsal.plan().workers[wrk1].host, 0);
  rehearsal->membership().boot(rehearsal.plan().workers[wrk1].host, 0);
  go_to(rehearsal, 30min);
  EXPECT_NE(rehearsal.find(RecordKind::logon_refused, at(10min), worker_id(wrk1)), nullptr);
  EXPECT_EQ(rehearsal->state().workers[wrk1].service, Process::stopped);
  EXPECT_TRUE(rehearsal->workers().reaches_catalog(wrk2)) << "services that run go on";
  EXPECT_FALSE(rehearsal->workers().start_service(wrk1, 0));
  rehearsal->configuration().set_password_expired(Account::worker, false, 0);
  EXPECT_TRUE(rehearsal->workers().start_service(wrk1, 0));
}

TEST(Passwords, do_not_exist_for_virtual_accounts) {
  model::Design design = quiet();
  design.scale_out.master.account = "NT Service\\SSISScaleOutMaster150";
  for (model::WorkerPool& pool : design.scale_out.workers) pool.account.clear();
  Rehearsal rehearsal(design);
  rehearsal->configuration().set_password_expired(Account::master, true, 0);
  rehearsal->configuration().set_password_expired(Account::worker, true, 0);
  EXPECT_TRUE(rehearsal->configuration().master_logs_on());
  EXPECT_TRUE(rehearsal->configuration().worker_logs_on(wrk1));
}

TEST(StartType, automatic_on_the_passive_node_makes_two_masters_after_its_reboot) {
  // Outside the cluster, and nothing in SSISDB tells them apart (S 1.7).
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 10min);
  rehearsal->masters().set_start_type(sql2, true, 0);
  go_to(rehearsal, 20min);
  EXPECT_EQ(rehearsal->state().hosts[sql2].master, Process::stopped) << "a start type starts nothing by itself";
  rehearsal->membership().lose_power(sql2, 0);
  rehearsal->membership().boot(sql2, 0);
  go_to(rehearsal, 40min);
  EXPECT_TRUE(rehearsal->masters().serving(sql1));
  EXPECT_EQ(rehearsal->state().hosts[sql2].master, Process::running);
}

TEST(Admins, who_are_no_longer_so_keep_their_connection_and_get_no_other) {
  // S 5 no. 12: membership in ssis_admin is asked for at the login.
  Rehearsal rehearsal(quiet());
  const TextIndex account = rehearsal->state().hosts[sql1].master_account;
  go_to(rehearsal, 10min);
  ASSERT_TRUE(rehearsal->configuration().is_admin(account));
  rehearsal->configuration().set_admin(account, false, 0);
  go_to(rehearsal, 20min);
  EXPECT_TRUE(rehearsal->masters().serving(sql1));
  ASSERT_TRUE(rehearsal->masters().crash(sql1, 0));
  go_to(rehearsal, 30min);
  const Record* refused = rehearsal.find(RecordKind::master_cannot_connect, at(20min), host_id(sql1));
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(static_cast<ConnectFailure>(refused->value), ConnectFailure::login_refused);
  EXPECT_EQ(master_resource(rehearsal).status, ResourceStatus::online);
  rehearsal->configuration().set_admin(account, true, 0);
  go_to(rehearsal, 30min + 31s);
  EXPECT_TRUE(rehearsal->masters().serving(sql1));
}

TEST(StaleNames, give_the_address_of_before_until_name_servers_replicate_again) {
  model::Design design = stretched({1, 1}, model::Witness::Kind::cloud);
  design.fci.register_all_ips = false;
  Rehearsal rehearsal(design);
  go_to(rehearsal, 10min);
  const std::vector<std::uint64_t> before = rehearsal->state().name_records;
  rehearsal->names().set_replication_stopped(0, true, 0);
  ASSERT_TRUE(rehearsal->roles().move(0, 1, 0));
  go_to(rehearsal, 3h);
  EXPECT_EQ(rehearsal.count(RecordKind::name_registered), 1U) << "the registration is accepted";
  EXPECT_EQ(rehearsal->state().name_records, before);
  EXPECT_FALSE(rehearsal->workers().connected(wrk1));
  rehearsal->names().set_replication_stopped(0, false, 0);
  EXPECT_EQ(rehearsal->state().name_records, before) << "it takes its time";
  go_to(rehearsal, 4h);
  EXPECT_NE(rehearsal->state().name_records, before);
  EXPECT_TRUE(rehearsal->workers().connected(wrk1));
}

TEST(StaleNames, that_have_missed_nothing_replicate_nothing) {
  Rehearsal rehearsal(quiet());
  rehearsal->names().set_replication_stopped(0, true, 0);
  rehearsal->names().set_replication_stopped(0, false, 0);
  go_to(rehearsal, 1h);
  EXPECT_EQ(rehearsal.count(RecordKind::name_replicated), 0U);
}

}  // namespace
}  // namespace rehearse::world
