// A scenario: what happens to a design, and what is expected of it. Values, as read from a scenario file
// (scenario_reader.hpp) and replayed by the runner (runner.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/diagnostic.hpp"
#include "model/units.hpp"
#include "sim/scenario/one_batch.hpp"

namespace rehearse::sim {

using model::Place;

/// The faults that this version injects, in the order in which messages list them. What each is called in scenario
/// files, acts on and takes is in fault_kinds.hpp.
enum class FaultKind {
  node_power_loss,
  node_bugcheck,
  node_reboot,
  node_shutdown,
  node_hang,
  node_pause,
  node_cluster_service_crash,
  node_resource_host_crash,
  network_nic_down,
  network_partition,
  network_link_down,
  network_latency,
  network_loss,
  network_burst,
  network_flap,
  network_port_blocked,
  network_duplicate_address,
  witness_down,
  storage_path_lost,
  storage_slow,
  storage_pool_arbitration,
  sql_crash,
  sql_hang,
  sql_slow_recovery,
  sql_component_error,
  sql_ssisdb_suspect,
  sql_authentication_off,
  sql_log_login_orphaned,
  sql_tempdb_missing,
  master_crash,
  master_hang,
  master_cannot_log_in,
  worker_crash_service,
  worker_crash_host,
  worker_hang,
  worker_disable,
  worker_delete,
  worker_disk_full,
  name_service_dns_down,
  name_service_dns_stale,
  name_service_directory_refuses,
  certificate_expire,
  certificate_not_yet_valid,
  certificate_replace_on_one_node,
  certificate_remove_from_store,
  certificate_key_lost,
  certificate_key_access_lost,
  certificate_wrong_binding,
  certificate_root_polluted,
  configuration_settings_changed_on_one_node,
  configuration_account_password_expired,
  configuration_service_start_type_automatic,
  clock_skew,
  resource_failure,
  resource_deadlock,
  operator_stop_service,
  operator_reboot_wrong_node,
  operator_stop_executions,
  operator_late,
};
std::string_view to_text(FaultKind kind);  // "node.power_loss"

/// One line of the timeline.
struct TimelineEntry {
  enum class Action { fault, repair, step };
  Action action = Action::fault;
  std::optional<Duration> at;  // since the scenario's start
  std::string after;           // "SQL1 joined": a trigger (trigger.hpp), then `wait` counts from there
  Duration wait{};
  FaultKind fault = FaultKind::node_power_loss;
  std::vector<std::string> hosts;  // node, worker, host or hosts, the latter sorted
  std::string network;             // of the card; empty: every card of the host
  std::vector<std::string> sites;  // two, sorted
  std::string resource;            // disk, address or resource
  int port = 0;
  std::string certificate;  // the design's name for it
  std::string store;        // "Root" or "My"; empty: both
  std::string account;      // "master" or "worker"
  std::string role;         // of name_service.dns_stale
  /// A line of a settings file: the key in its older spelling, the value as it was written, and the settings that it
  /// was read into, the master's or the worker's. A repair has the key alone.
  struct Setting {
    std::string key, value;
    model::MasterSettings master;
    model::WorkerSettings worker;
  };
  std::optional<Setting> setting;
  std::string kind;               // of node.hang, sql.component_error (the component), certificate.wrong_binding
  double amount = 0;              // share of packets lost, or factor
  Duration length{};              // added to each way (network.latency), or by how much; of clock.skew with its sign
  Duration every{}, down{};       // of network.flap: down for `down` at the begin of each `every`
  std::optional<Duration> lasts;  // "for": then it is over by itself
  int partition = 0;              // of network.partition: 0 to 63, one number for each set of hosts that is cut off
  std::string batch;              // or another source of executions
  std::string step;               // an operation: "move_role", "renew_master_certificate", "restart_workers"
  std::map<std::string, std::string> arguments;  // of the step: "role", "to", "not_after", ...
  bool fails = false;                            // of the step: that it fails is what is expected
  Place place;
};

/// Where a figure must lie; what is absent does not bound it.
template <class T>
struct Bounds {
  std::optional<T> min, max;
};

/// What is expected. One of the kinds; the members that it uses are filled.
struct Expectation {
  enum class Kind {
    role_owner,            // role, owner, by | at: that node owns it and something of it is online there
    role_state,            // role, state "online" | "partially_online" | "offline" | "failed", by | at
    outage,                // service, lengths["outage"]: total time it was out
    workers_connected,     // worker or "all", by | at
    workers_disconnected,  // never a worker connected between `at` and the end
    executions,            // counts
    batch_done,            // batch, by_deadline or by
    work,                  // lengths "wait", "overlap", "stamped_for"; numbers "queue", "utilisation"
    always,
    never,           // condition: "one owner per role", "two masters", "split brain"
    finding,         // condition: the name of a safety observation, which the run must show
    farm_outcome,    // outcome: the word of farm_outcome.hpp
    handshake,       // worker, outcome: some handshake of the worker must have been refused so
    lurking,         // worker, outcome: what a connection opened at some time would have met, while an old one stood
    second_refused,  // worker, outcome: a second connection beside the worker's first was refused so
  };
  Kind kind = Kind::role_owner;
  std::string role, owner, state, service, worker, batch, condition, outcome;
  std::optional<Duration> by, at;
  std::map<std::string, std::int64_t> counts;       // of executions, by name: exact
  std::map<std::string, Bounds<Duration>> lengths;  // of the longest of each
  std::map<std::string, Bounds<double>> numbers;    // of the longest queue; of the share of busy slots
  std::optional<double> with;                       // probability that must be reached, instead of median and p95
  std::string text;                                 // as written in the file, on one line: for verdicts
  Place place;
};

enum class Deploy { steps, installed };

struct Scenario {
  std::string name, description;
  std::string file;  // as named by the user
  std::string design_file;
  model::Design design;
  std::uint64_t seed = 1;
  Date start{};
  std::optional<Duration> duration;  // absent: until quiescent, at most 30 days
  Deploy deploy = Deploy::steps;
  std::optional<OneBatch> one_batch;  // in place of the design's work, in `design` already
  std::vector<TimelineEntry> timeline;
  std::vector<Expectation> expectations;
};

}  // namespace rehearse::sim
