#include "sim/world/sql_server.hpp"

#include "sim/world/catalog.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/workers.hpp"
#include "sim/world/workload.hpp"

namespace rehearse::world {

using model::Setting;
using model::Switch;
using model::Timing;

bool SqlServer::crash(RecordId why) {
  if (state_.instance.sql != Process::running && state_.instance.sql != Process::hung) return false;
  const RecordId crashed = engine_.emit(RecordKind::sql_crashed, instance_id, why, state_.instance.node);
  close(crashed);
  world_.roles().heed_health(plan_.sql_resource);
  return true;
}

bool SqlServer::hang(RecordId why) {
  if (state_.instance.sql != Process::running) return false;
  // The health check judges by the last result of sp_server_diagnostics; from now on there is no newer one.
  Time last = engine_.last_beat(Event::diagnostics, 0);
  if (last == core::never) last = engine_.rhythm(Event::diagnostics, 0).anchor;
  const RecordId hung =
      engine_.emit(RecordKind::sql_hung, instance_id, why, state_.instance.node, last.time_since_epoch().count());
  close(hung);
  world_.roles().heed_health(plan_.sql_resource, last + engine_.length(Setting::health_check_timeout));
  return true;
}

bool SqlServer::recover_from_hang(RecordId why) {
  if (state_.instance.sql != Process::hung) return false;
  const RecordId back = engine_.emit(RecordKind::sql_recovered_from_hang, instance_id, why, state_.instance.node);
  engine_.start_rhythm(Event::diagnostics, 0, 0, engine_.now(), engine_.rhythm(Event::diagnostics, 0).period);
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
  if (!state_.instance.ssisdb_exists) return;
  const Timing timing = unclean ? Timing::ssisdb_recovery_after_crash : Timing::ssisdb_recovery_planned;
  const Duration recovery = engine_.take(timing, instance_id, state_.resources[plan_.sql_resource].onlines);
  engine_.arm(Event::recovery, 0, 0, engine_.now() + recovery, why);
}

void SqlServer::recovered(RecordId why) {
  const RecordId open = engine_.emit(RecordKind::ssisdb_open, instance_id, why);
  // catalog.startup repairs operation rows after every start of the instance, Scale Out's included (S 1.7).
  if (state_.instance.startup_procedure && world_.catalog().has_unfinished() &&
      engine_.ask(Switch::startup_stamping, open)) {
    world_.catalog().stamp_unfinished(open);
  }
  world_.masters().review(open);
  world_.workers().review(open);
}

void SqlServer::going_down(RecordId why) {
  engine_.stop_rhythm(Event::diagnostics, 0);
  engine_.disarm(Event::recovery, 0);
  close(why);
}

void SqlServer::node_gone(HostIndex node, RecordId why) {
  if (state_.instance.node == node) crash(why);
}

/// SSISDB stops answering, whatever the reason.
void SqlServer::close(RecordId why) {
  engine_.disarm(Event::recovery, 0);
  if (!state_.instance.ssisdb_open) return;
  const RecordId closed = engine_.emit(RecordKind::ssisdb_closed, instance_id, why);
  world_.catalog().instance_lost(closed);
  world_.workload().instance_lost(closed);
  world_.masters().review(closed);
  world_.workers().review(closed);
}

Time SqlServer::health_alarm() const {
  if (state_.instance.sql != Process::hung) return core::never;
  const Time due = state_.instance.last_result + engine_.length(Setting::health_check_timeout);
  return due > engine_.now() ? due : core::never;
}

RecordId SqlServer::sick(Event poll) const {
  const InstanceState& instance = state_.instance;
  if (instance.sql == Process::stopped) return instance.changed_by;  // the service is gone: LooksAlive asks for that
  if (instance.sql != Process::hung || engine_.count(Setting::failure_condition_level) < 2) return 0;
  // No data for HealthCheckTimeout: unresponsive. Which poll acts on it nobody has published (behaviour.md 4).
  if (engine_.now() - instance.last_result < engine_.length(Setting::health_check_timeout)) return 0;
  const bool by_looks_alive = engine_.ask(Switch::health_judged_by_looks_alive, instance.changed_by);
  return poll == Event::is_alive || by_looks_alive ? instance.changed_by : 0;
}

}  // namespace rehearse::world
