// An operation whose process is killed in the middle of its step, after every single script that the machines have
// answered: drained nodes, roles on their way, machines that boot. Performing the plan again goes on there, however the
// machines were left, and brings the machines to where the operation brings them undisturbed.
#include <gtest/gtest.h>

#include <iostream>
#include <string>
#include <vector>

#include "tests/agreement/deployed.hpp"
#include "tests/agreement/lives.hpp"
#include "tests/agreement/masked.hpp"
#include "tests/agreement/share.hpp"
#include "tests/far_side/clockwork.hpp"

namespace rehearse::agreement {
namespace {

using far_side::difference;
using far_side::masked;
using Kind = real::Applied::Kind;

struct Operation {
  const char* name;
  steps::OperationArguments arguments;
};

const std::vector<Operation> tried = {
    {"move_role", {{"role", "SQL Server (MSSQLSERVER)"}, {"to", "SQL2"}}},
    {"drain_node", {{"node", "SQL1"}}},
    {"patch_rolling", {{"failback", "immediate"}}},
};

class KilledOperation : public testing::TestWithParam<std::size_t> {};

/// A machine that boots does not answer: that is a failure, and the same command some minutes later goes on.
real::Applied apply_until_machines_answer(const Lives& lives, Left& left) {
  real::Applied applied = lives.apply(left, Lives::all, {});
  for (int again = 0; again < 3 && applied.kind == Kind::failed; ++again) {
    far_side::pass(left.world, std::chrono::minutes(10));
    applied = lives.apply(left, Lives::all, {});
  }
  return applied;
}

TEST_P(KilledOperation, is_taken_up_wherever_it_stood_and_comes_to_the_same_end) {
  const Operation& operation = tried.at(GetParam());
  const Deployed& start = deployed("stated joint");
  Left before = {start.far, ""};
  for (const char* node : {"SQL1", "SQL2"}) before.world.machines.at(node).missing_updates = 2;
  const Lives lives(start.deployable, before.world, operation.name, operation.arguments);
  ASSERT_TRUE(lives.plan.complete());
  ASSERT_EQ(lives.plan.steps.size(), 1U);

  Left whole = before;
  std::size_t scripts = 0;
  const real::Applied undisturbed = lives.apply(whole, Lives::all, {nullptr, [&](const Left&) { ++scripts; }});
  ASSERT_EQ(undisturbed.kind, Kind::done) << account_of(undisturbed);
  const std::vector<std::string> expected = masked(whole.world);

  std::size_t kills = 0;
  const auto take_up = [&](Left left) {
    ++kills;
    const real::Applied resumed = apply_until_machines_answer(lives, left);
    ASSERT_EQ(resumed.kind, Kind::done) << account_of(resumed);
    EXPECT_EQ(difference(expected, masked(left.world)), "");
  };
  for (const std::size_t writes : {std::size_t{1}, std::size_t{2}}) {
    SCOPED_TRACE("killed after " + std::to_string(writes) + " writes of the journal");
    take_up(lives.apply_and_kill(before, writes));
    if (HasFailure()) return;
  }
  for (std::size_t script = 1; script <= scripts; script += 5 * far_side::one_in(3, 7)) {
    SCOPED_TRACE("killed after script " + std::to_string(script) + " of " + std::to_string(scripts));
    take_up(lives.apply_and_kill_within(before, script));
    if (HasFailure()) return;
  }
  std::cout << kills << " kills\n";
}

INSTANTIATE_TEST_SUITE_P(Of, KilledOperation, testing::Range(std::size_t{0}, tried.size()),
                         [](const auto& parameter) { return std::string(tried.at(parameter.param).name); });

}  // namespace
}  // namespace rehearse::agreement
