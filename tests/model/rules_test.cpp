// The registry of design rules, and what the check makes of findings: severities, suppressions, places.
#include "model/rules/rule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "model/rules/check.hpp"
#include "small_design.hpp"
#include "tests/support/files.hpp"

namespace rehearse::model::rules {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string root = REHEARSE_SOURCE_DIR "/";

/// A clean design: only the finding that a test plants is found.
json clean() {
  return json::parse(tests::content_of(root + "tests/negative/rules/ROLE-008/passing.json"));
}

CheckOptions on(std::string_view date) {
  CheckOptions options;
  options.date = *parse_date(date);
  return options;
}

CheckResult check_text(const std::string& text, const CheckOptions& options = on("2027-01-01T00:00:00Z")) {
  return check(text, "design.json", ".", options);
}

std::vector<std::string> told(const CheckResult& result) {
  std::vector<std::string> lines;
  for (const Told& one : result.findings) {
    lines.push_back(std::string(to_text(one.level)) + " " + std::string(one.rule->id) +
                    (one.accepted ? " accepted: " + *one.accepted : ""));
  }
  return lines;
}

TEST(Rules, have_ids_that_never_change_and_stand_once_in_a_fixed_order) {
  std::set<std::string_view> ids;
  std::ostringstream list;
  for (const Rule& rule : all_rules()) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    list << rule.id << ' ' << to_text(rule.level) << '\n';
  }
  EXPECT_GE(ids.size(), 60u);
  EXPECT_THAT(tests::content_of(root + "README.md"), HasSubstr("against " + std::to_string(ids.size()) + " rules"));
  EXPECT_EQ(list.str(), tests::content_of(root + "tests/golden/check/rules.txt"));
}

TEST(Rules, say_what_why_what_to_do_and_who_says_so) {
  for (const Rule& rule : all_rules()) {
    EXPECT_NE(rule.level, Level::off) << rule.id;
    EXPECT_FALSE(rule.title.empty()) << rule.id;
    EXPECT_FALSE(rule.title.ends_with('.')) << rule.id;
    EXPECT_TRUE(rule.why.ends_with('.')) << rule.id;
    EXPECT_TRUE(rule.remedy.ends_with('.')) << rule.id;
    EXPECT_FALSE(rule.source.empty()) << rule.id;
    EXPECT_EQ(find_rule(rule.id), &rule);
  }
  EXPECT_EQ(find_rule("cert-002"), find_rule("CERT-002"));
  EXPECT_EQ(find_rule("CERT-2"), nullptr);
}

TEST(Check, finds_nothing_in_a_clean_design) {
  EXPECT_THAT(told(check_text(clean().dump(2))), IsEmpty());
}

TEST(Check, points_to_line_and_column_of_the_value_and_marks_it_whole) {
  std::string text = clean().dump(2);
  const std::string wanted = "\"https://SQLFCI:8391\"";
  text.replace(text.find(wanted), wanted.size(), "\"https://SQL1:8391\"");
  const CheckResult result = check_text(text);
  ASSERT_THAT(told(result), ElementsAre("error END-001"));
  const Told& one = result.findings.front();
  EXPECT_EQ(one.place.pointer, "/scale_out/workers/0/endpoint");
  EXPECT_EQ(one.excerpt.substr(static_cast<std::size_t>(one.place.column) - 1, one.width), "\"https://SQL1:8391\"");
  EXPECT_EQ(one.file, "design.json");
}

TEST(Check, points_to_the_nearest_ancestor_of_a_key_that_is_not_there) {
  json design = clean();
  design["fci"]["role"].erase("FailoverThreshold");
  const CheckResult result = check_text(design.dump(2));
  ASSERT_THAT(told(result), ElementsAre("note ROLE-004"));
  EXPECT_THAT(result.findings.front().excerpt, HasSubstr("\"role\": {"));
  EXPECT_EQ(result.findings.front().width, 1u);
}

TEST(Check, reads_places_in_files_with_carriage_returns_and_a_byte_order_mark) {
  json design = clean();
  design["fci"]["role"]["Priority"] = 0;
  std::string text = "\xEF\xBB\xBF";
  for (const char c : design.dump(2)) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const CheckResult result = check_text(text);
  ASSERT_THAT(told(result), ElementsAre("warning ROLE-008"));
  EXPECT_THAT(result.findings.front().excerpt, HasSubstr("\"Priority\": 0"));
  EXPECT_FALSE(result.findings.front().excerpt.ends_with('\r'));
}

TEST(Check, takes_the_severity_of_the_command_line_before_the_design_s_before_the_rule_s) {
  json design = clean();
  design["fci"]["role"]["Priority"] = 0;
  EXPECT_THAT(told(check_text(design.dump(2))), ElementsAre("warning ROLE-008"));
  design["rule_severity"] = {{"role-008", "error"}};
  EXPECT_THAT(told(check_text(design.dump(2))), ElementsAre("error ROLE-008"));
  CheckOptions options = on("2027-01-01T00:00:00Z");
  options.levels["ROLE-008"] = Level::note;
  EXPECT_THAT(told(check_text(design.dump(2), options)), ElementsAre("note ROLE-008"));
  options.levels["ROLE-008"] = Level::off;
  EXPECT_THAT(told(check_text(design.dump(2), options)), IsEmpty());
}

TEST(Check, accepts_what_a_suppression_covers_and_does_not_count_it) {
  json design = clean();
  design["scale_out"]["workers"][0]["endpoint"] = "https://SQL1:8391";
  design["suppress"] = json::array({{{"rule", "END-001"}, {"at", "/scale_out/workers"}, {"reason", "a lab"}}});
  const CheckResult result = check_text(design.dump(2));
  EXPECT_THAT(told(result), ElementsAre("error END-001 accepted: a lab"));
  EXPECT_EQ(result.count(Level::error), 0u);
  EXPECT_EQ(result.accepted(), 1u);
}

TEST(Check, takes_a_suppression_elsewhere_for_none_and_says_that_it_is_not_used) {
  json design = clean();
  design["scale_out"]["workers"][0]["endpoint"] = "https://SQL1:8391";
  for (const char* elsewhere : {"/scale_out/worker", "/scale_out/workers/0/endpoint/x", "/fci"}) {
    design["suppress"] = json::array({{{"rule", "END-001"}, {"at", elsewhere}, {"reason", "a lab"}}});
    EXPECT_THAT(told(check_text(design.dump(2))), testing::UnorderedElementsAre("note CHECK-002", "error END-001"))
        << elsewhere;
  }
}

TEST(Check, wants_a_reason_a_known_rule_and_a_pointer_for_a_suppression) {
  for (const json& wrong : {json{{"rule", "END-001"}}, json{{"rule", "END-001"}, {"reason", ""}},
                            json{{"rule", "END-999"}, {"reason", "x"}}, json{{"reason", "x"}},
                            json{{"rule", "END-001"}, {"reason", "x"}, {"at", "scale_out"}},
                            json{{"rule", "END-001"}, {"reason", "x"}, {"where", "/"}}}) {
    json design = clean();
    design["suppress"] = json::array({wrong});
    const CheckResult result = check_text(design.dump(2));
    EXPECT_FALSE(result.readable()) << wrong;
    EXPECT_THAT(result.findings, IsEmpty());
  }
  json design = clean();
  design["rule_severity"] = {{"ROLE-8", "error"}};
  EXPECT_THAT(model::told(read(design)), HasSubstr("did you mean 'ROLE-008'?"));
  design["rule_severity"] = {{"ROLE-008", "fatal"}};
  EXPECT_FALSE(read(design).design.has_value());
}

TEST(Check, makes_findings_of_the_reader_s_warnings_except_where_a_rule_speaks_of_the_same_place) {
  json design = clean();
  design["scale_out"]["workers"][0]["endpoint"] = "https://SQL1:8391";
  EXPECT_FALSE(read(design).diagnostics.empty());  // the reader warns of this endpoint, too
  EXPECT_THAT(told(check_text(design.dump(2))), ElementsAre("error END-001"));
  CheckOptions options = on("2027-01-01T00:00:00Z");
  options.levels["END-001"] = Level::off;
  EXPECT_THAT(told(check_text(design.dump(2), options)), ElementsAre("warning CHECK-001"));
}

TEST(Check, tells_a_lease_that_is_too_long_once_stated_or_not) {
  json design = json::parse(tests::content_of(root + "tests/negative/rules/AG-001/passing.json"));
  design["cluster"]["properties"] = {{"SameSubnetThreshold", 10}, {"CrossSubnetThreshold", 20}};
  EXPECT_THAT(told(check_text(design.dump(2))), ElementsAre("warning AG-001"));
  design["fci"]["ssisdb"].erase("LeaseTimeout");
  EXPECT_THAT(told(check_text(design.dump(2))), ElementsAre("warning AG-001"));
}

TEST(Check, knows_the_day_and_the_horizon_that_it_is_given) {
  const std::string text = clean().dump(2);  // the worker's certificate ends on 2036-05-01
  EXPECT_THAT(told(check_text(text, on("2036-03-02T00:00:01Z"))), ElementsAre("warning DATE-002"));
  EXPECT_THAT(told(check_text(text, on("2036-03-01T00:00:00Z"))), IsEmpty());
  EXPECT_THAT(told(check_text(text, on("2036-05-01T00:00:00Z"))), ElementsAre("error DATE-001"));
  CheckOptions options = on("2036-03-01T00:00:00Z");
  options.horizon = std::chrono::days(62);
  EXPECT_THAT(told(check_text(text, options)), ElementsAre("warning DATE-002"));
}

TEST(Check, says_nothing_of_a_first_day_that_only_the_reader_made_up) {
  json design = clean();
  for (const char* key : {"master", "worker"}) design["certificates"][key].erase("not_before");
  EXPECT_THAT(told(check_text(design.dump(2))), IsEmpty());
}

TEST(Check, says_nothing_of_copies_of_certificates_where_the_design_does_not_speak_of_them) {
  json design = clean();
  for (const char* key : {"master", "worker"}) design["certificates"][key].erase("installed");
  EXPECT_THAT(told(check_text(design.dump(2))), IsEmpty());
}

TEST(Check, gives_exactly_the_three_errors_of_a_design_with_three_mistakes) {
  json design = json::parse(tests::content_of(root + "tests/negative/rules/ACC-001/passing.json"));
  design["scale_out"]["master"]["account"] = "NT Service\\SSISScaleOutMaster150";
  design["scale_out"]["master"]["settings"]["SqlServerName"] = "SQL1";
  design["certificates"]["master"]["installed"].erase("SQL2");
  EXPECT_THAT(told(check_text(design.dump(2))),
              testing::UnorderedElementsAre("error ACC-001", "error SET-001", "error CERT-002"));
  design["scale_out"]["master"].erase("account");  // Setup proposes the virtual account
  EXPECT_THAT(told(check_text(design.dump(2))),
              testing::UnorderedElementsAre("error ACC-001", "error SET-001", "error CERT-002"));
}

TEST(Check, does_not_judge_a_local_name_where_the_master_is_always_beside_sql_server) {
  json design = clean();
  design["scale_out"]["master"]["settings"]["SqlServerName"] = "(local)";
  EXPECT_THAT(told(check_text(design.dump(2))), ElementsAre("warning SET-006"));
  json apart = json::parse(tests::content_of(root + "tests/negative/rules/ACC-001/passing.json"));
  apart["scale_out"]["master"]["settings"]["SqlServerName"] = "localhost";
  EXPECT_THAT(told(check_text(apart.dump(2))), ElementsAre("error SET-001"));
}

TEST(Check, takes_every_form_of_the_network_name_for_what_it_is) {
  json design = clean();
  for (const char* name : {"SQLFCI", "sqlfci", "SQLFCI.corp.example", "SQLFCI,1433", "tcp:SQLFCI,1433"}) {
    design["scale_out"]["master"]["settings"]["SqlServerName"] = name;
    EXPECT_THAT(told(check_text(design.dump(2))), IsEmpty()) << name;
  }
  design["fci"]["instance"] = "INST1";
  for (const char* name : {"SQLFCI\\INST1", "sqlfci.corp.example\\inst1", "SQLFCI,51433"}) {
    design["scale_out"]["master"]["settings"]["SqlServerName"] = name;
    EXPECT_THAT(told(check_text(design.dump(2))), IsEmpty()) << name;
  }
}

TEST(Check, names_what_is_wrong_in_each_node_s_own_file) {
  json design = clean();
  json& master = design["scale_out"]["master"];
  master.erase("settings");
  master["settings_file"] = {{"SQL1", "tests/negative/rules/artefacts/plain.MasterSettings.config"},
                             {"SQL2", "tests/negative/rules/artefacts/port.MasterSettings.config"}};
  const CheckResult result = check(design.dump(2), "design.json", REHEARSE_SOURCE_DIR, on("2027-01-01T00:00:00Z"));
  ASSERT_FALSE(result.findings.empty());
  const auto found = std::find_if(result.findings.begin(), result.findings.end(),
                                  [](const Told& one) { return one.rule->id == "SET-002"; });
  ASSERT_NE(found, result.findings.end());
  EXPECT_EQ(found->place.pointer, "/scale_out/master/settings_file/SQL2");
}

TEST(Check, tells_a_mistake_once_that_stands_in_the_files_of_all_nodes_and_workers) {
  const std::string path = std::string(REHEARSE_SOURCE_DIR) + "/scenarios/designs";
  const CheckResult result = check(tests::content_of(root + "scenarios/designs/separate.json"), "separate.json", path,
                                   on("2027-01-01T00:00:00Z"));
  EXPECT_EQ(std::count_if(result.findings.begin(), result.findings.end(),
                          [](const Told& one) { return one.rule->id == "TIME-003"; }),
            1);
}

TEST(Check, does_not_check_what_cannot_be_read) {
  for (const char* text : {"", "[]", "{", "{ \"name\": 1 }"}) {
    const CheckResult result = check_text(text);
    EXPECT_FALSE(result.readable()) << text;
    EXPECT_THAT(result.findings, IsEmpty()) << text;
  }
}

}  // namespace
}  // namespace rehearse::model::rules
