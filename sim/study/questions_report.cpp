// Answers to what a study asks beside its figures, for people and for programs.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "sim/report/text_layout.hpp"
#include "sim/study/figures.hpp"
#include "sim/study/questions.hpp"
#include "sim/study/study.hpp"

namespace rehearse::sim {
namespace {

using Json = nlohmann::ordered_json;

std::string_view to_text(Agreement agreement) {
  switch (agreement) {
    case Agreement::agree: return "agree";
    case Agreement::differ: return "differ";
    case Agreement::undecided: return "undecided";
  }
  return "";
}

std::string told(const RareFigure& figure) {
  if (!figure.interval) return "no hit";
  return fmt::format("{:.3g} [{:.3g}, {:.3g}]", figure.probability, figure.interval->low, figure.interval->high);
}

void write_rare(std::ostream& out, const std::vector<RareResult>& results) {
  if (results.empty()) return;
  out << "\nRare events: probability within " << model::to_text(results.front().horizon)
      << ", with its 95 % interval\n";
  Table table(2);
  table.add({"event", "splitting", "roots hit", "plain Monte Carlo", "hits", "they"});
  for (const RareResult& result : results) {
    const RareTally& tally = result.tally;
    table.add({std::string(to_text(result.event)), told(result.splitting),
               fmt::format("{} of {}", tally.splitting.hit_roots, tally.splitting.roots), told(result.plain),
               fmt::format("{} of {}", tally.plain_hits, tally.plain), std::string(to_text(result.agreement))});
  }
  out << table.text();
}

std::string number_or_dash(const std::optional<std::uint32_t>& number) {
  return number ? std::to_string(*number) : "-";
}

/// Median and longest.
std::string drained(const std::optional<Distribution>& drain) {
  if (!drain || drain->count() == 0) return "-";
  const auto ranked = [&](std::uint64_t rank) {
    const Distribution::Ranked value = drain->of_rank(rank);
    const auto length = std::chrono::round<std::chrono::seconds>(Duration(value.value));
    return (value.at_least ? ">=" : "") + model::to_text(length);
  };
  return ranked(statistics::quantile_rank(drain->count(), 0.5)) + ", at most " + ranked(drain->count());
}

void write_capacity(std::ostream& out, const CapacityQuestion& question, const CapacityAnswer& answer) {
  out << fmt::format("\nCapacity: batch '{}' done by its deadline with {:.4g} %", question.batch,
                     question.target * 100);
  if (question.failover) {
    const std::string moment = question.failover_at ? model::to_text(*question.failover_at) : "the worst moment";
    out << ", its SQL Server node lost at " << moment;
  }
  if (question.workers_down > 0) out << ", " << question.workers_down << " worker(s) down";
  out << fmt::format("; all verdicts together right with {:.4g} %\n", question.confidence * 100);
  Table rows(2);
  rows.add({"MaxTaskCount", "enough workers", "too few", "queue drained after", ""});
  for (const CapacityAnswer::Row& row : answer.rows) {
    rows.add({std::to_string(row.max_task_count), number_or_dash(row.enough), number_or_dash(row.not_enough),
              drained(row.drain), row.settled(question) ? "" : "between them it is unknown"});
  }
  out << rows.text();
  Table tried(2);
  tried.add({"workers", "MaxTaskCount", "enough", "in time", "probability", "node lost at", "to decide"});
  for (const CapacityVerdict& each : answer.tried) {
    tried.add({std::to_string(each.workers), std::to_string(each.max_task_count), std::string(to_text(each.sufficient)),
               fmt::format("{} of {}", each.in_time, each.replications),
               fmt::format("[{:.4f}, {:.4f}]", each.interval.low, each.interval.high),
               each.failover_at ? model::to_text(std::chrono::round<std::chrono::seconds>(*each.failover_at)) : "-",
               each.would_need ? fmt::format("about {:.0f} replications", *each.would_need) : ""});
  }
  out << tried.text();
}

void write_advice(std::ostream& out, const Study& study, const StudyAnswers& answers) {
  const AdviceQuestion& question = *study.questions.advice;
  out << fmt::format("\nSettings: {} at p{:.4g} against false failovers from pauses and bursts\n",
                     study.measures.at(question.measure).name, question.quantile * 100);
  Table table(2);
  table.add({"outage, s", "false failovers a year", "standing", "settings"});
  for (std::size_t i = 0; i < answers.options.size(); ++i) {
    const SettingOption& option = answers.options[i];
    const OptionStanding& standing = answers.standings[i];
    std::string text(to_text(standing.standing));
    if (standing.standing != Standing::on_front) text += ", by " + answers.options[standing.by].name;
    table.add({fmt::format("{:.3f} [{:.3f}, {:.3f}]", option.outage.value, option.outage.interval.low,
                           option.outage.interval.high),
               fmt::format("{:.3g} [{:.3g}, {:.3g}]", option.failovers.value, option.failovers.interval.low,
                           option.failovers.interval.high),
               text, option.name});
  }
  out << table.text();
  if (answers.options.size() == study.points.size()) return;
  out << "  points whose quantile is not known with an interval yet are left out: more replications tell it\n";
}

Json pair(const statistics::Interval& interval) {
  return Json::array({interval.low, interval.high});
}

Json figure(const RareFigure& figure) {
  return {{"probability", figure.interval ? Json(figure.probability) : Json()},
          {"interval", figure.interval ? pair(*figure.interval) : Json()}};
}

Json estimate(const statistics::Estimate& estimate) {
  return {{"value", estimate.value}, {"interval", pair(estimate.interval)}};
}

Json seconds(const std::optional<Duration>& length) {
  return length ? Json(std::chrono::duration<double>(*length).count()) : Json();
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json rare_json(const std::vector<RareResult>& results) {
  Json json = Json::array();
  for (const RareResult& result : results) {
    const RareTally& tally = result.tally;
    Json splitting = figure(result.splitting), plain = figure(result.plain);
    splitting["roots"] = tally.splitting.roots;
    splitting["roots_hit"] = tally.splitting.hit_roots;
    splitting["paths"] = tally.splitting.paths;
    plain["replications"] = tally.plain;
    plain["hits"] = tally.plain_hits;
    json.push_back({{"event", to_text(result.event)},
                    {"horizon", seconds(result.horizon)},
                    {"splitting", std::move(splitting)},
                    {"plain", std::move(plain)},
                    {"agreement", to_text(result.agreement)}});
  }
  return json;
}

Json drain_json(const std::optional<Distribution>& drain) {
  if (!drain || drain->count() == 0) return {};
  const auto ranked = [&](std::uint64_t rank) { return seconds(Duration(drain->of_rank(rank).value)); };
  return {{"replications", drain->count() + drain->none},
          {"drained", drain->count()},
          {"not_until_the_end", drain->at_least.count()},
          {"median", ranked(statistics::quantile_rank(drain->count(), 0.5))},
          {"longest", ranked(drain->count())}};
}

Json capacity_json(const CapacityQuestion& question, const CapacityAnswer& answer) {
  Json rows = Json::array(), tried = Json::array();
  for (const CapacityAnswer::Row& row : answer.rows) {
    rows.push_back({{"max_task_count", row.max_task_count},
                    {"enough", or_null(row.enough)},
                    {"not_enough", or_null(row.not_enough)},
                    {"drain", drain_json(row.drain)},
                    {"settled", row.settled(question)}});
  }
  for (const CapacityVerdict& each : answer.tried) {
    tried.push_back({{"workers", each.workers},
                     {"max_task_count", each.max_task_count},
                     {"sufficient", to_text(each.sufficient)},
                     {"replications", each.replications},
                     {"in_time", each.in_time},
                     {"interval", pair(each.interval)},
                     {"failover_at", seconds(each.failover_at)},
                     {"would_need", or_null(each.would_need)}});
  }
  return {{"batch", question.batch},
          {"target", question.target},
          {"confidence", question.confidence},
          {"rows", std::move(rows)},
          {"tried", std::move(tried)}};
}

Json advice_json(const Study& study, const StudyAnswers& answers) {
  Json options = Json::array();
  for (std::size_t i = 0; i < answers.options.size(); ++i) {
    const SettingOption& option = answers.options[i];
    const bool beaten = answers.standings[i].standing != Standing::on_front;
    options.push_back({{"point", answers.option_points[i]},
                       {"settings", option.name},
                       {"outage", estimate(option.outage)},
                       {"false_failovers_a_year", estimate(option.failovers)},
                       {"standing", to_text(answers.standings[i].standing)},
                       {"beaten_by", beaten ? Json(answers.option_points[answers.standings[i].by]) : Json()}});
  }
  const AdviceQuestion& question = *study.questions.advice;
  return {{"measure", study.measures.at(question.measure).name},
          {"quantile", question.quantile},
          {"years", question.years},
          {"options", std::move(options)}};
}

}  // namespace

void write_answers_text(std::ostream& out, const Study& study, const StudyAnswers& answers) {
  write_rare(out, answers.rare);
  if (answers.capacity) write_capacity(out, *study.questions.capacity, *answers.capacity);
  if (study.questions.advice) write_advice(out, study, answers);
}

std::string answers_json(const Study& study, const StudyAnswers& answers) {
  Json json = Json::object();
  if (study.questions.rare) json["rare"] = rare_json(answers.rare);
  if (answers.capacity) json["capacity"] = capacity_json(*study.questions.capacity, *answers.capacity);
  if (study.questions.advice) json["advice"] = advice_json(study, answers);
  return json.dump(2);
}

}  // namespace rehearse::sim
