#include <nlohmann/json.hpp>
#include <ostream>

#include "sim/report/check_reports.hpp"

namespace rehearse::sim {
namespace {

using model::rules::CheckOptions;
using model::rules::CheckResult;
using model::rules::Level;
using model::rules::Rule;
using model::rules::Told;
using json = nlohmann::ordered_json;

json json_of(const Told& told) {
  json finding = {{"rule", told.rule->id},         {"severity", to_text(told.level)},
                  {"title", told.rule->title},     {"file", told.file},
                  {"line", told.place.line},       {"column", told.place.column},
                  {"pointer", told.place.pointer}, {"what", told.what},
                  {"remedy", told.remedy},         {"why", told.rule->why},
                  {"source", told.rule->source}};
  finding["accepted"] = told.accepted ? json(*told.accepted) : json();
  return finding;
}

json json_of(const CheckResult& result) {
  json findings = json::array();
  for (const Told& told : result.findings) findings.push_back(json_of(told));
  return {{"file", result.file},
          {"name", result.name},
          {"counts",
           {{"error", result.count(Level::error)},
            {"warning", result.count(Level::warning)},
            {"note", result.count(Level::note)},
            {"accepted", result.accepted()}}},
          {"findings", std::move(findings)}};
}

void write(std::ostream& out, const json& document) {
  out << document.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
}

}  // namespace

void write_check_json(std::ostream& out, const std::vector<CheckResult>& results, const CheckOptions& options,
                      const std::vector<std::string>& structures) {
  json designs = json::array();
  bool failed = false;
  for (std::size_t i = 0; i < results.size(); ++i) {
    failed = failed || results[i].count(Level::error) != 0;
    designs.push_back(json_of(results[i]));
    if (i < structures.size() && !structures[i].empty()) designs.back()["structure"] = json::parse(structures[i]);
  }
  write(out, {{"format", "rehearse-check"},
              {"version", 1},
              {"outcome", failed ? "failed" : "passed"},
              {"date", model::to_text(options.date)},
              {"horizon", std::chrono::duration<double>(options.horizon).count()},
              {"designs", std::move(designs)}});
}

void write_rules_json(std::ostream& out, std::span<const Rule> rules) {
  json list = json::array();
  for (const Rule& rule : rules) {
    list.push_back({{"id", rule.id},
                    {"severity", to_text(rule.level)},
                    {"title", rule.title},
                    {"why", rule.why},
                    {"remedy", rule.remedy},
                    {"source", rule.source}});
  }
  write(out, list);
}

}  // namespace rehearse::sim
