// Rare events, capacity and advice as parts of a study file.
#include "sim/study/questions.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/study/figures.hpp"
#include "sim/study/gathered.hpp"
#include "sim/study/study_reader.hpp"
#include "sim/study/study_report.hpp"
#include "sim/study/study_work.hpp"

namespace rehearse::sim {
namespace {

using nlohmann::json;

StudyResult read(const std::string& sections) {
  const std::string text = R"({ "name": "questions", "scenario": "node_loss.json", "seed": 5,)" + sections + "}";
  return read_study(text, "questions.json", std::string(REHEARSE_SOURCE_DIR) + "/scenarios", {});
}

std::string problems(const StudyResult& result) {
  std::string text;
  for (const model::Diagnostic& diagnostic : result.diagnostics) text += model::to_text(diagnostic) + '\n';
  return text;
}

StudyReport answered(const Study& study, const PreparedStudy& prepared, const StudyWork& work, Tally& tally,
                     unsigned threads) {
  EXPECT_EQ(prepared.problem, "");
  tally = work.worker()->run(0);
  StudyReport report = report_of(study, work.layout(), tally, false);
  report.answers = answer_questions(study, report.figures, threads, {});
  return report;
}

TEST(Questions, rare_events_and_advice_are_answered_and_told) {
  const StudyResult result = read(R"(
    "replications": 600, "measure": ["outage.ssisdb"],
    "sweep": { "cluster.properties.SameSubnetThreshold": [5, 20] },
    "rare": { "events": ["quorum_lost"], "faults": ["node.crash", "witness.down"], "batches": 3 },
    "advice": { "outage": "outage.ssisdb", "quantile": 0.9, "years": 30 })");
  ASSERT_TRUE(result.study) << problems(result);
  const Study& study = *result.study;
  const PreparedStudy prepared = prepare_study(study, 1, {});
  const StudyWork work(study, prepared, {});
  Tally tally;
  const StudyReport report = answered(study, prepared, work, tally, 1);
  std::ostringstream text, numbers;
  write_answers_text(text, study, *report.answers);
  EXPECT_NE(text.str().find("plain Monte Carlo"), std::string::npos) << text.str();
  write_study_json(numbers, report);
  const json answers = json::parse(numbers.str()).at("answers");
  EXPECT_EQ(answers.at("rare").at(0).at("event"), "quorum_lost");
  EXPECT_EQ(answers.at("rare").at(0).at("plain").at("replications"), 3 * 512);
  // Five beats are sooner and more often wrong than twenty: neither beats the other.
  ASSERT_EQ(answers.at("advice").at("options").size(), 2U);
  for (const json& option : answers.at("advice").at("options")) EXPECT_EQ(option.at("standing"), "on the front");
  Tally other;
  const StudyReport threads = answered(study, prepared, work, other, 3);
  EXPECT_EQ(answers_json(study, *threads.answers), answers_json(study, *report.answers));
}

TEST(Questions, what_is_wrong_with_them_is_told_in_its_place) {
  const StudyResult result = read(R"(
    "measure": ["outage.ssisdb"],
    "rare": { "events": ["quorum"], "batches": 1 },
    "capacity": { "batch": "no such batch", "workers": [9, 3], "failover": "sometimes" },
    "advice": { "outage": "outage.ssis", "quantile": 0.7 })");
  EXPECT_FALSE(result.study);
  const std::string text = problems(result);
  for (const char* part : {"quorum_lost", "no batch 'no such batch'", "no length that is called 'outage.ssis'",
                           "quantile 0.7 is not told"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
  }
}

}  // namespace
}  // namespace rehearse::sim
