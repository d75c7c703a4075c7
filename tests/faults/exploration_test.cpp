// Every course of up to k faults: the same on any number of threads, the same as a scenario would show, and as many as
// there have to be.
#include "sim/faults/exploration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "sim/faults/summary.hpp"
#include "sim/faults/told_course.hpp"
#include "stages.hpp"

namespace rehearse::sim {
namespace {

using testing::ElementsAre;

ExplorationOptions of_faults(unsigned faults, std::uint64_t limit = 1'000'000) {
  ExplorationOptions options;
  options.faults = faults;
  options.limit = limit;
  return options;
}

struct Explored {
  explicit Explored(const std::string& design, const ExplorationOptions& options)
      : stage(staged(design_file(design))),
        catalogue(catalogue_of(*stage.deployed)),
        exploration(explore(stage, catalogue, options)) {}

  Stage stage;
  FaultCatalogue catalogue;
  Exploration exploration;
};

TEST(Exploration, comes_to_the_same_on_one_thread_and_on_two) {
  ExplorationOptions options = of_faults(2, 3000);
  const Explored one("designs/reference", options);
  options.threads = 2;
  const Exploration two = explore(one.stage, one.catalogue, options);
  EXPECT_TRUE(one.exploration.trials == two.trials);
  EXPECT_EQ(one.exploration.words, two.words);
  EXPECT_EQ(one.exploration.runs, two.runs);
  EXPECT_EQ(one.exploration.events, two.events);
  EXPECT_GT(two.courses[2], 0U);
}

/// Courses go on in copies of worlds, with half of their records forgotten; scenarios are played from their start.
TEST(Exploration, sees_in_a_course_what_the_scenario_of_it_shows) {
  const Explored explored("designs/reference", of_faults(2, 8000));
  std::map<std::pair<int, int>, std::size_t> checked;
  for (std::size_t index = 0; index < explored.exploration.trials.size(); index += 61) {
    const Trial& trial = explored.exploration.trials[index];
    if (trial.idle) continue;
    ++checked[{trial.operation, trial.count}];
    const auto events = events_of(trial, explored.exploration, explored.catalogue);
    const FarmFigures told = farm_figures(tell_course(explored.stage, events, trial.mended));
    EXPECT_EQ(told, trial.figures) << name_of(trial, explored.exploration, explored.catalogue);
  }
  EXPECT_GE(checked.size(), 5U) << "alone, and during both operations; in pairs too";
}

TEST(Exploration, covers_the_reference_design) {
  ExplorationOptions options = of_faults(2);
  options.only_count = true;
  const Explored explored("designs/reference", options);
  const Exploration& found = explored.exploration;
  EXPECT_EQ(found.courses[1], 1995U) << "133 faults alone, and at 14 instants of two operations";
  EXPECT_EQ(found.courses[2], 160'335U);
  EXPECT_EQ(found.during_operations, 36'792U);
  EXPECT_THAT(found.prefixes, ElementsAre(3U, 388U, 0U, 0U));
  EXPECT_TRUE(found.complete());
}

TEST(Exploration, puts_the_second_fault_at_six_instants_of_the_first_or_more) {
  const Explored explored("designs/reference", of_faults(2, 8000));
  std::map<std::uint16_t, std::set<core::Time>> instants;
  for (const Trial& trial : explored.exploration.trials) {
    if (trial.count == 2 && trial.operation == 0) instants[trial.faults[0]].insert(trial.at[1]);
  }
  ASSERT_FALSE(instants.empty());
  for (const auto& [fault, moments] : instants) {
    const std::string& name = explored.catalogue.faults[fault].name;
    EXPECT_GE(moments.size(), 6U) << name;
    EXPECT_LT(*moments.begin(), core::Time(first_fault + repair_after)) << name << ": before the repair";
    EXPECT_GT(*moments.rbegin(), core::Time(first_fault + repair_after)) << name << ": after it";
  }
}

TEST(Exploration, says_what_the_limit_left_out) {
  const Explored explored("designs/reference", of_faults(2, 4000));
  const Exploration& found = explored.exploration;
  EXPECT_FALSE(found.complete());
  EXPECT_EQ(found.prefixes[1], 388U);
  EXPECT_GT(found.prefixes_run[1], 0U);
  EXPECT_LT(found.prefixes_run[1], 10U);
}

TEST(Exploration, follows_pairs_by_a_third_fault) {
  ExplorationOptions options = of_faults(3, 5000);
  options.operations = false;
  const Explored explored("designs/reference", options);
  EXPECT_GT(explored.exploration.courses[3], 0U);
  const Trial& last = explored.exploration.trials.back();
  ASSERT_EQ(last.count, 3U);
  EXPECT_LT(last.at[1], last.at[2]);
}

TEST(Exploration, calls_unknown_what_an_unknown_switch_decides) {
  const Explored explored("designs/reference", [] {
    ExplorationOptions options = of_faults(1);
    options.operations = false;
    return options;
  }());
  std::size_t unknown = 0;
  for (const Trial& trial : explored.exploration.trials) {
    unknown += trial.unknown();
    EXPECT_GE(trial.gravest, trial.outcome);
  }
  EXPECT_EQ(unknown, 11U);
}

TEST(Exploration, finds_a_node_that_stood_still_during_its_regroup_going_on_with_it) {
  const std::vector<std::string> both = {"node.power_loss on SQL1", "node.pause on SQL2"};
  const auto in_the_regroup = std::chrono::milliseconds(21'148);
  EXPECT_LT(outcome_of_faults(design_file("designs/reference"), both, in_the_regroup), FarmOutcome::needs_person);
}

// ---- mistakes that show only when something fails

model::Design with_certificate_on_one_node() {
  model::Design design = design_file("designs/reference");
  for (model::Certificate& certificate : design.certificates) {
    if (certificate.key != "master") continue;
    std::erase_if(certificate.installed, [](const auto& installed) { return installed.host == "SQL2"; });
  }
  return design;
}

TEST(SeededMistakes, a_certificate_on_one_node_only_is_an_outage_after_failover) {
  const std::vector<std::string> failover = {"node.power_loss on SQL1"};
  EXPECT_EQ(outcome_of_faults(design_file("designs/reference"), failover), FarmOutcome::recovered);
  EXPECT_EQ(outcome_of_faults(with_certificate_on_one_node(), {}), FarmOutcome::masked) << "healthy until then";
  EXPECT_GE(outcome_of_faults(with_certificate_on_one_node(), failover), FarmOutcome::needs_person);
}

TEST(SeededMistakes, a_server_name_that_names_a_node_is_an_outage_after_failover) {
  model::Design design = design_file("designs/reference");
  design.scale_out.master.settings.sql_server_name = "SQL1";
  for (auto& [node, settings] : design.scale_out.master.settings_by_node) settings.sql_server_name = "SQL1";
  EXPECT_EQ(outcome_of_faults(design, {}), FarmOutcome::masked) << "healthy until then";
  EXPECT_GE(outcome_of_faults(design, {"node.power_loss on SQL1"}), FarmOutcome::needs_person);
}

TEST(SeededMistakes, a_virtual_account_in_the_separate_placement_is_an_outage_when_one_role_moves) {
  model::Design design = design_file("designs/separate");
  const std::vector<std::string> failover = {"storage.path_lost on Cluster Disk 1 (node: SQL1)"};
  EXPECT_LE(outcome_of_faults(design, failover), FarmOutcome::recovered_with_loss);
  design.scale_out.master.account = R"(NT Service\SSISScaleOutMaster150)";
  EXPECT_EQ(outcome_of_faults(design, {}), FarmOutcome::masked) << "healthy until then";
  EXPECT_GE(outcome_of_faults(design, failover), FarmOutcome::needs_person);
}

}  // namespace
}  // namespace rehearse::sim
