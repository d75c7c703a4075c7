// A scenario keeps its story when its design is replaced.
#include "sim/diff/scenario_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rehearse::sim {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string root = REHEARSE_SOURCE_DIR;
const std::string reference = root + "/scenarios/designs/reference.json";

ScenarioFile file_of(const std::string& text) {
  std::vector<model::Diagnostic> diagnostics;
  auto file = ScenarioFile::of(text, root + "/scenarios/made.json", diagnostics);
  EXPECT_THAT(diagnostics, IsEmpty());
  return file.value();
}

std::string story(const std::string& design, const std::string& node = "SQL1") {
  return R"({ "name": "story", "start": "2027-03-01T00:30:00+01:00", "duration": "1h",
  "design": )" +
         design + R"(,
  "timeline": [{ "at": "40m", "fault": "node.power_loss", "node": ")" +
         node + R"(" }] })";
}

TEST(ScenarioFile, is_told_of_another_design) {
  const ScenarioFile file = file_of(story(R"("designs/separate.json")"));
  const ScenarioResult read = file.with_design(reference);
  ASSERT_TRUE(read.scenario);
  EXPECT_EQ(read.scenario->design.name, "reference");
  EXPECT_EQ(read.scenario->file, file.path());
  EXPECT_THAT(read.scenario->timeline, SizeIs(1));
}

TEST(ScenarioFile, needs_no_design_of_its_own_that_is_there) {
  EXPECT_TRUE(file_of(story(R"("nowhere.json")")).with_design(reference).scenario);
}

TEST(ScenarioFile, finds_the_end_of_a_name_with_quotes_and_backslashes) {
  const ScenarioFile file = file_of(story(R"("a \"b\\\" c\\")"));
  EXPECT_TRUE(file.with_design(reference).scenario);
}

TEST(ScenarioFile, may_begin_with_a_byte_order_mark) {
  EXPECT_TRUE(file_of("\xEF\xBB\xBF" + story(R"("x")")).with_design(reference).scenario);
}

TEST(ScenarioFile, says_at_the_line_of_the_file_which_name_the_design_does_not_have) {
  const ScenarioResult read = file_of(story(R"("x")", "SQL7")).with_design(reference);
  EXPECT_FALSE(read.scenario);
  ASSERT_THAT(read.diagnostics, SizeIs(1));
  EXPECT_EQ(read.diagnostics[0].place.line, 3);
  EXPECT_THAT(read.diagnostics[0].what, HasSubstr("no node 'SQL7'"));
}

TEST(ScenarioFile, that_names_no_design_gets_none) {
  for (const char* design : {"7", "null"}) {
    EXPECT_FALSE(file_of(story(design)).with_design(reference).scenario) << design;
  }
  EXPECT_FALSE(file_of(R"({ "name": "n" })").with_design(reference).scenario);
  EXPECT_FALSE(file_of("[]").with_design(reference).scenario);
}

TEST(ScenarioFile, tells_why_it_cannot_be_read) {
  std::vector<model::Diagnostic> diagnostics;
  EXPECT_FALSE(ScenarioFile::of("{ \"name\": ", "x.json", diagnostics));
  EXPECT_THAT(diagnostics, SizeIs(1));
  EXPECT_FALSE(ScenarioFile::read(root + "/nowhere.json", diagnostics));
  ASSERT_THAT(diagnostics, SizeIs(2));
  EXPECT_THAT(diagnostics[1].what, HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace rehearse::sim
