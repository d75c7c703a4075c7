// The cluster starts nothing that an operator wants offline, neither of an offline role nor a resource that is held
// (PersistentState), and nothing of a role that is leaving its node.
#include "sim/scenario/checks/check.hpp"

namespace rehearse::sim {
namespace {

using world::RecordKind;

class Wishes : public Check {
 public:
  using Check::Check;

  void before(const world::Record& record, world::RecordId, const world::State& state) override {
    if (record.kind != RecordKind::resource_online_pending && record.kind != RecordKind::resource_online) return;
    const world::GroupState& role = state.groups[plan_.resources[record.subject.index()].group];
    if (!role.exists || !role.wanted) broken(name(record.subject) + " comes online although its role is not wanted");
    if (state.resources[record.subject.index()].held)
      broken(name(record.subject) + " comes online although it is held");
    if (record.kind == RecordKind::resource_online_pending && role.target != world::none) {
      broken(name(record.subject) + " comes online although its role is leaving");
    }
  }
};

}  // namespace

std::unique_ptr<Check> check_wishes(const world::Blueprint& plan) {
  return std::make_unique<Wishes>(plan);
}

}  // namespace rehearse::sim
