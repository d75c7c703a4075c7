// Every fault of the table, done to a world and undone: what is true of the world then. The entries come from text
// through the reader, as a scenario file's do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/scenario/fault_kinds.hpp"
#include "sim/scenario/runner.hpp"
#include "sim/world/certificates.hpp"
#include "sim/world/configuration.hpp"
#include "sim/world/installation.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/network.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"
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

world::CertificateIndex certificate(const Stage& stage, const std::string& key) {
  return stage.plan().find_certificate(key);
}

world::Validity shown(const Stage& stage, const std::string& host, const std::string& key) {
  return world::shown_validity(stage.state(), stage.plan().find_host(host), certificate(stage, key));
}

/// 0: no copy there, 1: a copy, 2: with its private key.
int copy_of(const Stage& stage, const std::string& key, const std::string& host, world::Store store) {
  const auto* copy = world::find_placed(stage.plan().find_host(host), certificate(stage, key), store, stage.state());
  return copy == nullptr ? 0 : copy->key ? 2 : 1;
}

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
      {"sql.log_login_orphaned", "", "", [](Stage& s) { return s.state().instance.log_login_orphaned; }},
      {"sql.tempdb_missing", R"(, "node": "SQL3")", "", [](Stage& s) { return s.host("SQL3").tempdb_missing; }},
      {"master.crash", "", "", [](Stage& s) { return s.host("SQL1").master == Process::stopped; }},
      {"master.hang", "", "", [](Stage& s) { return s.host("SQL1").master == Process::hung; }},
      {"master.cannot_log_in", "", "", [](Stage& s) { return s.state().admins.empty(); }},
      {"worker.crash_service", R"(, "worker": "WRK1")", "",
       [](Stage& s) { return s.state().workers[0].service == Process::stopped; }},
      {"worker.crash_host", R"(, "worker": "WRK1")", "", [](Stage& s) { return !s.host("WRK1").powered; }, 0s, 10min},
      {"worker.hang", R"(, "worker": "WRK1")", "",
       [](Stage& s) { return s.state().workers[0].service == Process::hung; }},
      {"worker.disable", R"(, "worker": "WRK1")", "", [](Stage& s) { return !s.world().workers().enabled(0); }},
      {"worker.delete", R"(, "worker": "WRK1")", "", [](Stage& s) { return !s.world().workers().registered(0); }},
      {"worker.disk_full", R"(, "worker": "WRK1")", "", [](Stage& s) { return s.state().workers[0].disk_full; }},
      {"name_service.dns_down", "", "", [](Stage& s) { return s.state().cluster.dns_stopped; }},
      {"name_service.dns_stale", R"j(, "role": "SQL Server (MSSQLSERVER)")j", "",
       [](Stage& s) { return s.state().groups[s.plan().sql_group].replication_stopped; }},
      {"name_service.directory_refuses", "", "", [](Stage& s) { return s.state().cluster.directory_refuses; }},
      {"certificate.expire", R"(, "certificate": "master")", "",
       [](Stage& s) { return shown(s, "SQL2", "master").not_after <= s.world().now(); }},
      {"certificate.expire", R"(, "certificate": "worker", "host": "wrk1")", "",
       [](Stage& s) {
         return shown(s, "WRK1", "worker").not_after <= s.world().now() &&
                shown(s, "WRK2", "worker").not_after > s.world().now();
       }},
      {"certificate.not_yet_valid", R"(, "certificate": "worker")", "",
       [](Stage& s) { return shown(s, "WRK1", "worker").not_before == s.world().now() + 24h; }},
      {"certificate.not_yet_valid", R"(, "certificate": "master", "host": "SQL1")", "",
       [](Stage& s) { return shown(s, "SQL1", "master").not_before > shown(s, "SQL2", "master").not_before; }},
      {"certificate.replace_on_one_node", R"(, "node": "SQL2")", "",
       [](Stage& s) {
         const world::HostState& sql2 = s.host("SQL2");
         return sql2.binding != s.host("SQL1").binding && sql2.master_file.certificate == sql2.binding;
       }},
      {"certificate.remove_from_store", R"(, "host": "SQL1", "certificate": "worker")", "",
       [](Stage& s) { return copy_of(s, "worker", "SQL1", world::Store::root) == 0; }},
      {"certificate.remove_from_store", R"(, "host": "WRK1", "certificate": "worker", "store": "My")", "",
       [](Stage& s) {
         return copy_of(s, "worker", "WRK1", world::Store::my) == 0 &&
                copy_of(s, "worker", "WRK1", world::Store::root) == 1;
       }},
      {"certificate.key_lost", R"(, "host": "SQL1", "certificate": "master")", "",
       [](Stage& s) { return copy_of(s, "master", "SQL1", world::Store::root) == 1; }},
      {"certificate.key_access_lost", R"(, "worker": "WRK2")", "",
       [](Stage& s) { return !s.state().workers[1].key_access && s.state().workers[0].key_access; }},
      {"certificate.wrong_binding", R"(, "node": "SQL2")", "",
       [](Stage& s) { return s.host("SQL2").binding == world::none; }},
      {"certificate.wrong_binding", R"(, "node": "SQL2")", R"(, "kind": "other_certificate")",
       [](Stage& s) {
         return s.host("SQL2").binding > certificate(s, "worker") && s.host("SQL2").binding != world::none;
       }},
      {"certificate.wrong_binding", R"(, "node": "SQL2")", R"(, "kind": "other_port")",
       [](Stage& s) { return s.host("SQL2").binding_port == 8392; }},
      {"certificate.root_polluted", R"(, "node": "SQL3")", "",
       [](Stage& s) { return world::root_is_polluted(s.state(), 2); }},
      {"configuration.settings_changed_on_one_node", R"(, "host": "SQL2", "key": "SqlServerName")",
       R"(, "value": "SQL2")",
       [](Stage& s) { return s.plan().text(s.host("SQL2").master_file.sql_server_name) == "SQL2"; }},
      {"configuration.settings_changed_on_one_node", R"(, "host": "WRK1", "key": "HeartbeatErrorTolerance")",
       R"(, "value": "2m")", [](Stage& s) { return s.state().workers[0].file.tolerance == 2min; }},
      {"configuration.account_password_expired", R"(, "account": "master")", "",
       [](Stage& s) { return !s.world().configuration().master_logs_on(); }},
      {"configuration.service_start_type_automatic", R"(, "node": "SQL2")", "",
       [](Stage& s) { return s.host("SQL2").master_automatic && !s.host("SQL1").master_automatic; }},
      {"clock.skew", R"(, "host": "WRK1")", R"(, "by": "-90s")",
       [](Stage& s) { return s.host("WRK1").clock_offset == -90s; }},
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
  const std::set<std::string> all = {"clock.skew",    "network.latency", "network.loss",
                                     "network.burst", "node.bugcheck",   "node.resource_host_crash"};
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

TEST(Faults, have_a_case_each_here_but_one_about_the_operator_and_one_about_work) {
  // Nothing is to be stopped on a stage without work; what stopping does is told in tests/world/farm_test.cpp.
  std::set<std::string> tested = {"operator.late", "operator.stop_executions"};
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

/// What a timeline does entry by entry to a copy of a certificate: its state after each.
std::vector<int> copies(const std::string& timeline, std::size_t entries, const std::string& key,
                        const std::string& host, world::Store store) {
  Stage stage(timeline);
  std::vector<int> found;
  for (std::size_t entry = 0; entry < entries; ++entry) {
    stage.act(entry);
    found.push_back(copy_of(stage, key, host, store));
  }
  return found;
}

TEST(Faults, keep_a_copy_away_as_long_as_one_of_them_holds_it) {
  const std::string root =
      R"("certificate.remove_from_store", "host": "WRK1", "certificate": "worker", "store": "Root" })";
  const std::string both = R"("certificate.remove_from_store", "host": "WRK1", "certificate": "worker" })";
  const std::string begin = R"({ "at": "1m", "fault": )" + root + R"(, { "at": "2m", "fault": )" + both;
  const std::string end_root = R"(, { "at": "3m", "repair": )" + root,
                    end_both = R"(, { "at": "3m", "repair": )" + both;
  using testing::ElementsAre;
  EXPECT_THAT(copies(begin + end_root + end_both, 4, "worker", "WRK1", world::Store::root), ElementsAre(0, 0, 0, 1));
  EXPECT_THAT(copies(begin + end_both + end_root, 4, "worker", "WRK1", world::Store::root), ElementsAre(0, 0, 0, 1));
  EXPECT_THAT(copies(begin + end_root + end_both, 4, "worker", "WRK1", world::Store::my), ElementsAre(2, 0, 0, 2));
  EXPECT_THAT(copies(begin + end_both + end_root, 4, "worker", "WRK1", world::Store::my), ElementsAre(2, 0, 2, 2));
}

TEST(Faults, give_a_lost_key_back_only_when_nothing_else_holds_it) {
  const std::string key = R"("certificate.key_lost", "host": "SQL1", "certificate": "master" })";
  const std::string copy = R"("certificate.remove_from_store", "host": "SQL1", "certificate": "master" })";
  const std::string begin = R"({ "at": "1m", "fault": )" + key + R"(, { "at": "2m", "fault": )" + copy;
  const std::string end_key = R"(, { "at": "3m", "repair": )" + key, end_copy = R"(, { "at": "3m", "repair": )" + copy;
  using testing::ElementsAre;
  EXPECT_THAT(copies(begin + end_key + end_copy, 4, "master", "SQL1", world::Store::root), ElementsAre(1, 0, 0, 2));
  EXPECT_THAT(copies(begin + end_copy + end_key, 4, "master", "SQL1", world::Store::root), ElementsAre(1, 0, 1, 2));
}

TEST(Faults, leave_alone_what_an_operator_has_mended_meanwhile) {
  Stage stage(R"({ "at": "1m", "fault": "certificate.wrong_binding", "node": "SQL2" },
                 { "at": "2m", "repair": "certificate.wrong_binding", "node": "SQL2" })");
  EXPECT_TRUE(stage.act(0));
  const world::CertificateIndex worker = certificate(stage, "worker");
  world::Installation(stage.world()).bind_certificate(1, worker, 8391, 0);
  EXPECT_FALSE(stage.act(1));
  EXPECT_EQ(stage.host("SQL2").binding, worker);
}

TEST(Faults, of_a_binding_are_undone_each_for_itself) {
  Stage stage(R"({ "at": "1m", "fault": "certificate.replace_on_one_node", "node": "SQL2" },
                 { "at": "2m", "fault": "certificate.wrong_binding", "node": "SQL2", "kind": "other_port" },
                 { "at": "3m", "repair": "certificate.replace_on_one_node", "node": "SQL2" },
                 { "at": "4m", "repair": "certificate.wrong_binding", "node": "SQL2" })");
  const world::State before = stage.state();
  EXPECT_TRUE(stage.act(0));
  EXPECT_EQ(before.placed.size() + 1, stage.state().placed.size());
  EXPECT_TRUE(stage.act(1));
  EXPECT_TRUE(stage.act(2));
  EXPECT_EQ(stage.host("SQL2").binding, certificate(stage, "master"));
  EXPECT_EQ(stage.host("SQL2").binding_port, 8392);
  EXPECT_TRUE(stage.act(3));
  EXPECT_EQ(stage.host("SQL2").binding_port, 8391);
  EXPECT_EQ(stage.host("SQL2").master_file, before.hosts[1].master_file);
  EXPECT_TRUE(stage.state().placed == before.placed);
}

TEST(Faults, put_the_dates_of_one_machine_and_of_all_back_each_for_itself) {
  Stage stage(R"({ "at": "1m", "fault": "certificate.expire", "certificate": "worker", "host": "WRK1" },
                 { "at": "2m", "fault": "certificate.expire", "certificate": "worker" },
                 { "at": "3m", "repair": "certificate.expire", "certificate": "worker", "host": "WRK1" },
                 { "at": "4m", "repair": "certificate.expire", "certificate": "worker" })");
  const world::Time before = shown(stage, "WRK1", "worker").not_after, first = stage.world().now();
  EXPECT_TRUE(stage.act(0));
  stage.wait(1min);
  EXPECT_TRUE(stage.act(1));
  EXPECT_EQ(shown(stage, "WRK1", "worker").not_after, first);
  EXPECT_EQ(shown(stage, "WRK2", "worker").not_after, first + 1min);
  EXPECT_TRUE(stage.act(2));
  EXPECT_EQ(shown(stage, "WRK1", "worker").not_after, first + 1min);
  EXPECT_TRUE(stage.act(3));
  EXPECT_EQ(shown(stage, "WRK1", "worker").not_after, before);
  EXPECT_TRUE(stage.state().shown_dates.empty());
}

TEST(Faults, of_clocks_add_up) {
  Stage stage(R"({ "at": "1m", "fault": "clock.skew", "host": "SQL1", "by": "5m" },
                 { "at": "2m", "fault": "clock.skew", "host": "sql1", "by": "-90s" },
                 { "at": "3m", "repair": "clock.skew", "host": "SQL1" })");
  EXPECT_TRUE(stage.act(0));
  EXPECT_TRUE(stage.act(1));
  EXPECT_EQ(stage.host("SQL1").clock_offset, 210s);
  EXPECT_TRUE(stage.act(2));
  EXPECT_EQ(stage.host("SQL1").clock_offset, 0s);
}

TEST(Faults, change_the_same_setting_one_after_the_other) {
  const std::string change = R"("configuration.settings_changed_on_one_node", "host": "WRK1", "key": "MaxTaskCount")";
  Stage stage(R"({ "at": "1m", "fault": )" + change + R"(, "value": 3 }, { "at": "2m", "fault": )" + change +
              R"(, "value": 5, "for": "1m" }, { "at": "9m", "repair": )" + change + " }");
  const auto written = [&] { return stage.state().workers[0].file.max_tasks; };
  EXPECT_TRUE(stage.act(0));
  EXPECT_TRUE(stage.act(1));
  EXPECT_EQ(written(), 5);
  stage.faults().end(stage.scenario().timeline[1], 0);
  EXPECT_EQ(written(), 3);
  EXPECT_EQ(stage.state().workers[0].max_tasks, 10) << "the service has not read it";
  EXPECT_TRUE(stage.act(2));
  EXPECT_EQ(written(), 10);
}

TEST(Faults, let_the_passwords_of_workers_expire_where_they_have_some) {
  Stage stage(R"({ "at": "1m", "fault": "configuration.account_password_expired", "account": "worker" })",
              "../../../scenarios/designs/reference.json");
  EXPECT_TRUE(stage.world().configuration().worker_logs_on(0));
  EXPECT_TRUE(stage.act(0));
  EXPECT_FALSE(stage.world().configuration().worker_logs_on(0));
  EXPECT_TRUE(stage.world().configuration().master_logs_on());
}

TEST(Faults, put_texts_into_settings_that_the_design_does_not_know) {
  Stage stage(R"({ "at": "1m", "fault": "configuration.settings_changed_on_one_node", "host": "WRK1",
                   "key": "MasterEndpoint", "value": "https://SQL1:8391" },
                 { "at": "1m", "fault": "configuration.settings_changed_on_one_node", "host": "WRK1",
                   "key": "MasterHttpsCertThumbprint", "value": "00112233445566778899AABBCCDDEEFF00112233" })");
  EXPECT_TRUE(stage.act(0));
  EXPECT_TRUE(stage.act(1));
  EXPECT_EQ(stage.plan().text(stage.state().workers[0].file.endpoint), "https://SQL1:8391");
  EXPECT_EQ(stage.state().workers[0].file.master_certificate, world::unknown_certificate);
  ASSERT_TRUE(stage.world().workers().stop_service(0, 0));
  ASSERT_TRUE(stage.world().workers().start_service(0, 0));
  stage.wait(2min);
  EXPECT_EQ(stage.state().workers[0].refusal, model::HandshakeOutcome::thumbprint_mismatch);
}

TEST(Faults, of_certificates_and_settings_are_the_same_story_when_every_beat_is_an_event) {
  const Scenario scenario = staged_scenario(
      R"j({ "at": "5m", "fault": "certificate.expire", "certificate": "master", "for": "50m" },
         { "at": "6m", "fault": "clock.skew", "host": "WRK2", "by": "-20m", "for": "40m" },
         { "at": "7m", "fault": "certificate.not_yet_valid", "certificate": "worker", "host": "WRK1", "for": "10m" },
         { "at": "8m", "fault": "configuration.settings_changed_on_one_node", "host": "SQL4", "key": "PortNumber",
           "value": 8400, "for": "70m" },
         { "at": "9m", "fault": "name_service.dns_stale", "role": "SQL Server (MSSQLSERVER)", "for": "80m" },
         { "at": "10m", "fault": "node.power_loss", "node": "SQL1", "for": "3m" },
         { "at": "20m", "step": "restart_workers" },
         { "at": "30m", "fault": "configuration.account_password_expired", "account": "master", "for": "20m" },
         { "at": "31m", "fault": "master.crash" },
         { "at": "60m", "fault": "certificate.replace_on_one_node", "node": "SQL3", "for": "20m" },
         { "at": "62m", "fault": "certificate.wrong_binding", "node": "SQL1", "for": "30m" },
         { "at": "65m", "fault": "configuration.service_start_type_automatic", "node": "SQL4" },
         { "at": "66m", "fault": "node.reboot", "node": "SQL4" },
         { "at": "70m", "fault": "master.cannot_log_in", "for": "15m" },
         { "at": "71m", "fault": "sql.crash" },
         { "at": "95m", "step": "restart_workers" })j");
  const Variant variant{{1, 0}, world::Pace::drawn, 0};
  const RunResult lazy = rehearse(scenario, prepare(scenario, world::Tempo::when_it_matters), variant);
  const RunResult ticking = rehearse(scenario, prepare(scenario, world::Tempo::every_beat), variant);
  EXPECT_TRUE(lazy.journal == ticking.journal);
  EXPECT_LT(lazy.events * 2, ticking.events);
  const auto refusals =
      std::ranges::count(lazy.journal.records, world::RecordKind::handshake_refused, &world::Record::kind);
  EXPECT_GT(refusals, 0);
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
