// Who submits executions, and when (behaviour.md 8). The submitter is part of the world: a SQL Server Agent job runs on
// the very instance and dies with it, an external application tries again.
#pragma once

#include "model/submission.hpp"
#include "sim/world/world.hpp"

namespace rehearse::world {

class Workload : public Subject {
 public:
  using Subject::Subject;

  /// Arms every batch for its first day at or after now, and the other sources for their first arrival.
  void lay_out();
  void instance_lost(RecordId why);
  /// Writes to SSISDB no longer wait for a synchronous replica.
  void commits_go_on(RecordId why);

  // ---- events
  void batch_due(BatchIndex batch, RecordId why);
  void arrived(BatchIndex source);
  void served();
  void timed_out();
  void called_again();

 private:
  using Call = Submissions::Call;
  using Calls = std::deque<Call>;

  void arm_next_day(BatchIndex batch, Time from);
  void arm_next_arrival(BatchIndex source);
  bool job_can_run() const;
  void call(BatchIndex source, std::uint32_t number, RecordId why);
  void next_of_caller(BatchIndex source, RecordId why);
  void append(Event event, Calls& calls, Call call);
  Call take(Event event, Calls& calls);
  void try_again(Call call, RecordId why);
  model::SubmissionError refusal(BatchIndex source) const;

  Submissions& submissions_ = world_.submissions();
};

}  // namespace rehearse::world
