#include "sim/report/html/study_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "sim/report/html/answers_section.hpp"
#include "sim/report/html/page.hpp"
#include "sim/report/html/study_charts.hpp"
#include "sim/report/html/words.hpp"

namespace rehearse::sim::html {
namespace {

using fmt::format;

class StudyPage {
 public:
  explicit StudyPage(const StudyReport& report) : report_(report), study_(report.study) {}

  Markup markup() {
    header();
    page_.open("main");
    if (report_.figures.replications > 0) {
      for (std::size_t measure = 0; measure < study_.measures.size(); ++measure) write_measure(measure);
      if (report_.answers) write_answers(page_, study_, *report_.answers);
      precision();
      switches();
    }
    asked();
    return page_.close();
  }

 private:
  const MeasureFigures& figures(std::size_t point, std::size_t measure) const {
    return report_.figures.points[point].measures[measure];
  }
  bool several() const { return study_.points.size() > 1; }

  void header() {
    page_.open("header").element("p", "Study", {{"class", "kind"}}).element("h1", study_.name);
    page_.open("p", {{"class", "headline"}});
    page_.text(format("{}{}", counted(report_.figures.replications, "replication", "replications"),
                      several() ? format(" of each of {} points", study_.points.size()) : ""));
    if (report_.interrupted) page_.text(", interrupted: this is what was complete");
    if (!report_.precise) page_.text(", the wanted precision was not reached");
    page_.close();
    if (!study_.description.empty()) page_.element("p", study_.description, {{"class", "lead"}});
    page_.close();
  }

  void chart(const std::string& kind, std::size_t measure, std::string_view title, const std::string& hint,
             const nlohmann::ordered_json& specification) {
    page_.element("h3", title);
    const std::string label =
        format("{}: {}; the tables of this section tell the same.", study_.measures[measure].name, title);
    write_chart(page_, {format("{}{}", kind, measure + 1), label, hint, false, false}, specification);
  }

  void write_measure(std::size_t measure) {
    const Measure& told = study_.measures[measure];
    page_.open("section", {{"id", format("measure{}", measure + 1)}}).element("h2", told.name);
    if (!told.is_share() && has_values(measure)) {
      chart("distribution", measure, "How it is distributed",
            "How many of the replications have at most that value. Dots are p50, p90, p95, p99 and p99.9, bars their "
            "95 % intervals.",
            distribution_chart(report_, measure));
    }
    if (several()) chart("means", measure, "The mean at each point", "", means_chart(report_, measure));
    if (is_grid(report_)) chart("grid", measure, "The mean over both settings", "", grid_chart(report_, measure));
    quantiles(measure);
    if (has_phases(measure))
      chart("shares", measure, "What the time out went into", "", phases_chart(report_, measure));
    phases(measure);
    swings(measure);
    variations(measure);
    page_.close();
  }

  bool has_values(std::size_t measure) const {
    for (std::size_t point = 0; point < study_.points.size(); ++point) {
      if (!figures(point, measure).quantiles.empty()) return true;
    }
    return false;
  }
  bool has_phases(std::size_t measure) const {
    for (std::size_t point = 0; point < study_.points.size(); ++point) {
      if (!figures(point, measure).phases.empty()) return true;
    }
    return false;
  }

  std::string text_of(const Measure& measure, const Bounded& value) const {
    return (value.at_least ? "\u2265 " : "") + figure_text(measure, value.value);
  }

  void quantiles(std::size_t measure) {
    const Measure& told = study_.measures[measure];
    std::vector<std::string> headings = {"Point", "Mean", "95 % interval"};
    if (!told.is_share()) {
      for (const double p : told_quantiles) headings.push_back(format("p{:g}", p * 100));
      headings.emplace_back("Greatest");
    }
    if (several()) headings.emplace_back("From point 1");
    std::vector<std::size_t> right;
    for (std::size_t column = 1; column < headings.size(); ++column) right.push_back(column);
    HtmlTable table(told.name, headings, right);
    for (std::size_t point = 0; point < study_.points.size(); ++point) {
      const MeasureFigures& seen = figures(point, measure);
      std::vector<std::string> cells = {point_name(study_, point)};
      cells.push_back(seen.mean ? text_of(told, {seen.mean->value, seen.mean->at_least}) : "nothing");
      const bool interval = seen.mean && seen.mean->interval;
      cells.push_back(interval ? format("{} \u2013 {}", figure_text(told, seen.mean->interval->low),
                                        figure_text(told, seen.mean->interval->high))
                               : "");
      if (!told.is_share()) {
        for (const QuantileFigure& quantile : seen.quantiles) cells.push_back(text_of(told, quantile.value));
        const bool any = !seen.quantiles.empty();
        cells.resize(3 + told_quantiles.size());
        cells.push_back(any ? text_of(told, {seen.greatest, seen.censored > 0}) : "");
      }
      if (several()) {
        const double difference = seen.difference ? seen.difference->value : 0;
        const std::string sign = difference < 0 ? "\u2212" : "+";
        cells.push_back(seen.difference ? sign + figure_text(told, std::abs(difference)) : "");
      }
      table.add(std::move(cells));
    }
    table.write(page_);
  }

  void phases(std::size_t measure) {
    HtmlTable table("Phases", {"Point", "Phase", "Mean", "Share"}, {2, 3});
    for (std::size_t point = 0; point < study_.points.size(); ++point) {
      for (const PhaseFigure& phase : figures(point, measure).phases) {
        table.add({point_name(study_, point), words_of(phase.phase), figure_text(study_.measures[measure], phase.mean),
                   format("{:.1f} %", phase.share * 100)});
      }
    }
    folded("Phases as a table", table);
  }

  void folded(std::string_view title, const HtmlTable& table) {
    if (table.empty()) return;
    page_.open("details").element("summary", title);
    table.write(page_);
    page_.close();
  }

  void swings(std::size_t measure) {
    const Measure& told = study_.measures[measure];
    HtmlTable table("One setting changed", {"Setting", "Difference", "95 % interval"}, {1, 2});
    for (const SettingSwing& swing : report_.figures.swings) {
      if (swing.measure != measure) continue;
      const auto text = [&](double value) { return (value < 0 ? "\u2212" : "+") + figure_text(told, std::abs(value)); };
      const statistics::Interval& interval = swing.difference.interval;
      table.add({changed_setting(study_, swing.point), text(swing.difference.value),
                 format("{} to {}", text(interval.low), text(interval.high))});
    }
    if (table.empty()) return;
    chart("swings", measure, "What one changed setting does", "", swings_chart(report_, measure));
    folded("Differences as a table", table);
  }

  void variations(std::size_t measure) {
    const Measure& told = study_.measures[measure];
    HtmlTable table("Variations",
                    {"Point", "Variation", "Of the variance", "Chance alone", "Lowest draws", "Highest draws"},
                    {2, 3, 4, 5});
    for (std::size_t point = 0; point < study_.points.size(); ++point) {
      for (const VariationShare& share : report_.figures.points[point].variations) {
        if (share.measure != measure) continue;
        table.add({point_name(study_, point), study_.variations[share.variation].address,
                   format("{:.1f} %", share.share * 100), format("{:.1f} %", share.noise * 100),
                   figure_text(told, share.lowest), figure_text(told, share.highest)});
      }
    }
    if (table.empty()) return;
    chart(
        "varied", measure, "Which variation matters",
        several() ? "At the first point; what is no more than chance is grey." : "What is no more than chance is grey.",
        shares_chart(report_, measure));
    folded("Variations as a table", table);
  }

  void precision() {
    HtmlTable table("Precision at the worst point", {"Figure", "Half width", "Wanted", ""}, {1, 2});
    for (const PrecisionTarget& target : study_.precision) {
      std::optional<double> worst = 0.0;
      for (std::size_t point = 0; point < study_.points.size(); ++point) {
        const auto share = reached(study_, report_.layout, report_.tally, target, point);
        worst = share && worst ? std::optional(std::max(*worst, *share)) : std::nullopt;
      }
      table.add({target.name, worst ? format("{:.2f} %", *worst * 100) : "unknown",
                 format("{:g} %", target.share * 100), worst && *worst <= target.share ? "reached" : "not reached"});
    }
    if (table.empty()) return;
    page_.open("section").element("h2", "Precision");
    table.write(page_);
    page_.close();
  }

  void switches() {
    std::map<model::Switch, double> most;
    for (const PointFigures& point : report_.figures.points) {
      for (const auto& [which, share] : point.switches) most[which] = std::max(most[which], share);
    }
    if (most.empty()) return;
    HtmlTable table("Unknown switches", {"Switch", "In up to", "What would settle it"}, {1});
    for (const auto& [which, share] : most) {
      table.add({std::string(model::name_of(which)), format("{:.1f} %", share * 100),
                 std::string(model::lab_test_of(which))});
    }
    page_.open("section").element("h2", "What nobody has published, and decisions rested on");
    table.write(page_);
    page_.close();
  }

  void asked() {
    page_.open("section").element("h2", "What was asked");
    write_facts(page_, {{"Study", study_.file},
                        {"Scenario", study_.scenario_file},
                        {"Seed", std::to_string(study_.seed)},
                        {"Warm-up", model::to_text(study_.warm_up)},
                        {"Events", std::to_string(report_.figures.events)}});
    HtmlTable points("Points", {"Point", "Settings"}, {0});
    for (std::size_t point = 0; point < study_.points.size(); ++point)
      points.add({std::to_string(point + 1), name_of(study_.points[point])});
    points.write(page_);
    HtmlTable varied("Variations", {"What varies", "How"});
    for (const Variation& variation : study_.variations) varied.add({variation.address, variation.text});
    if (!varied.empty()) varied.write(page_);
    page_.element("p",
                  "Points share their random numbers. Intervals hold the true value with 95 %; phases are of one of " +
                      std::to_string(replications_per_phase_sample) + " replications.",
                  {{"class", "quiet"}});
    const std::vector<model::LedgerRow> ledger = study_.points[0].scenario.design.parameters.ledger();
    HtmlTable parameters("Every parameter of the first point with its origin",
                         {"Parameter", "Value", "Origin", "Source"});
    for (const model::LedgerRow& row : ledger) {
      const std::string origin(model::to_text(row.origin));
      parameters.add({row.name, row.value, origin, row.source}, origin);
    }
    folded(format("The ledger: {}", counted(ledger.size(), "parameter", "parameters")), parameters);
    page_.close();
  }

  const StudyReport& report_;
  const Study& study_;
  Markup page_;
};

}  // namespace

void write_study_page(std::ostream& out, const StudyReport& report) {
  write_page(out, report.study.name + " \u2013 study", StudyPage(report).markup());
}

}  // namespace rehearse::sim::html
