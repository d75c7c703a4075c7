// The report for people.
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "sim/faults/faults_report.hpp"
#include "sim/faults/told_course.hpp"
#include "sim/report/text_layout.hpp"
#include "sim/report/time_text.hpp"
#include "sim/report/timeline_text.hpp"
#include "sim/scenario/fault_kinds.hpp"

namespace rehearse::sim {
namespace {

std::string repaired_text(const CatalogueFault& fault) {
  if (fault.entry.lasts) return "over after " + model::to_text(*fault.entry.lasts);
  return fault.repair() ? "until it is repaired" : "over at once";
}

std::uint64_t alike(const FaultCatalogue& catalogue, std::size_t fault) {
  const std::size_t alone[] = {fault};
  return catalogue.is_representative(alone) ? catalogue.multiplicity(alone) : 0;
}

/// What the outcome rests on, beside how long the services were out.
std::string details_text(const Trial& trial) {
  const FarmFigures& figures = trial.figures;
  std::string text;
  const auto add = [&](std::string what) { text += (text.empty() ? "" : ", ") + std::move(what); };
  if (figures.lost > 0) add(fmt::format("{} lost", figures.lost));
  if (figures.doubled > 0) add(fmt::format("{} doubled", figures.doubled));
  if (figures.unfinished > 0) add(fmt::format("{} unfinished", figures.unfinished));
  if (trial.mended) add("repairing was not enough");
  if (trial.unknown()) add(fmt::format("{} as assumed", to_text(trial.outcome)));
  for (unsigned number = 0; number < model::switch_count; ++number) {
    if ((trial.deciding >> number & 1U) == 0) continue;
    const bool graver = trial.gravest > trial.outcome;
    add(fmt::format("{} if {} is otherwise", graver ? to_text(trial.gravest) : "less grave",
                    model::name_of(static_cast<model::Switch>(number))));
  }
  return text;
}

std::string out_text(const Trial& trial) {
  const Duration out = trial.figures.longest_out();
  return out > Duration::zero() ? length_text(out) : "";
}

std::string out_with_details(const Trial& trial) {
  const std::string out = out_text(trial), details = details_text(trial);
  const std::string text = out.empty() ? "nothing was out" : "out for " + out;
  return details.empty() ? text : text + ", " + details;
}

class Report {
 public:
  Report(std::ostream& out, const FaultsReport& report) : out_(out), report_(report) {}

  void write(bool stories) {
    const Exploration& exploration = report_.exploration;
    const Scenario& scenario = report_.stage.scenario;
    out_ << fmt::format("faults of {} ({}), up to {} at a time\n", scenario.design.name, scenario.design_file,
                        report_.faults);
    Table table(2);
    table.add({"start", model::to_text(scenario.start) + fmt::format(", seed {}", scenario.seed)});
    table.add({"durations", report_.stage.pace == world::Pace::p95 ? "95th percentiles" : "medians"});
    const auto& batch = scenario.one_batch;
    table.add({"work", batch ? fmt::format("{} executions like {}", batch->executions, batch->like) : "none"});
    table.add({"repairs", fmt::format("{} after the last fault", model::to_text(repair_after))});
    table.add({"without a fault", std::string(to_text(outcome_of(exploration.healthy.figures)))});
    out_ << table.text();
    singles();
    matrix();
    worst(stories);
    coverage();
  }

 private:
  void singles() {
    out_ << "\nEach fault alone\n";
    Table table(2, {1, 2});
    table.add({"outcome", "out", "times", "fault"});
    for (const Trial& trial : report_.exploration.trials) {
      if (trial.count != 1 || trial.operation != 0) continue;
      const std::string outcome = trial.idle ? "nothing to act on" : word_of(trial);
      const std::string details = details_text(trial);
      const std::string& fault = report_.catalogue.faults[trial.faults[0]].name;
      table.add({outcome, out_text(trial), std::to_string(trial.multiplicity),
                 details.empty() ? fault : fault + ": " + details});
    }
    out_ << table.text();
  }

  /// Rows of equal cells would be most of it: those of one fault alone are told above.
  void matrix() {
    std::vector<MatrixRow> rows = matrix_of(report_.exploration, report_.catalogue);
    std::erase_if(rows, [](const MatrixRow& row) { return row.faults == 1 && row.operation == 0; });
    std::uint8_t faults = 0;
    std::vector<std::string> head = matrix_columns();
    head.back() = "idle";  // nothing to act on: a wide word for a narrow column
    std::vector<std::size_t> right;
    for (std::size_t column = 0; column < head.size(); ++column) right.push_back(column);
    head.emplace_back("first");
    Table table(2, right);
    const auto flush = [&] {
      if (faults == 0) return;
      out_ << fmt::format("\n{}: courses by outcome\n", faults == 1   ? "One fault during an operation"
                                                        : faults == 2 ? "Two faults"
                                                                      : "Three faults")
           << table.text();
    };
    for (const MatrixRow& row : rows) {
      if (row.faults != faults) {
        flush();
        table = Table(2, right);
        table.add(head);
        faults = row.faults;
      }
      std::vector<std::string> cells;
      for (const std::uint64_t cell : matrix_cells(row.counts)) cells.push_back(cell == 0 ? "." : std::to_string(cell));
      cells.push_back(row.name);
      table.add(std::move(cells));
    }
    flush();
  }

  void worst(bool stories) {
    const std::vector<std::size_t> found = worst_trials(report_.exploration, worst_told);
    out_ << "\nThe worst\n";
    if (found.empty()) out_ << "  every fault was masked\n";
    for (std::size_t place = 0; place < found.size(); ++place) {
      const Trial& trial = report_.exploration.trials[found[place]];
      const std::string name = name_of(trial, report_.exploration, report_.catalogue);
      out_ << paragraph(fmt::format("  {:>2}  ", place + 1),
                        fmt::format("{}: {} ({})", word_of(trial), name, out_with_details(trial)), 6);
      if (stories) story(trial);
    }
  }

  /// What happened, without what only machines read.
  void story(const Trial& trial) {
    constexpr std::size_t most_lines = 14;
    const auto events = events_of(trial, report_.exploration, report_.catalogue);
    const RunResult run = tell_course(report_.stage, events, trial.mended);
    const std::vector<TimelineLine> lines = timeline_of(run, false).lines;
    for (std::size_t line = 0; line < lines.size(); ++line) {
      const bool left_out = lines.size() > most_lines && line >= most_lines / 2 && line < lines.size() - most_lines / 2;
      if (left_out && line == most_lines / 2) out_ << fmt::format("        ({} lines)\n", lines.size() - most_lines);
      if (left_out) continue;
      const std::string first = fmt::format("        {:>16}  ", offset_text(lines[line].at));
      out_ << paragraph(first, lines[line].text, first.size());
    }
  }

  void coverage() {
    const Exploration& exploration = report_.exploration;
    out_ << "\nCoverage\n";
    for (std::size_t faults = 1; faults <= report_.faults; ++faults) {
      out_ << fmt::format("  {} courses of {} {}", exploration.courses[faults], faults,
                          faults == 1 ? "fault" : "faults");
      if (exploration.prefixes_run[faults - 1] != exploration.prefixes[faults - 1]) {
        out_ << fmt::format(", after {} of {} beginnings: the others were not run",
                            exploration.prefixes_run[faults - 1], exploration.prefixes[faults - 1]);
      }
      out_ << '\n';
    }
    out_ << fmt::format("  {} of them during operations, {} found nothing to act on\n", exploration.during_operations,
                        exploration.idle);
    out_ << fmt::format("  {} runs, each course again under other values of the switches it rests on\n",
                        exploration.runs);
    if (!report_.catalogue.left_out.empty()) out_ << "  not covered:\n";
    for (const LeftOut& one : report_.catalogue.left_out) {
      out_ << paragraph("    ", one.fault + ": " + one.why, 6);
    }
  }

  std::ostream& out_;
  const FaultsReport& report_;
};

}  // namespace

void write_catalogue(std::ostream& out, const FaultCatalogue& catalogue) {
  Table table(2, {0});
  table.add({"times", "lasts", "fault"});
  std::size_t merged = 0;
  for (std::size_t fault = 0; fault < catalogue.faults.size(); ++fault) {
    const std::uint64_t times = alike(catalogue, fault);
    if (times == 0) continue;
    merged += times - 1;
    table.add({std::to_string(times), repaired_text(catalogue.faults[fault]), catalogue.faults[fault].name});
  }
  out << fmt::format("{} faults, {} of them on workers that are like others\n", catalogue.faults.size(), merged)
      << table.text();
  if (!catalogue.left_out.empty()) out << "not covered\n";
  for (const LeftOut& one : catalogue.left_out) out << paragraph("  ", one.fault + ": " + one.why, 4);
}

void write_faults_text(std::ostream& out, const FaultsReport& report, bool stories) {
  Report(out, report).write(stories);
}

}  // namespace rehearse::sim
