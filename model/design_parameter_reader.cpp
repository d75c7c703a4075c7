// The section "parameters" of a design.
#include <fmt/format.h>

#include "model/defaults.hpp"
#include "model/design_reading.hpp"
#include "model/restart_policy.hpp"

namespace rehearse::model {
namespace {

/// The range of a setting that the world can stand.
std::pair<std::int64_t, std::int64_t> range_of(Setting setting) {
  constexpr std::int64_t many = 1'000'000'000;
  switch (setting) {
    case Setting::uses_instance_percent: return {0, 100};
    case Setting::slow_down_percent: return {0, 1000};
    case Setting::failure_condition_level: return {0, 5};
    case Setting::hang_recovery_action: return {0, 6};
    case Setting::plumb_all_cross_subnet_routes: return {0, 2};
    case Setting::lower_quorum_priority_node: return {0, 64};
    case Setting::dynamic_quorum:
    case Setting::drain_on_shutdown:
    case Setting::enforced_anti_affinity:
    case Setting::stealth_mode: return {0, 1};
    case Setting::restart_threshold:
    case Setting::failover_threshold: return {0, SlidingWindow::capacity};
    default: return {1, many};
  }
}

void read_parameter(const Member& member, DesignReading& reading) {
  for (std::size_t i = 0; i < timing_count; ++i) {
    const Timing timing = static_cast<Timing>(i);
    if (name_of(timing) != member.name) continue;
    if (auto value = member.value.distribution()) reading.give(timing, std::move(*value), member.value);
    return;
  }
  for (std::size_t i = 0; i < setting_count; ++i) {
    const Setting setting = static_cast<Setting>(i);
    if (name_of(setting) != member.name) continue;
    if (is_count(setting)) {
      const auto [low, high] = range_of(setting);
      if (const auto value = member.value.whole(low, high)) reading.give(setting, *value, member.value);
    } else if (const auto value = member.value.duration()) {
      reading.give(setting, value->count(), member.value);
    }
    return;
  }
  for (std::size_t i = 0; i < switch_count; ++i) {
    const Switch which = static_cast<Switch>(i);
    if (name_of(which) != member.name) continue;
    if (const auto value = member.value.boolean()) reading.give(which, *value, member.value);
    return;
  }
  member.unknown_name("parameter", parameter_names());
}

}  // namespace

void read_parameters(const Value& value, DesignReading& reading) {
  const auto members = value.members();
  if (!members) return;
  for (const Member& member : *members) read_parameter(member, reading);
}

std::vector<std::string> parameter_names() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < timing_count; ++i) names.emplace_back(name_of(static_cast<Timing>(i)));
  for (std::size_t i = 0; i < setting_count; ++i) names.emplace_back(name_of(static_cast<Setting>(i)));
  for (std::size_t i = 0; i < switch_count; ++i) names.emplace_back(name_of(static_cast<Switch>(i)));
  return names;
}

}  // namespace rehearse::model
