// The shipped scenarios, all of which must be read, and the corpus of wrong ones: each beside the diagnostics that it
// must give, word for word.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "sim/scenario/scenario_reader.hpp"
#include "tests/support/files.hpp"

namespace rehearse::sim {
namespace {

using tests::content_of;
using tests::files_ending_in;

namespace fs = std::filesystem;

fs::path shipped() {
  return fs::path(REHEARSE_SOURCE_DIR) / "scenarios";
}
fs::path wrong() {
  return fs::path(REHEARSE_SOURCE_DIR) / "tests/negative/scenarios";
}

std::set<std::string> shipped_scenarios() {
  std::set<std::string> names = files_ending_in(shipped(), ".json");
  std::erase_if(names, [](const std::string& name) { return name.ends_with(".schema"); });
  return names;
}

std::string told_by(const ScenarioResult& result) {
  std::string told;
  for (const model::Diagnostic& diagnostic : result.diagnostics) told += model::to_text(diagnostic) + "\n";
  return told;
}

class ShippedScenario : public testing::TestWithParam<std::string> {};

TEST_P(ShippedScenario, is_read_without_a_word_and_says_why_its_outcome_is_right) {
  const ScenarioResult result = read_scenario_file((shipped() / (GetParam() + ".json")).string());
  EXPECT_EQ(told_by(result), "");
  ASSERT_TRUE(result.scenario.has_value());
  const std::string& why = result.scenario->description;
  EXPECT_TRUE(why.find("(W ") != why.npos || why.find("(S ") != why.npos) << why;
  EXPECT_FALSE(result.scenario->expectations.empty());
}

INSTANTIATE_TEST_SUITE_P(Shipped, ShippedScenario, testing::ValuesIn(shipped_scenarios()),
                         [](const auto& test) { return test.param; });

TEST(NegativeScenarios, every_wrong_scenario_has_its_expected_diagnostics_beside_it) {
  EXPECT_GE(files_ending_in(wrong(), ".json").size(), 20u);
  EXPECT_EQ(files_ending_in(wrong(), ".json"), files_ending_in(wrong(), ".expected"));
}

class NegativeScenario : public testing::TestWithParam<std::string> {};

TEST_P(NegativeScenario, is_refused_with_the_expected_words) {
  const std::string text = content_of(wrong() / (GetParam() + ".json"));
  const ScenarioResult result = read_scenario(text, GetParam() + ".json", wrong().string());
  EXPECT_FALSE(result.scenario.has_value());
  EXPECT_TRUE(model::has_errors(result.diagnostics));
  EXPECT_EQ(told_by(result), content_of(wrong() / (GetParam() + ".expected")));
}

INSTANTIATE_TEST_SUITE_P(Corpus, NegativeScenario, testing::ValuesIn(files_ending_in(wrong(), ".json")),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace rehearse::sim
