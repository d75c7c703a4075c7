// `rehearse inspect` as users meet it: from an export to a design that can be rehearsed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/run_program.hpp"
#include "tests/support/files.hpp"

namespace rehearse::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using tests::content_of;

class InspectCommand : public testing::Test {
 protected:
  Ended run(const std::string& arguments, const std::string& before = "") {
    return run_program(folder_.path(), arguments, before);
  }
  Ended inspect(const std::string& name, const std::string& more) {
    return run("inspect tests/real_backend/exports/" + name + " " + more);
  }
  std::string in_folder(const std::string& name) const { return (folder_.path() / name).string(); }

  /// What lies in the folder beside the output of the program.
  std::vector<std::string> entries() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      const std::string name = entry.path().filename().string();
      if (name != "out" && name != "err") names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  rehearse::tests::TemporaryFolder folder_;
};

TEST_F(InspectCommand, makes_a_design_of_each_deployment_that_can_be_rehearsed) {
  for (const char* name : {"joint", "separate", "three_nodes"}) {
    SCOPED_TRACE(name);
    const Ended ended = inspect(name, "-o " + in_folder("farm.json") + " --force");
    EXPECT_EQ(ended.exit, 0) << ended.out << ended.err;
    EXPECT_EQ(ended.err, "");
    std::ofstream(folder_.path() / "scenario.json") << R"json({
      "name": "a move", "design": "farm.json", "seed": 1, "start": "2027-03-01T00:30:00Z", "duration": "1h",
      "deploy": "installed",
      "timeline": [{ "at": "10m", "step": "move_role", "role": "SQL Server (MSSQLSERVER)", "to": "SQL2" }],
      "expect": [{ "role": "SQL Server (MSSQLSERVER)", "owner": "SQL2", "by": "20m" },
                 { "workers": "all", "connected_by": "30m" }] })json";
    const Ended rehearsed = run("run " + in_folder("scenario.json"));
    EXPECT_EQ(rehearsed.exit, 0) << rehearsed.out << rehearsed.err;
  }
}

TEST_F(InspectCommand, ends_with_2_when_something_was_not_understood_and_writes_the_design_all_the_same) {
  const Ended ended = inspect("odd", "-o " + in_folder("farm.json"));
  EXPECT_EQ(ended.exit, 2) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("TomorrowsProperty of the cluster is 5"));
  EXPECT_THAT(ended.out, HasSubstr("next: "));
  EXPECT_THAT(entries(), testing::ElementsAre("farm.artefacts", "farm.json"));
}

TEST_F(InspectCommand, writes_nothing_where_there_can_be_no_design) {
  const Ended ended = inspect("joint/cluster.json", "-o " + in_folder("farm.json"));
  EXPECT_EQ(ended.exit, 2);
  EXPECT_THAT(ended.out, HasSubstr("There is no design"));
  EXPECT_THAT(entries(), IsEmpty());
}

TEST_F(InspectCommand, leaves_a_design_alone_that_is_there_unless_it_is_forced) {
  std::ofstream(folder_.path() / "farm.json") << "mine";
  const std::string output = "-o " + in_folder("farm.json");
  const Ended refused = inspect("joint", output);
  EXPECT_EQ(refused.exit, 64);
  EXPECT_THAT(refused.err, HasSubstr("--force"));
  EXPECT_EQ(content_of(folder_.path() / "farm.json"), "mine");
  EXPECT_EQ(inspect("joint", output + " --force").exit, 0);
  EXPECT_EQ(inspect("separate", output + " --force").exit, 0) << "its files are replaced as well";
  EXPECT_THAT(content_of(folder_.path() / "farm.json"), HasSubstr("SSISMASTER"));
  EXPECT_THAT(entries(), testing::ElementsAre("farm.artefacts", "farm.json"));
}

TEST_F(InspectCommand, finds_out_that_it_cannot_write_and_leaves_nothing_behind) {
  const Ended ended = inspect("joint", "-o /nonexistent/farm.json");
  EXPECT_EQ(ended.exit, 74) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("/nonexistent"));
}

TEST_F(InspectCommand, tells_all_problems_of_a_damaged_export_with_64) {
  std::ofstream(folder_.path() / "a.json") << R"({"rehearse_export": 1, "written": 5, "by": "SQL1", "machines": {}})";
  std::ofstream(folder_.path() / "b.json") << R"({"rehearse_export": 1, )";
  const Ended ended = run("inspect " + folder_.path().string() + " -o " + in_folder("c/farm.json"));
  EXPECT_EQ(ended.exit, 64);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, HasSubstr("a.json:1:35: error"));
  EXPECT_THAT(ended.err, HasSubstr("/machines"));
  EXPECT_THAT(ended.err, HasSubstr("b.json:1:"));
}

TEST_F(InspectCommand, refuses_what_is_no_export_at_all) {
  EXPECT_EQ(run("inspect").exit, 64);
  EXPECT_EQ(run("inspect scenarios/designs/reference.json").exit, 64);
  EXPECT_EQ(run("inspect nothing_there").exit, 64);
  fs::create_directories(folder_.path() / "empty");
  EXPECT_THAT(run("inspect " + in_folder("empty")).err, HasSubstr("--export-script"));
}

TEST_F(InspectCommand, prints_its_script_byte_by_byte) {
  const Ended ended = run("inspect --export-script");
  EXPECT_EQ(ended.exit, 0);
  EXPECT_EQ(ended.out, content_of(fs::path(REHEARSE_SOURCE_DIR) / "real_backend/inspect/export.ps1"));
}

TEST_F(InspectCommand, says_it_as_json_too) {
  const Ended ended = inspect("odd", "--format json");
  EXPECT_EQ(ended.exit, 2);
  const auto report = nlohmann::json::parse(ended.out);
  EXPECT_TRUE(report["design"].is_null());
  EXPECT_EQ(report["found"]["workers"], "WRK1, WRK2");
  EXPECT_FALSE(report["not_understood"].empty());
}

}  // namespace
}  // namespace rehearse::cli
