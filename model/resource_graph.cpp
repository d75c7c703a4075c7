#include "model/resource_graph.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/depth_first_search.hpp>
#include <boost/graph/reverse_graph.hpp>
#include <boost/graph/topological_sort.hpp>
#include <cstddef>
#include <set>
#include <stdexcept>
#include <utility>

#include "model/dot_text.hpp"

namespace rehearse::model {
namespace {

// Edges lead from dependent to provider. Vectors for both, so that every walk goes by index and gives the same result.
using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;

/// The distinct providers of a resource, by index.
std::set<int> direct_providers(const GraphResource& resource) {
  std::set<int> providers;
  for (const auto& clause : resource.needs.all_of_any) providers.insert(clause.begin(), clause.end());
  return providers;
}

Graph graph_of(const std::vector<GraphResource>& resources) {
  Graph graph(resources.size());
  for (std::size_t dependent = 0; dependent < resources.size(); ++dependent) {
    for (int provider : direct_providers(resources[dependent])) {
      boost::add_edge(dependent, static_cast<std::size_t>(provider), graph);
    }
  }
  return graph;
}

/// Everything that can be reached from a resource, without itself unless it lies on a cycle; sorted.
template <class AnyGraph>
std::vector<int> reachable(const AnyGraph& graph, int from) {
  std::vector<boost::default_color_type> colors(boost::num_vertices(graph), boost::white_color);
  boost::queue<std::size_t> queue;
  boost::breadth_first_visit(graph, static_cast<std::size_t>(from), queue, boost::default_bfs_visitor(),
                             boost::make_iterator_property_map(colors.begin(), boost::get(boost::vertex_index, graph)));
  std::vector<int> found;
  for (std::size_t i = 0; i < colors.size(); ++i) {
    if (colors[i] != boost::white_color && static_cast<int>(i) != from) found.push_back(static_cast<int>(i));
  }
  return found;
}

/// Ends a depth-first search at the first edge that closes a cycle.
struct CycleFound {
  std::size_t from, to;
};

class CycleVisitor : public boost::default_dfs_visitor {
 public:
  explicit CycleVisitor(std::vector<std::size_t>& parents) : parents_(&parents) {}

  template <class Edge>
  void tree_edge(const Edge& edge, const Graph& graph) const {
    (*parents_)[boost::target(edge, graph)] = boost::source(edge, graph);
  }
  template <class Edge>
  void back_edge(const Edge& edge, const Graph& graph) const {
    throw CycleFound{boost::source(edge, graph), boost::target(edge, graph)};
  }

 private:
  std::vector<std::size_t>* parents_;  // the search copies its visitor
};

}  // namespace

ResourceGraph::ResourceGraph(std::vector<GraphResource> resources) : resources_(std::move(resources)) {
  const int size = static_cast<int>(resources_.size());
  for (const GraphResource& resource : resources_) {
    for (const auto& clause : resource.needs.all_of_any) {
      if (clause.empty()) throw std::logic_error("an empty dependency of " + resource.name);
      for (int provider : clause) {
        if (provider < 0 || provider >= size)
          throw std::logic_error("a dependency of " + resource.name + " on nothing");
      }
    }
  }
}

std::vector<std::string> ResourceGraph::cycle() const {
  const Graph graph = graph_of(resources_);
  std::vector<std::size_t> parents(resources_.size());
  try {
    boost::depth_first_search(graph, boost::visitor(CycleVisitor(parents)));
  } catch (const CycleFound& closing) {
    std::vector<std::string> names = {resources_[closing.from].name};
    for (std::size_t at = closing.from; at != closing.to; at = parents[at])
      names.push_back(resources_[parents[at]].name);
    std::reverse(names.begin(), names.end());
    return names;
  }
  return {};
}

std::vector<std::vector<int>> ResourceGraph::levels() const {
  const Graph graph = graph_of(resources_);
  std::vector<std::size_t> providers_first;
  try {
    boost::topological_sort(graph, std::back_inserter(providers_first));
  } catch (const boost::not_a_dag&) {
    throw std::logic_error("resources that depend on one another in a circle have no order");
  }
  std::vector<std::size_t> level_of(resources_.size(), 0);
  std::vector<std::vector<int>> levels;
  for (std::size_t resource : providers_first) {
    for (int provider : direct_providers(resources_[resource])) {
      level_of[resource] = std::max(level_of[resource], level_of[static_cast<std::size_t>(provider)] + 1);
    }
    levels.resize(std::max(levels.size(), level_of[resource] + 1));
  }
  for (std::size_t i = 0; i < resources_.size(); ++i) levels[level_of[i]].push_back(static_cast<int>(i));
  return levels;
}

std::vector<int> ResourceGraph::providers(int resource) const {
  return reachable(graph_of(resources_), resource);
}

std::vector<int> ResourceGraph::dependents(int resource) const {
  return reachable(boost::make_reverse_graph(graph_of(resources_)), resource);
}

bool ResourceGraph::reaches(int dependent, int provider) const {
  const std::vector<int> found = providers(dependent);
  return std::binary_search(found.begin(), found.end(), provider);
}

bool ResourceGraph::satisfied(int resource, const std::vector<bool>& online) const {
  const auto& clauses = resources_.at(static_cast<std::size_t>(resource)).needs.all_of_any;
  return std::all_of(clauses.begin(), clauses.end(), [&](const std::vector<int>& clause) {
    return std::any_of(clause.begin(), clause.end(),
                       [&](int provider) { return online.at(static_cast<std::size_t>(provider)); });
  });
}

std::vector<int> ResourceGraph::falls_with(int failed) const {
  std::vector<bool> online(resources_.size(), true);
  online.at(static_cast<std::size_t>(failed)) = false;
  std::vector<int> fallen = {failed};
  for (bool changed = true; changed;) {
    changed = false;
    for (int resource = 0; resource < static_cast<int>(resources_.size()); ++resource) {
      if (!online[static_cast<std::size_t>(resource)] || satisfied(resource, online)) continue;
      online[static_cast<std::size_t>(resource)] = false;
      fallen.push_back(resource);
      changed = true;
    }
  }
  std::sort(fallen.begin(), fallen.end());
  return fallen;
}

std::string ResourceGraph::dot() const {
  std::string text = "digraph resources {\n  rankdir=BT;\n";
  // Nodes by number: two resources of one name stay two.
  for (std::size_t i = 0; i < resources_.size(); ++i) {
    text += "  r" + std::to_string(i) + " [label=" + dot_string(resources_[i].name) + "];\n";
  }
  for (std::size_t i = 0; i < resources_.size(); ++i) {
    for (const auto& clause : resources_[i].needs.all_of_any) {
      for (int provider : clause) {
        text += "  r" + std::to_string(i) + " -> r" + std::to_string(provider);
        text += clause.size() > 1 ? " [style=dashed];\n" : ";\n";
      }
    }
  }
  return text + "}\n";
}

}  // namespace rehearse::model
