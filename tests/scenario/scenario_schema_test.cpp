// The JSON Schema beside the scenarios and the reader must know the same objects, keys and words.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "model/steps/operations.hpp"
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

TEST(ScenarioSchema, names_every_fault_where_its_scope_belongs_and_repairs_only_where_they_are_possible) {
  using enum FaultScope;
  for (const FaultScope scope : {none, node, worker, host, hosts}) {
    std::set<std::string> faults, repairs;
    for (const std::string& name : fault_names()) {
      const FaultKind kind = *fault_from(name);
      if (scope_of(kind) != scope) continue;
      faults.insert(name);
      if (can_be_repaired(kind)) repairs.insert(name);
    }
    const std::string on = scope == none ? "" : " on " + std::string(key_of(scope));
    EXPECT_EQ(words(alternative("timeline", "fault" + on).at("fault")), faults);
    EXPECT_EQ(words(alternative("timeline", "repair" + on).at("repair")), repairs);
  }
}

TEST(ScenarioSchema, gives_every_operation_its_own_name) {
  for (const steps::OperationInfo& operation : steps::operations()) {
    EXPECT_EQ(words(alternative("timeline", operation.name).at("step")), std::set<std::string>{operation.name});
  }
}

TEST(ScenarioSchema, names_the_refusals_of_the_handshake) {
  const std::vector<std::string> names = refusal_names();
  EXPECT_EQ(words(alternative("expect", "worker").at("refused")), std::set<std::string>(names.begin(), names.end()));
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
