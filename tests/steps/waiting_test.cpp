#include "model/steps/waiting.hpp"

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "model/steps/failure.hpp"
#include "small_farm.hpp"
#include "test_designs.hpp"

namespace rehearse::steps {
namespace {

using namespace std::chrono_literals;

class Waiting : public testing::Test {
 protected:
  SmallFarm farm{joint_design()};
  Clock& clock = farm.platform().clock;

  // What the operation threw, or an empty text.
  std::string failure_of(Awaitable<void> operation) {
    try {
      run(farm.time, std::move(operation));
    } catch (const Failure& failure) {
      code = failure.code();
      return failure.what();
    }
    return {};
  }
  FailureCode code = FailureCode::refused;
};

Awaitable<void> sleep_then_fail(Clock& clock, Duration length, bool fails, std::string text) {
  co_await clock.sleep(length);
  if (fails) throw Failure(FailureCode::refused, text);
}

TEST_F(Waiting, an_operation_within_its_deadline_passes_and_leaves_no_sleeper_behind) {
  EXPECT_EQ(failure_of(with_deadline(clock, sleep_then_fail(clock, 5s, false, ""), 10s, "it")), "");
  EXPECT_FALSE(farm.time.advance()) << "the deadline's own sleep was left behind";
}

TEST_F(Waiting, an_operation_beyond_its_deadline_is_cancelled_and_named) {
  const Date begun = farm.time.now();
  const std::string text = failure_of(with_deadline(clock, sleep_then_fail(clock, 1h, false, ""), 10s, "painting"));
  EXPECT_EQ(code, FailureCode::timed_out);
  EXPECT_NE(text.find("painting: not finished after 10s"), std::string::npos) << text;
  EXPECT_EQ(farm.time.now() - begun, 10s);
  EXPECT_FALSE(farm.time.advance()) << "the operation was left running";
}

Awaitable<void> paint_until_cancelled(Clock& clock) {
  try {
    co_await clock.sleep(1h);
  } catch (const boost::system::system_error&) {
    throw Failure(FailureCode::cancelled, "the painter goes on");
  }
}

TEST_F(Waiting, what_an_operation_beyond_its_deadline_leaves_behind_is_told) {
  const std::string text = failure_of(with_deadline(clock, paint_until_cancelled(clock), 10s, "painting"));
  EXPECT_EQ(code, FailureCode::timed_out);
  EXPECT_NE(text.find("painting: not finished after 10s; the painter goes on"), std::string::npos) << text;
}

TEST_F(Waiting, an_operation_that_fails_first_keeps_its_own_failure) {
  const std::string text =
      failure_of(with_deadline(clock, sleep_then_fail(clock, 5s, true, "no paint"), 10s, "painting"));
  EXPECT_EQ(text, "refused: no paint");
}

TEST_F(Waiting, all_hosts_are_waited_for_and_every_failure_text_is_kept) {
  int finished = 0;
  HostAction action = [&](std::string host) -> Awaitable<void> {
    ++finished;
    return sleep_then_fail(clock, host == "A" ? 1s : 20s, host != "B", host + " has no paint");
  };
  const Date begun = farm.time.now();
  const std::string text = failure_of(for_all({"A", "B", "C"}, action));
  EXPECT_EQ(finished, 3);
  EXPECT_EQ(farm.time.now() - begun, 20s) << "at once, not one after the other; and to the end, also after a failure";
  EXPECT_NE(text.find("A has no paint"), std::string::npos) << text;
  EXPECT_NE(text.find("C has no paint"), std::string::npos) << text;
  EXPECT_EQ(text.find("B has"), std::string::npos) << text;
}

TEST_F(Waiting, one_failed_host_keeps_its_own_failure_and_no_host_is_no_work) {
  HostAction action = [&](std::string host) { return sleep_then_fail(clock, 1s, host == "B", "no paint"); };
  EXPECT_EQ(failure_of(for_all({"A", "B"}, action)), "refused: no paint");
  EXPECT_EQ(failure_of(for_all({}, action)), "");
}

Awaitable<bool> reached(VirtualTime& time, Date when, int& asked) {
  ++asked;
  if (asked == 2) throw Failure(FailureCode::unreachable, "SSISDB is recovering");
  co_return time.now() >= when;
}

TEST_F(Waiting, a_condition_is_asked_again_also_while_nobody_answers) {
  int asked = 0;
  const Date when = farm.time.now() + 25s;
  Condition condition = [&] { return reached(farm.time, when, asked); };
  EXPECT_EQ(failure_of(wait_until(clock, 10s, 1min, "spring", condition)), "");
  EXPECT_EQ(asked, 4);
}

TEST_F(Waiting, a_condition_never_reached_times_out_with_the_last_words) {
  int asked = 0;
  Condition condition = [&] { return reached(farm.time, Date::max(), asked); };
  const std::string text = failure_of(wait_until(clock, 10s, 1min, "spring", condition));
  EXPECT_EQ(code, FailureCode::timed_out);
  EXPECT_NE(text.find("spring"), std::string::npos) << text;
  EXPECT_NE(text.find("SSISDB is recovering"), std::string::npos) << text;
  EXPECT_EQ(asked, 7) << "at 0, 10, ... 60 s";
}

}  // namespace
}  // namespace rehearse::steps
