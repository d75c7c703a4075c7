// What is found on paper against what happens: every minimal cut set of shipped designs is written as the scenario that
// shall prove it, read and run. A service that the cut set costs must be out, and no other may be out at the end. Where
// the two differ there must be a reason by name in the table below; any other difference is a bug on one of the sides.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include "model/design_reader.hpp"
#include "model/json_tree.hpp"
#include "model/structure/proof.hpp"
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
  explicit Paper(const std::string& design_file)
      : file(design_file),
        design(design_from(design_file)),
        requirements(structure::requirements_of(design)),
        cut_sets(structure::cut_sets_of(requirements)),
        start(structure::date_of_proof(design, model::parse_date("2027-02-08T12:00:00Z").value()).value()) {}

  std::vector<const Component*> components(const CutSet& set) const {
    std::vector<const Component*> found;
    for (const int number : set.components)
      found.push_back(&requirements.components.at(static_cast<std::size_t>(number)));
    return found;
  }
  Scenario scenario(const CutSet& set) const {
    return scenario_from(structure::proof_scenario(requirements, set, file, start));
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

  std::string file;
  model::Design design;
  Requirements requirements;
  std::vector<CutSet> cut_sets;
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

TEST_P(StaticAndSimulated, differ_only_by_named_effects) {
  const Paper paper(GetParam());
  for (const Difference& difference : differences(paper)) {
    const bool named = std::any_of(std::begin(effects), std::end(effects),
                                   [&](const DynamicEffect& effect) { return effect.explains(difference); });
    EXPECT_TRUE(named) << difference.text();
  }
}

INSTANTIATE_TEST_SUITE_P(ShippedDesigns, StaticAndSimulated, testing::ValuesIn(designs),
                         [](const auto& test) { return std::filesystem::path(test.param).stem().string(); });

TEST(StaticAndSimulatedEffects, each_is_needed_by_some_design) {
  const std::vector<std::string> where = {"cluster/designs/two_nodes_no_witness.json",
                                          "cluster/designs/stretched_none.json",
                                          "cluster/designs/two_subnets_all_registered.json",
                                          "scale_out/designs/connections_virtual_account.json",
                                          "scale_out/designs/connections_workers_added_on_one_node.json",
                                          "scale_out/designs/availability_group_no_master_key.json"};
  ASSERT_EQ(where.size(), std::size(effects));
  for (std::size_t i = 0; i < where.size(); ++i) {
    const Paper paper(where[i]);
    const std::vector<Difference> found = differences(paper);
    EXPECT_TRUE(std::any_of(found.begin(), found.end(), effects[i].explains)) << effects[i].name;
  }
}

// ------------------------------------------------------------------------------------------------ what the files prove

/// Every expectation of the file itself holds, at medians and at the 95th percentiles.
TEST(Proof, of_the_reference_design_is_a_scenario_that_passes_as_a_file) {
  const Paper paper("designs/reference.json");
  for (const std::string name :
       {"Cluster Disk 1", "SSISDB", "SQL Server", "DNS", "the directory", "http.sys binding of SQL2"}) {
    const Scenario scenario = paper.scenario(paper.set_of({name}));
    ASSERT_FALSE(scenario.expectations.empty());
    const RunResult result = run(scenario, {});
    for (const Verdict& verdict : result.verdicts) {
      EXPECT_EQ(verdict.outcome, Outcome::passed) << name << ": " << verdict.expectation << ": " << verdict.reason;
    }
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
