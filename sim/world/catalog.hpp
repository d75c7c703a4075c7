// SSISDB as the Scale Out machinery sees it: the queue of ready tasks, leases, the sweep, and the executions' own rows
// (behaviour.md 7; S 1.4 to 1.7). The rules themselves are pure functions in model/task_lease.
//
// A held task whose heartbeats arrive is renewed every few seconds, and nothing needs to happen in the world for that.
// Only when heartbeats stop does its lease become a date ("frozen") that a sweep may find in the past.
#pragma once

#include "sim/world/world.hpp"

namespace rehearse::world {

class Catalog : public Subject {
 public:
  using Subject::Subject;

  void create_execution(BatchIndex batch, std::uint32_t day, RecordId why);
  /// The first in the queue that the worker may take: global FIFO by ReadyForDispatchTime, whatever the priority
  /// (S 1.5). none: there is none.
  TaskIndex first_ready(WorkerIndex worker) const;

  /// The earliest ExpiredTime that is no longer renewed; never: every held task is.
  Time next_expiry() const;
  void sweep(RecordId why);
  /// Tasks that ended so long ago that a cleanup moves them to the history tables (S 6).
  std::int64_t to_archive() const;

  /// catalog.stop_operation for every execution of the source that has not ended (S 1.5). False: there is none.
  bool stop_executions(BatchIndex source, RecordId why);

  bool has_unfinished() const;
  void stamp_unfinished(RecordId why);
  /// SSISDB went away: packages that work on the instance itself fail (behaviour.md 7).
  void instance_lost(RecordId why);
};

}  // namespace rehearse::world
