// Design rules against the simulated world: a design that breaks a rule of severity error about what a failover meets
// does not get through planned moves of its roles, and the same design with the remedy does. Only rules whose mistake a
// move of the roles brings to light are here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "model/design_reader.hpp"
#include "model/rules/rule.hpp"
#include "sim/scenario/runner.hpp"
#include "sim/scenario/scenario_reader.hpp"

namespace rehearse::sim {
namespace {

/// Where the roles of the design move to, and what must hold afterwards.
std::string scenario_of(const std::string& path) {
  const auto design = model::read_design_file(std::string(REHEARSE_SOURCE_DIR) + "/" + path).design;
  if (!design) throw std::logic_error("the corpus holds a design that cannot be read: " + path);
  std::string moves;
  const auto move = [&](const char* at, const std::string& role) {
    if (!moves.empty()) moves += ", ";
    moves += std::string(R"({ "at": ")") + at + R"(", "step": "move_role", "role": ")" + role + R"(", "to": "SQL2" })";
  };
  move("10m", design->master_role_name());
  if (design->scale_out.placement == model::Placement::separate) move("40m", design->fci.role_name());
  return R"({ "name": "moves", "design": ")" + path +
         R"(", "seed": 1, "start": "2027-01-01T01:00:00Z", "duration": "80m", "deploy": "installed", "timeline": [)" +
         moves +
         R"(], "expect": [ { "workers": "all", "connected_by": "35m" }, { "workers": "all", "connected_at": "75m" },
         { "service": "package_execution", "outage": { "max": "15m" } } ] })";
}

Outcome outcome_of(const std::string& path) {
  const ScenarioResult read = read_scenario(scenario_of(path), "moves.json", REHEARSE_SOURCE_DIR);
  std::string told;
  for (const model::Diagnostic& diagnostic : read.diagnostics) told += to_text(diagnostic) + "\n";
  if (!read.scenario) throw std::logic_error("no scenario: " + told);
  RunOptions options;
  options.replications = 10;
  return run(*read.scenario, options).outcome();
}

class CheckAgreement : public testing::TestWithParam<const char*> {};

TEST_P(CheckAgreement, the_simulated_moves_go_wrong_with_the_mistake_and_right_with_the_remedy) {
  const model::rules::Rule* rule = model::rules::find_rule(GetParam());
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->level, model::rules::Level::error);
  const std::string folder = std::string("tests/negative/rules/") + GetParam();
  EXPECT_NE(outcome_of(folder + "/failing.json"), Outcome::passed);
  EXPECT_EQ(outcome_of(folder + "/passing.json"), Outcome::passed);
}

// ACC-001 is unknown rather than failed: whether a master that cannot log in stays or exits is not published.
INSTANTIATE_TEST_SUITE_P(Rules, CheckAgreement,
                         testing::Values("CERT-001", "CERT-002", "CERT-004", "CERT-005", "DATE-001", "THUMB-003",
                                         "END-001", "END-002", "END-004", "SET-001", "SET-002", "ACC-001", "NET-001",
                                         "AG-003"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace rehearse::sim
