// The charts' specifications for a small run, as a person has read and approved them (tests/golden/html). After a
// deliberate change: REHEARSE_UPDATE_GOLDEN=1 ctest -R html.Specification, then read the difference.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "sim/report/html/load_chart.hpp"
#include "sim/report/html/run_charts.hpp"
#include "tests/scenario/hand_made_run.hpp"
#include "tests/support/files.hpp"

namespace rehearse::sim::html {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

const std::filesystem::path golden_folder = std::filesystem::path(REHEARSE_SOURCE_DIR) / "tests" / "golden" / "html";

void expect_golden(const std::string& name, const Json& specification) {
  const std::filesystem::path file = golden_folder / (name + ".json");
  const std::string text = specification.dump(1) + "\n";
  if (std::getenv("REHEARSE_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(golden_folder);
    std::ofstream(file) << text;
  }
  EXPECT_EQ(text, tests::content_of(file));
}

RunResult power_loss() {
  HandMade run;
  run.tell_power_loss(40min);
  return run.result(2h);
}

TEST(Specification, of_the_timeline) {
  const RunResult run = power_loss();
  expect_golden("timeline", timeline_chart(run, lanes_of(run)));
}

TEST(Specification, of_the_outages) {
  const RunResult run = power_loss();
  expect_golden("outages", outage_chart(told_outages(run)));
}

TEST(Specification, of_the_queue_and_the_slots) {
  const RunResult run = power_loss();
  const std::vector<LoadPoint> load = load_of(run);
  expect_golden("queue", queue_chart(run, load));
  expect_golden("slots", slots_chart(run, load));
}

}  // namespace
}  // namespace rehearse::sim::html
