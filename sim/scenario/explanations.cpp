#include "sim/scenario/explanations.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "sim/scenario/decision_scene.hpp"

namespace rehearse::sim {

using world::RecordKind;

std::string_view to_text(Decision::Kind kind) {
  switch (kind) {
    case Decision::Kind::placement: return "placement";
    case Decision::Kind::failback: return "failback";
    case Decision::Kind::quorum: return "quorum";
    case Decision::Kind::arbitration: return "arbitration";
    case Decision::Kind::forming: return "forming";
    case Decision::Kind::restart: return "restart";
    case Decision::Kind::stays_failed: return "stays_failed";
    case Decision::Kind::quarantine: return "quarantine";
  }
  throw std::logic_error("no such kind of decision");
}

// ------------------------------------------------------------------------------------------------ the scene

RecordKind Scene::cause_kind() const {
  const world::Record* why = cause();
  return why == nullptr ? RecordKind::count_ : why->kind;
}

std::uint64_t Scene::consequences(RecordKind kind) const {
  std::uint64_t mask = 0;
  const std::vector<world::Record>& records = run.journal.records;
  for (std::size_t later = index + 1; later < records.size() && records[later].at == record().at; ++later) {
    const bool follows = records[later].kind == kind && records[later].cause == id();
    if (follows) mask |= world::bit(records[later].subject.index());
  }
  return mask;
}

Decision Scene::decision(Decision::Kind kind, std::string about, std::string answer) const {
  Decision decision;
  decision.kind = kind;
  decision.at = record().at;
  decision.record = id();
  decision.about = std::move(about);
  decision.answer = std::move(answer);
  return decision;
}

void Scene::must(bool holds, const std::string& what) const {
  if (holds) return;
  throw std::logic_error(fmt::format("record {} ({} of {}, seed {}) is not what the rules lead to: {}", id(),
                                     world::to_text(record().kind), subject_name(), run.scenario.seed, what));
}

std::string Scene::nodes(std::uint64_t mask) const {
  std::string text;
  world::for_each_bit(mask, [&](world::HostIndex node) {
    if (node < plan.node_count) text += (text.empty() ? "" : ", ") + plan.hosts[node].name;
  });
  return text.empty() ? "none" : text;
}

// ------------------------------------------------------------------------------------------------ the run

std::vector<Decision> explain(const RunResult& run) {
  std::vector<Decision> decisions;
  const auto add = [&](std::optional<Decision> decision) {
    if (decision) decisions.push_back(std::move(*decision));
  };
  const auto add_all = [&](std::vector<Decision> more) {
    for (Decision& decision : more) decisions.push_back(std::move(decision));
  };
  const std::vector<world::Record>& records = run.journal.records;
  world::State state = run.first;
  bool nodes_left = false;  // in this instant, or the cluster formed
  for (std::size_t index = 0; index < records.size(); ++index) {
    const world::Record& record = records[index];
    const Scene scene(run, state, index);
    add(explain_placement(scene));
    add(explain_failure(scene));
    add(explain_quorum(scene));
    add_all(explain_failed_drain(scene));
    world::apply(state, record, *run.plan);
    nodes_left = nodes_left || record.kind == RecordKind::node_removed || record.kind == RecordKind::node_left ||
                 record.kind == RecordKind::cluster_formed;
    const bool instant_ends = index + 1 == records.size() || records[index + 1].at > record.at;
    if (!instant_ends) continue;
    if (nodes_left) add_all(explain_orphans(scene));
    nodes_left = false;
  }
  return decisions;
}

}  // namespace rehearse::sim
