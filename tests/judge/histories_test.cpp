// Every short history of a small cluster: what can happen to its nodes and roles, in every order, with both clusters
// forked at every step.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "pacemaker.hpp"
#include "rehearsed.hpp"

namespace rehearse::judge {
namespace {

using Kind = Happening::Kind;

/// One role that stays where it went and one that goes home, with different homes.
Case two_roles_on_three_nodes() {
  Case cluster;
  cluster.name = "two_roles_on_three_nodes";
  cluster.nodes = {"N1", "N2", "N3"};
  Role stays;
  stays.name = "Db";
  stays.resources = {{"DbDisk", {}}, {"DbIp", {}}, {"DbServer", {{"DbDisk"}, {"DbIp"}}}};
  stays.owner = "N1";
  stays.preferred_owners = {"N1", "N2", "N3"};
  Role goes_home;
  goes_home.name = "App";
  goes_home.resources = {{"AppIp", {}}, {"AppService", {{"AppIp"}}}};
  goes_home.owner = "N2";
  goes_home.preferred_owners = {"N2", "N3"};
  goes_home.failback = true;
  cluster.roles = {stays, goes_home};
  return cluster;
}

/// A name on either of two addresses, a service that needs it and a disk. No number of failures moves it.
Case one_role_with_a_choice() {
  Case cluster;
  cluster.name = "one_role_with_a_choice";
  cluster.nodes = {"N1", "N2"};
  Role role;
  role.name = "App";
  role.resources = {{"AppIp", {}, 9},
                    {"AppIp2", {}, 9},
                    {"AppName", {{"AppIp", "AppIp2"}}, 9},
                    {"AppDisk", {}, 9},
                    {"AppService", {{"AppName"}, {"AppDisk"}}, 9}};
  role.owner = "N1";
  cluster.roles = {role};
  return cluster;
}

/// Both clusters, how they came here, and what an observer remembers of that.
struct Moment {
  RehearsedCluster ours;
  JudgedCluster judge;
  std::string story;
  std::set<std::string> lost, drained, stopped{};  // nodes, nodes, resources
  bool offline = false;                            // the first role, by an operator
  std::map<std::string, std::string> online{};     // resource -> node

  explicit Moment(const Case& cluster) : ours(cluster), judge(cluster) {
    for (const Role& role : cluster.roles) {
      for (const Resource& resource : role.resources) online[resource.name] = role.owner;
    }
  }
  bool can_run(const std::string& node) const { return !lost.contains(node) && !drained.contains(node); }
};

/// What can happen to nodes, and what an operator does with the first role. One node stays fit to run roles: a drain
/// with nowhere to go is a difference of its own.
std::vector<Happening> to_nodes_and_roles(const Case& cluster, const Moment& now) {
  std::vector<Happening> happenings;
  int fit = 0;
  for (const std::string& node : cluster.nodes) fit += now.can_run(node);
  const std::string& role = cluster.roles.front().name;
  for (const std::string& node : cluster.nodes) {
    const bool may_go = fit > 1 || !now.can_run(node);
    if (now.lost.contains(node)) {
      happenings.push_back({Kind::node_back, node});
      continue;
    }
    if (may_go) happenings.push_back({Kind::node_lost, node});
    if (now.drained.contains(node)) {
      happenings.push_back({Kind::node_resumed, node});
    } else {
      if (may_go) happenings.push_back({Kind::node_drained, node});
      happenings.push_back({Kind::role_moved, role, node});
    }
  }
  happenings.push_back({now.offline ? Kind::role_started : Kind::role_stopped, role});
  return happenings;
}

/// What can happen to single resources. Nothing is brought online while an operator holds down anything it may need:
/// that Windows brings this too is a difference of its own.
std::vector<Happening> to_resources(const Case& cluster, const Moment& now) {
  const Precedence needed = dependency_order(cluster, Choices::included);
  std::vector<Happening> happenings;
  for (const Resource& resource : cluster.roles.front().resources) {
    if (now.online.contains(resource.name)) {
      happenings.push_back({Kind::resource_stopped, resource.name});
      happenings.push_back({Kind::resource_fails, resource.name});
      continue;
    }
    const bool held_down = std::any_of(needed.begin(), needed.end(), [&](const auto& pair) {
      return pair.second == resource.name && now.stopped.contains(pair.first);
    });
    if (now.stopped.contains(resource.name) && !held_down) {
      happenings.push_back({Kind::resource_started, resource.name});
    }
  }
  for (const std::string& node : cluster.nodes) {
    if (now.lost.contains(node)) {
      happenings.push_back({Kind::node_back, node});
      continue;
    }
    happenings.push_back({Kind::role_moved, cluster.roles.front().name, node});
    if (now.lost.empty()) happenings.push_back({Kind::node_lost, node});
  }
  return happenings;
}

void remember(Moment& moment, const Happening& happening) {
  switch (happening.kind) {
    case Kind::node_lost: moment.lost.insert(happening.what); break;
    case Kind::node_back: moment.lost.erase(happening.what); break;
    case Kind::node_drained: moment.drained.insert(happening.what); break;
    case Kind::node_resumed: moment.drained.erase(happening.what); break;
    case Kind::resource_stopped: moment.stopped.insert(happening.what); break;
    case Kind::resource_started: moment.stopped.erase(happening.what); break;
    case Kind::role_stopped: moment.offline = true; break;
    case Kind::role_started: moment.offline = false; break;
    default: break;
  }
}

using Possible = std::vector<Happening> (*)(const Case&, const Moment&);

/// Goes on from here in every possible way; how many steps were compared.
int explore(const Case& cluster, const Moment& now, Possible possible, int depth) {
  if (depth == 0) return 0;
  int compared = 0;
  for (const Happening& happening : possible(cluster, now)) {
    Moment next = now;
    next.story += to_text(happening) + "; ";
    const Outcome ours = next.ours.let(happening);
    const Verdict judge = next.judge.let(happening);
    EXPECT_EQ(account(cluster, ours), account(cluster, judge.outcome)) << next.story;
    EXPECT_EQ(contradiction(ours.starts, judge.start_order), "") << next.story;
    EXPECT_EQ(contradiction(ours.stops, judge.stop_order), "") << next.story;
    if (testing::Test::HasFailure()) return compared;  // the first story says enough
    remember(next, happening);
    next.online = ours.online;
    compared += 1 + explore(cluster, next, possible, depth - 1);
  }
  return compared;
}

TEST(Histories, of_nodes_and_roles_end_as_the_judge_says) {
  const Case cluster = two_roles_on_three_nodes();
  EXPECT_GT(explore(cluster, Moment(cluster), to_nodes_and_roles, 2), 100);
}

TEST(Histories, of_resources_end_as_the_judge_says) {
  const Case cluster = one_role_with_a_choice();
  EXPECT_GT(explore(cluster, Moment(cluster), to_resources, 2), 100);
}

}  // namespace
}  // namespace rehearse::judge
