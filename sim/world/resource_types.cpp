// What differs from type to type of resource: how long it takes to come and to go, and what keeps it from coming
// (behaviour.md 4; W 5, 6, 7).
#include <optional>

#include "sim/world/configuration.hpp"
#include "sim/world/network.hpp"
#include "sim/world/replicas.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"

namespace rehearse::world {

using model::Setting;
using model::Timing;

namespace {

struct Timings {
  Timing online, online_unclean, offline;
};

Timings timings_of(ResourceKind kind) {
  switch (kind) {
    case ResourceKind::disk: return {Timing::disk_online_planned, Timing::disk_online_unplanned, Timing::disk_offline};
    case ResourceKind::address: return {Timing::address_online, Timing::address_online, Timing::address_offline};
    case ResourceKind::name: return {Timing::name_online, Timing::name_online, Timing::name_offline};
    case ResourceKind::sql_server: return {Timing::sql_start_planned, Timing::sql_start_after_crash, Timing::sql_stop};
    case ResourceKind::sql_agent: return {Timing::agent_start, Timing::agent_start, Timing::agent_stop};
    case ResourceKind::generic_service: return {Timing::service_start, Timing::service_start, Timing::service_stop};
    case ResourceKind::availability_group: return {Timing::group_online, Timing::group_online, Timing::group_offline};
  }
  throw std::logic_error("a resource of no type");
}

}  // namespace

Duration Roles::online_length(ResourceIndex index) const {
  const ResourceState& resource = state_.resources[index];
  const Timings timings = timings_of(plan_.resources[index].kind);
  Duration length =
      engine_.take(resource.unclean ? timings.online_unclean : timings.online, resource_id(index), resource.onlines);
  if (plan_.resources[index].kind == ResourceKind::disk) {
    length = length * resource.slow / 100;
    // A storage pool is arbitrated as a whole, on every move (W 6.3).
    const bool pool = plan_.design().fci.storage_pool && plan_.resources[index].group == plan_.sql_group;
    if (pool || resource.pool_arbitrates) length += engine_.length(Setting::pool_arbitration);
  }
  if (index == plan_.sql_resource) length = length * world_.sql().storage_slowness() / 100;
  return length;
}

Duration Roles::offline_length(ResourceIndex index) const {
  const Timing timing = timings_of(plan_.resources[index].kind).offline;
  Duration length = engine_.take(timing, resource_id(index), state_.resources[index].onlines);
  if (plan_.resources[index].kind == ResourceKind::disk) length = length * state_.resources[index].slow / 100;
  // A planned stop writes a checkpoint to its disks (W 7.3).
  if (index == plan_.sql_resource) length = length * world_.sql().storage_slowness() / 100;
  return length;
}

/// SQL Server reports progress while it starts, which restarts the timer; the others get PendingTimeout (W 3.2, 2).
bool Roles::limited_by_pending_timeout(ResourceIndex index) const {
  return plan_.resources[index].kind != ResourceKind::sql_server;
}

/// SQL Server's process hangs: it does not hear a request to stop.
bool Roles::hangs_behind(ResourceIndex index) const {
  return index == plan_.sql_resource && state_.instance.sql == Process::hung;
}

std::optional<FailureReason> Roles::obstacle(ResourceIndex index) const {
  const ResourcePlan& plan = plan_.resources[index];
  const ResourceState& resource = state_.resources[index];
  const HostIndex owner = state_.groups[plan.group].owner;
  const HostState& host = state_.hosts[owner];
  switch (plan.kind) {
    case ResourceKind::disk:
      if ((resource.cut & bit(owner)) != 0) return FailureReason::start_failed;  // event 1034
      return std::nullopt;
    case ResourceKind::address: {
      const std::uint64_t card = plan.network == none ? plan_.hosts[owner].cards : bit(plan.network);
      if ((card & ~host.cards_down) == 0) return FailureReason::start_failed;  // its network interface is down
      // Duplicate detection asks the network; a former owner that is cut off does not answer (W 6.2).
      const std::uint64_t elsewhere = resource.at & ~bit(owner);
      bool answered = resource.taken;
      for_each_bit(elsewhere, [&](HostIndex node) { answered = answered || world_.network().reach(owner, node); });
      if (answered) return FailureReason::address_in_use;
      return std::nullopt;
    }
    case ResourceKind::name:
      // The computer object cannot be updated (W 6.1). A DNS server that is away does not stop the name (W 6.1).
      if (state_.cluster.directory_refuses) return FailureReason::directory_refused;
      return std::nullopt;
    case ResourceKind::generic_service:
      // Event 1040: no such service on this node.
      if (index != plan_.master_resource) return std::nullopt;
      if (host.master == Process::absent) return FailureReason::start_failed;
      // A process that runs already is ended and started anew.
      if (!world_.configuration().master_logs_on()) return FailureReason::logon_refused;
      return std::nullopt;
    case ResourceKind::sql_server:
      if (!host.sql_installed || host.tempdb_missing) return FailureReason::start_failed;
      return std::nullopt;
    case ResourceKind::sql_agent: return std::nullopt;
    case ResourceKind::availability_group:
      switch (world_.replicas().obstacle(owner, state_.groups[plan.group].move_cause)) {
        case model::FailoverObstacle::none: return std::nullopt;
        case model::FailoverObstacle::instance_down: return FailureReason::start_failed;
        default: return FailureReason::replica_not_ready;
      }
  }
  return std::nullopt;
}

/// The DLL of an availability group logs in to the SQL Server of its node, which is only being started or hangs: it
/// goes on trying for a while (W 9 A12).
bool Roles::still_connecting(ResourceIndex index, RecordId why) {
  const ResourcePlan& plan = plan_.resources[index];
  if (plan.kind != ResourceKind::availability_group) return false;
  const Time limit = state_.resources[index].pending_since + engine_.length(Setting::group_connect_limit);
  if (engine_.now() >= limit || !world_.replicas().connecting(state_.groups[plan.group].owner)) return false;
  engine_.arm(Event::pending, index, 0, limit, why);
  return true;
}

void Roles::instance_answers(HostIndex node, RecordId why) {
  const ResourceState& group = state_.resources[plan_.sql_resource];
  const GroupState& role = state_.groups[plan_.sql_group];
  if (group.status != ResourceStatus::online_pending || role.owner != node || !owner_acts(plan_.sql_group)) return;
  if (world_.replicas().obstacle(node, role.move_cause) == model::FailoverObstacle::none) {
    world_.replicas().going_online(node, why);
  }
  engine_.arm(Event::pending, plan_.sql_resource, 0, engine_.now() + online_length(plan_.sql_resource), why);
}

/// The challenger has waited for the defender to renew its reservation. It does, as long as its cluster service runs
/// and it has a path: then the challenge is repeated, until PendingTimeout (W 6.3; that it is repeated is assumed).
bool Roles::still_defended(ResourceIndex index, RecordId why) {
  const ResourceState& disk = state_.resources[index];
  const HostIndex owner = state_.groups[plan_.resources[index].group].owner;
  if (plan_.resources[index].kind != ResourceKind::disk || disk.at == 0 || disk.at == bit(owner)) return false;
  if (!is_defended(index, state_)) {
    engine_.emit(RecordKind::disk_reserved, resource_id(index), why, owner);
    return false;
  }
  const RecordId again = engine_.emit(RecordKind::disk_defended, resource_id(index), why,
                                      static_cast<HostIndex>(std::countr_zero(disk.at)));
  const Time limit = disk.pending_since + plan_.resources[index].policy.pending_timeout;
  const Duration round = engine_.take(Timing::disk_online_unplanned, resource_id(index), again);
  engine_.arm(Event::pending, index, 0, std::min(engine_.now() + round, limit), again);
  return true;
}

}  // namespace rehearse::world
