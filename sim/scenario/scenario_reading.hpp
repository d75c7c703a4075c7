// The inside of the scenario reader: what its sections share while a file is being read. The design comes first, so
// that references into it can be checked; when it could not be read, they are taken as they are, since its own
// diagnostics come along already.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/reading.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/world/blueprint.hpp"

namespace rehearse::sim {

struct ScenarioReading {
  Scenario scenario;
  std::string base_folder;                 // the design is opened relative to it
  std::string display_folder;              // and named relative to this in diagnostics
  std::optional<std::string> design_text;  // in place of the design's file
  std::vector<model::Diagnostic> of_scenario;
  std::vector<model::Diagnostic> of_design;

  std::optional<world::Blueprint> plan;  // what the design names; absent: it has errors
  Duration end{};                        // of the rehearsal, at the latest

  /// Names of the design in its own spelling (Windows compares them without case), or nullopt after a diagnostic.
  std::optional<std::string> node(const model::Value& value) const;
  std::optional<std::string> worker(const model::Value& value) const;
  std::optional<std::string> worker_or_all(const model::Value& value) const;
  std::optional<std::string> host(const model::Value& value) const;      // a node or a worker's machine
  std::optional<std::string> any_host(const model::Value& value) const;  // and the witness' server or cloud
  std::optional<std::string> network(const model::Value& value) const;
  std::optional<std::string> site(const model::Value& value) const;
  std::optional<std::string> resource(const model::Value& value) const;
  std::optional<std::string> address(const model::Value& value) const;   // a resource that is an IP Address
  std::optional<std::string> disk(const model::Value& value) const;      // a resource that is a disk
  std::optional<std::string> any_disk(const model::Value& value) const;  // and the disk witness
  std::optional<std::string> role(const model::Value& value) const;
  std::optional<std::string> batch(const model::Value& value) const;
  std::optional<std::string> certificate(const model::Value& value) const;  // the design's key

  /// The same for a name that stands inside a longer text at `value`.
  std::optional<std::string> node_named(const std::string& name, const model::Value& value) const;
  std::optional<std::string> worker_named(const std::string& name, const model::Value& value) const;
  std::optional<std::string> role_or_resource_named(const std::string& name, const model::Value& value) const;

  /// A length of time since the scenario's start that lies within the rehearsal.
  std::optional<Duration> instant(const model::Value& value) const;
};

/// The one member, of those named in `heads`, that the object at `value` has and that says of what kind it is; nullopt
/// after a diagnostic.
std::optional<model::Member> head_of(const model::Value& value, std::string_view what,
                                     const std::vector<std::string>& heads);

/// The one key out of `keys`, which exclude each other, that the object has; nullopt after a diagnostic.
std::optional<std::string> only_one_of(const model::Object& object, const model::Shape& shape,
                                       const std::vector<std::string>& keys);

/// What the fault or repair `entry`, whose kind is known, acts on, and how. False: something was told.
bool read_fault_details(const model::Object& object, TimelineEntry& entry, const ScenarioReading& reading);

void read_timeline(const model::Value& value, ScenarioReading& reading);
void read_expectations(const model::Value& value, ScenarioReading& reading);

}  // namespace rehearse::sim
