#include "studies.hpp"

#include <stdexcept>

#include "sim/scenario/scenario_reader.hpp"
#include "tests/study/studied_worlds.hpp"

namespace rehearse::sim {

Scenario shipped_scenario(const std::string& name) {
  const std::string path = std::string(REHEARSE_SOURCE_DIR) + "/scenarios/" + name + ".json";
  ScenarioResult result = read_scenario_file(path);
  if (!result.scenario) throw std::runtime_error(path + " is no scenario");
  return std::move(*result.scenario);
}

Study study_of(const std::string& scenario) {
  Study study;
  study.name = scenario;
  study.points.push_back({{}, shipped_scenario(scenario), ""});
  study.points[0].scenario.deploy = Deploy::installed;
  const Scenario& read = study.points[0].scenario;
  study.measures = measures_of(world::Blueprint(read.design, read.start, std::chrono::hours(24)));
  return study;
}

Study node_loss_study() {
  Study study = study_of("node_loss");
  Scenario& scenario = study.points[0].scenario;
  scenario.design = without_workload(scenario.design);
  scenario.duration = std::chrono::hours(2);
  scenario.timeline.resize(1);
  study.measures = usual_measures(world::Blueprint(scenario.design, scenario.start, std::chrono::hours(2)));
  return study;
}

}  // namespace rehearse::sim
