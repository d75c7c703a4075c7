#include "sim/study/study_work.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/study/conduct.hpp"
#include "sim/study/figures.hpp"
#include "sim/study/study_reader.hpp"
#include "sim/study/study_report.hpp"
#include "tests/support/files.hpp"

namespace rehearse::sim {
namespace {

const std::string studies = std::string(REHEARSE_SOURCE_DIR) + "/scenarios/studies";

Study study_from(const std::string& members) {
  StudyResult result =
      read_study(R"({ "name": "n", "scenario": "../node_loss.json", )" + members + "}", "studies/n.json", studies);
  for (const model::Diagnostic& diagnostic : result.diagnostics) ADD_FAILURE() << model::to_text(diagnostic);
  if (!result.study) throw std::runtime_error("no study");
  return std::move(*result.study);
}

/// A lost node without any work: thousands of replications a second.
const std::string quick =
    R"("set": { "deploy": "installed", "duration": "1h", "workload.like": "nightly", "workload.executions": 1,
                "timeline": [{ "at": "10m", "fault": "node.power_loss", "node": "SQL1" }] }, )";

/// A study that was conducted.
struct Done {
  Study study;
  PreparedStudy prepared;
  std::unique_ptr<StudyWork> work;
  std::unique_ptr<Gathered> gathered;

  StudyReport report() const { return report_of(study, work->layout(), gathered->tally(), !gathered->ended()); }
  std::string text() const { return written(&write_study_text); }
  std::string json() const { return written(&write_study_json); }
  std::string csv() const { return written(&write_study_csv); }

 private:
  std::string written(void (*write)(std::ostream&, const StudyReport&)) const {
    std::ostringstream out;
    write(out, report());
    return out.str();
  }
};

std::unique_ptr<Done> done(Study study, unsigned threads) {
  auto result = std::make_unique<Done>();
  result->study = std::move(study);
  result->prepared = prepare_study(result->study, threads, {});
  result->work = std::make_unique<StudyWork>(result->study, result->prepared, nullptr);
  result->gathered = std::make_unique<Gathered>(*result->work);
  ConductOptions options;
  options.threads = threads;
  conduct(*result->work, *result->gathered, options);
  return result;
}

const std::string three_points = quick + R"("replications": 2500,
    "sweep": { "cluster.properties.SameSubnetThreshold": [20, 5], "fci.HealthCheckTimeout": ["30s", "60s"] },
    "vary": { "timeline[0].at": { "uniform": ["1m", "20m"] }, "parameters.sql_start_after_crash": { "uniform": ["5s", "50s"] } },
    "measure": ["outage.ssisdb", "availability.ssisdb", "executions.lost", "queue.mean"])";

TEST(StudyWork, gives_the_same_bytes_on_any_number_of_threads) {
  const auto one = done(study_from(three_points), 1);
  EXPECT_EQ(one->gathered->complete(), 3U);
  EXPECT_EQ(one->report().figures.replications, 2500U);
  for (const unsigned threads : {2U, 3U}) {
    const auto more = done(study_from(three_points), threads);
    EXPECT_TRUE(more->gathered->tally().bytes() == one->gathered->tally().bytes()) << threads;
    EXPECT_EQ(more->text(), one->text());
    EXPECT_EQ(more->json(), one->json());
    EXPECT_EQ(more->csv(), one->csv());
  }
  EXPECT_NO_THROW(nlohmann::json::parse(one->json()));
}

TEST(StudyWork, knows_a_tally_of_another_study_by_its_cells) {
  const Study study = study_from(quick + R"("measure": ["outage.ssisdb"])");
  const StudyLayout layout(study);
  EXPECT_TRUE(layout.fits(layout.empty()));
  EXPECT_TRUE(layout.fits(Tally{})) << "of a shard without chunks";
  Tally other = layout.empty();
  other.moments.pop_back();
  EXPECT_FALSE(layout.fits(other));
  EXPECT_FALSE(
      layout.fits(StudyLayout(study_from(quick + R"("measure": ["outages.ssisdb", "outage.ssisdb"])")).empty()));
}

TEST(StudyWork, pairs_points_so_that_what_they_share_falls_out) {
  const auto result = done(study_from(three_points), 2);
  const StudyFigures figures = result->report().figures;
  ASSERT_EQ(figures.points.size(), 4U);
  // A machine without power is not asked for its health; fifteen heartbeats fewer are fifteen seconds.
  const auto outage = [&](std::size_t point) { return figures.points[point].measures[0]; };
  EXPECT_EQ(outage(1).difference->value, 0);
  EXPECT_EQ(outage(1).difference->interval.half_width(), 0);
  EXPECT_NEAR(outage(2).difference->value, -15, 0.01);
  EXPECT_LT(outage(2).difference->interval.half_width(), 0.01);
  EXPECT_GT(outage(0).mean->interval->half_width(), 0.1) << "unpaired, the difference would not be seen so well";
  EXPECT_FALSE(outage(0).difference);
  // More time out is less availability, of an hour.
  EXPECT_NEAR(figures.points[2].measures[1].difference->value, 15.0 / 3600, 1e-5);
}

TEST(StudyWork, finds_which_variation_and_which_setting_matters) {
  const auto result = done(study_from(three_points), 2);
  const StudyFigures figures = result->report().figures;
  for (const VariationShare& share : figures.points[0].variations) {
    if (share.measure != 0) continue;
    // The start of SQL Server takes 5 to 50 seconds: of the outage's variance far more than the moment of the fault.
    if (share.variation == 0) {
      EXPECT_LT(share.share, 0.05);
      continue;
    }
    EXPECT_GT(share.share, 0.3);
    EXPECT_NEAR(share.highest - share.lowest, 45.0 * 15 / 16, 4);
  }
  ASSERT_FALSE(figures.swings.empty());
  EXPECT_EQ(figures.swings[0].measure, 0U);
  EXPECT_EQ(figures.swings[0].point, 2U) << "the threshold swings most";
  for (const AxisShare& share : figures.axes) {
    if (share.measure != 0) continue;
    EXPECT_NEAR(share.share, share.axis == 0 ? 1 : 0, 1e-6);
  }
}

TEST(StudyWork, tells_where_the_time_went) {
  const auto result = done(study_from(quick + R"("replications": 64, "measure": ["outage.ssisdb"])"), 1);
  const MeasureFigures outage = result->report().figures.points[0].measures[0];
  double shares = 0, means = 0;
  for (const PhaseFigure& phase : outage.phases) {
    shares += phase.share;
    means += phase.mean;
  }
  EXPECT_NEAR(shares, 1, 1e-12);
  EXPECT_EQ(result->report().figures.phase_samples, 4U);
  EXPECT_GT(means, 20) << "twenty silent heartbeats are the least";
}

TEST(StudyWork, counts_what_had_not_ended_and_tells_bounds) {
  // Both nodes are lost and nobody repairs: SSISDB is away until the end, 50 minutes later.
  const std::string lost = R"("set": { "deploy": "installed", "duration": "1h", "workload.like": "nightly",
      "workload.executions": 1, "timeline": [{ "at": "10m", "fault": "node.power_loss", "node": "SQL1" },
                                             { "at": "10m", "fault": "node.power_loss", "node": "SQL2" }] },
      "replications": 100, "measure": ["outage.ssisdb"], "precision": { "outage.ssisdb.p50": "1%" })";
  const auto result = done(study_from(lost), 1);
  const MeasureFigures outage = result->report().figures.points[0].measures[0];
  EXPECT_EQ(outage.censored, 100U);
  EXPECT_TRUE(outage.quantiles[0].value.at_least);
  EXPECT_EQ(outage.quantiles[0].value.value, 3000);
  EXPECT_FALSE(result->report().precise) << "a bound is no precision";
  EXPECT_THAT(result->text(), testing::HasSubstr(">=50m00.000s"));
}

TEST(StudyWork, ends_at_the_same_chunk_once_it_is_precise) {
  const std::string members =
      quick + R"("replications": 200000, "measure": ["outage.ssisdb"], "precision": { "outage.ssisdb.p50": "2%" })";
  const auto one = done(study_from(members), 1), three = done(study_from(members), 3);
  EXPECT_TRUE(one->report().precise);
  EXPECT_LT(one->gathered->complete(), 100U);
  EXPECT_EQ(one->gathered->complete(), three->gathered->complete());
  EXPECT_EQ(one->json(), three->json());
  const Study& study = one->study;
  EXPECT_LE(reached(study, one->work->layout(), one->gathered->tally(), study.precision[0], 0), 0.02);
}

/// Of 40 studies of 256 replications, each with a seed of its own: fewer than 33 intervals that hold the figure of a
/// long study would come by chance once in ten thousand times.
TEST(StudyWork, tells_intervals_that_hold_the_true_figure_as_often_as_they_say) {
  Study study = study_from(quick + R"("replications": 20480, "measure": ["outage.ssisdb"])");
  const StudyFigures figures = done(study, 2)->report().figures;
  const MeasureFigures& all = figures.points[0].measures[0];
  std::size_t means = 0, medians = 0, tails = 0;
  study.replications = 256;
  for (std::uint64_t seed = 1001; seed <= 1040; ++seed) {
    study.seed = seed;
    const StudyFigures few = done(study, 1)->report().figures;
    const MeasureFigures& seen = few.points[0].measures[0];
    const auto holds = [&](std::size_t quantile) {
      const double value = all.quantiles[quantile].value.value;
      return seen.quantiles[quantile].low->value <= value && value <= seen.quantiles[quantile].high->value;
    };
    means += seen.mean->interval->holds(all.mean->value);
    medians += holds(0);
    tails += holds(1);
  }
  EXPECT_GE(means, 33U);
  EXPECT_GE(medians, 33U);
  EXPECT_GE(tails, 33U);
}

TEST(StudyWork, interrupted_leaves_what_is_complete) {
  const Study study = study_from(quick + R"("replications": 100000, "measure": ["outage.ssisdb"])");
  const PreparedStudy prepared = prepare_study(study, 1, {});
  std::atomic<bool> stop = false;
  const StudyWork work(study, prepared, [&] { return stop.load(); });
  Gathered gathered(work);
  ConductOptions options;
  options.interrupted = [&] { return stop.load(); };
  options.look = [&](const Gathered& seen) { stop = seen.complete() >= 1; };
  conduct(work, gathered, options);
  EXPECT_FALSE(gathered.ended());
  const StudyReport report = report_of(study, work.layout(), gathered.tally(), true);
  EXPECT_EQ(report.figures.replications, gathered.complete() * replications_per_chunk);
  EXPECT_GE(report.figures.replications, replications_per_chunk);
}

TEST(StudyWork, lets_faults_come_by_themselves) {
  const auto result = done(study_from(R"("set": { "deploy": "installed", "duration": "365d", "timeline": [],
      "workload.batches": [] }, "faults": "default rates", "replications": 40,
      "measure": ["availability.ssisdb", "outages.ssisdb"])"),
                           2);
  const StudyFigures figures = result->report().figures;
  const MeasureFigures &availability = figures.points[0].measures[0], &outages = figures.points[0].measures[1];
  EXPECT_GT(outages.mean->value, 0.5);
  EXPECT_LT(availability.mean->value, 1);
  EXPECT_GT(availability.mean->value, 0.9995);
  EXPECT_THAT(result->text(), testing::HasSubstr("faults that come by themselves: node.crash"));
}

/// A node that goes on just while the other one is deciding to do without it hears of that at once; else both would
/// hold the role's disk and address, and each keep the other from serving.
TEST(StudyWork, finds_no_length_of_a_pause_after_which_two_nodes_hold_a_role) {
  const auto result = done(study_from(R"("set": { "deploy": "installed", "duration": "2h", "workload.like": "nightly",
      "workload.executions": 1, "timeline": [{ "at": "10m", "fault": "node.pause", "node": "SQL1", "for": "30s" }] },
      "vary": { "timeline[0].for": { "uniform": ["15s", "45s"] } }, "replications": 600,
      "measure": ["outage.ssisdb", "outage.scale_out_master"])"),
                           2);
  const StudyFigures figures = result->report().figures;
  for (const MeasureFigures& outage : figures.points[0].measures) {
    EXPECT_GT(outage.greatest, 30) << "some pauses are long enough for a failover";
    EXPECT_LT(outage.greatest, 600) << "replication " << outage.greatest_in;
    EXPECT_EQ(outage.censored, 0U);
  }
}

class ShippedStudy : public testing::TestWithParam<std::string> {};

TEST_P(ShippedStudy, runs) {
  StudyResult read = read_study_file(studies + "/" + GetParam() + ".json", {std::nullopt, 3});
  for (const model::Diagnostic& diagnostic : read.diagnostics) ADD_FAILURE() << model::to_text(diagnostic);
  ASSERT_TRUE(read.study);
  const auto result = done(std::move(*read.study), 2);
  EXPECT_EQ(result->report().figures.replications, 3U);
  EXPECT_FALSE(result->text().empty());
}

std::vector<std::string> shipped() {
  const std::set<std::string> names = tests::files_ending_in(studies, ".json");
  return {names.begin(), names.end()};
}

INSTANTIATE_TEST_SUITE_P(All, ShippedStudy, testing::ValuesIn(shipped()),
                         [](const auto& name) { return std::string(name.param); });

}  // namespace
}  // namespace rehearse::sim
