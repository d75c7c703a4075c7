#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sim/report/html/chain.hpp"
#include "sim/report/html/chart.hpp"
#include "sim/report/html/run_charts.hpp"
#include "sim/report/time_text.hpp"

namespace rehearse::sim::html {
namespace {

constexpr std::string_view marks_lane = "marks";

/// The rows of the chart from top to bottom, and what is written before each.
struct Rows {
  Json order = Json::array();
  Json names = Json::object();

  void add(const std::string& key, std::string_view name) {
    order.push_back(key);
    names[key] = name;
  }
};

/// Over the rows; a section's heading is a row without bars.
Json rows_channel(const Rows& rows) {
  const Json heading = {{"test", "slice(datum.value, 0, 1) == 's'"}, {"value", "bold"}};
  return {{"field", "lane"},
          {"type", "nominal"},
          {"sort", nullptr},
          {"title", nullptr},
          {"scale", {{"domain", rows.order}, {"paddingInner", 0.18}}},
          {"axis",
           {{"labelExpr", "names[datum.value]"},
            {"labelFontWeight", {{"condition", heading}, {"value", "normal"}}},
            {"labelLimit", {{"expr", "label_width"}}},
            {"minExtent", {{"expr", "label_width"}}},
            {"domain", false},
            {"ticks", false}}}};
}

Json bar_row(const std::string& lane, const Lane& of, const Bar& bar, const RunResult& run) {
  Json row = {{"lane", lane},
              {"name", of.name},
              {"from", milliseconds(bar.from)},
              {"to", milliseconds(bar.to)},
              {"tone", to_text(bar.tone)},
              {"state", bar.state},
              {"label", bar.label},
              {"since", offset_text(bar.from)},
              {"until", offset_text(bar.to)},
              {"length", length_text(bar.to - bar.from)},
              {"why", bar.begun_by == 0 ? "it was so at the start" : because(bar.begun_by, run)}};
  return row;
}

Json tones() {
  Json names = Json::array(), colours = Json::array();
  for (std::size_t index = 0; index < static_cast<std::size_t>(Tone::count_); ++index) {
    names.push_back(to_text(static_cast<Tone>(index)));
    colours.push_back(colour_of(static_cast<Tone>(index)));
  }
  return {{"domain", names}, {"range", colours}};
}

Json bars_layer(Json rows, const Json& lanes) {
  return {{"name", "bars"},
          {"data", {{"name", "bars"}, {"values", std::move(rows)}}},
          {"mark", {{"type", "bar"}, {"clip", true}, {"strokeWidth", 0.8}}},
          {"encoding",
           {{"x", time_channel("from", true)},
            {"x2", {{"field", "to"}}},
            {"y", lanes},
            {"color", {{"field", "tone"}, {"type", "nominal"}, {"title", nullptr}, {"scale", tones()}}},
            // A bar that is narrower than a pixel is seen all the same.
            {"stroke", {{"field", "tone"}, {"type", "nominal"}, {"scale", tones()}, {"legend", nullptr}}},
            {"description", {{"field", "state"}}},
            {"tooltip",
             {told("name", "Part"), told("state", "State"), told("since", "From"), told("until", "Until"),
              told("length", "For"), told("why", "Why")}}}}};
}

/// What is written on bars, where there is room for it.
Json labels_layer(const Json& lanes) {
  Json transforms = Json::array();
  transforms.push_back({{"filter", "datum.label != ''"}});
  transforms.push_back({{"calculate", "max(datum.from, lo)"}, {"as", "begins"}});
  transforms.push_back(
      {{"filter", "(min(datum.to, hi) - datum.begins) / (hi - lo) * width > 6.2 * length(datum.label) + 8"}});
  return {{"name", "labels"},
          {"data", {{"name", "bars"}}},
          {"transform", std::move(transforms)},
          {"mark",
           {{"type", "text"},
            {"align", "left"},
            {"baseline", "middle"},
            {"dx", 4},
            {"fontSize", 11},
            {"color", "#14181c"},
            {"clip", true},
            {"tooltip", nullptr},
            {"aria", false}}},
          {"encoding", {{"x", time_channel("begins", true)}, {"y", lanes}, {"text", {{"field", "label"}}}}}};
}

Json mark_scale() {
  Json names = Json::array(), colours = Json::array();
  for (const Mark::Kind kind : {Mark::Kind::fault, Mark::Kind::repair, Mark::Kind::step}) {
    names.push_back(to_text(kind));
    colours.push_back(colour_of(kind));
  }
  return {{"domain", names}, {"range", colours}};
}

/// A line through all lanes for each mark, so that the eye finds what followed.
Json lines_layer(const Json& rows) {
  return {{"name", "lines"},
          {"data", {{"name", "marks"}, {"values", rows}}},
          {"mark", {{"type", "rule"}, {"clip", true}, {"strokeDash", {3, 3}}, {"opacity", 0.75}, {"aria", false}}},
          {"encoding",
           {{"x", time_channel("at", true)},
            {"color", {{"field", "kind"}, {"type", "nominal"}, {"scale", mark_scale()}, {"legend", nullptr}}}}}};
}

Json marks_layer(const Json& lanes) {
  const Json shapes = {{"domain", {"fault", "repair", "step"}}, {"range", {"triangle-down", "triangle-up", "diamond"}}};
  return {{"name", "marks"},
          {"data", {{"name", "marks"}}},
          {"mark", {{"type", "point"}, {"filled", true}, {"size", 110}, {"opacity", 1}, {"clip", true}}},
          {"encoding",
           {{"x", time_channel("at", true)},
            {"y", lanes},
            {"color", {{"field", "kind"}, {"type", "nominal"}, {"title", nullptr}, {"scale", mark_scale()}}},
            {"shape", {{"field", "kind"}, {"type", "nominal"}, {"title", nullptr}, {"scale", shapes}}},
            {"description", {{"field", "text"}}},
            {"tooltip", {told("kind", "From outside"), told("text", "What"), told("time", "At")}}}}};
}

}  // namespace

Json timeline_chart(const RunResult& run, const Lanes& lanes) {
  Rows rows;
  rows.add(std::string(marks_lane), "Faults and steps");
  Json bars = Json::array();
  std::string section;
  for (std::size_t index = 0; index < lanes.lanes.size(); ++index) {
    const Lane& lane = lanes.lanes[index];
    if (lane.section != section) rows.add(fmt::format("s{}", index), lane.section);
    section = lane.section;
    const std::string key = fmt::format("l{}", index);
    rows.add(key, lane.name);
    for (const Bar& bar : lane.bars) bars.push_back(bar_row(key, lane, bar, run));
  }
  Json marks = Json::array();
  for (const Mark& mark : lanes.marks) {
    marks.push_back({{"lane", marks_lane},
                     {"at", milliseconds(mark.at)},
                     {"kind", to_text(mark.kind)},
                     {"text", mark.text},
                     {"time", offset_text(mark.at)}});
  }
  const Json channel = rows_channel(rows);
  Json chart = empty_chart("What state each part was in, over time, with faults and steps");
  chart["height"] = {{"step", 19}};
  chart["params"] = zoom_parameters(run);
  chart["params"].push_back({{"name", "label_width"}, {"value", 190}});
  chart["params"].push_back({{"name", "names"}, {"value", std::move(rows.names)}});
  chart["layer"] = Json::array();
  chart["layer"].push_back(bars_layer(std::move(bars), channel));
  chart["layer"].push_back(labels_layer(channel));
  if (!marks.empty()) {
    chart["layer"].push_back(lines_layer(marks));
    chart["layer"].push_back(marks_layer(channel));
  }
  chart["resolve"] = {{"scale", {{"color", "independent"}, {"shape", "independent"}}}};
  return chart;
}

}  // namespace rehearse::sim::html
