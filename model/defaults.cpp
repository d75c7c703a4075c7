#include "model/defaults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace rehearse::model {
namespace {

constexpr std::int64_t unlimited = 0xFFFF'FFFF;  // DWORD

// Ranges as the property reference gives them; the sources' numbers are the sheet's sections. CrossSite* have no
// documented range and take the cross-subnet ones (assumed).
constexpr std::array<ClusterProperty, 25> properties = {{
    {"SameSubnetDelay", PropertyUnit::milliseconds, 250, 2000, Setting::same_subnet_delay, "W 1.1"},
    {"SameSubnetThreshold", PropertyUnit::count, 3, 120, Setting::same_subnet_threshold, "W 1.1"},
    {"CrossSubnetDelay", PropertyUnit::milliseconds, 250, 4000, Setting::cross_subnet_delay, "W 1.1"},
    {"CrossSubnetThreshold", PropertyUnit::count, 3, 120, Setting::cross_subnet_threshold, "W 1.1"},
    {"CrossSiteDelay", PropertyUnit::milliseconds, 250, 4000, std::nullopt, "W 1.1, range assumed"},
    {"CrossSiteThreshold", PropertyUnit::count, 3, 120, std::nullopt, "W 1.1, range assumed"},
    {"RouteHistoryLength", PropertyUnit::count, 0, 40, std::nullopt, "W 1.1"},
    {"PlumbAllCrossSubnetRoutes", PropertyUnit::choice, 0, 2, std::nullopt, "W 1.1"},
    {"ClusSvcHangTimeout", PropertyUnit::seconds, 6, unlimited, std::nullopt, "W 1.3"},
    {"HangRecoveryAction", PropertyUnit::choice, 0, 6, std::nullopt, "W 1.3"},
    {"RequestReplyTimeout", PropertyUnit::minutes, 5, 1440, std::nullopt, "W 1.3"},
    {"GroupDependencyTimeout", PropertyUnit::seconds, 0, unlimited, std::nullopt, "W 1.3"},
    {"ClusterGroupWaitDelay", PropertyUnit::seconds, 0, 3600, std::nullopt, "W 1.3"},
    {"AddEvictDelay", PropertyUnit::seconds, 0, 600, std::nullopt, "W 1.3"},
    {"ShutdownTimeoutInMinutes", PropertyUnit::minutes, 0, 1440, std::nullopt, "W 1.3"},
    {"DrainOnShutdown", PropertyUnit::flag, 0, 1, std::nullopt, "W 1.3"},
    {"ResiliencyLevel", PropertyUnit::choice, 1, 2, std::nullopt, "W 1.5"},
    {"ResiliencyDefaultPeriod", PropertyUnit::seconds, 0, unlimited, std::nullopt, "W 1.5"},
    {"QuarantineThreshold", PropertyUnit::count, 0, unlimited, std::nullopt, "W 1.5"},
    {"QuarantineDuration", PropertyUnit::seconds, 0, unlimited, std::nullopt, "W 1.5"},
    {"DynamicQuorum", PropertyUnit::flag, 0, 1, std::nullopt, "W 2.1"},
    {"LowerQuorumPriorityNodeID", PropertyUnit::count, 0, 64, std::nullopt, "W 2.1"},
    {"QuorumArbitrationTimeMax", PropertyUnit::seconds, 1, 3600, std::nullopt, "W 2.3"},
    {"WitnessRestartInterval", PropertyUnit::minutes, 5, 1440, std::nullopt, "W 2.3"},
    {"ClusterEnforcedAntiAffinity", PropertyUnit::flag, 0, 1, std::nullopt, "W 4.2"},
}};

std::int64_t nanoseconds_in(PropertyUnit unit) {
  switch (unit) {
    case PropertyUnit::milliseconds: return Duration(std::chrono::milliseconds(1)).count();
    case PropertyUnit::seconds: return Duration(std::chrono::seconds(1)).count();
    case PropertyUnit::minutes: return Duration(std::chrono::minutes(1)).count();
    case PropertyUnit::count:
    case PropertyUnit::flag:
    case PropertyUnit::choice: return 1;
  }
  throw std::logic_error("unknown unit of a cluster property");
}

void set_thresholds(Parameters& parameters, std::int64_t beats, Origin origin, const std::string& source) {
  parameters.set(Setting::same_subnet_threshold, beats, origin, source);
  parameters.set(Setting::cross_subnet_threshold, beats, origin, source);
}

}  // namespace

Parameters defaults_for(WindowsVersion windows, SqlVersion sql, Edition edition) {
  Parameters parameters;
  switch (windows) {
    case WindowsVersion::v2012r2:
      set_thresholds(parameters, 5, Origin::documented, "W 1.1: Windows Server 2012 R2 without Hyper-V");
      break;
    case WindowsVersion::v2016:
      set_thresholds(parameters, 10, Origin::documented, "W 1.1: Windows Server 2016");
      parameters.set(Setting::cross_subnet_threshold, 10, Origin::documented,
                     "W 1.1: Windows Server 2016; other texts say 20");
      break;
    case WindowsVersion::v2019: set_thresholds(parameters, 20, Origin::documented, "W 1.1: Windows Server 2019"); break;
    case WindowsVersion::v2022:
      set_thresholds(parameters, 20, Origin::assumed, "W 1.1: as 2019; a real 2022 cluster in Azure had 30");
      break;
  }
  // Who opens a database only after undo waits for the longest transaction as well, and nobody can say how long that
  // was (W 7.4). The number stays, its source says what it leaves out.
  if (edition == Edition::standard) {
    const std::string escape = sql == SqlVersion::v2017 ? "" : " unless accelerated recovery is on";
    parameters.set(Timing::ssisdb_recovery_after_crash, parameters[Timing::ssisdb_recovery_after_crash],
                   Origin::assumed, "W 9 A18: redo at most 60 s; Standard adds undo (W 7.4)" + escape);
  }
  return parameters;
}

std::string_view to_text(PropertyUnit unit) {
  switch (unit) {
    case PropertyUnit::milliseconds: return "ms";
    case PropertyUnit::seconds: return "s";
    case PropertyUnit::minutes: return "min";
    case PropertyUnit::count: return "count";
    case PropertyUnit::flag: return "flag";
    case PropertyUnit::choice: return "choice";
  }
  throw std::logic_error("unknown unit of a cluster property");
}

std::span<const ClusterProperty> cluster_properties() {
  return properties;
}

const ClusterProperty* find_cluster_property(std::string_view name) {
  const auto found = std::find_if(properties.begin(), properties.end(),
                                  [&](const ClusterProperty& property) { return property.name == name; });
  return found == properties.end() ? nullptr : &*found;
}

std::string problem_of(const ClusterProperty& property, std::int64_t value) {
  if (value >= property.min && value <= property.max) return {};
  return fmt::format("must be {} to {} ({}), not {}", property.min, property.max, to_text(property.unit), value);
}

void apply(const ClusterProperty& property, std::int64_t value, Parameters& parameters) {
  if (const std::string problem = problem_of(property, value); !problem.empty()) {
    throw std::logic_error(fmt::format("{} {}", property.name, problem));
  }
  if (!property.setting) return;
  parameters.set(*property.setting, value * nanoseconds_in(property.unit), Origin::given,
                 fmt::format("design: {}", property.name));
}

}  // namespace rehearse::model
