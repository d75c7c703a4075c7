// `rehearse check` as users meet it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/run_program.hpp"
#include "tests/support/files.hpp"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using rehearse::cli::Ended;
using rehearse::tests::content_of;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class CheckCommand : public testing::Test {
 protected:
  Ended run(const std::string& arguments, const std::string& before = "") {
    return rehearse::cli::run_program(folder_.path(), "check " + arguments, before);
  }
  static std::string last_line(const std::string& text) { return text.substr(text.rfind('\n', text.size() - 2) + 1); }

  const std::string good_ = "scenarios/designs/reference.json --date 2027-01-01";
  const std::string bad_ = "tests/negative/rules/ACC-001/failing.json --date 2027-01-01";
  rehearse::tests::TemporaryFolder folder_;
};

TEST_F(CheckCommand, passes_the_reference_design) {
  const Ended ended = run(good_);
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_EQ(ended.err, "");
  EXPECT_THAT(ended.out, HasSubstr("0 errors, 0 warnings"));
}

TEST_F(CheckCommand, fails_a_design_with_an_error_and_ends_with_the_command_that_says_it_again) {
  const Ended ended = run(bad_ + " --severity POL-001=off");
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.out, HasSubstr("[ACC-001]"));
  EXPECT_EQ(last_line(ended.out), "reproduce: rehearse check " + bad_ + " --severity POL-001=off\n");
}

TEST_F(CheckCommand, takes_severities_from_the_command_line) {
  EXPECT_EQ(run(bad_ + " --severity ACC-001=warning").exit, 0);
  EXPECT_EQ(run(good_ + " --severity hb-003=error --severity POL-001=off").exit, 1);
}

TEST_F(CheckCommand, takes_the_day_and_the_horizon_from_the_command_line) {
  const std::string design = "scenarios/designs/expiring.json ";
  EXPECT_EQ(run(design + "--date 2027-03-02").exit, 1);  // expired
  EXPECT_THAT(run(design + "--date 2027-01-01").out, HasSubstr("DATE-002"));
  EXPECT_THAT(run(design + "--date 2027-01-01 --horizon 30d").out, Not(HasSubstr("DATE-002")));
  EXPECT_THAT(run(design + "--date 2027-02-28T12:00:00+01:00").out, HasSubstr("in less than a day"));
}

TEST_F(CheckCommand, refuses_bad_usage_and_bad_designs_with_exit_code_64) {
  for (const std::string arguments :
       {"", "--date tomorrow scenarios/designs/reference.json", "--horizon long scenarios/designs/reference.json",
        "--severity ACC-001 scenarios/designs/reference.json",
        "--severity ACC-999=error scenarios/designs/reference.json",
        "--severity ACC-001=fatal scenarios/designs/reference.json", "--explain NOTHING", "nothing.json",
        "tests/negative/designs/empty.json", "--format yaml scenarios/designs/reference.json"}) {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.exit, 64) << arguments;
    EXPECT_THAT(ended.err, Not(IsEmpty())) << arguments;
  }
  EXPECT_THAT(run("--severity ACC-01=error x.json").err, HasSubstr("did you mean 'ACC-001'?"));
}

TEST_F(CheckCommand, checks_several_designs_and_tells_all_of_them) {
  const Ended ended = run("scenarios/designs/reference.json " + bad_ + " --format json");
  EXPECT_EQ(ended.exit, 1);
  EXPECT_EQ(json::parse(ended.out).at("designs").size(), 2u);
  const Ended half = run("nothing.json " + bad_);
  EXPECT_EQ(half.exit, 64);
  EXPECT_THAT(half.out, HasSubstr("ACC-001"));
}

TEST_F(CheckCommand, reads_standard_input) {
  const Ended ended = run("- --date 2027-01-01", "cat tests/negative/rules/ACC-001/failing.json |");
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.out, HasSubstr("<standard input>:"));
}

TEST_F(CheckCommand, writes_reports_whole_or_not_at_all) {
  const fs::path junit = folder_.path() / "check.xml", sarif = folder_.path() / "check.sarif";
  EXPECT_EQ(run(bad_ + " --junit " + junit.string() + " --sarif " + sarif.string()).exit, 1);
  EXPECT_THAT(content_of(junit), HasSubstr("<failure type=\"ACC-001\""));
  const json document = json::parse(content_of(sarif));
  EXPECT_EQ(document.at("version"), "2.1.0");
  EXPECT_EQ(document.at("runs")
                .at(0)
                .at("results")
                .at(0)
                .at("locations")
                .at(0)
                .at("physicalLocation")
                .at("artifactLocation")
                .at("uri"),
            "tests/negative/rules/ACC-001/failing.json");
  const Ended ended = run(bad_ + " --sarif /nonexistent/check.sarif");
  EXPECT_EQ(ended.exit, 74);
  EXPECT_EQ(ended.out, "");
}

TEST_F(CheckCommand, explains_and_lists_rules) {
  EXPECT_THAT(run("--explain cert-002").out, HasSubstr("CERT-002 (error)"));
  EXPECT_EQ(run("--explain cert-002").exit, 0);
  EXPECT_THAT(run("--rules").out, HasSubstr("WORK-011"));
  EXPECT_GE(json::parse(run("--rules --format json").out).size(), 60u);
  EXPECT_THAT(run("--explain CERT-02").err, HasSubstr("did you mean"));
}

TEST_F(CheckCommand, tells_the_structure_and_writes_scenarios_that_prove_it) {
  const std::string proofs = folder_.path("proofs"), dot = folder_.path("tree.dot");
  fs::create_directories(proofs);
  const Ended ended = run(good_ + " --structure --tree ssisdb --dot " + dot + " --proofs " + proofs);
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("Cluster Disk 1"));
  EXPECT_THAT(content_of(dot), HasSubstr("digraph"));
  EXPECT_GT(std::distance(fs::directory_iterator(proofs), fs::directory_iterator()), 10);
  const Ended proof = rehearse::cli::run_program(folder_.path(), "run " + proofs + "/without-cluster-disk-1.json", "");
  EXPECT_THAT(proof.out, HasSubstr("5 of 5 expectations passed")) << proof.err;
  const json document = json::parse(run(good_ + " --structure --format json").out);
  EXPECT_FALSE(document.at("designs").at(0).at("structure").at("weaknesses").empty());
}

TEST_F(CheckCommand, refuses_files_of_structure_for_several_designs) {
  const Ended ended = run("scenarios/designs/separate.json --proofs . " + good_);
  EXPECT_EQ(ended.exit, 64);
  EXPECT_THAT(ended.err, HasSubstr("name one file"));
}

}  // namespace
