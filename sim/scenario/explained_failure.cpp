// What follows the failure of a resource: a restart in place, a failover, or nothing (W 3.2, 3.3, 4.5); and which nodes
// fail too often to be let in (W 1.5).
#include <fmt/format.h>

#include "sim/scenario/decision_scene.hpp"
#include "sim/world/decisions.hpp"

namespace rehearse::sim {
namespace {

using fmt::format;
using model::Setting;
using world::RecordKind;
using Restart = model::RestartDecision::Kind;
using Failover = model::GroupDecision::Kind;

/// "1 restart", "2 restarts".
std::string counted(int number, std::string_view one) {
  return format("{} {}{}", number, one, number == 1 ? "" : "s");
}

Duration now(const Scene& scene) {
  return scene.record().at.time_since_epoch();
}

model::RestartDecision judge_failure(const Scene& scene, world::ResourceIndex resource) {
  return model::after_resource_failure(scene.state.resources[resource].restarts, now(scene),
                                       world::restart_settings(resource, scene.state, scene.plan));
}

std::string restarts_of(const Scene& scene, world::ResourceIndex resource) {
  const model::RestartSettings settings = world::restart_settings(resource, scene.state, scene.plan);
  return format("{} in the last {} (RestartPeriod), RestartThreshold {}, RestartAction {}",
                counted(scene.state.resources[resource].restarts.count_within(now(scene), settings.period), "restart"),
                model::to_text(settings.period), settings.threshold, static_cast<int>(settings.action));
}

model::GroupDecision judge_role(const Scene& scene, world::GroupIndex group) {
  const world::GroupPolicy& policy = scene.plan.groups[group].policy;
  return model::after_restart_exhausted(scene.state.groups[group].failovers, now(scene),
                                        static_cast<int>(scene.plan.node_count), policy.failover_threshold,
                                        policy.failover_period);
}

std::string failovers_of(const Scene& scene, world::GroupIndex group, int limit) {
  const world::GroupPolicy& policy = scene.plan.groups[group].policy;
  return format(
      "{} of {} in the last {} (FailoverPeriod), FailoverThreshold {}",
      counted(scene.state.groups[group].failovers.count_within(now(scene), policy.failover_period), "failover"),
      scene.plan.groups[group].name, model::to_text(policy.failover_period), limit);
}

Decision restarts(const Scene& scene) {
  const world::ResourceIndex resource = scene.subject();
  const model::RestartDecision judged = judge_failure(scene, resource);
  scene.must(judged.kind == Restart::restart_in_place && judged.delay == Duration(scene.record().value),
             std::string(judged.rule));
  Decision decision = scene.decision(Decision::Kind::restart, format("failure of {}", scene.subject_name()),
                                     format("restart in place after {}", model::to_text(judged.delay)));
  decision.facts.push_back(restarts_of(scene, resource));
  decision.rule = judged.rule;
  decision.source = judged.source;
  return decision;
}

/// The retry that RetryPeriodOnFailure brought, and that could not be done.
Decision retry_fails(const Scene& scene, Decision decision) {
  const world::ResourceIndex resource = scene.subject();
  const world::GroupIndex group = scene.plan.resources[resource].group;
  const std::uint64_t online = world::online_places(group, scene.state, scene.plan);
  const world::HostIndex owner = scene.state.groups[group].owner;
  const bool acts = world::is_active_member(owner, scene.state) && !scene.state.hosts[owner].hung;
  scene.must(!acts || !scene.state.resources[resource].needs.met_by(online), "the retry could have been done");
  decision.about = format("retry of {}", scene.subject_name());
  decision.rule = "what it depends on is not online, or its node does not answer";
  decision.source = "W 3.4";
  return decision;
}

Decision stays_failed(const Scene& scene) {
  const world::ResourceIndex resource = scene.subject();
  const world::GroupIndex group = scene.plan.resources[resource].group;
  Decision decision =
      scene.decision(Decision::Kind::stays_failed, format("failure of {}", scene.subject_name()), "stays Failed");
  if (scene.cause_kind() == RecordKind::resource_retried) return retry_fails(scene, std::move(decision));
  const model::RestartDecision judged = judge_failure(scene, resource);
  scene.must(judged.kind != Restart::restart_in_place, std::string(judged.rule));
  decision.facts.push_back(restarts_of(scene, resource));
  decision.rule = judged.rule;
  decision.source = judged.source;
  if (judged.kind == Restart::stay_failed) return decision;
  const model::GroupDecision role = judge_role(scene, group);
  decision.facts.push_back(failovers_of(scene, group, role.limit));
  if (role.kind == Failover::stay_failed) {
    decision.rule = role.rule;
    decision.source = role.source;
    return decision;
  }
  const auto request = world::placement_request(group, model::MoveReason::resource_failure, 0, scene.state, scene.plan);
  const model::PlacementDecision placement = model::choose_target(request, 0);
  scene.must(placement.node == model::no_node, "the role could have failed over");
  world::for_each_bit(scene.state.cluster.configured, [&](world::HostIndex node) {
    decision.options.push_back({scene.plan.hosts[node].name, std::string(model::to_text(placement.excluded.at(node)))});
  });
  decision.rule = placement.rule;
  decision.source = placement.source;
  return decision;
}

Decision quarantined(const Scene& scene) {
  const model::Parameters& parameters = scene.plan.parameters();
  const Duration window = parameters.length(Setting::quarantine_window);
  const int departures = scene.state.hosts[scene.subject()].departures.count_within(now(scene), window);
  scene.must(departures >= parameters[Setting::quarantine_threshold], "too few departures");
  Decision decision =
      scene.decision(Decision::Kind::quarantine, format("{} leaves again", scene.subject_name()),
                     format("quarantined for {}", model::to_text(parameters.length(Setting::quarantine_duration))));
  decision.facts.push_back(format("{} in the last {}, QuarantineThreshold {}", counted(departures, "departure"),
                                  model::to_text(window), parameters[Setting::quarantine_threshold]));
  decision.rule =
      "a node that leaves as often as QuarantineThreshold may not join, unless a quarter of the nodes is out";
  decision.source = "W 1.5";
  return decision;
}

}  // namespace

void add_failure(const Scene& scene, Decision& decision) {
  const world::Record* failed = scene.cause();
  const bool follows = failed != nullptr && failed->kind == RecordKind::resource_failed;
  scene.must(follows, "no resource failed");
  const world::ResourceIndex resource = failed->subject.index();
  const model::RestartDecision judged = judge_failure(scene, resource);
  scene.must(judged.kind == Restart::fail_over_group, std::string(judged.rule));
  const model::GroupDecision role = judge_role(scene, scene.subject());
  scene.must(role.kind == Failover::fail_over, std::string(role.rule));
  decision.facts.push_back(format("{} failed: {}", scene.plan.resources[resource].name, judged.rule));
  decision.facts.push_back(restarts_of(scene, resource));
  decision.facts.push_back(failovers_of(scene, scene.subject(), role.limit));
}

std::optional<Decision> explain_failure(const Scene& scene) {
  switch (scene.record().kind) {
    case RecordKind::restart_scheduled: return restarts(scene);
    case RecordKind::stays_failed: return stays_failed(scene);
    case RecordKind::node_quarantined: return quarantined(scene);
    default: return std::nullopt;
  }
}

}  // namespace rehearse::sim
