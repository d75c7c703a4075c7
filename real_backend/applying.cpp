#include "real_backend/applying.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
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

bool was_begun(const JournalContent& journal, std::size_t step) {
  return std::any_of(journal.entries.begin(), journal.entries.end(), [&](const JournalEntry& entry) {
    const auto* began = std::get_if<StepBegan>(&entry.record);
    return began != nullptr && began->index == step;
  });
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

  progress.looking_at_reality();
  const auto patches = asks_for_patches(plan.observed) ? steps::AskForPatches::yes : steps::AskForPatches::no;
  model::Design observed_design = design;
  const steps::Observation present = co_await steps::observe(platform, std::move(observed_design), patches);
  const bool begun = was_begun(journal.before(), applied.next);
  applied.deviations =
      steps::deviations(plan, done, begun ? steps::NextStep::begun : steps::NextStep::untouched, present);
  if (!applied.deviations.empty()) {
    applied.kind = Applied::Kind::deviates;
    co_return applied;
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
    StepOutcome outcome = co_await steps::perform(*steps[i], platform, steps::PerformOptions{});
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
