// `rehearse study` as users meet it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/cli/run_program.hpp"
#include "tests/support/files.hpp"

namespace {

using nlohmann::json;
using rehearse::cli::Ended;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;

class StudyCommand : public testing::Test {
 protected:
  Ended study(const std::string& arguments) { return rehearse::cli::run_program(folder_.path(), "study " + arguments); }

  rehearse::tests::TemporaryFolder folder_;
};

const std::string heartbeat = "scenarios/studies/heartbeat_and_health.json ";
const std::string recovery = "scenarios/studies/what_recovery_costs.json ";

TEST_F(StudyCommand, tells_outages_of_points_their_differences_and_what_matters) {
  const Ended ended = study(recovery + "--replications 300 --quiet");
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_EQ(ended.err, "");
  EXPECT_THAT(ended.out, AllOf(HasSubstr("300 replications"), HasSubstr("outage.sql_server"), HasSubstr("p99.9"),
                               HasSubstr("time out: sql_start"), HasSubstr("of the variance"),
                               HasSubstr("master_exits_without_ssisdb"), HasSubstr("order statistics")));
}

TEST_F(StudyCommand, ends_with_2_where_the_wanted_precision_is_not_reached) {
  const Ended ended = study(heartbeat + "--replications 50");
  EXPECT_EQ(ended.exit, 2) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("not reached"), HasSubstr("from point 1"), HasSubstr("the same")));
  EXPECT_THAT(ended.err, HasSubstr("a second"));
}

TEST_F(StudyCommand, writes_the_same_json_and_csv_on_any_number_of_threads) {
  const std::string csv = folder_.path("a.csv"), other_csv = folder_.path("b.csv");
  const Ended one = study(recovery + "--replications 1500 --quiet --format json --threads 1 --csv " + csv);
  const Ended two = study(recovery + "--replications 1500 --quiet --format json --threads 2 --csv " + other_csv);
  EXPECT_EQ(one.exit, 0) << one.err;
  EXPECT_EQ(one.out, two.out);
  EXPECT_EQ(rehearse::tests::content_of(csv), rehearse::tests::content_of(other_csv));
  EXPECT_EQ(json::parse(one.out).at("points").at(0).at("measures").at(0).at("count"), 1500);
}

TEST_F(StudyCommand, gives_the_account_of_one_replication_of_a_point) {
  const Ended ended = study(heartbeat + "--replication 7 --point 2");
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("replication 7 of heartbeat and health, "
                                         "cluster.properties.SameSubnetThreshold = 5"),
                               HasSubstr("timeline[0].at = "), HasSubstr("SQL1"), HasSubstr("ssisdb")));
  EXPECT_EQ(study(heartbeat + "--replication 7 --point 9").exit, 64);
}

TEST_F(StudyCommand, tells_what_is_wrong_with_a_study_and_ends_with_64) {
  const Ended ended = study("scenarios/node_loss.json");
  EXPECT_EQ(ended.exit, 64);
  EXPECT_THAT(ended.err, HasSubstr("scenarios/node_loss.json:"));
  EXPECT_EQ(study("nowhere.json").exit, 64);
}

TEST_F(StudyCommand, does_nothing_where_its_table_could_not_be_written) {
  const Ended ended = study(recovery + "--csv /proc/nowhere/a.csv");
  EXPECT_EQ(ended.exit, 74);
  EXPECT_EQ(ended.out, "");
}

TEST_F(StudyCommand, interrupted_ends_with_130) {
  const Ended ended = rehearse::cli::run_program(
      folder_.path(), "study " + recovery + "--replications 100000000 --quiet", "timeout --preserve-status -s INT 3");
  EXPECT_EQ(ended.exit, 130) << ended.err;
  // A slow machine may have nothing complete by then.
  EXPECT_THAT(ended.out + ended.err, AnyOf(HasSubstr("interrupted"), HasSubstr("ended early")));
}

TEST_F(StudyCommand, of_a_terminal_that_is_closed_ends_with_130_and_leaves_nothing_half_written) {
  const std::string table = folder_.path("table.csv");
  const Ended ended = rehearse::cli::run_program(
      folder_.path(), "study " + recovery + "--replications 100000000 --quiet --csv " + table,
      "timeout --preserve-status -s HUP 3");
  EXPECT_EQ(ended.exit, 130) << ended.err;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    EXPECT_EQ(entry.path().string().find(".part-"), std::string::npos) << entry.path();
  }
}

}  // namespace
