// Answers from saved runs alone: of shipped scenarios as texts that a person has read and approved
// (tests/golden/answers; after a deliberate change REHEARSE_UPDATE_GOLDEN=1), and what holds of each of them.
#include "sim/answers/answers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/answers/answers_text.hpp"
#include "tests/answers/shipped_run.hpp"
#include "tests/support/files.hpp"

namespace rehearse::sim {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
namespace fs = std::filesystem;

SavedRun saved(const std::string& scenario) {
  const SavedResultReading reading = read_saved_result(tests::saved_text(tests::shipped_run(scenario)), "run.json");
  for (const model::Diagnostic& diagnostic : reading.diagnostics) ADD_FAILURE() << model::to_text(diagnostic);
  return reading.result.value().runs.front();
}

const SavedRun& node_loss() {
  static const SavedRun run = saved("node_loss");
  return run;
}

/// All answers that an account of this run would be asked for.
std::string answers_of(const SavedRun& run) {
  std::ostringstream text;
  write_summary(text, run, {});
  for (const Question& question : questions_of(run)) {
    text << "\n" << question.option << ' ' << question.value << '\n';
    if (question.option == "--why-away")
      write_why_away(text, run, why_away(run, question.value, question.from, question.to).value(), {});
    if (question.option == "--why-not") write_why_not(text, run, why_not(run, question.value), {});
    if (question.option == "--parameters") write_parameters(text, run, {false, true});
  }
  for (const SavedPart& part : run.parts) {
    if (part.kind != "role") continue;
    text << "\n--why-not " << part.name << '\n';
    write_why_not(text, run, why_not(run, "role " + part.name), {});
  }
  return text.str();
}

class Answers : public testing::TestWithParam<std::string> {};

TEST_P(Answers, are_the_approved_ones) {
  std::string name = GetParam();
  const std::string text = answers_of(saved(name));
  std::replace(name.begin(), name.end(), '/', '_');
  const fs::path golden = fs::path(REHEARSE_SOURCE_DIR) / "tests" / "golden" / "answers" / (name + ".txt");
  if (std::getenv("REHEARSE_UPDATE_GOLDEN") != nullptr) {
    fs::create_directories(golden.parent_path());
    std::ofstream(golden, std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(text, tests::content_of(golden)) << "see the head of this file";
}

TEST_P(Answers, tell_every_phase_of_every_outage_and_a_way_that_ends_where_it_ends) {
  const SavedRun run = saved(GetParam());
  for (const SavedOutage& outage : run.outages) {
    const auto answer = why_away(run, outage.service, outage.from, outage.to);
    ASSERT_TRUE(answer);
    const auto same = std::find_if(answer->outages.begin(), answer->outages.end(),
                                   [&](const Away& away) { return away.outage == &outage; });
    ASSERT_NE(same, answer->outages.end());
    Duration sum{};
    for (const Away::Part& part : same->phases) {
      sum += part.phase->to - part.phase->from;
      if (part.phase->ends == 0) continue;
      ASSERT_THAT(part.chain, Not(IsEmpty()));
      EXPECT_EQ(part.chain.back()->id, part.phase->ends);
      for (std::size_t i = 1; i < part.chain.size(); ++i) EXPECT_EQ(part.chain[i]->cause, part.chain[i - 1]->id);
    }
    EXPECT_EQ(sum, outage.to - outage.from);
  }
}

TEST_P(Answers, about_parts_cover_the_times_in_which_they_were_not_in_service) {
  const SavedRun run = saved(GetParam());
  for (const SavedPart& part : run.parts) {
    Duration out{};
    for (const SavedState& state : part.states) out += state.in_service() ? Duration::zero() : state.to - state.from;
    const std::vector<WhyNot> answers = why_not(run, part.kind + " " + part.name);
    ASSERT_THAT(answers, SizeIs(1));
    for (const Spell& spell : answers.front().spells) out -= spell.to - spell.from;
    EXPECT_EQ(out, Duration::zero()) << part.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Shipped, Answers,
                         testing::Values("node_loss", "certificate_never_renewed", "sql_crash_twice", "witness_down",
                                         "cluster/failover_threshold_used_up"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace(name.begin(), name.end(), '/', '_');
                           return name;
                         });

TEST(WhyAway, names_the_fault_first_and_what_each_phase_rests_on) {
  const auto answer = why_away(node_loss(), "ssisdb", {}, {});
  ASSERT_TRUE(answer);
  ASSERT_THAT(answer->outages, SizeIs(2));
  const Away& loss = answer->outages.front();
  EXPECT_THAT(loss.before.front()->text, HasSubstr("FAULT node.power_loss on SQL1"));
  ASSERT_EQ(loss.phases.front().phase->phase, "detect");
  const std::vector<SavedParameter>& detect = loss.phases.front().phase->rests_on;
  EXPECT_THAT(detect, Contains(Field(&SavedParameter::name, "same_subnet_delay")));
  EXPECT_THAT(detect, Contains(AllOf(Field(&SavedParameter::name, "same_subnet_threshold"),
                                     Field(&SavedParameter::value, "20"), Field(&SavedParameter::origin, "given"))));
  ASSERT_EQ(loss.phases.back().phase->phase, "recovery");
  EXPECT_THAT(loss.phases.back().phase->rests_on,
              Contains(Field(&SavedParameter::name, "ssisdb_recovery_after_crash")));
}

TEST(WhyAway, tells_only_outages_within_the_times_asked_for) {
  using std::chrono::minutes;
  const auto at = [](int minute) { return core::at_start + minutes(minute); };
  const auto early = why_away(node_loss(), "ssisdb", at(30), at(60));
  ASSERT_TRUE(early);
  EXPECT_THAT(early->outages, SizeIs(1));
  EXPECT_EQ(early->elsewhere, 1U);
  const auto before = why_away(node_loss(), "ssisdb", at(0), at(30));
  EXPECT_THAT(before->outages, IsEmpty());
  std::ostringstream text;
  write_why_away(text, node_loss(), *before, {});
  EXPECT_THAT(text.str(), HasSubstr("ssisdb was there from +0.000s to +30m00.000s"));
}

TEST(WhyAway, takes_a_worker_by_its_name_alone_and_knows_no_other_service) {
  EXPECT_EQ(why_away(node_loss(), "WRK1", {}, {})->service, "worker WRK1");
  EXPECT_FALSE(why_away(node_loss(), "ssidb", {}, {}));
}

TEST(WhyNot, follows_a_refused_worker_back_to_the_certificate) {
  const SavedRun run = saved("certificate_never_renewed");
  const std::vector<WhyNot> answers = why_not(run, "worker WRK1");
  ASSERT_THAT(answers, SizeIs(1));
  ASSERT_TRUE(answers.front().spells.back().at_end);
  std::ostringstream text;
  write_why_not(text, run, answers, {});
  EXPECT_THAT(text.str(), HasSubstr("The worker WRK1 is not in service at the end"));
  EXPECT_THAT(text.str(), HasSubstr("expired"));
}

TEST(WhyNot, tells_what_the_cluster_decided_about_the_part_and_nothing_else) {
  const SavedRun run = saved("cluster/failover_threshold_used_up");
  const std::vector<WhyNot> role = why_not(run, "SQL Server (MSSQLSERVER)"), disk = why_not(run, "Cluster Disk 1");
  ASSERT_THAT(role.front().spells, SizeIs(3));
  EXPECT_THAT(role.front().spells.back().decisions, Contains(Field(&SavedDecision::answer, "stays Failed")));
  for (const Spell& spell : disk.front().spells)
    EXPECT_THAT(spell.decisions, Not(Contains(Field(&SavedDecision::about, HasSubstr("failure of SQL Server")))));
}

TEST(WhyNot, of_a_name_that_several_parts_carry_answers_for_each) {
  const std::vector<WhyNot> answers = why_not(node_loss(), "SQL1");
  EXPECT_THAT(answers, SizeIs(2));  // the node, and the master's process there
  EXPECT_THAT(why_not(node_loss(), "node SQL1"), SizeIs(1));
  EXPECT_THAT(why_not(node_loss(), "SQL9"), IsEmpty());
}

TEST(AnswersAsJson, hold_what_the_texts_tell) {
  std::ostringstream away, not_online, parameters, summary;
  write_why_away_json(away, node_loss(), *why_away(node_loss(), "ssisdb", {}, {}));
  write_why_not_json(not_online, node_loss(), why_not(node_loss(), "WRK1"));
  write_parameters_json(parameters, node_loss());
  write_summary_json(summary, node_loss());
  const json outages = json::parse(away.str()).at("why_away").at("outages");
  ASSERT_THAT(outages, SizeIs(2));
  EXPECT_EQ(outages.at(0).at("phases").at(0).at("phase"), "detect");
  EXPECT_EQ(outages.at(0).at("before").at(0).at("text"), "FAULT node.power_loss on SQL1");
  EXPECT_EQ(json::parse(not_online.str()).at("why_not").at(0).at("kind"), "worker");
  EXPECT_EQ(json::parse(parameters.str()).at("parameters").at("all").size(), node_loss().parameters.size());
  EXPECT_EQ(json::parse(summary.str()).at("questions").back().at("option"), "--parameters");
}

}  // namespace
}  // namespace rehearse::sim
