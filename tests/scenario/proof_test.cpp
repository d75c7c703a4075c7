// The scenarios that prove cut sets: they pass as files, what lurks is felt only when it is provoked, and what ends in
// which way.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "paper_design.hpp"
#include "sim/scenario/runner.hpp"

namespace rehearse::sim {
namespace {

/// Every expectation of the file holds, at medians and at the 95th percentiles, or is left open by the switch that
/// paper names too; the run itself is in order.
TEST(Proof, is_a_scenario_file_that_passes) {
  for (const std::string file : {"designs/reference.json", "designs/separate.json"}) {
    const PaperDesign paper(file);
    for (const structure::CutSet& set : paper.studied.cut_sets) {
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

// The dynamic effects that `Shows` names: connections that are open outlive a certificate, a process keeps its logon, a
// name that is online asks nobody (behaviour 5, 6).
TEST(Proof, what_lurks_is_not_felt_until_it_is_provoked) {
  for (const std::string file : {"designs/reference.json", "designs/separate.json"}) {
    const PaperDesign paper(file);
    int lurking = 0;
    for (const structure::CutSet& set : paper.studied.cut_sets) {
      if (set.components.size() != 1 || paper.components(set).front()->shows == structure::Shows::at_once) continue;
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
    const PaperDesign paper(file);
    int moved = 0;
    for (const structure::CutSet& set : paper.studied.cut_sets) {
      if (set.way != structure::Way::until_moved) continue;
      const structure::Component& bad = *paper.components(set).front();
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
      for (const structure::Service service : set.lost.list()) {
        EXPECT_EQ(seen_in(run, service), State::interrupted) << file << ": " << bad.name;
      }
      ++moved;
    }
    EXPECT_EQ(moved, 14) << file;
  }
}

// W 2.1, W 2.2: dynamic quorum lets nodes leave one after another that could not leave together.
TEST(Proof, two_nodes_of_three_may_go_one_after_the_other) {
  const PaperDesign paper("cluster/designs/three_nodes.json");
  Scenario scenario = paper.scenario(paper.set_of({"SQL1", "SQL2"}));
  ASSERT_EQ(scenario.timeline.size(), 2U);
  EXPECT_EQ(seen_in(rehearsed(scenario), structure::Service::ssisdb), State::out);
  scenario.timeline[1].at = structure::faults_at + std::chrono::minutes(20);
  EXPECT_EQ(seen_in(rehearsed(scenario), structure::Service::ssisdb), State::interrupted);
}

}  // namespace
}  // namespace rehearse::sim
