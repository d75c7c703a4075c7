#include <algorithm>

#include "model/endpoint.hpp"
#include "model/rules/families.hpp"

namespace rehearse::model::rules {
namespace {

std::vector<Rule> gather() {
  std::vector<Rule> rules;
  for (const auto family :
       {&check_rules, &certificate_rules, &validity_rules, &thumbprint_rules, &endpoint_rules, &settings_rules,
        &timer_rules, &account_rules, &service_rules, &role_rules, &policy_rules, &quorum_rules, &heartbeat_rules,
        &network_rules, &instance_rules, &version_rules, &group_rules, &workload_rules}) {
    const std::span<const Rule> of_family = family();
    rules.insert(rules.end(), of_family.begin(), of_family.end());
  }
  return rules;
}

}  // namespace

std::string_view to_text(Level level) {
  switch (level) {
    case Level::off: return "off";
    case Level::note: return "note";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "";
}

std::optional<Level> level_of(std::string_view text) {
  for (const Level level : {Level::off, Level::note, Level::warning, Level::error}) {
    if (to_text(level) == text) return level;
  }
  return std::nullopt;
}

std::span<const Rule> all_rules() {
  static const std::vector<Rule> rules = gather();
  return rules;
}

const Rule* find_rule(std::string_view id) {
  const std::span<const Rule> rules = all_rules();
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return same_name(rule.id, id); });
  return found == rules.end() ? nullptr : &*found;
}

std::vector<std::string> rule_ids() {
  std::vector<std::string> ids;
  for (const Rule& rule : all_rules()) ids.emplace_back(rule.id);
  return ids;
}

}  // namespace rehearse::model::rules
