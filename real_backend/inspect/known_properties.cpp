#include "real_backend/inspect/known_properties.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "model/endpoint.hpp"

namespace rehearse::real {
namespace {

struct Known {
  std::string_view name;
  std::optional<std::int64_t> usual;  // nullopt: whatever the value is
};

// W 1.1 to 2.4 and the properties of (Get-Cluster) that have to do with shared volumes, storage, logs, virtual machines
// and security (assumed, from general knowledge of Windows Server 2012 R2 to 2022).
constexpr Known of_cluster[] = {{"AddEvictDelay", {}},
                                {"AdministrativeAccessPoint", {}},
                                {"AutoAssignNodeSite", {}},
                                {"AutoBalancerLevel", {}},
                                {"AutoBalancerMode", {}},
                                {"BackupInProgress", {}},
                                {"BlockCacheSize", {}},
                                {"ClusSvcRegroupOpeningTimeout", {}},
                                {"ClusSvcRegroupPruningTimeout", {}},
                                {"ClusSvcRegroupStageTimeout", {}},
                                {"ClusSvcRegroupTickInMilliseconds", {}},
                                {"ClusterFunctionalLevel", {}},
                                {"ClusterLogLevel", {}},
                                {"ClusterLogSize", {}},
                                {"ClusterUpgradeVersion", {}},
                                {"CsvBalancer", {}},
                                {"DatabaseReadWriteMode", {}},
                                {"DefaultNetworkRole", {}},
                                {"Description", {}},
                                {"DetectManagedEvents", {}},
                                {"DetectManagedEventsThreshold", {}},
                                {"DetectedCloudPlatform", {}},
                                {"Domain", {}},
                                {"DumpPolicy", {}},
                                {"EnableSharedVolumes", {}},
                                {"FixQuorum", 0},
                                {"IgnorePersistentStateOnStartup", 0},
                                {"LogResourceControls", {}},
                                {"MessageBufferLength", {}},
                                {"MinimumNeverPreemptPriority", 3000},
                                {"MinimumPreemptorPriority", 1},
                                {"NetftIPSecEnabled", {}},
                                {"PlacementOptions", {}},
                                {"PreventQuorum", 0},
                                {"RecentEventsResetTime", {}},
                                {"ResourceDllDeadlockPeriod", {}},
                                {"RootMemoryReserved", {}},
                                {"S2DBusTypes", {}},
                                {"S2DCacheBehavior", {}},
                                {"S2DCacheDesiredState", {}},
                                {"S2DCacheFlashReservePercent", {}},
                                {"S2DCacheMetadataReserveBytes", {}},
                                {"S2DEnabled", 0},
                                {"S2DIOLatencyThreshold", {}},
                                {"S2DOptimizations", {}},
                                {"SecurityLevel", {}},
                                {"SecurityLevelForStorage", {}},
                                {"SharedVolumeBlockCacheSizeInMB", {}},
                                {"SharedVolumeCompatibleFilters", {}},
                                {"SharedVolumeIncompatibleFilters", {}},
                                {"SharedVolumeVssWriterOperationTimeout", {}},
                                {"SharedVolumesRoot", {}},
                                {"UseClientAccessNetworksForSharedVolumes", {}},
                                {"UseRdmaForStorage", {}},
                                {"WitnessDatabaseWriteTimeout", {}},
                                {"WitnessDynamicWeight", {}}};

// W 4.2; the rest is about states and virtual machines (assumed).
constexpr Known of_role[] = {{"ColdStartSetting", 0}, {"DefaultOwner", {}},      {"Description", {}},
                             {"FaultDomain", {}},     {"GroupStartDelay", 0},    {"GroupType", {}},
                             {"IsCoreGroup", {}},     {"LockedFromMoving", {}},  {"OwnerNode", {}},
                             {"PersistentState", {}}, {"PlacementOptions", {}},  {"ResiliencyPeriod", {}},
                             {"State", {}},           {"StatusInformation", {}}, {"UpdateDomain", {}}};

// W 3.3.
constexpr Known of_resource[] = {{"Characteristics", {}},
                                 {"Description", {}},
                                 {"EmbeddedFailureAction", 2},
                                 {"Flags", {}},
                                 {"IsCoreResource", {}},
                                 {"IsNetworkClassResource", {}},
                                 {"IsStorageClassResource", {}},
                                 {"LastOperationStatusCode", {}},
                                 {"MaintenanceMode", {}},
                                 {"MonitorProcessId", {}},
                                 {"OwnerGroup", {}},
                                 {"OwnerNode", {}},
                                 {"PersistentState", {}},
                                 {"ResourceSpecificData1", {}},
                                 {"ResourceSpecificData2", {}},
                                 {"ResourceSpecificStatus", {}},
                                 {"ResourceType", {}},
                                 {"State", {}},
                                 {"StatusInformation", {}}};

// W 5, 6.1 to 6.3, 7.1; names of states and of disks' identities (assumed, but for those of a real address in
// Get-ClusterParameter).
constexpr Known of_parameters[] = {{"ADAware", {}},
                                   {"Aliases", {}},
                                   {"AliasesUpdateTime", {}},
                                   {"Arbitrate", 0},
                                   {"CreatingDC", {}},
                                   {"CryptoVersion", {}},
                                   {"DhcpAddress", {}},
                                   {"DhcpServer", {}},
                                   {"DhcpSubnetMask", {}},
                                   {"DiskArbInterval", 3},
                                   {"DiskGuid", {}},
                                   {"DiskIdGuid", {}},
                                   {"DiskIdType", {}},
                                   {"DiskPath", {}},
                                   {"DiskRecoveryAction", {}},
                                   {"DiskReload", {}},
                                   {"DiskRunChkDsk", 0},
                                   {"DiskSignature", {}},
                                   {"DiskUniqueIds", {}},
                                   {"DiskVolumeInfo", {}},
                                   {"DnsSuffix", {}},
                                   {"EnableNetBIOS", {}},
                                   {"LastDNSUpdateTime", {}},
                                   {"LeaseExpiresTime", {}},
                                   {"LeaseObtainedTime", {}},
                                   {"MaintenanceMode", 0},
                                   {"MaxIoLatency", {}},
                                   {"MountPoints", {}},
                                   {"Network", {}},
                                   {"ObjectGUID", {}},
                                   {"OverrideAddressMatch", 0},
                                   {"ProbeFailureThreshold", 0},
                                   {"ProbePort", 0},
                                   {"PublishPTRRecords", {}},
                                   {"RemapPipeNames", {}},
                                   {"ResourceData", {}},
                                   {"SqlDumperDumpFlags", 0},
                                   {"SqlDumperDumpPath", {}},
                                   {"SqlDumperDumpTimeOut", {}},
                                   {"StatusDNS", {}},
                                   {"StatusKerberos", {}},
                                   {"StatusNetBIOS", {}},
                                   {"SubnetMask", {}},
                                   {"TimerCallbackAdditionalThreshold", {}},
                                   {"UseNetworkName", 0},
                                   {"VerboseLogging", {}}};

std::span<const Known> table_of(Owner owner) {
  switch (owner) {
    case Owner::cluster: return of_cluster;
    case Owner::role: return of_role;
    case Owner::resource: return of_resource;
    case Owner::parameters: return of_parameters;
  }
  return {};
}

bool holds_nothing(const Property& property) {
  if (property.withheld) return property.empty;
  struct Look {
    bool operator()(std::monostate) const { return true; }
    bool operator()(bool value) const { return !value; }
    bool operator()(std::int64_t value) const { return value == 0; }
    bool operator()(const std::string& value) const { return value.empty(); }
    bool operator()(const std::vector<std::string>& value) const { return value.empty(); }
  };
  return std::visit(Look(), property.value);
}

std::string shown(const Property& property) {
  if (property.withheld) return "a value that the export withholds";
  if (const auto* number = std::get_if<std::int64_t>(&property.value)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&property.value)) return "'" + *text + "'";
  if (const auto* texts = std::get_if<std::vector<std::string>>(&property.value)) {
    return fmt::format("'{}'", fmt::join(*texts, "', '"));
  }
  return "true";
}

}  // namespace

void tell_unknown(const Properties& properties, Owner owner, const std::vector<std::string_view>& stated,
                  const std::string& whose, Remarks& remarks) {
  for (const Property& property : properties.all) {
    const auto is_it = [&](std::string_view name) { return model::same_name(name, property.name); };
    if (std::any_of(stated.begin(), stated.end(), is_it)) continue;
    const auto table = table_of(owner);
    const auto known = std::find_if(table.begin(), table.end(), [&](const Known& one) { return is_it(one.name); });
    if (known != table.end() && (!known->usual || properties.number(property.name) == known->usual)) continue;
    if (holds_nothing(property) && (known == table.end() || !known->usual || *known->usual == 0)) continue;
    remarks.not_understood(
        property.spot, fmt::format("{} of {} is {}", property.name, whose, shown(property)),
        known == table.end() ? "a design has no word for it" : fmt::format("rehearsals take it for {}", *known->usual));
  }
}

}  // namespace rehearse::real
