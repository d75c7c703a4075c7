// A quarantined node stays out, and no more than a quarter of the nodes, or one, is quarantined at once (W 1.5).
#include <algorithm>
#include <bit>

#include "sim/scenario/checks/check.hpp"

namespace rehearse::sim {
namespace {

using world::RecordKind;

class Quarantine : public Check {
 public:
  using Check::Check;

  void before(const world::Record& record, world::RecordId, const world::State& state) override {
    // By force a node forms the cluster whatever the others think of it (W 2.4).
    if (record.kind == RecordKind::node_joined) {
      const world::HostState& host = state.hosts[record.subject.index()];
      const bool forced = host.start_mode == world::StartMode::force_quorum;
      if (host.quarantined_until != core::never && !forced)
        broken(name(record.subject) + " joins while it is quarantined");
    }
    if (record.kind != RecordKind::node_quarantined) return;
    int quarantined = 1;
    for (world::HostIndex node = 0; node < plan_.node_count; ++node) {
      quarantined += state.hosts[node].quarantined_until != core::never;
    }
    if (quarantined > std::max(1, std::popcount(state.cluster.configured) / 4)) {
      broken(name(record.subject) + " is one quarantined node too many");
    }
  }
};

}  // namespace

std::unique_ptr<Check> check_quarantine(const world::Blueprint& plan) {
  return std::make_unique<Quarantine>(plan);
}

}  // namespace rehearse::sim
