#include "model/availability_group.hpp"

#include <stdexcept>

namespace rehearse::model {

std::string_view to_text(CommitMode mode) {
  return mode == CommitMode::synchronous ? "synchronous" : "asynchronous";
}

std::string_view to_text(FailoverMode mode) {
  return mode == FailoverMode::automatic ? "automatic" : "manual";
}

std::string_view to_text(ReplicaRole role) {
  switch (role) {
    case ReplicaRole::resolving: return "RESOLVING_NORMAL";
    case ReplicaRole::secondary: return "SECONDARY_NORMAL";
    case ReplicaRole::primary_pending: return "PRIMARY_PENDING";
    case ReplicaRole::primary: return "PRIMARY_NORMAL";
  }
  throw std::logic_error("unknown role of a replica");
}

std::string_view to_text(FailoverObstacle obstacle) {
  switch (obstacle) {
    case FailoverObstacle::none: return "may become the primary";
    case FailoverObstacle::instance_down: return "without a running SQL Server";
    case FailoverObstacle::hosted_by_fci: return "hosted by a failover cluster instance, here or on the other side";
    case FailoverObstacle::not_synchronous: return "not of synchronous commit on both sides";
    case FailoverObstacle::not_automatic: return "not of automatic failover on both sides";
    case FailoverObstacle::not_synchronized: return "not SYNCHRONIZED";
  }
  throw std::logic_error("unknown obstacle to a failover");
}

std::optional<ReplicaRole> after(ReplicaRole role, ReplicaEvent event) {
  switch (event) {
    case ReplicaEvent::goes_online:
      if (role == ReplicaRole::resolving) return ReplicaRole::primary_pending;
      break;
    case ReplicaEvent::online:
      if (role == ReplicaRole::primary_pending) return ReplicaRole::primary;
      break;
    case ReplicaEvent::ends:
      if (role != ReplicaRole::resolving) return ReplicaRole::resolving;
      break;
    case ReplicaEvent::meets_primary:
      if (role == ReplicaRole::resolving) return ReplicaRole::secondary;
      break;
  }
  return std::nullopt;
}

FailoverObstacle may_take_over(FailoverKind kind, const ReplicaFacts& candidate, const ReplicaFacts& primary) {
  if (!candidate.instance_runs) return FailoverObstacle::instance_down;
  if (kind == FailoverKind::forced) return FailoverObstacle::none;
  const bool automatic = kind == FailoverKind::automatic;
  if (automatic && (candidate.hosted_by_fci || primary.hosted_by_fci)) return FailoverObstacle::hosted_by_fci;
  if (candidate.commit != CommitMode::synchronous || primary.commit != CommitMode::synchronous) {
    return FailoverObstacle::not_synchronous;
  }
  if (automatic && (candidate.failover != FailoverMode::automatic || primary.failover != FailoverMode::automatic)) {
    return FailoverObstacle::not_automatic;
  }
  return candidate.synchronized ? FailoverObstacle::none : FailoverObstacle::not_synchronized;
}

bool counts_at(std::int64_t failure_condition_level, HealthProblem problem) {
  switch (problem) {
    case HealthProblem::service_down:
    case HealthProblem::lease_expired: return failure_condition_level >= 1;
    case HealthProblem::unresponsive: return failure_condition_level >= 2;
    case HealthProblem::system_error: return failure_condition_level >= 3;
    case HealthProblem::resource_error: return failure_condition_level >= 4;
    case HealthProblem::query_processing_error: return failure_condition_level >= 5;
  }
  throw std::logic_error("unknown problem of health");
}

}  // namespace rehearse::model
