// The charts' specifications for a small run, as a person has read and approved them (tests/golden/html). After a
// deliberate change: REHEARSE_UPDATE_GOLDEN=1 ctest -R html.Specification, then read the difference.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "sim/report/html/answers_section.hpp"
#include "sim/report/html/diff_page.hpp"
#include "sim/report/html/faults_page.hpp"
#include "sim/report/html/load_chart.hpp"
#include "sim/report/html/run_charts.hpp"
#include "sim/report/html/study_charts.hpp"
#include "sim/study/conduct.hpp"
#include "sim/study/study_reader.hpp"
#include "sim/study/study_work.hpp"
#include "tests/scenario/hand_made_run.hpp"
#include "tests/support/files.hpp"

namespace rehearse::sim::html {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

const std::filesystem::path golden_folder = std::filesystem::path(REHEARSE_SOURCE_DIR) / "tests" / "golden" / "html";

void expect_golden(const std::string& name, const Json& specification) {
  const std::filesystem::path file = golden_folder / (name + ".json");
  const std::string text = specification.dump(1) + "\n";
  if (std::getenv("REHEARSE_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(golden_folder);
    std::ofstream(file) << text;
  }
  EXPECT_EQ(text, tests::content_of(file));
}

RunResult power_loss() {
  HandMade run;
  run.tell_power_loss(40min);
  return run.result(2h);
}

TEST(Specification, of_the_timeline) {
  const RunResult run = power_loss();
  expect_golden("timeline", timeline_chart(run, lanes_of(run)));
}

TEST(Specification, of_the_outages) {
  const RunResult run = power_loss();
  expect_golden("outages", outage_chart(told_outages(run)));
}

TEST(Specification, of_the_queue_and_the_slots) {
  const RunResult run = power_loss();
  const std::vector<LoadPoint> load = load_of(run);
  expect_golden("queue", queue_chart(run, load));
  expect_golden("slots", slots_chart(run, load));
}

TEST(Specification, of_the_matrix_of_faults) {
  FaultCatalogue catalogue;
  catalogue.faults = {{{}, "node.power_loss on SQL1", std::nullopt}, {{}, "witness.down", std::nullopt}};
  Exploration exploration;
  exploration.operations.resize(1);
  exploration.operations[0].name = "patch_rolling";
  const auto add = [&](std::uint8_t count, std::uint8_t operation, std::uint16_t first, FarmOutcome outcome) {
    Trial& trial = exploration.trials.emplace_back();
    trial.count = count;
    trial.operation = operation;
    trial.faults[0] = first;
    trial.outcome = trial.gravest = outcome;
  };
  add(1, 0, 0, FarmOutcome::recovered);
  add(1, 0, 1, FarmOutcome::masked);
  add(2, 0, 1, FarmOutcome::lost);
  exploration.trials.back().multiplicity = 3;
  add(1, 1, 0, FarmOutcome::recovered_with_loss);
  exploration.trials.back().deciding = 1;
  const Stage stage;
  expect_golden("matrix", matrix_chart({stage, catalogue, exploration, 2}));
}

TEST(Specification, of_outages_compared) {
  const OutageDifference outage{"ssisdb", 60s, 50s, {{Phase::detect, 20s, 5s}, {Phase::recovery, 5s, 10s}}};
  expect_golden("compared", compared_chart({{"node loss at the median", outage}}));
}

TEST(Specification, of_a_study) {
  const std::string folder = std::string(REHEARSE_SOURCE_DIR) + "/scenarios/studies";
  const StudyResult read = read_study(
      R"({ "name": "n", "scenario": "../node_loss.json", "replications": 12,
           "set": { "deploy": "installed", "duration": "1h", "workload.like": "nightly", "workload.executions": 1,
                    "timeline": [{ "at": "10m", "fault": "node.power_loss", "node": "SQL1" }] },
           "sweep": { "cluster.properties.SameSubnetThreshold": [20, 5], "fci.HealthCheckTimeout": ["30s", "60s"] },
           "vary": { "timeline[0].at": { "uniform": ["1m", "20m"] } },
           "measure": ["outage.ssisdb"] })",
      "studies/n.json", folder);
  ASSERT_TRUE(read.study);
  const PreparedStudy prepared = prepare_study(*read.study, 1, {});
  const StudyWork work(*read.study, prepared, nullptr);
  Gathered gathered(work);
  conduct(work, gathered, {});
  const StudyReport report = report_of(*read.study, work.layout(), gathered.tally(), false);
  expect_golden("study_distribution", distribution_chart(report, 0));
  expect_golden("study_means", means_chart(report, 0));
  ASSERT_TRUE(is_grid(report));
  expect_golden("study_grid", grid_chart(report, 0));
  expect_golden("study_phases", phases_chart(report, 0));
  expect_golden("study_swings", swings_chart(report, 0));
  expect_golden("study_shares", shares_chart(report, 0));
}

TEST(Specification, of_answers) {
  CapacityQuestion question;
  question.batch = "nightly";
  CapacityAnswer answer;
  answer.rows = {{10, 4, 2, std::nullopt}};
  answer.tried = {{4, 10, Sufficient::yes, 256, 256, {0.9663, 1.0}, 50min, std::nullopt},
                  {3, 10, Sufficient::unknown, 256, 240, {0.9, 0.97}, 50min, 4000.0},
                  {2, 10, Sufficient::no, 32, 0, {0.0, 0.1885}, 50min, std::nullopt}};
  expect_golden("capacity", capacity_chart(question, answer));

  StudyAnswers answers;
  answers.options = {{"threshold 5", {115, {103, 129}}, {4.9, {4.6, 5.2}}},
                     {"threshold 20", {130, {118, 144}}, {0.5, {0.4, 0.6}}}};
  answers.option_points = {0, 1};
  answers.standings = {{Standing::on_front, 0}, {Standing::unclear, 0}};
  expect_golden("front", front_chart(answers, "outage.ssisdb"));
}

}  // namespace
}  // namespace rehearse::sim::html
