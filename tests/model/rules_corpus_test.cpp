// The corpus of design rules: for each rule a design that breaks it and nothing else, and the same design with the
// remedy applied in one place, which breaks nothing. And the shipped designs, whose findings are pinned.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "model/rules/check.hpp"
#include "tests/support/files.hpp"

namespace rehearse::model::rules {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using tests::content_of;

fs::path root() {
  return fs::path(REHEARSE_SOURCE_DIR);
}

CheckResult check_file(const fs::path& path) {
  CheckOptions options;
  options.date = *parse_date("2027-01-01T00:00:00Z");
  return check(content_of(path), path.string(), path.parent_path().string(), options);
}

std::string diagnostics(const CheckResult& result) {
  std::string text;
  for (const Diagnostic& diagnostic : result.diagnostics) text += to_text(diagnostic) + "\n";
  return text;
}

std::vector<std::string> tokens_of(const std::string& pointer) {
  std::vector<std::string> tokens;
  std::istringstream stream(pointer);
  std::string token;
  std::getline(stream, token, '/');
  while (std::getline(stream, token, '/')) tokens.push_back(token);
  return tokens;
}

/// What all pointers have in common, as tokens.
std::vector<std::string> common(const std::vector<std::vector<std::string>>& pointers) {
  std::vector<std::string> result = pointers.front();
  for (const auto& other : pointers) {
    const auto end = std::mismatch(result.begin(), result.end(), other.begin(), other.end()).first;
    result.erase(end, result.end());
  }
  return result;
}

class RuleCorpus : public testing::TestWithParam<std::string> {
 protected:
  fs::path file(const char* name) const { return root() / "tests/negative/rules" / GetParam() / name; }
};

TEST_P(RuleCorpus, fires_on_the_failing_design_and_no_other_error_or_warning_does) {
  const CheckResult result = check_file(file("failing.json"));
  ASSERT_TRUE(result.readable()) << diagnostics(result);
  bool fired = false;
  for (const Told& told : result.findings) {
    const bool mine = told.rule->id == GetParam();
    fired = fired || mine;
    if (mine) {
      EXPECT_EQ(told.level, told.rule->level);
      EXPECT_GT(told.place.line, 0);
      EXPECT_FALSE(told.what.empty());
      EXPECT_FALSE(told.what.ends_with('.')) << told.what;
      EXPECT_FALSE(told.remedy.empty());
      EXPECT_FALSE(told.remedy.ends_with('.')) << told.remedy;
    } else {
      EXPECT_EQ(told.level, Level::note) << told.rule->id << ": " << told.what;
    }
  }
  EXPECT_TRUE(fired);
}

TEST_P(RuleCorpus, is_silent_with_its_remedy_and_so_is_every_other_error_or_warning) {
  const CheckResult result = check_file(file("passing.json"));
  ASSERT_TRUE(result.readable()) << diagnostics(result);
  for (const Told& told : result.findings) {
    EXPECT_NE(told.rule->id, GetParam()) << told.what;
    EXPECT_EQ(told.level, Level::note) << told.rule->id << ": " << told.what;
  }
}

TEST_P(RuleCorpus, has_a_remedy_that_changes_one_place_and_points_there) {
  const json failing = json::parse(content_of(file("failing.json")));
  const json passing = json::parse(content_of(file("passing.json")));
  std::vector<std::vector<std::string>> changed;
  for (const json& change : json::diff(failing, passing)) changed.push_back(tokens_of(change.at("path")));
  ASSERT_FALSE(changed.empty());
  const std::vector<std::string> place = common(changed);
  EXPECT_FALSE(place.empty());
  const CheckResult result = check_file(file("failing.json"));
  EXPECT_TRUE(std::any_of(result.findings.begin(), result.findings.end(), [&](const Told& told) {
    if (told.rule->id != GetParam()) return false;
    const std::vector<std::string> found = tokens_of(told.place.pointer);
    return std::mismatch(found.begin(), found.end(), place.begin(), place.end()).first == found.end() ||
           std::mismatch(place.begin(), place.end(), found.begin(), found.end()).first == place.end();
  })) << "the finding points elsewhere than to where its remedy goes";
  // Several changes are one place when they are inside of one object or list.
  if (changed.size() > 1) {
    EXPECT_GE(place.size(), 2u) << json::diff(failing, passing);
  }
}

std::vector<std::string> ids() {
  return rule_ids();
}

INSTANTIATE_TEST_SUITE_P(Every, RuleCorpus, testing::ValuesIn(ids()), [](const auto& test) {
  std::string name = test.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(RuleCorpora, hold_one_folder_for_every_rule_and_no_other) {
  std::set<std::string> folders;
  for (const fs::directory_entry& entry : fs::directory_iterator(root() / "tests/negative/rules")) {
    if (entry.path().filename() != "artefacts") folders.insert(entry.path().filename().string());
  }
  const std::vector<std::string> all = ids();
  EXPECT_EQ(folders, std::set<std::string>(all.begin(), all.end()));
}

TEST(ShippedDesigns, that_are_references_break_no_rule_of_severity_error_or_warning) {
  for (const char* name : {"reference.json", "separate.json"}) {
    const CheckResult result = check_file(root() / "scenarios/designs" / name);
    ASSERT_TRUE(result.readable()) << diagnostics(result);
    for (const Told& told : result.findings) {
      EXPECT_EQ(told.level, Level::note) << name << ": " << told.rule->id << ": " << told.what;
    }
  }
}

// Many shipped designs have one fault on purpose, which their scenarios are about. A change of this list is a change of
// verdicts about designs, and is to be looked at line by line.
TEST(ShippedDesigns, have_the_errors_and_warnings_that_are_pinned) {
  std::vector<fs::path> paths;
  for (const char* folder : {"scenarios/designs", "scenarios/cluster/designs", "scenarios/scale_out/designs"}) {
    for (const fs::directory_entry& entry : fs::directory_iterator(root() / folder)) {
      if (entry.path().extension() == ".json") paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::ostringstream found;
  for (const fs::path& path : paths) {
    const CheckResult result = check_file(path);
    EXPECT_TRUE(result.readable()) << path << diagnostics(result);
    for (const Told& told : result.findings) {
      if (told.level == Level::note) continue;
      found << fs::relative(path, root()).string() << ": " << to_text(told.level) << " " << told.rule->id << " at "
            << told.place.pointer << "\n";
    }
  }
  EXPECT_EQ(found.str(), content_of(root() / "tests/golden/check/shipped_designs.txt"));
}

}  // namespace
}  // namespace rehearse::model::rules
