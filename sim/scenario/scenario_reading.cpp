#include "sim/scenario/scenario_reading.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/endpoint.hpp"

namespace rehearse::sim {
namespace {

using model::Object;
using model::Shape;
using model::Value;

using Names = std::vector<std::string>;

/// The known name that is meant, or nullopt after a diagnostic. Without knowledge of the design every name is right.
std::optional<std::string> resolve(const std::string& name, std::string_view kind, const std::optional<Names>& known,
                                   const Value& value) {
  if (!known) return name;
  for (const std::string& candidate : *known) {
    if (model::same_name(candidate, name)) return candidate;
  }
  const std::string guess = model::did_you_mean(name, *known);
  std::string remedy = known->empty() ? "the design has none" : "the design has " + model::listed(*known);
  if (!guess.empty()) remedy = "did you mean '" + guess + "'?";
  value.error(fmt::format("the design has no {} '{}'", kind, name), std::move(remedy));
  return std::nullopt;
}

template <class Plans>
Names names_of(const Plans& plans) {
  Names names;
  for (const auto& plan : plans) names.push_back(plan.name);
  return names;
}

Names hosts_of(const world::Blueprint& plan, bool with_witness) {
  Names names;
  for (const world::HostPlan& host : plan.hosts) {
    const bool machine = host.kind == world::HostKind::cluster_node || host.kind == world::HostKind::worker_machine;
    if (with_witness || machine) names.push_back(host.name);
  }
  return names;
}

std::optional<std::string> resolve_text(const Value& value, std::string_view kind, const std::optional<Names>& known) {
  const std::optional<std::string> name = value.text();
  return name ? resolve(*name, kind, known, value) : std::nullopt;
}

std::optional<Names> nodes_of(const std::optional<world::Blueprint>& plan) {
  return plan ? std::optional(names_of(plan->design().cluster.nodes)) : std::nullopt;
}

std::optional<Names> workers_of(const std::optional<world::Blueprint>& plan) {
  return plan ? std::optional(names_of(plan->workers)) : std::nullopt;
}

/// Every resource, or those of one kind.
Names resources_of(const world::Blueprint& plan, std::optional<world::ResourceKind> kind) {
  Names names;
  for (const world::ResourcePlan& resource : plan.resources) {
    if (!kind || resource.kind == *kind) names.push_back(resource.name);
  }
  return names;
}

std::optional<Names> roles_of(const std::optional<world::Blueprint>& plan) {
  return plan ? std::optional(names_of(plan->groups)) : std::nullopt;
}

}  // namespace

std::optional<std::string> ScenarioReading::node_named(const std::string& name, const Value& value) const {
  return resolve(name, "node", nodes_of(plan), value);
}

std::optional<std::string> ScenarioReading::worker_named(const std::string& name, const Value& value) const {
  return resolve(name, "worker", workers_of(plan), value);
}

std::optional<std::string> ScenarioReading::role_or_resource_named(const std::string& name, const Value& value) const {
  if (!plan) return name;
  Names known = names_of(plan->groups);
  for (std::string& resource : resources_of(*plan, std::nullopt)) known.push_back(std::move(resource));
  return resolve(name, "role or resource", known, value);
}

std::optional<std::string> ScenarioReading::node(const Value& value) const {
  return resolve_text(value, "node", nodes_of(plan));
}

std::optional<std::string> ScenarioReading::worker(const Value& value) const {
  return resolve_text(value, "worker", workers_of(plan));
}

std::optional<std::string> ScenarioReading::worker_or_all(const Value& value) const {
  const std::optional<std::string> name = value.text();
  if (!name || *name == "all") return name;
  return worker_named(*name, value);
}

std::optional<std::string> ScenarioReading::host(const Value& value) const {
  return resolve_text(value, "host", plan ? std::optional(hosts_of(*plan, false)) : std::nullopt);
}

std::optional<std::string> ScenarioReading::any_host(const Value& value) const {
  return resolve_text(value, "host", plan ? std::optional(hosts_of(*plan, true)) : std::nullopt);
}

std::optional<std::string> ScenarioReading::network(const Value& value) const {
  return resolve_text(value, "network", plan ? std::optional(names_of(plan->networks)) : std::nullopt);
}

std::optional<std::string> ScenarioReading::site(const Value& value) const {
  if (!plan) return value.text();
  Names named = plan->sites;
  std::erase(named, "");
  return resolve_text(value, "site", named);
}

std::optional<std::string> ScenarioReading::resource(const Value& value) const {
  return resolve_text(value, "resource", plan ? std::optional(resources_of(*plan, std::nullopt)) : std::nullopt);
}

std::optional<std::string> ScenarioReading::address(const Value& value) const {
  using enum world::ResourceKind;
  return resolve_text(value, "IP Address", plan ? std::optional(resources_of(*plan, address)) : std::nullopt);
}

std::optional<std::string> ScenarioReading::disk(const Value& value) const {
  using enum world::ResourceKind;
  return resolve_text(value, "disk", plan ? std::optional(resources_of(*plan, disk)) : std::nullopt);
}

std::optional<std::string> ScenarioReading::any_disk(const Value& value) const {
  using enum world::ResourceKind;
  if (!plan) return value.text();
  Names known = resources_of(*plan, disk);
  if (plan->witness == model::Witness::Kind::disk) known.push_back(plan->design().cluster.witness.path);
  return resolve_text(value, "disk", known);
}

std::optional<std::string> ScenarioReading::role(const Value& value) const {
  return resolve_text(value, "role", roles_of(plan));
}

std::optional<std::string> ScenarioReading::batch(const Value& value) const {
  return resolve_text(value, "batch", plan ? std::optional(names_of(plan->batches)) : std::nullopt);
}

std::optional<std::string> ScenarioReading::certificate(const Value& value) const {
  if (!plan) return value.text();
  Names keys;
  for (const world::CertificatePlan& one : plan->certificates) keys.push_back(one.design_key);
  return resolve_text(value, "certificate", keys);
}

std::optional<Duration> ScenarioReading::instant(const Value& value) const {
  const std::optional<Duration> since_start = value.duration();
  if (!since_start || *since_start <= end) return since_start;
  value.error(
      fmt::format("{} lies after the end of the rehearsal", model::to_text(*since_start)),
      fmt::format("write a length of time since the start of at most {}, or rehearse longer", model::to_text(end)));
  return std::nullopt;
}

std::optional<model::Member> head_of(const Value& value, std::string_view what, const Names& heads) {
  const std::optional<std::vector<model::Member>> members = value.members();
  if (!members) return std::nullopt;
  std::vector<model::Member> found;
  for (const model::Member& member : *members) {
    if (std::find(heads.begin(), heads.end(), member.name) != heads.end()) found.push_back(member);
  }
  if (found.size() == 1) return found.front();
  if (found.size() > 1) {
    value.error(fmt::format("{} has both '{}' and '{}'", what, found[0].name, found[1].name),
                "write an object for each");
    return std::nullopt;
  }
  for (const model::Member& member : *members) {
    if (model::did_you_mean(member.name, heads).empty()) continue;
    member.unknown_name("key", heads);
    return std::nullopt;
  }
  value.error(fmt::format("{} has none of the keys that say what it is", what), "add " + model::listed(heads));
  return std::nullopt;
}

std::optional<std::string> only_one_of(const Object& object, const Shape& shape, const Names& keys) {
  Names found;
  for (const std::string& key : keys) {
    if (object.has(key)) found.push_back(key);
  }
  if (found.size() == 1) return found.front();
  if (found.size() > 1) {
    object.value().error(fmt::format("'{}' and '{}' exclude each other", found[0], found[1]), "keep one of the two");
    return std::nullopt;
  }
  const std::optional<std::vector<model::Member>> members = object.value().members();
  const bool misspelled = members && std::any_of(members->begin(), members->end(), [&](const model::Member& member) {
                            const bool known =
                                std::any_of(shape.keys.begin(), shape.keys.end(),
                                            [&](const model::Key& key) { return key.name == member.name; });
                            return !known && !model::did_you_mean(member.name, keys).empty();
                          });
  if (!misspelled) object.value().error("the key " + model::listed(keys) + " is missing", "add one of them");
  return std::nullopt;
}

}  // namespace rehearse::sim
