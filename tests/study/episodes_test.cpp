// Random faults by rate. Counts of faults are judged against their rates with intervals that a right process leaves
// with probability 1e-4 each; seeds are fixed, so that a test that passes once always does.
#include "sim/study/episodes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "sim/study/statistics.hpp"
#include "studied_worlds.hpp"

namespace rehearse::sim {
namespace {

using core::Time;
using std::chrono::hours;
using world::RecordKind;

/// Years of one design, one after the other in one world that is used again and again.
class Years {
 public:
  explicit Years(const model::Design& design, RandomFaults faults = RandomFaults::default_rates())
      : prepared_(studied_world(design)), plan_(prepared_.plan, faults), episodes_(plan_), world_(prepared_.world) {}

  void run(core::Key key, Duration length = year) {
    world_ = prepared_.world;
    journal_ = {};
    world_.engine().write_to(&journal_);
    world_.begin(key);
    episodes_.begin(key, world_.now());
    play(episodes_, world_, Time(length));
    world_.engine().write_to(nullptr);
  }

  const world::Journal& journal() const { return journal_; }
  world::World& world() { return world_; }
  const EpisodePlan& plan() const { return plan_; }
  Episodes& episodes() { return episodes_; }

  std::uint32_t happened(RandomFault fault) const { return episodes_.happened()[static_cast<std::size_t>(fault)]; }

  /// When faults of this kind came, on this machine.
  std::vector<Time> moments(RecordKind kind, const std::string& host) const {
    std::vector<Time> moments;
    const auto subject = world::host_id(prepared_.plan->find_host(host));
    for (const world::Record& record : journal_.records) {
      if (record.kind == kind && record.subject == subject) moments.push_back(record.at);
    }
    return moments;
  }

 private:
  Prepared prepared_;
  EpisodePlan plan_;
  Episodes episodes_;
  world::World world_;
  world::Journal journal_;
};

model::Design reference() {
  return without_workload(shipped_design("designs/reference"));
}

TEST(Episodes, every_kind_comes_at_its_rate) {
  Years years(reference());
  const auto& plan = years.plan();
  constexpr int count = 300;
  std::map<RandomFault, std::uint64_t> happened;
  for (int i = 0; i < count; ++i) {
    years.run({7, static_cast<std::uint64_t>(i)});
    for (std::size_t kind = 0; kind < random_fault_count; ++kind) {
      happened[static_cast<RandomFault>(kind)] += years.episodes().happened()[kind];
    }
  }
  std::map<RandomFault, double> per_year = {
      {RandomFault::node_crash, 1},   {RandomFault::sql_crash, 1},     {RandomFault::sql_hang, 0.5},
      {RandomFault::master_crash, 2}, {RandomFault::master_hang, 1},   {RandomFault::worker_host_crash, 1},
      {RandomFault::witness_down, 2}, {RandomFault::network_burst, 6}, {RandomFault::node_pause, 12}};
  for (const auto& [fault, rate] : per_year) {
    const auto processes = std::count_if(plan.processes().begin(), plan.processes().end(),
                                         [&](const EpisodePlan::Process& process) { return process.fault == fault; });
    ASSERT_GT(processes, 0) << to_text(fault);
    // What finds nothing to act on does not count: at most some minutes for each of some dozen faults in a year.
    const auto interval =
        statistics::rate_interval(happened[fault], count * static_cast<double>(processes), 0.9999).interval;
    EXPECT_LE(interval.low, rate) << to_text(fault);
    EXPECT_GE(interval.high, 0.999 * rate) << to_text(fault);
  }
  EXPECT_EQ(happened[RandomFault::patching], 0U);
}

TEST(Episodes, the_same_key_makes_the_same_year_in_a_used_world) {
  Years years(reference());
  years.run({7, 3});
  const world::Journal first = years.journal();
  years.run({7, 4});
  EXPECT_NE(years.journal().records.size(), first.records.size());
  years.run({7, 3});
  EXPECT_EQ(years.journal(), first);
}

TEST(Episodes, another_node_shifts_no_other_node_s_faults) {
  model::Design two = without_workload(shipped_design("cluster/designs/two_nodes"));
  model::Design three = without_workload(shipped_design("cluster/designs/three_nodes"));
  const RandomFaults pauses = RandomFaults().with(RandomFault::node_pause);
  Years small(two, pauses), large(three, pauses);
  small.run({11, 0});
  large.run({11, 0});
  ASSERT_EQ(small.plan().blueprint().hosts[0].name, large.plan().blueprint().hosts[0].name);
  for (world::HostIndex node = 0; node < 2; ++node) {
    const std::string name = small.plan().blueprint().hosts[node].name;
    const std::vector<Time> moments = small.moments(RecordKind::host_frozen, name);
    EXPECT_GT(moments.size(), 4U);
    EXPECT_EQ(moments, large.moments(RecordKind::host_frozen, name)) << name;
  }
}

TEST(Episodes, replications_of_a_seed_meet_different_faults) {
  Years years(reference());
  years.run({7, 0});
  const std::string node = years.plan().blueprint().hosts[0].name;
  const std::vector<Time> first = years.moments(RecordKind::host_frozen, node);
  years.run({7, 1});
  const std::vector<Time> second = years.moments(RecordKind::host_frozen, node);
  for (const Time moment : first) EXPECT_EQ(std::count(second.begin(), second.end(), moment), 0);
}

TEST(Episodes, the_farm_is_whole_again_long_after_the_last_fault) {
  Years years(reference());
  const Time calm = Time(year);
  for (std::uint64_t replication = 0; replication < 40; ++replication) {
    years.run({5, replication});
    // From here on nothing more comes, but what stands ends and the person who was called comes.
    while (years.episodes().next() <= calm + hours(12)) {
      const Time due = years.episodes().next();
      years.world().run_until(due - Duration(1));
      years.world().engine().advance_to(due);
      years.episodes().act(years.world());
    }
    years.world().run_until(calm + hours(12));
    EXPECT_FALSE(needs_person(years.world()) && years.episodes().next() == core::never)
        << "replication " << replication;
    for (const world::HostState& host : years.world().state().hosts) {
      EXPECT_TRUE(host.powered || host.booting) << "replication " << replication;
    }
  }
}

TEST(Episodes, a_master_that_hangs_waits_for_a_person_and_no_longer) {
  model::Design design = reference();
  Years years(design, RandomFaults().with(RandomFault::master_hang));
  const core::Sampler day(design.parameters[model::Timing::operator_reaction_day]);
  const core::Sampler night(design.parameters[model::Timing::operator_reaction_night]);
  std::uint64_t ended = 0;
  std::vector<double> minutes;
  for (std::uint64_t replication = 0; replication < 400; ++replication) {
    years.run({3, replication});
    Time hung = core::never;
    for (const world::Record& record : years.journal().records) {
      if (record.kind == RecordKind::master_hung) hung = record.at;
      if (record.kind != RecordKind::fault_repaired) continue;
      EXPECT_NE(record.value, 0) << "a person did it";
      ASSERT_NE(hung, core::never);
      minutes.push_back(std::chrono::duration<double, std::ratio<60>>(record.at - hung).count());
      ++ended;
      hung = core::never;
    }
  }
  ASSERT_GT(ended, 300U);
  std::sort(minutes.begin(), minutes.end());
  // Half of the reactions come by day, half by night: the median lies between both medians.
  EXPECT_GT(minutes[minutes.size() / 2], 15);
  EXPECT_LT(minutes[minutes.size() / 2], 30);
}

TEST(Episodes, patching_restarts_each_node_once_a_month_in_a_night_of_its_own) {
  model::Design design = reference();
  design.time_zone = "Europe/Paris";
  Years years(design, RandomFaults().with(RandomFault::patching));
  years.run({1, 0});
  EXPECT_EQ(years.happened(RandomFault::patching), 2U * 12U);
  std::vector<Time> nights;
  for (world::HostIndex node = 0; node < 2; ++node) {
    const std::string name = years.plan().blueprint().hosts[node].name;
    EXPECT_EQ(years.moments(RecordKind::host_booted, name).size(), 12U) << name;
  }
  for (const world::Record& record : years.journal().records) {
    if (record.kind != RecordKind::fault_injected) continue;
    EXPECT_EQ(model::local_hour(design.time_zone, years.plan().blueprint().date_at(record.at)), 2);
    nights.push_back(record.at);
  }
  for (std::size_t i = 1; i < nights.size(); ++i) EXPECT_GE(nights[i] - nights[i - 1], hours(23));
}

TEST(Episodes, after_a_redraw_only_what_was_decided_stays) {
  Years years(reference());
  years.run({9, 0}, hours(24 * 100));
  world::World copy = years.world();
  Episodes other = years.episodes();
  Episodes same = years.episodes();
  other.redraw(1, copy.now());
  EXPECT_NE(other.next(), years.episodes().next());
  EXPECT_GT(other.next(), copy.now());
  Episodes again = same;
  again.redraw(1, copy.now());
  EXPECT_EQ(again.next(), other.next());
  again.redraw(2, copy.now());
  EXPECT_NE(again.next(), other.next());
}

TEST(Episodes, only_exponential_faults_can_be_drawn_anew) {
  model::Design design = reference();
  design.parameters.set(model::Timing::between_node_crashes, model::Distribution::weibull(hours(8760), 3),
                        model::Origin::given, "test");
  Years years(design);
  EXPECT_FALSE(years.plan().memoryless());
  years.run({9, 0}, hours(24));
  EXPECT_THROW(years.episodes().redraw(1, years.world().now()), std::logic_error);
}

TEST(Episodes, names_are_read_back) {
  for (const std::string& name : random_fault_names()) {
    ASSERT_TRUE(random_fault_from(name)) << name;
    EXPECT_EQ(to_text(*random_fault_from(name)), name);
  }
  EXPECT_FALSE(random_fault_from("node.crashes"));
  EXPECT_FALSE(RandomFaults::default_rates().holds(RandomFault::patching));
  EXPECT_TRUE(RandomFaults::default_rates().holds(RandomFault::node_crash));
}

}  // namespace
}  // namespace rehearse::sim
