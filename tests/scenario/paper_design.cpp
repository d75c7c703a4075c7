#include "paper_design.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "model/design_reader.hpp"
#include "model/json_tree.hpp"
#include "model/whole_file.hpp"
#include "sim/scenario/runner.hpp"
#include "sim/scenario/scenario_reader.hpp"

namespace rehearse::sim {
namespace {

using structure::Component;
using structure::CutSet;

const std::string scenarios = std::string(REHEARSE_SOURCE_DIR) + "/scenarios";

model::Design design_from(const std::string& file) {
  std::string problem;
  const auto text = model::read_whole_file(scenarios + "/" + file, model::json_size_limit, problem);
  const std::string folder = std::filesystem::path(scenarios + "/" + file).parent_path().string();
  return model::read_design(text.value(), file, folder).design.value();
}

structure::Service service_of(const Service& service) {
  switch (service.kind) {
    case Service::Kind::sql_server: return structure::Service::sql_server;
    case Service::Kind::ssisdb: return structure::Service::ssisdb;
    case Service::Kind::scale_out_master: return structure::Service::scale_out_master;
    case Service::Kind::worker: return structure::Service::workers;
    case Service::Kind::package_execution: return structure::Service::package_execution;
  }
  throw std::logic_error("no such service");
}

Scenario scenario_from(const std::string& text) {
  const ScenarioResult read = read_scenario(text, "proof.json", scenarios);
  for (const model::Diagnostic& one : read.diagnostics) ADD_FAILURE() << model::to_text(one) << "\n" << text;
  return read.scenario.value();
}

model::Design changed(model::Design design, const Change& change) {
  if (change) change(design);
  return design;
}

}  // namespace

std::string_view to_text(State state) {
  return state == State::there ? "there" : state == State::interrupted ? "interrupted" : "out";
}

State seen_in(const RunResult& run, structure::Service service) {
  std::size_t out = 0, ever = 0;
  for (const Outage& outage : run.outages) {
    if (service_of(outage.service) != service) continue;
    ++ever;
    out += outage.censored ? 1 : 0;
  }
  const std::size_t all = service == structure::Service::workers ? run.plan->workers.size() : 1;
  return out >= all ? State::out : ever >= all ? State::interrupted : State::there;
}

State told_by(const structure::CutSet& set, structure::Service service) {
  if (!set.lost.has(service)) return State::there;
  return set.way == structure::Way::until_restarted ? State::interrupted : State::out;
}

bool agree(State on_paper, State in_rehearsal) {
  if (on_paper == State::there) return in_rehearsal != State::out;
  return on_paper == in_rehearsal;
}

RunResult rehearsed(const Scenario& scenario) {
  return rehearse(scenario, prepare(scenario, world::Tempo::when_it_matters), {});
}

PaperDesign::PaperDesign(const std::string& design_file, Change changes)
    : file(design_file),
      change(std::move(changes)),
      design(changed(design_from(design_file), change)),
      studied(structure::study(design)),
      start(structure::date_of_proof(design, model::parse_date("2027-02-08T12:00:00Z").value()).value()) {}

std::vector<const Component*> PaperDesign::components(const CutSet& set) const {
  std::vector<const Component*> found;
  for (const int number : set.components) {
    found.push_back(&studied.requirements.components.at(static_cast<std::size_t>(number)));
  }
  return found;
}

Scenario PaperDesign::scenario(const CutSet& set) const {
  Scenario scenario = scenario_from(structure::proof_scenario(studied.requirements, set, file, start));
  scenario.design = changed(std::move(scenario.design), change);
  return scenario;
}

const CutSet& PaperDesign::set_of(const std::set<std::string>& names) const {
  const auto found = std::find_if(studied.cut_sets.begin(), studied.cut_sets.end(), [&](const CutSet& set) {
    std::set<std::string> own;
    for (const Component* one : components(set)) own.insert(one->name);
    return own == names;
  });
  if (found == studied.cut_sets.end()) throw std::logic_error("no such cut set");
  return *found;
}

Change master_ends_without_ssisdb(bool ends) {
  return [ends](model::Design& design) {
    design.parameters.set(model::Switch::master_exits_without_ssisdb, ends, model::Origin::given, "test");
  };
}

}  // namespace rehearse::sim
