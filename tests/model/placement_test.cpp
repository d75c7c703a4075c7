#include "model/placement.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tests/model/placement_requests.hpp"

namespace rehearse::model {
namespace {

TEST(Placement, of_two_nodes_takes_the_other_whatever_the_reason) {
  for (MoveReason reason : every_reason) {
    for (int owner : {0, 1}) {
      const PlacementDecision decision = choose_target(all_up(2, reason, owner), ~std::uint64_t{0});
      EXPECT_EQ(decision.node, 1 - owner);
      EXPECT_EQ(excluded(decision, owner), Exclusion::current_owner);
      EXPECT_EQ(excluded(decision, 1 - owner), Exclusion::none);
      EXPECT_EQ(excluded(decision, 2), Exclusion::not_a_member);
    }
  }
}

TEST(Placement, says_why_each_node_is_out) {
  PlacementRequest request = all_up(6, MoveReason::resource_failure, 5);
  request.up &= ~node_bit(0);
  request.paused = node_bit(1);
  request.quarantined = node_bit(2);
  request.possible_owners = ~node_bit(3);
  request.avoided = node_bit(4);
  request.anti_affinity_enforced = true;
  const PlacementDecision decision = choose_target(request, 0);
  EXPECT_EQ(decision.node, no_node);
  const Exclusion expected[] = {Exclusion::down,          Exclusion::paused,
                                Exclusion::quarantined,   Exclusion::not_a_possible_owner,
                                Exclusion::anti_affinity, Exclusion::current_owner};
  for (int node = 0; node < 6; ++node) EXPECT_EQ(excluded(decision, node), expected[node]) << node;
}

// W 4.3: next below the current owner, wrapping round, not back to the top.
TEST(Placement, after_a_resource_failure_goes_down_the_list_from_the_owner) {
  const std::vector<int> preferred = {2, 3};  // the list is 2, 3, 0, 1
  const std::pair<int, int> expected[] = {{2, 3}, {3, 0}, {0, 1}, {1, 2}};
  for (auto [owner, next] : expected) {
    PlacementRequest request = all_up(4, MoveReason::resource_failure, owner);
    request.preferred_owners = preferred;
    EXPECT_EQ(choose_target(request, 7).node, next) << owner;
  }
  for (int owner = 0; owner < 4; ++owner) {
    EXPECT_EQ(choose_target(all_up(4, MoveReason::resource_failure, owner), 7).node, (owner + 1) % 4);
  }
  PlacementRequest request = all_up(4, MoveReason::resource_failure, 2);
  request.preferred_owners = preferred;
  request.up &= ~node_bit(3);
  EXPECT_EQ(choose_target(request, 7).node, 0);
}

TEST(Placement, preferred_owners_decide_from_the_top_where_no_resource_failed) {
  const std::vector<int> preferred = {2, 3};
  for (MoveReason reason : {MoveReason::node_loss, MoveReason::manual_best, MoveReason::drain}) {
    for (std::uint64_t draw : {std::uint64_t{0}, ~std::uint64_t{0}}) {
      PlacementRequest request = all_up(4, reason, 0);
      request.preferred_owners = preferred;
      EXPECT_EQ(choose_target(request, draw).node, 2);
      request.up &= ~node_bit(2);
      EXPECT_EQ(choose_target(request, draw).node, 3);
      request.up &= ~node_bit(3);
      EXPECT_EQ(choose_target(request, draw).node, 1);
    }
  }
}

TEST(Placement, without_preferred_owners_every_candidate_has_its_share_of_the_draws) {
  for (MoveReason reason : {MoveReason::node_loss, MoveReason::manual_best, MoveReason::drain}) {
    std::vector<int> hits(5, 0);
    const PlacementRequest request = all_up(5, reason, 1);
    for (std::uint64_t i = 0; i < 400; ++i) {
      const int node = choose_target(request, (i << 32) / 400 << 32).node;
      ++hits.at(static_cast<std::size_t>(node));
    }
    EXPECT_EQ(hits, (std::vector<int>{100, 0, 100, 100, 100}));
  }
}

TEST(Placement, the_draw_is_looked_at_only_where_windows_draws) {
  for (std::uint64_t draw : {std::uint64_t{0}, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    EXPECT_EQ(choose_target(all_up(5, MoveReason::resource_failure, 1), draw).node, 2);
  }
}

TEST(Placement, anti_affinity_gives_way_only_when_nothing_else_is_left_and_it_is_not_enforced) {
  PlacementRequest request = all_up(3, MoveReason::resource_failure, 0);
  request.avoided = node_bit(1);
  EXPECT_EQ(choose_target(request, 0).node, 2);
  request.avoided = node_bit(1) | node_bit(2);
  EXPECT_EQ(choose_target(request, 0).node, 1);
  EXPECT_EQ(excluded(choose_target(request, 0), 1), Exclusion::none);
  request.anti_affinity_enforced = true;
  EXPECT_EQ(choose_target(request, 0).node, no_node);
}

// Every combination of up, paused, quarantined and possible owners on three nodes, every owner, every reason: the
// target is always a legal one, and there is one whenever a legal one exists.
TEST(Placement, never_picks_an_illegal_node_and_never_misses_a_legal_one) {
  for (NodeMask up = 0; up < 8; ++up) {
    for (NodeMask paused = 0; paused < 8; ++paused) {
      for (NodeMask quarantined = 0; quarantined < 8; ++quarantined) {
        for (NodeMask possible = 0; possible < 8; ++possible) {
          for (int owner = no_node; owner < 3; ++owner) {
            for (MoveReason reason : every_reason) {
              PlacementRequest request = all_up(3, reason, owner);
              request.up = up;
              request.paused = paused;
              request.quarantined = quarantined;
              request.possible_owners = possible;
              std::set<int> legal;
              for (int node = 0; node < 3; ++node) {
                if (contains(up, node) && !contains(paused, node) && !contains(quarantined, node) &&
                    contains(possible, node) && node != owner) {
                  legal.insert(node);
                }
              }
              const PlacementDecision decision = choose_target(request, up * 0x0123'4567'89AB'CDEF);
              ASSERT_EQ(decision.node == no_node, legal.empty());
              ASSERT_TRUE(legal.empty() || legal.contains(decision.node));
              for (int node = 0; node < 3; ++node) {
                ASSERT_EQ(excluded(decision, node) == Exclusion::none, legal.contains(node));
              }
            }
          }
        }
      }
    }
  }
}

TEST(Placement, a_cold_start_gives_a_role_back_to_its_last_owner_unless_something_is_preferred) {
  for (int owner = 0; owner < 4; ++owner) {
    PlacementRequest request = all_up(4, MoveReason::cold_start, owner);
    for (std::uint64_t draw : some_draws) EXPECT_EQ(choose_target(request, draw).node, owner);
    EXPECT_EQ(choose_target(request, 0).source, "W 4.2");
    EXPECT_EQ(excluded(choose_target(request, 0), owner), Exclusion::none);

    request.preferred_site = 0b1100;
    EXPECT_EQ(targets(request), owner < 2 ? (std::set{2, 3}) : std::set{owner});
    request.preferred_site = 0;

    PlacementRequest without = request;
    without.up &= ~node_bit(owner);
    EXPECT_EQ(targets(without).size(), 3U);
    EXPECT_FALSE(targets(without).contains(owner));

    const std::vector<int> preferred = {1, 2};
    request.preferred_owners = preferred;
    EXPECT_EQ(choose_target(request, 0).node, 1);
    request.up &= ~node_bit(1);
    EXPECT_EQ(choose_target(request, 0).node, 2);
    request.up &= ~node_bit(2);
    EXPECT_EQ(choose_target(request, 0).node, owner == 3 ? 3 : 0);
  }
  EXPECT_EQ(targets(all_up(3, MoveReason::cold_start, no_node)), (std::set{0, 1, 2}));
}

TEST(Placement, a_failback_goes_up_the_list_of_preferred_owners_only) {
  const std::vector<int> preferred = {2, 0};
  const std::pair<int, int> expected[] = {{0, 2}, {1, 2}, {2, no_node}, {3, 2}};
  for (auto [owner, target] : expected) {
    PlacementRequest request = all_up(4, MoveReason::failback, owner);
    EXPECT_EQ(choose_target(request, 0).node, no_node);
    request.preferred_owners = preferred;
    EXPECT_EQ(choose_target(request, 0).node, target);
    request.up &= ~node_bit(2);
    EXPECT_EQ(choose_target(request, 0).node, owner == 1 || owner == 3 ? 0 : no_node);
  }
  PlacementRequest request = all_up(4, MoveReason::failback, 0);
  request.preferred_owners = preferred;
  EXPECT_EQ(excluded(choose_target(request, 0), 3), Exclusion::not_preferred);
  request.avoided = node_bit(2);
  EXPECT_EQ(choose_target(request, 0).node, no_node);
  EXPECT_EQ(excluded(choose_target(request, 0), 2), Exclusion::anti_affinity);
}

TEST(Placement, priority_orders_starts_and_drains) {
  const std::vector<int> priorities = {1000, 0, 3000, 2000, 3000, 1};
  EXPECT_EQ(order_by_priority(priorities, RoleSequence::start), (std::vector{2, 4, 3, 0, 5}));
  EXPECT_EQ(order_by_priority(priorities, RoleSequence::drain), (std::vector{2, 4, 3, 0, 5, 1}));
  EXPECT_TRUE(order_by_priority({}, RoleSequence::start).empty());
}

TEST(Placement, takes_preferred_owners_that_have_left_the_cluster_for_nobody) {
  const std::vector<int> preferred = {7, 1, 1};
  PlacementRequest request = all_up(3, MoveReason::node_loss, 0);
  request.preferred_owners = preferred;
  EXPECT_EQ(choose_target(request, 0).node, 1);
  const std::vector<int> many(1000, 2);  // more entries than there can be nodes
  request.preferred_owners = many;
  EXPECT_EQ(choose_target(request, 0).node, 2);
  const std::vector<int> nonsense = {64};
  request.preferred_owners = nonsense;
  EXPECT_THROW(choose_target(request, 0), std::logic_error);
}

TEST(Placement, finds_the_last_of_sixty_four_nodes) {
  PlacementRequest request = all_up(64, MoveReason::node_loss, 0);
  request.up = node_bit(63);
  EXPECT_EQ(choose_target(request, 0).node, 63);
  EXPECT_EQ(choose_target(all_up(64, MoveReason::node_loss, 0), ~std::uint64_t{0}).node, 63);
}

}  // namespace
}  // namespace rehearse::model
