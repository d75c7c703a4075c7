#include "sim/report/html/answers_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/report/html/chart.hpp"
#include "sim/report/html/page.hpp"
#include "sim/report/html/words.hpp"

namespace rehearse::sim::html {
namespace {

using fmt::format;

Json amount(std::string_view field, std::string_view title) {
  return {{"field", field}, {"type", "quantitative"}, {"title", title}, {"scale", {{"zero", false}}}};
}

std::string interval_text(const statistics::Estimate& estimate, std::string_view unit) {
  return format("{:.3g}{} ({:.3g} to {:.3g})", estimate.value, unit, estimate.interval.low, estimate.interval.high);
}

void write_rare(Markup& page, const std::vector<RareResult>& results) {
  if (results.empty()) return;
  const auto probability = [](const RareFigure& figure) {
    if (!figure.interval) return std::string("never seen");
    return format("{:.3g} ({:.3g} to {:.3g})", figure.probability, figure.interval->low, figure.interval->high);
  };
  HtmlTable table("Rare events", {"Event", "Within", "Splitting", "Plain Monte Carlo", "Hits"}, {4});
  for (const RareResult& result : results) {
    table.add({std::string(to_text(result.event)), model::to_text(result.horizon), probability(result.splitting),
               probability(result.plain), format("{} of {}", result.tally.plain_hits, result.tally.plain)});
  }
  page.open("section", {{"id", "rare"}}).element("h2", "Rare events");
  page.element("p", "Probabilities with their 95 % intervals, by two methods that know nothing of each other.");
  table.write(page);
  page.close();
}

void write_capacity(Markup& page, const CapacityQuestion& question, const CapacityAnswer& answer) {
  page.open("section", {{"id", "capacity"}}).element("h2", "How many workers are enough");
  std::string asked =
      format("Batch \"{}\" is to be done by its deadline with {:.4g} %", question.batch, question.target * 100);
  if (question.failover)
    asked += question.failover_at ? ", although the node of SQL Server is lost"
                                  : ", although the node of SQL Server is lost at the worst moment";
  if (question.workers_down > 0) asked += format(", with {} down", counted(question.workers_down, "worker", "workers"));
  page.element("p", asked + format("; all verdicts together are right with {:.4g} %.", question.confidence * 100));
  write_chart(
      page,
      {"capacity-curve", "Probability of being in time over the number of workers; the table below tells the same.",
       "Dashed: what is wanted. Bars are intervals.", false, false},
      capacity_chart(question, answer));
  const auto number = [](const std::optional<std::uint32_t>& workers) {
    return workers ? std::to_string(*workers) : std::string("not known");
  };
  HtmlTable rows("Workers that are enough", {"MaxTaskCount", "Enough workers", "Too few"}, {0, 1, 2});
  for (const CapacityAnswer::Row& row : answer.rows)
    rows.add({std::to_string(row.max_task_count), number(row.enough), number(row.not_enough)});
  rows.write(page);
  HtmlTable tried("What was tried", {"Workers", "MaxTaskCount", "Enough", "In time", "Probability"}, {0, 1, 3, 4});
  for (const CapacityVerdict& one : answer.tried) {
    tried.add({std::to_string(one.workers), std::to_string(one.max_task_count), std::string(to_text(one.sufficient)),
               format("{} of {}", one.in_time, one.replications),
               format("{:.4f} to {:.4f}", one.interval.low, one.interval.high)});
  }
  page.open("details").element("summary", "What was tried");
  tried.write(page);
  page.close().close();
}

void write_front(Markup& page, const StudyAnswers& answers, const AdviceQuestion& question,
                 const std::string& measure) {
  page.open("section", {{"id", "advice"}}).element("h2", "Which settings to choose");
  page.element(
      "p", format("{} at p{:.4g} against false failovers in a year, from pauses and bursts: settings on the front are "
                  "beaten by no other in both.",
                  measure, question.quantile * 100));
  write_chart(page, {"front", "Outage against false failovers; the table below tells the same.", "", false, false},
              front_chart(answers, measure));
  HtmlTable table("Settings", {"Settings", measure, "False failovers a year", "Standing"}, {1, 2});
  for (std::size_t index = 0; index < answers.options.size(); ++index) {
    const SettingOption& option = answers.options[index];
    const OptionStanding& standing = answers.standings[index];
    std::string text(to_text(standing.standing));
    if (standing.standing != Standing::on_front) text += ", by " + answers.options[standing.by].name;
    table.add({option.name, interval_text(option.outage, " s"), interval_text(option.failovers, ""), text});
  }
  table.write(page);
  page.close();
}

}  // namespace

Json capacity_chart(const CapacityQuestion& question, const CapacityAnswer& answer) {
  Json rows = Json::array();
  std::vector<CapacityVerdict> tried = answer.tried;
  std::stable_sort(tried.begin(), tried.end(), [](const CapacityVerdict& a, const CapacityVerdict& b) {
    return std::pair(a.max_task_count, a.workers) < std::pair(b.max_task_count, b.workers);
  });
  for (const CapacityVerdict& one : tried) {
    const double share =
        one.replications == 0 ? 0 : static_cast<double>(one.in_time) / static_cast<double>(one.replications);
    rows.push_back({{"workers", one.workers},
                    {"tasks", format("MaxTaskCount {}", one.max_task_count)},
                    {"share", share},
                    {"low", one.interval.low},
                    {"high", one.interval.high},
                    {"text", format("{} of {}", one.in_time, one.replications)},
                    {"enough", to_text(one.sufficient)}});
  }
  Json chart = empty_chart("Probability that the batch is done in time, over the number of workers");
  chart["height"] = 240;
  chart["data"] = {{"values", std::move(rows)}};
  const Json share = {{"field", "share"},
                      {"type", "quantitative"},
                      {"title", "in time"},
                      {"scale", {{"domain", {0, 1}}}},
                      {"axis", {{"format", "%"}}}};
  Json low = share;
  low["field"] = "low";
  Json workers = amount("workers", "workers");
  workers["axis"] = {{"format", "d"}, {"tickMinStep", 1}};
  const Json colour = {{"field", "tasks"},
                       {"type", "nominal"},
                       {"title", nullptr},
                       {"scale", {{"range", {"#3d8fd1", "#e08a2e", "#3fae86", "#c06fb6", "#d1495b", "#8f86e0"}}}}};
  Json lines = {{"name", "lines"},
                {"mark", {{"type", "line"}, {"strokeWidth", 2}}},
                {"encoding", {{"x", workers}, {"y", share}, {"color", colour}}}};
  Json intervals = {{"name", "intervals"},
                    {"mark", {{"type", "rule"}, {"strokeWidth", 4}, {"opacity", 0.4}}},
                    {"encoding", {{"x", workers}, {"y", low}, {"y2", {{"field", "high"}}}, {"color", colour}}}};
  Json points = {
      {"name", "verdicts"},
      {"mark", {{"type", "point"}, {"filled", true}, {"size", 70}, {"opacity", 1}}},
      {"encoding",
       {{"x", workers},
        {"y", share},
        {"color", colour},
        {"description", {{"field", "enough"}}},
        {"tooltip",
         {told("workers", "Workers"), told("tasks", "Slots"), told("text", "In time"), told("enough", "Enough")}}}}};
  Json target = {{"name", "target"},
                 {"data", {{"values", Json::array({Json{{"share", question.target}}})}}},
                 {"mark", {{"type", "rule"}, {"strokeDash", {5, 4}}}},
                 {"encoding", {{"y", share}}}};
  chart["layer"] = Json::array({std::move(target), std::move(lines), std::move(intervals), std::move(points)});
  return chart;
}

Json front_chart(const StudyAnswers& answers, const std::string& measure) {
  Json rows = Json::array();
  for (std::size_t index = 0; index < answers.options.size(); ++index) {
    const SettingOption& option = answers.options[index];
    rows.push_back({{"settings", option.name},
                    {"outage", option.outage.value},
                    {"outage_low", option.outage.interval.low},
                    {"outage_high", option.outage.interval.high},
                    {"failovers", option.failovers.value},
                    {"failovers_low", option.failovers.interval.low},
                    {"failovers_high", option.failovers.interval.high},
                    {"standing", to_text(answers.standings[index].standing)},
                    {"outage_text", interval_text(option.outage, " s")},
                    {"failovers_text", interval_text(option.failovers, "")}});
  }
  Json chart = empty_chart("Outage against false failovers of each setting");
  chart["height"] = 300;
  chart["data"] = {{"values", std::move(rows)}};
  const std::string outage = measure + ", seconds", failovers = "false failovers a year";
  const Json colour = colour_channel("standing", Json::array({"on the front", "unclear", "dominated"}),
                                     Json::array({"#3fae86", "#e0a93f", "#a3acb5"}));
  Json across = {{"name", "across"},
                 {"mark", {{"type", "rule"}, {"strokeWidth", 2}, {"opacity", 0.5}}},
                 {"encoding",
                  {{"x", amount("outage_low", outage)},
                   {"x2", {{"field", "outage_high"}}},
                   {"y", amount("failovers", failovers)},
                   {"color", colour}}}};
  Json up = {{"name", "up"},
             {"mark", {{"type", "rule"}, {"strokeWidth", 2}, {"opacity", 0.5}}},
             {"encoding",
              {{"x", amount("outage", outage)},
               {"y", amount("failovers_low", failovers)},
               {"y2", {{"field", "failovers_high"}}},
               {"color", colour}}}};
  Json front = {{"name", "front"},
                {"transform", Json::array({Json{{"filter", "datum.standing == 'on the front'"}}})},
                {"mark", {{"type", "line"}, {"strokeDash", {5, 4}}, {"color", "#3fae86"}}},
                {"encoding", {{"x", amount("outage", outage)}, {"y", amount("failovers", failovers)}}}};
  Json points = {{"name", "settings"},
                 {"mark", {{"type", "point"}, {"filled", true}, {"size", 90}, {"opacity", 1}}},
                 {"encoding",
                  {{"x", amount("outage", outage)},
                   {"y", amount("failovers", failovers)},
                   {"color", colour},
                   {"description", {{"field", "settings"}}},
                   {"tooltip",
                    {told("settings", "Settings"), told("outage_text", "Outage"),
                     told("failovers_text", "False failovers a year"), told("standing", "Standing")}}}}};
  chart["layer"] = Json::array({std::move(front), std::move(across), std::move(up), std::move(points)});
  return chart;
}

void write_answers(Markup& page, const Study& study, const StudyAnswers& answers) {
  write_rare(page, answers.rare);
  if (answers.capacity && study.questions.capacity) write_capacity(page, *study.questions.capacity, *answers.capacity);
  if (study.questions.advice && !answers.options.empty())
    write_front(page, answers, *study.questions.advice, study.measures.at(study.questions.advice->measure).name);
}

}  // namespace rehearse::sim::html
