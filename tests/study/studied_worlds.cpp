#include "studied_worlds.hpp"

#include <stdexcept>

#include "model/design_reader.hpp"

namespace rehearse::sim {

model::Design shipped_design(const std::string& name) {
  const std::string path = std::string(REHEARSE_SOURCE_DIR) + "/scenarios/" + name + ".json";
  model::DesignResult result = model::read_design_file(path);
  if (!result.design) throw std::runtime_error(path + " is no design");
  return std::move(*result.design);
}

model::Design without_workload(model::Design design) {
  design.batches.clear();
  design.rates.clear();
  design.histories.clear();
  return design;
}

Prepared studied_world(const model::Design& design, Duration horizon) {
  Scenario scenario;
  scenario.design = design;
  scenario.start = model::parse_date("2027-03-01T10:00:00Z").value();
  scenario.duration = horizon;
  scenario.deploy = Deploy::installed;
  Prepared prepared = prepare(scenario, world::Tempo::when_it_matters);
  prepared.world.engine().set_pace(world::Pace::drawn);
  prepared.world.engine().forget_consulted();
  return prepared;
}

}  // namespace rehearse::sim
