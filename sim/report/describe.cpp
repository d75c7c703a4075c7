#include "sim/report/describe.hpp"

#include <fmt/format.h>

#include "model/endpoint.hpp"
#include "model/handshake.hpp"
#include "model/task_lease.hpp"
#include "sim/report/reasons.hpp"
#include "sim/report/time_text.hpp"

namespace rehearse::sim {
namespace {

using fmt::format;
using world::Blueprint;
using world::CallFailure;
using world::ConnectFailure;
using world::EndReason;
using world::FailureReason;
using world::KillReason;
using world::MoveCause;
using world::none;
using world::Record;
using world::RecordKind;
using world::ResourceKind;

bool is_outcome(std::int64_t value) {
  return value >= 0 && value < static_cast<std::int64_t>(model::HandshakeOutcome::count_);
}

/// A record with what its numbers stand for.
class Reading {
 public:
  Reading(const Record& record, const Blueprint& plan, const Scenario& scenario, const std::vector<std::string>& acts)
      : record_(record), plan_(plan), scenario_(scenario), acts_(acts) {}

  std::string who() const;
  std::string what() const { return machine_or_rehearsal(); }
  std::string more() const;

 private:
  std::string machine_or_rehearsal() const;
  std::string set_up() const;
  std::string membership() const;
  std::string role_or_resource() const;
  std::string instance_or_master() const;
  std::string worker() const;
  std::string work() const;

  std::string part(world::PartId id, std::size_t count) const {
    return id.index() < count ? plan_.name_of(id) : format("number {}", id.index());
  }
  std::string node() const { return part(world::host_id(record_.object), plan_.hosts.size()); }
  std::string worker_name() const { return part(world::worker_id(record_.object), plan_.workers.size()); }
  /// Of records about runs, which name the slot.
  std::string slot_owner() const {
    const std::uint32_t slots = std::max(plan_.slots_per_worker, 1U);
    return part(world::worker_id(record_.object == none ? none : record_.object / slots), plan_.workers.size());
  }
  std::string certificate() const {
    return record_.object == none
               ? "no certificate"
               : format("the certificate \"{}\"", plan_.name_of(world::certificate_id(record_.object)));
  }
  std::string nodes(std::int64_t mask) const;
  std::string store() const;
  std::string when() const { return offset_text(core::Time(Duration(record_.value))); }
  std::string entry() const;
  std::string act() const;
  std::string failure() const;
  std::string refusal() const;
  std::string_view status() const;

  const Record& record_;
  const Blueprint& plan_;
  const Scenario& scenario_;
  const std::vector<std::string>& acts_;
};

std::string Reading::who() const {
  switch (record_.kind) {
    case RecordKind::begun:
    case RecordKind::fault_injected:
    case RecordKind::fault_repaired:
    case RecordKind::operator_acts:
    case RecordKind::switch_consulted: return {};
    default: break;
  }
  switch (record_.subject.part()) {
    case world::Part::host: return part(record_.subject, plan_.hosts.size());
    case world::Part::group: return part(record_.subject, plan_.groups.size());
    case world::Part::resource: return part(record_.subject, plan_.resources.size());
    case world::Part::worker: return part(record_.subject, plan_.workers.size());
    case world::Part::batch: return "batch " + part(record_.subject, plan_.batches.size());
    default: return plan_.name_of(record_.subject);
  }
}

std::string Reading::nodes(std::int64_t mask) const {
  std::string text;
  for (world::HostIndex index = 0; index < plan_.node_count && index < 64; ++index) {
    if (static_cast<std::uint64_t>(mask) >> index & 1) text += (text.empty() ? "" : ", ") + plan_.hosts[index].name;
  }
  return text.empty() ? "none" : text;
}

std::string Reading::store() const {
  const auto store = static_cast<world::Store>(record_.value & 15);
  return store == world::Store::root ? "LocalMachine\\Root" : "LocalMachine\\My";
}

std::string Reading::entry() const {
  if (record_.object < scenario_.timeline.size()) return name_of(scenario_.timeline[record_.object]);
  return record_.object == none ? "an operation" : format("number {}", record_.object);
}

std::string Reading::act() const {
  if (record_.object < acts_.size()) return acts_[record_.object];
  return record_.object == none ? "an operation" : format("number {}", record_.object);
}

std::string Reading::failure() const {
  const bool service = record_.subject.index() < plan_.resources.size() &&
                       plan_.resources[record_.subject.index()].kind == ResourceKind::generic_service;
  switch (static_cast<FailureReason>(record_.value)) {
    case FailureReason::looks_alive:
      return service ? "failed, found by LooksAlive (events 1042 and 1069)"
                     : "failed, found by LooksAlive (event 1069)";
    case FailureReason::is_alive: return "failed, found by IsAlive (event 1069)";
    case FailureReason::start_failed:
      return service ? "could not start: no such service on this node (events 1040 and 1069)"
                     : "could not start (event 1069)";
    case FailureReason::pending_timeout:
      return format("failed: still pending after PendingTimeout, {} (event 1069)",
                    model::to_text(plan_.parameters().length(model::Setting::pending_timeout)));
  }
  return "failed (event 1069)";
}

std::string_view Reading::status() const {
  const bool known = record_.value >= static_cast<std::int64_t>(model::TaskStatus::ready) &&
                     record_.value <= static_cast<std::int64_t>(model::TaskStatus::cancelled);
  return known ? model::to_text(static_cast<model::TaskStatus>(record_.value)) : "an end";
}

std::string Reading::refusal() const {
  if (!is_outcome(record_.value)) return "handshake refused";
  return format("handshake with {} refused: {}", node(),
                model::to_text(static_cast<model::HandshakeOutcome>(record_.value)));
}

std::string Reading::more() const {
  if (record_.kind != RecordKind::handshake_refused || !is_outcome(record_.value)) return {};
  const auto outcome = static_cast<model::HandshakeOutcome>(record_.value);
  const model::Design& design = plan_.design();
  model::Endpoint endpoint{design.master_host_name(), design.scale_out.master.settings.port};
  if (record_.subject.index() < plan_.workers.size()) {
    const std::uint32_t pool = plan_.workers[record_.subject.index()].pool;
    if (const auto own = model::parse_endpoint(design.scale_out.workers[pool].settings.endpoint)) endpoint = *own;
  }
  if (outcome == model::HandshakeOutcome::accepted) return {};
  return format("The worker's log shows \"{}\" {}", model::message_of(outcome, endpoint.host, endpoint.port),
                model::remedy_of(outcome, endpoint.host, endpoint.port));
}

std::string Reading::machine_or_rehearsal() const {
  switch (record_.kind) {
    case RecordKind::begun: return "the rehearsal begins";
    case RecordKind::fault_injected: return "FAULT " + entry();
    case RecordKind::fault_repaired: return "REPAIR " + entry();
    case RecordKind::operator_acts:
      return record_.value == 1 ? format("OPERATOR {} ends", act()) : format("OPERATOR {}", act());
    case RecordKind::host_power_lost: return "power lost";
    case RecordKind::host_bugchecked: return "stop error (bugcheck); Windows restarts by itself";
    case RecordKind::host_booting: return "boots";
    case RecordKind::host_booted: return "Windows is up again";
    case RecordKind::link_down: return "network card down";
    case RecordKind::link_up: return "network card up again";
    case RecordKind::partition_changed:
      return record_.value == 0 ? "on the common side of the network again"
                                : format("cut off: on side {} of a network partition", record_.value);
    default: return set_up();
  }
}

std::string Reading::set_up() const {
  switch (record_.kind) {
    case RecordKind::feature_installed: return "Failover Clustering feature installed";
    case RecordKind::sql_installed: return "SQL Server installed";
    case RecordKind::master_installed: return "Scale Out Master installed";
    case RecordKind::worker_installed: return "Scale Out Worker installed";
    case RecordKind::certificate_created:
      return format("created, valid until {}", model::to_text(plan_.date_at(core::Time(Duration(record_.value)))));
    case RecordKind::certificate_placed:
      return format("{} placed in {}{}", certificate(), store(),
                    (record_.value & world::with_key) != 0 ? " with its private key" : "");
    case RecordKind::certificate_removed: return format("{} removed from {}", certificate(), store());
    case RecordKind::key_access_granted: return format("service account may read the key of {}", certificate());
    case RecordKind::binding_set:
      return format("http.sys binding of port {} now holds {}", record_.value, certificate());
    case RecordKind::master_setting: return "MasterSettings.config changed";
    case RecordKind::worker_setting: return "WorkerSettings.config changed";
    case RecordKind::start_type_set:
      return record_.value != 0 ? "start type of the Scale Out Master: Automatic"
                                : "start type of the Scale Out Master: Manual";
    case RecordKind::firewall_opened: return format("firewall opened for TCP port {}", record_.value);
    case RecordKind::catalog_created: return "SSISDB created";
    case RecordKind::scale_out_enabled: return "SSISDB enabled for Scale Out";
    case RecordKind::log_login_enabled: return "login for the workers' logs enabled";
    case RecordKind::startup_procedure_set: return "catalog.startup set as a startup procedure";
    case RecordKind::admin_added: return "account added to ssis_admin";
    case RecordKind::master_address_updated: return "master address updated in SSISDB";
    case RecordKind::worker_enabled: return "enabled in SSISDB";
    case RecordKind::cluster_created: return "cluster created on " + node();
    case RecordKind::cluster_validated: return "cluster validated";
    case RecordKind::witness_configured: return "witness configured";
    default: return membership();
  }
}

std::string Reading::membership() const {
  switch (record_.kind) {
    case RecordKind::node_starting: return "cluster service starts";
    case RecordKind::node_joined: return "joined the cluster";
    case RecordKind::cluster_formed: return "formed the cluster anew";
    case RecordKind::peer_silent: return node() + " is silent";
    case RecordKind::peer_heard: return node() + " is heard again";
    case RecordKind::regroup_done: return "regroup done, still in reach: " + nodes(record_.value);
    case RecordKind::arbitration_won: return "won the arbitration for the witness";
    case RecordKind::arbitration_lost: return "lost the arbitration for the witness (status 5925)";
    case RecordKind::node_removed: return format("removed from the cluster by {} (event 1135)", node());
    case RecordKind::votes_changed:
      return format("votes now: {}{}", nodes(record_.value), record_.object == 1 ? ", and the witness" : "");
    case RecordKind::quorum_lost: return "quorum lost, its cluster service stops (event 1177, status 5925)";
    case RecordKind::node_service_ended:
      switch (record_.value) {
        case 0: return "cluster service stopped";
        case 1: return "cluster service ended: no quorum";
        case 2: return "cluster service crashed";
        default: return "cluster service ended with its machine";
      }
    case RecordKind::core_group_moved:
      return format("Cluster Group moved to {}{}", node(), record_.value == 1 ? ", and the witness with it" : "");
    case RecordKind::witness_taken: return "witness locked by " + node();
    case RecordKind::witness_released: return "witness released";
    default: return role_or_resource();
  }
}

std::string Reading::role_or_resource() const {
  switch (record_.kind) {
    case RecordKind::role_created: return "role created";
    case RecordKind::resource_created: return "resource created";
    case RecordKind::dependencies_set: return "dependencies set";
    case RecordKind::restart_action_set: return format("RestartAction set to {}", record_.value);
    case RecordKind::role_wanted: return record_.value != 0 ? "shall be online" : "shall be offline";
    case RecordKind::move_started:
      return format("moves to {} ({})", node(), reason_of(static_cast<MoveCause>(record_.value)));
    case RecordKind::owner_changed:
      return format("owned by {} ({})", node(), reason_of(static_cast<MoveCause>(record_.value)));
    case RecordKind::move_refused: return "stays where it is: no node can take it";
    case RecordKind::resource_wanted: return record_.value != 0 ? "wanted online" : "held offline by an operator";
    case RecordKind::resource_online_pending:
      return record_.value != 0 ? "Online Pending, after an unclean end" : "Online Pending";
    case RecordKind::resource_online: return "Online";
    case RecordKind::resource_offline_pending: return "Offline Pending";
    case RecordKind::resource_offline: return "Offline";
    case RecordKind::resource_terminated: return "terminated: what it depends on failed";
    case RecordKind::resource_lost: return "ended with its node";
    case RecordKind::resource_failed: return failure();
    case RecordKind::restart_scheduled: return "restarts in place after " + model::to_text(Duration(record_.value));
    case RecordKind::stays_failed:
      return format("stays Failed until an operator or RetryPeriodOnFailure, {} (event 1205)",
                    model::to_text(plan_.parameters().length(model::Setting::retry_period_on_failure)));
    case RecordKind::resource_retried: return "tried again";
    default: return instance_or_master();
  }
}

std::string Reading::instance_or_master() const {
  switch (record_.kind) {
    case RecordKind::sql_crashed: return format("SQL Server process ended on {}", node());
    case RecordKind::sql_hung:
      return format("SQL Server hangs on {}, last sp_server_diagnostics result at {}", node(), when());
    case RecordKind::sql_recovered_from_hang: return format("SQL Server answers again on {}", node());
    case RecordKind::ssisdb_open: return "SSISDB open";
    case RecordKind::ssisdb_closed: return "SSISDB closed";
    case RecordKind::master_started: return format("Scale Out Master started (process {})", record_.value);
    case RecordKind::master_ended:
      return format("Scale Out Master {}", reason_of(static_cast<EndReason>(record_.value)));
    case RecordKind::master_hung: return "Scale Out Master hangs; the service control manager calls it running";
    case RecordKind::master_connected: return "Scale Out Master connected to SSISDB";
    case RecordKind::master_cannot_connect:
      return format("Scale Out Master cannot connect to SSISDB: {}",
                    reason_of(static_cast<ConnectFailure>(record_.value)));
    case RecordKind::master_disconnected: return "Scale Out Master lost SSISDB";
    case RecordKind::master_last_online: return "LAST_ONLINE_TIME stands at " + when();
    default: return worker();
  }
}

std::string Reading::worker() const {
  switch (record_.kind) {
    case RecordKind::worker_service_started: return "Scale Out Worker started";
    case RecordKind::worker_service_ended:
      return format("Scale Out Worker {}", reason_of(static_cast<EndReason>(record_.value)));
    case RecordKind::worker_cut_off:
      return record_.value == 1 ? "connection to the master broke: the peer vanished"
                                : "connection to the master closed by the peer";
    case RecordKind::worker_connecting: return "connects to the master";
    case RecordKind::worker_call_failed:
      return format("call to the master failed: {}", reason_of(static_cast<CallFailure>(record_.value)));
    case RecordKind::handshake_refused: return refusal();
    case RecordKind::worker_connected:
      return format("connected to the master on {} (process {})", node(), record_.value);
    case RecordKind::worker_registered: return "registered in SSISDB";
    case RecordKind::worker_learned_enabled: return "learned that it is enabled";
    case RecordKind::worker_call_hangs: return "a call hangs on a connection whose peer vanished";
    case RecordKind::worker_reporting: return "its heartbeats reach SSISDB";
    case RecordKind::worker_silent: return "its heartbeats no longer reach SSISDB, LastOnlineTime stands at " + when();
    default: return work();
  }
}

std::string Reading::work() const {
  switch (record_.kind) {
    case RecordKind::batch_begun: return "begins to submit";
    case RecordKind::batch_skipped: return format("skipped: {} executions never submitted", record_.value);
    case RecordKind::batch_abandoned:
      return format("the submitting job died: {} executions never submitted", record_.value);
    case RecordKind::submit_failed: return "submission failed, tried again later";
    case RecordKind::execution_created:
      return format("created by batch {}", part(world::batch_id(record_.object), plan_.batches.size()));
    case RecordKind::task_pulled: return format("picked up by {}", worker_name());
    case RecordKind::lease_frozen:
      return format("lease no longer renewed by {}, last heartbeat at {}", slot_owner(), when());
    case RecordKind::lease_renewed: return format("lease renewed by {}", slot_owner());
    case RecordKind::task_swept: return "swept: its lease ran out";
    case RecordKind::package_ended:
      return format("package {} on {}", record_.value == 1 ? "succeeded" : "failed", slot_owner());
    case RecordKind::package_killed:
      return format("package killed on {}: {}", slot_owner(), reason_of(static_cast<KillReason>(record_.value)));
    case RecordKind::task_reported: return format("{} reported by {}", status(), slot_owner());
    case RecordKind::report_refused: return format("report of {} refused (error {})", slot_owner(), record_.value);
    case RecordKind::renewal_refused: return format("heartbeat of {} refused (error {})", slot_owner(), record_.value);
    case RecordKind::execution_stamped: return "stamped \"ended unexpectedly\" by catalog.startup";
    case RecordKind::switch_consulted:
      if (record_.value < 0 || record_.value >= static_cast<std::int64_t>(model::switch_count))
        return "a switch matters";
      return format("from here on it matters whether {}", model::name_of(static_cast<model::Switch>(record_.value)));
    default: break;
  }
  return std::string(world::to_text(record_.kind));  // a kind that is newer than these sentences
}

}  // namespace

Sentence describe(const Record& record, const Blueprint& plan, const Scenario& scenario,
                  const std::vector<std::string>& acts) {
  const Reading reading(record, plan, scenario, acts);
  return {reading.who(), reading.what(), reading.more()};
}

std::string to_text(const Sentence& sentence) {
  return sentence.who.empty() ? sentence.what : sentence.who + ": " + sentence.what;
}

std::string name_of(const TimelineEntry& entry) {
  std::string text;
  if (entry.action == TimelineEntry::Action::step) {
    text = entry.step;
    std::string arguments;
    for (const auto& [name, value] : entry.arguments)
      arguments += (arguments.empty() ? "" : ", ") + name + ": " + value;
    if (!arguments.empty()) text += " (" + arguments + ")";
    return text;
  }
  text = std::string(to_text(entry.fault));
  for (std::size_t i = 0; i < entry.hosts.size(); ++i) text += (i == 0 ? " on " : ", ") + entry.hosts[i];
  return text;
}

}  // namespace rehearse::sim
