// The corpus of wrong designs: each file beside the diagnostics that it must give, word for word.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "model/design_reader.hpp"
#include "tests/support/files.hpp"

namespace rehearse::model {
namespace {

using tests::content_of;
using tests::files_ending_in;

namespace fs = std::filesystem;

fs::path folder() {
  return fs::path(REHEARSE_SOURCE_DIR) / "tests/negative/designs";
}

TEST(NegativeDesigns, every_wrong_design_has_its_expected_diagnostics_beside_it) {
  EXPECT_GE(files_ending_in(folder(), ".json").size(), 25u);
  EXPECT_EQ(files_ending_in(folder(), ".json"), files_ending_in(folder(), ".expected"));
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

INSTANTIATE_TEST_SUITE_P(Corpus, NegativeDesign, testing::ValuesIn(files_ending_in(folder(), ".json")),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace rehearse::model
