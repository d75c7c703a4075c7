#include "sim/report/html/run_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/report/html/page.hpp"
#include "sim/report/html/run_sections.hpp"
#include "sim/report/html/words.hpp"
#include "sim/report/text_report.hpp"
#include "sim/report/time_text.hpp"

namespace rehearse::sim::html {
namespace {

std::string passed_of(const RunResult& run) {
  if (run.verdicts.empty()) return "nothing was expected";
  const auto passed = std::count_if(run.verdicts.begin(), run.verdicts.end(),
                                    [](const Verdict& verdict) { return verdict.outcome == Outcome::passed; });
  return fmt::format("{} of {} passed", passed, counted(run.verdicts.size(), "expectation", "expectations"));
}

void write_sections(Markup& page, const RunPart& part, RunPageOptions options) {
  write_verdicts(page, part);
  write_timeline(page, part);
  write_outages(page, part);
  write_work(page, part);
  write_design(page, part);
  write_steps(page, part);
  if (options.explain) write_decisions(page, part);
  write_ledger(page, part);
}

void write_title(Markup& page, const RunResult& run) {
  page.open("header");
  page.element("p", "Rehearsal", {{"class", "kind"}});
  page.element("h1", run.scenario.name);
  page.open("p", {{"class", "headline"}});
  write_badge(page, to_text(run.outcome()));
  page.text(" " + passed_of(run));
  if (!run.observations.empty())
    page.text(", " + counted(run.observations.size(), "safety observation", "safety observations"));
  page.close();
  if (!run.scenario.description.empty()) page.element("p", run.scenario.description, {{"class", "lead"}});
  page.close();
}

Markup one_run(const RunResult& run, RunPageOptions options) {
  Markup page;
  write_title(page, run);
  page.open("main").open("article");
  write_sections(page, {run, "run1", 2}, options);
  return page.close().close();
}

std::string longest_outage(const RunResult& run) {
  const Outage* longest = nullptr;
  for (const Outage& outage : run.outages) {
    if (longest == nullptr || outage.length() > longest->length()) longest = &outage;
  }
  if (longest == nullptr) return "none";
  return fmt::format("{}{} {}", length_text(longest->length()), longest->censored ? "+" : "",
                     title_of(longest->service, *run.plan));
}

void write_index(Markup& page, const std::vector<RunResult>& runs) {
  page.open("section").element("h2", "Outcomes");
  page.open("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "Outcomes"}});
  page.open("table").open("thead").open("tr");
  for (const std::string_view heading : {"Scenario", "Outcome", "Expectations", "Longest outage", "Events"})
    page.element("th", heading, {{"scope", "col"}});
  page.close().close().open("tbody");
  for (std::size_t index = 0; index < runs.size(); ++index) {
    const RunResult& run = runs[index];
    page.open("tr").open("td");
    page.element("a", run.scenario.name, {{"href", fmt::format("#run{}", index + 1)}}).close().open("td");
    write_badge(page, to_text(run.outcome()));
    page.close().element("td", passed_of(run)).element("td", longest_outage(run));
    page.element("td", std::to_string(run.events), {{"class", "right"}}).close();
  }
  page.close().close().close().close();
}

Markup many_runs(const std::vector<RunResult>& runs, RunPageOptions options) {
  const auto with = [&](Outcome outcome) {
    return std::count_if(runs.begin(), runs.end(), [&](const RunResult& run) { return run.outcome() == outcome; });
  };
  Markup page;
  page.open("header").element("p", "Rehearsals", {{"class", "kind"}});
  page.element("h1", counted(runs.size(), "scenario", "scenarios"));
  page.open("p", {{"class", "headline"}});
  for (const Outcome outcome : {Outcome::failed, Outcome::unknown, Outcome::passed}) {
    if (with(outcome) == 0) continue;
    write_badge(page, to_text(outcome));
    page.text(fmt::format(" {}  ", with(outcome)));
  }
  page.close().close().open("main");
  write_index(page, runs);
  for (std::size_t index = 0; index < runs.size(); ++index) {
    const RunResult& run = runs[index];
    page.open("details", {{"class", "run"}, {"id", fmt::format("run{}", index + 1)}});
    page.open("summary").open("h2").text(run.scenario.name + " ");
    write_badge(page, to_text(run.outcome()));
    page.close().close().open("article");
    if (!run.scenario.description.empty()) page.element("p", run.scenario.description, {{"class", "lead"}});
    write_sections(page, {run, fmt::format("run{}", index + 1), 3}, options);
    page.close().close();
  }
  return page.close();
}

}  // namespace

void write_run_page(std::ostream& out, const std::vector<RunResult>& results, RunPageOptions options) {
  if (results.size() == 1) {
    write_page(out, results.front().scenario.name + " \u2013 rehearsal", one_run(results.front(), options));
  } else {
    write_page(out, counted(results.size(), "rehearsal", "rehearsals"), many_runs(results, options));
  }
}

}  // namespace rehearse::sim::html
