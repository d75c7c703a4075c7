// A scenario in two designs: what is expected, how long services are out, and what draws have in common.
#include "sim/diff/scenario_differences.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>

#include "tests/support/files.hpp"

namespace rehearse::sim {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string root = REHEARSE_SOURCE_DIR;
const std::string reference = root + "/scenarios/designs/reference.json";

/// SQL1 loses its power for good.
std::string power_loss(const std::string& expect, const std::string& name = "power loss") {
  return R"({ "name": ")" + name +
         R"(", "design": "x", "start": "2027-03-01T00:30:00+01:00", "duration": "1h", "deploy": "installed",
             "timeline": [{ "at": "10m", "fault": "node.power_loss", "node": "SQL1" }], "expect": [)" +
         expect + "] }";
}

class ScenarioDifferences : public testing::Test {
 protected:
  /// The reference design with the first `from` replaced; it lies beside it, so that it finds its files.
  std::string changed(const std::string& from, const std::string& to) {
    std::string text = tests::content_of(reference);
    const std::size_t place = text.find(from);
    if (place == std::string::npos) throw std::logic_error("the reference design has no " + from);
    text.replace(place, from.size(), to);
    // Artefacts are named relative to the design.
    std::filesystem::create_directory_symlink(root + "/scenarios/designs/artefacts", folder_.path("artefacts"));
    const std::string path = folder_.path("changed.json");
    std::ofstream(path) << text;
    return path;
  }
  /// A node counts as gone after so many seconds without heartbeats.
  std::string slower(const char* threshold = "30") {
    return changed(R"("SameSubnetThreshold": 20)", R"("SameSubnetThreshold": )" + std::string(threshold));
  }

  static ScenarioDifference difference(const std::string& scenario, const std::string& a, const std::string& b,
                                       std::uint64_t replications = 0) {
    std::vector<model::Diagnostic> diagnostics;
    const auto file = ScenarioFile::of(scenario, root + "/scenarios/made.json", diagnostics);
    ScenarioDiffOptions options;
    options.replications = replications;
    return scenario_differences({file.value()}, a, b, options).front();
  }

  tests::TemporaryFolder folder_;
};

constexpr const char* at_most_75s = R"({ "service": "sql_server", "outage": { "max": "1m15s" } })";

TEST_F(ScenarioDifferences, there_are_none_between_a_design_and_itself) {
  const ScenarioDifference told = difference(power_loss(at_most_75s), reference, reference, 10);
  EXPECT_TRUE(told.same());
  EXPECT_EQ(told.change(), Change::same);
  EXPECT_EQ(told.verdicts_compared, 1U);
  EXPECT_EQ(told.name, "power loss");
}

TEST_F(ScenarioDifferences, a_slower_detection_makes_outages_longer_by_just_that_at_both_paces) {
  const ScenarioDifference told = difference(power_loss(""), reference, slower());
  EXPECT_EQ(told.change(), Change::worse);
  for (const PaceDifference* pace : {&told.median, &told.p95}) {
    ASSERT_FALSE(pace->outages.empty());
    const OutageDifference& of_sql = pace->outages.front();
    EXPECT_EQ(of_sql.service, "sql_server");
    EXPECT_EQ(of_sql.b - of_sql.a, seconds(10));
    ASSERT_THAT(of_sql.phases, SizeIs(1));
    EXPECT_EQ(of_sql.phases[0].phase, Phase::detect);
  }
  EXPECT_EQ(difference(power_loss(""), folder_.path("changed.json"), reference).change(), Change::better);
}

TEST_F(ScenarioDifferences, an_expectation_that_holds_no_more_is_worse_and_one_that_holds_again_is_better) {
  const std::string design = slower("60");
  const ScenarioDifference there = difference(power_loss(at_most_75s), reference, design);
  ASSERT_THAT(there.verdicts, SizeIs(1));
  ASSERT_TRUE(there.verdicts[0].a && there.verdicts[0].b);
  EXPECT_EQ(there.verdicts[0].a->outcome, Outcome::passed);
  EXPECT_EQ(there.verdicts[0].b->outcome, Outcome::failed);
  EXPECT_EQ(there.verdicts[0].change, Change::worse);
  const auto back = difference(power_loss(at_most_75s), design, reference);
  EXPECT_EQ(back.verdicts.at(0).change, Change::better);
  const std::string at_most_20s = R"({ "service": "sql_server", "outage": { "max": "20s" } })";
  EXPECT_THAT(difference(power_loss(at_most_20s), reference, design).verdicts, IsEmpty()) << "it fails in both";
}

TEST_F(ScenarioDifferences, verdicts_of_one_text_go_with_each_other_in_their_order) {
  const std::string twice = std::string(at_most_75s) + ", " + at_most_75s;
  const ScenarioDifference told = difference(power_loss(twice), reference, slower("60"));
  ASSERT_THAT(told.verdicts, SizeIs(2));
  EXPECT_EQ(told.verdicts[0].expectation, told.verdicts[1].expectation);
  EXPECT_EQ(told.verdicts[0].before, 0U);
  EXPECT_EQ(told.verdicts[1].before, 1U);
}

TEST_F(ScenarioDifferences, a_name_that_the_other_design_does_not_have_is_told) {
  // Only the separate placement has a role of the master's own.
  const std::string role = R"({ "role": "SSIS Scale Out Master", "state": "online", "at": "30m" })";
  const std::string separate = root + "/scenarios/designs/separate.json";
  const ScenarioDifference told = difference(power_loss(role), separate, reference);
  EXPECT_FALSE(told.compared());
  EXPECT_EQ(told.change(), Change::unclear);
  EXPECT_THAT(told.problems_a, IsEmpty());
  ASSERT_THAT(told.problems_b, SizeIs(1));
  EXPECT_THAT(told.problems_b[0].what, HasSubstr("no role 'SSIS Scale Out Master'"));
  EXPECT_EQ(told.name, "power loss");
  EXPECT_THAT(told.verdicts, IsEmpty());
}

TEST_F(ScenarioDifferences, in_distributions_draws_that_both_designs_share_cancel_out) {
  const ScenarioDifference told = difference(power_loss(""), reference, slower(), 20);
  ASSERT_FALSE(told.distributions.empty());
  const DistributionDifference& of_sql = told.distributions.front();
  EXPECT_EQ(of_sql.service, "sql_server");
  EXPECT_EQ(of_sql.a.with_outage, 20U);
  EXPECT_EQ(of_sql.a.unended, 0U);
  EXPECT_LT(of_sql.a.p50, of_sql.a.p95) << "durations are drawn";
  EXPECT_LE(of_sql.a.p95, of_sql.a.longest);
  // Every pair differs by the ten heartbeats and by nothing else.
  EXPECT_NEAR(of_sql.mean.value, 10, 1e-6);
  EXPECT_NEAR(of_sql.mean.interval.half_width(), 0, 1e-6);
  EXPECT_EQ(of_sql.b.p95 - of_sql.a.p95, seconds(10));
  EXPECT_TRUE(of_sql.longer_in_b());
  EXPECT_FALSE(of_sql.shorter_in_b());
}

TEST_F(ScenarioDifferences, an_outage_that_never_ends_is_counted) {
  const std::string both = R"({ "name": "n", "design": "x", "start": "2027-03-01T00:30:00+01:00", "duration": "30m",
       "deploy": "installed", "timeline": [{ "at": "10m", "fault": "node.power_loss", "node": "SQL1" },
       { "at": "20m", "fault": "node.power_loss", "node": "SQL2" }] })";
  const ScenarioDifference told = difference(both, reference, slower(), 5);
  ASSERT_FALSE(told.distributions.empty());
  EXPECT_EQ(told.distributions.front().b.unended, 5U);
}

TEST_F(ScenarioDifferences, come_in_the_order_of_the_files_on_any_number_of_threads) {
  std::vector<ScenarioFile> files;
  for (const char* name : {"one", "two", "three", "four"}) {
    std::vector<model::Diagnostic> diagnostics;
    files.push_back(ScenarioFile::of(power_loss("", name), root + "/scenarios/made.json", diagnostics).value());
  }
  const std::string design = slower();
  for (const unsigned threads : {1U, 3U}) {
    ScenarioDiffOptions options;
    options.threads = threads;
    const auto told = scenario_differences(files, reference, design, options);
    ASSERT_THAT(told, SizeIs(4));
    EXPECT_EQ(told[0].name, "one");
    EXPECT_EQ(told[3].name, "four");
  }
}

TEST_F(ScenarioDifferences, end_when_interrupted) {
  std::vector<model::Diagnostic> diagnostics;
  const auto file = ScenarioFile::of(power_loss(at_most_75s), root + "/scenarios/made.json", diagnostics).value();
  ScenarioDiffOptions options;
  options.interrupted = [] { return true; };
  EXPECT_THROW(scenario_differences({file}, reference, reference, options), Interrupted);
}

TEST(ScenarioChange, is_the_gravest_of_all) {
  ScenarioDifference told;
  EXPECT_EQ(told.change(), Change::same);
  told.seen_only_a = {"two masters"};
  EXPECT_EQ(told.change(), Change::better);
  told.verdicts.push_back({"e", 0, {}, {}, Change::unclear});
  EXPECT_EQ(told.change(), Change::unclear);
  told.median.b.lost = 1;
  EXPECT_EQ(told.change(), Change::worse);
  EXPECT_FALSE(told.same());
}

}  // namespace
}  // namespace rehearse::sim
