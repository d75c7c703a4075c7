#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/report/html/chart.hpp"
#include "sim/report/html/faults_page.hpp"
#include "sim/report/html/told_cells.hpp"

namespace rehearse::sim::html {
namespace {

/// Good outcomes in cold colours, grave ones in warm ones; how many courses there are is told by depth and number.
std::string_view colour_of_outcome(const std::string& outcome) {
  if (outcome == "masked") return "#7cc4ab";
  if (outcome == "recovered") return "#7fbdea";
  if (outcome == "recovered with loss") return "#f2d24a";
  if (outcome == "needs a person") return "#f0a23f";
  if (outcome == "lost") return "#e2602f";
  if (outcome == "unknown") return "#c49ad8";
  return "#c4cad1";
}

}  // namespace

Json matrix_chart(const FaultsReport& report) {
  const std::vector<MatrixRow> rows = matrix_of(report.exploration, report.catalogue);
  const std::vector<std::string>& columns = matrix_columns();
  const std::vector<ToldCell> stories = told_cells(report);
  Json values = Json::array(), order = Json::array(), names = Json::object(), colours = Json::array();
  std::string section;
  for (std::size_t index = 0; index < rows.size(); ++index) {
    const MatrixRow& row = rows[index];
    const std::string heading = section_of(row);
    const std::string key = fmt::format("r{}", index);
    if (heading != section) {
      order.push_back(fmt::format("s{}", index));
      names[fmt::format("s{}", index)] = heading;
    }
    section = heading;
    order.push_back(key);
    names[key] = row.name;
    const std::vector<std::uint64_t> cells = matrix_cells(row.counts);
    const std::uint64_t all = std::max<std::uint64_t>(row.counts.all(), 1);
    for (std::size_t column = 0; column < cells.size(); ++column) {
      if (cells[column] == 0) continue;
      const auto story = std::find_if(stories.begin(), stories.end(), [&](const ToldCell& cell) {
        return cell.row == index && cell.outcome == columns[column];
      });
      values.push_back({{"row", key},
                        {"name", row.name},
                        {"outcome", columns[column]},
                        {"courses", cells[column]},
                        {"share", static_cast<double>(cells[column]) / static_cast<double>(all)},
                        {"target", story == stories.end() ? "" : story->id()},
                        {"more", story == stories.end() ? "" : "select the cell for a story"}});
    }
  }
  for (const std::string& column : columns) colours.push_back(colour_of_outcome(column));
  const Json heading = {{"test", "slice(datum.value, 0, 1) == 's'"}, {"value", "bold"}};
  const Json lanes = {{"field", "row"},
                      {"type", "nominal"},
                      {"sort", nullptr},
                      {"title", nullptr},
                      {"scale", {{"domain", order}}},
                      {"axis",
                       {{"labelExpr", "names[datum.value]"},
                        {"labelFontWeight", {{"condition", heading}, {"value", "normal"}}},
                        {"labelLimit", {{"expr", "label_width * 1.6"}}},
                        {"domain", false},
                        {"ticks", false}}}};
  const Json outcomes = {{"field", "outcome"},
                         {"type", "nominal"},
                         {"sort", nullptr},
                         {"title", nullptr},
                         {"scale", {{"domain", columns}}},
                         {"axis",
                          {{"orient", "top"},
                           {"labelAngle", {{"expr", "width < 560 ? -45 : 0"}}},
                           {"labelAlign", {{"expr", "width < 560 ? 'left' : 'center'"}}},
                           {"domain", false},
                           {"ticks", false}}}};
  Json chart = empty_chart("Courses of faults by what they begin with and what they came to");
  chart["height"] = {{"step", 20}};
  chart["params"] =
      Json::array({Json{{"name", "label_width"}, {"value", 190}}, Json{{"name", "names"}, {"value", names}}});
  chart["data"] = {{"values", std::move(values)}};
  chart["encoding"] = {{"x", outcomes}, {"y", lanes}};
  Json cells = {{"name", "cells"},
                {"mark", {{"type", "rect"}, {"cornerRadius", 3}}},
                {"encoding",
                 {{"color",
                   {{"field", "outcome"},
                    {"type", "nominal"},
                    {"legend", nullptr},
                    {"scale", {{"domain", columns}, {"range", colours}}}}},
                  {"opacity",
                   {{"field", "share"},
                    {"type", "quantitative"},
                    {"legend", nullptr},
                    {"scale", {{"domain", {0, 1}}, {"range", {0.55, 1}}}}}},
                  {"description", {{"field", "outcome"}}},
                  {"tooltip",
                   {told("name", "Begins with"), told("outcome", "Outcome"), told("courses", "Courses"),
                    told("more", "More")}}}}};
  Json numbers = {{"name", "numbers"},
                  {"mark",
                   {{"type", "text"},
                    {"fontSize", {{"expr", "width < 300 ? 8 : 11"}}},
                    {"color", "#14181c"},
                    {"tooltip", nullptr},
                    {"aria", false}}},
                  {"encoding", {{"text", {{"field", "courses"}, {"type", "quantitative"}, {"format", ","}}}}}};
  chart["layer"] = Json::array({std::move(cells), std::move(numbers)});
  return chart;
}

}  // namespace rehearse::sim::html
