// Files that results go to, whatever stands there already.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/cli/run_program.hpp"
#include "tests/support/files.hpp"

namespace {

namespace fs = std::filesystem;
using rehearse::cli::Ended;
using rehearse::tests::content_of;
using testing::HasSubstr;
using testing::StartsWith;

const std::string study = "scenarios/studies/what_recovery_costs.json --quiet --replications 100 ";

class OutputFile : public testing::Test {
 protected:
  Ended run(const std::string& arguments, const std::string& before = "") {
    return rehearse::cli::run_program(folder_.path(), arguments, before);
  }
  std::string path(const std::string& name) const { return folder_.path(name); }

  rehearse::tests::TemporaryFolder folder_;
};

TEST_F(OutputFile, that_is_a_pipe_is_written_to_and_remains_one) {
  const std::string pipe = path("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  ASSERT_EQ(std::system(("timeout 100 cat " + pipe + " >" + path("read") + " 2>&1 </dev/null &").c_str()), 0);
  const Ended ended = run("study " + study + "--csv " + pipe, "timeout 100");
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_TRUE(fs::is_fifo(pipe));
}

TEST_F(OutputFile, that_is_a_device_is_written_to_and_remains_one) {
  // Of the test's own: a fault here would take the machine's away.
  const std::string device = path("null");
  if (mknod(device.c_str(), S_IFCHR | 0666, makedev(1, 3)) != 0 || !std::ofstream(device)) {
    GTEST_SKIP() << "devices cannot be made here";
  }
  EXPECT_EQ(run("study " + study + "--csv " + device).exit, 0);
  EXPECT_TRUE(fs::is_character_file(device));
}

TEST_F(OutputFile, behind_a_link_takes_the_place_of_the_file_that_it_leads_to) {
  std::ofstream(path("table.csv")) << "old";
  fs::create_symlink("table.csv", path("link.csv"));
  EXPECT_EQ(run("study " + study + "--csv " + path("link.csv")).exit, 0);
  EXPECT_TRUE(fs::is_symlink(path("link.csv")));
  EXPECT_THAT(content_of(path("table.csv")), StartsWith("point,measure"));
}

TEST_F(OutputFile, that_is_a_folder_is_refused_before_the_work) {
  fs::create_directory(path("folder.sqlite"));
  for (const char* option : {"--csv ", "-o "}) {
    const Ended ended = run("study " + study + option + path("folder.sqlite"));
    EXPECT_EQ(ended.exit, 74);
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(ended.err, HasSubstr("cannot write " + path("folder.sqlite")));
  }
}

TEST_F(OutputFile, called_minus_is_refused_with_the_names_that_work) {
  const Ended ended = run("study " + study + "--csv -");
  EXPECT_EQ(ended.exit, 74);
  EXPECT_THAT(ended.err, HasSubstr("/dev/stdout is standard output"));
}

TEST_F(OutputFile, of_a_study_is_none_that_is_read_and_none_that_is_written_twice) {
  const std::string copy = path("study.db");
  std::ofstream(copy) << R"({ "name": "n", "replications": 10, "scenario": ")" REHEARSE_SOURCE_DIR
                         R"(/scenarios/sql_crash.json" })";
  const std::string before = content_of(copy);
  for (const char* option : {"--csv ", "-o "}) {
    const Ended ended = run("study " + copy + " " + option + copy);
    EXPECT_EQ(ended.exit, 64);
    EXPECT_THAT(ended.err, HasSubstr("would be lost: name another"));
    EXPECT_EQ(content_of(copy), before);
  }
  const Ended ended = run("study " + study + "--csv " + path("a.sqlite") + " -o " + path("./a.sqlite"));
  EXPECT_EQ(ended.exit, 64);
  EXPECT_THAT(ended.err, HasSubstr("are one file"));
}

TEST_F(OutputFile, of_no_command_takes_the_place_of_what_it_reads) {
  const std::string design = path("design.json"), scenario = path("scenario.json");
  fs::copy_file(REHEARSE_SOURCE_DIR "/scenarios/designs/reference.json", design);
  std::ofstream(scenario) << R"({ "name": "n", "design": ")" << design << R"(", "timeline": [], "expect": [] })";
  fs::create_symlink("design.json", path("link.json"));
  const std::string design_before = content_of(design), scenario_before = content_of(scenario);
  for (const std::string& arguments :
       {"check " + design + " --html " + design, "check " + design + " --sarif " + path("./design.json"),
        "check " + design + " --dot " + path("link.json"), "faults " + design + " --html " + design,
        "faults " + design + " --export 0 -o " + design, "diff " + design + " " + design + " --html " + design,
        "diff " + design + " " + design + " --scenario " + scenario + " --html " + scenario,
        "run " + scenario + " --save " + scenario, "run " + folder_.path().string() + " --junit " + scenario}) {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.exit, 64) << arguments;
    EXPECT_THAT(ended.err, HasSubstr("that file is read, too, and would be lost: name another")) << arguments;
    EXPECT_EQ(ended.out, "") << arguments;
    EXPECT_EQ(content_of(design), design_before) << arguments;
    EXPECT_EQ(content_of(scenario), scenario_before) << arguments;
  }
  const Ended twice = run("run " + scenario + " --html " + path("a") + " --junit " + path("a"));
  EXPECT_EQ(twice.exit, 64);
  EXPECT_THAT(twice.err, HasSubstr("--junit and --html are one file, " + path("a") + ": name two"));
  EXPECT_EQ(run("run scenarios/node_loss.json --html /dev/null --junit /dev/null").exit, 0) << "a device keeps nothing";
}

TEST_F(OutputFile, that_cannot_be_made_is_told_by_the_name_that_was_given) {
  const Ended ended = run("study " + study + "-o /proc/results.sqlite");
  EXPECT_EQ(ended.exit, 74);
  EXPECT_EQ(ended.err.find(".part-"), std::string::npos) << ended.err;
}

}  // namespace
