#include "model/design_shapes.hpp"

#include <stdexcept>

namespace rehearse::model {

namespace {

using Keys = std::vector<Key>;

Keys operator+(Keys keys, const Keys& more) {
  keys.insert(keys.end(), more.begin(), more.end());
  return keys;
}

}  // namespace

const Choices<WindowsVersion>& windows_versions() {
  static const Choices<WindowsVersion> versions = {{"2012R2", WindowsVersion::v2012r2},
                                                   {"2016", WindowsVersion::v2016},
                                                   {"2019", WindowsVersion::v2019},
                                                   {"2022", WindowsVersion::v2022}};
  return versions;
}

const Choices<SqlVersion>& sql_versions() {
  static const Choices<SqlVersion> versions = {
      {"2017", SqlVersion::v2017}, {"2019", SqlVersion::v2019}, {"2022", SqlVersion::v2022}};
  return versions;
}

const Choices<Edition>& editions() {
  static const Choices<Edition> words = {
      {"standard", Edition::standard}, {"enterprise", Edition::enterprise}, {"developer", Edition::developer}};
  return words;
}

const std::vector<Shape>& design_shapes() {
  constexpr Need required = Need::required;
  // Windows' own names where Windows has them (W 3.3, 4.2, 6.1).
  static const Keys resource_settings = {{"RestartAction"},   {"RestartThreshold"},       {"RestartPeriod"},
                                         {"RestartDelay"},    {"RetryPeriodOnFailure"},   {"PendingTimeout"},
                                         {"DeadlockTimeout"}, {"LooksAlivePollInterval"}, {"IsAlivePollInterval"},
                                         {"SeparateMonitor"}};
  static const Keys role_settings = {{"Priority"},          {"preferred_owners"},    {"possible_owners"},
                                     {"AutoFailbackType"},  {"FailbackWindowStart"}, {"FailbackWindowEnd"},
                                     {"FailoverThreshold"}, {"FailoverPeriod"},      {"AntiAffinityClassNames"},
                                     {"PreferredSite"}};
  static const Keys name_settings = {{"RegisterAllProvidersIP"}, {"HostRecordTTL"}};
  static const Keys source_keys = {{"name", required}, {"retry_count"}, {"workers"}, {"submitter"}, {"uses_instance"}};
  static const std::vector<Shape> shapes = {
      {"",
       {{"$schema"},
        {"name", required},
        {"windows", required},
        {"sql", required},
        {"edition", required},
        {"time_zone"},
        {"cluster", required},
        {"fci", required},
        {"scale_out", required},
        {"certificates", required},
        {"workload"},
        {"parameters"},
        {"suppress"},
        {"rule_severity"}}},
      {"/suppress/*", {{"rule", required}, {"at"}, {"reason", required}}},
      {"/cluster",
       {{"name", required},
        {"nodes", required},
        {"networks", required},
        {"quorum", required},
        {"properties"},
        {"preferred_site"},
        {"roles"}}},
      {"/cluster/nodes/*", {{"name", required}, {"site"}, {"physical"}, {"weight"}, {"networks"}, {"windows"}}},
      {"/cluster/networks/*", {{"name", required}, {"subnet", required}, {"site"}, {"role"}}},
      {"/cluster/quorum", {{"witness", required}}},
      {"/cluster/quorum/witness", {{"kind", required}, {"path"}, {"site"}}},
      {"/cluster/roles/*", Keys{{"name", required}, {"resources", required}} + role_settings},
      {"/cluster/roles/*/resources/*",
       Keys{{"name", required}, {"type", required}, {"depends_on"}, {"address"}} + resource_settings},
      {"/fci", Keys{{"instance"},
                    {"network_name"},  // both required of a failover cluster instance
                    {"addresses"},
                    {"disks"},
                    {"storage_pool"},
                    {"role"},
                    {"HealthCheckTimeout"},
                    {"FailureConditionLevel"},
                    {"mixed_mode"},
                    {"ssisdb"}} +
                   name_settings},
      {"/fci/role", role_settings + Keys{{"resources"}}},
      {"/fci/role/resources/*", resource_settings},
      {"/fci/ssisdb",
       {{"in", required},
        {"recovery"},
        {"accelerated_recovery"},
        {"name"},
        {"listener"},
        {"replicas"},
        {"LeaseTimeout"},
        {"HealthCheckTimeout"},
        {"FailureConditionLevel"},
        {"SESSION_TIMEOUT"},
        {"failover_monitor_job"}}},
      {"/fci/ssisdb/listener", Keys{{"name", required}, {"port"}, {"addresses", required}} + name_settings},
      {"/fci/ssisdb/replicas/*",
       {{"node", required},
        {"commit", required},
        {"failover", required},
        {"hosted_by_fci"},
        {"log_login"},
        {"master_key"}}},
      {"/scale_out", {{"failover", required}, {"role"}, {"master", required}, {"workers", required}}},
      {"/scale_out/role",
       Keys{{"name", required}, {"dns_host_name", required}, {"address"}, {"addresses"}, {"resources"}} +
           name_settings + role_settings},
      {"/scale_out/role/resources/*", resource_settings},
      {"/scale_out/master",
       {{"port"},
        {"account"},
        {"start_type"},
        {"certificate", required},
        {"depends_on"},
        {"RestartAction"},
        {"settings"},
        {"settings_file"}}},
      {"/scale_out/workers/*",
       {{"name", required},
        {"count"},
        {"account"},
        {"start_type"},
        {"sql"},
        {"edition"},
        {"site"},
        {"endpoint"},
        {"certificate", required},
        {"settings"},
        {"settings_file"}}},
      {"/certificates/*",
       {{"file"}, {"common_names"}, {"not_before"}, {"not_after"}, {"thumbprint"}, {"self_signed"}, {"installed"}}},
      {"/workload", {{"batches"}, {"rates"}, {"histories"}}},
      {"/workload/batches/*", source_keys + Keys{{"at", required},
                                                 {"executions", required},
                                                 {"days"},
                                                 {"callers"},
                                                 {"duration"},
                                                 {"deadline"},
                                                 {"priority"}}},
      {"/workload/rates/*", source_keys + Keys{{"per_hour", required}, {"profile"}, {"duration"}, {"deadline_after"}}},
      {"/workload/histories/*", source_keys + Keys{{"file", required}, {"starts"}, {"deadline_after"}}},
  };
  return shapes;
}

const Shape& design_shape(std::string_view path) {
  for (const Shape& shape : design_shapes()) {
    if (shape.path == path) return shape;
  }
  throw std::logic_error("no design shape " + std::string(path));
}

}  // namespace rehearse::model
