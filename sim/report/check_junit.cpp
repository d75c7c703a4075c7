#include <fmt/format.h>

#include <ostream>

#include "sim/report/check_reports.hpp"
#include "sim/report/junit_report.hpp"

namespace rehearse::sim {
namespace {

using fmt::format;
using model::rules::CheckResult;
using model::rules::Level;
using model::rules::Rule;
using model::rules::Told;

std::string line_of(const Told& told) {
  std::string text = told.file;
  if (told.place.line > 0) text += format(":{}:{}", told.place.line, told.place.column);
  text += format(": {}: {}", to_text(told.level), told.what);
  if (!told.remedy.empty()) text += "\n    " + told.remedy;
  if (told.accepted) text += "\n    accepted: " + *told.accepted;
  return text + "\n";
}

/// What one rule says of one design.
struct Case {
  std::string failures, others, first;
};

Case case_of(const CheckResult& result, const Rule& rule) {
  Case one;
  for (const Told& told : result.findings) {
    if (told.rule->id != rule.id) continue;
    const bool failure = told.level == Level::error && !told.accepted;
    (failure ? one.failures : one.others) += line_of(told);
    if (failure && one.first.empty()) one.first = told.what;
  }
  return one;
}

std::size_t failed_rules(const CheckResult& result) {
  std::size_t count = 0;
  for (const Rule& rule : model::rules::all_rules()) count += !case_of(result, rule).failures.empty();
  return count;
}

void write_suite(std::ostream& out, const CheckResult& result) {
  const std::span<const Rule> rules = model::rules::all_rules();
  out << format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\">\n", xml_text(result.file),
                rules.size(), failed_rules(result));
  for (const Rule& rule : rules) {
    const Case one = case_of(result, rule);
    out << format("    <testcase classname=\"{}\" name=\"{}\"", xml_text(result.name),
                  xml_text(format("{}: {}", rule.id, rule.title)));
    if (one.failures.empty() && one.others.empty()) {
      out << "/>\n";
      continue;
    }
    out << ">\n";
    if (!one.failures.empty()) {
      out << format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n", xml_text(rule.id), xml_text(one.first),
                    xml_text(one.failures));
    }
    if (!one.others.empty()) out << format("      <system-out>{}</system-out>\n", xml_text(one.others));
    out << "    </testcase>\n";
  }
  out << "  </testsuite>\n";
}

}  // namespace

void write_check_junit(std::ostream& out, const std::vector<CheckResult>& results) {
  std::size_t failures = 0;
  for (const CheckResult& result : results) failures += failed_rules(result);
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out << format("<testsuites name=\"rehearse check\" tests=\"{}\" failures=\"{}\" errors=\"0\">\n",
                results.size() * model::rules::all_rules().size(), failures);
  for (const CheckResult& result : results) write_suite(out, result);
  out << "</testsuites>\n";
}

}  // namespace rehearse::sim
