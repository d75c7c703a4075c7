#include "sim/report/work_text.hpp"

#include <fmt/format.h>

#include "sim/report/time_text.hpp"

namespace rehearse::sim {
namespace {

using fmt::format;

std::string counts_text(const TaskCounts& tasks) {
  // A rate plans no number of executions.
  const std::string planned = tasks.planned > 0 ? format("{} planned, ", tasks.planned) : "";
  return format("{}{} submitted, {} never submitted; {} succeeded, {} ended without success, {} unfinished at the end.",
                planned, tasks.submitted, tasks.never_submitted, tasks.succeeded, tasks.ended_without_success,
                tasks.unfinished);
}

std::string marks_text(const TaskCounts& tasks) {
  return format("Lost {}, doubled {}; repeated {}, refused success {}, stamped \"ended unexpectedly\" {}.",
                tasks.lost(), tasks.doubled(), tasks.repeated, tasks.refused_success, tasks.stamped);
}

std::string wait_text(const WorkFigures& work) {
  const WorkFigures::Wait& wait = work.wait;
  std::string text =
      format("Waited for pick-up: {} on average, half of them {} or less, 95 % {} or less, the longest {}",
             length_text(wait.mean), length_text(wait.p50), length_text(wait.p95), length_text(wait.longest));
  if (wait.still_waiting > 0) text += format("; {} still wait, counted with their time so far", wait.still_waiting);
  text += format(". Queue: {:.1f} on average, at most {}", work.queue.mean, work.queue.longest);
  if (work.queue.longest > 0) text += " at " + offset_text(work.queue.longest_at);
  if (work.utilisation) text += format(". Slots: {:.0f} % busy while there was work", *work.utilisation * 100);
  return text + ".";
}

/// Only what is there to be told; empty: nothing.
std::string troubles_text(const WorkFigures& work) {
  std::string text;
  const auto add = [&](bool there, const std::string& what) {
    if (there) text += (text.empty() ? "" : "; ") + what;
  };
  const auto longest = [](const WorkFigures::Spell& spell) {
    return length_text(spell.longest) + (spell.going_on ? " or more" : "");
  };
  add(work.late > 0, format("late: {}", work.late));
  const bool overlapped = work.overlap.total > Duration::zero(), stamped = work.stamped.total > Duration::zero();
  add(overlapped, format("two packages of one execution at once: longest {}, {} in all", longest(work.overlap),
                         length_text(work.overlap.total)));
  add(stamped, "stamped: longest " + longest(work.stamped));
  add(work.messages_kept > 0, format("messages left on workers: of {}", work.messages_kept));
  add(work.timed_out > 0, format("calls that timed out (27195): {}", work.timed_out));
  add(work.refused > 0, format("submissions refused for good: {}", work.refused));
  if (text.empty()) return text;
  text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text + ".";
}

}  // namespace

std::vector<std::string> work_paragraphs(const RunResult& result) {
  const TaskCounts& tasks = result.tasks;
  if (tasks.planned == 0 && tasks.submitted == 0 && tasks.never_submitted == 0) return {};
  std::vector<std::string> paragraphs = {counts_text(tasks), marks_text(tasks)};
  if (result.work.wait.of > 0) paragraphs.push_back(wait_text(result.work));
  if (std::string troubles = troubles_text(result.work); !troubles.empty()) paragraphs.push_back(std::move(troubles));
  return paragraphs;
}

}  // namespace rehearse::sim
