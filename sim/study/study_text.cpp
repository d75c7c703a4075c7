#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <ostream>
#include <set>

#include "sim/report/text_layout.hpp"
#include "sim/report/time_text.hpp"
#include "sim/study/study_report.hpp"

namespace rehearse::sim {
namespace {

constexpr double least_phase_share = 0.005;

bool is_percent(const Measure& measure) {
  return measure.is_share() || measure.kind == Measure::Kind::utilisation;
}

std::string bounded_text(const Measure& measure, const Bounded& value) {
  return (value.at_least ? ">=" : "") + figure_text(measure, value.value);
}

std::string signed_text(const Measure& measure, double value) {
  return (value < 0 ? "-" : "+") + figure_text(measure, std::abs(value));
}

/// No replication differs.
bool is_nothing(const statistics::Estimate& difference) {
  return difference.value == 0 && difference.interval.half_width() == 0;
}

std::string half_width(const Measure& measure, const std::optional<statistics::Interval>& interval) {
  return interval ? "±" + figure_text(measure, interval->half_width()) : "";
}

std::string half_width(const Measure& measure, const QuantileFigure& quantile) {
  if (!quantile.low || !quantile.high) return "-";
  if (quantile.high->at_least) return "?";
  return "±" + figure_text(measure, (quantile.high->value - quantile.low->value) / 2);
}

/// With a space at which no line is broken.
std::string percent(double share) {
  return fmt::format("{:.1f}\u00a0%", share * 100);
}

class Writer {
 public:
  Writer(std::ostream& out, const StudyReport& report) : out_(out), report_(report), study_(report.study) {}

  void write() {
    head();
    if (report_.figures.replications == 0) return;
    for (std::size_t measure = 0; measure < study_.measures.size(); ++measure) write_measure(measure);
    write_variations();
    write_axes();
    write_switches();
    write_precision();
    methods();
  }

 private:
  const MeasureFigures& figures(std::size_t point, std::size_t measure) const {
    return report_.figures.points[point].measures[measure];
  }
  bool several() const { return study_.points.size() > 1; }

  void head() {
    out_ << fmt::format("{} ({})\n", study_.name, study_.file);
    if (!study_.description.empty()) out_ << paragraph("  ", study_.description, 2);
    const std::uint64_t replications = report_.figures.replications;
    std::string line = fmt::format("{} replications", replications);
    if (several()) line += fmt::format(" of each of {} points, which share their random numbers", study_.points.size());
    out_ << fmt::format("  scenario {}, seed {}, {}\n", study_.scenario_file, study_.seed, line);
    if (replications == 0) out_ << "  interrupted before anything was complete\n";
    if (report_.interrupted && replications != 0) out_ << "  interrupted: this is what was complete\n";
    if (study_.warm_up > Duration::zero())
      out_ << fmt::format("  the first {} of each replication are warm-up\n", model::to_text(study_.warm_up));
    for (const Variation& variation : study_.variations)
      out_ << fmt::format("  varies: {} {}\n", variation.address, variation.text);
    std::string faults;
    for (const std::string& name : random_fault_names()) {
      if (study_.faults.holds(random_fault_from(name).value())) faults += (faults.empty() ? "" : ", ") + name;
    }
    if (!faults.empty()) out_ << paragraph("  ", "faults that come by themselves: " + faults, 4);
    if (!several()) return;
    out_ << "\npoints\n";
    Table table(2);
    for (std::size_t point = 0; point < study_.points.size(); ++point)
      table.add({std::to_string(point + 1), name_of(study_.points[point])});
    out_ << table.text();
  }

  void write_measure(std::size_t measure) {
    const Measure& told = study_.measures[measure];
    out_ << '\n' << told.name << '\n';
    Table table(2, {1, 2, 3, 4, 5, 6, 7});
    std::vector<std::string> heading = {several() ? "point" : ""};
    heading.emplace_back(told.is_share() ? "share" : "mean");
    if (!told.is_share()) {
      for (const double p : told_quantiles) heading.push_back(fmt::format("p{:g}", p * 100));
      heading.emplace_back("max");
    }
    if (several()) heading.emplace_back("from point 1");
    table.add(heading);
    for (std::size_t point = 0; point < study_.points.size(); ++point) add_rows(table, point, measure);
    out_ << table.text();
    for (std::size_t point = 0; point < study_.points.size(); ++point) notes(point, measure);
    swings(measure);
  }

  void add_rows(Table& table, std::size_t point, std::size_t measure) {
    const Measure& told = study_.measures[measure];
    const MeasureFigures& seen = figures(point, measure);
    std::vector<std::string> values = {several() ? std::to_string(point + 1) : ""}, intervals = {""};
    values.push_back(seen.mean ? bounded_text(told, {seen.mean->value, seen.mean->at_least}) : "nothing");
    intervals.push_back(seen.mean ? half_width(told, seen.mean->interval) : "");
    if (!told.is_share()) {
      for (const QuantileFigure& quantile : seen.quantiles) {
        values.push_back(bounded_text(told, quantile.value));
        intervals.push_back(half_width(told, quantile));
      }
      const bool any = !seen.quantiles.empty();
      values.resize(2 + told_quantiles.size());
      intervals.resize(2 + told_quantiles.size());
      values.push_back(any ? bounded_text(told, {seen.greatest, seen.censored > 0}) : "");
      intervals.push_back(any ? fmt::format("in {}", seen.greatest_in) : "");
    }
    if (several()) {
      const bool same = seen.difference && is_nothing(*seen.difference);
      values.push_back(same ? "the same" : seen.difference ? signed_text(told, seen.difference->value) : "");
      intervals.push_back(seen.difference && !same ? half_width(told, seen.difference->interval) : "");
    }
    table.add(values);
    table.add(intervals);
  }

  void note(std::size_t point, const std::string& text) {
    out_ << paragraph(several() ? fmt::format("  {}: ", point + 1) : "  ", text, 4);
  }

  void notes(std::size_t point, std::size_t measure) {
    const MeasureFigures& seen = figures(point, measure);
    const double all = static_cast<double>(seen.count + seen.none);
    if (seen.censored > 0) {
      note(point, fmt::format("in {} of {} replications it had not ended: what is told with >= is a bound",
                              seen.censored, seen.count));
    }
    if (seen.none > 0)
      note(point, fmt::format("{} of the replications have no value", percent(static_cast<double>(seen.none) / all)));
    const bool rare =
        study_.measures[measure].unit() != Measure::Unit::millionth && seen.zero > 0 && seen.zero < seen.count;
    if (rare) {
      note(point, fmt::format("more than 0 in {} of the replications ({} to {})", percent(seen.above_zero->value),
                              percent(seen.above_zero->interval.low), percent(seen.above_zero->interval.high)));
    }
    if (seen.steady) {
      note(point, fmt::format("{} batch means, correlation of neighbours {:.3f}: {}", seen.steady->batches,
                              seen.steady->correlation,
                              std::abs(seen.steady->correlation) <= seen.steady->bound
                                  ? "the batches are long enough"
                                  : "the batches are too short, and the interval is too narrow"));
    }
    std::string phases;
    for (const PhaseFigure& phase : seen.phases) {
      if (phase.share < least_phase_share) continue;
      phases += fmt::format("{}{} {}", phases.empty() ? "" : ", ", to_text(phase.phase), percent(phase.share));
    }
    if (!phases.empty()) note(point, "time out: " + phases);
  }

  /// The tornado: settings that were changed alone.
  void swings(std::size_t measure) {
    Table table(4, {0});
    for (const SettingSwing& swing : report_.figures.swings) {
      if (swing.measure != measure || is_nothing(swing.difference)) continue;
      const Measure& told = study_.measures[measure];
      table.add({signed_text(told, swing.difference.value) + " " + half_width(told, swing.difference.interval),
                 changed(swing.point)});
    }
    if (!table.empty()) out_ << "  one setting changed from point 1, the widest first\n" << table.text();
  }

  /// The setting in which the point differs from the first.
  std::string changed(std::size_t point) const {
    const auto& base = study_.points[0].settings;
    for (const PointSetting& setting : study_.points[point].settings) {
      if (std::find(base.begin(), base.end(), setting) == base.end()) return setting.address + " = " + setting.value;
    }
    return "as it is";
  }

  void write_variations() {
    if (study_.variations.empty()) return;
    out_ << "\nwhat varies, and how much it matters by itself\n";
    Table table(2, {2, 3, 4});
    table.add({several() ? "point" : "", "measure", "of the variance", "lowest draws", "highest draws", "variation"});
    for (std::size_t point = 0; point < study_.points.size(); ++point) {
      std::vector<VariationShare> shares = report_.figures.points[point].variations;
      std::stable_sort(shares.begin(), shares.end(), [](const VariationShare& a, const VariationShare& b) {
        return std::pair(a.measure, -a.share) < std::pair(b.measure, -b.share);
      });
      for (const VariationShare& share : shares) {
        const Measure& told = study_.measures[share.measure];
        table.add({several() ? std::to_string(point + 1) : "", told.name,
                   share.share < share.noise ? "not seen" : percent(share.share), figure_text(told, share.lowest),
                   figure_text(told, share.highest), study_.variations[share.variation].address});
      }
    }
    out_ << table.text();
  }

  void write_axes() {
    if (report_.figures.axes.empty()) return;
    out_ << "\nwhich setting of the grid matters: share of the variance between the points' means\n";
    Table table(2, {2});
    for (const AxisShare& share : report_.figures.axes)
      table.add({study_.measures[share.measure].name, study_.axes[share.axis], percent(share.share)});
    out_ << table.text();
  }

  void write_switches() {
    std::map<model::Switch, double> most;
    for (const PointFigures& point : report_.figures.points) {
      for (const auto& [which, share] : point.switches) most[which] = std::max(most[which], share);
    }
    if (most.empty()) return;
    out_ << "\nwhat nobody has published, and decisions rested on (in up to so many of the replications)\n";
    Table table(2, {1});
    for (const auto& [which, share] : most)
      table.add({std::string(model::name_of(which)), percent(share), std::string(model::lab_test_of(which))});
    out_ << table.text();
  }

  void write_precision() {
    if (study_.precision.empty()) return;
    out_ << "\nprecision: half of the interval's width as a share of the figure, at the worst point\n";
    Table table(2, {1, 2});
    for (const PrecisionTarget& target : study_.precision) {
      std::optional<double> worst = 0.0;
      for (std::size_t point = 0; point < study_.points.size(); ++point) {
        const auto share = reached(study_, report_.layout, report_.tally, target, point);
        worst = share && worst ? std::optional(std::max(*worst, *share)) : std::nullopt;
      }
      table.add({target.name, worst ? fmt::format("{:.2f} %", *worst * 100) : "unknown",
                 fmt::format("of {:g} %", target.share * 100),
                 worst && *worst <= target.share ? "reached" : "not reached"});
    }
    out_ << table.text();
  }

  void methods() {
    std::set<Method> used;
    for (const PointFigures& point : report_.figures.points) {
      for (const MeasureFigures& measure : point.measures) {
        if (measure.mean && measure.mean->interval) used.insert(measure.mean->method);
        if (!measure.quantiles.empty()) used.insert(Method::order_statistics);
      }
    }
    std::string names;
    for (const Method method : used) names += (names.empty() ? "" : ", ") + std::string(to_text(method));
    out_ << '\n'
         << paragraph("",
                      "± is half of the 95 % interval (" + names +
                          "); \"in N\" names the replication with the greatest value; phases are of one of " +
                          std::to_string(replications_per_phase_sample) + " replications.",
                      0);
  }

  std::ostream& out_;
  const StudyReport& report_;
  const Study& study_;
};

}  // namespace

std::string figure_text(const Measure& measure, double value) {
  if (measure.is_share()) return fmt::format("{:.6f} %", value * 100);
  if (is_percent(measure)) return fmt::format("{:.2f} %", value * 100);
  constexpr double many = 1000;
  if (measure.unit() != Measure::Unit::duration)
    return std::abs(value) < many ? fmt::format("{:.3g}", value) : fmt::format("{:.0f}", value);
  // As many digits as a person reads of a length.
  const std::chrono::duration<double> length(value);
  if (length < std::chrono::minutes(1)) return fmt::format("{:.3f}s", value);
  if (length < std::chrono::hours(1)) return length_text(std::chrono::round<std::chrono::milliseconds>(length));
  if (length < std::chrono::hours(24)) return model::to_text(std::chrono::round<std::chrono::seconds>(length));
  return model::to_text(std::chrono::round<std::chrono::minutes>(length));
}

StudyReport report_of(const Study& study, const StudyLayout& layout, const Tally& tally, bool interrupted) {
  StudyReport report{study, layout, tally, figures_of(study, layout, tally), interrupted, true};
  report.precise = study.precision.empty() || (!tally.counts.empty() && precise_enough(study, layout, tally));
  return report;
}

void write_study_text(std::ostream& out, const StudyReport& report) {
  Writer(out, report).write();
  if (report.answers) write_answers_text(out, report.study, *report.answers);
}

}  // namespace rehearse::sim
