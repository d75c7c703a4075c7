#include "sim/scenario/scenario_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

#include "sim/scenario/fault_kinds.hpp"
#include "staged_world.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

using Action = TimelineEntry::Action;
using Kind = Expectation::Kind;

std::string scenarios() {
  return std::string(REHEARSE_SOURCE_DIR) + "/scenarios";
}

std::string told_by(const ScenarioResult& result) {
  std::string told;
  for (const model::Diagnostic& diagnostic : result.diagnostics) told += model::to_text(diagnostic) + "\n";
  return told;
}

/// A scenario of two hours on the reference design with this timeline and these expectations, without brackets.
ScenarioResult read(const std::string& timeline, const std::string& expect, const std::string& design = "reference") {
  return read_scenario(R"({ "name": "n", "design": "designs/)" + design + R"(.json", "start": "2027-03-01T00:30:00Z",
                            "duration": "2h", "timeline": [)" +
                           timeline + R"(], "expect": [)" + expect + "] }",
                       "here/test.json", scenarios());
}

Scenario scenario_of(const ScenarioResult& result) {
  EXPECT_EQ(told_by(result), "");
  return result.scenario.value_or(Scenario());
}

TimelineEntry entry(const std::string& json, const std::string& before = "") {
  const Scenario scenario = scenario_of(read(before.empty() ? json : before + ", " + json, ""));
  return scenario.timeline.empty() ? TimelineEntry() : scenario.timeline.back();
}

Expectation expectation(const std::string& json) {
  const Scenario scenario = scenario_of(read("", json));
  return scenario.expectations.empty() ? Expectation() : scenario.expectations.back();
}

/// All that is told about a timeline, or about expectations.
std::string about_timeline(const std::string& json) {
  return told_by(read(json, ""));
}
std::string about_expectation(const std::string& json) {
  return told_by(read("", json));
}

TEST(ScenarioReader, takes_defaults_for_what_need_not_be_said) {
  const Scenario scenario =
      scenario_of(read_scenario(R"({ "name": "n", "design": "designs/reference.json", "start": "2027-03-01T00:30:00Z",
                         "until": "quiescent" })",
                                "here/test.json", scenarios()));
  EXPECT_EQ(scenario.seed, 1u);
  EXPECT_EQ(scenario.deploy, Deploy::steps);
  EXPECT_EQ(scenario.duration, std::nullopt);
  EXPECT_EQ(scenario.file, "here/test.json");
  EXPECT_EQ(scenario.design_file, "here/designs/reference.json");
  EXPECT_EQ(scenario.design.name, "reference");
  EXPECT_EQ(scenario.start, *model::parse_date("2027-03-01T00:30:00Z"));
}

TEST(ScenarioReader, takes_what_is_said) {
  const Scenario scenario = scenario_of(read_scenario(
      R"({ "$schema": "s", "name": "n", "description": "d", "design": "designs/reference.json", "seed": 0,
           "start": "2027-03-01T00:30:00+01:00", "duration": "1h30m", "deploy": "installed" })",
      "test.json", scenarios()));
  EXPECT_EQ(scenario.name, "n");
  EXPECT_EQ(scenario.description, "d");
  EXPECT_EQ(scenario.seed, 0u);
  EXPECT_EQ(scenario.start, *model::parse_date("2027-02-28T23:30:00Z"));
  EXPECT_EQ(scenario.duration, std::optional<Duration>(90min));
  EXPECT_EQ(scenario.deploy, Deploy::installed);
}

TEST(ScenarioReader, tells_a_file_that_is_not_there) {
  EXPECT_THAT(told_by(read_scenario_file("nowhere/none.json")),
              HasSubstr("nowhere/none.json: error: the scenario cannot be read: the file does not exist"));
}

TEST(ScenarioReader, calls_everything_by_the_path_that_was_given) {
  const std::string path = scenarios() + "/node_loss.json";
  const Scenario scenario = scenario_of(read_scenario_file(path));
  EXPECT_EQ(scenario.file, path);
  EXPECT_EQ(scenario.design_file, scenarios() + "/designs/reference.json");
  EXPECT_EQ(scenario.design.file, scenario.design_file);
}

TEST(ScenarioReader, sorts_its_own_problems_by_place_and_puts_those_of_the_design_behind_them) {
  const std::string folder = std::string(REHEARSE_SOURCE_DIR) + "/tests/negative/scenarios";
  const ScenarioResult result =
      read_scenario(R"({ "name": "n", "design": "designs/broken.json", "start": "x", "sead": 1, "duration": "2" })",
                    "a/b.json", folder);
  std::vector<std::string> places;
  for (const model::Diagnostic& one : result.diagnostics) places.push_back(one.file + " " + one.place.pointer);
  EXPECT_THAT(places, ElementsAre("a/b.json /design", "a/b.json /start", "a/b.json /sead", "a/b.json /duration",
                                  "a/designs/broken.json /sql", "a/designs/broken.json /scale_out/workers/0/coutn"));
}

TEST(ScenarioReader, gives_every_fault_its_scope) {
  EXPECT_THAT(entry(R"({ "at": "1m", "fault": "node.power_loss", "node": "SQL1" })").hosts, ElementsAre("SQL1"));
  EXPECT_THAT(entry(R"({ "at": "1m", "fault": "node.bugcheck", "node": "SQL2" })").hosts, ElementsAre("SQL2"));
  EXPECT_THAT(entry(R"({ "at": "1m", "fault": "network.nic_down", "host": "SQL2" })").hosts, ElementsAre("SQL2"));
  EXPECT_THAT(entry(R"({ "at": "1m", "fault": "network.nic_down", "host": "WRK3" })").hosts, ElementsAre("WRK3"));
  EXPECT_THAT(entry(R"({ "at": "1m", "fault": "worker.crash_host", "worker": "WRK1" })").hosts, ElementsAre("WRK1"));
  EXPECT_THAT(entry(R"({ "at": "1m", "fault": "sql.hang" })").hosts, IsEmpty());
  EXPECT_THAT(entry(R"({ "at": "1m", "fault": "network.partition", "hosts": ["WRK1", "FS1", "SQL2"] })").hosts,
              ElementsAre("FS1", "SQL2", "WRK1"));
}

/// A right value for every key that a fault has.
const std::map<std::string_view, std::string>& examples() {
  static const std::map<std::string_view, std::string> all = {{"node", R"("node": "SQL1")"},
                                                              {"worker", R"("worker": "WRK1")"},
                                                              {"host", R"("host": "SQL1")"},
                                                              {"hosts", R"("hosts": ["SQL1"])"},
                                                              {"sites", R"("sites": ["A", "B"])"},
                                                              {"disk", R"("disk": "Cluster Disk 1")"},
                                                              {"resource", R"("resource": "Files IP")"},
                                                              {"port", R"("port": 8391)"},
                                                              {"component", R"("component": "system")"},
                                                              {"kind", R"("kind": "frozen")"},
                                                              {"add", R"("add": "5ms")"},
                                                              {"share", R"("share": 0.5)"},
                                                              {"factor", R"("factor": 2)"},
                                                              {"every", R"("every": "10s")"},
                                                              {"down", R"("down": "1s")"},
                                                              {"by", R"("by": "1h")"},
                                                              {"certificate", R"("certificate": "worker")"},
                                                              {"account", R"("account": "master")"},
                                                              {"role", R"("role": "Files")"},
                                                              {"batch", R"("batch": "nightly")"},
                                                              {"key", R"("key": "PortNumber")"},
                                                              {"value", R"("value": 8392)"}};
  return all;
}

/// The last entry of a timeline for the design with two sites.
TimelineEntry stretched(const std::string& timeline) {
  return staged_scenario(timeline).timeline.back();
}

TEST(ScenarioReader, reads_what_a_fault_acts_on_and_how_much) {
  const TimelineEntry path = stretched(
      R"({ "at": "1m", "fault": "storage.path_lost", "disk": "cluster disk 1", "node": "sql2", "for": "1h30m" })");
  EXPECT_EQ(path.resource, "Cluster Disk 1");
  EXPECT_THAT(path.hosts, ElementsAre("SQL2"));
  EXPECT_EQ(path.lasts, std::optional<Duration>(90min));
  const TimelineEntry link = stretched(R"({ "at": "1m", "fault": "network.link_down", "sites": ["C", "A"] })");
  EXPECT_THAT(link.sites, ElementsAre("A", "C"));
  EXPECT_EQ(link.lasts, std::nullopt);
  const TimelineEntry flap = stretched(
      R"({ "at": "1m", "fault": "network.flap", "host": "sql1", "network": "lan a", "every": "1m", "down": "1ms" })");
  EXPECT_EQ(flap.network, "LAN A");
  EXPECT_EQ(flap.every, Duration(1min));
  EXPECT_EQ(flap.down, Duration(1ms));
  EXPECT_EQ(stretched(R"({ "at": "1m", "fault": "network.loss", "hosts": ["SQL1"], "share": 1 })").amount, 1);
  EXPECT_EQ(stretched(R"({ "at": "1m", "fault": "storage.slow", "disk": "Files Disk", "factor": 1.5 })").amount, 1.5);
  EXPECT_EQ(stretched(R"({ "at": "1m", "fault": "network.port_blocked", "host": "FS1", "port": 445 })").port, 445);
  EXPECT_EQ(stretched(R"({ "at": "1m", "fault": "operator.late", "by": "45m" })").length, Duration(45min));
  EXPECT_EQ(stretched(R"({ "at": "1m", "fault": "node.hang", "node": "SQL1", "kind": "user_mode" })").kind,
            "user_mode");
}

TEST(ScenarioReader, reads_faults_of_certificates_settings_and_clocks) {
  const TimelineEntry removed = stretched(
      R"({ "at": "1m", "fault": "certificate.remove_from_store", "host": "sql1", "certificate": "MASTER", "store": "My" })");
  EXPECT_THAT(removed.hosts, ElementsAre("SQL1"));
  EXPECT_EQ(removed.certificate, "master");
  EXPECT_EQ(removed.store, "My");
  EXPECT_EQ(stretched(R"({ "at": "1m", "fault": "certificate.wrong_binding", "node": "SQL1" })").kind, "missing");
  EXPECT_EQ(stretched(R"({ "at": "1m", "fault": "name_service.dns_stale", "role": "files" })").role, "Files");
  EXPECT_EQ(stretched(R"({ "at": "1m", "fault": "clock.skew", "host": "WRK1", "by": "-1h30m" })").length, -90min);
  EXPECT_EQ(stretched(R"({ "at": "1m", "fault": "clock.skew", "host": "WRK1", "by": "2s" })").length, Duration(2s));
  const auto setting = [](const std::string& details) {
    return stretched(R"({ "at": "1m", "fault": "configuration.settings_changed_on_one_node", )" + details + " }")
        .setting.value();
  };
  const auto lease = setting(R"("host": "WRK1", "key": "LeaseInterval", "value": "00:02:00")");
  EXPECT_EQ(lease.key, "LeaseInternval");
  EXPECT_EQ(lease.value, "00:02:00");
  EXPECT_EQ(lease.worker.lease_interval, 2min);
  const auto sweep = setting(R"("host": "SQL1", "key": "DealWithExpiredTasksIntervalInMs", "value": 60000)");
  EXPECT_EQ(sweep.value, "60000");
  EXPECT_EQ(sweep.master.sweep_interval, 1min);
}

TEST(ScenarioReader, builds_roles_of_others_only_where_the_world_is_finished) {
  const std::string folder = std::string(REHEARSE_SOURCE_DIR) + "/tests/negative/scenarios";
  const std::string head = R"({ "name": "n", "design": "designs/stretched.json", "start": "2027-03-01T00:30:00Z",
                                "duration": "2h")";
  EXPECT_EQ(told_by(read_scenario(head + R"(, "deploy": "installed" })", "t.json", folder)), "");
  EXPECT_THAT(told_by(read_scenario(head + " }", "t.json", folder)),
              HasSubstr("t.json:1:26: error: the design has roles that no step builds, such as 'Files' (at /design)"));
}

TEST(ScenarioReader, reads_every_fault_by_its_name_and_repairs_what_can_be_repaired) {
  for (const std::string& name : fault_names()) {
    const FaultKind kind = *fault_from(name);
    const FaultInfo& info = info_of(kind);
    std::string target, amount;
    for (const model::Key& key : info.target) {
      if (key.need == model::Need::required) target += ", " + examples().at(key.name);
    }
    for (const model::Key& key : info.amount) {
      if (key.need == model::Need::required) amount += ", " + examples().at(key.name);
    }
    if (info.end == FaultInfo::End::by_itself) amount += R"(, "for": "5s")";
    const std::string fault = R"({ "at": "1m", "fault": ")" + name + '"' + target + amount + " }";
    const std::string repair = R"({ "at": "2m", "repair": ")" + name + '"' + target + " }";
    EXPECT_EQ(stretched(fault).fault, kind) << name;
    EXPECT_EQ(stretched(fault).action, Action::fault) << name;
    if (can_be_repaired(kind)) {
      EXPECT_EQ(stretched(fault + ", " + repair).action, Action::repair) << name;
      EXPECT_EQ(stretched(fault + ", " + repair).fault, kind) << name;
    } else {
      EXPECT_THAT(about_timeline(fault + ", " + repair), HasSubstr(name + " is over ")) << name;
    }
  }
}

TEST(ScenarioReader, speaks_of_names_as_the_design_spells_them) {
  const TimelineEntry move =
      entry(R"j({ "after": "sql1 joined", "wait": "5m", "step": "move_role", "role": "sql server (mssqlserver)",
                 "to": "sql1" })j");
  EXPECT_EQ(move.after, "SQL1 joined");
  EXPECT_EQ(move.wait, 5min);
  EXPECT_EQ(move.at, std::nullopt);
  EXPECT_THAT(move.arguments, ElementsAre(Pair("role", "SQL Server (MSSQLSERVER)"), Pair("to", "SQL1")));
  EXPECT_EQ(entry(R"({ "after": "SQL server (MSSQLSERVER) online", "fault": "sql.crash" })").after,
            "SQL Server (MSSQLSERVER) online");
  EXPECT_EQ(expectation(R"({ "service": "worker wrk2", "outage": { "max": "1m" } })").service, "worker WRK2");
}

TEST(ScenarioReader, reads_operations_with_their_arguments) {
  const TimelineEntry renewal =
      entry(R"({ "at": "1h", "step": "renew_master_certificate", "not_after": "2030-01-01T00:00:00Z",
                 "order": "least_outage" })");
  EXPECT_EQ(renewal.action, Action::step);
  EXPECT_EQ(renewal.step, "renew_master_certificate");
  EXPECT_EQ(renewal.at, std::optional<Duration>(1h));
  EXPECT_THAT(renewal.arguments, ElementsAre(Pair("not_after", "2030-01-01T00:00:00Z"), Pair("order", "least_outage")));
  EXPECT_THAT(entry(R"({ "at": "1h", "step": "restart_workers" })").arguments, IsEmpty());
}

TEST(ScenarioReader, asks_the_operation_about_what_only_it_knows) {
  EXPECT_THAT(about_timeline(R"({ "at": "1h", "step": "renew_master_certificate",
                                  "not_after": "2030-01-01T00:00:00Z", "order": "fastest" })"),
              HasSubstr("'fastest' is no order"));
}

TEST(ScenarioReader, accepts_a_repair_only_after_its_own_fault) {
  const std::string loss = R"({ "at": "10m", "fault": "node.power_loss", "node": "SQL1" }, )";
  const auto repair = [](const std::string& when, const std::string& node) {
    return "{ " + when + R"(, "repair": "node.power_loss", "node": ")" + node + "\" }";
  };
  EXPECT_EQ(about_timeline(loss + repair(R"("at": "11m")", "SQL1")), "");
  EXPECT_EQ(about_timeline(repair(R"("at": "11m")", "SQL1") + ", " + loss.substr(0, loss.size() - 2)), "")
      << "the times count, not the order in the file";
  EXPECT_EQ(about_timeline(loss + repair(R"("after": "SQL Server (MSSQLSERVER) online")", "SQL1")), "");
  const std::string unbegun = "is repaired but has not begun before";
  EXPECT_THAT(about_timeline(loss + repair(R"("at": "10m")", "SQL1")), HasSubstr(unbegun));
  EXPECT_THAT(about_timeline(loss + repair(R"("at": "9m")", "SQL1")), HasSubstr(unbegun));
  EXPECT_THAT(about_timeline(loss + repair(R"("at": "11m")", "SQL2")), HasSubstr("node.power_loss of SQL2 " + unbegun));
  EXPECT_THAT(about_timeline(loss + R"({ "at": "11m", "repair": "sql.hang" })"), HasSubstr("sql.hang " + unbegun));
}

TEST(ScenarioReader, does_not_miss_a_fault_that_is_there_but_misspelled) {
  const std::string told = about_timeline(R"({ "at": "1m", "fault": "node.power_loss", "node": "SQL9" },
                                             { "at": "2m", "repair": "node.power_loss", "node": "SQL1" })");
  EXPECT_THAT(told, HasSubstr("no node 'SQL9'"));
  EXPECT_THAT(told, Not(HasSubstr("is repaired")));
}

TEST(ScenarioReader, lets_things_happen_until_the_very_end_and_not_after) {
  EXPECT_EQ(about_timeline(R"({ "at": "2h", "fault": "sql.crash" })"), "");
  EXPECT_THAT(about_timeline(R"({ "at": "2h1ms", "fault": "sql.crash" })"), HasSubstr("after the end"));
  EXPECT_EQ(about_expectation(R"({ "workers": "all", "connected_by": "2h" })"), "");
  EXPECT_THAT(about_expectation(R"({ "workers": "all", "connected_by": "2h1ms" })"), HasSubstr("after the end"));
}

TEST(ScenarioReader, reads_expectations_of_roles) {
  const Expectation owner = expectation(R"j({ "role": "SQL Server (MSSQLSERVER)", "owner": "SQL2", "by": "41m30s" })j");
  EXPECT_EQ(owner.kind, Kind::role_owner);
  EXPECT_EQ(owner.role, "SQL Server (MSSQLSERVER)");
  EXPECT_EQ(owner.owner, "SQL2");
  EXPECT_EQ(owner.by, std::optional<Duration>(41min + 30s));
  EXPECT_EQ(owner.at, std::nullopt);
  for (const std::string state : {"online", "partially_online", "offline", "failed"}) {
    const Expectation read =
        expectation(R"j({ "role": "SQL Server (MSSQLSERVER)", "state": ")j" + state + R"(", "at": "1h" })");
    EXPECT_EQ(read.kind, Kind::role_state);
    EXPECT_EQ(read.state, state);
    EXPECT_EQ(read.at, std::optional<Duration>(1h));
  }
}

TEST(ScenarioReader, reads_expectations_of_outages) {
  for (const std::string service :
       {"sql_server", "ssisdb", "scale_out_master", "package_execution", "workers", "worker WRK1"}) {
    const Expectation read = expectation(R"({ "service": ")" + service + R"(", "outage": { "max": "0s" } })");
    EXPECT_EQ(read.kind, Kind::outage);
    EXPECT_EQ(read.service, service);
    EXPECT_EQ(read.lengths.at("outage").max, std::optional<Duration>(0s));
    EXPECT_EQ(read.lengths.at("outage").min, std::nullopt);
    EXPECT_EQ(read.with, std::nullopt);
  }
  EXPECT_EQ(expectation(R"({ "service": "ssisdb", "outage": { "max": "90s", "with": 0.99 } })").with, 0.99);
  const Expectation both = expectation(R"({ "service": "ssisdb", "outage": { "min": "10s", "max": "90s" } })");
  EXPECT_EQ(both.lengths.at("outage").min, std::optional<Duration>(10s));
  EXPECT_EQ(both.lengths.at("outage").max, std::optional<Duration>(90s));
}

TEST(ScenarioReader, reads_expectations_of_workers) {
  const Expectation by = expectation(R"({ "workers": "all", "connected_by": "1h" })");
  EXPECT_EQ(by.kind, Kind::workers_connected);
  EXPECT_EQ(by.worker, "all");
  EXPECT_EQ(by.by, std::optional<Duration>(1h));
  const Expectation at = expectation(R"({ "workers": "WRK1", "connected_at": "1h" })");
  EXPECT_EQ(at.kind, Kind::workers_connected);
  EXPECT_EQ(at.worker, "WRK1");
  EXPECT_EQ(at.at, std::optional<Duration>(1h));
  EXPECT_EQ(at.by, std::nullopt);
  const Expectation from = expectation(R"({ "workers": "all", "disconnected_from": "1h" })");
  EXPECT_EQ(from.kind, Kind::workers_disconnected);
  EXPECT_EQ(from.at, std::optional<Duration>(1h));
  const Expectation refused = expectation(R"({ "worker": "WRK2", "refused": "master_expired" })");
  EXPECT_EQ(refused.kind, Kind::handshake);
  EXPECT_EQ(refused.worker, "WRK2");
  EXPECT_EQ(refused.outcome, "master_expired");
  const Expectation lurking = expectation(R"({ "worker": "all", "lurks": "worker_expired" })");
  EXPECT_EQ(lurking.kind, Kind::lurking);
  EXPECT_EQ(lurking.worker, "all");
  EXPECT_EQ(lurking.outcome, "worker_expired");
  const Expectation second = expectation(R"({ "worker": "wrk1", "second_connection_refused": "master_expired" })");
  EXPECT_EQ(second.kind, Kind::second_refused);
  EXPECT_EQ(second.worker, "WRK1");
}

TEST(ScenarioReader, reads_expectations_of_the_figures_of_the_work) {
  const Expectation work = expectation(
      R"({ "work": { "wait": { "max": "10m" }, "queue": { "min": 2, "max": 500 }, "overlap": { "min": "8m" },
                     "stamped_for": { "max": "1h" }, "utilisation": { "min": 0.5 } } })");
  EXPECT_EQ(work.kind, Kind::work);
  EXPECT_EQ(work.lengths.at("wait").max, std::optional<Duration>(10min));
  EXPECT_EQ(work.lengths.at("wait").min, std::nullopt);
  EXPECT_EQ(work.lengths.at("overlap").min, std::optional<Duration>(8min));
  EXPECT_EQ(work.lengths.at("stamped_for").max, std::optional<Duration>(1h));
  EXPECT_EQ(work.numbers.at("queue").min, std::optional<double>(2));
  EXPECT_EQ(work.numbers.at("queue").max, std::optional<double>(500));
  EXPECT_EQ(work.numbers.at("utilisation").min, std::optional<double>(0.5));
}

TEST(ScenarioReader, reads_expected_findings_and_operations_that_shall_fail) {
  const Expectation finding = expectation(R"({ "finding": "two masters" })");
  EXPECT_EQ(finding.kind, Kind::finding);
  EXPECT_EQ(finding.condition, "two masters");
  EXPECT_TRUE(entry(R"({ "at": "1h", "step": "restart_workers", "fails": true })").fails);
  EXPECT_FALSE(entry(R"({ "at": "1h", "step": "restart_workers" })").fails);
}

TEST(ScenarioReader, reads_expectations_of_executions_and_batches) {
  const Expectation counts = expectation(R"({ "executions": { "lost": 0, "succeeded": 400 } })");
  EXPECT_EQ(counts.kind, Kind::executions);
  EXPECT_THAT(counts.counts, ElementsAre(Pair("lost", 0), Pair("succeeded", 400)));
  const Expectation done = expectation(R"({ "batch": "nightly", "done_by": "90m" })");
  EXPECT_EQ(done.kind, Kind::batch_done);
  EXPECT_EQ(done.batch, "nightly");
  EXPECT_EQ(done.by, std::optional<Duration>(90min));
  const Expectation deadline = expectation(R"({ "batch": "nightly", "deadline": "met" })");
  EXPECT_EQ(deadline.kind, Kind::batch_done);
  EXPECT_EQ(deadline.by, std::nullopt);
}

TEST(ScenarioReader, reads_conditions) {
  EXPECT_EQ(expectation(R"({ "always": "one owner per role" })").kind, Kind::always);
  EXPECT_EQ(expectation(R"({ "always": "one master process" })").condition, "one master process");
  EXPECT_EQ(expectation(R"({ "never": "two masters" })").kind, Kind::never);
  EXPECT_EQ(expectation(R"({ "never": "split brain" })").condition, "split brain");
}

TEST(ScenarioReader, keeps_an_expectation_as_it_was_written_but_on_one_line) {
  const Expectation read =
      expectation("{ \"service\": \"ssisdb\", // the catalog\n  \"outage\":\n{\"max\":\"90s\",\"with\":0.990} }");
  EXPECT_EQ(read.text, R"({"service": "ssisdb", "outage": {"max": "90s", "with": 0.990}})");
  EXPECT_EQ(read.place.pointer, "/expect/0");
  EXPECT_EQ(read.place.line, 2);
}

TEST(ScenarioReader, knows_the_master_role_of_the_separate_placement) {
  const std::string master = R"({ "role": "SSIS Scale Out Master", "owner": "SQL2", "at": "1h" })";
  EXPECT_EQ(told_by(read("", master, "separate")), "");
  EXPECT_THAT(told_by(read("", master)), HasSubstr("the design has no role 'SSIS Scale Out Master'"));
}

TEST(ScenarioReader, does_not_ask_a_design_it_could_not_read_about_names) {
  const ScenarioResult result = read(R"({ "at": "1m", "fault": "node.bugcheck", "node": "ANY" })",
                                     R"({ "workers": "ANY", "connected_by": "1h" })", "none");
  ASSERT_EQ(result.diagnostics.size(), 1u) << told_by(result);
  EXPECT_THAT(result.diagnostics.front().what, HasSubstr("cannot read the design 'designs/none.json'"));
  EXPECT_FALSE(result.scenario);
}

}  // namespace
}  // namespace rehearse::sim
