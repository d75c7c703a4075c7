// The program as users meet it: exit codes, what goes to which stream, and files that are there whole or not at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/run_program.hpp"
#include "tests/support/files.hpp"

namespace {

namespace fs = std::filesystem;
using rehearse::cli::Ended;
using rehearse::cli::run_program;
using rehearse::tests::content_of;
using testing::HasSubstr;
using testing::Not;

class Program : public testing::Test {
 protected:
  /// Runs it in the project's root through a shell.
  Ended run(const std::string& arguments, const std::string& before = "") {
    return run_program(folder_.path(), arguments, before);
  }

  /// A copy of a shipped scenario with one text replaced, beside the designs.
  fs::path changed(const std::string& name, const std::string& from, const std::string& to) {
    std::string text = content_of(fs::path(REHEARSE_SOURCE_DIR) / "scenarios" / name);
    const std::size_t found = text.find(from);
    EXPECT_NE(found, std::string::npos) << from;
    text.replace(found, from.size(), to);
    const std::size_t design = text.find("designs/");
    text.insert(design, std::string(REHEARSE_SOURCE_DIR) + "/scenarios/");
    const fs::path path = folder_.path() / name;
    std::ofstream(path) << text;
    return path;
  }

  rehearse::tests::TemporaryFolder folder_;
};

TEST_F(Program, passes_a_scenario_that_holds_with_exit_code_0_and_says_so) {
  const Ended ended = run("run scenarios/planned_move.json");
  EXPECT_EQ(ended.exit, 0) << ended.out << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("passed"));
  EXPECT_EQ(ended.err, "");
}

TEST_F(Program, fails_an_expectation_with_exit_code_1_and_ends_with_the_command_that_reproduces_it) {
  const fs::path path =
      changed("planned_move.json", "\"expect\": [",
              "\"expect\": [ { \"role\": \"SQL Server (MSSQLSERVER)\", \"owner\": \"SQL1\", \"at\": \"59m\" },");
  const Ended ended = run("run " + path.string() + " --seed 5");
  EXPECT_EQ(ended.exit, 1) << ended.out << ended.err;
  const std::string last = ended.out.substr(ended.out.rfind('\n', ended.out.size() - 2) + 1);
  EXPECT_THAT(last, HasSubstr("rehearse run " + path.string() + " --seed 5"));
}

TEST_F(Program, tells_all_problems_of_a_wrong_scenario_with_exit_code_64) {
  const fs::path path = changed("node_loss.json", "\"node\": \"SQL1\"", "\"node\": \"SQL9\", \"nod\": 1");
  const Ended ended = run("run " + path.string());
  EXPECT_EQ(ended.exit, 64);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, HasSubstr("SQL9"));
  EXPECT_THAT(ended.err, HasSubstr("'nod'"));
}

TEST_F(Program, refuses_bad_usage_with_exit_code_64) {
  for (const std::string arguments :
       {"", "run", "run --format yaml scenarios/node_loss.json", "rnu", "run a.json --seed minus"}) {
    EXPECT_EQ(run(arguments).exit, 64) << arguments;
  }
}

TEST_F(Program, says_which_file_is_not_there) {
  const Ended ended = run("run scenarios/nothing.json");
  EXPECT_EQ(ended.exit, 64);
  EXPECT_THAT(ended.err, HasSubstr("scenarios/nothing.json"));
}

TEST_F(Program, finds_out_before_the_work_that_a_report_cannot_be_written_and_exits_with_74) {
  const Ended ended = run("run scenarios/planned_move.json --junit /nonexistent/report.xml");
  EXPECT_EQ(ended.exit, 74);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, HasSubstr("/nonexistent/report.xml"));
}

TEST_F(Program, leaves_no_half_written_report_behind) {
  const fs::path report = folder_.path() / "report.xml";
  std::ofstream(report) << "an older report";
  EXPECT_EQ(run("run scenarios/planned_move.json --junit " + report.string()).exit, 0);
  EXPECT_THAT(content_of(report), HasSubstr("<testsuite"));
  EXPECT_EQ(run("run scenarios/nothing.json --junit " + report.string()).exit, 64);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_.path())) {
    EXPECT_THAT(entry.path().filename().string(), Not(HasSubstr(".part")));
  }
}

TEST_F(Program, writes_json_that_parses) {
  const Ended ended = run("run scenarios/planned_move.json --format json");
  EXPECT_EQ(ended.exit, 0);
  EXPECT_FALSE(nlohmann::json::parse(ended.out).empty());
}

TEST_F(Program, explains_decisions_where_it_is_asked_to) {
  const Ended plain = run("run scenarios/node_loss.json");
  EXPECT_THAT(plain.out, Not(HasSubstr("Decisions")));
  const Ended text = run("run scenarios/node_loss.json --explain");
  EXPECT_EQ(text.exit, plain.exit);
  EXPECT_THAT(text.out, HasSubstr("Decisions"));
  EXPECT_THAT(text.out, HasSubstr("placement of SQL Server (MSSQLSERVER) after node loss: SQL2"));
  EXPECT_THAT(text.out, HasSubstr("rule: the only node available (W 4.3)"));
  const Ended json = run("run scenarios/node_loss.json --explain --format json");
  const nlohmann::json report = nlohmann::json::parse(json.out);
  EXPECT_FALSE(report["runs"][0]["decisions"].empty());
}

TEST_F(Program, reads_a_scenario_from_standard_input) {
  const fs::path path = changed("planned_move.json", "\"seed\": 1", "\"seed\": 2");
  EXPECT_EQ(run("run - <" + path.string()).exit, 0);
}

TEST_F(Program, tells_several_scenarios_in_their_order_whatever_the_number_of_threads) {
  const std::string files =
      "scenarios/planned_move.json scenarios/sql_crash.json scenarios/master_crash.json scenarios/worker_crash.json";
  const Ended one = run("run --jobs 1 " + files);
  const Ended three = run("run --jobs 3 " + files);
  EXPECT_EQ(one.out, three.out);
  EXPECT_EQ(one.exit, three.exit);
}

TEST_F(Program, gives_the_same_bytes_without_fused_multiply_add) {
  const Ended plain = run("run scenarios/node_loss.json --format json");
  const Ended masked = run("run scenarios/node_loss.json --format json",
                           "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2_Usable,-FMA_Usable,-FMA,-AVX2,-FMA4");
  EXPECT_EQ(plain.exit, masked.exit);
  EXPECT_EQ(plain.out, masked.out);
}

TEST_F(Program, ends_soon_after_an_interrupt_with_exit_code_130_and_keeps_what_is_complete) {
  const fs::path slow =
      changed("node_loss.json", "\"expect\": [",
              "\"expect\": [ { \"service\": \"ssisdb\", \"outage\": { \"max\": \"70s\", \"with\": 0.9 } },");
  const Ended ended = run("run --jobs 1 scenarios/planned_move.json " + slow.string() + " --replications 1000000",
                          "timeout --preserve-status -s INT 3");
  EXPECT_EQ(ended.exit, 130) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("planned move"));
  EXPECT_THAT(ended.err, HasSubstr("1 of 2 scenarios"));
}

TEST_F(Program, calls_an_empty_folder_what_it_is) {
  fs::create_directories(folder_.path() / "empty");
  const Ended ended = run("run " + (folder_.path() / "empty").string());
  EXPECT_EQ(ended.exit, 64);
  EXPECT_THAT(ended.err, HasSubstr("no scenario file"));
}

}  // namespace
