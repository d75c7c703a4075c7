// What the cluster does by itself stays within its limits: restarts in place within each resource's RestartThreshold
// and RestartPeriod, and never with RestartAction 0; failovers within each role's FailoverThreshold and FailoverPeriod,
// and only with RestartAction 2 somewhere in it (W 3.2, 3.3, 4.5).
#include <algorithm>
#include <deque>
#include <map>

#include "sim/scenario/checks/check.hpp"

namespace rehearse::sim {
namespace {

using world::MoveCause;
using world::Record;
using world::RecordKind;

/// Happenings of the last while, the newest last.
class Lately {
 public:
  /// How many there are within the period, this one included.
  int add(core::Time now, Duration period) {
    while (!times_.empty() && now - times_.front() >= period) times_.pop_front();
    times_.push_back(now);
    return static_cast<int>(times_.size());
  }

 private:
  std::deque<core::Time> times_;
};

class Restarts : public Check {
 public:
  using Check::Check;

  void before(const Record& record, world::RecordId, const world::State& state) override {
    const std::uint32_t index = record.subject.index();
    if (record.kind == RecordKind::restart_scheduled) {
      const world::ResourcePolicy& policy = plan_.resources[index].policy;
      if (state.resources[index].restart_action == 0)
        broken(name(record.subject) + " is restarted, which it must not be");
      if (restarts_[index].add(record.at, policy.restart_period) > policy.restart_threshold) {
        broken(name(record.subject) + " is restarted more often than its threshold allows");
      }
    }
    if (record.kind == RecordKind::move_started &&
        static_cast<MoveCause>(record.value) == MoveCause::resource_failure) {
      const world::GroupPlan& role = plan_.groups[index];
      const int stated = role.policy.failover_threshold;
      const int limit = stated != 0 ? stated : static_cast<int>(plan_.node_count) - 1;
      if (failovers_[index].add(record.at, role.policy.failover_period) > limit) {
        broken(name(record.subject) + " fails over more often than its threshold allows");
      }
      const auto begin = state.resources.begin() + role.first;
      if (std::none_of(begin, begin + role.count, [](const auto& resource) { return resource.restart_action == 2; })) {
        broken(name(record.subject) + " fails over although no resource of it may take it along");
      }
    }
  }

 private:
  std::map<std::uint32_t, Lately> restarts_, failovers_;
};

}  // namespace

std::unique_ptr<Check> check_restarts(const world::Blueprint& plan) {
  return std::make_unique<Restarts>(plan);
}

}  // namespace rehearse::sim
