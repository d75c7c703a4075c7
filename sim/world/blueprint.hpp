// The immutable table beside a world: what the design names, numbered once, with every string and every sampler. Worlds
// that are copies of each other share one Blueprint, so a world itself is flat numbers.
//
// The Blueprint says what can exist (the design's intended end state); the State says what of it exists now.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/arrival_rate.hpp"
#include "model/design.hpp"
#include "sim/core/random.hpp"
#include "sim/core/sampler.hpp"
#include "sim/world/draw_streams.hpp"
#include "sim/world/ids.hpp"

namespace rehearse::world {

enum class HostKind : std::uint8_t { cluster_node, worker_machine, witness_server, cloud_witness };

struct HostPlan {
  std::string name;
  HostKind kind = HostKind::cluster_node;
  bool physical = false;
  SiteIndex site = none;    // none: a place of its own that no site link cuts off
  std::uint64_t cards = 1;  // of a node: a bit for each network it has a card on; of other machines: one card, bit 0
  std::uint64_t client_cards = 1, heartbeat_cards = 1;  // of these: those that carry such traffic
};

struct NetworkPlan {
  std::string name;
  SiteIndex site = none;
  bool heartbeats = true, clients = true;
};

enum class ResourceKind : std::uint8_t {
  disk,
  address,
  name,
  sql_server,
  sql_agent,
  generic_service,
  availability_group
};
std::string_view to_text(ResourceKind kind);

/// A dependency expression (W 3.4): every resource of `all` and one of each non-empty set of `any` must be online. Bits
/// are places in the role: resource index less the role's first.
struct Needs {
  static constexpr std::size_t most_choices = 3;
  std::uint64_t all = 0;
  std::array<std::uint64_t, most_choices> any{};

  std::uint64_t mentioned() const { return all | any[0] | any[1] | any[2]; }
  bool met_by(std::uint64_t online) const {
    const auto chosen = [&](std::uint64_t set) { return set == 0 || (set & online) != 0; };
    return (all & ~online) == 0 && chosen(any[0]) && chosen(any[1]) && chosen(any[2]);
  }
  friend bool operator==(const Needs&, const Needs&) = default;
};

/// A resource's common properties, resolved (W 3.3).
struct ResourcePolicy {
  int restart_action = 2;
  int restart_threshold = 1;
  Duration restart_period{}, restart_delay{}, retry_period{};  // retry_period max: never
  Duration pending_timeout{}, deadlock_timeout{};
  Duration looks_alive{}, is_alive{};
  bool separate_monitor = false;
};

struct ResourcePlan {
  std::string name;
  ResourceKind kind = ResourceKind::disk;
  GroupIndex group = 0;
  Needs setup_needs;            // dependencies that SQL Setup or the role wizard creates
  NetworkIndex network = none;  // of an address; none: on whatever card clients use
  ResourcePolicy policy;
};

/// A role's properties, resolved (W 4.2).
struct GroupPolicy {
  int priority = 2000;
  std::vector<int> preferred_owners;
  std::uint64_t possible_owners = ~std::uint64_t{0};
  std::vector<GroupIndex> avoids;  // roles that share an anti-affinity class name
  std::uint64_t preferred_site = 0;
  bool failback = false;
  int failback_from = -1, failback_until = -1;
  int failover_threshold = 0;
  Duration failover_period{};
};

struct GroupPlan {
  std::string name;
  ResourceIndex first = 0, count = 0;  // its resources, at most 64
  std::string host_name;               // the client access point's network name; empty: it has none
  std::vector<ResourceIndex> addresses;
  ResourceIndex name_resource = none;
  bool register_all = false;  // RegisterAllProvidersIP
  Duration record_ttl{};      // HostRecordTTL
  GroupPolicy policy;
};

struct WorkerPlan {
  std::string name;
  HostIndex host = 0;
  std::uint32_t pool = 0;
  WorkerIndex row = 0;          // the first worker of the same AgentId: they share one row of worker_agents (S 1.3)
  std::vector<WorkerSet> sets;  // that it belongs to, ascending; the first is 0: any worker
};

/// Where an endpoint leads: to the client access point of a role, to a machine of that name, or nowhere.
struct EndpointPlan {
  std::string host;  // empty: the text is no endpoint
  int port = 0;
  GroupIndex role = none;
  HostIndex machine = none;
};

/// Where a SqlServerName leads: to the role of SQL Server, to a machine of that name, to a port where nobody answers,
/// or nowhere because no name server knows it.
struct SqlNamePlan {
  enum class Leads : std::uint8_t { nowhere, to_silence, to_role, to_machine };
  Leads leads = Leads::nowhere;
  HostIndex machine = none;
};

struct CertificatePlan {
  std::vector<std::string> names;  // CNs and alternative names
  std::string thumbprint;          // empty: made up from the number (certificates that steps create)
  std::string design_key;          // "master", "worker"
};

/// One execution of a history, on the world's clock.
struct Arrival {
  Time at{};
  Duration run{};
  std::int32_t retry_count = 0;
};

/// A source of executions, with its calendar already put on the world's clock: a batch, a rate or a history.
struct BatchPlan {
  enum class Kind : std::uint8_t { batch, rate, history };
  std::string name;
  Kind kind = Kind::batch;
  std::uint32_t executions = 0;  // of a batch: each day
  std::uint32_t callers = 1;     // of a batch: how many call create_execution side by side
  std::int32_t retry_count = 0;
  model::Submitter submitter = model::Submitter::sql_agent;
  double uses_instance = 0;
  WorkerSet workers = 0;
  core::Sampler duration;
  std::vector<model::RateStep> rate;          // of a rate
  std::vector<Arrival> arrivals;              // of a history, ascending
  Duration deadline_after = Duration::max();  // of a rate or history; max: none
  std::vector<Time> starts;                   // of a batch: within the horizon, ascending
  std::vector<Time> deadlines;                // one a start; core::never where the design states none
};

/// How drawn durations are taken: a draw each, or every duration at one quantile of its distribution. Phases, package
/// durations and lock holds are drawn in every mode: they are the night itself, not the speed of the machinery.
enum class Pace : std::uint8_t { drawn, median, p95 };

/// Nobody has published how long Setup makes its certificates valid (S 9, 8): long enough to be no subject of a
/// rehearsal.
inline constexpr Duration setup_certificate_validity = std::chrono::hours(24 * 365 * 20);

class Blueprint {
 public:
  /// Numbers the design. `start` maps time 0 to the calendar; batches are laid out over [start, start + horizon].
  /// The design must have been accepted by the reader and by `unsupported`. `further_texts`: strings that settings
  /// files may come to hold although the design does not lead to them.
  Blueprint(const model::Design& design, Date start, Duration horizon,
            const std::vector<std::string>& further_texts = {});

  /// What of the design this version's world does not model, each as a finding with a remedy; empty: all of it.
  static std::vector<model::Diagnostic> unsupported(const model::Design& design);

  const model::Design& design() const { return design_; }
  /// The end of what is rehearsed.
  Time horizon() const { return Time(horizon_); }
  const model::Parameters& parameters() const { return design_.parameters; }
  Date start() const { return start_; }
  Date date_at(Time time) const { return start_ + time.time_since_epoch(); }
  Time time_at(Date date) const { return Time(date - start_); }

  std::vector<HostPlan> hosts;
  std::uint32_t node_count = 0;
  std::uint64_t voters = 0;          // nodes of NodeWeight 1
  std::uint64_t preferred_site = 0;  // nodes of the cluster's PreferredSite
  HostIndex witness_host = none;     // of a file share or cloud witness
  model::Witness::Kind witness = model::Witness::Kind::none;
  SiteIndex witness_site = none;
  std::vector<std::string> sites;
  std::vector<NetworkPlan> networks;
  std::vector<GroupPlan> groups;
  std::vector<GroupIndex> start_order, drain_order;  // of the roles, by their priorities (W 4.2)
  std::vector<ResourcePlan> resources;
  std::vector<WorkerPlan> workers;
  std::vector<std::vector<WorkerIndex>> worker_sets;  // ascending; set 0, any worker, is written as the empty one
  std::vector<CertificatePlan> certificates;
  std::vector<BatchPlan> batches;
  /// Setup and administrators make a certificate for each worker's machine, as in reality (S 3). Else the workers of a
  /// pool share the design's one, so that a fault can name it.
  bool personal_certificates = false;
  TextIndex designed_endpoint = none;  // of the first pool of workers
  TextIndex master_endpoint = none;    // what the master's own name and port come to
  std::uint32_t slots_per_worker = 0;  // the most that any worker's MaxTaskCount allows
  GroupIndex sql_group = 0, master_group = 0;
  /// With SSISDB in an availability group, sql_resource is the group's, and Agent is no resource of the cluster.
  ResourceIndex sql_resource = none, agent_resource = none, master_resource = none;
  /// Nodes with a replica, 0: there is no availability group; of these the ones of synchronous commit, of automatic
  /// failover, and hosted by a failover cluster instance.
  std::uint64_t replicas = 0, synchronous = 0, automatic = 0, on_fci = 0;

  const core::Sampler& sampler(model::Timing timing) const { return samplers_[static_cast<std::size_t>(timing)]; }

  /// Strings that settings files and properties may hold, numbered. `find_text` gives `none` for a string that the
  /// design does not lead to.
  TextIndex find_text(std::string_view text) const;
  const std::string& text(TextIndex index) const { return texts_[index]; }
  /// Such a string read as a worker's endpoint.
  const EndpointPlan& endpoint(TextIndex text) const { return endpoints_[text]; }
  /// Whether the certificate is made out to the host of that endpoint (S 3).
  bool certifies(CertificateIndex certificate, TextIndex endpoint) const { return certified_[certificate][endpoint]; }
  /// Such a string read as a master's SqlServerName.
  const SqlNamePlan& sql_name(TextIndex text) const { return sql_names_[text]; }

  /// The role-local bit of a resource.
  std::uint64_t place(ResourceIndex resource) const { return bit(resource - groups[resources[resource].group].first); }
  /// Nodes of a site.
  std::uint64_t nodes_at(SiteIndex site) const;

  HostIndex find_host(std::string_view name) const;
  GroupIndex find_group(std::string_view name) const;
  ResourceIndex find_resource(std::string_view name) const;
  WorkerIndex find_worker(std::string_view name) const;
  CertificateIndex find_certificate(std::string_view design_key) const;
  NetworkIndex find_network(std::string_view name) const;
  SiteIndex find_site(std::string_view name) const;

  std::string name_of(PartId part) const;
  /// The name under which it draws: a node and a worker may carry one name, and the part keeps them apart.
  std::string draws_as(PartId part) const;
  core::Stream stream(PartId part, model::Timing timing) const;
  core::Stream stream(PartId part, std::string_view purpose) const;

 private:
  void lay_out_networks();
  void lay_out_cluster();
  void lay_out_sql_role();
  void lay_out_master_role();
  void lay_out_other_roles();
  ResourceIndex add_resource(std::string name, ResourceKind kind, Needs needs);
  /// Everything of the role that only its resources' final numbers tell.
  void finish_role(GroupIndex group, const model::RoleSettings& settings);
  NetworkIndex network_of(const std::string& address) const;
  std::uint64_t mask_of_nodes(const std::vector<std::string>& names) const;
  void lay_out_scale_out();
  void lay_out_sources();
  BatchPlan plan_of(const model::WorkloadSource& source, BatchPlan::Kind kind, const core::Sampler& duration);
  WorkerSet worker_set(const std::vector<std::string>& names);
  void lay_out_endpoints();
  SqlNamePlan sql_name_of(const std::string& text) const;
  TextIndex intern(std::string_view text);

  model::Design design_;
  Date start_;
  Duration horizon_;
  std::vector<core::Sampler> samplers_;
  std::vector<std::string> texts_;
  std::vector<EndpointPlan> endpoints_;       // by text
  std::vector<SqlNamePlan> sql_names_;        // by text
  std::vector<std::vector<bool>> certified_;  // by certificate, then by text
  DrawStreams streams_;
};

}  // namespace rehearse::world
