// Where the time of an outage went. From the record that ended it the walk goes back from cause to cause; the stretch
// between a record and its cause is one phase, named after what was reached at its end. Where the chain begins with an
// act from outside, or with the end of the rehearsal, what lay before belongs to whatever blocked the service then: the
// latest refusal, give-up or loss of quorum that nothing had lifted yet; the walk goes on from there. So the phases
// always tile the outage, whatever the journal says.
#pragma once

#include <vector>

#include "sim/scenario/outage.hpp"

namespace rehearse::sim {

/// Records after which no node of the cluster was active any more: a power loss or a loss of quorum. Ascending.
struct ClusterStop {
  world::RecordId record = 0;
  Phase phase = Phase::no_quorum;  // or boot_and_join
};

class PhaseWalk {
 public:
  PhaseWalk(const world::Blueprint& plan, const world::Journal& journal, const std::vector<ClusterStop>& stops);

  /// The phases of an outage. `began` and `ended` are the records that took the service down and brought it up; began
  /// 0: it was out from the start; ended 0: it still was at the end.
  std::vector<PhaseSpan> phases(const Outage& outage, world::RecordId began, world::RecordId ended) const;

 private:
  struct Blocker {
    world::RecordId record = 0;  // 0: nothing in the journal says what blocked the service
    Phase phase = Phase::operator_;
  };
  Blocker blocker_before(world::RecordId record, const Service& service) const;
  const ClusterStop* stop_at(world::RecordId record) const;
  world::RecordId first_after(core::Time time) const;
  /// What of the journal before this record may tell what blocks the service, the latest first.
  class Backwards;

  const world::Blueprint& plan_;
  const world::Journal& journal_;
  const std::vector<ClusterStop>& stops_;
  // Records that may tell what blocks a service, ascending: about one worker each, about all of them, and the others.
  // Those about executions never do, and they are most of a journal.
  std::vector<std::vector<world::RecordId>> of_worker_;
  std::vector<world::RecordId> of_workers_, of_others_;
  std::vector<world::RecordId> returns_;  // a node joins or forms the cluster
};

/// The phase in which the resource starts, by its kind.
Phase start_of(world::ResourceIndex resource, const world::Blueprint& plan);

/// What the time until this record was spent on, as far as the record and its cause tell. Total.
Phase phase_of(const world::Record& record, const world::Record* cause, const world::Blueprint& plan);

}  // namespace rehearse::sim
