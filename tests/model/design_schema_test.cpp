// The JSON Schema beside the scenarios and the reader must know the same keys: whoever adds one to the reader and
// forgets the schema learns it here, and the other way round.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "model/artefacts/settings_keys.hpp"
#include "model/defaults.hpp"
#include "model/design_reading.hpp"
#include "model/design_shapes.hpp"

namespace rehearse::model {
namespace {

using nlohmann::json;

struct Keys {
  std::set<std::string> known, required;
  friend bool operator==(const Keys&, const Keys&) = default;
};
using KeysByPath = std::map<std::string, Keys>;

/// Gathers the objects of a schema by their path, following $ref. Distributions are gathered once, under their own
/// path.
class SchemaWalk {
 public:
  explicit SchemaWalk(const json& schema) : schema_(schema) { walk(schema, ""); }
  const KeysByPath& found() const { return found_; }

 private:
  void walk(const json& node, const std::string& path) {
    if (const auto ref = node.find("$ref"); ref != node.end()) {
      const std::string target = ref->get<std::string>();
      const bool distribution = target == "#/$defs/distribution";
      if (distribution && found_.contains("#distribution")) return;
      walk(schema_.at(json::json_pointer(target.substr(1))), distribution ? "#distribution" : path);
      return;
    }
    for (const json& alternative : node.value("anyOf", json::array())) walk(alternative, path);
    if (const auto items = node.find("items"); items != node.end()) walk(*items, path + "/*");
    const auto others = node.find("additionalProperties");
    if (others != node.end() && others->is_object()) walk(*others, path + "/*");
    const auto properties = node.find("properties");
    if (properties == node.end()) return;
    EXPECT_EQ(node.value("additionalProperties", json()), json(false)) << path << " must refuse unknown keys";
    Keys& keys = found_[path];
    for (const json& name : node.value("required", json::array())) keys.required.insert(name.get<std::string>());
    for (const auto& [name, value] : properties->items()) {
      keys.known.insert(name);
      walk(value, path + "/" + name);
    }
  }

  const json& schema_;
  KeysByPath found_;
};

json schema() {
  std::ifstream file(std::string(REHEARSE_SOURCE_DIR) + "/scenarios/design.schema.json");
  return json::parse(file);
}

template <class Settings>
std::set<std::string> names_of(const std::vector<SettingsKey<Settings>>& keys) {
  std::set<std::string> names;
  for (const auto& key : keys) {
    names.emplace(key.name);
    if (!key.other_name.empty()) names.emplace(key.other_name);
  }
  return names;
}

KeysByPath keys_of_the_reader() {
  KeysByPath result;
  const auto add = [&](const std::vector<Shape>& shapes) {
    for (const Shape& shape : shapes) {
      Keys& keys = result[std::string(shape.path)];
      for (const Key& key : shape.keys) {
        keys.known.emplace(key.name);
        if (key.need == Need::required) keys.required.emplace(key.name);
      }
    }
  };
  add(design_shapes());
  add(distribution_shapes());
  for (const std::string& name : parameter_names()) result["/parameters"].known.insert(name);
  for (const ClusterProperty& property : cluster_properties()) {
    result["/cluster/properties"].known.emplace(property.name);
  }
  result["/scale_out/master/settings"].known = names_of(master_settings_keys());
  result["/scale_out/workers/*/settings"].known = names_of(worker_settings_keys());
  return result;
}

TEST(DesignSchema, knows_the_objects_and_keys_that_the_reader_knows) {
  const json parsed = schema();
  const KeysByPath in_schema = SchemaWalk(parsed).found();
  const KeysByPath in_reader = keys_of_the_reader();
  for (const auto& [path, keys] : in_reader) {
    ASSERT_TRUE(in_schema.contains(path)) << "the schema has no object at '" << path << "'";
    EXPECT_EQ(keys.known, in_schema.at(path).known) << "at '" << path << "'";
    EXPECT_EQ(keys.required, in_schema.at(path).required) << "at '" << path << "'";
  }
  for (const auto& [path, keys] : in_schema)
    EXPECT_TRUE(in_reader.contains(path)) << path << " is unknown to the reader";
}

TEST(DesignSchema, gives_cluster_properties_the_ranges_of_the_reader) {
  const json parsed = schema();
  const json& properties = parsed.at(json::json_pointer("/properties/cluster/properties/properties/properties"));
  for (const ClusterProperty& property : cluster_properties()) {
    const json& written = properties.at(std::string(property.name));
    EXPECT_EQ(written.at("minimum").get<std::int64_t>(), property.min) << property.name;
    EXPECT_EQ(written.at("maximum").get<std::int64_t>(), property.max) << property.name;
  }
}

TEST(DesignSchema, gives_parameters_the_types_of_the_reader) {
  const json parsed = schema();
  const json& parameters = parsed.at(json::json_pointer("/properties/parameters/properties"));
  for (std::size_t i = 0; i < timing_count; ++i) {
    const std::string name(name_of(static_cast<Timing>(i)));
    EXPECT_EQ(parameters.at(name).value("$ref", ""), "#/$defs/distribution") << name;
  }
  for (std::size_t i = 0; i < setting_count; ++i) {
    const auto setting = static_cast<Setting>(i);
    const std::string name(name_of(setting));
    if (is_count(setting)) {
      EXPECT_EQ(parameters.at(name).value("type", ""), "integer") << name;
    } else {
      EXPECT_EQ(parameters.at(name).value("$ref", ""), "#/$defs/duration") << name;
    }
  }
  for (std::size_t i = 0; i < switch_count; ++i) {
    const std::string name(name_of(static_cast<Switch>(i)));
    EXPECT_EQ(parameters.at(name).value("type", ""), "boolean") << name;
  }
}

}  // namespace
}  // namespace rehearse::model
