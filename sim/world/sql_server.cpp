#include "sim/world/sql_server.hpp"

#include "sim/world/catalog.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/replicas.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/workers.hpp"
#include "sim/world/workload.hpp"

namespace rehearse::world {

using model::Setting;
using model::Switch;
using model::Timing;

bool SqlServer::crash(RecordId why) {
  if (state_.instance.sql != Process::running && state_.instance.sql != Process::hung) return false;
  const HostIndex node = state_.instance.node;
  const RecordId crashed = engine_.emit(RecordKind::sql_crashed, instance_id, why, node);
  close(crashed);
  if (plan_.replicas == 0) {
    world_.roles().heed_health(plan_.sql_resource);
    return true;
  }
  world_.replicas().process_ended(node, crashed);
  world_.roles().report_failure(plan_.sql_resource, FailureReason::process_gone, crashed);
  return true;
}

bool SqlServer::hang(RecordId why) {
  if (state_.instance.sql != Process::running) return false;
  // The health check judges by the last result of sp_server_diagnostics; from now on there is no newer one.
  Time last = engine_.last_beat(Event::diagnostics, 0);
  const Rhythm& diagnostics = engine_.rhythm(Event::diagnostics, 0);
  if (last == core::never) last = diagnostics.beats() ? diagnostics.anchor : engine_.now();
  const RecordId hung =
      engine_.emit(RecordKind::sql_hung, instance_id, why, state_.instance.node, last.time_since_epoch().count());
  close(hung);
  world_.roles().heed_health(plan_.sql_resource);
  if (plan_.replicas != 0) world_.replicas().process_hangs(state_.instance.node, hung);
  return true;
}

bool SqlServer::recover_from_hang(RecordId why) {
  bool any = false;
  for_each_bit(plan_.replicas, [&](HostIndex node) {
    const bool primary = state_.instance.node == node && state_.instance.sql == Process::hung;
    if (state_.replicas[node].sql != Process::hung || primary) return;
    any = true;
    world_.replicas().process_answers(node,
                                      engine_.emit(RecordKind::sql_recovered_from_hang, host_id(node), why, node));
  });
  if (state_.instance.sql != Process::hung) return any;
  const RecordId back = engine_.emit(RecordKind::sql_recovered_from_hang, instance_id, why, state_.instance.node);
  const Rhythm diagnostics = engine_.rhythm(Event::diagnostics, 0);
  if (plan_.replicas != 0) world_.replicas().process_answers(state_.instance.node, back);
  if (!diagnostics.beats()) return true;  // it is being stopped, and hears so now
  engine_.start_rhythm(Event::diagnostics, 0, 0, engine_.now(), diagnostics.period);
  if (!state_.instance.ssisdb_exists) return true;
  const RecordId open = engine_.emit(RecordKind::ssisdb_open, instance_id, back);
  world_.masters().review(open);
  world_.workers().review(open);
  return true;
}

void SqlServer::create_catalog(RecordId why) {
  const RecordId created = engine_.emit(RecordKind::catalog_created, instance_id, why);
  world_.masters().review(created);
}

void SqlServer::came_up(bool unclean, RecordId why) {
  // sp_server_diagnostics in repeat mode: a third of HealthCheckTimeout, at least 5 s (W 7.1).
  const Duration interval =
      std::max<Duration>(engine_.length(Setting::health_check_timeout) / 3, std::chrono::seconds(5));
  engine_.start_rhythm(Event::diagnostics, 0, 0, engine_.now(), interval);
  begin_recovery(unclean, why);
}

/// Redo, bounded by the target recovery time, and then undo: Enterprise opens the database before it, accelerated
/// recovery makes it next to nothing, Standard waits for it (W 7.4).
void SqlServer::begin_recovery(bool unclean, RecordId why) {
  if (!state_.instance.ssisdb_exists) return;
  const std::uint64_t ordinal = state_.resources[plan_.sql_resource].onlines;
  const Timing after_crash = plan_.replicas != 0 ? Timing::replica_redo : Timing::ssisdb_recovery_after_crash;
  const Timing timing = unclean ? after_crash : Timing::ssisdb_recovery_planned;
  Duration recovery = engine_.take(timing, instance_id, ordinal);
  if (unclean) recovery += engine_.take(Timing::ssisdb_undo, instance_id, ordinal);
  recovery = recovery * state_.instance.slow / 100 * storage_slowness() / 100;
  engine_.arm(Event::recovery, 0, 0, engine_.now() + recovery, why);
}

void SqlServer::recovered(RecordId why) {
  if (state_.instance.suspect) return;
  const RecordId open = engine_.emit(RecordKind::ssisdb_open, instance_id, why);
  if (plan_.replicas != 0) engine_.heed(Event::failover_monitor, state_.instance.node);
  // catalog.startup repairs operation rows after every start of the instance, Scale Out's included (S 1.7). When a
  // replica starts, SSISDB is not open there: then it is the SSIS Failover Monitor Job that runs it.
  if (plan_.replicas == 0 && state_.instance.startup_procedure && world_.catalog().has_unfinished() &&
      engine_.ask(Switch::startup_stamping, open)) {
    world_.catalog().stamp_unfinished(open);
  }
  world_.masters().review(open);
  world_.workers().review(open);
}

void SqlServer::going_down(HostIndex node, RecordId why) {
  if (plan_.replicas != 0) return stops_being_primary(node, why);
  if (state_.instance.node != node && runs()) return;
  engine_.stop_rhythm(Event::diagnostics, 0);
  engine_.disarm(Event::recovery, 0);
  close(why);
}

void SqlServer::node_gone(HostIndex node, RecordId why) {
  if (state_.instance.node == node) crash(why);
}

void SqlServer::storage_moved(ResourceIndex disk, RecordId why) {
  const HostIndex owner = state_.groups[plan_.resources[disk].group].owner;
  const bool its_own = plan_.resources[disk].group == plan_.sql_group;
  if (its_own && runs() && state_.instance.node != owner) crash(why);
}

void SqlServer::ended_with_node(HostIndex node, RecordId why) {
  if (plan_.replicas != 0) {
    stops_being_primary(node, why);
    return world_.replicas().cluster_service_ended(node, why);
  }
  if (state_.instance.node == node) crash(why);
}

void SqlServer::stops_being_primary(HostIndex node, RecordId why) {
  if (state_.instance.node == node) {
    engine_.stop_rhythm(Event::diagnostics, 0);
    close(why);
  }
  world_.replicas().ended(node, why);
}

std::int32_t SqlServer::storage_slowness() const {
  std::int32_t slowest = 100;
  const GroupPlan& role = plan_.groups[plan_.sql_group];
  for (ResourceIndex index = role.first; index < role.first + role.count; ++index) {
    if (plan_.resources[index].kind == ResourceKind::disk) slowest = std::max(slowest, state_.resources[index].slow);
  }
  return slowest;
}

void SqlServer::set_component_error(Component component, bool error, RecordId why) {
  engine_.emit(RecordKind::component_error, instance_id, why, static_cast<std::uint32_t>(component), error);
  world_.roles().heed_health(plan_.sql_resource);
}

void SqlServer::slow_recovery(std::int32_t percent, RecordId why) {
  engine_.emit(RecordKind::recovery_slowed, instance_id, why, none, percent);
}

void SqlServer::set_suspect(bool suspect, RecordId why) {
  const RecordId changed = engine_.emit(RecordKind::ssisdb_suspect, instance_id, why, none, suspect);
  if (suspect) return close(changed);
  // Once repaired it is brought online by hand, through recovery.
  if (state_.instance.sql == Process::running && !state_.instance.ssisdb_open) begin_recovery(true, changed);
}

void SqlServer::set_authentication_off(bool off, RecordId why) {
  world_.workers().review(engine_.emit(RecordKind::authentication_off, instance_id, why, none, off));
}

void SqlServer::set_log_login_orphaned(bool orphaned, RecordId why) {
  world_.workers().review(engine_.emit(RecordKind::log_login_orphaned, instance_id, why, none, orphaned));
}

bool SqlServer::takes_messages() const {
  return open() && !state_.instance.authentication_off && !state_.instance.log_login_orphaned && log_login_works();
}

void SqlServer::set_tempdb_missing(HostIndex node, bool missing, RecordId why) {
  const RecordId changed = engine_.emit(RecordKind::tempdb_missing, host_id(node), why, none, missing);
  if (!missing) world_.replicas().host_booted(node, changed);  // its service is started again by hand
}

void SqlServer::close(RecordId why) {
  engine_.disarm(Event::recovery, 0);
  if (!state_.instance.ssisdb_open) return;
  const RecordId closed = engine_.emit(RecordKind::ssisdb_closed, instance_id, why);
  world_.catalog().instance_lost(closed);
  world_.workload().instance_lost(closed);
  world_.masters().review(closed);
  world_.workers().review(closed);
}

bool SqlServer::master_key_opens() const {
  return plan_.replicas == 0 || (state_.instance.node != none && state_.replicas[state_.instance.node].master_key);
}

bool SqlServer::log_login_works() const {
  return plan_.replicas == 0 || (state_.instance.node != none && state_.replicas[state_.instance.node].log_login);
}

bool SqlServer::agent_runs() const {
  if (plan_.replicas != 0) return state_.instance.sql == Process::running;
  return state_.resources[plan_.agent_resource].status == ResourceStatus::online;
}

Time SqlServer::health_alarm() const {
  // The diagnostics that show an error come at their next interval: every poll until then may be the first to know.
  if (state_.instance.sql == Process::running && state_.instance.errors != 0 && !errors_shown()) {
    return engine_.now() + Duration(1);
  }
  if (state_.instance.sql != Process::hung) return core::never;
  const Time due = state_.instance.last_result + engine_.length(Setting::health_check_timeout);
  return due > engine_.now() ? due : core::never;
}

bool SqlServer::errors_shown() const {
  const Time shown = engine_.last_beat(Event::diagnostics, 0);
  return shown != core::never && shown >= state_.instance.errors_since;
}

/// Levels 3, 4 and 5 add a component each (W 7.1). The last diagnostics, taken since the error began, must show it.
RecordId SqlServer::component_sick(std::int64_t level, Event poll) const {
  const auto in_error = [&](Component component) {
    return (state_.instance.errors >> static_cast<unsigned>(component) & 1U) != 0;
  };
  using model::HealthProblem;
  const auto bad_by = [&](Component component, HealthProblem problem) {
    return model::counts_at(level, problem) && in_error(component);
  };
  const bool bad = bad_by(Component::system, HealthProblem::system_error) ||
                   bad_by(Component::resource, HealthProblem::resource_error) ||
                   bad_by(Component::query_processing, HealthProblem::query_processing_error);
  if (!bad || !errors_shown()) return 0;
  const bool by_looks_alive = engine_.ask(Switch::health_judged_by_looks_alive, state_.instance.changed_by);
  return poll == Event::is_alive || by_looks_alive ? state_.instance.changed_by : 0;
}

RecordId SqlServer::sick(Event poll) const {
  const InstanceState& instance = state_.instance;
  if (instance.sql == Process::stopped) return instance.changed_by;  // the service is gone: LooksAlive asks for that
  const std::int64_t level = engine_.count(Setting::failure_condition_level);
  if (instance.sql == Process::running) return component_sick(level, poll);
  if (instance.sql != Process::hung || !model::counts_at(level, model::HealthProblem::unresponsive)) return 0;
  // No data for HealthCheckTimeout: unresponsive. Which poll acts on it nobody has published (behaviour.md 4).
  if (engine_.now() - instance.last_result < engine_.length(Setting::health_check_timeout)) return 0;
  const bool by_looks_alive = engine_.ask(Switch::health_judged_by_looks_alive, instance.changed_by);
  return poll == Event::is_alive || by_looks_alive ? instance.changed_by : 0;
}

}  // namespace rehearse::world
