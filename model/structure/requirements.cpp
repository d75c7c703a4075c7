#include "model/structure/requirements.hpp"

#include <stdexcept>
#include <utility>

#include "model/structure/requirement_builder.hpp"

namespace rehearse::model::structure {

std::string_view to_text(Service service) {
  switch (service) {
    case Service::sql_server: return "sql_server";
    case Service::ssisdb: return "ssisdb";
    case Service::scale_out_master: return "scale_out_master";
    case Service::workers: return "workers";
    case Service::package_execution: return "package_execution";
  }
  throw std::logic_error("no such service");
}

TimelineLine fault_line(std::string name, Keys keys) {
  return {TimelineLine::Head::fault, std::move(name), std::move(keys)};
}

TimelineLine move_line(const std::string& role, const std::string& node) {
  return {TimelineLine::Head::step, "move_role", {{"role", role}, {"to", node}}};
}

int RequirementBuilder::leaf(Component component) {
  const int number = static_cast<int>(made_.components.size());
  const int added = made_.graph.add_leaf(component.name, number);
  made_.components.push_back(std::move(component));
  return added;
}

Requirements RequirementBuilder::build() {
  add_sites();
  add_networks();
  add_nodes();
  add_votes();
  add_access_points();
  add_names();
  add_instance();
  add_master();
  add_certificates();
  add_workers();
  add_services(Mover::cluster, made_.undisputed);
  made_.services = with_winner(made_.undisputed);
  add_services(Mover::person, made_.anywhere);
  return std::move(made_);
}

Requirements requirements_of(const Design& design) {
  return RequirementBuilder(design).build();
}

}  // namespace rehearse::model::structure
