// The lazy world must do what a world does in which every heartbeat, poll and renewal is an event. Each story here is
// told at both tempos, and the journals must be the same to the last record.
#include <gtest/gtest.h>

#include <functional>

#include "rehearsal.hpp"
#include "sim/world/certificates.hpp"
#include "sim/world/configuration.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/replicas.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::world {
namespace {

struct Story {
  std::string name;
  std::string design;
  std::vector<std::pair<Duration, std::function<void(World&)>>> acts;
  Duration end = 3h;
};

const std::vector<Story>& stories() {
  static const std::vector<Story> all = {
      {"a quiet night with a batch", "reference", {}},
      {"power loss in the middle of the batch, and back",
       "reference",
       {{40min, [](World& world) { world.membership().lose_power(0, 0); }},
        {70min, [](World& world) { world.membership().boot(0, 0); }}}},
      {"SQL Server killed during the batch", "reference", {{35min, [](World& world) { world.sql().crash(0); }}}},
      {"SQL Server hangs", "reference", {{35min, [](World& world) { world.sql().hang(0); }}}},
      {"master killed twice in the joint placement",
       "reference",
       {{35min, [](World& world) { world.masters().crash(0, 0); }},
        {40min, [](World& world) { world.masters().crash(0, 0); }}}},
      {"master hangs for good", "reference", {{35min, [](World& world) { world.masters().hang(0, 0); }}}},
      {"the master moves while the batch runs",
       "separate",
       {{36min, [](World& world) { world.roles().move(1, 1, 0); }}}},
      {"SQL Server moves away from the master",
       "separate",
       {{36min, [](World& world) { world.roles().move(0, 1, 0); }}}},
      {"a worker's service dies with ten packages",
       "reference",
       {{33min, [](World& world) { world.workers().crash_service(1, 0); }}}},
      {"a worker is cut off and comes back after the sweep",
       "reference",
       {{33min, [](World& world) { world.membership().set_side(world.plan().find_host("WRK2"), 1, 0); }},
        {43min, [](World& world) { world.membership().set_side(world.plan().find_host("WRK2"), 0, 0); }}}},
      {"the nodes lose each other",
       "reference",
       {{40min, [](World& world) { world.membership().set_side(1, 1, 0); }},
        {50min, [](World& world) { world.membership().set_side(1, 0, 0); }}}},
      {"the owner's network card dies",
       "reference",
       {{40min, [](World& world) { world.membership().set_link(0, false, 0); }},
        {50min, [](World& world) { world.membership().set_link(0, true, 0); }}}},
      {"the cluster service crashes under the roles",
       "reference",
       {{40min, [](World& world) { world.membership().crash_cluster_service(0, 0); }}}},
      {"both nodes lose power, one after the other",
       "reference",
       {{40min, [](World& world) { world.membership().lose_power(0, 0); }},
        {50min, [](World& world) { world.membership().lose_power(1, 0); }},
        {60min, [](World& world) { world.membership().boot(0, 0); }},
        {80min, [](World& world) { world.membership().boot(1, 0); }}}},
      {"certificates end and begin while workers come back, under clocks that are wrong",
       "reference",
       {{31min, [](World& world) { world.configuration().set_clock(world.plan().workers[0].host, -7min, 0); }},
        {32min, [](World& world) { world.certificates().set_valid_until(0, none, at(40min), 0); }},
        {33min, [](World& world) { world.workers().crash_service(0, 0); }},
        {34min, [](World& world) { world.workers().start_service(0, 0); }},
        {35min,
         [](World& world) { world.certificates().set_valid_from(1, world.plan().workers[1].host, at(70min), 0); }},
        {45min, [](World& world) { world.masters().crash(0, 0); }},
        {60min, [](World& world) { world.certificates().set_valid_until(0, none, at(80h), 0); }},
        {65min, [](World& world) { world.configuration().set_clock(0, -3min, 0); }}}},
      {"settings, passwords and admins change under a batch",
       "separate",
       {{31min, [](World& world) { world.configuration().set_password_expired(Account::master, true, 0); }},
        {32min, [](World& world) { world.configuration().write(1U, WorkerField::task_heartbeat, 20'000'000'000, 0); }},
        {33min, [](World& world) { world.workers().crash_service(1, 0); }},
        {33min + 20s, [](World& world) { world.workers().start_service(1, 0); }},
        {36min, [](World& world) { world.sql().crash(0); }},
        {50min, [](World& world) { world.configuration().set_password_expired(Account::master, false, 0); }},
        {60min, [](World& world) { world.configuration().set_admin(world.state().hosts[0].master_account, false, 0); }},
        {61min, [](World& world) { world.masters().crash(world.state().groups[1].owner, 0); }},
        {70min,
         [](World& world) { world.configuration().set_admin(world.state().hosts[0].master_account, true, 0); }}}},
      {"the primary of an availability group loses power and comes back",
       "../scale_out/designs/availability_group",
       {{33min, [](World& world) { world.membership().lose_power(0, 0); }},
        {50min, [](World& world) { world.membership().boot(0, 0); }}}},
      {"the primary of an availability group crashes, the next one hangs",
       "../scale_out/designs/availability_group",
       {{33min, [](World& world) { world.sql().crash(0); }},
        {45min, [](World& world) { world.sql().hang(0); }},
        {50min, [](World& world) { world.sql().recover_from_hang(0); }}}},
      {"a secondary is cut off, then the primary stands still",
       "../scale_out/designs/availability_group",
       {{33min, [](World& world) { world.membership().set_side(1, 1, 0); }},
        {36min, [](World& world) { world.membership().set_side(1, 0, 0); }},
        {45min, [](World& world) { world.membership().freeze(0, 0); }},
        {45min + 19s, [](World& world) { world.membership().thaw(0, 0); }},
        {55min, [](World& world) { world.membership().hang(0, 0); }},
        {56min + 30s, [](World& world) { world.membership().end_hang(0, 0); }}}},
      {"an availability group is forced to its last replica",
       "../scale_out/designs/availability_group",
       {{33min, [](World& world) { world.membership().lose_power(1, 0); }},
        {40min, [](World& world) { world.membership().lose_power(0, 0); }},
        {50min, [](World& world) { world.replicas().force_failover(2, 0); }},
        {60min, [](World& world) { world.membership().boot(0, 0); }},
        {70min, [](World& world) { world.replicas().resume_data_movement(0, 0); }}}},
  };
  return all;
}

Rehearsal tell(const Story& story, Rehearsal::Options options) {
  Rehearsal rehearsal(shipped_design(story.design), options);
  for (const auto& [when, act] : story.acts) {
    rehearsal->run_until(at(when) - Duration(1));
    rehearsal->engine().advance_to(at(when));
    act(*rehearsal);
  }
  rehearsal->run_until(at(story.end));
  return rehearsal;
}

class Stories : public testing::TestWithParam<std::size_t> {};

TEST_P(Stories, are_the_same_at_both_tempos) {
  const Story& story = stories()[GetParam()];
  for (const std::uint64_t seed : {1, 2, 3}) {
    for (const Pace pace : {Pace::median, Pace::drawn}) {
      Rehearsal::Options options;
      options.key = {seed, 0};
      options.pace = pace;
      const Rehearsal lazy = tell(story, options);
      options.tempo = Tempo::every_beat;
      const Rehearsal ticking = tell(story, options);
      EXPECT_EQ(difference(lazy.journal(), ticking.journal(), lazy.plan()), "") << story.name << ", seed " << seed;
      EXPECT_GT(ticking->engine().events(), 3 * lazy->engine().events()) << "one of them is not what it says";
    }
  }
}

TEST_P(Stories, replay_from_their_journal_to_the_same_state) {
  const Story& story = stories()[GetParam()];
  Rehearsal told = tell(story, {});
  State state = told.first();
  for (const Record& record : told.journal().records) apply(state, record, told.plan());
  EXPECT_TRUE(state == told->state()) << story.name;
}

TEST_P(Stories, run_on_alike_from_a_copy) {
  const Story& story = stories()[GetParam()];
  Rehearsal original =
      tell({story.name, story.design, story.acts, story.acts.empty() ? 40min : story.acts.back().first + 13s}, {});
  World copy = *original;
  ASSERT_TRUE(copy == *original);
  Journal first, second;
  original->engine().write_to(&first);
  copy.engine().write_to(&second);
  original->run_until(at(3h));
  copy.run_until(at(3h));
  EXPECT_EQ(difference(first, second, original.plan()), "") << story.name;
  EXPECT_TRUE(copy == *original);
}

INSTANTIATE_TEST_SUITE_P(World, Stories, testing::Range<std::size_t>(0, 20));

TEST(Stories, are_all_in_the_suite) {
  EXPECT_EQ(stories().size(), 20U);
}

TEST(Tempo, makes_no_difference_when_a_worker_pulls_back_its_own_swept_task) {
  // Two runs of one task on one worker (S 1.5): the older one's heartbeats renew the row that the younger one holds.
  model::Design design = shipped_design("reference");
  design.scale_out.workers.resize(1);
  design.scale_out.workers[0].count = 1;
  model::Batch& batch = design.batches.front();
  batch.executions = 1;
  batch.uses_instance = 0;
  batch.duration = model::Distribution::uniform(10min, 60min);
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto tell_at = [&](Tempo tempo) {
      Rehearsal rehearsal(design, {.key = {seed, 0}, .tempo = tempo});
      const HostIndex machine = rehearsal.plan().workers[0].host;
      for (const auto& [when, side] : {std::pair{33min, 1U}, std::pair{40min, 0U}}) {
        rehearsal->run_until(at(when) - Duration(1));
        rehearsal->engine().advance_to(at(when));
        rehearsal->membership().set_side(machine, side, 0);
      }
      rehearsal->run_until(at(3h));
      return rehearsal.journal();
    };
    const auto plan = std::make_shared<const Blueprint>(design, Date{}, 1h);
    EXPECT_EQ(difference(tell_at(Tempo::when_it_matters), tell_at(Tempo::every_beat), *plan), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace rehearse::world
