// Operations on a simulated world, cut off at every call and performed again.
#include <gtest/gtest.h>

#include <functional>

#include "deployed_worlds.hpp"
#include "model/steps/adapters/faulty.hpp"
#include "model/steps/operations.hpp"
#include "sim/world/membership.hpp"
#include "sim/world/replicas.hpp"
#include "sim/world/roles.hpp"

namespace rehearse::sim {
namespace {

using namespace std::chrono_literals;
using steps::FaultKind;
using world::World;

struct Operation {
  const char* name;
  steps::OperationArguments arguments;
  std::function<void(World&)> arrange;
  const char* design = "separate";
};

const std::string sql_role = "SQL Server (MSSQLSERVER)";
constexpr world::HostIndex second_node = 1;

void nothing(World&) {}
void paused(World& world) {
  world.membership().pause(second_node, true, 0);
}
void stopped(World& world) {
  world.membership().stop_service(second_node, 0);
}
void offline(World& world) {
  world.roles().want(world.plan().sql_group, false, 0);
}
void quarantined(World& world) {
  for (int departure = 0; departure < 3; ++departure) {
    world.membership().crash_cluster_service(second_node, 0);
    world.run_until(world.now() + 5min);
  }
}
void without_quorum(World& world) {
  world.membership().set_witness_down(true, 0);
  world.membership().lose_power(second_node, 0);
}

void forced(World& world) {
  world.replicas().force_failover(second_node, 0);
}
const char* const group = "../scale_out/designs/availability_group";

const std::vector<Operation>& all_operations() {
  static const std::vector<Operation> all = {
      {"move_role", {{"role", sql_role}, {"to", "SQL2"}}, nothing},
      {"offline_role", {{"role", sql_role}}, nothing},
      {"online_role", {{"role", sql_role}}, offline},
      {"offline_resource", {{"resource", "SQL Server Agent"}}, nothing},
      {"online_resource", {{"resource", "SQL Server"}}, offline},
      {"pause_node", {{"node", "SQL1"}}, nothing},
      {"drain_node", {{"node", "SQL1"}}, nothing},
      {"resume_node", {{"node", "SQL2"}, {"failback", "immediate"}}, paused},
      {"stop_node", {{"node", "SQL1"}}, nothing},
      {"start_node", {{"node", "SQL2"}}, stopped},
      {"rejoin_node", {{"node", "SQL2"}}, stopped},
      {"clear_quarantine", {{"node", "SQL2"}}, quarantined},
      {"force_quorum", {{"node", "SQL1"}}, without_quorum},
      {"restart_node", {{"node", "SQL2"}}, nothing},
      {"shut_down_node", {{"node", "SQL2"}}, nothing},
      {"patch_node", {{"node", "SQL2"}}, nothing},
      {"patch_rolling", {}, nothing},
      {"force_failover", {{"to", "SQL2"}}, nothing, group},
      {"resume_data_movement", {{"node", "SQL1"}}, forced, group},
  };
  return all;
}

class CutOff : public testing::TestWithParam<std::size_t> {};

TEST_P(CutOff, anywhere_an_operation_goes_on_to_the_same_end) {
  const Operation& operation = all_operations()[GetParam()];
  const model::Design design = shipped_design(operation.design);
  World begin = deployed_world(design);
  operation.arrange(begin);
  begin.run_until(begin.now() + 10min);

  const auto perform = [&](World& world, std::size_t at, FaultKind kind, std::size_t& failures) {
    Driver driver(world);
    steps::Faulty faulty(driver.platform(), at, kind);
    StepProcedure procedure(steps::operation_steps(design, operation.name, operation.arguments));
    procedure.start(driver, faulty.platform());
    driver.run_until_idle();
    failures += !procedure.succeeded();
    return faulty.calls();
  };
  constexpr std::size_t nowhere = -1;
  std::size_t failures = 0;
  World whole = begin;
  const std::size_t calls = perform(whole, nowhere, FaultKind::before, failures);
  ASSERT_EQ(failures, 0U);
  whole.run_until(whole.now() + 1h);
  const std::string end = deployment_of(whole);

  for (const FaultKind kind : {FaultKind::before, FaultKind::answer_lost, FaultKind::hang, FaultKind::garbage}) {
    for (std::size_t at = 0; at < calls; ++at) {
      World world = begin;
      perform(world, at, kind, failures);
      const DeploymentRun resumed =
          run_steps(world, steps::operation_steps(design, operation.name, operation.arguments));
      ASSERT_TRUE(resumed.succeeded) << "cut at call " << at << ": " << to_text(resumed.notes);
      world.run_until(world.now() + 1h);
      ASSERT_EQ(deployment_of(world), end) << "cut at call " << at;
    }
  }
  EXPECT_GT(failures, 0U) << "no cut had any effect";
}

INSTANTIATE_TEST_SUITE_P(Operations, CutOff, testing::Range(std::size_t{0}, all_operations().size()),
                         [](const auto& parameter) { return std::string(all_operations()[parameter.param].name); });

}  // namespace
}  // namespace rehearse::sim
