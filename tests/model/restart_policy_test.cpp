#include "model/restart_policy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace rehearse::model {
namespace {

using namespace std::chrono_literals;
using Restart = RestartDecision::Kind;
using Group = GroupDecision::Kind;

SlidingWindow history(std::initializer_list<Duration> times) {
  SlidingWindow window;
  for (Duration time : times) window.add(time);
  return window;
}

TEST(SlidingWindow, counts_what_is_younger_than_the_period) {
  const SlidingWindow window = history({0s, 10s, 20s});
  EXPECT_EQ(window.count_within(20s, 30s), 3);
  EXPECT_EQ(window.count_within(30s, 30s), 2);  // exactly one period old no longer counts
  EXPECT_EQ(window.count_within(30s - 1ns, 30s), 3);
  EXPECT_EQ(window.count_within(50s, 30s), 0);
  EXPECT_EQ(window.count_within(20s, 0s), 0);
}

TEST(SlidingWindow, remembers_the_last_sixteen) {
  SlidingWindow window;
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(window.count_within(std::chrono::seconds(i), 1h), std::min(i, SlidingWindow::capacity));
    window.add(std::chrono::seconds(i));
  }
  EXPECT_EQ(window.count_within(39s, 10s), 10);
}

TEST(SlidingWindow, refuses_a_past_event_and_reaches_before_the_epoch) {
  SlidingWindow window = history({-10s, 5s});
  EXPECT_EQ(window.count_within(5s, Duration::max()), 2);
  EXPECT_THROW(window.add(4s), std::logic_error);
}

TEST(RestartPolicy, restarts_once_in_place_and_then_moves_the_role) {
  const RestartSettings defaults;
  const RestartDecision first = after_resource_failure({}, 100s, defaults);
  EXPECT_EQ(first.kind, Restart::restart_in_place);
  EXPECT_EQ(first.delay, Duration(500ms));
  EXPECT_EQ(after_resource_failure(history({100s}), 110s, defaults).kind, Restart::fail_over_group);
  EXPECT_EQ(after_resource_failure(history({100s}), 100s + 15min - 1ns, defaults).kind, Restart::fail_over_group);
  EXPECT_EQ(after_resource_failure(history({100s}), 100s + 15min, defaults).kind, Restart::restart_in_place);
}

// Every restart action against every count of earlier restarts around every threshold.
TEST(RestartPolicy, follows_threshold_and_action_in_every_combination) {
  for (int threshold = 0; threshold <= 4; ++threshold) {
    SlidingWindow restarts;
    for (int earlier = 0; earlier <= 5; ++earlier) {
      for (RestartAction action :
           {RestartAction::do_not_restart, RestartAction::restart, RestartAction::restart_then_fail_over}) {
        RestartSettings settings;
        settings.threshold = threshold;
        settings.action = action;
        const RestartDecision decision = after_resource_failure(restarts, 60s, settings);
        SCOPED_TRACE(testing::Message() << threshold << " " << earlier << " " << static_cast<int>(action));
        EXPECT_FALSE(decision.rule.empty());
        if (action == RestartAction::do_not_restart) {
          EXPECT_EQ(decision.kind, Restart::stay_failed);
          EXPECT_FALSE(decision.retried_later);
        } else if (earlier < threshold) {
          EXPECT_EQ(decision.kind, Restart::restart_in_place);
        } else if (action == RestartAction::restart) {
          EXPECT_EQ(decision.kind, Restart::stay_failed);
          EXPECT_TRUE(decision.retried_later);
        } else {
          EXPECT_EQ(decision.kind, Restart::fail_over_group);
        }
      }
      restarts.add(std::chrono::seconds(earlier));
    }
  }
}

TEST(RestartPolicy, two_nodes_fail_over_once_in_six_hours_by_default) {
  EXPECT_EQ(after_restart_exhausted({}, 1h, 2, 0, 6h).kind, Group::fail_over);
  const GroupDecision second = after_restart_exhausted(history({1h}), 6h, 2, 0, 6h);
  EXPECT_EQ(second.kind, Group::stay_failed);
  EXPECT_EQ(second.limit, 1);
  EXPECT_EQ(after_restart_exhausted(history({1h}), 7h, 2, 0, 6h).kind, Group::fail_over);
}

TEST(RestartPolicy, the_computed_failover_limit_is_one_less_than_the_nodes) {
  for (int nodes = 1; nodes <= 8; ++nodes) {
    SlidingWindow failovers;
    for (int earlier = 0; earlier < nodes + 2; ++earlier) {
      EXPECT_EQ(after_restart_exhausted(failovers, 60s, nodes, 0, 6h).kind,
                earlier < nodes - 1 ? Group::fail_over : Group::stay_failed);
      failovers.add(std::chrono::seconds(earlier));
    }
  }
}

TEST(RestartPolicy, a_stated_failover_threshold_replaces_the_computed_one) {
  const SlidingWindow failovers = history({1s, 2s, 3s, 4s, 5s});
  EXPECT_EQ(after_restart_exhausted(failovers, 60s, 2, 6, 6h).kind, Group::fail_over);
  EXPECT_EQ(after_restart_exhausted(failovers, 60s, 2, 5, 6h).kind, Group::stay_failed);
}

// What a history forgets never matters to a limit that it can judge: every limit, every number of earlier restarts.
TEST(RestartPolicy, judges_every_limit_up_to_what_a_history_holds) {
  for (int threshold = 0; threshold <= SlidingWindow::capacity; ++threshold) {
    RestartSettings settings;
    settings.threshold = threshold;
    SlidingWindow restarts;
    for (int earlier = 0; earlier <= 3 * SlidingWindow::capacity; ++earlier) {
      const Duration now = std::chrono::seconds(earlier);
      const bool again = after_resource_failure(restarts, now, settings).kind == Restart::restart_in_place;
      ASSERT_EQ(again, earlier < threshold) << threshold << " " << earlier;
      restarts.add(now);
    }
  }
}

TEST(RestartPolicy, refuses_a_limit_that_no_history_can_judge_at_once) {
  RestartSettings settings;
  settings.threshold = SlidingWindow::capacity + 1;
  EXPECT_THROW(after_resource_failure({}, 60s, settings), std::logic_error);
  EXPECT_THROW(after_restart_exhausted({}, 60s, 2, SlidingWindow::capacity + 1, 6h), std::logic_error);
}

TEST(RestartPolicy, of_a_large_cluster_the_computed_limit_is_what_a_history_holds_and_it_says_so) {
  for (int nodes = SlidingWindow::capacity; nodes <= 64; ++nodes) {
    SlidingWindow failovers;
    const int limit = std::min(nodes - 1, SlidingWindow::capacity);
    for (int earlier = 0; earlier < limit; ++earlier) {
      const GroupDecision decision = after_restart_exhausted(failovers, 60s, nodes, 0, 6h);
      ASSERT_EQ(decision.kind, Group::fail_over);
      ASSERT_EQ(decision.limit, limit);
      failovers.add(std::chrono::seconds(earlier));
    }
    const GroupDecision last = after_restart_exhausted(failovers, 60s, nodes, 0, 6h);
    EXPECT_EQ(last.kind, Group::stay_failed);
    EXPECT_EQ(last.source, nodes - 1 > limit ? "W 4.5, assumed" : "W 4.5");
  }
}

TEST(RestartPolicy, every_decision_names_its_rule_and_its_source) {
  for (int action = 0; action <= 2; ++action) {
    for (int earlier = 0; earlier <= 1; ++earlier) {
      RestartSettings settings;
      settings.action = static_cast<RestartAction>(action);
      const SlidingWindow restarts = earlier == 0 ? SlidingWindow() : history({1s});
      const RestartDecision decision = after_resource_failure(restarts, 2s, settings);
      EXPECT_FALSE(decision.rule.empty());
      EXPECT_TRUE(decision.source.starts_with("W 3.2"));
      for (int nodes : {1, 2}) {
        const GroupDecision group = after_restart_exhausted(restarts, 2s, nodes, 0, 6h);
        EXPECT_FALSE(group.rule.empty());
        EXPECT_TRUE(group.source.starts_with("W 4."));
      }
    }
  }
}

}  // namespace
}  // namespace rehearse::model
