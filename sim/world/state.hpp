// Everything that is true in the simulated world at an instant, as flat vectors of trivially copyable parts: a copy of
// it is the same world. It changes only through `apply`, one record at a time. Timers and the phases of periodic work
// are not in it (they live beside it in the World), so two worlds that get here by different roads compare equal.
#pragma once

#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

#include "model/availability_group.hpp"
#include "model/handshake.hpp"
#include "model/quorum.hpp"
#include "model/restart_policy.hpp"
#include "model/task_lease.hpp"
#include "sim/world/blueprint.hpp"
#include "sim/world/record.hpp"

namespace rehearse::world {

enum class ClusterService : std::uint8_t { absent, stopped, starting, up };
enum class Process : std::uint8_t { absent, stopped, running, hung };

/// Of a machine's Windows updates; `installed` ones are `active` after the next start.
enum class Patches : std::uint8_t { missing, installed, active };

/// What MasterSettings.config holds, or what a process has read from it (S 2).
struct MasterSettingsState {
  std::int32_t port = 8391;
  CertificateIndex certificate = none;
  TextIndex sql_server_name = none;
  Duration cleanup{}, sweep{}, heartbeat{}, sql_timeout{};
  friend bool operator==(const MasterSettingsState&, const MasterSettingsState&) = default;
};

/// A machine; the second half is about cluster nodes only.
struct HostState {
  bool powered = false, booting = false;
  bool frozen = false;           // nothing on it runs; for the others it is gone
  bool hung = false;             // its user-mode processes stand still
  std::uint64_t cards_down = 0;  // as HostPlan::cards
  std::uint64_t side = 0;        // a bit for each partition that cuts it off: only hosts with equal masks meet
  std::uint32_t loss = 0;        // packets lost on its way, per million
  Duration latency{};            // added to each way
  bool firewall_master = false, firewall_sql = false;
  std::uint8_t blocked = 0;              // a bit for each Port that a firewall on the way closes
  bool root_polluted = false;            // a certificate of somebody else, not self-signed, lies in its Root
  Duration clock_offset{};               // its clock is ahead of the true time
  RecordId cut_by = 0;                   // what last took it off the network or brought it back
  RecordId certificates_changed_by = 0;  // its stores and bindings
  std::uint32_t boots = 0;
  Patches patches = Patches::missing;

  bool feature = false, sql_installed = false;
  ClusterService service = ClusterService::absent;
  StartMode start_mode = StartMode::usual;
  Leaving leaving = Leaving::stays;
  Drain drain = Drain::not_initiated;
  std::uint32_t service_starts = 0, regroups = 0;
  std::uint64_t silent = 0;              // peers it has given up
  std::uint64_t epoch = 0;               // the newest membership it took part in
  RecordId left_by = 0;                  // of its cluster service, when it last ended
  model::SlidingWindow departures;       // from the membership, whatever the reason: quarantine counts them
  Time quarantined_until = core::never;  // never: it is not quarantined
  bool tempdb_missing = false;

  Process master = Process::absent;
  bool master_automatic = false, master_connected = false;
  std::uint32_t master_starts = 0;
  ConnectFailure master_refusal = ConnectFailure::connects;  // why it is not connected
  RecordId master_changed_by = 0;  // what last started, ended, hung, connected or disconnected it
  TextIndex master_account = none;
  Time master_last_online = core::never;  // LAST_ONLINE_TIME while it is not connected
  MasterSettingsState master_file;        // MasterSettings.config
  MasterSettingsState master_settings;    // what the process has read from it when it started
  CertificateIndex binding = none;
  std::int32_t binding_port = 0;
  friend bool operator==(const HostState&, const HostState&) = default;
};

struct ClusterState {
  bool created = false;
  /// The quorate partition as its last regroup left it: a node that died or gave up counts until the others remove it.
  std::uint64_t members = 0;
  /// After a forced quorum: the nodes of the former partition that go on without having learnt of it.
  std::uint64_t rival = 0;
  std::uint64_t epoch = 0;
  HostIndex core_owner = none;     // of the Cluster Group
  HostIndex witness_owner = none;  // the node whose side holds the witness
  std::uint64_t configured = 0;    // nodes of the cluster
  std::uint64_t validated = 0;     // nodes of the last validation report
  std::uint64_t paused = 0;        // nodes that take no roles
  bool forced = false;             // FixQuorum: it needs no majority (W 2.4)
  bool witness_failed = false;     // its resource has failed; the vote is off until it is back
  std::uint64_t cut_links = 0;     // pairs of sites, by `site_pair`
  bool directory_refuses = false, dns_stopped = false;
  std::uint8_t expired_passwords = 0;  // a bit for each Account
  RecordId network_changed_by = 0;     // a site link, or the name services
  model::VoteState votes;
  friend bool operator==(const ClusterState&, const ClusterState&) = default;
};

enum class ResourceStatus : std::uint8_t { absent, offline, online_pending, online, offline_pending, failed };

struct ResourceState {
  ResourceStatus status = ResourceStatus::absent;
  bool stuck = false;             // an entry point does not return
  bool separate_monitor = false;  // it has a resource host of its own
  bool pool_arbitrates = false;   // of a disk
  bool taken = false;             // of an address: another machine uses it
  bool restart_waiting = false;   // RestartDelay is running
  bool held = false;              // an operator took it offline: it stays so, through moves too (PersistentState)
  bool given_up = false;          // beyond the limits: until RetryPeriodOnFailure or an operator
  bool unclean = false;           // the last end was not a clean offline: disks arbitrate, SQL Server recovers
  std::uint8_t restart_action = 2;
  std::uint8_t failure = 0;  // FailureReason, while it is failed
  Needs needs;               // W 3.4
  /// Where it is, whatever the cluster database says: the node that holds the disk's reservation, the nodes whose cards
  /// carry the address. Of other types unused.
  std::uint64_t at = 0;
  RecordId reserved_by = 0;   // of a disk: since when
  std::uint64_t cut = 0;      // of a disk: nodes without a path to it
  std::int32_t slow = 100;    // of a disk: percent of the usual times
  std::uint32_t onlines = 0;  // times it was brought online: ordinal of its draws
  Time online_since = core::never;
  Time pending_since = core::never;
  RecordId changed_by = 0;
  model::SlidingWindow restarts;
  friend bool operator==(const ResourceState&, const ResourceState&) = default;
};

struct GroupState {
  bool exists = false, wanted = false;  // PersistentState
  HostIndex owner = none;
  HostIndex target = none;  // a move is under way
  MoveCause move_cause = MoveCause::planned;
  HostIndex drained_from = none;  // where it ran before a drain
  bool waits = false;             // ClusterGroupWaitDelay is running
  std::uint32_t moves = 0;
  std::uint64_t registered = 0;      // addresses of its name in DNS, as last registered
  bool replication_stopped = false;  // what it registers reaches no name server
  RecordId changed_by = 0;
  model::SlidingWindow failovers;
  friend bool operator==(const GroupState&, const GroupState&) = default;
};

/// The SQL Server process of the instance and the SSISDB database in it.
struct InstanceState {
  Process sql = Process::absent;
  HostIndex node = none;
  bool ssisdb_exists = false, ssisdb_open = false;
  bool suspect = false;             // SSISDB's recovery fails
  bool authentication_off = false;  // SQL logins are refused: packages run, their messages are lost (S 5, 8)
  bool log_login_orphaned = false;  // the same for the one login that workers log with (S 4.3)
  std::uint8_t errors = 0;          // a bit for each Component in error
  Time errors_since = core::never;  // the last of them began
  std::int32_t slow = 100;          // percent of the usual recovery
  bool scale_out_enabled = false, log_login = false, startup_procedure = false;
  std::uint32_t recoveries = 0;
  RecordId changed_by = 0;         // what last opened or closed SSISDB, or ended or hung the process
  Time last_result = core::never;  // of sp_server_diagnostics, when it hangs
  TextIndex master_address = none;
  friend bool operator==(const InstanceState&, const InstanceState&) = default;
};

/// A replica of the availability group: the stand-alone SQL Server on the node of the same number (W 10). InstanceState
/// is about the primary: its node, its process while it is the primary, and SSISDB there.
struct ReplicaState {
  Process sql = Process::absent;
  bool starting = false;  // its service is being started
  model::ReplicaRole role = model::ReplicaRole::resolving;
  bool session = false;                    // with the primary, as the primary sees it
  std::uint32_t starts = 0, sessions = 0;  // ordinals of draws
  Time behind_since = core::never;         // not SYNCHRONIZED
  Time lease_renewed = core::never;        // the last time; never: it is renewed, or there is no lease
  bool log_login = false, master_key = false;
  RecordId changed_by = 0;
  friend bool operator==(const ReplicaState&, const ReplicaState&) = default;
};

/// What the cluster database and SSISDB say about the availability group.
struct AvailabilityState {
  HostIndex primary = none;        // the last one
  std::uint64_t synchronized = 0;  // replicas that are failover ready, the last primary among them
  std::uint64_t suspended = 0;     // whose data movement stands since a forced failover
  HostIndex forced = none;         // an operator lets it become the primary whatever it lacks
  HostIndex startup_on = none;     // internal.alwayson_support_state: the primary that catalog.startup has run on
  bool commits_wait = false;
  friend bool operator==(const AvailabilityState&, const AvailabilityState&) = default;
};

/// A worker's connection to its master. broken: the peer vanished and the worker has not called since.
enum class Line : std::uint8_t { closed, broken, hanging, connecting, open };

/// What WorkerSettings.config holds, or what a process has read from it (S 2).
struct WorkerSettingsState {
  TextIndex endpoint = none;
  CertificateIndex master_certificate = none, worker_certificate = none;
  Duration agent_heartbeat{}, task_heartbeat{}, tolerance{}, lease{};
  std::int32_t max_tasks = 0;
  friend bool operator==(const WorkerSettingsState&, const WorkerSettingsState&) = default;
};

/// A worker, with the settings that its process has read when it started.
struct WorkerState : WorkerSettingsState {
  WorkerSettingsState file;  // WorkerSettings.config
  Process service = Process::absent;
  Line line = Line::closed;
  HostIndex peer = none;  // node at the other end
  std::uint32_t peer_process = 0;
  bool registered = false, enabled = false;  // its row in worker_agents, if it is the first of its AgentId
  bool knows_enabled = false;
  bool reporting = false;                                               // its heartbeats reach the catalog and count
  model::HandshakeOutcome refusal = model::HandshakeOutcome::accepted;  // of the last attempt
  model::HandshakeOutcome lurking = model::HandshakeOutcome::accepted;  // what a second connection would meet
  bool second_refused = false;                                          // and has met
  bool disk_full = false;
  std::uint32_t unsent = 0;  // executions whose messages wait on its disk
  Time attempt_since = core::never;
  std::uint32_t attempts = 0, service_starts = 0, pulls = 0;
  Time last_online = core::never;  // LastOnlineTime while it is not reporting; never: not once
  RecordId changed_by = 0;
  TextIndex account = none;
  std::uint64_t resolved = 0;            // the addresses that its last question to DNS brought
  Time resolved_until = core::at_start;  // it asks again from then on
  bool key_access = false;
  std::int32_t held = 0;
  friend bool operator==(const WorkerState&, const WorkerState&) = default;
};

/// A package run in a worker's slot. The catalog does not know runs; the same task may have two.
struct RunState {
  enum class Phase : std::uint8_t { empty, running, finished };
  Phase phase = Phase::empty;
  bool succeeded = false, killed = false;
  bool lease_frozen = false;  // heartbeats do not arrive: ExpiredTime stands in the task's row
  bool renewal_refused = false;
  bool doomed = false;  // it cannot start: it will end as failed
  TaskIndex task = none;
  std::int32_t attempt = 0;
  Time picked_up{};
  Duration sql_ahead{};  // SQL Server's clock at the pick-up, which wrote the first lease
  Time last_good{};      // last heartbeat that arrived, or the pick-up, while frozen
  RecordId changed_by = 0;
  friend bool operator==(const RunState&, const RunState&) = default;
};

/// ExpiredTime of a held task whose heartbeats arrive: it is renewed before the sweep could see it.
inline constexpr Duration always_renewed = Duration::max();

/// How the catalog's rows name a worker: by its AgentId, that is by the first worker that carries it.
inline model::WorkerId catalog_id(WorkerIndex worker, const Blueprint& blueprint) {
  return static_cast<model::WorkerId>(blueprint.workers[worker].row);
}

/// A task row of the catalog with its execution's row, and what the simulator counts about its runs (behaviour.md 8).
struct TaskState {
  model::TaskRow row;
  model::OperationStatus shown = model::OperationStatus::created;  // catalog.executions.status
  BatchIndex batch = 0;
  std::uint32_t day = 0, number = 0;
  std::uint8_t alive = 0;  // runs alive now
  bool overlapped = false, repeated = false, refused_success = false, stamped = false;
  bool archived = false;  // its job is in the history tables
  Time created_at{};
  Time picked_up_at = core::never;  // for the first time
  Time stamped_at = core::never, stamped_for_end = core::never;
  Time finished_at = core::never;
  RecordId changed_by = 0;
  friend bool operator==(const TaskState&, const TaskState&) = default;
};

/// Tasks that are ready for the same workers, in the order of ReadyForDispatchTime. Entries whose task is no longer
/// ready are passed over.
struct ReadyQueue {
  struct Entry {
    TaskIndex task = none;
    std::uint32_t order = 0;  // among all queues: the first in is the first out (S 1.5)
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  std::vector<Entry> entries;
  std::uint32_t head = 0;  // of the first entry whose task is ready

  bool empty() const { return head == entries.size(); }
  const Entry& front() const { return entries[head]; }
  friend bool operator==(const ReadyQueue&, const ReadyQueue&) = default;
};

/// A lease that nobody renews at the moment. Stale once its task's ExpiredTime is another.
struct Expiry {
  Duration at{};
  TaskIndex task = none;
  friend bool operator==(const Expiry&, const Expiry&) = default;
};
/// Of the heap: the earliest first, of equal ones the first task.
constexpr bool by_expiry(const Expiry& a, const Expiry& b) {
  return a.at != b.at ? a.at > b.at : a.task > b.task;
}

struct BatchState {
  bool submitting = false;
  std::uint32_t day = 0;        // the one being submitted, or the next
  std::uint32_t submitted = 0;  // of that day: created, or refused for good
  std::uint32_t created = 0;    // tasks, all days
  std::uint32_t never_submitted = 0;
  RecordId changed_by = 0;
  friend bool operator==(const BatchState&, const BatchState&) = default;
};

struct CertificateState {
  bool exists = false;
  CertificateIndex like = none;  // the Blueprint's certificate whose names it carries
  Time not_before{}, not_after{};
  bool self_signed = true;
  friend bool operator==(const CertificateState&, const CertificateState&) = default;
};

/// A copy of a certificate in a store of a host.
struct PlacedCertificate {
  HostIndex host = none;
  CertificateIndex certificate = none;
  Store store = Store::my;
  bool key = false;
  friend bool operator==(const PlacedCertificate&, const PlacedCertificate&) = default;
};
constexpr auto place_of(const PlacedCertificate& copy) {
  return std::tuple(copy.host, copy.store, copy.certificate);
}

/// The dates of the certificate that a host shows, where they are not those that the others of this name have: the
/// design knows one certificate of a pool's workers, while every machine has one of its own.
struct ShownDates {
  HostIndex host = none;
  CertificateIndex certificate = none;
  Time not_before = Time::min(), not_after = Time::max();
  friend bool operator==(const ShownDates&, const ShownDates&) = default;
};

/// The witness as a thing: whether it is there, and for a disk who reaches and who holds it.
struct WitnessState {
  bool down = false;      // the share, the disk or the cloud endpoint itself
  std::uint64_t cut = 0;  // of a disk: nodes without a path to it
  RecordId changed_by = 0;
  friend bool operator==(const WitnessState&, const WitnessState&) = default;
};

struct State {
  ClusterState cluster;
  WitnessState witness;
  InstanceState instance;
  AvailabilityState availability;
  std::vector<ReplicaState> replicas;  // by node; empty without an availability group
  std::vector<HostState> hosts;
  std::vector<GroupState> groups;
  std::vector<ResourceState> resources;
  std::vector<std::uint64_t> name_records;  // roles x (sites + 1): addresses that name servers there give
  std::vector<WorkerState> workers;
  std::vector<RunState> runs;  // workers x slots
  std::vector<TaskState> tasks;
  std::vector<ReadyQueue> ready;  // by WorkerSet of the Blueprint
  std::uint32_t ready_count = 0;  // tasks in all of them
  std::uint32_t finished = 0;     // tasks that have ended and are not in the history tables
  std::uint32_t readied = 0;      // times that a task became ready
  std::vector<Expiry> expiring;   // a heap (by_expiry): the front is the next lease to run out, if nothing renews it
  std::vector<BatchState> batches;
  std::vector<CertificateState> certificates;
  std::vector<PlacedCertificate> placed;  // ascending by host, store and certificate
  std::vector<ShownDates> shown_dates;
  std::vector<TextIndex> admins;  // members of ssis_admin
  std::uint32_t consulted = 0;    // switches that a decision has looked at, as a mask
  RecordId records = 0;           // applied so far
  friend bool operator==(const State&, const State&) = default;
};

/// The bit of a pair of different sites in ClusterState::cut_links; at most 11 sites.
std::uint64_t site_pair(SiteIndex a, SiteIndex b);

/// The cluster's own view of a resource: an address whose network the owner has no card on cannot be brought online
/// there and does not count against its role (W 6.2).
bool counts_here(ResourceIndex resource, const State& state, const Blueprint& blueprint);

/// Places in the role of the resources that are online.
std::uint64_t online_places(GroupIndex group, const State& state, const Blueprint& blueprint);

/// The node that holds the disk's reservation renews it: its cluster service has run ever since it took it, and it has
/// a path (W 6.3).
bool is_defended(ResourceIndex disk, const State& state);

/// A member of the quorate partition whose cluster service runs: it can own roles and answers.
bool is_active_member(HostIndex node, const State& state);

/// The copy in that store of the host; nullptr: there is none.
const PlacedCertificate* find_placed(HostIndex host, CertificateIndex certificate, Store store, const State& state);
/// All copies in that store of the host.
std::span<const PlacedCertificate> placed_in(HostIndex host, Store store, const State& state);

/// What the clock of SQL Server's machine shows, as records' times go: the sweep compares leases with it (S 1.5).
Duration sql_clock(const State& state, Time now);

/// The world before anything is installed: machines powered and linked, nothing on them.
State first_state(const Blueprint& blueprint);

/// What the record does to the state. Total: every kind, no hidden input.
void apply(State& state, const Record& record, const Blueprint& blueprint);

/// Slots per worker that the state has room for.
std::uint32_t slots_per_worker(const Blueprint& blueprint);

}  // namespace rehearse::world
