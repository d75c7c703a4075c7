// Stories about SSISDB in an availability group: who takes over, who may not, the lease, the sessions, and what a
// failover leaves to do (W 10; S 1.7, 4.2, 4.3).
#include "sim/world/replicas.hpp"

#include <gtest/gtest.h>

#include "rehearsal.hpp"
#include "sim/world/installation.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"

namespace rehearse::world {
namespace {

using model::CommitMode;
using model::FailoverMode;
using model::ReplicaRole;

constexpr HostIndex sql1 = 0, sql2 = 1, sql3 = 2;

model::Design design() {
  return shipped_design("../scale_out/designs/availability_group");
}

model::Design quiet() {
  model::Design made = design();
  made.batches.clear();
  return made;
}

model::AvailabilityGroup::Replica& replica(model::Design& design, std::size_t index) {
  return design.fci.availability_group->replicas.at(index);
}

void go_to(Rehearsal& rehearsal, Duration when) {
  rehearsal->run_until(at(when) - Duration(1));
  rehearsal->engine().advance_to(at(when));
}

ReplicaRole role(Rehearsal& rehearsal, HostIndex node) {
  return rehearsal->state().replicas[node].role;
}

bool synchronized(Rehearsal& rehearsal, HostIndex node) {
  return (rehearsal->state().availability.synchronized & bit(node)) != 0;
}

HostIndex owner(Rehearsal& rehearsal) {
  return rehearsal->state().groups[rehearsal.plan().sql_group].owner;
}

ResourceStatus status(Rehearsal& rehearsal) {
  return rehearsal->state().resources[rehearsal.plan().sql_resource].status;
}

TEST(Replicas, of_synchronous_commit_are_synchronized_and_the_other_is_not) {
  Rehearsal rehearsal(quiet());
  EXPECT_EQ(role(rehearsal, sql1), ReplicaRole::primary);
  EXPECT_EQ(role(rehearsal, sql2), ReplicaRole::secondary);
  EXPECT_EQ(role(rehearsal, sql3), ReplicaRole::secondary);
  EXPECT_EQ(rehearsal->state().availability.synchronized, bit(sql1) | bit(sql2));
  EXPECT_TRUE(rehearsal->sql().open());
  EXPECT_TRUE(rehearsal->masters().serving(sql3)) << "the master's own role prefers SQL3";
}

TEST(Replicas, have_resources_in_the_order_address_listener_group_and_no_agent_in_the_cluster) {
  Rehearsal rehearsal(quiet());
  const Blueprint& plan = rehearsal.plan();
  EXPECT_EQ(plan.groups[plan.sql_group].name, "SSISAG");
  EXPECT_EQ(plan.groups[plan.sql_group].count, 3U);
  EXPECT_EQ(plan.resources[plan.sql_resource].kind, ResourceKind::availability_group);
  EXPECT_EQ(plan.agent_resource, none);
  go_to(rehearsal, 10min);
  ASSERT_TRUE(rehearsal->roles().move(plan.sql_group, sql2, 0));
  rehearsal->run_until(at(12min));
  const auto when = [&](std::string_view name) {
    return rehearsal.find(RecordKind::resource_online, at(10min), resource_id(plan.find_resource(name)))->at;
  };
  EXPECT_LT(when("SSISAG_10.0.0.55"), when("SSISAG_SSISLSN"));
  EXPECT_LT(when("SSISAG_SSISLSN"), when("SSISAG"));
}

TEST(Replicas, move_by_an_operator_through_the_documented_states) {
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->roles().move(0, sql2, 0));
  rehearsal->run_until(at(45min));
  std::vector<std::pair<HostIndex, ReplicaRole>> roles;
  for (const Record& record : rehearsal.journal().records) {
    if (record.at < at(40min) || record.kind != RecordKind::replica_role_changed) continue;
    if (record.subject.index() != sql3)
      roles.emplace_back(record.subject.index(), static_cast<ReplicaRole>(record.value));
  }
  const std::vector<std::pair<HostIndex, ReplicaRole>> expected = {{sql1, ReplicaRole::resolving},
                                                                   {sql2, ReplicaRole::resolving},
                                                                   {sql2, ReplicaRole::primary_pending},
                                                                   {sql2, ReplicaRole::primary},
                                                                   {sql1, ReplicaRole::secondary}};
  EXPECT_EQ(roles, expected);
  EXPECT_TRUE(rehearsal->sql().open());
  EXPECT_EQ(rehearsal->state().instance.node, sql2);
  EXPECT_TRUE(synchronized(rehearsal, sql1)) << "the former primary follows";
  const Record* again = rehearsal.find(RecordKind::replica_synchronized, at(40min), host_id(sql1));
  const Record* primary =
      rehearsal.find(RecordKind::resource_online, at(40min), resource_id(rehearsal.plan().sql_resource));
  ASSERT_TRUE(again && primary);
  EXPECT_LT(again->at, primary->at + 3s) << "it lacks nothing but the session";
  EXPECT_EQ(rehearsal->state().replicas[sql1].sql, Process::running) << "its SQL Server lives on";
}

TEST(Replicas, are_not_moved_to_where_something_would_be_lost) {
  Rehearsal rehearsal(quiet());
  EXPECT_FALSE(rehearsal->roles().move(0, sql3, 0)) << "asynchronous commit";
  rehearsal->membership().lose_power(sql2, 0);
  rehearsal->run_until(at(10min));
  rehearsal->membership().boot(sql2, 0);
  while (!rehearsal->membership().is_active(sql2)) rehearsal->step(core::never);
  EXPECT_FALSE(rehearsal->roles().move(0, sql2, 0)) << "it has come back, but not caught up yet";
  rehearsal->run_until(at(20min));
  EXPECT_TRUE(rehearsal->roles().move(0, sql2, 0));
}

TEST(Replicas, take_over_when_the_primary_loses_power) {
  // Found by heartbeats, then address, listener and group come online: no instance has to start first.
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  rehearsal->membership().lose_power(sql1, 0);
  rehearsal->run_until(at(42min));
  EXPECT_EQ(owner(rehearsal), sql2);
  EXPECT_EQ(role(rehearsal, sql2), ReplicaRole::primary);
  EXPECT_TRUE(rehearsal->sql().open());
  EXPECT_LT(rehearsal.find(RecordKind::ssisdb_open, at(40min))->at, at(41min));
  EXPECT_EQ(rehearsal.count(RecordKind::replica_starting), 0U);
}

TEST(Replicas, come_back_as_secondaries_and_catch_up) {
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  rehearsal->membership().lose_power(sql1, 0);
  go_to(rehearsal, 50min);
  rehearsal->membership().boot(sql1, 0);
  rehearsal->run_until(at(60min));
  EXPECT_EQ(owner(rehearsal), sql2) << "no failback";
  EXPECT_EQ(role(rehearsal, sql1), ReplicaRole::secondary);
  EXPECT_TRUE(synchronized(rehearsal, sql1));
  const Record* session = rehearsal.find(RecordKind::replica_session, at(50min), host_id(sql1));
  const Record* caught_up = rehearsal.find(RecordKind::replica_synchronized, at(50min), host_id(sql1));
  ASSERT_TRUE(session && caught_up);
  const auto length = [&](model::Timing timing) { return rehearsal.plan().sampler(timing).median(); };
  EXPECT_EQ(caught_up->at,
            session->at + length(model::Timing::replica_connecting) + length(model::Timing::replica_synchronizing));
}

TEST(Replicas, that_are_not_synchronized_leave_the_group_down_until_the_former_primary_is_back) {
  Rehearsal rehearsal(quiet());
  rehearsal->membership().lose_power(sql2, 0);
  go_to(rehearsal, 40min);
  EXPECT_FALSE(synchronized(rehearsal, sql2));
  rehearsal->membership().boot(sql2, 0);
  while (!rehearsal->membership().is_active(sql2)) rehearsal->step(core::never);
  rehearsal->membership().lose_power(sql1, 0);  // before SQL2 has caught up
  const Time lost = rehearsal->now();
  rehearsal->run_until(lost + 20min);
  EXPECT_NE(role(rehearsal, sql2), ReplicaRole::primary);
  EXPECT_FALSE(rehearsal->sql().open());
  rehearsal->membership().boot(sql1, 0);
  rehearsal->run_until(lost + 30min);
  EXPECT_EQ(role(rehearsal, sql1), ReplicaRole::primary);
  EXPECT_TRUE(rehearsal->sql().open());
  EXPECT_TRUE(synchronized(rehearsal, sql2));
}

TEST(Replicas, of_asynchronous_commit_never_take_over_by_themselves) {
  Rehearsal rehearsal(quiet());
  rehearsal->membership().lose_power(sql2, 0);
  go_to(rehearsal, 40min);
  rehearsal->membership().lose_power(sql1, 0);
  rehearsal->run_until(at(60min));
  EXPECT_EQ(role(rehearsal, sql3), ReplicaRole::resolving);
  EXPECT_FALSE(rehearsal->sql().open());
}

TEST(Replicas, of_manual_failover_wait_for_an_operator) {
  model::Design made = quiet();
  replica(made, 1).failover = FailoverMode::manual;
  Rehearsal rehearsal(made);
  go_to(rehearsal, 40min);
  rehearsal->membership().lose_power(sql1, 0);
  rehearsal->run_until(at(50min));
  EXPECT_FALSE(rehearsal->sql().open());
  // Nothing is lost: SQL2 was SYNCHRONIZED when the primary went.
  EXPECT_TRUE(rehearsal->roles().move(0, sql2, 0));
  rehearsal->run_until(at(52min));
  EXPECT_EQ(role(rehearsal, sql2), ReplicaRole::primary);
  EXPECT_TRUE(rehearsal->sql().open());
}

TEST(Replicas, can_be_forced_with_loss_of_data) {
  Rehearsal rehearsal(quiet());
  rehearsal->membership().lose_power(sql2, 0);
  go_to(rehearsal, 40min);
  rehearsal->membership().lose_power(sql1, 0);
  go_to(rehearsal, 50min);
  // Two of three nodes one after the other are survived with a witness: SQL3 has the quorum (W 2.2).
  ASSERT_TRUE(rehearsal->membership().is_active(sql3));
  ASSERT_TRUE(rehearsal->replicas().force_failover(sql3, 0));
  rehearsal->run_until(at(52min));
  EXPECT_EQ(role(rehearsal, sql3), ReplicaRole::primary);
  EXPECT_TRUE(rehearsal->sql().open());
  const Record* forced = rehearsal.find(RecordKind::failover_forced, at(50min), host_id(sql3));
  ASSERT_NE(forced, nullptr);
  EXPECT_EQ(forced->object, 0U) << "data is lost";
  EXPECT_LT(Time(Duration(forced->value)), at(0min)) << "an asynchronous replica has been behind all the time";
  // The data movement of the others stands until an operator resumes it.
  rehearsal->membership().boot(sql1, 0);
  rehearsal->run_until(at(65min));
  EXPECT_EQ(role(rehearsal, sql1), ReplicaRole::secondary);
  EXPECT_TRUE(rehearsal->replicas().resume_data_movement(sql1, 0));
  EXPECT_FALSE(rehearsal->replicas().resume_data_movement(sql1, 0)) << "it moves already";
  rehearsal->run_until(at(70min));
  EXPECT_FALSE(synchronized(rehearsal, sql1)) << "the primary now commits asynchronously";
}

TEST(Replicas, whose_data_movement_stands_do_not_catch_up) {
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->replicas().force_failover(sql2, 0));
  rehearsal->run_until(at(50min));
  EXPECT_EQ(role(rehearsal, sql2), ReplicaRole::primary);
  EXPECT_FALSE(synchronized(rehearsal, sql1));
  ASSERT_TRUE(rehearsal->replicas().resume_data_movement(sql1, 0));
  rehearsal->run_until(at(55min));
  EXPECT_TRUE(synchronized(rehearsal, sql1));
}

TEST(Replicas, whose_process_crashes_are_found_at_once) {
  // The DLL holds the other end of the lease: no poll is waited for (W 3.2, 4). The restart in place finds no SQL
  // Server, so the group goes to the other node.
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->sql().crash(0));
  rehearsal->run_until(at(45min));
  const PartId group = resource_id(rehearsal.plan().sql_resource);
  const Record* failed = rehearsal.find(RecordKind::resource_failed, at(40min), group);
  ASSERT_NE(failed, nullptr);
  EXPECT_EQ(failed->at, at(40min));
  EXPECT_EQ(static_cast<FailureReason>(failed->value), FailureReason::process_gone);
  EXPECT_EQ(owner(rehearsal), sql2);
  EXPECT_TRUE(rehearsal->sql().open());
  EXPECT_EQ(role(rehearsal, sql1), ReplicaRole::secondary) << "its Agent has started the instance again";
}

TEST(Replicas, lose_the_lease_when_the_primary_hangs) {
  // Renewed every 10 s, it runs out 10 to 20 s after the hang: long before HealthCheckTimeout, 30 s (W 10).
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->sql().hang(0));
  rehearsal->run_until(at(45min));
  const Record* expired = rehearsal.find(RecordKind::primary_lease_expired, at(40min), host_id(sql1));
  ASSERT_NE(expired, nullptr);
  EXPECT_GE(expired->at, at(40min + 10s));
  EXPECT_LE(expired->at, at(40min + 20s));
  const Record* failed = rehearsal.find(RecordKind::resource_failed, at(40min));
  ASSERT_NE(failed, nullptr);
  EXPECT_EQ(failed->at, expired->at);
  EXPECT_EQ(static_cast<FailureReason>(failed->value), FailureReason::lease_expired);
  // The restart in place tries to log in for 50 s (W 9 A12), then the role moves.
  const Record* again = rehearsal.find(RecordKind::resource_failed, failed->at + Duration(1));
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(again->at, failed->at + 500ms + 50s);
  EXPECT_EQ(static_cast<FailureReason>(again->value), FailureReason::start_failed);
  EXPECT_EQ(owner(rehearsal), sql2);
  EXPECT_TRUE(rehearsal->sql().open());
  ASSERT_TRUE(rehearsal->sql().recover_from_hang(0));
  rehearsal->run_until(at(47min));
  EXPECT_EQ(role(rehearsal, sql1), ReplicaRole::secondary);
}

TEST(Replicas, keep_the_lease_when_the_hang_is_short) {
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->sql().hang(0));
  rehearsal->run_until(at(40min + 9s));
  ASSERT_TRUE(rehearsal->sql().recover_from_hang(0));
  rehearsal->run_until(at(45min));
  EXPECT_EQ(rehearsal.count(RecordKind::primary_lease_expired), 0U);
  EXPECT_EQ(role(rehearsal, sql1), ReplicaRole::primary);
  EXPECT_TRUE(rehearsal->sql().open());
}

TEST(Replicas, are_found_by_the_health_check_where_the_lease_is_long) {
  model::Design made = quiet();
  made.parameters.set(model::Setting::lease_timeout, Duration(10min).count(), model::Origin::given, "test");
  made.parameters.set(model::Switch::health_judged_by_looks_alive, true, model::Origin::given, "test");
  Rehearsal rehearsal(made);
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->sql().hang(0));
  rehearsal->run_until(at(42min));
  EXPECT_EQ(rehearsal.count(RecordKind::primary_lease_expired), 0U);
  const Record* failed = rehearsal.find(RecordKind::resource_failed, at(40min));
  ASSERT_NE(failed, nullptr);
  EXPECT_GE(failed->at, at(40min + 20s));  // the last result was at most 10 s old
  EXPECT_LE(failed->at, at(40min + 35s));  // HealthCheckTimeout and a LooksAlive
}

TEST(Replicas, on_a_machine_that_stands_still_longer_than_the_lease_are_primary_no_more_when_it_goes_on) {
  // The heartbeats would have waited 20 s; the lease was renewed at most 10 s before the machine stood still.
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  const Time renewed = rehearsal->engine().last_beat(Event::lease_renewal, 0);
  rehearsal->membership().freeze(sql1, 0);
  rehearsal->run_until(at(40min + 19s));
  ASSERT_TRUE(rehearsal->membership().is_member(sql1));
  rehearsal->membership().thaw(sql1, 0);
  const bool expired = rehearsal->now() - renewed >= 20s;
  EXPECT_EQ(rehearsal.count(RecordKind::primary_lease_expired), expired ? 1U : 0U);
  rehearsal->run_until(at(45min));
  EXPECT_TRUE(rehearsal->sql().open());
  EXPECT_EQ(role(rehearsal, sql1), ReplicaRole::primary) << "the restart in place was enough";
}

TEST(Replicas, without_contact_are_struck_out_after_the_session_timeout) {
  // The cable for clients is pulled, the heartbeats go another way: error 35206 after 10 s, and commits wait until
  // then.
  model::Design made = quiet();
  model::Network beats = made.cluster.networks.front();
  beats.name = "Heartbeats";
  beats.subnet = "10.9.0.0/24";
  beats.role = model::NetworkRole::cluster;
  made.cluster.networks.push_back(beats);
  Rehearsal rehearsal(made);
  go_to(rehearsal, 40min);
  rehearsal->membership().set_link(sql2, false, 0, 0);
  EXPECT_TRUE(rehearsal->sql().commits_wait());
  EXPECT_TRUE(synchronized(rehearsal, sql2));
  rehearsal->run_until(at(40min + 9s));
  EXPECT_TRUE(rehearsal->sql().commits_wait());
  rehearsal->run_until(at(40min + 10s));
  EXPECT_FALSE(rehearsal->sql().commits_wait());
  EXPECT_FALSE(synchronized(rehearsal, sql2));
  const Record* over = rehearsal.find(RecordKind::replica_session, at(40min), host_id(sql2));
  ASSERT_NE(over, nullptr);
  EXPECT_EQ(over->at, at(40min + 10s));
  EXPECT_EQ(over->value, 0);
  go_to(rehearsal, 45min);
  rehearsal->membership().set_link(sql2, true, 0, 0);
  rehearsal->run_until(at(46min));
  EXPECT_TRUE(synchronized(rehearsal, sql2));
  EXPECT_TRUE(rehearsal->sql().open()) << "SSISDB never went away";
}

TEST(Replicas, are_not_struck_out_by_a_primary_that_is_cut_off) {
  // SESSION_TIMEOUT (10 s) is over before the heartbeats (20 s): but the cluster database takes no update while members
  // do not answer, so the side with quorum may fail over, and the commits of the other wait to the end.
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  rehearsal->membership().set_side(sql1, 1, 0);
  rehearsal->run_until(at(40min + 15s));
  EXPECT_TRUE(synchronized(rehearsal, sql2));
  EXPECT_TRUE(rehearsal->sql().commits_wait());
  rehearsal->run_until(at(45min));
  EXPECT_EQ(role(rehearsal, sql2), ReplicaRole::primary);
  EXPECT_EQ(role(rehearsal, sql1), ReplicaRole::resolving);
  EXPECT_TRUE(rehearsal->sql().open());
  EXPECT_EQ(rehearsal->state().instance.node, sql2);
}

TEST(Replicas, that_are_lost_are_struck_out_when_the_cluster_has_removed_them) {
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  rehearsal->membership().lose_power(sql2, 0);
  rehearsal->run_until(at(42min));
  const Record* removed = rehearsal.find(RecordKind::node_removed, at(40min), host_id(sql2));
  const Record* behind = rehearsal.find(RecordKind::replica_synchronized, at(40min), host_id(sql2));
  ASSERT_TRUE(removed && behind);
  EXPECT_EQ(behind->at, removed->at);
  EXPECT_EQ(behind->value, 0);
  EXPECT_FALSE(rehearsal->sql().commits_wait());
}

TEST(Replicas, leave_unfinished_executions_to_the_failover_monitor_job) {
  // It runs every 2 minutes on the primary, so stamps come up to 2 minutes after SSISDB has opened (S 1.7).
  Rehearsal rehearsal(design());
  go_to(rehearsal, 33min);
  rehearsal->membership().lose_power(sql1, 0);
  rehearsal->run_until(at(40min));
  const Record* open = rehearsal.find(RecordKind::ssisdb_open, at(33min));
  const Record* ran = rehearsal.find(RecordKind::failover_monitor_ran, at(33min), host_id(sql2));
  const Record* stamped = rehearsal.find(RecordKind::execution_stamped, at(33min));
  ASSERT_TRUE(open && ran && stamped);
  EXPECT_GE(ran->at, open->at);
  EXPECT_LE(ran->at, open->at + 2min);
  EXPECT_EQ(stamped->at, ran->at);
  EXPECT_EQ(rehearsal.count(RecordKind::failover_monitor_ran), 1U) << "once a failover";
}

TEST(Replicas, stamp_nothing_without_the_failover_monitor_job) {
  model::Design made = design();
  made.fci.availability_group->failover_monitor_job = false;
  Rehearsal rehearsal(made);
  go_to(rehearsal, 33min);
  rehearsal->membership().lose_power(sql1, 0);
  rehearsal->run_until(at(50min));
  EXPECT_TRUE(rehearsal->sql().open());
  EXPECT_EQ(rehearsal.count(RecordKind::execution_stamped), 0U);
}

TEST(Replicas, stamp_nothing_when_the_group_restarts_on_the_same_node) {
  Rehearsal rehearsal(design());
  go_to(rehearsal, 33min);
  ASSERT_TRUE(rehearsal->roles().test_failure(rehearsal.plan().sql_resource, 0));
  rehearsal->run_until(at(40min));
  EXPECT_TRUE(rehearsal->sql().open());
  EXPECT_EQ(rehearsal->state().instance.node, sql1);
  EXPECT_EQ(rehearsal.count(RecordKind::execution_stamped), 0U);
}

TEST(Replicas, without_the_log_login_lose_the_workers_messages) {
  model::Design made = quiet();
  replica(made, 1).log_login = false;
  Rehearsal rehearsal(made);
  EXPECT_TRUE(rehearsal->sql().log_login_works());
  ASSERT_TRUE(rehearsal->roles().move(0, sql2, 0));
  rehearsal->run_until(at(5min));
  EXPECT_TRUE(rehearsal->sql().open());
  EXPECT_FALSE(rehearsal->sql().log_login_works());
  rehearsal->replicas().set_log_login(sql2, true, 0);
  EXPECT_TRUE(rehearsal->sql().log_login_works());
}

TEST(Replicas, have_another_log_login_than_the_primary_when_scale_out_is_enabled_again) {
  // enable_scaleout drops and makes the login anew, with another SID (S 4.3).
  Rehearsal rehearsal(quiet());
  Installation(*rehearsal).enable_scale_out(0);
  EXPECT_TRUE(rehearsal->sql().log_login_works());
  ASSERT_TRUE(rehearsal->roles().move(0, sql2, 0));
  rehearsal->run_until(at(5min));
  EXPECT_FALSE(rehearsal->sql().log_login_works());
}

TEST(Replicas, without_the_master_key_serve_no_master) {
  // Error 15581 (S 5, 22): SSISDB is open, and nobody can use its catalog.
  model::Design made = quiet();
  replica(made, 1).master_key = false;
  Rehearsal rehearsal(made);
  ASSERT_TRUE(rehearsal->roles().move(0, sql2, 0));
  rehearsal->run_until(at(5min));
  EXPECT_TRUE(rehearsal->sql().open());
  EXPECT_EQ(rehearsal->masters().connect_failure(sql3), ConnectFailure::master_key_closed);
  EXPECT_FALSE(rehearsal->masters().serving(sql3));
  rehearsal->replicas().set_master_key(sql2, true, 0);
  rehearsal->masters().review(0);
  rehearsal->run_until(at(7min));
  EXPECT_TRUE(rehearsal->masters().serving(sql3));
}

TEST(Replicas, are_reached_by_masters_at_the_listeners_own_port_only) {
  model::Design made = quiet();
  made.fci.availability_group->port = 1533;
  Rehearsal rehearsal(made);
  EXPECT_TRUE(rehearsal->masters().serving(sql3)) << "SqlServerName is SSISLSN,1533";
  made.scale_out.master.settings.sql_server_name = "SSISLSN";
  Rehearsal wrong(made);
  EXPECT_EQ(wrong->masters().connect_failure(sql3), ConnectFailure::sql_away);
}

TEST(Replicas, on_a_node_that_is_drained_hand_over_without_loss) {
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->membership().pause(sql1, true, 0));
  rehearsal->run_until(at(45min));
  EXPECT_EQ(owner(rehearsal), sql2);
  EXPECT_EQ(role(rehearsal, sql2), ReplicaRole::primary);
  EXPECT_TRUE(synchronized(rehearsal, sql1)) << "a paused node's replica goes on";
}

TEST(Replicas, survive_a_cold_start_with_the_last_primary_or_whoever_was_synchronized) {
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  for (const HostIndex node : {sql1, sql2, sql3}) rehearsal->membership().lose_power(node, 0);
  go_to(rehearsal, 45min);
  for (const HostIndex node : {sql2, sql3}) rehearsal->membership().boot(node, 0);
  rehearsal->run_until(at(60min));
  EXPECT_EQ(role(rehearsal, sql2), ReplicaRole::primary);
  EXPECT_TRUE(rehearsal->sql().open());
}

TEST(Replicas, whose_cluster_service_crashes_resolve_at_once) {
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->membership().crash_cluster_service(sql1, 0));
  EXPECT_EQ(role(rehearsal, sql1), ReplicaRole::resolving);
  EXPECT_EQ(rehearsal->state().replicas[sql1].sql, Process::running) << "the instance is none of the cluster's";
  rehearsal->run_until(at(45min));
  EXPECT_EQ(role(rehearsal, sql2), ReplicaRole::primary);
  EXPECT_EQ(role(rehearsal, sql1), ReplicaRole::secondary);
  EXPECT_EQ(status(rehearsal), ResourceStatus::online);
}

}  // namespace
}  // namespace rehearse::world
