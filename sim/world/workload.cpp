#include "sim/world/workload.hpp"

#include <algorithm>

#include "sim/world/catalog.hpp"
#include "sim/world/sql_server.hpp"

namespace rehearse::world {

using model::Setting;
using model::Submitter;
using model::Timing;

void Workload::lay_out() {
  for (BatchIndex batch = 0; batch < plan_.batches.size(); ++batch) arm_next_day(batch, engine_.now());
}

void Workload::arm_next_day(BatchIndex batch, Time from) {
  const std::vector<Time>& starts = plan_.batches[batch].starts;
  const auto next = std::lower_bound(starts.begin(), starts.end(), from);
  if (next != starts.end()) engine_.arm(Event::batch, batch, 0, *next, 0);
}

/// The job's schedule fires only while SQL Server Agent runs, and its first statement needs SSISDB.
bool Workload::job_can_run() const {
  return state_.resources[plan_.agent_resource].status == ResourceStatus::online && world_.sql().open();
}

void Workload::batch_due(BatchIndex batch, RecordId why) {
  const BatchPlan& plan = plan_.batches[batch];
  const auto day = static_cast<std::uint32_t>(std::lower_bound(plan.starts.begin(), plan.starts.end(), engine_.now()) -
                                              plan.starts.begin());
  if (plan.submitter == Submitter::sql_agent && !job_can_run()) {
    engine_.emit(RecordKind::batch_skipped, batch_id(batch), world_.sql().changed_by(), day, plan.executions);
  } else if (!state_.batches[batch].submitting) {
    const RecordId begun = engine_.emit(RecordKind::batch_begun, batch_id(batch), why, day);
    arm_next_submission(batch, begun);
  } else {
    // The job of the day before is still submitting: a running job is not started a second time.
    engine_.emit(RecordKind::batch_skipped, batch_id(batch), state_.batches[batch].changed_by, day, plan.executions);
  }
  arm_next_day(batch, engine_.now() + Duration(1));
}

/// One submission after the other: create_execution holds an exclusive application lock (S 6).
void Workload::arm_next_submission(BatchIndex batch, RecordId why) {
  if (!state_.batches[batch].submitting) return;
  const Duration hold = engine_.draw(plan_.sampler(Timing::create_execution_lock), batch_id(batch), "lock",
                                     state_.batches[batch].created);
  engine_.arm(Event::submit, batch, 0, engine_.now() + hold, why);
}

void Workload::submit(BatchIndex batch, RecordId why) {
  if (!world_.sql().open()) {
    const RecordId failed = engine_.emit(RecordKind::submit_failed, batch_id(batch), why);
    engine_.arm(Event::submit, batch, 0, engine_.now() + engine_.length(Setting::submit_retry), failed);
    return;
  }
  world_.catalog().create_execution(batch, state_.batches[batch].day, why);
  arm_next_submission(batch, why);
}

void Workload::instance_lost(RecordId why) {
  for (BatchIndex batch = 0; batch < plan_.batches.size(); ++batch) {
    if (!state_.batches[batch].submitting || plan_.batches[batch].submitter != Submitter::sql_agent) continue;
    // A running submit loop dies with its connection; nobody submits the rest.
    engine_.disarm(Event::submit, batch);
    const std::int64_t rest = plan_.batches[batch].executions - state_.batches[batch].submitted;
    engine_.emit(RecordKind::batch_abandoned, batch_id(batch), why, none, rest);
  }
}

}  // namespace rehearse::world
