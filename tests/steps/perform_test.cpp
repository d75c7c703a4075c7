// What perform() makes of a step: satisfied, done, failed, lost answers, deadlines, cancellation.
#include "model/steps/perform.hpp"

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>

#include <string>

#include "model/steps/small_step.hpp"
#include "small_farm.hpp"
#include "test_designs.hpp"

namespace rehearse::steps {
namespace {

// A step whose behaviour a test writes down; `log` shows what was asked of it.
struct Script {
  std::string* log;
  bool* holds;
  bool effective = true;                     // apply makes it hold
  std::optional<FailureCode> fails = {};     // after what it did
  Duration takes = std::chrono::seconds(5);  // before it does anything
};

StepPtr scripted(Script script) {
  StepInfo info{.name = "paint_wall",
                .section = "0",
                .hosts = {"SQL1"},
                .needs = "a wall",
                .changes = "the wall is white",
                .deadline = std::chrono::minutes(1)};
  return make_step(
      std::move(info), script,
      [](Platform&, const Script& s) -> Awaitable<bool> {
        *s.log += "?";
        co_return *s.holds;
      },
      [](Platform& platform, const Script& s) -> Awaitable<void> {
        *s.log += "!";
        co_await platform.clock.sleep(s.takes);
        if (s.effective) *s.holds = true;
        if (s.fails) throw Failure(*s.fails, "the brush broke", "Paint", "SQL1");
      });
}

class Perform : public testing::Test {
 protected:
  StepOutcome outcome_of(Script script) {
    const StepPtr step = scripted(script);
    return run(farm.time, perform(*step, farm.platform(), {&observer}));
  }
  Script script() { return Script{&log, &holds}; }

  struct Watching final : Observer {
    std::string* log;
    void step_began(const Step& step) override { *log += "<" + step.name() + ":"; }
    void step_ended(const Step&, const StepOutcome& outcome) override {
      *log += ":" + std::string(to_text(outcome.kind)) + ">";
    }
  };

  std::string log;
  bool holds = false;
  SmallFarm farm{joint_design()};
  Watching observer = [this] {
    Watching watching;
    watching.log = &log;
    return watching;
  }();
};

TEST_F(Perform, a_satisfied_step_is_asked_and_left_alone) {
  holds = true;
  EXPECT_EQ(outcome_of(script()).kind, StepOutcome::Kind::already_satisfied);
  EXPECT_EQ(log, "<paint_wall:?:already satisfied>");
}

TEST_F(Perform, a_step_is_asked_applied_and_asked_again) {
  EXPECT_EQ(outcome_of(script()).kind, StepOutcome::Kind::done);
  EXPECT_EQ(log, "<paint_wall:?!?:done>");
}

TEST_F(Perform, success_without_effect_is_a_conflict) {
  Script s = script();
  s.effective = false;
  const StepOutcome outcome = outcome_of(s);
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->code(), FailureCode::conflict);
  EXPECT_NE(outcome.failure->message().find("the wall is white"), std::string::npos);
}

TEST_F(Perform, a_refusal_fails_with_step_primitive_node_and_words) {
  Script s = script();
  s.effective = false;
  s.fails = FailureCode::refused;
  const StepOutcome outcome = outcome_of(s);
  ASSERT_TRUE(outcome.failure);
  EXPECT_STREQ(outcome.failure->what(), "paint_wall on SQL1: Paint on SQL1: refused: the brush broke");
  EXPECT_EQ(log, "<paint_wall:?!:failed>") << "a refusal leaves nothing open";
}

TEST_F(Perform, an_indeterminate_failure_asks_and_does_not_apply_again) {
  Script s = script();
  s.fails = FailureCode::indeterminate;
  EXPECT_EQ(outcome_of(s).kind, StepOutcome::Kind::done);
  EXPECT_EQ(log, "<paint_wall:?!?:done>");

  log.clear();
  holds = false;
  s.effective = false;
  const StepOutcome outcome = outcome_of(s);
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->code(), FailureCode::indeterminate);
  EXPECT_NE(outcome.failure->message().find("had not taken effect"), std::string::npos) << outcome.failure->what();
  EXPECT_EQ(log, "<paint_wall:?!?:failed>");
}

TEST_F(Perform, a_step_beyond_its_deadline_times_out) {
  Script s = script();
  s.takes = std::chrono::minutes(2);
  const Date begun = farm.time.now();
  const StepOutcome outcome = outcome_of(s);
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->code(), FailureCode::timed_out);
  EXPECT_EQ(farm.time.now() - begun, std::chrono::minutes(1));
  EXPECT_EQ(log, "<paint_wall:?!?:failed>");
}

TEST_F(Perform, a_cancelled_step_still_asks_whether_it_took_effect) {
  for (const bool effective : {true, false}) {
    log.clear();
    holds = false;
    Script s = script();
    const StepPtr step = scripted(s);
    boost::asio::io_context context;
    boost::asio::cancellation_signal signal;
    std::optional<StepOutcome> outcome;
    boost::asio::co_spawn(context, perform(*step, farm.platform(), {&observer}),
                          boost::asio::bind_cancellation_slot(
                              signal.slot(), [&](std::exception_ptr, StepOutcome o) { outcome = std::move(o); }));
    context.poll();
    ASSERT_FALSE(outcome);
    holds = effective;
    signal.emit(boost::asio::cancellation_type::terminal);
    context.restart();
    context.poll();

    ASSERT_TRUE(outcome && outcome->failure);
    EXPECT_EQ(outcome->failure->code(), FailureCode::cancelled);
    const char* text = effective ? "it had taken effect" : "it had not taken effect";
    EXPECT_NE(outcome->failure->message().find(text), std::string::npos) << outcome->failure->what();
    EXPECT_EQ(log, "<paint_wall:?!?:failed>");
  }
}

TEST_F(Perform, a_cancelled_step_tells_what_goes_on_without_it) {
  const StepPtr step = make_step(
      scripted(script())->info(), holds, [](Platform&, const bool&) -> Awaitable<bool> { co_return false; },
      [](Platform& platform, const bool&) -> Awaitable<void> {
        try {
          co_await platform.clock.sleep(std::chrono::hours(1));
        } catch (const boost::system::system_error&) {
          throw Failure(FailureCode::cancelled, "the painter goes on");
        }
      });
  boost::asio::io_context context;
  boost::asio::cancellation_signal signal;
  std::optional<StepOutcome> outcome;
  boost::asio::co_spawn(context, perform(*step, farm.platform(), {&observer}),
                        boost::asio::bind_cancellation_slot(
                            signal.slot(), [&](std::exception_ptr, StepOutcome o) { outcome = std::move(o); }));
  context.poll();
  ASSERT_FALSE(outcome);
  signal.emit(boost::asio::cancellation_type::terminal);
  context.restart();
  context.poll();
  ASSERT_TRUE(outcome && outcome->failure);
  EXPECT_EQ(outcome->failure->code(), FailureCode::cancelled);
  EXPECT_NE(outcome->failure->message().find("the painter goes on; it had not taken effect so far"), std::string::npos)
      << outcome->failure->what();
}

TEST_F(Perform, cancelling_a_series_ends_it_with_the_steps_done_so_far) {
  bool first_holds = false;
  Script first = script();
  first.holds = &first_holds;
  std::vector<StepPtr> steps;
  steps.push_back(scripted(first));
  steps.push_back(scripted(script()));
  steps.push_back(scripted(script()));

  boost::asio::io_context context;
  boost::asio::cancellation_signal signal;
  std::optional<Performance> performance;
  boost::asio::co_spawn(context, perform_all(steps, farm.platform(), {}),
                        boost::asio::bind_cancellation_slot(
                            signal.slot(), [&](std::exception_ptr, Performance p) { performance = std::move(p); }));
  context.poll();
  farm.time.advance();  // the first step is through
  context.restart();
  context.poll();
  signal.emit(boost::asio::cancellation_type::terminal);
  context.restart();
  context.poll();

  ASSERT_TRUE(performance);
  ASSERT_EQ(performance->entries.size(), 2U);
  EXPECT_EQ(performance->entries[0].outcome.kind, StepOutcome::Kind::done);
  EXPECT_EQ(performance->failure()->code(), FailureCode::cancelled);
}

TEST_F(Perform, a_series_cancelled_between_two_steps_still_tells_what_was_done) {
  // A step that no cancellation reaches: it is through before anybody listens.
  boost::asio::cancellation_signal signal;
  StepInfo info{.name = "deaf", .section = "0", .hosts = {}, .needs = "", .changes = ""};
  std::vector<StepPtr> steps;
  steps.push_back(make_step(
      std::move(info), &signal,
      [](Platform&, boost::asio::cancellation_signal* const& to_emit) -> Awaitable<bool> {
        to_emit->emit(boost::asio::cancellation_type::terminal);
        co_return true;
      },
      [](Platform&, boost::asio::cancellation_signal* const&) -> Awaitable<void> { co_return; }));
  steps.push_back(scripted(script()));

  boost::asio::io_context context;
  std::optional<Performance> performance;
  boost::asio::co_spawn(context, perform_all(steps, farm.platform(), {}),
                        boost::asio::bind_cancellation_slot(
                            signal.slot(), [&](std::exception_ptr, Performance p) { performance = std::move(p); }));
  context.poll();

  ASSERT_TRUE(performance);
  ASSERT_EQ(performance->entries.size(), 2U);
  EXPECT_EQ(performance->entries[0].outcome.kind, StepOutcome::Kind::already_satisfied);
  ASSERT_TRUE(performance->failure());
  EXPECT_EQ(performance->failure()->code(), FailureCode::cancelled);
  EXPECT_NE(performance->failure()->message().find("before it began"), std::string::npos);
  EXPECT_EQ(log, "?") << "asked whether it holds, not applied";
}

TEST_F(Perform, a_series_stops_at_the_first_failure_and_says_how_far_it_came) {
  bool first_holds = false;
  Script first = script();
  first.holds = &first_holds;
  Script second = script();
  second.effective = false;
  second.fails = FailureCode::refused;
  std::vector<StepPtr> steps;
  steps.push_back(scripted(first));
  steps.push_back(scripted(second));
  steps.push_back(scripted(script()));
  const Performance performance = run(farm.time, perform_all(steps, farm.platform(), {}));
  EXPECT_EQ(performance.entries.size(), 2U);
  EXPECT_FALSE(performance.succeeded());
  EXPECT_NE(to_text(performance, steps).find("1 of 3 steps"), std::string::npos) << to_text(performance, steps);
}

TEST_F(Perform, a_broken_invariant_is_no_outcome) {
  StepInfo info{.name = "broken", .section = "0", .hosts = {}, .needs = "", .changes = ""};
  const StepPtr step = make_step(
      std::move(info), 0, [](Platform&, const int&) -> Awaitable<bool> { throw std::logic_error("two owners"); },
      [](Platform&, const int&) -> Awaitable<void> { co_return; });
  EXPECT_THROW(run(farm.time, perform(*step, farm.platform(), {})), std::logic_error);
}

}  // namespace
}  // namespace rehearse::steps
