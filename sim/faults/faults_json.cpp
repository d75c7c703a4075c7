// The report for programs.
#include <nlohmann/json.hpp>
#include <ostream>

#include "sim/faults/faults_report.hpp"
#include "sim/faults/told_course.hpp"
#include "sim/report/timeline_text.hpp"

namespace rehearse::sim {
namespace {

using Json = nlohmann::ordered_json;

double seconds(Duration length) {
  return std::chrono::duration<double>(length).count();
}

Json fault(const FaultCatalogue& catalogue, std::size_t index) {
  const CatalogueFault& one = catalogue.faults[index];
  const std::size_t alone[] = {index};
  return {{"name", one.name},
          {"repaired", one.repair()      ? "by a person"
                       : one.entry.lasts ? "by itself"
                                         : "at once"},
          {"alike", catalogue.multiplicity(alone)}};
}

Json course(const FaultsReport& report, const Trial& trial, bool with_story) {
  Json faults = Json::array(), switches = Json::array();
  for (std::size_t place = 0; place < trial.count; ++place) {
    faults.push_back({{"name", report.catalogue.faults[trial.faults[place]].name},
                      {"at", seconds(trial.at[place].time_since_epoch())},
                      {"when", report.exploration.words[trial.when[place]]}});
  }
  for (unsigned number = 0; number < model::switch_count; ++number) {
    if ((trial.deciding >> number & 1U) != 0) switches.push_back(model::name_of(static_cast<model::Switch>(number)));
  }
  const FarmFigures& figures = trial.figures;
  const bool operation = trial.operation != 0;
  Json json = {{"faults", std::move(faults)},
               {"operation", operation ? Json(report.exploration.operations[trial.operation - 1U].name) : Json()},
               {"outcome", trial.idle ? "nothing to act on" : word_of(trial)},
               {"with_own_switches", trial.idle ? Json() : Json(to_text(trial.outcome))},
               {"switches", std::move(switches)},
               {"mended", trial.mended},
               {"multiplicity", trial.multiplicity},
               {"out", seconds(figures.longest_out())},
               {"lost", figures.lost},
               {"doubled", figures.doubled},
               {"unfinished", figures.unfinished}};
  if (!with_story) return json;
  const auto events = events_of(trial, report.exploration, report.catalogue);
  const RunResult run = tell_course(report.stage, events, trial.mended);
  Json story = Json::array();
  for (const TimelineLine& line : timeline_of(run, false).lines) {
    story.push_back({{"at", seconds(line.at.time_since_epoch())}, {"text", line.text}});
  }
  json["story"] = std::move(story);
  return json;
}

Json row(const MatrixRow& one) {
  Json json = {{"faults", one.faults}, {"first", one.name}};
  const std::vector<std::uint64_t> cells = matrix_cells(one.counts);
  for (std::size_t column = 0; column < cells.size(); ++column) json[matrix_columns()[column]] = cells[column];
  return json;
}

/// One number for each number of faults, from `first` on.
template <class Counts>
Json counts_of(const Counts& counts, std::size_t first, std::size_t count) {
  Json json = Json::array();
  for (std::size_t index = first; index < first + count; ++index) json.push_back(counts[index]);
  return json;
}

}  // namespace

void write_faults_json(std::ostream& out, const FaultsReport& report) {
  const Exploration& exploration = report.exploration;
  const Scenario& scenario = report.stage.scenario;
  Json json = {{"format", "rehearse-faults"},
               {"version", 1},
               {"design", scenario.design.name},
               {"design_file", scenario.design_file},
               {"start", model::to_text(scenario.start)},
               {"seed", scenario.seed},
               {"at", report.stage.pace == world::Pace::p95 ? "p95" : "median"},
               {"executions", scenario.one_batch ? scenario.one_batch->executions : 0},
               {"without_a_fault", to_text(outcome_of(exploration.healthy.figures))}};
  for (const char* list : {"faults", "not_covered", "operations", "matrix", "worst", "singles"}) {
    json[list] = Json::array();
  }
  for (std::size_t index = 0; index < report.catalogue.faults.size(); ++index) {
    const std::size_t alone[] = {index};
    if (report.catalogue.is_representative(alone)) json["faults"].push_back(fault(report.catalogue, index));
  }
  for (const LeftOut& one : report.catalogue.left_out) {
    json["not_covered"].push_back({{"fault", one.fault}, {"why", one.why}});
  }
  for (const ExploredOperation& one : exploration.operations) {
    json["operations"].push_back({{"name", one.name}, {"alone", to_text(one.alone)}});
  }
  json["coverage"] = {{"k", report.faults},
                      {"courses", counts_of(exploration.courses, 1, report.faults)},
                      {"during_operations", exploration.during_operations},
                      {"idle", exploration.idle},
                      {"runs", exploration.runs},
                      {"events", exploration.events},
                      {"prefixes", counts_of(exploration.prefixes, 0, report.faults)},
                      {"prefixes_run", counts_of(exploration.prefixes_run, 0, report.faults)},
                      {"complete", exploration.complete()}};
  for (const MatrixRow& one : matrix_of(exploration, report.catalogue)) json["matrix"].push_back(row(one));
  for (const std::size_t index : worst_trials(exploration, worst_told)) {
    json["worst"].push_back(course(report, exploration.trials[index], true));
  }
  for (const Trial& trial : exploration.trials) {
    if (trial.count == 1 && trial.operation == 0) json["singles"].push_back(course(report, trial, false));
  }
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace rehearse::sim
