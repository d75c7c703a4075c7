#include "model/failback.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace rehearse::model {
namespace {

using Kind = FailbackDecision::Kind;

PlacementRequest on_node(int owner, const std::vector<int>& preferred) {
  PlacementRequest request;
  request.current_owner = owner;
  request.members = request.up = first_nodes(3);
  request.preferred_owners = preferred;
  return request;
}

const std::vector<int> first_two = {0, 1};
const std::vector<int> nobody;

TEST(Failback, without_a_window_goes_to_the_preferred_node_at_once) {
  for (int hour = 0; hour < 24; ++hour) {
    const FailbackDecision decision = decide_failback({true}, on_node(1, first_two), hour);
    EXPECT_EQ(decision.kind, Kind::now);
    EXPECT_EQ(decision.node, 0);
    EXPECT_EQ(decision.hour, -1);
  }
}

TEST(Failback, does_not_happen_unless_allowed_and_something_is_preferred) {
  EXPECT_EQ(decide_failback({false}, on_node(1, first_two), 0).kind, Kind::stay);
  EXPECT_EQ(decide_failback({true}, on_node(1, nobody), 0).kind, Kind::stay);
  EXPECT_EQ(decide_failback({true}, on_node(0, first_two), 0).kind, Kind::stay);
  EXPECT_EQ(decide_failback({true}, on_node(no_node, first_two), 0).kind, Kind::stay);
}

// Every owner and every set of nodes that are up, paused or quarantined: the target is the first of the list before the
// owner that may take the role.
TEST(Failback, goes_to_the_most_preferred_available_node_above_the_owner) {
  const std::vector<std::vector<int>> lists = {{0}, {2, 0}, {0, 1, 2}, {2, 1, 0}};
  for (const std::vector<int>& preferred : lists) {
    for (int owner = 0; owner < 3; ++owner) {
      for (NodeMask up = 0; up < 8; ++up) {
        for (NodeMask out = 0; out < 8; ++out) {
          int expected = no_node;
          for (int node : preferred) {
            if (node == owner || expected != no_node) break;
            if (contains(up & ~out, node)) expected = node;
          }
          for (int way = 0; way < 4; ++way) {
            PlacementRequest request = on_node(owner, preferred);
            request.up = up;
            if (way == 0) request.paused = out;
            if (way == 1) request.quarantined = out;
            if (way == 2) request.possible_owners = ~out;
            if (way == 3) request.avoided = out;
            const FailbackDecision decision = decide_failback({true}, request, 12);
            ASSERT_EQ(decision.node, expected);
            ASSERT_EQ(decision.kind, expected == no_node ? Kind::stay : Kind::now);
          }
        }
      }
    }
  }
}

/// Whether an hour lies in the window, told by walking from its start to its end.
bool inside(int start, int end, int hour) {
  int at = start;
  do {
    if (at == hour) return true;
    at = (at + 1) % 24;
  } while (at != end);
  return false;
}

TEST(Failback, waits_for_the_window_at_every_hour_and_for_every_window) {
  for (int start = 0; start < 24; ++start) {
    for (int end = 0; end < 24; ++end) {
      for (int hour = 0; hour < 24; ++hour) {
        const FailbackDecision decision = decide_failback({true, start, end}, on_node(2, first_two), hour);
        ASSERT_EQ(decision.node, 0);
        ASSERT_EQ(decision.kind, inside(start, end, hour) ? Kind::now : Kind::at_hour) << start << end << hour;
        ASSERT_EQ(decision.hour, decision.kind == Kind::at_hour ? start : -1);
      }
    }
  }
}

TEST(Failback, a_window_over_midnight_begins_in_the_evening) {
  const FailbackSettings night = {true, 22, 4};
  EXPECT_EQ(decide_failback(night, on_node(1, first_two), 23).kind, Kind::now);
  EXPECT_EQ(decide_failback(night, on_node(1, first_two), 3).kind, Kind::now);
  EXPECT_EQ(decide_failback(night, on_node(1, first_two), 4).kind, Kind::at_hour);
  EXPECT_EQ(decide_failback(night, on_node(1, first_two), 12).hour, 22);
}

TEST(Failback, refuses_hours_that_are_none) {
  const PlacementRequest request = on_node(1, first_two);
  for (const FailbackSettings& settings :
       {FailbackSettings{true, 3, -1}, {true, -1, 3}, {true, 24, 3}, {true, 3, 24}}) {
    EXPECT_THROW(decide_failback(settings, request, 0), std::logic_error);
  }
  EXPECT_THROW(decide_failback({true}, request, 24), std::logic_error);
  EXPECT_THROW(decide_failback({true}, request, -1), std::logic_error);
}

TEST(Failback, every_decision_names_its_rule_and_its_source) {
  for (bool allowed : {false, true}) {
    for (int owner = no_node; owner < 3; ++owner) {
      for (const std::vector<int>* preferred : {&first_two, &nobody}) {
        for (int start : {-1, 3}) {
          const FailbackSettings settings = {allowed, start, start == -1 ? -1 : 5};
          const FailbackDecision decision = decide_failback(settings, on_node(owner, *preferred), 4);
          EXPECT_FALSE(decision.rule.empty());
          EXPECT_TRUE(decision.source.starts_with("W 4."));
        }
      }
    }
  }
}

}  // namespace
}  // namespace rehearse::model
