#include "sim/world/world.hpp"

#include <algorithm>
#include <stdexcept>

#include "sim/world/catalog.hpp"
#include "sim/world/certificates.hpp"
#include "sim/world/configuration.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/names.hpp"
#include "sim/world/network.hpp"
#include "sim/world/replicas.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"
#include "sim/world/workload.hpp"

namespace rehearse::world {

World::World(std::shared_ptr<const Blueprint> blueprint, Time start, Pace pace, Tempo tempo)
    : engine_(std::move(blueprint), start, pace, tempo) {
  hearing_.resize(std::size_t{plan().node_count} * plan().node_count);
  pollers_.resize(plan().worker_sets.size(), plan().workers.size());
  known_targets_.resize(plan().workers.size());
  line_busy_.resize(plan().workers.size());
  submissions_.sources.resize(plan().batches.size());
}

Network World::network() const {
  return Network(*this);
}
Membership World::membership() {
  return Membership(*this);
}
Roles World::roles() {
  return Roles(*this);
}
SqlServer World::sql() {
  return SqlServer(*this);
}
Replicas World::replicas() {
  return Replicas(*this);
}
Masters World::masters() {
  return Masters(*this);
}
Names World::names() {
  return Names(*this);
}
Workers World::workers() {
  return Workers(*this);
}
Catalog World::catalog() {
  return Catalog(*this);
}
Workload World::workload() {
  return Workload(*this);
}
Certificates World::certificates() {
  return Certificates(*this);
}
Configuration World::configuration() {
  return Configuration(*this);
}

void World::begin(core::Key key) {
  engine_.set_key(key);
  engine_.emit(RecordKind::begun, cluster_id, 0);
  engine_.draw_phases();
  workers().phases_drawn();
  workload().lay_out();
}

bool World::step(Time until) {
  const bool fired = engine_.fire_next(until, [this](Event event, std::uint32_t component, std::uint32_t ordinal,
                                                     RecordId cause) { handle(event, component, ordinal, cause); });
  if (!fired && engine_.now() < until && until != core::never) engine_.advance_to(until);
  if (!engine_.waits().empty()) settle();
  return fired;
}

void World::run_until(Time until) {
  while (step(until)) {
  }
}

WaitId World::wait(Condition condition, Time deadline) {
  return engine_.wait(condition, deadline);
}

bool World::holds(const Condition& condition) const {
  World& self = const_cast<World&>(*this);  // the subjects are built over a World; these questions change nothing
  switch (condition.kind) {
    case Condition::Kind::time: return now() >= condition.time;
    case Condition::Kind::role_settled: return self.roles().settled(condition.subject);
    case Condition::Kind::role_on: {
      const GroupState& group = state().groups[condition.subject];
      return group.owner == condition.object && self.roles().settled(condition.subject);
    }
    case Condition::Kind::resource_settled: {
      const ResourceState& resource = state().resources[condition.subject];
      const bool pending =
          resource.status == ResourceStatus::online_pending || resource.status == ResourceStatus::offline_pending;
      return !pending && !(resource.status == ResourceStatus::failed && !resource.given_up);
    }
    case Condition::Kind::node_up: return is_active_member(condition.subject, state());
    case Condition::Kind::node_down: return state().hosts[condition.subject].service == ClusterService::stopped;
    case Condition::Kind::host_booted: {
      const HostState& host = state().hosts[condition.subject];
      return host.powered && host.boots >= condition.object;
    }
    case Condition::Kind::host_off: {
      const HostState& host = state().hosts[condition.subject];
      return !host.powered && !host.booting;
    }
    case Condition::Kind::drained: {
      const Drain drain = state().hosts[condition.subject].drain;
      return drain != Drain::in_progress || !is_active_member(condition.subject, state());
    }
    case Condition::Kind::ssisdb_open: return self.sql().open();
    case Condition::Kind::worker_registered: return state().workers[plan().workers[condition.subject].row].registered;
  }
  throw std::logic_error("world: no such condition");
}

/// The first instant after now at which a beat may come to matter by the mere passing of time; never: none.
Time World::next_alarm(Event event, std::uint32_t component, std::uint32_t ordinal) {
  switch (event) {
    case Event::silence: return membership().silence_alarm(component, ordinal);
    case Event::looks_alive:
    case Event::is_alive: return component == plan().sql_resource ? sql().health_alarm() : core::never;
    case Event::master_retry: return masters().retry_alarm(component);
    case Event::sweep: return masters().sweep_alarm(component);
    case Event::cleanup: return masters().cleanup_alarm(component);
    case Event::agent_beat: return std::min(workers().validity_alarm(component), workers().lurking_alarm(component));
    case Event::poll: return workers().validity_alarm(component);
    case Event::task_beat:
      return std::min(workers().validity_alarm(component), workers().kill_alarm(component, ordinal));
    default: return core::never;
  }
}

/// Why a beat would do something now, as the record that it would be owed to; 0: it would do nothing.
RecordId World::matters(Event event, std::uint32_t component, std::uint32_t ordinal) {
  switch (event) {
    case Event::silence: return membership().silence_matters(component, ordinal);
    case Event::witness_poll: return membership().witness_fails();
    case Event::failover_monitor: return replicas().monitor_matters(component);
    case Event::looks_alive:
    case Event::is_alive: return roles().sick(component, event);
    case Event::master_retry: return masters().retry_matters(component);
    case Event::sweep: return masters().sweep_matters(component);
    case Event::agent_beat: return workers().agent_matters(component);
    case Event::poll: return workers().poll_matters(component);
    case Event::task_beat: return workers().task_beat_matters(component, ordinal);
    case Event::cleanup: return masters().cleanup_matters(component);
    default: return 0;
  }
}

void World::act(Event event, std::uint32_t component, std::uint32_t ordinal, RecordId why) {
  switch (event) {
    case Event::silence: return membership().silence(component, ordinal, why);
    case Event::witness_poll: return membership().witness_failed(why);
    case Event::failover_monitor: return replicas().monitor(component, why);
    case Event::looks_alive:
    case Event::is_alive: return roles().health_failed(component, event, why);
    case Event::master_retry: return masters().retry(component, why);
    case Event::sweep: return masters().sweep(component, why);
    case Event::agent_beat: return workers().agent_beat(component, why);
    case Event::poll: return workers().poll(component, why);
    case Event::task_beat: return workers().task_beat(component, ordinal, why);
    case Event::cleanup: return masters().cleanup(component, why);
    default: throw std::logic_error("world: a beat that does nothing");
  }
}

void World::wake(Event event, std::uint32_t component, std::uint32_t ordinal) {
  if (!engine_.sleeps(event, component, ordinal)) return;
  wake_if(matters(event, component, ordinal) != 0, event, component, ordinal);
}

void World::wake_if(bool matters, Event event, std::uint32_t component, std::uint32_t ordinal) {
  if (matters) engine_.heed(event, component, ordinal);
  if (const Time alarm = next_alarm(event, component, ordinal); alarm != core::never) {
    engine_.heed(event, component, ordinal, alarm);
  }
}

/// A beat does something only if there is something to do. Afterwards the next one is an event if it has something to
/// do as well, or the first one after the instant at which that may come to be without anything else happening.
void World::beat(Event event, std::uint32_t component, std::uint32_t ordinal) {
  engine_.count_beat(event, component, ordinal);
  const RecordId why = matters(event, component, ordinal);
  if (why != 0) act(event, component, ordinal, why);
  // Asked at every tempo: who asks may leave a record (Engine::ask).
  const bool again = why != 0 && matters(event, component, ordinal) != 0;
  if (engine_.tempo() == Tempo::when_it_matters) wake_if(again, event, component, ordinal);
}

void World::handle(Event event, std::uint32_t component, std::uint32_t ordinal, RecordId cause) {
  switch (event) {
    case Event::power_off: return membership().powered_off(component, cause);
    case Event::boot: return membership().booted(component, cause);
    case Event::link_noticed: return membership().link_noticed(component, cause);
    case Event::hang_found: return membership().hang_found(component, cause);
    case Event::service_start: return membership().service_start(component, cause);
    case Event::service_stop: return membership().leave(component, cause);
    case Event::leave_limit: return membership().leave_limit(component, cause);
    case Event::join: return membership().join(component, cause);
    case Event::heartbeat: return engine_.count_beat(event, component, ordinal);
    case Event::regroup: return membership().regroup(component, cause);
    case Event::arbitration: return membership().arbitrate(component, cause);
    case Event::witness_retry: return membership().witness_retry(cause);
    case Event::group_wait: return roles().wait_over(component, cause);
    case Event::replication: return names().replicated(component, ordinal, cause);
    case Event::failback: return roles().failback_due(component, cause);
    case Event::pending: return roles().pending_over(component, cause);
    case Event::deadlock: return roles().deadlocked(component, cause);
    case Event::restart: return roles().restart_due(component, cause);
    case Event::retry: return roles().retry_due(component, cause);
    case Event::replica_start: return replicas().start_due(component, cause);
    case Event::session: return replicas().session_over(component, cause);
    case Event::replica_sync: return replicas().caught_up(component, cause);
    case Event::lease: return replicas().lease_over(cause);
    case Event::recovery: return sql().recovered(cause);
    case Event::diagnostics:
    case Event::lease_renewal:
    case Event::master_heartbeat: return engine_.count_beat(event, component, ordinal);
    case Event::silence:
    case Event::witness_poll:
    case Event::failover_monitor:
    case Event::looks_alive:
    case Event::is_alive:
    case Event::master_retry:
    case Event::sweep:
    case Event::cleanup:
    case Event::agent_beat:
    case Event::task_beat: return beat(event, component, ordinal);
    case Event::poll: beat(event, component, ordinal); return workers().poll_over(component);
    case Event::pull_again: return workers().pull_again(component, cause);
    case Event::package_end: return workers().package_over(component, ordinal, cause);
    case Event::line: return workers().line_event(component, cause);
    case Event::batch: return workload().batch_due(component, cause);
    case Event::arrival: return workload().arrived(component);
    case Event::submit: return workload().served();
    case Event::submit_timeout: return workload().timed_out();
    case Event::submit_again: return workload().called_again();
    case Event::wait_deadline: return;  // looked at after every event
    case Event::count_: break;
  }
  throw std::logic_error("world: an event of no kind");
}

}  // namespace rehearse::world
