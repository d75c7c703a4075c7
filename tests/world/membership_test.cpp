// Stories about who is in the cluster and who takes the roles.
#include "sim/world/membership.hpp"

#include <gtest/gtest.h>

#include "rehearsal.hpp"
#include "sim/world/roles.hpp"

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

}  // namespace
}  // namespace rehearse::world
