// How a timeline is played: faults that end by themselves, cards that flap, an operator who is late, entries that wait.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/scenario/trigger.hpp"
#include "staged_world.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using world::Record;
using world::RecordKind;

/// When records of this kind about this timeline entry, or about the part with this name, were written.
std::vector<Duration> times(const RunResult& run, RecordKind kind, std::uint32_t object = world::none) {
  std::vector<Duration> found;
  for (const Record& record : run.journal.records) {
    if (record.kind == kind && (object == world::none || record.object == object)) {
      found.push_back(record.at.time_since_epoch());
    }
  }
  return found;
}

RunResult play(const std::string& timeline) {
  return played(staged_scenario(timeline));
}

TEST(TimelinePlayer, ends_a_fault_after_its_time_and_says_so) {
  const RunResult run =
      play(R"({ "at": "5m", "fault": "network.latency", "hosts": ["SQL1"], "add": "5ms", "for": "7m" })");
  EXPECT_THAT(times(run, RecordKind::fault_injected, 0), ElementsAre(5min));
  EXPECT_THAT(times(run, RecordKind::fault_repaired, 0), ElementsAre(12min));
  EXPECT_THAT(times(run, RecordKind::latency_set), ElementsAre(5min, 12min));
  EXPECT_TRUE(run.operations.empty());
}

TEST(TimelinePlayer, does_not_end_again_what_was_repaired_before) {
  const RunResult run = play(R"({ "at": "5m", "fault": "witness.down", "for": "7m" },
                                { "at": "6m", "repair": "witness.down" },
                                { "at": "8m", "fault": "witness.down" })");
  EXPECT_THAT(times(run, RecordKind::fault_repaired), ElementsAre(6min));
  EXPECT_TRUE(run.last.witness.down) << "the time of the first is not that of the second";
}

TEST(TimelinePlayer, lets_bursts_that_meet_last_until_the_later_end) {
  const RunResult run = play(R"({ "at": "1m", "fault": "network.burst", "hosts": ["SQL1"], "for": "6s" },
                                { "at": "1m2s", "fault": "network.burst", "hosts": ["SQL1"], "for": "9s" })");
  EXPECT_THAT(times(run, RecordKind::loss_set), ElementsAre(60s, 71s));
  EXPECT_TRUE(times(run, RecordKind::peer_silent).empty()) << "shorter than the threshold, 20 s (W 1.1)";
}

TEST(TimelinePlayer, removes_a_node_whose_burst_outlasts_the_threshold) {
  const RunResult run = play(R"({ "at": "1m", "fault": "network.burst", "hosts": ["SQL1"], "for": "25s" })");
  EXPECT_FALSE(times(run, RecordKind::node_removed).empty());
}

TEST(TimelinePlayer, lets_a_card_flap_until_its_time_is_over) {
  const RunResult run = play(R"({ "at": "1m", "fault": "network.flap", "host": "WRK1", "every": "10s", "down": "4s",
                                  "for": "23s" })");
  EXPECT_THAT(times(run, RecordKind::link_down), ElementsAre(60s, 70s, 80s));
  EXPECT_THAT(times(run, RecordKind::link_up), ElementsAre(64s, 74s, 83s)) << "it stays up after the end";
}

TEST(TimelinePlayer, lets_a_card_flap_until_it_is_repaired) {
  const RunResult run = play(R"({ "at": "1m", "fault": "network.flap", "host": "WRK1", "every": "10s", "down": "4s" },
                                { "at": "75s", "repair": "network.flap", "host": "WRK1" })");
  EXPECT_THAT(times(run, RecordKind::link_down), ElementsAre(60s, 70s));
  EXPECT_THAT(times(run, RecordKind::link_up), ElementsAre(64s, 74s));
}

TEST(TimelinePlayer, keeps_a_flapping_card_down_while_another_fault_holds_it) {
  const RunResult run = play(R"({ "at": "1m", "fault": "network.flap", "host": "WRK1", "every": "10s", "down": "4s",
                                  "for": "30s" },
                                { "at": "62s", "fault": "network.nic_down", "host": "WRK1", "for": "15s" })");
  EXPECT_THAT(times(run, RecordKind::link_down), ElementsAre(60s, 80s));
  EXPECT_THAT(times(run, RecordKind::link_up), ElementsAre(77s, 84s));
}

TEST(TimelinePlayer, makes_operations_wait_for_a_late_operator_and_nobody_else) {
  const std::string move = R"("step": "move_role", "role": "Files", "to": )";
  const RunResult run = play(R"({ "at": "5m", )" + move + R"("SQL2" },
                                { "at": "10m", "fault": "operator.late", "by": "3m" },
                                { "at": "20m", )" +
                             move + R"("SQL3" },
                                { "at": "21m", "fault": "witness.down" },
                                { "at": "22m", "fault": "operator.late", "by": "1h" },
                                { "at": "40m", )" +
                             move + R"("SQL4" })");
  ASSERT_EQ(run.operations.size(), 3u);
  EXPECT_EQ(run.operations[0].from, core::Time(5min));
  EXPECT_EQ(run.operations[1].from, core::Time(23min));
  EXPECT_EQ(run.operations[2].from, core::Time(103min));
  EXPECT_THAT(times(run, RecordKind::witness_down), ElementsAre(21min));
}

TEST(TimelinePlayer, adds_up_what_makes_the_operator_late_while_an_operation_waits_already) {
  const RunResult run = play(R"({ "at": "10m", "fault": "operator.late", "by": "3m" },
                                { "at": "21m", "fault": "operator.late", "by": "30m" },
                                { "at": "20m", "step": "move_role", "role": "Files", "to": "SQL3" })");
  ASSERT_EQ(run.operations.size(), 1u);
  EXPECT_EQ(run.operations[0].from, core::Time(53min));
}

TEST(TimelinePlayer, lets_an_entry_wait_for_what_happens_to_nodes) {
  const RunResult run = play(R"({ "at": "5m", "fault": "node.cluster_service_crash", "node": "SQL4" },
                                { "after": "SQL4 down", "wait": "1s", "fault": "sql.authentication_off" },
                                { "after": "sql4 joined", "wait": "2s", "fault": "name_service.dns_down" })");
  EXPECT_THAT(times(run, RecordKind::authentication_off), ElementsAre(5min + 1s));
  const std::vector<Duration> joined = times(run, RecordKind::node_joined);
  ASSERT_EQ(joined.size(), 1u);
  EXPECT_THAT(times(run, RecordKind::dns_stopped), ElementsAre(joined[0] + 2s));
}

TEST(TimelinePlayer, lets_an_entry_wait_for_quarantine) {
  const std::string crash = R"("fault": "node.cluster_service_crash", "node": "SQL4" })";
  const RunResult run = play(R"({ "at": "5m", )" + crash + R"(, { "after": "SQL4 joined", "wait": "1s", )" + crash +
                             R"(, { "after": "SQL4 joined", "wait": "1s", )" + crash +
                             R"(, { "after": "SQL4 quarantined", "fault": "name_service.dns_down" })");
  const std::vector<Duration> quarantined = times(run, RecordKind::node_quarantined);
  ASSERT_EQ(quarantined.size(), 1u);
  EXPECT_EQ(times(run, RecordKind::dns_stopped), quarantined);
}

TEST(TimelinePlayer, lets_an_entry_wait_for_roles_and_for_resources) {
  const RunResult run = play(R"({ "at": "5m", "fault": "resource.failure", "resource": "Files IP" },
                                { "after": "Files IP failed", "fault": "sql.authentication_off" },
                                { "after": "Files failed", "wait": "1ms", "fault": "storage.slow", "disk": "Files Disk",
                                  "factor": 2 },
                                { "after": "Files IP online", "fault": "name_service.dns_down" },
                                { "after": "Files online", "fault": "name_service.directory_refuses" })");
  EXPECT_THAT(times(run, RecordKind::authentication_off), ElementsAre(5min));
  EXPECT_THAT(times(run, RecordKind::disk_slowed), ElementsAre(5min + 1ms));
  const Duration address = times(run, RecordKind::dns_stopped).at(0),
                 role = times(run, RecordKind::directory_refuses).at(0);
  EXPECT_GT(address, 5min);
  EXPECT_GT(role, address) << "the name comes up after the address";
}

TEST(TimelinePlayer, tells_faults_that_found_nothing_to_act_on) {
  const RunResult run = play(R"({ "at": "5m", "fault": "witness.down" }, { "at": "6m", "fault": "witness.down" })");
  ASSERT_EQ(run.operations.size(), 1u);
  EXPECT_EQ(run.operations[0].name, "witness.down");
  EXPECT_EQ(run.operations[0].failure, "there was nothing that it could act on");
}

TEST(Triggers, are_read_by_their_last_word) {
  const auto trigger = parse_trigger("SQL Server (A) online");
  ASSERT_TRUE(trigger);
  EXPECT_EQ(trigger->name, "SQL Server (A)");
  EXPECT_EQ(trigger->what, Happening::online);
  for (const std::string text : {"SQL1 joined", "SQL1 down", "SQL1 quarantined", "R online", "R failed"}) {
    EXPECT_EQ(to_text(parse_trigger(text).value()), text);
  }
  for (const std::string text : {"", "joined", " joined", "SQL1 left", "SQL1joined", "SQL1 Joined"}) {
    EXPECT_FALSE(parse_trigger(text)) << text;
  }
}

}  // namespace
}  // namespace rehearse::sim
