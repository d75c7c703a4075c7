// The corpus of wrong designs: each file beside the diagnostics that it must give, word for word.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "model/design_reader.hpp"

namespace rehearse::model {
namespace {

namespace fs = std::filesystem;

fs::path folder() {
  return fs::path(REHEARSE_SOURCE_DIR) / "tests/negative/designs";
}

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

std::set<std::string> files_ending_in(const std::string& ending) {
  std::set<std::string> stems;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder())) {
    if (entry.path().extension() == ending) stems.insert(entry.path().stem().string());
  }
  return stems;
}

TEST(NegativeDesigns, every_wrong_design_has_its_expected_diagnostics_beside_it) {
  EXPECT_GE(files_ending_in(".json").size(), 25u);
  EXPECT_EQ(files_ending_in(".json"), files_ending_in(".expected"));
}

class NegativeDesign : public testing::TestWithParam<std::string> {};

TEST_P(NegativeDesign, is_refused_with_the_expected_words) {
  const std::string text = content_of(folder() / (GetParam() + ".json"));
  const DesignResult result = read_design(text, GetParam() + ".json", folder().string());
  EXPECT_FALSE(result.design.has_value());
  EXPECT_TRUE(has_errors(result.diagnostics));
  std::string told;
  for (const Diagnostic& diagnostic : result.diagnostics) told += to_text(diagnostic) + "\n";
  EXPECT_EQ(told, content_of(folder() / (GetParam() + ".expected")));
}

INSTANTIATE_TEST_SUITE_P(Corpus, NegativeDesign, testing::ValuesIn(files_ending_in(".json")),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace rehearse::model
