#include "interruption.hpp"

#include <gtest/gtest.h>

namespace rehearse::steps {

Performance perform_on(SmallFarm& farm, Platform platform, const std::vector<StepPtr>& steps) {
  return run(farm.time, perform_all(steps, platform, {}));
}

Interrupted interrupt(const Procedure& procedure, std::size_t at, FaultKind kind) {
  SmallFarm farm(procedure.design);
  const Performance prepared = perform_on(farm, farm.platform(), procedure.prepare);
  EXPECT_TRUE(prepared.succeeded()) << to_text(prepared, procedure.prepare);
  procedure.arrange(farm.state);
  Faulty faulty(farm.platform(), at, kind);
  Interrupted result;
  result.first = perform_on(farm, faulty.platform(), procedure.steps);
  result.calls = faulty.calls();
  const Performance resumed = perform_on(farm, farm.platform(), procedure.steps);
  EXPECT_TRUE(resumed.succeeded()) << "cut at call " << at << ": " << to_text(resumed, procedure.steps);
  result.end = farm.state;
  return result;
}

void interrupt_everywhere(const Procedure& procedure, FaultKind kind, std::size_t at_least) {
  constexpr std::size_t nowhere = -1;
  const Interrupted whole = interrupt(procedure, nowhere, kind);
  ASSERT_TRUE(whole.first.succeeded()) << to_text(whole.first, procedure.steps);
  ASSERT_GE(whole.calls, at_least);

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

}  // namespace rehearse::steps
