// What one run shows about an expectation: met, not met, or not to be told from this run.
#include "sim/scenario/expectations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hand_made_run.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using world::none;
using world::RecordKind;
using world::worker_id;
using Kind = Expectation::Kind;

Sight sight(RunResult run, const Expectation& expectation) {
  run.scenario.expectations = {expectation};
  return look(run).front();
}
Outcome outcome(const RunResult& run, const Expectation& expectation) {
  return sight(run, expectation).outcome;
}

Expectation of_length(Kind kind, const std::string& name, Bounds<Duration> bounds) {
  Expectation expectation;
  expectation.kind = kind;
  expectation.service = "ssisdb";
  expectation.lengths[name] = bounds;
  return expectation;
}
Expectation of_number(const std::string& name, Bounds<double> bounds) {
  Expectation expectation;
  expectation.kind = Kind::work;
  expectation.numbers[name] = bounds;
  return expectation;
}
Expectation of_counts(std::map<std::string, std::int64_t> counts) {
  Expectation expectation;
  expectation.kind = Kind::executions;
  expectation.counts = std::move(counts);
  return expectation;
}

TEST(Expectations, an_outage_lies_between_its_bounds) {
  HandMade night;
  night.tell_power_loss(40min);  // SSISDB is away for 50.5 s
  const RunResult run = night.result(2h);
  const auto is = [&](Bounds<Duration> bounds) { return outcome(run, of_length(Kind::outage, "outage", bounds)); };
  EXPECT_EQ(is({50s, 51s}), Outcome::passed);
  EXPECT_EQ(is({51s, {}}), Outcome::failed);
  EXPECT_EQ(is({{}, 50s}), Outcome::failed);
}

TEST(Expectations, an_outage_that_goes_on_is_long_enough_but_never_known_to_be_short_enough) {
  HandMade night;
  night.tell_power_loss(40min);
  const RunResult run = night.result(40min + 30s);
  const auto is = [&](Bounds<Duration> bounds) { return outcome(run, of_length(Kind::outage, "outage", bounds)); };
  EXPECT_EQ(is({30s, {}}), Outcome::passed);
  EXPECT_EQ(is({31s, {}}), Outcome::unknown);
  EXPECT_EQ(is({20s, 31s}), Outcome::unknown);
  EXPECT_EQ(is({{}, 29s}), Outcome::failed);
}

RunResult worked() {
  RunResult run = HandMade().result(1h);
  run.tasks = {};
  run.tasks.submitted = run.tasks.succeeded = 10;
  run.work.wait = {10, 0, 1min, 1min, 4min, 5min};
  run.work.queue = {1.5, 7, 0, core::Time(10min)};
  run.work.utilisation = 0.6;
  run.work.overlap = {8min, 12min, false};
  run.work.stamped = {3min, 3min, false};
  return run;
}

TEST(Expectations, figures_of_the_work_lie_between_their_bounds) {
  const RunResult run = worked();
  const auto length = [&](const std::string& name, Bounds<Duration> bounds) {
    return outcome(run, of_length(Kind::work, name, bounds));
  };
  EXPECT_EQ(length("wait", {5min, 5min}), Outcome::passed);
  EXPECT_EQ(length("wait", {{}, 4min}), Outcome::failed);
  EXPECT_EQ(length("overlap", {8min, 9min}), Outcome::passed);
  EXPECT_EQ(length("overlap", {9min, {}}), Outcome::failed);
  EXPECT_EQ(length("stamped_for", {{}, 3min}), Outcome::passed);
  EXPECT_EQ(length("stamped_for", {{}, 2min}), Outcome::failed);
  EXPECT_EQ(outcome(run, of_number("queue", {7, 7})), Outcome::passed);
  EXPECT_EQ(outcome(run, of_number("queue", {{}, 6})), Outcome::failed);
  EXPECT_EQ(outcome(run, of_number("utilisation", {0.5, {}})), Outcome::passed);
  EXPECT_EQ(outcome(run, of_number("utilisation", {{}, 0.5})), Outcome::failed);
}

TEST(Expectations, what_goes_on_at_the_end_may_still_pass_its_maximum_or_reach_its_minimum) {
  RunResult run = worked();
  run.work.overlap.going_on = run.work.stamped.going_on = true;
  run.work.wait.still_waiting = 1;
  run.work.queue.at_end = 7;
  for (const std::string name : {"wait", "overlap", "stamped_for"}) {
    const auto is = [&](Bounds<Duration> bounds) { return outcome(run, of_length(Kind::work, name, bounds)); };
    EXPECT_EQ(is({{}, 1h}), Outcome::unknown) << name;
    EXPECT_EQ(is({1h, {}}), Outcome::unknown) << name;
    EXPECT_EQ(is({1min, {}}), Outcome::passed) << name;
    EXPECT_EQ(is({{}, 1min}), Outcome::failed) << name;
  }
  EXPECT_EQ(outcome(run, of_number("queue", {{}, 100})), Outcome::unknown);
  run.work.queue.at_end = 6;
  EXPECT_EQ(outcome(run, of_number("queue", {{}, 100})), Outcome::passed);
  run.tasks.coming = 1;
  EXPECT_EQ(outcome(run, of_number("queue", {{}, 100})), Outcome::unknown);
}

TEST(Expectations, without_work_there_is_no_waiting_and_no_utilisation_to_judge) {
  const RunResult run = HandMade().result(10min);
  EXPECT_EQ(outcome(run, of_length(Kind::work, "wait", {{}, 1h})), Outcome::unknown);
  EXPECT_EQ(outcome(run, of_number("utilisation", {{}, 1})), Outcome::unknown);
  EXPECT_EQ(outcome(run, of_length(Kind::work, "overlap", {{}, Duration::zero()})), Outcome::passed);
}

TEST(Expectations, of_several_figures_the_worst_counts_and_each_is_told) {
  Expectation expectation = of_number("queue", {{}, 100});
  expectation.lengths["wait"].max = 1min;
  const Sight found = sight(worked(), expectation);
  EXPECT_EQ(found.outcome, Outcome::failed);
  EXPECT_THAT(found.reason, testing::AllOf(HasSubstr("longest wait 5m"), HasSubstr("longest queue 7")));
}

TEST(Expectations, a_count_is_final_when_nothing_can_add_to_it) {
  RunResult run = worked();
  run.work.late = 2;
  run.work.timed_out = 1;
  EXPECT_EQ(outcome(run, of_counts({{"late", 2}, {"timed_out", 1}, {"refused", 0}, {"messages_kept", 0}})),
            Outcome::passed);
  EXPECT_EQ(outcome(run, of_counts({{"late", 3}})), Outcome::failed);
  run.tasks.unfinished = 1;
  EXPECT_EQ(outcome(run, of_counts({{"late", 2}})), Outcome::unknown);
  EXPECT_EQ(outcome(run, of_counts({{"late", 3}})), Outcome::unknown);
  EXPECT_EQ(outcome(run, of_counts({{"late", 4}})), Outcome::failed) << "one more is not enough";
  EXPECT_EQ(outcome(run, of_counts({{"timed_out", 1}, {"refused", 0}, {"never_submitted", 0}})), Outcome::passed)
      << "what runs submits nothing";
  run.tasks.coming = 1;
  EXPECT_EQ(outcome(run, of_counts({{"timed_out", 9}})), Outcome::unknown) << "a call may be made again and again";
  EXPECT_EQ(outcome(run, of_counts({{"timed_out", 0}})), Outcome::failed);
  EXPECT_EQ(outcome(run, of_counts({{"refused", 2}})), Outcome::failed);
  EXPECT_EQ(outcome(run, of_counts({{"messages_kept", 1}})), Outcome::failed);
}

TEST(Expectations, a_finding_is_met_where_it_is_observed) {
  Expectation expectation;
  expectation.kind = Kind::finding;
  expectation.condition = "two masters";
  HandMade night;
  EXPECT_EQ(outcome(night.result(1h), expectation), Outcome::failed);
  night.tell(10min, RecordKind::master_started, world::host_id(sql2), 0, none, 1);
  const Sight found = sight(night.result(1h), expectation);
  EXPECT_EQ(found.outcome, Outcome::passed);
  EXPECT_THAT(found.reason, HasSubstr("from 10m on, for 50m in all"));
}

TEST(Expectations, what_handshakes_meet_is_told_apart_by_the_connection_that_meets_it) {
  HandMade night;
  const auto expired = static_cast<std::int64_t>(model::HandshakeOutcome::master_expired);
  night.tell(10min, RecordKind::defect_lurks, worker_id(wrk1), 0, sql1, expired);
  night.tell(11min, RecordKind::defect_lurks, worker_id(wrk2), 0, sql1, expired);
  night.tell(12min, RecordKind::second_connection_refused, worker_id(wrk2), 0, sql1, expired);
  const RunResult run = night.result(1h);
  const auto is = [&](Kind kind, const std::string& worker, const std::string& defect) {
    Expectation expectation;
    expectation.kind = kind;
    expectation.worker = worker;
    expectation.outcome = defect;
    return sight(run, expectation);
  };
  EXPECT_EQ(is(Kind::lurking, "all", "master_expired").reason, "lurking by 11m");
  EXPECT_EQ(is(Kind::lurking, "all", "worker_expired").outcome, Outcome::failed);
  EXPECT_EQ(is(Kind::second_refused, "WRK2", "master_expired").outcome, Outcome::passed);
  EXPECT_EQ(is(Kind::second_refused, "all", "master_expired").reason,
            "1 worker(s) were never refused a second connection so");
  EXPECT_EQ(is(Kind::handshake, "WRK2", "master_expired").outcome, Outcome::failed);
}

}  // namespace
}  // namespace rehearse::sim
