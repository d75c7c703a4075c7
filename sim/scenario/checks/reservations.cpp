// A disk is reserved by one node at a time, taken from another only when that one no longer defends it, and online only
// where it is reserved (W 6.3).
#include <bit>

#include "sim/scenario/checks/check.hpp"

namespace rehearse::sim {
namespace {

using world::bit;
using world::Record;
using world::RecordKind;

class Reservations : public Check {
 public:
  using Check::Check;

  void before(const Record& record, world::RecordId, const world::State& state) override {
    if (record.kind != RecordKind::disk_reserved && record.kind != RecordKind::resource_online) return;
    const world::ResourceIndex index = record.subject.index();
    if (plan_.resources[index].kind != world::ResourceKind::disk) return;
    const world::ResourceState& disk = state.resources[index];
    const world::HostIndex owner = state.groups[plan_.resources[index].group].owner;
    const std::uint64_t others = disk.at & ~bit(owner);
    if (std::popcount(disk.at) > 1) broken(name(record.subject) + " is reserved by two nodes");
    if (record.kind == RecordKind::resource_online) {
      if (others != 0) broken(name(record.subject) + " comes online while another node has it reserved");
      return;
    }
    if (record.object != owner) broken(name(record.subject) + " is reserved by a node that does not own its role");
    if (others != 0 && is_defended(index, state)) {
      const auto holder = static_cast<world::HostIndex>(std::countr_zero(others));
      broken(name(record.subject) + " is taken from " + node_name(holder) + ", which defends it");
    }
  }
};

}  // namespace

std::unique_ptr<Check> check_reservations(const world::Blueprint& plan) {
  return std::make_unique<Reservations>(plan);
}

}  // namespace rehearse::sim
