// What `rehearse run --save` writes is read back whole, and what else a file may hold is told.
#include "sim/answers/saved_result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/report/describe.hpp"
#include "tests/answers/shipped_run.hpp"

namespace rehearse::sim {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const RunResult& node_loss() {
  static const RunResult run = tests::shipped_run("node_loss");
  return run;
}

const json& saved() {
  static const json document = json::parse(tests::saved_text(node_loss()));
  return document;
}

std::vector<std::string> problems_of(const std::string& text) {
  const SavedResultReading reading = read_saved_result(text, "run.json");
  std::vector<std::string> problems;
  for (const model::Diagnostic& diagnostic : reading.diagnostics) problems.push_back(model::to_text(diagnostic));
  EXPECT_EQ(reading.result.has_value(), problems.empty());
  return problems;
}

std::vector<std::string> problems_of(const json& document) {
  return problems_of(document.dump());
}

TEST(SavedResult, is_read_back_as_it_was) {
  const RunResult& run = node_loss();
  const SavedResultReading reading = read_saved_result(tests::saved_text(run), "run.json");
  ASSERT_TRUE(reading.result);
  EXPECT_EQ(reading.result->program, "1.2.3");
  ASSERT_THAT(reading.result->runs, SizeIs(1));
  const SavedRun& back = reading.result->runs.front();
  EXPECT_EQ(back.scenario, run.scenario.name);
  EXPECT_EQ(back.seed, run.scenario.seed);
  EXPECT_EQ(back.end, run.end);
  ASSERT_EQ(back.records.size(), run.journal.records.size());
  for (std::size_t i = 0; i < back.records.size(); ++i) {
    const world::Record& record = run.journal.records[i];
    EXPECT_EQ(back.records[i].id, run.journal.first + i);
    EXPECT_EQ(back.records[i].at, record.at);
    EXPECT_EQ(back.records[i].cause, record.cause);
    EXPECT_EQ(back.records[i].text, to_text(describe(record, *run.plan, run.scenario, run.acts)));
  }
  ASSERT_EQ(back.outages.size(), run.outages.size());
  for (std::size_t i = 0; i < back.outages.size(); ++i) {
    EXPECT_EQ(back.outages[i].from, run.outages[i].from);
    EXPECT_EQ(back.outages[i].to, run.outages[i].to);
    ASSERT_EQ(back.outages[i].phases.size(), run.outages[i].phases.size());
    EXPECT_EQ(back.outages[i].phases.back().ends, run.outages[i].phases.back().ends);
  }
  EXPECT_EQ(back.parameters.size(), run.plan->parameters().ledger().size());
  ASSERT_TRUE(back.decisions);
  EXPECT_THAT(*back.decisions, Not(IsEmpty()));
}

TEST(SavedResult, keeps_the_largest_seed) {
  json document = saved();
  document["runs"][0]["seed"] = 18'446'744'073'709'551'615U;
  const SavedResultReading reading = read_saved_result(document.dump(), "run.json");
  ASSERT_TRUE(reading.result);
  EXPECT_EQ(reading.result->runs.front().seed, 18'446'744'073'709'551'615U);
}

TEST(SavedResult, of_a_report_without_decisions_is_one_too) {
  json document = saved();
  document["runs"][0].erase("decisions");
  const SavedResultReading reading = read_saved_result(document.dump(), "run.json");
  ASSERT_TRUE(reading.result);
  EXPECT_FALSE(reading.result->runs.front().decisions);
}

TEST(SavedResult, of_another_version_is_told_with_who_wrote_it_and_nothing_else) {
  json document = saved();
  document["version"] = 1;
  document["runs"] = "whatever it was then";
  document.erase("program");
  EXPECT_THAT(problems_of(document), ElementsAre(HasSubstr("version 1 of the format, written by an older Rehearse")));
  document["version"] = 99;
  document["program"] = "9.0";
  EXPECT_THAT(problems_of(document), ElementsAre(HasSubstr("written by a newer Rehearse 9.0")));
}

TEST(SavedResult, is_not_taken_for_one_where_it_is_something_else) {
  EXPECT_THAT(problems_of(std::string("{ \"name\": \"a design\" }")),
              ElementsAre(HasSubstr("no saved result of Rehearse")));
  EXPECT_THAT(problems_of(std::string("[1, 2]")), ElementsAre(HasSubstr("no saved result of Rehearse")));
  EXPECT_THAT(problems_of(std::string("{ \"format\": \"rehearse-check\", \"version\": 1 }")),
              ElementsAre(HasSubstr("the format rehearse-check")));
  EXPECT_THAT(problems_of(std::string("")), SizeIs(1));
}

TEST(SavedResult, that_is_cut_off_anywhere_is_told) {
  const std::string text = tests::saved_text(node_loss());
  for (std::size_t cut = 1; cut < 20; ++cut)
    EXPECT_THAT(problems_of(text.substr(0, text.size() * cut / 20)), SizeIs(1)) << cut;
}

TEST(SavedResult, that_is_damaged_has_all_of_its_problems_told) {
  json document = saved();
  json& run = document["runs"][0];
  run.erase("scenario");
  run["surprise"] = 1;
  run["seed"] = -1;
  run["outages"][0]["from"] = "early";
  run["outages"][1]["phases"][0]["begins"] = 99'999'999;
  run["outages"][1]["phases"][0]["to"] = -5;
  run["timeline"][2]["id"] = 77;
  run["timeline"][5]["cause"] = 1'000'000;
  run["parts"][0]["states"][0]["begun_by"] = 88'888'888;
  const std::vector<std::string> problems = problems_of(document);
  for (const std::string problem :
       {"the key 'scenario' is missing", "unknown key 'surprise'", "is no seed", "found the string \"early\"",
        "there is no record 99999999", "it ends before it begins", "record 77 stands where",
        "is caused by record 1000000", "there is no record 88888888"})
    EXPECT_THAT(problems, Contains(HasSubstr(problem))) << problem;
}

/// Every value in turn is taken away or replaced by what does not belong there: read without a crash, and mostly told.
void damage(const json& whole, const json::json_pointer& place, const json& value, std::vector<json>& damaged) {
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) damage(whole, place / key, member, damaged);
  } else if (value.is_array() && !value.empty()) {
    damage(whole, place / 0, value.at(0), damaged);  // the elements are of one kind
  }
  for (const json& other : {json(), json("x"), json(-1), json(1e300), json::array(), json::object()}) {
    json copy = whole;
    copy[place] = other;
    damaged.push_back(std::move(copy));
  }
}

TEST(SavedResult, survives_any_value_being_another) {
  json small = saved();
  for (const char* key : {"timeline", "parameters", "parts", "outages", "decisions"}) {
    json& list = small["runs"][0][key];
    while (list.size() > 2) list.erase(list.end() - 1);
  }
  std::vector<json> damaged;
  damage(small, json::json_pointer("/runs/0"), small["runs"][0], damaged);
  ASSERT_THAT(damaged.size(), Ge(200U));
  std::size_t told = 0;
  for (const json& document : damaged) told += read_saved_result(document.dump(), "run.json").result ? 0 : 1;
  EXPECT_GT(told, damaged.size() / 2);
}

}  // namespace
}  // namespace rehearse::sim
