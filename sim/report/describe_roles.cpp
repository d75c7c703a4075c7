// Roles and their resources, resource hosts, disks and addresses.
#include <fmt/format.h>

#include "sim/report/reading.hpp"
#include "sim/report/reasons.hpp"

namespace rehearse::sim {
namespace {

using fmt::format;
using world::FailureReason;
using world::RecordKind;
using world::ResourceKind;

std::string start_failure(const Reading& r) {
  const world::ResourcePlan* resource = r.resource();
  if (resource == nullptr) return "could not start";
  switch (resource->kind) {
    case ResourceKind::generic_service: return "could not start: no such service on this node";
    case ResourceKind::disk: return "could not come online: no path to the disk";
    case ResourceKind::address: return "could not come online: its network card is down";
    case ResourceKind::availability_group: return "could not come online: the SQL Server of this node takes no login";
    default: return "could not start";
  }
}

std::string failure(const Reading& r) {
  const world::ResourcePlan* resource = r.resource();
  switch (static_cast<FailureReason>(r.record.value)) {
    case FailureReason::looks_alive: return "failed, found by LooksAlive";
    case FailureReason::is_alive: return "failed, found by IsAlive";
    case FailureReason::start_failed: return start_failure(r);
    case FailureReason::pending_timeout: {
      const Duration timeout = resource != nullptr ? resource->policy.pending_timeout
                                                   : r.plan.parameters().length(model::Setting::pending_timeout);
      return format("failed: still pending after PendingTimeout, {}", model::to_text(timeout));
    }
    case FailureReason::no_path: return "failed: the disk's reservation is lost";
    case FailureReason::address_in_use: return "could not come online: another machine uses the address";
    case FailureReason::directory_refused: return "could not come online: the domain refuses its computer object";
    case FailureReason::resource_host_died: return "failed with its resource host";
    case FailureReason::tested: return "failed, because an operator tests it";
    case FailureReason::logon_refused: return "could not start: its account cannot log on";
    case FailureReason::process_gone: return "failed at once: the process of SQL Server is gone";
    case FailureReason::lease_expired: return "failed at once: the lease has expired";
    case FailureReason::replica_not_ready:
      return "could not come online: the replica of this node may not become the primary";
  }
  return "failed";
}

std::string stay(const Reading& r) {
  const world::ResourcePlan* resource = r.resource();
  const Duration period = resource != nullptr ? resource->policy.retry_period
                                              : r.plan.parameters().length(model::Setting::retry_period_on_failure);
  if (period == Duration::max()) return "stays Failed until an operator: RetryPeriodOnFailure is never over";
  return format("stays Failed until an operator or RetryPeriodOnFailure, {}", model::to_text(period));
}

std::string termination(const Reading& r) {
  switch (r.record.value) {
    case world::ended_late: return "terminated: it did not stop in time";
    case world::ended_pending: return "terminated: it was still Online Pending";
    default: return "terminated: what it depends on failed";
  }
}

/// A share of the usual times, in percent, as people say it: "2.5 times as long".
std::string slowness(const Reading& r) {
  return format("{:g} times as long", static_cast<double>(r.record.value) / 100);
}

}  // namespace

std::string say_role(const Reading& r) {
  switch (r.record.kind) {
    case RecordKind::role_created: return "role created";
    case RecordKind::resource_created: return "resource created";
    case RecordKind::dependencies_set: return "dependencies set";
    case RecordKind::choice_set: return "dependency on one of several set";
    case RecordKind::restart_action_set: return format("RestartAction set to {}", r.record.value);
    case RecordKind::role_wanted: return r.on() ? "shall be online" : "shall be offline";
    case RecordKind::resource_wanted: return r.on() ? "wanted online" : "held offline by an operator";
    case RecordKind::move_started:
      return format("moves to {} ({})", r.node(), reason_of(static_cast<world::MoveCause>(r.record.value)));
    case RecordKind::owner_changed:
      return format("owned by {} ({})", r.node(), reason_of(static_cast<world::MoveCause>(r.record.value)));
    case RecordKind::role_waits:
      return format("waits up to {} for its preferred node (ClusterGroupWaitDelay)",
                    model::to_text(r.plan.parameters().length(model::Setting::group_wait_delay)));
    case RecordKind::name_registered: return "its name is registered in DNS with " + r.addresses(r.record.value);
    case RecordKind::name_replicated:
      if (r.record.object >= r.plan.sites.size()) return "DNS elsewhere has " + r.addresses(r.record.value);
      return format("DNS at site {} has {}", r.part(world::site_id(r.record.object)), r.addresses(r.record.value));
    case RecordKind::registration_failed: return "its name could not be registered in DNS";
    case RecordKind::failback_planned: return "goes back to its preferred node at " + r.when();
    case RecordKind::move_refused: return "stays where it is: the node it was to move to is gone";
    case RecordKind::resource_online_pending: return r.on() ? "Online Pending, after an unclean end" : "Online Pending";
    case RecordKind::resource_online: return "Online";
    case RecordKind::resource_offline_pending: return "Offline Pending";
    case RecordKind::resource_offline: return "Offline";
    case RecordKind::resource_terminated: return termination(r);
    case RecordKind::resource_lost: return "ended with its node";
    case RecordKind::resource_failed: return failure(r);
    case RecordKind::restart_scheduled: return "restarts in place after " + r.length();
    case RecordKind::stays_failed: return stay(r);
    case RecordKind::resource_retried: return "tried again";
    case RecordKind::resource_stuck: return "an entry point of its DLL does not return";
    case RecordKind::resource_host_ended:
      if (r.record.object == world::none) return "resource host ended, and with it every resource in it";
      return format("resource host ended: {} did not return for DeadlockTimeout",
                    r.part(world::resource_id(r.record.object)));
    default: return {};
  }
}

std::string say_storage(const Reading& r) {
  switch (r.record.kind) {
    case RecordKind::disk_reserved: return "reserved by " + r.node();
    case RecordKind::disk_defended: return format("still defended by {}: the challenge is repeated", r.node());
    case RecordKind::path_cut:
      return r.on() ? format("path cut for {}", r.node_or_all()) : format("path back for {}", r.node_or_all());
    case RecordKind::disk_slowed:
      return r.record.value == 100 ? "disk as fast as usual" : "disk slow, takes " + slowness(r);
    case RecordKind::pool_arbitrates:
      return r.on() ? "its storage pool is arbitrated on every move" : "its storage pool is no longer arbitrated";
    case RecordKind::address_taken:
      return r.on() ? "another machine uses the address" : "the other machine has given the address up";
    default: return {};
  }
}

}  // namespace rehearse::sim
