#include "model/structure/requirements.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "model/node_mask.hpp"
#include "model/structure/cut_sets.hpp"
#include "model/structure/success_paths.hpp"
#include "shipped_requirements.hpp"

namespace rehearse::model::structure {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

const std::string everything = "sql_server, ssisdb, scale_out_master, workers, package_execution";

// The shipped reference: two nodes in one place on one network, a share as witness, the master beside SQL Server.
TEST(Requirements, of_the_reference_design_have_these_single_points_of_failure) {
  const Studied reference(shipped("designs/reference.json"));
  EXPECT_THAT(reference.texts(1),
              ElementsAre("site A", "Cluster Network 1", "the directory", "SQL IP Address 1 (SQLFCI)", "Cluster Disk 1",
                          "the name SQLFCI", "SQL Server", "SSISDB", "the Scale Out Master's process",
                          "the account CORP\\svc-ssis", "port 1433 of any one of SQL1, SQL2",
                          "port 8391 of any one of SQL1, SQL2",
                          "the resource SQL Server Integration Services Scale Out Master 15.0", "DNS",
                          "the master's login in ssis_admin", "validity of the certificate 'master'",
                          "validity of the certificate 'worker'", "the workers' account CORP\\svc-worker",
                          "MasterSettings.config of any one of SQL1, SQL2", "http.sys binding of any one of SQL1, SQL2",
                          "clean Root store of any one of SQL1, SQL2", "'master' with its key of any one of SQL1, SQL2",
                          "trust in 'worker' of any one of SQL1, SQL2"));
  EXPECT_EQ(reference.lost_without({"Cluster Disk 1"}), everything);
  EXPECT_EQ(reference.lost_without({"SSISDB"}), "ssisdb, scale_out_master, package_execution");
  EXPECT_EQ(reference.lost_without({"http.sys binding of SQL2"}), "workers, package_execution");
}

// W 2.2: two nodes and a witness survive the loss of one, not of two, at one instant.
TEST(Requirements, of_the_reference_design_have_these_pairs) {
  const Studied reference(shipped("designs/reference.json"));
  EXPECT_THAT(reference.texts(2),
              ElementsAre("a part of each of SQL1, SQL2 (node, card on Cluster Network 1, path to Cluster Disk 1, "
                          "tempdb folder)",
                          "one of: SQL1 (node, card on Cluster Network 1), SQL2 (node, card on Cluster Network 1); "
                          "together with the witness \\\\FS1\\witness"));
  EXPECT_EQ(reference.weaknesses[reference.texts(1).size()].count, 16U);
  EXPECT_EQ(reference.lost_without({"SQL1", "the witness \\\\FS1\\witness"}), everything);
  // Three workers: no two of them are all.
  EXPECT_EQ(reference.lost_without({"machine of WRK1", "machine of WRK2"}), "");
}

TEST(Requirements, tell_in_which_way_a_service_is_lost) {
  const Studied reference(shipped("designs/reference.json"));
  EXPECT_EQ(reference.weakness("Cluster Disk 1").example.way, Way::until_repaired);
  EXPECT_EQ(reference.weakness("SQL Server").example.way, Way::until_restarted);
  EXPECT_EQ(reference.weakness("http.sys binding of any one of SQL1, SQL2").example.way, Way::until_moved);
  EXPECT_THAT(shows_when(reference.requirements, reference.weakness("http.sys binding of any one of SQL1, SQL2")),
              ElementsAre("when a worker opens a connection", "when the role is on that node"));
  EXPECT_THAT(shows_when(reference.requirements, reference.weakness("Cluster Disk 1")), ElementsAre("at once"));
}

// S 5, 12 and behaviour 6: a master that ends without SSISDB is seen, moved, and answers nobody meanwhile.
TEST(Requirements, of_a_master_that_ends_without_ssisdb_are_others) {
  Design design = shipped("designs/reference.json");
  design.parameters.set(Switch::master_exits_without_ssisdb, true, Origin::given, "design");
  const Studied ends(design);
  EXPECT_EQ(ends.lost_without({"MasterSettings.config of SQL1"}), "");
  EXPECT_EQ(ends.lost_without({"MasterSettings.config of SQL1", "MasterSettings.config of SQL2"}),
            "scale_out_master, workers, package_execution");
  EXPECT_EQ(ends.lost_without({"SSISDB"}), "ssisdb, scale_out_master, workers, package_execution");
  design.scale_out.master.restart_action = 1;
  EXPECT_EQ(Studied(design).lost_without({"MasterSettings.config of SQL1"}),
            "scale_out_master, workers, package_execution");
}

// W 3.3: with RestartAction 1 a lost path is no reason to go to the other node.
TEST(Requirements, of_a_disk_that_does_not_move_its_role_include_every_path) {
  Design design = shipped("designs/reference.json");
  EXPECT_EQ(Studied(design).lost_without({"path from SQL1 to Cluster Disk 1"}), "");
  design.fci.role.resources["Cluster Disk 1"].restart_action = 1;
  const Studied stays(design);
  EXPECT_EQ(stays.lost_without({"path from SQL1 to Cluster Disk 1"}), everything);
  EXPECT_EQ(stays.weakness("path to Cluster Disk 1 of any one of SQL1, SQL2").example.way, Way::until_moved);
}

TEST(Requirements, of_one_node_leave_nowhere_to_move_to) {
  Design design = shipped("designs/reference.json");
  design.fci.role.possible_owners = {"SQL2"};
  const Studied one(design);
  EXPECT_EQ(one.weakness("http.sys binding of SQL2").example.way, Way::until_repaired);
  EXPECT_EQ(one.lost_without({"SQL2"}), everything);
  EXPECT_EQ(one.lost_without({"SQL1"}), "");
}

// S 4.2: a master with a name and an address of its own does not go with SQL Server, and needs DNS to find it.
TEST(Requirements, of_the_separate_placement_keep_workers_connected_without_sql_server) {
  const Studied separate(shipped("designs/separate.json"));
  EXPECT_EQ(separate.lost_without({"Cluster Disk 1"}), "sql_server, ssisdb, scale_out_master, package_execution");
  EXPECT_EQ(separate.lost_without({"IP Address 10.0.0.60"}), "scale_out_master, workers, package_execution");
  EXPECT_EQ(separate.lost_without({"DNS"}), "scale_out_master, workers, package_execution");
  EXPECT_EQ(separate.lost_without({"SQL1", "SQL2"}), everything);
  EXPECT_EQ(separate.lost_without({"path from SQL1 to Cluster Disk 1", "tempdb folder of SQL2"}),
            "sql_server, ssisdb, scale_out_master, package_execution");
}

TEST(Requirements, of_three_votes_any_two_nodes_decide) {
  const Studied three(shipped("cluster/designs/three_nodes.json"));
  EXPECT_THAT(three.texts(2),
              Contains("a part of any two of the 3 SQL1, SQL2, SQL3 (node, card on Cluster Network 1)"));
  EXPECT_EQ(three.lost_without({"SQL1", "the witness \\\\FS1\\witness"}), "");  // its vote is off: W 2.1
  EXPECT_THAT(Studied(shipped("cluster/designs/five_nodes.json")).texts(2), Not(Contains(testing::HasSubstr("SQL1"))));
}

// W 2.2: the node that has the vote.
TEST(Requirements, of_two_nodes_without_a_witness_make_one_of_them_a_single_point) {
  const Studied two(shipped("cluster/designs/two_nodes_no_witness.json"));
  EXPECT_EQ(two.lost_without({"SQL1"}), everything);
  EXPECT_EQ(two.lost_without({"SQL2"}), "");
}

TEST(Requirements, of_two_workers_need_one_of_them) {
  const Studied two(shipped("cluster/designs/two_nodes_no_witness.json"));
  EXPECT_EQ(two.lost_without({"machine of WRK1", "service of WRK2"}), "workers, package_execution");
  EXPECT_EQ(two.lost_without({"machine of WRK1", "enabled in SSISDB of WRK2"}), "package_execution");
}

TEST(Requirements, of_many_alike_workers_look_at_three) {
  const Studied sixty(shipped("scale_out/designs/rotation_sixty_workers.json"));
  std::set<std::string> machines;
  for (const Component& one : sixty.requirements.components) {
    if (one.kind == ComponentKind::worker_machine) machines.insert(one.owner);
  }
  EXPECT_EQ(machines.size(), 3U);
  for (const CutSet& set : sixty.cut_sets) {
    for (const int number : set.components) {
      EXPECT_FALSE(machines.contains(sixty.requirements.components[static_cast<std::size_t>(number)].owner));
    }
  }
}

// What paper says of many workers it says because it would of each of them.
TEST(Requirements, of_a_third_worker_make_none_of_their_parts_count) {
  for (const int count : {3, 7}) {
    Design design = shipped("cluster/designs/two_nodes_no_witness.json");
    design.scale_out.workers.front().count = count;
    EXPECT_THAT(Studied(design).texts(2), Not(Contains(testing::HasSubstr("WRK"))));
  }
}

TEST(Requirements, of_two_sites_name_their_common_parts) {
  const Studied stretched(shipped("cluster/designs/stretched_file_share.json"));
  EXPECT_EQ(stretched.lost_without({"site A"}), "");
  EXPECT_EQ(stretched.lost_without({"site A", "site C"}), everything);
  EXPECT_EQ(stretched.lost_without({"link between the sites A and B", "the witness \\\\FS1\\witness"}), everything);
  EXPECT_EQ(stretched.lost_without({"link between the sites A and B"}), "");
  // The disk witness stands in site A, with three of five votes.
  EXPECT_EQ(Studied(shipped("cluster/designs/stretched_disk.json")).lost_without({"site A"}), everything);
}

// W 2.3: a disk witness is reached without any network, and the isolated owner of the Cluster Group wins it.
TEST(Requirements, of_a_disk_witness_include_the_card_of_its_owner) {
  const Studied disk(shipped("cluster/designs/two_nodes_disk.json"));
  EXPECT_EQ(disk.lost_without({"card of SQL1 on Cluster Network 1"}), everything);
  EXPECT_EQ(disk.lost_without({"SQL1"}), "");
  EXPECT_EQ(Studied(shipped("cluster/designs/two_nodes.json")).lost_without({"card of SQL1 on Cluster Network 1"}), "");
}

// W 4.2: the other role has the other node.
TEST(Requirements, of_roles_that_avoid_each_other_leave_one_node) {
  EXPECT_EQ(Studied(shipped("cluster/designs/anti_affinity_enforced.json")).lost_without({"SQL1"}), everything);
  EXPECT_EQ(Studied(shipped("cluster/designs/anti_affinity_soft.json")).lost_without({"SQL1"}), "");
}

// W 6.1: with RegisterAllProvidersIP 0 clients must learn the other address.
TEST(Requirements, of_a_name_with_one_registered_address_include_its_replication) {
  EXPECT_EQ(Studied(shipped("cluster/designs/two_subnets_online_registered.json"))
                .lost_without({"replication of the name SQLFCI"}),
            everything);
  EXPECT_EQ(Studied(shipped("cluster/designs/two_subnets_all_registered.json"))
                .lost_without({"replication of the name SQLFCI"}),
            "");
}

// W 10: only what is synchronous and automatic takes over by itself.
TEST(Requirements, of_an_availability_group_count_the_replicas_that_take_over) {
  const Studied group(shipped("scale_out/designs/availability_group.json"));
  EXPECT_EQ(group.lost_without({"SQL1", "SQL2"}), everything);
  EXPECT_EQ(group.lost_without({"SQL1", "SQL3"}), everything);  // two votes of three
  EXPECT_EQ(group.lost_without({"card of SQL1 on Cluster Network 1", "card of SQL2 on Cluster Network 1"}), everything);
  Design by_hand = shipped("scale_out/designs/availability_group.json");
  by_hand.fci.availability_group->replicas[1].failover = FailoverMode::manual;
  EXPECT_EQ(Studied(by_hand).lost_without({"SQL1"}), "sql_server, ssisdb, scale_out_master, package_execution");
}

TEST(Requirements, of_workers_that_ask_one_node_make_that_node_a_single_point) {
  Design design = shipped("designs/reference.json");
  for (WorkerPool& pool : design.scale_out.workers) pool.settings.endpoint = "https://SQL1:8391";
  const Studied asked(design);
  EXPECT_EQ(asked.lost_without({"SQL1"}), "workers, package_execution");
  EXPECT_EQ(asked.lost_without({"SQL2"}), "");
  EXPECT_EQ(asked.lost_without({"DNS"}), "");
}

TEST(Requirements, of_workers_that_ask_nobody_are_never_met) {
  Design design = shipped("designs/reference.json");
  for (WorkerPool& pool : design.scale_out.workers) pool.settings.endpoint = "https://NOWHERE:8391";
  const Studied asked(design);
  EXPECT_EQ(to_text(never_there(asked.requirements)), "workers, package_execution");
  EXPECT_TRUE(never_there(Studied(shipped("designs/reference.json")).requirements).empty());
}

TEST(Requirements, name_each_component_once_and_say_what_takes_it_down) {
  for (const std::string file :
       {"designs/reference.json", "designs/separate.json", "cluster/designs/stretched_file_share.json",
        "scale_out/designs/availability_group.json"}) {
    std::set<std::string> names;
    for (const Component& one : requirements_of(shipped(file)).components) {
      EXPECT_TRUE(names.insert(one.name).second) << one.name;
      EXPECT_FALSE(one.faults.empty()) << one.name;
      EXPECT_EQ(one.owner.empty(), one.alike.empty()) << one.name;
      const bool everywhere = one.kind == ComponentKind::directory || one.kind == ComponentKind::name_service ||
                              one.kind == ComponentKind::site;
      EXPECT_TRUE(everywhere || one.place.line > 0) << one.name;
    }
  }
}

TEST(Requirements, of_every_shipped_design_can_be_studied) {
  namespace fs = std::filesystem;
  int studied = 0;
  for (const char* folder : {"designs", "cluster/designs", "scale_out/designs"}) {
    for (const auto& entry : fs::directory_iterator(fs::path(REHEARSE_SOURCE_DIR) / "scenarios" / folder)) {
      if (entry.path().extension() != ".json") continue;
      const Studied design(shipped((fs::path(folder) / entry.path().filename()).string()));
      EXPECT_FALSE(design.cut_sets.empty()) << entry.path();
      EXPECT_TRUE(never_there(design.requirements).empty()) << entry.path();
      std::uint64_t told = 0;
      for (const Weakness& one : design.weaknesses) told += one.count;
      EXPECT_EQ(told, design.cut_sets.size()) << entry.path();
      ++studied;
    }
  }
  EXPECT_GT(studied, 80);
}

// The largest cluster that Windows knows: 64 nodes and twenty workers with files of their own.
TEST(Requirements, of_the_largest_cluster_are_studied_in_seconds) {
  Design design = shipped("cluster/designs/two_nodes_two_networks.json");
  const Node like = design.cluster.nodes.front();
  const WorkerPool pool = design.scale_out.workers.front();
  design.cluster.nodes.clear();
  for (int number = 1; number <= max_nodes; ++number) {
    design.cluster.nodes.push_back(like);
    design.cluster.nodes.back().name = "N" + std::to_string(number);
  }
  design.fci.role.preferred_owners.clear();
  design.scale_out.workers.clear();
  for (int number = 1; number <= 20; ++number) {
    design.scale_out.workers.push_back(pool);
    design.scale_out.workers.back().name = "W" + std::to_string(number);
    design.scale_out.workers.back().count = 1;
    design.scale_out.workers.back().numbered = false;
  }
  const Studied large(design);
  EXPECT_EQ(large.lost_without({"N1"}), "");
  EXPECT_EQ(large.weakness("SSISDB").count, 1U);
}

// Every single point of failure that lies on no path has one of two reasons, here: the place that both nodes and every
// worker stand in, the network that both nodes are on, the address that either of them takes, and one account of three
// workers.
TEST(Requirements, of_the_reference_design_show_what_paths_miss) {
  const Requirements made = requirements_of(shipped("designs/reference.json"));
  const int count = static_cast<int>(made.components.size());
  const std::vector<int> top = {made.services[static_cast<std::size_t>(Service::package_execution)]};
  const auto exact = minimal_cut_sets(made.graph, top, count).front();
  const SuccessPaths paths = success_paths(made.graph, top.front(), count);
  EXPECT_EQ(paths.dominators, paths.articulation_points);
  std::vector<std::string> missed;
  for (const MissedPoint& one : missed_points(paths, exact.single)) {
    EXPECT_EQ(one.reason, Missed::in_several_branches);
    missed.push_back(made.components[static_cast<std::size_t>(one.component)].name);
  }
  EXPECT_THAT(missed, UnorderedElementsAre("site A", "Cluster Network 1", "SQL IP Address 1 (SQLFCI)",
                                           "the workers' account CORP\\svc-worker"));
  EXPECT_EQ(paths.dominators.size() + missed.size(), exact.single.size());
}

TEST(Requirements, whose_vote_decides_alone_are_missed_by_paths_for_that_reason) {
  const Requirements made = requirements_of(shipped("cluster/designs/two_nodes_no_witness.json"));
  const int count = static_cast<int>(made.components.size());
  const int top = made.services[static_cast<std::size_t>(Service::sql_server)];
  const std::vector<int> tops = {top};
  const SuccessPaths paths = success_paths(made.graph, top, count);
  std::set<std::string> missed;
  for (const MissedPoint& one : missed_points(paths, minimal_cut_sets(made.graph, tops, count).front().single)) {
    missed.insert(made.components[static_cast<std::size_t>(one.component)].name);
  }
  EXPECT_TRUE(missed.contains("SQL1"));
  EXPECT_EQ(paths.dominators, paths.articulation_points);
}

}  // namespace
}  // namespace rehearse::model::structure
