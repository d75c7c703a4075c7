#include "sim/world/workload.hpp"

#include <algorithm>
#include <cmath>

#include "sim/world/catalog.hpp"
#include "sim/world/sql_server.hpp"

namespace rehearse::world {

using model::Setting;
using model::Submitter;
using model::Timing;

void Workload::lay_out() {
  for (BatchIndex source = 0; source < plan_.batches.size(); ++source) {
    submissions_.sources[source].last = engine_.now();
    if (plan_.batches[source].kind == BatchPlan::Kind::batch) {
      arm_next_day(source, engine_.now());
    } else {
      arm_next_arrival(source);
    }
  }
}

void Workload::arm_next_day(BatchIndex batch, Time from) {
  const std::vector<Time>& starts = plan_.batches[batch].starts;
  const auto next = std::lower_bound(starts.begin(), starts.end(), from);
  if (next != starts.end()) engine_.arm(Event::batch, batch, 0, *next, 0);
}

void Workload::arm_next_arrival(BatchIndex source) {
  const BatchPlan& plan = plan_.batches[source];
  const Submissions::Source& so_far = submissions_.sources[source];
  if (plan.kind == BatchPlan::Kind::history) {
    if (so_far.arrived < plan.arrivals.size()) {
      engine_.arm(Event::arrival, source, 0, plan.arrivals[so_far.arrived].at, 0);
    }
    return;
  }
  // Where the rate since the last arrival has added up to an exponential draw, the next one comes.
  const double amount = -std::log1p(-engine_.unit(batch_id(source), "arrival", so_far.arrived));
  const auto next = model::arrival_after(plan.rate, plan_.date_at(so_far.last), amount, plan_.date_at(plan_.horizon()));
  if (next) engine_.arm(Event::arrival, source, 0, plan_.time_at(*next), 0);
}

/// The job's schedule fires only while SQL Server Agent runs, and its first statement needs SSISDB.
bool Workload::job_can_run() const {
  return world_.sql().agent_runs() && world_.sql().open();
}

void Workload::batch_due(BatchIndex batch, RecordId why) {
  const BatchPlan& plan = plan_.batches[batch];
  const auto day = static_cast<std::uint32_t>(std::lower_bound(plan.starts.begin(), plan.starts.end(), engine_.now()) -
                                              plan.starts.begin());
  if (plan.submitter == Submitter::sql_agent && !job_can_run()) {
    engine_.emit(RecordKind::batch_skipped, batch_id(batch), world_.sql().changed_by(), day, plan.executions);
  } else if (!state_.batches[batch].submitting) {
    const RecordId begun = engine_.emit(RecordKind::batch_begun, batch_id(batch), why, day);
    for (std::uint32_t caller = 0; caller < std::min(plan.callers, plan.executions); ++caller) {
      call(batch, none, begun);
    }
  } else {
    // The job of the day before is still submitting: a running job is not started a second time.
    engine_.emit(RecordKind::batch_skipped, batch_id(batch), state_.batches[batch].changed_by, day, plan.executions);
  }
  arm_next_day(batch, engine_.now() + Duration(1));
}

void Workload::arrived(BatchIndex source) {
  Submissions::Source& so_far = submissions_.sources[source];
  const std::uint32_t number = so_far.arrived++;
  so_far.last = engine_.now();
  if (plan_.batches[source].submitter == Submitter::sql_agent && !job_can_run()) {
    engine_.emit(RecordKind::batch_skipped, batch_id(source), world_.sql().changed_by(), number, 1);
  } else {
    call(source, number, 0);
  }
  arm_next_arrival(source);
}

// ------------------------------------------------------------------------------------------------ calls

void Workload::append(Event event, Calls& calls, Call call) {
  if (calls.empty()) engine_.arm(event, 0, 0, call.due, call.why);
  calls.push_back(call);
}

Workload::Call Workload::take(Event event, Calls& calls) {
  const Call first = calls.front();
  calls.pop_front();
  if (!calls.empty()) engine_.arm(event, 0, 0, calls.front().due, calls.front().why);
  return first;
}

/// create_execution takes an exclusive application lock and keeps it to the end of its transaction; whoever waits for
/// it longer than two times five seconds gives up (S 1.4). Those who wait come one after the other (assumed).
void Workload::call(BatchIndex source, std::uint32_t number, RecordId why) {
  Submissions::Source& so_far = submissions_.sources[source];
  const std::uint64_t ordinal =
      number != none ? number : std::uint64_t{state_.batches[source].created} + so_far.under_way;
  ++so_far.under_way;
  const Time begin = std::max(engine_.now(), submissions_.lock_free);
  const Duration patience = engine_.length(Setting::create_execution_lock_wait);
  model::SubmissionFacts facts;
  facts.lock_wait = begin - engine_.now();
  if (model::judge(facts, patience) == model::SubmissionError::lock_timeout) {
    return append(Event::submit_timeout, submissions_.timing_out, {engine_.now() + patience, source, number, why});
  }
  const Duration hold = engine_.draw(plan_.sampler(Timing::create_execution_lock), batch_id(source), "lock", ordinal);
  submissions_.lock_free = begin + hold;
  append(Event::submit, submissions_.served, {begin + hold, source, number, why});
}

/// A caller of a batch goes on with the next of its executions.
void Workload::next_of_caller(BatchIndex source, RecordId why) {
  const BatchState& batch = state_.batches[source];
  if (plan_.batches[source].kind != BatchPlan::Kind::batch || !batch.submitting) return;
  const std::uint32_t taken = batch.submitted + submissions_.sources[source].under_way;
  if (taken < plan_.batches[source].executions) call(source, none, why);
}

void Workload::try_again(Call call, RecordId why) {
  call.due = engine_.now() + engine_.length(Setting::submit_retry);
  call.why = why;
  append(Event::submit_again, submissions_.made_again, call);
}

/// What comes after the lock.
model::SubmissionError Workload::refusal(BatchIndex source) const {
  const auto& named = plan_.worker_sets[plan_.batches[source].workers];
  model::SubmissionFacts facts;
  facts.names_workers = !named.empty();
  facts.workers_have_rows = std::all_of(named.begin(), named.end(), [&](WorkerIndex worker) {
    return state_.workers[plan_.workers[worker].row].registered;
  });
  return model::judge(facts, engine_.length(Setting::create_execution_lock_wait));
}

void Workload::served() {
  if (world_.sql().open() && world_.sql().commits_wait()) return;  // it keeps the lock until commits_go_on
  const Call done = take(Event::submit, submissions_.served);
  if (!world_.sql().open() || !world_.sql().master_key_opens()) {
    return try_again(done, engine_.emit(RecordKind::submit_failed, batch_id(done.source), done.why));
  }
  --submissions_.sources[done.source].under_way;
  const std::uint32_t day = done.number != none ? done.number : state_.batches[done.source].day;
  if (const model::SubmissionError error = refusal(done.source); error != model::SubmissionError::none) {
    engine_.emit(RecordKind::submit_refused, batch_id(done.source), done.why, day, static_cast<std::int64_t>(error));
  } else {
    world_.catalog().create_execution(done.source, day, done.why);
  }
  next_of_caller(done.source, done.why);
}

void Workload::commits_go_on(RecordId why) {
  if (submissions_.served.empty() || engine_.armed(Event::submit, 0)) return;
  engine_.arm(Event::submit, 0, 0, engine_.now(), why);
}

void Workload::timed_out() {
  const Call call = take(Event::submit_timeout, submissions_.timing_out);
  const bool for_good = plan_.batches[call.source].submitter == Submitter::sql_agent;
  const RecordId told = engine_.emit(RecordKind::call_timed_out, batch_id(call.source), call.why, none, for_good);
  if (!for_good) return try_again(call, told);
  --submissions_.sources[call.source].under_way;
  next_of_caller(call.source, call.why);  // of the batch's other executions each is a statement of its own (assumed)
}

void Workload::called_again() {
  const Call again = take(Event::submit_again, submissions_.made_again);
  --submissions_.sources[again.source].under_way;
  call(again.source, again.number, again.why);
}

/// Calls under way fail with their connection. A job dies, and nobody submits the rest; an application tries again.
void Workload::instance_lost(RecordId why) {
  engine_.disarm(Event::submit, 0);
  engine_.disarm(Event::submit_timeout, 0);
  std::vector<Call> failed;
  for (Calls* calls : {&submissions_.served, &submissions_.timing_out}) {
    failed.insert(failed.end(), calls->begin(), calls->end());
    calls->clear();
  }
  submissions_.lock_free = engine_.now();
  for (const Call& call : failed) {
    const BatchPlan& plan = plan_.batches[call.source];
    if (plan.submitter == Submitter::external) {
      try_again(call, engine_.emit(RecordKind::submit_failed, batch_id(call.source), why));
      continue;
    }
    --submissions_.sources[call.source].under_way;
    if (plan.kind != BatchPlan::Kind::batch) {
      engine_.emit(RecordKind::batch_abandoned, batch_id(call.source), why, none, 1);
    }
  }
  for (BatchIndex batch = 0; batch < plan_.batches.size(); ++batch) {
    if (!state_.batches[batch].submitting || plan_.batches[batch].submitter != Submitter::sql_agent) continue;
    const std::int64_t rest = plan_.batches[batch].executions - state_.batches[batch].submitted;
    engine_.emit(RecordKind::batch_abandoned, batch_id(batch), why, none, rest);
  }
}

}  // namespace rehearse::world
