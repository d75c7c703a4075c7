#include "tests/answers/shipped_run.hpp"

#include <filesystem>
#include <sstream>
#include <stdexcept>

#include "sim/report/json_report.hpp"
#include "sim/scenario/runner.hpp"
#include "sim/scenario/scenario_reader.hpp"

namespace rehearse::tests {

sim::RunResult shipped_run(const std::string& name) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(REHEARSE_SOURCE_DIR);
  sim::ScenarioResult read = sim::read_scenario_file("scenarios/" + name + ".json");
  std::filesystem::current_path(before);
  if (!read.scenario) throw std::runtime_error(name + " is not readable");
  sim::RunOptions options;
  options.replications = 10;
  return sim::run(*read.scenario, options);
}

std::string saved_text(const sim::RunResult& run) {
  std::ostringstream text;
  sim::write_json(text, {run}, {true, "1.2.3"});
  return text.str();
}

}  // namespace rehearse::tests
