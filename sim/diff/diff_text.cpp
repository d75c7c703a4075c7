// The report for people.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>

#include "sim/diff/diff_report.hpp"
#include "sim/faults/summary.hpp"
#include "sim/report/text_layout.hpp"
#include "sim/report/time_text.hpp"

namespace rehearse::sim {
namespace {

constexpr std::size_t courses_told = 20;

std::string shown(const std::optional<std::string>& value) {
  return value.value_or("(not there)");
}

std::string course_text(const Trial& trial) {
  if (trial.idle) return "nothing to act on";
  std::string text = word_of(trial);
  const FarmFigures& figures = trial.figures;
  if (figures.longest_out() > Duration::zero()) text += ", out for " + length_text(figures.longest_out());
  if (figures.lost > 0) text += fmt::format(", {} lost", figures.lost);
  if (figures.doubled > 0) text += fmt::format(", {} doubled", figures.doubled);
  if (figures.unfinished > 0) text += fmt::format(", {} unfinished", figures.unfinished);
  for (unsigned number = 0; number < model::switch_count; ++number) {
    if ((trial.deciding >> number & 1U) == 0) continue;
    text += fmt::format(" ({} decides)", model::name_of(static_cast<model::Switch>(number)));
  }
  return text;
}

std::string outage_text(const OutageDifference& outage) {
  constexpr std::size_t phases_told = 3;
  std::string text = fmt::format("{} {} → {}", outage.service, length_text(outage.a), length_text(outage.b));
  for (std::size_t place = 0; place < outage.phases.size() && place < phases_told; ++place) {
    const auto& phase = outage.phases[place];
    text += fmt::format("{}{} {} → {}", place == 0 ? ": " : ", ", to_text(phase.phase), length_text(phase.a),
                        length_text(phase.b));
  }
  return text;
}

std::string verdict_text(const std::optional<Verdict>& verdict) {
  if (!verdict) return "it did what was expected";
  return fmt::format("{}{}{}", to_text(verdict->outcome), verdict->reason.empty() ? "" : ", ", verdict->reason);
}

std::string executions_text(const Executions& executions) {
  return fmt::format("{} lost, {} doubled, {} unfinished", executions.lost, executions.doubled, executions.unfinished);
}

std::string signed_length(double seconds) {
  const auto length = std::chrono::round<Duration>(std::chrono::duration<double>(seconds));
  return length < Duration::zero() ? "-" + length_text(-length) : length_text(length);
}

std::string difference_text(const DistributionDifference& one) {
  const statistics::Estimate& mean = one.mean;
  const std::uint64_t unended = one.a.unended + one.b.unended;
  return fmt::format("{} in B minus A: mean {}, {:.0f} % interval {} to {}{}", one.service, signed_length(mean.value),
                     100 * distribution_confidence, signed_length(mean.interval.low), signed_length(mean.interval.high),
                     unended == 0 ? "" : fmt::format("; {} outages had not ended at the end", unended));
}

class Report {
 public:
  Report(std::ostream& out, const DesignDiff& diff) : out_(out), diff_(diff) {}

  void write() {
    out_ << fmt::format("A  {}\nB  {}\n", diff_.a.file, diff_.b.file);
    if (diff_.empty()) {
      out_ << fmt::format("Nothing differs; {} courses of up to {} {} were compared", diff_.courses.compared,
                          diff_.faults, diff_.faults == 1 ? "fault" : "faults");
      const std::size_t scenarios = diff_.scenarios.size();
      if (scenarios != 0) out_ << fmt::format(", and {} {}", scenarios, scenarios == 1 ? "scenario" : "scenarios");
      out_ << ".\n";
      return;
    }
    values();
    rules();
    structure();
    faults();
    if (!diff_.scenarios.empty()) scenarios();
  }

 private:
  void values() {
    out_ << "\nThe designs\n";
    if (diff_.values.empty()) out_ << "  no value differs\n";
    for (const model::DesignDifference& one : diff_.values) {
      out_ << paragraph("  ", fmt::format("{}: {} → {}", one.pointer, shown(one.a), shown(one.b)), 6);
    }
  }

  void findings(const char* name, const std::vector<model::rules::Told>& list) {
    for (const model::rules::Told& told : list) {
      out_ << paragraph(
          fmt::format("  only {}  ", name),
          fmt::format("{} {} at {}: {}", to_text(told.level), told.rule->id, told.place.pointer, told.what), 10);
    }
  }

  void rules() {
    out_ << "\nRules\n";
    if (diff_.rules.empty()) out_ << "  the same findings\n";
    findings("A", diff_.rules.only_a);
    findings("B", diff_.rules.only_b);
  }

  void weaknesses(const char* name, const std::vector<ToldWeakness>& list) {
    for (const ToldWeakness& one : list) {
      out_ << paragraph(fmt::format("  only {}  ", name), fmt::format("{}: costs {}, {}", one.text, one.lost, one.way),
                        10);
    }
  }

  void structure() {
    out_ << "\nWhat cannot fail without taking services along\n";
    if (diff_.structure.empty()) out_ << "  the same\n";
    weaknesses("A", diff_.structure.only_a);
    weaknesses("B", diff_.structure.only_b);
  }

  void own(const char* name, const std::vector<OwnCourses>& list) {
    for (const OwnCourses& one : list) {
      const std::string during = one.operation.empty() ? "" : " during " + one.operation;
      out_ << paragraph(fmt::format("  only {}  ", name),
                        fmt::format("{}{}: {} {}, at worst {}", one.fault, during, one.courses,
                                    one.courses == 1 ? "course" : "courses", one.worst),
                        10);
    }
  }

  void faults() {
    const CourseDifferences& courses = diff_.courses;
    out_ << fmt::format("\nFaults, up to {} at a time\n", diff_.faults);
    std::array<std::size_t, 4> counts{};
    for (const CourseDifference& one : courses.differing) ++counts.at(static_cast<std::size_t>(one.change));
    const auto count = [&](Change change) { return counts.at(static_cast<std::size_t>(change)); };
    out_ << fmt::format("  {} courses compared: {} worse in B, {} unclear, {} better, {} the same\n", courses.compared,
                        count(Change::worse), count(Change::unclear), count(Change::better),
                        courses.compared - count(Change::worse) - count(Change::unclear) - count(Change::better));
    if (!courses.complete) out_ << "  not every course was run\n";
    if (courses.healthy_a != courses.healthy_b) {
      out_ << fmt::format("  without any fault: {} → {}\n", to_text(courses.healthy_a), to_text(courses.healthy_b));
    }
    const auto why = explained_courses(diff_);
    for (std::size_t place = 0; place < courses.differing.size() && place < courses_told; ++place) {
      const CourseDifference& one = courses.differing[place];
      out_ << paragraph(fmt::format("  {:<7}  ", to_text(one.change)), one.name, 11)
           << paragraph("           A: ", course_text(diff_.a.explored.exploration.trials[one.a]), 14)
           << paragraph("           B: ", course_text(diff_.b.explored.exploration.trials[one.b]), 14);
      if (place >= why.size()) continue;
      for (const OutageDifference& outage : why[place]) out_ << paragraph("           ", outage_text(outage), 15);
    }
    if (courses.differing.size() > courses_told) {
      out_ << fmt::format("  and {} more, which --format json lists\n", courses.differing.size() - courses_told);
    }
    own("A", courses.only_a);
    own("B", courses.only_b);
  }

  /// What is wrong with both designs is told once.
  void problems(const ScenarioDifference& scenario) {
    const auto sentences = [](const std::vector<model::Diagnostic>& list) {
      std::vector<std::string> told;
      for (const model::Diagnostic& one : list) told.push_back(fmt::format("line {}: {}", one.place.line, one.what));
      return told;
    };
    const auto of_a = sentences(scenario.problems_a), of_b = sentences(scenario.problems_b);
    const auto tell = [&](const std::string& sentence, const char* with) {
      out_ << paragraph("           ", fmt::format("not with {}: {}", with, sentence), 15);
    };
    const auto is_in = [](const std::vector<std::string>& list, const std::string& sentence) {
      return std::find(list.begin(), list.end(), sentence) != list.end();
    };
    for (const std::string& sentence : of_a) tell(sentence, is_in(of_b, sentence) ? "either" : "A");
    for (const std::string& sentence : of_b) {
      if (!is_in(of_a, sentence)) tell(sentence, "B");
    }
  }

  void verdicts(const ScenarioDifference& scenario) {
    for (const VerdictDifference& one : scenario.verdicts) {
      const std::string number = one.before == 0 ? "" : fmt::format(" (number {})", one.before + 1);
      out_ << paragraph("           ", one.expectation + number, 15)
           << paragraph("             A: ", verdict_text(one.a), 16)
           << paragraph("             B: ", verdict_text(one.b), 16);
    }
  }

  void at_pace(const char* name, const PaceDifference& difference) {
    for (const OutageDifference& outage : difference.outages) {
      out_ << paragraph(fmt::format("           {:<8}", name), outage_text(outage), 23);
    }
    if (difference.a == difference.b) return;
    out_ << paragraph(fmt::format("           {:<8}", name),
                      fmt::format("executions: {} → {}", executions_text(difference.a), executions_text(difference.b)),
                      23);
  }

  void distributions(const ScenarioDifference& scenario) {
    if (scenario.distributions.empty()) return;
    Table table(11, {2, 3, 4, 5});
    table.add({"out", "", "p50", "p95", "max", "runs with"});
    for (const DistributionDifference& one : scenario.distributions) {
      const auto row = [&](const std::string& service, const char* name, const OutageDistribution& of) {
        table.add({service, name, length_text(of.p50), length_text(of.p95), length_text(of.longest),
                   fmt::format("{:.1f} %",
                               100. * static_cast<double>(of.with_outage) / static_cast<double>(diff_.replications))});
      };
      row(one.service, "A", one.a);
      row("", "B", one.b);
    }
    out_ << table.text();
    for (const DistributionDifference& one : scenario.distributions) {
      out_ << paragraph("           ", difference_text(one), 15);
    }
  }

  void scenarios() {
    out_ << fmt::format("\nScenarios");
    if (diff_.replications != 0) out_ << fmt::format(", {} replications of each", diff_.replications);
    out_ << '\n';
    std::size_t same = 0;
    for (const ScenarioDifference& one : diff_.scenarios) {
      if (one.same()) {
        ++same;
        continue;
      }
      const std::string name = one.name.empty() ? "" : one.name + ": ";
      const std::string outcomes =
          one.compared() ? fmt::format("{} → {}", to_text(one.outcome_a), to_text(one.outcome_b)) : "not compared";
      out_ << paragraph(fmt::format("  {:<7}  ", to_text(one.change())),
                        fmt::format("{}{} ({})", name, outcomes, one.file), 11);
      problems(one);
      verdicts(one);
      for (const std::string& seen : one.seen_only_a) out_ << paragraph("           ", "only A: " + seen, 15);
      for (const std::string& seen : one.seen_only_b) out_ << paragraph("           ", "only B: " + seen, 15);
      at_pace("median", one.median);
      at_pace("p95", one.p95);
      distributions(one);
    }
    if (same != 0) out_ << fmt::format("  {} of {} the same\n", same, diff_.scenarios.size());
  }

  std::ostream& out_;
  const DesignDiff& diff_;
};

}  // namespace

void write_diff_text(std::ostream& out, const DesignDiff& diff) {
  Report(out, diff).write();
}

}  // namespace rehearse::sim
