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

#include "model/structure/cut_sets.hpp"
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
  bool has_any(const std::set<ComponentKind>& kinds) const {
    return std::any_of(components.begin(), components.end(),
                       [&](const Component* one) { return kinds.contains(one->kind); });
  }
  bool has(ComponentKind kind) const { return has_any({kind}); }
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
       return one.has(ComponentKind::settings_file) && one.service == PaperService::scale_out_master &&
              one.on_paper == State::there;
     }},
    {"the client stands where most worker machines are",
     "The reference client is a machine of the workers' network (behaviour 10). It stands in one of the sites, and a "
     "cut "
     "between the sites may leave it on the side without the cluster. On paper clients of either site count.",
     [](const Difference& one) {
       return one.has(ComponentKind::site_link) && one.service != PaperService::workers && one.on_paper == State::there;
     }},
    {"nobody is left to ask",
     "With every worker machine gone the rehearsal has no client to cut off, and asks whether the service runs. A "
     "service that no client's place can reach is out on paper.",
     [](const Difference& one) {
       return one.are({ComponentKind::site, ComponentKind::site_link}) && asked_by_a_client(one.service) &&
              one.on_paper == State::out;
     }},
    {"who notices first wins the witness",
     "A node whose own link goes down notices at once, the others after their heartbeat threshold (behaviour 2): it "
     "has "
     "waited out its 6 s and locked the witness before the owner of the Cluster Group knows. On paper the owner wins "
     "(W 2.3).",
     [](const Difference& one) {
       return one.has(ComponentKind::network_card) && one.on_paper == State::out &&
              one.in_rehearsal == State::interrupted;
     }},
    {"a failing master takes SQL Server along",
     "In the joint placement with RestartAction 2 a master that cannot start, or ends for want of SSISDB, moves the "
     "role "
     "(behaviour 3) to a node where SQL Server cannot start; after that failover the role stays where it is (W 4.5). "
     "On paper SQL "
     "Server has a node that suits it.",
     [](const Difference& one) {
       return (one.has(ComponentKind::settings_file) || one.has(ComponentKind::account)) &&
              one.has_any({ComponentKind::tempdb, ComponentKind::disk_path, ComponentKind::address}) &&
              (one.service == PaperService::sql_server || one.service == PaperService::ssisdb) &&
              one.on_paper == State::there;
     }},
    {"a virtual account is nobody on another node",
     "The design's own flaw, which a rule tells (S 5, 12): as soon as a role has moved, the master cannot log in. "
     "Paper takes the design at its word.",
     [](const Difference& one) {
       return one.design.find("virtual_account") != std::string::npos &&
              (one.service == PaperService::scale_out_master || one.service == PaperService::package_execution);
     }},
    {"workers that only one node trusts",
     "The design's own flaw, which a rule tells (S 5, 11): as soon as the role has moved, the other node refuses every "
     "worker. Paper takes the design at its word.",
     [](const Difference& one) {
       return one.design.find("workers_added_on_one_node") != std::string::npos &&
              (one.service == PaperService::workers || one.service == PaperService::package_execution);
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

void expect_named(const std::vector<Difference>& found) {
  for (const Difference& difference : found) {
    const bool named = std::any_of(std::begin(effects), std::end(effects),
                                   [&](const DynamicEffect& effect) { return effect.explains(difference); });
    EXPECT_TRUE(named) << difference.text();
  }
}

TEST_P(StaticAndSimulated, differ_only_by_named_effects) {
  const PaperDesign paper(GetParam());
  expect_named(differences(paper));
}

INSTANTIATE_TEST_SUITE_P(ShippedDesigns, StaticAndSimulated, testing::ValuesIn(designs),
                         [](const auto& test) { return std::filesystem::path(test.param).stem().string(); });

TEST(StaticAndSimulatedEffects, each_is_needed_by_some_design) {
  const Change ends = master_ends_without_ssisdb(true);
  const std::vector<std::pair<std::string, Change>> where = {
      {"cluster/designs/two_nodes_no_witness.json", {}},
      {"cluster/designs/stretched_none.json", {}},
      {"cluster/designs/two_subnets_all_registered.json", {}},
      {"cluster/designs/two_nodes_heartbeat_apart.json", {}},
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

/// Every component and every `step`-th pair of them, cut sets or not: what paper does not give up may not be out.
std::vector<Difference> overlooked(const PaperDesign& paper, std::size_t step) {
  const int count = static_cast<int>(paper.studied.requirements.components.size());
  std::vector<std::vector<int>> sets;
  std::size_t number = 0;
  for (int first = 0; first < count; ++first) {
    sets.push_back({first});
    for (int second = first + 1; second < count; ++second) {
      if (number++ % step == 0) sets.push_back({first, second});
    }
  }
  std::vector<Difference> found;
  for (const std::vector<int>& components : sets) {
    CutSet set;
    set.components = components;
    const auto lost =
        structure::lost_with(paper.studied.requirements.graph, paper.studied.requirements.services, components, count);
    const RunResult run = rehearsed(paper.scenario(set));
    for (std::size_t i = 0; i < structure::service_count; ++i) {
      const auto service = static_cast<PaperService>(i);
      const State in_rehearsal = seen_in(run, service);
      if (lost[i] || in_rehearsal != State::out) continue;
      found.push_back({paper.file, paper.components(set), service, State::there, in_rehearsal});
    }
  }
  return found;
}

TEST(StaticAndSimulatedEffects, are_also_all_that_paper_overlooks) {
  for (const std::string file :
       {"designs/reference.json", "designs/separate.json", "cluster/designs/two_nodes_disk.json",
        "cluster/designs/stretched_file_share.json", "scale_out/designs/availability_group.json"}) {
    const PaperDesign paper(file);
    expect_named(overlooked(paper, 23));
  }
}

// The other value of the switch, on both sides.
TEST(StaticAndSimulatedEffects, are_named_for_a_master_that_ends_without_ssisdb_too) {
  for (const std::string file : {"designs/reference.json", "designs/separate.json"}) {
    const PaperDesign paper(file, master_ends_without_ssisdb(true));
    expect_named(differences(paper));
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