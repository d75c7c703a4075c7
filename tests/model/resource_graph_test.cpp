#include "model/resource_graph.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace rehearse::model {
namespace {

using Ints = std::vector<int>;

enum Reference { disk, address, name, sql, agent, master };

/// The reference role (W 7.3, behaviour 4): disk beside address, name, SQL Server, agent, and the Scale Out Master.
ResourceGraph reference_role() {
  return ResourceGraph({{"Cluster Disk 1", {}},
                        {"SQL IP Address 1 (SQLFCI)", {}},
                        {"SQL Network Name (SQLFCI)", {{{address}}}},
                        {"SQL Server", {{{disk}, {name}}}},
                        {"SQL Server Agent", {{{sql}}}},
                        {"Scale Out Master", {{{sql}, {name}}}}});
}

TEST(ResourceGraph, brings_the_reference_role_online_providers_first) {
  const std::vector<Ints> expected = {{disk, address}, {name}, {sql}, {agent, master}};
  EXPECT_EQ(reference_role().levels(), expected);
  EXPECT_TRUE(reference_role().cycle().empty());
}

TEST(ResourceGraph, knows_what_a_resource_needs_and_what_needs_it) {
  const ResourceGraph role = reference_role();
  EXPECT_EQ(role.providers(master), (Ints{disk, address, name, sql}));
  EXPECT_EQ(role.providers(disk), Ints{});
  EXPECT_EQ(role.dependents(address), (Ints{name, sql, agent, master}));
  EXPECT_EQ(role.dependents(agent), Ints{});
  EXPECT_TRUE(role.reaches(agent, disk));
  EXPECT_FALSE(role.reaches(disk, agent));
  EXPECT_FALSE(role.reaches(agent, master));
}

TEST(ResourceGraph, what_falls_with_a_resource_are_its_dependents_where_there_is_no_choice) {
  const ResourceGraph role = reference_role();
  for (int resource = disk; resource <= master; ++resource) {
    Ints expected = role.dependents(resource);
    expected.insert(std::lower_bound(expected.begin(), expected.end(), resource), resource);
    EXPECT_EQ(role.falls_with(resource), expected) << resource;
  }
}

// W 6.2: a multi-subnet name lives while either address does.
TEST(ResourceGraph, of_an_or_the_last_member_must_go_first) {
  const ResourceGraph role({{"IP 1", {}}, {"IP 2", {}}, {"Name", {{{0, 1}}}}, {"SQL", {{{2}, {0}}}}});
  EXPECT_EQ(role.falls_with(1), Ints{1});
  EXPECT_EQ(role.falls_with(0), (Ints{0, 3}));
  EXPECT_TRUE(role.satisfied(2, {true, false, false, false}));
  EXPECT_TRUE(role.satisfied(2, {false, true, false, false}));
  EXPECT_FALSE(role.satisfied(2, {false, false, true, true}));
  EXPECT_FALSE(role.satisfied(3, {false, true, true, false}));
}

TEST(ResourceGraph, names_the_cycle) {
  const ResourceGraph looped({{"a", {}}, {"b", {{{0}, {3}}}}, {"c", {{{1}}}}, {"d", {{{2}}}}});
  EXPECT_EQ(looped.cycle(), (std::vector<std::string>{"b", "d", "c"}));
  EXPECT_THROW(looped.levels(), std::logic_error);
  const ResourceGraph self({{"a", {{{0}}}}});
  EXPECT_EQ(self.cycle(), std::vector<std::string>{"a"});
}

// Every graph of four resources: the order is one exactly when there is no cycle, and then respects every edge.
TEST(ResourceGraph, orders_every_small_graph_or_names_a_true_cycle) {
  constexpr int size = 4;
  int ordered = 0;
  for (int edges = 0; edges < 1 << (size * size); ++edges) {
    std::vector<GraphResource> resources(size);
    for (int from = 0; from < size; ++from) {
      resources[static_cast<std::size_t>(from)].name = std::to_string(from);
      for (int to = 0; to < size; ++to) {
        if (edges >> (from * size + to) & 1) resources[static_cast<std::size_t>(from)].needs.all_of_any.push_back({to});
      }
    }
    const auto edge = [&](int from, int to) { return (edges >> (from * size + to) & 1) != 0; };
    const ResourceGraph graph(resources);
    const std::vector<std::string> cycle = graph.cycle();
    if (cycle.empty()) {
      ++ordered;
      std::vector<int> level_of(size, -1);
      const auto levels = graph.levels();
      for (std::size_t level = 0; level < levels.size(); ++level) {
        for (int resource : levels[level]) level_of[static_cast<std::size_t>(resource)] = static_cast<int>(level);
      }
      for (int from = 0; from < size; ++from) {
        int highest = -1;
        for (int to = 0; to < size; ++to) {
          if (edge(from, to)) highest = std::max(highest, level_of[static_cast<std::size_t>(to)]);
        }
        ASSERT_EQ(level_of[static_cast<std::size_t>(from)], highest + 1);
      }
    } else {
      for (std::size_t i = 0; i < cycle.size(); ++i) {
        ASSERT_TRUE(edge(std::stoi(cycle[i]), std::stoi(cycle[(i + 1) % cycle.size()])));
      }
    }
  }
  EXPECT_EQ(ordered, 543);  // labelled acyclic digraphs on four vertices
}

TEST(ResourceGraph, refuses_dependencies_on_nothing) {
  EXPECT_THROW(ResourceGraph({{"a", {{{1}}}}}), std::logic_error);
  EXPECT_THROW(ResourceGraph({{"a", {{{-1}}}}}), std::logic_error);
  EXPECT_THROW(ResourceGraph({{"a", {{Ints{}}}}}), std::logic_error);
}

TEST(ResourceGraph, writes_the_same_dot_text_with_names_escaped) {
  const ResourceGraph graph({{"Disk \"D:\\\"", {}}, {"IP", {}}, {"Name", {{{0, 1}, {0}}}}});
  EXPECT_EQ(graph.dot(),
            "digraph resources {\n"
            "  rankdir=BT;\n"
            "  r0 [label=\"Disk \\\"D:\\\\\\\"\"];\n"
            "  r1 [label=\"IP\"];\n"
            "  r2 [label=\"Name\"];\n"
            "  r2 -> r0 [style=dashed];\n"
            "  r2 -> r1 [style=dashed];\n"
            "  r2 -> r0;\n"
            "}\n");
}

TEST(ResourceGraph, an_empty_role_has_no_levels) {
  EXPECT_TRUE(ResourceGraph({}).levels().empty());
  EXPECT_TRUE(ResourceGraph({}).cycle().empty());
}

}  // namespace
}  // namespace rehearse::model
