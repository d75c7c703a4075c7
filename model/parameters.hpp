// The fidelity ledger: every number that the simulated world rests on, with where it comes from. Facts that Microsoft
// documents are `documented`, values read off a real cluster `captured`, what nobody has published `assumed`, values
// fitted from the user's own logs `calibrated`, values stated in the design `given`. A result is only as good as this
// table, so the table is part of every result.
//
// Three kinds: timings (distributions), settings (whole numbers: lengths in nanoseconds, or counts), and switches
// (behaviour that nobody has published and that may change a verdict).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/distribution.hpp"

namespace rehearse::model {

enum class Origin : unsigned char { documented, captured, assumed, calibrated, given };
std::string_view to_text(Origin origin);

/// How long things take (behaviour.md 13 and 14). Medians and spreads in defaults.cpp, each with its source.
enum class Timing : unsigned char {
  regroup,
  link_down_noticed,
  witness_owner_arbitration,
  witness_challenger_arbitration,  // file share; the challenger's comes after ArbitrationDelay
  cloud_round_trips,               // what a cloud witness takes longer than a file share
  disk_witness_challenge,
  disk_offline,
  disk_online_planned,
  disk_online_unplanned,
  address_online,
  name_online,
  address_offline,
  name_offline,
  sql_stop,
  sql_start_planned,
  sql_start_after_crash,
  ssisdb_recovery_planned,
  ssisdb_recovery_after_crash,
  ssisdb_undo,
  // Of an availability group (W 10).
  group_online,
  group_offline,
  replica_redo,           // until SSISDB is open on the new primary
  replica_connecting,     // until SYNCHRONIZED, where nothing is lacking
  replica_synchronizing,  // and the time to catch up, at most as long as the replica was away
  instance_restart,       // a stand-alone SQL Server that crashed is started again
  agent_start,
  agent_stop,
  service_start,
  service_stop,
  cluster_service_restart,
  cluster_service_stop,
  cluster_join,
  windows_shutdown,
  boot_virtual,
  boot_physical,
  tls_handshake,
  request,
  dns_replication_same_site,
  dns_replication_other_site,
  create_execution_lock,
  package,
  // Primitives of installation and operation (behaviour.md 13).
  install_feature,
  validate_cluster,
  create_cluster,
  install_sql,
  add_sql_node,
  install_integration_services,
  copy_certificate,
  write_settings,
  restart_service,
  create_role,
  small_change,
  patch,
  // Random faults (behaviour.md 14): from one to the next of each machine, instance or service, and how long those last
  // that end by themselves. Where a person is needed, how long until one has come.
  between_node_crashes,
  between_sql_crashes,
  between_sql_hangs,
  between_master_crashes,
  between_master_hangs,
  between_worker_host_crashes,
  between_witness_outages,
  witness_outage,
  between_node_pauses,
  node_pause,
  between_network_bursts,
  network_burst,
  operator_reaction_day,
  operator_reaction_night,
  count_
};
inline constexpr std::size_t timing_count = static_cast<std::size_t>(Timing::count_);

/// Whole numbers: lengths in nanoseconds unless `counts` says otherwise in the table.
enum class Setting : unsigned char {
  same_subnet_delay,
  same_subnet_threshold,
  cross_subnet_delay,
  cross_subnet_threshold,
  cross_site_delay,
  cross_site_threshold,
  plumb_all_cross_subnet_routes,
  witness_arbitration_delay,
  arbitration_time_max,
  witness_restart_interval,
  dynamic_quorum,
  lower_quorum_priority_node,  // Windows' node id, from 1; 0: not set
  quarantine_threshold,
  quarantine_window,
  quarantine_duration,
  hang_timeout,
  hang_recovery_action,
  drain_on_shutdown,
  shutdown_timeout,
  group_wait_delay,
  enforced_anti_affinity,
  tcp_connect_timeout,
  syn_retry_first,
  syn_retry_second,
  wcf_send_timeout,
  idle_close,
  looks_alive_interval,
  is_alive_interval,
  pending_timeout,
  deadlock_timeout,
  restart_threshold,
  restart_period,
  restart_delay,
  retry_period_on_failure,
  failover_threshold,
  failover_period,  // failover_threshold 0: nodes - 1
  health_check_timeout,
  failure_condition_level,
  lease_timeout,
  session_timeout,
  group_connect_limit,        // the group's DLL tries so long to log in to its SQL Server
  failover_monitor_interval,  // of the SSIS Failover Monitor Job
  sql_dump,                   // Terminate waits for it
  pool_arbitration,
  record_ttl,
  name_cache,
  master_retry,
  task_poll,
  first_task_heartbeat,
  first_lease,
  create_execution_lock_wait,
  submit_retry,
  archive_age,
  disk_full_failure,
  slow_down_percent,
  uses_instance_percent,
  stealth_mode,  // 1: a port without listener drops packets, 0: it refuses
  count_
};
inline constexpr std::size_t setting_count = static_cast<std::size_t>(Setting::count_);

/// Unknown switches: facts nobody has published. A verdict that differs between their values is `unknown`.
enum class Switch : unsigned char {
  sweep_at_master_start,
  startup_stamping,
  unreachable_is_error,
  master_exits_without_ssisdb,
  process_survives_host_end,
  health_judged_by_looks_alive,
  master_connects_in_parallel,
  count_
};
inline constexpr std::size_t switch_count = static_cast<std::size_t>(Switch::count_);

/// One row of the ledger, as text for people.
struct LedgerRow {
  std::string name;   // the name used in designs, under "parameters"
  std::string value;  // "tri(600ms, 650ms, 4300ms)", "20s", "off"
  Origin origin;
  std::string source;  // "W 1.1", "behaviour 14: real log", "design"
};

/// What the world is told: resolved values, one a parameter.
class Parameters {
 public:
  Parameters();  // the version-independent defaults, origins and sources of the table

  const Distribution& operator[](Timing timing) const { return timings_[index(timing)].value; }
  std::int64_t operator[](Setting setting) const { return settings_[index(setting)].value; }
  bool operator[](Switch which) const { return switches_[index(which)].value; }
  Origin origin(Switch which) const { return switches_[index(which)].origin; }
  Duration length(Setting setting) const { return Duration((*this)[setting]); }

  void set(Timing timing, Distribution value, Origin origin, std::string source);
  void set(Setting setting, std::int64_t value, Origin origin, std::string source);
  void set(Switch which, bool value, Origin origin, std::string source);

  std::vector<LedgerRow> ledger() const;

 private:
  template <class Value>
  struct Sourced {
    Value value{};
    Origin origin = Origin::assumed;
    std::string source;
  };
  template <class Enum>
  static std::size_t index(Enum value) {
    return static_cast<std::size_t>(value);
  }

  std::array<Sourced<Distribution>, timing_count> timings_;
  std::array<Sourced<std::int64_t>, setting_count> settings_;
  std::array<Sourced<bool>, switch_count> switches_;
};

/// The name a design uses for a parameter, and back. `is_count`: the setting is a plain number, not a length.
std::string_view name_of(Timing timing);
std::string_view name_of(Setting setting);
std::string_view name_of(Switch which);
bool is_count(Setting setting);
/// What would settle the switch, as a lab test in one sentence.
std::string_view lab_test_of(Switch which);

}  // namespace rehearse::model
