// Every shipped scenario, rehearsed: its account is what a person has read and approved (tests/golden), its journal has
// the same fingerprint on every machine, in Debug and Release, at both tempos and from any number of copies of the
// prepared world. After a deliberate change of behaviour: REHEARSE_UPDATE_GOLDEN=1 ctest -R golden, then read the
// difference.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "sim/report/describe.hpp"
#include "sim/report/text_report.hpp"
#include "sim/report/time_text.hpp"
#include "sim/scenario/runner.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "tests/support/files.hpp"

namespace rehearse::sim {
namespace {

using tests::content_of;

namespace fs = std::filesystem;

const fs::path root = REHEARSE_SOURCE_DIR;

std::vector<std::string> shipped_scenarios() {
  std::vector<std::string> names;
  for (const std::string folder : {"", "cluster/", "scale_out/"}) {
    for (const fs::directory_entry& entry : fs::directory_iterator(root / "scenarios" / folder)) {
      const std::string name = entry.path().filename().string();
      const bool scenario = name.ends_with(".json") && !name.ends_with(".schema.json");
      if (scenario) names.push_back(folder + name.substr(0, name.size() - 5));
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

Scenario shipped(const std::string& name) {
  // Named as a user at the project's root would name it, so that accounts do not depend on where the project lies.
  const fs::path before = fs::current_path();
  fs::current_path(root);
  ScenarioResult result = read_scenario_file("scenarios/" + name + ".json");
  fs::current_path(before);
  for (const model::Diagnostic& diagnostic : result.diagnostics) ADD_FAILURE() << model::to_text(diagnostic);
  if (!result.scenario) throw std::runtime_error(name + " is not readable");
  return *result.scenario;
}

class Shipped : public testing::TestWithParam<std::string> {};

TEST_P(Shipped, scenario_has_its_golden_account_and_fingerprint) {
  const RunResult result = run(shipped(GetParam()), {});
  std::ostringstream account;
  write_text(account, result, {});
  const fs::path golden = root / "tests" / "golden" / (GetParam() + ".txt");
  if (std::getenv("REHEARSE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(golden, std::ios::binary) << account.str();
    return;
  }
  EXPECT_EQ(account.str(), content_of(golden)) << "see the head of this file";
}

TEST_P(Shipped, scenario_is_the_same_when_every_beat_is_an_event) {
  const Scenario scenario = shipped(GetParam());
#ifdef __SANITIZE_ADDRESS__
  if (scenario.duration.value_or(Duration()) > std::chrono::hours(24 * 90))
    GTEST_SKIP() << "minutes under sanitizers; seconds without";
#endif
  const Variant variant{{scenario.seed, 0}, world::Pace::median, 0};
  const RunResult lazy = rehearse(scenario, prepare(scenario, world::Tempo::when_it_matters), variant);
  const RunResult ticking = rehearse(scenario, prepare(scenario, world::Tempo::every_beat), variant);
  const auto [one, other] = std::mismatch(lazy.journal.records.begin(), lazy.journal.records.end(),
                                          ticking.journal.records.begin(), ticking.journal.records.end());
  const auto tell = [&](const auto& record, const RunResult& run) {
    if (record == run.journal.records.end()) return std::string("nothing more");
    return offset_text(record->at) + " " + to_text(describe(*record, *run.plan, scenario, run.acts));
  };
  EXPECT_TRUE(lazy.journal.records == ticking.journal.records)
      << "lazy: " << tell(one, lazy) << "\nticking: " << tell(other, ticking);
  EXPECT_EQ(lazy.fingerprint, ticking.fingerprint);
  EXPECT_GT(ticking.events, lazy.events);
}

TEST_P(Shipped, scenario_is_the_same_twice_in_parallel_and_from_a_copied_world) {
  const Scenario scenario = shipped(GetParam());
  const Prepared prepared = prepare(scenario, world::Tempo::when_it_matters);
  const Prepared again = prepare(scenario, world::Tempo::when_it_matters);
  const Prepared copy = prepared;
  const Variant variant{{scenario.seed, 0}, world::Pace::drawn, 0};
  std::vector<std::uint64_t> fingerprints(4);
  {
    std::vector<std::jthread> threads;
    threads.emplace_back([&] { fingerprints[0] = rehearse(scenario, prepared, variant).fingerprint; });
    threads.emplace_back([&] { fingerprints[1] = rehearse(scenario, prepared, variant).fingerprint; });
    threads.emplace_back([&] { fingerprints[2] = rehearse(scenario, again, variant).fingerprint; });
    threads.emplace_back([&] { fingerprints[3] = rehearse(scenario, copy, variant).fingerprint; });
  }
  EXPECT_EQ(fingerprints, std::vector<std::uint64_t>(4, fingerprints[0]));
}

TEST_P(Shipped, scenario_has_outages_whose_phases_add_up_and_a_journal_that_replays) {
  const Scenario scenario = shipped(GetParam());
  const Prepared prepared = prepare(scenario, world::Tempo::when_it_matters);
  for (const world::Pace pace : {world::Pace::median, world::Pace::p95, world::Pace::drawn}) {
    const RunResult result = rehearse(scenario, prepared, {{scenario.seed, 0}, pace, 0});
    for (const Outage& outage : result.outages) {
      core::Time at = outage.from;
      for (const PhaseSpan& phase : outage.phases) {
        EXPECT_EQ(phase.from, at);
        EXPECT_GT(phase.to, phase.from);
        at = phase.to;
      }
      EXPECT_EQ(at, outage.to) << name_of(outage.service, *result.plan);
    }
    world::State state = result.first;
    for (const world::Record& record : result.journal.records) world::apply(state, record, *result.plan);
    EXPECT_TRUE(state == result.last);
  }
}

INSTANTIATE_TEST_SUITE_P(Golden, Shipped, testing::ValuesIn(shipped_scenarios()), [](const auto& test) {
  std::string name = test.param;
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
});

}  // namespace
}  // namespace rehearse::sim
