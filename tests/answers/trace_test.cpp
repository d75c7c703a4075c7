// Traces against the rules of the Trace Event Format, as its document states them and as Perfetto's importer needs them
// (a flow binds to the slice that is open on its thread at that time). Perfetto's own parser is in no package that this
// project builds on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "sim/report/trace.hpp"
#include "sim/report/trace_events.hpp"
#include "tests/answers/shipped_run.hpp"

namespace rehearse::sim {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Thread = std::pair<int, int>;

json trace_of(const std::vector<RunResult>& runs) {
  std::ostringstream text;
  write_trace(text, runs, "1.2.3");
  return json::parse(text.str());
}

/// Nanoseconds: doubles compare badly.
std::int64_t time_of(const json& event, const char* key = "ts") {
  return std::llround(event.at(key).get<double>() * 1000);
}

class Rules {
 public:
  std::vector<std::string> broken_by(const json& trace) {
    std::int64_t before = 0;
    for (const json& event : trace.at("traceEvents")) {
      if (phase(event) == "M") {
        take_name(event);
        continue;
      }
      if (time_of(event) < before) tell("times do not ascend", event);
      before = time_of(event);
      take(event);
    }
    for (const auto& [id, ends] : flows_) {
      if (ends != 2) tell("flow " + std::to_string(id) + " has one end", {});
    }
    for (const Thread& thread : used_) {
      if (!processes_.contains(thread.first)) tell("a process has no name", thread.first);
      if (!threads_.contains(thread)) tell("a thread has no name", thread);
    }
    return problems_;
  }

 private:
  static std::string phase(const json& event) { return event.at("ph").get<std::string>(); }
  void tell(const std::string& what, const json& event) { problems_.push_back(what + ": " + event.dump()); }

  void take_name(const json& event) {
    const int process = event.at("pid").get<int>();
    const std::string name = event.at("name").get<std::string>();
    if (name == "process_name") processes_.insert(process);
    if (name == "thread_name") threads_.emplace(process, event.at("tid").get<int>());
    if (name.ends_with("_name") && event.at("args").at("name").get<std::string>().empty()) tell("an empty name", event);
    if (name.ends_with("_sort_index") && !event.at("args").at("sort_index").is_number_integer())
      tell("a sort index that is no number", event);
  }

  void take(const json& event) {
    const Thread thread{event.at("pid").get<int>(), event.at("tid").get<int>()};
    if (phase(event) == "C") {
      if (!processes_.contains(thread.first)) tell("a counter of no process", event);
      if (!event.at("args").begin()->is_number()) tell("a counter without a number", event);
      return;
    }
    used_.insert(thread);
    auto& open = open_[thread];
    while (!open.empty() && open.back() <= time_of(event)) open.pop_back();
    if (phase(event) == "X") return take_slice(event, open);
    if (phase(event) == "i") {
      if (!std::set<std::string>{"g", "p", "t"}.contains(event.at("s").get<std::string>()))
        tell("no such scope", event);
      return;
    }
    if (phase(event) != "s" && phase(event) != "f") return tell("no such phase", event);
    if (open.empty()) tell("a flow that binds to no slice", event);
    take_flow(event);
  }

  void take_slice(const json& event, std::vector<std::int64_t>& open) {
    const std::int64_t length = time_of(event, "dur");
    if (length <= 0) tell("a slice without length", event);
    if (event.at("name").get<std::string>().empty()) tell("a slice without name", event);
    const std::int64_t end = time_of(event) + length;
    if (!open.empty() && end > open.back()) tell("slices of one thread overlap", event);
    open.push_back(end);
  }

  void take_flow(const json& event) {
    const auto id = event.at("id").get<std::uint64_t>();
    const bool begins = phase(event) == "s";
    if (flows_[id] != (begins ? 0 : 1)) tell("a flow whose ends are not one begin and then one end", event);
    ++flows_[id];
    if (!begins && event.at("bp") != "e") tell("a flow that ends at the next slice", event);
  }

  std::vector<std::string> problems_;
  std::set<int> processes_;
  std::set<Thread> threads_, used_;
  std::map<Thread, std::vector<std::int64_t>> open_;  // ends of the slices that are open, the innermost last
  std::map<std::uint64_t, int> flows_;
};

class ShippedTrace : public testing::TestWithParam<std::string> {};

TEST_P(ShippedTrace, keeps_the_rules_of_the_format) {
  EXPECT_THAT(Rules().broken_by(trace_of({tests::shipped_run(GetParam())})), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Trace, ShippedTrace,
                         testing::Values("node_loss", "planned_move", "network_partition", "certificate_never_renewed",
                                         "separate_failover", "worker_crash", "scale_out/availability_group_patched",
                                         "cluster/failback_storm"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace(name.begin(), name.end(), '/', '_');
                           return name;
                         });

class NodeLossTrace : public testing::Test {
 protected:
  static const json& trace() {
    static const json one = trace_of({tests::shipped_run("node_loss")});
    return one;
  }
  static std::vector<std::string> named(const std::string& what) {
    std::vector<std::string> names;
    for (const json& event : trace().at("traceEvents"))
      if (event.at("ph") == "M" && event.at("name") == what) names.push_back(event.at("args").at("name"));
    return names;
  }
  /// Names of all events of that phase on the thread of that name.
  static std::vector<std::string> on(const std::string& process, const std::string& thread, const std::string& phase) {
    std::map<int, std::string> processes;
    std::map<Thread, std::string> threads;
    std::vector<std::string> names;
    for (const json& event : trace().at("traceEvents")) {
      const int pid = event.at("pid"), tid = event.at("tid");
      if (event.at("name") == "process_name") processes[pid] = event.at("args").at("name");
      if (event.at("name") == "thread_name") threads[{pid, tid}] = event.at("args").at("name");
      if (event.at("ph") == phase && processes[pid] == process && threads[{pid, tid}] == thread)
        names.push_back(event.at("name"));
    }
    return names;
  }
};

TEST_F(NodeLossTrace, has_a_process_for_each_kind_of_component_and_a_thread_for_each_component) {
  for (const std::string process : {"Faults and steps", "Services", "Cluster", "Nodes", "Roles", "Resources",
                                    "SQL Server", "Scale Out Masters", "Scale Out Workers", "Batches", "Work"})
    EXPECT_THAT(named("process_name"), Contains(process));
  for (const std::string thread : {"SQL1", "SQL2", "SQL Server (MSSQLSERVER)", "WRK1", "ssisdb", "nightly"})
    EXPECT_THAT(named("thread_name"), Contains(thread));
}

TEST_F(NodeLossTrace, shows_states_faults_and_outages_with_their_phases) {
  EXPECT_THAT(on("Nodes", "SQL1", "X"), Contains("off"));
  EXPECT_THAT(on("Roles", "SQL Server (MSSQLSERVER)", "X"), Contains("online on SQL2"));
  EXPECT_THAT(on("Services", "ssisdb", "X"), testing::IsSupersetOf({"out", "detect", "recovery"}));
  EXPECT_THAT(on("Faults and steps", "marks", "i"), Contains("FAULT node.power_loss on SQL1"));
}

TEST_F(NodeLossTrace, has_a_flow_from_the_fault_to_the_node_that_it_hits) {
  std::map<std::uint64_t, int> from;
  bool found = false;
  for (const json& event : trace().at("traceEvents")) {
    if (event.at("ph") == "s") from[event.at("id")] = event.at("pid");
    if (event.at("ph") == "f") found = found || (from[event.at("id")] == 1 && event.at("pid") == 4);
  }
  EXPECT_TRUE(found);
}

TEST(Trace, of_several_runs_gives_each_processes_of_its_own) {
  const RunResult one = tests::shipped_run("planned_move");
  const json trace = trace_of({one, one});
  EXPECT_THAT(Rules().broken_by(trace), IsEmpty());
  std::set<int> processes;
  std::set<std::string> names;
  for (const json& event : trace.at("traceEvents")) {
    if (event.at("name") != "process_name") continue;
    EXPECT_TRUE(processes.insert(event.at("pid").get<int>()).second);
    names.insert(event.at("args").at("name").get<std::string>());
  }
  EXPECT_THAT(names, Contains(one.scenario.name + ": Nodes"));
}

TEST(Trace, is_JSON_whatever_names_hold) {
  TraceEvents events;
  events.name_process(1, "\"]};<script>\\ \x01 \xff");
  events.name_thread({1, 1}, "a\nb");
  events.slice({1, 1}, core::at_start, core::at_start, "state", "\"", "", TraceArguments().text("\"", "\\"));
  std::ostringstream text;
  events.write(text, TraceArguments().text("name", "\"}"));
  const json trace = json::parse(text.str());
  EXPECT_THAT(Rules().broken_by(trace), IsEmpty());
  EXPECT_THAT(trace.at("traceEvents").at(0).at("args").at("name").get<std::string>(), HasSubstr("\"]};<script>\\"));
}

TEST(Trace, keeps_the_nanoseconds_of_a_year) {
  TraceEvents events;
  const core::Time late = core::at_start + std::chrono::hours(24 * 365) + std::chrono::nanoseconds(7);
  events.slice({1, 1}, late, late + std::chrono::seconds(1), "state", "online", "", {});
  std::ostringstream text;
  events.write(text, {});
  EXPECT_THAT(text.str(), HasSubstr("\"ts\":31536000000000.007,\"dur\":1000000,"));
}

TEST(Trace, puts_a_slice_before_those_that_it_encloses) {
  TraceEvents events;
  const core::Time begin = core::at_start + std::chrono::seconds(1);
  events.slice({1, 1}, begin, begin + std::chrono::seconds(1), "phase", "inner", "", {});
  events.slice({1, 1}, begin, begin + std::chrono::seconds(2), "outage", "outer", "", {});
  std::ostringstream text;
  events.write(text, {});
  EXPECT_LT(text.str().find("outer"), text.str().find("inner"));
}

TEST(TraceRules, are_broken_by_a_trace_that_breaks_them) {
  const auto broken = [](const std::string& events) {
    return Rules().broken_by(
        json::parse(R"({"traceEvents":[{"ph":"M","pid":1,"tid":0,"name":"process_name","args":{"name":"p"}},
      {"ph":"M","pid":1,"tid":1,"name":"thread_name","args":{"name":"t"}},)" +
                    events + "]}"));
  };
  EXPECT_THAT(
      broken(
          R"({"ph":"X","pid":1,"tid":1,"ts":1,"dur":5,"name":"a"},{"ph":"X","pid":1,"tid":1,"ts":3,"dur":5,"name":"b"})"),
      Contains(HasSubstr("overlap")));
  EXPECT_THAT(broken(R"({"ph":"s","pid":1,"tid":1,"ts":1,"id":1,"name":"c"})"), Contains(HasSubstr("one end")));
  EXPECT_THAT(broken(R"({"ph":"s","pid":1,"tid":1,"ts":1,"id":1,"name":"c"})"),
              Contains(HasSubstr("binds to no slice")));
  EXPECT_THAT(
      broken(
          R"({"ph":"i","pid":1,"tid":1,"ts":2,"s":"t","name":"a"},{"ph":"i","pid":1,"tid":1,"ts":1,"s":"t","name":"b"})"),
      Contains(HasSubstr("ascend")));
  EXPECT_THAT(broken(R"({"ph":"i","pid":1,"tid":2,"ts":2,"s":"t","name":"a"})"),
              Contains(HasSubstr("thread has no name")));
}

}  // namespace
}  // namespace rehearse::sim
