// A feature that lacks something on nodes of a cluster that is at work: no node is restarted under its roles.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/steps/cluster_steps.hpp"
#include "tests/agreement/deployed.hpp"
#include "tests/far_side/clockwork.hpp"

namespace rehearse::agreement {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* cluster_cmdlets = "RSAT-Clustering-PowerShell";

class ActiveNodes : public testing::Test {
 protected:
  ActiveNodes() {
    for (const char* node : {"SQL1", "SQL2"}) machine(node).features.erase(cluster_cmdlets);
  }

  far_side::Machine& machine(const std::string& name) { return farm.world.machines.at(name); }

  std::string install() {
    std::vector<steps::StepPtr> steps;
    steps.push_back(steps::install_failover_clustering({"SQL1", "SQL2"}));
    return farm.perform(steps);
  }

  void expect_nobody_restarted() {
    for (const char* node : {"SQL1", "SQL2"}) {
      EXPECT_EQ(machine(node).booted, start.far.machines.at(node).booted) << node;
      EXPECT_FALSE(machine(node).goes_down) << node;
    }
  }

  const Deployed& start = deployed("stated joint");
  FarFarm farm{start.deployable, start.far};
};

TEST_F(ActiveNodes, get_missing_cmdlets_without_a_restart_even_while_something_else_waits_for_one) {
  farm.world.feature_wants_restart = false;
  for (const char* node : {"SQL1", "SQL2"}) far_side::ask_for_restart(farm.world, node);
  EXPECT_EQ(install(), "");
  EXPECT_EQ(machine("SQL1").features[cluster_cmdlets], "Installed");
  expect_nobody_restarted();
}

TEST_F(ActiveNodes, are_not_restarted_by_the_step_but_by_whoever_drains_them) {
  const std::string account = install();
  EXPECT_THAT(account, HasSubstr("Windows wants a restart of SQL1"));
  EXPECT_THAT(account, HasSubstr("restart_node"));
  expect_nobody_restarted();

  for (const char* node : {"SQL1", "SQL2"}) {
    far_side::begin_shutdown(farm.world, node, true);
    farm.rest();
  }
  EXPECT_EQ(install(), "");
}

TEST_F(ActiveNodes, that_are_none_any_more_are_restarted) {
  for (const char* node : {"SQL1", "SQL2"}) machine(node).services.at("ClusSvc").state = "Stopped";
  EXPECT_EQ(install(), "");
  EXPECT_THAT(machine("SQL1").booted, Not(start.far.machines.at("SQL1").booted));
}

}  // namespace
}  // namespace rehearse::agreement
