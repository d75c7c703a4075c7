// `rehearse faults` as users meet it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/cli/run_program.hpp"
#include "tests/support/files.hpp"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using rehearse::cli::Ended;
using testing::HasSubstr;

class FaultsCommand : public testing::Test {
 protected:
  Ended faults(const std::string& arguments) {
    return rehearse::cli::run_program(folder_.path(), "faults scenarios/designs/reference.json " + arguments);
  }

  rehearse::tests::TemporaryFolder folder_;
};

TEST_F(FaultsCommand, lists_the_faults_and_what_is_not_covered) {
  const Ended ended = faults("--list");
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("node.power_loss on SQL1"));
  EXPECT_THAT(ended.out, HasSubstr("until it is repaired"));
  EXPECT_THAT(ended.out, HasSubstr("network.link_down: the design has one site"));
}

TEST_F(FaultsCommand, tells_each_fault_the_worst_and_the_coverage) {
  const Ended ended = faults("--without-operations --quiet --fail-on lost");
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("Each fault alone"));
  EXPECT_THAT(ended.out, HasSubstr("The worst"));
  EXPECT_THAT(ended.out, HasSubstr("133 courses of 1 fault"));
}

TEST_F(FaultsCommand, ends_with_1_where_a_course_is_as_grave_as_asked) {
  EXPECT_EQ(faults("--without-operations --quiet --fail-on 'needs a person'").exit, 1);
}

TEST_F(FaultsCommand, ends_with_2_where_the_limit_leaves_courses_out) {
  const Ended ended = faults("--k 2 --without-operations --quiet --limit 2000");
  EXPECT_EQ(ended.exit, 2) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("the others were not run"));
}

TEST_F(FaultsCommand, writes_the_same_json_on_any_number_of_threads) {
  const Ended one = faults("--format json --threads 1 --without-operations --quiet");
  const Ended two = faults("--format json --threads 2 --without-operations --quiet");
  EXPECT_EQ(one.out, two.out);
  const json report = json::parse(one.out);
  EXPECT_EQ(report.at("format"), "rehearse-faults");
  EXPECT_EQ(report.at("coverage").at("courses").at(0), 133);
  EXPECT_EQ(report.at("singles").size(), 133U);
  EXPECT_FALSE(report.at("worst").empty());
  EXPECT_FALSE(report.at("worst").at(0).at("story").empty());
}

TEST_F(FaultsCommand, exports_a_scenario_that_replays_with_the_same_outcome) {
  const fs::path file = folder_.path() / "exported.json";
  const Ended ended = faults("--without-operations --export 'needs a person' -o " + file.string());
  ASSERT_EQ(ended.exit, 0) << ended.err;
  const Ended replayed = rehearse::cli::run_program(folder_.path(), "run " + file.string());
  EXPECT_EQ(replayed.exit, 0) << replayed.out << replayed.err;
  EXPECT_THAT(replayed.out, HasSubstr("needs a person"));
}

TEST_F(FaultsCommand, refuses_to_export_an_outcome_that_no_course_came_to) {
  const Ended ended = faults("--without-operations --quiet --export lost");
  EXPECT_EQ(ended.exit, 64);
  EXPECT_THAT(ended.err, HasSubstr("lost"));
}

TEST_F(FaultsCommand, refuses_bad_usage) {
  EXPECT_EQ(faults("--k 4").exit, 64);
  EXPECT_EQ(faults("--start yesterday").exit, 64);
  EXPECT_EQ(faults("--at fastest").exit, 64);
  EXPECT_EQ(rehearse::cli::run_program(folder_.path(), "faults no_such_design.json").exit, 64);
}

}  // namespace
