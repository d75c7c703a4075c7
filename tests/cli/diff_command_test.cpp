// `rehearse diff` as users meet it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/run_program.hpp"
#include "tests/support/files.hpp"

namespace {

using nlohmann::json;
using rehearse::cli::Ended;
using testing::HasSubstr;

const std::string reference = "scenarios/designs/reference.json";
const std::string right = "tests/negative/rules/SET-001/passing.json";
const std::string wrong = "tests/negative/rules/SET-001/failing.json";

class DiffCommand : public testing::Test {
 protected:
  Ended diff(const std::string& arguments) {
    return rehearse::cli::run_program(folder_.path(), "diff " + arguments + " --without-operations --quiet");
  }
  json diff_json(const std::string& arguments) { return json::parse(diff(arguments + " --format json").out); }

  rehearse::tests::TemporaryFolder folder_;
};

TEST_F(DiffCommand, finds_no_difference_between_a_design_and_itself) {
  const Ended ended = diff(reference + " " + reference);
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("Nothing differs; 133 courses"));
}

TEST_F(DiffCommand, takes_neither_comments_nor_the_order_of_keys_for_a_difference) {
  json design = json::parse(rehearse::tests::content_of(std::string(REHEARSE_SOURCE_DIR) + "/" + right));
  const std::string sorted = folder_.path("sorted.json");
  std::ofstream(sorted) << "// keys are sorted\n" << design.dump(1);
  const json told = diff_json(right + " " + sorted);
  EXPECT_EQ(told["values"], json::array());
  EXPECT_EQ(told["differs"], false);
}

TEST_F(DiffCommand, shows_a_mistake_as_a_value_a_rule_and_courses_that_get_worse) {
  const json told = diff_json(right + " " + wrong);
  EXPECT_EQ(told["worse"], true);
  const auto value = std::find_if(told["values"].begin(), told["values"].end(), [](const json& one) {
    return one["pointer"] == "/scale_out/master/settings/SqlServerName";
  });
  ASSERT_NE(value, told["values"].end());
  EXPECT_EQ((*value)["b"], "\"SQL1\"");
  ASSERT_FALSE(told["rules"]["only_b"].empty());
  EXPECT_EQ(told["rules"]["only_b"][0]["rule"], "SET-001");
  const json& differing = told["faults"]["differing"];
  ASSERT_FALSE(differing.empty());
  EXPECT_EQ(differing[0]["change"], "worse");
  EXPECT_EQ(differing[0]["outcome_differs"], true);
  EXPECT_FALSE(differing[0]["why"].empty());
  EXPECT_EQ(diff(right + " " + wrong).exit, 1);
}

TEST_F(DiffCommand, calls_better_the_other_way_round_what_it_calls_worse) {
  const json there = diff_json(right + " " + wrong)["faults"]["differing"];
  const json back = diff_json(wrong + " " + right)["faults"]["differing"];
  const auto count = [](const json& list, const std::string& change) {
    return std::count_if(list.begin(), list.end(), [&](const json& one) { return one["change"] == change; });
  };
  EXPECT_EQ(there.size(), back.size());
  EXPECT_EQ(count(there, "worse"), count(back, "better"));
  EXPECT_EQ(count(there, "unclear"), count(back, "unclear"));
}

TEST_F(DiffCommand, tells_the_faults_that_only_one_design_has) {
  const json told = diff_json(reference + " scenarios/designs/separate.json");
  EXPECT_EQ(told["differs"], true);
  EXPECT_FALSE(told["faults"]["only_b"].empty());
  EXPECT_FALSE(told["values"].empty());
}

TEST_F(DiffCommand, writes_the_same_on_any_number_of_threads) {
  const std::string designs =
      right + " " + wrong + " --format json --scenario scenarios/node_loss.json --scenario scenarios/sql_hang.json";
  const Ended one = diff(designs + " --threads 1"), two = diff(designs + " --threads 2");
  EXPECT_EQ(one.exit, 1) << one.err;
  EXPECT_EQ(one.out, two.out);
}

TEST_F(DiffCommand, rehearses_scenarios_with_both_designs) {
  const std::string scenarios = " --scenario scenarios/node_loss.json --scenario scenarios/separate_failover.json";
  const json told = diff_json(right + " " + wrong + scenarios + " --replications 5");
  EXPECT_EQ(told["replications"], 5);
  ASSERT_EQ(told["scenarios"].size(), 2U);
  const json& loss = told["scenarios"][0];
  EXPECT_EQ(loss["name"], "node loss");
  EXPECT_EQ(loss["change"], "worse");
  EXPECT_FALSE(loss["median"]["outages"].empty());
  EXPECT_FALSE(loss["p95"]["outages"].empty());
  ASSERT_FALSE(loss["distributions"].empty());
  EXPECT_GT(loss["distributions"][0]["difference"]["low"], 0);
  EXPECT_EQ(loss["distributions"][0]["a"]["with_outage"], 1.0);
  const json& other = told["scenarios"][1];
  EXPECT_EQ(other["change"], "unclear");
  EXPECT_THAT(other["problems"]["b"][0]["what"].get<std::string>(), HasSubstr("no role 'SSIS Scale Out Master'"));
  EXPECT_FALSE(other.contains("verdicts"));
}

TEST_F(DiffCommand, tells_people_the_scenarios_that_differ_and_counts_the_others) {
  const Ended ended = diff(right + " " + wrong + " --scenario scenarios");
  EXPECT_EQ(ended.exit, 1) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("\nScenarios\n"));
  EXPECT_THAT(ended.out, HasSubstr("  worse    node loss: passed → passed (scenarios/node_loss.json)\n"
                                   "           median  scale_out_master "));
  EXPECT_THAT(ended.out, HasSubstr("not with either: line 12: the design has no role 'SSIS Scale Out Master'"));
  EXPECT_THAT(ended.out, HasSubstr("of 18 the same\n"));
}

TEST_F(DiffCommand, leaves_nothing_out_where_a_scenario_does_not_suit_both_designs) {
  const Ended ended = diff(reference + " " + reference + " --scenario scenarios/separate_failover.json");
  EXPECT_EQ(ended.exit, 2);
  EXPECT_EQ(diff(reference + " " + reference + " --scenario scenarios/node_loss.json").exit, 0);
}

TEST_F(DiffCommand, ends_with_64_where_a_scenario_cannot_be_read_or_replications_have_none) {
  const Ended ended = diff(reference + " " + reference + " --scenario nowhere.json");
  EXPECT_EQ(ended.exit, 64);
  EXPECT_THAT(ended.err, HasSubstr("nowhere.json"));
  EXPECT_EQ(diff(reference + " " + reference + " --replications 5").exit, 64);
}

TEST_F(DiffCommand, ends_with_64_where_a_design_cannot_be_read) {
  const Ended ended = diff(reference + " nowhere.json");
  EXPECT_EQ(ended.exit, 64);
  EXPECT_THAT(ended.err, HasSubstr("nowhere.json"));
}

}  // namespace
