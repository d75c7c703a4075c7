#include "small_design.hpp"

#include <nlohmann/json.hpp>

namespace rehearse::model {

using nlohmann::json;

json small() {
  return json::parse(R"json({
    "name": "small", "windows": "2016", "sql": "2017", "edition": "developer", "time_zone": "Europe/Paris",
    "cluster": { "name": "CLU",
                 "nodes": [{ "name": "N1", "site": "A", "physical": true, "weight": 1, "windows": "2016",
                             "networks": ["LAN", "beats"] },
                           { "name": "N2", "site": "B", "weight": 0 }],
                 "networks": [{ "name": "LAN", "subnet": "10.0.0.0/24", "site": "A", "role": "both" },
                              { "name": "Beats", "subnet": "10.9.0.0/24", "role": "cluster" },
                              { "name": "WAN", "subnet": "10.0.1.0/24", "site": "B", "role": "client" }],
                 "quorum": { "witness": { "kind": "file_share", "path": "\\\\FS\\w", "site": "C" } },
                 "properties": { "SameSubnetDelay": 500, "LowerQuorumPriorityNodeID": 2 },
                 "preferred_site": "A",
                 "roles": [{ "name": "Files", "Priority": 1000, "preferred_owners": ["n2"],
                             "possible_owners": ["N1", "N2"],
                             "AutoFailbackType": 1, "FailbackWindowStart": 22, "FailbackWindowEnd": 4,
                             "FailoverThreshold": 3, "FailoverPeriod": 12, "AntiAffinityClassNames": ["busy"],
                             "PreferredSite": "B",
                             "resources": [
                               { "name": "FS", "type": "name", "depends_on": "[IP a] or [IP b]" },
                               { "name": "IP a", "type": "address", "address": "10.0.0.70" },
                               { "name": "IP b", "type": "address", "address": "10.0.1.70" },
                               { "name": "Disk 9", "type": "disk", "DeadlockTimeout": 60000 },
                               { "name": "Share", "type": "generic_service", "depends_on": "[fs] AND ([Disk 9])",
                                 "RestartAction": 1, "RestartThreshold": 2, "RestartPeriod": 600000,
                                 "RestartDelay": 0, "RetryPeriodOnFailure": 4294967295, "PendingTimeout": 60000,
                                 "LooksAlivePollInterval": 2000, "IsAlivePollInterval": 4294967295,
                                 "SeparateMonitor": 1 }] }] },
    "fci": { "instance": "INST1", "network_name": "SQLFCI", "addresses": ["10.0.0.50", "10.0.1.50"],
             "disks": ["Disk 1"],
             "HealthCheckTimeout": "1m", "FailureConditionLevel": 2, "mixed_mode": false,
             "storage_pool": true, "RegisterAllProvidersIP": 0, "HostRecordTTL": 300,
             "role": { "Priority": 3000, "resources": { "SQL Server (INST1)": { "RestartThreshold": 4 },
                                                        "sql ip address 2 (sqlfci)": { "SeparateMonitor": true } } },
             "ssisdb": { "in": "fci", "recovery": "20s", "accelerated_recovery": false } },
    "scale_out": { "failover": "separate",
      "role": { "name": "Master", "dns_host_name": "SSISM", "addresses": ["10.0.0.60", "10.0.1.60"],
                "RegisterAllProvidersIP": true, "HostRecordTTL": 60, "FailoverPeriod": 1,
                "resources": { "SSISM": { "PendingTimeout": 1000 } } },
      "master": { "port": 8392, "account": "CORP\\m", "start_type": "manual", "certificate": "master", "depends_on": ["SSISM"],
                  "RestartAction": 1,
                  "settings": { "DealWithExpiredTasksIntervalInMs": 60000 } },
      "workers": [{ "name": "W", "count": 2, "account": "CORP\\w", "start_type": "automatic", "sql": "2017",
                    "edition": "developer", "site": "B", "endpoint": "https://SSISM:8392",
                    "certificate": "worker",
                    "settings": { "MaxTaskCount": 5, "LeaseInternval": "2m" } },
                  { "name": "EXTRA", "endpoint": "https://ssism.corp.local:8392", "certificate": "worker" }] },
    "certificates": {
      "master": { "common_names": ["SSISM"], "not_after": "2030-01-01T00:00:00Z", "self_signed": false,
                  "thumbprint": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                  "installed": { "N*": ["Root+key"], "w1": ["Root"], "*": ["Root"] } },
      "worker": { "common_names": ["W1", "W2"], "not_before": "2029-01-01T00:00:00Z",
                  "not_after": "2030-01-01T00:00:00Z" } },
    "workload": {
      "batches": [{ "name": "nightly", "at": "23:30", "executions": 10, "duration": "90s", "retry_count": 2,
                    "days": ["friday", "monday"], "callers": 4, "workers": ["w2", "EXTRA"], "priority": 5,
                    "deadline": "04:00", "submitter": "external", "uses_instance": 0.5 }],
      "rates": [{ "name": "hourly", "per_hour": 120, "profile": { "18:00": 0.5, "00:00": 0.2, "08:00": 3 },
                  "duration": "30s", "retry_count": 1, "workers": ["W1"], "uses_instance": 0.25,
                  "submitter": "sql_agent", "deadline_after": "30m" }],
      "histories": [{ "name": "october", "file": "tests/negative/designs/artefacts/executions.csv",
                      "starts": "2026-10-05T00:00:00+02:00", "retry_count": 3, "workers": ["W1", "W2"],
                      "submitter": "sql_agent", "uses_instance": 0, "deadline_after": "2h" }] },
    "suppress": [{ "rule": "HB-003", "at": "/cluster", "reason": "one adapter team" }],
    "rule_severity": { "WORK-001": "note" },
    "parameters": { "sql_stop": { "uniform": ["1s", "2s"] }, "tcp_connect_timeout": "10s", "stealth_mode": 0,
                    "startup_stamping": false }
  })json");
}

json small_with_group() {
  json design = small();
  design["fci"] = json::parse(R"json({
    "mixed_mode": false,
    "ssisdb": { "in": "availability_group", "name": "AG", "recovery": "20s", "accelerated_recovery": false,
                "listener": { "name": "LSN", "port": 1533, "addresses": ["10.0.0.50", "10.0.1.50"],
                              "RegisterAllProvidersIP": 0, "HostRecordTTL": 300 },
                "replicas": [{ "node": "n1", "commit": "synchronous", "failover": "automatic", "log_login": true,
                               "master_key": true },
                             { "node": "N2", "commit": "synchronous", "failover": "manual", "hosted_by_fci": true,
                               "log_login": false, "master_key": false }],
                "LeaseTimeout": "4s", "HealthCheckTimeout": "45s", "FailureConditionLevel": 1,
                "SESSION_TIMEOUT": "5s", "failover_monitor_job": false } })json");
  return design;
}

DesignResult read(const json& design) {
  return read_design(design.dump(2), "small.json", REHEARSE_SOURCE_DIR);
}

std::string told(const DesignResult& result) {
  std::string text;
  for (const Diagnostic& diagnostic : result.diagnostics) text += to_text(diagnostic) + "\n";
  return text;
}

}  // namespace rehearse::model
