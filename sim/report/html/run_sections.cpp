#include "sim/report/html/run_sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/report/explain.hpp"
#include "sim/report/html/load_chart.hpp"
#include "sim/report/html/page.hpp"
#include "sim/report/html/run_charts.hpp"
#include "sim/report/html/words.hpp"
#include "sim/report/text_report.hpp"
#include "sim/report/time_text.hpp"
#include "sim/report/timeline_text.hpp"
#include "sim/report/work_text.hpp"

namespace rehearse::sim::html {
namespace {

using fmt::format;

Markup& begin_section(Markup& page, const RunPart& part, std::string_view key, std::string_view title) {
  page.open("section", {{"id", format("{}-{}", part.id, key)}});
  return page.element(part.heading(), title);
}

/// What is worth having, and not worth reading first.
Markup& begin_details(Markup& page, std::string_view title) {
  return page.open("details").element("summary", title);
}

}  // namespace

void write_verdicts(Markup& page, const RunPart& part) {
  const RunResult& run = part.run;
  begin_section(page, part, "verdicts", "Verdicts");
  if (run.verdicts.empty()) page.element("p", "This scenario expects nothing.");
  if (!run.verdicts.empty()) page.open("ul", {{"class", "verdicts"}});
  for (const Verdict& verdict : run.verdicts) {
    page.open("li").open("div");
    write_badge(page, to_text(verdict.outcome));
    page.close().open("div").element("code", verdict.expectation);
    if (!verdict.reason.empty()) page.element("p", verdict.reason);
    for (const std::string& test : verdict.settle) page.element("p", "To settle it: " + test);
    if (verdict.outcome != Outcome::passed && verdict.place.line > 0) {
      page.element("p", format("{}:{}:{}", run.scenario.file, verdict.place.line, verdict.place.column),
                   {{"class", "quiet"}});
    }
    page.close().close();
  }
  if (!run.verdicts.empty()) page.close();
  if (!run.observations.empty()) {
    page.element(part.sub_heading(), "Safety observations").open("ul");
    for (const std::string& observation : run.observations) page.element("li", observation);
    page.close();
  }
  page.open("p", {{"class", "quiet"}}).text("Reproduce: ").element("code", reproduce_command(run)).close();
  page.close();
}

void write_timeline(Markup& page, const RunPart& part) {
  const RunResult& run = part.run;
  begin_section(page, part, "timeline", "What happened");
  const Lanes lanes = lanes_of(run);
  const std::string label = format("Timeline of {} in {} lanes with {}; the table below tells the same.",
                                   length_text(run.end - core::at_start), lanes.lanes.size(),
                                   counted(lanes.marks.size(), "act from outside", "acts from outside"));
  const std::string hint =
      "Point at a bar to see why it began. Drag across the chart to zoom, double-click to see everything again; with "
      "the keyboard: + and \u2212, the arrow keys, 0.";
  write_chart(page, {part.id + "-lanes", label, hint, true, true}, timeline_chart(run, lanes));

  const Timeline told = timeline_of(run, false);
  HtmlTable table("What happened, in the order of time", {"Time", "What"}, {0});
  for (const TimelineLine& line : told.lines) {
    const bool outside = line.kind == world::RecordKind::fault_injected ||
                         line.kind == world::RecordKind::fault_repaired ||
                         line.kind == world::RecordKind::operator_acts;
    table.add({offset_text(line.at), line.more.empty() ? line.text : line.text + ". " + line.more},
              outside ? "outside" : "");
  }
  begin_details(page, format("The story, {}", counted(told.lines.size(), "line", "lines")));
  write_filter(page, part.id + "-story", "Only lines with");
  table.write(page, part.id + "-story");
  if (!told.left_out.empty()) page.element("p", "Records not told here: " + told.left_out + ".", {{"class", "quiet"}});
  page.close().close();
}

void write_work(Markup& page, const RunPart& part) {
  const RunResult& run = part.run;
  const std::vector<std::string> paragraphs = work_paragraphs(run);
  if (paragraphs.empty()) return;
  begin_section(page, part, "work", "Executions");
  for (const std::string& text : paragraphs) page.element("p", text);
  const std::vector<LoadPoint> load = load_of(run);
  write_chart(page,
              {part.id + "-queue",
               format("Queue over time: {:.1f} executions on average, at most {}.", run.work.queue.mean,
                      run.work.queue.longest),
               "", true},
              queue_chart(run, load));
  const std::string share = run.work.utilisation ? format("{:.0f} %", *run.work.utilisation * 100) : "no slot";
  write_chart(page,
              {part.id + "-slots", format("Busy slots over time: {} busy while there was work.", share),
               "Both charts are zoomed with the timeline.", true},
              slots_chart(run, load));
  HtmlTable table("Batches", {"Batch", "Due", "Done", "Deadline", "Executions", "In time"}, {1, 2, 3});
  for (const BatchDay& day : run.batches) {
    const bool has_deadline = day.deadline != core::never, done = day.done != core::never;
    std::string in_time = "no deadline", mark;
    if (has_deadline && done && day.done <= day.deadline) in_time = "yes";
    if (has_deadline && done && day.done > day.deadline) in_time = "late by " + length_text(day.done - day.deadline);
    if (has_deadline && !done) in_time = day.deadline <= run.end ? "deadline missed" : "not due yet";
    if (in_time.starts_with("late") || in_time.starts_with("deadline")) mark = "failed";
    table.add({day.name, offset_text(day.due), done ? offset_text(day.done) : "not done",
               has_deadline ? offset_text(day.deadline) : "none",
               format("{} of {} succeeded", day.succeeded, day.executions), in_time},
              mark);
  }
  if (!table.empty()) table.write(page);
  page.close();
}

void write_steps(Markup& page, const RunPart& part) {
  const RunResult& run = part.run;
  const auto write = [&](std::string_view key, std::string_view title, const std::vector<OperationNote>& notes) {
    if (notes.empty()) return;
    HtmlTable table(std::string(title), {"From", "For", "Step", "Section", "Outcome"}, {0, 1});
    std::size_t failed = 0;
    for (const OperationNote& note : notes) {
      const bool bad = !note.failure.empty() && !note.to_fail;
      failed += bad;
      table.add({offset_text(note.from), length_text(note.to - note.from), note.name, note.section,
                 note.failure.empty() ? note.outcome : note.outcome + ": " + note.failure},
                bad ? "failed" : "");
    }
    begin_section(page, part, key, title);
    begin_details(page, format("{}, {} failed", counted(notes.size(), "step", "steps"), failed));
    table.write(page);
    page.close().close();
  };
  write("operations", "Operations", run.operations);
  write("deployment", "Deployment", run.deployment);
}

void write_decisions(Markup& page, const RunPart& part) {
  const std::vector<Decision> decisions = explain(part.run);
  if (decisions.empty()) return;
  HtmlTable table("Decisions of the cluster", {"Time", "Decision", "Answer", "Looked at", "Rule"}, {0});
  for (const Decision& decision : decisions) {
    std::string looked;
    for (const std::vector<std::string>& lines : {options_text(decision), decision.facts}) {
      for (const std::string& line : lines) looked += (looked.empty() ? "" : "; ") + line;
    }
    table.add({offset_text(decision.at), decision.about, decision.answer, looked,
               format("{} ({})", decision.rule, decision.source)});
  }
  begin_section(page, part, "decisions", "Why the cluster decided so");
  begin_details(page, counted(decisions.size(), "decision", "decisions"));
  write_filter(page, part.id + "-decided", "Only rows with");
  table.write(page, part.id + "-decided");
  page.close().close();
}

void write_ledger(Markup& page, const RunPart& part) {
  const std::vector<model::LedgerRow> ledger = part.run.plan->parameters().ledger();
  const auto assumed = std::count_if(ledger.begin(), ledger.end(),
                                     [](const model::LedgerRow& row) { return row.origin == model::Origin::assumed; });
  begin_section(page, part, "ledger", "What this rests on");
  page.element("p", format("{} of {} parameters are assumed: nobody has published them, and they are not measured in "
                           "this deployment yet.",
                           assumed, ledger.size()));
  for (std::size_t number = 0; number < model::switch_count; ++number) {
    if ((part.run.last.consulted >> number & 1U) == 0) continue;
    const auto which = static_cast<model::Switch>(number);
    page.element(
        "p", format("This run rested on {} = {}, which nobody has published. To settle it: {}", model::name_of(which),
                    part.run.plan->parameters()[which] ? "on" : "off", model::lab_test_of(which)));
  }
  HtmlTable table("Every parameter with its origin", {"Parameter", "Value", "Origin", "Source"});
  for (const model::LedgerRow& row : ledger) {
    const std::string origin(model::to_text(row.origin));
    table.add({row.name, row.value, origin, row.source}, origin);
  }
  begin_details(page, format("The ledger: {}", counted(ledger.size(), "parameter", "parameters")));
  write_filter(page, part.id + "-parameters", "Only rows with");
  table.write(page, part.id + "-parameters");
  page.close().close();
}

}  // namespace rehearse::sim::html
