// Small runs told by hand: a joint deployment of two nodes and two workers that serves, and a journal that a test
// writes record by record, so that every time in it is known.
#pragma once

#include <memory>

#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

inline constexpr world::HostIndex sql1 = 0, sql2 = 1;
inline constexpr world::WorkerIndex wrk1 = 0, wrk2 = 1;

/// Nodes SQL1 and SQL2, a file share witness, WRK1 and WRK2, a batch "nightly" of three executions at 01:00 UTC, due at
/// 02:00. The rehearsal starts at 2027-03-01T00:30:00Z and can last a day.
model::Design small_design();

class HandMade {
 public:
  /// Everything serves, on SQL1. The design is the small one, or it with other parameters.
  explicit HandMade(const model::Design& design = small_design());

  const world::Blueprint& plan() const { return *plan_; }
  std::shared_ptr<const world::Blueprint> shared_plan() const { return plan_; }
  const world::State& first() const { return first_; }
  const world::Journal& journal() const { return journal_; }
  world::State last() const;

  /// Resources by what they are.
  world::PartId disk() const, address() const, name() const, sql() const, master() const;
  world::PartId role() const { return world::group_id(plan_->sql_group); }

  /// Changes the state before the journal.
  void before(world::RecordKind kind, world::PartId subject, std::uint32_t object = world::none,
              std::int64_t value = 0);
  /// The next record; times must not fall.
  world::RecordId tell(Duration at, world::RecordKind kind, world::PartId subject, world::RecordId cause,
                       std::uint32_t object = world::none, std::int64_t value = 0);

  /// SQL1 loses power at `at`; SQL2 takes over. The service times: SQL Server +40.5 s, SSISDB +50.5 s, master +73.5 s,
  /// WRK1 +75 s, WRK2 +77 s.
  void tell_power_loss(Duration at);

  std::vector<Outage> outages(Duration end) const;
  /// A whole result, with no verdicts yet.
  RunResult result(Duration end) const;

 private:
  std::shared_ptr<const world::Blueprint> plan_;
  world::State first_;
  world::Journal journal_;
};

/// The service's outages among these.
std::vector<Outage> of(const std::vector<Outage>& outages, Service service);

/// "detect 20s, regroup 1s": phases with exact lengths.
std::string phases_of(const Outage& outage);

}  // namespace rehearse::sim
