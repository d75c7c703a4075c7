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

#include "model/design_reader.hpp"
#include "model/json_tree.hpp"
#include "model/structure/proof.hpp"
#include "model/structure/structure.hpp"
#include "model/whole_file.hpp"
#include "sim/scenario/runner.hpp"
#include "sim/scenario/scenario_reader.hpp"

namespace rehearse::sim {
namespace {

namespace structure = model::structure;
using structure::Component;
using structure::ComponentKind;
using structure::CutSet;
using structure::Requirements;
using structure::ServiceSet;
using structure::Shows;
using PaperService = structure::Service;

const std::string scenarios = std::string(REHEARSE_SOURCE_DIR) + "/scenarios";

// ------------------------------------------------------------------------------------------------ the effects

enum class State { there, interrupted, out };

std::string_view to_text(State state) {
  return state == State::there ? "there" : state == State::interrupted ? "interrupted" : "out";
}

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
     "stands in the other site, and a cut between the sites leaves it on the side without the cluster. On paper "
     "clients "
     "of either site count.",
     [](const Difference& one) {
       return one.are({ComponentKind::site_link, ComponentKind::worker_machine, ComponentKind::network_card}) &&
              asked_by_a_client(one.service) && one.on_paper == State::there;
     }},
    {"nobody is left to ask",
     "With every worker machine gone the rehearsal has no client to cut off, and asks whether the service runs. On "
     "paper "
     "a service that no client's place can reach is out.",
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
     "Paper "
     "takes the design at its word.",
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
     "takes "
     "the design at its word.",
     [](const Difference& one) {
       return one.design.find("no_master_key") != std::string::npos &&
              (one.service == PaperService::scale_out_master || one.service == PaperService::package_execution);
     }},
};

// ------------------------------------------------------------------------------------------------ the two sides

model::Design design_from(const std::string& file) {
  std::string problem;
  const auto text = model::read_whole_file(scenarios + "/" + file, model::json_size_limit, problem);
  const std::string folder = std::filesystem::path(scenarios + "/" + file).parent_path().string();
  return model::read_design(text.value(), file, folder).design.value();
}

PaperService service_of(const Service& service) {
  switch (service.kind) {
    case Service::Kind::sql_server: return PaperService::sql_server;
    case Service::Kind::ssisdb: return PaperService::ssisdb;
    case Service::Kind::scale_out_master: return PaperService::scale_out_master;
    case Service::Kind::worker: return PaperService::workers;
    case Service::Kind::package_execution: return PaperService::package_execution;
  }
  throw std::logic_error("no such service");
}

/// The workers are out when the last one is, as on paper.
State seen_in(const RunResult& run, PaperService service) {
  std::size_t out = 0, ever = 0;
  for (const Outage& outage : run.outages) {
    if (service_of(outage.service) != service) continue;
    ++ever;
    out += outage.censored ? 1 : 0;
  }
  const std::size_t all = service == PaperService::workers ? run.plan->workers.size() : 1;
  return out >= all ? State::out : ever >= all ? State::interrupted : State::there;
}

State told_by(const CutSet& set, PaperService service) {
  if (!set.lost.has(service)) return State::there;
  return set.way == structure::Way::until_restarted ? State::interrupted : State::out;
}

bool agree(State on_paper, State in_rehearsal) {
  // Whatever goes on somewhere else is interrupted.
  if (on_paper == State::there) return in_rehearsal != State::out;
  return on_paper == in_rehearsal;
}

Scenario scenario_from(const std::string& text) {
  const ScenarioResult read = read_scenario(text, "proof.json", scenarios);
  for (const model::Diagnostic& one : read.diagnostics) ADD_FAILURE() << model::to_text(one) << "\n" << text;
  return read.scenario.value();
}

RunResult rehearsed(const Scenario& scenario) {
  return rehearse(scenario, prepare(scenario, world::Tempo::when_it_matters), {});
}

struct Paper {
  explicit Paper(const std::string& design_file, std::optional<bool> ends = {})
      : file(design_file),
        master_ends(ends),
        design(settled(design_from(design_file))),
        studied(structure::study(design)),
        requirements(studied.requirements),
        cut_sets(studied.cut_sets),
        start(structure::date_of_proof(design, model::parse_date("2027-02-08T12:00:00Z").value()).value()) {}

  std::vector<const Component*> components(const CutSet& set) const {
    std::vector<const Component*> found;
    for (const int number : set.components)
      found.push_back(&requirements.components.at(static_cast<std::size_t>(number)));
    return found;
  }
  Scenario scenario(const CutSet& set) const {
    Scenario scenario = scenario_from(structure::proof_scenario(requirements, set, file, start));
    scenario.design = settled(std::move(scenario.design));
    return scenario;
  }
  const CutSet& set_of(const std::set<std::string>& names) const {
    const auto found = std::find_if(cut_sets.begin(), cut_sets.end(), [&](const CutSet& set) {
      std::set<std::string> own;
      for (const Component* one : components(set)) own.insert(one->name);
      return own == names;
    });
    if (found == cut_sets.end()) throw std::logic_error("no such cut set");
    return *found;
  }

  model::Design settled(model::Design read) const {
    constexpr auto which = model::Switch::master_exits_without_ssisdb;
    if (master_ends) read.parameters.set(which, *master_ends, model::Origin::given, "test");
    return read;
  }

  std::string file;
  std::optional<bool> master_ends;
  model::Design design;
  structure::Structure studied;
  const Requirements& requirements;
  const std::vector<CutSet>& cut_sets;
  Date start;
};

/// Of a paper that outlives them.
std::vector<Difference> differences(const Paper& paper) {
  std::vector<Difference> found;
  for (const CutSet& set : paper.cut_sets) {
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

void expect_named_differences_only(const Paper& paper) {
  for (const Difference& difference : differences(paper)) {
    const bool named = std::any_of(std::begin(effects), std::end(effects),
                                   [&](const DynamicEffect& effect) { return effect.explains(difference); });
    EXPECT_TRUE(named) << difference.text();
  }
}

TEST_P(StaticAndSimulated, differ_only_by_named_effects) {
  expect_named_differences_only(Paper(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(ShippedDesigns, StaticAndSimulated, testing::ValuesIn(designs),
                         [](const auto& test) { return std::filesystem::path(test.param).stem().string(); });

TEST(StaticAndSimulatedEffects, each_is_needed_by_some_design) {
  struct Where {
    std::string design;
    std::optional<bool> master_ends;
  };
  const std::vector<Where> where = {{"cluster/designs/two_nodes_no_witness.json", {}},
                                    {"cluster/designs/stretched_none.json", {}},
                                    {"cluster/designs/two_subnets_all_registered.json", {}},
                                    {"designs/reference.json", true},
                                    {"scale_out/designs/connections_virtual_account.json", {}},
                                    {"scale_out/designs/connections_workers_added_on_one_node.json", {}},
                                    {"scale_out/designs/availability_group_no_master_key.json", {}}};
  ASSERT_EQ(where.size(), std::size(effects));
  for (std::size_t i = 0; i < where.size(); ++i) {
    const Paper paper(where[i].design, where[i].master_ends);
    const std::vector<Difference> found = differences(paper);
    EXPECT_TRUE(std::any_of(found.begin(), found.end(), effects[i].explains)) << effects[i].name;
  }
}

// ------------------------------------------------------------------------------------------------ what the files prove

/// Every expectation of the file holds, at medians and at the 95th percentiles, or is left open by the switch that
/// paper names too; the run itself is in order.
TEST(Proof, is_a_scenario_file_that_passes) {
  for (const std::string file : {"designs/reference.json", "designs/separate.json"}) {
    const Paper paper(file);
    for (const CutSet& set : paper.cut_sets) {
      const Scenario scenario = paper.scenario(set);
      EXPECT_FALSE(scenario.expectations.empty());
      const RunResult result = run(scenario, {});
      EXPECT_TRUE(result.observations.empty()) << scenario.name;
      for (const Verdict& verdict : result.verdicts) {
        const bool open = set.otherwise && verdict.outcome == Outcome::unknown &&
                          verdict.reason.find(paper.studied.unknown_switch) != std::string::npos;
        EXPECT_TRUE(open || verdict.outcome == Outcome::passed)
            << file << ": " << scenario.name << ": " << verdict.expectation << ": " << verdict.reason;
      }
    }
  }
}

/// The other value of the switch, on both sides.
TEST(StaticAndSimulatedEffects, are_named_for_a_master_that_ends_without_ssisdb_too) {
  for (const std::string file : {"designs/reference.json", "designs/separate.json"}) {
    expect_named_differences_only(Paper(file, true));
  }
}

// The dynamic effects that `Shows` names: connections that are open outlive a certificate, a process keeps its logon, a
// name that is online asks nobody (behaviour 5, 6).
TEST(Proof, what_lurks_is_not_felt_until_it_is_provoked) {
  for (const std::string file : {"designs/reference.json", "designs/separate.json"}) {
    const Paper paper(file);
    int lurking = 0;
    for (const CutSet& set : paper.cut_sets) {
      if (set.components.size() != 1 || paper.components(set).front()->shows == Shows::at_once) continue;
      Scenario scenario = paper.scenario(set);
      std::erase_if(scenario.timeline, [](const TimelineEntry& entry) { return *entry.at == structure::provoked_at; });
      const RunResult run = rehearsed(scenario);
      ++lurking;
      EXPECT_TRUE(run.outages.empty()) << file << ": " << paper.components(set).front()->name;
    }
    EXPECT_GT(lurking, 10);
  }
}

// What the cluster does not see ends when a person moves the role; what must be repaired does not.
TEST(Proof, what_the_cluster_does_not_see_ends_when_somebody_moves_the_role) {
  for (const std::string file : {"designs/reference.json", "designs/separate.json"}) {
    const Paper paper(file);
    int moved = 0;
    for (const CutSet& set : paper.cut_sets) {
      if (set.way != structure::Way::until_moved) continue;
      const Component& bad = *paper.components(set).front();
      Scenario scenario = paper.scenario(set);
      const std::string other = bad.owner == "SQL1" ? "SQL2" : "SQL1";
      for (const std::string& role : paper.design.role_names()) {
        TimelineEntry move;
        move.action = TimelineEntry::Action::step;
        move.at = std::chrono::minutes(60);
        move.step = "move_role";
        move.arguments = {{"role", role}, {"to", other}};
        scenario.timeline.push_back(move);
      }
      const RunResult run = rehearsed(scenario);
      for (const PaperService service : set.lost.list()) {
        EXPECT_EQ(seen_in(run, service), State::interrupted) << file << ": " << bad.name;
      }
      ++moved;
    }
    EXPECT_EQ(moved, 14) << file;
  }
}

// W 2.1, W 2.2: dynamic quorum lets nodes leave one after another that could not leave together.
TEST(Proof, two_nodes_of_three_may_go_one_after_the_other) {
  const Paper paper("cluster/designs/three_nodes.json");
  Scenario scenario = paper.scenario(paper.set_of({"SQL1", "SQL2"}));
  ASSERT_EQ(scenario.timeline.size(), 2U);
  EXPECT_EQ(seen_in(rehearsed(scenario), PaperService::ssisdb), State::out);
  scenario.timeline[1].at = structure::faults_at + std::chrono::minutes(20);
  EXPECT_EQ(seen_in(rehearsed(scenario), PaperService::ssisdb), State::interrupted);
}

}  // namespace
}  // namespace rehearse::sim
