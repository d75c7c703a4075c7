// The report for programs.
#include <nlohmann/json.hpp>
#include <ostream>

#include "sim/diff/diff_report.hpp"
#include "sim/faults/summary.hpp"

namespace rehearse::sim {
namespace {

using Json = nlohmann::ordered_json;

double seconds(Duration length) {
  return std::chrono::duration<double>(length).count();
}

Json value(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json();
}

Json findings(const std::vector<model::rules::Told>& list) {
  Json json = Json::array();
  for (const model::rules::Told& told : list) {
    json.push_back({{"rule", told.rule->id},
                    {"severity", to_text(told.level)},
                    {"file", told.file},
                    {"pointer", told.place.pointer},
                    {"line", told.place.line},
                    {"what", told.what}});
  }
  return json;
}

Json weaknesses(const std::vector<ToldWeakness>& list) {
  Json json = Json::array();
  for (const ToldWeakness& one : list) json.push_back({{"text", one.text}, {"lost", one.lost}, {"way", one.way}});
  return json;
}

Json own(const std::vector<OwnCourses>& list) {
  Json json = Json::array();
  for (const OwnCourses& one : list) {
    json.push_back({{"fault", one.fault},
                    {"operation", one.operation.empty() ? Json() : Json(one.operation)},
                    {"courses", one.courses},
                    {"worst", one.worst}});
  }
  return json;
}

Json course(const Trial& trial) {
  if (trial.idle) return {{"outcome", "nothing to act on"}};
  Json switches = Json::array();
  for (unsigned number = 0; number < model::switch_count; ++number) {
    if ((trial.deciding >> number & 1U) != 0) switches.push_back(model::name_of(static_cast<model::Switch>(number)));
  }
  return {{"outcome", word_of(trial)},
          {"with_own_switches", to_text(trial.outcome)},
          {"gravest", to_text(trial.gravest)},
          {"switches", std::move(switches)},
          {"out", seconds(trial.figures.longest_out())},
          {"lost", trial.figures.lost},
          {"doubled", trial.figures.doubled},
          {"unfinished", trial.figures.unfinished}};
}

Json outages(const std::vector<OutageDifference>& list) {
  Json json = Json::array();
  for (const OutageDifference& outage : list) {
    Json phases = Json::array();
    for (const auto& phase : outage.phases) {
      phases.push_back({{"phase", to_text(phase.phase)}, {"a", seconds(phase.a)}, {"b", seconds(phase.b)}});
    }
    json.push_back({{"service", outage.service},
                    {"a", seconds(outage.a)},
                    {"b", seconds(outage.b)},
                    {"phases", std::move(phases)}});
  }
  return json;
}

Json problems(const std::vector<model::Diagnostic>& list) {
  Json json = Json::array();
  for (const model::Diagnostic& one : list) {
    json.push_back({{"file", one.file},
                    {"line", one.place.line},
                    {"pointer", one.place.pointer},
                    {"what", one.what},
                    {"remedy", one.remedy}});
  }
  return json;
}

Json verdict(const std::optional<Verdict>& one) {
  if (!one) return {};
  return {{"outcome", to_text(one->outcome)}, {"reason", one->reason}, {"settle", one->settle}};
}

Json verdicts(const std::vector<VerdictDifference>& list) {
  Json json = Json::array();
  for (const VerdictDifference& one : list) {
    json.push_back({{"expectation", one.expectation},
                    {"occurrence", one.before + 1},
                    {"change", to_text(one.change)},
                    {"a", verdict(one.a)},
                    {"b", verdict(one.b)}});
  }
  return json;
}

Json at_pace(const PaceDifference& difference) {
  const auto executions = [](const Executions& one) -> Json {
    return {{"lost", one.lost}, {"doubled", one.doubled}, {"unfinished", one.unfinished}};
  };
  return {{"outages", outages(difference.outages)},
          {"executions", {{"a", executions(difference.a)}, {"b", executions(difference.b)}}}};
}

Json distributions(const std::vector<DistributionDifference>& list, std::uint64_t replications) {
  const auto distribution = [&](const OutageDistribution& one) -> Json {
    return {{"p50", seconds(one.p50)},
            {"p95", seconds(one.p95)},
            {"max", seconds(one.longest)},
            {"with_outage", static_cast<double>(one.with_outage) / static_cast<double>(replications)},
            {"unended", one.unended}};
  };
  Json json = Json::array();
  for (const DistributionDifference& one : list) {
    const statistics::Estimate& mean = one.mean;
    json.push_back({{"service", one.service},
                    {"a", distribution(one.a)},
                    {"b", distribution(one.b)},
                    {"difference", {{"mean", mean.value}, {"low", mean.interval.low}, {"high", mean.interval.high}}}});
  }
  return json;
}

Json scenarios(const DesignDiff& diff) {
  Json json = Json::array();
  for (const ScenarioDifference& one : diff.scenarios) {
    Json told = {{"scenario", one.file},
                 {"name", one.name},
                 {"change", to_text(one.change())},
                 {"problems", {{"a", problems(one.problems_a)}, {"b", problems(one.problems_b)}}}};
    if (one.compared()) {
      told["outcome"] = {{"a", to_text(one.outcome_a)}, {"b", to_text(one.outcome_b)}};
      told["verdicts_compared"] = one.verdicts_compared;
      told["verdicts"] = verdicts(one.verdicts);
      told["only_a"] = one.seen_only_a;
      told["only_b"] = one.seen_only_b;
      told["median"] = at_pace(one.median);
      told["p95"] = at_pace(one.p95);
      told["distributions"] = distributions(one.distributions, diff.replications);
    }
    json.push_back(std::move(told));
  }
  return json;
}

Json faults(const DesignDiff& diff) {
  const CourseDifferences& courses = diff.courses;
  const auto why = explained_courses(diff);
  Json differing = Json::array();
  for (std::size_t place = 0; place < courses.differing.size(); ++place) {
    const CourseDifference& one = courses.differing[place];
    Json json = {{"course", one.name},
                 {"change", to_text(one.change)},
                 {"outcome_differs", one.outcome},
                 {"a", course(diff.a.explored.exploration.trials[one.a])},
                 {"b", course(diff.b.explored.exploration.trials[one.b])}};
    if (place < why.size()) json["why"] = outages(why[place]);
    differing.push_back(std::move(json));
  }
  return {{"compared", courses.compared},
          {"complete", courses.complete},
          {"without_a_fault", {{"a", to_text(courses.healthy_a)}, {"b", to_text(courses.healthy_b)}}},
          {"only_a", own(courses.only_a)},
          {"only_b", own(courses.only_b)},
          {"differing", std::move(differing)}};
}

}  // namespace

void write_diff_json(std::ostream& out, const DesignDiff& diff) {
  const Scenario& scenario = diff.a.stage.scenario;
  Json values = Json::array();
  for (const model::DesignDifference& one : diff.values) {
    values.push_back({{"pointer", one.pointer}, {"a", value(one.a)}, {"b", value(one.b)}});
  }
  const Json json = {
      {"format", "rehearse-diff"},
      {"version", 1},
      {"a", diff.a.file},
      {"b", diff.b.file},
      {"start", model::to_text(scenario.start)},
      {"seed", scenario.seed},
      {"at", diff.a.stage.pace == world::Pace::p95 ? "p95" : "median"},
      {"k", diff.faults},
      {"values", std::move(values)},
      {"rules", {{"only_a", findings(diff.rules.only_a)}, {"only_b", findings(diff.rules.only_b)}}},
      {"structure", {{"only_a", weaknesses(diff.structure.only_a)}, {"only_b", weaknesses(diff.structure.only_b)}}},
      {"faults", faults(diff)},
      {"scenarios", scenarios(diff)},
      {"replications", diff.replications},
      {"confidence", distribution_confidence},
      {"worse", diff.worse()},
      {"unknown", diff.unknown()},
      {"differs", !diff.empty()}};
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace rehearse::sim
