// The whole deployment with a transport that fails at one call, for every call and every way in which a connection can
// fail: the step is done all the same, or ends in a clear failure, and performing it again comes to where it comes to
// when nobody disturbs it.
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "model/steps/deployment.hpp"
#include "model/steps/failure.hpp"
#include "model/steps/gate.hpp"
#include "tests/agreement/farm.hpp"
#include "tests/agreement/masked.hpp"
#include "tests/agreement/share.hpp"
#include "tests/far_side/clockwork.hpp"

namespace far_side {
namespace {

namespace real = rehearse::real;
namespace steps = rehearse::steps;
using steps::Failure;
using steps::FailureCode;
using Kind = steps::StepOutcome::Kind;

enum class Fault {
  fails,    // nothing was begun
  hangs,    // nothing was begun, and nobody says so
  lost,     // it happened; the connection died before the answer, or two answers came
  garbage,  // it happened; the answer is none
  foreign,  // it happened; the answer is that of another question
};
constexpr Fault faults[] = {Fault::fails, Fault::hangs, Fault::lost, Fault::garbage, Fault::foreign};

class FaultyTransport final : public real::Transport {
 public:
  explicit FaultyTransport(real::Transport& inner) : inner_(inner) {}

  void fail_at(std::size_t call, Fault fault) {
    at_ = call;
    fault_ = fault;
    calls_ = 0;
  }
  void heal() { at_ = static_cast<std::size_t>(-1); }
  std::size_t calls() const { return calls_; }

  steps::Awaitable<std::string> run(real::RemoteScript script) override {
    const bool fails = calls_++ == at_;
    if (fails && fault_ == Fault::fails) throw Failure(FailureCode::unreachable, "no route to host");
    if (fails && fault_ == Fault::hangs) {
      steps::Gate never;
      co_await never.wait();
    }
    std::string answer = co_await inner_.run(std::move(script));
    if (!fails) co_return answer;
    if (fault_ == Fault::lost) throw Failure(FailureCode::indeterminate, "the connection ended without a whole answer");
    if (fault_ == Fault::garbage) co_return std::string("\x01\x02 nonsense");
    co_return std::string(R"({"ok":true,"value":{"other":[1,2,3]}})");
  }

 private:
  real::Transport& inner_;
  std::size_t at_ = static_cast<std::size_t>(-1);
  Fault fault_ = Fault::fails;
  std::size_t calls_ = 0;
};

/// The farm behind a transport that can fail.
struct FaultyFarm {
  explicit FaultyFarm(bool joint) : farm(joint), transport(farm.transport), windows(farm.over(transport)) {}

  steps::StepOutcome perform(const steps::Step& step) {
    return run_on(farm.clock, steps::perform(step, windows->platform(), steps::PerformOptions{}));
  }

  Farm farm;
  FaultyTransport transport;
  std::unique_ptr<steps::AnyPort> windows;
};

/// What is compared. A role that the step makes is made on the node that answered it, which a fault may change.
std::vector<std::string> state_of(FarWorld world, const FarWorld& before) {
  if (world.cluster) {
    for (auto& [name, group] : world.cluster->groups) {
      if (!before.cluster || !before.cluster->groups.contains(name)) group.owner.clear();
    }
  }
  return masked(world);
}

constexpr std::size_t every = one_in(29, 97);

class FaultyDeployment : public testing::TestWithParam<bool> {};

TEST_P(FaultyDeployment, comes_to_the_same_end_whatever_call_fails) {
  FaultyFarm faulty(GetParam());
  const std::vector<steps::StepPtr> all = steps::deployment_steps(faulty.farm.design);
  std::size_t cases = 0, done_at_once = 0, number = 0;
  for (const steps::StepPtr& step : all) {
    const FarWorld before = faulty.farm.world;
    faulty.transport.heal();
    faulty.transport.fail_at(static_cast<std::size_t>(-1), Fault::fails);
    ASSERT_NE(faulty.perform(*step).kind, Kind::failed) << title_of(*step);
    const std::size_t calls = faulty.transport.calls();
    const FarWorld after = faulty.farm.world;
    const std::vector<std::string> expected = state_of(after, before);
    for (std::size_t call = 0; call < calls; ++call) {
      for (const Fault fault : faults) {
        if (number++ % every != 0) continue;
        SCOPED_TRACE(title_of(*step) + ", call " + std::to_string(call) + ", fault " +
                     std::to_string(static_cast<int>(fault)));
        faulty.farm.world = before;
        faulty.transport.fail_at(call, fault);
        const steps::StepOutcome first = faulty.perform(*step);
        if (first.kind == Kind::failed) {
          EXPECT_NE(first.failure->message(), "");
          EXPECT_NE(first.failure->step(), "");
        } else {
          ++done_at_once;
        }
        faulty.transport.heal();
        steps::StepOutcome again = faulty.perform(*step);
        if (again.kind == Kind::failed) {
          // What was begun may still be under way, a restart for instance: the failure says so, and it passes.
          pass(faulty.farm.world, std::chrono::minutes(30));
          again = faulty.perform(*step);
        }
        EXPECT_NE(again.kind, Kind::failed) << again.failure->what();
        EXPECT_EQ(difference(expected, state_of(faulty.farm.world, before)), "");
        ++cases;
        if (HasFailure()) return;
      }
    }
    faulty.farm.world = after;
  }
  std::cout << cases << " cases, in " << done_at_once << " of them the step was done all the same\n";
  EXPECT_GT(cases, std::size_t{1200} / every);
}

INSTANTIATE_TEST_SUITE_P(Either, FaultyDeployment, testing::Bool(),
                         [](const auto& parameter) { return parameter.param ? "joint" : "separate"; });

}  // namespace
}  // namespace far_side
