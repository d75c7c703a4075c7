// A machine that is off or frozen does nothing: no record tells of something that only it could have done.
#include "sim/scenario/checks/check.hpp"

namespace rehearse::sim {
namespace {

using world::HostIndex;
using world::Record;
using world::RecordKind;
using world::State;

class Machines : public Check {
 public:
  using Check::Check;

  void before(const Record& record, world::RecordId, const State& state) override {
    const HostIndex actor = actor_of(record, state);
    if (actor == world::none) return;
    const world::HostState& host = state.hosts[actor];
    if (host.powered && !host.frozen) return;
    broken(plan_.hosts[actor].name + (host.frozen ? ", which is frozen: " : ", which is off: ") +
           std::string(to_text(record.kind)));
  }

 private:
  HostIndex worker_machine(std::uint32_t worker) const { return plan_.workers[worker].host; }
  HostIndex machine_of_slot(std::uint32_t slot) const { return worker_machine(slot / plan_.slots_per_worker); }

  /// Whose doing the record is; none: nobody's, or that of somebody outside.
  HostIndex actor_of(const Record& record, const State& state) const {
    switch (record.kind) {
      case RecordKind::node_starting:
      case RecordKind::node_joined:
      case RecordKind::cluster_formed:
      case RecordKind::form_refused:
      case RecordKind::peer_silent:
      case RecordKind::peer_heard:
      case RecordKind::regroup_done:
      case RecordKind::arbitration_won:
      case RecordKind::arbitration_lost:
      case RecordKind::node_stopping:
      case RecordKind::node_left:
      case RecordKind::host_shutting_down:
      case RecordKind::host_shut_down:
      case RecordKind::hang_found:
      case RecordKind::quorum_lost:
      case RecordKind::replica_started:
      case RecordKind::replica_role_changed:
      case RecordKind::primary_lease_expired:
      case RecordKind::failover_monitor_ran:
      case RecordKind::master_started:
      case RecordKind::master_connected:
      case RecordKind::master_cannot_connect: return record.subject.index();
      case RecordKind::node_removed: return record.object;  // who saw it
      case RecordKind::disk_reserved: return record.object;
      case RecordKind::resource_online_pending:
      case RecordKind::resource_online:
      case RecordKind::resource_offline_pending:
      case RecordKind::restart_scheduled: return state.groups[plan_.resources[record.subject.index()].group].owner;
      case RecordKind::worker_service_started:
      case RecordKind::worker_connecting:
      case RecordKind::worker_call_failed:
      case RecordKind::handshake_refused:
      case RecordKind::worker_connected:
      case RecordKind::worker_call_hangs:
      case RecordKind::worker_reporting: return worker_machine(record.subject.index());
      case RecordKind::task_pulled: return worker_machine(record.object);
      case RecordKind::task_reported:
      case RecordKind::lease_renewed:
      case RecordKind::report_refused:
      case RecordKind::renewal_refused: return machine_of_slot(record.object);
      // A package that used the instance has failed when the instance goes, whether its machine sees it yet or not.
      case RecordKind::package_ended: return record.value == 1 ? machine_of_slot(record.object) : world::none;
      default: return world::none;
    }
  }
};

}  // namespace

std::unique_ptr<Check> check_machines(const world::Blueprint& plan) {
  return std::make_unique<Machines>(plan);
}

}  // namespace rehearse::sim
