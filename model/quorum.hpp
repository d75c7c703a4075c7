// Quorum: may this set of nodes be the cluster? A partition may when it holds more than half of the *current* votes.
// The current votes are not the configured ones: dynamic quorum takes the vote of a node that was lost, and dynamic
// witness switches the witness's vote so that the total stays odd (W 2.1). Both happen after a loss has been survived,
// never during it, which is why two losses one after the other are survived and the same two at once are not (W 2.2).
//
// Values in, verdict out; who is present, who owns the witness and when membership is stable are the caller's
// knowledge. The rules are those of 2012 R2 and later; 2012 R2 differs only in not knowing PreferredSite.
#pragma once

#include <string_view>

#include "model/node_mask.hpp"

namespace rehearse::model {

/// Everything about votes that the cluster keeps in its database.
struct VoteState {
  NodeMask members = 0;               // configured nodes
  NodeMask node_weight = 0;           // NodeWeight: may ever vote
  NodeMask dynamic_weight = 0;        // DynamicWeight: votes now
  bool has_witness = false;           // a witness is configured, whatever its state
  bool witness_vote = false;          // WitnessDynamicWeight
  bool dynamic_quorum = true;         // cluster property DynamicQuorum
  int lower_priority_node = no_node;  // LowerQuorumPriorityNodeID, as a node of this model
  NodeMask preferred_site = 0;        // nodes of the cluster's PreferredSite, 2016 and later; 0: none
  friend bool operator==(const VoteState&, const VoteState&) = default;
};

/// Nodes that can talk to one another.
struct Partition {
  NodeMask present = 0;
  bool witness_owned = false;  // this side locked the witness
};

struct QuorumVerdict {
  bool quorate = false;
  int votes_present = 0;
  int votes_total = 0;
  int needed = 0;
  bool witness_needed =
      false;              // the nodes alone do not suffice, with the witness they would: arbitration is called for
  std::string_view rule;  // the reason, as a sentence
  std::string_view source;
};

int votes_total(const VoteState& votes);

QuorumVerdict judge(const VoteState& votes, const Partition& partition);

/// The votes of a cluster of `nodes` nodes, all up, each with a vote, after its first stable membership.
VoteState votes_of_new_cluster(int nodes, bool has_witness, bool dynamic_quorum = true,
                               int lower_priority_node = no_node);

/// What dynamic quorum and dynamic witness do once a quorate membership is stable (W 2.1): absent nodes lose their
/// votes, present ones regain theirs, and an even number of node votes is made odd: by the witness, else by taking a
/// vote. `witness_available`: this side owns a witness that works. For a planned stop call it with the nodes that will
/// remain, before the stop: the vote is handed over (W 2.2).
///
/// Whose vote is taken: LowerQuorumPriorityNodeID's; else the highest node id outside the preferred site; else the
/// highest node id (the last two assumed: W 2.1 only says that the preferred site is to survive).
///
/// Two states stay exactly as they are:
/// - With a witness configured a total of three or more is never shrunk below three (W 2.1). So the last node needs the
///   witness, and two nodes whose witness fails keep its vote on: WitnessDynamicWeight would be 0 for a failed witness,
///   but the floor is the stronger rule, and the one that promises less.
/// - When no node that may vote remains there is nobody to hand a vote to (assumed): node votes never reach zero, and a
///   witness alone is no cluster.
///
/// Without dynamic quorum votes are the configured ones, the witness's among them whatever its state (assumed).
VoteState reweigh(const VoteState& votes, NodeMask present_nodes, bool witness_available);

}  // namespace rehearse::model
