// `rehearse run --save` and --trace, and `rehearse explain`, as users meet them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/run_program.hpp"
#include "tests/support/files.hpp"

namespace {

using rehearse::cli::Ended;
using rehearse::cli::run_program;
using rehearse::tests::content_of;
using testing::HasSubstr;
using testing::Not;

class Explain : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new rehearse::tests::TemporaryFolder;
    const Ended ended = run_program(folder_->path(), "run scenarios/node_loss.json --quiet --save '" + saved() +
                                                         "' --trace '" + folder_->path("trace.json") + "'");
    ASSERT_EQ(ended.exit, 0) << ended.err;
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }

  static std::string saved() { return folder_->path("run.json"); }
  static Ended run(const std::string& arguments) { return run_program(folder_->path(), arguments); }
  static Ended ask(const std::string& question) { return run("explain '" + saved() + "' " + question); }

  static rehearse::tests::TemporaryFolder* folder_;
};
rehearse::tests::TemporaryFolder* Explain::folder_ = nullptr;

TEST_F(Explain, lists_questions_as_commands_that_answer_them) {
  const Ended ended = ask("");
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("--why-away=ssisdb --from=40m --to=40m53s"));
  EXPECT_THAT(ask("--why-away=ssisdb --from=40m --to=40m53s").out, HasSubstr("FAULT node.power_loss on SQL1"));
  EXPECT_THAT(ask("--why-not WRK1").out, HasSubstr("The worker WRK1 is in service at the end"));
  EXPECT_THAT(ask("--parameters").out, HasSubstr("same_subnet_threshold"));
}

TEST_F(Explain, answers_as_JSON_and_from_standard_input) {
  const Ended ended = run("explain - --why-away ssisdb --format json < '" + saved() + "'");
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_EQ(nlohmann::json::parse(ended.out).at("why_away").at("service"), "ssisdb");
}

TEST_F(Explain, reads_what_the_JSON_format_prints_too) {
  const Ended ended = run("run scenarios/planned_move.json --format json");
  EXPECT_EQ(ended.exit, 0) << ended.err;
  std::ofstream(folder_->path("report.json")) << ended.out;
  EXPECT_EQ(run("explain '" + folder_->path("report.json") + "'").exit, 0);
}

TEST_F(Explain, asks_which_run_of_several_is_meant) {
  const std::string two = folder_->path("two.json");
  ASSERT_EQ(run("run scenarios/planned_move.json scenarios/node_loss.json -q --save '" + two + "'").exit, 0);
  const Ended unclear = run("explain '" + two + "' --parameters");
  EXPECT_EQ(unclear.exit, 64);
  EXPECT_THAT(unclear.err, HasSubstr("'node loss'"));
  EXPECT_EQ(run("explain '" + two + "' --parameters --scenario 'node loss'").exit, 0);
  EXPECT_THAT(run("explain '" + two + "' --scenario 'node los'").err, HasSubstr("did you mean 'node loss'"));
}

TEST_F(Explain, tells_what_an_unknown_name_may_have_meant) {
  EXPECT_THAT(ask("--why-away ssidb").err, HasSubstr("did you mean 'ssisdb'"));
  EXPECT_THAT(ask("--why-not WRK11").err, HasSubstr("did you mean 'WRK1'"));
  EXPECT_THAT(ask("--why-away 'SQL Server'").err, HasSubstr("ask with --why-not"));
  EXPECT_THAT(ask("--why-away ssisdb --from noon").err, HasSubstr("'noon' is no time since the start"));
  EXPECT_EQ(ask("--why-away ssidb").exit, 64);
}

TEST_F(Explain, refuses_files_that_are_no_saved_run) {
  const Ended design = run("explain scenarios/designs/reference.json");
  EXPECT_EQ(design.exit, 64);
  EXPECT_EQ(design.out, "");
  EXPECT_THAT(design.err, HasSubstr("no saved result of Rehearse"));
  EXPECT_EQ(run("explain nothing.json").exit, 64);
}

TEST_F(Explain, is_given_a_saved_run_that_is_there_whole_or_not_at_all) {
  EXPECT_EQ(run("run scenarios/planned_move.json -q --save /nowhere/run.json").exit, 74);
  EXPECT_EQ(run("run scenarios/planned_move.json -q --trace /nowhere/trace.json").exit, 74);
}

TEST_F(Explain, is_no_concern_of_a_trace_which_is_JSON_with_events) {
  const auto trace = nlohmann::json::parse(content_of(folder_->path("trace.json")));
  EXPECT_GT(trace.at("traceEvents").size(), 100U);
}

}  // namespace
