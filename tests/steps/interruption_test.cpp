// Every procedure may be cut off at every call, and then be performed again. Enumerated, not sampled.
#include <gtest/gtest.h>

#include "model/steps/adapters/faulty.hpp"
#include "model/steps/deployment.hpp"
#include "model/steps/operations.hpp"
#include "model/steps/perform.hpp"
#include "small_farm.hpp"
#include "test_designs.hpp"

namespace rehearse::steps {
namespace {

// A procedure to interrupt, and the farm that it starts from.
struct Procedure {
  model::Design design;
  std::vector<StepPtr> prepare;
  std::vector<StepPtr> steps;
};

Performance perform_on(SmallFarm& farm, Platform platform, const std::vector<StepPtr>& steps) {
  return run(farm.time, perform_all(steps, platform, {}));
}

struct Interrupted {
  Performance first;
  FarmState end;
  std::size_t calls = 0;  // of the interrupted part
};

Interrupted interrupt(const Procedure& procedure, std::size_t at, FaultKind kind) {
  SmallFarm farm(procedure.design);
  const Performance prepared = perform_on(farm, farm.platform(), procedure.prepare);
  EXPECT_TRUE(prepared.succeeded()) << to_text(prepared, procedure.prepare);
  Faulty faulty(farm.platform(), at, kind);
  Interrupted result;
  result.first = perform_on(farm, faulty.platform(), procedure.steps);
  result.calls = faulty.calls();
  const Performance resumed = perform_on(farm, farm.platform(), procedure.steps);
  EXPECT_TRUE(resumed.succeeded()) << "cut at call " << at << ": " << to_text(resumed, procedure.steps);
  result.end = farm.state;
  return result;
}

void interrupt_everywhere(const Procedure& procedure, FaultKind kind) {
  constexpr std::size_t nowhere = -1;
  const Interrupted whole = interrupt(procedure, nowhere, kind);
  ASSERT_TRUE(whole.first.succeeded()) << to_text(whole.first, procedure.steps);
  ASSERT_GT(whole.calls, 20U);

  std::size_t failures = 0;
  for (std::size_t at = 0; at < whole.calls; ++at) {
    const Interrupted cut = interrupt(procedure, at, kind);
    EXPECT_EQ(cut.end, whole.end) << "cut at call " << at << ": " << to_text(cut.first, procedure.steps);
    if (const Failure* failure = cut.first.failure()) {
      ++failures;
      EXPECT_FALSE(failure->step().empty()) << failure->what();
      EXPECT_FALSE(failure->message().empty()) << failure->what();
    }
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(failures, 0U) << "no cut had any effect: the adapter does nothing";
}

Procedure deployment_of(const model::Design& design) {
  return {design, {}, deployment_steps(design)};
}

TEST(Interruption, a_joint_deployment_cut_off_before_any_call_goes_on_to_the_same_end) {
  interrupt_everywhere(deployment_of(joint_design()), FaultKind::before);
}

TEST(Interruption, a_separate_deployment_cut_off_before_any_call_goes_on_to_the_same_end) {
  interrupt_everywhere(deployment_of(separate_design(2, 1)), FaultKind::before);
}

TEST(Interruption, an_answer_lost_anywhere_is_never_followed_by_a_blind_repetition) {
  interrupt_everywhere(deployment_of(joint_design()), FaultKind::answer_lost);
  interrupt_everywhere(deployment_of(separate_design(2, 1)), FaultKind::answer_lost);
}

TEST(Interruption, a_call_that_hangs_anywhere_ends_at_the_deadline) {
  interrupt_everywhere(deployment_of(joint_design(2, 1)), FaultKind::hang);
}

TEST(Interruption, a_nonsensical_answer_anywhere_is_a_failure_and_nothing_worse) {
  interrupt_everywhere(deployment_of(joint_design(2, 1)), FaultKind::garbage);
}

TEST(Interruption, a_renewal_cut_off_anywhere_goes_on_to_the_same_end) {
  for (const char* order : {"documented", "least_outage"}) {
    const model::Design design = joint_design();
    const OperationArguments arguments = {{"not_after", "2031-01-01T00:00:00Z"}, {"order", order}};
    for (const FaultKind kind : {FaultKind::before, FaultKind::answer_lost}) {
      Procedure renewal{design, deployment_steps(design),
                        operation_steps(design, "renew_master_certificate", arguments)};
      interrupt_everywhere(renewal, kind);
    }
  }
}

TEST(Interruption, an_answer_lost_after_the_change_took_effect_does_not_even_fail_the_step) {
  // Call 0 asks whether the feature is installed on SQL1; the deadline's sleep follows, then the installations.
  const model::Design design = joint_design();
  const Procedure procedure = deployment_of(design);
  std::size_t unharmed = 0;
  for (std::size_t at = 0; at < 40; ++at)
    unharmed += interrupt(procedure, at, FaultKind::answer_lost).first.succeeded();
  EXPECT_GT(unharmed, 5U);
}

}  // namespace
}  // namespace rehearse::steps
