#include "real_backend/applying.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <iterator>
#include <set>
#include <stdexcept>
#include <utility>

#include "model/endpoint.hpp"

namespace rehearse::real {
namespace {

using steps::StepOutcome;

bool asks_for_patches(const steps::Observation& observation) {
  return std::any_of(observation.facts.begin(), observation.facts.end(),
                     [](const steps::Fact& fact) { return name_of(fact.question) == "Host.QueryPatches"; });
}

bool is_last(const steps::PlannedStep& step, const std::string& until) {
  return step.title == until || step.name == until;
}

/// Steps of the cluster or the catalog as a whole count for every node.
bool concerns(const steps::PlannedStep& step, const std::string& node) {
  return node.empty() || step.hosts.empty() ||
         std::any_of(step.hosts.begin(), step.hosts.end(),
                     [&](const std::string& host) { return model::same_name(host, node); });
}

/// The index behind the last step to perform.
std::size_t end_of(const steps::Plan& plan, const std::string& until) {
  std::size_t end = plan.steps.size();
  if (until.empty()) return end;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    if (is_last(plan.steps[i], until)) end = i + 1;
  }
  return end;
}

std::size_t first_not(const std::vector<bool>& done) {
  return static_cast<std::size_t>(std::find(done.begin(), done.end(), false) - done.begin());
}

std::vector<bool> begun_steps(const steps::Plan& plan, const JournalContent& journal) {
  std::vector<bool> begun(plan.steps.size(), false);
  for (const JournalEntry& entry : journal.entries) {
    if (const auto* began = std::get_if<StepBegan>(&entry.record); began != nullptr && began->index < begun.size()) {
      begun[began->index] = true;
    }
  }
  return begun;
}

using Machines = std::set<std::string>;

Machines machines_of(const steps::Plan& plan) {
  Machines machines;
  for (const steps::Fact& fact : plan.observed.facts) {
    if (name_of(fact.question) == "Host.Answers") machines.insert(node_of(fact.question));
  }
  return machines;
}

/// Machines beside its hosts that its calls name: where a certificate comes from.
Machines others_in(const steps::PlannedStep& step, const Machines& machines) {
  Machines others;
  for (const steps::AnyRequest& call : step.calls) {
    const std::string text = to_text(call);
    for (const std::string& machine : machines) {
      if (text.find("'" + machine + "'") != std::string::npos) others.insert(machine);
    }
  }
  for (const std::string& host : step.hosts) others.erase(host);
  return others;
}

bool share_any(const Machines& some, const Machines& others) {
  return std::any_of(some.begin(), some.end(), [&](const std::string& machine) { return others.contains(machine); });
}

/// Whether a step may need what an earlier one does. Of what happens on one machine, what is done on that machine, with
/// its certificate, or for the cluster as a whole. What happens on several machines is for all, unless it is about
/// another one: every node trusts a worker's certificate.
bool builds_on(const steps::PlannedStep& step, const steps::PlannedStep& earlier, const Machines& machines) {
  const Machines subjects = others_in(earlier, machines);
  const bool about_several = earlier.hosts.size() != 1;
  if (step.hosts.empty() || (about_several && subjects.empty())) return true;
  const Machines hosts(step.hosts.begin(), step.hosts.end());
  if (share_any(subjects, hosts)) return true;
  if (about_several) return false;
  return hosts.contains(earlier.hosts.front()) || others_in(step, machines).contains(earlier.hosts.front());
}

/// An answer that says nothing of the state that is asked for: it may be there in a minute.
bool is_silence(const steps::Fact& fact) {
  const auto* failure = std::get_if<steps::Failure>(&fact.outcome);
  return failure != nullptr &&
         (failure->code() == steps::FailureCode::unreachable || failure->code() == steps::FailureCode::timed_out);
}

/// Turns deviations that are due to somebody's silence into Kind::unknown.
void tell_silence(const steps::Expectation& expected, const steps::Observation& present, Applied& applied) {
  const auto answers = [&](const std::string& machine) {
    const steps::Answer* before = expected.known.find(steps::host::Answers(machine));
    return before != nullptr && before->flag();
  };
  for (const std::string& machine : steps::silent_machines(present)) {
    if (answers(machine)) applied.silent.push_back(machine);
  }
  for (const steps::Fact& fact : present.facts) {
    const steps::Fact* before = expected.known.fact(fact.question);
    if (!is_silence(fact) || (before != nullptr && steps::same_outcome(*before, fact))) continue;
    applied.unanswered.push_back(fmt::format("{}: {}", to_text(fact.question), to_text(fact.outcome)));
  }
  if (!applied.silent.empty() || !applied.unanswered.empty()) applied.kind = Applied::Kind::unknown;
}

bool is_about(const steps::AnyRequest& question, const std::string& machine) {
  const std::string name = name_of(question);
  const bool of_machine = name.starts_with("Host.") || name.starts_with("CertificateStore.");
  return (of_machine || name == "Cluster.QueryNode") && model::same_name(node_of(question), machine);
}

/// A machine that was silent when the plan was made may be silent or not: nothing was known of it, and no step acts on
/// it. What is seen of it now gives way to what the plan has.
void forget_silent(const steps::Plan& plan, const steps::Observation& expected, steps::Observation& present) {
  for (const std::string& machine : steps::silent_machines(plan.observed)) {
    const auto of_machine = [&](const steps::Fact& fact) { return is_about(fact.question, machine); };
    std::erase_if(present.facts, of_machine);
    std::copy_if(expected.facts.begin(), expected.facts.end(), std::back_inserter(present.facts), of_machine);
  }
}

}  // namespace

std::vector<bool> done_steps(const steps::Plan& plan, const JournalContent& journal) {
  std::vector<bool> done(plan.steps.size(), false);
  for (const JournalEntry& entry : journal.entries) {
    if (const auto* ended = std::get_if<StepEnded>(&entry.record); ended != nullptr && ended->index < done.size()) {
      done[ended->index] = ended->kind != StepOutcome::Kind::failed;
    }
  }
  return done;
}

std::string problem_of(const steps::Plan& plan, const ApplyOptions& options) {
  const auto& all = plan.steps;
  const bool has_end =
      options.until.empty() ||
      std::any_of(all.begin(), all.end(), [&](const steps::PlannedStep& step) { return is_last(step, options.until); });
  if (!has_end) return fmt::format("the plan has no step '{}'; rehearse plan lists them", options.until);
  const bool has_node =
      options.only.empty() || std::any_of(all.begin(), all.end(), [&](const steps::PlannedStep& step) {
        return !step.hosts.empty() && concerns(step, options.only);
      });
  if (!has_node) return fmt::format("no step of the plan acts on a machine '{}'", options.only);
  return {};
}

std::string missing_before(const steps::Plan& plan, const std::vector<bool>& done, const ApplyOptions& options) {
  if (options.only.empty()) return {};
  const Machines machines = machines_of(plan);
  std::vector<std::size_t> left_out;
  for (std::size_t i = 0; i < end_of(plan, options.until); ++i) {
    const steps::PlannedStep& step = plan.steps[i];
    if (step.kind != steps::PlannedStep::Kind::needed || (i < done.size() && done[i])) continue;
    if (!concerns(step, options.only)) {
      left_out.push_back(i);
      continue;
    }
    const auto needed = std::find_if(left_out.begin(), left_out.end(), [&](std::size_t earlier) {
      return builds_on(step, plan.steps[earlier], machines);
    });
    if (needed == left_out.end()) continue;
    return fmt::format(
        "'{}' may need what '{}' does, which comes first and is left out with --only {}; perform the plan without "
        "--only, or end before with --until",
        step.title, plan.steps[*needed].title, options.only);
  }
  return {};
}

steps::Awaitable<Applied> apply_plan(steps::Platform platform, const model::Design& design, const steps::Plan& plan,
                                     const std::vector<steps::StepPtr>& steps, Journal& journal,
                                     ApplyProgress& progress, ApplyOptions options) {
  if (steps.size() < plan.steps.size()) throw std::logic_error("these are not the steps of the plan");
  // perform() tells of cancellation in its outcome, and the journal has to be written afterwards.
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  Applied applied;
  std::vector<bool> done = done_steps(plan, journal.before());
  const std::size_t end = end_of(plan, options.until);
  applied.next = first_not(done);

  // Where nothing is left to perform, nothing is at stake: what has come to rest since then, or moved on, is no matter.
  const bool all_done = applied.next >= end;
  if (!all_done) {
    progress.looking_at_reality();
    const auto patches = asks_for_patches(plan.observed) ? steps::AskForPatches::yes : steps::AskForPatches::no;
    model::Design observed_design = design;
    steps::Observation present = co_await steps::observe(platform, std::move(observed_design), patches);
    if (options.stop != nullptr && *options.stop) {
      applied.kind = Applied::Kind::stopped;
      co_return applied;
    }
    const steps::Expectation expected = steps::expected_after(plan, done);
    forget_silent(plan, expected.known, present);
    applied.deviations = steps::deviations(plan, done, begun_steps(plan, journal.before()), present);
    if (!applied.deviations.empty()) {
      applied.kind = Applied::Kind::deviates;
      tell_silence(expected, present, applied);
      co_return applied;
    }
  }

  for (std::size_t i = 0; i < end; ++i) {
    if (done[i] || !concerns(plan.steps[i], options.only)) {
      ++applied.skipped;
      progress.step_skipped(i, done[i] ? "the journal has it as done" : "it does not act on " + options.only);
      continue;
    }
    if (options.stop != nullptr && *options.stop) {
      applied.kind = Applied::Kind::stopped;
      break;
    }
    journal.step_began(i, plan.steps[i].title);
    progress.step_began(i);
    const steps::PerformOptions unobserved;
    StepOutcome outcome = co_await steps::perform(*steps[i], platform, unobserved);
    journal.step_ended(i, outcome);
    progress.step_ended(i, outcome);
    if (outcome.kind == StepOutcome::Kind::failed) {
      const bool given_up = outcome.failure->code() == steps::FailureCode::cancelled;
      applied.kind = given_up ? Applied::Kind::cancelled : Applied::Kind::failed;
      applied.failure = std::move(outcome.failure);
      break;
    }
    done[i] = true;
    (outcome.kind == StepOutcome::Kind::done ? applied.performed : applied.found_done) += 1;
  }
  applied.next = first_not(done);
  co_return applied;
}

}  // namespace rehearse::real
