// Stories about roles and resources: who restarts where, in which order, and what stays down.
#include "sim/world/roles.hpp"

#include <gtest/gtest.h>

#include "rehearsal.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/sql_server.hpp"

namespace rehearse::world {
namespace {

constexpr HostIndex sql1 = 0, sql2 = 1;

model::Design quiet(const std::string& name = "reference") {
  model::Design design = shipped_design(name);
  design.batches.clear();
  return design;
}

void go_to(Rehearsal& rehearsal, Duration when) {
  rehearsal->run_until(at(when) - Duration(1));
  rehearsal->engine().advance_to(at(when));
}

void crash_sql(Rehearsal& rehearsal, Duration when) {
  go_to(rehearsal, when);
  ASSERT_TRUE(rehearsal->sql().crash(0)) << "there was no SQL Server to crash";
}

ResourceStatus status(Rehearsal& rehearsal, ResourceIndex resource) {
  return rehearsal->state().resources[resource].status;
}

TEST(Roles, a_first_failure_restarts_in_place) {
  // RestartThreshold 1: found by a LooksAlive within 5 s, restarted on the same node half a second later (W 3.3, A19).
  Rehearsal rehearsal(quiet());
  crash_sql(rehearsal, 40min);
  rehearsal->run_until(at(50min));
  const PartId sql = resource_id(rehearsal.plan().sql_resource);
  const Record* failed = rehearsal.find(RecordKind::resource_failed, at(40min), sql);
  const Record* again = rehearsal.find(RecordKind::resource_online_pending, at(40min), sql);
  ASSERT_TRUE(failed && again);
  EXPECT_LE(failed->at, at(40min + 5s));
  EXPECT_EQ(again->at, failed->at + 500ms);
  EXPECT_EQ(rehearsal->state().groups[0].owner, sql1);
  EXPECT_EQ(rehearsal.count(RecordKind::owner_changed), 0U);
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
}

TEST(Roles, a_second_failure_within_15_minutes_moves_the_role) {
  // The restart at 40:05 is still within RestartPeriod, so RestartAction 2 takes the whole role along (W 3.2, 3.3).
  Rehearsal rehearsal(quiet());
  crash_sql(rehearsal, 40min);
  crash_sql(rehearsal, 54min);
  rehearsal->run_until(at(60min));
  const Record* moved = rehearsal.find(RecordKind::move_started, at(54min));
  ASSERT_NE(moved, nullptr);
  EXPECT_EQ(static_cast<MoveCause>(moved->value), MoveCause::resource_failure);
  EXPECT_EQ(rehearsal->state().groups[0].owner, sql2);
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
}

TEST(Roles, a_second_failure_after_15_minutes_is_a_first_one_again) {
  // The window slides (W 3.3): at 55:11 the restart of 40:05 or earlier is forgotten.
  Rehearsal rehearsal(quiet());
  crash_sql(rehearsal, 40min);
  crash_sql(rehearsal, 55min + 11s);
  rehearsal->run_until(at(65min));
  EXPECT_EQ(rehearsal.count(RecordKind::restart_scheduled), 2U);
  EXPECT_EQ(rehearsal.count(RecordKind::owner_changed), 0U);
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
}

TEST(Roles, beyond_the_failover_limit_only_the_failed_resource_and_its_dependents_stay_down_for_an_hour) {
  // Two nodes allow n - 1 = 1 failover in six hours (W 4.2, 4.5). The third crash finds both limits used up: SQL
  // Server, its Agent and the master are down, disk, address and name stay, and RetryPeriodOnFailure tries again
  // (W 3.2, 7).
  Rehearsal rehearsal(quiet());
  const Blueprint& plan = rehearsal.plan();
  crash_sql(rehearsal, 40min);
  crash_sql(rehearsal, 45min);
  crash_sql(rehearsal, 50min);
  rehearsal->run_until(at(51min));
  const Record* stays = rehearsal.find(RecordKind::stays_failed, at(50min));
  ASSERT_NE(stays, nullptr);
  EXPECT_EQ(rehearsal->state().groups[0].owner, sql2);
  const Time given_up = stays->at;
  rehearsal->run_until(given_up + 60min - Duration(1));
  EXPECT_EQ(status(rehearsal, plan.sql_resource), ResourceStatus::failed);
  EXPECT_EQ(status(rehearsal, plan.agent_resource), ResourceStatus::offline);
  EXPECT_EQ(status(rehearsal, plan.master_resource), ResourceStatus::offline);
  EXPECT_EQ(status(rehearsal, plan.groups[0].addresses.front()), ResourceStatus::online);
  EXPECT_EQ(status(rehearsal, plan.groups[0].name_resource), ResourceStatus::online);
  EXPECT_EQ(status(rehearsal, plan.find_resource("Cluster Disk 1")), ResourceStatus::online);
  rehearsal->run_until(given_up + 62min);
  const Record* retried = rehearsal.find(RecordKind::resource_retried, at(50min));
  ASSERT_NE(retried, nullptr);
  EXPECT_EQ(retried->at, given_up + 60min);
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
}

TEST(Roles, an_operator_need_not_wait_for_the_retry_period) {
  Rehearsal rehearsal(quiet());
  crash_sql(rehearsal, 40min);
  crash_sql(rehearsal, 45min);
  crash_sql(rehearsal, 50min);
  go_to(rehearsal, 55min);
  rehearsal->roles().retry(rehearsal.plan().sql_resource, 0);
  rehearsal->run_until(at(57min));
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
}

TEST(Roles, a_crash_looping_master_in_the_joint_placement_ends_with_sql_server_up) {
  // It costs one failover of SQL Server; after that only the master itself stays down (behaviour.md 3).
  Rehearsal rehearsal(quiet());
  const Blueprint& plan = rehearsal.plan();
  for (const Duration when : {40min, 43min, 46min}) {
    go_to(rehearsal, when);
    ASSERT_TRUE(rehearsal->masters().crash(rehearsal->state().groups[0].owner, 0));
  }
  rehearsal->run_until(at(50min));
  EXPECT_EQ(rehearsal->state().groups[0].owner, sql2);
  EXPECT_EQ(status(rehearsal, plan.master_resource), ResourceStatus::failed);
  EXPECT_EQ(status(rehearsal, plan.sql_resource), ResourceStatus::online);
  EXPECT_EQ(status(rehearsal, plan.agent_resource), ResourceStatus::online);
  EXPECT_TRUE(rehearsal->sql().open());
}

TEST(Roles, restart_action_1_keeps_a_failing_master_from_taking_sql_server_along) {
  // "Affect the group" switched off: after the restart in place it stays Failed where it is (W 3.2, 6; W 11, 3).
  model::Design design = quiet();
  design.scale_out.master.restart_action = 1;
  Rehearsal rehearsal(design);
  for (const Duration when : {40min, 45min}) {
    go_to(rehearsal, when);
    ASSERT_TRUE(rehearsal->masters().crash(sql1, 0));
  }
  rehearsal->run_until(at(50min));
  EXPECT_EQ(rehearsal.count(RecordKind::owner_changed), 0U);
  EXPECT_EQ(status(rehearsal, rehearsal.plan().master_resource), ResourceStatus::failed);
  EXPECT_EQ(rehearsal.count(RecordKind::ssisdb_closed), 0U);
}

TEST(Roles, restart_action_0_does_not_even_restart_it) {
  model::Design design = quiet();
  design.scale_out.master.restart_action = 0;
  Rehearsal rehearsal(design);
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->masters().crash(sql1, 0));
  rehearsal->run_until(at(50min));
  EXPECT_EQ(rehearsal.count(RecordKind::restart_scheduled), 0U);
  EXPECT_EQ(status(rehearsal, rehearsal.plan().master_resource), ResourceStatus::failed);
}

TEST(Roles, setup_gives_sql_server_agent_restart_action_1) {
  // So the Agent cannot take the role along (behaviour.md 4); every other resource may.
  Rehearsal rehearsal(quiet());
  for (ResourceIndex index = 0; index < rehearsal.plan().resources.size(); ++index) {
    const int expected = index == rehearsal.plan().agent_resource ? 1 : 2;
    EXPECT_EQ(rehearsal->state().resources[index].restart_action, expected) << rehearsal.plan().resources[index].name;
  }
}

bool directly_needs(ResourceIndex dependent, ResourceIndex provider, const State& state, const Blueprint& plan) {
  if (plan.resources[dependent].group != plan.resources[provider].group) return false;
  return (state.resources[dependent].needs.mentioned() & plan.place(provider)) != 0;
}

/// Every online begins with all providers online, every offline with no dependent up.
void expect_dependency_order(const Rehearsal& rehearsal) {
  State state = rehearsal.first();
  std::size_t ups = 0, downs = 0;
  for (const Record& record : rehearsal.journal().records) {
    const std::uint32_t index = record.subject.index();
    if (record.kind == RecordKind::resource_online_pending) {
      ++ups;
      for (ResourceIndex other = 0; other < state.resources.size(); ++other) {
        if (!directly_needs(index, other, state, rehearsal.plan())) continue;
        EXPECT_EQ(state.resources[other].status, ResourceStatus::online)
            << rehearsal.plan().resources[index].name << " before " << rehearsal.plan().resources[other].name;
      }
    }
    if (record.kind == RecordKind::resource_offline_pending) {
      ++downs;
      for (ResourceIndex other = 0; other < state.resources.size(); ++other) {
        if (!directly_needs(other, index, state, rehearsal.plan())) continue;
        const ResourceStatus down = state.resources[other].status;
        EXPECT_TRUE(down == ResourceStatus::offline || down == ResourceStatus::failed)
            << rehearsal.plan().resources[index].name << " before " << rehearsal.plan().resources[other].name;
      }
    }
    apply(state, record, rehearsal.plan());
  }
  EXPECT_GT(ups, 0U);
  EXPECT_GT(downs, 0U);
}

TEST(Roles, providers_come_up_before_dependents_and_go_down_after_them) {
  // W 3.4 and 4.4, over a planned move, a crash, a failover and a lost node.
  for (const char* name : {"reference", "separate"}) {
    Rehearsal rehearsal(quiet(name));
    go_to(rehearsal, 40min);
    ASSERT_TRUE(rehearsal->roles().move(0, sql2, 0));
    crash_sql(rehearsal, 50min);
    crash_sql(rehearsal, 55min);
    go_to(rehearsal, 60min);
    rehearsal->membership().lose_power(sql1, 0);
    rehearsal->run_until(at(70min));
    ASSERT_TRUE(rehearsal->roles().fully_online(0)) << name;
    EXPECT_EQ(rehearsal->state().groups[0].owner, sql2) << name;
    expect_dependency_order(rehearsal);
  }
}

TEST(Roles, independent_branches_come_up_in_parallel) {
  // Disk and address need nothing; SQL Server waits for the slower branch (W 3.4).
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->roles().move(0, sql2, 0));
  rehearsal->run_until(at(45min));
  const Blueprint& plan = rehearsal.plan();
  const auto when = [&](RecordKind kind, ResourceIndex resource) {
    return rehearsal.find(kind, at(40min), resource_id(resource))->at;
  };
  const ResourceIndex disk = plan.find_resource("Cluster Disk 1");
  EXPECT_EQ(when(RecordKind::resource_online_pending, disk),
            when(RecordKind::resource_online_pending, plan.groups[0].addresses.front()));
  EXPECT_EQ(when(RecordKind::resource_online_pending, plan.sql_resource),
            std::max(when(RecordKind::resource_online, disk),
                     when(RecordKind::resource_online, plan.groups[0].name_resource)));
}

TEST(Roles, a_restart_in_place_takes_the_dependents_down_and_up_and_leaves_the_providers_alone) {
  Rehearsal rehearsal(quiet());
  crash_sql(rehearsal, 40min);
  rehearsal->run_until(at(45min));
  const Blueprint& plan = rehearsal.plan();
  for (const ResourceIndex dependent : {plan.agent_resource, plan.master_resource}) {
    EXPECT_NE(rehearsal.find(RecordKind::resource_terminated, at(40min), resource_id(dependent)), nullptr);
    EXPECT_NE(rehearsal.find(RecordKind::resource_online, at(40min), resource_id(dependent)), nullptr);
  }
  EXPECT_EQ(
      rehearsal.find(RecordKind::resource_online_pending, at(40min), resource_id(plan.groups[0].addresses.front())),
      nullptr);
}

TEST(Roles, an_address_without_a_network_card_fails_even_where_the_cluster_stays_up) {
  // The last node has nobody to lose: no peer goes silent, no quorum is asked for, so the cluster service runs on. But
  // the address's interface is down; restarted once, failed again, nowhere to go: it stays failed although the cable is
  // back, and needs an operator or the retry period (W 1.7, last row).
  Rehearsal rehearsal(quiet());
  const Blueprint& plan = rehearsal.plan();
  go_to(rehearsal, 40min);
  rehearsal->membership().lose_power(sql2, 0);
  go_to(rehearsal, 50min);
  rehearsal->membership().set_link(sql1, false, 0);
  go_to(rehearsal, 55min);
  const PartId address = resource_id(plan.groups[0].addresses.front());
  const Record* failed = rehearsal.find(RecordKind::resource_failed, at(50min), address);
  const Record* stays = rehearsal.find(RecordKind::stays_failed, at(50min), address);
  ASSERT_TRUE(failed && stays);
  EXPECT_LE(failed->at, at(50min + 5s));
  EXPECT_TRUE(rehearsal->membership().is_active(sql1));
  EXPECT_EQ(status(rehearsal, plan.sql_resource), ResourceStatus::offline);
  EXPECT_EQ(status(rehearsal, plan.find_resource("Cluster Disk 1")), ResourceStatus::online);
  rehearsal->membership().set_link(sql1, true, 0);
  const Time given_up = stays->at;
  rehearsal->run_until(given_up + 59min);
  EXPECT_EQ(status(rehearsal, plan.groups[0].addresses.front()), ResourceStatus::failed);
  rehearsal->run_until(given_up + 62min);
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
}

TEST(Roles, a_service_that_does_not_start_in_three_minutes_has_failed) {
  // PendingTimeout 180 s; it cannot start on the other node either, so the role ends there with SQL Server up (W 3.3).
  model::Design design = quiet("separate");
  design.parameters.set(model::Timing::service_start, model::Distribution::constant(200s), model::Origin::given,
                        "test");
  Rehearsal rehearsal(design);
  const PartId master = resource_id(rehearsal.plan().master_resource);
  go_to(rehearsal, 2h);
  rehearsal->roles().retry(rehearsal.plan().master_resource, 0);
  rehearsal->run_until(at(2h + 3min) - Duration(1));
  EXPECT_EQ(status(rehearsal, rehearsal.plan().master_resource), ResourceStatus::online_pending);
  rehearsal->run_until(at(2h + 10min));
  const Record* failed = rehearsal.find(RecordKind::resource_failed, at(2h), master);
  ASSERT_NE(failed, nullptr);
  EXPECT_EQ(failed->at, at(2h + 3min));
  EXPECT_EQ(static_cast<FailureReason>(failed->value), FailureReason::pending_timeout);
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
}

TEST(Roles, sql_server_that_reports_progress_may_start_for_longer_than_the_pending_timeout) {
  // It asks for more time while it recovers (W 3.2, 2).
  model::Design design = quiet();
  design.parameters.set(model::Timing::sql_start_after_crash, model::Distribution::constant(10min),
                        model::Origin::given, "test");
  Rehearsal rehearsal(design);
  crash_sql(rehearsal, 40min);
  rehearsal->run_until(at(55min));
  EXPECT_EQ(rehearsal.count(RecordKind::resource_failed), 1U);
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
}

TEST(Roles, planned_moves_do_not_count_as_failovers) {
  // An operator's move is no failure (behaviour.md 3, assumed): the automatic one is still allowed afterwards.
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 30min);
  ASSERT_TRUE(rehearsal->roles().move(0, sql2, 0));
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->roles().move(0, sql1, 0));
  crash_sql(rehearsal, 50min);
  crash_sql(rehearsal, 55min);
  rehearsal->run_until(at(60min));
  EXPECT_EQ(rehearsal->state().groups[0].owner, sql2);
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
}

}  // namespace
}  // namespace rehearse::world
