// Every fault of the table, done to a world and undone: what is true of the world then. The entries come from text
// through the reader, as a scenario file's do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/scenario/fault_kinds.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/network.hpp"
#include "sim/world/sql_server.hpp"
#include "staged_world.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using world::Process;
using world::ResourceStatus;

/// A fault, what a world looks like that suffers it, and how long it takes until that is so and until it is over.
struct Case {
  std::string name;
  std::string target;  // keys, as after a comma: `, "node": "SQL1"`
  std::string amount;
  std::function<bool(Stage&)> suffers;
  Duration until_begun{}, until_over{};
};

bool master_runs(const Stage& stage, const std::string& node) {
  return stage.host(node).master == Process::running;
}

const std::vector<Case>& cases() {
  static const std::string node = R"(, "node": "SQL1")", disk = R"(, "disk": "cluster disk 1")";
  static const std::vector<Case> all = {
      {"node.power_loss", node, "", [](Stage& s) { return !s.host("SQL1").powered; }, 0s, 10min},
      {"node.bugcheck", node, "", [](Stage& s) { return s.host("SQL1").booting; }},
      {"node.reboot", node, "", [](Stage& s) { return s.host("SQL1").booting; }, 1min},
      {"node.shutdown", node, "", [](Stage& s) { return !s.host("SQL1").powered && !s.host("SQL1").booting; }, 5min},
      {"node.hang", node, R"(, "kind": "user_mode")", [](Stage& s) { return s.host("SQL1").hung; }},
      {"node.hang", node, R"(, "kind": "frozen")", [](Stage& s) { return s.host("SQL1").frozen; }},
      {"node.pause", node, "", [](Stage& s) { return s.host("SQL1").frozen; }},
      {"node.cluster_service_crash", node, "",
       [](Stage& s) { return s.host("SQL1").service == world::ClusterService::stopped && s.host("SQL1").powered; }},
      {"node.resource_host_crash", node, "",
       [](Stage& s) { return s.resource("SQL Server").status != ResourceStatus::online; }},
      {"network.nic_down", R"(, "host": "SQL1")", "",
       [](Stage& s) { return s.host("SQL1").cards_down == s.plan().hosts[0].cards; }},
      {"network.nic_down", R"(, "host": "SQL1", "network": "beats")", "",
       [](Stage& s) { return s.host("SQL1").cards_down == world::bit(s.plan().find_network("Beats")); }},
      {"network.nic_down", R"(, "host": "WRK2")", "", [](Stage& s) { return s.host("WRK2").cards_down != 0; }},
      {"network.partition", R"(, "hosts": ["SQL1", "FS1"])", "",
       [](Stage& s) {
         return s.world().network().reach(0, s.plan().find_host("FS1")) && !s.world().network().reach(0, 1);
       }},
      {"network.link_down", R"(, "sites": ["B", "A"])", "",
       [](Stage& s) { return s.world().network().reach(0, 1) && !s.world().network().reach(0, 2); }},
      {"network.latency", R"(, "hosts": ["SQL1", "WRK1"])", R"(, "add": "150ms")",
       [](Stage& s) { return s.host("SQL1").latency == 150ms && s.host("WRK1").latency == 150ms; }},
      {"network.loss", R"(, "hosts": ["SQL1"])", R"(, "share": 0.25)",
       [](Stage& s) { return s.host("SQL1").loss == 250'000; }},
      {"network.burst", R"(, "hosts": ["SQL1"])", R"(, "for": "5s")",
       [](Stage& s) { return !s.world().network().hears(1, 0) && !s.world().network().reach(1, 0); }},
      {"network.flap", R"(, "host": "SQL1", "network": "LAN A")", R"(, "every": "10s", "down": "4s")",
       [](Stage& s) { return s.host("SQL1").cards_down == world::bit(s.plan().find_network("LAN A")); }},
      {"network.port_blocked", R"(, "host": "SQL1", "port": 8391)", "",
       [](Stage& s) { return !s.world().network().master_port_open(0); }},
      {"network.port_blocked", R"(, "host": "SQL1", "port": 3343)", "",
       [](Stage& s) { return !s.world().network().hears(1, 0) && s.world().network().reach(1, 0); }},
      {"network.port_blocked", R"(, "host": "SQL1", "port": 1433)", "",
       [](Stage& s) { return world::port_is_blocked(0, world::Port::sql_server, s.state()); }},
      {"network.port_blocked", R"(, "host": "FS1", "port": 445)", "",
       [](Stage& s) { return !s.world().network().reaches_witness(0); }},
      {"network.duplicate_address", R"(, "resource": "files ip")", "",
       [](Stage& s) { return s.resource("Files IP").taken; }},
      {"witness.down", "", "", [](Stage& s) { return !s.world().network().reaches_witness(0); }},
      {"storage.path_lost", disk, "", [](Stage& s) { return (s.resource("Cluster Disk 1").cut & 15) == 15; }},
      {"storage.path_lost", disk + R"(, "node": "SQL2")", "",
       [](Stage& s) { return s.resource("Cluster Disk 1").cut == 2; }},
      {"storage.slow", disk, R"(, "factor": 2.5)", [](Stage& s) { return s.resource("Cluster Disk 1").slow == 250; }},
      {"storage.pool_arbitration", R"(, "disk": "Files Disk")", "",
       [](Stage& s) { return s.resource("Files Disk").pool_arbitrates; }},
      {"sql.crash", "", "", [](Stage& s) { return s.state().instance.sql == Process::stopped; }},
      {"sql.hang", "", "", [](Stage& s) { return s.state().instance.sql == Process::hung; }},
      {"sql.slow_recovery", "", R"(, "factor": 4)", [](Stage& s) { return s.state().instance.slow == 400; }},
      {"sql.component_error", R"(, "component": "system")", "",
       [](Stage& s) { return s.state().instance.errors == 1; }},
      {"sql.component_error", R"(, "component": "resource")", "",
       [](Stage& s) { return s.state().instance.errors == 2; }},
      {"sql.component_error", R"(, "component": "query_processing")", "",
       [](Stage& s) { return s.state().instance.errors == 4; }},
      {"sql.ssisdb_suspect", "", "",
       [](Stage& s) { return s.state().instance.suspect && !s.state().instance.ssisdb_open; }},
      {"sql.authentication_off", "", "", [](Stage& s) { return s.state().instance.authentication_off; }},
      {"sql.tempdb_missing", R"(, "node": "SQL3")", "", [](Stage& s) { return s.host("SQL3").tempdb_missing; }},
      {"master.crash", "", "", [](Stage& s) { return s.host("SQL1").master == Process::stopped; }},
      {"master.hang", "", "", [](Stage& s) { return s.host("SQL1").master == Process::hung; }},
      {"worker.crash_service", R"(, "worker": "WRK1")", "",
       [](Stage& s) { return s.state().workers[0].service == Process::stopped; }},
      {"worker.crash_host", R"(, "worker": "WRK1")", "", [](Stage& s) { return !s.host("WRK1").powered; }, 0s, 10min},
      {"name_service.dns_down", "", "", [](Stage& s) { return s.state().cluster.dns_stopped; }},
      {"name_service.directory_refuses", "", "", [](Stage& s) { return s.state().cluster.directory_refuses; }},
      {"resource.failure", R"(, "resource": "Share")", "",
       [](Stage& s) { return s.resource("Share").status == ResourceStatus::failed; }},
      {"resource.deadlock", R"(, "resource": "SQL Server")", "",
       [](Stage& s) { return s.resource("SQL Server").stuck; }},
      {"operator.stop_service", node, "", [](Stage& s) { return !master_runs(s, "SQL1"); }},
      {"operator.reboot_wrong_node", R"(, "node": "SQL2")", "", [](Stage& s) { return s.host("SQL2").booting; }, 1min},
  };
  return all;
}

std::string fault_text(const Case& one) {
  return R"({ "at": "1m", "fault": ")" + one.name + '"' + one.target + one.amount + " }";
}
std::string repair_text(const Case& one) {
  return R"({ "at": "2m", "repair": ")" + one.name + '"' + one.target + " }";
}

/// A second one of these adds to the first or makes it longer; a second one of the others has nothing left to do.
bool adds_up(const std::string& name) {
  const std::set<std::string> all = {"network.latency", "network.loss", "network.burst", "node.bugcheck",
                                     "node.resource_host_crash"};
  return all.contains(name);
}

class EveryFault : public testing::TestWithParam<std::size_t> {
 protected:
  const Case& one() const { return cases()[GetParam()]; }
  const FaultInfo& info() const { return info_of(*fault_from(one().name)); }
};

TEST_P(EveryFault, does_to_the_world_what_its_name_says) {
  Stage stage(fault_text(one()));
  EXPECT_FALSE(one().suffers(stage));
  EXPECT_TRUE(stage.act(0));
  stage.wait(one().until_begun);
  EXPECT_TRUE(one().suffers(stage));
  EXPECT_EQ(stage.faults().stands(stage.scenario().timeline[0]), info().end != FaultInfo::End::at_once);
}

TEST_P(EveryFault, finds_nothing_to_act_on_a_second_time_or_adds_to_the_first) {
  Stage stage(fault_text(one()) + ", " + fault_text(one()));
  ASSERT_TRUE(stage.act(0));
  const bool again = adds_up(one().name) && one().name != "node.bugcheck";
  EXPECT_EQ(stage.act(1), again);
}

TEST_P(EveryFault, is_undone_by_its_repair_and_that_only_once) {
  if (!info().can_be_repaired()) return;
  Stage stage(fault_text(one()) + ", " + repair_text(one()) + ", " + repair_text(one()));
  ASSERT_TRUE(stage.act(0));
  stage.wait(one().until_begun);
  EXPECT_TRUE(stage.act(1));
  EXPECT_FALSE(stage.act(2));
  stage.wait(one().until_over);
  EXPECT_FALSE(one().suffers(stage));
  EXPECT_FALSE(stage.faults().stands(stage.scenario().timeline[0]));
}

INSTANTIATE_TEST_SUITE_P(Table, EveryFault, testing::Range<std::size_t>(0, cases().size()), [](const auto& test) {
  std::string name = cases()[test.param].name + "_" + std::to_string(test.param);
  for (char& c : name) c = c == '.' ? '_' : c;
  return name;
});

TEST(Faults, have_a_case_each_here_but_the_one_that_happens_to_the_operator) {
  std::set<std::string> tested = {"operator.late"};
  for (const Case& one : cases()) tested.insert(one.name);
  for (const std::string& name : fault_names()) EXPECT_TRUE(tested.contains(name)) << name;
}

TEST(Faults, add_up_where_several_meet) {
  Stage stage(R"({ "at": "1m", "fault": "network.loss", "hosts": ["SQL1"], "share": 0.5 },
                 { "at": "1m", "fault": "network.loss", "hosts": ["SQL1", "SQL2"], "share": 0.2 },
                 { "at": "1m", "fault": "network.latency", "hosts": ["SQL1"], "add": "10ms" },
                 { "at": "1m", "fault": "network.latency", "hosts": ["SQL1", "SQL2"], "add": "5ms" },
                 { "at": "1m", "fault": "storage.slow", "disk": "Cluster Disk 1", "factor": 3 },
                 { "at": "1m", "fault": "storage.slow", "disk": "Cluster Disk 1", "factor": 2 },
                 { "at": "2m", "repair": "network.loss", "hosts": ["SQL1"] },
                 { "at": "2m", "repair": "network.latency", "hosts": ["SQL1"] },
                 { "at": "2m", "repair": "storage.slow", "disk": "Cluster Disk 1" })");
  for (std::size_t entry = 0; entry < 5; ++entry) EXPECT_TRUE(stage.act(entry));
  EXPECT_FALSE(stage.act(5)) << "the slower one counts";
  EXPECT_EQ(stage.host("SQL1").loss, 600'000u);  // 1 - 0.5 * 0.8
  EXPECT_EQ(stage.host("SQL2").loss, 200'000u);
  EXPECT_EQ(stage.host("SQL1").latency, 15ms);
  EXPECT_EQ(stage.resource("Cluster Disk 1").slow, 300);
  for (std::size_t entry = 6; entry < 9; ++entry) EXPECT_TRUE(stage.act(entry));
  EXPECT_EQ(stage.host("SQL1").loss, 200'000u);
  EXPECT_EQ(stage.host("SQL1").latency, 5ms);
  EXPECT_EQ(stage.host("SQL2").latency, 5ms);
  EXPECT_EQ(stage.resource("Cluster Disk 1").slow, 100);
}

TEST(Faults, keep_a_card_down_as_long_as_one_of_them_holds_it) {
  Stage stage(R"({ "at": "1m", "fault": "network.nic_down", "host": "SQL1", "network": "Beats" },
                 { "at": "1m", "fault": "network.nic_down", "host": "SQL1" },
                 { "at": "2m", "repair": "network.nic_down", "host": "SQL1" },
                 { "at": "3m", "repair": "network.nic_down", "host": "SQL1", "network": "Beats" })");
  EXPECT_TRUE(stage.act(0));
  EXPECT_TRUE(stage.act(1));
  EXPECT_TRUE(stage.act(2));
  EXPECT_EQ(stage.host("SQL1").cards_down, world::bit(stage.plan().find_network("Beats")));
  EXPECT_TRUE(stage.act(3));
  EXPECT_EQ(stage.host("SQL1").cards_down, 0u);
}

TEST(Faults, keep_a_path_lost_for_one_node_when_that_of_all_is_back) {
  Stage stage(R"({ "at": "1m", "fault": "storage.path_lost", "disk": "Files Disk", "node": "SQL2" },
                 { "at": "1m", "fault": "storage.path_lost", "disk": "Files Disk" },
                 { "at": "2m", "repair": "storage.path_lost", "disk": "Files Disk" })");
  EXPECT_TRUE(stage.act(0));
  EXPECT_TRUE(stage.act(1));
  EXPECT_EQ(stage.resource("Files Disk").cut, 15u);
  EXPECT_TRUE(stage.act(2));
  EXPECT_EQ(stage.resource("Files Disk").cut, 2u);
}

TEST(Faults, cut_the_paths_to_a_disk_witness_by_its_name) {
  Stage stage(R"({ "at": "1m", "fault": "storage.path_lost", "disk": "quorum disk", "node": "SQL2" },
                 { "at": "1m", "fault": "storage.path_lost", "disk": "Quorum Disk" },
                 { "at": "2m", "repair": "storage.path_lost", "disk": "Quorum Disk" },
                 { "at": "3m", "fault": "witness.down" })",
              "designs/disk_witness.json");
  const auto reaches = [&](world::HostIndex node) { return stage.world().network().reaches_witness(node); };
  EXPECT_TRUE(reaches(0) && reaches(1));
  EXPECT_TRUE(stage.act(0));
  EXPECT_TRUE(reaches(0) && !reaches(1));
  EXPECT_TRUE(stage.act(1));
  EXPECT_TRUE(!reaches(0) && !reaches(1));
  EXPECT_TRUE(stage.act(2));
  EXPECT_TRUE(reaches(0) && !reaches(1));
  EXPECT_TRUE(stage.act(3));
  EXPECT_FALSE(reaches(0));
}

TEST(Faults, let_partitions_overlap_and_heal_one_by_one) {
  Stage stage(R"({ "at": "1m", "fault": "network.partition", "hosts": ["SQL1", "SQL2"] },
                 { "at": "2m", "fault": "network.partition", "hosts": ["SQL2", "SQL3"] },
                 { "at": "3m", "repair": "network.partition", "hosts": ["SQL2", "SQL1"] })");
  const auto reach = [&](world::HostIndex a, world::HostIndex b) { return stage.world().network().reach(a, b); };
  EXPECT_TRUE(stage.act(0));
  EXPECT_TRUE(reach(0, 1) && reach(2, 3) && !reach(0, 2));
  EXPECT_TRUE(stage.act(1));
  EXPECT_TRUE(!reach(0, 1) && !reach(1, 2) && !reach(0, 2));
  EXPECT_TRUE(stage.act(2));
  EXPECT_TRUE(reach(0, 3) && reach(1, 2) && !reach(0, 1));
}

TEST(Faults, repair_a_hang_of_either_kind_by_the_name_of_the_node) {
  for (const std::string kind : {"user_mode", "frozen"}) {
    Stage stage(R"({ "at": "1m", "fault": "node.hang", "node": "SQL2", "kind": ")" + kind + R"(" },
                   { "at": "2m", "repair": "node.hang", "node": "SQL2" })");
    EXPECT_TRUE(stage.act(0));
    EXPECT_TRUE(stage.host("SQL2").hung || stage.host("SQL2").frozen);
    EXPECT_TRUE(stage.act(1));
    EXPECT_FALSE(stage.host("SQL2").hung || stage.host("SQL2").frozen);
  }
}

TEST(Faults, end_errors_of_components_with_the_process_that_had_them) {
  Stage stage(R"({ "at": "1m", "fault": "sql.component_error", "component": "query_processing" },
                 { "at": "2m", "fault": "sql.crash" },
                 { "at": "3m", "repair": "sql.component_error", "component": "query_processing" })");
  EXPECT_TRUE(stage.act(0));
  EXPECT_TRUE(stage.act(1));
  EXPECT_FALSE(stage.act(2)) << "SQL Server does not run";
}

}  // namespace
}  // namespace rehearse::sim
