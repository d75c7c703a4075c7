// Stories about the Scale Out Master: what it needs to serve, and what the cluster sees of it.
#include "sim/world/masters.hpp"

#include <gtest/gtest.h>

#include "rehearsal.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"

namespace rehearse::world {
namespace {

constexpr HostIndex sql1 = 0, sql2 = 1;

model::Design quiet(const std::string& name = "reference") {
  model::Design design = shipped_design(name);
  design.batches.clear();
  return design;
}

model::Design with_sql_server_name(const std::string& name) {
  model::Design design = quiet();
  design.scale_out.master.settings.sql_server_name = name;
  for (auto& [node, settings] : design.scale_out.master.settings_by_node) settings.sql_server_name = name;
  return design;
}

void go_to(Rehearsal& rehearsal, Duration when) {
  rehearsal->run_until(at(when) - Duration(1));
  rehearsal->engine().advance_to(at(when));
}

TEST(Masters, started_against_a_recovering_database_tries_every_30_seconds) {
  // After a crash in the joint placement the service is up in 3 s, SSISDB in 10 s. The first connection fails, the
  // service stays RUNNING and Online, and the next try comes 30 s later (behaviour.md 6).
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->sql().crash(0));
  rehearsal->run_until(at(45min));
  const Record* started = rehearsal.find(RecordKind::master_started, at(40min));
  const Record* refused = rehearsal.find(RecordKind::master_cannot_connect, at(40min));
  const Record* open = rehearsal.find(RecordKind::ssisdb_open, at(40min));
  const Record* connected = rehearsal.find(RecordKind::master_connected, at(40min));
  ASSERT_TRUE(started && refused && open && connected);
  EXPECT_EQ(static_cast<ConnectFailure>(refused->value), ConnectFailure::ssisdb_closed);
  EXPECT_EQ(refused->at, started->at);
  EXPECT_GT(open->at, refused->at);
  EXPECT_EQ(connected->at, refused->at + 30s);
  EXPECT_EQ(rehearsal.find(RecordKind::resource_failed, started->at), nullptr);
}

TEST(Masters, tries_on_in_the_same_beat_however_long_the_recovery_takes) {
  model::Design design = quiet();
  design.fci.ssisdb_recovery = model::Distribution::constant(5min);
  Rehearsal rehearsal(design);
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->sql().crash(0));
  rehearsal->run_until(at(50min));
  const Record* refused = rehearsal.find(RecordKind::master_cannot_connect, at(40min));
  const Record* open = rehearsal.find(RecordKind::ssisdb_open, at(40min));
  const Record* connected = rehearsal.find(RecordKind::master_connected, at(40min));
  ASSERT_TRUE(refused && open && connected);
  EXPECT_EQ((connected->at - refused->at) % 30s, Duration::zero());
  EXPECT_GE(connected->at, open->at);
  EXPECT_LT(connected->at, open->at + 30s);
}

TEST(Masters, that_exits_without_ssisdb_takes_sql_server_along_in_the_joint_placement) {
  // The other reading of the unknown switch: the service gives up, and for the cluster that is a failure like any other
  // (behaviour.md 6). The second exit within 15 min moves the whole role.
  model::Design design = quiet();
  design.fci.ssisdb_recovery = model::Distribution::constant(5min);
  design.parameters.set(model::Switch::master_exits_without_ssisdb, true, model::Origin::given, "test");
  Rehearsal rehearsal(design);
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->sql().crash(0));
  rehearsal->run_until(at(60min));
  const Record* moved = rehearsal.find(RecordKind::move_started, at(40min), group_id(0));
  ASSERT_NE(moved, nullptr);
  EXPECT_EQ(rehearsal->state().groups[0].owner, sql2);
}

TEST(Masters, whose_sql_server_name_is_a_node_works_on_that_node_only) {
  // Setup's own default. Nothing shows until the role moves (behaviour.md 6, S 2 lint ideas).
  Rehearsal rehearsal(with_sql_server_name("SQL1"));
  rehearsal->run_until(at(30min));
  EXPECT_TRUE(rehearsal->masters().serving(sql1));
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->roles().move(0, sql2, 0));
  rehearsal->run_until(at(60min));
  EXPECT_TRUE(rehearsal->roles().fully_online(0)) << "the cluster sees nothing";
  EXPECT_TRUE(rehearsal->sql().open());
  EXPECT_FALSE(rehearsal->masters().serving(sql2));
  EXPECT_EQ(rehearsal->masters().connect_failure(sql2), ConnectFailure::sql_away);
  go_to(rehearsal, 70min);
  ASSERT_TRUE(rehearsal->roles().move(0, sql1, 0));
  rehearsal->run_until(at(75min));
  EXPECT_TRUE(rehearsal->masters().serving(sql1));
}

TEST(Masters, whose_sql_server_name_has_two_slashes_never_connect) {
  // The article prints "[network name]//[instance]"; it reads, and leads nowhere (W 11, 1; assumed).
  Rehearsal rehearsal(with_sql_server_name("SQLFCI//MSSQLSERVER"));
  rehearsal->run_until(at(1h));
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
  EXPECT_EQ(rehearsal->state().hosts[sql1].master, Process::running);
  EXPECT_EQ(rehearsal->masters().connect_failure(sql1), ConnectFailure::name_wrong);
  EXPECT_EQ(rehearsal->masters().last_online(), core::never) << "LAST_ONLINE_TIME was never stamped";
}

TEST(Masters, with_a_virtual_account_are_refused_once_ssisdb_is_on_the_other_node) {
  // NT Service\... is a local account (S 4.3; S 5 row 12). A master that already runs loses its connection with the
  // move and does not get a new one; back on one node, the next try succeeds.
  model::Design design = quiet("separate");
  design.scale_out.master.account = "NT Service\\SSISScaleOutMaster150";
  Rehearsal rehearsal(design);
  rehearsal->run_until(at(30min));
  EXPECT_TRUE(rehearsal->masters().serving(sql1));
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->roles().move(0, sql2, 0));
  rehearsal->run_until(at(50min));
  EXPECT_TRUE(rehearsal->sql().open());
  EXPECT_EQ(rehearsal->masters().connect_failure(sql1), ConnectFailure::login_refused);
  EXPECT_FALSE(rehearsal->masters().serving(sql1));
  go_to(rehearsal, 55min);
  ASSERT_TRUE(rehearsal->roles().move(1, sql2, 0));
  rehearsal->run_until(at(60min));
  EXPECT_TRUE(rehearsal->masters().serving(sql2));
}

TEST(Masters, with_a_domain_account_reach_ssisdb_across_nodes) {
  Rehearsal rehearsal(quiet("separate"));
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->roles().move(0, sql2, 0));
  rehearsal->run_until(at(45min));
  EXPECT_TRUE(rehearsal->sql().open());
  EXPECT_EQ(rehearsal->state().groups[1].owner, sql1);
  EXPECT_TRUE(rehearsal->masters().serving(sql1));
}

TEST(Masters, stamp_last_online_time_every_30_seconds_while_they_serve) {
  // MasterHeartbeatIntervalInMs (S 1.2): a reader finds a stamp of the last 30 s, at every instant and every phase.
  for (const std::uint64_t seed : {1, 2, 3}) {
    Rehearsal rehearsal(quiet(), {.key = {seed, 0}});
    Time newest{};
    for (Duration when = 5min; when < 15min; when += 1700ms) {
      rehearsal->run_until(at(when));
      const Time stamp = rehearsal->masters().last_online();
      EXPECT_LE(stamp, at(when));
      EXPECT_GE(stamp, at(when) - 30s);
      EXPECT_TRUE(newest == Time{} || (stamp - newest) % 30s == Duration::zero());
      newest = stamp;
    }
  }
}

TEST(Masters, that_hang_stop_stamping_and_stay_online) {
  // The service control manager sees a running process; only the age of LAST_ONLINE_TIME tells (S 4.4).
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->masters().hang(sql1, 0));
  rehearsal->run_until(at(2h));
  EXPECT_LE(rehearsal->masters().last_online(), at(40min));
  EXPECT_GE(rehearsal->masters().last_online(), at(40min) - 30s);
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
  EXPECT_FALSE(rehearsal->masters().serving(sql1));
}

TEST(Masters, stopped_by_the_service_control_manager_are_restarted_by_the_cluster) {
  // A stopped service is a failed resource, whoever stopped it (W 5).
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->masters().stop(sql1, 0));
  rehearsal->run_until(at(42min));
  EXPECT_EQ(rehearsal.count(RecordKind::resource_failed), 1U);
  EXPECT_TRUE(rehearsal->masters().serving(sql1));
}

TEST(Masters, that_start_with_their_machine_run_twice) {
  // Start type Automatic on the node that comes back: two masters, one of them outside the cluster (S 1.7).
  for (const bool automatic : {true, false}) {
    Rehearsal rehearsal(quiet());
    go_to(rehearsal, 40min);
    rehearsal->masters().set_start_type(sql2, automatic, 0);
    rehearsal->membership().lose_power(sql2, 0);
    go_to(rehearsal, 50min);
    rehearsal->membership().boot(sql2, 0);
    rehearsal->run_until(at(70min));
    EXPECT_TRUE(rehearsal->masters().serving(sql1));
    EXPECT_EQ(rehearsal->masters().serving(sql2), automatic);
  }
}

}  // namespace
}  // namespace rehearse::world
