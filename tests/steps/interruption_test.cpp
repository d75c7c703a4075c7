// Every procedure may be cut off at every call, and then be performed again. Enumerated, not sampled.
#include <gtest/gtest.h>

#include "interruption.hpp"
#include "model/steps/deployment.hpp"
#include "model/steps/operations.hpp"
#include "test_designs.hpp"

namespace rehearse::steps {
namespace {

Procedure deployment_of(const model::Design& design) {
  return {.design = design, .prepare = {}, .steps = deployment_steps(design)};
}

TEST(Interruption, a_joint_deployment_cut_off_before_any_call_goes_on_to_the_same_end) {
  interrupt_everywhere(deployment_of(joint_design()), FaultKind::before, 20);
}

TEST(Interruption, a_separate_deployment_cut_off_before_any_call_goes_on_to_the_same_end) {
  interrupt_everywhere(deployment_of(separate_design(2, 1)), FaultKind::before, 20);
}

TEST(Interruption, an_answer_lost_anywhere_is_never_followed_by_a_blind_repetition) {
  interrupt_everywhere(deployment_of(joint_design()), FaultKind::answer_lost, 20);
  interrupt_everywhere(deployment_of(separate_design(2, 1)), FaultKind::answer_lost, 20);
}

TEST(Interruption, a_call_that_hangs_anywhere_ends_at_the_deadline) {
  interrupt_everywhere(deployment_of(joint_design(2, 1)), FaultKind::hang, 20);
}

TEST(Interruption, a_nonsensical_answer_anywhere_is_a_failure_and_nothing_worse) {
  interrupt_everywhere(deployment_of(joint_design(2, 1)), FaultKind::garbage, 20);
}

TEST(Interruption, a_renewal_cut_off_anywhere_goes_on_to_the_same_end) {
  for (const char* order : {"documented", "least_outage"}) {
    const model::Design design = joint_design();
    const OperationArguments arguments = {{"not_after", "2031-01-01T00:00:00Z"}, {"order", order}};
    for (const FaultKind kind : {FaultKind::before, FaultKind::answer_lost}) {
      Procedure renewal{.design = design,
                        .prepare = deployment_steps(design),
                        .steps = operation_steps(design, "renew_master_certificate", arguments)};
      interrupt_everywhere(renewal, kind, 20);
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
