// An availability group has one primary in the quorate partition, only where its resource is up, and SSISDB is open
// nowhere else; the cluster never gives the role by itself to a replica that might lack what was acknowledged (W 10).
#include "sim/scenario/checks/check.hpp"

namespace rehearse::sim {
namespace {

using model::ReplicaRole;
using world::bit;
using world::HostIndex;
using world::MoveCause;
using world::Record;
using world::RecordKind;
using world::ResourceStatus;
using world::State;

class Replicas : public Check {
 public:
  using Check::Check;

  void before(const Record& record, world::RecordId, const State& state) override {
    if (plan_.replicas == 0) return;
    touched_ = true;
    if (record.kind == RecordKind::owner_changed && record.subject == world::group_id(plan_.sql_group)) {
      check_new_owner(record, state);
    }
    if (record.kind == RecordKind::replica_role_changed) check_step(record, state);
    if (record.kind == RecordKind::ssisdb_open && state.instance.node != world::none &&
        state.replicas[state.instance.node].role != ReplicaRole::primary) {
      broken("SSISDB is open on " + node_name(state.instance.node) + ", which is not the primary");
    }
  }

  void instant_over(core::Time, const State& state) override {
    if (!touched_) return;
    touched_ = false;
    HostIndex primary = world::none;
    for (HostIndex node = 0; node < plan_.node_count; ++node) {
      if (state.replicas[node].role != ReplicaRole::primary || !knows_of_the_cluster(node, state)) continue;
      if (primary != world::none) broken(node_name(primary) + " and " + node_name(node) + " are primary at once");
      primary = node;
      const ResourceStatus status = state.resources[plan_.sql_resource].status;
      const bool up = status == ResourceStatus::online || status == ResourceStatus::offline_pending;
      if (!up || state.groups[plan_.sql_group].owner != node) {
        broken(node_name(node) + " is primary, but the group is not online there");
      }
    }
  }

 private:
  /// Its cluster service runs and is one of those that have the quorum; others may not have learnt of their end yet.
  static bool knows_of_the_cluster(HostIndex node, const State& state) {
    const world::HostState& host = state.hosts[node];
    return (state.cluster.members & bit(node)) != 0 && host.powered && !host.frozen && !host.hung &&
           host.service == world::ClusterService::up;
  }

  void check_new_owner(const Record& record, const State& state) const {
    const auto cause = static_cast<MoveCause>(record.value);
    const world::AvailabilityState& group = state.availability;
    const bool by_itself =
        cause == MoveCause::node_loss || cause == MoveCause::cold_start || cause == MoveCause::resource_failure;
    const HostIndex node = record.object;
    if (!by_itself || group.primary == world::none || node == group.primary || node == group.forced) return;
    const std::uint64_t fit = plan_.synchronous & plan_.automatic & ~plan_.on_fci;
    const std::string what = "the availability group fails over to " + node_name(node);
    if ((fit & bit(node)) == 0 || (fit & bit(group.primary)) == 0) {
      broken(what + ", which may not take over by itself from " + node_name(group.primary));
    }
    if ((group.synchronized & bit(node)) == 0) broken(what + ", which is not SYNCHRONIZED");
  }

  /// A primary comes from PRIMARY_PENDING, that from RESOLVING_NORMAL.
  void check_step(const Record& record, const State& state) const {
    const ReplicaRole from = state.replicas[record.subject.index()].role;
    const auto to = static_cast<ReplicaRole>(record.value);
    const bool right = to == ReplicaRole::resolving ? from != ReplicaRole::resolving
                       : to == ReplicaRole::primary ? from == ReplicaRole::primary_pending
                                                    : from == ReplicaRole::resolving;
    if (right) return;
    broken("the replica on " + name(record.subject) + " goes from " + std::string(to_text(from)) + " to " +
           std::string(to_text(to)));
  }

  bool touched_ = false;
};

}  // namespace

std::unique_ptr<Check> check_replicas(const world::Blueprint& plan) {
  return std::make_unique<Replicas>(plan);
}

}  // namespace rehearse::sim
