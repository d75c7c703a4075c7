// Stories about the SQL Server instance: what its health check sees, and when SSISDB opens.
#include "sim/world/sql_server.hpp"

#include <gtest/gtest.h>

#include "rehearsal.hpp"
#include "sim/world/roles.hpp"

namespace rehearse::world {
namespace {

constexpr HostIndex sql2 = 1;

model::Design quiet() {
  model::Design design = shipped_design("reference");
  design.batches.clear();
  return design;
}

void go_to(Rehearsal& rehearsal, Duration when) {
  rehearsal->run_until(at(when) - Duration(1));
  rehearsal->engine().advance_to(at(when));
}

/// From SQL Server's Online to the opening of SSISDB.
Duration recovery(const Rehearsal& rehearsal, Time from) {
  const Record* online = rehearsal.find(RecordKind::resource_online, from, resource_id(rehearsal.plan().sql_resource));
  const Record* open = rehearsal.find(RecordKind::ssisdb_open, from);
  if (online == nullptr || open == nullptr) return Duration(-1);
  return open->at - online->at;
}

TEST(SqlServer, is_online_before_ssisdb_is_open) {
  // Online speaks for master alone; user databases recover afterwards (W 11, 26; behaviour.md 4). Clean: a second.
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->roles().move(0, sql2, 0));
  rehearsal->run_until(at(45min));
  EXPECT_EQ(recovery(rehearsal, at(40min)), 1s);
}

TEST(SqlServer, recovers_ssisdb_longer_after_a_crash) {
  // Redo and undo of what the crash interrupted: ten seconds in the median (behaviour.md 14, W 9 A18).
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->sql().crash(0));
  EXPECT_FALSE(rehearsal->sql().open());
  rehearsal->run_until(at(45min));
  EXPECT_EQ(recovery(rehearsal, at(40min)), 10s);
  EXPECT_TRUE(rehearsal->sql().open());
}

TEST(SqlServer, that_crashes_again_while_ssisdb_recovers_starts_recovering_anew) {
  model::Design design = quiet();
  design.fci.ssisdb_recovery = model::Distribution::constant(2min);
  Rehearsal rehearsal(design);
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->sql().crash(0));
  go_to(rehearsal, 41min);
  EXPECT_FALSE(rehearsal->sql().open());
  ASSERT_TRUE(rehearsal->sql().crash(0));
  rehearsal->run_until(at(50min));
  ASSERT_EQ(rehearsal.count(RecordKind::ssisdb_open), 1U) << "the first recovery never finished";
  EXPECT_EQ(recovery(rehearsal, at(41min)), 2min);
}

TEST(SqlServer, that_does_not_run_cannot_crash_or_hang) {
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->sql().crash(0));
  EXPECT_FALSE(rehearsal->sql().crash(0));
  EXPECT_FALSE(rehearsal->sql().hang(0));
}

TEST(SqlServer, that_hangs_answers_nobody_and_is_restarted_after_the_health_check_timeout) {
  // 30 s without a result of sp_server_diagnostics; results come every 10 s, and the poll that acts is IsAlive, every
  // 60 s (W 7.1, behaviour.md 4).
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->sql().hang(0));
  EXPECT_FALSE(rehearsal->sql().open());
  rehearsal->run_until(at(45min));
  const Record* failed = rehearsal.find(RecordKind::resource_failed, at(40min));
  ASSERT_NE(failed, nullptr);
  EXPECT_EQ(static_cast<FailureReason>(failed->value), FailureReason::is_alive);
  EXPECT_GE(failed->at, at(40min + 20s));
  EXPECT_LE(failed->at, at(40min + 90s));
  EXPECT_TRUE(rehearsal->sql().open());
}

TEST(SqlServer, that_hangs_for_less_than_the_timeout_is_left_alone) {
  Rehearsal rehearsal(quiet());
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->sql().hang(0));
  go_to(rehearsal, 40min + 15s);
  ASSERT_TRUE(rehearsal->sql().recover_from_hang(0));
  rehearsal->run_until(at(60min));
  EXPECT_EQ(rehearsal.count(RecordKind::resource_failed), 0U);
  EXPECT_TRUE(rehearsal->sql().open());
}

class FailureConditionLevel : public testing::TestWithParam<int> {};

TEST_P(FailureConditionLevel, finds_a_hang_from_level_2_on) {
  // 0 never restarts by itself, 1 asks only whether the service runs, 2 and above want an answer (W 7.1).
  model::Design design = quiet();
  design.fci.failure_condition_level = GetParam();
  Rehearsal rehearsal(design);
  go_to(rehearsal, 40min);
  ASSERT_TRUE(rehearsal->sql().hang(0));
  rehearsal->run_until(at(2h));
  EXPECT_EQ(rehearsal.count(RecordKind::resource_failed), GetParam() >= 2 ? 1U : 0U);
  EXPECT_EQ(rehearsal->sql().open(), GetParam() >= 2);
}

INSTANTIATE_TEST_SUITE_P(SqlServer, FailureConditionLevel, testing::Range(0, 6));

}  // namespace
}  // namespace rehearse::world
