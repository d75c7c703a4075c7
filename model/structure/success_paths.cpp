#include "model/structure/success_paths.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/biconnected_components.hpp>
#include <boost/graph/dominator_tree.hpp>
#include <cstddef>
#include <map>
#include <set>
#include <stdexcept>

namespace rehearse::model::structure {
namespace {

using Vertex = std::size_t;
constexpr Vertex source = 0, sink = 1;
constexpr int no_component = -1;

/// The network while it is laid out: edges lead along the paths, and vertices without a component are joints.
class Network {
 public:
  Network(const RequirementGraph& graph, int requirement, int component_count) : graph_(graph) {
    const std::vector<std::uint64_t> works(static_cast<std::size_t>(component_count), ~std::uint64_t{0});
    met_ = graph.met(works);
    add_vertex(no_component);
    add_vertex(no_component);
    possible_ = met_.at(static_cast<std::size_t>(requirement)) != 0;
    if (possible_) lay_out(requirement, source, sink);
  }

  bool possible() const { return possible_; }
  const std::vector<int>& components() const { return component_of_; }
  const std::vector<std::pair<Vertex, Vertex>>& edges() const { return edges_; }
  const std::vector<std::string>& stones() const { return stones_; }

 private:
  Vertex add_vertex(int component) {
    component_of_.push_back(component);
    return component_of_.size() - 1;
  }

  void add_stone(int component, Vertex from, Vertex to) {
    const Vertex stone = add_vertex(component);
    edges_.emplace_back(from, stone);
    edges_.emplace_back(stone, to);
  }

  /// k of n, and whatever rests on something that does not hold.
  bool is_stone(const Requirement& requirement) const {
    const int parts = static_cast<int>(requirement.parts.size());
    return requirement.none || (requirement.needed > 1 && requirement.needed < parts) ||
           std::any_of(requirement.parts.begin(), requirement.parts.end(),
                       [&](int part) { return graph_.at(part).none; });
  }

  void lay_out(int number, Vertex from, Vertex to) {
    const Requirement& requirement = graph_.at(number);
    const int parts = static_cast<int>(requirement.parts.size());
    if (requirement.component >= 0) {
      add_stone(requirement.component, from, to);
    } else if (is_stone(requirement)) {
      stones_.push_back(requirement.name);
      add_stone(no_component, from, to);
    } else if (requirement.needed == 0) {
      edges_.emplace_back(from, to);
    } else if (requirement.needed == parts) {
      for (int i = 0; i < parts; ++i) {
        const Vertex next = i + 1 == parts ? to : add_vertex(no_component);
        lay_out(requirement.parts[static_cast<std::size_t>(i)], from, next);
        from = next;
      }
    } else {
      for (const int part : requirement.parts) {
        if (met_[static_cast<std::size_t>(part)] != 0) lay_out(part, from, to);
      }
    }
  }

  const RequirementGraph& graph_;
  std::vector<std::uint64_t> met_;
  bool possible_ = false;
  std::vector<int> component_of_;
  std::vector<std::pair<Vertex, Vertex>> edges_;
  std::vector<std::string> stones_;
};

using Directed = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;
using Undirected = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;

template <class Graph>
Graph as_graph(const Network& network) {
  Graph graph(network.components().size());
  for (const auto& [from, to] : network.edges()) boost::add_edge(from, to, graph);
  return graph;
}

std::vector<int> components_at(const Network& network, const std::vector<Vertex>& vertices) {
  std::set<int> found;
  for (const Vertex vertex : vertices) {
    if (network.components()[vertex] != no_component) found.insert(network.components()[vertex]);
  }
  return {found.begin(), found.end()};
}

std::vector<Vertex> dominators_of_sink(const Network& network) {
  const Directed graph = as_graph<Directed>(network);
  const Vertex nobody = boost::graph_traits<Directed>::null_vertex();
  std::vector<Vertex> parents(boost::num_vertices(graph), nobody);
  boost::lengauer_tarjan_dominator_tree(
      graph, source, boost::make_iterator_property_map(parents.begin(), boost::get(boost::vertex_index, graph)));
  std::vector<Vertex> found;
  for (Vertex at = parents[sink]; at != nobody && at != source; at = parents[at]) found.push_back(at);
  return found;
}

/// Every vertex of the network lies on a path from the source to the sink, so that whatever cuts it in two cuts these
/// apart.
std::vector<Vertex> articulations(const Network& network) {
  const Undirected graph = as_graph<Undirected>(network);
  std::vector<Vertex> found;
  boost::articulation_points(graph, std::back_inserter(found));
  return found;
}

/// A path that goes through no place of the component.
bool path_without(const Network& network, const std::vector<std::vector<Vertex>>& next, int component) {
  std::vector<bool> reached(network.components().size(), false);
  std::vector<Vertex> open = {source};
  while (!open.empty()) {
    const Vertex at = open.back();
    open.pop_back();
    if (reached[at] || network.components()[at] == component) continue;
    reached[at] = true;
    open.insert(open.end(), next[at].begin(), next[at].end());
  }
  return reached[sink];
}

std::vector<int> needed_everywhere(const Network& network) {
  std::vector<std::vector<Vertex>> next(network.components().size());
  for (const auto& [from, to] : network.edges()) next[from].push_back(to);
  std::set<int> components(network.components().begin(), network.components().end());
  components.erase(no_component);
  std::erase_if(components, [&](int component) { return path_without(network, next, component); });
  return {components.begin(), components.end()};
}

}  // namespace

SuccessPaths success_paths(const RequirementGraph& graph, int requirement, int component_count) {
  const Network network(graph, requirement, component_count);
  SuccessPaths paths;
  paths.never_met = !network.possible();
  if (paths.never_met) return paths;
  paths.in_every_branch = needed_everywhere(network);
  paths.dominators = components_at(network, dominators_of_sink(network));
  paths.articulation_points = components_at(network, articulations(network));
  paths.stones = network.stones();
  return paths;
}

std::string_view to_text(Missed reason) {
  switch (reason) {
    case Missed::in_several_branches: return "it stands in several branches, each of which needs it";
    case Missed::in_a_stone: return "it counts in a vote or in who wins one, which is no path";
  }
  throw std::logic_error("missed for no reason");
}

std::vector<MissedPoint> missed_points(const SuccessPaths& paths, const std::vector<int>& exact) {
  std::vector<MissedPoint> missed;
  for (const int component : exact) {
    if (std::binary_search(paths.dominators.begin(), paths.dominators.end(), component)) continue;
    const auto& branches = paths.in_every_branch;
    const bool in_branches = std::binary_search(branches.begin(), branches.end(), component);
    missed.push_back({component, in_branches ? Missed::in_several_branches : Missed::in_a_stone});
  }
  return missed;
}

}  // namespace rehearse::model::structure
