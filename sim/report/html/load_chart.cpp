#include "sim/report/html/load_chart.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/report/html/chart.hpp"
#include "sim/report/time_text.hpp"
#include "sim/scenario/farm_load.hpp"

namespace rehearse::sim::html {
namespace {

bool same(const LoadPoint& a, const LoadPoint& b) {
  return a.queued == b.queued && a.busy == b.busy && a.capacity == b.capacity;
}

/// Each point until the next; the last one stands twice, so that lines reach the end.
Json rows_of(const RunResult& run, const std::vector<LoadPoint>& load) {
  Json rows = Json::array();
  const auto add = [&](const LoadPoint& point, core::Time from, core::Time until) {
    rows.push_back({{"at", milliseconds(from)},
                    {"until", milliseconds(until)},
                    {"queued", point.queued},
                    {"busy", point.busy},
                    {"slots", point.capacity},
                    {"time", offset_text(from)}});
  };
  for (std::size_t index = 0; index < load.size(); ++index)
    add(load[index], load[index].at, index + 1 < load.size() ? load[index + 1].at : run.end);
  if (!load.empty() && load.back().at < run.end) add(load.back(), run.end, run.end);
  return rows;
}

/// The axis takes the room that names of lanes take in the timeline, so that times stand below each other.
Json amount_channel(std::string_view field) {
  return {{"field", field},
          {"type", "quantitative"},
          {"title", nullptr},
          {"axis",
           {{"minExtent", {{"expr", "label_width"}}},
            {"maxExtent", {{"expr", "label_width"}}},
            {"tickCount", 4},
            {"tickMinStep", 1},
            {"format", "d"}}}};
}

Json load_chart(const RunResult& run, const std::vector<LoadPoint>& load, std::string_view title) {
  Json chart = empty_chart(title);
  chart["title"] = title;
  chart["height"] = 110;
  chart["params"] = zoom_parameters(run);
  chart["params"].push_back({{"name", "label_width"}, {"value", 190}});
  chart["data"] = {{"values", rows_of(run, load)}};
  return chart;
}

Json area(std::string_view field, std::string_view colour) {
  return {{"name", "area"},
          {"mark",
           {{"type", "area"},
            {"interpolate", "step-after"},
            {"color", colour},
            {"opacity", 0.75},
            {"line", {{"color", colour}}},
            {"clip", true},
            {"tooltip", nullptr}}},
          {"encoding", {{"x", time_channel("at")}, {"y", amount_channel(field)}}}};
}

/// Invisible bars over the whole height, so that pointing anywhere tells the values.
Json values_layer(Json tooltip) {
  return {{"name", "values"},
          {"mark", {{"type", "rect"}, {"opacity", 0}, {"clip", true}, {"aria", false}}},
          {"encoding", {{"x", time_channel("at")}, {"x2", {{"field", "until"}}}, {"tooltip", std::move(tooltip)}}}};
}

}  // namespace

std::vector<LoadPoint> load_of(const RunResult& run, std::size_t most) {
  const Duration stretch = (run.end - core::at_start) / static_cast<std::int64_t>(most);
  FarmLoad load(*run.plan, run.first);
  std::vector<LoadPoint> points;
  const auto now = [&](core::Time at) { return LoadPoint{at, load.queued(), load.busy(), load.capacity()}; };
  const auto settle = [&] {
    if (points.size() > 1 && same(points[points.size() - 2], points.back())) points.pop_back();
  };
  points.push_back(now(core::at_start));
  for (const world::Record& record : run.journal.records) {
    if (!FarmLoad::follows(record)) continue;
    const LoadPoint before = now(record.at);
    load.apply(record);
    const LoadPoint after = now(record.at);
    if (same(before, after)) continue;
    LoadPoint& last = points.back();
    if (record.at == last.at) {
      last = after;
    } else if (record.at - last.at >= stretch) {
      // What the last stretch ended with went on until here.
      if (!same(last, before)) points.push_back({last.at + stretch, before.queued, before.busy, before.capacity});
      points.push_back(after);
      settle();
    } else {
      last.queued = std::max(last.queued, after.queued);
      last.busy = std::max(last.busy, after.busy);
      last.capacity = std::max(last.capacity, after.capacity);
    }
  }
  const LoadPoint end = now(run.end);
  if (!same(points.back(), end))
    points.push_back({std::min(points.back().at + stretch, run.end), end.queued, end.busy, end.capacity});
  return points;
}

Json queue_chart(const RunResult& run, const std::vector<LoadPoint>& load) {
  Json chart = load_chart(run, load, "Executions that wait for a worker");
  chart["layer"] = Json::array(
      {area("queued", "#e9a23f"), values_layer(Json::array({told("time", "From"), told("queued", "Waiting")}))});
  return chart;
}

Json slots_chart(const RunResult& run, const std::vector<LoadPoint>& load) {
  Json chart = load_chart(run, load, "Slots in use; dashed: the slots of enabled workers");
  Json all = {{"name", "slots"},
              {"mark",
               {{"type", "line"},
                {"interpolate", "step-after"},
                {"strokeDash", {4, 3}},
                {"clip", true},
                {"color", "#7a8794"},
                {"tooltip", nullptr}}},
              {"encoding", {{"x", time_channel("at")}, {"y", amount_channel("slots")}}}};
  chart["layer"] =
      Json::array({area("busy", "#4aa3d8"), std::move(all),
                   values_layer(Json::array({told("time", "From"), told("busy", "Busy slots"), told("slots", "Of")}))});
  return chart;
}

}  // namespace rehearse::sim::html
