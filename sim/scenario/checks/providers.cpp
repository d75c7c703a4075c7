// A resource is online, or on its way there or back, only with what it depends on: at the end of every instant, not
// only when it comes online (W 3.4).
#include <set>

#include "sim/scenario/checks/check.hpp"

namespace rehearse::sim {
namespace {

using world::GroupIndex;
using world::RecordKind;
using world::ResourceStatus;

class Providers : public Check {
 public:
  using Check::Check;

  void before(const world::Record& record, world::RecordId, const world::State& state) override {
    switch (record.kind) {
      case RecordKind::resource_online_pending:
      case RecordKind::resource_online: check(record.subject.index(), state); break;
      case RecordKind::resource_offline:
      case RecordKind::resource_offline_pending:
      case RecordKind::resource_terminated:
      case RecordKind::resource_lost:
      case RecordKind::resource_failed: break;
      default: return;
    }
    touched_.insert(plan_.resources[record.subject.index()].group);
  }

  void instant_over(core::Time, const world::State& state) override {
    for (const GroupIndex group : touched_) {
      const world::GroupPlan& role = plan_.groups[group];
      for (world::ResourceIndex index = role.first; index < role.first + role.count; ++index) {
        const ResourceStatus status = state.resources[index].status;
        const bool active = status == ResourceStatus::online || status == ResourceStatus::online_pending ||
                            status == ResourceStatus::offline_pending;
        if (active) check(index, state);
      }
    }
    touched_.clear();
  }

 private:
  void check(world::ResourceIndex index, const world::State& state) const {
    const world::Needs& needs = state.resources[index].needs;
    const world::GroupPlan& role = plan_.groups[plan_.resources[index].group];
    const auto online = [&](std::uint64_t places, bool all) {
      bool every = true, some = false;
      world::for_each_bit(places, [&](std::uint32_t place) {
        const bool up = state.resources[role.first + place].status == ResourceStatus::online;
        every = every && up;
        some = some || up;
      });
      return all ? every : some;
    };
    bool met = online(needs.all, true);
    for (const std::uint64_t choice : needs.any) met = met && (choice == 0 || online(choice, false));
    if (!met) broken(plan_.resources[index].name + " is up without what it depends on");
  }

  std::set<GroupIndex> touched_;
};

}  // namespace

std::unique_ptr<Check> check_providers(const world::Blueprint& plan) {
  return std::make_unique<Providers>(plan);
}

}  // namespace rehearse::sim
