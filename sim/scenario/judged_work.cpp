// What is expected of the executions, of the days of batches, and of the figures of the work.
#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <stdexcept>

#include "sim/scenario/judging.hpp"

namespace rehearse::sim {
namespace {

using core::Time;

struct Count {
  std::int64_t found = 0;
  std::int64_t more = 0;  // as many may still be added after the end of the rehearsal
};

/// What still runs, and what a submitter still means to submit, may yet be lost, doubled or succeed.
Count count_of(const RunResult& run, const std::string& name) {
  constexpr std::int64_t any_number = std::numeric_limits<std::int64_t>::max();
  const TaskCounts& tasks = run.tasks;
  const WorkFigures& work = run.work;
  const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  const std::int64_t coming = number(tasks.coming), open = number(tasks.unfinished) + coming;
  if (name == "lost") return {number(tasks.lost()), open};
  if (name == "doubled") return {number(tasks.doubled()), open};
  if (name == "succeeded") return {number(tasks.succeeded), open};
  if (name == "ended_without_success") return {number(tasks.ended_without_success), open};
  if (name == "never_submitted") return {number(tasks.never_submitted), coming};
  if (name == "overlapped") return {number(tasks.overlapped), open};
  if (name == "repeated") return {number(tasks.repeated), open};
  if (name == "refused_success") return {number(tasks.refused_success), open};
  if (name == "stamped") return {number(tasks.stamped), open};
  if (name == "unfinished") return {number(tasks.unfinished), 0};
  if (name == "late") return {number(work.late), open};
  if (name == "messages_kept") return {number(work.messages_kept), 0};
  if (name == "timed_out") return {number(work.timed_out), coming > 0 ? any_number : 0};  // a call may be made again
  if (name == "refused") return {number(work.refused), coming};
  throw std::logic_error("no count of executions is called " + name);
}

/// The worst of several outcomes: failed, then unknown, then passed.
Outcome worse(Outcome a, Outcome b) {
  if (a == Outcome::failed || b == Outcome::failed) return Outcome::failed;
  return a == Outcome::unknown ? a : b;
}

Sight judge_length(const RunResult& run, const std::string& name, const Bounds<Duration>& bounds) {
  const WorkFigures& work = run.work;
  if (name == "wait") {
    if (work.wait.of == 0) return cannot_tell("nobody waited for a pick-up");
    const bool open = work.wait.still_waiting > 0 || run.tasks.coming > 0;
    return {judge_bounds(bounds, work.wait.longest, open),
            fmt::format("longest wait {}, {} still wait", length(work.wait.longest), work.wait.still_waiting)};
  }
  const WorkFigures::Spell& spell = name == "overlap" ? work.overlap : work.stamped;
  return {judge_bounds(bounds, spell.longest, spell.going_on),
          fmt::format("longest {} {}{}", name == "overlap" ? "overlap" : "stamp", length(spell.longest),
                      spell.going_on ? ", going on at the end" : "")};
}

Sight judge_number(const RunResult& run, const std::string& name, const Bounds<double>& bounds) {
  if (name == "utilisation") {
    if (!run.work.utilisation) return cannot_tell("there was no work for the slots");
    return {judge_bounds(bounds, *run.work.utilisation, false),
            fmt::format("{:.1f} % of the slots busy", *run.work.utilisation * 100)};
  }
  const WorkFigures::Queue& queue = run.work.queue;
  const bool grows = queue.longest > 0 && queue.at_end == queue.longest;
  return {judge_bounds(bounds, static_cast<double>(queue.longest), grows || run.tasks.coming > 0),
          fmt::format("longest queue {}", queue.longest)};
}

}  // namespace

Sight judge_executions(const RunResult& run, const Expectation& expectation) {
  Sight sight{Outcome::passed, ""};
  for (const auto& [name, wanted] : expectation.counts) {
    const Count count = count_of(run, name);
    sight.reason += fmt::format("{}{} {}", sight.reason.empty() ? "" : ", ", count.found, name);
    const bool out_of_reach = count.found > wanted || wanted - count.found > count.more;
    const Outcome outcome = out_of_reach ? Outcome::failed : count.more > 0 ? Outcome::unknown : Outcome::passed;
    sight.outcome = worse(sight.outcome, outcome);
  }
  if (sight.outcome == Outcome::unknown) {
    sight.reason +=
        fmt::format("; {} still outstanding at the end of the rehearsal", run.tasks.unfinished + run.tasks.coming);
  }
  return sight;
}

Sight judge_batch(const RunResult& run, const Expectation& expectation) {
  std::optional<Sight> worst;
  for (const BatchDay& day : run.batches) {
    const Time limit = expectation.by ? Time(*expectation.by) : day.deadline;
    if (day.name != expectation.batch || day.due > limit || limit == core::never) continue;
    std::string reason = day.done == core::never ? "not done" : fmt::format("done at {}", moment(day.done));
    reason += fmt::format(", {} of {} succeeded", day.succeeded, day.executions);
    const bool met = day.done <= limit && day.succeeded == day.executions;
    Sight sight = seen(met, reason);
    if (!met && day.done == core::never && run.end < limit) {
      sight = cannot_tell(fmt::format("{} when the rehearsal ended at {}", reason, moment(run.end)));
    }
    const bool worse = !worst || worst->outcome == Outcome::passed || sight.outcome == Outcome::failed;
    if (worse) worst = std::move(sight);
  }
  return worst.value_or(cannot_tell("the batch was not due in the time rehearsed"));
}

Sight judge_work(const RunResult& run, const Expectation& expectation) {
  Sight all{Outcome::passed, ""};
  const auto add = [&](const Sight& sight) {
    all.outcome = worse(all.outcome, sight.outcome);
    all.reason += (all.reason.empty() ? "" : "; ") + sight.reason;
  };
  for (const auto& [name, bounds] : expectation.lengths) add(judge_length(run, name, bounds));
  for (const auto& [name, bounds] : expectation.numbers) add(judge_number(run, name, bounds));
  return all;
}

}  // namespace rehearse::sim
