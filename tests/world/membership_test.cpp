// Stories about who is in the cluster and who takes the roles.
#include "sim/world/membership.hpp"

#include <gtest/gtest.h>

#include "rehearsal.hpp"
#include "sim/world/network.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"

namespace rehearse::world {
namespace {

constexpr HostIndex sql1 = 0, sql2 = 1;

void at_40_minutes(Rehearsal& rehearsal) {
  rehearsal->run_until(at(40min) - Duration(1));
  rehearsal->engine().advance_to(at(40min));
}

TEST(Membership, a_role_is_taken_over_only_by_a_side_that_has_quorum) {
  // The owner sees its own card go within 100 ms and gives up within seconds; the other node must miss 20 beats,
  // regroup and win the witness before it may touch the role (behaviour.md 2).
  Rehearsal rehearsal(shipped_design("reference"));
  at_40_minutes(rehearsal);
  rehearsal->membership().set_link(sql1, false, 0);
  rehearsal->run_until(at(60min));
  const Record* lost = rehearsal.find(RecordKind::quorum_lost, at(40min), host_id(sql1));
  const Record* won = rehearsal.find(RecordKind::arbitration_won, at(40min), host_id(sql2));
  const Record* taken = rehearsal.find(RecordKind::owner_changed, at(40min), group_id(0));
  ASSERT_TRUE(lost && won && taken);
  EXPECT_LT(lost->at, at(40min + 10s));
  EXPECT_GT(won->at, at(40min + 20s));
  EXPECT_GE(taken->at, won->at);
  EXPECT_EQ(rehearsal->state().groups[0].owner, sql2);
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
}

TEST(Membership, a_partition_is_won_by_the_side_that_owns_the_cluster_group_and_the_other_gets_5925) {
  Rehearsal rehearsal(shipped_design("reference"));
  at_40_minutes(rehearsal);
  rehearsal->membership().set_side(sql2, 1, 0);
  rehearsal->run_until(at(45min));
  EXPECT_NE(rehearsal.find(RecordKind::arbitration_won, at(40min), host_id(sql1)), nullptr);
  EXPECT_NE(rehearsal.find(RecordKind::quorum_lost, at(40min), host_id(sql2)), nullptr);
  EXPECT_EQ(rehearsal->state().groups[0].owner, sql1);
  EXPECT_EQ(rehearsal.count(RecordKind::resource_failed), 0U) << "the roles of the winning side never notice";
}

TEST(Membership, the_last_node_without_its_witness_stops_and_forms_again_when_the_witness_is_back) {
  Rehearsal rehearsal(shipped_design("reference"));
  at_40_minutes(rehearsal);
  rehearsal->membership().lose_power(rehearsal.plan().witness_host, 0);
  rehearsal->run_until(at(50min));
  EXPECT_EQ(rehearsal.count(RecordKind::quorum_lost), 0U) << "two nodes of two need no witness";
  rehearsal->membership().lose_power(sql1, 0);
  rehearsal->run_until(at(60min));
  EXPECT_EQ(rehearsal.count(RecordKind::quorum_lost), 1U);
  EXPECT_FALSE(rehearsal->membership().is_active(sql2));
  rehearsal->membership().boot(rehearsal.plan().witness_host, 0);
  rehearsal->run_until(at(90min));
  EXPECT_TRUE(rehearsal->membership().is_active(sql2));
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
}

TEST(Membership, a_node_that_slept_through_the_newest_epoch_does_not_form_the_cluster_alone) {
  // "Partition in time" (1561): SQL1 went first, so it does not know what SQL2 decided afterwards.
  Rehearsal rehearsal(shipped_design("reference"));
  at_40_minutes(rehearsal);
  rehearsal->membership().lose_power(sql1, 0);
  rehearsal->run_until(at(50min));
  rehearsal->membership().lose_power(sql2, 0);
  rehearsal->run_until(at(60min));
  rehearsal->membership().boot(sql1, 0);
  rehearsal->run_until(at(90min));
  EXPECT_FALSE(rehearsal->membership().is_active(sql1));
  rehearsal->membership().boot(sql2, 0);
  rehearsal->run_until(at(120min));
  EXPECT_TRUE(rehearsal->membership().is_active(sql1));
  EXPECT_TRUE(rehearsal->membership().is_active(sql2));
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
}

TEST(Membership, a_peer_that_is_heard_again_before_the_regroup_ends_is_kept) {
  // SQL2 sees its own card go within 100 ms and gives its peer up; half a second later the card is back, and the
  // regroup finds everybody.
  Rehearsal rehearsal(shipped_design("reference"));
  at_40_minutes(rehearsal);
  rehearsal->membership().set_link(sql2, false, 0);
  rehearsal->run_until(at(40min + 500ms));
  rehearsal->membership().set_link(sql2, true, 0);
  rehearsal->run_until(at(60min));
  EXPECT_EQ(rehearsal.count(RecordKind::node_removed), 0U);
  EXPECT_TRUE(rehearsal->membership().is_active(sql1) && rehearsal->membership().is_active(sql2));
}

TEST(Membership, a_node_that_was_removed_while_it_was_away_learns_so_and_joins_again) {
  // Healed between the two nodes' own detections: SQL1 never missed enough beats itself (W 1.2: a removed but running
  // node ends its cluster service, which starts again and rejoins).
  Rehearsal rehearsal(shipped_design("reference"));
  at_40_minutes(rehearsal);
  rehearsal->membership().set_side(sql1, 1, 0);
  while (rehearsal.find(RecordKind::node_removed, at(40min)) == nullptr && rehearsal->now() < at(45min)) {
    rehearsal->run_until(rehearsal->now() + 50ms);
  }
  rehearsal->membership().set_side(sql1, 0, 0);
  rehearsal->run_until(at(60min));
  EXPECT_TRUE(rehearsal->membership().is_active(sql1) && rehearsal->membership().is_active(sql2));
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
}

TEST(Membership, nothing_goes_on_on_a_machine_without_power) {
  // Power goes while SQL Server starts, and in another night while it stops: what was under way ends there, and the
  // other node finds an unclean end (behaviour.md 14: crash start and crash recovery).
  for (const Duration into_move : {13s, 3s}) {
    Rehearsal rehearsal(shipped_design("reference"));
    at_40_minutes(rehearsal);
    rehearsal->roles().move(0, sql2, 0);
    rehearsal->run_until(at(40min + into_move));
    const HostIndex owner = rehearsal->state().groups[0].owner;
    rehearsal->membership().lose_power(owner, 0);
    const Time lost = rehearsal->now();
    rehearsal->run_until(lost + 20s);
    for (const Record& record : rehearsal.journal().records) {
      if (record.at <= lost) continue;
      EXPECT_NE(record.kind, RecordKind::resource_online);
      EXPECT_NE(record.kind, RecordKind::resource_offline);
    }
    rehearsal->run_until(at(60min));
    const Record* pending =
        rehearsal.find(RecordKind::resource_online_pending, lost, resource_id(rehearsal.plan().sql_resource));
    ASSERT_NE(pending, nullptr);
    EXPECT_EQ(pending->value, 1) << "after an unclean end";
    EXPECT_TRUE(rehearsal->roles().fully_online(0));
  }
}

TEST(Membership, partitions_overlap_and_heal_one_by_one) {
  Rehearsal rehearsal(shipped_design("reference"));
  at_40_minutes(rehearsal);
  const Network network = rehearsal->network();
  rehearsal->membership().set_side(sql1, 1, 0);
  rehearsal->membership().set_side(sql2, 2, 0);
  EXPECT_FALSE(network.reach(sql1, sql2));
  rehearsal->membership().set_side(sql1, 0, 0);
  EXPECT_FALSE(network.reach(sql1, sql2));
  rehearsal->membership().set_side(sql2, 0, 0);
  EXPECT_TRUE(network.reach(sql1, sql2));
}

TEST(Membership, what_failed_during_a_move_that_came_to_nothing_is_restarted_where_it_was) {
  Rehearsal rehearsal(shipped_design("reference"));
  at_40_minutes(rehearsal);
  rehearsal->roles().move(0, sql2, 0);
  rehearsal->run_until(rehearsal->now() + 10ms);
  rehearsal->sql().crash(0);
  rehearsal->run_until(rehearsal->now() + 10ms);
  rehearsal->membership().lose_power(sql2, 0);
  rehearsal->run_until(at(60min));
  EXPECT_EQ(rehearsal->state().groups[0].owner, sql1);
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
}

}  // namespace
}  // namespace rehearse::world
