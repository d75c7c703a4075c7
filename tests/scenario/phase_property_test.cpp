// Phases must mean what they say: a duration set to zero never makes an outage longer, and makes it shorter by at most
// the phase that it belongs to (behaviour.md 10).
#include <gtest/gtest.h>

#include "model/design_reader.hpp"
#include "sim/scenario/runner.hpp"

namespace rehearse::sim {
namespace {

using model::Timing;

struct Owner {
  Timing timing;
  Phase phase;
};

const std::vector<Owner>& owners() {
  static const std::vector<Owner> all = {
      {Timing::regroup, Phase::regroup},
      {Timing::witness_challenger_arbitration, Phase::arbitrate},
      {Timing::disk_online_unplanned, Phase::storage},
      {Timing::disk_online_planned, Phase::storage},
      {Timing::address_online, Phase::address_and_name},
      {Timing::name_online, Phase::address_and_name},
      {Timing::sql_start_after_crash, Phase::sql_start},
      {Timing::sql_start_planned, Phase::sql_start},
      {Timing::ssisdb_recovery_after_crash, Phase::recovery},
      {Timing::ssisdb_recovery_planned, Phase::recovery},
      {Timing::sql_stop, Phase::stop},
      {Timing::agent_stop, Phase::stop},
      {Timing::service_stop, Phase::stop},
      {Timing::disk_offline, Phase::stop},
      {Timing::name_offline, Phase::stop},
      {Timing::address_offline, Phase::stop},
  };
  return all;
}

Scenario story(TimelineEntry entry) {
  Scenario scenario;
  const auto read = model::read_design_file(std::string(REHEARSE_SOURCE_DIR) + "/scenarios/designs/reference.json");
  scenario.design = read.design.value();
  scenario.design.batches.clear();
  scenario.name = "phases";
  scenario.start = *model::parse_date("2027-03-01T00:00:00Z");
  scenario.duration = std::chrono::hours(1);
  scenario.deploy = Deploy::installed;
  entry.at = std::chrono::minutes(10);
  scenario.timeline.push_back(std::move(entry));
  return scenario;
}

TimelineEntry fault(FaultKind kind, std::vector<std::string> hosts) {
  TimelineEntry entry;
  entry.fault = kind;
  entry.hosts = std::move(hosts);
  return entry;
}

TimelineEntry planned_move() {
  TimelineEntry entry;
  entry.action = TimelineEntry::Action::step;
  entry.step = "move_role";
  entry.arguments = {{"role", "SQL Server (MSSQLSERVER)"}, {"to", "SQL2"}};
  return entry;
}

struct Measured {
  Duration total{};
  std::array<Duration, static_cast<std::size_t>(Phase::count_)> phases{};
};

Measured measure(const Scenario& scenario, Service::Kind service, std::uint64_t seed) {
  const RunResult result =
      rehearse(scenario, prepare(scenario, world::Tempo::when_it_matters), {{seed, 0}, world::Pace::median, 0});
  Measured measured;
  for (const Outage& outage : result.outages) {
    if (outage.service.kind != service) continue;
    EXPECT_FALSE(outage.censored);
    measured.total += outage.length();
    for (const PhaseSpan& span : outage.phases)
      measured.phases[static_cast<std::size_t>(span.phase)] += span.to - span.from;
  }
  return measured;
}

class Phases : public testing::TestWithParam<int> {};

TEST_P(Phases, a_duration_of_zero_never_lengthens_an_outage_and_shortens_it_by_at_most_its_phase) {
  const std::vector<TimelineEntry> entries = {fault(FaultKind::node_power_loss, {"SQL1"}),
                                              fault(FaultKind::sql_crash, {}),
                                              fault(FaultKind::node_cluster_service_crash, {"SQL1"}), planned_move()};
  const Scenario scenario = story(entries[static_cast<std::size_t>(GetParam())]);
  for (const Service::Kind service : {Service::Kind::sql_server, Service::Kind::ssisdb}) {
    for (const std::uint64_t seed : {1, 2}) {
      const Measured base = measure(scenario, service, seed);
      ASSERT_GT(base.total, Duration::zero());
      for (const Owner& owner : owners()) {
        Scenario faster = scenario;
        faster.design.parameters.set(owner.timing, model::Distribution::constant(Duration::zero()),
                                     model::Origin::given, "test");
        const Measured without = measure(faster, service, seed);
        const std::string what = std::string(model::name_of(owner.timing)) + " in " + std::string(to_text(owner.phase));
        EXPECT_LE(without.total, base.total) << what;
        EXPECT_LE(base.total - without.total, base.phases[static_cast<std::size_t>(owner.phase)]) << what;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Outages, Phases, testing::Range(0, 4));

}  // namespace
}  // namespace rehearse::sim
