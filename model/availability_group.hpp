// An availability group: who may be its primary replica, and when a primary stops being one (W 10). The cluster only
// says on which node the group's resource shall be online; whether the replica there may become the primary is SQL
// Server's own decision, taken from what the cluster database says about each replica. What a group does in time
// (sessions, the lease, recovery) is the world's business; these are the rules it follows, as pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/units.hpp"

namespace rehearse::model {

enum class CommitMode : std::uint8_t { synchronous, asynchronous };
enum class FailoverMode : std::uint8_t { automatic, manual };
std::string_view to_text(CommitMode mode);    // "synchronous"
std::string_view to_text(FailoverMode mode);  // "automatic"

/// The states of a replica as SQL Server's log names them (W 10). A secondary that loses its primary resolves as well.
enum class ReplicaRole : std::uint8_t { resolving, secondary, primary_pending, primary };
std::string_view to_text(ReplicaRole role);  // "RESOLVING_NORMAL"

/// What happens to a replica: the group's resource is brought online on its node; it is online there; it fails, goes
/// offline or the lease runs out; or the replica meets a primary elsewhere.
enum class ReplicaEvent : std::uint8_t { goes_online, online, ends, meets_primary };

/// The state after the event; nothing: the event is impossible in that state.
std::optional<ReplicaRole> after(ReplicaRole role, ReplicaEvent event);

struct ReplicaFacts {
  CommitMode commit = CommitMode::synchronous;
  FailoverMode failover = FailoverMode::automatic;
  bool hosted_by_fci = false;
  bool instance_runs = true;
  bool synchronized = false;  // is_failover_ready, as the cluster database has it
};

/// automatic: by the cluster, after a failure. planned: by an operator, without loss of data. forced: by an operator,
/// with FORCE_FAILOVER_ALLOW_DATA_LOSS.
enum class FailoverKind : std::uint8_t { automatic, planned, forced };

/// Why a replica may not become the primary; the first that applies, in this order.
enum class FailoverObstacle : std::uint8_t {
  none,
  instance_down,
  hosted_by_fci,
  not_synchronous,
  not_automatic,
  not_synchronized
};
std::string_view to_text(FailoverObstacle obstacle);

/// Whether `candidate` may take over from `primary`, the last one. Commit and failover mode must be right on both sides
/// (W 10). The last primary itself has all that was ever acknowledged: it may come back whatever its modes, so it is no
/// candidate here.
FailoverObstacle may_take_over(FailoverKind kind, const ReplicaFacts& candidate, const ReplicaFacts& primary);

/// The lease between SQL Server and the resource's DLL is renewed at half of LeaseTimeout (W 10).
constexpr Duration lease_renewal(Duration lease_timeout) {
  return lease_timeout / 2;
}

/// Half of LeaseTimeout must be shorter than what heartbeats take to find a node silent: else a node that the others
/// have removed may still count itself the primary (W 10).
constexpr bool lease_is_short_enough(Duration lease_timeout, Duration delay, std::int64_t threshold) {
  return lease_timeout / 2 < delay * threshold;
}

/// What a health check may find. The lease is an availability group's; the rest a failover cluster instance has too.
enum class HealthProblem : std::uint8_t {
  service_down,
  lease_expired,
  unresponsive,
  system_error,
  resource_error,
  query_processing_error
};

/// FailureConditionLevel is cumulative: 1 service down or lease expired, 2 and unresponsive, 3 and an error of system,
/// 4 of resource, 5 of query_processing; a failover cluster instance knows level 0, which counts nothing (W 7.1, W 10).
bool counts_at(std::int64_t failure_condition_level, HealthProblem problem);

}  // namespace rehearse::model
