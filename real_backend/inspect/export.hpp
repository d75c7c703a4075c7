// What an exported deployment says, as values: the cluster as its cmdlets tell it, each machine as it tells itself, and
// SSISDB as its catalog tells it. Nothing is judged here; what it means for a design is the matter of inspection.hpp.
// Everything remembers where it stands in the files of the export, so that whatever is said about it can point there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/diagnostic.hpp"

namespace rehearse::real {

/// A place in one of the files of an export.
struct Spot {
  std::string file;
  model::Place place;
};

/// An enumeration of Windows: versions disagree about names or about numbers, never about both.
struct Enumerated {
  std::optional<std::int64_t> number;
  std::string text;
};

/// One property of a cluster, role or resource, by Windows' own name. monostate: null, or its value is not exported
/// because it is not known to hold no secret.
struct Property {
  using Value = std::variant<std::monostate, bool, std::int64_t, std::string, std::vector<std::string>>;
  std::string name;
  Value value;
  bool withheld = false;
  bool empty = true;  // of one that is withheld: whether it holds anything
  Spot spot;
};

/// A list of properties; names are compared as Windows compares them, without case.
struct Properties {
  std::vector<Property> all;

  const Property* find(std::string_view name) const;
  /// A number, also of a property that holds true or false; nullopt: not there, or something else.
  std::optional<std::int64_t> number(std::string_view name) const;
  /// nullopt: not there, or no text.
  std::optional<std::string> text(std::string_view name) const;
};

struct ExportedNode {
  std::string name;
  std::int64_t id = 0;
  std::int64_t weight = 1;
  std::int64_t build = 0;  // of Windows: 17763
  Enumerated state;
  Spot spot;
};

struct ExportedNetwork {
  std::string name, address, mask;  // both empty: the network has no IPv4
  Enumerated role;                  // 0 none, 1 cluster only, 2 clients only, 3 both
  Spot spot;
};

struct ExportedInterface {
  std::string node, network, address;
  Spot spot;
};

/// What Windows Server 2016 and later know of racks and sites. The type's text counts: "Node", "Chassis", "Rack",
/// "Site".
struct ExportedFaultDomain {
  std::string name, parent;  // no parent: empty
  Enumerated type;
  Spot spot;
};

struct ExportedGroup {
  std::string name;
  bool core = false;  // the cluster's own: "Cluster Group", "Available Storage"
  std::string owner;
  Enumerated state;
  Properties properties;
  std::vector<std::string> preferred_owners;
  Spot spot;
};

struct ExportedResource {
  std::string name, type, group;
  bool core = false;
  Enumerated state;
  std::vector<std::string> possible_owners;
  std::string dependency;  // as Windows writes it; empty: needs nothing
  Properties properties;   // common ones (W 3.3)
  Properties parameters;   // private ones, of its type
  Spot spot;
};

struct ExportedCluster {
  std::string name;
  Properties properties;
  std::vector<ExportedNode> nodes;
  std::vector<ExportedNetwork> networks;
  std::vector<ExportedInterface> interfaces;
  std::optional<std::vector<ExportedFaultDomain>> fault_domains;  // nullopt: this Windows knows none
  std::string quorum_resource;                                    // empty: no witness
  Enumerated quorum_type;
  Spot quorum_spot;
  std::vector<ExportedGroup> groups;
  std::vector<ExportedResource> resources;
  Spot spot;
};

struct ExportedService {
  std::string name, display_name, start_mode, state, account;  // start_mode: "Auto", "Manual", "Disabled"
  Spot spot;
};

/// The folder of a Scale Out service and the settings file in it.
struct ExportedSettings {
  std::string service;               // "SSISScaleOutMaster150"
  std::optional<std::string> bytes;  // nullopt: there is no such file
  Spot spot;
};

struct ExportedCertificate {
  std::string store;  // "Root" or "My", of LocalMachine
  bool has_private_key = false;
  std::string der;
  Spot spot;
};

/// What http.sys presents on a port.
struct ExportedBinding {
  std::string endpoint;    // "0.0.0.0:8391"
  std::string thumbprint;  // 40 upper-case hex digits
  std::string store;       // as the binding names it
  Spot spot;
};

struct ExportedPort {
  std::int64_t port = 0;
  bool open = false;  // for everybody on the domain's networks
  Spot spot;
};

struct ExportedInstance {
  std::string instance, version, edition;
  std::optional<std::int64_t> login_mode;  // 2: mixed mode
  Spot spot;
};

struct ExportedMachine {
  std::string name;
  std::int64_t build = 0;
  std::string time_zone;  // Windows' name: "Romance Standard Time"
  std::string manufacturer, model;
  bool hypervisor = false;             // one is running: the machine is a virtual one, or hosts some
  std::vector<std::string> addresses;  // IPv4
  std::vector<ExportedService> services;
  std::vector<ExportedSettings> master_settings, worker_settings;
  std::vector<ExportedCertificate> certificates;
  std::vector<ExportedBinding> bindings;
  std::vector<ExportedPort> ports;
  std::vector<ExportedInstance> instances;
  bool certificates_known = true;  // false: the export says why not, among its gaps
  bool bindings_known = true;
  bool services_known = true;
  Spot spot;
};

struct ExportedReplica {
  std::string server;                 // "SQL1" or "SQL1\\INST1"
  std::string commit;                 // "SYNCHRONOUS_COMMIT", "ASYNCHRONOUS_COMMIT", "CONFIGURATION_ONLY"
  std::string failover;               // "AUTOMATIC", "MANUAL", "EXTERNAL"
  std::int64_t session_timeout = 10;  // seconds
  std::optional<bool> log_login, master_key;
  Spot spot;
};

struct ExportedAvailabilityGroup {
  std::string name;
  std::string listener;  // empty: none
  std::int64_t port = 0;
  std::vector<ExportedReplica> replicas;
  std::optional<bool> monitor_job;
  Spot spot;
};

struct ExportedWorkerAgent {
  std::string id, machine;
  bool enabled = false;
  Spot spot;
};

struct ExportedSsisdb {
  std::string server;    // as connected to
  std::string instance;  // "MSSQLSERVER" or "INST1"
  std::string version, edition;
  std::optional<bool> windows_only, accelerated_recovery;
  std::optional<ExportedAvailabilityGroup> group;
  std::optional<std::string> master_address;  // catalog.master_properties
  std::optional<std::vector<ExportedWorkerAgent>> workers;
  Spot spot;
};

/// What the export should hold and does not, in the words of the script.
struct ExportGap {
  std::string what, why;
  Spot spot;
};

struct Export {
  std::optional<ExportedCluster> cluster;
  std::vector<ExportedMachine> machines;
  std::optional<ExportedSsisdb> ssisdb;
  std::vector<ExportGap> gaps;
  std::vector<std::string> files;

  const ExportedMachine* machine(std::string_view name) const;
};

}  // namespace rehearse::real
