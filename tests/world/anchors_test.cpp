// What the world must reproduce because it was measured or documented on real clusters (behaviour.md 12; W 9): 10,000
// replications at the default durations, judged at their 1st and 99th percentiles. No default was fitted to a test.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "model/defaults.hpp"
#include "rehearsal.hpp"
#include "sim/world/masters.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/network.hpp"
#include "sim/world/roles.hpp"
#include "sim/world/sql_server.hpp"

namespace rehearse::world {
namespace {

constexpr int replications = 10'000;
constexpr Duration fault_at = 10min;

struct Percentiles {
  Duration p1, p99, longest;
  int moves = 0;  // replications in which the SQL Server role changed its owner
};

/// A deployed world without work, and replications of it.
class Anchor {
 public:
  explicit Anchor(model::WindowsVersion windows, const std::string& name = "reference") {
    model::Design design = shipped_design(name);
    design.batches.clear();
    design.windows = windows;
    design.parameters = model::defaults_for(windows, design.sql, design.edition);
    rehearsal_ = std::make_unique<Rehearsal>(design);
  }

  /// The time from the fault until the SQL Server resource is online again and stays so, over the replications.
  Percentiles measure(const std::function<void(World&)>& fault, ResourceIndex resource, Duration observed = 5min) {
    std::vector<Duration> lengths;
    Percentiles result{};
    for (int replication = 0; replication < replications; ++replication) {
      World world = **rehearsal_;
      world.engine().write_to(nullptr);
      world.begin({7, static_cast<std::uint64_t>(replication)});
      world.engine().set_pace(Pace::drawn);
      world.run_until(at(fault_at) - Duration(1));
      world.engine().advance_to(at(fault_at));
      const HostIndex owner = world.state().groups[0].owner;
      fault(world);
      world.run_until(at(fault_at + observed));
      const ResourceState& state = world.state().resources[resource];
      if (state.status != ResourceStatus::online)
        ADD_FAILURE() << "replication " << replication << ": not online again";
      lengths.push_back(state.online_since - at(fault_at));
      result.moves += world.state().groups[0].owner != owner;
    }
    std::sort(lengths.begin(), lengths.end());
    result.p1 = lengths[replications / 100];
    result.p99 = lengths[replications - replications / 100];
    result.longest = lengths.back();
    return result;
  }

  const Blueprint& plan() const { return rehearsal_->plan(); }

 private:
  std::unique_ptr<Rehearsal> rehearsal_;
};

TEST(Anchors, a_planned_move_of_a_small_instance_takes_10_to_20_seconds) {
  // The instance alone: in the joint placement the master has to stop first, which those who measured did not have.
  Anchor anchor(model::WindowsVersion::v2019, "separate");
  const Percentiles found =
      anchor.measure([](World& world) { world.roles().move(0, 1, 0); }, anchor.plan().sql_resource);
  EXPECT_GE(found.p1, 10s);
  EXPECT_LE(found.p99, 20s);
  EXPECT_EQ(found.moves, replications);
}

struct PowerLoss {
  model::WindowsVersion windows;
  Duration low, high;
};

class PowerLossAnchor : public testing::TestWithParam<PowerLoss> {};

TEST_P(PowerLossAnchor, holds_when_the_lost_node_owned_the_cluster_group) {
  Anchor anchor(GetParam().windows);
  const Percentiles found =
      anchor.measure([](World& world) { world.membership().lose_power(0, 0); }, anchor.plan().sql_resource);
  EXPECT_GE(found.p1, GetParam().low);
  EXPECT_LE(found.p99, GetParam().high);
  EXPECT_EQ(found.moves, replications);
}

TEST_P(PowerLossAnchor, is_about_five_seconds_less_when_the_survivor_did) {
  Anchor anchor(GetParam().windows);
  const auto survivor_owns = [](World& world) {
    world.engine().emit(RecordKind::core_group_moved, cluster_id, 0, 1, 1);
    world.membership().lose_power(0, 0);
  };
  const Percentiles found = anchor.measure(survivor_owns, anchor.plan().sql_resource);
  EXPECT_GE(found.p1, GetParam().low - 5s);
  EXPECT_LE(found.p99, GetParam().high - 5s);
}

INSTANTIATE_TEST_SUITE_P(Anchors, PowerLossAnchor,
                         testing::Values(PowerLoss{model::WindowsVersion::v2012r2, 20s, 45s},
                                         PowerLoss{model::WindowsVersion::v2016, 25s, 50s},
                                         PowerLoss{model::WindowsVersion::v2019, 35s, 60s}));

TEST(Anchors, a_killed_sql_server_restarts_in_place_within_five_seconds_and_its_start) {
  Anchor anchor(model::WindowsVersion::v2019);
  const Percentiles found = anchor.measure([](World& world) { world.sql().crash(0); }, anchor.plan().sql_resource);
  EXPECT_LE(found.longest, 5s + 500ms + 12s);  // the longest start after a crash
  EXPECT_EQ(found.moves, 0);
}

TEST(Anchors, a_killed_master_restarts_in_place_within_five_seconds_and_its_start) {
  Anchor anchor(model::WindowsVersion::v2019);
  const Percentiles found =
      anchor.measure([](World& world) { world.masters().crash(0, 0); }, anchor.plan().master_resource);
  EXPECT_LE(found.p99, 5s + 500ms + anchor.plan().sampler(model::Timing::service_start).at(0.99));
  EXPECT_EQ(found.moves, 0);
}

TEST(Anchors, a_hung_sql_server_is_found_after_two_thirds_of_the_health_check_timeout_to_one_poll_after_it) {
  for (const bool by_looks_alive : {false, true}) {
    Anchor anchor(model::WindowsVersion::v2019);
    const Duration timeout = anchor.plan().parameters().length(model::Setting::health_check_timeout);
    const Duration poll = by_looks_alive ? 5s : 60s;
    const auto hang = [&](World& world) {
      world.engine().set_switch(model::Switch::health_judged_by_looks_alive, by_looks_alive);
      world.sql().hang(0);
    };
    const Percentiles found = anchor.measure(hang, anchor.plan().sql_resource);
    EXPECT_GE(found.p1, timeout * 2 / 3);
    EXPECT_LE(found.longest, timeout + poll + 500ms + 12s);
    EXPECT_EQ(found.moves, 0) << "a first failure restarts in place";
  }
}

TEST(Anchors, a_hung_master_is_never_found) {
  Rehearsal rehearsal(shipped_design("reference"), {.horizon = 48h});
  rehearsal->run_until(at(fault_at));
  ASSERT_TRUE(rehearsal->masters().hang(0, 0));
  rehearsal->run_until(at(24h));
  EXPECT_EQ(rehearsal.count(RecordKind::resource_failed), 0U);
  EXPECT_EQ(rehearsal->state().hosts[0].master, Process::hung);
}

TEST(Anchors, a_master_killed_twice_within_15_minutes_takes_sql_server_along_in_the_joint_placement) {
  Anchor anchor(model::WindowsVersion::v2019);
  const auto twice = [](World& world) {
    world.masters().crash(0, 0);
    world.run_until(world.now() + 2min);
    world.masters().crash(0, 0);
  };
  EXPECT_EQ(anchor.measure(twice, anchor.plan().sql_resource).moves, replications);
}

TEST(TenHealthyYears, take_less_than_a_thousand_events_and_keep_the_clock_of_the_master_right) {
  model::Design design = shipped_design("reference");
  design.batches.clear();
  for (model::Certificate& certificate : design.certificates)
    certificate.not_after = *model::parse_date("2099-01-01T00:00:00Z");
  Rehearsal rehearsal(design, {.horizon = 24h});
  const std::uint64_t before = rehearsal->engine().events();
  const Time year_nine = at(std::chrono::days(9 * 365));
  rehearsal->run_until(year_nine);
  const Time stamp = rehearsal->masters().last_online();
  EXPECT_LE(stamp, year_nine);
  EXPECT_GT(stamp, year_nine - 30s);
  rehearsal->run_until(at(std::chrono::days(3652)));
  EXPECT_LT(rehearsal->engine().events() - before, 1000U);
  EXPECT_EQ(rehearsal->network().address_holder(0), 0U) << "and everything is where it was";
}

}  // namespace
}  // namespace rehearse::world
