// Who may be the primary of an availability group: every combination of modes and states, against the rules of W 10
// said again as a count of what must hold.
#include "model/availability_group.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace rehearse::model {
namespace {

using namespace std::chrono_literals;

constexpr CommitMode commits[] = {CommitMode::synchronous, CommitMode::asynchronous};
constexpr FailoverMode failovers[] = {FailoverMode::automatic, FailoverMode::manual};
constexpr FailoverKind kinds[] = {FailoverKind::automatic, FailoverKind::planned, FailoverKind::forced};

std::vector<ReplicaFacts> every_replica() {
  std::vector<ReplicaFacts> all;
  for (const CommitMode commit : commits) {
    for (const FailoverMode failover : failovers) {
      for (int bits = 0; bits < 8; ++bits) {
        all.push_back({commit, failover, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0});
      }
    }
  }
  return all;
}

TEST(AvailabilityGroup, takes_over_by_itself_only_where_both_sides_are_fit_and_nothing_is_missing) {
  int allowed = 0;
  for (const ReplicaFacts& candidate : every_replica()) {
    for (const ReplicaFacts& primary : every_replica()) {
      const bool fit = candidate.instance_runs && candidate.synchronized &&
                       candidate.commit == CommitMode::synchronous && primary.commit == CommitMode::synchronous &&
                       candidate.failover == FailoverMode::automatic && primary.failover == FailoverMode::automatic &&
                       !candidate.hosted_by_fci && !primary.hosted_by_fci;
      const auto obstacle = may_take_over(FailoverKind::automatic, candidate, primary);
      EXPECT_EQ(obstacle == FailoverObstacle::none, fit);
      allowed += fit;
    }
  }
  EXPECT_EQ(allowed, 4);  // of 32 x 32: whether the lost primary's instance runs and was SYNCHRONIZED plays no part
}

TEST(AvailabilityGroup, lets_an_operator_move_it_without_loss_to_any_synchronized_replica) {
  // Neither the failover mode nor a failover cluster instance stands in the way of a planned failover (W 10).
  for (const ReplicaFacts& candidate : every_replica()) {
    for (const ReplicaFacts& primary : every_replica()) {
      const bool fit = candidate.instance_runs && candidate.synchronized &&
                       candidate.commit == CommitMode::synchronous && primary.commit == CommitMode::synchronous;
      EXPECT_EQ(may_take_over(FailoverKind::planned, candidate, primary) == FailoverObstacle::none, fit);
    }
  }
}

TEST(AvailabilityGroup, can_be_forced_onto_every_replica_that_runs) {
  for (const ReplicaFacts& candidate : every_replica()) {
    for (const ReplicaFacts& primary : every_replica()) {
      EXPECT_EQ(may_take_over(FailoverKind::forced, candidate, primary) == FailoverObstacle::none,
                candidate.instance_runs);
    }
  }
}

TEST(AvailabilityGroup, never_allows_by_itself_what_an_operator_may_not_do) {
  for (const ReplicaFacts& candidate : every_replica()) {
    for (const ReplicaFacts& primary : every_replica()) {
      bool stricter = false;
      for (const FailoverKind kind : kinds) {
        const bool allowed = may_take_over(kind, candidate, primary) == FailoverObstacle::none;
        EXPECT_FALSE(stricter && !allowed) << "a milder kind refuses what a stricter one allows";
        stricter = stricter || allowed;
      }
    }
  }
}

TEST(AvailabilityGroup, says_what_stands_in_the_way) {
  struct Row {
    FailoverKind kind;
    ReplicaFacts candidate, primary;
    FailoverObstacle obstacle;
  };
  const ReplicaFacts good{CommitMode::synchronous, FailoverMode::automatic, false, true, true};
  const auto with = [&](auto change) {
    ReplicaFacts facts = good;
    change(facts);
    return facts;
  };
  const ReplicaFacts down = with([](ReplicaFacts& r) { r.instance_runs = false; });
  const ReplicaFacts on_fci = with([](ReplicaFacts& r) { r.hosted_by_fci = true; });
  const ReplicaFacts far = with([](ReplicaFacts& r) { r.commit = CommitMode::asynchronous; });
  const ReplicaFacts manual = with([](ReplicaFacts& r) { r.failover = FailoverMode::manual; });
  const ReplicaFacts behind = with([](ReplicaFacts& r) { r.synchronized = false; });
  using enum FailoverKind;
  using enum FailoverObstacle;
  for (const Row& row : {Row{automatic, good, good, none}, Row{automatic, down, good, instance_down},
                         Row{forced, down, good, instance_down}, Row{automatic, on_fci, good, hosted_by_fci},
                         Row{automatic, good, on_fci, hosted_by_fci}, Row{planned, on_fci, good, none},
                         Row{automatic, far, good, not_synchronous}, Row{planned, good, far, not_synchronous},
                         Row{automatic, manual, good, not_automatic}, Row{automatic, good, manual, not_automatic},
                         Row{planned, manual, manual, none}, Row{automatic, behind, good, not_synchronized},
                         Row{planned, behind, good, not_synchronized}, Row{forced, behind, far, none}}) {
    EXPECT_EQ(may_take_over(row.kind, row.candidate, row.primary), row.obstacle) << to_text(row.obstacle);
  }
}

TEST(AvailabilityGroup, goes_from_primary_to_primary_by_the_documented_states) {
  // PRIMARY_NORMAL, RESOLVING_NORMAL, PRIMARY_PENDING, PRIMARY_NORMAL (W 10).
  using enum ReplicaRole;
  using enum ReplicaEvent;
  const std::map<std::pair<ReplicaRole, ReplicaEvent>, ReplicaRole> possible = {
      {{primary, ends}, resolving},         {{resolving, goes_online}, primary_pending},
      {{primary_pending, online}, primary}, {{primary_pending, ends}, resolving},
      {{secondary, ends}, resolving},       {{resolving, meets_primary}, secondary}};
  for (const ReplicaRole role : {resolving, secondary, primary_pending, primary}) {
    for (const ReplicaEvent event : {goes_online, online, ends, meets_primary}) {
      const auto found = possible.find({role, event});
      const auto expected = found == possible.end() ? std::nullopt : std::optional(found->second);
      EXPECT_EQ(after(role, event), expected) << to_text(role);
    }
  }
}

TEST(AvailabilityGroup, renews_its_lease_at_half_and_keeps_it_shorter_than_the_heartbeats) {
  EXPECT_EQ(lease_renewal(20s), Duration(10s));
  EXPECT_TRUE(lease_is_short_enough(20s, 1s, 20));   // 2019
  EXPECT_FALSE(lease_is_short_enough(20s, 1s, 10));  // 10 s against 10 s: not shorter
  EXPECT_FALSE(lease_is_short_enough(20s, 1s, 5));   // 2012 R2
  EXPECT_TRUE(lease_is_short_enough(40s, 1s, 40));   // the relaxed values for Azure
}

TEST(AvailabilityGroup, counts_problems_of_health_from_a_level_on) {
  // W 7.1, W 10: the least level at which each counts; a level counts all that lower ones count.
  const std::map<HealthProblem, int> least = {
      {HealthProblem::service_down, 1}, {HealthProblem::lease_expired, 1},  {HealthProblem::unresponsive, 2},
      {HealthProblem::system_error, 3}, {HealthProblem::resource_error, 4}, {HealthProblem::query_processing_error, 5}};
  for (const auto& [problem, from] : least) {
    for (int level = 0; level <= 5; ++level) EXPECT_EQ(counts_at(level, problem), level >= from);
  }
}

}  // namespace
}  // namespace rehearse::model
