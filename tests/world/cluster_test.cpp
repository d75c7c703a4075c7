// Clusters of many nodes and several sites: who survives what (behaviour.md 2; W 1, W 2).
#include <gtest/gtest.h>

#include <bit>

#include "cluster_designs.hpp"
#include "rehearsal.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/network.hpp"
#include "sim/world/roles.hpp"

namespace rehearse::world {
namespace {

using Kind = model::Witness::Kind;

void at_time(Rehearsal& rehearsal, Duration when, const std::function<void(World&)>& act) {
  rehearsal->run_until(at(when) - Duration(1));
  rehearsal->engine().advance_to(at(when));
  act(*rehearsal);
}

std::string members(const Rehearsal& rehearsal) {
  std::string names;
  for (HostIndex node = 0; node < rehearsal.plan().node_count; ++node) {
    if (is_active_member(node, rehearsal->state()))
      names += (names.empty() ? "" : " ") + rehearsal.plan().hosts[node].name;
  }
  return names;
}

std::string owner(const Rehearsal& rehearsal, GroupIndex group = 0) {
  const HostIndex node = rehearsal->state().groups[group].owner;
  return node == none ? "" : rehearsal.plan().hosts[node].name;
}

HostIndex host(const Rehearsal& rehearsal, const std::string& name) {
  return rehearsal.plan().find_host(name);
}

void cut_sites(Rehearsal& rehearsal, const char* a, const char* b, RecordId why = 0) {
  rehearsal->membership().set_site_link(rehearsal.plan().find_site(a), rehearsal.plan().find_site(b), false, why);
}

TEST(Cluster, of_four_nodes_on_two_sites_keeps_the_side_of_the_witness_when_the_link_breaks) {
  for (const Kind kind : {Kind::file_share, Kind::disk, Kind::cloud}) {
    Rehearsal rehearsal(stretched({2, 2}, kind));
    EXPECT_EQ(members(rehearsal), "A1 A2 B1 B2");
    at_time(rehearsal, 10min, [&](World&) { cut_sites(rehearsal, "A", "B"); });
    rehearsal->run_until(at(15min));
    EXPECT_EQ(members(rehearsal), "A1 A2") << "the owner of the witness is at A";
    EXPECT_EQ(owner(rehearsal).front(), 'A');
    EXPECT_EQ(rehearsal.count(RecordKind::quorum_lost), 2U);
    EXPECT_EQ(rehearsal.count(RecordKind::owner_changed), 0U) << "the role was on the surviving side";
  }
}

TEST(Cluster, of_four_nodes_without_witness_keeps_the_side_with_three_votes_of_which_one_was_taken) {
  // Four votes are even: the highest node's was taken (assumed), so A has two of three.
  Rehearsal rehearsal(stretched({2, 2}, Kind::none));
  at_time(rehearsal, 10min, [&](World&) { cut_sites(rehearsal, "A", "B"); });
  rehearsal->run_until(at(15min));
  EXPECT_EQ(members(rehearsal), "A1 A2");
}

TEST(Cluster, gives_up_the_node_that_LowerQuorumPriorityNodeID_names) {
  model::Design design = stretched({2, 2}, Kind::none);
  design.parameters.set(model::Setting::lower_quorum_priority_node, 1, model::Origin::given, "test");
  Rehearsal rehearsal(design);
  at_time(rehearsal, 10min, [&](World&) { cut_sites(rehearsal, "A", "B"); });
  rehearsal->run_until(at(15min));
  EXPECT_EQ(members(rehearsal), "B1 B2");
  EXPECT_EQ(owner(rehearsal).front(), 'B') << "the role went over to the side that lives";
}

TEST(Cluster, whose_witness_fails_first_goes_on_with_three_votes_and_survives_the_cut) {
  Rehearsal rehearsal(stretched({2, 2}, Kind::file_share));
  at_time(rehearsal, 10min, [&](World& world) { world.membership().set_witness_down(true, 0); });
  rehearsal->run_until(at(11min));
  EXPECT_TRUE(rehearsal->state().cluster.witness_failed);
  EXPECT_EQ(std::popcount(rehearsal->state().cluster.votes.dynamic_weight), 3);
  at_time(rehearsal, 20min, [&](World&) { cut_sites(rehearsal, "A", "B"); });
  rehearsal->run_until(at(25min));
  EXPECT_EQ(members(rehearsal), "A1 A2");
}

TEST(Cluster, whose_sites_are_cut_off_from_each_other_and_from_the_witness_at_once_stops_everywhere) {
  Rehearsal rehearsal(stretched({2, 2}, Kind::file_share));
  at_time(rehearsal, 10min, [&](World&) {
    for (const auto& [a, b] : {std::pair{"A", "B"}, std::pair{"A", "W"}, std::pair{"B", "W"}})
      cut_sites(rehearsal, a, b);
  });
  rehearsal->run_until(at(15min));
  EXPECT_EQ(members(rehearsal), "");
  EXPECT_EQ(rehearsal.count(RecordKind::quorum_lost), 4U);
}

TEST(Cluster, is_carried_by_its_last_node_when_the_others_go_one_after_the_other) {
  Rehearsal rehearsal(one_site(5));
  for (HostIndex node = 0; node < 4; ++node) {
    at_time(rehearsal, 10min * (node + 1), [&](World& world) { world.membership().lose_power(node, 0); });
  }
  rehearsal->run_until(at(60min));
  EXPECT_EQ(members(rehearsal), "N5");
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
}

TEST(Cluster, does_not_survive_the_loss_of_three_of_five_at_once_but_can_be_forced) {
  Rehearsal rehearsal(one_site(5, false));
  at_time(rehearsal, 10min, [&](World& world) {
    for (HostIndex node = 0; node < 3; ++node) world.membership().lose_power(node, 0);
  });
  rehearsal->run_until(at(20min));
  EXPECT_EQ(members(rehearsal), "");
  at_time(rehearsal, 20min, [&](World& world) {
    EXPECT_TRUE(world.membership().start_service(3, StartMode::force_quorum, 0));
    EXPECT_TRUE(world.membership().start_service(4, StartMode::prevent_quorum, 0));
  });
  rehearsal->run_until(at(25min));
  EXPECT_EQ(members(rehearsal), "N4 N5");
  EXPECT_TRUE(rehearsal->state().cluster.forced) << "two of five are no majority";
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
  EXPECT_EQ(rehearsal.count(RecordKind::second_partition), 0U);
  at_time(rehearsal, 30min, [&](World& world) { world.membership().boot(0, 0); });
  rehearsal->run_until(at(40min));
  EXPECT_EQ(members(rehearsal), "N1 N4 N5");
  EXPECT_FALSE(rehearsal->state().cluster.forced) << "three of five are";
}

TEST(Cluster, is_split_when_it_is_forced_while_the_other_side_still_runs) {
  Rehearsal rehearsal(stretched({2, 2}, Kind::file_share));
  at_time(rehearsal, 10min, [&](World&) { cut_sites(rehearsal, "A", "B"); });
  rehearsal->run_until(at(20min));
  ASSERT_EQ(members(rehearsal), "A1 A2");
  at_time(rehearsal, 20min,
          [&](World& world) { world.membership().start_service(host(rehearsal, "B1"), StartMode::force_quorum, 0); });
  rehearsal->run_until(at(22min));
  ASSERT_EQ(rehearsal.count(RecordKind::second_partition), 1U);
  EXPECT_EQ(members(rehearsal), "B1 B2") << "the forced side's database counts, and B2 joined it";
  EXPECT_EQ(rehearsal->state().cluster.rival, bit(0) | bit(1));
  EXPECT_EQ(rehearsal->state().instance.node, 0U) << "SQL Server still runs at A";
  EXPECT_EQ(rehearsal->state().instance.sql, Process::running);
  EXPECT_FALSE(rehearsal->roles().fully_online(0)) << "A defends the disk";
  at_time(rehearsal, 25min, [&](World& world) {
    world.membership().set_site_link(rehearsal.plan().find_site("A"), rehearsal.plan().find_site("B"), true, 0);
  });
  rehearsal->run_until(at(40min));
  EXPECT_EQ(rehearsal->state().cluster.rival, 0U);
  EXPECT_EQ(members(rehearsal), "A1 A2 B1 B2") << "the others gave way and joined";
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
  EXPECT_EQ(owner(rehearsal), "B1");
}

TEST(Cluster, hands_the_vote_over_when_a_node_stops_in_order) {
  for (const HostIndex leaver : {0U, 1U}) {
    Rehearsal rehearsal(one_site(2, false));
    at_time(rehearsal, 10min, [&](World& world) { EXPECT_TRUE(world.membership().stop_service(leaver, 0)); });
    rehearsal->run_until(at(12min));
    EXPECT_EQ(members(rehearsal), leaver == 0 ? "N2" : "N1") << "a planned stop is always survived (W 2.2)";
    EXPECT_TRUE(rehearsal->roles().fully_online(0));
    EXPECT_EQ(rehearsal.count(RecordKind::node_removed), 0U);
    EXPECT_EQ(rehearsal.count(RecordKind::peer_silent), 0U) << "nobody has to miss a beat";
  }
}

TEST(Cluster, moves_roles_away_before_a_shutdown_and_takes_the_node_back_after_the_reboot) {
  Rehearsal rehearsal(one_site(3));
  at_time(rehearsal, 10min, [&](World& world) { EXPECT_TRUE(world.membership().shut_down(0, true, 0)); });
  rehearsal->run_until(at(30min));
  EXPECT_EQ(members(rehearsal), "N1 N2 N3");
  EXPECT_NE(owner(rehearsal), "N1");
  const Record* moved = rehearsal.find(RecordKind::owner_changed, at(10min));
  const Record* left = rehearsal.find(RecordKind::node_left, at(10min));
  const Record* off = rehearsal.find(RecordKind::host_shut_down, at(10min));
  ASSERT_TRUE(moved != nullptr && left != nullptr && off != nullptr);
  EXPECT_EQ(static_cast<MoveCause>(moved->value), MoveCause::drain);
  EXPECT_LT(moved->at, left->at);
  EXPECT_LT(left->at, off->at);
  EXPECT_EQ(rehearsal.count(RecordKind::sql_crashed), 0U) << "it was stopped with a checkpoint, not killed";
}

TEST(Cluster, puts_a_node_that_leaves_three_times_in_an_hour_into_quarantine) {
  Rehearsal rehearsal(one_site(4));
  for (const Duration when : {10min, 20min, 30min}) {
    at_time(rehearsal, when, [&](World& world) { world.membership().crash_cluster_service(3, 0); });
  }
  rehearsal->run_until(at(60min));
  EXPECT_EQ(members(rehearsal), "N1 N2 N3");
  const Record* quarantined = rehearsal.find(RecordKind::node_quarantined);
  ASSERT_NE(quarantined, nullptr);
  EXPECT_LT(quarantined->at, at(31min));
  rehearsal->run_until(at(31min + 2h));
  EXPECT_EQ(members(rehearsal), "N1 N2 N3 N4") << "two hours later it may join again (W 1.5)";
}

TEST(Cluster, lets_a_quarantined_node_in_when_somebody_clears_it) {
  Rehearsal rehearsal(one_site(4));
  for (const Duration when : {10min, 20min, 30min}) {
    at_time(rehearsal, when, [&](World& world) { world.membership().crash_cluster_service(3, 0); });
  }
  at_time(rehearsal, 40min, [&](World& world) { EXPECT_TRUE(world.membership().clear_quarantine(3, 0)); });
  rehearsal->run_until(at(42min));
  EXPECT_EQ(members(rehearsal), "N1 N2 N3 N4");
}

TEST(Cluster, keeps_at_most_a_quarter_of_its_nodes_in_quarantine) {
  Rehearsal rehearsal(one_site(4));
  for (const Duration when : {10min, 20min, 30min}) {
    for (const HostIndex node : {2U, 3U}) {
      at_time(rehearsal, when + node * 1min, [&](World& world) { world.membership().crash_cluster_service(node, 0); });
    }
  }
  rehearsal->run_until(at(60min));
  EXPECT_EQ(rehearsal.count(RecordKind::node_quarantined), 1U);
}

TEST(Cluster, evicts_a_virtual_machine_that_was_frozen_for_longer_than_the_threshold) {
  Rehearsal rehearsal(one_site(3));
  at_time(rehearsal, 10min, [&](World& world) { world.membership().freeze(0, 0); });
  at_time(rehearsal, 11min, [&](World& world) { world.membership().thaw(0, 0); });
  rehearsal->run_until(at(11min));
  EXPECT_EQ(rehearsal.count(RecordKind::node_removed), 1U);
  EXPECT_EQ(rehearsal.count(RecordKind::quorum_lost), 1U) << "it learns on resume that it was removed";
  rehearsal->run_until(at(20min));
  EXPECT_EQ(members(rehearsal), "N1 N2 N3");
  EXPECT_NE(owner(rehearsal), "N1");
}

TEST(Cluster, does_not_notice_a_virtual_machine_that_stood_still_for_less_than_the_threshold) {
  Rehearsal rehearsal(one_site(3));
  at_time(rehearsal, 10min, [&](World& world) { world.membership().freeze(0, 0); });
  at_time(rehearsal, 10min + 15s, [&](World& world) { world.membership().thaw(0, 0); });
  rehearsal->run_until(at(20min));
  EXPECT_EQ(rehearsal.count(RecordKind::peer_silent), 0U);
  EXPECT_EQ(owner(rehearsal), "N1");
}

TEST(Cluster, finds_a_node_that_hangs_in_user_mode_only_by_its_watchdog) {
  Rehearsal rehearsal(one_site(3));
  at_time(rehearsal, 10min, [&](World& world) { world.membership().hang(0, 0); });
  rehearsal->run_until(at(20min));
  const Record* found = rehearsal.find(RecordKind::hang_found);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->at, at(11min)) << "ClusSvcHangTimeout is 60 s (W 1.3)";
  const Record* silent = rehearsal.find(RecordKind::peer_silent);
  ASSERT_NE(silent, nullptr);
  EXPECT_GE(silent->at, found->at) << "until then its kernel sent heartbeats";
  EXPECT_NE(owner(rehearsal), "N1");
}

TEST(Cluster, removes_a_healthy_node_when_too_many_heartbeats_are_lost) {
  model::Design design = one_site(3);
  design.parameters.set(model::Setting::same_subnet_threshold, 5, model::Origin::given, "test");
  Rehearsal rehearsal(design);
  at_time(rehearsal, 10min, [&](World& world) { world.membership().set_loss(2, 500'000, 0); });
  rehearsal->run_until(at(30min));
  EXPECT_GE(rehearsal.count(RecordKind::node_removed), 1U) << "half of the packets: 3 of 4 beats are lost";
  Rehearsal sturdy(one_site(3));  // a threshold of 20
  at_time(sturdy, 10min, [&](World& world) { world.membership().set_loss(2, 100'000, 0); });
  sturdy->run_until(at(4h));
  EXPECT_EQ(sturdy.count(RecordKind::node_removed), 0U);
}

TEST(Cluster, does_not_lose_a_node_whose_second_card_still_carries_heartbeats) {
  model::Design design = one_site(2);
  model::Network second;
  second.name = "Heartbeat";
  second.subnet = "192.168.0.0/24";
  second.role = model::NetworkRole::cluster;
  design.cluster.networks.push_back(second);
  Rehearsal rehearsal(design);
  at_time(rehearsal, 10min, [&](World& world) { world.membership().set_link(0, false, 0, 0); });
  rehearsal->run_until(at(20min));
  EXPECT_EQ(rehearsal.count(RecordKind::node_removed), 0U);
  EXPECT_EQ(owner(rehearsal), "N2") << "but the role's address failed twice and took the role along (W 1.7)";
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
}

TEST(Cluster, brings_online_the_address_of_the_site_it_fails_over_to) {
  Rehearsal rehearsal(stretched({1, 1}, Kind::cloud));
  const GroupPlan& role = rehearsal.plan().groups[0];
  ASSERT_EQ(role.addresses.size(), 2U);
  EXPECT_EQ(rehearsal->state().resources[role.addresses[0]].status, ResourceStatus::online);
  EXPECT_EQ(rehearsal->state().resources[role.addresses[1]].status, ResourceStatus::offline);
  EXPECT_TRUE(rehearsal->roles().fully_online(0)) << "one of two is enough (W 6.2)";
  at_time(rehearsal, 10min, [&](World& world) { world.membership().lose_power(0, 0); });
  rehearsal->run_until(at(12min));
  EXPECT_EQ(owner(rehearsal), "B1");
  EXPECT_EQ(rehearsal->state().resources[role.addresses[0]].status, ResourceStatus::offline);
  EXPECT_EQ(rehearsal->state().resources[role.addresses[1]].status, ResourceStatus::online);
}

TEST(Cluster, waits_for_a_disk_that_the_former_owner_still_defends) {
  // The owner is cut off with its cluster service running; it loses quorum some seconds later and lets go.
  model::Design design = one_site(3);
  design.parameters.set(model::Timing::regroup, model::Distribution::constant(1s), model::Origin::given, "test");
  design.parameters.set(model::Timing::disk_online_unplanned, model::Distribution::constant(500ms),
                        model::Origin::given, "test");
  Rehearsal rehearsal(design, {.key = {3, 0}});
  at_time(rehearsal, 10min, [&](World& world) { world.membership().set_side(0, 1, 0); });
  rehearsal->run_until(at(15min));
  const Record* lost = rehearsal.find(RecordKind::quorum_lost);
  const Record* reserved = rehearsal.find(RecordKind::disk_reserved);
  ASSERT_TRUE(lost != nullptr && reserved != nullptr);
  EXPECT_GE(reserved->at, lost->at) << "one reservation a disk, always";
  EXPECT_TRUE(rehearsal->roles().fully_online(0));
}

}  // namespace
}  // namespace rehearse::world
