#include "sim/report/html/study_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "sim/report/html/chart.hpp"
#include "sim/report/html/words.hpp"

namespace rehearse::sim::html {
namespace {

using fmt::format;

/// Safe for readers who do not tell red from green; with more points than colours they begin again.
constexpr std::array<std::string_view, 8> line_colours = {"#3d8fd1", "#e08a2e", "#3fae86", "#c06fb6",
                                                          "#d1495b", "#8f86e0", "#a39a2d", "#7a8794"};
/// More steps of a line than these are not seen.
constexpr std::size_t most_steps = 300;

bool is_duration(const Measure& measure) {
  return measure.unit() == Measure::Unit::duration;
}

/// As it stands in charts: times in milliseconds, everything else as figures tell it.
double in_chart(const Measure& measure, double figure) {
  return is_duration(measure) ? figure * 1000 : figure;
}

Json value_channel(const Measure& measure, std::string_view field, std::string_view title) {
  Json channel = is_duration(measure) ? length_channel(field, title)
                                      : Json{{"field", field}, {"type", "quantitative"}, {"title", title}};
  const bool percent = measure.is_share() || measure.kind == Measure::Kind::utilisation;
  if (percent) channel["axis"] = {{"format", "~%"}};
  channel["scale"] = {{"zero", false}, {"nice", true}};
  return channel;
}

Json names_and_colours(const Study& study) {
  Json names = Json::array(), colours = Json::array();
  for (std::size_t point = 0; point < study.points.size(); ++point) {
    names.push_back(point_name(study, point));
    colours.push_back(line_colours.at(point % line_colours.size()));
  }
  return {{"domain", names}, {"range", colours}};
}

Json point_colour(const Study& study, bool legend) {
  Json channel = {{"field", "point"}, {"type", "nominal"}, {"title", nullptr}, {"scale", names_and_colours(study)}};
  if (!legend || study.points.size() == 1) {
    channel["legend"] = nullptr;
  } else {
    channel["legend"] = {{"columns", 1}, {"labelLimit", 600}};
  }
  return channel;
}

/// Rows by a field of their own, named in full, in the order of the list.
Json rows_channel(std::string_view field, const Json& order) {
  return {{"field", field},
          {"type", "nominal"},
          {"sort", nullptr},
          {"title", nullptr},
          {"scale", {{"domain", order}}},
          {"axis", {{"labelLimit", {{"expr", "label_width * 1.6"}}}, {"domain", false}, {"ticks", false}}}};
}

Json chart_of(std::string_view description, Json rows) {
  Json chart = empty_chart(description);
  chart["params"] = Json::array({Json{{"name", "label_width"}, {"value", 190}}});
  chart["data"] = {{"values", std::move(rows)}};
  return chart;
}

/// The share of the replications whose value is at most so much, in steps.
void add_steps(Json& rows, const StudyReport& report, std::size_t point, std::size_t measure) {
  const Measure& told = report.study.measures[measure];
  const Distribution& seen = report.tally.distributions[report.layout.values(point, measure)];
  if (seen.count() == 0) return;
  const double all = static_cast<double>(seen.count());
  const double unit = unit_of(told);
  double last = -1;
  std::uint64_t below = 0;
  const auto add = [&](double value, double share) {
    rows.push_back({{"point", point_name(report.study, point)},
                    {"value", in_chart(told, value)},
                    {"share", share},
                    {"text", figure_text(told, value)}});
    last = share;
  };
  seen.values.for_each([&](Histogram::Bucket bucket, std::uint64_t count) {
    const double value = static_cast<double>(Histogram::least_in(bucket)) / unit;
    if (last < 0) add(value, 0);
    below += count;
    const double share = static_cast<double>(below) / all;
    if (share - last >= 1.0 / most_steps || below == seen.count()) add(value, share);
  });
}

Json quantile_rows(const StudyReport& report, std::size_t measure) {
  const Measure& told = report.study.measures[measure];
  Json rows = Json::array();
  for (std::size_t point = 0; point < report.study.points.size(); ++point) {
    for (const QuantileFigure& quantile : report.figures.points[point].measures[measure].quantiles) {
      const bool known = quantile.low && quantile.high;
      const Bounded low = quantile.low.value_or(quantile.value), high = quantile.high.value_or(quantile.value);
      rows.push_back({{"point", point_name(report.study, point)},
                      {"p", quantile.p},
                      {"name", format("p{:g}", quantile.p * 100)},
                      {"value", in_chart(told, quantile.value.value)},
                      {"low", in_chart(told, low.value)},
                      {"high", in_chart(told, high.value)},
                      {"text", (quantile.value.at_least ? "at least " : "") + figure_text(told, quantile.value.value)},
                      {"interval", known ? format("{} to {}{}", figure_text(told, low.value),
                                                  figure_text(told, high.value), high.at_least ? " or more" : "")
                                         : "too few replications to tell"}});
    }
  }
  return rows;
}

}  // namespace

std::string point_name(const Study& study, std::size_t point) {
  const std::string name = name_of(study.points[point]);
  return study.points.size() == 1 ? name : format("{}: {}", point + 1, name);
}

std::string changed_setting(const Study& study, std::size_t point) {
  const std::vector<PointSetting>& base = study.points[0].settings;
  for (const PointSetting& setting : study.points[point].settings) {
    if (std::find(base.begin(), base.end(), setting) == base.end()) return setting.address + " = " + setting.value;
  }
  return "as it is";
}

Json distribution_chart(const StudyReport& report, std::size_t measure) {
  const Measure& told_measure = report.study.measures[measure];
  Json steps = Json::array();
  for (std::size_t point = 0; point < report.study.points.size(); ++point) add_steps(steps, report, point, measure);
  const Json share = {{"field", "share"},
                      {"type", "quantitative"},
                      {"title", "share of replications"},
                      {"scale", {{"domain", {0, 1}}}},
                      {"axis", {{"format", "%"}, {"tickCount", 5}}}};
  Json p = share;
  p["field"] = "p";
  Json chart = chart_of("How values are distributed over replications: " + told_measure.name, std::move(steps));
  chart["height"] = 240;
  const Json quantiles = {{"name", "quantiles"}, {"values", quantile_rows(report, measure)}};
  Json lines = {{"name", "lines"},
                {"mark", {{"type", "line"}, {"interpolate", "step-after"}, {"strokeWidth", 2}}},
                {"encoding",
                 {{"x", value_channel(told_measure, "value", told_measure.name)},
                  {"y", share},
                  {"color", point_colour(report.study, true)}}}};
  Json intervals = {{"name", "intervals"},
                    {"data", quantiles},
                    {"mark", {{"type", "rule"}, {"strokeWidth", 4}, {"opacity", 0.45}}},
                    {"encoding",
                     {{"x", value_channel(told_measure, "low", told_measure.name)},
                      {"x2", {{"field", "high"}}},
                      {"y", p},
                      {"color", point_colour(report.study, true)}}}};
  Json points = {{"name", "quantiles"},
                 {"data", {{"name", "quantiles"}}},
                 {"mark", {{"type", "point"}, {"filled", true}, {"size", 60}, {"opacity", 1}}},
                 {"encoding",
                  {{"x", value_channel(told_measure, "value", told_measure.name)},
                   {"y", p},
                   {"color", point_colour(report.study, true)},
                   {"description", {{"field", "name"}}},
                   {"tooltip",
                    {told("point", "Point"), told("name", "Quantile"), told("text", "Value"),
                     told("interval", "95 % interval")}}}}};
  chart["layer"] = Json::array({std::move(lines), std::move(intervals), std::move(points)});
  return chart;
}

Json means_chart(const StudyReport& report, std::size_t measure) {
  const Measure& told_measure = report.study.measures[measure];
  Json rows = Json::array(), order = Json::array();
  for (std::size_t point = 0; point < report.study.points.size(); ++point) {
    order.push_back(point_name(report.study, point));
    const std::optional<MeanFigure>& mean = report.figures.points[point].measures[measure].mean;
    if (!mean) continue;
    const statistics::Interval interval = mean->interval.value_or(statistics::Interval{mean->value, mean->value});
    rows.push_back({{"point", point_name(report.study, point)},
                    {"value", in_chart(told_measure, mean->value)},
                    {"low", in_chart(told_measure, interval.low)},
                    {"high", in_chart(told_measure, interval.high)},
                    {"text", figure_text(told_measure, mean->value)},
                    {"interval", mean->interval ? format("{} to {}", figure_text(told_measure, interval.low),
                                                         figure_text(told_measure, interval.high))
                                                : "too few replications to tell"}});
  }
  Json chart = chart_of("The mean at each point with its 95 % interval: " + told_measure.name, std::move(rows));
  chart["height"] = {{"step", 24}};
  chart["encoding"] = {{"y", rows_channel("point", order)}, {"color", point_colour(report.study, false)}};
  Json intervals = {
      {"name", "intervals"},
      {"mark", {{"type", "rule"}, {"strokeWidth", 4}, {"opacity", 0.45}}},
      {"encoding",
       {{"x", value_channel(told_measure, "low", told_measure.name + ", mean")}, {"x2", {{"field", "high"}}}}}};
  Json points = {{"name", "means"},
                 {"mark", {{"type", "point"}, {"filled", true}, {"size", 80}, {"opacity", 1}}},
                 {"encoding",
                  {{"x", value_channel(told_measure, "value", told_measure.name + ", mean")},
                   {"description", {{"field", "point"}}},
                   {"tooltip", {told("point", "Point"), told("text", "Mean"), told("interval", "95 % interval")}}}}};
  chart["layer"] = Json::array({std::move(intervals), std::move(points)});
  return chart;
}

bool is_grid(const StudyReport& report) {
  return report.study.axes.size() == 2 && !report.figures.axes.empty();
}

Json grid_chart(const StudyReport& report, std::size_t measure) {
  const Measure& told_measure = report.study.measures[measure];
  const auto value_at = [&](std::size_t point, std::size_t axis) {
    for (const PointSetting& setting : report.study.points[point].settings) {
      if (setting.address == report.study.axes[axis]) return setting.value;
    }
    return std::string("as it is");
  };
  Json rows = Json::array();
  for (std::size_t point = 0; point < report.study.points.size(); ++point) {
    const std::optional<MeanFigure>& mean = report.figures.points[point].measures[measure].mean;
    if (!mean) continue;
    rows.push_back({{"a", value_at(point, 0)},
                    {"b", value_at(point, 1)},
                    {"point", point_name(report.study, point)},
                    {"value", in_chart(told_measure, mean->value)},
                    {"text", figure_text(told_measure, mean->value)}});
  }
  const auto axis = [&](std::string_view field, std::size_t number) {
    return Json{{"field", field},
                {"type", "nominal"},
                {"sort", nullptr},
                {"title", report.study.axes[number]},
                {"axis", {{"labelAngle", 0}, {"labelLimit", 160}, {"domain", false}, {"ticks", false}}}};
  };
  Json chart = chart_of("The mean over both settings: " + told_measure.name, std::move(rows));
  chart["height"] = {{"step", 34}};
  chart["encoding"] = {{"x", axis("a", 0)}, {"y", axis("b", 1)}};
  // From light to strong, both of them under dark text.
  Json cells = {{"name", "cells"},
                {"mark", {{"type", "rect"}}},
                {"encoding",
                 {{"color",
                   {{"field", "value"},
                    {"type", "quantitative"},
                    {"legend", nullptr},
                    {"scale", {{"range", {"#fdf0d5", "#ef8a4b"}}, {"zero", false}}}}},
                  {"description", {{"field", "text"}}},
                  {"tooltip", {told("point", "Point"), told("text", "Mean")}}}}};
  Json numbers = {{"name", "numbers"},
                  {"mark", {{"type", "text"}, {"color", "#14181c"}, {"tooltip", nullptr}, {"aria", false}}},
                  {"encoding", {{"text", {{"field", "text"}}}}}};
  chart["layer"] = Json::array({std::move(cells), std::move(numbers)});
  return chart;
}

Json phases_chart(const StudyReport& report, std::size_t measure) {
  const Measure& told_measure = report.study.measures[measure];
  Json rows = Json::array(), order = Json::array();
  std::set<Phase> there;
  for (std::size_t point = 0; point < report.study.points.size(); ++point) {
    order.push_back(point_name(report.study, point));
    std::vector<PhaseFigure> parts = report.figures.points[point].measures[measure].phases;
    std::sort(parts.begin(), parts.end(), [](const PhaseFigure& a, const PhaseFigure& b) { return a.phase < b.phase; });
    double at = 0;
    for (const PhaseFigure& part : parts) {
      there.insert(part.phase);
      rows.push_back({{"point", point_name(report.study, point)},
                      {"phase", words_of(part.phase)},
                      {"from", at * 1000},
                      {"to", (at + part.mean) * 1000},
                      {"text", figure_text(told_measure, part.mean)},
                      {"share", format("{:.1f} %", part.share * 100)}});
      at += part.mean;
    }
  }
  Json chart = chart_of("What the time out went into, on average: " + told_measure.name, std::move(rows));
  chart["height"] = {{"step", 26}};
  chart["mark"] = {{"type", "bar"}};
  chart["encoding"] = {
      {"y", rows_channel("point", order)},
      {"x", length_channel("from", "time out in a replication, on average")},
      {"x2", {{"field", "to"}}},
      {"color", phase_channel(there, Json::array(), Json::array())},
      {"description", {{"field", "phase"}}},
      {"tooltip", {told("point", "Point"), told("phase", "Phase"), told("text", "Mean"), told("share", "Share")}}};
  return chart;
}

Json swings_chart(const StudyReport& report, std::size_t measure) {
  const Measure& told_measure = report.study.measures[measure];
  Json rows = Json::array(), order = Json::array();
  for (const SettingSwing& swing : report.figures.swings) {
    if (swing.measure != measure) continue;
    const std::string name = changed_setting(report.study, swing.point);
    const double value = swing.difference.value;
    order.push_back(name);
    rows.push_back({{"setting", name},
                    {"zero", 0},
                    {"value", in_chart(told_measure, value)},
                    {"low", in_chart(told_measure, swing.difference.interval.low)},
                    {"high", in_chart(told_measure, swing.difference.interval.high)},
                    {"change", value > 0 ? "more" : "less"},
                    {"text", (value < 0 ? "\u2212" : "+") + figure_text(told_measure, std::abs(value))}});
  }
  Json chart = chart_of("What one changed setting does to the mean: " + told_measure.name, std::move(rows));
  chart["height"] = {{"step", 26}};
  chart["encoding"] = {{"y", rows_channel("setting", order)}};
  Json difference = value_channel(told_measure, "zero", told_measure.name + ", difference from point 1");
  difference["scale"] = {{"zero", true}};
  Json bars = {
      {"name", "bars"},
      {"mark", {{"type", "bar"}}},
      {"encoding",
       {{"x", difference},
        {"x2", {{"field", "value"}}},
        {"color", colour_channel("change", Json::array({"less", "more"}), Json::array({"#5aa9e0", "#e9a23f"}))},
        {"description", {{"field", "setting"}}},
        {"tooltip", {told("setting", "Changed"), told("text", "Difference")}}}}};
  Json interval = difference;
  interval["field"] = "low";
  Json intervals = {{"name", "intervals"},
                    {"mark", {{"type", "rule"}, {"strokeWidth", 2}}},
                    {"encoding", {{"x", interval}, {"x2", {{"field", "high"}}}}}};
  chart["layer"] = Json::array({std::move(bars), std::move(intervals)});
  return chart;
}

Json shares_chart(const StudyReport& report, std::size_t measure) {
  Json rows = Json::array(), order = Json::array();
  std::vector<VariationShare> shares = report.figures.points[0].variations;
  std::stable_sort(shares.begin(), shares.end(),
                   [](const VariationShare& a, const VariationShare& b) { return a.share > b.share; });
  for (const VariationShare& share : shares) {
    if (share.measure != measure) continue;
    const std::string& name = report.study.variations[share.variation].address;
    order.push_back(name);
    rows.push_back({{"variation", name},
                    {"share", std::max(share.share, 0.0)},
                    {"noise", share.noise},
                    {"seen", share.share < share.noise ? "no more than chance" : "more than chance"},
                    {"text", format("{:.1f} %", share.share * 100)}});
  }
  Json chart = chart_of("Share of the variance that goes back to each variation alone", std::move(rows));
  chart["height"] = {{"step", 24}};
  chart["mark"] = {{"type", "bar"}};
  chart["encoding"] = {{"y", rows_channel("variation", order)},
                       {"x",
                        {{"field", "share"},
                         {"type", "quantitative"},
                         {"title", "share of the variance of " + report.study.measures[measure].name},
                         {"scale", {{"domain", {0, 1}}}},
                         {"axis", {{"format", "%"}}}}},
                       {"color", colour_channel("seen", Json::array({"more than chance", "no more than chance"}),
                                                Json::array({"#5aa9e0", "#c4cad1"}))},
                       {"description", {{"field", "variation"}}},
                       {"tooltip", {told("variation", "Variation"), told("text", "Share"), told("seen", "It is")}}};
  return chart;
}

}  // namespace rehearse::sim::html
