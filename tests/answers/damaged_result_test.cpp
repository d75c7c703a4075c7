// Files that are no saved results, or no longer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "sim/answers/saved_result.hpp"

namespace rehearse::sim {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::vector<std::string> told(const std::string& text) {
  std::vector<std::string> lines;
  for (const model::Diagnostic& diagnostic : read_saved_result(text, "f").diagnostics) {
    EXPECT_FALSE(diagnostic.remedy.empty()) << diagnostic.what;
    lines.push_back(model::to_text(diagnostic));
  }
  return lines;
}

TEST(DamagedResult, of_another_kind_is_told_once_with_what_makes_a_right_one) {
  const std::string tables = "SQLite format 3" + std::string(5, '\0');
  for (const std::string& text : {std::string(), std::string("<!DOCTYPE html>"), tables, std::string("[]"),
                                  std::string(R"({ "traceEvents": [] })")}) {
    const std::vector<std::string> lines = told(text);
    ASSERT_EQ(lines.size(), 1U) << text;
    EXPECT_THAT(lines[0], AllOf(HasSubstr("no saved result of Rehearse"), HasSubstr("--save FILE"))) << text;
  }
}

TEST(DamagedResult, that_is_not_there_is_told_with_what_makes_one) {
  const SavedResultReading reading = read_saved_result_file("/no/such/file");
  ASSERT_EQ(reading.diagnostics.size(), 1U);
  EXPECT_THAT(model::to_text(reading.diagnostics[0]), AllOf(HasSubstr("does not exist"), HasSubstr("--save FILE")));
}

TEST(DamagedResult, with_a_hundred_thousand_problems_tells_the_first_ones) {
  std::string text = R"({ "format": "rehearse-runs", "version": 2, "runs": [{ "timeline": [{})";
  for (int record = 1; record < 100'000; ++record) text += ",{}";
  const std::vector<std::string> lines = told(text + "] }] }");
  EXPECT_GT(lines.size(), 20U);
  EXPECT_LT(lines.size(), 200U);
  EXPECT_THAT(lines.back(), HasSubstr("what comes after was not looked at"));
}

}  // namespace
}  // namespace rehearse::sim
