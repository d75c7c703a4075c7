// An independent count of votes against model/quorum: W 2.1 read once more, with ballots that carry names instead of
// bit masks, so that a slip in one is no slip in the other. Both walk through every history of a small cluster: sets of
// nodes lost at once or one after the other, returns, planned stops, cold starts by any set of nodes, the witness lost
// and found at any point. What comes next depends only on the votes, on who is present and on the witness, so visiting
// every such state once covers histories of every length.
#include <gtest/gtest.h>

#include <deque>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "model/quorum.hpp"

namespace rehearse::model {
namespace {

using Names = std::set<std::string>;
const std::string witness_ballot = "the witness";

std::string name_of(int node) {
  return std::string("node ") + static_cast<char>('A' + node);
}

Names names_of(NodeMask mask) {
  Names names;
  for (int node = 0; node < max_nodes; ++node) {
    if (contains(mask, node)) names.insert(name_of(node));
  }
  return names;
}

/// What an operator configured.
struct Setup {
  int nodes = 0;
  bool witness = false;
  NodeMask weights = 0;
  int gives_way = no_node;  // LowerQuorumPriorityNodeID
  bool dynamic = true;
};

class BallotBox {
 public:
  explicit BallotBox(const Setup& setup)
      : may_vote_(names_of(setup.weights)),
        gives_way_(setup.gives_way == no_node ? "" : name_of(setup.gives_way)),
        has_witness_(setup.witness),
        dynamic_(setup.dynamic) {
    ballots_ = may_vote_;
    if (has_witness_) ballots_.insert(witness_ballot);
    settle(names_of(first_nodes(setup.nodes)), setup.witness);
  }

  const Names& ballots() const { return ballots_; }

  int cast_by(const Names& present, bool witness) const {
    int cast = 0;
    for (const std::string& ballot : ballots_) {
      if (ballot == witness_ballot ? witness : present.contains(ballot)) ++cast;
    }
    return cast;
  }

  bool carried_by(const Names& present, bool witness) const {
    const int cast = cast_by(present, witness);
    return cast > static_cast<int>(ballots_.size()) - cast;
  }

  void settle(const Names& present, bool witness) {
    if (!dynamic_) return;
    Names ballots;
    for (const std::string& name : present) {
      if (may_vote_.contains(name)) ballots.insert(name);
    }
    if (ballots.empty()) return;
    if (ballots.size() % 2 == 0) {
      if (has_witness_ && witness) {
        ballots.insert(witness_ballot);
      } else {
        ballots.erase(ballots.contains(gives_way_) ? gives_way_ : *ballots.rbegin());
      }
    }
    const bool too_few = ballots.size() <= 2 && ballots_.size() > 2;
    if (!(has_witness_ && too_few)) ballots_ = ballots;
  }

 private:
  Names may_vote_, ballots_;
  std::string gives_way_;
  bool has_witness_ = false, dynamic_ = true;
};

VoteState start_of(const Setup& setup) {
  VoteState votes;
  votes.members = first_nodes(setup.nodes);
  votes.node_weight = votes.dynamic_weight = setup.weights;
  votes.has_witness = votes.witness_vote = setup.witness;
  votes.dynamic_quorum = setup.dynamic;
  votes.lower_priority_node = setup.gives_way;
  return reweigh(votes, votes.members, setup.witness);
}

/// A settled cluster, as both see it.
struct Settled {
  VoteState votes;
  BallotBox box;
  NodeMask present = 0;
  bool witness = false;  // it works
};

Names ballots_of(const VoteState& votes) {
  Names ballots = names_of(votes.dynamic_weight & votes.node_weight & votes.members);
  if (votes.witness_vote) ballots.insert(witness_ballot);
  return ballots;
}

class Walk {
 public:
  explicit Walk(const Setup& setup) : setup_(setup), members_(first_nodes(setup.nodes)) {
    for (NodeMask set = 0; set <= members_; ++set) names_.push_back(names_of(set));
    const BallotBox box(setup);
    const VoteState votes = start_of(setup);
    EXPECT_EQ(ballots_of(votes), box.ballots());
    arrive({votes, box, members_, setup.witness}, static_cast<int>(box.ballots().size()));
    while (!open_.empty() && !testing::Test::HasFailure()) {
      const Settled here = open_.front();
      open_.pop_front();
      leave(here);
    }
  }

  int compared() const { return compared_; }
  int states() const { return static_cast<int>(seen_.size()); }

 private:
  void leave(const Settled& here) {
    for (NodeMask next = 0; next <= members_; ++next) {
      for (bool witness : {false, true}) {
        if (!witness || setup_.witness) become(here, next, witness);
      }
    }
    for (int node = 0; node < setup_.nodes; ++node) {
      if (contains(here.present, node)) stop(here, node);
    }
  }

  /// Exactly these nodes see one another from here on, whoever was there before: a loss, a split, a return, a cold
  /// start.
  void become(const Settled& here, NodeMask next, bool witness) {
    const QuorumVerdict verdict = judge(here.votes, {next, witness});
    const Names& names = names_[next];
    ASSERT_EQ(verdict.quorate, here.box.carried_by(names, witness)) << told(here) << " then " << next << witness;
    ASSERT_EQ(verdict.votes_present, here.box.cast_by(names, witness));
    ASSERT_EQ(verdict.votes_total, static_cast<int>(here.box.ballots().size()));
    ASSERT_EQ(verdict.witness_needed, here.box.carried_by(names, true) && !here.box.carried_by(names, false));
    ASSERT_FALSE(verdict.quorate && judge(here.votes, {members_ & ~next, !witness && setup_.witness}).quorate)
        << "both sides of a split go on: " << told(here) << " then " << next << witness;
    ++compared_;
    if (verdict.quorate) settle(here, next, witness);
  }

  void stop(const Settled& here, int node) {
    const NodeMask remaining = here.present & ~node_bit(node);
    const VoteState votes = reweigh(here.votes, remaining, here.witness);
    BallotBox box = here.box;
    box.settle(names_[remaining], here.witness);
    const bool goes_on = judge(votes, {remaining, here.witness}).quorate;
    ASSERT_EQ(goes_on, box.carried_by(names_[remaining], here.witness)) << told(here) << " stops " << node;
    const bool somebody_votes = (remaining & setup_.weights) != 0;
    if (setup_.dynamic && !setup_.witness) {
      ASSERT_EQ(goes_on, somebody_votes) << told(here) << " stops " << node;
    }
    ++compared_;
    if (goes_on) settle(here, remaining, here.witness);
  }

  void settle(const Settled& here, NodeMask present, bool witness) {
    Settled next = {reweigh(here.votes, present, witness), here.box, present, witness};
    next.box.settle(names_[present], witness);
    ASSERT_EQ(ballots_of(next.votes), next.box.ballots()) << told(here) << " then " << present << witness;
    arrive(next, static_cast<int>(here.box.ballots().size()));
  }

  /// What holds of every settled cluster.
  void arrive(const Settled& here, int total_before) {
    const int total = votes_total(here.votes);
    const NodeMask voters = here.votes.dynamic_weight & here.votes.node_weight;
    ASSERT_NE(voters, NodeMask{0}) << told(here);
    ASSERT_TRUE(judge(here.votes, {here.present, here.witness}).quorate) << told(here);
    if (setup_.dynamic) {
      ASSERT_EQ(total % 2, 1) << told(here);
      const NodeMask may_vote = here.present & setup_.weights;
      const bool floor = setup_.witness && total == 3;
      ASSERT_TRUE(floor || count(may_vote & ~voters) <= 1) << "a node that is back has no vote: " << told(here);
    }
    ASSERT_TRUE(!setup_.witness || total_before < 3 || total >= 3) << told(here);
    const auto key =
        std::tuple(here.votes.dynamic_weight, here.votes.witness_vote, here.box.ballots(), here.present, here.witness);
    if (seen_.insert(key).second) open_.push_back(here);
  }

  std::string told(const Settled& here) const {
    std::string text = std::to_string(setup_.nodes) + " nodes, weights " + std::to_string(setup_.weights) +
                       ", gives way " + std::to_string(setup_.gives_way) + ", present " + std::to_string(here.present) +
                       (here.witness ? " with the witness" : "") + ", ballots of";
    for (const std::string& ballot : here.box.ballots()) text += " " + ballot + ",";
    return text;
  }

  Setup setup_;
  NodeMask members_;
  std::vector<Names> names_;  // of every set of nodes
  std::deque<Settled> open_;
  std::set<std::tuple<NodeMask, bool, Names, NodeMask, bool>> seen_;
  int compared_ = 0;
};

TEST(QuorumOracle, agrees_through_every_history_of_two_to_eight_nodes) {
  int compared = 0;
  for (int nodes = 2; nodes <= 8; ++nodes) {
    for (bool witness : {false, true}) {
      const Walk walk({nodes, witness, first_nodes(nodes)});
      ASSERT_FALSE(HasFailure());
      EXPECT_GE(walk.states(), (1 << nodes) - 1 - nodes) << nodes;  // nearly every set of nodes can come to be alone
      compared += walk.compared();
    }
  }
  EXPECT_GT(compared, 100'000);
}

TEST(QuorumOracle, agrees_for_every_weight_and_every_node_that_gives_way) {
  for (int nodes = 2; nodes <= 5; ++nodes) {
    for (NodeMask weights = 1; weights <= first_nodes(nodes); ++weights) {
      for (int gives_way = no_node; gives_way < (nodes < 5 ? nodes : 0); ++gives_way) {
        for (bool witness : {false, true}) {
          const Walk walk({nodes, witness, weights, gives_way});
          ASSERT_FALSE(HasFailure());
          ASSERT_GT(walk.compared(), 0);
        }
      }
    }
  }
}

TEST(QuorumOracle, agrees_without_dynamic_quorum) {
  for (int nodes = 2; nodes <= 5; ++nodes) {
    for (NodeMask weights = 1; weights <= first_nodes(nodes); ++weights) {
      for (bool witness : {false, true}) {
        const Walk walk({nodes, witness, weights, no_node, false});
        ASSERT_FALSE(HasFailure());
        ASSERT_GT(walk.compared(), 0);
      }
    }
  }
}

}  // namespace
}  // namespace rehearse::model
