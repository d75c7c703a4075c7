// The reports over one small run: SQL1 loses power, SQL2 takes over, one expectation of three fails and one is unknown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "hand_made_run.hpp"
#include "sim/report/json_report.hpp"
#include "sim/report/junit_report.hpp"
#include "sim/report/roles.hpp"
#include "sim/report/text_layout.hpp"
#include "sim/report/text_report.hpp"
#include "sim/report/time_text.hpp"
#include "sim/report/timeline_text.hpp"
#include "sim/report/worker_outages.hpp"
#include "sim/world/roles.hpp"
#include "told_story.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using Json = nlohmann::json;

RunResult small_run() {
  HandMade run;
  run.tell_power_loss(40min);
  RunResult result = run.result(2h);
  result.verdicts.push_back({Outcome::failed,
                             R"({ "service": "scale_out_master", "outage": { "max": "60s" } })",
                             "The master was out for 1m13.5s.",
                             {},
                             {12, 5, "/expect/0"}});
  result.verdicts.push_back({Outcome::unknown,
                             R"({ "executions": { "lost": 0 } })",
                             "It rests on startup_stamping.",
                             {"Restart the instance while a package runs."},
                             {13, 5, "/expect/1"}});
  result.verdicts.push_back(
      {Outcome::passed, R"({ "workers": "all" })", "All are connected.", {}, {14, 5, "/expect/2"}});
  result.last.consulted = 1U << static_cast<unsigned>(model::Switch::startup_stamping);
  return result;
}

std::string text_of(const RunResult& result, TextOptions options = {}) {
  std::ostringstream out;
  write_text(out, result, options);
  return out.str();
}

std::string json_of(const std::vector<RunResult>& results, JsonOptions options = {}) {
  std::ostringstream out;
  write_json(out, results, options);
  return out.str();
}

template <class Write>
std::string written(Write&& write, const std::vector<RunResult>& results) {
  std::ostringstream out;
  write(out, results);
  return out.str();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// ---- times and layout

TEST(TimeText, lengths_carry_milliseconds_and_are_rounded) {
  EXPECT_EQ(length_text(0s), "0.000s");
  EXPECT_EQ(length_text(999'499'999ns), "0.999s");
  EXPECT_EQ(length_text(999'500'001ns), "1.000s");
  EXPECT_EQ(length_text(59'999'600us), "1m00.000s");
  EXPECT_EQ(length_text(65500ms), "1m05.500s");
  EXPECT_EQ(length_text(2h), "2h00m00.000s");
  EXPECT_EQ(length_text(24h + 61s), "1d00h01m01.000s");
  EXPECT_EQ(offset_text(core::Time(40min)), "+40m00.000s");
  EXPECT_EQ(offset_text(core::Time(-1min)), "-1m00.000s");
  EXPECT_EQ(offset_text(core::at_start), "+0.000s");
}

TEST(Layout, paragraphs_break_at_spaces_and_never_lose_a_word) {
  EXPECT_EQ(paragraph("a: ", "b c", 3), "a: b c\n");
  EXPECT_EQ(paragraph("a: ", "", 3), "a:\n");
  const std::string word(40, 'x');
  EXPECT_EQ(paragraph("  ", word + " " + word + " " + word, 4), "  " + word + " " + word + "\n    " + word + "\n");
  const std::string endless(150, 'y');
  EXPECT_EQ(paragraph("  ", "b " + endless + " c", 4), "  b\n    " + endless + "\n    c\n");
}

TEST(Layout, columns_are_as_wide_as_their_widest_cell) {
  Table table(1, {1});
  table.add({"a", "1", "x"});
  table.add({"\xC3\xA9\xC3\xA9\xC3\xA9", "22", "y"});
  EXPECT_EQ(table.text(), " a     1  x\n \xC3\xA9\xC3\xA9\xC3\xA9  22  y\n");
}

// ---- the account for a terminal

TEST(TextReport, the_account_of_a_power_loss_reads_like_this) {
  EXPECT_THAT(text_of(small_run()), StartsWith(R"(FAILED  node loss: 1 of 3 expectations passed
  design     small (designs/small.json)
  placement  joint, 2 nodes, 2 workers
  versions   Windows 2019, SQL Server 2019, enterprise
  start      2027-03-01T00:30:00Z
  duration   2h00m00.000s, 35 events
  seed       7, fingerprint 0000000000abcdef

Timeline
  +40m00.000s  FAULT node.power_loss on SQL1
  +40m00.000s  SQL1: power lost
  +40m00.000s  SQL1: cluster service ended with its machine
  +40m00.000s  SQLFCI: SQL Server process ended on SQL1
  +40m00.000s  SQLFCI: SSISDB closed
  +40m00.000s  SQL1: Scale Out Master ended abruptly
  +40m00.000s  WRK1, WRK2: connection to the master broke: the peer vanished
  +40m20.000s  SQL2: SQL1 is silent
  +40m21.000s  SQL2: regroup done, still in reach: SQL2
  +40m27.500s  SQL2: won the arbitration for the witness
  +40m27.500s  SQL1: removed from the cluster by SQL2 (event 1135)
  +40m27.500s  SQL Server (MSSQLSERVER): owned by SQL2 (its node is lost)
  +40m28.500s  SQL IP Address 1 (SQLFCI): Online
  +40m33.500s  SQL Network Name (SQLFCI): Online
  +40m34.500s  Cluster Disk 1: Online
  +40m40.500s  SQL Server: Online
  +40m43.500s  SQL Server Integration Services Scale Out Master 15.0: Online
  +40m43.500s  SQL2: Scale Out Master started (process 1)
  +40m43.500s  SQL2: Scale Out Master cannot connect to SSISDB: SSISDB is not open
  +40m50.500s  SQLFCI: SSISDB open
  +41m13.500s  SQL2: Scale Out Master connected to SSISDB
  +41m15.000s  WRK1, WRK2: connected to the master on SQL2 (process 1), the last at +41m17.000s
  Records not told here: 11 about steps of roles and membership.

Outages
  service                   from     length  phases
  sql_server         +40m00.000s    40.500s  detect 20.000s, regroup 1.000s, arbitrate 6.500s,
                                             storage 7.000s, sql_start 6.000s
  ssisdb             +40m00.000s    50.500s  detect 20.000s, regroup 1.000s, arbitrate 6.500s,
                                             storage 7.000s, sql_start 6.000s, recovery 10.000s
  scale_out_master   +40m00.000s  1m13.500s  detect 20.000s, regroup 1.000s, arbitrate 6.500s,
                                             storage 7.000s, sql_start 6.000s, recovery 10.000s,
                                             master_start 23.000s
  workers (2 of 2)   +40m00.000s  1m17.000s  first back after 1m15.000s, half after 1m15.000s; the
                                             last: detect 20.000s, regroup 1.000s, arbitrate 6.500s,
                                             storage 7.000s, sql_start 6.000s, recovery 10.000s,
                                             master_start 23.000s, reconnect 3.500s
  package_execution  +40m00.000s  1m15.000s  detect 20.000s, regroup 1.000s, arbitrate 6.500s,
                                             storage 7.000s, sql_start 6.000s, recovery 10.000s,
                                             master_start 23.000s, reconnect 1.500s

Executions
  3 planned, 0 submitted, 0 never submitted; 0 succeeded, 0 ended without success, 0 unfinished at
  the end.
  Lost 0, doubled 0; repeated 0, refused success 0, stamped "ended unexpectedly" 0.

Batches
  batch            due      done       deadline  executions
  nightly  +30m00.000s  not done  +1h30m00.000s  0 of 3 succeeded, deadline MISSED

Assumptions
)"));
}

TEST(TextReport, the_verdicts_come_last_and_then_what_repeats_the_run) {
  const std::string text = text_of(small_run());
  EXPECT_THAT(text, EndsWith(R"(
  This run rested on startup_stamping = on, which nobody has published.

Verdicts
  FAILED   { "service": "scale_out_master", "outage": { "max": "60s" } }
           The master was out for 1m13.5s.
           node_loss.json:12:5
  UNKNOWN  { "executions": { "lost": 0 } }
           It rests on startup_stamping.
           To settle it: Restart the instance while a package runs.
           node_loss.json:13:5
  PASSED   { "workers": "all" }
           All are connected.

reproduce: rehearse run node_loss.json --seed 7
)"));
}

TEST(TextReport, quiet_tells_the_headline_and_what_did_not_pass) {
  EXPECT_EQ(text_of(small_run(), {false, true, false}), R"(FAILED  node loss: 1 of 3 expectations passed

Verdicts
  FAILED   { "service": "scale_out_master", "outage": { "max": "60s" } }
           The master was out for 1m13.5s.
           node_loss.json:12:5
  UNKNOWN  { "executions": { "lost": 0 } }
           It rests on startup_stamping.
           To settle it: Restart the instance while a package runs.
           node_loss.json:13:5

reproduce: rehearse run node_loss.json --seed 7
)");
  RunResult passed = small_run();
  passed.verdicts.erase(passed.verdicts.begin(), passed.verdicts.begin() + 2);
  EXPECT_EQ(text_of(passed, {false, true, false}), "PASSED  node loss: 1 of 1 expectation passed\n");
}

TEST(TextReport, colour_changes_nothing_but_colour) {
  std::string coloured = text_of(small_run(), {true, false, false});
  EXPECT_THAT(coloured, HasSubstr("\x1b[31mFAILED\x1b[0m"));
  EXPECT_THAT(coloured, HasSubstr("\x1b[33mUNKNOWN\x1b[0m"));
  for (std::size_t at = coloured.find('\x1b'); at != std::string::npos; at = coloured.find('\x1b')) {
    coloured.erase(at, coloured.find('m', at) - at + 1);
  }
  EXPECT_EQ(coloured, text_of(small_run()));
  EXPECT_THAT(text_of(small_run()), Not(HasSubstr("\x1b")));
}

TEST(TextReport, no_line_is_wider_than_the_page) {
  RunResult result = small_run();
  result.verdicts[0].reason =
      std::string(30, 'a') + " " + std::string(60, 'b') + " " + std::string(30, 'c') + " " + std::string(80, 'd');
  result.observations.push_back(std::string(50, 'e') + " " + std::string(60, 'f'));
  for (const bool full : {false, true}) {
    for (const std::string& line : lines_of(text_of(result, {false, false, full}))) {
      EXPECT_LE(width_of(line), page_width) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
  }
}

TEST(TextReport, the_full_timeline_has_a_line_for_every_record) {
  const RunResult result = small_run();
  const Timeline full = timeline_of(result, true);
  EXPECT_THAT(full.lines, SizeIs(result.journal.records.size()));
  EXPECT_EQ(full.left_out, "");
  std::size_t told = 0;
  for (const TimelineLine& line : timeline_of(result, false).lines) told += line.records;
  EXPECT_EQ(told + 11, result.journal.records.size());
}

TEST(TextReport, a_refusal_tells_its_message_and_remedy_once) {
  HandMade run;
  for (const world::WorkerIndex worker : {wrk1, wrk2}) {
    const auto outcome = static_cast<std::int64_t>(model::HandshakeOutcome::master_expired);
    run.tell(Duration(10min) * (worker + 1), world::RecordKind::handshake_refused, world::worker_id(worker), 0, sql1,
             outcome);
  }
  const auto lines = timeline_of(run.result(1h), false).lines;
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[0].more,
              AllOf(HasSubstr("SecurityNegotiationException"), HasSubstr("Renew the master's certificate")));
  EXPECT_EQ(lines[1].more, "");
  EXPECT_EQ(lines[1].text, "WRK2: handshake with SQL1 refused: the master's certificate has expired");
}

TEST(TextReport, what_goes_on_and_on_is_told_three_times_after_each_act_from_outside) {
  HandMade run;
  for (int fault = 0; fault < 2; ++fault) {
    run.tell(Duration(1h) * fault, world::RecordKind::fault_injected, world::cluster_id, 0, 0);
    for (int round = 0; round < 10; ++round) {
      run.tell(Duration(1h) * fault + Duration(1min) * round, world::RecordKind::worker_cut_off, world::worker_id(wrk1),
               0, world::none, 1);
    }
  }
  const Timeline timeline = timeline_of(run.result(2h), false);
  EXPECT_THAT(timeline.lines, SizeIs(2 + 2 * 3));
  EXPECT_EQ(timeline.left_out, "14 about what was told before");
}

TEST(TextReport, failed_steps_are_told_in_full_and_the_others_counted) {
  RunResult result = small_run();
  result.deployment = {
      {"install SQL Server", "2.1", "done", "", core::Time(-1h), core::Time(-30min)},
      {"join node", "2.2", "failed", "refused: the node is quarantined", core::Time(-30min), core::Time(-20min)}};
  result.operations = {{"move_role", "", "done", "", core::Time(1h), core::Time(1h + 20s)}};
  const std::string text = text_of(result);
  EXPECT_THAT(text,
              HasSubstr("Deployment\n  2 steps in 40m00.000s of virtual time, 1 failed\n"
                        "  -30m00.000s  join node (2.2), 10m00.000s: failed\n    refused: the node is quarantined\n"));
  EXPECT_THAT(text, HasSubstr("Operations\n  +1h00m00.000s  move_role, 20.000s: done\n"));
  EXPECT_THAT(text, Not(HasSubstr("install SQL Server")));
}

TEST(TextReport, a_late_batch_and_a_service_still_out_are_marked) {
  RunResult result = small_run();
  result.batches[0].done = core::Time(100min);
  result.outages[0].censored = true;
  const std::string text = text_of(result);
  EXPECT_THAT(text, HasSubstr("LATE by 10m00.000s"));
  EXPECT_THAT(text, HasSubstr(">40.500s"));
  EXPECT_THAT(text, HasSubstr("> still out at the end of the rehearsal"));
}

TEST(TextReport, a_passed_run_needs_no_command_to_repeat_it) {
  RunResult result = small_run();
  result.verdicts.clear();
  EXPECT_THAT(text_of(result), AllOf(StartsWith("PASSED  node loss\n"), Not(HasSubstr("reproduce"))));
  result.scenario.file = "node loss.json";
  EXPECT_EQ(reproduce_command(result), "rehearse run 'node loss.json' --seed 7");
}

// ---- further roles

TEST(FurtherRoles, are_listed_with_owner_state_and_moves_and_only_where_there_are_any) {
  EXPECT_THAT(text_of(small_run()), Not(HasSubstr("Further roles")));
  model::Design design = design_of(2);
  design.cluster.roles.push_back(service_role("Reports"));
  design.cluster.roles.push_back(service_role("Print"));
  Story story(design);
  const auto owner_of = [](const world::World& world, world::GroupIndex role) {
    return world.state().groups[role].owner;
  };
  story.at(1min, [&](world::World& world) {
    const world::GroupIndex reports = story.role("Reports");
    world.roles().move(reports, 1 - owner_of(world, reports), 0);
    world.roles().want(story.role("Print"), false, 0);
  });
  story.until(10min);
  const std::vector<RoleNote> notes = further_roles(story.result());
  ASSERT_THAT(notes, SizeIs(2));
  EXPECT_EQ(notes[0].name, "Reports");
  EXPECT_EQ(notes[0].state, "online");
  EXPECT_EQ(notes[0].moves, 1U);
  EXPECT_EQ(notes[1].state, "offline");
  EXPECT_EQ(notes[1].moves, 0U);
  EXPECT_THAT(roles_at_end(story.result()), SizeIs(3));
  EXPECT_THAT(text_of(story.result()), HasSubstr("Further roles at the end\n  role     owner  state    moves\n"));
}

TEST(FurtherRoles, of_many_only_those_are_listed_that_moved_or_are_not_online) {
  model::Design design = design_of(2);
  for (int number = 1; number <= 30; ++number)
    design.cluster.roles.push_back(service_role("Role " + std::to_string(number)));
  Story story(design);
  story.at(1min, [&](world::World& world) { world.roles().want(story.role("Role 7"), false, 0); });
  story.until(10min);
  const std::string text = text_of(story.result());
  EXPECT_THAT(text, HasSubstr("  Role 7  "));
  EXPECT_THAT(text, Not(HasSubstr("  Role 8  ")));
  EXPECT_THAT(text, HasSubstr("  29 more, online where they were at the start\n"));
}

// ---- workers together

Outage worker_outage(world::WorkerIndex worker, Duration from, Duration to, bool censored = false) {
  return {{Service::Kind::worker, worker}, core::Time(from), core::Time(to), censored, {}};
}

TEST(WorkerEpisodes, first_half_and_last_are_told_of_outages_that_overlap_or_touch) {
  const std::vector<Outage> outages{worker_outage(0, 10s, 20s), worker_outage(1, 10s, 40s), worker_outage(2, 12s, 30s),
                                    worker_outage(2, 40s, 41s), worker_outage(3, 50s, 60s)};
  const auto episodes = worker_episodes(outages);
  ASSERT_THAT(episodes, SizeIs(2));
  EXPECT_EQ(episodes[0].workers, 3U);
  EXPECT_EQ(episodes[0].from, core::Time(10s));
  EXPECT_EQ(episodes[0].first_back, core::Time(20s));
  EXPECT_EQ(episodes[0].half_back, core::Time(40s));
  EXPECT_EQ(episodes[0].last_back, core::Time(41s));
  EXPECT_EQ(episodes[0].last, &outages[3]);
  EXPECT_EQ(episodes[1].workers, 1U);
}

TEST(WorkerEpisodes, a_worker_that_is_lost_twice_counts_once_and_until_it_is_back_for_good) {
  const auto episodes =
      worker_episodes({worker_outage(0, 10s, 20s), worker_outage(0, 25s, 35s), worker_outage(1, 10s, 30s)});
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].workers, 2U);
  EXPECT_EQ(episodes[0].first_back, core::Time(30s));
  EXPECT_EQ(episodes[0].last_back, core::Time(35s));
}

TEST(WorkerEpisodes, who_is_still_out_is_not_back) {
  const auto episodes =
      worker_episodes({worker_outage(0, 10s, 60s, true), worker_outage(1, 10s, 20s), worker_outage(2, 10s, 60s, true)});
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].first_back, core::Time(20s));
  EXPECT_EQ(episodes[0].half_back, core::never);
  EXPECT_TRUE(episodes[0].censored());
  EXPECT_EQ(episodes[0].to, core::Time(60s));
}

// ---- JSON

TEST(JsonReport, holds_verdicts_outages_and_every_record) {
  const RunResult result = small_run();
  const Json report = Json::parse(json_of({result}));
  EXPECT_EQ(report["format"], "rehearse-runs");
  EXPECT_EQ(report["outcome"], "failed");
  const Json& run = report["runs"][0];
  EXPECT_EQ(run["fingerprint"], "0000000000abcdef");
  EXPECT_EQ(run["verdicts"][1]["settle"][0], "Restart the instance while a package runs.");
  EXPECT_EQ(run["switches"][0]["name"], "startup_stamping");
  EXPECT_EQ(run["parameters"].size(), result.plan->parameters().ledger().size());
  ASSERT_EQ(run["timeline"].size(), result.journal.records.size());
  const Json& power = run["timeline"][1];
  EXPECT_EQ(power["id"], result.journal.first + 1);
  EXPECT_EQ(power["cause"], result.journal.first);
  EXPECT_EQ(power["kind"], "host_power_lost");
  EXPECT_EQ(power["who"], "SQL1");
  EXPECT_EQ(power["subject"], "host");
  EXPECT_EQ(power["text"], "SQL1: power lost");
  EXPECT_TRUE(power["object"].is_null());
  EXPECT_TRUE(run["timeline"][0]["cause"].is_null());
  EXPECT_EQ(run["batches"][0]["deadline"], 5400.0);
  EXPECT_FALSE(power.contains("event"));
  const auto removed =
      std::ranges::find_if(run["timeline"], [](const Json& row) { return row["kind"] == "node_removed"; });
  EXPECT_EQ((*removed)["event"], Json::array({1135}));
  EXPECT_FALSE(run.contains("decisions"));
  EXPECT_EQ(run["roles"][0]["name"], "SQL Server (MSSQLSERVER)");
  EXPECT_EQ(run["roles"][0]["owner"], "SQL2");
  EXPECT_EQ(run["roles"][0]["moves"], 1);
  EXPECT_TRUE(run["batches"][0]["done"].is_null());
  EXPECT_EQ(run["workers"][0]["last_back"], 2477.0);
}

TEST(JsonReport, phases_are_seconds_and_add_up) {
  const Json report = Json::parse(json_of({small_run()}));
  ASSERT_EQ(report["runs"][0]["outages"].size(), 6U);
  for (const Json& outage : report["runs"][0]["outages"]) {
    double sum = 0;
    for (const Json& phase : outage["phases"]) sum += phase["length"].get<double>();
    EXPECT_DOUBLE_EQ(sum, outage["length"].get<double>());
    EXPECT_DOUBLE_EQ(outage["to"].get<double>() - outage["from"].get<double>(), outage["length"].get<double>());
  }
}

TEST(JsonReport, the_same_runs_give_the_same_bytes_and_no_run_is_a_report_too) {
  EXPECT_EQ(json_of({small_run()}), json_of({small_run()}));
  const Json report = Json::parse(json_of({}));
  EXPECT_EQ(report["outcome"], "passed");
  EXPECT_TRUE(report["runs"].is_array());
  EXPECT_TRUE(report["runs"].empty());
}

TEST(JsonReport, names_that_are_not_utf8_do_not_spoil_it) {
  RunResult result = small_run();
  result.scenario.name = "node \xFF loss";
  const Json report = Json::parse(json_of({result}));
  EXPECT_EQ(report["runs"][0]["scenario"], "node \xEF\xBF\xBD loss");
}

// ---- JUnit

TEST(JunitReport, a_failed_verdict_is_a_failure_and_an_unknown_one_an_error) {
  EXPECT_EQ(written(write_junit, {small_run()}), R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="rehearse" tests="3" failures="1" errors="1">
  <testsuite name="node loss" tests="3" failures="1" errors="1" time="7200.000" timestamp="2027-03-01T00:30:00Z">
    <properties>
      <property name="seed" value="7"/>
      <property name="fingerprint" value="0000000000abcdef"/>
    </properties>
    <testcase classname="node loss" name="{ &quot;service&quot;: &quot;scale_out_master&quot;, &quot;outage&quot;: { &quot;max&quot;: &quot;60s&quot; } }">
      <failure type="failed" message="The master was out for 1m13.5s.">The master was out for 1m13.5s.&#10;node_loss.json:12:5&#10;reproduce: rehearse run node_loss.json --seed 7</failure>
    </testcase>
    <testcase classname="node loss" name="{ &quot;executions&quot;: { &quot;lost&quot;: 0 } }">
      <error type="unknown" message="It rests on startup_stamping.">It rests on startup_stamping.&#10;To settle it: Restart the instance while a package runs.&#10;node_loss.json:13:5&#10;reproduce: rehearse run node_loss.json --seed 7</error>
    </testcase>
    <testcase classname="node loss" name="{ &quot;workers&quot;: &quot;all&quot; }"/>
  </testsuite>
</testsuites>
)");
}

TEST(JunitReport, safety_observations_fail_a_test_case_of_their_own) {
  RunResult result = small_run();
  result.observations = {"two masters ran from +1h to +2h"};
  const std::string xml = written(write_junit, {result});
  EXPECT_THAT(xml, HasSubstr("tests=\"4\" failures=\"2\" errors=\"1\""));
  EXPECT_THAT(xml, HasSubstr("name=\"no safety observations\""));
  EXPECT_THAT(xml, HasSubstr("two masters ran"));
}

TEST(XmlText, markup_is_escaped_and_what_xml_cannot_hold_is_replaced) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(xml_text("<a href='x'>\"&\"</a>"), "&lt;a href=&apos;x&apos;&gt;&quot;&amp;&quot;&lt;/a&gt;");
  EXPECT_EQ(xml_text("a\tb\nc\r"), "a&#9;b&#10;c&#13;");
  EXPECT_EQ(xml_text("gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x92\xA1"),
            "gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x92\xA1");
  EXPECT_EQ(xml_text("\xC3"), bad);                                // cut off
  EXPECT_EQ(xml_text("\xC0\xAF"), bad + bad);                      // over-long
  EXPECT_EQ(xml_text("\xED\xA0\x80"), bad + bad + bad);            // a surrogate
  EXPECT_EQ(xml_text("\xEF\xBF\xBF"), bad);                        // U+FFFF
  EXPECT_EQ(xml_text("\xF4\x90\x80\x80"), bad + bad + bad + bad);  // beyond U+10FFFF
  for (int byte = 0; byte < 0x20; ++byte) {
    const std::string text = xml_text(std::string(1, static_cast<char>(byte)));
    EXPECT_TRUE(byte == '\t' || byte == '\n' || byte == '\r' ? text.starts_with("&#") : text == bad) << byte;
  }
}

}  // namespace
}  // namespace rehearse::sim
