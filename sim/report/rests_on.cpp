#include "sim/report/rests_on.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

#include "model/units.hpp"

namespace rehearse::sim {
namespace {

using model::LedgerRow;
using model::Origin;
using model::Setting;
using model::Switch;
using model::Timing;
using world::FailureReason;
using world::Record;
using world::RecordId;
using world::RecordKind;
using world::ResourceKind;

/// Collects the parameters behind records, each once.
class Rows {
 public:
  Rows(const RunResult& run, const std::vector<LedgerRow>& ledger) : run_(run), plan_(*run.plan), ledger_(ledger) {}

  std::vector<LedgerRow> take() { return std::move(rows_); }

  void of(const Record& record, const Record* cause) {
    switch (record.kind) {
      case RecordKind::peer_silent: return heartbeats(record.subject.index(), record.object);
      case RecordKind::regroup_done:
      case RecordKind::node_removed: return add(Timing::regroup);
      case RecordKind::arbitration_won:
      case RecordKind::arbitration_lost: return arbitration(record, cause);
      case RecordKind::witness_failed: return add(Setting::looks_alive_interval);
      case RecordKind::witness_back: return add(Setting::witness_restart_interval);
      case RecordKind::quorum_lost: return add(Setting::dynamic_quorum);
      case RecordKind::host_booted: return add(boot_of(record.subject.index()));
      case RecordKind::node_starting: return add(Timing::cluster_service_restart);
      case RecordKind::node_joined:
      case RecordKind::cluster_formed: return add(Timing::cluster_join);
      case RecordKind::node_left: return add(Timing::cluster_service_stop);
      case RecordKind::node_service_ended:
        // It takes time only where the service stops in order.
        if (record.value == 0) add(Timing::cluster_service_stop);
        return;
      case RecordKind::host_shut_down: return add(Timing::windows_shutdown);
      case RecordKind::hang_found: return add(Setting::hang_timeout);
      case RecordKind::node_quarantined: add(Setting::quarantine_threshold); return add(Setting::quarantine_window);
      case RecordKind::quarantine_ended: return add(Setting::quarantine_duration);
      case RecordKind::role_waits: return add(Setting::group_wait_delay);
      default: break;
    }
    if (record.subject.part() == world::Part::resource) return resource(record, cause);
    scale_out(record, cause);
    replica(record);
  }

  void worker(world::WorkerIndex worker) {
    add(Setting::task_poll);
    const world::WorkerState& state = run_.last.workers[worker];
    line("AgentHeartbeatInterval", "worker", plan_.workers[worker].name, state.agent_heartbeat,
         model::WorkerSettings{}.agent_heartbeat_interval);
  }

 private:
  template <class Parameter>
  void add(Parameter parameter) {
    add_name(model::name_of(parameter));
  }

  void add_name(std::string_view name) {
    const auto row =
        std::find_if(ledger_.begin(), ledger_.end(), [&](const LedgerRow& one) { return one.name == name; });
    if (row == ledger_.end()) throw std::logic_error("a parameter that is not in the ledger");
    add_row(*row);
  }

  void add_row(const LedgerRow& row) {
    const bool there =
        std::any_of(rows_.begin(), rows_.end(), [&](const LedgerRow& one) { return one.name == row.name; });
    if (!there) rows_.push_back(row);
  }

  /// A property of a resource: the ledger's where it is no other.
  void property(Setting setting, std::string_view windows_name, world::ResourceIndex resource, std::int64_t value) {
    if (value == plan_.parameters()[setting]) return add(setting);
    const std::string text = model::is_count(setting) ? std::to_string(value) : model::to_text(Duration(value));
    add_row({std::string(windows_name) + " of " + plan_.resources[resource].name, text, Origin::given, "design"});
  }

  /// A line of a settings file (S 2).
  void line(std::string_view key, std::string_view service, const std::string& machine, Duration value,
            Duration documented) {
    const bool usual = value == documented;
    add_row({std::string(key) + " of the " + std::string(service) + " on " + machine, model::to_text(value),
             usual ? Origin::documented : Origin::given, usual ? "S 2" : "design or settings file"});
  }

  Timing boot_of(world::HostIndex host) const {
    return plan_.hosts[host].physical ? Timing::boot_physical : Timing::boot_virtual;
  }

  void heartbeats(world::HostIndex a, world::HostIndex b) {
    if (b >= plan_.hosts.size()) return;
    if (plan_.hosts[a].site != plan_.hosts[b].site) {
      add(Setting::cross_site_delay);
      return add(Setting::cross_site_threshold);
    }
    if ((plan_.hosts[a].heartbeat_cards & plan_.hosts[b].heartbeat_cards) == 0) {
      add(Setting::cross_subnet_delay);
      return add(Setting::cross_subnet_threshold);
    }
    add(Setting::same_subnet_delay);
    add(Setting::same_subnet_threshold);
  }

  /// The side that holds a file share or cloud witness arbitrates at once, the challenger after a delay (W 2.3).
  void arbitration(const Record& record, const Record* cause) {
    if (plan_.witness == model::Witness::Kind::none) return;
    if (plan_.witness == model::Witness::Kind::disk) return add(Timing::disk_witness_challenge);
    const Duration delay = plan_.parameters().length(Setting::witness_arbitration_delay);
    if (cause != nullptr && record.at - cause->at < delay) {
      add(Timing::witness_owner_arbitration);
    } else {
      add(Setting::witness_arbitration_delay);
      add(Timing::witness_challenger_arbitration);
    }
    if (plan_.witness == model::Witness::Kind::cloud) add(Timing::cloud_round_trips);
  }

  void resource(const Record& record, const Record* cause) {
    const world::ResourceIndex index = record.subject.index();
    if (index >= plan_.resources.size()) return;
    const world::ResourcePolicy& policy = plan_.resources[index].policy;
    switch (record.kind) {
      case RecordKind::resource_online: return start(index, cause);
      case RecordKind::resource_offline: return stop(index);
      case RecordKind::resource_terminated:
        if (record.value == world::ended_late) pending_timeout(index);
        return;
      case RecordKind::resource_failed: return failure(record);
      case RecordKind::restart_scheduled:
      case RecordKind::stays_failed:
        property(Setting::restart_threshold, "RestartThreshold", index, policy.restart_threshold);
        property(Setting::restart_period, "RestartPeriod", index, policy.restart_period.count());
        if (record.kind == RecordKind::restart_scheduled) return;
        add(Setting::failover_threshold);
        return add(Setting::failover_period);
      case RecordKind::resource_online_pending:
        if (cause != nullptr && cause->kind == RecordKind::restart_scheduled)
          property(Setting::restart_delay, "RestartDelay", index, policy.restart_delay.count());
        return;
      case RecordKind::resource_retried:
        return property(Setting::retry_period_on_failure, "RetryPeriodOnFailure", index, policy.retry_period.count());
      case RecordKind::resource_host_ended:
        return property(Setting::deadlock_timeout, "DeadlockTimeout", index, policy.deadlock_timeout.count());
      default: return;
    }
  }

  void pending_timeout(world::ResourceIndex index) {
    property(Setting::pending_timeout, "PendingTimeout", index, plan_.resources[index].policy.pending_timeout.count());
  }

  void start(world::ResourceIndex index, const Record* pending) {
    const bool unclean =
        pending != nullptr && pending->kind == RecordKind::resource_online_pending && pending->value == 1;
    switch (plan_.resources[index].kind) {
      case ResourceKind::disk: return add(unclean ? Timing::disk_online_unplanned : Timing::disk_online_planned);
      case ResourceKind::address: return add(Timing::address_online);
      case ResourceKind::name: return add(Timing::name_online);
      case ResourceKind::sql_server: return add(unclean ? Timing::sql_start_after_crash : Timing::sql_start_planned);
      case ResourceKind::sql_agent: return add(Timing::agent_start);
      case ResourceKind::generic_service: return add(Timing::service_start);
      case ResourceKind::availability_group: return add(Timing::group_online);
    }
  }

  void stop(world::ResourceIndex index) {
    switch (plan_.resources[index].kind) {
      case ResourceKind::disk: return add(Timing::disk_offline);
      case ResourceKind::address: return add(Timing::address_offline);
      case ResourceKind::name: return add(Timing::name_offline);
      case ResourceKind::sql_server: return add(Timing::sql_stop);
      case ResourceKind::sql_agent: return add(Timing::agent_stop);
      case ResourceKind::generic_service: return add(Timing::service_stop);
      case ResourceKind::availability_group: return add(Timing::group_offline);
    }
  }

  void failure(const Record& record) {
    const world::ResourceIndex index = record.subject.index();
    const world::ResourcePolicy& policy = plan_.resources[index].policy;
    const bool sql = plan_.resources[index].kind == ResourceKind::sql_server;
    switch (static_cast<FailureReason>(record.value)) {
      case FailureReason::looks_alive:
        property(Setting::looks_alive_interval, "LooksAlivePollInterval", index, policy.looks_alive.count());
        break;
      case FailureReason::is_alive:
        property(Setting::is_alive_interval, "IsAlivePollInterval", index, policy.is_alive.count());
        break;
      case FailureReason::pending_timeout: pending_timeout(index); return;
      case FailureReason::start_failed: start(index, nullptr); return;
      case FailureReason::resource_host_died:
        property(Setting::deadlock_timeout, "DeadlockTimeout", index, policy.deadlock_timeout.count());
        return;
      case FailureReason::lease_expired: add(Setting::lease_timeout); return;
      case FailureReason::replica_not_ready: add(Setting::group_connect_limit); return;
      case FailureReason::no_path:
      case FailureReason::address_in_use:
      case FailureReason::directory_refused:
      case FailureReason::tested:
      case FailureReason::logon_refused:
      case FailureReason::process_gone: return;
    }
    if (!sql) return;
    add(Setting::health_check_timeout);
    add(Setting::failure_condition_level);
    if (run_.last.consulted >> static_cast<unsigned>(Switch::health_judged_by_looks_alive) & 1U)
      add(Switch::health_judged_by_looks_alive);
  }

  void scale_out(const Record& record, const Record* cause) {
    const bool of_worker = record.subject.part() == world::Part::worker;
    switch (record.kind) {
      case RecordKind::ssisdb_open: return recovery(cause);
      case RecordKind::master_started: return add(Timing::service_start);
      case RecordKind::master_connected:
        if (cause == nullptr || cause->kind != RecordKind::master_started) add(Setting::master_retry);
        return;
      case RecordKind::master_cannot_connect: return add(Setting::master_retry);
      case RecordKind::name_replicated:
        add(Timing::dns_replication_same_site);
        return add(Timing::dns_replication_other_site);
      case RecordKind::name_resolved: return name_cache();
      case RecordKind::worker_cut_off:
      case RecordKind::worker_call_hangs: return add(Setting::tcp_connect_timeout);
      case RecordKind::worker_call_failed:
        if (static_cast<world::CallFailure>(record.value) == world::CallFailure::name_unknown) name_cache();
        add(Setting::stealth_mode);
        return add(Setting::tcp_connect_timeout);
      case RecordKind::worker_connected: add(Timing::tls_handshake); break;
      case RecordKind::worker_connecting:
      case RecordKind::worker_registered:
      case RecordKind::worker_learned_enabled:
      case RecordKind::worker_reporting:
      case RecordKind::handshake_refused: break;
      case RecordKind::task_swept: return sweep();
      case RecordKind::lease_frozen:
      case RecordKind::lease_renewed: return add(Setting::first_lease);
      case RecordKind::task_pulled: return worker(record.object);
      default: return;
    }
    if (of_worker) worker(record.subject.index());
  }

  /// Of SSISDB, after a start that was clean or not.
  void recovery(const Record* cause) {
    while (cause != nullptr && cause->kind != RecordKind::resource_online_pending)
      cause = run_.journal.find(cause->cause);
    if (cause != nullptr && cause->value == 0) return add(Timing::ssisdb_recovery_planned);
    add(plan_.replicas != 0 ? Timing::replica_redo : Timing::ssisdb_recovery_after_crash);
    add(Timing::ssisdb_undo);
  }

  void name_cache() {
    const world::GroupPlan& role = plan_.groups[plan_.master_group];
    if (role.record_ttl == plan_.parameters().length(Setting::record_ttl))
      add(Setting::record_ttl);
    else
      add_row({"HostRecordTTL of " + role.name, model::to_text(role.record_ttl), Origin::given, "design"});
    add(Setting::name_cache);
  }

  void sweep() {
    for (world::HostIndex node = 0; node < plan_.node_count; ++node) {
      const world::HostState& host = run_.last.hosts[node];
      if (host.master == world::Process::absent) continue;
      line("DealWithExpiredTasksIntervalInMs", "master", plan_.hosts[node].name, host.master_file.sweep,
           model::MasterSettings{}.sweep_interval);
    }
  }

  void replica(const Record& record) {
    switch (record.kind) {
      case RecordKind::replica_started: return add(Timing::sql_start_after_crash);
      case RecordKind::replica_starting: return add(Timing::instance_restart);
      case RecordKind::replica_session: return add(Setting::session_timeout);
      case RecordKind::replica_synchronized: add(Timing::replica_connecting); return add(Timing::replica_synchronizing);
      case RecordKind::primary_lease_unrenewed:
      case RecordKind::primary_lease_expired: return add(Setting::lease_timeout);
      case RecordKind::failover_monitor_ran: return add(Setting::failover_monitor_interval);
      default: return;
    }
  }

  const RunResult& run_;
  const world::Blueprint& plan_;
  const std::vector<LedgerRow>& ledger_;
  std::vector<LedgerRow> rows_;
};

}  // namespace

RestsOn::RestsOn(const RunResult& run) : run_(run), ledger_(run.plan->parameters().ledger()) {}

std::vector<LedgerRow> RestsOn::phase(const PhaseSpan& span, const Service& service) const {
  std::vector<const Record*> way;  // from the end of the phase to its begin
  RecordId id = span.ends;
  while (id > span.begins) {
    const Record* record = run_.journal.find(id);
    if (record == nullptr || record->at < span.from) break;
    way.push_back(record);
    id = record->cause;
  }
  Rows rows(run_, ledger_);
  for (auto record = way.rbegin(); record != way.rend(); ++record)
    rows.of(**record, run_.journal.find((*record)->cause));
  const bool waits_for_worker = span.phase == Phase::reconnect || span.phase == Phase::handshake_refused;
  if (waits_for_worker && service.kind == Service::Kind::worker) rows.worker(service.worker);
  return rows.take();
}

}  // namespace rehearse::sim
