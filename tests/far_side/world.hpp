// The far side's machines as one value: Windows servers, the failover cluster that they form, the domain around them,
// SQL Server's instances and the SSISDB catalog. It is the tests' own picture of what Windows keeps, written from
// Microsoft's documentation (the facts sheets, W and S) and not from the scripts that it judges. What may be done to
// it is in the cmdlets; what happens by itself as time goes by is in clockwork.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/far_side/value.hpp"

namespace far_side {

using namespace std::chrono_literals;

using Span = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Span>;
/// By name, as Windows compares names.
template <class T>
using Named = std::map<std::string, T, NoCase>;
using Names = std::vector<std::string>;

struct AccessRule {
  std::string account;  // "BUILTIN\Administrators"
  std::string rights;   // "FullControl", "Read", ...
  bool allow = true;
  bool inherited = false;
};

/// A file or a folder, by its full path. A folder is an entry of its own.
struct FileEntry {
  bool folder = false;
  std::string bytes;
  std::vector<AccessRule> access;  // the rules of its own; inherited ones are found in the folders above
  bool protected_access = false;   // takes no rules from the folder above
  Instant written;
};

struct RegistryValue {
  std::string kind = "String";  // String, DWord, QWord, MultiString, Binary (bytes in `text`)
  std::string text;
  std::int64_t number = 0;
  Names list;
};
using RegistryKey = Named<RegistryValue>;

/// What services, certificates and setup leave on one machine.
struct Service {
  std::string display;
  std::string account = "LocalSystem";
  bool logon_fails = false;           // setup was given a wrong password
  std::string state = "Stopped";      // StartPending, Running, StopPending
  std::string start_type = "Manual";  // Automatic, Disabled
  Instant due;                        // when a pending state ends
  Named<std::string> settings;        // what a Scale Out service read from its settings file when it started
  std::optional<Instant> next_beat;   // when a Scale Out service next speaks to the catalog
};

struct StoredCertificate {
  std::string thumbprint;  // upper-case hex
  std::string der;
  std::string key_file;  // full path of the private key's container; empty: no private key
  bool exportable = false;
};

struct FirewallRule {
  std::string name, display, group, direction = "Inbound", action = "Allow", protocol = "Any", profile = "Any";
  std::string program = "Any", remote = "Any", interface_alias = "Any", remote_user = "Any";
  std::string package, owner;  // SIDs, of rules for apps in containers; empty: none
  Names ports;                 // "8391", "5000-5010", "Any"
  bool enabled = true;
};

struct ScheduledTask {
  std::string user, logon = "Password", execute, arguments;
  bool highest = false;
  std::string state = "Ready";  // Queued, Running, Disabled
  Instant due;                  // of a queued one
  std::optional<Instant> last_run;
  std::int64_t last_result = 267011;  // SCHED_S_TASK_HAS_NOT_RUN
};

struct Machine {
  std::string address;  // IPv4
  int prefix = 24;      // of its subnet
  bool on = true;
  Instant booted;
  std::optional<Instant> goes_down;  // a shutdown is under way
  std::optional<Instant> comes_up;   // after it
  bool restarts = false;             // whether the shutdown ends in a start
  Named<std::string> features;       // Installed, InstallPending, by name; absent: Available
  bool restart_pending = false;
  int missing_updates = 0;
  Named<Service> services;
  Named<FileEntry> files;                        // "C:\Windows\..."
  Named<RegistryKey> registry;                   // "HKEY_LOCAL_MACHINE\SOFTWARE\..."
  Named<std::vector<StoredCertificate>> stores;  // of LocalMachine: "My", "Root"
  std::vector<FirewallRule> rules;
  Named<ScheduledTask> tasks;  // by path and name: "\Rehearse"
};

// ---- the cluster

struct ClusterNode {
  int id = 0;
  std::string state = "Up";            // Down, Paused, Joining
  std::string drain = "NotInitiated";  // InProgress, Completed, Failed
  bool quarantined = false;
  bool paused = false;      // outlives a restart
  bool only_joins = false;  // started with -PreventQuorum
  bool stopping = false;    // its cluster service stops when its roles have left
  int weight = 1, dynamic_weight = 1;
  Instant due;                  // of joining
  Named<std::string> failback;  // roles that a drain moved away: where they came from is this node
};

struct ClusterResource {
  std::string type, group;
  std::string state = "Offline";  // Online, Failed, OnlinePending, OfflinePending
  bool wanted = false;            // PersistentState
  Instant due;
  std::vector<Instant> failures;  // within RestartPeriod
  std::optional<Instant> retry;   // of a failed one
  std::vector<Names> needs;       // all of these, each of which is any one of some: [A] and ([B] or [C])
  Names possible_owners;          // empty: every node
  Named<std::int64_t> common;     // RestartAction, ...: those that were set
  RegistryKey parameters;         // private properties
  bool core = false;
};

struct ClusterGroup {
  std::string type = "Unknown", owner, moving_to;
  Names preferred_owners;
  Named<std::int64_t> common;
  std::vector<Instant> failovers;
  bool core = false;
};

struct ClusterNetwork {
  std::string address, mask;
};

struct Cluster {
  std::string name, id;
  std::string witness;  // a resource; empty: none
  bool forced = false;
  Named<ClusterNode> nodes;
  Named<ClusterGroup> groups;
  Named<ClusterResource> resources;
  Named<ClusterNetwork> networks;
  Named<std::int64_t> common;  // those that were set
};

// ---- SQL Server

struct SqlLogin {
  std::string type;  // "WINDOWS_LOGIN", "WINDOWS_GROUP", "SQL_LOGIN"
  std::string password;
  bool system_administrator = false;
};

/// One row of catalog.worker_agents, by its AgentId (S 1.3).
struct WorkerAgent {
  std::string machine, account;
  bool enabled = false;
  Instant last_online;
};

struct SsisCatalog {
  std::string password;           // of its master key
  Named<std::string> properties;  // catalog.master_properties (S 1.8)
  Named<WorkerAgent> workers;
  Named<std::string> users;  // login of each user
  Named<Names> roles;        // users in ssis_admin, ...
};

struct SqlInstance {
  std::string instance;         // "MSSQLSERVER"
  std::string group, resource;  // of the cluster; empty: a stand-alone instance
  std::string server;           // the name that clients use, without the instance: network name, or machine
  std::string service, agent_service;
  int version = 15;
  Names nodes;  // machines where it is installed
  Names addresses;
  bool mixed_mode_wanted = false, mixed_mode = false;  // LoginMode in the registry, and what runs
  bool clr_enabled = false;
  bool startup_procedure = false;
  Named<SqlLogin> logins;
  std::optional<SsisCatalog> ssisdb;
};

// ---- everything

struct Domain {
  std::string name = "CORP", dns_name = "corp.example";
  Named<std::string> accounts;  // password of each: "CORP\svc-sql"
  Named<Names> groups;          // their members
  std::set<std::string, NoCase> computers;
  Named<Names> dns;                  // addresses of each host name
  Named<FileEntry> shares;           // UNC paths
  std::map<std::string, int> disks;  // shared disks that every node sees, and their size in GB; not yet in a cluster
};

struct FarWorld {
  Instant now;
  Domain domain;
  Named<Machine> machines;
  std::optional<Cluster> cluster;
  Named<SqlInstance> instances;       // by what clients call it: "SQLFCI", "SQLFCI\INST1"
  int sql_version = 15;               // of setup's media: SQL Server 2019
  bool setup_adds_telemetry = false;  // "SQL Server CEIP (INST)", which real setup puts into the role of an instance
  bool speaks_german = false;         // what Windows writes for people
  bool feature_wants_restart = true;  // Install-WindowsFeature Failover-Clustering asks for one
  std::uint64_t made = 0;             // identifiers given out
};

/// What the bare machines are given from outside.
struct BareMachines {
  struct One {
    std::string name;
    std::string address;
  };
  std::vector<One> machines;
  Instant now;
  Named<std::string> accounts;      // domain accounts with their passwords
  Named<Names> groups;              // domain groups with their members
  std::vector<std::string> shares;  // UNC paths of existing folders
  std::string media;                // folder of SQL Server's setup.exe, on every machine or a share
  std::map<std::string, int> disks = {{"disk 1", 100}};
};

/// Windows Server, joined to the domain, and nothing else.
FarWorld bare_world(const BareMachines& given);

/// A GUID of its own, without braces.
std::string new_guid(FarWorld& world);

/// Throws std::logic_error for a machine that is not part of the world.
Machine& machine_of(FarWorld& world, const std::string& name);
const Machine& machine_of(const FarWorld& world, const std::string& name);
/// The machine's name as the world spells it; empty without such a machine. Takes fully qualified names as well.
std::string machine_named(const FarWorld& world, const std::string& name);

}  // namespace far_side
