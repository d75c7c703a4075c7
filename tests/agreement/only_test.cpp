// Performing only what acts on one machine, killed in the middle of it: the plan can be taken up with the steps of
// other machines still undone before it, for that machine alone and then for all.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/agreement/deployed.hpp"
#include "tests/agreement/lives.hpp"
#include "tests/agreement/masked.hpp"
#include "tests/agreement/share.hpp"

namespace rehearse::agreement {
namespace {

using Kind = real::Applied::Kind;

/// Somebody has edited the settings of the worker.
void edit_settings(far_side::FarWorld& world, const std::string& worker) {
  for (auto& [path, file] : world.machines.at(worker).files) {
    if (path.find("WorkerSettings.config") == std::string::npos) continue;
    const std::string endpoint = "https://SQLFCI:8391";
    file.bytes.replace(file.bytes.find(endpoint), endpoint.size(), "https://SQL1:8391");
  }
}

TEST(OnlyOneMachine, may_be_killed_and_taken_up_before_the_steps_of_others_are_done) {
  const Deployed& start = deployed("stated joint");
  Left before = {start.far, ""};
  for (const char* worker : {"WRK1", "WRK2"}) edit_settings(before.world, worker);
  Lives lives(start.deployable, before.world);
  ASSERT_TRUE(lives.plan.complete());
  ASSERT_EQ(lives.plan.needed(), 2U) << "the settings of two workers";

  Left whole = before;
  ASSERT_EQ(lives.apply(whole, Lives::all, {}).kind, Kind::done);
  lives.only = "WRK2";
  std::size_t scripts = 0;
  Left of_one = before;
  const real::Applied undisturbed = lives.apply(of_one, Lives::all, {nullptr, [&](const Left&) { ++scripts; }});
  ASSERT_EQ(undisturbed.kind, Kind::done) << account_of(undisturbed);
  ASSERT_EQ(undisturbed.performed, 1U);

  for (std::size_t script = 1; script <= scripts; script += far_side::one_in(2, 5)) {
    SCOPED_TRACE("killed after script " + std::to_string(script) + " of " + std::to_string(scripts));
    lives.only = "WRK2";
    Left left = lives.apply_and_kill_within(before, script);
    const real::Applied resumed = lives.apply(left, Lives::all, {});
    ASSERT_EQ(resumed.kind, Kind::done) << account_of(resumed);
    lives.only = "";
    const real::Applied rest = lives.apply(left, Lives::all, {});
    ASSERT_EQ(rest.kind, Kind::done) << account_of(rest);
    EXPECT_EQ(rest.next, lives.plan.steps.size());
    EXPECT_EQ(far_side::difference(far_side::masked(whole.world), far_side::masked(left.world)), "");
  }
}

}  // namespace
}  // namespace rehearse::agreement
