// Making resources with the private properties of their types (W 5, 6, 7.1), and wanting them online or offline.
#include "tests/far_side/cluster_objects.hpp"
#include "tests/far_side/cluster_state.hpp"

namespace far_side {

ClusterResource& add_resource(Cluster& cluster, const std::string& name, const std::string& type,
                              const std::string& group) {
  ClusterResource& resource = cluster.resources[name];
  resource = {};
  resource.type = type;
  resource.group = cluster.groups.find(group)->first;
  const auto text = [&](const char* parameter) { resource.parameters[parameter] = registry_text(""); };
  const auto number = [&](const char* parameter, std::int64_t value) {
    resource.parameters[parameter] = registry_number(value);
  };
  if (type == "Generic Service") {
    text("ServiceName");
    text("StartupParameters");
    number("UseNetworkName", 0);
  } else if (type == "IP Address") {
    for (const char* parameter : {"Network", "Address", "SubnetMask"}) text(parameter);
    number("EnableNetBIOS", 1);
    number("OverrideAddressMatch", 0);
    number("EnableDhcp", 0);
  } else if (type == "Network Name") {
    for (const char* parameter : {"Name", "DnsName"}) text(parameter);
    number("HostRecordTTL", 1200);
    number("RegisterAllProvidersIP", 0);
    number("PublishPTRRecords", 0);
    number("TimerCallbackAdditionalThreshold", 5);
  } else if (type == "SQL Server") {
    for (const char* parameter : {"InstanceName", "VirtualServerName"}) text(parameter);
    number("HealthCheckTimeout", 60000);
    number("FailureConditionLevel", 3);
    number("VerboseLogging", 0);
    number("SqlDumperDumpFlags", 0);
    number("SqlDumperDumpTimeOut", 0);
    text("SqlDumperDumpPath");
  } else if (type == "SQL Server Agent") {
    for (const char* parameter : {"InstanceName", "VirtualServerName"}) text(parameter);
  } else if (type == "File Share Witness") {
    text("SharePath");
    number("ArbitrationDelay", 6);
  } else if (type == "Physical Disk") {
    number("DiskRunChkDsk", 0);
    number("MaintenanceMode", 0);
    number("MaxIoLatency", 1000);
  } else if (type == "Cloud Witness") {
    for (const char* parameter : {"AccountName", "EndpointInfo"}) text(parameter);
  } else {
    cluster.resources.erase(name);
    gap("resources of the type " + type);
  }
  return resource;
}

void want_online(Cluster& cluster, const std::string& name) {
  const auto found = cluster.resources.find(name);
  if (found == cluster.resources.end()) return;
  ClusterResource& resource = found->second;
  resource.wanted = true;
  if (resource.state == "Failed") resource.state = "Offline";
  resource.retry.reset();
  for (const Names& any : resource.needs) {
    for (const std::string& need : any) want_online(cluster, need);
  }
}

void want_offline(Cluster& cluster, const std::string& name) {
  ClusterResource& resource = cluster.resources.at(name);
  resource.wanted = false;
  resource.retry.reset();
  if (resource.state == "Failed") resource.state = "Offline";
  for (const std::string& dependent : dependents_of(cluster, name)) want_offline(cluster, dependent);
}

}  // namespace far_side
