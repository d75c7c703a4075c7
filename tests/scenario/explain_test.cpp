// Every decision of a run, worked out again from the state before it: what it says, that it agrees with what happened
// over all shipped scenarios and random nights, and that a run that did something else is found out.
#include "sim/report/explain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "sim/scenario/runner.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/roles.hpp"
#include "swarm_acts.hpp"
#include "told_story.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Kind = Decision::Kind;
using world::RecordKind;
using world::World;

std::vector<Decision> of(Kind kind, const RunResult& run) {
  std::vector<Decision> decisions = explain(run);
  std::erase_if(decisions, [&](const Decision& decision) { return decision.kind != kind; });
  return decisions;
}

Decision about(const std::string& what, const std::vector<Decision>& decisions) {
  for (const Decision& decision : decisions) {
    if (decision.about.find(what) != std::string::npos) return decision;
  }
  ADD_FAILURE() << "nothing about " << what << " in\n" << decisions_text(decisions);
  return {};
}

/// "N1: down", "N2" for a candidate.
std::vector<std::string> options_of(const Decision& decision) {
  std::vector<std::string> texts;
  for (const Option& option : decision.options) {
    texts.push_back(option.node + (option.excluded.empty() ? "" : ": " + option.excluded));
  }
  return texts;
}

world::Record& first_of(RecordKind kind, RunResult& run) {
  const auto found = std::ranges::find(run.journal.records, kind, &world::Record::kind);
  if (found == run.journal.records.end()) throw std::runtime_error("the story has no such record");
  return *found;
}

// ---- what they say

TEST(Explain, a_lost_node_is_told_by_quorum_arbitration_and_placement) {
  Story story(design_of(2));
  story.at(10min, [&](World& world) { world.membership().lose_power(story.node("N1"), 0); });
  story.until(20min);
  const std::string text = decisions_text(explain(story.result()));
  EXPECT_THAT(text, HasSubstr("quorum of N2 after a regroup: arbitrates for the witness"));
  EXPECT_THAT(text, HasSubstr("1 of 3 votes, 2 needed; votes: N1, N2 and the witness"));
  EXPECT_THAT(text, HasSubstr("arbitration for the witness by N2: won, goes on"));
  EXPECT_THAT(text, HasSubstr("placement of SQL Server (MSSQLSERVER) after node loss: N2\n"));
  EXPECT_THAT(text, HasSubstr("not N1: down\n"));
  EXPECT_THAT(text, HasSubstr("rule: the only node available (W 4.3)\n"));
}

TEST(Explain, a_placement_names_what_excluded_each_node) {
  model::Design design = design_of(5);
  design.fci.role.possible_owners = {"N1", "N2", "N4", "N5"};
  Story story(design);
  story.at(1min, [&](World& world) { world.membership().pause(story.node("N2"), false, 0); });
  story.at(10min, [&](World& world) { world.membership().lose_power(story.node("N1"), 0); });
  story.until(20min);
  const Decision decision = about("placement of SQL Server", explain(story.result()));
  EXPECT_THAT(options_of(decision),
              ElementsAre("N1: down", "N2: paused", "N3: not a possible owner of every resource", "N4", "N5"));
  EXPECT_EQ(decision.rule, "no preferred owners: any node available, at random");
  EXPECT_THAT(
      options_text(decision),
      ElementsAre("not N1: down; N2: paused; N3: not a possible owner of every resource", "candidates: N4, N5"));
}

TEST(Explain, a_role_that_nobody_can_take_is_told_too) {
  model::Design design = design_of(3);
  model::RoleSettings settings;
  settings.possible_owners = {"N1"};
  design.cluster.roles.push_back(service_role("Reports", settings));
  Story story(design);
  story.at(1min, [&](World& world) {
    if (world.state().groups[story.role("Reports")].owner != story.node("N1")) {
      world.roles().move(story.role("Reports"), story.node("N1"), 0);
    }
  });
  story.at(10min, [&](World& world) { world.membership().lose_power(story.node("N1"), 0); });
  story.until(20min);
  const Decision decision = about("placement of Reports after node loss", explain(story.result()));
  EXPECT_EQ(decision.answer, "no node");
  EXPECT_EQ(decision.rule, "no node can take the role");
  EXPECT_THAT(options_of(decision), ElementsAre("N1: down", "N2: not a possible owner of every resource",
                                                "N3: not a possible owner of every resource"));
}

TEST(Explain, a_role_that_nobody_could_take_comes_back_with_its_node) {
  model::Design design = design_of(3);
  design.fci.role.possible_owners = {"N1"};
  Story story(design);
  story.at(10min, [&](World& world) { world.membership().lose_power(story.node("N1"), 0); });
  story.at(20min, [&](World& world) { world.membership().boot(story.node("N1"), 0); });
  story.until(40min);
  const RunResult run = story.result();
  EXPECT_EQ(run.last.resources[run.plan->sql_resource].status, world::ResourceStatus::online);
  EXPECT_THAT(explain(run), testing::Not(IsEmpty()));
}

TEST(Explain, a_failing_resource_is_restarted_then_moved_then_left_alone) {
  Story story(design_of(2));
  for (const Duration time : {10min, 12min, 14min}) {
    story.at(time, [](World& world) { world.roles().test_failure(world.plan().sql_resource, 0); });
  }
  story.until(16min);
  const std::vector<Decision> decisions = explain(story.result());
  std::vector<Kind> kinds;
  for (const Decision& decision : decisions) kinds.push_back(decision.kind);
  ASSERT_THAT(kinds, ElementsAre(Kind::restart, Kind::placement, Kind::stays_failed)) << decisions_text(decisions);
  EXPECT_THAT(decisions[0].facts.front(), HasSubstr("0 restarts in the last 15m (RestartPeriod), RestartThreshold 1"));
  EXPECT_THAT(decisions[1].facts, Contains(HasSubstr("SQL Server failed: RestartThreshold reached")));
  EXPECT_THAT(decisions[1].facts, Contains(HasSubstr("0 failovers of SQL Server (MSSQLSERVER) in the last 6h")));
  EXPECT_EQ(decisions[2].rule, "FailoverThreshold reached within FailoverPeriod");
  EXPECT_EQ(decisions[2].source, "W 4.5");
}

TEST(Explain, a_failback_says_whether_policy_or_a_drain_brought_it) {
  model::Design design = design_of(3);
  design.fci.role.preferred_owners = {"N1", "N2"};
  design.fci.role.failback = true;
  Story story(design);
  story.at(10min, [&](World& world) { world.membership().lose_power(story.node("N1"), 0); });
  story.at(20min, [&](World& world) { world.membership().boot(story.node("N1"), 0); });
  story.at(40min, [&](World& world) { world.membership().pause(story.node("N1"), true, 0); });
  story.until(50min);
  const std::vector<Decision> failbacks = of(Kind::failback, story.result());
  ASSERT_THAT(failbacks, SizeIs(1));
  EXPECT_EQ(failbacks[0].answer, "N1");
  EXPECT_EQ(failbacks[0].rule, "no failback window: at once");
  EXPECT_EQ(about("by a drain", explain(story.result())).answer, "N2");

  Story drained(design_of(2));
  drained.at(1min, [&](World& world) { world.roles().move(world.plan().sql_group, drained.node("N1"), 0); });
  drained.at(10min, [&](World& world) { world.membership().pause(drained.node("N1"), true, 0); });
  drained.at(20min, [&](World& world) {
    world.membership().resume(drained.node("N1"), world::Membership::Failback::immediate, 0);
  });
  drained.until(30min);
  const Decision back = about("failback", explain(drained.result()));
  EXPECT_EQ(back.answer, "N1");
  EXPECT_THAT(back.rule, HasSubstr("what the drain moved away comes back"));
}

TEST(Explain, a_drain_that_fails_names_the_roles_it_could_not_move_and_why) {
  model::Design design = design_of(2);
  design.fci.role.possible_owners = {"N1"};
  Story story(design);
  story.at(10min, [&](World& world) { world.membership().pause(story.node("N1"), true, 0); });
  story.until(20min);
  const Decision decision = about("placement of SQL Server (MSSQLSERVER) by a drain", explain(story.result()));
  EXPECT_EQ(decision.answer, "no node");
  EXPECT_THAT(options_of(decision), ElementsAre("N1: paused", "N2: not a possible owner of every resource"));
}

TEST(Explain, an_even_split_is_told_from_both_sides) {
  Story story(design_of(4));
  story.at(10min, [&](World& world) {
    for (const char* name : {"N1", "N2"}) world.membership().set_side(story.node(name), 1, 0);
  });
  story.until(20min);
  const std::vector<Decision> arbitrations = of(Kind::arbitration, story.result());
  ASSERT_THAT(arbitrations, SizeIs(2));
  const Decision cut_off = about("by N1, N2", arbitrations), rest = about("by N3, N4", arbitrations);
  EXPECT_EQ(cut_off.answer, "lost, its cluster services stop");
  EXPECT_EQ(cut_off.rule, "nobody of this side reaches the witness");
  EXPECT_EQ(rest.answer, "won, goes on");
  EXPECT_THAT(rest.facts, Contains(HasSubstr("3 of 5 votes, 3 needed")));
  EXPECT_THAT(of(Kind::quorum, story.result()), SizeIs(2));
}

TEST(Explain, who_forms_the_cluster_and_who_may_not_is_told_with_the_database_that_is_missing) {
  Story story(design_of(2, false));
  const world::HostIndex first = story.node("N1"), second = story.node("N2");
  story.at(10min, [&](World& world) { world.membership().shut_down(first, false, 0); });
  story.at(30min, [&](World& world) { world.membership().shut_down(second, false, 0); });
  story.at(60min, [&](World& world) { world.membership().boot(second, 0); });
  story.until(80min);
  const Decision formed = about("finds no cluster to join", of(Kind::forming, story.result()));
  EXPECT_EQ(formed.answer, "forms it");
  EXPECT_THAT(formed.facts, Contains("starting and in reach: N2"));
  EXPECT_EQ(about("at a cold start", explain(story.result())).answer, "N2");
}

TEST(Explain, options_that_share_a_reason_stand_together_and_many_are_counted) {
  Decision decision;
  for (int node = 1; node <= 20; ++node)
    decision.options.push_back({"N" + std::to_string(node), node > 10 ? "down" : ""});
  EXPECT_THAT(options_text(decision), ElementsAre("not N11, N12, N13, N14, N15, N16, N17, N18 and 2 more: down",
                                                  "candidates: N1, N2, N3, N4, N5, N6, N7, N8 and 2 more"));
}

TEST(Explain, what_repeats_itself_is_told_three_times_and_then_counted) {
  Decision decision;
  decision.about = "failure of A";
  decision.answer = "restart";
  decision.rule = "r";
  decision.source = "W 3";
  const std::string text = decisions_text(std::vector<Decision>(5, decision));
  EXPECT_THAT(text, HasSubstr("  +0.000s  failure of A: restart\n           rule: r (W 3)\n"));
  EXPECT_THAT(text, HasSubstr("  and 2 more for the same reasons as one told above\n"));
}

// ---- a run that did something else is found out

void expect_found_out(const RunResult& run, const std::string& what) {
  try {
    explain(run);
    ADD_FAILURE() << "nothing was found out";
  } catch (const std::logic_error& error) {
    EXPECT_THAT(error.what(), HasSubstr(what));
  }
}

RunResult lost_node() {
  model::Design design = design_of(3);
  design.fci.role.preferred_owners = {"N1", "N2", "N3"};
  Story story(design);
  story.at(10min, [&](World& world) { world.membership().lose_power(story.node("N1"), 0); });
  story.until(20min);
  return story.result();
}

TEST(ExplainCheck, a_role_that_went_to_another_node_is_found_out) {
  RunResult run = lost_node();
  EXPECT_NO_THROW(explain(run));
  first_of(RecordKind::owner_changed, run).object = 2;
  expect_found_out(run, "by the rules to N2");
}

TEST(ExplainCheck, a_role_that_is_not_taken_is_found_out) {
  RunResult run = lost_node();
  const auto left = std::ranges::find(run.journal.records, RecordKind::node_removed, &world::Record::kind);
  run.journal.records.erase(left + 1, run.journal.records.end());
  expect_found_out(run, "is left alone, by the rules it goes to N2");
}

TEST(ExplainCheck, a_side_that_gives_up_although_it_has_quorum_is_found_out) {
  RunResult run = lost_node();
  world::Record& removed = first_of(RecordKind::node_removed, run);
  removed.kind = RecordKind::quorum_lost;
  expect_found_out(run, "by the rules it goes on");
}

TEST(ExplainCheck, a_restart_and_a_non_restart_against_the_limits_are_found_out) {
  Story story(design_of(2));
  story.at(10min, [](World& world) { world.roles().test_failure(world.plan().sql_resource, 0); });
  story.until(12min);
  RunResult run = story.result();
  first_of(RecordKind::restart_scheduled, run).value += 1;
  expect_found_out(run, "fewer restarts than RestartThreshold");
  run = story.result();
  first_of(RecordKind::restart_scheduled, run).kind = RecordKind::stays_failed;
  expect_found_out(run, "fewer restarts than RestartThreshold");
}

// ---- over everything there is

TEST(ExplainEverything, every_decision_of_every_shipped_scenario_comes_out_as_it_did) {
  namespace fs = std::filesystem;
  std::size_t scenarios = 0, explained = 0;
  for (const fs::directory_entry& entry :
       fs::recursive_directory_iterator(fs::path(REHEARSE_SOURCE_DIR) / "scenarios")) {
    const std::string path = entry.path().string();
    const bool design = path.find("/designs/") != std::string::npos;
    if (!path.ends_with(".json") || path.ends_with(".schema.json") || design) continue;
    const ScenarioResult read = read_scenario_file(path);
    if (!read.scenario) continue;  // studies; the corpus test reads every scenario
    ++scenarios;
    const Prepared prepared = prepare(*read.scenario, world::Tempo::when_it_matters);
    for (const world::Pace pace : {world::Pace::median, world::Pace::p95, world::Pace::drawn}) {
      const RunResult run = rehearse(*read.scenario, prepared, {{read.scenario->seed, 0}, pace, 0});
      ASSERT_NO_THROW(explained += explain(run).size()) << path;
    }
  }
  EXPECT_GT(scenarios, 15U);
  EXPECT_GT(explained, 3 * scenarios);
}

TEST(ExplainEverything, every_decision_of_random_nights_comes_out_as_it_did) {
  std::size_t explained = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    const Night night = random_night(seed, 8);
    const Telling telling = tell(night, world::Tempo::when_it_matters);
    RunResult run;
    run.scenario.seed = seed;
    run.plan = telling.plan;
    run.first = telling.first;
    run.last = telling.world->state();
    run.journal = *telling.journal;
    ASSERT_NO_THROW(explained += explain(run).size()) << to_text(night);
  }
  EXPECT_GT(explained, 500U);
}

}  // namespace
}  // namespace rehearse::sim
