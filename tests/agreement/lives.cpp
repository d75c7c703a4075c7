#include "tests/agreement/lives.hpp"

#include <gtest/gtest.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/awaitable.hpp>

#include <fstream>
#include <utility>

#include "sim/scenario/planning.hpp"
#include "tests/agreement/far_farm.hpp"
#include "tests/far_side/world_file.hpp"

namespace rehearse::agreement {
namespace {

/// Tells of each write of the journal, and asks to stop after one step.
class AfterWrites final : public real::ApplyProgress {
 public:
  AfterWrites(std::function<void()> written, std::size_t last_step)
      : written_(std::move(written)), last_step_(last_step) {}

  void looking_at_reality() override {}
  void step_began(std::size_t) override {
    written_();
    under_way = true;
  }
  void step_ended(std::size_t index, const steps::StepOutcome&) override {
    under_way = false;
    written_();
    stop = index == last_step_;
  }
  void step_skipped(std::size_t index, const std::string&) override { stop = index == last_step_; }

  bool stop = false, under_way = false;

 private:
  std::function<void()> written_;
  std::size_t last_step_;
};

steps::Plan plan_of(const Deployable& deployable, const far_side::FarWorld& world, std::string operation,
                    steps::OperationArguments arguments) {
  FarFarm far(deployable, world);
  steps::Plan plan;
  plan.design_name = deployable.design.name;
  plan.made = Date(world.now);
  const bool patches = operation.starts_with("patch");
  plan.operation = std::move(operation);
  plan.arguments = std::move(arguments);
  plan.observed = far.observe(patches ? steps::AskForPatches::yes : steps::AskForPatches::no);
  sim::plan_steps(plan, deployable.design);
  return plan;
}

}  // namespace

Lives::Lives(Deployable the_deployable, const far_side::FarWorld& world, std::string operation,
             steps::OperationArguments arguments)
    : deployable(std::move(the_deployable)),
      plan(plan_of(deployable, world, std::move(operation), std::move(arguments))),
      steps_(steps::steps_of(deployable.design, plan.operation, plan.arguments)) {}

real::Applied Lives::apply(Left& left, std::size_t last_step, const Witness& witness) const {
  FarFarm far(deployable, left.world);
  const std::string file = folder_.path("journal");
  std::ofstream(file, std::ios::binary) << left.journal;
  const auto now = [&] { return Date(far.world.now); };
  real::Journal journal = left.journal.empty()
                              ? real::Journal::create(file, {"hash", plan.design_name, "test", now()}, now)
                              : real::Journal::resume(file, now);
  const auto keep = [&] { left = {far.world, real::text_of_file(file)}; };
  AfterWrites progress(
      [&] {
        keep();
        if (witness.written) witness.written(left);
      },
      last_step);
  far.transport.told = [&](const real::RemoteScript&, const std::string&) {
    if (!witness.answered || !progress.under_way) return;
    keep();
    witness.answered(left);
  };
  real::ApplyOptions options;
  options.only = only;
  options.stop = &progress.stop;
  real::Applied applied =
      far_side::run_on(far.clock, real::apply_plan(far.platform, far.design, plan, steps_, journal, progress, options));
  keep();
  return applied;
}

Left Lives::killed(Left left, const std::function<Witness(std::function<void(const Left&)> die)>& when) const {
  const std::string world = folder_.path("world");
  const pid_t child = ::fork();
  if (child == 0) {
    const Witness witness = when([&](const Left& last) {
      far_side::WorldFile(world).save(last.world);
      ::kill(::getpid(), SIGKILL);
    });
    apply(left, all, witness);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the process ended by itself";
  return {far_side::WorldFile(world).load(), real::text_of_file(folder_.path("journal"))};
}

Left Lives::apply_and_kill(Left left, std::size_t writes) const {
  return killed(std::move(left), [&](std::function<void(const Left&)> die) {
    return Witness{[die, rest = writes](const Left& last) mutable {
      if (--rest == 0) die(last);
    }};
  });
}

Left Lives::apply_and_kill_within(Left left, std::size_t scripts) const {
  return killed(std::move(left), [&](std::function<void(const Left&)> die) {
    return Witness{nullptr, [die, rest = scripts](const Left& last) mutable {
                     if (--rest == 0) die(last);
                   }};
  });
}

std::string account_of(const real::Applied& applied) {
  std::string text = applied.failure ? applied.failure->what() : "";
  for (const std::string& deviation : applied.deviations) text += deviation + "\n";
  return text;
}

}  // namespace rehearse::agreement
