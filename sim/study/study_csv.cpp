#include <fmt/format.h>

#include <ostream>

#include "sim/study/study_report.hpp"

namespace rehearse::sim {
namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? "\"\"" : std::string(1, c);
  return result + '"';
}

/// The shortest decimal that reads back as the same number.
std::string number(double value) {
  return fmt::format("{}", value);
}

std::string number(const std::optional<Bounded>& value) {
  return value ? number(value->value) : "";
}

void write_interval(std::ostream& out, const std::optional<statistics::Interval>& interval) {
  out << ',' << (interval ? number(interval->low) : "") << ',' << (interval ? number(interval->high) : "");
}

void write_heading(std::ostream& out, const Study& study) {
  out << "point";
  for (const std::string& axis : study.axes) out << ',' << quoted(axis);
  out << ",measure,count,none,not_ended,zero,mean,mean_low,mean_high,mean_method";
  for (const double p : told_quantiles) out << fmt::format(",p{0:g},p{0:g}_low,p{0:g}_high,p{0:g}_is_bound", p * 100);
  out << ",max,max_in_replication,difference,difference_low,difference_high\n";
}

std::string value_on(const StudyPoint& point, const std::string& axis) {
  for (const PointSetting& setting : point.settings) {
    if (setting.address == axis) return setting.value;
  }
  return "";
}

}  // namespace

void write_study_csv(std::ostream& out, const StudyReport& report) {
  const Study& study = report.study;
  write_heading(out, study);
  for (std::size_t point = 0; point < report.figures.points.size(); ++point) {
    for (std::size_t measure = 0; measure < study.measures.size(); ++measure) {
      const MeasureFigures& seen = report.figures.points[point].measures[measure];
      out << point + 1;
      for (const std::string& axis : study.axes) out << ',' << quoted(value_on(study.points[point], axis));
      out << ',' << quoted(study.measures[measure].name) << ',' << seen.count << ',' << seen.none << ','
          << seen.censored << ',' << seen.zero << ',' << (seen.mean ? number(seen.mean->value) : "");
      write_interval(out, seen.mean ? seen.mean->interval : std::nullopt);
      out << ',' << (seen.mean ? to_text(seen.mean->method) : "");
      for (std::size_t place = 0; place < told_quantiles.size(); ++place) {
        if (seen.quantiles.empty()) {
          out << ",,,,";
          continue;
        }
        const QuantileFigure& quantile = seen.quantiles[place];
        const bool bound = quantile.value.at_least || (quantile.high && quantile.high->at_least);
        out << ',' << number(quantile.value) << ',' << number(quantile.low) << ',' << number(quantile.high) << ','
            << (bound ? 1 : 0);
      }
      out << ',' << (seen.quantiles.empty() ? "" : number(seen.greatest)) << ','
          << (seen.quantiles.empty() ? "" : std::to_string(seen.greatest_in));
      out << ',' << (seen.difference ? number(seen.difference->value) : "");
      write_interval(out, seen.difference ? std::optional(seen.difference->interval) : std::nullopt);
      out << '\n';
    }
  }
}

}  // namespace rehearse::sim
