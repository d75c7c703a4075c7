// Who submits executions, and when (behaviour.md 8). The submitter is part of the world: a SQL Server Agent job runs on
// the very instance and dies with it, an external scheduler tries again.
#pragma once

#include "sim/world/world.hpp"

namespace rehearse::world {

class Workload : public Subject {
 public:
  using Subject::Subject;

  /// Arms every batch for its first day at or after now.
  void lay_out();
  void instance_lost(RecordId why);

  // ---- events
  void batch_due(BatchIndex batch, RecordId why);
  void submit(BatchIndex batch, RecordId why);

 private:
  void arm_next_day(BatchIndex batch, Time from);
  void arm_next_submission(BatchIndex batch, RecordId why);
  bool job_can_run() const;
};

}  // namespace rehearse::world
