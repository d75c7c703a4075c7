// The pure decisions of the model, each against the judge, exhaustively for small clusters.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "model/placement.hpp"
#include "model/resource_graph.hpp"
#include "model/restart_policy.hpp"
#include "pacemaker.hpp"

namespace rehearse::judge {
namespace {

using Kind = Happening::Kind;

std::string node_name(int node) {
  return "N" + std::to_string(node + 1);
}

std::vector<std::string> node_names(const std::vector<int>& nodes) {
  std::vector<std::string> names;
  for (int node : nodes) names.push_back(node_name(node));
  return names;
}

/// What a role wants: each cluster below has one for every order of preferred owners, all of them owned by node 0.
struct Wanted {
  std::string role;
  std::vector<int> preferred;
  model::NodeMask possible = 0;
};

/// With every set of possible owners, or with all nodes possible only.
std::vector<Wanted> every_wish(int nodes, bool every_possible_owner) {
  std::vector<Wanted> wishes;
  const model::NodeMask all = model::first_nodes(nodes);
  std::vector<int> order(static_cast<std::size_t>(nodes));
  std::iota(order.begin(), order.end(), 0);
  do {
    for (model::NodeMask possible = every_possible_owner ? 1 : all; possible <= all; possible += 2) {
      wishes.push_back({"R" + std::to_string(wishes.size()), order, possible});
    }
  } while (std::next_permutation(order.begin(), order.end()));
  return wishes;
}

/// All wishes are roles of one cluster, since roles that do not avoid each other do not see each other.
Case every_role(int nodes, const std::vector<Wanted>& wishes) {
  Case cluster;
  for (int node = 0; node < nodes; ++node) cluster.nodes.push_back(node_name(node));
  for (const Wanted& wanted : wishes) {
    Role role;
    role.name = wanted.role;
    role.resources = {{wanted.role + "Service", {}}};
    role.owner = node_name(0);
    role.preferred_owners = node_names(wanted.preferred);
    for (int node = 0; node < nodes; ++node) {
      if (model::contains(wanted.possible, node)) role.possible_owners.push_back(node_name(node));
    }
    cluster.roles.push_back(std::move(role));
  }
  return cluster;
}

/// Over every set of drained nodes; how many roles found a node.
int compare_targets(int nodes, const std::vector<Wanted>& wishes, Kind how, model::MoveReason reason) {
  const model::NodeMask everybody = model::first_nodes(nodes);
  int found = 0;
  for (model::NodeMask drained = 0; drained <= everybody; drained += 2) {  // never node 0
    Case cluster = every_role(nodes, wishes);
    for (int node = 1; node < nodes; ++node) {
      if (model::contains(drained, node)) cluster.happenings.push_back({Kind::node_drained, node_name(node)});
    }
    cluster.happenings.push_back({how, node_name(0)});
    const Outcome judged = ask_pacemaker(cluster).back().outcome;
    for (const Wanted& wanted : wishes) {
      model::PlacementRequest request;
      request.reason = reason;
      request.current_owner = 0;
      request.members = everybody;
      request.up = everybody & ~model::NodeMask{1};
      request.paused = drained;
      request.possible_owners = wanted.possible;
      request.preferred_owners = wanted.preferred;
      const int target = model::choose_target(request, 0).node;
      const std::string ours = target == model::no_node ? "" : node_name(target);
      const auto place = judged.online.find(wanted.role + "Service");
      EXPECT_EQ(ours, place == judged.online.end() ? "" : place->second)
          << wanted.role << " prefers " << testing::PrintToString(wanted.preferred) << ", may be on " << wanted.possible
          << ", drained " << drained;
      found += target != model::no_node;
    }
  }
  return found;
}

TEST(Placement, after_a_node_loss_is_the_judges_in_every_cluster_of_three) {
  EXPECT_EQ(compare_targets(3, every_wish(3, true), Kind::node_lost, model::MoveReason::node_loss), 6 * (2 + 2 + 3));
}

TEST(Placement, after_a_node_loss_is_the_judges_for_every_order_of_four) {
  EXPECT_EQ(compare_targets(4, every_wish(4, false), Kind::node_lost, model::MoveReason::node_loss), 24 * 7);
}

TEST(Placement, of_a_drain_is_the_judges_in_every_cluster_of_three) {
  EXPECT_EQ(compare_targets(3, every_wish(3, true), Kind::node_drained, model::MoveReason::drain), 6 * (2 + 2 + 3));
}

TEST(RestartPolicy, moves_a_role_at_the_same_failure_as_the_judge) {
  for (int threshold = 0; threshold <= 4; ++threshold) {
    Case cluster;
    cluster.nodes = {"N1", "N2"};
    Role role;
    role.name = "R";
    role.resources = {{"Service", {}, threshold}};
    role.owner = "N1";
    cluster.roles = {role};
    for (int failure = 0; failure <= threshold; ++failure) {
      cluster.happenings.push_back({Kind::resource_fails, "Service"});
    }
    model::RestartSettings settings;
    settings.threshold = threshold;
    model::SlidingWindow restarts;
    Duration now = std::chrono::hours(1);
    for (const Verdict& verdict : ask_pacemaker(cluster)) {
      now += std::chrono::seconds(10);
      const auto decision = model::after_resource_failure(restarts, now, settings);
      const bool moves = decision.kind == model::RestartDecision::Kind::fail_over_group;
      EXPECT_EQ(moves ? "N2" : "N1", verdict.outcome.owners.at("R")) << "threshold " << threshold;
      if (!moves) restarts.add(now);
    }
  }
}

constexpr unsigned small_roles = 64;

/// Every way in which each of four resources may need some of those before it: a bit for each pair of them.
std::vector<std::vector<int>> needs_of_small_role(unsigned number) {
  std::vector<std::vector<int>> needs(4);
  for (int dependent = 1; dependent < 4; ++dependent) {
    for (int provider = 0; provider < dependent; ++provider, number >>= 1) {
      if ((number & 1U) != 0) needs[static_cast<std::size_t>(dependent)].push_back(provider);
    }
  }
  return needs;
}

std::string resource_name(unsigned role, int resource) {
  return "R" + std::to_string(role) + "r" + std::to_string(resource);
}

/// Adds the role to the cluster, and the order of its starts as the model's graph knows it.
void add_small_role(unsigned number, Case& cluster, Precedence& ours) {
  Role role;
  role.name = "R" + std::to_string(number);
  role.owner = "N1";
  std::vector<model::GraphResource> resources;
  for (const std::vector<int>& needs : needs_of_small_role(number)) {
    const std::string name = resource_name(number, static_cast<int>(resources.size()));
    role.resources.push_back({name, {}});
    resources.push_back({name, {}});
    for (int provider : needs) {
      role.resources.back().needs.push_back({resource_name(number, provider)});
      resources.back().needs.all_of_any.push_back({provider});
    }
  }
  const model::ResourceGraph graph(resources);
  for (int dependent = 0; dependent < 4; ++dependent) {
    for (int provider : graph.providers(dependent)) {
      ours.emplace(resource_name(number, provider), resource_name(number, dependent));
    }
  }
  cluster.roles.push_back(std::move(role));
}

TEST(ResourceGraph, knows_the_judges_order_of_starts_and_stops_for_every_role_of_four_resources) {
  constexpr unsigned at_once = 8;  // the judge's time grows with the square
  for (unsigned first = 0; first < small_roles; first += at_once) {
    Case cluster;
    cluster.nodes = {"N1", "N2"};
    cluster.happenings = {{Kind::node_drained, "N1"}};
    Precedence ours;
    for (unsigned number = first; number < first + at_once; ++number) add_small_role(number, cluster, ours);
    const Verdict verdict = ask_pacemaker(cluster).front();
    EXPECT_EQ(verdict.start_order, ours);
    Precedence backwards;
    for (const auto& [provider, dependent] : ours) backwards.emplace(dependent, provider);
    EXPECT_EQ(verdict.stop_order, backwards);
    EXPECT_EQ(verdict.outcome.starts.size(), 4 * at_once);
  }
}

/// What falls when one resource ends and must not restart, OR dependencies included.
TEST(ResourceGraph, lets_fall_what_the_judge_lets_fall) {
  Case cluster;
  cluster.nodes = {"N1", "N2"};
  Role role;
  role.name = "R";
  role.owner = "N1";
  role.resources = {{"Ip1", {}},
                    {"Ip2", {}},
                    {"Disk", {}},
                    {"Name", {{"Ip1", "Ip2"}}},
                    {"Server", {{"Name"}, {"Disk"}}},
                    {"Agent", {{"Server"}}}};
  for (Resource& resource : role.resources) resource.restarts = false;
  cluster.roles = {role};
  const model::ResourceGraph graph(
      {{"Ip1", {}}, {"Ip2", {}}, {"Disk", {}}, {"Name", {{{0, 1}}}}, {"Server", {{{3}, {2}}}}, {"Agent", {{{4}}}}});
  for (int failed = 0; failed < 6; ++failed) {
    cluster.happenings = {{Kind::resource_fails, role.resources[static_cast<std::size_t>(failed)].name}};
    const Outcome outcome = ask_pacemaker(cluster).front().outcome;
    std::vector<int> fallen;
    for (int index = 0; index < 6; ++index) {
      if (!outcome.online.contains(role.resources[static_cast<std::size_t>(index)].name)) fallen.push_back(index);
    }
    EXPECT_EQ(fallen, graph.falls_with(failed)) << role.resources[static_cast<std::size_t>(failed)].name;
  }
}

}  // namespace
}  // namespace rehearse::judge
