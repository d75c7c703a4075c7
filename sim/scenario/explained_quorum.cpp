// Which side stays the cluster, and who may form it (W 1.6, W 2).
#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "sim/scenario/decision_scene.hpp"
#include "sim/world/decisions.hpp"

namespace rehearse::sim {
namespace {

using fmt::format;
using world::bit;
using world::HostIndex;
using world::RecordKind;

constexpr std::string_view continues = "goes on", ends = "its cluster services stop";

std::string votes_fact(const Scene& scene, const model::QuorumVerdict& verdict) {
  const model::VoteState& votes = scene.state.cluster.votes;
  const std::uint64_t voting = votes.dynamic_weight & votes.node_weight & votes.members;
  return format("{} of {} votes, {} needed; votes: {}{}", verdict.votes_present, verdict.votes_total, verdict.needed,
                scene.nodes(voting), votes.witness_vote ? " and the witness" : "");
}

bool someone_reaches_witness(const Scene& scene, std::uint64_t nodes) {
  const world::Network network = scene.network();
  bool reached = false;
  world::for_each_bit(nodes, [&](HostIndex node) { reached = reached || network.reaches_witness(node); });
  return reached;
}

bool is_member(const Scene& scene, HostIndex node) {
  return (scene.state.cluster.members & bit(node)) != 0;
}

void put_verdict(Decision& decision, const Scene& scene, const model::QuorumVerdict& verdict) {
  decision.facts.push_back(votes_fact(scene, verdict));
  decision.rule = verdict.rule;
  decision.source = verdict.source;
}

// ------------------------------------------------------------------------------------------------ regroup

enum class Outcome { goes_on, stops, arbitrates };

/// What the run did after the regroup.
Outcome outcome_of(const Scene& scene) {
  if (scene.consequences(RecordKind::node_removed) != 0) return Outcome::goes_on;
  return scene.consequences(RecordKind::quorum_lost) != 0 ? Outcome::stops : Outcome::arbitrates;
}

std::string_view answer_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::goes_on: return continues;
    case Outcome::stops: return ends;
    case Outcome::arbitrates: break;
  }
  return "arbitrates for the witness";
}

std::optional<Decision> regrouped(const Scene& scene) {
  const world::ClusterState& cluster = scene.state.cluster;
  const HostIndex node = scene.subject();
  const auto side = static_cast<std::uint64_t>(scene.record().value);
  Outcome expected = Outcome::stops;
  Decision decision =
      scene.decision(Decision::Kind::quorum, format("quorum of {} after a regroup", scene.nodes(side)), "");
  if ((cluster.rival & bit(node)) != 0) {
    const int left = std::popcount(side & cluster.rival), all = std::popcount(cluster.rival);
    if (2 * left > all) return std::nullopt;  // it goes on as it was
    decision.facts.push_back(format("{} of the {} nodes that went on beside a forced cluster", left, all));
    decision.rule = "a side that was left out by a forced quorum counts its own nodes only";
    decision.source = "W 2.4, assumed";
  } else if (!is_member(scene, node)) {
    decision.rule = "the other side has already decided without this one";
    decision.source = "W 1.2";
  } else if (cluster.members == side) {
    return std::nullopt;  // everybody is there
  } else if (cluster.forced) {
    expected = Outcome::goes_on;
    decision.rule = "forced quorum: no majority is asked for";
    decision.source = "W 2.4";
  } else {
    const model::QuorumVerdict verdict = model::judge(cluster.votes, {side, false});
    expected = verdict.quorate ? Outcome::goes_on : verdict.witness_needed ? Outcome::arbitrates : Outcome::stops;
    put_verdict(decision, scene, verdict);
  }
  const Outcome seen = outcome_of(scene);
  decision.answer = answer_of(seen);
  scene.must(seen == expected, format("the side {}; by the rules it {}", answer_of(seen), answer_of(expected)));
  return decision;
}

// ------------------------------------------------------------------------------------------------ arbitration

Decision won(const Scene& scene) {
  const std::uint64_t side = scene.state.cluster.members & ~scene.consequences(RecordKind::node_removed);
  const model::QuorumVerdict verdict = model::judge(scene.state.cluster.votes, {side, true});
  Decision decision = scene.decision(Decision::Kind::arbitration,
                                     format("arbitration for the witness by {}", scene.nodes(side)), "won, goes on");
  put_verdict(decision, scene, verdict);
  scene.must(verdict.quorate || scene.state.cluster.forced, "the witness does not give this side a majority");
  scene.must(someone_reaches_witness(scene, side), "nobody of this side reaches the witness");
  return decision;
}

Decision lost(const Scene& scene) {
  const std::uint64_t side = scene.consequences(RecordKind::quorum_lost);
  const HostIndex holder = scene.state.cluster.witness_owner;
  Decision decision =
      scene.decision(Decision::Kind::arbitration, format("arbitration for the witness by {}", scene.nodes(side)),
                     format("lost, {}", ends));
  const model::QuorumVerdict with_witness = model::judge(scene.state.cluster.votes, {side, true});
  decision.source = "W 2.3";
  if (!is_member(scene, scene.subject())) {
    decision.rule = "the other side has locked the witness and goes on without this one";
  } else if (!someone_reaches_witness(scene, side)) {
    decision.rule = "nobody of this side reaches the witness";
  } else if (!with_witness.quorate) {
    put_verdict(decision, scene, with_witness);
  } else {
    const bool defended = scene.plan.witness == model::Witness::Kind::disk && holder != world::none &&
                          (side & bit(holder)) == 0 && world::is_active_member(holder, scene.state);
    scene.must(defended, "nothing keeps this side from the witness");
    decision.facts.push_back(format("{} holds the witness disk and reaches it", scene.plan.hosts[holder].name));
    decision.rule = "the owner of a disk witness renews its reservation against every challenger";
    decision.source = "W 6.3";
  }
  return decision;
}

// ------------------------------------------------------------------------------------------------ losing, forming

/// Quorum lost otherwise than by a regroup or an arbitration, which are explained where they end.
std::optional<Decision> lost_quorum(const Scene& scene) {
  const RecordKind why = scene.cause_kind();
  if (why == RecordKind::regroup_done || why == RecordKind::arbitration_lost) return std::nullopt;
  Decision decision =
      scene.decision(Decision::Kind::quorum, format("quorum of {}", scene.subject_name()), std::string(ends));
  if (why == RecordKind::node_left) {
    const std::uint64_t rest = world::active_members(scene.state);
    const model::QuorumVerdict verdict =
        model::judge(scene.state.cluster.votes, {rest, someone_reaches_witness(scene, rest)});
    put_verdict(decision, scene, verdict);
    return decision;
  }
  const world::Network network = scene.network();
  bool told = false;
  world::for_each_bit(world::active_members(scene.state),
                      [&](HostIndex peer) { told = told || network.hears(scene.subject(), peer); });
  scene.must(!is_member(scene, scene.subject()) && told, "nobody can have told it");
  decision.rule = "the others removed it while it did not hear them, and it meets one of them";
  decision.source = "W 1.2";
  return decision;
}

std::optional<Decision> formed(const Scene& scene, bool refused) {
  const world::State& state = scene.state;
  const HostIndex node = scene.subject();
  if (scene.cause_kind() == RecordKind::cluster_created) return std::nullopt;
  Decision decision =
      scene.decision(Decision::Kind::forming, format("{} finds no cluster to join", scene.subject_name()),
                     refused ? "does not form it" : "forms it");
  if (scene.record().value != 0) {
    decision.rule = "forced quorum: this node's cluster database counts, no majority is asked for";
    decision.source = "W 2.4";
    return decision;
  }
  std::uint64_t present = 0, newest = 0;
  const world::Network network = scene.network();
  for (HostIndex peer = 0; peer < scene.plan.node_count; ++peer) {
    const world::HostState& host = state.hosts[peer];
    const bool starting = host.service == world::ClusterService::starting && host.quarantined_until == core::never;
    if (!starting || (peer != node && !network.hears(node, peer))) continue;
    present |= bit(peer);
    newest = std::max(newest, host.epoch);
  }
  const model::QuorumVerdict by_nodes = model::judge(state.cluster.votes, {present, false});
  const bool with_witness = !by_nodes.quorate && by_nodes.witness_needed && network.reaches_witness(node);
  const model::QuorumVerdict verdict = model::judge(state.cluster.votes, {present, with_witness});
  const bool database_brought = with_witness && scene.plan.witness == model::Witness::Kind::disk;
  const bool newest_known = newest == state.cluster.epoch || database_brought;
  scene.must(verdict.quorate && newest_known != refused, "another side may form the cluster");
  decision.facts.push_back(format("starting and in reach: {}", scene.nodes(present)));
  put_verdict(decision, scene, verdict);
  if (refused) {
    decision.rule = "none of these nodes has the newest cluster database";
    decision.source = "W 2.4, event 1561";
  }
  return decision;
}

}  // namespace

std::optional<Decision> explain_quorum(const Scene& scene) {
  switch (scene.record().kind) {
    case RecordKind::regroup_done: return regrouped(scene);
    case RecordKind::arbitration_won: return won(scene);
    case RecordKind::arbitration_lost: return lost(scene);
    case RecordKind::quorum_lost: return lost_quorum(scene);
    case RecordKind::cluster_formed: return formed(scene, false);
    case RecordKind::form_refused: return formed(scene, true);
    default: return std::nullopt;
  }
}

}  // namespace rehearse::sim
