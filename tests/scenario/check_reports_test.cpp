// What `rehearse check` writes: for people, for programs, for build servers, and for code review, which is held against
// the published schema of SARIF 2.1.0 where `./dev test` has fetched it.
#include "sim/report/check_reports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#if __has_include(<valijson/validator.hpp>)
#define VALIJSON_USE_EXCEPTIONS 1
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "tests/support/files.hpp"
#endif

namespace rehearse::sim {
namespace {

using model::rules::CheckOptions;
using model::rules::CheckResult;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using tests::content_of;

const std::string root = REHEARSE_SOURCE_DIR;

CheckOptions options() {
  CheckOptions result;
  result.date = *model::parse_date("2027-01-01T00:00:00Z");
  return result;
}

CheckResult checked(const std::string& text, const std::string& name = "designs/three mistakes.json") {
  return model::rules::check(text, name, root, options());
}

/// Three errors, a warning, a note, something accepted, and a letter of two bytes before a mark.
std::string mistaken() {
  json design = json::parse(content_of(root + "/tests/negative/rules/ACC-001/failing.json"));
  design["name"] = "three mistakes <&>";
  design["scale_out"]["master"]["settings"]["SqlServerName"] = "SQL1";
  design["certificates"]["master"]["installed"].erase("SQL2");
  design["fci"]["role"]["Priority"] = 0;
  design["fci"]["role"].erase("FailoverThreshold");
  design["scale_out"]["master"]["start_type"] = "automatic";
  design["suppress"] = json::array({{{"rule", "SRV-001"}, {"reason", "Größe egal, a lab"}}});
  return design.dump(2);
}

template <class Write>
std::string written(Write write) {
  std::ostringstream out;
  write(out);
  return out.str();
}

std::string sarif_of(const std::vector<CheckResult>& results) {
  return written([&](std::ostream& out) { write_check_sarif(out, results, "1.2.3"); });
}

TEST(CheckText, shows_place_line_mark_remedy_and_where_to_read_more) {
  const CheckResult result = checked(mistaken());
  const std::string text = written([&](std::ostream& out) { write_check_text(out, result, {}); });
  EXPECT_EQ(text, content_of(root + "/tests/golden/check/three_mistakes.txt"));
}

TEST(CheckText, leaves_notes_and_accepted_findings_out_when_it_shall_be_quiet) {
  const CheckResult result = checked(mistaken());
  const std::string text = written([&](std::ostream& out) { write_check_text(out, result, {false, true}); });
  EXPECT_THAT(text, HasSubstr("SET-001"));
  EXPECT_THAT(text, Not(HasSubstr("ROLE-004")));
  EXPECT_THAT(text, Not(HasSubstr("SRV-001")));
  EXPECT_THAT(text, HasSubstr("3 errors, 1 warning, 1 note, 1 accepted"));
}

TEST(CheckText, paints_only_when_it_shall_and_lets_no_control_character_through) {
  json design = json::parse(mistaken());
  design["suppress"][0]["reason"] = "bell \x07 and escape \x1b[31m";
  const std::string text = design.dump(2);
  const CheckResult result = checked(text);
  if (result.readable()) {
    const std::string plain = written([&](std::ostream& out) { write_check_text(out, result, {}); });
    EXPECT_THAT(plain, Not(HasSubstr("\x1b")));
    EXPECT_THAT(plain, Not(HasSubstr("\x07")));
  }
  const CheckResult good = checked(mistaken());
  EXPECT_THAT(written([&](std::ostream& out) { write_check_text(out, good, {true, false}); }), HasSubstr("\x1b[31m"));
}

TEST(CheckText, marks_the_right_place_behind_letters_of_several_bytes_and_in_very_long_lines) {
  const std::string design = json::parse(content_of(root + "/tests/negative/rules/END-001/failing.json")).dump();
  const CheckResult result = checked(design);  // all in one line
  ASSERT_EQ(result.findings.size(), 1u);
  const std::string text = written([&](std::ostream& out) { write_check_text(out, result, {}); });
  std::istringstream lines(text);
  std::string headline, excerpt, mark;
  std::getline(lines, headline);
  std::getline(lines, excerpt);
  std::getline(lines, mark);
  EXPECT_LE(excerpt.size(), 180u);
  EXPECT_EQ(excerpt.substr(mark.find('^'), 19), "\"https://SQL1:8391\"");
  EXPECT_EQ(mark.substr(mark.find('^')), "^~~~~~~~~~~~~~~~~~~");
}

TEST(CheckJson, holds_what_the_text_holds) {
  const json document =
      json::parse(written([&](std::ostream& out) { write_check_json(out, {checked(mistaken())}, options()); }));
  EXPECT_EQ(document.at("format"), "rehearse-check");
  EXPECT_EQ(document.at("outcome"), "failed");
  EXPECT_EQ(document.at("date"), "2027-01-01T00:00:00Z");
  const json& design = document.at("designs").at(0);
  EXPECT_EQ(design.at("counts"), (json{{"error", 3}, {"warning", 1}, {"note", 1}, {"accepted", 1}}));
  std::size_t accepted = 0;
  for (const json& finding : design.at("findings")) {
    EXPECT_GT(finding.at("line").get<int>(), 0);
    EXPECT_FALSE(finding.at("remedy").get<std::string>().empty());
    accepted += !finding.at("accepted").is_null();
  }
  EXPECT_EQ(accepted, 1u);
  const json clean = json::parse(written([&](std::ostream& out) {
    write_check_json(out, {checked(content_of(root + "/tests/negative/rules/ACC-001/passing.json"))}, options());
  }));
  EXPECT_EQ(clean.at("outcome"), "passed");
}

TEST(CheckJunit, has_a_case_for_every_rule_and_a_failure_for_every_rule_with_an_error) {
  const std::string text = written([&](std::ostream& out) { write_check_junit(out, {checked(mistaken())}); });
  const auto count = [&](const std::string& what) {
    std::size_t number = 0;
    for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++number;
    return number;
  };
  EXPECT_EQ(count("<testcase "), model::rules::all_rules().size());
  EXPECT_EQ(count("<failure "), 3u);
  EXPECT_THAT(text, HasSubstr("failures=\"3\""));
  EXPECT_THAT(text, HasSubstr("three mistakes &lt;&amp;&gt;"));
  EXPECT_THAT(text, HasSubstr("accepted: Größe egal"));
}

TEST(CheckSarif, points_code_review_to_the_line_of_the_design) {
  const CheckResult result = checked(mistaken());
  const json run = json::parse(sarif_of({result})).at("runs").at(0);
  const json& rules = run.at("tool").at("driver").at("rules");
  EXPECT_EQ(rules.size(), model::rules::all_rules().size());
  ASSERT_EQ(run.at("results").size(), result.findings.size());
  for (const json& finding : run.at("results")) {
    EXPECT_EQ(rules.at(finding.at("ruleIndex").get<std::size_t>()).at("id"), finding.at("ruleId"));
    const json& physical = finding.at("locations").at(0).at("physicalLocation");
    EXPECT_EQ(physical.at("artifactLocation").at("uri"), "designs/three%20mistakes.json");
    EXPECT_GT(physical.at("region").at("startLine").get<int>(), 0);
    const bool accepted = finding.at("ruleId") == "SRV-001";
    EXPECT_EQ(finding.contains("suppressions"), accepted);
  }
}

TEST(CheckSarif, counts_columns_in_characters) {
  json design = json::parse(content_of(root + "/tests/negative/rules/END-001/failing.json"));
  std::string text = design.dump(2);
  const std::string endpoint = "\"endpoint\"";
  text.replace(text.find(endpoint), endpoint.size(), "/* größer */ \"endpoint\"");
  const CheckResult result = checked(text, "design.json");
  const json region = json::parse(sarif_of({result}))
                          .at("runs")
                          .at(0)
                          .at("results")
                          .at(0)
                          .at("locations")
                          .at(0)
                          .at("physicalLocation")
                          .at("region");
  EXPECT_EQ(region.at("startColumn").get<int>() + 2, result.findings.front().place.column);  // two letters of two bytes
  EXPECT_EQ(region.at("snippet").at("text"), "\"https://SQL1:8391\"");
  EXPECT_EQ(region.at("endColumn").get<int>() - region.at("startColumn").get<int>(), 19);
}

TEST(CheckSarif, is_what_the_published_schema_wants) {
  const std::string schema_file = root + "/build/sarif-schema/sarif-2.1.0.json";
#if __has_include(<valijson/validator.hpp>)
  if (!std::filesystem::exists(schema_file)) GTEST_SKIP() << "`./dev test` fetches the schema to " << schema_file;
  const json schema_text = json::parse(content_of(schema_file));
  valijson::Schema schema;
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft4);
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema_text), schema);
  /// What the schema does not allow; empty: nothing.
  const auto problems_of = [&](const json& document) {
    valijson::Validator validator;
    valijson::ValidationResults problems;
    std::string told;
    if (validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(document), &problems)) return told;
    valijson::ValidationResults::Error problem;
    while (problems.popError(problem)) {
      for (const std::string& part : problem.context) told += part;
      told += ": " + problem.description + "\n";
    }
    return told;
  };
  EXPECT_EQ(problems_of(json::parse(sarif_of({}))), "");
  EXPECT_EQ(problems_of(json::parse(sarif_of({checked(mistaken())}))), "");
  for (const model::rules::Rule& rule : model::rules::all_rules()) {
    const std::string file = root + "/tests/negative/rules/" + std::string(rule.id) + "/failing.json";
    const CheckResult result =
        model::rules::check(content_of(file), file, std::filesystem::path(file).parent_path().string(), options());
    EXPECT_EQ(problems_of(json::parse(sarif_of({result}))), "") << rule.id;
  }
  json damaged = json::parse(sarif_of({checked(mistaken())}));
  damaged["runs"][0]["results"][0]["level"] = "fatal";
  EXPECT_NE(problems_of(damaged), "") << "the schema judges nothing";
#else
  GTEST_SKIP() << "the Debian package libvalijson-dev is not installed";
#endif
}

TEST(CheckRules, are_explained_one_by_one_and_listed) {
  const model::rules::Rule& rule = *model::rules::find_rule("CERT-002");
  const std::string text = written([&](std::ostream& out) { write_rule(out, rule); });
  EXPECT_THAT(text, HasSubstr("CERT-002 (error)"));
  EXPECT_THAT(text, HasSubstr("Source: S 3"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 110u) << line;
  const json list = json::parse(written([&](std::ostream& out) { write_rules_json(out, model::rules::all_rules()); }));
  EXPECT_EQ(list.size(), model::rules::all_rules().size());
}

}  // namespace
}  // namespace rehearse::sim
