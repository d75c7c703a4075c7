// For each invariant a bug, planted into the journal of an honest run, that its check must catch.
#include "sim/scenario/invariants.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "model/design_reader.hpp"
#include "sim/scenario/runner.hpp"

namespace rehearse::sim {
namespace {

using testing::HasSubstr;
using world::Record;
using world::RecordKind;

/// A night in which the master is killed, with its batch.
const RunResult& honest_run() {
  static const RunResult run = [] {
    Scenario scenario;
    scenario.design =
        model::read_design_file(std::string(REHEARSE_SOURCE_DIR) + "/scenarios/designs/reference.json").design.value();
    scenario.start = *model::parse_date("2027-02-28T23:30:00Z");
    scenario.duration = std::chrono::hours(1);
    scenario.deploy = Deploy::installed;
    TimelineEntry crash;
    crash.fault = FaultKind::master_crash;
    crash.at = std::chrono::minutes(40);
    scenario.timeline.push_back(crash);
    return rehearse(scenario, prepare(scenario, world::Tempo::when_it_matters), Variant{});
  }();
  return run;
}

std::string broken(const std::function<void(RunResult&)>& plant) {
  RunResult run = honest_run();
  plant(run);
  try {
    check_invariants(run);
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return "nothing was found";
}

Record& first(RunResult& run, RecordKind kind) {
  for (Record& record : run.journal.records) {
    if (record.kind == kind) return record;
  }
  throw std::runtime_error("no such record");
}

void insert_after(RunResult& run, RecordKind kind, Record extra) {
  auto& records = run.journal.records;
  const auto at =
      std::find_if(records.begin(), records.end(), [&](const Record& record) { return record.kind == kind; });
  extra.at = at->at;
  records.insert(at + 1, extra);
}

TEST(Invariants, hold_in_an_honest_run) {
  EXPECT_NO_THROW(check_invariants(honest_run()));
}

TEST(Invariants, time_does_not_go_back) {
  EXPECT_THAT(broken([](RunResult& run) { first(run, RecordKind::master_ended).at -= std::chrono::minutes(1); }),
              HasSubstr("time goes back"));
}

TEST(Invariants, a_cause_comes_before_its_effect) {
  EXPECT_THAT(broken([](RunResult& run) { first(run, RecordKind::master_ended).cause = 0x00ff'ffff; }),
              HasSubstr("caused by a later one"));
}

TEST(Invariants, a_resource_comes_online_only_with_its_providers) {
  const auto plant = [](RunResult& run) {
    Record extra;
    extra.kind = RecordKind::resource_offline;
    extra.subject = world::resource_id(run.plan->sql_resource);
    insert_after(run, RecordKind::restart_scheduled, extra);
  };
  EXPECT_THAT(broken(plant), HasSubstr("comes online without SQL Server"));
}

TEST(Invariants, nothing_of_a_role_that_is_not_wanted_comes_online) {
  const auto plant = [](RunResult& run) {
    Record extra;
    extra.kind = RecordKind::role_wanted;
    extra.subject = world::group_id(0);
    insert_after(run, RecordKind::restart_scheduled, extra);
  };
  EXPECT_THAT(broken(plant), HasSubstr("not wanted"));
}

TEST(Invariants, a_role_goes_only_to_an_active_member) {
  const auto plant = [](RunResult& run) {
    Record gone;
    gone.kind = RecordKind::node_removed;
    gone.subject = world::host_id(1);
    gone.object = 0;
    Record moved;
    moved.kind = RecordKind::owner_changed;
    moved.subject = world::group_id(0);
    moved.object = 1;
    insert_after(run, RecordKind::restart_scheduled, moved);
    insert_after(run, RecordKind::restart_scheduled, gone);
  };
  EXPECT_THAT(broken(plant), HasSubstr("no active member"));
}

TEST(Invariants, restarts_stay_within_their_threshold) {
  const auto plant = [](RunResult& run) {
    insert_after(run, RecordKind::restart_scheduled, first(run, RecordKind::restart_scheduled));
  };
  EXPECT_THAT(broken(plant), HasSubstr("threshold"));
}

TEST(Invariants, tasks_are_conserved) {
  EXPECT_THAT(broken([](RunResult& run) { run.first.ready_count = 1; }), HasSubstr("the queue counts"));
  EXPECT_THAT(broken([](RunResult& run) { run.first.batches[0].created = 1; }), HasSubstr("lost or made up"));
  EXPECT_THAT(broken([](RunResult& run) { run.first.workers[0].held = 1; }), HasSubstr("another number of tasks"));
}

TEST(Invariants, the_journal_leads_to_the_last_state) {
  EXPECT_THAT(broken([](RunResult& run) { run.last.cluster.epoch += 1; }), HasSubstr("another state"));
}

}  // namespace
}  // namespace rehearse::sim
