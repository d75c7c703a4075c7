#include "model/structure/cut_sets.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include <bit>
#include <stdexcept>

#include "model/structure/success_paths.hpp"
#include "random_requirements.hpp"

namespace rehearse::model::structure {
namespace {

using Ints = std::vector<int>;
using Pairs = std::vector<std::array<int, 2>>;

/// Graphs of components with these numbers as leaves.
RequirementGraph leaves(int count) {
  RequirementGraph graph;
  for (int component = 0; component < count; ++component) graph.add_leaf("leaf", component);
  return graph;
}

MinimalCutSets cuts_of(const RequirementGraph& graph, int requirement, int components) {
  const Ints requirements = {requirement};
  return minimal_cut_sets(graph, requirements, components).front();
}

TEST(CutSets, of_a_series_every_component_is_one) {
  RequirementGraph graph = leaves(3);
  const int top = graph.add_all("all", {0, 1, 2});
  EXPECT_EQ(cuts_of(graph, top, 3), (MinimalCutSets{false, {0, 1, 2}, {}}));
}

TEST(CutSets, of_two_branches_both_must_go) {
  RequirementGraph graph = leaves(3);
  const int top = graph.add_all("all", {2, graph.add_any("any", {0, 1})});
  EXPECT_EQ(cuts_of(graph, top, 3), (MinimalCutSets{false, {2}, {{0, 1}}}));
}

// Two nodes and a witness: any two of three votes (W 2.2: with a witness one node may be lost).
TEST(CutSets, of_two_votes_of_three_any_two_must_go) {
  RequirementGraph graph = leaves(3);
  const int top = graph.add_some("quorum", 2, {0, 1, 2});
  EXPECT_EQ(cuts_of(graph, top, 3), (MinimalCutSets{false, {}, {{0, 1}, {0, 2}, {1, 2}}}));
}

TEST(CutSets, what_both_branches_need_is_a_single_one) {
  RequirementGraph graph = leaves(3);
  const int one = graph.add_all("one", {0, 2}), other = graph.add_all("other", {1, 2});
  EXPECT_EQ(cuts_of(graph, graph.add_any("any", {one, other}), 3), (MinimalCutSets{false, {2}, {{0, 1}}}));
}

TEST(CutSets, what_is_never_met_has_none) {
  RequirementGraph graph = leaves(2);
  const int top = graph.add_all("all", {0, graph.add_any("nobody", {})});
  EXPECT_EQ(cuts_of(graph, top, 2), (MinimalCutSets{true, {}, {}}));
  EXPECT_EQ(cuts_of(graph, graph.add_all("nothing", {}), 2), (MinimalCutSets{false, {}, {}}));
}

// Two sides: while the first one has a quorum it must be the one that serves.
TEST(CutSets, what_loses_to_somebody_else_is_found_though_losing_both_would_mend_it) {
  RequirementGraph graph = leaves(3);
  const int rival = graph.add_none("the first side has none", {0});
  const int top = graph.add_all("all", {graph.add_any("won", {rival, 1}), 2});
  EXPECT_EQ(cuts_of(graph, top, 3), (MinimalCutSets{false, {1, 2}, {}}));
  const Ints tops = {top}, both = {0, 1};
  EXPECT_FALSE(lost_with(graph, tops, both, 3).front());
  EXPECT_EQ(success_paths(graph, top, 3).dominators, Ints{2});
  EXPECT_EQ(missed_points(success_paths(graph, top, 3), {1, 2}), (std::vector<MissedPoint>{{1, Missed::in_a_stone}}));
}

TEST(CutSets, a_requirement_of_parts_that_do_not_exist_is_refused) {
  RequirementGraph graph = leaves(1);
  EXPECT_THROW(graph.add_all("all", {1}), std::logic_error);
  EXPECT_THROW(graph.add_any("any", {-1}), std::logic_error);
  EXPECT_THROW(graph.add_some("some", -1, {0}), std::logic_error);
  EXPECT_THROW(graph.add_leaf("leaf", -1), std::logic_error);
}

TEST(CutSets, more_than_64_components_are_tried_as_well) {
  constexpr int many = 150;
  RequirementGraph graph = leaves(many);
  const int pair = graph.add_any("pair", {3, 149});
  const int far = graph.add_any("far", {70, 71});
  EXPECT_EQ(cuts_of(graph, graph.add_all("all", {pair, far, 100}), many),
            (MinimalCutSets{false, {100}, {{3, 149}, {70, 71}}}));
}

MinimalCutSets plainly(const RandomRequirements& made) {
  MinimalCutSets sets;
  for (const std::uint64_t cut : all_minimal_cut_sets(made)) {
    const int lowest = std::countr_zero(cut);
    if (cut == 0) return {true, {}, {}};
    if (std::popcount(cut) == 1) sets.single.push_back(lowest);
    if (std::popcount(cut) == 2) sets.doubles.push_back({lowest, std::countr_zero(cut & (cut - 1))});
  }
  std::sort(sets.doubles.begin(), sets.doubles.end());
  return sets;
}

TEST(CutSets, of_random_graphs_are_those_that_trying_every_subset_finds) {
  std::mt19937_64 random(2027);
  int with_doubles = 0;
  for (int round = 0; round < 2000; ++round) {
    const RandomRequirements made = random_requirements(random, true);
    const MinimalCutSets expected = plainly(made);
    ASSERT_EQ(cuts_of(made.graph, made.top, made.components), expected) << round;
    with_doubles += expected.doubles.empty() ? 0 : 1;
  }
  EXPECT_GT(with_doubles, 300);  // the graphs are worth it
}

TEST(CutSets, lost_with_agrees_with_the_plain_reading_for_every_subset) {
  std::mt19937_64 random(8391);
  for (int round = 0; round < 200; ++round) {
    const RandomRequirements made = random_requirements(random, true);
    const std::uint64_t all = (std::uint64_t{1} << made.components) - 1;
    for (std::uint64_t failed = 0; failed <= all; ++failed) {
      Ints down;
      for (int component = 0; component < made.components; ++component) {
        if (failed >> component & 1U) down.push_back(component);
      }
      const Ints top = {made.top};
      ASSERT_NE(lost_with(made.graph, top, down, made.components).front(),
                met_plainly(made.graph, made.top, all & ~failed));
    }
  }
}

// ------------------------------------------------------------------------------------------------ paths

TEST(SuccessPaths, a_bridge_between_branches_dominates) {
  RequirementGraph graph = leaves(5);
  const int left = graph.add_any("left", {0, 1}), right = graph.add_any("right", {3, 4});
  const SuccessPaths paths = success_paths(graph, graph.add_all("all", {left, 2, right}), 5);
  EXPECT_EQ(paths.dominators, Ints{2});
  EXPECT_EQ(paths.articulation_points, Ints{2});
  EXPECT_TRUE(paths.stones.empty());
}

TEST(SuccessPaths, what_is_on_every_path_of_several_branches_is_missed_and_said_so) {
  RequirementGraph graph = leaves(3);
  const int one = graph.add_all("SQL1", {0, 2}), other = graph.add_all("SQL2", {1, 2});
  const int top = graph.add_any("any", {one, other});
  const SuccessPaths paths = success_paths(graph, top, 3);
  EXPECT_TRUE(paths.dominators.empty());
  EXPECT_EQ(missed_points(paths, cuts_of(graph, top, 3).single),
            (std::vector<MissedPoint>{{2, Missed::in_several_branches}}));
}

TEST(SuccessPaths, a_vote_is_one_stone_and_what_decides_it_is_missed) {
  RequirementGraph graph = leaves(3);
  const int site = graph.add_all("a", {0, 2}), same_site = graph.add_all("b", {1, 2});
  const int top = graph.add_some("quorum", 2, {site, same_site, graph.add_any("nobody", {})});
  const SuccessPaths paths = success_paths(graph, top, 3);
  EXPECT_EQ(paths.stones, std::vector<std::string>{"quorum"});
  EXPECT_TRUE(paths.in_every_branch.empty());
  EXPECT_EQ(missed_points(paths, cuts_of(graph, top, 3).single),
            (std::vector<MissedPoint>{{0, Missed::in_a_stone}, {1, Missed::in_a_stone}, {2, Missed::in_a_stone}}));
}

TEST(SuccessPaths, what_never_works_has_none) {
  RequirementGraph graph = leaves(1);
  EXPECT_TRUE(success_paths(graph, graph.add_any("nobody", {}), 1).never_met);
}

// The two walks over the network find the same points, these are single points of failure, and what they miss they
// miss for one of the two reasons; where each component stands in one place and nothing is voted on, they miss nothing.
TEST(SuccessPaths, of_random_graphs_find_single_points_of_failure_and_nothing_else) {
  std::mt19937_64 random(1433);
  int complete = 0, incomplete = 0;
  for (int round = 0; round < 2000; ++round) {
    const RandomRequirements made = random_requirements(random, round % 2 == 0);
    const Ints exact = cuts_of(made.graph, made.top, made.components).single;
    const SuccessPaths paths = success_paths(made.graph, made.top, made.components);
    if (paths.never_met) continue;
    ASSERT_EQ(paths.dominators, paths.articulation_points) << round;
    ASSERT_TRUE(std::includes(exact.begin(), exact.end(), paths.dominators.begin(), paths.dominators.end())) << round;
    const auto missed = missed_points(paths, exact);
    ASSERT_EQ(missed.size() + paths.dominators.size(), exact.size());
    (missed.empty() ? complete : incomplete) += exact.empty() ? 0 : 1;
    const bool voted = std::any_of(missed.begin(), missed.end(),
                                   [](const MissedPoint& one) { return one.reason == Missed::in_a_stone; });
    ASSERT_TRUE(!voted || !paths.stones.empty()) << round;
  }
  EXPECT_GT(complete, 300);
  EXPECT_GT(incomplete, 30);
}

TEST(SuccessPaths, of_trees_without_votes_find_every_single_point_of_failure) {
  std::mt19937_64 random(3343);
  int points = 0;
  for (int round = 0; round < 500; ++round) {
    RequirementGraph graph;
    Ints open;
    const int components = 3 + static_cast<int>(random() % 8);
    for (int component = 0; component < components; ++component) open.push_back(graph.add_leaf("leaf", component));
    while (open.size() > 1) {  // each requirement becomes part of one other
      std::shuffle(open.begin(), open.end(), random);
      const std::size_t count = 2 + random() % 2;
      const Ints parts(open.end() - static_cast<std::ptrdiff_t>(std::min(count, open.size())), open.end());
      open.resize(open.size() - parts.size());
      open.push_back(random() % 2 == 0 ? graph.add_all("all", parts) : graph.add_any("any", parts));
    }
    const Ints exact = cuts_of(graph, open.front(), components).single;
    ASSERT_EQ(success_paths(graph, open.front(), components).dominators, exact) << round;
    points += static_cast<int>(exact.size());
  }
  EXPECT_GT(points, 500);
}

}  // namespace
}  // namespace rehearse::model::structure
