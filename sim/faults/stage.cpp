#include "sim/faults/stage.hpp"

#include <algorithm>
#include <utility>

#include "sim/async/deploy.hpp"

namespace rehearse::sim {
namespace {

/// A deployment that is put there is quiescent within this time.
constexpr Duration before_start = std::chrono::hours(48);

int executions_of(const model::Design& design, const std::string& source, int most) {
  for (const model::Batch& batch : design.batches) {
    if (batch.name == source) return std::min(batch.executions, most);
  }
  return most;
}

}  // namespace

Stage stage_of(const model::Design& design, const std::string& design_file, const StageOptions& options) {
  Stage stage;
  Scenario& scenario = stage.scenario;
  scenario.name = "faults of " + design.name;
  scenario.design = stage.design = design;
  scenario.design_file = design_file;
  scenario.seed = options.seed;
  scenario.start = options.start;
  scenario.duration = course_length;
  scenario.deploy = Deploy::installed;
  if (const std::string source = main_source(design); !source.empty()) {
    scenario.one_batch = OneBatch{source, executions_of(design, source, options.executions), batch_at};
    put_one_batch(scenario.design, scenario.start, *scenario.one_batch);
  }
  stage.pace = options.pace;
  stage.plan = std::make_shared<const world::Blueprint>(scenario.design, scenario.start, course_length,
                                                        texts_of_catalogue(design));
  stage.deployed.emplace(stage.plan, core::Time(-before_start), world::Pace::median);
  deploy_installed(*stage.deployed);
  stage.deployed->run_until(core::at_start);
  return stage;
}

}  // namespace rehearse::sim
