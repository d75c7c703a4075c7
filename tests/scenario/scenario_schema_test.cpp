// The JSON Schema beside the scenarios and the reader must know the same objects, keys and words.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "model/steps/operations.hpp"
#include "sim/scenario/checks/observation.hpp"
#include "sim/scenario/fault_kinds.hpp"
#include "sim/scenario/handshake_names.hpp"
#include "sim/scenario/scenario_shapes.hpp"

namespace rehearse::sim {
namespace {

using nlohmann::json;

struct Keys {
  std::set<std::string> known, required;
  friend bool operator==(const Keys&, const Keys&) = default;
};
using KeysByPath = std::map<std::string, Keys>;

/// Gathers the objects of the schema by their path; an alternative adds ':' and its title.
void gather(const json& node, const std::string& path, KeysByPath& found) {
  if (const auto items = node.find("items"); items != node.end()) gather(*items, path + "/*", found);
  for (const json& alternative : node.value("anyOf", json::array())) {
    gather(alternative, path + ":" + alternative.at("title").get<std::string>(), found);
  }
  const auto properties = node.find("properties");
  if (properties == node.end()) return;
  EXPECT_EQ(node.value("additionalProperties", json()), json(false)) << path << " must refuse unknown keys";
  EXPECT_FALSE(found.contains(path)) << path << " is there twice";
  Keys& keys = found[path];
  for (const json& name : node.value("required", json::array())) keys.required.insert(name.get<std::string>());
  for (const auto& [name, value] : properties->items()) {
    keys.known.insert(name);
    gather(value, path + "/" + name, found);
  }
}

json schema() {
  std::ifstream file(std::string(REHEARSE_SOURCE_DIR) + "/scenarios/scenario.schema.json");
  return json::parse(file);
}

/// The alternative of that title among the items of a section.
json alternative(const std::string& section, const std::string& title) {
  const json parsed = schema();
  for (const json& one : parsed.at("properties").at(section).at("items").at("anyOf")) {
    if (one.at("title") == title) return one.at("properties");
  }
  ADD_FAILURE() << "no " << title << " under " << section;
  return json::object();
}

std::set<std::string> words(const json& property) {
  return property.value("enum", std::set<std::string>());
}

TEST(ScenarioSchema, knows_the_objects_and_keys_that_the_reader_knows) {
  KeysByPath in_schema;
  gather(schema(), "", in_schema);
  KeysByPath in_reader;
  for (const model::Shape& shape : scenario_shapes()) {
    Keys& keys = in_reader[std::string(shape.path)];
    for (const model::Key& key : shape.keys) {
      keys.known.emplace(key.name);
      if (key.need == model::Need::required) keys.required.emplace(key.name);
    }
  }
  for (const auto& [path, keys] : in_reader) {
    ASSERT_TRUE(in_schema.contains(path)) << "the schema has no object at '" << path << "'";
    EXPECT_EQ(keys.known, in_schema.at(path).known) << "at '" << path << "'";
    EXPECT_EQ(keys.required, in_schema.at(path).required) << "at '" << path << "'";
  }
  for (const auto& [path, keys] : in_schema) {
    EXPECT_TRUE(in_reader.contains(path)) << path << " is unknown to the reader";
  }
}

/// "fault with node, for?": the part of a shape's path that the schema has as a title.
std::string title_of(const model::Shape& shape) {
  return std::string(shape.path.substr(shape.path.find(':') + 1));
}

TEST(ScenarioSchema, names_every_fault_where_its_keys_belong_and_repairs_only_where_they_are_possible) {
  std::map<std::string, std::set<std::string>> faults, repairs;
  for (const FaultInfo& fault : fault_table()) {
    faults[title_of(fault_shape("fault", fault.kind))].emplace(fault.name);
    if (fault.can_be_repaired()) repairs[title_of(fault_shape("repair", fault.kind))].emplace(fault.name);
  }
  for (const auto& [title, names] : faults) EXPECT_EQ(words(alternative("timeline", title).at("fault")), names);
  for (const auto& [title, names] : repairs) EXPECT_EQ(words(alternative("timeline", title).at("repair")), names);
}

TEST(ScenarioSchema, names_the_words_that_a_fault_may_be_told_with) {
  const auto expect_words = [](FaultKind kind, const char* key, const model::Choices<std::string>& choices) {
    std::set<std::string> known;
    for (const auto& choice : choices) known.emplace(choice.first);
    EXPECT_EQ(words(alternative("timeline", title_of(fault_shape("fault", kind))).at(key)), known);
  };
  expect_words(FaultKind::node_hang, "kind", hang_kinds());
  expect_words(FaultKind::sql_component_error, "component", error_components());
  expect_words(FaultKind::certificate_wrong_binding, "kind", binding_kinds());
  expect_words(FaultKind::certificate_remove_from_store, "store", store_names());
  expect_words(FaultKind::configuration_account_password_expired, "account", account_owners());
}

TEST(ScenarioSchema, gives_every_operation_its_own_name) {
  for (const steps::OperationInfo& operation : steps::operations()) {
    EXPECT_EQ(words(alternative("timeline", operation.name).at("step")), std::set<std::string>{operation.name});
  }
}

TEST(ScenarioSchema, names_the_refusals_of_the_handshake) {
  const std::vector<std::string> names = refusal_names();
  EXPECT_EQ(words(schema().at("$defs").at("refusal")), std::set<std::string>(names.begin(), names.end()));
  for (const char* key : {"refused", "lurks", "second_connection_refused"}) {
    EXPECT_EQ(alternative("expect", "worker").at(key).at("$ref"), "#/$defs/refusal");
  }
}

TEST(ScenarioSchema, names_the_safety_observations) {
  std::set<std::string> names;
  for (const NamedObservation& observation : named_observations()) names.emplace(observation.name);
  EXPECT_EQ(words(alternative("expect", "finding").at("finding")), names);
}

TEST(ScenarioSchema, has_an_expectation_for_every_head_and_no_other) {
  std::set<std::string> titles;
  const json parsed = schema();
  for (const json& one : parsed.at("properties").at("expect").at("items").at("anyOf")) {
    titles.insert(one.at("title").get<std::string>());
  }
  EXPECT_EQ(titles, std::set<std::string>(expectation_heads().begin(), expectation_heads().end()));
}

TEST(HandshakeNames, lead_there_and_back) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(model::HandshakeOutcome::count_); ++i) {
    const auto outcome = static_cast<model::HandshakeOutcome>(i);
    EXPECT_EQ(handshake_outcome_from(name_of(outcome)), outcome);
  }
  EXPECT_EQ(name_of(model::HandshakeOutcome::master_expired), "master_expired");
  EXPECT_EQ(name_of(model::HandshakeOutcome::node_root_polluted), "node_root_polluted");
  EXPECT_FALSE(handshake_outcome_from("master_gone"));
  EXPECT_EQ(refusal_names().front(), "name_not_resolved");
}

}  // namespace
}  // namespace rehearse::sim
