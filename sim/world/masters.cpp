#include "sim/world/masters.hpp"

#include "sim/world/catalog.hpp"
#include "sim/world/configuration.hpp"
#include "sim/world/names.hpp"
#include "sim/world/network.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::world {

using model::Setting;
using model::Switch;

bool Masters::crash(HostIndex node, RecordId why) {
  if (state_.hosts[node].master != Process::running && state_.hosts[node].master != Process::hung) return false;
  ended(node, EndReason::crashed, why);
  if (state_.groups[plan_.master_group].owner == node) world_.roles().heed_health(plan_.master_resource);
  return true;
}

bool Masters::stop(HostIndex node, RecordId why) {
  if (state_.hosts[node].master != Process::running && state_.hosts[node].master != Process::hung) return false;
  ended(node, EndReason::stopped, why);
  if (state_.groups[plan_.master_group].owner == node) world_.roles().heed_health(plan_.master_resource);
  return true;
}

bool Masters::hang(HostIndex node, RecordId why) {
  if (state_.hosts[node].master != Process::running) return false;
  const bool connected = state_.hosts[node].master_connected;
  const Time stamp = last_stamp(node);
  const RecordId hung = engine_.emit(RecordKind::master_hung, host_id(node), why);
  if (connected) {
    engine_.emit(RecordKind::master_last_online, host_id(node), hung, none, stamp.time_since_epoch().count());
  }
  stop_rhythms(node);
  world_.workers().review(hung);
  return true;
}

void Masters::try_again(HostIndex node) {
  engine_.start_rhythm(Event::master_retry, node, 0, engine_.now(), engine_.length(Setting::master_retry));
  engine_.heed(Event::master_retry, node);
}

/// Why it cannot connect may change without anybody telling it: while it tries, each try is an event.
Time Masters::retry_alarm(HostIndex node) const {
  const HostState& host = state_.hosts[node];
  return host.master == Process::running && !host.master_connected ? engine_.now() + Duration(1) : core::never;
}

void Masters::stop_rhythms(HostIndex node) {
  for (const Event event : {Event::master_heartbeat, Event::sweep, Event::cleanup, Event::master_retry}) {
    engine_.stop_rhythm(event, node);
  }
}

void Masters::set_start_type(HostIndex node, bool automatic, RecordId why) {
  engine_.emit(RecordKind::start_type_set, host_id(node), why, none, automatic);
}

void Masters::started(HostIndex node, RecordId why) {
  const HostState& host = state_.hosts[node];
  if (host.master != Process::stopped) return;
  if (!world_.configuration().master_logs_on()) {
    engine_.emit(RecordKind::logon_refused, host_id(node), why);
    return;
  }
  const RecordId up = engine_.emit(RecordKind::master_started, host_id(node), why, none, host.master_starts + 1);
  engine_.start_rhythm(Event::sweep, node, 0, engine_.now(), host.master_settings.sweep);
  engine_.start_rhythm(Event::cleanup, node, 0, engine_.now(), host.master_settings.cleanup);
  connect(node, up);
  world_.workers().review(up);
}

void Masters::restarted(HostIndex node, RecordId why) {
  ended(node, EndReason::stopped, why);
  started(node, why);
}

void Masters::ended(HostIndex node, EndReason reason, RecordId why) {
  const HostState& host = state_.hosts[node];
  if (host.master != Process::running && host.master != Process::hung) return;
  const bool stamped = host.master == Process::running && host.master_connected;
  const Time stamp = last_stamp(node);
  const RecordId over =
      engine_.emit(RecordKind::master_ended, host_id(node), why, none, static_cast<std::int64_t>(reason));
  if (stamped)
    engine_.emit(RecordKind::master_last_online, host_id(node), over, none, stamp.time_since_epoch().count());
  stop_rhythms(node);
  world_.workers().review(over);
}

/// A service of start type Automatic starts with its machine, outside the cluster: then two masters may run (S 1.7).
void Masters::host_booted(HostIndex node, RecordId why) {
  if (state_.hosts[node].master == Process::stopped && state_.hosts[node].master_automatic) started(node, why);
}

void Masters::machine_goes_on(HostIndex node) {
  if (serving(node)) heed_sweep(world_.catalog().next_expiry());
}

ConnectFailure Masters::connect_failure(HostIndex node) const {
  const HostState& host = state_.hosts[node];
  switch (world_.network().sql_path(node, host.master_settings.sql_server_name)) {
    case Network::SqlPath::name_wrong: return ConnectFailure::name_wrong;
    case Network::SqlPath::away: return ConnectFailure::sql_away;
    case Network::SqlPath::open: break;
  }
  // A connection that stands does not ask for names again.
  if (!host.master_connected && !world_.names().master_finds_instance(node, host.master_changed_by)) {
    return ConnectFailure::sql_away;
  }
  if (!state_.instance.ssisdb_open) return ConnectFailure::ssisdb_closed;
  if (!state_.instance.scale_out_enabled) return ConnectFailure::scale_out_disabled;
  // The account needs ssis_admin; a virtual account is a local one and reaches only an instance on its own node
  // (S 4.3).
  const Configuration configuration = world_.configuration();
  const bool admin = configuration.is_admin(host.master_account) && configuration.master_logs_on();
  const bool domain = plan_.design().scale_out.master.uses_domain_account();
  if (!admin || (!domain && state_.instance.node != node)) return ConnectFailure::login_refused;
  if (!world_.sql().master_key_opens()) return ConnectFailure::master_key_closed;
  return ConnectFailure::connects;
}

void Masters::connect(HostIndex node, RecordId why) {
  const ConnectFailure failure = connect_failure(node);
  if (failure == ConnectFailure::connects) {
    const RecordId connected = engine_.emit(RecordKind::master_connected, host_id(node), why);
    engine_.stop_rhythm(Event::master_retry, node);
    engine_.start_rhythm(Event::master_heartbeat, node, 0, engine_.now(), state_.hosts[node].master_settings.heartbeat);
    world_.workers().review(connected);
    heed_cleanup();
    const Time expires = world_.catalog().next_expiry();
    if (expires == core::never) return;
    if (expires <= engine_.now() && engine_.ask(Switch::sweep_at_master_start, connected))
      world_.catalog().sweep(connected);
    heed_sweep(world_.catalog().next_expiry());
    return;
  }
  const RecordId refused =
      engine_.emit(RecordKind::master_cannot_connect, host_id(node), why, none, static_cast<std::int64_t>(failure));
  if (engine_.ask(Switch::master_exits_without_ssisdb, refused)) {
    ended(node, EndReason::gave_up, refused);
    if (state_.groups[plan_.master_group].owner == node) world_.roles().heed_health(plan_.master_resource);
    return;
  }
  try_again(node);
  review(refused);
}

void Masters::review(RecordId why) {
  for (HostIndex node = 0; node < plan_.node_count; ++node) {
    const HostState& host = state_.hosts[node];
    if (host.master != Process::running || host.frozen) continue;  // a machine that stands still notices nothing
    const ConnectFailure failure = connect_failure(node);
    if (!host.master_connected) {
      engine_.heed(Event::master_retry, node);
      continue;
    }
    if (failure == ConnectFailure::connects || failure == ConnectFailure::login_refused)
      continue;  // logins are checked once
    const Time stamp = last_stamp(node);
    const RecordId lost =
        engine_.emit(RecordKind::master_disconnected, host_id(node), why, none, static_cast<std::int64_t>(failure));
    engine_.emit(RecordKind::master_last_online, host_id(node), lost, none, stamp.time_since_epoch().count());
    engine_.stop_rhythm(Event::master_heartbeat, node);
    if (engine_.ask(Switch::master_exits_without_ssisdb, lost)) {
      ended(node, EndReason::gave_up, lost);
      if (state_.groups[plan_.master_group].owner == node) world_.roles().heed_health(plan_.master_resource);
      continue;
    }
    try_again(node);
    world_.workers().review(lost);
  }
}

/// A try that fails for the same reason as the last one is no news.
RecordId Masters::retry_matters(HostIndex node) const {
  const HostState& host = state_.hosts[node];
  if (host.master != Process::running || host.master_connected || host.frozen || host.hung) return 0;
  if (connect_failure(node) == host.master_refusal) return 0;
  return std::max(host.master_changed_by, state_.instance.changed_by);
}

void Masters::retry(HostIndex node, RecordId why) {
  connect(node, why);
}

void Masters::heed_sweep(Time expires) {
  if (expires == core::never) return;
  for (HostIndex node = 0; node < plan_.node_count; ++node) {
    if (serving(node)) engine_.heed(Event::sweep, node, 0, expires);
  }
}

RecordId Masters::sweep_matters(HostIndex node) const {
  if (!serving(node)) return 0;
  const bool due = world_.catalog().next_expiry() <= engine_.now() || world_.workers().any_outruns_lease();
  return due ? state_.records : 0;
}

Time Masters::sweep_alarm(HostIndex node) const {
  const Time expiry = serving(node) ? world_.catalog().next_expiry() : core::never;
  return expiry > engine_.now() ? expiry : core::never;
}

void Masters::sweep(HostIndex, RecordId why) {
  world_.catalog().sweep(why);
}

void Masters::heed_cleanup() {
  for (HostIndex node = 0; state_.finished > 0 && node < plan_.node_count; ++node) {
    if (serving(node)) engine_.heed(Event::cleanup, node);
  }
}

RecordId Masters::cleanup_matters(HostIndex node) const {
  return serving(node) && world_.catalog().to_archive() > 0 ? state_.records : 0;
}

Time Masters::cleanup_alarm(HostIndex node) const {
  return serving(node) && state_.finished > 0 ? engine_.now() + Duration(1) : core::never;
}

void Masters::cleanup(HostIndex, RecordId why) {
  engine_.emit(RecordKind::jobs_archived, instance_id, why, none, world_.catalog().to_archive());
}

bool Masters::serving(HostIndex node) const {
  const HostState& host = state_.hosts[node];
  return host.master == Process::running && host.master_connected && !host.hung && !host.frozen;
}

Time Masters::last_stamp(HostIndex node) const {
  const Time beat = engine_.last_beat(Event::master_heartbeat, node);
  return beat != core::never ? beat : engine_.rhythm(Event::master_heartbeat, node).anchor;
}

Time Masters::last_online() const {
  Time newest = core::never;
  for (HostIndex node = 0; node < plan_.node_count; ++node) {
    const Time stamp = serving(node) ? last_stamp(node) : state_.hosts[node].master_last_online;
    if (stamp != core::never && (newest == core::never || stamp > newest)) newest = stamp;
  }
  return newest;
}

}  // namespace rehearse::world
