// A scenario that is exported comes to the same outcome when it is replayed, and nothing of it can be taken away.
#include "sim/faults/minimal_scenario.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/faults/scenario_text.hpp"
#include "sim/faults/summary.hpp"
#include "sim/scenario/runner.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "stages.hpp"

namespace rehearse::sim {
namespace {

class Exported : public testing::Test {
 protected:
  Exported() {
    ExplorationOptions options;
    options.operations = false;
    exploration = explore(stage, catalogue, options);
  }

  /// Of the worst course with that outcome, as text, and read back.
  Scenario exported(const std::string& outcome) {
    const Trial& trial = exploration.trials.at(first_of(exploration, outcome).value());
    const MinimalScenario minimal = minimal_scenario(stage, catalogue, exploration, trial);
    const std::string text = scenario_text(minimal.scenario, "designs/reference.json");
    ScenarioResult read = read_scenario(text, "exported.json", std::string(REHEARSE_SOURCE_DIR) + "/scenarios");
    for (const model::Diagnostic& diagnostic : read.diagnostics) ADD_FAILURE() << model::to_text(diagnostic);
    return std::move(read.scenario.value());
  }

  Stage stage = staged(design_file("designs/reference"));
  FaultCatalogue catalogue = catalogue_of(*stage.deployed);
  Exploration exploration;
};

FarmOutcome outcome_of_scenario(const Scenario& scenario) {
  const Prepared prepared = prepare(scenario, world::Tempo::when_it_matters);
  return outcome_of(farm_figures(rehearse(scenario, prepared, {{scenario.seed, 0}, world::Pace::median, 0})));
}

TEST_F(Exported, comes_to_the_same_outcome_when_it_is_run) {
  for (const char* outcome : {"recovered", "recovered with loss", "needs a person"}) {
    const Scenario scenario = exported(outcome);
    EXPECT_EQ(to_text(outcome_of_scenario(scenario)), outcome);
    const RunResult result = run(scenario, {});
    ASSERT_FALSE(result.verdicts.empty());
    EXPECT_NE(result.verdicts.front().outcome, Outcome::failed) << result.verdicts.front().reason;
  }
}

TEST_F(Exported, passes_when_neither_durations_nor_switches_matter) {
  const RunResult result = run(exported("needs a person"), {});
  EXPECT_EQ(result.outcome(), Outcome::passed);
}

TEST_F(Exported, holds_no_entry_that_could_be_missing) {
  const Scenario scenario = exported("needs a person");
  EXPECT_GE(scenario.timeline.size(), 2U) << "the fault and what somebody did";
  for (std::size_t index = 0; index < scenario.timeline.size(); ++index) {
    Scenario smaller = scenario;
    smaller.timeline.erase(smaller.timeline.begin() + static_cast<std::ptrdiff_t>(index));
    if (index == 0) continue;  // a repair without its fault is no scenario
    EXPECT_NE(outcome_of_scenario(smaller), FarmOutcome::needs_person) << "entry " << index;
  }
  EXPECT_FALSE(scenario.one_batch.has_value()) << "no work is needed for a service to be out";
}

TEST_F(Exported, holds_the_work_only_where_the_outcome_is_about_work) {
  const Scenario scenario = exported("recovered with loss");
  ASSERT_TRUE(scenario.one_batch.has_value());
  EXPECT_LT(scenario.one_batch->executions, most_executions);
}

}  // namespace
}  // namespace rehearse::sim
