#include "pacemaker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cases.hpp"

namespace rehearse::judge {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> accounts_of(const Case& cluster, const std::vector<Verdict>& verdicts) {
  std::vector<std::string> accounts;
  for (const Verdict& verdict : verdicts) accounts.push_back(account(cluster, verdict.outcome));
  return accounts;
}

/// The part of an order that speaks of nothing but these resources.
Precedence among(const Precedence& order, const std::vector<std::string>& resources) {
  const auto named = [&](const std::string& name) {
    return std::find(resources.begin(), resources.end(), name) != resources.end();
  };
  Precedence part;
  for (const auto& [earlier, later] : order) {
    if (named(earlier) && named(later)) part.emplace(earlier, later);
  }
  return part;
}

Precedence reversed(const Precedence& order) {
  Precedence other_way;
  for (const auto& [earlier, later] : order) other_way.emplace(later, earlier);
  return other_way;
}

TEST(Pacemaker, decides_every_agreed_case_as_its_account_says) {
  for (const auto& [cluster, accounts] : agreed_cases()) {
    SCOPED_TRACE(cluster.name);
    EXPECT_EQ(accounts_of(cluster, ask_pacemaker(cluster)), accounts);
  }
}

TEST(Pacemaker, decides_every_difference_as_its_account_says) {
  for (const auto& [cluster, windows, pacemaker] : differences()) {
    SCOPED_TRACE(cluster.name);
    EXPECT_NE(windows, pacemaker);
    EXPECT_EQ(accounts_of(cluster, ask_pacemaker(cluster)), pacemaker);
  }
}

// Independent branches of a role are free: that the judge orders neither more nor less than the dependencies say shows
// that the translation adds no order of its own.
TEST(Pacemaker, orders_starts_and_stops_by_the_dependencies_and_by_nothing_else) {
  std::size_t pairs = 0;
  for (const auto& [cluster, accounts] : agreed_cases()) {
    SCOPED_TRACE(cluster.name);
    const Precedence starts = dependency_order(cluster, Choices::left_out);
    const Precedence stops = reversed(dependency_order(cluster, Choices::included));
    for (const Verdict& verdict : ask_pacemaker(cluster)) {
      EXPECT_EQ(verdict.start_order, among(starts, verdict.outcome.starts));
      EXPECT_EQ(verdict.stop_order, among(stops, verdict.outcome.stops));
      EXPECT_EQ(contradiction(verdict.outcome.starts, verdict.start_order), "");
      EXPECT_EQ(contradiction(verdict.outcome.stops, verdict.stop_order), "");
      pairs += verdict.start_order.size() + verdict.stop_order.size();
    }
  }
  EXPECT_GT(pairs, 300U);
}

TEST(Pacemaker, says_which_resources_a_restart_in_place_touches) {
  for (const auto& [cluster, accounts] : agreed_cases()) {
    if (cluster.name != "a_first_failure_restarts_in_place_with_all_that_need_it") continue;
    const Outcome outcome = ask_pacemaker(cluster).front().outcome;
    EXPECT_THAT(outcome.stops, ElementsAre("DbAgent", "DbServer", "DbName"));
    EXPECT_THAT(outcome.starts, ElementsAre("DbName", "DbServer", "DbAgent"));
    return;
  }
  FAIL() << "the case is gone";
}

TEST(Pacemaker, refuses_a_case_that_makes_no_sense_in_its_own_words) {
  Case nonsense = agreed_cases().front().cluster;
  nonsense.roles.front().resources.front().name = "two words";
  EXPECT_THROW(ask_pacemaker(nonsense), std::runtime_error);
}

TEST(Pacemaker, names_the_package_where_it_is_not_installed) {
  try {
    JudgedCluster(agreed_cases().front().cluster, "crm_simulate_of_another_machine");
    FAIL() << "somebody answered";
  } catch (const std::runtime_error& failure) {
    EXPECT_THAT(failure.what(), testing::HasSubstr("pacemaker-cli-utils"));
  }
}

TEST(Account, tells_where_roles_are_and_what_is_down) {
  const Case cluster = agreed_cases().front().cluster;
  Outcome outcome;
  outcome.owners["Db"] = "N2";
  for (const Resource& resource : cluster.roles.front().resources) outcome.online[resource.name] = "N2";
  EXPECT_EQ(account(cluster, outcome), "Db on N2");
  outcome.online.erase("DbAgent");
  EXPECT_EQ(account(cluster, outcome), "Db on N2 without DbAgent");
  outcome.online["DbDisk"] = "N1";
  EXPECT_THROW(account(cluster, outcome), std::logic_error);
}

TEST(Order, names_a_pair_that_is_the_wrong_way_round) {
  const Precedence order{{"a", "b"}, {"b", "c"}};
  EXPECT_THAT(contradiction({"a", "b", "c"}, order), IsEmpty());
  EXPECT_THAT(contradiction({"c"}, order), IsEmpty());
  EXPECT_EQ(contradiction({"a", "c", "b"}, order), "c before b");
}

}  // namespace
}  // namespace rehearse::judge
