#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "sim/report/check_reports.hpp"

namespace rehearse::sim {
namespace {

using model::rules::CheckResult;
using model::rules::Rule;
using model::rules::Told;
using json = nlohmann::ordered_json;

/// A path as the reference that SARIF wants; code review finds the file by it, relative to the checkout.
std::string uri_of(std::string_view path) {
  std::string uri = path.starts_with('/') ? "file://" : "";
  while (path.starts_with("./")) path.remove_prefix(2);
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) {
      uri += c;
    } else {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return uri;
}

/// Columns of diagnostics count bytes; SARIF's count characters.
int characters(std::string_view bytes) {
  return static_cast<int>(std::count_if(bytes.begin(), bytes.end(),
                                        [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

json region_of(const Told& told) {
  const std::string_view line = told.excerpt;
  const auto start = static_cast<std::size_t>(std::max(told.place.column, 1)) - 1;
  if (line.empty() || start >= line.size()) {
    return {{"startLine", told.place.line}, {"startColumn", std::max(told.place.column, 1)}};
  }
  const int first = characters(line.substr(0, start)) + 1;
  return {{"startLine", told.place.line},
          {"startColumn", first},
          {"endLine", told.place.line},
          {"endColumn", first + characters(line.substr(start, told.width))},
          {"snippet", {{"text", line.substr(start, told.width)}}}};
}

json location_of(const Told& told) {
  json physical = {{"artifactLocation", {{"uri", uri_of(told.file)}}}};
  if (told.place.line > 0) physical["region"] = region_of(told);
  json location = {{"physicalLocation", std::move(physical)}};
  if (!told.place.pointer.empty()) {
    location["logicalLocations"] = json::array({{{"fullyQualifiedName", told.place.pointer}, {"kind", "value"}}});
  }
  return location;
}

json rule_of(const Rule& rule) {
  return {{"id", rule.id},
          {"shortDescription", {{"text", rule.title}}},
          {"fullDescription", {{"text", rule.why}}},
          {"help", {{"text", fmt::format("{}\n\nSource: {}", rule.remedy, rule.source)}}},
          {"defaultConfiguration", {{"level", to_text(rule.level)}}}};
}

json result_of(const Told& told) {
  const std::span<const Rule> rules = model::rules::all_rules();
  std::string message = told.what + ".";
  if (!told.remedy.empty()) message += " Remedy: " + told.remedy + ".";
  json result = {
      {"ruleId", told.rule->id},
      {"ruleIndex", told.rule - rules.data()},
      {"level", to_text(told.level)},
      {"message", {{"text", std::move(message)}}},
      {"locations", json::array({location_of(told)})},
      {"partialFingerprints", {{"rulePointer/v1", fmt::format("{}:{}", told.rule->id, told.place.pointer)}}}};
  if (told.accepted) {
    result["suppressions"] = json::array({{{"kind", "inSource"}, {"justification", *told.accepted}}});
  }
  return result;
}

}  // namespace

void write_check_sarif(std::ostream& out, const std::vector<CheckResult>& results, std::string_view version) {
  json rules = json::array(), findings = json::array();
  for (const Rule& rule : model::rules::all_rules()) rules.push_back(rule_of(rule));
  for (const CheckResult& result : results) {
    for (const Told& told : result.findings) findings.push_back(result_of(told));
  }
  const json document = {
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs",
       json::array({{{"tool", {{"driver", {{"name", "rehearse"}, {"version", version}, {"rules", std::move(rules)}}}}},
                     {"columnKind", "unicodeCodePoints"},
                     {"results", std::move(findings)}}})}};
  out << document.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
}

}  // namespace rehearse::sim
