// For each safety observation a bad design, or a sequence of acts, that brings it about in the world; and nights that
// are none of that.
#include "sim/scenario/checks/observation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "deployed_worlds.hpp"
#include "sim/scenario/task_counts.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"
#include "swarm_acts.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using world::World;

constexpr world::HostIndex sql1 = 0, sql2 = 1;

struct Happening {
  Duration at{};
  std::function<void(World&)> act;
};

/// A night of an hour and a half whose batch begins after ten minutes.
std::vector<std::string> seen(const std::vector<Happening>& happenings,
                              model::Design design = shipped_design("reference")) {
  constexpr Duration end = 90min;
  Night night;
  night.seed = 1;
  night.design = std::move(design);
  night.end = end;
  Telling told = begin(night, world::Tempo::when_it_matters);
  for (const Happening& happening : happenings) {
    told.world->run_until(core::Time(happening.at) - Duration(1));
    told.world->engine().advance_to(core::Time(happening.at));
    happening.act(*told.world);
  }
  told.world->run_until(core::Time(end));
  RunResult run;
  run.plan = told.plan;
  run.first = told.first;
  run.last = told.world->state();
  run.journal = *told.journal;
  run.end = core::Time(end);
  run.tasks = count_tasks(*run.plan, run.last, run.end);
  std::vector<std::string> texts;
  for (const Finding& finding : observe(run)) {
    EXPECT_EQ(observe(run, finding.name), finding.text);
    texts.push_back(finding.text);
  }
  return texts;
}

TEST(Observations, of_a_quiet_night_there_are_none) {
  EXPECT_THAT(seen({}), IsEmpty());
}

TEST(Observations, of_a_failover_there_are_none) {
  EXPECT_THAT(seen({{20min, [](World& world) { world.membership().lose_power(sql1, 0); }}}), IsEmpty());
}

TEST(Observations, of_a_partition_that_heals_there_are_none) {
  EXPECT_THAT(seen({{20min, [](World& world) { world.membership().set_side(sql1, 1, 0); }},
                    {40min, [](World& world) { world.membership().set_side(sql1, 0, 0); }}}),
              IsEmpty());
}

TEST(Observations, forcing_quorum_on_the_losing_side_splits_the_cluster) {
  // SQL2 is cut off, loses, and somebody forces it to form the cluster while SQL1 still is one.
  EXPECT_THAT(
      seen({{20min, [](World& world) { world.membership().set_side(sql2, 1, 0); }},
            {22min, [](World& world) { world.membership().start_service(sql2, world::StartMode::force_quorum, 0); }},
            {40min, [](World& world) { world.membership().set_side(sql2, 0, 0); }}}),
      testing::Contains(HasSubstr("split brain after a forced quorum: SQL1 went on")));
}

TEST(Observations, a_forced_side_and_the_old_owner_both_carry_the_address) {
  EXPECT_THAT(
      seen({{20min, [](World& world) { world.membership().set_side(sql2, 1, 0); }},
            {22min, [](World& world) { world.membership().start_service(sql2, world::StartMode::force_quorum, 0); }}}),
      testing::Contains(HasSubstr("a stale owner: SQL1 still carried")));
}

TEST(Observations, a_start_type_left_at_automatic_gives_two_masters_after_a_reboot) {
  const auto observations = seen({{10min, [](World& world) {
                                     world.masters().set_start_type(sql2, true, 0);
                                     world.membership().bugcheck(sql2, 0);
                                   }}});
  EXPECT_THAT(observations, ElementsAre(HasSubstr("two Scale Out Master processes ran at once, from "),
                                        HasSubstr("ran outside the cluster on SQL2, from ")));
}

TEST(Observations, a_master_that_survives_its_resource_host_runs_outside_the_cluster) {
  const auto observations = seen({{10min,
                                   [](World& world) {
                                     world.engine().set_switch(model::Switch::process_survives_host_end, true);
                                     world.membership().crash_cluster_service(sql1, 0);
                                   }}},
                                 shipped_design("separate"));
  EXPECT_THAT(observations, testing::Contains(HasSubstr("ran outside the cluster on SQL1")));
}

TEST(Observations, a_worker_cut_off_past_its_lease_has_its_packages_run_twice) {
  const auto cut = [](std::uint64_t side) {
    return [side](World& world) { world.membership().set_side(world.plan().find_host("WRK2"), side, 0); };
  };
  model::Design design = shipped_design("reference");
  design.batches.front().executions = 10;
  design.batches.front().duration = model::Distribution::uniform(30min, 60min);
  EXPECT_THAT(seen({{13min, cut(1)}, {21min, cut(0)}}, design),
              testing::Contains(HasSubstr("had two packages running at once")));
}

TEST(Observations, messages_that_ssisdb_does_not_take_stay_on_the_workers) {
  EXPECT_THAT(seen({{15min, [](World& world) { world.sql().set_authentication_off(true, 0); }}}),
              ElementsAre(HasSubstr("SSISDB did not take the messages of ")));
}

TEST(Observations, messages_that_waited_on_the_workers_are_sent_at_last) {
  EXPECT_THAT(seen({{15min, [](World& world) { world.sql().set_authentication_off(true, 0); }},
                    {20min, [](World& world) { world.sql().set_authentication_off(false, 0); }}}),
              IsEmpty());
}

TEST(Observations, a_stretch_adds_up_what_touches) {
  Stretch stretch;
  EXPECT_FALSE(stretch.seen());
  stretch.add(core::Time(1s), core::Time(1s));
  EXPECT_FALSE(stretch.seen());
  stretch.add(core::Time(1s), core::Time(3s));
  stretch.add(core::Time(3s), core::Time(4s));
  stretch.add(core::Time(10s), core::Time(11s));
  EXPECT_EQ(stretch.longest(), 3s);
  EXPECT_EQ(stretch.text(), "from 1s on, for 4s in all");
}

}  // namespace
}  // namespace rehearse::sim
