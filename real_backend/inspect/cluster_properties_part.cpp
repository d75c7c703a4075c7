// The properties of the cluster that differ from their defaults (W 1.1 to 2.3).
#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "model/defaults.hpp"
#include "real_backend/inspect/known_properties.hpp"
#include "real_backend/inspect/parts.hpp"

namespace rehearse::real {
namespace {

/// What a property is without a word: as the ledger has it, or the documented default of those that the simulated world
/// does not depend on.
std::optional<std::int64_t> usual_value(const Survey& survey, const model::ClusterProperty& property) {
  static constexpr std::array<std::pair<std::string_view, std::int64_t>, 6> documented = {
      {{"RouteHistoryLength", 10},  // W 1.1
       {"RequestReplyTimeout", 60},
       {"GroupDependencyTimeout", 600},
       {"AddEvictDelay", 60},  // W 1.3
       {"ResiliencyLevel", 2},
       {"ResiliencyDefaultPeriod", 240}}};  // W 1.5
  for (const auto& [name, value] : documented) {
    if (name == property.name) return value;
  }
  if (!property.setting) return std::nullopt;
  model::Parameters tried = survey.defaults;
  const std::int64_t wanted = survey.defaults[*property.setting];
  // The ledger counts nanoseconds where Windows counts milliseconds, seconds or minutes.
  const std::int64_t one = property.min > 0 ? property.min : 1;
  model::apply(property, one, tried);
  const std::int64_t unit = tried[*property.setting] / one;
  return unit == 0 ? std::nullopt : std::optional(wanted / unit);
}

}  // namespace

void say_cluster_properties(Survey& survey, DesignJson& cluster) {
  std::vector<std::string_view> stated = {"PreferredSite"};
  for (const model::ClusterProperty& property : model::cluster_properties()) {
    stated.push_back(property.name);
    const Property* const found = survey.cluster.properties.find(property.name);
    auto value = survey.cluster.properties.number(property.name);
    if (found == nullptr || !value) continue;
    // Windows counts ids of nodes, which have holes after an eviction; designs count nodes.
    if (property.setting == model::Setting::lower_quorum_priority_node && *value != 0) {
      std::int64_t place = 0, at = 0;
      for (const std::string& name : survey.nodes) {
        ++at;
        for (const ExportedNode& node : survey.cluster.nodes) {
          if (node.name == name && node.id == *value) place = at;
        }
      }
      if (place == 0) {
        survey.remarks.not_understood(found->spot,
                                      fmt::format("{} is {}, and no node has this id", property.name, *value));
        continue;
      }
      value = place;
    }
    if (value == usual_value(survey, property)) continue;
    const bool known_here = survey.windows && property.since <= *survey.windows;
    if (!known_here || !model::problem_of(property, *value).empty()) {
      survey.remarks.not_understood(
          found->spot, fmt::format("{} is {}", property.name, *value),
          known_here ? model::problem_of(property, *value) : "this version of Windows has no such property");
      continue;
    }
    cluster["properties"][std::string(property.name)] = *value;
  }
  const auto site = survey.cluster.properties.text("PreferredSite").value_or("");
  if (!site.empty() && survey.has_site(site) && survey.windows != model::WindowsVersion::v2012r2) {
    cluster["preferred_site"] = site;
  } else if (!site.empty()) {
    survey.remarks.not_understood(survey.cluster.properties.find("PreferredSite")->spot,
                                  "the preferred site '" + site + "' is the site of no node");
  }
  tell_unknown(survey.cluster.properties, Owner::cluster, stated, "the cluster", survey.remarks);
}

}  // namespace rehearse::real
