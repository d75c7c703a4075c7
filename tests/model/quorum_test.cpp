#include "model/quorum.hpp"

#include <gtest/gtest.h>

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

// No dice: which of the choices a "50 %" cell of W 2.2 survives is settled by who has a vote.
TEST(Quorum, of_a_coin_toss_the_losses_that_are_survived_are_known) {
  const VoteState two = votes_of_new_cluster(2, false);
  EXPECT_TRUE(quorate(two, 0b01, false));
  EXPECT_FALSE(quorate(two, 0b10, false));  // the highest id had given its vote away
  const VoteState four = votes_of_new_cluster(4, false);
  std::vector<NodeMask> survived;
  for (NodeMask lost : subsets(first_nodes(4), 2)) {
    if (quorate(four, first_nodes(4) & ~lost, false)) survived.push_back(lost);
  }
  EXPECT_EQ(survived, (std::vector<NodeMask>{0b1001, 0b1010, 0b1100}));
  for (NodeMask lost : subsets(first_nodes(3), 1)) {
    const NodeMask pair = first_nodes(3) & ~lost;
    const VoteState votes = reweigh(votes_of_new_cluster(3, false), pair, false);
    EXPECT_TRUE(quorate(votes, pair & ~node_bit(highest_node(pair)), false));
    EXPECT_FALSE(quorate(votes, node_bit(highest_node(pair)), false));
  }
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

// The floor of three (W 2.1) against the weight 0 of a failed witness: the floor is stronger, so the order in which the
// second node and the witness go does not matter, and a planned stop does not help either.
TEST(Quorum, two_nodes_whose_witness_fails_keep_a_total_of_three) {
  VoteState votes = votes_of_new_cluster(2, true);
  ASSERT_TRUE(quorate(votes, 0b11, false));
  votes = reweigh(votes, 0b11, false);
  EXPECT_EQ(votes_total(votes), 3);
  EXPECT_TRUE(votes.witness_vote);
  EXPECT_FALSE(quorate(votes, 0b01, false));
  EXPECT_FALSE(quorate(reweigh(votes, 0b01, false), 0b01, false));
  EXPECT_TRUE(quorate(votes, 0b01, true));  // it works again
}

TEST(Quorum, four_nodes_shrink_to_three_votes_and_no_further_while_a_witness_is_configured) {
  for (bool works : {false, true}) {
    VoteState votes = reweigh(votes_of_new_cluster(4, true), 0b1111, works);
    for (NodeMask present : {0b0111, 0b0011, 0b0001}) {
      const bool goes_on = works || present != 0b0001;
      ASSERT_EQ(quorate(votes, present, works), goes_on) << present;
      if (goes_on) votes = reweigh(votes, present, works);
      EXPECT_EQ(votes_total(votes), 3);
    }
  }
}

TEST(Quorum, the_last_node_with_a_vote_cannot_hand_it_over) {
  for (bool witness : {false, true}) {
    VoteState votes = votes_of_new_cluster(2, witness);
    votes.node_weight = 0b01;
    votes = reweigh(votes, 0b11, witness);
    EXPECT_EQ(votes.dynamic_weight, NodeMask{0b01});
    const VoteState after = reweigh(votes, 0b10, witness);
    EXPECT_EQ(after, votes);
    EXPECT_FALSE(quorate(after, 0b10, witness));
  }
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

TEST(Quorum, the_preferred_site_keeps_its_votes) {
  VoteState votes = votes_of_new_cluster(4, false);
  votes.preferred_site = 0b1100;
  votes = reweigh(votes, 0b1111, false);
  EXPECT_EQ(votes.dynamic_weight, NodeMask{0b1101});
  EXPECT_TRUE(quorate(votes, 0b1100, false));
  EXPECT_FALSE(quorate(votes, 0b0011, false));
  // When only it is left, one of its own nodes gives way; a named node gives way first of all.
  EXPECT_EQ(reweigh(votes, 0b1100, false).dynamic_weight, NodeMask{0b0100});
  votes.lower_priority_node = 3;
  EXPECT_EQ(reweigh(votes, 0b1111, false).dynamic_weight, NodeMask{0b0111});
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

TEST(Quorum, every_verdict_names_its_rule_and_its_source) {
  const VoteState votes = votes_of_new_cluster(4, true);
  for (NodeMask present = 0; present <= first_nodes(4); ++present) {
    for (bool owned : {false, true}) {
      const QuorumVerdict verdict = judge(votes, {present, owned});
      EXPECT_FALSE(verdict.rule.empty());
      EXPECT_EQ(verdict.source, verdict.witness_needed && !owned ? "W 2.1, 2.3" : "W 2.1");
    }
  }
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
