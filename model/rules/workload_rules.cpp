// WORK: what shall be done, against who is there to do it (S 1.4, S 1.5, S 6).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "model/rules/design_source.hpp"
#include "model/rules/families.hpp"
#include "model/rules/questions.hpp"

namespace rehearse::model::rules {
namespace {

constexpr double seconds_a_day = 24 * 3600;

double mean_of(const Facts& facts, const std::optional<Distribution>& stated) {
  return mean_seconds(stated ? *stated : facts.design.parameters[Timing::package]);
}

double seconds_of(const Batch& batch, const Facts& facts) {
  return batch.executions * mean_of(facts, batch.duration);
}

/// The factor of a rate's profile, averaged over a day.
double mean_factor(const Rate& rate) {
  if (rate.profile.empty()) return 1;
  double sum = 0;
  for (std::size_t i = 0; i < rate.profile.size(); ++i) {
    const bool last = i + 1 == rate.profile.size();
    const double from = static_cast<double>(rate.profile[i].from.count());
    const double until = static_cast<double>(rate.profile[last ? 0 : i + 1].from.count()) + (last ? seconds_a_day : 0);
    sum += rate.profile[i].factor * (until - from);
  }
  return sum / seconds_a_day;
}

double highest_factor(const Rate& rate) {
  double highest = rate.profile.empty() ? 1 : 0;
  for (const ProfileStep& step : rate.profile) highest = std::max(highest, step.factor);
  return highest;
}

Findings no_retry(const Facts& facts) {
  Findings findings;
  for (const WorkloadSource* source : sources(facts.design)) {
    const bool of_file = source->place.pointer.starts_with("/workload/histories") &&
                         !facts.source.has(source->place.pointer + "/retry_count");
    if (source->retry_count > 0 || of_file) continue;
    findings.push_back({source->place.pointer + "/retry_count",
                        fmt::format("an execution of '{}' whose worker dies has failed", source->name),
                        "write \"retry_count\": 1, if its packages may run again"});
  }
  return findings;
}

Findings deadline_missed(const Facts& facts) {
  Findings findings;
  for (const Batch& batch : facts.design.batches) {
    const int slots = slots_for(facts.design, batch);
    if (!batch.deadline || slots == 0) continue;
    double window = static_cast<double>((*batch.deadline - batch.at).count());
    if (window <= 0) window += seconds_a_day;
    const double needed = seconds_of(batch, facts) / slots;
    if (needed <= window) continue;
    findings.push_back({batch.place.pointer + "/deadline",
                        fmt::format("'{}' needs about {} on {} slots, and has {}", batch.name,
                                    to_text(std::chrono::seconds(std::llround(needed))), slots,
                                    to_text(std::chrono::seconds(std::llround(window)))),
                        "add workers, raise MaxTaskCount, or move the deadline"});
  }
  return findings;
}

Findings too_much_work(const Facts& facts) {
  double seconds = 0;
  for (const Batch& batch : facts.design.batches) {
    const double share = batch.days.empty() ? 1 : static_cast<double>(batch.days.size()) / 7;
    seconds += seconds_of(batch, facts) * share;
  }
  for (const Rate& rate : facts.design.rates) {
    seconds += rate.per_hour * 24 * mean_factor(rate) * mean_of(facts, rate.duration);
  }
  int slots = 0;
  for (const WorkerPool& pool : facts.design.scale_out.workers) slots += pool.count * pool.settings.max_task_count;
  const double busy = seconds / seconds_a_day;
  if (busy < slots) return {};
  return {{"/workload", fmt::format("a day's work keeps {:.0f} slots busy on average, and there are {}", busy, slots),
           "add workers, raise MaxTaskCount, or submit less"}};
}

Findings peak_above_slots(const Facts& facts) {
  Findings findings;
  for (const Rate& rate : facts.design.rates) {
    const int slots = slots_for(facts.design, rate);
    const double mean = mean_of(facts, rate.duration) / 3600;
    const double peak = rate.per_hour * highest_factor(rate) * mean;
    const double average = rate.per_hour * mean_factor(rate) * mean;
    if (slots == 0 || peak < slots || average >= slots) continue;
    findings.push_back({rate.place.pointer + "/profile",
                        fmt::format("at its peak '{}' needs {:.0f} slots of {}: the queue grows until the peak is over",
                                    rate.name, peak, slots),
                        "add workers for the peak, or accept the wait"});
  }
  return findings;
}

Findings one_named_worker(const Facts& facts) {
  Findings findings;
  if (facts.design.worker_names().size() < 2) return findings;
  for (const WorkloadSource* source : sources(facts.design)) {
    if (source->workers.size() != 1) continue;
    findings.push_back({source->place.pointer + "/workers",
                        fmt::format("executions of '{}' wait for '{}' alone, for ever if need be", source->name,
                                    source->workers.front()),
                        "name a second worker, or none"});
  }
  return findings;
}

Findings one_worker(const Facts& facts) {
  const auto workers = facts.design.worker_names();
  if (workers.size() != 1) return {};
  return {{facts.design.scale_out.workers.front().place.pointer,
           fmt::format("'{}' is the only worker: while it is away nothing runs", workers.front()),
           "add a second worker"}};
}

Findings agent_submits(const Facts& facts) {
  Findings findings;
  for (const Batch& batch : facts.design.batches) {
    if (batch.submitter != Submitter::sql_agent) continue;
    findings.push_back(
        {batch.place.pointer + "/submitter",
         fmt::format("'{}' is submitted by a job on the instance itself: during a failover it is skipped", batch.name),
         "write \"submitter\": \"external\" for a scheduler elsewhere that tries again"});
  }
  return findings;
}

Findings too_many_callers(const Facts& facts) {
  const Parameters& ledger = facts.design.parameters;
  const Duration hold = high_end(ledger[Timing::create_execution_lock]);
  if (hold <= Duration::zero()) return {};
  const auto most = ledger.length(Setting::create_execution_lock_wait) / hold;
  Findings findings;
  for (const Batch& batch : facts.design.batches) {
    if (batch.callers <= most) continue;
    findings.push_back(
        {batch.place.pointer + "/callers",
         fmt::format("of {} callers side by side about {} get their turn before error 27195", batch.callers, most),
         fmt::format("let at most {} call create_execution at once", most)});
  }
  return findings;
}

Findings priority_ignored(const Facts& facts) {
  Findings findings;
  for (const Batch& batch : facts.design.batches) {
    if (!batch.priority) continue;
    findings.push_back(
        {batch.place.pointer + "/priority",
         fmt::format("the priority of '{}' changes nothing: tasks are taken in the order of submission", batch.name),
         "remove it, and submit first what shall run first, or name workers for it"});
  }
  return findings;
}

Findings many_heartbeats(const Facts& facts) {
  constexpr double tried = 50;  // S 6: 50 full workers
  double beats = 0;
  for (const WorkerPool& pool : facts.design.scale_out.workers) {
    const double interval = std::chrono::duration<double>(pool.settings.task_heartbeat_interval).count();
    beats += pool.count * pool.settings.max_task_count / interval;
  }
  if (beats <= tried) return {};
  return {{"/scale_out/workers",
           fmt::format("with all slots in use the master takes {:.0f} task heartbeats a second", beats),
           "measure it, or write a longer TaskHeartbeatInterval with a longer lease"}};
}

Findings workers_at_one_site(const Facts& facts) {
  std::set<std::string> of_nodes, of_workers;
  for (const Node& node : facts.design.cluster.nodes) of_nodes.insert(node.site);
  for (const WorkerPool& pool : facts.design.scale_out.workers) {
    of_workers.insert(pool.site.empty() ? facts.design.cluster.nodes.front().site : pool.site);
  }
  if (of_nodes.size() < 2 || of_workers.size() != 1 || facts.design.worker_names().size() < 2) return {};
  return {{"/scale_out/workers",
           fmt::format("all workers stand at '{}': with that site all work ends, whatever the cluster does",
                       *of_workers.begin()),
           "put workers at the other site, too"}};
}

constexpr Rule rules[] = {
    {"WORK-001", Level::warning, "work is not retried",
     "retry_count covers both a package that fails and a worker that is lost. With 0 an execution whose worker dies, "
     "or "
     "whose lease is swept, ends unexpectedly.",
     "retry_count 1 or more, for packages that may run again.", "S 1.5; S 1.6; S 1.7", &no_retry},
    {"WORK-002", Level::warning, "a batch cannot meet its deadline",
     "Executions times mean duration, divided by all slots that may run them, is longer than the time from submission "
     "to "
     "deadline: even without any failure.",
     "More slots, fewer executions, or a later deadline.", "S 1.2; S 6", &deadline_missed},
    {"WORK-003", Level::warning, "more work than slots",
     "On average more slots are needed than there are: the queue grows from day to day.", "More workers, or less work.",
     "S 1.2; S 6", &too_much_work},
    {"WORK-004", Level::note, "at its peak a rate needs more slots than there are",
     "The queue grows during the peak and is worked off afterwards.", "Workers for the peak, or patience.", "S 6",
     &peak_above_slots},
    {"WORK-005", Level::warning, "work for one named worker",
     "Named workers need only have a row, they need not be online or enabled, and no queue has a timeout: while the "
     "one is "
     "away the executions wait.",
     "Two named workers, or any worker.", "S 1.4", &one_named_worker},
    {"WORK-006", Level::warning, "one worker",
     "A failover cluster for the master does not help against the loss of the only worker.", "A second worker.",
     "S 1.7", &one_worker},
    {"WORK-007", Level::note, "the instance submits its own work",
     "A job of SQL Server Agent lives on the instance: a schedule that falls into the outage is skipped, a submitting "
     "loop "
     "dies with it, a synchronous caller hears of a stamped failure.",
     "A scheduler elsewhere, which tries again.", "S 1.7; behaviour 8", &agent_submits},
    {"WORK-008", Level::warning, "too many callers at once",
     "create_execution takes one exclusive lock and waits for it twice five seconds; then the caller gets error 27195.",
     "Fewer callers side by side, or staggered starts.", "S 1.4; S 5, 18; S 6", &too_many_callers},
    {"WORK-009", Level::warning, "a priority that nobody looks at",
     "pull_task orders by the time of readiness alone; the column Priority is ignored.",
     "Order of submission, or named workers.", "S 1.5", &priority_ignored},
    {"WORK-010", Level::note, "more task heartbeats than anybody has reported",
     "Each running task costs one request and one update of internal.tasks every TaskHeartbeatInterval. No limit is "
     "documented; the largest farm that the sheets reckon with has fifty a second.",
     "Measure the catalog under that load.", "S 6", &many_heartbeats},
    {"WORK-011", Level::note, "all workers at one site",
     "Nodes at two sites keep the master alive when one site is lost, but nobody is left to run anything.",
     "Workers at both sites.", "behaviour 1", &workers_at_one_site},
};

}  // namespace

std::span<const Rule> workload_rules() {
  return rules;
}

}  // namespace rehearse::model::rules
