// What is found on paper against what happens: every minimal cut set of shipped designs is written as the scenario that
// shall prove it, read and run. A service that the cut set costs must be out, and no other may be out at the end. Where
// the two differ there must be a reason by name in the table below; any other difference is a bug on one of the sides.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "paper_design.hpp"

namespace rehearse::sim {
namespace {

using structure::Component;
using structure::ComponentKind;
using structure::CutSet;
using PaperService = structure::Service;

struct Difference {
  std::string design;
  std::vector<const Component*> components;
  PaperService service;
  State on_paper, in_rehearsal;

  bool are(std::set<ComponentKind> kinds) const {
    return std::all_of(components.begin(), components.end(),
                       [&](const Component* one) { return kinds.contains(one->kind); });
  }
  std::string text() const {
    std::vector<std::string> names;
    for (const Component* one : components) names.push_back(one->name);
    return fmt::format("{}: without {}, {} is {} on paper and {} in the rehearsal", design, fmt::join(names, " and "),
                       structure::to_text(service), to_text(on_paper), to_text(in_rehearsal));
  }
};

bool asked_by_a_client(PaperService service) {
  return service == PaperService::sql_server || service == PaperService::ssisdb ||
         service == PaperService::scale_out_master;
}

/// Why paper and rehearsal may differ.
struct DynamicEffect {
  std::string_view name, why;
  bool (*explains)(const Difference&);
};

const DynamicEffect effects[] = {
    {"the endpoint that counts is the workers' own",
     "The reference client of the Scale Out Master asks where the workers ask (behaviour 10). When all of them have "
     "been told a wrong endpoint, so has it; on paper the master itself is not worse off.",
     [](const Difference& one) {
       return one.are({ComponentKind::settings_file}) && one.service == PaperService::scale_out_master &&
              one.on_paper == State::there;
     }},
    {"the client stands where most worker machines are",
     "The reference client is a machine of the workers' network (behaviour 10). With one site's worker machine gone it "
     "stands in the other site, and a cut between the sites leaves it on the side without the cluster. On paper those "
     "of either site count.",
     [](const Difference& one) {
       return one.are({ComponentKind::site_link, ComponentKind::worker_machine, ComponentKind::network_card}) &&
              asked_by_a_client(one.service) && one.on_paper == State::there;
     }},
    {"nobody is left to ask",
     "With every worker machine gone the rehearsal has no client to cut off, and asks whether the service runs. A "
     "service that no client's place can reach is out on paper.",
     [](const Difference& one) {
       return one.are({ComponentKind::site, ComponentKind::site_link}) && asked_by_a_client(one.service) &&
              one.on_paper == State::out;
     }},
    {"a failing master takes SQL Server along",
     "In the joint placement with RestartAction 2 a master that ends for want of SSISDB moves the role (behaviour 3), "
     "to a node where SQL Server cannot start; after that failover the role stays where it is (W 4.5). On paper SQL "
     "Server has a node that suits it.",
     [](const Difference& one) {
       return one.are({ComponentKind::settings_file, ComponentKind::tempdb, ComponentKind::disk_path}) &&
              (one.service == PaperService::sql_server || one.service == PaperService::ssisdb) &&
              one.on_paper == State::there;
     }},
    {"a virtual account is nobody on another node",
     "The design's own flaw, which a rule tells (S 5, 12): as soon as a role has moved, the master cannot log in. "
     "Paper takes the design at its word.",
     [](const Difference& one) {
       return one.design.find("virtual_account") != std::string::npos && one.service == PaperService::scale_out_master;
     }},
    {"workers that only one node trusts",
     "The design's own flaw, which a rule tells (S 5, 11): as soon as the role has moved, the other node refuses every "
     "worker. Paper takes the design at its word.",
     [](const Difference& one) {
       return one.design.find("workers_added_on_one_node") != std::string::npos && one.service == PaperService::workers;
     }},
    {"a master key that does not open there",
     "The design's own flaw, which a rule tells (S 5, 22): after the failover the master cannot use SSISDB. Paper "
     "takes the design at its word.",
     [](const Difference& one) {
       return one.design.find("no_master_key") != std::string::npos &&
              (one.service == PaperService::scale_out_master || one.service == PaperService::package_execution);
     }},
};

/// Of a paper that outlives them.
std::vector<Difference> differences(const PaperDesign& paper) {
  std::vector<Difference> found;
  for (const CutSet& set : paper.studied.cut_sets) {
    const RunResult run = rehearsed(paper.scenario(set));
    for (std::size_t i = 0; i < structure::service_count; ++i) {
      const auto service = static_cast<PaperService>(i);
      const State on_paper = told_by(set, service), in_rehearsal = seen_in(run, service);
      if (agree(on_paper, in_rehearsal)) continue;
      found.push_back({paper.file, paper.components(set), service, on_paper, in_rehearsal});
    }
  }
  return found;
}

const std::vector<std::string> designs = {
    "designs/reference.json",
    "designs/separate.json",
    "designs/expiring.json",
    "cluster/designs/two_nodes_no_witness.json",
    "cluster/designs/two_nodes_disk.json",
    "cluster/designs/two_nodes_two_networks.json",
    "cluster/designs/two_nodes_heartbeat_apart.json",
    "cluster/designs/two_roles.json",
    "cluster/designs/three_nodes.json",
    "cluster/designs/four_nodes.json",
    "cluster/designs/five_nodes.json",
    "cluster/designs/five_nodes_static_votes.json",
    "cluster/designs/joint_restart_action_1.json",
    "cluster/designs/owners.json",
    "cluster/designs/priorities.json",
    "cluster/designs/anti_affinity_enforced.json",
    "cluster/designs/stretched_cloud.json",
    "cluster/designs/stretched_disk.json",
    "cluster/designs/stretched_file_share.json",
    "cluster/designs/stretched_none.json",
    "cluster/designs/stretched_lower_priority.json",
    "cluster/designs/stretched_preferred_site.json",
    "cluster/designs/two_subnets_all_registered.json",
    "cluster/designs/two_subnets_online_registered.json",
    "scale_out/designs/separate_two_subnets.json",
    "scale_out/designs/availability_group.json",
    "scale_out/designs/availability_group_no_master_key.json",
    "scale_out/designs/availability_group_two_networks.json",
    "scale_out/designs/connections_virtual_account.json",
    "scale_out/designs/connections_workers_added_on_one_node.json",
    "scale_out/designs/certificates_of_today.json",
    "scale_out/designs/slow_down.json",
};

class StaticAndSimulated : public testing::TestWithParam<std::string> {};

void expect_named_differences_only(const PaperDesign& paper) {
  for (const Difference& difference : differences(paper)) {
    const bool named = std::any_of(std::begin(effects), std::end(effects),
                                   [&](const DynamicEffect& effect) { return effect.explains(difference); });
    EXPECT_TRUE(named) << difference.text();
  }
}

TEST_P(StaticAndSimulated, differ_only_by_named_effects) {
  expect_named_differences_only(PaperDesign(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(ShippedDesigns, StaticAndSimulated, testing::ValuesIn(designs),
                         [](const auto& test) { return std::filesystem::path(test.param).stem().string(); });

TEST(StaticAndSimulatedEffects, each_is_needed_by_some_design) {
  const Change ends = master_ends_without_ssisdb(true);
  const std::vector<std::pair<std::string, Change>> where = {
      {"cluster/designs/two_nodes_no_witness.json", {}},
      {"cluster/designs/stretched_none.json", {}},
      {"cluster/designs/two_subnets_all_registered.json", {}},
      {"designs/reference.json", ends},
      {"scale_out/designs/connections_virtual_account.json", {}},
      {"scale_out/designs/connections_workers_added_on_one_node.json", {}},
      {"scale_out/designs/availability_group_no_master_key.json", {}}};
  ASSERT_EQ(where.size(), std::size(effects));
  for (std::size_t i = 0; i < where.size(); ++i) {
    const PaperDesign paper(where[i].first, where[i].second);
    const std::vector<Difference> found = differences(paper);
    EXPECT_TRUE(std::any_of(found.begin(), found.end(), effects[i].explains)) << effects[i].name;
  }
}

// The other value of the switch, on both sides.
TEST(StaticAndSimulatedEffects, are_named_for_a_master_that_ends_without_ssisdb_too) {
  for (const std::string file : {"designs/reference.json", "designs/separate.json"}) {
    expect_named_differences_only(PaperDesign(file, master_ends_without_ssisdb(true)));
  }
}

// W 3.3: with a RestartAction below 2 a resource that fails does not take its role to a node where it would work.
TEST(StaticAndSimulatedEffects, are_none_for_resources_that_do_not_move_their_role) {
  for (const std::string resource : {"Cluster Disk 1", "SQL Server"}) {
    for (const int action : {0, 1}) {
      const PaperDesign paper("designs/reference.json", [&](model::Design& design) {
        design.fci.role.resources[resource].restart_action = action;
      });
      for (const Difference& difference : differences(paper)) {
        ADD_FAILURE() << resource << " with RestartAction " << action << ": " << difference.text();
      }
    }
  }
}

}  // namespace
}  // namespace rehearse::sim