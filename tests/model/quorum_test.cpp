#include "model/quorum.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace rehearse::model {
namespace {

bool quorate(const VoteState& votes, NodeMask present, bool witness_owned) {
  return judge(votes, {present, witness_owned}).quorate;
}

/// How many of the ways to lose nodes are survived. Losses come in steps; within a step they are simultaneous.
struct Survival {
  int survived = 0, choices = 0;

  std::string cell() const {
    if (survived == choices) return "yes";
    return survived == 0 ? "no" : "50 %";
  }
};

std::vector<NodeMask> subsets(NodeMask of, int size) {
  std::vector<NodeMask> found;
  for (NodeMask candidate = 1; candidate <= of; ++candidate) {
    if ((candidate & ~of) == 0 && count(candidate) == size) found.push_back(candidate);
  }
  return found;
}

void lose(const VoteState& votes, NodeMask present, bool witness, const std::vector<int>& steps, std::size_t step,
          Survival& survival) {
  if (step == steps.size()) {
    ++survival.survived;
    ++survival.choices;
    return;
  }
  for (NodeMask lost : subsets(present, steps[step])) {
    const NodeMask remaining = present & ~lost;
    if (remaining == 0 || !quorate(votes, remaining, witness)) {
      ++survival.choices;
      continue;
    }
    lose(reweigh(votes, remaining, witness), remaining, witness, steps, step + 1, survival);
  }
}

std::string survival_of(int nodes, bool witness, const std::vector<int>& steps) {
  Survival survival;
  lose(votes_of_new_cluster(nodes, witness), first_nodes(nodes), witness, steps, 0, survival);
  return survival.cell();
}

struct SurvivalRow {
  int nodes;
  bool witness;
  const char *one, *one_then_another, *two_at_once;
};

// W 2.2. "50 %" is the set of loss choices of which some are survived and some are not.
TEST(Quorum, survives_what_the_documented_table_says) {
  const SurvivalRow rows[] = {{2, false, "50 %", "no", "no"},   {2, true, "yes", "no", "no"},
                              {3, false, "yes", "50 %", "no"},  {3, true, "yes", "yes", "no"},
                              {4, false, "yes", "yes", "50 %"}, {4, true, "yes", "yes", "yes"},
                              {5, true, "yes", "yes", "yes"},   {6, true, "yes", "yes", "yes"},
                              {7, true, "yes", "yes", "yes"},   {8, true, "yes", "yes", "yes"}};
  for (const SurvivalRow& row : rows) {
    SCOPED_TRACE(testing::Message() << row.nodes << " nodes, witness " << row.witness);
    EXPECT_EQ(survival_of(row.nodes, row.witness, {1}), row.one);
    EXPECT_EQ(survival_of(row.nodes, row.witness, {1, 1}), row.one_then_another);
    EXPECT_EQ(survival_of(row.nodes, row.witness, {2}), row.two_at_once);
  }
}

// The oracle: the same rules told with lists of votes and no bit masks, so that a slip in one is no slip in the other.
class CountedVotes {
 public:
  CountedVotes(int nodes, bool witness) : up_(static_cast<std::size_t>(nodes), true), configured_(witness) {
    votes_.assign(static_cast<std::size_t>(nodes), 1);
    witness_votes_ = witness ? 1 : 0;
    settle(witness);
  }

  /// Loses nodes at once, and says whether those that remain may go on; then the votes settle.
  bool lose(NodeMask lost, bool witness_works) {
    for (std::size_t i = 0; i < up_.size(); ++i) up_[i] = up_[i] && !contains(lost, static_cast<int>(i));
    return hold(witness_works);
  }

 private:
  int all() const { return std::accumulate(votes_.begin(), votes_.end(), witness_votes_); }

  bool hold(bool witness_works) {
    int here = witness_works ? witness_votes_ : 0;
    for (std::size_t i = 0; i < up_.size(); ++i) here += up_[i] ? votes_[i] : 0;
    if (2 * here <= all()) return false;
    settle(witness_works);
    return true;
  }

  void settle(bool witness_works) {
    std::vector<int> votes;
    for (bool is_up : up_) votes.push_back(is_up ? 1 : 0);
    int sum = std::accumulate(votes.begin(), votes.end(), 0);
    int witness_votes = 0;
    if (sum % 2 == 0) {
      if (configured_ && witness_works) {
        witness_votes = 1;
      } else {
        for (std::size_t i = votes.size(); i-- > 0;) {
          if (votes[i] == 1) {
            votes[i] = 0;
            break;
          }
        }
      }
    }
    sum = std::accumulate(votes.begin(), votes.end(), witness_votes);
    if (configured_ && sum < 3 && all() >= 3) return;
    votes_ = votes;
    witness_votes_ = witness_votes;
  }

  std::vector<bool> up_;
  std::vector<int> votes_;
  bool configured_;
  int witness_votes_ = 0;
};

/// Every way to go on from here: any set of nodes lost at once, with or without the witness at the same instant.
void compare(const CountedVotes& counted, const VoteState& votes, NodeMask present, bool witness, int& compared) {
  for (NodeMask lost = 0; lost <= present; ++lost) {
    if ((lost & ~present) != 0) continue;
    for (bool still_works : {false, true}) {
      if (still_works && !witness) continue;
      if (lost == 0 && still_works == witness) continue;
      CountedVotes counted_after = counted;
      const bool expected = counted_after.lose(lost, still_works);
      const NodeMask remaining = present & ~lost;
      ASSERT_EQ(quorate(votes, remaining, still_works), expected)
          << "present " << present << ", lost " << lost << ", witness " << witness << " then " << still_works;
      ++compared;
      if (expected) {
        compare(counted_after, reweigh(votes, remaining, still_works), remaining, still_works, compared);
      }
    }
  }
}

// Every order of losing every set of nodes, at once or one after the other, and the witness at any point or never.
TEST(Quorum, agrees_with_a_plain_count_of_votes_for_every_order_of_losses) {
  int compared = 0;
  for (int nodes = 2; nodes <= 5; ++nodes) {
    for (bool witness : {false, true}) {
      compare(CountedVotes(nodes, witness), votes_of_new_cluster(nodes, witness), first_nodes(nodes), witness,
              compared);
    }
  }
  EXPECT_GT(compared, 3000);
}

TEST(Quorum, the_total_of_a_settled_cluster_is_odd) {
  for (int nodes = 1; nodes <= 64; ++nodes) {
    const VoteState with = votes_of_new_cluster(nodes, true);
    EXPECT_EQ(with.witness_vote, nodes % 2 == 0);
    EXPECT_EQ(with.dynamic_weight, first_nodes(nodes));
    EXPECT_EQ(votes_total(votes_of_new_cluster(nodes, false)), nodes % 2 == 0 ? nodes - 1 : nodes);
  }
  // A witness that does not work has no vote, so a node gives its own up (W 2.1).
  const VoteState without = reweigh(votes_of_new_cluster(4, true), first_nodes(4), false);
  EXPECT_FALSE(without.witness_vote);
  EXPECT_EQ(without.dynamic_weight, NodeMask{0b0111});
}

// The invariant of behaviour 11, for every state that losses lead to and every split in two, the witness on either
// side.
TEST(Quorum, never_lets_both_sides_of_a_split_go_on) {
  for (int nodes = 1; nodes <= 6; ++nodes) {
    for (bool witness : {false, true}) {
      for (NodeMask survivors = 1; survivors <= first_nodes(nodes); ++survivors) {
        for (bool works : {false, true}) {
          for (bool dynamic : {false, true}) {
            const VoteState votes = reweigh(votes_of_new_cluster(nodes, witness, dynamic), survivors, witness && works);
            for (NodeMask side = 0; side <= first_nodes(nodes); ++side) {
              const NodeMask other = first_nodes(nodes) & ~side;
              EXPECT_FALSE(quorate(votes, side, true) && quorate(votes, other, false));
            }
          }
        }
      }
    }
  }
}

TEST(Quorum, a_two_node_cluster_with_a_witness_goes_on_where_the_witness_is_owned) {
  const VoteState votes = votes_of_new_cluster(2, true);
  const QuorumVerdict owner = judge(votes, {0b01, true});
  EXPECT_TRUE(owner.quorate);
  EXPECT_EQ(owner.votes_present, 2);
  EXPECT_EQ(owner.votes_total, 3);
  EXPECT_EQ(owner.needed, 2);
  EXPECT_TRUE(owner.witness_needed);
  const QuorumVerdict other = judge(votes, {0b10, false});
  EXPECT_FALSE(other.quorate);
  EXPECT_TRUE(other.witness_needed);
}

TEST(Quorum, no_arbitration_is_called_for_where_it_cannot_help_or_is_not_needed) {
  const VoteState four = votes_of_new_cluster(4, true);
  EXPECT_FALSE(judge(four, {0b0001, false}).witness_needed);
  EXPECT_TRUE(judge(four, {0b0011, false}).witness_needed);
  EXPECT_FALSE(judge(four, {0b0111, false}).witness_needed);
  EXPECT_FALSE(judge(votes_of_new_cluster(3, true), {0b001, false}).witness_needed);  // odd: the witness has no vote
}

TEST(Quorum, the_last_node_needs_the_witness) {
  VoteState votes = votes_of_new_cluster(2, true);
  votes = reweigh(votes, 0b01, true);
  EXPECT_EQ(votes_total(votes), 3);
  EXPECT_TRUE(quorate(votes, 0b01, true));
  EXPECT_FALSE(quorate(votes, 0b01, false));
}

TEST(Quorum, without_a_witness_the_last_man_stands) {
  VoteState votes = votes_of_new_cluster(5, false);
  for (NodeMask present : {0b01111, 0b00111, 0b00011}) {
    ASSERT_TRUE(quorate(votes, present, false));
    votes = reweigh(votes, present, false);
  }
  EXPECT_EQ(votes.dynamic_weight, NodeMask{0b00001});  // the highest id gave its vote away
  EXPECT_TRUE(quorate(votes, 0b00001, false));
  EXPECT_FALSE(quorate(votes, 0b00010, false));
}

TEST(Quorum, the_node_of_lower_priority_gives_up_its_vote) {
  const VoteState votes = votes_of_new_cluster(4, false, true, 0);
  EXPECT_EQ(votes.dynamic_weight, NodeMask{0b1110});
  EXPECT_TRUE(quorate(votes, 0b1100, false));
  EXPECT_FALSE(quorate(votes, 0b0011, false));
  // A node that is away has no vote to give.
  EXPECT_EQ(reweigh(votes_of_new_cluster(3, false, true, 0), 0b110, false).dynamic_weight, NodeMask{0b010});
}

TEST(Quorum, a_planned_stop_hands_the_vote_over) {
  const VoteState votes = votes_of_new_cluster(2, false);
  for (NodeMask stays : {0b01, 0b10}) {
    EXPECT_TRUE(quorate(reweigh(votes, stays, false), stays, false));
  }
}

TEST(Quorum, a_node_that_comes_back_votes_again) {
  VoteState votes = reweigh(votes_of_new_cluster(3, true), 0b011, true);
  EXPECT_TRUE(votes.witness_vote);
  votes = reweigh(votes, 0b111, true);
  EXPECT_EQ(votes, votes_of_new_cluster(3, true));
}

TEST(Quorum, without_dynamic_quorum_votes_stay_as_configured) {
  VoteState votes = votes_of_new_cluster(5, false, false);
  votes = reweigh(votes, 0b00111, false);
  EXPECT_EQ(votes.dynamic_weight, NodeMask{0b11111});
  EXPECT_FALSE(quorate(votes, 0b00011, false));
}

TEST(Quorum, a_node_without_weight_counts_for_nothing) {
  VoteState votes = votes_of_new_cluster(3, false);
  votes.node_weight = 0b011;
  EXPECT_EQ(votes_total(votes), 2);  // at once, though the votes have not settled
  votes = reweigh(votes, 0b111, false);
  EXPECT_EQ(votes_total(votes), 1);
  EXPECT_FALSE(quorate(votes, 0b100, false));
}

TEST(Quorum, all_sixty_four_nodes_count) {
  const VoteState votes = votes_of_new_cluster(64, false);
  EXPECT_EQ(votes_total(votes), 63);
  EXPECT_TRUE(quorate(votes, first_nodes(32), false));
  EXPECT_FALSE(quorate(votes, ~first_nodes(32), false));
  EXPECT_THROW(votes_of_new_cluster(65, false), std::logic_error);
  EXPECT_THROW(votes_of_new_cluster(0, false), std::logic_error);
}

}  // namespace
}  // namespace rehearse::model
