// Every value of a good scenario, taken away or replaced by a value of each other kind: whatever stands in a file, the
// reader answers with a scenario or with an error, and never with an exception.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/scenario/scenario_reader.hpp"

namespace rehearse::sim {
namespace {

using nlohmann::json;

/// One entry and one expectation of every kind, so that every branch of the reader meets every damage.
const char* const everything = R"j({
  "name": "n", "description": "d", "design": "designs/reference.json", "seed": 7, "start": "2027-03-01T00:30:00Z",
  "duration": "2h", "deploy": "installed",
  "timeline": [
    { "at": "1m", "fault": "node.power_loss", "node": "SQL1" },
    { "at": "2m", "repair": "node.power_loss", "node": "SQL1" },
    { "at": "3m", "fault": "network.partition", "hosts": ["SQL1", "WRK1"] },
    { "at": "4m", "fault": "network.nic_down", "host": "SQL2" },
    { "at": "5m", "fault": "worker.crash_host", "worker": "WRK1" },
    { "at": "6m", "fault": "witness.down", "for": "1m" },
    { "at": "6m", "fault": "network.flap", "host": "SQL1", "network": "Cluster Network 1", "every": "1m", "down": "1s" },
    { "at": "6m", "fault": "storage.path_lost", "disk": "Cluster Disk 1", "node": "SQL1" },
    { "at": "6m", "fault": "network.port_blocked", "host": "FS1", "port": 445 },
    { "at": "6m", "fault": "network.loss", "hosts": ["SQL1", "SQL2"], "share": 0.5 },
    { "at": "6m", "fault": "network.latency", "hosts": ["SQL1"], "add": "5ms" },
    { "at": "6m", "fault": "sql.component_error", "component": "system" },
    { "at": "6m", "fault": "operator.late", "by": "5m" },
    { "after": "SQL1 joined", "wait": "5m", "step": "move_role", "role": "SQL Server (MSSQLSERVER)", "to": "SQL1" },
    { "at": "7m", "step": "renew_master_certificate", "not_after": "2030-01-01T00:00:00Z", "order": "documented" },
    { "at": "8m", "step": "drain_node", "node": "SQL1" }
  ],
  "expect": [
    { "role": "SQL Server (MSSQLSERVER)", "owner": "SQL2", "by": "1h" },
    { "role": "SQL Server (MSSQLSERVER)", "state": "online", "at": "1h" },
    { "service": "worker WRK1", "outage": { "max": "90s", "with": 0.99 } },
    { "workers": "all", "connected_by": "1h" },
    { "executions": { "lost": 0, "doubled": 0 } },
    { "batch": "nightly", "deadline": "met" },
    { "batch": "nightly", "done_by": "1h" },
    { "always": "one owner per role" },
    { "never": "two masters" },
    { "worker": "WRK2", "refused": "master_expired" }
  ]
})j";

ScenarioResult read(const json& scenario) {
  return read_scenario(scenario.dump(), "test.json", std::string(REHEARSE_SOURCE_DIR) + "/scenarios");
}

void gather(const json& node, const json::json_pointer& here, std::vector<json::json_pointer>& places) {
  places.push_back(here);
  if (node.is_object()) {
    for (const auto& [key, value] : node.items()) gather(value, here / key, places);
  }
  if (node.is_array()) {
    for (std::size_t i = 0; i < node.size(); ++i) gather(node[i], here / i, places);
  }
}

void expect_an_answer(const json& damaged, const std::string& what) {
  ASSERT_NO_THROW({
    const ScenarioResult result = read(damaged);
    EXPECT_NE(result.scenario.has_value(), model::has_errors(result.diagnostics)) << what;
  }) << what;
}

TEST(ScenarioDamage, the_scenario_that_is_damaged_here_is_good_before) {
  EXPECT_TRUE(read(json::parse(everything)).scenario.has_value());
}

TEST(ScenarioDamage, no_value_of_another_kind_surprises_the_reader) {
  const json good = json::parse(everything);
  std::vector<json::json_pointer> places;
  gather(good, json::json_pointer(), places);
  const std::vector<json> values = {
      nullptr, true, -1, 1e300, "", "x", json::array(), json::object(), json::array({json::object()})};
  for (const json::json_pointer& place : places) {
    for (const json& value : values) {
      json damaged = good;
      damaged[place] = value;
      expect_an_answer(damaged, place.to_string() + " is " + value.dump());
    }
  }
}

TEST(ScenarioDamage, no_missing_value_surprises_the_reader) {
  const json good = json::parse(everything);
  std::vector<json::json_pointer> places;
  gather(good, json::json_pointer(), places);
  for (const json::json_pointer& place : places) {
    if (place.empty()) continue;
    json damaged = good;
    json& parent = damaged[place.parent_pointer()];
    if (parent.is_array()) {
      parent.erase(std::stoul(place.back()));
    } else {
      parent.erase(place.back());
    }
    expect_an_answer(damaged, place.to_string() + " is missing");
  }
}

TEST(ScenarioDamage, no_scenario_that_ends_too_early_is_read) {
  const std::string whole = json::parse(everything).dump();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(read_scenario(whole.substr(0, length), "test.json", "").scenario) << length;
  }
}

}  // namespace
}  // namespace rehearse::sim
