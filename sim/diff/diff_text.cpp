// The report for people.
#include <fmt/format.h>

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

class Report {
 public:
  Report(std::ostream& out, const DesignDiff& diff) : out_(out), diff_(diff) {}

  void write() {
    out_ << fmt::format("A  {}\nB  {}\n", diff_.a.file, diff_.b.file);
    if (diff_.empty()) {
      out_ << fmt::format("Nothing differs; {} courses of up to {} {} were compared.\n", diff_.courses.compared,
                          diff_.faults, diff_.faults == 1 ? "fault" : "faults");
      return;
    }
    values();
    rules();
    structure();
    faults();
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

  std::ostream& out_;
  const DesignDiff& diff_;
};

}  // namespace

void write_diff_text(std::ostream& out, const DesignDiff& diff) {
  Report(out, diff).write();
}

}  // namespace rehearse::sim
