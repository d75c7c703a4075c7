// No automatic rule makes a second quorate partition. Whoever goes on without some of the members holds more than half
// of the votes as they were before, the witness's included where it was won; whoever forms the cluster finds nobody of
// it alive; and there is always a vote left. Only ForceQuorum stands above that (W 2.1, 2.4).
#include <bit>

#include "sim/scenario/checks/check.hpp"
#include "sim/world/network.hpp"

namespace rehearse::sim {
namespace {

using world::bit;
using world::Record;
using world::RecordKind;
using world::State;

class Partitions : public Check {
 public:
  using Check::Check;

  void before(const Record& record, world::RecordId, const State& state) override {
    switch (record.kind) {
      case RecordKind::arbitration_won: witness_won_ = true; return;
      case RecordKind::cluster_formed:
        if (record.value == 0) check_formed(record.subject.index(), state);
        return;
      case RecordKind::node_removed:
        if (!removing_) {
          removing_ = true;
          before_ = state.cluster;
        }
        return;
      case RecordKind::votes_changed: return check_votes(record, state);
      default: return;
    }
  }

  void instant_over(core::Time, const State&) override { removing_ = witness_won_ = false; }

 private:
  static int node_votes(const world::ClusterState& cluster, std::uint64_t nodes) {
    const model::VoteState& votes = cluster.votes;
    return std::popcount(votes.dynamic_weight & votes.node_weight & votes.members & nodes);
  }
  static int all_votes(const world::ClusterState& cluster) {
    return node_votes(cluster, ~std::uint64_t{0}) + (cluster.votes.witness_vote ? 1 : 0);
  }

  bool holds_witness(std::uint64_t nodes, const State& state) const {
    const world::HostIndex holder = state.cluster.witness_owner;
    if (!state.cluster.votes.witness_vote || holder == world::none || (nodes & bit(holder)) == 0) return false;
    if (state.witness.down) return false;
    if (plan_.witness != model::Witness::Kind::disk) return machines_meet(holder, plan_.witness_host, state, plan_);
    const world::SiteIndex here = plan_.hosts[holder].site, there = plan_.witness_site;
    const bool apart =
        there != world::none && there != here && (state.cluster.cut_links & world::site_pair(here, there)) != 0;
    return (state.witness.cut & bit(holder)) == 0 && !apart;
  }

  void check_formed(world::HostIndex node, const State& state) const {
    std::uint64_t starting = bit(node), living = 0;
    for (world::HostIndex other = 0; other < plan_.node_count; ++other) {
      const world::HostState& host = state.hosts[other];
      if (is_active_member(other, state)) living |= bit(other);
      if (host.service == world::ClusterService::starting) starting |= bit(other);
    }
    if (state.cluster.configured == 0) return;  // it is being created
    // A side that has lost its quorum may not know it yet; one that has it must not be joined by a second.
    const int theirs = node_votes(state.cluster, living) + (holds_witness(living, state) ? 1 : 0);
    if (2 * theirs > all_votes(state.cluster)) broken(node_name(node) + " forms the cluster while there is one");
    const int at_most = node_votes(state.cluster, starting) + (state.cluster.votes.witness_vote ? 1 : 0);
    if (2 * at_most <= all_votes(state.cluster))
      broken(node_name(node) + " forms the cluster with half of the votes or fewer");
  }

  /// Dynamic quorum settles what a loss has left: the moment to ask whether it could be survived.
  void check_votes(const Record& record, const State& state) {
    const auto weights = static_cast<std::uint64_t>(record.value) & state.cluster.configured & plan_.voters;
    if (weights == 0 && record.object != 1) broken("no vote is left");
    if (!std::exchange(removing_, false) || before_.forced) return;
    const int present =
        node_votes(before_, state.cluster.members) + (before_.votes.witness_vote && witness_won_ ? 1 : 0);
    if (2 * present <= all_votes(before_)) broken("nodes go on with half of the votes or fewer");
  }

  bool removing_ = false, witness_won_ = false;
  world::ClusterState before_;  // when the first of several nodes was removed
};

}  // namespace

std::unique_ptr<Check> check_partitions(const world::Blueprint& plan) {
  return std::make_unique<Partitions>(plan);
}

}  // namespace rehearse::sim
