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

namespace rehearse::sim {

using model::Place;

/// The faults that this version injects, by the names of scenario files, and what each acts on.
enum class FaultKind {
  node_power_loss,             // node
  node_bugcheck,               // node
  node_cluster_service_crash,  // node
  network_nic_down,            // node or worker: "host"
  network_partition,           // "hosts": they end up on a side of their own
  witness_down,                // none
  sql_crash,
  sql_hang,  // none: wherever the instance runs
  master_crash,
  master_hang,           // none: wherever the master runs
  worker_crash_service,  // worker
  worker_crash_host,     // worker
};
std::string_view to_text(FaultKind kind);  // "node.power_loss"
std::optional<FaultKind> fault_from(std::string_view name);
std::vector<std::string> fault_names();
bool can_be_repaired(FaultKind kind);

/// One line of the timeline.
struct TimelineEntry {
  enum class Action { fault, repair, step };
  Action action = Action::fault;
  std::optional<Duration> at;  // since the scenario's start
  std::string after;           // "SQL1 joined", "SQL Server (MSSQLSERVER) online": then `wait` counts from there
  Duration wait{};
  FaultKind fault = FaultKind::node_power_loss;
  std::vector<std::string> hosts;  // node, worker or hosts
  int partition = 0;               // of network_partition: 0 to 63, one number for each set of hosts that is cut off
  std::string step;                // an operation: "move_role", "renew_master_certificate", "restart_workers"
  std::map<std::string, std::string> arguments;  // of the step: "role", "to", "not_after", ...
  Place place;
};

/// What is expected. One of the kinds; the members that it uses are filled.
struct Expectation {
  enum class Kind {
    role_owner,            // role, owner, by | at: that node owns it and something of it is online there
    role_state,            // role, state "online" | "partially_online" | "offline" | "failed", by | at
    outage,                // service, max: total time it was out, from the first fault on; also max_single
    workers_connected,     // worker or "all", by | at
    workers_disconnected,  // never a worker connected between `at` and the end
    executions,  // lost, doubled, ended_without_success, succeeded, never_submitted, overlapped, repeated, stamped
    batch_done,  // batch, by_deadline or by
    always,
    never,      // condition: "one owner per role", "two masters", "split brain"
    handshake,  // worker, refused: the outcome that some handshake of the worker must have had
  };
  Kind kind = Kind::role_owner;
  std::string role, owner, state, service, worker, batch, condition, outcome;
  std::optional<Duration> by, at, max;
  std::map<std::string, std::int64_t> counts;  // of executions, by name: exact
  std::optional<double> with;                  // probability that must be reached, instead of median and p95
  std::string text;                            // as written in the file, on one line: for verdicts
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
  std::vector<TimelineEntry> timeline;
  std::vector<Expectation> expectations;
};

}  // namespace rehearse::sim
