// A record at which the cluster decided something, with all that the decision could see: the state just before it. Used
// by explanations.hpp; one file a family of decisions.
#pragma once

#include <optional>

#include "sim/scenario/explanations.hpp"
#include "sim/world/network.hpp"

namespace rehearse::sim {

class Scene {
 public:
  Scene(const RunResult& result, const world::State& before, std::size_t position)
      : run(result), state(before), plan(*result.plan), index(position) {}

  const RunResult& run;
  const world::State& state;  // before the record
  const world::Blueprint& plan;
  std::size_t index;  // of the record in the journal

  const world::Record& record() const { return run.journal.records[index]; }
  world::RecordId id() const { return run.journal.first + index; }
  const world::Record* cause() const { return run.journal.find(record().cause); }
  /// The kind of the record's cause; RecordKind::count_: it came from outside.
  world::RecordKind cause_kind() const;
  std::uint32_t subject() const { return record().subject.index(); }
  std::string subject_name() const { return plan.name_of(record().subject); }
  std::string object_name() const { return plan.hosts.at(record().object).name; }
  world::Network network() const { return {state, plan}; }

  /// Whom this record made leave by records of that kind, in the same instant, as a mask of nodes.
  std::uint64_t consequences(world::RecordKind kind) const;

  Decision decision(Decision::Kind kind, std::string about, std::string answer) const;
  /// Throws std::logic_error: the run did not do what the rules say.
  void must(bool holds, const std::string& what) const;

  std::string nodes(std::uint64_t mask) const;
};

/// What was decided at the record; nothing: the record carries no decision of this family.
std::optional<Decision> explain_placement(const Scene& scene);
std::optional<Decision> explain_failure(const Scene& scene);
std::optional<Decision> explain_quorum(const Scene& scene);
/// Of a role that is moved because a resource failed: what the failure led to, as facts.
void add_failure(const Scene& scene, Decision& decision);
/// Roles that a drained node keeps.
std::vector<Decision> explain_failed_drain(const Scene& scene);
/// Roles whose node is gone and that nobody could take, at the end of an instant in which nodes left or the cluster
/// formed: `scene.state` is the state after it.
std::vector<Decision> explain_orphans(const Scene& scene);

}  // namespace rehearse::sim
