#include "model/quorum.hpp"

#include <stdexcept>

namespace rehearse::model {
namespace {

// A node's vote counts only where it may vote at all and the node is still a member.
NodeMask voters(const VoteState& votes) {
  return votes.dynamic_weight & votes.node_weight & votes.members;
}

bool is_even(int number) {
  return number % 2 == 0;
}

/// The node that gives its vote up so that an even number becomes odd.
int node_without_vote(const VoteState& votes, NodeMask voting) {
  if (contains(voting, votes.lower_priority_node)) return votes.lower_priority_node;
  const NodeMask elsewhere = voting & ~votes.preferred_site;
  return highest_node(elsewhere != 0 ? elsewhere : voting);
}

}  // namespace

int votes_total(const VoteState& votes) {
  return count(voters(votes)) + (votes.witness_vote ? 1 : 0);
}

QuorumVerdict judge(const VoteState& votes, const Partition& partition) {
  QuorumVerdict verdict;
  verdict.votes_total = votes_total(votes);
  verdict.needed = verdict.votes_total / 2 + 1;
  const int by_nodes = count(voters(votes) & partition.present);
  verdict.votes_present = by_nodes + (votes.witness_vote && partition.witness_owned ? 1 : 0);
  verdict.quorate = verdict.votes_present >= verdict.needed;
  verdict.witness_needed = votes.witness_vote && by_nodes + 1 == verdict.needed;
  verdict.source = "W 2.1";
  if (by_nodes >= verdict.needed) {
    verdict.rule = "the nodes hold more than half of the votes";
  } else if (verdict.quorate) {
    verdict.rule = "the nodes and the witness hold more than half of the votes";
  } else if (verdict.witness_needed) {
    verdict.rule = "the nodes lack one vote and do not own the witness";
    verdict.source = "W 2.1, 2.3";
  } else {
    verdict.rule = "half of the votes or fewer";
  }
  return verdict;
}

VoteState votes_of_new_cluster(int nodes, bool has_witness, bool dynamic_quorum, int lower_priority_node) {
  if (nodes < 1 || nodes > max_nodes) throw std::logic_error("a cluster has 1 to 64 nodes");
  VoteState votes;
  votes.members = votes.node_weight = votes.dynamic_weight = first_nodes(nodes);
  votes.has_witness = votes.witness_vote = has_witness;
  votes.dynamic_quorum = dynamic_quorum;
  votes.lower_priority_node = lower_priority_node;
  return reweigh(votes, votes.members, has_witness);
}

VoteState reweigh(const VoteState& votes, NodeMask present_nodes, bool witness_available) {
  constexpr int floor_with_witness = 3;
  VoteState after = votes;
  if (!votes.dynamic_quorum) {
    after.dynamic_weight = votes.node_weight & votes.members;
    after.witness_vote = votes.has_witness;
    return after;
  }

  after.dynamic_weight = present_nodes & votes.node_weight & votes.members;
  if (after.dynamic_weight == 0) return votes;
  const bool even = is_even(count(after.dynamic_weight));
  after.witness_vote = even && votes.has_witness && witness_available;
  if (even && !after.witness_vote) after.dynamic_weight &= ~node_bit(node_without_vote(votes, after.dynamic_weight));

  const bool shrinks_too_far = votes_total(after) < floor_with_witness && votes_total(votes) >= floor_with_witness;
  return votes.has_witness && shrinks_too_far ? votes : after;
}

}  // namespace rehearse::model
