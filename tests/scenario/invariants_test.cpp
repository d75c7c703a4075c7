// For each invariant a bug, planted into the journal of an honest night, that its check must catch.
#include "sim/scenario/invariants.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "deployed_worlds.hpp"
#include "sim/scenario/checks/check.hpp"
#include "swarm_acts.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using world::Record;
using world::RecordKind;

constexpr world::HostIndex sql1 = 0, sql2 = 1;

/// The reference pair in a night with its batch: the master is killed after ten minutes, the owner loses power after
/// half an hour.
RunResult honest_run() {
  Night night;
  night.seed = 1;
  night.design = shipped_design("reference");
  night.design.batches.front().executions = 30;
  night.acts = {{10min, SwarmAct::Kind::master_crash, sql1, 1}, {30min, SwarmAct::Kind::lose_power, sql1, 1}};
  night.end = 45min;
  const Telling told = tell(night, world::Tempo::when_it_matters);
  RunResult run;
  run.scenario.seed = night.seed;
  run.plan = told.plan;
  run.first = told.first;
  run.last = told.world->state();
  run.journal = *told.journal;
  run.end = core::Time(night.end);
  return run;
}

const RunResult& the_run() {
  static const RunResult run = honest_run();
  return run;
}

std::string broken(const std::function<void(RunResult&)>& plant) {
  RunResult run = the_run();
  plant(run);
  try {
    check_invariants(run);
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return "nothing was found";
}

auto find(RunResult& run, RecordKind kind, world::PartId subject = world::PartId(world::Part::task, 0x0fff'ffff)) {
  auto& records = run.journal.records;
  const auto found = std::find_if(records.begin(), records.end(), [&](const Record& record) {
    const bool any = subject == world::PartId(world::Part::task, 0x0fff'ffff);
    return record.kind == kind && (any || record.subject == subject);
  });
  if (found == records.end())
    throw std::runtime_error("no such record in the honest run: " + std::string(to_text(kind)));
  return found;
}

enum class Where { before, after };

/// Puts records beside the first one of a kind, at its instant.
std::string with(Where where, RecordKind kind, const std::vector<Record>& extra) {
  return broken([&](RunResult& run) {
    auto at = find(run, kind);
    const core::Time now = at->at;
    auto place = run.journal.records.insert(where == Where::after ? at + 1 : at, extra.begin(), extra.end());
    for (std::size_t count = 0; count < extra.size(); ++count, ++place) place->at = now;
  });
}

Record record(RecordKind kind, world::PartId subject, std::uint32_t object = world::none, std::int64_t value = 0) {
  return {{}, 0, kind, 0, subject, object, value};
}

const world::PartId sql = world::resource_id(the_run().plan->sql_resource);
const world::PartId disk = world::resource_id(the_run().plan->groups[0].first);
const world::PartId role = world::group_id(0);

TEST(Invariants, hold_in_an_honest_run) {
  EXPECT_NO_THROW(check_invariants(the_run()));
}

TEST(Invariants, name_the_seed_and_the_record) {
  const std::string message = broken([](RunResult& run) { find(run, RecordKind::master_ended)->at -= 11min; });
  EXPECT_THAT(message, HasSubstr("seed 1"));
  EXPECT_THAT(message, HasSubstr("at record "));
}

TEST(Invariants, time_does_not_go_back) {
  EXPECT_THAT(broken([](RunResult& run) { find(run, RecordKind::master_ended)->at -= 11min; }),
              HasSubstr("time goes back"));
}

TEST(Invariants, a_cause_comes_before_its_effect) {
  EXPECT_THAT(broken([](RunResult& run) { find(run, RecordKind::master_ended)->cause = 0x00ff'ffff; }),
              HasSubstr("caused by a later one"));
}

TEST(Invariants, nobody_forms_the_cluster_while_there_is_one) {
  EXPECT_THAT(with(Where::after, RecordKind::begun, {record(RecordKind::cluster_formed, world::host_id(sql2))}),
              HasSubstr("forms the cluster"));
}

TEST(Invariants, a_minority_does_not_form_the_cluster) {
  // The only survivor's service ends, and the other node, which has no vote any more, forms the cluster by itself.
  const auto plant = [](RunResult& run) {
    auto& records = run.journal.records;
    const core::Time now = records.back().at;
    records.push_back(record(RecordKind::votes_changed, world::cluster_id, 0, 2));
    records.push_back(record(RecordKind::node_service_ended, world::host_id(sql2)));
    records.push_back(record(RecordKind::host_booted, world::host_id(sql1)));
    records.push_back(record(RecordKind::node_starting, world::host_id(sql1)));
    records.push_back(record(RecordKind::cluster_formed, world::host_id(sql1)));
    for (auto index = records.size() - 5; index < records.size(); ++index) records[index].at = now;
  };
  EXPECT_THAT(broken(plant), HasSubstr("half of the votes or fewer"));
}

TEST(Invariants, a_side_that_did_not_win_the_witness_does_not_go_on) {
  EXPECT_THAT(broken([](RunResult& run) { find(run, RecordKind::arbitration_won)->kind = RecordKind::regroup_done; }),
              HasSubstr("go on with half of the votes or fewer"));
}

TEST(Invariants, a_vote_is_always_left) {
  EXPECT_THAT(with(Where::after, RecordKind::begun, {record(RecordKind::votes_changed, world::cluster_id, 0, 0)}),
              HasSubstr("no vote is left"));
}

TEST(Invariants, a_quarantined_node_stays_out) {
  EXPECT_THAT(with(Where::after, RecordKind::begun,
                   {record(RecordKind::node_quarantined, world::host_id(sql2), world::none, 1),
                    record(RecordKind::node_joined, world::host_id(sql2))}),
              HasSubstr("joins while it is quarantined"));
}

TEST(Invariants, of_two_nodes_one_is_quarantined_at_most) {
  EXPECT_THAT(with(Where::after, RecordKind::begun,
                   {record(RecordKind::node_quarantined, world::host_id(sql2), world::none, 1),
                    record(RecordKind::node_quarantined, world::host_id(sql1), world::none, 1)}),
              HasSubstr("one quarantined node too many"));
}

TEST(Invariants, a_role_goes_only_to_an_active_member) {
  EXPECT_THAT(with(Where::after, RecordKind::restart_scheduled,
                   {record(RecordKind::node_removed, world::host_id(sql2), sql1),
                    record(RecordKind::owner_changed, role, sql2)}),
              HasSubstr("no active member"));
}

TEST(Invariants, a_role_goes_only_where_its_program_is_installed) {
  EXPECT_THAT(broken([](RunResult& run) { run.first.hosts[sql2].sql_installed = false; }),
              HasSubstr("where it is not installed"));
}

TEST(Invariants, a_role_goes_only_to_a_possible_owner) {
  const auto plant = [](RunResult& run) {
    auto plan = std::make_shared<world::Blueprint>(*run.plan);
    plan->groups[0].policy.possible_owners = world::bit(sql1);
    run.plan = plan;
  };
  EXPECT_THAT(broken(plant), HasSubstr("no possible owner"));
}

TEST(Invariants, the_cluster_moves_no_role_to_a_paused_node) {
  EXPECT_THAT(broken([](RunResult& run) { run.first.cluster.paused = world::bit(sql2); }), HasSubstr("is paused"));
}

TEST(Invariants, the_cluster_moves_no_role_to_a_quarantined_node) {
  EXPECT_THAT(broken([](RunResult& run) { run.first.hosts[sql2].quarantined_until = core::Time(10h); }),
              HasSubstr("is quarantined"));
}

TEST(Invariants, nothing_is_up_whose_owner_is_not_of_the_partition) {
  EXPECT_THAT(with(Where::after, RecordKind::begun, {record(RecordKind::node_left, world::host_id(sql1))}),
              HasSubstr("whose owner is not of the partition"));
}

TEST(Invariants, nothing_of_a_role_that_is_not_wanted_comes_online) {
  EXPECT_THAT(with(Where::after, RecordKind::restart_scheduled, {record(RecordKind::role_wanted, role)}),
              HasSubstr("its role is not wanted"));
}

TEST(Invariants, nothing_that_is_held_comes_online) {
  EXPECT_THAT(with(Where::after, RecordKind::restart_scheduled,
                   {record(RecordKind::resource_wanted, world::resource_id(the_run().plan->master_resource))}),
              HasSubstr("although it is held"));
}

TEST(Invariants, nothing_of_a_role_that_leaves_comes_online) {
  EXPECT_THAT(with(Where::after, RecordKind::restart_scheduled, {record(RecordKind::move_started, role, sql2)}),
              HasSubstr("its role is leaving"));
}

TEST(Invariants, a_resource_comes_online_only_with_its_providers) {
  EXPECT_THAT(with(Where::before, RecordKind::resource_online_pending, {record(RecordKind::resource_offline, sql)}),
              HasSubstr("is up without what it depends on"));
}

TEST(Invariants, a_resource_stays_online_only_with_its_providers) {
  // The disk goes, and nothing else happens at that instant.
  EXPECT_THAT(with(Where::after, RecordKind::begun, {record(RecordKind::resource_failed, disk)}),
              HasSubstr("is up without what it depends on"));
}

TEST(Invariants, restarts_stay_within_their_threshold) {
  const auto plant = [](RunResult& run) {
    const auto at = find(run, RecordKind::restart_scheduled);
    const Record again = *at;
    run.journal.records.insert(at, again);
  };
  EXPECT_THAT(broken(plant), HasSubstr("more often than its threshold"));
}

TEST(Invariants, what_must_not_be_restarted_is_not) {
  EXPECT_THAT(with(Where::before, RecordKind::restart_scheduled,
                   {record(RecordKind::restart_action_set, world::resource_id(the_run().plan->master_resource))}),
              HasSubstr("which it must not be"));
}

TEST(Invariants, failovers_stay_within_their_threshold) {
  const auto cause = static_cast<std::int64_t>(world::MoveCause::resource_failure);
  const Record move = record(RecordKind::move_started, role, sql2, cause);
  EXPECT_THAT(with(Where::after, RecordKind::begun, {move, move}), HasSubstr("fails over more often"));
}

TEST(Invariants, no_role_fails_over_that_no_resource_may_take_along) {
  const auto plant = [](RunResult& run) {
    for (world::ResourceState& resource : run.first.resources) resource.restart_action = 1;
    auto move =
        record(RecordKind::move_started, role, sql2, static_cast<std::int64_t>(world::MoveCause::resource_failure));
    run.journal.records.insert(run.journal.records.begin(), move);
  };
  EXPECT_THAT(broken(plant), HasSubstr("no resource of it may take it along"));
}

TEST(Invariants, a_disk_is_not_taken_from_a_node_that_defends_it) {
  EXPECT_THAT(with(Where::after, RecordKind::begun,
                   {record(RecordKind::owner_changed, role, sql2), record(RecordKind::disk_reserved, disk, sql2)}),
              HasSubstr("which defends it"));
}

TEST(Invariants, a_disk_is_not_reserved_by_two_nodes) {
  const auto plant = [](RunResult& run) { run.first.resources[disk.index()].at = world::bit(sql1) | world::bit(sql2); };
  EXPECT_THAT(broken(plant), HasSubstr("reserved by two nodes"));
}

TEST(Invariants, a_disk_comes_online_only_where_it_is_reserved) {
  EXPECT_THAT(broken([](RunResult& run) {
                auto& records = run.journal.records;
                records.erase(find(run, RecordKind::disk_reserved));
              }),
              HasSubstr("while another node has it reserved"));
}

TEST(Invariants, a_machine_that_is_off_does_nothing) {
  EXPECT_THAT(with(Where::after, RecordKind::host_power_lost,
                   {record(RecordKind::regroup_done, world::host_id(sql1), world::none, 3)}),
              HasSubstr("which is off"));
}

TEST(Invariants, a_machine_that_is_frozen_does_nothing) {
  EXPECT_THAT(broken([](RunResult& run) { run.first.hosts[run.plan->workers[0].host].frozen = true; }),
              HasSubstr("which is frozen"));
}

TEST(Invariants, tasks_are_conserved) {
  EXPECT_THAT(broken([](RunResult& run) { run.first.ready_count = 1; }), HasSubstr("the queue counts"));
  EXPECT_THAT(broken([](RunResult& run) { run.first.batches[0].created = 1; }), HasSubstr("lost or made up"));
  EXPECT_THAT(broken([](RunResult& run) { run.first.workers[0].held = 1; }), HasSubstr("another number of tasks"));
  EXPECT_THAT(broken([](RunResult& run) { run.first.finished = 1; }), HasSubstr("than the catalog counts"));
}

TEST(Invariants, a_task_goes_only_where_its_place_lets_it) {
  const auto pulled_twice = [](RunResult& run) {
    const auto pulled = find(run, RecordKind::task_pulled);
    Record again = *pulled;
    again.value = 1;
    run.journal.records.insert(pulled + 1, again);
  };
  EXPECT_THAT(broken(pulled_twice), HasSubstr("execution 1: task_pulled, though it is held"));
  EXPECT_THAT(with(Where::after, RecordKind::execution_created,
                   {record(RecordKind::task_swept, world::task_id(0), world::none, 4)}),
              HasSubstr("execution 1: task_swept, though it is ready"));
  EXPECT_THAT(
      with(Where::after, RecordKind::execution_created, {record(RecordKind::execution_created, world::task_id(5), 0)}),
      HasSubstr("lost or made up"));
}

TEST(Invariants, the_queue_holds_what_is_ready) {
  EXPECT_THAT(broken([](RunResult& run) { run.first.ready[0].head = 1; }), HasSubstr("begins behind its end"));
  const auto plant = [](RunResult& run) { run.first.ready[0].entries.push_back({0, 0}); };
  EXPECT_THAT(broken(plant), HasSubstr("0 tasks are ready in a queue of 1"));
}

TEST(Invariants, the_journal_leads_to_the_last_state) {
  EXPECT_THAT(broken([](RunResult& run) { run.last.cluster.epoch += 1; }), HasSubstr("another state"));
}

}  // namespace
}  // namespace rehearse::sim
