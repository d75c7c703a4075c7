#include "told_story.hpp"

#include "deployed_worlds.hpp"
#include "sim/world/installation.hpp"

namespace rehearse::sim {

using namespace std::chrono_literals;

model::Design design_of(int nodes, bool with_witness) {
  model::Design design = shipped_design("reference");
  design.cluster.nodes.clear();
  design.scale_out.master.settings_by_node.clear();
  for (model::Certificate& certificate : design.certificates) certificate.installed.clear();
  for (int number = 1; number <= nodes; ++number) {
    model::Node node;
    node.name = "N" + std::to_string(number);
    design.cluster.nodes.push_back(node);
  }
  if (!with_witness) design.cluster.witness = {};
  design.batches.clear();
  return design;
}

model::Role service_role(const std::string& name, model::RoleSettings settings) {
  model::Role role;
  role.name = name;
  role.settings = std::move(settings);
  model::RoleResource service;
  service.name = name + " service";
  role.resources.push_back(service);
  return role;
}

Story::Story(const model::Design& design)
    : plan_(std::make_shared<const world::Blueprint>(design, model::parse_date("2027-03-01T10:00:00Z").value(), 24h)),
      world_(plan_, core::Time(-1h)) {
  world::Installation(world_).finish();
  world_.run_until(core::at_start);
  first_ = world_.state();
  world_.engine().write_to(&journal_);
  world_.begin({1, 0});
}

void Story::at(Duration time, const std::function<void(world::World&)>& act) {
  until(time);
  act(world_);
}

void Story::until(Duration time) {
  world_.run_until(core::Time(time));
}

RunResult Story::result() const {
  RunResult result;
  result.scenario.name = "a told story";
  result.plan = plan_;
  result.first = first_;
  result.last = world_.state();
  result.journal = journal_;
  result.end = world_.now();
  return result;
}

}  // namespace rehearse::sim
