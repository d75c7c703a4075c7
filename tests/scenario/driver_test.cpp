// Coroutines over a world: who is resumed when, what an open wait leaves behind, and forks between any two events.
#include "sim/async/driver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>

#include <stdexcept>

#include "deployed_worlds.hpp"
#include "model/steps/deployment.hpp"
#include "model/steps/operations.hpp"
#include "model/steps/waiting.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using steps::Awaitable;
using world::World;

/// What happened, as letters.
struct Diary {
  World& world;
  steps::Platform platform;
  std::string text;
};

Awaitable<void> sleep_and_write(Diary& diary, Duration length, char letter) {
  co_await diary.platform.clock.sleep(length);
  diary.text += letter;
}

Awaitable<void> sleep_twice(Diary& diary, Duration first, Duration second, char letter) {
  co_await sleep_and_write(diary, first, letter);
  co_await sleep_and_write(diary, second, letter);
}

Awaitable<void> fail_with_a_bug(Diary& diary) {
  co_await diary.platform.clock.sleep(1s);
  throw std::logic_error("a bug");
}

Awaitable<void> give_up_after(Diary& diary, Duration within) {
  try {
    co_await with_deadline(diary.platform.clock, sleep_and_write(diary, 1h, 'x'), within, "a long sleep");
  } catch (const steps::Failure& failure) {
    diary.text += failure.code() == steps::FailureCode::timed_out ? 't' : '?';
  }
}

class Driving : public testing::Test {
 protected:
  World world = empty_world(shipped_design("reference"));
  Driver driver{world};
  Diary diary{world, driver.platform(), ""};
  const world::Time begin = world.now();
};

TEST_F(Driving, a_procedure_runs_at_once_until_it_waits) {
  driver.start([&] { return sleep_and_write(diary, 0s, 'a'); });
  EXPECT_EQ(diary.text, "a") << "a wait that is met at once needs no event";
  EXPECT_TRUE(driver.idle());
  EXPECT_EQ(world.now(), begin);
}

TEST_F(Driving, those_who_waited_first_are_resumed_first_at_the_same_instant) {
  driver.start([&] { return sleep_twice(diary, 1s, 2s, 'a'); });  // waits 1, 4
  driver.start([&] { return sleep_twice(diary, 2s, 1s, 'b'); });  // waits 2, 5
  driver.start([&] { return sleep_and_write(diary, 3s, 'c'); });  // wait 3
  driver.run_until_idle();
  EXPECT_EQ(diary.text, "abcab");
  EXPECT_EQ(world.now(), begin + 3s);
}

TEST_F(Driving, what_a_resumed_procedure_does_happens_before_the_next_event) {
  driver.start([&] { return sleep_twice(diary, 1s, 0s, 'a'); });
  driver.start([&] { return sleep_and_write(diary, 1s + 1ns, 'b'); });
  EXPECT_TRUE(driver.step(core::never));
  EXPECT_EQ(diary.text, "aa");
  EXPECT_EQ(world.now(), begin + 1s);
}

TEST_F(Driving, a_bug_in_a_procedure_comes_out_of_the_step) {
  driver.start([&] { return fail_with_a_bug(diary); });
  EXPECT_THROW(driver.run_until_idle(), std::logic_error);
  EXPECT_TRUE(driver.idle());
}

TEST_F(Driving, an_abandoned_wait_leaves_the_world) {
  driver.start([&] { return give_up_after(diary, 10s); });
  EXPECT_EQ(world.engine().waits().size(), 2U);
  driver.run_until_idle();
  EXPECT_EQ(diary.text, "t");
  EXPECT_EQ(world.now(), begin + 10s);
  EXPECT_TRUE(world.engine().waits().empty());
  EXPECT_EQ(world.engine().next_time(), core::never) << "its deadline is still in the calendar";
}

TEST_F(Driving, time_stands_at_the_limit_when_nothing_is_due) {
  driver.start([&] { return sleep_and_write(diary, 1h, 'a'); });
  EXPECT_FALSE(driver.step(begin + 1min));
  EXPECT_EQ(world.now(), begin + 1min);
  driver.run_until(begin + 1h);
  EXPECT_EQ(diary.text, "a");
}

TEST(OpenWaits, a_procedure_that_waits_at_the_end_says_for_what_and_its_end_leaves_nothing_behind) {
  const model::Design design = shipped_design("reference");
  World world = empty_world(design);
  {
    StepProcedure procedure(steps::deployment_steps(design));
    Driver driver(world);
    procedure.start(driver);
    driver.run_until(world.now() + 1min);
    EXPECT_FALSE(driver.idle());
    const std::vector<OpenWait> waits = driver.open_waits();
    std::vector<std::string> requests;
    for (const OpenWait& wait : waits) {
      requests.push_back(wait.request);
      EXPECT_EQ(wait.step, "install_failover_clustering on SQL1, SQL2");
      EXPECT_GT(wait.deadline, world.now());
    }
    EXPECT_THAT(requests,
                testing::UnorderedElementsAre("Host.InstallFeature('SQL1', 'Failover-Clustering')",
                                              "Host.InstallFeature('SQL2', 'Failover-Clustering')", "Clock.Sleep(1h)"));
  }
  EXPECT_TRUE(world.engine().waits().empty());
  EXPECT_FALSE(world.state().hosts[0].feature) << "interrupted, so nothing of it happened";
}

// ---- acts

TEST_F(Driving, what_the_operator_does_is_the_cause_of_what_it_changes) {
  world::Journal journal;
  world.engine().write_to(&journal);
  ASSERT_TRUE(deploy_by_steps(world, world.plan().design()).succeeded);
  std::size_t caused = 0;
  for (const world::Record& record : journal.records) {
    if (record.kind == world::RecordKind::operator_acts) continue;
    EXPECT_NE(record.cause, 0U) << world::to_text(record.kind);
    const world::Record* cause = journal.find(record.cause);
    caused += cause != nullptr && cause->kind == world::RecordKind::operator_acts;
  }
  EXPECT_GT(caused, 50U);
}

// ---- forks

struct Original {
  model::Design design;
  World world;
  std::vector<steps::StepPtr> (*steps)(const model::Design&);
};

std::vector<steps::StepPtr> deployment(const model::Design& design) {
  return steps::deployment_steps(design);
}
std::vector<steps::StepPtr> renewal(const model::Design& design) {
  return steps::operation_steps(design, "renew_master_certificate", {{"not_after", "2031-01-01T00:00:00Z"}});
}

/// Runs to the end while taking a fork after every `every`-th event, then runs all forks to their ends too.
void fork_everywhere(Original original, std::size_t every) {
  struct Fork {
    World world;
    Bookmark bookmark;
    std::size_t records;  // of the journal so far
  };
  std::vector<Fork> forks;
  world::Journal journal;
  World& world = original.world;
  world.engine().write_to(&journal);
  StepProcedure procedure(original.steps(original.design));
  Driver driver(world);
  procedure.start(driver);
  for (std::size_t event = 0; !driver.idle(); ++event) {
    if (event % every == 0) forks.push_back({world, driver.bookmark(), journal.records.size()});
    ASSERT_TRUE(driver.step(core::never));
  }
  ASSERT_TRUE(procedure.succeeded()) << to_text(procedure.notes());
  ASSERT_GT(forks.size(), 20U);

  for (std::size_t number = 0; number < forks.size(); ++number) {
    Fork& fork = forks[number];
    world::Journal own{journal.first,
                       {journal.records.begin(), journal.records.begin() + static_cast<long>(fork.records)}};
    fork.world.engine().write_to(&own);
    StepProcedure again(original.steps(original.design));
    Driver forked(fork.world, fork.bookmark);
    again.start(forked);
    ASSERT_EQ(own.records.size(), fork.records) << "fork " << number << " changed its world before it was where it was";
    EXPECT_EQ(forked.transcript(), fork.bookmark.transcript) << "fork " << number;
    forked.run_until_idle();
    ASSERT_EQ(own, journal) << "fork " << number;
    EXPECT_EQ(forked.transcript(), driver.transcript()) << "fork " << number;
    EXPECT_EQ(to_text(again.notes()), to_text(procedure.notes())) << "fork " << number;
    EXPECT_EQ(fork.world.state(), world.state()) << "fork " << number;
  }
}

TEST(Fork, a_deployment_forked_at_any_event_goes_on_like_the_original) {
  const model::Design design = shipped_design("reference");
  fork_everywhere({design, empty_world(design, world::Pace::drawn), &deployment}, 1);
}

TEST(Fork, a_separate_deployment_forked_at_any_event_goes_on_like_the_original) {
  const model::Design design = shipped_design("separate");
  fork_everywhere({design, empty_world(design), &deployment}, 5);
}

TEST(Fork, a_renewal_forked_at_any_event_goes_on_like_the_original) {
  const model::Design design = shipped_design("reference");
  fork_everywhere({design, deployed_world(design), &renewal}, 1);
}

TEST(Fork, a_fork_of_a_fork_goes_on_like_both) {
  const model::Design design = shipped_design("reference");
  World world = empty_world(design);
  StepProcedure procedure(steps::deployment_steps(design));
  Driver driver(world);
  procedure.start(driver);
  for (int event = 0; event < 40; ++event) driver.step(core::never);

  World second = world;
  StepProcedure second_procedure(steps::deployment_steps(design));
  Driver second_driver(second, driver.bookmark());
  second_procedure.start(second_driver);
  for (int event = 0; event < 40; ++event) second_driver.step(core::never);

  World third = second;
  StepProcedure third_procedure(steps::deployment_steps(design));
  Driver third_driver(third, second_driver.bookmark());
  third_procedure.start(third_driver);

  driver.run_until_idle();
  second_driver.run_until_idle();
  third_driver.run_until_idle();
  EXPECT_EQ(second, world);
  EXPECT_EQ(third, world);
}

TEST(Fork, time_does_not_pass_before_the_procedures_are_started_again) {
  const model::Design design = shipped_design("reference");
  World world = empty_world(design);
  StepProcedure procedure(steps::deployment_steps(design));
  Driver driver(world);
  procedure.start(driver);
  driver.step(core::never);
  World copy = world;
  Driver forked(copy, driver.bookmark());
  EXPECT_THROW(forked.step(core::never), std::logic_error);
}

TEST(Fork, other_steps_than_the_originals_are_refused) {
  const model::Design design = shipped_design("reference");
  World world = empty_world(design);
  StepProcedure procedure(steps::deployment_steps(design));
  Driver driver(world);
  procedure.start(driver);
  driver.step(core::never);
  World copy = world;
  Driver forked(copy, driver.bookmark());
  StepProcedure other(steps::operation_steps(design, "restart_workers", {}));
  const auto start_and_step = [&] {
    other.start(forked);
    forked.step(core::never);
  };
  EXPECT_THROW(start_and_step(), std::logic_error);
}

}  // namespace
}  // namespace rehearse::sim
