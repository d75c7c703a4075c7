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
    {"CrossSiteDelay", PropertyUnit::milliseconds, 250, 4000, Setting::cross_site_delay, "W 1.1, range assumed",
     WindowsVersion::v2016},
    {"CrossSiteThreshold", PropertyUnit::count, 3, 120, Setting::cross_site_threshold, "W 1.1, range assumed",
     WindowsVersion::v2016},
    {"RouteHistoryLength", PropertyUnit::count, 0, 40, std::nullopt, "W 1.1"},
    {"PlumbAllCrossSubnetRoutes", PropertyUnit::choice, 0, 2, Setting::plumb_all_cross_subnet_routes, "W 1.1"},
    {"ClusSvcHangTimeout", PropertyUnit::seconds, 6, unlimited, Setting::hang_timeout, "W 1.3"},
    {"HangRecoveryAction", PropertyUnit::choice, 0, 6, Setting::hang_recovery_action, "W 1.3"},
    {"RequestReplyTimeout", PropertyUnit::minutes, 5, 1440, std::nullopt, "W 1.3"},
    {"GroupDependencyTimeout", PropertyUnit::seconds, 0, unlimited, std::nullopt, "W 1.3"},
    {"ClusterGroupWaitDelay", PropertyUnit::seconds, 0, 3600, Setting::group_wait_delay, "W 1.3"},
    {"AddEvictDelay", PropertyUnit::seconds, 0, 600, std::nullopt, "W 1.3"},
    {"ShutdownTimeoutInMinutes", PropertyUnit::minutes, 0, 1440, Setting::shutdown_timeout, "W 1.3"},
    {"DrainOnShutdown", PropertyUnit::flag, 0, 1, Setting::drain_on_shutdown, "W 1.3"},
    {"ResiliencyLevel", PropertyUnit::choice, 1, 2, std::nullopt, "W 1.5", WindowsVersion::v2016},
    {"ResiliencyDefaultPeriod", PropertyUnit::seconds, 0, unlimited, std::nullopt, "W 1.5", WindowsVersion::v2016},
    {"QuarantineThreshold", PropertyUnit::count, 0, unlimited, Setting::quarantine_threshold, "W 1.5",
     WindowsVersion::v2016},
    {"QuarantineDuration", PropertyUnit::seconds, 0, unlimited, Setting::quarantine_duration, "W 1.5",
     WindowsVersion::v2016},
    {"DynamicQuorum", PropertyUnit::flag, 0, 1, Setting::dynamic_quorum, "W 2.1"},
    {"LowerQuorumPriorityNodeID", PropertyUnit::count, 0, 64, Setting::lower_quorum_priority_node, "W 2.1"},
    {"QuorumArbitrationTimeMax", PropertyUnit::seconds, 1, 3600, Setting::arbitration_time_max, "W 2.3"},
    {"WitnessRestartInterval", PropertyUnit::minutes, 5, 1440, Setting::witness_restart_interval, "W 2.3"},
    {"ClusterEnforcedAntiAffinity", PropertyUnit::flag, 0, 1, Setting::enforced_anti_affinity, "W 4.2"},
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

/// What Windows Server 2016 brought is not there before it: sites as a pair of their own, and quarantine (W 1.1, 1.5).
void set_2012r2(Parameters& parameters) {
  set_thresholds(parameters, 5, Origin::documented, "W 1.1: Windows Server 2012 R2 without Hyper-V");
  const std::string no_sites = "W 1.1: 2012 R2 knows no sites; as across subnets";
  parameters.set(Setting::cross_site_delay, parameters[Setting::cross_subnet_delay], Origin::documented, no_sites);
  parameters.set(Setting::cross_site_threshold, parameters[Setting::cross_subnet_threshold], Origin::documented,
                 no_sites);
  parameters.set(Setting::quarantine_threshold, unlimited, Origin::documented, "W 1.5: 2012 R2 has no quarantine");
  parameters.set(Setting::hang_recovery_action, 3, Origin::documented, "W 1.3: bugcheck in 2012");
}

void set_2016(Parameters& parameters) {
  set_thresholds(parameters, 10, Origin::documented, "W 1.1: Windows Server 2016");
  parameters.set(Setting::cross_subnet_threshold, 10, Origin::documented,
                 "W 1.1: Windows Server 2016; other texts say 20");
  parameters.set(Setting::hang_recovery_action, 6, Origin::assumed,
                 "W 1.3: as later; its page says that 6 came with a later build than 2016's");
}

}  // namespace

Parameters defaults_for(WindowsVersion windows, SqlVersion sql, Edition edition) {
  Parameters parameters;
  switch (windows) {
    case WindowsVersion::v2012r2: set_2012r2(parameters); break;
    case WindowsVersion::v2016: set_2016(parameters); break;
    case WindowsVersion::v2019: set_thresholds(parameters, 20, Origin::documented, "W 1.1: Windows Server 2019"); break;
    case WindowsVersion::v2022:
      set_thresholds(parameters, 20, Origin::assumed, "W 1.1: as 2019; a real 2022 cluster in Azure had 30");
      break;
  }
  // Standard opens a database only after undo; the others after redo (W 7.4). Developer is Enterprise by features.
  if (edition == Edition::standard) {
    const std::string escape = sql == SqlVersion::v2017 ? "" : " unless accelerated recovery is on";
    parameters.set(Timing::ssisdb_undo, parameters[Timing::ssisdb_undo], Origin::assumed,
                   "W 7.4: Standard waits for undo" + escape + ", and nobody has published how long");
  } else {
    parameters.set(Timing::ssisdb_undo, Distribution::constant(Duration::zero()), Origin::documented,
                   "W 7.4: Enterprise opens a database after redo");
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
