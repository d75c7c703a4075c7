#include "sim/report/html/faults_page.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sim/faults/told_course.hpp"
#include "sim/report/html/chart.hpp"
#include "sim/report/html/page.hpp"
#include "sim/report/html/run_sections.hpp"
#include "sim/report/html/told_cells.hpp"
#include "sim/report/html/words.hpp"
#include "sim/report/time_text.hpp"
#include "sim/report/timeline_text.hpp"

namespace rehearse::sim::html {
namespace {

using fmt::format;

std::string badge_of(const std::string& outcome) {
  if (outcome == "recovered with loss" || outcome == "needs a person") return "warning";
  return outcome;
}

std::string cost_of(const FarmFigures& figures) {
  std::string text =
      figures.longest_out() > Duration::zero() ? "out for " + length_text(figures.longest_out()) : "never out";
  if (figures.lost > 0) text += format(", {} lost", figures.lost);
  if (figures.doubled > 0) text += format(", {} doubled", figures.doubled);
  if (figures.unfinished > 0) text += format(", {} unfinished", figures.unfinished);
  return text;
}

void write_header(Markup& page, const FaultsReport& report) {
  const Exploration& exploration = report.exploration;
  const Scenario& scenario = report.stage.scenario;
  page.open("header").element("p", "Faults", {{"class", "kind"}}).element("h1", scenario.design.name);
  OutcomeCounts all;
  for (const Trial& trial : exploration.trials) all.add(trial);
  const std::vector<std::uint64_t> cells = matrix_cells(all);
  page.open("p", {{"class", "headline"}});
  for (std::size_t column = 0; column < cells.size(); ++column) {
    if (cells[column] == 0) continue;
    page.element("span", format("{} {}", cells[column], matrix_columns()[column]),
                 {{"class", "badge " + badge_of(matrix_columns()[column])}});
    page.text(" ");
  }
  page.close();
  page.element(
      "p",
      format("{} with up to {}, {} durations{}. Without any fault: {}.", counted(all.all(), "course", "courses"),
             counted(report.faults, "fault", "faults"), report.stage.pace == world::Pace::p95 ? "p95" : "median",
             exploration.complete() ? "" : "; not every course was run",
             to_text(outcome_of(exploration.healthy.figures))),
      {{"class", "lead"}});
  page.close();
}

void write_matrix(Markup& page, const FaultsReport& report) {
  page.open("section").element("h2", "What becomes of the farm");
  write_chart(page,
              {"matrix", "Courses by what they begin with and what they came to; the table below tells the same.",
               "A number is how many courses came to it. Select a cell of a grave outcome to read such a course.",
               false, false},
              matrix_chart(report));
  std::vector<std::string> headings = {"Faults", "Begins with"};
  std::vector<std::size_t> right;
  for (const std::string& column : matrix_columns()) {
    right.push_back(headings.size());
    headings.push_back(column);
  }
  HtmlTable table("The matrix", headings, right);
  for (const MatrixRow& row : matrix_of(report.exploration, report.catalogue)) {
    std::vector<std::string> cells = {std::to_string(row.faults), row.name};
    for (const std::uint64_t count : matrix_cells(row.counts)) cells.push_back(count == 0 ? "" : std::to_string(count));
    table.add(std::move(cells));
  }
  page.open("details").element("summary", "As a table");
  write_filter(page, "matrix-table", "Only rows with");
  table.write(page, "matrix-table");
  page.close().close();
}

/// A course with what happened in it, closed until it is wanted.
void write_story(Markup& page, const FaultsReport& report, const Trial& trial, const std::string& id, bool open) {
  Attributes attributes = {{"class", "chain story"}, {"id", id}};
  if (open) attributes.push_back({"open", ""});
  page.open("details", attributes).open("summary");
  page.element("span", word_of(trial), {{"class", "badge " + badge_of(word_of(trial))}});
  page.text(format(" {}: {}", name_of(trial, report.exploration, report.catalogue), cost_of(trial.figures))).close();
  for (unsigned number = 0; number < model::switch_count; ++number) {
    if ((trial.deciding >> number & 1U) == 0) continue;
    page.element("p", format("It is unknown because {} decides, which nobody has published.",
                             model::name_of(static_cast<model::Switch>(number))));
  }
  const RunResult run = tell_course(report.stage, events_of(trial, report.exploration, report.catalogue), trial.mended);
  page.open("ol");
  for (const TimelineLine& line : timeline_of(run, false).lines)
    page.open("li").element("time", offset_text(line.at)).element("span", line.text).close();
  page.close().close();
}

void write_stories(Markup& page, const FaultsReport& report) {
  const std::vector<Trial>& trials = report.exploration.trials;
  const std::vector<std::size_t> worst = worst_trials(report.exploration, worst_told);
  if (!worst.empty()) page.open("section").element("h2", "The worst");
  for (std::size_t place = 0; place < worst.size(); ++place)
    write_story(page, report, trials[worst[place]], format("worst{}", place + 1), place == 0);
  if (!worst.empty()) page.close();

  const std::vector<ToldCell> cells = told_cells(report);
  if (cells.empty()) return;
  const std::vector<MatrixRow> rows = matrix_of(report.exploration, report.catalogue);
  page.open("section").element("h2", "One course of each cell");
  page.element("p", "Of the courses that came to it, the one with the fewest faults that was out longest.",
               {{"class", "quiet"}});
  std::string section;
  for (const ToldCell& cell : cells) {
    if (section_of(rows[cell.row]) != section) page.element("h3", section_of(rows[cell.row]));
    section = section_of(rows[cell.row]);
    write_story(page, report, trials[cell.trial], cell.id(), false);
  }
  page.close();
}

void write_coverage(Markup& page, const FaultsReport& report) {
  const Exploration& exploration = report.exploration;
  page.open("section").element("h2", "What was tried");
  std::vector<std::pair<std::string, std::string>> facts = {
      {"Design", report.stage.scenario.design_file},
      {"Start", model::to_text(report.stage.scenario.start)},
      {"Seed", std::to_string(report.stage.scenario.seed)},
      {"Runs", std::to_string(exploration.runs)},
      {"Events", std::to_string(exploration.events)},
      {"During operations", std::to_string(exploration.during_operations)},
      {"Nothing to act on", std::to_string(exploration.idle)}};
  for (unsigned count = 1; count <= report.faults; ++count)
    facts.push_back({counted(count, "fault", "faults"), counted(exploration.courses.at(count), "course", "courses")});
  write_facts(page, facts);
  HtmlTable left_out("Not covered", {"Fault", "Why"});
  for (const LeftOut& one : report.catalogue.left_out) left_out.add({one.fault, one.why});
  if (!left_out.empty()) {
    page.element("h3", "Not covered");
    left_out.write(page);
  }
  page.close();
}

}  // namespace

void write_faults_page(std::ostream& out, const FaultsReport& report) {
  Markup page;
  write_header(page, report);
  page.open("main");
  write_matrix(page, report);
  write_stories(page, report);
  write_coverage(page, report);
  page.close();
  write_page(out, report.stage.scenario.design.name + " \u2013 faults", page);
}

}  // namespace rehearse::sim::html
