// The JSON Schema beside the scenarios and the reader must know the same keys.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "sim/study/study_shapes.hpp"
#include "tests/support/files.hpp"

namespace rehearse::sim {
namespace {

using nlohmann::json;

TEST(StudySchema, knows_the_keys_that_the_reader_knows) {
  const json schema = json::parse(tests::content_of(std::string(REHEARSE_SOURCE_DIR) + "/scenarios/study.schema.json"));
  std::set<std::string> known, required, in_reader, required_by_reader;
  for (const auto& [name, value] : schema.at("properties").items()) known.insert(name);
  for (const json& name : schema.at("required")) required.insert(name.get<std::string>());
  for (const model::Key& key : study_shape("").keys) {
    in_reader.emplace(key.name);
    if (key.need == model::Need::required) required_by_reader.emplace(key.name);
  }
  EXPECT_EQ(known, in_reader);
  EXPECT_EQ(required, required_by_reader);
  EXPECT_EQ(schema.at("additionalProperties"), json(false));
  for (const std::string name : {"rare", "capacity", "advice"}) {
    const json& object = schema.at("properties").at(name);
    std::set<std::string> keys, needed, read, needed_by_reader;
    for (const auto& [key, value] : object.at("properties").items()) keys.insert(key);
    for (const json& key : object.at("required")) needed.insert(key.get<std::string>());
    for (const model::Key& key : study_shape("/" + name).keys) {
      read.emplace(key.name);
      if (key.need == model::Need::required) needed_by_reader.emplace(key.name);
    }
    EXPECT_EQ(keys, read) << name;
    EXPECT_EQ(needed, needed_by_reader) << name;
    EXPECT_EQ(object.at("additionalProperties"), json(false)) << name;
  }
  EXPECT_EQ(study_shapes().size(), 4U) << "objects with keys of their own need a look here";
}

}  // namespace
}  // namespace rehearse::sim
