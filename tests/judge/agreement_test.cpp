// Rehearse against Pacemaker: what both must see alike, and where Rehearse, being about Windows, must not follow.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "cases.hpp"
#include "pacemaker.hpp"
#include "rehearsed.hpp"

namespace rehearse::judge {
namespace {

using Kind = Happening::Kind;

std::set<std::string> as_set(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

/// Pacemaker stops a failed resource before it starts it again; on Windows it is down already.
std::set<std::string> stops_without(const Outcome& outcome, const Happening& happening) {
  std::set<std::string> stops = as_set(outcome.stops);
  if (happening.kind == Kind::resource_fails) stops.erase(happening.what);
  return stops;
}

void expect_agreement(const Outcome& ours, const Verdict& judge, const Happening& happening) {
  EXPECT_EQ(as_set(ours.starts), as_set(judge.outcome.starts));
  EXPECT_EQ(contradiction(ours.starts, judge.start_order), "");
  EXPECT_EQ(contradiction(ours.stops, judge.stop_order), "");
  // A lost node stops nothing any more; Pacemaker writes down what its fencing ended.
  if (happening.kind == Kind::node_lost) return;
  EXPECT_EQ(stops_without(ours, happening), stops_without(judge.outcome, happening));
}

TEST(Agreement, owners_and_the_order_of_starts_and_stops_are_the_judges) {
  for (const auto& [cluster, accounts] : agreed_cases()) {
    SCOPED_TRACE(cluster.name);
    const auto ours = rehearse_case(cluster);
    const auto judge = ask_pacemaker(cluster);
    for (std::size_t index = 0; index < cluster.happenings.size(); ++index) {
      SCOPED_TRACE(to_text(cluster.happenings[index]));
      EXPECT_EQ(account(cluster, ours[index]), account(cluster, judge[index].outcome));
      expect_agreement(ours[index], judge[index], cluster.happenings[index]);
    }
  }
}

TEST(Difference, is_decided_as_windows_does) {
  for (const auto& [cluster, windows, pacemaker] : differences()) {
    SCOPED_TRACE(cluster.name);
    std::vector<std::string> accounts;
    for (const Outcome& outcome : rehearse_case(cluster)) accounts.push_back(account(cluster, outcome));
    EXPECT_EQ(accounts, windows);
  }
}

}  // namespace
}  // namespace rehearse::judge
