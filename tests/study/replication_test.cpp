#include "sim/study/replication.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "studies.hpp"

namespace rehearse::sim {
namespace {

using core::Time;
using Kind = MeasuredValue::Kind;

std::size_t place_of(const Study& study, const std::string& name) {
  for (std::size_t place = 0; place < study.measures.size(); ++place) {
    if (study.measures[place].name == name) return place;
  }
  throw std::out_of_range(name);
}

/// What `rehearse` tells of a run, to be compared with what the study measures.
struct Told {
  std::map<std::string, Duration> total, longest;
  std::map<std::string, std::uint64_t> times;
  std::set<std::string> at_end;
};

Told told_by(const RunResult& run) {
  Told told;
  for (const Outage& outage : run.outages) {
    const std::string name = name_of(outage.service, *run.plan);
    told.total[name] += outage.length();
    told.longest[name] = std::max(told.longest[name], outage.length());
    ++told.times[name];
    if (outage.censored) told.at_end.insert(name);
  }
  return told;
}

class ReplicationOf : public testing::TestWithParam<std::string> {};

TEST_P(ReplicationOf, a_scenario_measures_what_a_rehearsal_under_the_same_key_tells) {
  const Study study = study_of(GetParam());
  const Scenario& scenario = study.points[0].scenario;
  const Prepared prepared = prepare(scenario, world::Tempo::when_it_matters);
  std::optional<world::World> world;
  Replicator replicator(study, study.points[0], prepared, world);
  for (std::uint64_t number = 0; number < 4; ++number) {
    const core::Key key{scenario.seed, number};
    const RunResult run = rehearse(scenario, prepared, {key, world::Pace::drawn, 0});
    Told told = told_by(run);
    const ReplicationResult& result = replicator.run(key, {number % 2 == 0, number == 0});
    EXPECT_EQ(result.events, run.events);
    EXPECT_EQ(result.consulted, run.last.consulted);
    for (const Service& service : services_of(*prepared.plan)) {
      const std::string name = name_of(service, *prepared.plan);
      const MeasuredValue& out = result.values[place_of(study, "outage." + name)];
      EXPECT_EQ(Duration(out.value), told.total[name]) << name;
      EXPECT_EQ(out.kind, told.at_end.contains(name) ? Kind::at_least : Kind::known) << name;
      EXPECT_EQ(Duration(result.values[place_of(study, "longest_outage." + name)].value), told.longest[name]) << name;
      EXPECT_EQ(static_cast<std::uint64_t>(result.values[place_of(study, "outages." + name)].value), told.times[name]);
      EXPECT_EQ(result.out[place_of(study, "availability." + name)], told.total[name]) << name;
    }
    EXPECT_EQ(result.length, run.end - core::at_start);
    const auto value = [&](const std::string& name) { return result.values[place_of(study, name)].value; };
    EXPECT_EQ(static_cast<std::uint64_t>(value("executions.lost")), run.tasks.lost());
    EXPECT_EQ(static_cast<std::uint64_t>(value("executions.doubled")), run.tasks.doubled());
    EXPECT_EQ(static_cast<std::uint64_t>(value("executions.late")), run.work.late);
    EXPECT_EQ(static_cast<std::uint64_t>(value("queue.longest")), run.work.queue.longest);
    EXPECT_NEAR(static_cast<double>(value("queue.mean")) / 1e6, run.work.queue.mean, 1e-5);
    if (run.work.utilisation) {
      EXPECT_NEAR(static_cast<double>(value("utilisation")) / 1e6, *run.work.utilisation, 1e-5);
    }
    EXPECT_EQ(Duration(value("wait.longest")), run.work.wait.longest);
    if (number % 2 == 0) {
      ASSERT_EQ(result.outages.size(), run.outages.size());
      for (std::size_t place = 0; place < run.outages.size(); ++place) {
        EXPECT_EQ(result.outages[place].phases.size(), run.outages[place].phases.size());
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Shipped, ReplicationOf,
                         testing::Values("node_loss", "master_hang", "separate_failover", "sql_crash_twice",
                                         "healthy_night", "scale_out/two_batches_in_one_queue"),
                         [](const auto& name) {
                           std::string word = name.param;
                           std::replace(word.begin(), word.end(), '/', '_');
                           return word;
                         });

/// Every number that a run has drawn shows in a record's time or in a value.
RunResult run_of(const Prepared& prepared, const Scenario& scenario, core::Key key) {
  return rehearse(scenario, prepared, {key, world::Pace::drawn, 0});
}

TEST(Replication, zero_of_a_prepared_world_is_twice_the_same) {
  const Scenario scenario = shipped_scenario("node_loss");
  const Prepared prepared = prepare(scenario, world::Tempo::when_it_matters);
  const RunResult first = run_of(prepared, scenario, {scenario.seed, 0});
  EXPECT_EQ(first.fingerprint, run_of(prepared, scenario, {scenario.seed, 0}).fingerprint);
  EXPECT_NE(first.fingerprint, run_of(prepared, scenario, {scenario.seed, 1}).fingerprint);
}

/// The prepared world holds no drawn future: of all that beats, every phase is drawn when a replication begins.
TEST(Replication, two_share_no_draw) {
  const Scenario scenario = shipped_scenario("node_loss");
  const Prepared prepared = prepare(scenario, world::Tempo::when_it_matters);
  std::vector<world::World> worlds;
  for (const std::uint64_t number : {0, 1}) {
    worlds.push_back(prepared.world);
    worlds.back().engine().set_pace(world::Pace::drawn);
    worlds.back().begin({scenario.seed, number});
  }
  // Draws: each of a stream, by the component's name and the purpose, is another one under the other key.
  for (const world::ResourcePlan& resource : prepared.plan->resources) {
    for (std::uint64_t ordinal = 0; ordinal < 100; ++ordinal) {
      const core::Stream stream = core::stream(resource.name, "anything");
      EXPECT_NE(worlds[0].engine().unit(stream, ordinal), worlds[1].engine().unit(stream, ordinal));
    }
  }
  // Packages: no execution of one run lasts as long as the same one of the other.
  const RunResult first = run_of(prepared, scenario, {scenario.seed, 0});
  const RunResult second = run_of(prepared, scenario, {scenario.seed, 1});
  std::map<std::uint32_t, Time> ended;
  std::size_t compared = 0;
  for (const world::Record& record : first.journal.records) {
    if (record.subject.part() == world::Part::task && record.at > core::at_start)
      ended[record.subject.index()] = record.at;
  }
  std::map<std::uint32_t, Time> others;
  for (const world::Record& record : second.journal.records) {
    if (record.subject.part() == world::Part::task && record.at > core::at_start)
      others[record.subject.index()] = record.at;
  }
  for (const auto& [task, at] : ended) {
    const auto other = others.find(task);
    if (other == others.end()) continue;
    ++compared;
    EXPECT_NE(at, other->second) << "execution " << task;
  }
  EXPECT_GT(compared, 300U);
  // Phases: the machines notice the lost node at other instants.
  ASSERT_FALSE(first.outages.empty());
  ASSERT_FALSE(second.outages.empty());
  for (std::size_t place = 0; place < std::min(first.outages.size(), second.outages.size()); ++place) {
    EXPECT_NE(first.outages[place].to, second.outages[place].to);
  }
}

/// With another key nothing is left of the first: a run in a world in which another one took place is the run in a
/// fresh copy.
TEST(Replication, leaves_nothing_for_the_next_one_in_the_same_world) {
  const Study study = study_of("node_loss");
  const Prepared prepared = prepare(study.points[0].scenario, world::Tempo::when_it_matters);
  std::optional<world::World> fresh, used;
  Replicator of_fresh(study, study.points[0], prepared, fresh), of_used(study, study.points[0], prepared, used);
  of_used.run({1, 5}, {});
  of_used.run({1, 6}, {true, true});
  const std::vector<MeasuredValue> again = of_used.run({1, 7}, {}).values;
  EXPECT_EQ(again, of_fresh.run({1, 7}, {}).values);
}

}  // namespace
}  // namespace rehearse::sim
