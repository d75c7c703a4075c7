// Which node takes a role, and which roles no node takes (W 4.2 to 4.4).
#include <fmt/format.h>

#include "model/failback.hpp"
#include "model/local_time.hpp"
#include "sim/scenario/decision_scene.hpp"
#include "sim/world/decisions.hpp"

namespace rehearse::sim {
namespace {

using fmt::format;
using model::Exclusion;
using model::MoveReason;
using world::HostIndex;
using world::MoveCause;
using world::none;
using world::RecordKind;

std::string why_excluded(Exclusion exclusion, HostIndex node, MoveReason reason, const Scene& scene) {
  const world::HostState& host = scene.state.hosts[node];
  if (exclusion == Exclusion::none) return {};
  if (exclusion == Exclusion::not_ready) {
    const auto kind = world::failover_kind(reason);
    return format("its replica is {}", model::to_text(world::failover_obstacle(node, kind, scene.state, scene.plan)));
  }
  if (exclusion == Exclusion::down && host.quarantined_until != core::never) return "down, quarantined";
  // A node that leaves takes no roles, whether an operator has paused it or not.
  const bool leaves = exclusion == Exclusion::paused && (scene.state.cluster.paused & world::bit(node)) == 0;
  return leaves ? "leaves the cluster" : std::string(model::to_text(exclusion));
}

std::vector<Option> options_of(const model::PlacementDecision& decision, MoveReason reason, const Scene& scene) {
  std::vector<Option> options;
  world::for_each_bit(scene.state.cluster.configured, [&](HostIndex node) {
    options.push_back({scene.plan.hosts[node].name, why_excluded(decision.excluded.at(node), node, reason, scene)});
  });
  return options;
}

/// Nodes that the decision could come to, whatever chance drew.
std::uint64_t outcomes_of(const model::PlacementRequest& request) {
  std::uint64_t outcomes = 0;
  for (std::uint64_t draw = 0; draw < model::max_nodes; ++draw) {
    constexpr int below_the_top_six_bits = 58;
    const int node = model::choose_target(request, draw << below_the_top_six_bits).node;
    if (node != model::no_node) outcomes |= model::node_bit(node);
  }
  return outcomes;
}

void put_rule(Decision& decision, const model::PlacementDecision& placement) {
  decision.rule = placement.rule;
  if (!placement.site_rule.empty()) decision.rule += format("; {}", placement.site_rule);
  decision.source = placement.source;
}

Decision placed(const Scene& scene, MoveReason reason, const std::string& occasion) {
  const world::GroupIndex group = scene.subject();
  const model::PlacementRequest request = world::placement_request(group, reason, 0, scene.state, scene.plan);
  const model::PlacementDecision placement = model::choose_target(request, 0);
  Decision decision = scene.decision(Decision::Kind::placement,
                                     format("placement of {} {}", scene.subject_name(), occasion), scene.object_name());
  decision.options = options_of(placement, reason, scene);
  put_rule(decision, placement);
  scene.must((outcomes_of(request) & world::bit(scene.record().object)) != 0,
             format("the role goes to {}, by the rules to {}", scene.object_name(), scene.nodes(outcomes_of(request))));
  return decision;
}

Decision failed_over(const Scene& scene) {
  Decision decision = placed(scene, MoveReason::resource_failure, "after a resource failure");
  add_failure(scene, decision);
  return decision;
}

Decision not_placed(const Scene& scene, world::GroupIndex group, MoveReason reason, const std::string& occasion) {
  const model::PlacementRequest request = world::placement_request(group, reason, 0, scene.state, scene.plan);
  const model::PlacementDecision placement = model::choose_target(request, 0);
  const std::string& role = scene.plan.groups[group].name;
  Decision decision =
      scene.decision(Decision::Kind::placement, format("placement of {} {}", role, occasion), "no node");
  decision.options = options_of(placement, reason, scene);
  put_rule(decision, placement);
  scene.must(placement.node == model::no_node,
             format("{} is left alone, by the rules it goes to {}", role, scene.nodes(outcomes_of(request))));
  return decision;
}

/// An operator names the node; the role goes there as long as the node may own it.
Decision moved(const Scene& scene) {
  const world::GroupIndex group = scene.subject();
  const HostIndex target = scene.record().object;
  Decision decision = scene.decision(Decision::Kind::placement,
                                     format("move of {} by an operator", scene.subject_name()), scene.object_name());
  const auto request = world::placement_request(group, MoveReason::manual_best, 0, scene.state, scene.plan);
  decision.options = options_of(model::choose_target(request, 0), MoveReason::manual_best, scene);
  decision.rule = "a planned move goes to any node that is up, not paused and a possible owner";
  decision.source = "W 4.3";
  scene.must(world::may_be_moved_to(group, target, scene.state, scene.plan), "the node cannot own the role");
  return decision;
}

/// An operator says where, and that what the replica there lacks may be lost.
Decision forced(const Scene& scene) {
  Decision decision =
      scene.decision(Decision::Kind::placement, format("forced failover of {} by an operator", scene.subject_name()),
                     scene.object_name());
  decision.rule = "a forced failover goes to any replica whose SQL Server runs, whatever it lacks";
  decision.source = "W 10";
  scene.must(world::is_active_member(scene.record().object, scene.state), "the node is no active member");
  return decision;
}

model::FailbackDecision failback_of(const Scene& scene) {
  const world::GroupPolicy& policy = scene.plan.groups[scene.subject()].policy;
  const auto request = world::placement_request(scene.subject(), MoveReason::failback, 0, scene.state, scene.plan);
  const int hour = model::local_hour(scene.plan.design().time_zone, scene.plan.date_at(scene.record().at));
  return model::decide_failback({policy.failback, policy.failback_from, policy.failback_until}, request, hour);
}

std::vector<Option> failback_options(const Scene& scene) {
  const auto request = world::placement_request(scene.subject(), MoveReason::failback, 0, scene.state, scene.plan);
  return options_of(model::choose_target(request, 0), MoveReason::failback, scene);
}

Decision failed_back(const Scene& scene) {
  using Kind = model::FailbackDecision::Kind;
  Decision decision =
      scene.decision(Decision::Kind::failback, format("failback of {}", scene.subject_name()), scene.object_name());
  const model::FailbackDecision by_policy = failback_of(scene);
  const auto target = static_cast<int>(scene.record().object);
  if (by_policy.kind == Kind::now && by_policy.node == target) {
    decision.options = failback_options(scene);
    decision.rule = by_policy.rule;
    decision.source = by_policy.source;
    return decision;
  }
  scene.must(scene.state.groups[scene.subject()].drained_from == scene.record().object,
             "neither its preferred owners nor a drain lead it there");
  decision.rule = "its node is resumed with failback: what the drain moved away comes back";
  decision.source = "W 1.4";
  return decision;
}

Decision failback_waits(const Scene& scene) {
  const model::FailbackDecision failback = failback_of(scene);
  scene.must(failback.kind == model::FailbackDecision::Kind::at_hour, "no failback window is to be waited for");
  Decision decision =
      scene.decision(Decision::Kind::failback, format("failback of {}", scene.subject_name()),
                     format("{}, at {}", scene.plan.hosts.at(static_cast<HostIndex>(failback.node)).name,
                            model::to_text(scene.plan.date_at(core::Time(Duration(scene.record().value))))));
  decision.options = failback_options(scene);
  decision.rule = failback.rule;
  decision.source = failback.source;
  return decision;
}

Decision waits_for_node(const Scene& scene) {
  const std::vector<int>& preferred = scene.plan.groups[scene.subject()].policy.preferred_owners;
  scene.must(!preferred.empty() && !world::is_active_member(static_cast<HostIndex>(preferred.front()), scene.state),
             "its most preferred node is there");
  Decision decision = scene.decision(Decision::Kind::placement,
                                     format("placement of {} at a cold start", scene.subject_name()), "waits");
  decision.facts.push_back(format("{}, its most preferred node, has not joined",
                                  scene.plan.hosts.at(static_cast<HostIndex>(preferred.front())).name));
  decision.rule = "a cold start waits ClusterGroupWaitDelay for the preferred node";
  decision.source = "W 1.3";
  return decision;
}

Decision stays(const Scene& scene) {
  const world::GroupState& role = scene.state.groups[scene.subject()];
  scene.must(role.target != none && !world::is_active_member(role.target, scene.state), "its target is there");
  Decision decision = scene.decision(Decision::Kind::placement, format("move of {}", scene.subject_name()),
                                     format("stays on {}", scene.plan.hosts.at(role.owner).name));
  decision.facts.push_back(format("{} was to take it", scene.plan.hosts.at(role.target).name));
  decision.rule = "the node that was to take the role is gone before the role has left";
  decision.source = "W 4.4, assumed";
  return decision;
}

Decision not_started(const Scene& scene) {
  scene.must(scene.plan.groups[scene.subject()].policy.priority == 0, "its priority is not 0");
  Decision decision =
      scene.decision(Decision::Kind::placement, format("start of {}", scene.subject_name()), "stays offline");
  decision.rule = "Priority 0: the cluster never starts it by itself";
  decision.source = "W 4.2";
  return decision;
}

}  // namespace

std::optional<Decision> explain_placement(const Scene& scene) {
  const auto cause = static_cast<MoveCause>(scene.record().value);
  switch (scene.record().kind) {
    case RecordKind::move_started:
      switch (cause) {
        case MoveCause::planned: return moved(scene);
        case MoveCause::drain:
        case MoveCause::node_stops: return placed(scene, MoveReason::drain, "by a drain");
        case MoveCause::failback: return failed_back(scene);
        case MoveCause::resource_failure: return failed_over(scene);
        case MoveCause::forced: return forced(scene);
        case MoveCause::node_loss:
        case MoveCause::cold_start: break;
      }
      scene.must(false, "such a role is not moved, it is taken");
      return std::nullopt;
    case RecordKind::owner_changed:
      if (cause == MoveCause::node_loss) return placed(scene, MoveReason::node_loss, "after node loss");
      if (cause == MoveCause::cold_start) return placed(scene, MoveReason::cold_start, "at a cold start");
      return std::nullopt;  // the end of a move
    case RecordKind::failback_planned: return failback_waits(scene);
    case RecordKind::role_waits: return waits_for_node(scene);
    case RecordKind::move_refused: return stays(scene);
    case RecordKind::role_wanted:
      if (scene.record().value == 0 && scene.cause_kind() == RecordKind::owner_changed) return not_started(scene);
      return std::nullopt;
    default: return std::nullopt;
  }
}

std::vector<Decision> explain_failed_drain(const Scene& scene) {
  const bool failed = scene.record().kind == RecordKind::drain_changed &&
                      static_cast<world::Drain>(scene.record().value) == world::Drain::failed;
  std::vector<Decision> decisions;
  for (world::GroupIndex group = 0; failed && group < scene.plan.groups.size(); ++group) {
    const world::GroupState& role = scene.state.groups[group];
    if (!role.exists || role.owner != scene.subject() || role.target != none) continue;
    decisions.push_back(not_placed(scene, group, MoveReason::drain, "by a drain"));
  }
  return decisions;
}

std::vector<Decision> explain_orphans(const Scene& scene) {
  std::vector<Decision> decisions;
  if (world::active_members(scene.state) == 0) return decisions;
  for (world::GroupIndex group = 0; group < scene.plan.groups.size(); ++group) {
    const world::GroupState& role = scene.state.groups[group];
    if (!role.exists || role.waits || role.owner == none) continue;
    // A node that is gone keeps its roles until the others have removed it.
    if ((scene.state.cluster.members & world::bit(role.owner)) != 0) continue;
    decisions.push_back(not_placed(scene, group, MoveReason::node_loss, "after node loss"));
  }
  return decisions;
}

}  // namespace rehearse::sim
