#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "tests/model/placement_requests.hpp"

namespace rehearse::model {
namespace {

// Nodes 0 and 1 are site A, 2 and 3 site B; W 4.3: the owner's site is tried first.
TEST(PlacementBySite, what_fails_or_is_drained_stays_at_its_site_while_it_can) {
  const NodeMask sites[] = {0b0011, 0b0011, 0b1100, 0b1100};
  for (MoveReason reason : {MoveReason::resource_failure, MoveReason::node_loss, MoveReason::drain}) {
    for (NodeMask preferred_site : {NodeMask{0}, NodeMask{0b0011}, NodeMask{0b1100}}) {
      for (int owner = 0; owner < 4; ++owner) {
        PlacementRequest request = all_up(4, reason, owner);
        request.same_site = sites[owner];
        request.preferred_site = preferred_site;
        const int mate = owner ^ 1;
        for (std::uint64_t draw : some_draws) EXPECT_EQ(choose_target(request, draw).node, mate);
        EXPECT_EQ(choose_target(request, 0).site_rule, "nodes of the same site come first");

        request.up &= ~node_bit(mate);
        const std::set<int> others = owner < 2 ? std::set{2, 3} : std::set{0, 1};
        const bool to_preferred = preferred_site == (first_nodes(4) & ~sites[owner]);
        EXPECT_EQ(targets(request), reason == MoveReason::resource_failure ? std::set{*others.begin()} : others);
        EXPECT_EQ(choose_target(request, 0).site_rule, to_preferred ? "nodes of the preferred site come first"
                                                                    : "no candidate at the sites that come first");
      }
    }
  }
}

// Three sites of two nodes: A 0 1, B 2 3, C 4 5; the owner is 0 and its mate is down.
TEST(PlacementBySite, the_preferred_site_comes_before_the_other_ones) {
  for (MoveReason reason : every_reason) {
    PlacementRequest request = all_up(6, reason, 0);
    request.same_site = 0b000011;
    request.up &= ~node_bit(1);
    request.preferred_site = 0b110000;
    EXPECT_EQ(targets(request), reason == MoveReason::resource_failure ? std::set{4} : (std::set{4, 5}));
    request.up &= ~request.preferred_site;
    EXPECT_EQ(targets(request), reason == MoveReason::resource_failure ? std::set{2} : (std::set{2, 3}));
  }
}

TEST(PlacementBySite, the_best_possible_node_is_at_the_preferred_site) {
  PlacementRequest request = all_up(6, MoveReason::manual_best, 0);
  request.same_site = 0b000011;
  EXPECT_EQ(targets(request), std::set{1});
  request.preferred_site = 0b001100;
  EXPECT_EQ(targets(request), (std::set{2, 3}));
  EXPECT_EQ(choose_target(request, 0).site_rule, "nodes of the preferred site come first");
}

TEST(PlacementBySite, after_a_resource_failure_goes_round_within_the_site_by_id) {
  for (int owner = 0; owner < 3; ++owner) {
    PlacementRequest request = all_up(6, MoveReason::resource_failure, owner);
    request.same_site = 0b000111;
    EXPECT_EQ(choose_target(request, 0).node, (owner + 1) % 3);
  }
}

TEST(PlacementBySite, a_list_of_preferred_owners_stands_above_sites_which_order_the_rest) {
  const std::vector<int> preferred = {5};
  for (MoveReason reason : every_reason) {
    PlacementRequest request = all_up(6, reason, 5);
    request.preferred_owners = preferred;
    request.same_site = 0b110000;  // 4 and 5
    EXPECT_EQ(choose_target(request, 0).node, 4);
    request.up &= ~node_bit(4);
    EXPECT_EQ(choose_target(request, 0).node, 0);
    request.preferred_site = 0b001100;
    EXPECT_EQ(choose_target(request, 0).node, 2);
    EXPECT_EQ(choose_target(request, 0).site_rule.empty(), reason == MoveReason::resource_failure);

    request.current_owner = 0;
    request.same_site = 0b000011;
    const bool down_the_list = reason == MoveReason::resource_failure;
    EXPECT_EQ(choose_target(request, 0).node, down_the_list ? 1 : 5);
    EXPECT_EQ(choose_target(request, 0).site_rule, "");  // the list decides
  }
}

// Every assignment of four nodes to the owner's site, the preferred one, both or none, and every set of nodes up: the
// target is at the best site that has a candidate.
TEST(PlacementBySite, no_site_is_passed_over) {
  for (MoveReason reason : every_reason) {
    for (NodeMask same = 0; same < 16; ++same) {
      for (NodeMask preferred = 0; preferred < 16; ++preferred) {
        for (NodeMask up = 0; up < 16; ++up) {
          PlacementRequest request = all_up(4, reason, 0);
          request.up = up;
          request.same_site = same;
          request.preferred_site = preferred;
          const NodeMask candidates = up & ~node_bit(0);
          const bool best = reason == MoveReason::manual_best;
          const NodeMask first = candidates & (best ? preferred : same);
          const NodeMask second = candidates & (best ? same : preferred);
          const NodeMask allowed = first != 0 ? first : second != 0 ? second : candidates;
          for (std::uint64_t draw : some_draws) {
            const PlacementDecision decision = choose_target(request, draw);
            ASSERT_EQ(decision.node == no_node, candidates == 0);
            ASSERT_TRUE(candidates == 0 || contains(allowed, decision.node));
            ASSERT_EQ(decision.site_rule.empty(), candidates == 0 || (same | preferred) == 0);
            ASSERT_FALSE(decision.rule.empty());
            ASSERT_EQ(decision.source, "W 4.3");
          }
        }
      }
    }
  }
}

TEST(PlacementBySite, a_site_that_comes_first_twice_is_one_site) {
  const std::vector<int> preferred = {0};
  PlacementRequest request = all_up(64, MoveReason::node_loss, 0);
  request.same_site = request.preferred_site = ~NodeMask{0};
  request.preferred_owners = preferred;
  EXPECT_EQ(choose_target(request, 0).node, 1);
}

}  // namespace
}  // namespace rehearse::model
