#include "sim/report/junit_report.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <ostream>

#include "sim/report/text_report.hpp"

namespace rehearse::sim {
namespace {

using fmt::format;

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

/// The first code point of a text that is not empty. Not valid: not UTF-8, over-long forms and surrogates included.
CodePoint first_code_point(std::string_view text) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t bytes = lead >= 0xF0 && lead < 0xF5   ? 4
                            : lead >= 0xE0 && lead < 0xF0 ? 3
                            : lead >= 0xC2 && lead < 0xE0 ? 2
                                                          : 0;
  if (bytes == 0 || text.size() < bytes) return {};
  char32_t value = lead & (0x7FU >> bytes);
  for (std::size_t index = 1; index < bytes; ++index) {
    if ((byte(index) & 0xC0U) != 0x80U) return {};
    value = value << 6 | (byte(index) & 0x3FU);
  }
  const bool too_long = (bytes == 3 && value < 0x800) || (bytes == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (too_long || surrogate || value > 0x10FFFF) return {};
  return {value, bytes, true};
}

bool allowed_in_xml(char32_t value) {
  return value == '\t' || value == '\n' || value == '\r' || (value >= 0x20 && value != 0xFFFE && value != 0xFFFF);
}

constexpr std::string_view replacement = "\xEF\xBF\xBD";

struct Tally {
  std::size_t tests = 0, failures = 0, errors = 0;
};

Tally tally_of(const RunResult& result) {
  Tally tally;
  for (const Verdict& verdict : result.verdicts) {
    ++tally.tests;
    tally.failures += verdict.outcome == Outcome::failed;
    tally.errors += verdict.outcome == Outcome::unknown;
  }
  if (!result.observations.empty()) {
    ++tally.tests;
    ++tally.failures;
  }
  return tally;
}

std::string attributes(const Tally& tally) {
  return format("tests=\"{}\" failures=\"{}\" errors=\"{}\"", tally.tests, tally.failures, tally.errors);
}

std::string body_of(const Verdict& verdict, const RunResult& result) {
  std::string text = verdict.reason;
  for (const std::string& test : verdict.settle) text += "\nTo settle it: " + test;
  if (verdict.place.line > 0) {
    text += format("\n{}:{}:{}", result.scenario.file, verdict.place.line, verdict.place.column);
  }
  return text + "\nreproduce: " + reproduce_command(result);
}

void write_case(std::ostream& out, const Verdict& verdict, const RunResult& result) {
  out << format("    <testcase classname=\"{}\" name=\"{}\"", xml_text(result.scenario.name),
                xml_text(verdict.expectation));
  if (verdict.outcome == Outcome::passed) {
    out << "/>\n";
    return;
  }
  const std::string_view element = verdict.outcome == Outcome::failed ? "failure" : "error";
  const std::string_view type = verdict.outcome == Outcome::failed ? "failed" : "unknown";
  out << format(">\n      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n    </testcase>\n", element, type,
                xml_text(verdict.reason), xml_text(body_of(verdict, result)));
}

void write_suite(std::ostream& out, const RunResult& result) {
  const double length = std::chrono::duration<double>(result.end - core::at_start).count();
  out << format("  <testsuite name=\"{}\" {} time=\"{:.3f}\" timestamp=\"{}\">\n", xml_text(result.scenario.name),
                attributes(tally_of(result)), length, model::to_text(result.plan->start()));
  out << format(
      "    <properties>\n      <property name=\"seed\" value=\"{}\"/>\n      <property name=\"fingerprint\" "
      "value=\"{:016x}\"/>\n    </properties>\n",
      result.scenario.seed, result.fingerprint);
  for (const Verdict& verdict : result.verdicts) write_case(out, verdict, result);
  if (!result.observations.empty()) {
    std::string all;
    for (const std::string& observation : result.observations) all += (all.empty() ? "" : "\n") + observation;
    write_case(out, {Outcome::failed, "no safety observations", all, {}, {}}, result);
  }
  out << "  </testsuite>\n";
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    const std::string_view bytes = text.substr(0, point.bytes);
    text.remove_prefix(point.bytes);
    if (!point.valid || !allowed_in_xml(point.value)) {
      result += replacement;
      continue;
    }
    switch (point.value) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\'': result += "&apos;"; break;
      case '\t': result += "&#9;"; break;
      case '\n': result += "&#10;"; break;
      case '\r': result += "&#13;"; break;
      default: result += bytes;
    }
  }
  return result;
}

void write_junit(std::ostream& out, const std::vector<RunResult>& results) {
  Tally all;
  for (const RunResult& result : results) {
    const Tally one = tally_of(result);
    all.tests += one.tests;
    all.failures += one.failures;
    all.errors += one.errors;
  }
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out << format("<testsuites name=\"rehearse\" {}>\n", attributes(all));
  for (const RunResult& result : results) write_suite(out, result);
  out << "</testsuites>\n";
}

}  // namespace rehearse::sim
