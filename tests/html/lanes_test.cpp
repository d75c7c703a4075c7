// The lanes of the timeline, the chains of outages and the load of the farm, over a small run told by hand: SQL1 loses
// power after 40 minutes and SQL2 takes over.
#include "sim/report/html/lanes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/report/html/chain.hpp"
#include "sim/report/html/load_chart.hpp"
#include "sim/report/html/run_charts.hpp"
#include "sim/report/time_text.hpp"
#include "tests/scenario/hand_made_run.hpp"

namespace rehearse::sim::html {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

RunResult power_loss() {
  HandMade run;
  run.tell_power_loss(40min);
  return run.result(2h);
}

/// "+0.000s in service": the bars of a lane.
std::vector<std::string> bars_of(const Lanes& lanes, const std::string& section, const std::string& name) {
  std::vector<std::string> bars;
  for (const Lane& lane : lanes.lanes) {
    if (lane.section != section || lane.name != name) continue;
    for (const Bar& bar : lane.bars) bars.push_back(offset_text(bar.from) + " " + bar.state);
  }
  return bars;
}

TEST(Lanes, tell_when_a_node_was_off) {
  const RunResult run = power_loss();
  EXPECT_THAT(bars_of(lanes_of(run), "Nodes", "SQL1"), ElementsAre("+0.000s in the cluster", "+40m00.000s off"));
}

TEST(Lanes, tell_who_owned_a_role_and_when_it_was_not_online) {
  const RunResult run = power_loss();
  const std::vector<std::string> bars = bars_of(lanes_of(run), "Roles", "SQL Server (MSSQLSERVER)");
  ASSERT_GE(bars.size(), 3U);
  EXPECT_EQ(bars.front(), "+0.000s online on SQL1");
  EXPECT_THAT(bars.back(), HasSubstr("online on SQL2"));
}

TEST(Lanes, of_a_part_are_contiguous_and_end_with_the_run) {
  const RunResult run = power_loss();
  for (const Lane& lane : lanes_of(run).lanes) {
    if (lane.section == "Batches") continue;
    core::Time reached = core::at_start;
    for (const Bar& bar : lane.bars) {
      EXPECT_EQ(bar.from, reached) << lane.section << ' ' << lane.name;
      EXPECT_LT(bar.from, bar.to);
      reached = bar.to;
    }
    if (lane.bars.empty()) continue;
    EXPECT_EQ(reached, run.end) << lane.section << ' ' << lane.name;
  }
}

TEST(Lanes, of_services_are_red_exactly_while_they_are_out) {
  const RunResult run = power_loss();
  Duration red{};
  for (const Lane& lane : lanes_of(run).lanes) {
    if (lane.section != "Services" || lane.name != "SSISDB") continue;
    for (const Bar& bar : lane.bars) red += bar.tone == Tone::bad ? bar.to - bar.from : Duration::zero();
  }
  EXPECT_EQ(red, 50s + 500ms);
}

TEST(Chain, leads_from_the_fault_to_the_moment_when_the_service_was_back) {
  const RunResult run = power_loss();
  const auto ssisdb = std::find_if(run.outages.begin(), run.outages.end(),
                                   [](const Outage& one) { return one.service.kind == Service::Kind::ssisdb; });
  ASSERT_NE(ssisdb, run.outages.end());
  const std::vector<ChainLink> chain = chain_of(*ssisdb, run);
  ASSERT_FALSE(chain.empty());
  EXPECT_EQ(chain.front().at, core::Time(40min));
  EXPECT_EQ(chain.back().at, core::Time(40min + 50s + 500ms));
  Duration phases{};
  for (const ChainLink& link : chain) phases += link.length;
  EXPECT_EQ(phases, ssisdb->length());
  EXPECT_TRUE(
      std::is_sorted(chain.begin(), chain.end(), [](const ChainLink& a, const ChainLink& b) { return a.at < b.at; }));
}

TEST(Chain, names_the_cause_of_a_record_and_of_that_one) {
  const RunResult run = power_loss();
  world::RecordId last = run.journal.first;
  for (std::size_t index = 0; index < run.journal.records.size(); ++index) {
    if (run.journal.records[index].kind == world::RecordKind::ssisdb_open) last = run.journal.first + index;
  }
  EXPECT_THAT(because(last, run), HasSubstr("; because: "));
  EXPECT_EQ(because(0, run), "");
}

TEST(Load, begins_at_the_start_and_rises_in_time) {
  const RunResult run = power_loss();
  const std::vector<LoadPoint> load = load_of(run);
  ASSERT_FALSE(load.empty());
  EXPECT_EQ(load.front().at, core::at_start);
  EXPECT_TRUE(
      std::is_sorted(load.begin(), load.end(), [](const LoadPoint& a, const LoadPoint& b) { return a.at < b.at; }));
}

}  // namespace
}  // namespace rehearse::sim::html
