#include "model/parameters.hpp"

#include <stdexcept>

namespace rehearse::model {
namespace {

using namespace std::chrono_literals;

struct TimingRow {
  Timing timing;
  std::string_view name;
  Distribution value;
  Origin origin;
  std::string_view source;
};

struct SettingRow {
  Setting setting;
  std::string_view name;
  bool counts;  // a plain number rather than a length
  std::int64_t value;
  Origin origin;
  std::string_view source;
};

struct SwitchRow {
  Switch which;
  std::string_view name;
  bool value;
  std::string_view source;
  std::string_view lab_test;
};

constexpr SettingRow length(Setting setting, std::string_view name, Duration value, Origin origin,
                            std::string_view source) {
  return {setting, name, false, value.count(), origin, source};
}

constexpr SettingRow number(Setting setting, std::string_view name, std::int64_t value, Origin origin,
                            std::string_view source) {
  return {setting, name, true, value, origin, source};
}

// The heartbeat thresholds stand here as the newest Windows with a documented value has them; defaults.cpp knows the
// versions.
constexpr std::array<SettingRow, setting_count> setting_rows = {{
    length(Setting::same_subnet_delay, "same_subnet_delay", 1s, Origin::documented, "W 1.1"),
    number(Setting::same_subnet_threshold, "same_subnet_threshold", 20, Origin::documented,
           "W 1.1: Windows Server 2019"),
    length(Setting::cross_subnet_delay, "cross_subnet_delay", 1s, Origin::documented, "W 1.1"),
    number(Setting::cross_subnet_threshold, "cross_subnet_threshold", 20, Origin::documented,
           "W 1.1: Windows Server 2019"),
    length(Setting::cross_site_delay, "cross_site_delay", 1s, Origin::documented, "W 1.1: 2016 and later"),
    number(Setting::cross_site_threshold, "cross_site_threshold", 20, Origin::documented, "W 1.1: 2016 and later"),
    number(Setting::plumb_all_cross_subnet_routes, "plumb_all_cross_subnet_routes", 0, Origin::documented, "W 1.1"),
    length(Setting::witness_arbitration_delay, "witness_arbitration_delay", 6s, Origin::documented,
           "W 2.3: ArbitrationDelay"),
    length(Setting::arbitration_time_max, "arbitration_time_max", 20s, Origin::documented,
           "W 2.3: QuorumArbitrationTimeMax"),
    length(Setting::witness_restart_interval, "witness_restart_interval", 15min, Origin::documented, "W 2.3"),
    number(Setting::dynamic_quorum, "dynamic_quorum", 1, Origin::documented, "W 2.1"),
    number(Setting::lower_quorum_priority_node, "lower_quorum_priority_node", 0, Origin::documented, "W 2.1"),
    number(Setting::quarantine_threshold, "quarantine_threshold", 3, Origin::documented, "W 1.5"),
    length(Setting::quarantine_window, "quarantine_window", 1h, Origin::documented, "W 1.5"),
    length(Setting::quarantine_duration, "quarantine_duration", 2h, Origin::documented, "W 1.5"),
    length(Setting::hang_timeout, "hang_timeout", 60s, Origin::documented,
           "W 1.3: ClusSvcHangTimeout; a real 2022 cluster had 135 s"),
    number(Setting::hang_recovery_action, "hang_recovery_action", 6, Origin::documented, "W 1.3"),
    number(Setting::drain_on_shutdown, "drain_on_shutdown", 1, Origin::documented, "W 1.3: 2012 R2 and later"),
    length(Setting::shutdown_timeout, "shutdown_timeout", 20min, Origin::documented, "W 1.3"),
    length(Setting::group_wait_delay, "group_wait_delay", 120s, Origin::documented, "W 1.3: ClusterGroupWaitDelay"),
    number(Setting::enforced_anti_affinity, "enforced_anti_affinity", 0, Origin::documented, "W 4.2"),
    length(Setting::tcp_connect_timeout, "tcp_connect_timeout", 21s, Origin::documented, "W 9 A8"),
    length(Setting::syn_retry_first, "syn_retry_first", 3s, Origin::assumed,
           "TCP SYN retransmission that ends after the 21 s of W 9 A8"),
    length(Setting::syn_retry_second, "syn_retry_second", 9s, Origin::assumed,
           "TCP SYN retransmission that ends after the 21 s of W 9 A8"),
    length(Setting::wcf_send_timeout, "wcf_send_timeout", 60s, Origin::assumed, "behaviour 1: WCF default"),
    length(Setting::idle_close, "idle_close", 100s, Origin::assumed, "behaviour 14: .NET default"),
    length(Setting::looks_alive_interval, "looks_alive_interval", 5s, Origin::documented, "W 3.3: resource type"),
    length(Setting::is_alive_interval, "is_alive_interval", 60s, Origin::documented, "W 3.3: resource type"),
    length(Setting::pending_timeout, "pending_timeout", 180s, Origin::documented, "W 3.3"),
    length(Setting::deadlock_timeout, "deadlock_timeout", 300s, Origin::documented, "W 3.3"),
    number(Setting::restart_threshold, "restart_threshold", 1, Origin::documented, "W 3.3: 1 since 2008"),
    length(Setting::restart_period, "restart_period", 15min, Origin::documented,
           "W 3.3; a real 2022 cluster had 10 min"),
    length(Setting::restart_delay, "restart_delay", 500ms, Origin::documented, "W 3.3"),
    length(Setting::retry_period_on_failure, "retry_period_on_failure", 60min, Origin::documented,
           "W 3.3; a real 2022 cluster had 10 min"),
    number(Setting::failover_threshold, "failover_threshold", 0, Origin::documented, "W 4.2: 0 stands for nodes - 1"),
    length(Setting::failover_period, "failover_period", 6h, Origin::documented, "W 4.2"),
    length(Setting::health_check_timeout, "health_check_timeout", 60s, Origin::documented,
           "W 7.1; another document says 30 s"),
    number(Setting::failure_condition_level, "failure_condition_level", 3, Origin::documented, "W 7.1"),
    length(Setting::lease_timeout, "lease_timeout", 20s, Origin::documented, "W 10: LeaseTimeout"),
    length(Setting::session_timeout, "session_timeout", 10s, Origin::documented, "W 10: SESSION_TIMEOUT"),
    length(Setting::group_connect_limit, "group_connect_limit", 50s, Origin::captured, "W 9 A12"),
    length(Setting::failover_monitor_interval, "failover_monitor_interval", 2min, Origin::documented,
           "S 1.7: SSIS Failover Monitor Job"),
    length(Setting::sql_dump, "sql_dump", 0s, Origin::documented, "W 7.1: SqlDumperDumpFlags 0, no dump"),
    length(Setting::pool_arbitration, "pool_arbitration", 7s, Origin::documented, "W 6.3"),
    length(Setting::record_ttl, "record_ttl", 1200s, Origin::documented, "W 6.1: HostRecordTTL"),
    length(Setting::name_cache, "name_cache", 120s, Origin::assumed, "behaviour 5: .NET keeps an answer so long"),
    length(Setting::master_retry, "master_retry", 30s, Origin::assumed, "behaviour 6"),
    length(Setting::task_poll, "task_poll", 5s, Origin::assumed, "behaviour 7"),
    length(Setting::first_task_heartbeat, "first_task_heartbeat", 10s, Origin::assumed, "behaviour 7"),
    length(Setting::first_lease, "first_lease", 5min, Origin::documented, "S 1.2: internal.pull_task"),
    length(Setting::create_execution_lock_wait, "create_execution_lock_wait", 10s, Origin::documented,
           "S 1.4: two tries of 5 s"),
    length(Setting::submit_retry, "submit_retry", 30s, Origin::assumed, "an external scheduler's usual pause"),
    length(Setting::archive_age, "archive_age", 60min, Origin::documented, "S 6: of finished jobs"),
    length(Setting::disk_full_failure, "disk_full_failure", 5s, Origin::assumed,
           "how soon a package fails whose worker's disk is full"),
    number(Setting::slow_down_percent, "slow_down_percent", 0, Origin::assumed,
           "S 6: nobody has published how much longer a package runs for each other one on its worker"),
    number(Setting::uses_instance_percent, "uses_instance_percent", 50, Origin::assumed, "behaviour 7"),
    number(Setting::stealth_mode, "stealth_mode", 1, Origin::assumed, "behaviour 1: default Windows drops"),
}};

// Nobody has published these: a verdict that depends on one is unknown until the lab test has been made.
constexpr std::array<SwitchRow, switch_count> switch_rows = {{
    {Switch::sweep_at_master_start, "sweep_at_master_start", false, "S 9, 1",
     "Let a task's lease run out while the master is stopped, start the master, and see in internal.tasks whether the "
     "task "
     "is swept at once or only after DealWithExpiredTasksIntervalInMs."},
    {Switch::startup_stamping, "startup_stamping", true, "S 9, 3; S 1.7",
     "Restart the SQL Server instance while a package runs on a worker, and see whether catalog.executions turns to 6 "
     "(ended unexpectedly) before the package ends."},
    {Switch::unreachable_is_error, "unreachable_is_error", false, "S 9, 2",
     "Stop the master for more than HeartbeatErrorTollerance while a long package runs, and see whether the worker "
     "ends "
     "the package."},
    {Switch::master_exits_without_ssisdb, "master_exits_without_ssisdb", false, "behaviour 6",
     "Take SSISDB offline for ten minutes while the master runs, and see whether its service stops."},
    {Switch::process_survives_host_end, "process_survives_host_end", false, "behaviour 2",
     "Kill the resource host (rhs.exe) that monitors the master, and see whether the master's process still runs on "
     "that "
     "node after the role has come online elsewhere."},
    {Switch::health_judged_by_looks_alive, "health_judged_by_looks_alive", false, "W 7.1; behaviour 4",
     "Suspend every thread of sqlservr.exe, and measure in cluster.log whether the resource fails within 5 s "
     "(LooksAlive) "
     "or within 60 s (IsAlive) after HealthCheckTimeout."},
    {Switch::master_connects_in_parallel, "master_connects_in_parallel", true, "behaviour 5",
     "Give the instance's name two addresses in DNS of which the first is dead, restart the master, and see whether it "
     "connects to SSISDB within its timeout (TransparentNetworkIPResolution) or never."},
}};

// Not constexpr like the others, because a distribution may own memory. Lognormal rows that behaviour 13 gives as
// "median (p5, p95)" use median and p95.
std::array<TimingRow, timing_count> timing_rows() {
  const auto constant = &Distribution::constant;
  const auto uniform = &Distribution::uniform;
  const auto tri = &Distribution::triangular;
  const auto lognormal = &Distribution::lognormal;
  const Distribution small_step = uniform(100ms, 500ms);
  const auto yearly = [](double times) {
    constexpr Duration year = 365 * 24h;
    return Distribution::exponential(Duration(static_cast<std::int64_t>(static_cast<double>(year.count()) / times)));
  };
  constexpr std::string_view rates = "behaviour 14: order of magnitude";
  return {{
      {Timing::regroup, "regroup", tri(600ms, 650ms, 4300ms), Origin::captured, "W 9 A4, A5 and two more logs"},
      {Timing::link_down_noticed, "link_down_noticed", uniform(10ms, 100ms), Origin::captured,
       "behaviour 14: real log"},
      {Timing::witness_owner_arbitration, "witness_owner_arbitration", uniform(50ms, 500ms), Origin::assumed,
       "behaviour 14"},
      {Timing::witness_challenger_arbitration, "witness_challenger_arbitration", uniform(300ms, 600ms),
       Origin::captured, "behaviour 14: real log, 6.455 s with ArbitrationDelay"},
      {Timing::cloud_round_trips, "cloud_round_trips", uniform(100ms, 1s), Origin::assumed, "behaviour 14; W 12, 7"},
      {Timing::disk_witness_challenge, "disk_witness_challenge", tri(6s, 7s, 9s), Origin::assumed,
       "W 6.3, W 9 A6: the challenger waits for the defender to renew its reservation"},
      {Timing::disk_offline, "disk_offline", tri(300ms, 600ms, 1500ms), Origin::assumed, "W 9 A1"},
      {Timing::disk_online_planned, "disk_online_planned", tri(200ms, 500ms, 1500ms), Origin::assumed, "W 9 A1"},
      {Timing::disk_online_unplanned, "disk_online_unplanned", tri(6s, 7s, 9s), Origin::assumed, "W 9 A6, A7"},
      {Timing::address_online, "address_online", tri(500ms, 1s, 2s), Origin::assumed, "W 9 A1"},
      {Timing::name_online, "name_online", tri(3s, 5s, 7s), Origin::assumed, "W 9 A1"},
      {Timing::address_offline, "address_offline", small_step, Origin::assumed, "W 9 A1"},
      {Timing::name_offline, "name_offline", small_step, Origin::assumed, "W 9 A1"},
      {Timing::sql_stop, "sql_stop", tri(2s, 3500ms, 6s), Origin::assumed, "W 9 A1, A10"},
      {Timing::sql_start_planned, "sql_start_planned", tri(2s, 3s, 5s), Origin::assumed, "W 9 A1"},
      {Timing::sql_start_after_crash, "sql_start_after_crash", tri(3s, 6s, 12s), Origin::assumed, "W 9 A3"},
      {Timing::ssisdb_recovery_planned, "ssisdb_recovery_planned", lognormal(1s, 3s), Origin::assumed, "W 9 A18"},
      {Timing::ssisdb_recovery_after_crash, "ssisdb_recovery_after_crash", lognormal(10s, 40s), Origin::assumed,
       "W 9 A18: redo at most 60 s"},
      {Timing::ssisdb_undo, "ssisdb_undo", lognormal(5s, 60s), Origin::assumed,
       "W 7.4: Standard waits for undo, and nobody has published how long"},
      {Timing::group_online, "group_online", tri(300ms, 1s, 5s), Origin::assumed, "W 9 A13: RESOLVING a few seconds"},
      {Timing::group_offline, "group_offline", small_step, Origin::assumed, "W 9 A13"},
      {Timing::replica_redo, "replica_redo", lognormal(2s, 15s), Origin::assumed,
       "W 9 A14: a secondary has redone nearly everything"},
      {Timing::replica_connecting, "replica_connecting", tri(300ms, 1s, 3s), Origin::assumed,
       "W 10: sessions begin anew with every primary"},
      {Timing::replica_synchronizing, "replica_synchronizing", lognormal(10s, 60s), Origin::assumed,
       "W 10: nobody has published how long a returning replica takes to catch up"},
      {Timing::instance_restart, "instance_restart", tri(5s, 10s, 30s), Origin::assumed,
       "SQL Server Agent starts an instance again that stopped unexpectedly"},
      {Timing::agent_start, "agent_start", tri(500ms, 1s, 3s), Origin::assumed, "a Windows service"},
      {Timing::agent_stop, "agent_stop", tri(200ms, 500ms, 2s), Origin::assumed, "a Windows service"},
      {Timing::service_start, "service_start", lognormal(3s, 8s), Origin::assumed, "behaviour 14: a .NET service"},
      {Timing::service_stop, "service_stop", tri(500ms, 1s, 5s), Origin::assumed, "behaviour 14: a .NET service"},
      {Timing::cluster_service_restart, "cluster_service_restart", constant(60s), Origin::assumed,
       "behaviour 14: practice"},
      {Timing::cluster_service_stop, "cluster_service_stop", tri(1s, 2s, 5s), Origin::assumed, "a Windows service"},
      {Timing::cluster_join, "cluster_join", tri(5s, 10s, 30s), Origin::assumed, "W 1.6; behaviour 14: practice"},
      {Timing::windows_shutdown, "windows_shutdown", tri(10s, 20s, 60s), Origin::assumed, "practice"},
      {Timing::boot_virtual, "boot_virtual", lognormal(90s, 4min), Origin::assumed, "behaviour 14: practice"},
      {Timing::boot_physical, "boot_physical", lognormal(5min, 12min), Origin::assumed, "behaviour 14: practice"},
      {Timing::tls_handshake, "tls_handshake", uniform(5ms, 50ms), Origin::assumed, "behaviour 14: LAN"},
      {Timing::request, "request", uniform(1ms, 20ms), Origin::assumed, "behaviour 14: LAN"},
      {Timing::dns_replication_same_site, "dns_replication_same_site", uniform(15s, 195s), Origin::assumed,
       "behaviour 14: directory polling"},
      {Timing::dns_replication_other_site, "dns_replication_other_site", uniform(0s, 15min), Origin::assumed,
       "behaviour 14: directory replication between sites"},
      {Timing::create_execution_lock, "create_execution_lock", lognormal(100ms, 500ms), Origin::assumed, "S 6"},
      {Timing::package, "package", lognormal(90s, 10min), Origin::assumed, "behaviour 14"},
      {Timing::install_feature, "install_feature", lognormal(3min, 10min), Origin::assumed, "behaviour 13"},
      {Timing::validate_cluster, "validate_cluster", lognormal(10min, 30min), Origin::assumed, "behaviour 13"},
      {Timing::create_cluster, "create_cluster", constant(1min), Origin::assumed, "behaviour 13"},
      {Timing::install_sql, "install_sql", lognormal(15min, 40min), Origin::assumed, "behaviour 13"},
      {Timing::add_sql_node, "add_sql_node", lognormal(12min, 30min), Origin::assumed, "behaviour 13"},
      {Timing::install_integration_services, "install_integration_services", lognormal(8min, 20min), Origin::assumed,
       "behaviour 13"},
      {Timing::copy_certificate, "copy_certificate", constant(5s), Origin::assumed, "behaviour 13"},
      {Timing::write_settings, "write_settings", constant(1s), Origin::assumed, "behaviour 13"},
      {Timing::restart_service, "restart_service", tri(5s, 10s, 30s), Origin::assumed, "behaviour 13"},
      {Timing::create_role, "create_role", constant(20s), Origin::assumed, "behaviour 13"},
      {Timing::small_change, "small_change", constant(2s), Origin::assumed, "one remote cmdlet"},
      {Timing::patch, "patch", lognormal(20min, 60min), Origin::assumed, "behaviour 13; the reboot comes on top"},
      {Timing::between_node_crashes, "between_node_crashes", yearly(1), Origin::assumed, rates},
      {Timing::between_sql_crashes, "between_sql_crashes", yearly(1), Origin::assumed, rates},
      {Timing::between_sql_hangs, "between_sql_hangs", yearly(0.5), Origin::assumed, rates},
      {Timing::between_master_crashes, "between_master_crashes", yearly(2), Origin::assumed, rates},
      {Timing::between_master_hangs, "between_master_hangs", yearly(1), Origin::assumed, rates},
      {Timing::between_worker_host_crashes, "between_worker_host_crashes", yearly(1), Origin::assumed, rates},
      {Timing::between_witness_outages, "between_witness_outages", yearly(2), Origin::assumed, rates},
      {Timing::witness_outage, "witness_outage", lognormal(30min, 4h), Origin::assumed, rates},
      {Timing::between_node_pauses, "between_node_pauses", yearly(12), Origin::assumed, rates},
      {Timing::node_pause, "node_pause", lognormal(1500ms, 10s), Origin::assumed, rates},
      {Timing::between_network_bursts, "between_network_bursts", yearly(6), Origin::assumed, rates},
      {Timing::network_burst, "network_burst", lognormal(2s, 12s), Origin::assumed, rates},
      {Timing::operator_reaction_day, "operator_reaction_day", lognormal(15min, 60min), Origin::assumed,
       "behaviour 14: practice"},
      {Timing::operator_reaction_night, "operator_reaction_night", lognormal(30min, 2h), Origin::assumed,
       "behaviour 14: practice"},
  }};
}

// A row that stands in the wrong place would give a parameter its neighbour's value and name.
constexpr bool settings_in_order() {
  for (std::size_t i = 0; i < setting_count; ++i) {
    if (static_cast<std::size_t>(setting_rows[i].setting) != i || setting_rows[i].name.empty()) return false;
  }
  return true;
}
constexpr bool switches_in_order() {
  for (std::size_t i = 0; i < switch_count; ++i) {
    if (static_cast<std::size_t>(switch_rows[i].which) != i || switch_rows[i].name.empty()) return false;
  }
  return true;
}
static_assert(settings_in_order() && switches_in_order());

const std::array<TimingRow, timing_count>& timings() {
  static const std::array<TimingRow, timing_count> rows = [] {
    auto made = timing_rows();
    for (std::size_t i = 0; i < timing_count; ++i) {
      if (static_cast<std::size_t>(made[i].timing) != i) throw std::logic_error("the table of timings is out of order");
    }
    return made;
  }();
  return rows;
}

}  // namespace

std::string_view to_text(Origin origin) {
  switch (origin) {
    case Origin::documented: return "documented";
    case Origin::captured: return "captured";
    case Origin::assumed: return "assumed";
    case Origin::calibrated: return "calibrated";
    case Origin::given: return "given";
  }
  throw std::logic_error("unknown origin");
}

Parameters::Parameters() {
  for (const TimingRow& row : timings()) set(row.timing, row.value, row.origin, std::string(row.source));
  for (const SettingRow& row : setting_rows) set(row.setting, row.value, row.origin, std::string(row.source));
  for (const SwitchRow& row : switch_rows) set(row.which, row.value, Origin::assumed, std::string(row.source));
}

void Parameters::set(Timing timing, Distribution value, Origin origin, std::string source) {
  timings_.at(index(timing)) = {std::move(value), origin, std::move(source)};
}

void Parameters::set(Setting setting, std::int64_t value, Origin origin, std::string source) {
  settings_.at(index(setting)) = {value, origin, std::move(source)};
}

void Parameters::set(Switch which, bool value, Origin origin, std::string source) {
  switches_.at(index(which)) = {value, origin, std::move(source)};
}

std::vector<LedgerRow> Parameters::ledger() const {
  std::vector<LedgerRow> rows;
  rows.reserve(timing_count + setting_count + switch_count);
  for (std::size_t i = 0; i < timing_count; ++i) {
    const auto& [value, origin, source] = timings_[i];
    rows.push_back({std::string(timings()[i].name), to_text(value), origin, source});
  }
  for (std::size_t i = 0; i < setting_count; ++i) {
    const auto& [value, origin, source] = settings_[i];
    rows.push_back({std::string(setting_rows[i].name),
                    setting_rows[i].counts ? std::to_string(value) : to_text(Duration(value)), origin, source});
  }
  for (std::size_t i = 0; i < switch_count; ++i) {
    const auto& [value, origin, source] = switches_[i];
    rows.push_back({std::string(switch_rows[i].name), value ? "on" : "off", origin, source});
  }
  return rows;
}

std::string_view name_of(Timing timing) {
  return timings().at(static_cast<std::size_t>(timing)).name;
}
std::string_view name_of(Setting setting) {
  return setting_rows.at(static_cast<std::size_t>(setting)).name;
}
std::string_view name_of(Switch which) {
  return switch_rows.at(static_cast<std::size_t>(which)).name;
}
bool is_count(Setting setting) {
  return setting_rows.at(static_cast<std::size_t>(setting)).counts;
}
std::string_view lab_test_of(Switch which) {
  return switch_rows.at(static_cast<std::size_t>(which)).lab_test;
}

}  // namespace rehearse::model
