// A role has one owner, an active member that may own it; the cluster never moves one to a paused or quarantined node;
// and nothing of a role is up or on its way whose owner is not of the partition (W 4.2, 4.3).
#include <set>

#include "sim/scenario/checks/check.hpp"

namespace rehearse::sim {
namespace {

using world::bit;
using world::GroupIndex;
using world::MoveCause;
using world::Record;
using world::RecordKind;
using world::ResourceStatus;
using world::State;

class Owners : public Check {
 public:
  using Check::Check;

  void before(const Record& record, world::RecordId, const State& state) override {
    switch (record.kind) {
      case RecordKind::owner_changed:
        check_new_owner(record, state);
        touched_.insert(record.subject.index());
        return;
      case RecordKind::resource_online_pending: touched_.insert(plan_.resources[record.subject.index()].group); return;
      case RecordKind::node_removed:
      case RecordKind::node_left:
      case RecordKind::cluster_formed:
        for (GroupIndex group = 0; group < plan_.groups.size(); ++group) touched_.insert(group);
        return;
      default: return;
    }
  }

  void instant_over(core::Time, const State& state) override {
    for (const GroupIndex group : touched_) check_places(group, state);
    touched_.clear();
  }

 private:
  void check_new_owner(const Record& record, const State& state) const {
    const world::HostIndex node = record.object;
    const std::string what = name(record.subject) + " goes to " + node_name(node);
    if (!is_active_member(node, state)) broken(what + ", which is no active member");
    const GroupIndex group = record.subject.index();
    const bool created = state.groups[group].owner == world::none;
    if (created) return;  // where Setup or a wizard made it
    if ((plan_.groups[group].policy.possible_owners & bit(node)) == 0) broken(what + ", which is no possible owner");
    if (group == plan_.sql_group && !state.hosts[node].sql_installed) broken(what + ", where it is not installed");
    if (static_cast<MoveCause>(record.value) == MoveCause::planned) return;
    // Where a node was paused while the role was on its way to it, the move ends there.
    const bool was_under_way = state.groups[group].target == node;
    if ((state.cluster.paused & bit(node)) != 0 && !was_under_way) broken(what + ", which is paused");
    if (state.hosts[node].quarantined_until != core::never) broken(what + ", which is quarantined");
  }

  void check_places(GroupIndex group, const State& state) const {
    const world::GroupPlan& plan = plan_.groups[group];
    const world::HostIndex owner = state.groups[group].owner;
    if (owner != world::none && (state.cluster.members & bit(owner)) != 0) return;
    for (world::ResourceIndex index = plan.first; index < plan.first + plan.count; ++index) {
      const ResourceStatus status = state.resources[index].status;
      if (status == ResourceStatus::online || status == ResourceStatus::online_pending) {
        broken(plan_.resources[index].name + " is up in a role whose owner is not of the partition");
      }
    }
  }

  std::set<GroupIndex> touched_;
};

}  // namespace

std::unique_ptr<Check> check_owners(const world::Blueprint& plan) {
  return std::make_unique<Owners>(plan);
}

}  // namespace rehearse::sim
