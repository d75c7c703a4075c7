// A design: what shall be built, as values. It states the intended end state; steps (model/steps) bring a platform
// there. The reader (design_reader.hpp) makes designs from JSON; nothing here knows about files except that each part
// remembers its place in its source, so that findings can point there.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/availability_group.hpp"
#include "model/diagnostic.hpp"
#include "model/parameters.hpp"
#include "model/units.hpp"
#include "model/workload.hpp"

namespace rehearse::model {

enum class WindowsVersion { v2012r2, v2016, v2019, v2022 };
enum class SqlVersion { v2017, v2019, v2022 };  // Scale Out exists from 2017 (S 8)
enum class Edition { standard, enterprise, developer };
std::string_view to_text(WindowsVersion version);
std::string_view to_text(SqlVersion version);
std::string_view to_text(Edition edition);

struct Node {
  std::string name;
  std::string site;
  bool physical = false;              // boots like a physical machine (behaviour.md 14)
  int weight = 1;                     // NodeWeight: 0 has no vote (W 2.1)
  std::vector<std::string> networks;  // it has a card on each; empty: on every network of its site and of no site
  Place place;
};

enum class NetworkRole { both, cluster, client };  // both: heartbeats and clients

struct Network {
  std::string name;
  std::string subnet;  // "10.0.0.0/24"
  std::string site;
  NetworkRole role = NetworkRole::both;
  Place place;
};

struct Witness {
  enum class Kind { none, disk, file_share, cloud };
  Kind kind = Kind::none;
  std::string path;  // the share, the disk's resource name, or the storage account
  std::string
      site;  // where the share's server or the disk stands; empty: a place of its own that no site link cuts off
  Place place;
};

/// What a resource's common properties say (W 3.3); absent: the default of the ledger.
struct ResourceSettings {
  std::optional<int> restart_action;     // 0, 1, 2
  std::optional<int> restart_threshold;  // restarts in place within restart_period
  std::optional<Duration> restart_period, restart_delay, retry_period_on_failure;
  std::optional<Duration> pending_timeout, deadlock_timeout;
  std::optional<Duration> looks_alive_interval, is_alive_interval;
  bool separate_monitor = false;
  friend bool operator==(const ResourceSettings&, const ResourceSettings&) = default;
};

/// What a role's (group's) properties say (W 4.2).
struct RoleSettings {
  int priority = 2000;                        // 3000 high, 2000 medium, 1000 low, 0 no auto start
  std::vector<std::string> preferred_owners;  // nodes, in order
  std::vector<std::string> possible_owners;   // nodes, for every resource of the role; empty: every node
  bool failback = false;                      // AutoFailbackType 1
  int failback_from = -1,
      failback_until = -1;     // FailbackWindowStart and End: hours of the cluster's local time; -1: at once
  int failover_threshold = 0;  // 0: nodes - 1
  std::optional<Duration> failover_period;
  std::vector<std::string> anti_affinity;             // AntiAffinityClassNames
  std::string preferred_site;                         // 2016 and later; empty: none
  std::map<std::string, ResourceSettings> resources;  // of resources that Setup or a wizard makes, by name
  Place place;
  friend bool operator==(const RoleSettings&, const RoleSettings&) = default;
};

enum class ResourceType { disk, address, name, generic_service };
std::string_view to_text(ResourceType type);  // "Physical Disk", "IP Address", "Network Name", "Generic Service"

/// A resource of a role that has nothing to do with SQL Server or Scale Out.
struct RoleResource {
  std::string name;
  ResourceType type = ResourceType::generic_service;
  /// All clauses, each satisfied by any one of its resources of the same role: W 3.4.
  std::vector<std::vector<std::string>> depends_on;
  std::string address;  // of an IP Address
  ResourceSettings settings;
  Place place;
};

/// A further role of the cluster: what else fails over, and competes for nodes.
struct Role {
  std::string name;
  RoleSettings settings;
  std::vector<RoleResource> resources;
  Place place;
};

struct Cluster {
  std::string name;
  std::vector<Node> nodes;
  std::vector<Network> networks;
  Witness witness;
  std::map<std::string, std::int64_t> properties;  // documented cluster properties by their own names and units (W 1.1)
  std::vector<Role> roles;                         // beside those of SQL Server and of the master
  std::string preferred_site;                      // cluster property PreferredSite, 2016 and later; empty: none
  Place place;
};

/// SSISDB in an availability group with a listener: every replica is a stand-alone instance on a node (S 4.2, W 10).
/// Its timeouts are in the ledger; its listener is the instance's network name, addresses and port below.
struct AvailabilityGroup {
  struct Replica {
    std::string node;
    CommitMode commit = CommitMode::synchronous;
    FailoverMode failover = FailoverMode::automatic;
    bool hosted_by_fci = false;
    bool log_login = true;   // the workers' log login is there with the same SID and password (S 4.2 step 6)
    bool master_key = true;  // the master key of SSISDB can be opened there (S 5, 22)
    Place place;
  };
  std::string name;
  std::vector<Replica> replicas;
  int port = 1433;                   // of the listener
  bool failover_monitor_job = true;  // SSIS Failover Monitor Job: S 1.7
  Place place;
};

/// The instance that holds SSISDB. With an availability group it is no failover cluster instance, but what is said here
/// of names and roles holds for the group's role with its listener.
struct FailoverClusterInstance {
  std::string instance = "MSSQLSERVER";
  std::optional<AvailabilityGroup> availability_group;
  std::string network_name;            // or the listener's name
  std::vector<std::string> addresses;  // one a subnet; several make an OR dependency (W 6.2)
  std::vector<std::string> disks;
  bool storage_pool = false;          // the disks come from a storage pool that is arbitrated: W 6.3
  bool accelerated_recovery = false;  // ADR of SSISDB, 2019 and later: W 7.4
  std::optional<bool>
      register_all_ips;                // RegisterAllProvidersIP; absent: as Setup does, on with several subnets (W 6.1)
  std::optional<Duration> record_ttl;  // HostRecordTTL; absent: the ledger's
  RoleSettings role;
  std::optional<Duration> health_check_timeout;  // W 7.1
  std::optional<int> failure_condition_level;    // 0..5, W 7.1
  std::optional<Distribution> ssisdb_recovery;   // after a crash; absent: the default of the ledger
  bool mixed_mode = true;                        // workers log with a SQL login unless told otherwise (S 5, 8)
  Place place;

  std::string role_name() const;                       // "SQL Server (MSSQLSERVER)"
  std::string sql_resource() const;                    // "SQL Server" or "SQL Server (INST1)": W 7.3
  std::string agent_resource() const;                  // "SQL Server Agent" or "SQL Server Agent (INST1)"
  std::string name_resource() const;                   // "SQL Network Name (SQLFCI)"
  std::string server_name() const;                     // what clients connect to: "SQLFCI" or "SQLFCI\INST1"
  std::vector<std::string> address_resources() const;  // "SQL IP Address 1 (SQLFCI)", one an address, in their order
};

/// MasterSettings.config, or the part of it that a design states (S 2). Defaults are the documented ones.
struct MasterSettings {
  int port = 8391;
  std::string certificate_thumbprint;  // 40 hex digits, upper case; empty: not stated
  std::string sql_server_name;         // empty: not stated
  Duration cleanup_interval = std::chrono::hours(12);
  Duration sweep_interval = std::chrono::minutes(5);
  Duration heartbeat_interval = std::chrono::seconds(30);
  Duration sql_connection_timeout = std::chrono::seconds(15);
  friend bool operator==(const MasterSettings&, const MasterSettings&) = default;
};

/// WorkerSettings.config, or the part of it that a design states (S 2). Defaults are the documented ones.
struct WorkerSettings {
  std::string endpoint;                       // "https://SQLFCI:8391"; empty: not stated
  std::string master_certificate_thumbprint;  // empty: not stated
  std::string worker_certificate_thumbprint;  // empty: not stated
  Duration agent_heartbeat_interval = std::chrono::minutes(1);
  Duration task_heartbeat_interval = std::chrono::seconds(10);
  Duration heartbeat_error_tolerance = std::chrono::minutes(10);
  Duration lease_interval = std::chrono::minutes(1);
  int max_task_count = 10;
  std::string agent_id;  // GUID; empty: not stated
  friend bool operator==(const WorkerSettings&, const WorkerSettings&) = default;
};

enum class Placement { joint, separate };
std::string_view to_text(Placement placement);

/// The Scale Out Master's own role in the separate placement (S 4.2).
struct MasterRole {
  std::string name;                      // the role, "SSIS Scale Out Master"
  std::string dns_host_name;             // its client access point
  std::vector<std::string> addresses;    // one a subnet; several make an OR dependency
  std::optional<bool> register_all_ips;  // RegisterAllProvidersIP; absent: the cluster's default, off (W 6.1)
  std::optional<Duration> record_ttl;    // HostRecordTTL; absent: the ledger's
  RoleSettings settings;
  Place place;

  const std::string& name_resource() const { return dns_host_name; }
  std::vector<std::string> address_resources() const;  // "IP Address 10.0.0.60", one an address, in their order
};

/// Anything but an "NT Service\\" virtual account, which is the one that Setup proposes where none is stated (S 4.3).
bool is_domain_account(std::string_view account);

struct Master {
  std::string account;                  // "NT Service\\SSISScaleOutMaster150" or "CORP\\svc-ssis"
  std::string certificate;              // key in Design::certificates
  std::vector<std::string> depends_on;  // resource names; empty: the sensible default of the placement (W 11, 3)
  int restart_action = 2;               // W 3.3
  MasterSettings settings;
  std::map<std::string, MasterSettings> settings_by_node;  // real files, or stated per node; overrides `settings` there
  Place place;

  bool uses_domain_account() const { return is_domain_account(account); }
};

struct WorkerPool {
  std::string name;  // workers are name1 .. nameN when count > 1 was stated or counted; name alone when count is absent
  int count = 1;
  bool numbered = false;
  std::string account;
  std::string site;         // where its machines stand; empty: at the site of the first node
  std::string certificate;  // key in Design::certificates; each worker has its own copy with its own key
  WorkerSettings settings;
  Place place;

  std::vector<std::string> worker_names() const;
};

struct ScaleOut {
  Placement placement = Placement::joint;
  std::optional<MasterRole> role;  // separate only
  Master master;
  std::vector<WorkerPool> workers;
  Place place;
};

/// One X.509 certificate that the design speaks of, from a file or from stated values.
struct Certificate {
  /// Where copies lie: "Root", "Root+key", "My+key" on hosts matched by `host` (a trailing '*' matches any ending).
  struct Installed {
    std::string host;
    std::vector<std::string> stores;
  };
  std::string key;                        // its name in the design: "master"
  std::vector<std::string> common_names;  // subject CNs and subject alternative names, as written
  Date not_before{}, not_after{};
  std::string thumbprint;  // SHA-1 of the DER form, 40 upper-case hex digits; empty: known after apply
  bool self_signed = true;
  std::vector<Installed> installed;  // empty: where the article's steps put it
  Place place;
};

struct Design {
  std::string name;
  WindowsVersion windows = WindowsVersion::v2019;
  SqlVersion sql = SqlVersion::v2019;
  Edition edition = Edition::enterprise;
  std::string time_zone = "UTC";  // IANA name
  Cluster cluster;
  FailoverClusterInstance fci;
  ScaleOut scale_out;
  std::vector<Certificate> certificates;
  std::vector<Batch> batches;
  std::vector<Rate> rates;
  std::vector<History> histories;
  Parameters parameters;  // defaults by version (defaults.hpp), then what the design gives
  std::string file;       // as named by the user; empty when not from a file

  const Certificate* find_certificate(std::string_view key) const;
  const Node* find_node(std::string_view name) const;
  std::vector<std::string> worker_names() const;  // all pools, in order
  const MasterSettings& master_settings(const std::string& node) const;
  std::string master_service() const;    // "SSISScaleOutMaster150": S 2
  std::string worker_service() const;    // "SSISScaleOutWorker150"
  std::string master_resource() const;   // the Generic Service resource's name
  std::string master_role_name() const;  // the role that holds it, by placement
  /// What the master resource needs: as stated, else in the joint placement SQL Server and its network name (W 11, 3);
  /// empty: what the role wizard sets in the separate placement, the role's own network name.
  std::vector<std::string> master_dependencies() const;
  std::string master_host_name() const;  // the name workers shall connect to, by placement
  /// The nodes' sites, in the order in which nodes name them, then the witness's; nodes without one share the site "".
  std::vector<std::string> sites() const;
  /// Every role by name: of the instance, of the master (separate placement), then the others.
  std::vector<std::string> role_names() const;
  /// The resources that Setup and the steps make, by name: in the role of SQL Server (in the joint placement with the
  /// master), and in the master's own role (empty in the joint placement).
  std::vector<std::string> instance_resources() const;
  std::vector<std::string> master_role_resources() const;
};

}  // namespace rehearse::model
