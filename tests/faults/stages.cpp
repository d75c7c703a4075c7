#include "stages.hpp"

#include <stdexcept>

#include "model/design_reader.hpp"

namespace rehearse::sim {

model::Design design_file(const std::string& name) {
  const std::string path = std::string(REHEARSE_SOURCE_DIR) + "/scenarios/" + name + ".json";
  model::DesignResult result = model::read_design_file(path);
  if (!result.design) throw std::runtime_error(path + " is no design");
  return std::move(*result.design);
}

Stage staged(const model::Design& design, world::Pace pace) {
  StageOptions options;
  options.start = model::parse_date("2027-03-01T10:00:00Z").value();
  options.pace = pace;
  return stage_of(design, design.file, options);
}

std::size_t place_of(const FaultCatalogue& catalogue, const std::string& name) {
  for (std::size_t place = 0; place < catalogue.faults.size(); ++place) {
    if (catalogue.faults[place].name == name) return place;
  }
  throw std::out_of_range("no fault " + name);
}

FarmOutcome outcome_of_faults(const model::Design& design, const std::vector<std::string>& faults, Duration after) {
  const Stage stage = staged(design);
  const FaultCatalogue catalogue = catalogue_of(*stage.deployed);
  std::vector<PlannedEvent> events;
  core::Time at(first_fault);
  for (const std::string& name : faults) {
    const CatalogueFault& fault = catalogue.faults.at(place_of(catalogue, name));
    if (!events.empty()) at += after;
    events.push_back({fault.entry, fault.repair(), at, std::nullopt});
  }
  Course course(stage, timeline_of(events), 0);
  return outcome_of(course.finish(at).figures);
}

}  // namespace rehearse::sim
