// Site files: the shipped ones are read without a word, the wrong ones are refused with the words that stand beside
// them, and the JSON Schema knows what the reader knows.
#include "real_backend/site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "tests/real_backend/asking.hpp"
#include "tests/support/files.hpp"

namespace rehearse::real {
namespace {

using tests::content_of;
using tests::files_ending_in;

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

fs::path shipped() {
  return fs::path(REHEARSE_SOURCE_DIR) / "scenarios/sites";
}
fs::path wrong() {
  return fs::path(REHEARSE_SOURCE_DIR) / "tests/negative/sites";
}

std::string told_by(const SiteResult& result) {
  std::string told;
  for (const model::Diagnostic& diagnostic : result.diagnostics) told += model::to_text(diagnostic) + "\n";
  return told;
}

TEST(Sites, shipped_ones_are_read_without_a_word) {
  const std::set<std::string> names = files_ending_in(shipped(), ".json");
  EXPECT_FALSE(names.empty());
  for (const std::string& name : names) {
    const SiteResult result = read_site_file((shipped() / (name + ".json")).string());
    EXPECT_EQ(told_by(result), "");
    EXPECT_TRUE(result.site);
  }
}

TEST(Sites, say_all_that_performing_takes) {
  const SiteResult result = read_site_file((shipped() / "joint.json").string());
  ASSERT_TRUE(result.site);
  const Site& site = *result.site;
  EXPECT_EQ(site.media, "\\\\files\\software\\sql2019");
  EXPECT_EQ(site.program_files, "C:\\Program Files");
  EXPECT_EQ(site.sql_data_folder, "S:\\MSSQL");
  EXPECT_EQ(site.sql_account, "CORP\\svc-sql");
  EXPECT_EQ(site.agent_account, "CORP\\svc-sqlagent");
  EXPECT_EQ(site.sql_administrators, std::vector<std::string>{"CORP\\dba"});
  EXPECT_EQ(site.cluster_address, "10.0.0.49");
  EXPECT_EQ(site.second_hop, SecondHop::scheduled_task);
  EXPECT_EQ(site.secrets.at("SSISDB master key").command,
            (std::vector<std::string>{"pass", "show", "ssis/master-key"}));
  EXPECT_EQ(site.secrets.at(installation_secret(site)).environment, "INSTALLER_PASSWORD");
}

TEST(Sites, certificate_files_count_from_the_folder_of_the_site_file_and_must_be_there) {
  const TestFolder folder;
  std::ofstream(folder.path("site.json")) << R"({"media": "D:\\Setup", "second_hop": "delegated",
    "certificate_files": {"master": "master.pfx", "worker": "/elsewhere/worker.pfx"}})";
  std::ofstream(folder.path("master.pfx")) << "x";
  EXPECT_THAT(told_by(read_site_file(folder.path("site.json"))), HasSubstr("there is no file '/elsewhere/worker.pfx'"));

  const SiteResult unopened = read_site(content_of(folder.path("site.json")), folder.path("site.json"));
  ASSERT_TRUE(unopened.site) << told_by(unopened);
  EXPECT_EQ(unopened.site->certificate_files.at("master"), folder.path("master.pfx"));
  EXPECT_EQ(unopened.site->certificate_files.at("worker"), "/elsewhere/worker.pfx");
}

TEST(Sites, a_file_that_cannot_be_read_is_told) {
  EXPECT_THAT(told_by(read_site_file("/there/is/no/such/file")), HasSubstr("the site file cannot be read"));
}

TEST(NegativeSites, every_wrong_site_has_its_expected_diagnostics_beside_it) {
  EXPECT_GE(files_ending_in(wrong(), ".json").size(), 12u);
  EXPECT_EQ(files_ending_in(wrong(), ".json"), files_ending_in(wrong(), ".expected"));
}

class NegativeSite : public testing::TestWithParam<std::string> {};

TEST_P(NegativeSite, is_refused_with_the_expected_words) {
  const std::string text = content_of(wrong() / (GetParam() + ".json"));
  const SiteResult result = read_site(text, GetParam() + ".json");
  EXPECT_FALSE(result.site);
  EXPECT_TRUE(model::has_errors(result.diagnostics));
  EXPECT_EQ(told_by(result), content_of(wrong() / (GetParam() + ".expected")));
  EXPECT_EQ(told_by(result).find("planted-password"), std::string::npos) << "a secret was repeated";
}

INSTANTIATE_TEST_SUITE_P(Corpus, NegativeSite, testing::ValuesIn(files_ending_in(wrong(), ".json")),
                         [](const auto& test) { return test.param; });

struct Keys {
  std::set<std::string> known, required;
  friend bool operator==(const Keys&, const Keys&) = default;
};

void gather(const json& node, const std::string& path, std::map<std::string, Keys>& found) {
  const auto properties = node.find("properties");
  if (properties != node.end()) {
    EXPECT_EQ(node.value("additionalProperties", json()), json(false)) << path << " must refuse unknown keys";
    Keys& keys = found[path];
    for (const json& name : node.value("required", json::array())) keys.required.insert(name.get<std::string>());
    for (const auto& [name, value] : properties->items()) {
      keys.known.insert(name);
      gather(value, path + "/" + name, found);
    }
  } else if (const auto others = node.find("additionalProperties"); others != node.end() && others->is_object()) {
    gather(*others, path + "/*", found);
  }
}

TEST(SiteSchema, knows_the_objects_and_keys_that_the_reader_knows) {
  std::map<std::string, Keys> in_schema, in_reader;
  gather(json::parse(content_of(fs::path(REHEARSE_SOURCE_DIR) / "scenarios/site.schema.json")), "", in_schema);
  for (const model::Shape& shape : site_shapes()) {
    Keys& keys = in_reader[std::string(shape.path)];
    for (const model::Key& key : shape.keys) {
      keys.known.emplace(key.name);
      if (key.need == model::Need::required) keys.required.emplace(key.name);
    }
  }
  EXPECT_EQ(in_schema.size(), in_reader.size());
  for (const auto& [path, keys] : in_reader) {
    ASSERT_TRUE(in_schema.contains(path)) << path;
    EXPECT_EQ(keys.known, in_schema.at(path).known) << path;
    EXPECT_EQ(keys.required, in_schema.at(path).required) << path;
  }
}

}  // namespace
}  // namespace rehearse::real
