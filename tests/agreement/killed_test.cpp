// A real deployment whose process is killed after every single write of its journal. What is left on the disk and on
// the machines is enough: performing the plan again goes on there and comes to where it comes to undisturbed.
#include <gtest/gtest.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/awaitable.hpp>

#include <fstream>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "model/steps/deployment.hpp"
#include "real_backend/applying.hpp"
#include "sim/scenario/planning.hpp"
#include "tests/agreement/far_farm.hpp"
#include "tests/agreement/masked.hpp"
#include "tests/agreement/share.hpp"
#include "tests/far_side/world_file.hpp"

namespace rehearse::agreement {
namespace {

using far_side::difference;
using far_side::masked;

/// What outlives the process that performs a plan: its machines and its journal.
struct Left {
  far_side::FarWorld world;
  std::string journal;
};

/// Tells of each write of the journal, and asks to stop after one step.
class AfterWrites final : public real::ApplyProgress {
 public:
  AfterWrites(std::function<void()> written, std::size_t last_step)
      : written_(std::move(written)), last_step_(last_step) {}

  void looking_at_reality() override {}
  void step_began(std::size_t) override { written_(); }
  void step_ended(std::size_t index, const steps::StepOutcome&) override {
    written_();
    stop = index == last_step_;
  }
  void step_skipped(std::size_t index, const std::string&) override { stop = index == last_step_; }

  bool stop = false;

 private:
  std::function<void()> written_;
  std::size_t last_step_;
};

steps::Plan plan_of(const Deployable& deployable) {
  FarFarm far(deployable);
  steps::Plan plan;
  plan.design_name = deployable.design.name;
  plan.made = beginning();
  plan.observed = far.observe();
  sim::plan_steps(plan, deployable.design);
  return plan;
}

class Killed : public testing::TestWithParam<const char*> {
 protected:
  /// Performs the plan from there, up to and with that step. `left` is kept up to date at every write of the journal;
  /// `written` is called after that.
  real::Applied apply(Left& left, std::size_t last_step, const std::function<void()>& written) {
    FarFarm far(deployable, left.world);
    const std::string file = folder.path("journal");
    std::ofstream(file, std::ios::binary) << left.journal;
    const auto now = [&] { return Date(far.world.now); };
    real::Journal journal = left.journal.empty()
                                ? real::Journal::create(file, {"hash", plan.design_name, "test", now()}, now)
                                : real::Journal::resume(file, now);
    const auto keep = [&] {
      left = {far.world, real::text_of_file(file)};
      written();
    };
    AfterWrites progress(keep, last_step);
    real::ApplyOptions options;
    options.stop = &progress.stop;
    real::Applied applied = far_side::run_on(
        far.clock, real::apply_plan(far.platform, far.design, plan, steps, journal, progress, options));
    left = {far.world, real::text_of_file(file)};
    return applied;
  }

  /// The same in a process of its own, which is killed after so many writes. What it left.
  Left apply_and_kill(Left left, std::size_t writes) {
    const std::string world = folder.path("world");
    const pid_t child = ::fork();
    if (child == 0) {
      std::size_t count = 0;
      apply(left, all, [&] {
        if (++count < writes) return;
        far_side::WorldFile(world).save(left.world);
        ::kill(::getpid(), SIGKILL);
      });
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the process ended by itself";
    return {far_side::WorldFile(world).load(), real::text_of_file(folder.path("journal"))};
  }

  static constexpr auto all = static_cast<std::size_t>(-1);

  Designs designs;
  real::TestFolder folder;
  Deployable deployable = designs.by_name(GetParam());
  std::vector<steps::StepPtr> steps = steps::deployment_steps(deployable.design);
  steps::Plan plan = plan_of(deployable);
};

std::string account_of(const real::Applied& applied) {
  std::string text = applied.failure ? applied.failure->what() : "";
  for (const std::string& deviation : applied.deviations) text += deviation + "\n";
  return text;
}

TEST_P(Killed, after_any_write_of_the_journal_the_plan_is_taken_up_and_comes_to_the_same_end) {
  ASSERT_TRUE(plan.complete());
  std::vector<Left> stages = {{bare_machines(deployable), ""}};  // what is left after each write
  Left whole = stages.front();
  const real::Applied undisturbed = apply(whole, all, [&] { stages.push_back(whole); });
  ASSERT_EQ(undisturbed.kind, real::Applied::Kind::done) << account_of(undisturbed);
  ASSERT_EQ(stages.size(), 2 * plan.steps.size() + 1);

  // Every write, from the stage before its step: the processes that came before are as good as killed, too.
  std::size_t kills = 0;
  for (std::size_t step = 0; step < plan.steps.size(); step += far_side::one_in(3, 7)) {
    const std::vector<std::string> expected = masked(stages[2 * step + 2].world);
    for (const std::size_t writes : {std::size_t{1}, std::size_t{2}}) {
      SCOPED_TRACE((writes == 1 ? "killed when it had begun " : "killed when it had ended ") + plan.steps[step].title);
      Left left = apply_and_kill(stages[2 * step], writes);
      ++kills;
      const real::Applied resumed = apply(left, step, [] {});
      const bool at_the_end = step + 1 == plan.steps.size();
      EXPECT_EQ(resumed.kind, at_the_end ? real::Applied::Kind::done : real::Applied::Kind::stopped)
          << account_of(resumed);
      EXPECT_EQ(resumed.next, step + 1);
      EXPECT_EQ(difference(expected, masked(left.world)), "");
      if (HasFailure()) return;
    }
  }
  std::cout << kills << " kills\n";
}

TEST_P(Killed, again_and_again_the_deployment_comes_to_its_end) {
  const std::size_t steps_a_life = 4;
  Left left = {bare_machines(deployable), ""};
  std::size_t done = 0;
  while (done + steps_a_life < plan.steps.size()) {
    left = apply_and_kill(std::move(left), 2 * steps_a_life - 1);  // in the middle of a step
    done += steps_a_life - 1;
  }
  const real::Applied last = apply(left, all, [] {});
  ASSERT_EQ(last.kind, real::Applied::Kind::done) << account_of(last);
  Left whole = {bare_machines(deployable), ""};
  apply(whole, all, [] {});
  EXPECT_EQ(difference(masked(whole.world), masked(left.world)), "");

  const real::Applied nothing = apply(left, all, [] {});
  EXPECT_EQ(nothing.kind, real::Applied::Kind::done) << account_of(nothing);
  EXPECT_EQ(nothing.skipped, plan.steps.size());
}

INSTANTIATE_TEST_SUITE_P(Of, Killed, testing::Values("small", "separate"));

}  // namespace
}  // namespace rehearse::agreement
