#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "sim/study/study_report.hpp"

namespace rehearse::sim {
namespace {

using Json = nlohmann::ordered_json;

Json interval(const std::optional<statistics::Interval>& interval) {
  return interval ? Json{interval->low, interval->high} : Json();
}

Json bounded(const std::optional<Bounded>& bounded) {
  if (!bounded) return nullptr;
  return bounded->at_least ? Json{{"at_least", bounded->value}} : Json(bounded->value);
}

const char* unit(const Measure& measure) {
  if (measure.kind == Measure::Kind::queue_mean) return "executions";
  switch (measure.unit()) {
    case Measure::Unit::duration: return "seconds";
    case Measure::Unit::count: return "count";
    case Measure::Unit::millionth: return "share";
  }
  return "";
}

Json figures(const Measure& measure, const MeasureFigures& seen) {
  Json json = {{"measure", measure.name}, {"unit", unit(measure)}, {"count", seen.count}};
  if (seen.mean) {
    json[measure.is_share() ? "share" : "mean"] = {{"value", bounded(Bounded{seen.mean->value, seen.mean->at_least})},
                                                   {"interval", interval(seen.mean->interval)},
                                                   {"method", to_text(seen.mean->method)}};
  }
  if (seen.difference) {
    json["difference"] = {{"mean", seen.difference->value},
                          {"interval", interval(seen.difference->interval)},
                          {"method", "Student's t of paired differences from the first point"}};
  }
  if (measure.is_share()) return json;
  json["none"] = seen.none;
  json["not_ended"] = seen.censored;
  json["zero"] = seen.zero;
  if (seen.quantiles.empty()) return json;
  json["above_zero"] = {{"probability", seen.above_zero->value},
                        {"interval", interval(seen.above_zero->interval)},
                        {"method", "Clopper and Pearson"}};
  Json quantiles = Json::object();
  for (const QuantileFigure& quantile : seen.quantiles) {
    quantiles[fmt::format("p{:g}", quantile.p * 100)] = {
        {"value", bounded(quantile.value)}, {"low", bounded(quantile.low)}, {"high", bounded(quantile.high)}};
  }
  json["quantiles"] = std::move(quantiles);
  json["quantile_method"] = to_text(Method::order_statistics);
  json["min"] = seen.least;
  json["max"] = bounded(Bounded{seen.greatest, seen.censored > 0});
  json["max_in_replication"] = seen.greatest_in;
  if (seen.steady) {
    json["batch_means"] = {
        {"batches", seen.steady->batches}, {"correlation", seen.steady->correlation}, {"bound", seen.steady->bound}};
  }
  if (!seen.phases.empty()) {
    Json phases = Json::array();
    for (const PhaseFigure& phase : seen.phases) {
      phases.push_back({{"phase", to_text(phase.phase)}, {"share", phase.share}, {"mean", phase.mean}});
    }
    json["phases"] = std::move(phases);
  }
  return json;
}

Json settings(const StudyPoint& point) {
  Json json = Json::object();
  for (const PointSetting& setting : point.settings) json[setting.address] = setting.value;
  return json;
}

Json point(const StudyReport& report, std::size_t place) {
  const Study& study = report.study;
  const PointFigures& seen = report.figures.points[place];
  Json measures = Json::array(), switches = Json::array(), variations = Json::array();
  for (std::size_t measure = 0; measure < study.measures.size(); ++measure)
    measures.push_back(figures(study.measures[measure], seen.measures[measure]));
  for (const auto& [which, share] : seen.switches) {
    switches.push_back(
        {{"switch", model::name_of(which)}, {"share", share}, {"settled_by", model::lab_test_of(which)}});
  }
  for (const VariationShare& share : seen.variations) {
    variations.push_back({{"variation", study.variations[share.variation].address},
                          {"measure", study.measures[share.measure].name},
                          {"variance_share", share.share},
                          {"noise", share.noise},
                          {"mean_of_lowest_draws", share.lowest},
                          {"mean_of_highest_draws", share.highest}});
  }
  return {{"settings", settings(study.points[place])},
          {"measures", std::move(measures)},
          {"variations", std::move(variations)},
          {"unknown_switches", std::move(switches)}};
}

}  // namespace

void write_study_json(std::ostream& out, const StudyReport& report) {
  const Study& study = report.study;
  Json points = Json::array(), tornado = Json::array(), axes = Json::array(), precision = Json::array(),
       variations = Json::array();
  for (std::size_t place = 0; place < report.figures.points.size(); ++place) points.push_back(point(report, place));
  for (const SettingSwing& swing : report.figures.swings) {
    tornado.push_back({{"measure", study.measures[swing.measure].name},
                       {"point", swing.point},
                       {"difference", swing.difference.value},
                       {"interval", interval(swing.difference.interval)}});
  }
  for (const AxisShare& share : report.figures.axes) {
    axes.push_back({{"measure", study.measures[share.measure].name},
                    {"setting", study.axes[share.axis]},
                    {"variance_share", share.share}});
  }
  for (const PrecisionTarget& target : study.precision) {
    Json reached_at = Json::array();
    for (std::size_t place = 0; place < report.figures.points.size(); ++place) {
      const auto share = reached(study, report.layout, report.tally, target, place);
      reached_at.push_back(share ? Json(*share) : Json());
    }
    precision.push_back({{"figure", target.name}, {"wanted", target.share}, {"reached", std::move(reached_at)}});
  }
  for (const Variation& variation : study.variations) {
    variations.push_back({{"address", variation.address}, {"distribution", Json::parse(variation.text)}});
  }
  Json faults = Json::array();
  for (const std::string& name : random_fault_names()) {
    if (study.faults.holds(random_fault_from(name).value())) faults.push_back(name);
  }
  const Json json = {{"study", study.name},
                     {"scenario", study.scenario_file},
                     {"identity", study.identity},
                     {"seed", study.seed},
                     {"replications", report.figures.replications},
                     {"complete", !report.interrupted && report.precise},
                     {"confidence", study_confidence},
                     {"warm_up", std::chrono::duration<double>(study.warm_up).count()},
                     {"phases_of_one_in", replications_per_phase_sample},
                     {"varies", std::move(variations)},
                     {"faults", std::move(faults)},
                     {"precision", std::move(precision)},
                     {"points", std::move(points)},
                     {"one_setting_changed", std::move(tornado)},
                     {"settings_of_the_grid", std::move(axes)},
                     {"answers", report.answers ? Json::parse(answers_json(study, *report.answers)) : Json()}};
  out << json.dump(2) << '\n';
}

}  // namespace rehearse::sim
