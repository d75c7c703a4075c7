// The cluster as a whole: forming it, quorum, properties. Its nodes: simulated_nodes.cpp, its roles and resources:
// simulated_roles.cpp.
#include <algorithm>

#include "model/endpoint.hpp"
#include "sim/async/simulated_call.hpp"
#include "sim/async/simulated_nodes.hpp"
#include "sim/world/membership.hpp"

namespace rehearse::sim {
namespace {

namespace cluster = steps::cluster;
using model::Setting;
using model::Timing;
using steps::Answer;
using steps::FailureCode;
using world::HostIndex;
using world::none;

struct OfCluster : OfNodes {
  using OfNodes::OfNodes;
  using OfNodes::operator();

  Progress pause(Timing timing) const { return pause_for(turn, timing, world::cluster_id); }

  // ---- forming it
  Progress operator()(const cluster::Answers&) const { return Answer(first_active_node() != none); }
  Progress operator()(const cluster::Exists& r) const {
    return Answer(state.cluster.created && model::same_name(r.cluster, design.cluster.name));
  }
  Progress operator()(const cluster::Validated& r) const { return Answer(state.cluster.validated == mask_of(r.nodes)); }
  Progress operator()(const cluster::Validate& r) const {
    const std::uint64_t nodes = mask_of(r.nodes);
    require_features(r.nodes);
    if (turn.stage == 0) return pause(Timing::validate_cluster);
    world.engine().emit(world::RecordKind::cluster_validated, world::cluster_id, turn.cause, none,
                        static_cast<std::int64_t>(nodes));
    return Answer();
  }
  Progress operator()(const cluster::Create& r) const {
    require(!state.cluster.created, FailureCode::conflict, "The nodes are in a cluster already");
    if (!model::same_name(r.cluster, design.cluster.name)) refuse_unknown("a cluster " + r.cluster);
    require(!r.nodes.empty(), FailureCode::refused, "A cluster needs a node");
    require_features(r.nodes);
    if (turn.stage == 0) return pause(Timing::create_cluster);
    world.membership().create_cluster(find_node(world, r.nodes.front()), mask_of(r.nodes), turn.cause);
    return Answer();
  }
  Progress operator()(const cluster::AddNode& r) const {
    require_cluster();
    const HostIndex node = find_node(world, r.node);
    require((state.cluster.configured & world::bit(node)) == 0, FailureCode::conflict,
            "The node '" + r.node + "' is in the cluster already");
    require_features({r.node});
    if (turn.stage == 0) return pause(Timing::create_cluster);  // as long as making a cluster (assumed)
    require(world.membership().add_node(node, turn.cause), FailureCode::refused,
            "The node '" + r.node + "' is in no state to join the cluster");
    return Answer();
  }

  // ---- quorum and properties: the world is built for the design's
  Progress operator()(const cluster::Quorum&) const {
    require_cluster();
    const bool configured = state.cluster.votes.has_witness;
    const model::Witness& witness = design.cluster.witness;
    std::vector<std::string> parts = {
        std::string(steps::to_text(configured ? witness.kind : model::Witness::Kind::none)),
        configured ? witness.path : ""};
    return Answer(std::move(parts));
  }
  Progress operator()(const cluster::SetQuorum& r) const {
    require_cluster();
    const model::Witness& designed = design.cluster.witness;
    if (r.kind != designed.kind || r.path != designed.path) refuse_unknown("the witness '" + r.path + "'");
    if (turn.stage == 0) return pause(Timing::small_change);
    if (designed.kind != model::Witness::Kind::none) world.membership().configure_witness(turn.cause);
    return Answer();
  }
  Progress operator()(const cluster::Property& r) const {
    require_cluster();
    return Answer(property(r.property));
  }
  Progress operator()(const cluster::SetProperty& r) const {
    require_cluster();
    if (property(r.property) != r.value) {
      refuse_unknown(r.property + " = " + std::to_string(r.value) + ", which is not the design's");
    }
    if (turn.stage == 0) return pause(Timing::small_change);
    return Answer();
  }

 private:
  std::uint64_t mask_of(const std::vector<std::string>& nodes) const {
    std::uint64_t mask = 0;
    for (const std::string& name : nodes) mask |= std::uint64_t{1} << find_node(world, name);
    return mask;
  }

  void require_features(const std::vector<std::string>& nodes) const {
    for (const std::string& name : nodes) {
      require(state.hosts[find_node(world, name)].feature, FailureCode::refused,
              "The Failover Clustering feature is not installed on " + name);
    }
  }

  // In Windows' own units (W 1.1).
  std::int64_t property(const std::string& name) const {
    const auto stated = design.cluster.properties.find(name);
    if (stated != design.cluster.properties.end()) return stated->second;
    const auto milliseconds = [&](Setting setting) {
      return std::chrono::duration_cast<std::chrono::milliseconds>(plan.parameters().length(setting)).count();
    };
    if (name == "SameSubnetDelay") return milliseconds(Setting::same_subnet_delay);
    if (name == "CrossSubnetDelay") return milliseconds(Setting::cross_subnet_delay);
    if (name == "SameSubnetThreshold") return plan.parameters()[Setting::same_subnet_threshold];
    if (name == "CrossSubnetThreshold") return plan.parameters()[Setting::cross_subnet_threshold];
    refuse_unknown("the cluster property " + name);
  }
};

}  // namespace

Progress take_turn(const steps::ClusterRequest& request, Turn turn) {
  return std::visit(OfCluster(turn), request);
}

}  // namespace rehearse::sim
